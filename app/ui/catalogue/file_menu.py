"""What else can be done with the files of a model."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from app.core.events import LoadRequest
from app.core.model import ModelFile
from app.ui.quantities import bytes_text
from app.ui.theme import Theme
from app.ui.widgets.icon_button import IconButton
from app.worker.signal_types import signal_of


class FileMenuButton(IconButton):
    """Three dots with a menu; hidden where there is nothing to be done.

    Signals:
        remove_requested: take a file off the list.
        show_in_folder_requested: show where it lies.
    """

    remove_requested = signal_of(LoadRequest)
    show_in_folder_requested = signal_of(LoadRequest)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "ellipsis", "")
        self.rename(self.tr("More"))
        self._files: tuple[ModelFile, ...] = ()
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.setMenu(self._menu)
        self.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self.hide()

    def show_files(self, files: tuple[ModelFile, ...]) -> None:
        """Offer the menu for these files."""
        if files == self._files:
            return
        self._files = files
        self.setVisible(bool(files))
        self._menu.clear()
        showing = self.tr("Show in folder")
        removing = self.tr("Remove from this list")
        if len(files) == 1:
            self._add(self._menu, showing, files[0], is_removal=False)
            self._add(self._menu, removing, files[0], is_removal=True)
            return
        for title, is_removal in ((showing, False), (removing, True)):
            menu = self._menu.addMenu(title)
            menu.setToolTipsVisible(True)
            for file in files:
                words = f"{file.quantization} \u00b7 {bytes_text(file.size_bytes)}"
                self._add(menu, words, file, is_removal=is_removal)

    def _add(self, menu: QMenu, words: str, file: ModelFile, *, is_removal: bool) -> None:
        action = menu.addAction(words)
        action.setData(file.path)
        if is_removal:
            action.setToolTip(self.tr("The file stays where it is."))
            action.triggered.connect(self._on_remove)
        else:
            action.setToolTip(str(file.path))
            action.triggered.connect(self._on_show_in_folder)

    @Slot()
    def _on_remove(self) -> None:
        """Remove was chosen."""
        action = self.sender()
        if isinstance(action, QAction):
            self.remove_requested.emit(LoadRequest(action.data()))

    @Slot()
    def _on_show_in_folder(self) -> None:
        """Show in folder was chosen."""
        action = self.sender()
        if isinstance(action, QAction):
            self.show_in_folder_requested.emit(LoadRequest(action.data()))
