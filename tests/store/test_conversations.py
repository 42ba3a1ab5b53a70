"""Conversations in a real database on disk."""

from datetime import timedelta

import pytest

from app.core.conversation import AnswerMeasurement, Role, TurnState
from app.store.conversations import Conversations
from app.store.database import Database
from tests.store.conftest import Clock
from tests.store.talk import shown, talk


def test_a_question_and_its_answer_come_back_as_they_were(conversations: Conversations) -> None:
    asked = conversations.add_question(None, "What is a quill?\nTell me.")
    measurement = AnswerMeasurement(10, 4, 3, 0.25, 1.5, 2048)
    conversations.end_answer(
        asked.answer_id,
        "A feather.",
        TurnState.COMPLETE,
        model_name="Starter",
        measurement=measurement,
    )
    conversation = conversations.get(asked.conversation_id)
    assert conversation is not None
    assert conversation.title == "What is a quill?"
    question, answer = (one.turn for one in conversations.branch(conversation))
    assert (question.role, question.state) == (Role.USER, TurnState.COMPLETE)
    assert question.text == "What is a quill?\nTell me."
    assert (answer.text, answer.model_name) == ("A feather.", "Starter")
    assert answer.measurement == measurement


def test_the_list_begins_with_the_last_talked_in(conversations: Conversations) -> None:
    first = talk(conversations, "First", "1").conversation_id
    second = talk(conversations, "Second", "2").conversation_id
    assert [one.conversation_id for one in conversations.all()] == [second, first]
    conversations.add_question(first, "More")
    assert [one.conversation_id for one in conversations.all()] == [first, second]


def test_half_a_character_does_not_keep_a_message_from_being_stored(
    conversations: Conversations,
) -> None:
    asked = conversations.add_question(None, "broken \ud83d here, whole \ud83e\udd99 there\0")
    question = conversations.turn(asked.question_id)
    assert question is not None
    assert question.text == "broken \ufffd here, whole 🦙 there\0"


def test_writing_on_in_a_chat_that_is_gone_begins_a_new_one(conversations: Conversations) -> None:
    old = talk(conversations, "Old", "1").conversation_id
    conversations.delete(old)
    new = conversations.add_question(old, "Typed just as it was deleted")
    assert new.conversation_id != old
    assert shown(conversations, new.conversation_id) == ["Typed just as it was deleted", ""]


def test_another_answer_stands_beside_the_first(conversations: Conversations) -> None:
    first = talk(conversations, "Q", "one")
    second = conversations.add_answer(first.conversation_id, first.question_id)
    conversations.end_answer(second.answer_id, "two", TurnState.COMPLETE)
    conversation = conversations.get(first.conversation_id)
    assert conversation is not None
    last = conversations.branch(conversation)[-1]
    assert last.turn.text == "two"
    assert last.sibling_ids == (first.answer_id, second.answer_id)
    conversations.show_leaf(first.conversation_id, first.answer_id)
    assert shown(conversations, first.conversation_id) == ["Q", "one"]


def test_showing_a_version_goes_on_to_the_newest_end_below_it(
    conversations: Conversations,
) -> None:
    first = talk(conversations, "Q", "one")
    talk(conversations, "Q2", "A2", first.conversation_id)
    conversations.add_answer(first.conversation_id, first.question_id)
    conversations.show_leaf(first.conversation_id, first.answer_id)
    assert shown(conversations, first.conversation_id) == ["Q", "one", "Q2", "A2"]
    conversations.show_leaf(first.conversation_id, "unknown")
    assert shown(conversations, first.conversation_id) == ["Q", "one", "Q2", "A2"]


def test_the_newest_answer_is_the_newest_even_if_the_clock_was_put_back(
    conversations: Conversations, clock: Clock
) -> None:
    first = talk(conversations, "Q", "one")
    clock.now -= timedelta(days=1)
    second = conversations.add_answer(first.conversation_id, first.question_id)
    conversation = conversations.get(first.conversation_id)
    assert conversation is not None
    last = conversations.branch(conversation)[-1]
    assert last.sibling_ids == (first.answer_id, second.answer_id)


