"""What the engine says and what the store has by then, put together."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.core import events
from app.core.conversation import AnswerMeasurement, Role, ShownTurn, Turn, TurnState
from app.core.errors import ErrorCode, Failure
from app.core.events import FinishReason
from app.ui.chat.live_answers import LiveAnswers

MEASURED = AnswerMeasurement(10, 0, 5, 0.4, 2.0, 2048)


def stored(text: str = "", state: TurnState = TurnState.WRITING) -> ShownTurn:
    turn = Turn("a", "c", "q", Role.ASSISTANT, text, state, datetime(2026, 5, 4, tzinfo=UTC))
    return ShownTurn(turn, ("a",))


def finished(reason: FinishReason = FinishReason.END_OF_TURN) -> events.AnswerFinished:
    return events.AnswerFinished("a", reason, "Starter", MEASURED)


@given(st.lists(st.text(min_size=1, max_size=5), max_size=12), st.integers(0, 60))
def test_no_word_is_lost_or_doubled_wherever_the_store_stands(
    pieces: list[str], n_stored: int
) -> None:
    live = LiveAnswers()
    for piece in pieces:
        live.grow(events.AnswerDelta("a", piece, 1))
    whole = "".join(pieces)
    assert live.merge(stored(whole[:n_stored])).turn.text == whole


def test_an_answer_that_the_store_knows_better_is_shown_as_stored() -> None:
    live = LiveAnswers()
    live.grow(events.AnswerDelta("a", "One", 1))
    assert live.merge(stored("One two")).turn.text == "One two"


def test_an_answer_that_has_ended_is_not_shown_as_being_written() -> None:
    live = LiveAnswers()
    live.grow(events.AnswerDelta("a", "One two", 2))
    live.finish(finished(FinishReason.STOPPED))
    turn = live.merge(stored("One")).turn
    assert (turn.text, turn.state, turn.measurement) == ("One two", TurnState.STOPPED, MEASURED)


def test_a_failure_with_text_is_an_interruption_and_without_text_a_failure() -> None:
    failed = events.AnswerFailed("a", Failure(ErrorCode.ENGINE_LOST))
    live = LiveAnswers()
    live.fail(failed)
    assert live.merge(stored()).turn.state is TurnState.FAILED
    live.grow(events.AnswerDelta("a", "One", 1))
    assert live.merge(stored()).turn.state is TurnState.INTERRUPTED


def test_the_live_text_is_forgotten_once_the_end_is_stored() -> None:
    live = LiveAnswers()
    live.grow(events.AnswerDelta("a", "One", 1))
    live.finish(finished())
    complete = stored("One", TurnState.COMPLETE)
    assert live.merge(complete) is complete
    assert live.get("a") is None


def test_the_facts_of_a_failure_outlive_its_being_stored() -> None:
    live = LiveAnswers()
    failure = Failure(ErrorCode.ENGINE_LOST)
    live.fail(events.AnswerFailed("a", failure))
    live.merge(stored("", TurnState.FAILED))
    known = live.get("a")
    assert known is not None
    assert known.failure is failure


def test_late_reading_progress_does_not_turn_writing_back_into_reading() -> None:
    live = LiveAnswers()
    live.grow(events.AnswerDelta("a", "One", 1))
    live.read(events.ReadingProgress("a", 5, 10, None))
    known = live.get("a")
    assert known is not None
    assert known.reading is None


def test_an_answer_waits_while_another_one_is_written() -> None:
    live = LiveAnswers()
    live.start(events.AnswerStarted("other", "other chat", None))
    live.grow(events.AnswerDelta("other", "One", 1))
    assert live.chat_before("a") == "other chat"
    assert live.chat_before("other") is None
