"""The conversation worker with a real database; the test plays window and engine."""

import contextlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.conversation import AnswerMeasurement, Role, Turn, TurnState
from app.core.errors import ErrorCode, Facts, Failure
from app.core.events import AnswerDelta, AnswerRequest, ConversationRequest, FinishReason
from app.core.settings import SettingKey
from app.store.conversations import Conversations
from app.store.database import Database
from app.worker import conversation_worker
from tests.worker.store_rig import StoreRig

MEASUREMENT = AnswerMeasurement(5, 0, 2, 0.1, 0.2, 512)
LOST = Failure(ErrorCode.ENGINE_LOST, Facts(reason="signal 9"))
LONG = "word " * 20_000
"""Too long for the room that a full database has left in its pages."""


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[StoreRig]:
    rig = StoreRig(qtbot, tmp_path)
    yield rig
    assert rig.close()


@pytest.fixture
def stored(rig: StoreRig) -> Iterator[Callable[[str], Turn | None]]:
    """Look for a turn in the file through a connection of one's own."""
    rig.nth(events.StoreReady)
    other = Database(rig.database_path)
    other.open()
    yield Conversations(other).turn
    other.close()


# --- sending ---


def test_a_message_is_shown_as_sent_before_its_answer_is_asked_for(rig: StoreRig) -> None:
    request = rig.send("What is a quill?")
    kinds = [type(fact) for fact in rig.window.heard]
    assert kinds.index(events.ShownConversation) < kinds.index(AnswerRequest)
    shown = rig.nth(events.ShownConversation)
    assert [one.turn.text for one in shown.turns] == ["What is a quill?", ""]
    assert shown.turns[-1].turn.turn_id == request.answer_id
    assert shown.turns[-1].turn.state is TurnState.WRITING
    assert shown.conversation.title == "What is a quill?"
    assert [(turn.role, turn.text) for turn in request.turns] == [(Role.USER, "What is a quill?")]


def test_a_message_is_on_disk_before_its_answer_is_asked_for(
    rig: StoreRig, stored: Callable[[str], Turn | None]
) -> None:
    request = rig.send("Hello")
    question = stored(request.turns[0].turn_id)
    assert question is not None
    assert question.text == "Hello"


def test_the_next_question_brings_the_whole_branch(rig: StoreRig) -> None:
    first = rig.talk("Hello", "Good day")
    second = rig.send("And now?", first.conversation_id)
    assert [(turn.role, turn.text) for turn in second.turns] == [
        (Role.USER, "Hello"),
        (Role.ASSISTANT, "Good day"),
        (Role.USER, "And now?"),
    ]
    assert second.turns[1].turn_id == first.answer_id


def test_what_is_still_being_written_is_in_the_next_prompt(rig: StoreRig) -> None:
    first = rig.send("Hello")
    rig.window.grew.emit(AnswerDelta(first.answer_id, "Not saved yet", 1))
    second = rig.send("And now?", first.conversation_id)
    assert [turn.text for turn in second.turns] == ["Hello", "Not saved yet", "And now?"]


def test_instructions_from_the_settings_come_first_under_the_same_id(rig: StoreRig) -> None:
    instructions = events.SettingRequest(SettingKey.INSTRUCTIONS, " Be brief. ")
    rig.window.setting_requested.emit(instructions)
    rig.window.setting_requested.emit(events.SettingRequest(SettingKey.SEED, 7))
    first, second = rig.send("Hello"), rig.send("Hello again")
    assert (first.turns[0].role, first.turns[0].text) == (Role.SYSTEM, "Be brief.")
    assert first.turns[0] == second.turns[0]
    assert first.sampling.seed == 7


def test_half_a_character_does_not_keep_a_message_from_being_sent(rig: StoreRig) -> None:
    assert rig.send("broken \ud83d").turns[0].text == "broken \ufffd"


