"""A speed limit that all downloads share."""

import threading
import time


class SpeedLimit:
    """Lets bytes through at no more than so many a second, whoever they are for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bytes_per_s = 0.0
        self._free_s = 0.0

    def set(self, bytes_per_s: float) -> None:
        """Change the limit at once; 0 for none."""
        with self._lock:
            self._bytes_per_s = bytes_per_s
            self._free_s = time.monotonic()

    @property
    def is_set(self) -> bool:
        """Whether there is a limit."""
        return self._bytes_per_s > 0.0

    def take(self, n_bytes: int, stop: threading.Event) -> None:
        """Wait until `n_bytes` may go through, or until `stop` is set."""
        with self._lock:
            if self._bytes_per_s <= 0.0:
                return
            now_s = time.monotonic()
            self._free_s = max(self._free_s, now_s) + n_bytes / self._bytes_per_s
            wait_s = self._free_s - now_s
        stop.wait(wait_s)
