"""A child process as a QObject: start, send, receive, notice that it died."""

import logging
import os
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot

from app.core.json_lines import LineSplitter, ProtocolError
from app.worker.child_pipes import ChildPipes
from app.worker.signal_types import signal, signal_of

_LOG = logging.getLogger(__name__)

LOG_CHARACTERS = 8192
"""How much of what the process wrote to its log is kept for a report."""
EXIT_WAIT_S = 1.0
UNWANTED_VARIABLES = ("GGML_BACKEND_PATH", "LLAMA_CPP_LIB_PATH", "HF_TOKEN")
"""Would make the engine load foreign code, or are no child's business."""


def child_command(role: str) -> tuple[str, list[str]]:
    """Give the program and arguments of a child process, from source or frozen.

    Args:
        role: "engine" or "parser".
    """
    if getattr(sys, "frozen", False):
        own = Path(sys.executable)
        child = own.with_name(f"quillhouse-{role}{own.suffix}")
        return (str(child), []) if child.exists() else (str(own), [f"--{role}"])
    return sys.executable, ["-X", "faulthandler", "-m", "app", f"--{role}"]


class ChildProcess(QObject):
    """A child process that speaks in lines; must live on the thread that starts it.

    Whoever starts it must `close` it before it is deleted.

    Args:
        role: what it is started as; also stands in the log.
        parent: the owner.

    Signals:
        died: the process has ended, whether it was told to or not; says how.
    """

    died = signal_of(str)
    _came = signal()

    def __init__(self, role: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self._lines = LineSplitter()
        self._log = ""
        self._unended_line = ""
        self._is_over = False
        self._pipes: ChildPipes | None = None
        self._why_not_started = ""
        self._came.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def take_line(self, line: bytes) -> None:
        """Take a whole line that the process has said.

        Raises:
            ProtocolError: it is no message; the process is killed.
        """
        raise NotImplementedError

    def start(self, *more_arguments: str) -> None:
        """Start the process."""
        program, arguments = child_command(self._role)
        command = [program, *arguments, *more_arguments]
        project = Path(__file__).resolve().parents[2]
        try:
            self._pipes = ChildPipes(command, _environment(), project, self._wake)
        except OSError as error:
            _LOG.exception("the %s did not start", self._role)
            self._why_not_started = str(error)
            self._wake()

    @property
    def process_id(self) -> int:
        """Process id; 0 when it is not running."""
        return self._pipes.process_id if self._pipes is not None else 0

    def send(self, line: bytes) -> None:
        """Send an encoded request; it is lost without a word if the process has just died."""
        if self._pipes is not None:
            self._pipes.send(line)

    def kill(self) -> None:
        """End the process at once; `died` follows."""
        if self._pipes is not None:
            self._pipes.kill()

    def log(self) -> str:
        """Give the last lines that the process wrote to its log."""
        return self._log

    def wait_for_reply(self, timeout_ms: int) -> bool:
        """Wait until something comes; only for closing, when no event loop runs."""
        if self._pipes is None or not self._pipes.wait_for_output(timeout_ms / 1000):
            return False
        self._take()
        return True

    def close(self) -> None:
        """Close the pipe and wait for the process to end; kill it if it does not."""
        self._is_over = True
        if self._pipes is not None:
            self._pipes.close(EXIT_WAIT_S)
            self._take()
            self._pipes = None

    def _wake(self) -> None:
        self._came.emit()

    @Slot()
    def _take(self) -> None:
        """Take what the process has said, and its end after that."""
        output, log, how_ended = (
            self._pipes.take() if self._pipes is not None else (b"", b"", self._why_not_started)
        )
        self._take_log(log.decode("utf-8", "replace"))
        try:
            for line in self._lines.feed(output):
                if not self._is_over:
                    self.take_line(line)
        except ProtocolError as error:
            self._log += f"protocol: {error}\n"
            self.kill()
        if how_ended and not self._is_over:
            self._is_over = True
            self.died.emit(how_ended)

    def _take_log(self, text: str) -> None:
        self._log = (self._log + text)[-LOG_CHARACTERS:]
        *lines, rest = (self._unended_line + text).split("\n")
        self._unended_line = rest[-LOG_CHARACTERS:]
        for line in lines:
            _LOG.info("[%s] %s", self._role, line)


def _environment() -> dict[str, str]:
    environment = {
        name: value for name, value in os.environ.items() if name not in UNWANTED_VARIABLES
    }
    environment["PYTHONUTF8"] = "1"
    # An abort of llama.cpp would start a debugger for a trace, and die seconds later.
    environment["GGML_NO_BACKTRACE"] = "1"
    return environment