def test_a_message_that_cannot_be_stored_stays_in_the_window_and_is_not_answered(
    rig: StoreRig,
) -> None:
    rig.nth(events.StoreReady)
    rig.window.disk_filled.emit()
    request = events.SendRequest(None, LONG)
    rig.window.send_requested.emit(request)
    failed = rig.nth(events.SendFailed)
    assert failed.request == request
    assert failed.failure.code is ErrorCode.DISK_FULL
    assert failed.failure.facts.available_bytes > 0
    rig.settle()
    assert rig.all(AnswerRequest) == []
    assert rig.all(events.ShownConversation) == []
    rig.window.disk_emptied.emit()
    rig.send("There is room again")
    assert len(rig.all(events.ChatList)[-1].conversations) == 1


# --- answers ---


def test_a_partial_answer_is_on_disk_within_a_second(
    rig: StoreRig, qtbot: QtBot, stored: Callable[[str], Turn | None]
) -> None:
    request = rig.send("Hello")
    for text in ("Good ", "day", ", how are you?"):
        began_s = time.monotonic()
        before = stored(request.answer_id)
        assert before is not None
        rig.window.grew.emit(AnswerDelta(request.answer_id, text, 1))
        wait_for_text(qtbot, stored, request.answer_id, before.text + text)
        assert time.monotonic() - began_s < 1.0


def wait_for_text(
    qtbot: QtBot, stored: Callable[[str], Turn | None], turn_id: str, text: str
) -> None:
    def is_stored() -> bool:
        turn = stored(turn_id)
        return turn is not None and turn.text == text

    qtbot.waitUntil(is_stored, timeout=3000)


def test_words_are_saved_together_and_not_one_by_one(
    rig: StoreRig, qtbot: QtBot, stored: Callable[[str], Turn | None]
) -> None:
    request = rig.send("Hello")
    seen: set[str] = set()

    def is_all_saved() -> bool:
        turn = stored(request.answer_id)
        assert turn is not None
        seen.add(turn.text)
        return len(turn.text) == 300

    for _ in range(300):
        rig.window.grew.emit(AnswerDelta(request.answer_id, "w", 1))
    qtbot.waitUntil(is_all_saved, timeout=3000)
    assert len(seen) <= 3


def test_an_answer_is_kept_with_its_numbers_and_its_model(rig: StoreRig) -> None:
    request = rig.send("Hello")
    rig.window.grew.emit(AnswerDelta(request.answer_id, "Good day", 2))
    rig.window.finished.emit(
        events.AnswerFinished(request.answer_id, FinishReason.END_OF_TURN, "Starter", MEASUREMENT)
    )
    turn = rig.shown_when(TurnState.COMPLETE).turns[-1].turn
    assert (turn.text, turn.model_name, turn.measurement) == ("Good day", "Starter", MEASUREMENT)


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        (FinishReason.STOPPED, TurnState.STOPPED),
        (FinishReason.MAX_TOKENS, TurnState.CUT_OFF),
        (FinishReason.CONTEXT_FULL, TurnState.CUT_OFF),
    ],
)
def test_how_an_answer_ended_is_kept(
    rig: StoreRig, reason: FinishReason, state: TurnState
) -> None:
    rig.finish(rig.send("Hello").answer_id, reason)
    assert rig.shown().turns[-1].turn.state is state


@pytest.mark.parametrize(
    ("text", "state"), [("Half an", TurnState.INTERRUPTED), ("", TurnState.FAILED)]
)
def test_an_answer_that_breaks_off_keeps_what_there_is(
    rig: StoreRig, text: str, state: TurnState
) -> None:
    request = rig.send("Hello")
    if text:
        rig.window.grew.emit(AnswerDelta(request.answer_id, text, 1))
    rig.window.failed.emit(events.AnswerFailed(request.answer_id, LOST))
    turn = rig.shown_when(state).turns[-1].turn
    assert (turn.text, turn.error_code) == (text, "engine_lost")


def test_late_words_and_ends_of_an_ended_answer_are_dropped(rig: StoreRig) -> None:
    request = rig.send("Hello")
    rig.finish(request.answer_id, FinishReason.STOPPED)
    rig.window.grew.emit(AnswerDelta(request.answer_id, "too late", 1))
    rig.window.failed.emit(events.AnswerFailed(request.answer_id, LOST))
    rig.finish(request.answer_id)
    full = events.MemoryFull(request.answer_id, request.conversation_id, 900, 512, 2)
    rig.window.full.emit(full)
    last = rig.shown().turns[-1].turn
    assert (last.text, last.state, last.error_code) == ("", TurnState.STOPPED, "")


