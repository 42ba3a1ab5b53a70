"""Questions to every file; the test plays what searches and the model."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from app.core import document_events as documents
from app.core import events
from app.core.document_events import FileAnswersRequest, RunRequest
from app.core.documents.evidence import (
    AnswerMode,
    DocumentPlace,
    Evidence,
    FileAnswers,
    Passage,
    Quote,
    Verdict,
)
from app.core.documents.text import PageUnit, Span
from app.core.errors import ErrorCode, Failure
from app.core.events import FinishReason
from app.store.document_index import document_database
from app.worker.file_answers_worker import FileAnswersWorker

REQUEST = FileAnswersRequest("r", "c", "When does it end?")


class Others(QObject):
    """What searches and the model, at once; files without an end say nothing about it."""

    def __init__(self, worker: FileAnswersWorker) -> None:
        super().__init__()
        self.worker = worker
        self.asked: list[documents.FileEvidenceRequest] = []
        self.answers: list[events.AnswerRequest] = []
        self.stopped: list[str] = []
        self.advanced: list[FileAnswers] = []
        self.failed: list[documents.FileAnswersFailed] = []
        self.written: list[documents.CsvWritten] = []
        self.n_answered_at_most = 10**6
        worker.file_evidence_requested.connect(self._search)
        worker.answer_requested.connect(self._answer)
        worker.stop_requested.connect(self._stop)
        worker.advanced.connect(self._on_advanced)
        worker.failed.connect(self._on_failed)
        worker.csv_written.connect(self._on_written)

    @property
    def last(self) -> FileAnswers:
        return self.advanced[-1]

    @Slot(object)
    def _search(self, request: documents.FileEvidenceRequest) -> None:
        self.asked.append(request)
        n = request.file_id
        path = Path(f"/docs/{n:04}.txt")
        place = DocumentPlace(n, path, "", PageUnit.WHOLE, (Span(1, 0, 9),))
        text = f"This is contract {n}. It ends in {2000 + n}."
        evidence = Evidence(
            Verdict.NOT_FOUND if n % 5 == 0 else Verdict.FOUND,
            (Passage(place, text, 1.0),),
            (Quote(place, f"It ends in {2000 + n}.", 1.0),),
        )
        self.worker.take_evidence(documents.EvidenceFound(request.request_id, evidence))

    @Slot(object)
    def _answer(self, request: events.AnswerRequest) -> None:
        self.answers.append(request)
        if len(self.answers) > self.n_answered_at_most:
            return
        n = int(request.answer_id.rpartition("-")[2])
        # The model is wrong about every seventh file.
        year = 2000 + n + (n % 7 == 0)
        for text in ("20", str(year)[2:]):
            self.worker.take_answer_delta(events.AnswerDelta(request.answer_id, text, 1))
        self.worker.take_answer_finished(
            events.AnswerFinished(request.answer_id, FinishReason.END_OF_TURN, "m", None)
        )

    @Slot(object)
    def _stop(self, request: events.StopRequest) -> None:
        self.stopped.append(request.answer_id)

    @Slot(object)
    def _on_advanced(self, advanced: documents.FileAnswersAdvanced) -> None:
        self.advanced.append(advanced.answers)

    @Slot(object)
    def _on_failed(self, failed: documents.FileAnswersFailed) -> None:
        self.failed.append(failed)

    @Slot(object)
    def _on_written(self, written: documents.CsvWritten) -> None:
        self.written.append(written)


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Documents: a collection of twenty files that were read, and one that was not."""
    database = document_database(tmp_path / "documents.db")
    database.open()
    with database.write() as connection:
        connection.execute(
            "INSERT INTO collection (collection_id, name, embedding_key, created_at)"
            " VALUES ('c', 'Contracts', 'k', '2026')"
        )
        for n in range(1, 22):
            connection.execute(
                "INSERT INTO content (content_id, sha256, suffix, kind, reader_version, n_chunks)"
                " VALUES (?, ?, '.txt', 'text', 1, ?)",
                (n, str(n), int(n < 21)),
            )
            connection.execute(
                "INSERT INTO file (file_id, collection_id, path, size_bytes, modified_ns,"
                " content_id) VALUES (?, 'c', ?, 1, 1, ?)",
                (n, f"/docs/{n:04}.txt", n),
            )
    yield database.path
    database.close()


@pytest.fixture
def start(path: Path) -> Callable[[], Others]:
    """A worker as after the start of the program."""

    def begin() -> Others:
        others = Others(FileAnswersWorker(document_database(path)))
        others.worker.open()
        return others

    return begin


Start = Callable[[], Others]


