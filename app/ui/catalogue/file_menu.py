"""What else can be done with the files of a model."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu

from app.core.events import LoadRequest
from app.core.hub_events import ModelRequest, UpdateRequest
from app.core.model import ModelFile
from app.ui.catalogue.origin_menu import FileFacts, OriginMenu
from app.ui.catalogue.origin_words import origin_tag
from app.ui.quantities import bytes_text
from app.ui.theme import Theme
from app.ui.widgets.icon_button import IconButton
from app.worker.signal_types import signal_of

SEPARATOR = " \u00b7 "


class FileMenuButton(IconButton):
    """Three dots with a menu; hidden where there is nothing to be done.

    Args:
        theme: colours and scale.
        facts: whose each file is; nothing is known without.

    Signals:
        remove_requested: take a file off the list.
        show_in_folder_requested: show where it lies.
        delete_requested: delete a file of our own; the user has said yes.
        keep_requested: give a file a second name; the user has said yes.
        update_requested: ask whether there is a newer version.
    """

    remove_requested = signal_of(LoadRequest)
    show_in_folder_requested = signal_of(LoadRequest)
    delete_requested = signal_of(ModelRequest)
    keep_requested = signal_of(ModelRequest)
    update_requested = signal_of(UpdateRequest)

    def __init__(self, theme: Theme, facts: FileFacts | None = None) -> None:
        super().__init__(theme, "ellipsis", "")
        self.rename(self.tr("More"))
        self._files: tuple[ModelFile, ...] = ()
        self._missing: frozenset[Path] = frozenset()
        facts = self._facts = facts if facts is not None else FileFacts(self)
        self._origin = OriginMenu(theme, facts, self)
        self._origin.remove_requested.connect(self.remove_requested.emit)
        self._origin.show_in_folder_requested.connect(self.show_in_folder_requested.emit)
        self._origin.delete_requested.connect(self.delete_requested.emit)
        self._origin.keep_requested.connect(self.keep_requested.emit)
        self._origin.update_requested.connect(self.update_requested.emit)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self.hide()

    def show_files(
        self, files: tuple[ModelFile, ...], missing: frozenset[Path] = frozenset()
    ) -> None:
        """Offer the menu for these files; those whose path is in `missing` are gone."""
        self._files, self._missing = files, missing
        self.setVisible(bool(files))

    @Slot()
    def _fill(self) -> None:
        """Make the entries when they are wanted, by what is known then."""
        self._menu.clear()
        is_only = len(self._files) == 1
        for file in self._files:
            menu = self._menu
            if not is_only:
                parts = [file.quantization, bytes_text(file.size_bytes)]
                origin = self._facts.origin_of(file.path)
                if origin is not None:
                    # Two copies may differ in nothing but where they are.
                    parts.append(origin_tag(origin))
                words = SEPARATOR.join(part for part in parts if part)
                menu = self._menu.addMenu(words)
            self._origin.fill(menu, file, is_missing=file.path in self._missing)