def test_words_of_answers_nobody_asked_for_are_dropped(rig: StoreRig) -> None:
    rig.window.grew.emit(AnswerDelta("unknown", "whose?", 1))
    rig.finish("unknown")
    rig.window.failed.emit(events.AnswerFailed("unknown", LOST))
    rig.window.full.emit(events.MemoryFull("unknown", "unknown", 900, 512, 2))
    rig.window.started.emit(events.AnswerStarted("unknown", "unknown", None))
    rig.settle()
    assert rig.all(events.ShownConversation) == []
    assert rig.all(events.StoreFailed) == []


def test_another_chat_on_the_screen_is_not_replaced_when_an_answer_ends(rig: StoreRig) -> None:
    other = rig.talk("Other", "A")
    request = rig.send("Hello")
    rig.window.open_conversation_requested.emit(ConversationRequest(other.conversation_id))
    rig.finish(request.answer_id)
    assert rig.shown().conversation.conversation_id == other.conversation_id


def test_an_empty_chat_on_the_screen_is_not_replaced_when_an_answer_ends(rig: StoreRig) -> None:
    request = rig.send("Hello")
    rig.window.open_conversation_requested.emit(ConversationRequest(""))
    rig.settle()
    n_shown = len(rig.all(events.ShownConversation))
    rig.finish(request.answer_id)
    rig.settle()
    assert len(rig.all(events.ShownConversation)) == n_shown
    assert rig.all(events.StoreFailed) == []


def test_opening_a_chat_that_is_being_answered_shows_all_words_so_far(rig: StoreRig) -> None:
    request = rig.send("Hello")
    rig.window.grew.emit(AnswerDelta(request.answer_id, "Not saved yet", 1))
    rig.window.open_conversation_requested.emit(ConversationRequest(request.conversation_id))
    assert rig.shown_texts() == ["Hello", "Not saved yet"]


# --- a full disk ---


def test_an_answer_is_shown_and_saved_later_when_the_disk_is_full(
    rig: StoreRig, qtbot: QtBot, stored: Callable[[str], Turn | None]
) -> None:
    request = rig.send("Hello")
    rig.window.disk_filled.emit()
    rig.window.grew.emit(AnswerDelta(request.answer_id, LONG, 1))
    assert rig.nth(events.StoreFailed).failure.code is ErrorCode.DISK_FULL
    rig.finish(request.answer_id)
    assert rig.shown_when(TurnState.COMPLETE).turns[-1].turn.text == LONG
    turn = stored(request.answer_id)
    assert turn is not None
    assert turn.state is TurnState.WRITING
    rig.window.disk_emptied.emit()
    qtbot.waitUntil(
        lambda: (
            (turn := stored(request.answer_id)) is not None
            and (turn.text, turn.state) == (LONG, TurnState.COMPLETE)
        ),
        timeout=5000,
    )
    assert len(rig.all(events.StoreFailed)) == 1


def test_a_disk_that_runs_full_again_is_told_again(rig: StoreRig) -> None:
    request = rig.send("Hello")
    for n in (1, 2):
        rig.window.disk_filled.emit()
        rig.window.grew.emit(AnswerDelta(request.answer_id, LONG, 1))
        rig.nth(events.StoreFailed, n)
        rig.window.disk_emptied.emit()
        other = rig.send("Let it be saved")
        rig.finish(other.answer_id)
        rig.settle()


def test_a_start_that_cannot_open_the_store_goes_on_when_it_can(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation_worker, "OPEN_INTERVAL_MS", 50)
    in_the_way = tmp_path / "chats.db"
    in_the_way.mkdir()
    rig = StoreRig(qtbot, tmp_path)
    failed = rig.nth(events.StoreFailed)
    assert failed.failure.code is ErrorCode.DATA_FOLDER_UNWRITABLE
    rig.window.send_requested.emit(events.SendRequest(None, "Hello"))
    refused = rig.nth(events.SendFailed)
    assert refused.failure.code is ErrorCode.DATA_FOLDER_UNWRITABLE
    in_the_way.rmdir()
    rig.nth(events.StoreReady)
    rig.nth(events.SettingsChanged)
    rig.send("Hello")
    assert len(rig.all(events.StoreFailed)) == 1
    assert rig.close()