def test_every_file_is_asked_and_each_value_is_checked(start: Start, qtbot: QtBot) -> None:
    others = start()
    others.worker.begin(REQUEST)
    qtbot.waitUntil(lambda: others.last.is_ended)
    assert len(others.last.rows) == others.last.n_files == 20
    rows = {row.file_id: row for row in others.last.rows}
    assert [n for n, row in rows.items() if not row.answer] == [5, 10, 15, 20]
    assert [n for n, row in rows.items() if row.answer and not row.is_verified] == [7, 14]
    assert rows[3].answer == "2003"
    assert rows[3].source is not None
    assert rows[3].source.quote == "It ends in 2003."
    assert len(others.answers) == 16
    assert len({one.conversation_id for one in others.answers}) == 1
    assert all(one.answer_id.startswith("run-") for one in others.answers)
    assert not others.failed


def test_time_left_is_told_from_the_second_file_on(start: Start, qtbot: QtBot) -> None:
    others = start()
    others.worker.begin(REQUEST)
    qtbot.waitUntil(lambda: others.last.is_ended)
    assert others.advanced[0].seconds_left is None
    assert all(one.seconds_left is not None for one in others.advanced[1:-1])
    assert others.last.seconds_left is None


def test_without_a_model_the_best_quotes_are_the_answers(start: Start, qtbot: QtBot) -> None:
    others = start()
    others.worker.begin(FileAnswersRequest("r", "c", "When?", AnswerMode.QUOTES))
    qtbot.waitUntil(lambda: others.last.is_ended)
    assert not others.answers
    row = others.last.rows[0]
    assert (row.answer, row.is_verified) == ("It ends in 2001.", True)


def test_a_run_goes_on_after_the_program_was_killed(start: Start, qtbot: QtBot) -> None:
    killed = start()
    killed.n_answered_at_most = 6
    killed.worker.begin(REQUEST)
    qtbot.waitUntil(lambda: len(killed.answers) == 7)
    assert len(killed.last.rows) == 7
    others = start()
    assert others.advanced[0].is_running, "nobody has to let it go on"
    qtbot.waitUntil(lambda: bool(others.advanced) and others.last.is_ended)
    assert len(others.last.rows) == 20
    assert len(others.asked) == 13
    assert not others.last.is_running


def test_a_cancelled_run_keeps_what_it_has_and_can_go_on(start: Start, qtbot: QtBot) -> None:
    others = start()
    others.n_answered_at_most = 2
    others.worker.begin(REQUEST)
    qtbot.waitUntil(lambda: len(others.answers) == 3)
    others.worker.cancel(RunRequest("r"))
    stopped_id = others.answers[-1].answer_id
    assert others.stopped == [stopped_id]
    assert (others.last.is_ended, len(others.last.rows)) == (True, 2)
    assert not others.last.is_running
    late = events.AnswerFinished(stopped_id, FinishReason.STOPPED, "m", None)
    others.worker.take_answer_finished(late)
    others.n_answered_at_most = 10**6
    others.worker.begin(REQUEST)
    others.worker.take_answer_finished(late)
    qtbot.waitUntil(lambda: others.last.is_ended and len(others.last.rows) == 20)
    assert {row.answer for row in others.last.rows if row.file_id == 3} == {"2003"}


def test_a_late_word_to_a_cancelled_run_is_none_to_the_one_that_goes_on(
    start: Start, qtbot: QtBot
) -> None:
    others = start()
    others.n_answered_at_most = 0
    others.worker.begin(REQUEST)
    qtbot.waitUntil(lambda: len(others.answers) == 1)
    others.worker.cancel(RunRequest("r"))
    others.worker.begin(REQUEST)
    first, second = (one.answer_id for one in others.answers)
    others.worker.take_answer_delta(events.AnswerDelta(first, "1999", 1))
    end = FinishReason.STOPPED
    others.worker.take_answer_finished(events.AnswerFinished(first, end, "m", None))
    others.worker.take_answer_delta(events.AnswerDelta(second, "2001", 1))
    others.n_answered_at_most = 10**6
    end = FinishReason.END_OF_TURN
    others.worker.take_answer_finished(events.AnswerFinished(second, end, "m", None))
    qtbot.waitUntil(lambda: others.last.is_ended and len(others.last.rows) == 20)
    assert [row.answer for row in others.last.rows if row.file_id == 1] == ["2001"]


def test_a_run_goes_on_when_another_model_is_chosen(start: Start, qtbot: QtBot) -> None:
    others = start()
    others.n_answered_at_most = 2
    others.worker.begin(REQUEST)
    qtbot.waitUntil(lambda: len(others.answers) == 3)
    stopped_id = others.answers[-1].answer_id
    others.n_answered_at_most = 10**6
    others.worker.take_answer_finished(
        events.AnswerFinished(stopped_id, FinishReason.STOPPED, "m", None)
    )
    qtbot.waitUntil(lambda: others.last.is_ended)
    assert len(others.last.rows) == 20
    assert not others.failed


