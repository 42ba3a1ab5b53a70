"""A child process and its three pipes, served by threads of their own; knows nothing of Qt.

Not `QProcess`: PySide6 6.11 calls its `start` without letting go of Python's lock, and `start`
connects signals, for which Qt locks one of 131 mutexes that all objects share. A QObject that
another thread destroys meanwhile may hold that very mutex while it waits for Python's lock, and
both wait for ever (`tests/worker/test_child_process.py` shows it). The pipes of `subprocess`
never take a lock of Qt's.
"""

import contextlib
import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import IO, cast

PIECE_BYTES = 64 * 1024
MAX_WAITING_BYTES = 1024 * 1024
"""More than this is left in the pipe, where the process waits, until it has been taken."""
STRAY_WAIT_S = 1.0
"""How long a dead process's pipes are read on, if a grandchild holds them open."""


NO_CONSOLE: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""On Windows no black window opens for it."""


class ChildPipes:
    """A running process whose output is gathered until somebody takes it.

    Everything here may be called from any thread, and nothing waits unless it says so.

    Args:
        command: program and arguments.
        environment: the process's variables.
        folder: where it is to work.
        wake: called from other threads whenever something waits to be taken.

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
        self._is_closed = False
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
        self._readers = (
            self._thread("output", self._gather, stdout, self._output),
            self._thread("log", self._gather, stderr, self._log),
        )
        self._others = (
            self._thread("input", self._send_all, stdin),
            self._thread("end", self._see_end),
        )
        for thread in (*self._readers, *self._others):
            thread.start()

    @property
    def process_id(self) -> int:
        """Process id; 0 when it has ended."""
        return 0 if self._how_ended else self._process.pid

    def send(self, line: bytes) -> None:
        """Send bytes in the order of the calls; they are lost if the process has just died."""
        self._requests.put(line)

    def take(self) -> tuple[bytes, bytes, str]:
        """Take what has come: output, log, and how the process ended, empty while it runs."""
        with self._news:
            output, log = bytes(self._output), bytes(self._log)
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
        for thread in self._others:
            thread.join(timeout_s)

    def _has_ended_within(self, timeout_s: float) -> bool:
        with self._news:
            return bool(self._news.wait_for(lambda: self._how_ended, timeout_s))

    def _thread(self, name: str, run: Callable[..., None], *arguments: object) -> threading.Thread:
        name = f"{name} of {self._process.pid}"
        return threading.Thread(target=run, args=arguments, name=name, daemon=True)

    def _gather(self, pipe: IO[bytes], into: bytearray) -> None:
        with pipe:
            while piece := os.read(pipe.fileno(), PIECE_BYTES):
                with self._news:
                    self._news.wait_for(partial(self._has_room, into))
                    must_wake = not into and not self._is_closed
                    # Of last words, what a log holds is enough.
                    if not self._is_closed or len(into) < PIECE_BYTES:
                        into.extend(piece)
                    self._news.notify_all()
                if must_wake:
                    self._wake()

    def _has_room(self, gathered: bytearray) -> bool:
        return len(gathered) < MAX_WAITING_BYTES or self._is_closed

    def _send_all(self, pipe: IO[bytes]) -> None:
        # A process that has ended reads nothing; `_see_end` tells of it.
        with contextlib.suppress(OSError), pipe:
            while (line := self._requests.get()) is not None:
                unsent = memoryview(line)
                while unsent:
                    unsent = unsent[pipe.write(unsent) :]

    def _see_end(self) -> None:
        code = self._process.wait()
        self._requests.put(None)
        for thread in self._readers:
            thread.join(STRAY_WAIT_S)
        with self._news:
            self._how_ended = f"signal {-code}" if code < 0 else f"exit code {code}"
            self._news.notify_all()
            must_wake = not self._is_closed
        if must_wake:
            self._wake()
