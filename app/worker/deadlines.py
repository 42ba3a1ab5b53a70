"""One timer for several moments to which somebody waits."""

import time
from collections.abc import Iterable
from math import ceil

from PySide6.QtCore import QTimer


def start_for_first(timer: QTimer, until_s: Iterable[float]) -> None:
    """Let a timer go off at the first of some moments; stop it if there is none.

    Args:
        timer: goes off once; a coarse one may do so a little early.
        until_s: the moments, in seconds of `time.monotonic`.
    """
    first_s = min(until_s, default=None)
    if first_s is None:
        timer.stop()
    else:
        timer.start(max(0, ceil((first_s - time.monotonic()) * 1000)))
