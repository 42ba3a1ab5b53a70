"""The conversation worker with a real database; the test plays window and engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.conversation import AnswerMeasurement, Role, TurnState
from app.core.errors import ErrorCode, Facts, Failure
from app.core.events import AnswerDelta, AnswerRequest, ConversationRequest, FinishReason
from app.core.settings import SettingKey
from app.store.conversations import Conversations
from app.store.database import Database
from app.store.saved_states import SavedStates
from app.store.settings_table import SettingsTable
from app.worker.conversation_worker import ConversationWorker
from app.worker.signal_types import signal, signal_of
from app.worker.threads import WorkerThread

MEASUREMENT = AnswerMeasurement(5, 0, 2, 0.1, 0.2, 512)


class Window(QObject):
    """Asks, and writes down what it hears."""

    open_requested = signal()
    close_requested = signal()
    send_requested = signal_of(events.SendRequest)
    open_conversation_requested = signal_of(ConversationRequest)
    delete_requested = signal_of(ConversationRequest)
    restore_requested = signal_of(ConversationRequest)
    again_requested = signal_of(ConversationRequest)
    forget_requested = signal_of(ConversationRequest)
    regenerate_requested = signal_of(events.TurnRequest)
    search_requested = signal_of(events.SearchRequest)
    draft_requested = signal_of(events.DraftRequest)
    purge_requested = signal()
    started = signal_of(events.AnswerStarted)
    grew = signal_of(AnswerDelta)
    finished = signal_of(events.AnswerFinished)
    failed = signal_of(events.AnswerFailed)
    full = signal_of(events.MemoryFull)

    def __init__(self, worker: ConversationWorker) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.open_requested.connect(worker.open)
        self.close_requested.connect(worker.close)
        self.send_requested.connect(worker.send)
        self.open_conversation_requested.connect(worker.open_conversation)
        self.delete_requested.connect(worker.delete_conversation)
        self.restore_requested.connect(worker.restore_conversation)
        self.again_requested.connect(worker.answer_again)
        self.forget_requested.connect(worker.forget_and_answer)
        self.regenerate_requested.connect(worker.regenerate)
        self.search_requested.connect(worker.search)
        self.draft_requested.connect(worker.keep_draft)
        self.purge_requested.connect(worker.purge_deleted)
        self.started.connect(worker.start_answer)
        self.grew.connect(worker.grow_answer)
        self.finished.connect(worker.finish_answer)
        self.failed.connect(worker.fail_answer)
        self.full.connect(worker.memory_full)
        worker.store_ready.connect(self._hear)
        worker.chat_list_changed.connect(self._hear)
        worker.conversation_shown.connect(self._hear)
        worker.answer_requested.connect(self._hear)
        worker.send_failed.connect(self._hear)
        worker.store_failed.connect(self._hear)
        worker.deleted.connect(self._hear)
        worker.search_finished.connect(self._hear)

    def _hear(self, fact: object) -> None:
        self.heard.append(fact)


class Rig:
    """A worker on its thread, and what the window heard of it."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.saved_states = SavedStates(folder / "memory")
        self.database_path = folder / "chats.db"
        self.database = Database(self.database_path)
        self.worker = ConversationWorker(self.database, self.saved_states)
        self.window = Window(self.worker)
        self._qtbot = qtbot
        self._thread = WorkerThread("store")
        self._thread.adopt(self.worker)
        self._thread.start()
        self.window.open_requested.emit()

    def last(self, kind: type[object], n: int = 1) -> object:
        """Wait for the n-th fact of a kind and give it."""

        def facts() -> list[object]:
            return [fact for fact in self.window.heard if isinstance(fact, kind)]

        self._qtbot.waitUntil(lambda: len(facts()) >= n, timeout=5000)
        return facts()[n - 1]

    def send(self, text: str, conversation_id: str | None = None, n: int = 1) -> AnswerRequest:
        self.window.send_requested.emit(events.SendRequest(conversation_id, text))
        request = self.last(AnswerRequest, n)
        assert isinstance(request, AnswerRequest)
        return request

    def finish(self, answer_id: str, reason: FinishReason = FinishReason.END_OF_TURN) -> None:
        finished = events.AnswerFinished(answer_id, reason, "Starter", MEASUREMENT)
        self.window.finished.emit(finished)

    def shown_when(self, state: TurnState) -> events.ShownConversation:
        """Wait until the last turn shown has a state."""

        def latest() -> events.ShownConversation | None:
            shown = [one for one in self.window.heard if isinstance(one, events.ShownConversation)]
            return shown[-1] if shown and shown[-1].turns[-1].turn.state is state else None

        self._qtbot.waitUntil(lambda: latest() is not None, timeout=5000)
        found = latest()
        assert found is not None
        return found

    def until_stored(self, answer_id: str, text: str) -> None:
        """Wait until a text is in the database, seen through a connection of its own."""
        other = Database(self.database_path)
        other.open()
        stored = Conversations(other)
        try:
            self._qtbot.waitUntil(
                lambda: (turn := stored.turn(answer_id)) is not None and turn.text == text,
                timeout=1500,
            )
        finally:
            other.close()

    def close(self) -> bool:
        self.window.close_requested.emit()
        return self._thread.wait()


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(qtbot, tmp_path)
    yield rig
    assert rig.close()


