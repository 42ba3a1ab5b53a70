"""The engine process as a QObject: start, send, receive, notice that it died."""

import logging
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment

from app.engine import protocol
from app.engine.protocol import AnyReply, Reply
from app.worker.signal_types import signal_of

_LOG = logging.getLogger(__name__)

LOG_CHARACTERS = 8192
"""How much of what the process wrote to its log is kept for a report."""
EXIT_WAIT_MS = 1000
UNWANTED_VARIABLES = ("GGML_BACKEND_PATH", "LLAMA_CPP_LIB_PATH", "HF_TOKEN")
"""Would make the engine load foreign code, or are none of its business."""


def engine_command() -> tuple[str, list[str]]:
    """Give the program and arguments of the engine process, from source or frozen."""
    if getattr(sys, "frozen", False):
        own = Path(sys.executable)
        engine = own.with_name("quillhouse-engine" + own.suffix)
        return (str(engine), []) if engine.exists() else (str(own), ["--engine"])
    return sys.executable, ["-X", "faulthandler", "-m", "app", "--engine"]


class EngineProcess(QObject):
    """One engine process; must live on the thread that starts it.

    Signals:
        replied: a whole message came.
        died: the process has ended, whether it was told to or not; says how.
    """

    replied = signal_of(Reply)
    died = signal_of(str)

    def __init__(self, parent: QObject | None = None, memory_limit_bytes: int = 0) -> None:
        super().__init__(parent)
        self._lines = protocol.LineSplitter()
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
        self._memory_limit_bytes = memory_limit_bytes

    def start(self) -> None:
        """Start the process; its first reply is `Hello`."""
        program, arguments = engine_command()
        if self._memory_limit_bytes:
            limit = str(self._memory_limit_bytes)
            arguments = [*arguments, "--memory-limit-bytes", limit]
        self._process.start(program, arguments)

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
                self._take(protocol.decode_reply(line))
        except protocol.ProtocolError as error:
            self._log += f"protocol: {error}\n"
            self._process.kill()

    def _take(self, reply: AnyReply) -> None:
        if not self._is_over:
            self.replied.emit(reply)

    def _read_log(self) -> None:
        text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
        self._log = (self._log + text)[-LOG_CHARACTERS:]
        *lines, self._unended_line = (self._unended_line + text).split("\n")
        for line in lines:
            _LOG.info("[engine] %s", line)

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
