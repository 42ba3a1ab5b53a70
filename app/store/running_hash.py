"""SHA-256 of what is being written, computed beside the writing.

A thread of its own, since hashing (1 GB/s) would otherwise be added to the time that writing
and receiving take; hashlib lets other threads run meanwhile.
"""

import hashlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

MAX_WAITING = 64
"""Pieces that may wait for the hash; more would only fill the memory."""


class RunningHash:
    """Takes pieces in their order."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._pool = ThreadPoolExecutor(1, "hash")
        self._waiting: deque[Future[None]] = deque()

    def update(self, piece: bytes | memoryview) -> None:
        """Add a piece, which must not be changed afterwards."""
        self._waiting.append(self._pool.submit(self._hash.update, piece))
        while len(self._waiting) > MAX_WAITING:
            self._waiting.popleft().result()

    def digest_so_far(self) -> "Future[str]":
        """Give the hash of all pieces up to now, without waiting for it."""
        return self._pool.submit(self._hash.hexdigest)

    def restart(self) -> None:
        """Forget all pieces."""
        self._settle()
        self._hash = hashlib.sha256()

    def close(self) -> None:
        """End the thread."""
        self._pool.shutdown()

    def _settle(self) -> None:
        while self._waiting:
            self._waiting.popleft().result()
