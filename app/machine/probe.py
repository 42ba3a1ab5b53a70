"""How single facts about this computer are asked for: guarded, and within a time limit."""

import logging
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil

_LOG = logging.getLogger(__name__)

Answer = TypeVar("Answer")

PROGRAM_LIMIT_S = 2.0
"""How long a program of the system may take to answer; they need 0.01 to 0.5 s."""
SYSTEM_ROOT = Path("/")
"""Below it lie /proc and /sys; tests hand in a recorded tree instead."""
PROBE_ERRORS = (
    OSError,
    ValueError,
    LookupError,
    NotImplementedError,
    subprocess.SubprocessError,
    psutil.Error,
)
"""What asking an unusual system may fail with."""


def guarded(fact: str, probe: Callable[[], Answer], otherwise: Answer) -> Answer:
    """Give what `probe` finds out, or `otherwise` if it fails; `fact` names it in the log."""
    try:
        return probe()
    except PROBE_ERRORS as error:
        _LOG.warning("%s not known: %s: %s", fact, type(error).__name__, error)
        return otherwise


def output_of(*command: str) -> str:
    """Run a program of the system and give what it printed, whatever its exit code.

    Raises:
        OSError: it cannot be run.
        subprocess.TimeoutExpired: it did not end in time.
    """
    ran = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PROGRAM_LIMIT_S,
        check=False,
    )
    return ran.stdout.decode("utf-8", "replace")


def text_of(path: Path) -> str:
    """Give the text of a small file of the system; empty where there is none or no access.

    Most of these files exist on some computers only, so that is not worth a line in the log.
    """
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def number_in(path: Path) -> int | None:
    """Give the whole number that a file of the system holds, or None."""
    text = text_of(path)
    return int(text) if text.removeprefix("-").isdecimal() else None
