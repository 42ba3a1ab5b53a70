"""Start child processes in threads while the main thread destroys connected objects.

A program of its own, since it may stand still; `test_child_process.py` runs it.
"""

import faulthandler
import shutil
import sys
import time

from PySide6.QtCore import QCoreApplication, QObject, QThread, QTimer, Slot

from app.worker import child_process
from app.worker.child_process import ChildProcess
from app.worker.signal_types import signal, signal_of

SECONDS = 8.0
N_THREADS = 3
STANDSTILL_S = 30.0


class Quiet(ChildProcess):
    """A process that says nothing."""

    def take_line(self, line: bytes) -> None:
        """Take nothing."""


class Starter(QObject):
    """Starts one process after the other."""

    ended = signal()

    def __init__(self, until_s: float) -> None:
        super().__init__()
        self.n_started = 0
        self._until_s = until_s

    @Slot()
    def go_on(self) -> None:
        """Start a process, end it, and come back."""
        if time.monotonic() > self._until_s:
            QThread.currentThread().quit()
            return
        process = Quiet("quiet", self)
        process.start()
        process.close()
        process.deleteLater()
        self.n_started += 1
        QTimer.singleShot(0, self.go_on)


class Ball(QObject):
    """Something with signals and slots."""

    thrown = signal_of(object)

    @Slot(object)
    def catch(self, what: object) -> None:
        """Take it."""


def main() -> int:
    """Destroy objects until the time is over; 0 if every thread kept going."""
    faulthandler.dump_traceback_later(STANDSTILL_S, exit=True)
    # Does nothing, and does it soon; Python takes longer to start, and shows the same later.
    command: tuple[str, list[str]] = (shutil.which("true") or sys.executable, [])
    child_process.child_command = lambda role: command  # noqa: ARG005 - as it is
    application = QCoreApplication([])
    until_s = time.monotonic() + SECONDS
    threads = [(QThread(), Starter(until_s)) for _ in range(N_THREADS)]
    for thread, starter in threads:
        starter.moveToThread(thread)
        thread.started.connect(starter.go_on)
        thread.start()
    while time.monotonic() < until_s:
        balls = [Ball() for _ in range(30)]
        for ball in balls:
            ball.thrown.connect(balls[0].catch)
            balls[1].thrown.connect(ball.catch)
        del balls, ball
        application.processEvents()
    for thread, _ in threads:
        thread.wait()
    return 0 if all(starter.n_started for _, starter in threads) else 1


if __name__ == "__main__":
    sys.exit(main())
