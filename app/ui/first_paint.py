"""Says when a window is on the screen for the first time."""

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from app.worker.signal_types import signal

LONGEST_WAIT_MS = 2000
"""A window that is begun small, or behind a locked screen, may not be painted for hours."""


class FirstPaint(QObject):
    """Waits for a window to be painted.

    Args:
        window: that is shown now or soon.

    Signals:
        happened: once, after the first paint; without any after `LONGEST_WAIT_MS`.
    """

    happened = signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self, singleShot=True, interval=LONGEST_WAIT_MS)
        self._timer.timeout.connect(self._end)
        self._timer.start()
        window.installEventFilter(self)

    def cancel(self) -> None:
        """Wait no longer."""
        self._window.removeEventFilter(self)
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the paint be done and shown first."""
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._timer.start(0)
        return False

    @Slot()
    def _end(self) -> None:
        self.cancel()
        self.happened.emit()
