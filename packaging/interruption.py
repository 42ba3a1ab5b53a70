"""Ways to stop a set-up besides Ctrl+C."""

import contextlib
import signal
import sys
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def like_ctrl_c() -> Iterator[None]:
    """Let SIGTERM and a closed terminal do what Ctrl+C does: stop in order, with all children."""
    numbers = [signal.SIGTERM]
    if sys.platform != "win32":
        numbers.append(signal.SIGHUP)
    # What is ignored stays ignored: that is how `nohup` works.
    heard = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = [(number, signal.signal(number, _stop)) for number in heard]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
