"""Putting one question to every file of a collection."""

import uuid

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.document_events import (
    CsvWritten,
    FileAnswersAdvanced,
    FileAnswersFailed,
    FileAnswersRequest,
    RunRequest,
)
from app.core.documents.collections import CollectionSummary
from app.core.documents.evidence import AnswerMode, FileAnswers
from app.core.events import Library
from app.ui.documents.choice_chips import ChoiceChips
from app.ui.documents.earlier_runs import EarlierRuns
from app.ui.documents.question_bar import QuestionBar
from app.ui.documents.requests import DocumentRequests
from app.ui.documents.run_part import RunPart
from app.ui.documents.runs import Runs
from app.ui.engine_picture import EnginePicture
from app.ui.theme import Theme
from app.ui.widgets.labels import label

RUN_ABOVE_PX = 8


class EveryFileView(QWidget):
    """A field, the question that is shown, and earlier ones."""

    def __init__(self, theme: Theme, requests: DocumentRequests) -> None:
        super().__init__()
        self._theme = theme
        self._requests = requests
        self._runs = Runs()
        self._collection_id = ""
        self._n_files = 0
        self._run_id = ""
        hint = label(
            self.tr(
                "Every file is asked the same, one after the other, and the answers are put into a"
                " table: for “Which contract ends when?”, say."
            ),
            "dim",
            wraps=True,
        )
        self.bar = QuestionBar(
            theme, self.tr("A question to every file"), self.tr("Ask all files")
        )
        self.bar.asked.connect(self._on_asked)
        self._mode = ChoiceChips(
            theme,
            self.tr("Who answers"),
            (
                (AnswerMode.MODEL, self.tr("With the model")),
                (AnswerMode.QUOTES, self.tr("Quotes only")),
            ),
        )
        self._run = RunPart(theme, requests)
        self._run.cancel_requested.connect(self._on_cancel)
        self._run.resume_requested.connect(self._on_resume)
        self._earlier = EarlierRuns(theme)
        self._earlier.chosen.connect(self._on_chosen)
        self._earlier.forgotten.connect(self._on_forgotten)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        for part in (hint, self.bar, self._mode):
            self._column.addWidget(part)
        self._column.addSpacing(RUN_ABOVE_PX)
        self._column.addWidget(self._run, 1)
        self._column.addWidget(self._earlier)
        self._column.addStretch(0)
        theme.changed.connect(self._restyle)
        self._restyle()

    def begin(self, collection_id: str) -> None:
        """Show the questions to another collection."""
        self._collection_id = collection_id
        running = (
            one.run_id for one in self._runs.of(collection_id) if self._runs.is_running(one.run_id)
        )
        self._run_id = next(running, "")
        self.bar.field.clear()
        self._show()

    def show_collection(self, summary: CollectionSummary) -> None:
        """Know how many files would be asked, and which not."""
        self._n_files = summary.n_searchable
        self._run.show_collection(summary)

    def show_engine(self, engine: EnginePicture) -> None:
        """Follow what the engine is doing."""
        self._run.show_engine(engine)

    def show_library(self, library: Library) -> None:
        """Know which models there are."""
        self._run.model_notice.show_library(library)

    # --- what is known ---

    def show_answers(self, advanced: FileAnswersAdvanced) -> None:
        """Show a row more, or the end of a run; one that goes on since the start comes first."""
        answers = advanced.answers
        self._runs.take(answers)
        if answers.collection_id != self._collection_id:
            return
        if not self._run_id and self._runs.is_running(answers.run_id):
            self._run_id = answers.run_id
        self._show()

    def show_failed(self, failed: FileAnswersFailed) -> None:
        """Say why a run has stopped."""
        if self._runs.is_known(failed.run_id):
            self._runs.fail(failed.run_id, failed.failure)
            self._show()

    def show_written(self, written: CsvWritten) -> None:
        """Say that a table is on disk, or why it is not."""
        self._run.show_written(written)

    def _show(self) -> None:
        answers = self._runs.answers(self._run_id)
        self._run.show_run(
            answers,
            is_running=self._runs.is_running(self._run_id),
            failure=self._runs.failure(self._run_id),
        )
        told = self._runs.of(self._collection_id)
        self._earlier.show_runs([one for one in told if one.run_id != self._run_id], self._runs)

    # --- buttons ---

    def _start(self, request: FileAnswersRequest) -> None:
        self._run_id = request.run_id
        self._runs.begin(request.run_id)
        if self._runs.answers(request.run_id) is None:
            # Shown at once; what has been done is told soon.
            empty = FileAnswers(
                request.run_id,
                request.collection_id,
                request.question,
                request.mode,
                self._n_files,
                is_running=True,
            )
            self._runs.take(empty)
        self._show()
        self._requests.run_requested.emit(request)

    @Slot(object)
    def _on_asked(self, question: str) -> None:
        """Ask every file."""
        mode = AnswerMode(self._mode.chosen)
        run_id = uuid.uuid4().hex
        self._start(FileAnswersRequest(run_id, self._collection_id, question, mode))
        self.bar.field.clear()

    @Slot()
    def _on_resume(self) -> None:
        """Let a run go on where it stopped."""
        if (run := self._runs.answers(self._run_id)) is not None:
            request = FileAnswersRequest(run.run_id, run.collection_id, run.question, run.mode)
            self._start(request)

    @Slot()
    def _on_cancel(self) -> None:
        """Stop; what was answered stays."""
        self._runs.stop(self._run_id)
        self._show()
        self._requests.cancel_run_requested.emit(RunRequest(self._run_id))

    @Slot(object)
    def _on_chosen(self, request: RunRequest) -> None:
        """Show an earlier question."""
        self._run_id = request.run_id
        self._show()

    @Slot(object)
    def _on_forgotten(self, request: RunRequest) -> None:
        """Delete an earlier question."""
        self._runs.forget(request.run_id)
        self._show()
        self._requests.forget_run_requested.emit(request)
        self.bar.field.setFocus()

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        self._column.setSpacing(self._theme.px(10))
