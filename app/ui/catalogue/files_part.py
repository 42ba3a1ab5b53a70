"""What there is to do with model files on this computer besides using them."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.download import DownloadSpec
from app.core.errors import Failure
from app.core.events import Library
from app.core.hub_events import (
    FolderRequest,
    HandlingFailed,
    ModelDeleted,
    ModelKept,
    ModelRequest,
    Places,
    ScanFinished,
    ScanProgress,
    ScanRequest,
    UpdateAnswer,
    UpdateRequest,
)
from app.core.model import ModelFile
from app.ui.catalogue.file_menu import FileMenuButton
from app.ui.catalogue.origin_menu import FileFacts, named
from app.ui.catalogue.scan_strip import ScanStrip
from app.ui.message import Action, ActionRequest
from app.ui.messages import action_words, message_for
from app.ui.quantities import bytes_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.foreign_text import foreign_text
from app.worker.signal_types import signal, signal_of

DOWNLOAD_KEY = "download"


class FilesPart(QWidget):
    """Stands above the cards: looking for models of other programs, and what came of requests.

    Signals:
        scan_requested, scan_cancel_requested: look for models; stop looking.
        folder_forget_requested: look in this folder no more.
        delete_requested, keep_requested: the user has said yes to it.
        update_requested: ask whether there is a newer version of a file.
        download_requested: download the newer version.
        action_requested: the button of a message was pressed.
        note_requested: say this at the bottom of the window for a while.

    Attributes:
        facts: whose each file is; cards get them for their menus.
    """

    scan_requested = signal_of(ScanRequest)
    scan_cancel_requested = signal()
    folder_forget_requested = signal_of(FolderRequest)
    delete_requested = signal_of(ModelRequest)
    keep_requested = signal_of(ModelRequest)
    update_requested = signal_of(UpdateRequest)
    download_requested = signal_of(DownloadSpec)
    action_requested = signal_of(ActionRequest)
    note_requested = signal_of(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.facts = FileFacts(self)
        self._files: dict[Path, ModelFile] = {}
        self._offered: DownloadSpec | None = None
        self._asked = ActionRequest(Action.TRY_AGAIN)
        self._banner = Banner(theme)
        self._banner.chosen.connect(self._on_chosen)
        self._strip = ScanStrip(theme)
        self._strip.scan_requested.connect(self.scan_requested.emit)
        self._strip.scan_cancel_requested.connect(self.scan_cancel_requested.emit)
        self._strip.folder_forget_requested.connect(self.folder_forget_requested.emit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._banner)
        layout.addWidget(self._strip)

    def serve(self, menu: FileMenuButton) -> None:
        """Pass on what is chosen in the menu of a card."""
        menu.delete_requested.connect(self.delete_requested.emit)
        menu.keep_requested.connect(self.keep_requested.emit)
        menu.update_requested.connect(self.update_requested.emit)

    @Slot(object)
    def show_library(self, library: Library) -> None:
        """Know which files there are, and whose they are."""
        self._files = {one.path: one for one in (*library.models, *library.missing)}
        self.facts.show_origins(library.origins)

    @Slot(object)
    def show_places(self, places: Places) -> None:
        """Know what deleting each file would free."""
        self.facts.show_freed(places.by_path)

    @Slot(object)
    def show_scan_progress(self, progress: ScanProgress) -> None:
        """Show where models are looked for now."""
        self._strip.show_progress(progress)

    @Slot(object)
    def show_scan_finished(self, finished: ScanFinished) -> None:
        """Show what was found."""
        self._strip.show_finished(finished)

    @Slot(object)
    def show_deleted(self, deleted: ModelDeleted) -> None:
        """Say that a file is gone, and what that has brought."""
        size = bytes_text(deleted.freed_bytes)
        if deleted.freed_bytes:
            self.note_requested.emit(self.tr("Deleted; {size} are free again").format(size=size))
        else:
            self.note_requested.emit(self.tr("Deleted; a copy elsewhere still takes its room"))

    @Slot(object)
    def show_kept(self, kept: ModelKept) -> None:
        """Say that a file stays, whatever happens elsewhere."""
        text = self.tr("{name} stays now, whatever other programs do")
        self.note_requested.emit(text.format(name=self._name(kept.path)))

    @Slot(object)
    def show_handling_failed(self, failed: HandlingFailed) -> None:
        """Say why something could not be done with a file."""
        self._say_failure(failed.path, failed.failure)

    @Slot(object)
    def show_update_answer(self, answer: UpdateAnswer) -> None:
        """Say whether there is a newer version, and offer it."""
        if answer.failure is not None:
            self._say_failure(answer.path, answer.failure)
            return
        name = self._name(answer.path)
        if answer.spec is None:
            text = self.tr("{name} is the newest version")
            self.note_requested.emit(text.format(name=name))
            return
        self._offered = answer.spec
        text = self.tr("The old one stays until the new one has proved itself.")
        if answer.spec.size_bytes:
            size = self.tr("It has {size}.").format(size=bytes_text(answer.spec.size_bytes))
            text = f"{size} {text}"
        self._banner.say(
            Tone.NEUTRAL,
            self.tr("There is a newer version of {name}").format(name=name),
            text,
            ((DOWNLOAD_KEY, self.tr("Download it")),),
        )

    def _say_failure(self, path: Path, failure: Failure) -> None:
        """Say it with its button; trying again is done where it was tried before."""
        message = message_for(failure)
        action = message.action
        repo_id = failure.facts.repo_id
        buttons: tuple[tuple[str, str], ...] = ()
        if action is not None and action is not Action.TRY_AGAIN:
            self._asked = ActionRequest(action, repo_id, failure.facts.path or str(path))
            buttons = ((action.value, action_words(action)),)
        text = f"{message.what_happened} {message.what_to_do}"
        title = self.tr("{name}: {title}").format(name=self._name(path), title=message.title)
        self._banner.say(Tone.WARN, title, text, buttons)

    def _name(self, path: Path) -> str:
        file = self._files.get(path)
        return named(file) if file is not None else foreign_text(path.name)

    @Slot(object)
    def _on_chosen(self, key: str) -> None:
        """Download what was offered, or let the window do what the message offers."""
        if key != DOWNLOAD_KEY:
            self.action_requested.emit(self._asked)
        elif self._offered is not None:
            self.download_requested.emit(self._offered)
            self._offered = None
