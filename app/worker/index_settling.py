"""When files are read that somebody may still be writing, or writes again and again."""

import time
from collections.abc import Iterator

from app.worker.index_documents import FileStat

SETTLE_S = 1.0
"""A file that somebody may be writing is looked at again after this time."""
LONGEST_WAIT_S = 300.0
REST_FACTOR = 20
"""A file that changes again and again is read at most one part in so many of the time."""


class Settling:
    """Knows by their ids which files wait, until when, and how they looked last."""

    def __init__(self) -> None:
        self._until_s: dict[int, tuple[int, float]] = {}
        self._stats: dict[int, FileStat] = {}

    def waiting(self, now_s: float) -> Iterator[int]:
        """Give the files that are not to be read yet."""
        return (key for key, (_, until_s) in self._until_s.items() if until_s > now_s)

    def next_wait_s(self, now_s: float) -> float | None:
        """Give how long it is until the next of them may be read; None if none ever may."""
        waits = (until_s for _, until_s in self._until_s.values())
        moments = [until_s for until_s in waits if now_s < until_s < float("inf")]
        return min(moments) - now_s if moments else None

    def settled(self, file_id: int) -> FileStat | None:
        """Give how a file looked when it was told to wait; None if it was not."""
        return self._stats.get(file_id)

    def wait(self, file_id: int, stat: FileStat) -> None:
        """Let a file wait, each time longer."""
        self._stats[file_id] = stat
        n_times = self._until_s.get(file_id, (0, 0.0))[0] + 1
        wait_s = min(LONGEST_WAIT_S, SETTLE_S * 2 ** (n_times - 1))
        self._until_s[file_id] = (n_times, time.monotonic() + wait_s)

    def forget_stat(self, file_id: int) -> None:
        """Note that a file is read as it is now."""
        self._stats.pop(file_id, None)

    def finish(self, file_id: int, took_s: float) -> None:
        """Note that a file was read; one that had to wait for it rests before it is read again."""
        n_waits = self._until_s.pop(file_id, (0, 0.0))[0]
        if n_waits:
            rest_s = min(LONGEST_WAIT_S, REST_FACTOR * took_s)
            self._until_s[file_id] = (0, time.monotonic() + rest_s)

    def leave_alone(self, file_id: int) -> None:
        """Let a file wait until the next start."""
        self._until_s[file_id] = (0, float("inf"))

    def urge(self, file_id: int) -> None:
        """Let a file be read at the next turn."""
        self._until_s.pop(file_id, None)

    def clear(self) -> None:
        """Forget all files."""
        self._until_s.clear()
        self._stats.clear()
