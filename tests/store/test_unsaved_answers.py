"""Answers between the engine and the database."""

import pytest

from app.core.conversation import AnswerMeasurement, Turn, TurnState
from app.core.errors import ErrorCode, WorldError
from app.core.events import AnswerFinished, FinishReason
from app.store.conversations import Conversations, Question
from app.store.database import Database
from app.store.unsaved_answers import AnswerEnding, UnsavedAnswers

MEASUREMENT = AnswerMeasurement(5, 0, 2, 0.1, 0.2, 512)
DONE = AnswerEnding(TurnState.COMPLETE, "Starter", MEASUREMENT)


@pytest.fixture
def unsaved(conversations: Conversations) -> UnsavedAnswers:
    return UnsavedAnswers(conversations)


@pytest.fixture
def asked(conversations: Conversations, unsaved: UnsavedAnswers) -> Question:
    asked = conversations.add_question(None, "Q")
    unsaved.begin(asked.answer_id)
    return asked


def stored(conversations: Conversations, asked: Question) -> Turn:
    turn = conversations.turn(asked.answer_id)
    assert turn is not None
    return turn


def test_words_are_added_up_and_saved_together(
    conversations: Conversations, unsaved: UnsavedAnswers, asked: Question
) -> None:
    unsaved.grow(asked.answer_id, "Good ")
    unsaved.grow(asked.answer_id, "day")
    assert stored(conversations, asked).text == ""
    unsaved.save()
    turn = stored(conversations, asked)
    assert (turn.text, turn.state) == ("Good day", TurnState.WRITING)


def test_an_answer_goes_on_after_a_save_and_what_is_saved_is_not_saved_again(
    database: Database, conversations: Conversations, unsaved: UnsavedAnswers, asked: Question
) -> None:
    unsaved.grow(asked.answer_id, "Good ")
    unsaved.save()
    n_changes = n_changes_of(database)
    unsaved.save()
    assert n_changes_of(database) == n_changes
    unsaved.grow(asked.answer_id, "day")
    unsaved.save()
    assert n_changes_of(database) > n_changes
    assert stored(conversations, asked).text == "Good day"


def n_changes_of(database: Database) -> int:
    return int(database.read("SELECT total_changes()")[0][0])


def test_the_end_is_saved_with_all_that_is_known_of_it(
    conversations: Conversations, unsaved: UnsavedAnswers, asked: Question
) -> None:
    unsaved.grow(asked.answer_id, "Good day")
    assert unsaved.finish(asked.answer_id, DONE)
    unsaved.save()
    turn = stored(conversations, asked)
    assert (turn.text, turn.state, turn.model_name, turn.measurement) == (
        "Good day",
        TurnState.COMPLETE,
        "Starter",
        MEASUREMENT,
    )
    assert len(unsaved) == 0


def test_nothing_is_taken_of_an_answer_that_has_ended_or_was_never_asked_for(
    conversations: Conversations, unsaved: UnsavedAnswers, asked: Question
) -> None:
    assert unsaved.finish(asked.answer_id, DONE)
    for _ in range(2):
        unsaved.grow(asked.answer_id, "too late")
        unsaved.grow("unknown", "whose?")
        assert not unsaved.finish(asked.answer_id, DONE)
        assert not unsaved.fail(asked.answer_id, "bug")
        assert not unsaved.discard(asked.answer_id)
        assert not unsaved.is_growing(asked.answer_id)
        unsaved.save()
    assert stored(conversations, asked).text == ""


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        (FinishReason.END_OF_TURN, TurnState.COMPLETE),
        (FinishReason.STOPPED, TurnState.STOPPED),
        (FinishReason.MAX_TOKENS, TurnState.CUT_OFF),
        (FinishReason.CONTEXT_FULL, TurnState.CUT_OFF),
    ],
)
def test_every_reason_to_end_has_its_state(reason: FinishReason, state: TurnState) -> None:
    finished = AnswerFinished("id", reason, "Starter", MEASUREMENT)
    assert AnswerEnding.of(finished) == AnswerEnding(state, "Starter", MEASUREMENT)


def test_what_cannot_be_saved_is_kept_shown_and_saved_later(
    database: Database, conversations: Conversations, unsaved: UnsavedAnswers, asked: Question
) -> None:
    pages = database.read("PRAGMA page_count")[0][0]
    database.read(f"PRAGMA max_page_count = {pages}")
    text = "word " * 20_000
    unsaved.grow(asked.answer_id, text)
    for _ in range(2):
        with pytest.raises(WorldError) as caught:
            unsaved.save()
        assert caught.value.code is ErrorCode.DISK_FULL
        unsaved.finish(asked.answer_id, DONE)
    conversation = conversations.get(asked.conversation_id)
    assert conversation is not None
    last = unsaved.merged(conversations.branch(conversation))[-1].turn
    assert (last.text, last.state, last.measurement) == (text, TurnState.COMPLETE, MEASUREMENT)
    database.read("PRAGMA max_page_count = 1073741823")
    unsaved.save()
    assert stored(conversations, asked) == last


def test_an_answer_that_nobody_writes_is_shown_as_interrupted(
    conversations: Conversations, unsaved: UnsavedAnswers, asked: Question
) -> None:
    conversation = conversations.get(asked.conversation_id)
    assert conversation is not None
    branch = conversations.branch(conversation)
    assert unsaved.merged(branch)[-1].turn.state is TurnState.WRITING
    others = UnsavedAnswers(conversations)
    assert others.merged(branch)[-1].turn.state is TurnState.INTERRUPTED
    assert others.merged(branch)[0] == branch[0]


def test_at_the_end_of_the_program_all_are_interrupted(
    conversations: Conversations, unsaved: UnsavedAnswers, asked: Question
) -> None:
    other = conversations.add_question(None, "Q2")
    unsaved.begin(other.answer_id)
    unsaved.grow(asked.answer_id, "Half an ans")
    unsaved.finish(other.answer_id, DONE)
    unsaved.interrupt_all()
    unsaved.save()
    assert stored(conversations, asked).state is TurnState.INTERRUPTED
    assert stored(conversations, asked).text == "Half an ans"
    assert stored(conversations, other).state is TurnState.COMPLETE
