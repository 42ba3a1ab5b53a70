"""A child process as a QObject: start, send, receive, notice that it died."""

import logging
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment

from app.core.json_lines import LineSplitter, ProtocolError
from app.worker.signal_types import signal_of

_LOG = logging.getLogger(__name__)

LOG_CHARACTERS = 8192
"""How much of what the process wrote to its log is kept for a report."""
EXIT_WAIT_MS = 1000
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

    Args:
        role: what it is started as; also stands in the log.
        parent: the owner.

    Signals:
        died: the process has ended, whether it was told to or not; says how.
    """

    died = signal_of(str)

    def __init__(self, role: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self._lines = LineSplitter()
        self._log = ""
        self._unended_line = ""
        self._is_over = False
        self._process = QProcess(self)
        self._process.setProcessEnvironment(_environment())
        self._process.setWorkingDirectory(str(Path(__file__).resolve().parents[2]))
        self._process.readyReadStandardOutput.connect(self._read_replies)
        self._process.readyReadStandardError.connect(self._read_log)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)

    def take_line(self, line: bytes) -> None:
        """Take a whole line that the process has said.

        Raises:
            ProtocolError: it is no message; the process is killed.
        """
        raise NotImplementedError

    def start(self, *more_arguments: str) -> None:
        """Start the process."""
        program, arguments = child_command(self._role)
        self._process.start(program, [*arguments, *more_arguments])

    @property
    def process_id(self) -> int:
        """Process id; 0 when it is not running."""
        return self._process.processId()

    def send(self, line: bytes) -> None:
        """Send an encoded request; it is lost without a word if the process has just died."""
        self._process.write(line)

    def kill(self) -> None:
        """End the process at once; `died` follows."""
        self._process.kill()

    def log(self) -> str:
        """Give the last lines that the process wrote to its log."""
        return self._log

    def wait_for_reply(self, timeout_ms: int) -> bool:
        """Wait until something comes; only for closing, when no event loop runs."""
        return self._process.waitForReadyRead(timeout_ms)

    def close(self) -> None:
        """Close the pipe and wait for the process to end; kill it if it does not."""
        self._is_over = True
        if self._process.state() is QProcess.ProcessState.NotRunning:
            return
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(EXIT_WAIT_MS):
            self._process.kill()
            self._process.waitForFinished(EXIT_WAIT_MS)

    def _read_replies(self) -> None:
        piece = bytes(self._process.readAllStandardOutput().data())
        try:
            for line in self._lines.feed(piece):
                if not self._is_over:
                    self.take_line(line)
        except ProtocolError as error:
            self._log += f"protocol: {error}\n"
            self._process.kill()

    def _read_log(self) -> None:
        text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        self._log = (self._log + text)[-LOG_CHARACTERS:]
        *lines, self._unended_line = (self._unended_line + text).split("\n")
        for line in lines:
            _LOG.info("[%s] %s", self._role, line)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        # Every other error is followed by `finished`.
        if error is QProcess.ProcessError.FailedToStart:
            self._end(self._process.errorString())

    def _on_finished(self, exit_code: int, status: QProcess.ExitStatus) -> None:
        # What came in before the end still counts.
        self._read_replies()
        self._read_log()
        if status is QProcess.ExitStatus.CrashExit:
            self._end(f"signal {exit_code}")
        else:
            self._end(f"exit code {exit_code}")

    def _end(self, how: str) -> None:
        if not self._is_over:
            self._is_over = True
            self.died.emit(how)


def _environment() -> QProcessEnvironment:
    environment = QProcessEnvironment.systemEnvironment()
    for name in UNWANTED_VARIABLES:
        environment.remove(name)
    environment.insert("PYTHONUTF8", "1")
    # An abort of llama.cpp would start a debugger for a trace, and die seconds later.
    environment.insert("GGML_NO_BACKTRACE", "1")
    return environment
