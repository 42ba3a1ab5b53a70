"""What the engine has written and the database does not have yet.

Words are kept here between two saves, and for as long as the disk is full.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.core.conversation import AnswerMeasurement, ShownTurn, Turn, TurnState
from app.core.events import STATE_AFTER, AnswerFinished
from app.store.conversations import Conversations


@dataclass(frozen=True, slots=True)
class AnswerEnding:
    """How an answer ended."""

    state: TurnState
    model_name: str = ""
    measurement: AnswerMeasurement | None = None
    error_code: str = ""

    @classmethod
    def of(cls, finished: AnswerFinished) -> "AnswerEnding":
        """Give the ending that the engine tells of."""
        return cls(STATE_AFTER[finished.reason], finished.model_name, finished.measurement)


@dataclass(slots=True)
class _Answer:
    """An answer that was asked for; `ending` is None while it may still grow."""

    text: str = ""
    is_saved: bool = True
    ending: AnswerEnding | None = None


class UnsavedAnswers:
    """Answers that are being written, and ended ones until they are saved."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._answers: dict[str, _Answer] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def is_growing(self, answer_id: str) -> bool:
        """Say whether an answer was asked for and has not ended."""
        answer = self._answers.get(answer_id)
        return answer is not None and answer.ending is None

    def begin(self, answer_id: str) -> None:
        """Expect words of an answer whose empty turn is stored."""
        self._answers[answer_id] = _Answer()

    def grow(self, answer_id: str, text: str) -> None:
        """Take new words; those of an answer that has ended or is not known are dropped."""
        if self.is_growing(answer_id):
            answer = self._answers[answer_id]
            answer.text += text
            answer.is_saved = False

    def finish(self, answer_id: str, ending: AnswerEnding) -> bool:
        """Take the end of an answer; False if it has ended before or is not known."""
        if not self.is_growing(answer_id):
            return False
        self._answers[answer_id].ending = ending
        return True

    def fail(self, answer_id: str, error_code: str) -> bool:
        """Take the failure of an answer: interrupted if there are words, else failed."""
        if not self.is_growing(answer_id):
            return False
        has_words = bool(self._answers[answer_id].text)
        state = TurnState.INTERRUPTED if has_words else TurnState.FAILED
        return self.finish(answer_id, AnswerEnding(state, error_code=error_code))

    def interrupt_all(self) -> None:
        """End all answers that are being written, as the program ends."""
        for answer_id in self._answers:
            self.finish(answer_id, AnswerEnding(TurnState.INTERRUPTED))

    def discard(self, answer_id: str) -> bool:
        """Forget an answer that could not begin; False if it has ended or is not known."""
        if not self.is_growing(answer_id):
            return False
        del self._answers[answer_id]
        return True

    def save(self) -> None:
        """Save all that is not saved; what cannot be is kept for the next time.

        Raises:
            AppError: the first thing that could not be saved.
        """
        grown = {
            answer_id: answer.text
            for answer_id, answer in self._answers.items()
            if answer.ending is None and not answer.is_saved
        }
        if grown:
            self._conversations.save_partial(grown.items())
            for answer_id in grown:
                self._answers[answer_id].is_saved = True
        endings = [
            (answer_id, answer.text, answer.ending)
            for answer_id, answer in self._answers.items()
            if answer.ending is not None
        ]
        for answer_id, text, ending in endings:
            self._conversations.end_answer(
                answer_id,
                text,
                ending.state,
                model_name=ending.model_name,
                measurement=ending.measurement,
                error_code=ending.error_code,
            )
            del self._answers[answer_id]

    def merged(self, turns: Iterable[ShownTurn]) -> tuple[ShownTurn, ...]:
        """Give stored turns as they are by now."""
        return tuple(replace(shown, turn=self._merged(shown.turn)) for shown in turns)

    def _merged(self, turn: Turn) -> Turn:
        answer = self._answers.get(turn.turn_id)
        if answer is None:
            # Nobody is writing it: a kill left it so, and it could not be marked yet.
            is_orphan = turn.state is TurnState.WRITING
            return replace(turn, state=TurnState.INTERRUPTED) if is_orphan else turn
        if answer.ending is None:
            return replace(turn, text=answer.text)
        return replace(
            turn,
            text=answer.text,
            state=answer.ending.state,
            model_name=answer.ending.model_name,
            measurement=answer.ending.measurement,
            error_code=answer.ending.error_code,
        )