# --- other answers ---


def test_another_answer_stands_beside_the_first_and_either_can_be_shown(rig: StoreRig) -> None:
    first = rig.talk("Hello", "one")
    chat = first.conversation_id
    rig.window.regenerate_requested.emit(events.TurnRequest(chat, first.answer_id))
    second = rig.nth(AnswerRequest, 2)
    assert [turn.text for turn in second.turns] == ["Hello"]
    rig.window.grew.emit(AnswerDelta(second.answer_id, "two", 1))
    rig.finish(second.answer_id)
    last = rig.shown_when(TurnState.COMPLETE).turns[-1]
    assert last.sibling_ids == (first.answer_id, second.answer_id)
    assert rig.shown_texts() == ["Hello", "two"]
    rig.window.sibling_requested.emit(events.TurnRequest(chat, first.answer_id))
    assert rig.shown_texts() == ["Hello", "one"]


def test_a_failed_question_can_be_answered_again_in_place(rig: StoreRig) -> None:
    request = rig.send("Hello")
    rig.window.failed.emit(events.AnswerFailed(request.answer_id, LOST))
    rig.window.again_requested.emit(ConversationRequest(request.conversation_id))
    again = rig.nth(AnswerRequest, 2)
    assert again.turns == request.turns
    assert rig.shown().turns[-1].sibling_ids == (again.answer_id,)


def test_an_answered_question_is_not_answered_again(rig: StoreRig) -> None:
    request = rig.talk("Hello", "Good day")
    rig.window.again_requested.emit(ConversationRequest(request.conversation_id))
    rig.window.again_requested.emit(ConversationRequest("unknown"))
    rig.settle()
    assert len(rig.all(AnswerRequest)) == 1


# --- the model's memory ---


def test_a_full_memory_takes_the_answer_back_until_forgetting_is_allowed(rig: StoreRig) -> None:
    request = rig.send("Hello")
    chat = request.conversation_id
    assert not request.may_forget
    rig.window.full.emit(events.MemoryFull(request.answer_id, chat, 900, 512, 2))
    assert rig.shown_texts() == ["Hello"]
    rig.window.forget_requested.emit(ConversationRequest(chat))
    again = rig.nth(AnswerRequest, 2)
    assert again.may_forget
    assert again.turns == request.turns
    first_id = again.turns[0].turn_id
    rig.window.started.emit(events.AnswerStarted(again.answer_id, chat, first_id))
    assert rig.shown().conversation.remembered_from_id == first_id
    rig.finish(again.answer_id)
    assert rig.send("Next", chat).remembered_from_id == first_id


def test_a_full_memory_while_answering_anew_shows_the_first_answer_until_then(
    rig: StoreRig,
) -> None:
    first = rig.talk("Hello", "one")
    chat = first.conversation_id
    rig.window.regenerate_requested.emit(events.TurnRequest(chat, first.answer_id))
    refused = rig.nth(AnswerRequest, 2)
    rig.window.full.emit(events.MemoryFull(refused.answer_id, chat, 900, 512, 2))
    assert rig.shown_texts() == ["Hello", "one"]
    rig.window.forget_requested.emit(ConversationRequest(chat))
    again = rig.nth(AnswerRequest, 3)
    assert again.may_forget
    assert rig.shown().turns[-1].sibling_ids == (first.answer_id, again.answer_id)


# --- deleting, renaming, searching ---


def test_deleting_a_chat_can_be_undone_and_purging_takes_its_memory_too(rig: StoreRig) -> None:
    chat = rig.talk("Hello", "Good day").conversation_id
    rig.saved_states.path_for(chat, "abc").write_bytes(b"memory")
    rig.window.delete_requested.emit(ConversationRequest(chat))
    assert rig.nth(events.Deleted) == events.Deleted(chat, None, "Hello")
    rig.settle()
    assert rig.all(events.ChatList)[-1].conversations == ()
    rig.window.restore_requested.emit(ConversationRequest(chat))
    assert rig.shown_texts() == ["Hello", "Good day"]
    rig.window.delete_requested.emit(ConversationRequest(chat))
    rig.settle()
    assert rig.saved_states.total_bytes() > 0
    rig.window.purge_requested.emit(events.PurgeRequest((events.Deleted(chat),)))
    rig.window.restore_requested.emit(ConversationRequest(chat))
    rig.settle()
    assert rig.all(events.ChatList)[-1].conversations == ()
    assert rig.saved_states.total_bytes() == 0


