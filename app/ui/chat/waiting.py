"""Why there is no answer yet, in words."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.core.events import LoadProgress
from app.ui.chat.answer_facts import reading_text, with_time_left
from app.ui.chat.live_answers import AnswerPhase, LiveAnswer
from app.ui.engine_picture import EnginePicture, loading_text

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is waited for.

    Attributes:
        fraction: how far it is, 0.0 to 1.0; None if that cannot be told.
        explanation: more about it, for a tooltip.
        action: words of the button that helps; empty for none.
        other_chat: the conversation that the button leads to; empty for none.
    """

    text: str
    fraction: float | None = None
    explanation: str = ""
    action: str = ""
    other_chat: str = ""


def waiting_for_answer(
    live: LiveAnswer | None, engine: EnginePicture, chat_before: str | None
) -> Waiting | None:
    """Say what an answer waits for; None once words have come.

    Args:
        live: what the engine has said of this answer.
        engine: what the engine is doing.
        chat_before: the conversation of the answer that comes before this one; None if there
            is none.
    """
    if live is not None and live.phase in {AnswerPhase.WRITING, AnswerPhase.ENDED}:
        return None
    if live is not None and live.phase is AnswerPhase.READING:
        return _reading(live)
    if (waiting := _waiting_for_engine(engine)) is not None:
        return waiting
    if chat_before is not None:
        return Waiting(
            translate("Waiting", "Another answer is being written first."),
            action=translate("Waiting", "Show it"),
            other_chat=chat_before,
        )
    return Waiting(translate("Waiting", "Getting ready…"))


def _waiting_for_engine(engine: EnginePicture) -> Waiting | None:
    """Say what keeps the engine from answering; None if nothing does."""
    if engine.is_given_up:
        return Waiting(translate("Waiting", "Waiting for the engine"))
    if engine.is_starting:
        return Waiting(translate("Waiting", "The engine is starting…"))
    if engine.is_loading:
        return model_loading(engine.loading)
    if engine.has_no_model:
        return Waiting(
            translate("Waiting", "Choose a model to get the answer."),
            action=translate("Waiting", "Choose a model"),
        )
    return None


def model_loading(progress: LoadProgress | None) -> Waiting:
    """Say that a model is being loaded, and for how long it still will be."""
    text = loading_text(progress)
    if progress is None:
        return Waiting(text)
    return Waiting(with_time_left(text, progress.seconds_left), progress.fraction)


def unanswered() -> Waiting:
    """Say that the last message has no answer, and offer to get one."""
    return Waiting(
        translate("Waiting", "This message has no answer yet."),
        action=translate("Waiting", "Get an answer"),
    )


def looking_through() -> Waiting:
    """Say that the documents are being searched."""
    return Waiting(translate("Waiting", "Looking through your documents…"))


def _reading(live: LiveAnswer) -> Waiting:
    progress = live.reading
    if progress is None or progress.n_prompt_tokens <= 0:
        return Waiting(translate("Waiting", "Reading…"))
    fraction = min(1.0, progress.n_read_tokens / progress.n_prompt_tokens)
    explanation = translate(
        "Waiting",
        "Before it writes, the model reads the whole chat, counted in tokens (pieces of words). "
        "What it has read before it need not read again.",
    )
    return Waiting(reading_text(progress), fraction, explanation)