def test_a_new_answer_takes_the_place_of_one_that_failed_without_a_word(
    conversations: Conversations,
) -> None:
    failed = conversations.add_question(None, "Q")
    conversations.end_answer(failed.answer_id, "", TurnState.FAILED, error_code="engine_lost")
    again = conversations.add_answer(failed.conversation_id, failed.question_id)
    conversation = conversations.get(failed.conversation_id)
    assert conversation is not None
    assert conversations.branch(conversation)[-1].sibling_ids == (again.answer_id,)


def test_a_failed_answer_below_which_the_user_wrote_on_stays(
    conversations: Conversations,
) -> None:
    failed = conversations.add_question(None, "Q")
    conversations.end_answer(failed.answer_id, "", TurnState.FAILED)
    conversations.add_question(failed.conversation_id, "Are you there?")
    conversations.add_answer(failed.conversation_id, failed.question_id)
    conversations.show_leaf(failed.conversation_id, failed.answer_id)
    assert shown(conversations, failed.conversation_id) == ["Q", "", "Are you there?", ""]


def test_deleting_a_message_takes_what_follows_and_undo_brings_it_back(
    conversations: Conversations,
) -> None:
    first = talk(conversations, "Q1", "A1")
    chat = first.conversation_id
    second = talk(conversations, "Q2", "A2", chat)
    conversations.delete_turn(second.question_id)
    assert shown(conversations, chat) == ["Q1", "A1"]
    conversations.restore_turn(second.question_id)
    assert shown(conversations, chat) == ["Q1", "A1", "Q2", "A2"]
    conversations.delete_turn(first.answer_id)
    assert shown(conversations, chat) == ["Q1"]
    conversations.purge()
    conversations.restore_turn(first.answer_id)
    assert shown(conversations, chat) == ["Q1"]


def test_deleting_one_version_of_an_answer_shows_the_end_of_the_other(
    conversations: Conversations,
) -> None:
    first = talk(conversations, "Q", "one")
    talk(conversations, "Q2", "A2", first.conversation_id)
    second = conversations.add_answer(first.conversation_id, first.question_id)
    conversations.delete_turn(second.answer_id)
    assert shown(conversations, first.conversation_id) == ["Q", "one", "Q2", "A2"]


def test_bringing_a_message_back_brings_what_it_answers_but_nothing_deleted_apart(
    conversations: Conversations,
) -> None:
    first = talk(conversations, "Q1", "A1")
    chat = first.conversation_id
    second = talk(conversations, "Q2", "A2", chat)
    third = talk(conversations, "Q3", "A3", chat)
    conversations.delete_turn(third.question_id)
    conversations.delete_turn(second.answer_id)
    conversations.delete_turn(first.answer_id)
    conversations.restore_turn(second.answer_id)
    assert shown(conversations, chat) == ["Q1", "A1", "Q2", "A2"]
    conversations.purge()
    assert shown(conversations, chat) == ["Q1", "A1", "Q2", "A2"]


def test_a_deleted_conversation_can_come_back_until_it_is_purged(
    conversations: Conversations, database: Database
) -> None:
    chat = talk(conversations, "Secret plan", "Hush").conversation_id
    conversations.delete(chat)
    assert conversations.all() == ()
    conversations.restore(chat)
    assert len(conversations.all()) == 1
    conversations.delete(chat)
    assert conversations.hidden_ids() == (chat,)
    conversations.purge()
    assert conversations.hidden_ids() == ()
    for table in ("conversation", "turn"):
        assert database.read(f"SELECT * FROM {table}") == []


def test_what_was_purged_is_nowhere_in_the_files(
    conversations: Conversations, database: Database
) -> None:
    """Also not as a piece of three characters in the search index."""
    rare = "\u2c5a\u2c5b\u2c5c"
    talk(conversations, "Kept", "ordinary words " * 50)
    chat = talk(conversations, f"Title {rare}", f"xyzzyplugh {rare} " * 50).conversation_id
    folder = database.path.parent

    def traces() -> list[str]:
        needles = (b"xyzzyplugh", rare.encode())
        files = [path for path in folder.iterdir() if path.is_file()]
        return [path.name for path in files if any(one in path.read_bytes() for one in needles)]

    assert traces()
    conversations.delete(chat)
    conversations.purge()
    assert traces() == []