def test_only_what_can_no_longer_come_back_is_purged(rig: StoreRig) -> None:
    first, second = rig.talk("One", "1"), rig.talk("Two", "2")
    third = rig.talk("Three", "3")
    chats = [one.conversation_id for one in (first, second, third)]
    for chat in chats:
        rig.window.delete_requested.emit(ConversationRequest(chat))
    rig.window.restore_requested.emit(ConversationRequest(chats[2]))
    gone = tuple(events.Deleted(chat) for chat in (chats[0], chats[2]))
    rig.window.purge_requested.emit(events.PurgeRequest(gone))
    for chat in chats:
        rig.window.restore_requested.emit(ConversationRequest(chat))
    rig.settle()
    listed = rig.all(events.ChatList)[-1].conversations
    assert {one.title for one in listed} == {"Two", "Three"}


def test_a_purged_message_takes_what_is_below_it(rig: StoreRig) -> None:
    first = rig.talk("Q1", "A1")
    chat = first.conversation_id
    second = rig.talk("Q2", "A2", chat)
    cut = events.TurnRequest(chat, second.turns[-1].turn_id)
    rig.window.delete_turn_requested.emit(cut)
    rig.window.purge_requested.emit(events.PurgeRequest((events.Deleted(chat, cut.turn_id),)))
    rig.window.restore_turn_requested.emit(cut)
    assert rig.shown_texts() == ["Q1", "A1"]


def test_a_chat_that_was_left_is_not_shown_again_by_its_answer(rig: StoreRig) -> None:
    request = rig.send("Hello")
    n_shown = len(rig.all(events.ShownConversation))
    rig.window.new_chat_shown.emit()
    rig.window.grew.emit(AnswerDelta(request.answer_id, "Good day", 2))
    rig.finish(request.answer_id)
    rig.window.rename_requested.emit(events.RenameRequest(request.conversation_id, "Greetings"))
    rig.settle()
    assert len(rig.all(events.ShownConversation)) == n_shown
    assert rig.all(events.ChatList)[-1].conversations[0].title == "Greetings"


def test_a_message_to_a_chat_that_is_gone_begins_another(rig: StoreRig) -> None:
    chat = rig.talk("Hello", "Good day").conversation_id
    rig.window.delete_requested.emit(ConversationRequest(chat))
    rig.window.send_requested.emit(events.SendRequest(chat, "Still there?", serial=7))
    stored = rig.nth(events.MessageStored, 2)
    assert stored.serial == 7
    assert stored.conversation_id != chat
    assert rig.shown_texts()[0] == "Still there?"


def test_deleting_a_message_can_be_undone(rig: StoreRig) -> None:
    first = rig.talk("Q1", "A1")
    chat = first.conversation_id
    second = rig.talk("Q2", "A2", chat)
    cut = events.TurnRequest(chat, second.turns[-1].turn_id)
    rig.window.delete_turn_requested.emit(cut)
    assert rig.shown_texts() == ["Q1", "A1"]
    assert rig.all(events.Deleted) == [events.Deleted(chat, cut.turn_id)]
    rig.window.delete_turn_requested.emit(cut)
    rig.window.restore_turn_requested.emit(cut)
    assert rig.shown_texts() == ["Q1", "A1", "Q2", "A2"]
    assert len(rig.all(events.Deleted)) == 1


def test_a_new_title_is_in_the_list_and_on_the_screen(rig: StoreRig) -> None:
    chat = rig.talk("Hello", "Good day").conversation_id
    rig.window.rename_requested.emit(events.RenameRequest(chat, "Greetings"))
    assert rig.shown().conversation.title == "Greetings"
    assert rig.all(events.ChatList)[-1].conversations[0].title == "Greetings"


