"""Calls that wait for the world, away from the thread of the worker that wants their results."""

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Slot

from app.core.errors import Failure
from app.worker.signal_types import signal_of
from app.worker.slot_guard import outcome_of

CLOSE_WAIT_S = 0.3
"""How long the end waits for jobs that are about to end."""

_ABANDONED: list[tuple[QObject, QObject | None]] = []
"""What threads that hang in a call still hold; it ends with the program."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Job(Generic[T]):
    action: Callable[[], T]
    take: Callable[[T], None]
    refuse: Callable[[Failure], None]


@dataclass(frozen=True, slots=True)
class _Ended:
    """A job that has ended, to be told to who wanted it."""

    tell: Callable[[], None]


class BackgroundJobs(QObject):
    """A few threads that do jobs; each result comes back in the thread of the owner.

    A silent server can hold a thread for as long as its time limit is, so no thread of these is
    waited for when the program ends.

    Args:
        name: of the threads.
        n_threads: how many jobs may wait at once; further ones queue.
        owner: a worker; moves to its thread with it.
    """

    _ended = signal_of(_Ended)

    def __init__(self, name: str, n_threads: int, owner: QObject) -> None:
        super().__init__(owner)
        self._name, self._n_threads = name, n_threads
        self._waiting: queue.SimpleQueue[Callable[[], _Ended] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._is_closed = threading.Event()
        self._ended.connect(self._tell)

    def run(
        self,
        action: Callable[[], T],
        take: Callable[[T], None],
        refuse: Callable[[Failure], None],
    ) -> None:
        """Do `action` on one of the threads; then call one of the other two, on the owner's.

        Args:
            action: may raise whatever it likes.
            take: is given the result.
            refuse: is told why there is none.
        """
        if len(self._threads) < self._n_threads:
            name = f"{self._name}-{len(self._threads) + 1}"
            thread = threading.Thread(target=self._serve, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()
        job = _Job(action, take, refuse)
        self._waiting.put(lambda: _done(job, self._name))

    def close(self) -> None:
        """Take no more results; jobs that have not begun are dropped."""
        self._is_closed.set()
        for _ in self._threads:
            self._waiting.put(None)
        until_s = time.monotonic() + CLOSE_WAIT_S
        for thread in self._threads:
            thread.join(max(0.0, until_s - time.monotonic()))
        if any(thread.is_alive() for thread in self._threads):
            # Qt's objects must not end on a thread of these, when that lets go of them at last.
            _ABANDONED.append((self, self.parent()))

    def _serve(self) -> None:
        while (work := self._waiting.get()) is not None:
            if self._is_closed.is_set():
                return
            ended = work()
            # After the end of the program's window there is no signal any more.
            with contextlib.suppress(RuntimeError):
                if not self._is_closed.is_set():
                    self._ended.emit(ended)
            del work, ended

    @Slot(object)
    def _tell(self, ended: _Ended) -> None:
        if not self._is_closed.is_set():
            ended.tell()


def _done(job: _Job[T], name: str) -> _Ended:
    outcome = outcome_of(job.action, name)
    if isinstance(outcome, Failure):
        failure = outcome
        return _Ended(lambda: job.refuse(failure))
    result = outcome
    return _Ended(lambda: job.take(result))
