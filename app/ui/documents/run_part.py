"""One question to every file: how far it is, its table, and what can be done with it."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QProgressBar, QVBoxLayout, QWidget

from app.core.document_events import CsvRequest, CsvWritten, PathRequest
from app.core.documents.collections import CollectionSummary
from app.core.documents.evidence import AnswerMode, FileAnswers
from app.core.errors import Failure
from app.ui.document_words import SEPARATOR
from app.ui.documents.answer_detail import AnswerDetail
from app.ui.documents.answers_model import AnswerColumn, AnswersModel
from app.ui.documents.documents_table import DocumentsTable
from app.ui.documents.model_notice import ModelNotice
from app.ui.documents.place_delegate import PlaceDelegate
from app.ui.documents.requests import DocumentRequests
from app.ui.documents.run_words import engine_text, left_out_text, progress_text
from app.ui.engine_picture import EnginePicture
from app.ui.messages import message_for
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.foreign_text import breakable_text, foreign_text
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.labels import FlowingLabel
from app.ui.widgets.steady_line import SteadyLine
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal

WIDTHS_PX = (-3, -5, 100, 116)
DISPENSABLE = (AnswerColumn.CHECKED,)
"""The card below says it too."""
LONGEST_CHARS = 200
FILE_NAME_CHARS = 60


class RunPart(QWidget):
    """Question, bar, line of words, table, and a card about the chosen row; hidden without a run.

    Signals:
        cancel_requested: stop.
        resume_requested: go on.

    Attributes:
        model_notice: says that there is no model while one is waited for.
    """

    cancel_requested = signal()
    resume_requested = signal()

    def __init__(self, theme: Theme, requests: DocumentRequests) -> None:
        super().__init__()
        self._theme = theme
        self._requests = requests
        self._answers: FileAnswers | None = None
        self._chosen_id: int | None = None
        self._written: Path | None = None
        self._engine = EnginePicture()
        self._is_running = False
        self._model = AnswersModel(theme)
        self._question = FlowingLabel("", "heading")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("How many files were asked"))
        self._line = SteadyLine("dim")
        self._left_out_line = FlowingLabel("", "faint")
        self.model_notice = ModelNotice(theme)
        self.model_notice.load_requested.connect(requests.load_requested.emit)
        self.model_notice.models_requested.connect(requests.models_requested.emit)
        self.model_notice.engine_requested.connect(requests.engine_requested.emit)
        self._note = IconLine(theme, "")
        self._cancel = TextButton(theme, self.tr("Cancel"))
        self._cancel.clicked.connect(self.cancel_requested)
        self._resume = TextButton(theme, self.tr("Go on"), "play")
        self._resume.clicked.connect(self.resume_requested)
        self._export = TextButton(theme, self.tr("Export as CSV…"), "download")
        self._export.clicked.connect(self._on_export)
        self._folder = TextButton(theme, self.tr("Show in folder"), "folder-open")
        self._folder.clicked.connect(self._on_folder)
        self._delegate = PlaceDelegate(theme)
        self.table = DocumentsTable(theme, self.tr("Answers"), self._model, WIDTHS_PX, DISPENSABLE)
        self.table.setItemDelegateForColumn(AnswerColumn.WHERE, self._delegate)
        self.table.row_chosen.connect(self._on_row)
        self.table.row_opened.connect(self._on_opened)
        self.table.clicked.connect(self._on_clicked)
        self._model.modelReset.connect(self._on_reset)
        self._detail = AnswerDetail(theme)
        self._detail.place_requested.connect(requests.place_requested.emit)
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def _lay_out(self) -> None:
        buttons = WrappingRow(self._theme, gap_px=8)
        for button in (self._cancel, self._resume, self._export, self._folder):
            buttons.add(button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for part in (
            self._question,
            self._bar,
            self._line,
            self._left_out_line,
            self.model_notice,
            buttons,
            self._note,
        ):
            self._column.addWidget(part)
        self._column.addWidget(self.table, 1)
        self._column.addWidget(self._detail)

    @property
    def run_id(self) -> str:
        """The run that is shown; empty for none."""
        return self._answers.run_id if self._answers is not None else ""

    def show_run(
        self, answers: FileAnswers | None, *, is_running: bool, failure: Failure | None
    ) -> None:
        """Show a run as it is now; None hides all."""
        if answers is None or answers.run_id != self.run_id:
            self._chosen_id, self._written = None, None
            self._note.say(Tone.PLAIN, "")
        self._answers, self._is_running = answers, is_running
        self.setVisible(answers is not None)
        self._say_progress()
        if answers is None:
            self._model.set_rows(())
            return
        self._question.setText(breakable_text(foreign_text(answers.question, LONGEST_CHARS)))
        self._bar.setRange(0, max(1, answers.n_files))
        self._bar.setValue(len(answers.rows))
        self._bar.setVisible(is_running)
        place = self.table.verticalScrollBar().value()
        self._model.set_rows(answers.rows)
        self.table.verticalScrollBar().setValue(place)
        self._cancel.setVisible(is_running)
        is_whole = len(answers.rows) >= answers.n_files
        self._resume.setVisible(not is_running and not is_whole)
        self._export.setEnabled(bool(answers.rows))
        self._folder.setVisible(self._written is not None)
        if failure is not None:
            message = message_for(failure)
            text = f"{message.title}. {message.what_happened} {message.what_to_do}"
            self._note.say(Tone.BAD, breakable_text(text))
        self._show_detail()

    def show_collection(self, summary: CollectionSummary) -> None:
        """Say which files cannot be asked."""
        self._left_out_line.setText(left_out_text(summary))
        self._left_out_line.setVisible(bool(self._left_out_line.text()))

    def show_engine(self, engine: EnginePicture) -> None:
        """Follow what the engine is doing, which decides whether a model can answer."""
        self._engine = engine
        self.model_notice.show_engine(engine)
        self._say_progress()

    def _say_progress(self) -> None:
        """Say how far it is, and what it waits for."""
        answers = self._answers
        is_waiting = self._is_running and answers is not None and answers.mode is AnswerMode.MODEL
        self.model_notice.set_waiting(is_waiting=is_waiting)
        if answers is None:
            return
        waits_for = engine_text(self._engine) if is_waiting else ""
        parts = progress_text(answers, is_running=self._is_running), waits_for
        self._line.say(SEPARATOR.join(part for part in parts if part))

    def show_written(self, written: CsvWritten) -> None:
        """Say that the table is on disk, or why it is not."""
        name = breakable_text(foreign_text(written.path.name))
        if written.failure is None:
            self._written = written.path
            self._note.say(Tone.GOOD, self.tr("Saved as {name}.").format(name=name))
        else:
            message = message_for(written.failure)
            self._note.say(Tone.BAD, breakable_text(f"{message.title}. {message.what_happened}"))
        self._folder.setVisible(self._written is not None)

    # --- rows ---

    def _show_detail(self) -> None:
        row = self._model.row_at(self._model.place_of(self._chosen_id))
        self._detail.show_answer(row, self._model.checked_text(row) if row is not None else "")

    @Slot()
    def _on_row(self) -> None:
        """Show the chosen answer in full."""
        row = self._model.row_at(self.table.currentIndex().row())
        self._chosen_id = row.file_id if row is not None else self._chosen_id
        self._show_detail()

    @Slot()
    def _on_reset(self) -> None:
        """Go on with the same file where rows have moved."""
        row = self._model.place_of(self._chosen_id)
        if row >= 0:
            self.table.selectRow(row)

    @Slot()
    def _on_opened(self) -> None:
        """Open the place of the row."""
        row = self._model.row_at(self.table.currentIndex().row())
        if row is not None and row.source is not None:
            self._requests.place_requested.emit(row.source.place)

    @Slot()
    def _on_clicked(self) -> None:
        """Open the place whose chip was clicked."""
        if self.table.currentIndex().column() == AnswerColumn.WHERE:
            self._on_opened()

    # --- buttons ---

    @Slot()
    def _on_export(self) -> None:
        """Let the user choose a file."""
        if self._answers is None:
            return
        letters = (one if one.isalnum() else " " for one in self._answers.question)
        name = " ".join("".join(letters).split())[:FILE_NAME_CHARS] or "answers"
        title, kinds = self.tr("Export the table"), self.tr("Tables (*.csv)")
        start = str(Path.home() / f"{name}.csv")
        path, _ = QFileDialog.getSaveFileName(self.window(), title, start, kinds)
        if path:
            target = Path(path) if Path(path).suffix else Path(f"{path}.csv")
            self._requests.csv_requested.emit(CsvRequest(self._answers.run_id, target))

    @Slot()
    def _on_folder(self) -> None:
        """Show where the table was written."""
        if self._written is not None:
            self._requests.show_in_folder_requested.emit(PathRequest(self._written))

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        self._column.setSpacing(self._theme.px(8))
