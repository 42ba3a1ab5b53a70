"""The answer being written, and those that wait for their turn."""

from collections import deque

from app.core.events import AnswerRequest


class AnswerQueue:
    """Answers in the order in which they were asked for.

    Attributes:
        current: the one being written; None if none is.
    """

    def __init__(self) -> None:
        self.current: AnswerRequest | None = None
        self._waiting: deque[AnswerRequest] = deque()

    def __bool__(self) -> bool:
        """Whether any waits."""
        return bool(self._waiting)

    def add(self, request: AnswerRequest) -> None:
        """Let an answer wait for its turn."""
        self._waiting.append(request)

    def put_back(self, request: AnswerRequest) -> None:
        """Let an answer that was begun be the next one again."""
        self._waiting.appendleft(request)

    def begin(self) -> AnswerRequest:
        """Make the next answer the current one."""
        self.current = self._waiting.popleft()
        return self.current

    def end(self) -> AnswerRequest | None:
        """Have no current answer any more; give the one it was."""
        ended, self.current = self.current, None
        return ended

    @property
    def current_id(self) -> str:
        """Id of the answer being written; empty if none is."""
        return self.current.answer_id if self.current is not None else ""

    def withdraw(self, answer_id: str) -> AnswerRequest | None:
        """Take an answer that waits out of the queue; None if it does not wait."""
        found = next((one for one in self._waiting if one.answer_id == answer_id), None)
        if found is not None:
            self._waiting.remove(found)
        return found

    def of_conversation(self, conversation_id: str) -> list[str]:
        """Give the ids of the answers of a conversation, those that wait first."""
        everything = (*self._waiting, *([self.current] if self.current else ()))
        return [one.answer_id for one in everything if one.conversation_id == conversation_id]
