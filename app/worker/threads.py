"""Threads for workers: one QObject moved to each, no subclassing of QThread."""

from PySide6.QtCore import QObject, QThread

CLOSE_WAIT_MS = 6000


class WorkerThread:
    """A named thread on which workers live.

    A worker ends the thread from its own `close` slot with `QThread.currentThread().quit()`,
    so that everything sent to it before is still done.
    """

    def __init__(self, name: str) -> None:
        self._thread = QThread()
        self._thread.setObjectName(name)

    def adopt(self, worker: QObject) -> None:
        """Let `worker` live on this thread: its slots run there."""
        worker.moveToThread(self._thread)

    def start(self) -> None:
        """Begin to serve signals."""
        self._thread.start()

    def wait(self) -> bool:
        """Wait for the worker to have closed; False when it did not in time."""
        return self._thread.wait(CLOSE_WAIT_MS)
