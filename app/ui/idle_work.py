"""What can wait until the user sees the window, done in its idle moments."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from app.ui.first_paint import FirstPaint

PAUSE_MS = 300
"""Right after the first paint other threads begin and hold the interpreter: a step of 20 ms took
up to 190 ms then."""


class IdleWork(QObject):
    """Takes a step now and then, from the first paint of a window on.

    Args:
        window: whose first paint is waited for; its events come between the steps.
        steps: each short enough not to be felt.
    """

    def __init__(self, window: QWidget, steps: Iterator[None]) -> None:
        super().__init__(window)
        self._steps = steps
        self._timer = QTimer(self, interval=PAUSE_MS)
        self._timer.timeout.connect(self._take_step)
        FirstPaint(window).happened.connect(self._timer.start)

    @Slot()
    def _take_step(self) -> None:
        """Take a step; after the last there is nothing left to keep."""
        try:
            next(self._steps)
        except StopIteration:
            self._timer.stop()
            self.deleteLater()
