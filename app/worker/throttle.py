"""Does something often asked for, but not too often."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

COST_SHARE = 10
"""What is done takes at most one part in so many of the time."""


class Throttle(QObject):
    """Does something soon after it is asked for, and at most once in an interval.

    Args:
        interval_ms: longest that news wait; longer only for what takes long itself.
        action: what is done, on this object's thread.
        owner: moves to its thread with it.
    """

    def __init__(self, interval_ms: int, action: Callable[[], None], owner: QObject) -> None:
        super().__init__(owner)
        self._interval_ms, self._action = interval_ms, action
        self._done_at_s = float("-inf")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._act)
        self._pause_s = interval_ms / 1000

    def ask(self) -> None:
        """Let it be done when its time has come."""
        if not self._timer.isActive():
            wait_s = self._done_at_s + self._pause_s - time.monotonic()
            self._timer.start(max(0, round(wait_s * 1000)) if wait_s > 0 else 0)

    def act_if_asked(self) -> None:
        """Do at once what waits."""
        if self._timer.isActive():
            self._timer.stop()
            self._act()

    def stop(self) -> None:
        """Forget what waits."""
        self._timer.stop()

    def _act(self) -> None:
        began_s = time.monotonic()
        self._action()
        self._done_at_s = time.monotonic()
        cost_s = self._done_at_s - began_s
        self._pause_s = max(self._interval_ms / 1000, COST_SHARE * cost_s)
