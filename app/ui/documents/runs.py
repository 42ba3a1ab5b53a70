"""What is known of questions that were put to every file."""

from dataclasses import dataclass, field

from app.core.documents.evidence import FileAnswers
from app.core.errors import Failure


@dataclass(slots=True)
class Runs:
    """All runs that were told of, and which of them go on now.

    A run that has not ended need not go on: it may have stopped for a failure.
    """

    _answers: dict[str, FileAnswers] = field(default_factory=dict)
    _running: set[str] = field(default_factory=set)
    _failures: dict[str, Failure] = field(default_factory=dict)

    def begin(self, run_id: str) -> None:
        """A run begins, or goes on."""
        self._running.add(run_id)
        self._failures.pop(run_id, None)

    def take(self, answers: FileAnswers) -> None:
        """Know how far a run is."""
        self._answers[answers.run_id] = answers
        if answers.is_running:
            self._running.add(answers.run_id)
        else:
            self._running.discard(answers.run_id)

    def fail(self, run_id: str, failure: Failure) -> None:
        """A run has stopped."""
        self._running.discard(run_id)
        self._failures[run_id] = failure

    def stop(self, run_id: str) -> None:
        """A run was cancelled."""
        self._running.discard(run_id)

    def forget(self, run_id: str) -> None:
        """A run is not wanted any more."""
        self._answers.pop(run_id, None)
        self._running.discard(run_id)
        self._failures.pop(run_id, None)

    def is_known(self, run_id: str) -> bool:
        """Say whether a run was begun here, or told of."""
        return run_id in self._answers or run_id in self._running

    def is_running(self, run_id: str) -> bool:
        """Say whether a run goes on now."""
        return run_id in self._running

    def answers(self, run_id: str) -> FileAnswers | None:
        """Give what came of a run so far."""
        return self._answers.get(run_id)

    def failure(self, run_id: str) -> Failure | None:
        """Give why a run has stopped."""
        return self._failures.get(run_id)

    def of(self, collection_id: str) -> list[FileAnswers]:
        """Give the runs of a collection, the newest told of first."""
        told = [one for one in self._answers.values() if one.collection_id == collection_id]
        return told[::-1]
