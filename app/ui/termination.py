"""Ends the application in order when the system or a terminal asks for it.

Qt's event loop runs in native code, so Python would hear of a signal only at the next event.
The signal's number is written to a pipe instead, which wakes the loop.
"""

import os
import signal
import sys

from PySide6.QtCore import QObject, QSocketNotifier, Slot

from app.worker.signal_types import signal as qt_signal

READ_BYTES = 64


class Termination(QObject):
    """Hears SIGINT, SIGTERM and SIGHUP; on Windows, where there are none, it hears nothing.

    Signals:
        requested: the application is to end.
    """

    requested = qt_signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        if sys.platform == "win32":
            return
        self._heard, written = os.pipe()
        for end in (self._heard, written):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(written, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # What is ignored stays ignored: that is how `nohup` works.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _only_wake)
        self._notifier = QSocketNotifier(self._heard, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._report)

    @Slot()
    def _report(self) -> None:
        os.read(self._heard, READ_BYTES)
        self.requested.emit()


def _only_wake(_number: int, _frame: object) -> None:
    """The number in the pipe says everything."""
