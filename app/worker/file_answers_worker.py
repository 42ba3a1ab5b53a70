"""Puts a question to every file of a collection, one file after the other.

For each file: what it says to the question is looked for, a model makes a short value of it,
and the app checks that the value stands there. Each row is stored at once, so that a run that
was interrupted goes on where it was. Only one answer at a time is asked for, so a chat never
waits for more than one short value.
"""

import contextlib
import itertools
import logging
from collections import deque
from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Qt, Slot

from app.core import events
from app.core.document_events import (
    CollectionRequest,
    CsvRequest,
    CsvWritten,
    EvidenceFailed,
    EvidenceFound,
    FileAnswersAdvanced,
    FileAnswersFailed,
    FileAnswersRequest,
    FileEvidenceRequest,
    RunRequest,
)
from app.core.documents.evidence import (
    ANSWERED,
    AnswerMode,
    Evidence,
    FileAnswer,
    FileAnswers,
    Source,
)
from app.core.errors import AppError, ErrorCode, Facts, Failure
from app.core.events import FinishReason
from app.core.file_answers import (
    answer_request,
    csv_table,
    source_of_value,
    value_of,
)
from app.store.database import Database
from app.store.durable_file import write_whole
from app.store.file_runs import FileRuns, StoredRun
from app.worker.file_run import FileRun
from app.worker.signal_types import signal, signal_of
from app.worker.slot_guard import guarded, guarded_by, outcome_of

_LOG = logging.getLogger(__name__)

ID_PREFIX = "run-"
"""Begins the ids of answers and searches that are no chat's."""
N_PASSAGES = 4
"""A value stands in one place; more passages would only take longer to read."""


