"""SHA-256 of what is being written, computed beside the writing.

A thread of its own, since hashing (1 GB/s) would otherwise be added to the time that writing
and receiving take; hashlib lets other threads run meanwhile.
"""

import hashlib
import queue
import threading
from concurrent.futures import Future

MAX_WAITING = 32
"""Pieces that may wait for the hash; more would only fill the memory."""

Piece = bytes | memoryview


class RunningHash:
    """Takes pieces in their order."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        # A pool of threads does the same for three times the work of handing over.
        self._tasks: queue.SimpleQueue[Piece | Future[str] | None] = queue.SimpleQueue()
        self._room = threading.Semaphore(MAX_WAITING)
        self._thread = threading.Thread(target=self._work, name="hash", daemon=True)
        self._thread.start()

    def update(self, piece: Piece) -> None:
        """Add a piece, which must not be changed afterwards."""
        self._room.acquire()
        self._tasks.put(piece)

    def digest_so_far(self) -> "Future[str]":
        """Give the hash of all pieces up to now, without waiting for it."""
        digest: Future[str] = Future()
        self._tasks.put(digest)
        return digest

    def restart(self) -> None:
        """Forget all pieces."""
        self.digest_so_far().result()
        self._hash = hashlib.sha256()

    def close(self) -> None:
        """End the thread."""
        self._tasks.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            if isinstance(task, Future):
                task.set_result(self._hash.hexdigest())
            else:
                self._hash.update(task)
                self._room.release()