def test_a_message_is_shown_as_sent_before_its_answer_is_asked_for(rig: Rig) -> None:
    request = rig.send("What is a quill?")
    kinds = [type(fact) for fact in rig.window.heard]
    assert kinds.index(events.ShownConversation) < kinds.index(AnswerRequest)
    shown = rig.last(events.ShownConversation)
    assert isinstance(shown, events.ShownConversation)
    assert [one.turn.text for one in shown.turns] == ["What is a quill?", ""]
    assert shown.turns[-1].turn.turn_id == request.answer_id
    assert [(turn.role, turn.text) for turn in request.turns] == [(Role.USER, "What is a quill?")]


def test_a_partial_answer_is_on_disk_within_a_second(rig: Rig) -> None:
    request = rig.send("Hello")
    rig.window.grew.emit(AnswerDelta(request.answer_id, "Good ", 1))
    rig.window.grew.emit(AnswerDelta(request.answer_id, "day", 1))
    rig.until_stored(request.answer_id, "Good day")


def test_an_answer_is_kept_with_its_numbers_and_the_next_question_brings_it(rig: Rig) -> None:
    first = rig.send("Hello")
    rig.window.grew.emit(AnswerDelta(first.answer_id, "Good day", 2))
    rig.finish(first.answer_id)
    shown = rig.shown_when(TurnState.COMPLETE)
    assert shown.turns[-1].turn.measurement == MEASUREMENT
    second = rig.send("And now?", first.conversation_id, n=2)
    texts = [turn.text for turn in second.turns]
    assert texts == ["Hello", "Good day", "And now?"]


def test_instructions_from_the_settings_come_first(rig: Rig) -> None:
    rig.last(events.StoreReady)
    other = Database(rig.database_path)
    other.open()
    SettingsTable(other).change(SettingKey.INSTRUCTIONS, "Be brief.")
    other.close()
    request = rig.send("Hello")
    assert request.turns[0].role is Role.SYSTEM
    assert request.turns[0].text == "Be brief."


@pytest.mark.parametrize(
    ("text", "state"), [("Half an", TurnState.INTERRUPTED), ("", TurnState.FAILED)]
)
def test_an_answer_that_breaks_off_keeps_what_there_is(
    rig: Rig, text: str, state: TurnState
) -> None:
    request = rig.send("Hello")
    if text:
        rig.window.grew.emit(AnswerDelta(request.answer_id, text, 1))
    failure = Failure(ErrorCode.ENGINE_LOST, Facts(reason="signal 9"))
    rig.window.failed.emit(events.AnswerFailed(request.answer_id, failure))
    turn = rig.shown_when(state).turns[-1].turn
    assert (turn.text, turn.error_code) == (text, "engine_lost")


def test_late_words_of_an_ended_answer_are_dropped(rig: Rig) -> None:
    request = rig.send("Hello")
    rig.finish(request.answer_id, FinishReason.STOPPED)
    rig.window.grew.emit(AnswerDelta(request.answer_id, "too late", 1))
    rig.finish(request.answer_id)
    assert rig.shown_when(TurnState.STOPPED).turns[-1].turn.text == ""


def test_a_full_memory_takes_the_answer_back_until_forgetting_is_allowed(rig: Rig) -> None:
    request = rig.send("Hello")
    conversation_id = request.conversation_id
    full = events.MemoryFull(request.answer_id, conversation_id, 900, 512, 2)
    rig.window.full.emit(full)
    shown = rig.shown_when(TurnState.COMPLETE)
    assert [one.turn.role for one in shown.turns] == [Role.USER]
    rig.window.forget_requested.emit(ConversationRequest(conversation_id))
    again = rig.last(AnswerRequest, 2)
    assert isinstance(again, AnswerRequest)
    assert again.may_forget
    started = events.AnswerStarted(again.answer_id, conversation_id, again.turns[0].turn_id)
    rig.window.started.emit(started)
    shown = rig.shown_when(TurnState.WRITING)
    rig.finish(again.answer_id)
    shown = rig.shown_when(TurnState.COMPLETE)
    assert shown.conversation.remembered_from_id == again.turns[0].turn_id


