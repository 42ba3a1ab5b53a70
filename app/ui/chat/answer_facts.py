"""What is said about an answer in a quiet line: times, speed, and how it ended."""

from PySide6.QtCore import QCoreApplication

from app.core.conversation import AnswerMeasurement, Turn, TurnState
from app.core.errors import ErrorCode, Failure
from app.core.events import ReadingProgress
from app.ui.message import Action
from app.ui.messages import message_for
from app.ui.quantities import count_text, seconds_text, speed_text, words_per_second

SEPARATOR = " \u00b7 "
SLOWEST_MEASURED = 0.05
"""Words per second; below this an answer had no words to speak of."""
FULL_WITHIN_TOKENS = 16
"""So near to the end of its memory a model stops because of it: some templates close a turn
with a few tokens that must still fit."""
SECONDS_PER_MINUTE = 60

translate = QCoreApplication.translate


def answer_speed_text(turn: Turn) -> str:
    """Give the speed at which an answer was written; empty if nothing was measured."""
    if turn.measurement is None:
        return ""
    speed = words_per_second(turn.text, turn.measurement.generation_s)
    return speed_text(speed) if speed >= SLOWEST_MEASURED else ""


def measurement_text(turn: Turn) -> str:
    """Give the line below an answer; empty if nothing was measured."""
    measured = turn.measurement
    if measured is None:
        return ""
    first = translate("AnswerFacts", "first word after {duration}").format(
        duration=seconds_text(measured.first_token_s)
    )
    whole = seconds_text(measured.first_token_s + measured.generation_s)
    return SEPARATOR.join(part for part in (whole, answer_speed_text(turn), first) if part)


def measurement_details(turn: Turn) -> str:
    """Give the exact numbers for a tooltip; empty if nothing was measured."""
    measured = turn.measurement
    if measured is None:
        return ""
    text = translate(
        "AnswerFacts",
        "Written by {model}: {n_answer} tokens (pieces of words), after reading {n_prompt}, "
        "of which {n_reused} were still in its memory.",
    )
    return text.format(
        model=turn.model_name or translate("AnswerFacts", "the model"),
        n_answer=count_text(measured.n_answer_tokens),
        n_prompt=count_text(measured.n_prompt_tokens),
        n_reused=count_text(measured.n_reused_tokens),
    )


def memory_text(measurement: AnswerMeasurement) -> str:
    """Say how full the model's memory was."""
    percent = count_text(round(measurement.context_fraction * 100))
    return translate("AnswerFacts", "Memory {percent} % full").format(percent=percent)


def memory_details(measurement: AnswerMeasurement) -> str:
    """Explain how full the model's memory was."""
    used = measurement.n_prompt_tokens + measurement.n_answer_tokens
    text = translate(
        "AnswerFacts",
        "How much of what the model can keep in mind this chat takes: {used} of {limit} tokens "
        "(pieces of words).",
    )
    return text.format(used=count_text(used), limit=count_text(measurement.n_ctx))


def reading_text(progress: ReadingProgress) -> str:
    """Say how much of a long text is read and how long the rest takes."""
    text = translate("AnswerFacts", "Reading {n_read} of {n_prompt} tokens").format(
        n_read=count_text(progress.n_read_tokens), n_prompt=count_text(progress.n_prompt_tokens)
    )
    return with_time_left(text, progress.seconds_left)


def with_time_left(text: str, seconds_left: float | None) -> str:
    """Add how long something still takes, if that is known."""
    if seconds_left is None:
        return text
    left_s = max(1, round(seconds_left))
    if left_s < SECONDS_PER_MINUTE:
        # Tenths of a second would flicker.
        left = translate("AnswerFacts", "{n} s").format(n=left_s)
    else:
        left = seconds_text(left_s)
    return translate("AnswerFacts", "{progress}, {time} left").format(progress=text, time=left)


def ending_note(turn: Turn, failure: Failure | None = None) -> str:
    """Say how an answer ended; empty if it ended well or has not ended.

    Args:
        turn: the answer.
        failure: why it failed, if that is still known; the store keeps only its code.
    """
    match turn.state:
        case TurnState.COMPLETE | TurnState.WRITING:
            return ""
        case TurnState.STOPPED:
            return translate("AnswerFacts", "Stopped")
        case TurnState.CUT_OFF if _filled_memory(turn.measurement):
            return translate("AnswerFacts", "Cut off: the model's memory was full.")
        case TurnState.CUT_OFF:
            return translate(
                "AnswerFacts", "Cut off: the longest answer allowed in the settings was reached."
            )
        case TurnState.INTERRUPTED:
            return _interruption(turn)
        case TurnState.FAILED:
            return _failure_text(turn, failure)


def ending_action(turn: Turn) -> Action | None:
    """Give what helps with an answer that ended badly; None if it did not."""
    if turn.state not in {TurnState.INTERRUPTED, TurnState.FAILED}:
        return None
    code = _known_code(turn)
    action = message_for(Failure(code)).action if code is not None else None
    # The log is no help with an answer; asking again may be.
    return Action.TRY_AGAIN if action in {None, Action.OPEN_DATA_FOLDER} else action


def _known_code(turn: Turn) -> ErrorCode | None:
    return next((code for code in ErrorCode if code.value == turn.error_code), None)


def _interruption(turn: Turn) -> str:
    code = _known_code(turn)
    if code is not None and code is not ErrorCode.ENGINE_LOST:
        title = message_for(Failure(code)).title
        text = translate("AnswerFacts", "{title}. The text so far is kept.")
        return text.format(title=title)
    if turn.error_code:
        return translate("AnswerFacts", "The engine stopped here. The text so far is kept.")
    if turn.text:
        return translate("AnswerFacts", "Quillhouse was closed here. The text so far is kept.")
    return translate("AnswerFacts", "Quillhouse was closed before the answer began.")


def _failure_text(turn: Turn, failure: Failure | None) -> str:
    if failure is not None:
        message = message_for(failure)
        return f"{message.title}. {message.what_happened} {message.what_to_do}"
    code = _known_code(turn)
    if code is None:
        return translate("AnswerFacts", "No answer came.")
    # What happened needs facts that were not kept.
    message = message_for(Failure(code))
    return f"{message.title}. {message.what_to_do}"


def _filled_memory(measurement: AnswerMeasurement | None) -> bool:
    if measurement is None:
        return False
    used = measurement.n_prompt_tokens + measurement.n_answer_tokens
    return used >= measurement.n_ctx - FULL_WITHIN_TOKENS
