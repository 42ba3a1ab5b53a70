"""The engine process as a QObject."""

from PySide6.QtCore import QObject

from app.engine import protocol
from app.engine.protocol import Reply
from app.worker.child_process import ChildProcess
from app.worker.signal_types import signal_of


class EngineProcess(ChildProcess):
    """One engine process; must live on the thread that starts it.

    Args:
        parent: the owner.
        memory_limit_bytes: address space that it may have; 0 is no limit.

    Signals:
        replied: a whole message came.
    """

    replied = signal_of(Reply)

    def __init__(self, parent: QObject | None = None, memory_limit_bytes: int = 0) -> None:
        super().__init__("engine", parent)
        self._memory_limit_bytes = memory_limit_bytes

    def start(self, *more_arguments: str) -> None:
        """Start the process; its first reply is `Hello`."""
        if self._memory_limit_bytes:
            limit = str(self._memory_limit_bytes)
            more_arguments = ("--memory-limit-bytes", limit, *more_arguments)
        super().start(*more_arguments)

    def take_line(self, line: bytes) -> None:
        """Pass a reply on."""
        self.replied.emit(protocol.decode_reply(line))