class FileAnswersWorker(QObject):
    """Questions to every file; lives on the thread of retrieval, which another worker ends.

    Args:
        database: of the documents, a connection of this worker's own.

    Signals:
        advanced: a run has a row more, has ended, or was asked for.
        failed: a run has stopped; what it has is kept, and beginning it again goes on.
        csv_written: a table is on disk, or why not.
        file_evidence_requested, answer_requested, stop_requested: to those who can.
    """

    advanced = signal_of(FileAnswersAdvanced)
    failed = signal_of(FileAnswersFailed)
    csv_written = signal_of(CsvWritten)
    file_evidence_requested = signal_of(FileEvidenceRequest)
    answer_requested = signal_of(events.AnswerRequest)
    stop_requested = signal_of(events.StopRequest)
    _file_done = signal()

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self._runs = FileRuns(database)
        self._current: FileRun | None = None
        self._waiting: deque[FileAnswersRequest] = deque()
        self._has_resumed = False
        self._serials = itertools.count(1)
        self._file_done.connect(self._advance, Qt.ConnectionType.QueuedConnection)

    def report(self, failure: Failure) -> None:
        """Stop the present run, and go on with the next."""
        run, self._current = self._current, None
        if run is not None:
            self.failed.emit(FileAnswersFailed(run.request.run_id, failure))
            self._file_done.emit()

    def _refuse(self, failure: Failure, request: FileAnswersRequest) -> None:
        """Say that one run cannot begin; the present one goes on."""
        self.failed.emit(FileAnswersFailed(request.run_id, failure))

    def _refuse_run(self, failure: Failure, request: RunRequest) -> None:
        self.failed.emit(FileAnswersFailed(request.run_id, failure))

    def _refuse_csv(self, failure: Failure, request: CsvRequest) -> None:
        self.csv_written.emit(CsvWritten(request.path, failure))

    def _pass_over(self, failure: Failure, request: CollectionRequest) -> None:
        """Show no runs; the guard has logged why."""

    # --- asked by the window ---

    @Slot()
    @guarded
    def open(self) -> None:
        """Go on with the runs that the end of the program has interrupted."""
        try:
            self._resume()
        except AppError as error:
            # The index makes the file; until then there is nothing to go on with.
            _LOG.info("runs are not looked for yet: %s", error.code)

    @Slot()
    @guarded
    def close(self) -> None:
        """Leave everything as it is stored; the next start goes on."""
        self._current = None
        self._waiting.clear()
        self._database.close()

    @Slot(object)
    @guarded_by(_refuse)
    def begin(self, request: FileAnswersRequest) -> None:
        """Begin a run, or go on with it."""
        self._resume()
        if request.run_id in self._known_ids():
            return
        with self._joined():
            stored = self._runs.begin(request)
        if stored is None:
            failure = Failure(ErrorCode.COLLECTION_MISSING)
            self.failed.emit(FileAnswersFailed(request.run_id, failure))
            return
        self._waiting.append(stored.request)
        self._advance()

    @Slot(object)
    @guarded_by(_refuse_run)
    def cancel(self, request: RunRequest) -> None:
        """End a run; what it has is kept."""
        self._drop(request.run_id)
        with self._joined():
            self._runs.end(request.run_id)
            stored = self._runs.find(request.run_id)
            if stored is not None:
                self._report(stored, is_running=False)
        self._advance()

    @Slot(object)
    @guarded_by(_refuse_run)
    def forget(self, request: RunRequest) -> None:
        """Remove a run with all its answers."""
        self._drop(request.run_id)
        with self._joined():
            self._runs.forget(request.run_id)
        self._advance()

    @Slot(object)
    @guarded_by(_pass_over)
    def show_runs(self, request: CollectionRequest) -> None:
        """Tell of every run of a collection."""
        self._resume()
        with self._joined():
            for stored in self._runs.of_collection(request.collection_id):
                is_running = stored.request.run_id in self._known_ids()
                self._report(stored, is_running=is_running)

    @Slot(object)
    @guarded_by(_refuse_csv)
    def write_csv(self, request: CsvRequest) -> None:
        """Write the table of a run to a file."""
        with self._joined():
            rows = self._runs.answers(request.run_id)
        failure = None
        try:
            write_whole(request.path, csv_table(rows, _titles()))
        except OSError as error:
            path = str(request.path)
            facts = Facts(request.path.name, path, error.strerror or "")
            failure = Failure(ErrorCode.FILE_UNREADABLE, facts, type(error).__name__)
        self.csv_written.emit(CsvWritten(request.path, failure))

    # --- what was found and written ---

    @Slot(object)
    @guarded
    def take_evidence(self, found: EvidenceFound) -> None:
        """Ask a model about what one file says, or take its own words."""
        run = self._waited_for(found.request_id)
        if run is None or run.is_answering:
            return
        evidence = found.evidence
        if evidence.verdict not in ANSWERED or not evidence.passages:
            self._keep(run, "")
        elif run.request.mode is AnswerMode.QUOTES:
            self._keep_quote(run, evidence)
        else:
            run.passages = evidence.passages[:N_PASSAGES]
            run.is_answering, run.text = True, ""
            chat_id = f"{ID_PREFIX}{run.request.run_id}"
            question, passages = run.request.question, run.passages
            self.answer_requested.emit(answer_request(run.request_id, chat_id, question, passages))

    @Slot(object)
    @guarded
    def refuse_evidence(self, refused: EvidenceFailed) -> None:
        """Stop a run that cannot be searched for."""
        if self._waited_for(refused.request_id) is not None:
            self.report(refused.failure)

    @Slot(object)
    @guarded
    def take_answer_delta(self, delta: events.AnswerDelta) -> None:
        """Add what was written."""
        run = self._waited_for(delta.answer_id)
        if run is not None:
            run.text += delta.text

    @Slot(object)
    @guarded
    def take_answer_finished(self, finished: events.AnswerFinished) -> None:
        """Check a value and keep it."""
        run = self._waited_for(finished.answer_id)
        if run is None:
            return
        if finished.reason is FinishReason.STOPPED:
            # The model was changed meanwhile: the next one is asked about the same file.
            run.request_id = ""
            self._file_done.emit()
            return
        value = value_of(run.text)
        question = run.request.question
        source, is_verified = source_of_value(value, run.passages, question)
        self._keep(run, value, source, is_verified=is_verified)

    @Slot(object)
    @guarded
    def take_answer_failed(self, failed: events.AnswerFailed) -> None:
        """Stop a run whose model does not answer."""
        if self._waited_for(failed.answer_id) is not None:
            self.report(failed.failure)

    # --- one file after the other ---

    def _resume(self) -> None:
        if self._has_resumed:
            return
        with self._joined():
            unended = self._runs.unended()
        self._has_resumed = True
        self._waiting.extend(one.request for one in unended)
        self._advance()

    @Slot()
    @guarded
    def _advance(self) -> None:
        """Ask the next file, if nothing is being waited for."""
        while self._current is None and self._waiting:
            request = self._waiting.popleft()
            begun = outcome_of(partial(self._new_run, request), "run")
            if isinstance(begun, Failure):
                self._refuse(begun, request)
            else:
                self._current = begun
        run = self._current
        if run is None or run.request_id:
            return
        file_id = run.files[0][0]
        request = run.request
        # Never used twice: a late reply to a stopped run is none to the one that goes on.
        run.request_id = f"{ID_PREFIX}{request.run_id}-{next(self._serials)}-{file_id}"
        run.is_answering = False
        self.file_evidence_requested.emit(
            FileEvidenceRequest(run.request_id, request.collection_id, file_id, request.question)
        )

    def _new_run(self, request: FileAnswersRequest) -> FileRun | None:
        """Give what is left of a run; None if nothing is."""
        with self._joined():
            stored = self._runs.find(request.run_id)
            if stored is None:
                return None
            files = self._runs.files(request.collection_id)
            done = {one.file_id for one in self._runs.answers(request.run_id)}
            left = deque((key, path) for key, path in files.items() if key not in done)
            if not left:
                self._runs.end(request.run_id)
                stored = StoredRun(stored.request, is_ended=True)
            self._report(stored, is_running=bool(left))
        return FileRun(request, len(files), left) if left else None

    def _keep_quote(self, run: FileRun, evidence: Evidence) -> None:
        quote = evidence.quotes[0] if evidence.quotes else evidence.passages[0]
        self._keep(run, quote.text, Source(1, quote.place, quote.text), is_verified=True)

    def _keep(
        self, run: FileRun, value: str, source: Source | None = None, *, is_verified: bool = False
    ) -> None:
        file_id, path = run.files.popleft()
        run.n_asked += 1
        run.request_id = ""
        run_id = run.request.run_id
        is_over = not run.files
        with self._joined():
            self._runs.keep(run_id, FileAnswer(file_id, path, value, source, is_verified))
            if is_over:
                self._runs.end(run_id)
            stored = self._runs.find(run_id)
            if is_over or stored is None:
                self._current = None
            if stored is not None:
                self._report(stored, is_running=not is_over)
        # Not at once: what searches may answer within its slot, file within file within file.
        self._file_done.emit()

    def _known_ids(self) -> set[str]:
        """Give the runs that go on, now or when it is their turn."""
        running = {one.run_id for one in self._waiting}
        if self._current is not None:
            running.add(self._current.request.run_id)
        return running

    def _report(self, stored: StoredRun, *, is_running: bool) -> None:
        request = stored.request
        rows = self._runs.answers(request.run_id)
        n_files = len(self._runs.files(request.collection_id).keys() | {r.file_id for r in rows})
        run = self._current
        is_current = run is not None and run.request.run_id == request.run_id
        left_s = run.seconds_left if run is not None and is_current else None
        answers = FileAnswers(
            request.run_id,
            request.collection_id,
            request.question,
            request.mode,
            n_files,
            rows,
            stored.is_ended,
            None if stored.is_ended else left_s,
            is_running=is_running,
        )
        self.advanced.emit(FileAnswersAdvanced(answers))

    def _drop(self, run_id: str) -> None:
        """Ask no more files of a run."""
        self._waiting = deque(one for one in self._waiting if one.run_id != run_id)
        run = self._current
        if run is not None and run.request.run_id == run_id:
            self._current = None
            if run.is_answering:
                self.stop_requested.emit(events.StopRequest(run.request_id))

    def _waited_for(self, request_id: str) -> FileRun | None:
        run = self._current
        return run if run is not None and request_id == run.request_id else None

    @contextlib.contextmanager
    def _joined(self) -> Iterator[None]:
        """Hold the database for one piece of work: another one may lie there afterwards."""
        self._database.join()
        try:
            yield
        finally:
            self._database.close()


def _titles() -> tuple[str, ...]:
    translate = QCoreApplication.translate
    return (
        translate("file_answers", "File"),
        translate("file_answers", "Folder"),
        translate("file_answers", "Answer"),
        translate("file_answers", "Page"),
        translate("file_answers", "Source"),
        translate("file_answers", "Checked"),
    )