def test_a_kill_leaves_unfinished_answers_marked_with_their_text(
    conversations: Conversations,
) -> None:
    asked = conversations.add_question(None, "Q")
    conversations.save_partial([(asked.answer_id, "Half an ans")])
    conversations.interrupt_unfinished()
    conversations.save_partial([(asked.answer_id, "too late")])
    turn = conversations.turn(asked.answer_id)
    assert turn is not None
    assert (turn.text, turn.state) == ("Half an ans", TurnState.INTERRUPTED)


def test_an_answer_that_never_began_leaves_the_question(conversations: Conversations) -> None:
    asked = conversations.add_question(None, "Q")
    conversations.remove_answer(asked.answer_id)
    assert shown(conversations, asked.conversation_id) == ["Q"]


def test_another_answer_that_never_began_shows_the_first_again(
    conversations: Conversations,
) -> None:
    first = talk(conversations, "Q", "one")
    second = conversations.add_answer(first.conversation_id, first.question_id)
    conversations.remove_answer(second.answer_id)
    assert shown(conversations, first.conversation_id) == ["Q", "one"]


def test_taking_an_answer_back_never_takes_what_the_user_wrote_below_it(
    conversations: Conversations,
) -> None:
    first = conversations.add_question(None, "Q")
    conversations.add_question(first.conversation_id, "And another thing")
    conversations.remove_answer(first.answer_id)
    assert shown(conversations, first.conversation_id) == ["Q", "", "And another thing", ""]
    turn = conversations.turn(first.answer_id)
    assert turn is not None
    assert turn.state is TurnState.FAILED


def test_sending_clears_the_draft_and_another_answer_does_not(
    conversations: Conversations,
) -> None:
    asked = talk(conversations, "Q", "A")
    conversations.keep_draft(asked.conversation_id, "half a thou")
    conversations.add_answer(asked.conversation_id, asked.question_id)
    assert conversations.all()[0].draft == "half a thou"
    conversations.add_question(asked.conversation_id, "half a thought")
    assert conversations.all()[0].draft == ""


def test_an_edited_question_stands_beside_the_first_and_leaves_the_draft_alone(
    conversations: Conversations,
) -> None:
    first = talk(conversations, "Q1", "A1")
    chat = first.conversation_id
    second = talk(conversations, "Q2", "A2", chat)
    conversations.keep_draft(chat, "half a thou")
    edited = conversations.add_question(chat, "Q2, better", edited_id=second.question_id)
    assert shown(conversations, chat) == ["Q1", "A1", "Q2, better", ""]
    branch = conversations.branch(conversations.all()[0])
    assert branch[2].sibling_ids == (second.question_id, edited.question_id)
    assert conversations.all()[0].draft == "half a thou"
    conversations.show_leaf(chat, second.question_id)
    assert shown(conversations, chat) == ["Q1", "A1", "Q2", "A2"]
    conversations.add_question(chat, "Q1, better", edited_id=first.question_id)
    assert shown(conversations, chat) == ["Q1, better", ""]


def test_editing_a_question_that_is_gone_loses_nothing(conversations: Conversations) -> None:
    first = talk(conversations, "Q1", "A1")
    second = talk(conversations, "Q2", "A2", first.conversation_id)
    conversations.delete_turn(second.question_id)
    conversations.add_question(first.conversation_id, "Better", edited_id=second.question_id)
    assert shown(conversations, first.conversation_id) == ["Q1", "A1", "Better", ""]


@pytest.mark.parametrize(("title", "expected"), [("  New \n name ", "New name"), (" \n ", "Q")])
def test_a_title_is_one_line_and_never_empty(
    conversations: Conversations, title: str, expected: str
) -> None:
    chat = talk(conversations, "Q", "A").conversation_id
    conversations.rename(chat, title)
    assert conversations.all()[0].title == expected
