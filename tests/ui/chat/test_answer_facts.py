"""What is said about answers and about waiting for them."""

from dataclasses import replace

import pytest

from app.core.conversation import AnswerMeasurement, TurnState
from app.core.errors import ErrorCode, Facts, Failure
from app.core.events import EngineState, EngineStatus, LoadProgress, ReadingProgress
from app.ui.chat.answer_facts import (
    answer_speed_text,
    ending_note,
    measurement_details,
    measurement_text,
    memory_text,
    reading_text,
)
from app.ui.chat.live_answers import AnswerPhase, LiveAnswer
from app.ui.chat.waiting import waiting_for_answer
from app.ui.engine_picture import EnginePicture
from tests.ui.chat.samples import MEASURED, SMOL, answer

pytestmark = pytest.mark.usefixtures("qapp")


def test_the_line_below_an_answer_gives_time_speed_and_first_word() -> None:
    turn = answer("a", "word " * 37).turn
    assert measurement_text(turn) == "4.1 s · 10 words per second · first word after 0.4 s"
    assert "83 tokens" in measurement_details(turn)
    assert "SmolLM3 3B" in measurement_details(turn)


def test_without_measurements_or_words_nothing_is_claimed() -> None:
    assert measurement_text(answer("a", "x", TurnState.STOPPED).turn) == ""
    assert answer_speed_text(answer("a", "").turn) == ""


def test_memory_is_given_in_whole_percent() -> None:
    assert memory_text(MEASURED) == "Memory 12 % full"


@pytest.mark.parametrize(
    ("n_answer_tokens", "words"),
    [(8192 - 900, "the model's memory was full"), (1024, "longest answer")],
)
def test_a_cut_off_answer_says_which_limit_was_reached(n_answer_tokens: int, words: str) -> None:
    measured = AnswerMeasurement(900, 0, n_answer_tokens, 0.4, 3.7, 8192)
    turn = replace(answer("a", "x", TurnState.CUT_OFF).turn, measurement=measured)
    assert words in ending_note(turn)


def test_an_interruption_says_who_ended() -> None:
    by_engine = answer("a", "x", TurnState.INTERRUPTED, error_code="engine_lost").turn
    by_closing = answer("a", "x", TurnState.INTERRUPTED).turn
    assert ending_note(by_engine).startswith("The engine stopped here.")
    assert ending_note(by_closing).startswith("Quillhouse was closed here.")


@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_failure_has_words_with_and_without_its_facts(code: ErrorCode) -> None:
    turn = answer("a", "", TurnState.FAILED, error_code=code.value).turn
    facts = Facts("a.gguf", "/models", "why", 1, 1, 1, 1)
    for note in (ending_note(turn), ending_note(turn, Failure(code, facts))):
        assert note.endswith(".")
        assert "{" not in note


def test_a_failure_of_a_later_version_has_words_too() -> None:
    turn = answer("a", "", TurnState.FAILED, error_code="from_the_future").turn
    assert ending_note(turn) == "No answer came."


@pytest.mark.parametrize(
    ("seconds_left", "words"),
    [(None, "tokens"), (0.2, "1 s left"), (12.4, "12 s left"), (125.0, "2 min left")],
)
def test_reading_says_how_long_it_will_take(seconds_left: float | None, words: str) -> None:
    text = reading_text(ReadingProgress("a", 200, 400, seconds_left))
    assert text.startswith("Reading 200 of 400 tokens")
    assert text.endswith(words)


LOADING = EngineStatus(EngineState.BUSY, SMOL, is_loading=True)
READY = EnginePicture(EngineStatus(EngineState.READY, SMOL))


@pytest.mark.parametrize(
    ("engine", "words"),
    [
        (EnginePicture(), "The engine is starting"),
        (EnginePicture(EngineStatus(EngineState.LOST, SMOL)), "The engine is starting"),
        (EnginePicture(LOADING, LoadProgress(SMOL, 0.4)), "40 %"),
        (EnginePicture(LOADING, LoadProgress(SMOL, 0.4, 7.6)), "40 %, 8 s left"),
        (EnginePicture(EngineStatus(EngineState.READY)), "Choose a model"),
        (EnginePicture(is_given_up=True), "Waiting for the engine"),
        (READY, "Getting ready"),
    ],
)
def test_what_an_answer_waits_for_is_told(engine: EnginePicture, words: str) -> None:
    waiting = waiting_for_answer(None, engine, None)
    assert waiting is not None
    assert words in waiting.text


def test_an_answer_behind_another_one_says_so() -> None:
    waiting = waiting_for_answer(LiveAnswer(), READY, "other chat")
    assert waiting is not None
    assert "Another answer" in waiting.text
    assert waiting.other_chat == "other chat"


@pytest.mark.parametrize("phase", [AnswerPhase.WRITING, AnswerPhase.ENDED])
def test_an_answer_with_words_waits_for_nothing(phase: AnswerPhase) -> None:
    assert waiting_for_answer(LiveAnswer(phase=phase), READY, None) is None


def test_reading_shows_how_far_it_is_and_explains_tokens() -> None:
    progress = ReadingProgress("a", 100, 400, None)
    live = LiveAnswer(phase=AnswerPhase.READING, reading=progress)
    waiting = waiting_for_answer(live, READY, None)
    assert waiting is not None
    assert waiting.fraction == 0.25
    assert "pieces of words" in waiting.explanation
