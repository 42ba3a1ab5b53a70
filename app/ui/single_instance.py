"""One window for one data folder: a second start brings the first to the front.

A lock file decides who is first (and keeps a second process away from the database); a local
socket, which never leaves this computer, carries what the second was asked to open.
"""

import hashlib
import json
import logging
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject, QThread, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.worker.signal_types import signal_of

_LOG = logging.getLogger(__name__)

ANSWER_WAIT_MS = 5000
RETRY_MS = 50
MAX_MESSAGE_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Activation:
    """A second start: files it was asked to open."""

    paths: tuple[Path, ...] = ()


class SingleInstance(QObject):
    """The right to be the only window of a data folder.

    Signals:
        activated: a second start wants this window in front.
    """

    activated = signal_of(Activation)

    def __init__(self, lock_path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = QLockFile(str(lock_path))
        # A lock is stale only when its process is gone, however old it is.
        self._lock.setStaleLockTime(0)
        digest = hashlib.sha256(str(lock_path.resolve()).encode()).hexdigest()[:16]
        self._name = f"quillhouse-{digest}"
        self._server: QLocalServer | None = None

    def is_first(self) -> bool:
        """Take the lock; False when another window has it."""
        return self._lock.tryLock(0)

    def tell_first(self, paths: tuple[Path, ...]) -> bool:
        """Ask the first window to come to the front and open `paths`; False if it is deaf.

        One that is just starting gets some seconds to begin to listen.
        """
        socket = QLocalSocket()
        patience = QDeadlineTimer(ANSWER_WAIT_MS)
        while True:
            socket.connectToServer(self._name)
            if socket.waitForConnected(ANSWER_WAIT_MS):
                break
            if patience.hasExpired():
                return False
            QThread.msleep(RETRY_MS)
        message = json.dumps({"open": [str(path.absolute()) for path in paths]})
        socket.write(message.encode() + b"\n")
        told = socket.waitForBytesWritten(ANSWER_WAIT_MS)
        socket.disconnectFromServer()
        return told

    def listen(self) -> None:
        """Hear of second starts from now on."""
        # What is left of a window that was killed is in the way; the lock says it is gone.
        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)
        if not self._server.listen(self._name):
            _LOG.warning("second starts will not be heard: %s", self._server.errorString())

    def release(self) -> None:
        """Let another window be first."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    @Slot()
    def _accept(self) -> None:
        """Take a second start's message when it is whole."""
        socket = self._server.nextPendingConnection() if self._server is not None else None
        if socket is not None:
            socket.setParent(self)
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)

    @Slot()
    def _read(self) -> None:
        """Read a second start's message."""
        socket = self.sender()
        if not isinstance(socket, QLocalSocket) or not socket.canReadLine():
            return
        line = bytes(socket.readLine(MAX_MESSAGE_BYTES).data())
        try:
            message = json.loads(line)
            paths = tuple(Path(str(path)) for path in message["open"])
        except (ValueError, KeyError, TypeError):
            _LOG.warning("a second start could not be understood")
            paths = ()
        self.activated.emit(Activation(paths))
