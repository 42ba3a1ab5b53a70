"""Everything about one file of a collection, in whole sentences."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.core.documents.collections import FileHealth, FileState
from app.core.documents.evidence import DocumentPlace
from app.core.errors import ErrorCode
from app.ui.documents import file_words as words
from app.ui.message import Action
from app.ui.messages import action_words, message_for
from app.ui.quantities import bytes_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Badge
from app.ui.widgets.foreign_text import breakable_text, foreign_text
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import FlowingLabel
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of

LONGEST_PATH_CHARS = 400
RETRIED = frozenset({FileState.SKIPPED})


class FileDetail(QFrame):
    """Name, state, place, what is the matter, and what can be done; hidden without a file.

    Signals:
        place_requested: open it in the viewer.
        retry_requested: read it again.
        show_in_folder_requested: show where it lies.
        model_requested: choose another search model.
    """

    place_requested = signal_of(DocumentPlace)
    retry_requested = signal()
    show_in_folder_requested = signal()
    model_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._file: FileHealth | None = None
        self.setProperty("surface", "card")
        self._name = FlowingLabel("", "strong")
        self._badge = Badge()
        self._text = FlowingLabel()
        self._path = FlowingLabel("", "faint")
        self._path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._help = FlowingLabel()
        self._help.hide()
        self._open = TextButton(theme, self.tr("Open"), "file-text")
        self._open.clicked.connect(self.open)
        self._retry = TextButton(theme, self.tr("Try again"), "refresh-cw")
        self._retry.clicked.connect(self.retry_requested)
        self._ocr = TextButton(theme, action_words(Action.OCR_HELP), "circle-help")
        self._ocr.clicked.connect(self._on_help)
        self._model = TextButton(theme, action_words(Action.CHOOSE_EMBEDDING_MODEL))
        self._model.clicked.connect(self.model_requested)
        self._folder = TextButton(theme, self.tr("Show in folder"), "folder-open")
        self._folder.clicked.connect(self.show_in_folder_requested)
        titles, buttons = WrappingRow(theme, gap_px=8), WrappingRow(theme, gap_px=8)
        titles.add(self._name)
        titles.add(self._badge)
        for button in (self._open, self._retry, self._ocr, self._model, self._folder):
            buttons.add(button)
        self._column = QVBoxLayout(self)
        for part in (titles, self._text, self._help, self._path, buttons):
            self._column.addWidget(part)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def show_file(self, file: FileHealth | None) -> None:
        """Show another file, or how this one is now; None hides all."""
        is_other = file is None or self._file is None or file.file_id != self._file.file_id
        if is_other:
            self._help.hide()
        if file == self._file:
            return
        self._file = file
        if file is not None:
            self._fill(file)
        self.setVisible(file is not None)

    def _fill(self, file: FileHealth) -> None:
        name = foreign_text(file.path.name)
        self._name.setText(breakable_text(name))
        self._badge.say(_short_state(file), words.state_tone(file))
        self._text.setText(breakable_text(words.explanation(file)))
        place = foreign_text(str(file.path.parent), LONGEST_PATH_CHARS)
        size = bytes_text(file.size_bytes)
        text = self.tr("{size}, in {folder}").format(size=size, folder=breakable_text(place))
        self._path.setText(text)
        action = message_for(file.failure).action if file.failure is not None else None
        self._open.setVisible(bool(file.sha256))
        self._retry.setVisible(file.state in RETRIED)
        is_scan = file.failure is not None and file.failure.code is ErrorCode.OCR_MISSING
        self._ocr.setVisible(is_scan)
        self._model.setVisible(action is Action.CHOOSE_EMBEDDING_MODEL)
        self.setAccessibleName(f"{name}. {words.explanation(file)}")

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        px = self._theme.px
        self._column.setContentsMargins(px(16), px(12), px(16), px(14))
        self._column.setSpacing(px(6))

    @Slot()
    def open(self) -> None:
        """Show its first page, if it was read."""
        file = self._file
        if file is not None and file.sha256:
            place = DocumentPlace(file.file_id, file.path, file.sha256, file.unit, ())
            self.place_requested.emit(place)

    @Slot()
    def _on_help(self) -> None:
        """Say how to get Tesseract."""
        self._help.setText(words.tesseract_text())
        self._help.setVisible(self._help.isHidden())


def _short_state(file: FileHealth) -> str:
    """Give the state without the reason, which is told below."""
    if file.failure is not None:
        return message_for(file.failure).title
    return words.state_text(file)
