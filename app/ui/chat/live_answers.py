"""What is known of answers being written, whichever chat is on the screen.

The engine's words reach the window before they are stored, and the store's picture of a chat
may be a moment behind. Here both are put together, so that no word is lost or shown twice.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from app.core import events
from app.core.conversation import ShownTurn, Turn, TurnState
from app.core.errors import Failure


class AnswerPhase(StrEnum):
    """What is being done for an answer."""

    WAITING = "waiting"
    SEARCHED = "searched"
    """The documents were searched; the engine has not begun."""
    READING = "reading"
    WRITING = "writing"
    ENDED = "ended"


@dataclass(slots=True)
class LiveAnswer:
    """One answer since this window first heard of it.

    Attributes:
        reading: how far the prompt is read; None before and without reading.
        finished: how it ended, if well or stopped.
        failure: why it ended, if in an error.
    """

    conversation_id: str = ""
    text: str = ""
    phase: AnswerPhase = AnswerPhase.WAITING
    reading: events.ReadingProgress | None = None
    finished: events.AnswerFinished | None = None
    failure: Failure | None = None

    def merged_into(self, turn: Turn) -> Turn:
        """Give `turn` as it is by now: the longer text, and the end if it is not stored yet."""
        if turn.state is not TurnState.WRITING:
            return turn
        text = max(turn.text, self.text, key=len)
        if self.failure is not None:
            state = TurnState.INTERRUPTED if text else TurnState.FAILED
            return replace(turn, text=text, state=state, error_code=self.failure.code.value)
        if self.finished is not None:
            ending = self.finished
            return replace(
                turn,
                text=text,
                state=events.STATE_AFTER[ending.reason],
                model_name=ending.model_name,
                measurement=ending.measurement,
            )
        return replace(turn, text=text)


class LiveAnswers:
    """All answers heard of and not yet seen stored, by their ids."""

    def __init__(self) -> None:
        self._by_id: dict[str, LiveAnswer] = {}

    def get(self, answer_id: str) -> LiveAnswer | None:
        """Give what is known of an answer; None if nothing is."""
        return self._by_id.get(answer_id)

    def search(self, answer_id: str) -> None:
        """The documents were searched for an answer."""
        answer = self._of(answer_id)
        if answer.phase is AnswerPhase.WAITING:
            answer.phase = AnswerPhase.SEARCHED

    def start(self, started: events.AnswerStarted) -> None:
        """The engine has taken an answer up."""
        answer = self._of(started.answer_id)
        answer.phase = AnswerPhase.READING
        answer.conversation_id = started.conversation_id

    def read(self, progress: events.ReadingProgress) -> None:
        """The prompt of an answer is being read."""
        answer = self._of(progress.answer_id)
        if answer.phase not in {AnswerPhase.WRITING, AnswerPhase.ENDED}:
            answer.phase = AnswerPhase.READING
            answer.reading = progress

    def grow(self, delta: events.AnswerDelta) -> str:
        """Take new words of an answer and give all of its words."""
        answer = self._of(delta.answer_id)
        answer.text += delta.text
        if answer.phase is not AnswerPhase.ENDED:
            answer.phase = AnswerPhase.WRITING
        return answer.text

    def finish(self, finished: events.AnswerFinished) -> None:
        """An answer has ended well or was stopped."""
        answer = self._of(finished.answer_id)
        answer.phase = AnswerPhase.ENDED
        answer.finished = finished

    def fail(self, failed: events.AnswerFailed) -> None:
        """An answer has ended in an error."""
        answer = self._of(failed.answer_id)
        answer.phase = AnswerPhase.ENDED
        answer.failure = failed.failure

    def drop(self, answer_id: str) -> None:
        """Forget an answer that was taken back."""
        self._by_id.pop(answer_id, None)

    def merge(self, shown: ShownTurn) -> ShownTurn:
        """Give a turn as it is by now; forget the live text once the store has the end of it.

        The failure is kept: the store has its code, but not its facts.
        """
        live = self._by_id.get(shown.turn.turn_id)
        if live is None:
            return shown
        if shown.turn.state is not TurnState.WRITING:
            if live.failure is None:
                self.drop(shown.turn.turn_id)
            return shown
        return replace(shown, turn=live.merged_into(shown.turn))

    def chat_before(self, answer_id: str) -> str | None:
        """Give the conversation of the answer that the engine is busy with, unless it is this."""
        active = {AnswerPhase.READING, AnswerPhase.WRITING}
        others = (one for key, one in self._by_id.items() if key != answer_id)
        return next((one.conversation_id for one in others if one.phase in active), None)

    def _of(self, answer_id: str) -> LiveAnswer:
        return self._by_id.setdefault(answer_id, LiveAnswer())
