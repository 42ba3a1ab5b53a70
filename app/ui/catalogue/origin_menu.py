"""What can be done with one model file, by whose it is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from app.core.events import LoadRequest
from app.core.hub_events import ModelRequest, UpdateRequest
from app.core.model import ModelFile
from app.core.origin import Origin, Program
from app.ui.catalogue.origin_words import keep_words, origin_sentence
from app.ui.quantities import bytes_text, count_text
from app.ui.theme import Theme
from app.ui.widgets.confirm_dialog import ConfirmDialog
from app.ui.widgets.foreign_text import breakable_text, foreign_text
from app.worker.signal_types import signal, signal_of

LONGEST_PATH_CHARS = 90


class FileFacts(QObject):
    """Whose each model file is, and what deleting it would free.

    Signals:
        changed: something else is known now.
    """

    changed = signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._origins: Mapping[Path, Origin] = {}
        self._freed: Mapping[Path, int] = {}

    def show_origins(self, origins: Mapping[Path, Origin]) -> None:
        """Know other files."""
        if origins != self._origins:
            self._origins = origins
            self.changed.emit()

    def show_freed(self, by_path: Mapping[Path, int]) -> None:
        """Know how much room deleting each file would free, in bytes."""
        if by_path != self._freed:
            self._freed = by_path
            self.changed.emit()

    def origin_of(self, path: Path) -> Origin | None:
        """Say whose a file is; None if that is not known."""
        return self._origins.get(path)

    def is_deletable(self, path: Path) -> bool:
        """Whether a file is in a folder of our own: downloaded, or kept there."""
        origin = self._origins.get(path)
        is_own = origin is not None and origin.program is Program.QUILLHOUSE
        return is_own or path in self._freed

    def kept_at(self, path: Path) -> Path | None:
        """Say where the second name of another program's file is; None if it has none."""
        origin = self._origins.get(path)
        if origin is None or self.is_deletable(path):
            return None
        copies = (Path(one) for one in (*origin.also_at, *origin.also_probably_at))
        return next((one for one in copies if one in self._freed), None)

    def freed_bytes(self, path: Path) -> int:
        """Say what deleting a file would free; 0 if that is not known."""
        return self._freed.get(path, 0)