def test_deleting_a_chat_can_be_undone_and_purging_takes_its_memory_too(rig: Rig) -> None:
    request = rig.send("Hello")
    rig.finish(request.answer_id)
    rig.shown_when(TurnState.COMPLETE)
    conversation_id = request.conversation_id
    rig.saved_states.path_for(conversation_id, "abc").write_bytes(b"memory")
    rig.window.delete_requested.emit(ConversationRequest(conversation_id))
    deleted = rig.last(events.Deleted)
    assert isinstance(deleted, events.Deleted)
    assert deleted.title == "Hello"
    rig.window.restore_requested.emit(ConversationRequest(conversation_id))
    rig.window.delete_requested.emit(ConversationRequest(conversation_id))
    rig.last(events.Deleted, 2)
    assert rig.saved_states.total_bytes() > 0
    rig.window.purge_requested.emit()
    rig.window.open_conversation_requested.emit(ConversationRequest(conversation_id))
    rig.window.search_requested.emit(events.SearchRequest("Hello", 1))
    results = rig.last(events.SearchResults)
    assert results == events.SearchResults(1, ())
    assert rig.saved_states.total_bytes() == 0


def test_a_full_disk_keeps_the_message_in_the_window_and_says_so(rig: Rig) -> None:
    rig.last(events.StoreReady)
    pages = rig.database.read("PRAGMA page_count")[0][0]
    rig.database.read(f"PRAGMA max_page_count = {pages}")
    rig.window.send_requested.emit(events.SendRequest(None, "word " * 20_000))
    failed = rig.last(events.SendFailed)
    assert isinstance(failed, events.SendFailed)
    assert failed.failure.code is ErrorCode.DISK_FULL
    assert failed.request.text.startswith("word")
    rig.database.read("PRAGMA max_page_count = 1073741823")
    rig.send("There is room again")


def test_an_answer_written_while_the_disk_is_full_is_saved_when_there_is_room(rig: Rig) -> None:
    request = rig.send("Hello")
    pages = rig.database.read("PRAGMA page_count")[0][0]
    rig.database.read(f"PRAGMA max_page_count = {pages}")
    text = "word " * 20_000
    rig.window.grew.emit(AnswerDelta(request.answer_id, text, 1))
    rig.finish(request.answer_id)
    failed = rig.last(events.StoreFailed)
    assert isinstance(failed, events.StoreFailed)
    assert failed.failure.code is ErrorCode.DISK_FULL
    rig.database.read("PRAGMA max_page_count = 1073741823")
    assert rig.shown_when(TurnState.COMPLETE).turns[-1].turn.text == text
    assert len([one for one in rig.window.heard if isinstance(one, events.StoreFailed)]) == 1


def test_closing_in_the_middle_of_an_answer_keeps_it(qtbot: QtBot, tmp_path: Path) -> None:
    rig = Rig(qtbot, tmp_path)
    request = rig.send("Hello")
    rig.window.grew.emit(AnswerDelta(request.answer_id, "Half an ans", 1))
    assert rig.close()
    again = Rig(qtbot, tmp_path)
    opened = ConversationRequest(request.conversation_id)
    again.window.open_conversation_requested.emit(opened)
    assert again.shown_when(TurnState.INTERRUPTED).turns[-1].turn.text == "Half an ans"
    assert again.close()


def test_a_draft_of_a_chat_not_begun_is_there_at_the_next_start(
    qtbot: QtBot, tmp_path: Path
) -> None:
    rig = Rig(qtbot, tmp_path)
    rig.window.draft_requested.emit(events.DraftRequest(None, "half a thou"))
    assert rig.close()
    again = Rig(qtbot, tmp_path)
    ready = again.last(events.StoreReady)
    assert isinstance(ready, events.StoreReady)
    assert ready.new_chat_draft == "half a thou"
    again.send("half a thought")
    assert again.close()
    third = Rig(qtbot, tmp_path)
    ready = third.last(events.StoreReady)
    assert isinstance(ready, events.StoreReady)
    assert ready.new_chat_draft == ""
    assert third.close()