def test_what_cannot_be_done_with_one_run_stops_no_other(
    path: Path, start: Start, tmp_path: Path, qtbot: QtBot
) -> None:
    others = start()
    others.n_answered_at_most = 2
    others.worker.begin(REQUEST)
    qtbot.waitUntil(lambda: len(others.answers) == 3)
    away = path.rename(path.with_name("away.db"))
    table = tmp_path / "table.csv"
    others.worker.begin(FileAnswersRequest("two", "c", "When?"))
    others.worker.write_csv(documents.CsvRequest("r", table))
    others.worker.show_runs(documents.CollectionRequest("c"))
    away.rename(path)
    assert [one.run_id for one in others.failed] == ["two"]
    (written,) = others.written
    assert written.failure is not None
    others.n_answered_at_most = 10**6
    last_id = others.answers[-1].answer_id
    others.worker.take_answer_delta(events.AnswerDelta(last_id, "2003", 1))
    others.worker.take_answer_finished(
        events.AnswerFinished(last_id, FinishReason.END_OF_TURN, "m", None)
    )
    qtbot.waitUntil(lambda: others.last.is_ended)
    assert len(others.last.rows) == 20


def test_a_run_that_cannot_go_on_is_told_and_the_next_one_begins(
    start: Start, qtbot: QtBot
) -> None:
    others = start()
    others.n_answered_at_most = 0
    for run_id in ("one", "two"):
        others.worker.begin(FileAnswersRequest(run_id, "c", "When?"))
    qtbot.waitUntil(lambda: len(others.answers) == 1)
    others.n_answered_at_most = 10**6
    failure = Failure(ErrorCode.ENGINE_LOST)
    others.worker.take_answer_failed(events.AnswerFailed(others.answers[0].answer_id, failure))
    qtbot.waitUntil(lambda: others.last.run_id == "two" and others.last.is_ended)
    assert [one.run_id for one in others.failed] == ["one"]


def test_runs_are_made_one_after_the_other_and_shown_again(start: Start, qtbot: QtBot) -> None:
    others = start()
    for run_id in ("one", "two", "two"):
        others.worker.begin(FileAnswersRequest(run_id, "c", "When?"))
    qtbot.waitUntil(lambda: others.last.run_id == "two" and others.last.is_ended)
    assert len(others.asked) == 40
    again = start()
    again.worker.show_runs(documents.CollectionRequest("c"))
    assert [(one.run_id, one.is_ended) for one in again.advanced] == [("one", True), ("two", True)]
    again.worker.forget(RunRequest("one"))
    again.advanced.clear()
    again.worker.show_runs(documents.CollectionRequest("c"))
    assert [one.run_id for one in again.advanced] == ["two"]


def test_a_search_or_model_that_fails_stops_the_run_which_keeps_what_it_has(
    start: Start, qtbot: QtBot
) -> None:
    others = start()
    others.n_answered_at_most = 2
    others.worker.begin(REQUEST)
    qtbot.waitUntil(lambda: len(others.answers) == 3)
    failure = Failure(ErrorCode.ENGINE_LOST)
    failed_id = others.answers[-1].answer_id
    others.worker.take_answer_failed(events.AnswerFailed(failed_id, failure))
    assert others.failed == [documents.FileAnswersFailed("r", failure)]
    others.n_answered_at_most = 10**6
    others.worker.begin(REQUEST)
    qtbot.waitUntil(lambda: others.last.is_ended)
    assert len(others.last.rows) == 20


def test_a_collection_that_is_gone_is_told(start: Start) -> None:
    others = start()
    others.worker.begin(FileAnswersRequest("r", "gone", "When?"))
    assert [one.failure.code for one in others.failed] == [ErrorCode.COLLECTION_MISSING]


def test_answers_of_chats_are_left_alone(start: Start) -> None:
    others = start()
    others.worker.take_answer_delta(events.AnswerDelta("chat", "text", 1))
    others.worker.take_answer_finished(
        events.AnswerFinished("chat", FinishReason.END_OF_TURN, "m", None)
    )
    assert not others.advanced
    assert not others.failed


def test_the_table_is_written_whole_or_not_at_all(
    start: Start, qtbot: QtBot, tmp_path: Path
) -> None:
    others = start()
    others.worker.begin(REQUEST)
    qtbot.waitUntil(lambda: others.last.is_ended)
    target = tmp_path / "table.csv"
    others.worker.write_csv(documents.CsvRequest("r", target))
    lines = target.read_text("utf-8-sig").splitlines()
    assert len(lines) == 21
    assert lines[3] == "0003.txt,/docs,2003,1,It ends in 2003.,\u2713"
    others.worker.write_csv(documents.CsvRequest("r", tmp_path / "absent" / "table.csv"))
    assert [one.failure is None for one in others.written] == [True, False]


def test_before_there_are_documents_nothing_happens(tmp_path: Path) -> None:
    others = Others(FileAnswersWorker(document_database(tmp_path / "documents.db")))
    others.worker.open()
    assert not others.failed
    assert not others.advanced
