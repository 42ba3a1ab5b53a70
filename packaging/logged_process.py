"""Slow programs: their output goes to a log, the person who waits sees that they are alive."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SHOWN_EVERY_S = 15.0
"""Where the output is not a screen, a line now and then is enough."""
TAIL_BYTES = 65536
"""Enough to find the last count of files among the compiler's warnings."""
COMPILED = re.compile(r"\[(\d+)/(\d+)\] ")
"""How ninja counts what it has compiled."""

if sys.platform == "win32":
    OWN_GROUP = subprocess.CREATE_NEW_PROCESS_GROUP
else:
    OWN_GROUP = 0


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended: its exit code and what it printed."""

    code: int
    output: str


@dataclass(frozen=True, slots=True)
class LoggedProcess:
    """Runs programs, one after the other, with one log.

    Attributes:
        log: file that their output is added to.
        inherited: file descriptors that they keep open.
    """

    log: Path
    inherited: tuple[int, ...] = ()

    def run(
        self,
        command: list[str],
        *,
        variables: Mapping[str, str] | None = None,
        patience_s: float = 5.0,
    ) -> Finished:
        """Run a program to its end.

        Args:
            command: the program and its arguments.
            variables: environment variables besides those of this process.
            patience_s: how long it may take to end in order when this set-up is stopped.
        """
        with self.log.open("ab") as log:
            began = log.tell()
            log.write(f"\n$ {' '.join(command)}\n".encode())
            log.flush()
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(variables or {})},
                # A group of its own, so that its compilers can be stopped with it.
                start_new_session=os.name == "posix",
                creationflags=OWN_GROUP,
                # On Windows a lock cannot be inherited, and Python refuses to try.
                pass_fds=self.inherited if os.name == "posix" else (),
            )
            try:
                code = self._wait(process)
            except BaseException:
                _stop(process, patience_s)
                raise
        with self.log.open("rb") as log:
            log.seek(began)
            return Finished(code, log.read().decode(errors="replace"))

    def _wait(self, process: subprocess.Popen[bytes]) -> int:
        """Wait for the end, showing the seconds meanwhile."""
        began_s = shown_s = time.monotonic()
        is_screen = sys.stdout.isatty()
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = process.wait(timeout=1)
                if is_screen:
                    print("\r" + " " * 60 + "\r", end="", flush=True)
                return code
            now_s = time.monotonic()
            line = f"   working, {now_s - began_s:.0f} s{compiled(self._tail())}"
            if is_screen:
                print(f"\r{line:<60}", end="", flush=True)
            elif now_s - shown_s >= SHOWN_EVERY_S:
                shown_s = now_s
                print(line, flush=True)

    def _tail(self) -> str:
        with self.log.open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - TAIL_BYTES))
            return log.read().decode(errors="replace")


def compiled(output: str) -> str:
    """Say how much is compiled, from the end of a log; nothing when nothing is compiled."""
    counts = COMPILED.findall(output)
    return ", compiled {} of {} files".format(*counts[-1]) if counts else ""


def _stop(process: subprocess.Popen[bytes], patience_s: float) -> None:
    """Stop a program and all that it started: as Ctrl+C does, then by force."""
    if sys.platform == "win32":
        tree = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(tree, capture_output=True, check=False)
        process.wait()
    else:
        for number, wait_s in ((signal.SIGINT, patience_s), (signal.SIGKILL, None)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=wait_s)