def test_a_search_answers_under_its_number(rig: StoreRig) -> None:
    chat = rig.talk("All about the lease", "Good day").conversation_id
    rig.window.search_requested.emit(events.SearchRequest("lease", 41))
    rig.settle()
    results = next(one for one in rig.all(events.SearchResults) if one.serial == 41)
    assert [hit.conversation_id for hit in results.hits] == [chat]


# --- end and start ---


def test_closing_in_the_middle_of_an_answer_keeps_it(qtbot: QtBot, tmp_path: Path) -> None:
    rig = StoreRig(qtbot, tmp_path)
    request = rig.send("Hello")
    rig.window.grew.emit(AnswerDelta(request.answer_id, "Half an ans", 1))
    assert rig.close()
    with contextlib.closing(sqlite3.connect(rig.database_path)) as file:
        states = file.execute("SELECT state FROM turn ORDER BY row_number").fetchall()
    assert states == [("complete",), ("interrupted",)]
    again = StoreRig(qtbot, tmp_path)
    opened = ConversationRequest(request.conversation_id)
    again.window.open_conversation_requested.emit(opened)
    last = again.shown_when(TurnState.INTERRUPTED).turns[-1].turn
    assert last.text == "Half an ans"
    assert again.close()


def test_closing_removes_what_was_deleted_and_a_start_what_belongs_to_no_chat(
    qtbot: QtBot, tmp_path: Path
) -> None:
    rig = StoreRig(qtbot, tmp_path)
    chat = rig.talk("Hello", "Good day").conversation_id
    kept = rig.talk("Kept", "Yes").conversation_id
    for one in (chat, kept, "unknown"):
        rig.saved_states.path_for(one, "abc").write_bytes(b"memory")
    rig.window.delete_requested.emit(ConversationRequest(chat))
    assert rig.close()
    assert not rig.saved_states.path_for(chat, "abc").exists()
    again = StoreRig(qtbot, tmp_path)
    again.settle()
    assert again.saved_states.path_for(kept, "abc").exists()
    assert not again.saved_states.path_for("unknown", "abc").exists()
    assert again.close()


def test_a_damaged_store_is_put_aside_and_said(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "chats.db").write_bytes(b"no database at all")
    rig = StoreRig(qtbot, tmp_path)
    kept = Path(rig.nth(events.StoreReady).damaged_path)
    assert kept.read_bytes() == b"no database at all"
    rig.send("Hello")
    assert rig.close()


def test_a_store_of_a_newer_version_is_said_once_and_left_alone(
    qtbot: QtBot, tmp_path: Path
) -> None:
    database = Database(tmp_path / "chats.db")
    database.open()
    with database.write() as connection:
        connection.execute("PRAGMA user_version = 99")
    database.close()
    before = database.path.read_bytes()
    rig = StoreRig(qtbot, tmp_path)
    assert rig.nth(events.StoreFailed).failure.code is ErrorCode.DATABASE_TOO_NEW
    rig.window.send_requested.emit(events.SendRequest(None, "Hello"))
    assert rig.nth(events.SendFailed).failure.code is ErrorCode.DATABASE_TOO_NEW
    assert rig.close()
    assert len(rig.all(events.StoreFailed)) == 1
    assert database.path.read_bytes() == before


def test_drafts_are_there_at_the_next_start_until_they_are_sent(
    qtbot: QtBot, tmp_path: Path
) -> None:
    rig = StoreRig(qtbot, tmp_path)
    chat = rig.talk("Hello", "Good day").conversation_id
    rig.window.draft_requested.emit(events.DraftRequest(None, "half a thou"))
    rig.window.draft_requested.emit(events.DraftRequest(chat, "half a rep"))
    assert rig.close()
    again = StoreRig(qtbot, tmp_path)
    assert again.nth(events.StoreReady).new_chat_draft == "half a thou"
    assert again.nth(events.ChatList).conversations[0].draft == "half a rep"
    again.send("half a thought")
    again.send("half a reply", chat)
    assert again.close()
    third = StoreRig(qtbot, tmp_path)
    assert third.nth(events.StoreReady).new_chat_draft == ""
    assert {one.draft for one in third.nth(events.ChatList).conversations} == {""}
    assert third.close()
