"""A child process and its three pipes, served by threads of their own; knows nothing of Qt.

Not `QProcess`: PySide6 6.11 calls its `start` without letting go of Python's lock, and `start`
connects signals, for which Qt locks one of 131 mutexes that all objects share. A QObject that
another thread destroys meanwhile may hold that very mutex while it waits for Python's lock, and
both wait for ever (`tests/worker/test_child_process.py` shows it). The pipes of `subprocess`
never take a lock of Qt's.
"""

import atexit
import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import IO, cast

PIECE_BYTES = 64 * 1024
N_READERS = 2
MAX_WAITING_BYTES = 1024 * 1024
"""More output than this is left in the pipe, where the process waits, until it has been taken. Of
a log only the last are kept: no process has to wait because it complains."""
STRAY_WAIT_S = 1.0
"""How long a dead process's pipes are read on, if a grandchild holds them open."""
MUTE_WAIT_S = 5.0
"""A process that has closed a pipe of its own accord is about to end; after this it is killed."""

NO_CONSOLE: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""On Windows no black window opens for it."""


class ChildPipes:
    """A running process whose output is gathered until somebody takes it.

    Everything here may be called from any thread, and nothing waits unless it says so.

    Args:
        command: program and arguments.
        environment: the process's variables.
        folder: where it is to work.
        wake: called from other threads whenever something waits to be taken; must return soon.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        wake: Callable[[], None],
    ) -> None:
        self._wake = wake
        self._news = threading.Condition()
        self._output, self._log = bytearray(), bytearray()
        self._how_ended = ""
        self._is_closed = self._has_exited = False
        self._n_open, self._n_waking = N_READERS, 0
        self._n_bytes, self._moved_s = 0, 0.0
        self._requests: SimpleQueue[bytes | None] = SimpleQueue()
        # The process outlives this call, as `close` and `kill` end it.
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=folder,
            env=dict(environment),
            creationflags=NO_CONSOLE,
        )
        stdin, stdout, stderr = (
            cast("IO[bytes]", pipe)
            for pipe in (self._process.stdin, self._process.stdout, self._process.stderr)
        )
        self._threads = (
            self._thread("output", self._gather_output, stdout),
            self._thread("log", self._gather, stderr, self._keep_log),
            self._thread("input", self._send_all, stdin),
            self._thread("end", self._see_end),
        )
        # Where nobody closed it, nobody is there to be woken when the program ends.
        atexit.register(self._fall_silent)
        try:
            for thread in self._threads:
                thread.start()
        except RuntimeError as error:
            # The system has no thread left.
            self.kill()
            raise OSError(str(error)) from error

    @property
    def process_id(self) -> int:
        """Process id; 0 when it has ended."""
        return 0 if self._process.returncode is not None else self._process.pid

    def send(self, line: bytes) -> None:
        """Send bytes in the order of the calls; they are lost if the process has just died."""
        if not self._has_exited:
            self._requests.put(line)

    def take(self) -> tuple[bytes, bytes, str]:
        """Take what has come: output, log, and how the process ended, empty while it runs."""
        with self._news:
            output, log = bytes(self._output), bytes(self._log)
            if output:
                self._moved_s = time.monotonic()
            self._output.clear()
            self._log.clear()
            self._news.notify_all()
            return output, log, self._how_ended

    def wait_for_output(self, timeout_s: float) -> bool:
        """Wait until there is output to take; False if the process ends or time runs out."""
        with self._news:
            self._news.wait_for(lambda: self._output or self._how_ended, timeout_s)
            return bool(self._output)

    def kill(self) -> None:
        """End the process at once."""
        # It may have ended in this moment, and on Windows that is refused.
        with contextlib.suppress(OSError):
            self._process.kill()

    def close(self, timeout_s: float) -> None:
        """Close the input and wait for the process and its threads to end; kill it if need be.

        `wake` is not called any more, and output that has not been taken is lost.
        """
        with self._news:
            self._is_closed = True
            self._news.notify_all()
        self._requests.put(None)
        if not self._has_ended_within(timeout_s):
            self.kill()
            self._has_ended_within(timeout_s + STRAY_WAIT_S)
        with self._news:
            is_held_open = self._n_open > 0
        # A grandchild may hold the readers' pipes; then they end when it does.
        for thread in self._threads[N_READERS:] if is_held_open else self._threads:
            thread.join(timeout_s)
        self._fall_silent()
        atexit.unregister(self._fall_silent)

    def _fall_silent(self) -> None:
        """Wake nobody any more: whoever would be may be destroyed as soon as this returns."""
        with self._news:
            self._is_closed = True
            self._news.notify_all()
            self._news.wait_for(lambda: not self._n_waking, STRAY_WAIT_S)

    def _has_ended_within(self, timeout_s: float) -> bool:
        with self._news:
            return bool(self._news.wait_for(lambda: self._how_ended, timeout_s))

    def _thread(self, name: str, run: Callable[..., None], *arguments: object) -> threading.Thread:
        name = f"{name} of {self._process.pid}"
        return threading.Thread(target=run, args=arguments, name=name, daemon=True)

    def _gather(self, pipe: IO[bytes], keep: Callable[[bytes], None]) -> None:
        try:
            with pipe:
                while piece := os.read(pipe.fileno(), PIECE_BYTES):
                    keep(piece)
        finally:
            with self._news:
                self._n_open -= 1
                self._news.notify_all()

    def _gather_output(self, pipe: IO[bytes]) -> None:
        self._gather(pipe, self._keep_output)
        self._end_if_mute()

    def _keep_output(self, piece: bytes) -> None:
        with self._news:
            self._news.wait_for(self._has_room)
            if self._is_closed:
                return
            must_wake = not self._output and not self._log
            self._output += piece
            self._n_bytes, self._moved_s = self._n_bytes + len(piece), time.monotonic()
            self._news.notify_all()
        if must_wake:
            self._wake_unless_closed()

    def _keep_log(self, piece: bytes) -> None:
        with self._news:
            must_wake = not self._output and not self._log
            self._log += piece
            del self._log[:-MAX_WAITING_BYTES]
        if must_wake:
            self._wake_unless_closed()

    def _has_room(self) -> bool:
        return len(self._output) < MAX_WAITING_BYTES or self._is_closed

    def _wake_unless_closed(self) -> None:
        # Not under the lock: who is woken takes at once, and would have to wait for it.
        with self._news:
            if self._is_closed:
                return
            self._n_waking += 1
        try:
            self._wake()
        finally:
            with self._news:
                self._n_waking -= 1
                self._news.notify_all()

    def _send_all(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError), pipe:
            while (line := self._requests.get()) is not None:
                unsent = memoryview(line)
                while unsent:
                    unsent = unsent[pipe.write(unsent) :]
            return
        # It hears nothing any more, which is mostly since it has ended.
        self._end_if_mute()

    def _has_said_all(self, since_bytes: int) -> bool:
        """Say whether what still holds the pipes can only be another process.

        Args:
            since_bytes: what was read since it ended; no pipe holds more than is waited for.
        """
        if self._is_closed or since_bytes > MAX_WAITING_BYTES:
            return True
        # As long as nobody makes room, what it said last waits in the pipe.
        return self._has_room() and time.monotonic() - self._moved_s >= STRAY_WAIT_S

    def _end_if_mute(self) -> None:
        """Kill a process that lives on without a pipe: nobody else would ever notice."""
        with self._news:
            is_over = self._news.wait_for(
                lambda: self._has_exited or self._is_closed, timeout=MUTE_WAIT_S
            )
        if not is_over:
            self.kill()

    def _see_end(self) -> None:
        code = self._process.wait()
        self._requests.put(None)
        with self._news:
            self._has_exited = True
            self._news.notify_all()
            before_bytes = self._n_bytes
            while not self._news.wait_for(lambda: not self._n_open, STRAY_WAIT_S):
                if self._has_said_all(self._n_bytes - before_bytes):
                    break
            self._how_ended = f"signal {-code}" if code < 0 else f"exit code {code}"
            self._news.notify_all()
        self._wake_unless_closed()