class OriginMenu(QObject):
    """Fills menus, and asks before what cannot be undone.

    Args:
        theme: colours and scale.
        facts: whose each file is.
        owner: the widget whose menus they are.

    Signals:
        show_in_folder_requested: show where a file lies.
        remove_requested: take a file off the list; it stays where it is.
        delete_requested: delete a file of our own; the user has said yes.
        keep_requested: give a file a second name; the user has said yes.
        update_requested: ask whether there is a newer version.
    """

    show_in_folder_requested = signal_of(LoadRequest)
    remove_requested = signal_of(LoadRequest)
    delete_requested = signal_of(ModelRequest)
    keep_requested = signal_of(ModelRequest)
    update_requested = signal_of(UpdateRequest)

    def __init__(self, theme: Theme, facts: FileFacts, owner: QWidget) -> None:
        super().__init__(owner)
        self._theme = theme
        self._facts = facts
        self._owner = owner
        self._asked = ModelRequest(Path())
        self._question: ConfirmDialog

    def fill(self, menu: QMenu, file: ModelFile, *, is_missing: bool) -> None:
        """Put into a menu what can be done with a file.

        Args:
            menu: it is added to.
            file: what it is about.
            is_missing: it is gone, so that it can only be taken off the list.
        """
        menu.setToolTipsVisible(True)
        origin = self._facts.origin_of(file.path)
        if origin is not None:
            menu.addAction(origin_sentence(origin)).setEnabled(False)
            menu.addSeparator()
        request = LoadRequest(file.path)
        showing = _add(menu, self.tr("Show in folder"), request, str(file.path))
        showing.triggered.connect(self._on_show)
        if origin is not None and not is_missing:
            self._add_uses(menu, file, origin)
        stays = self.tr("The file stays where it is.")
        removing = _add(menu, self.tr("Take off the list"), request, stays)
        removing.triggered.connect(self._on_remove)
        if is_missing:
            return
        if self._facts.is_deletable(file.path):
            _add(menu, self._delete_words(file), file).triggered.connect(self._on_delete)
        elif self._facts.kept_at(file.path) is not None:
            words = self.tr("Keep it no longer…")
            _add(menu, words, file).triggered.connect(self._on_keep_no_longer)

    def _add_uses(self, menu: QMenu, file: ModelFile, origin: Origin) -> None:
        if origin.also_at:
            title = self.tr("Copies elsewhere: {n}").format(n=count_text(len(origin.also_at)))
            copies = menu.addMenu(title)
            copies.setToolTipsVisible(True)
            for path in origin.also_at:
                words = foreign_text(path, LONGEST_PATH_CHARS)
                copy = _add(copies, words, LoadRequest(Path(path)), path)
                copy.triggered.connect(self._on_show)
        if origin.repo_id:
            asked = UpdateRequest(file.path, origin.repo_id, origin.commit, origin.sha256)
            words = self.tr("Look for a newer version")
            updating = _add(
                menu, words, asked, self.tr("Asks the internet now, about this file only.")
            )
            updating.triggered.connect(self._on_update)
        if origin.program is not Program.QUILLHOUSE and not origin.is_kept:
            _add(menu, keep_words(origin), file).triggered.connect(self._on_keep)

    def _delete_words(self, file: ModelFile) -> str:
        freed = self._facts.freed_bytes(file.path)
        if not freed:
            return self.tr("Delete…")
        return self.tr("Delete… frees {size}").format(size=bytes_text(freed))

    def _payload(self) -> Any:  # noqa: ANN401 - whatever the chosen entry of the menu carries
        action = self.sender()
        return action.data() if isinstance(action, QAction) else None

    @Slot()
    def _on_show(self) -> None:
        """Show where the file lies."""
        self.show_in_folder_requested.emit(self._payload())

    @Slot()
    def _on_remove(self) -> None:
        """Take it off the list."""
        self.remove_requested.emit(self._payload())

    @Slot()
    def _on_update(self) -> None:
        """Ask whether there is a newer version."""
        self.update_requested.emit(self._payload())

    @Slot()
    def _on_delete(self) -> None:
        """Ask first: it cannot come back but by another download."""
        file: ModelFile = self._payload()
        freed, origin = self._facts.freed_bytes(file.path), self._facts.origin_of(file.path)
        text = self.tr("The file is deleted from this computer.")
        if freed:
            more = self.tr("{size} of the disk are free again.").format(size=bytes_text(freed))
        else:
            more = self.tr("A copy elsewhere stays, so no room becomes free.")
        title = self.tr("Delete {name}?").format(name=breakable_text(named(file)))
        comfort = self.tr("This cannot be undone.")
        if origin is not None and origin.repo_id:
            comfort = self.tr("You can download it again at any time.")
        text = f"{text} {more} {comfort}"
        self._ask(file.path, title, text, self.tr("Delete"), self.tr("Do not delete"))
        self._question.accepted.connect(self._on_delete_confirmed)

    @Slot()
    def _on_keep_no_longer(self) -> None:
        """Explain first: afterwards another program may delete the only one."""
        file: ModelFile = self._payload()
        path = self._facts.kept_at(file.path)
        if path is None:
            return
        text = self.tr(
            "The second name in Quillhouse's folder for models is taken away. The file stays where"
            " it is and can be used until it is deleted there. No room becomes free."
        )
        title = self.tr("Keep {name} no longer?").format(name=breakable_text(named(file)))
        self._ask(path, title, text, self.tr("Keep it no longer"), self.tr("Keep it"))
        self._question.accepted.connect(self._on_delete_confirmed)

    @Slot()
    def _on_keep(self) -> None:
        """Explain first: it costs room later, and nobody would know why."""
        file: ModelFile = self._payload()
        text = self.tr(
            "The file gets a second name in Quillhouse's folder for models. That takes no more"
            " room now. When it is deleted elsewhere, it stays here, and so does the room that it"
            " takes, until you delete it here as well."
        )
        title = self.tr("Keep {name}?").format(name=breakable_text(named(file)))
        self._ask(file.path, title, text, self.tr("Keep it"), self.tr("Leave it as it is"))
        self._question.accepted.connect(self._on_keep_confirmed)

    def _ask(self, path: Path, title: str, text: str, yes: str, no: str) -> None:
        self._asked = ModelRequest(path)
        window = self._owner.window()
        self._question = ConfirmDialog(self._theme, title, text, yes, no, window)
        self._question.finished.connect(self._question.deleteLater)
        self._question.open()

    @Slot()
    def _on_delete_confirmed(self) -> None:
        """The user has said yes."""
        self.delete_requested.emit(self._asked)

    @Slot()
    def _on_keep_confirmed(self) -> None:
        """The user has said yes."""
        self.keep_requested.emit(self._asked)


def _add(menu: QMenu, words: str, payload: object, tooltip: str = "") -> QAction:
    action = menu.addAction(words)
    action.setData(payload)
    if tooltip:
        action.setToolTip(tooltip)
    return action


def named(file: ModelFile) -> str:
    """Give a file's name with its version, fit to be shown."""
    parts = (foreign_text(file.display_name), foreign_text(file.quantization))
    return " ".join(part for part in parts if part)
