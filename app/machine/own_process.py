"""What a child process does to itself: yields, dies with its parent, keeps within limits."""

import os
import sys
from pathlib import Path
from typing import BinaryIO

NICENESS = 5
"""So much a child yields to the window for the processor."""


def private_output() -> BinaryIO:
    """Give a private copy of the standard output, for messages.

    Whatever else is printed there, by native code too, goes to the log from now on and cannot
    break a message.
    """
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return output


def live_and_die_with_parent() -> None:
    """Yield to the window for the processor, die before it for memory, never outlive it."""
    if sys.platform == "win32":
        return
    os.nice(NICENESS)
    import resource  # noqa: PLC0415 - there is no such module on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 - only needed here
    import signal  # noqa: PLC0415 - only needed here

    parent = os.getppid()
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG, linux/prctl.h
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)
    Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")


def limit_memory(limit_bytes: int) -> None:
    """Let this process have at most `limit_bytes` of address space; 0 is no limit."""
    if limit_bytes and sys.platform != "win32":
        import resource  # noqa: PLC0415 - there is no such module on Windows

        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))


def limit_processor_time(seconds: int) -> None:
    """Let this process compute for so many seconds from now on; it dies when they are over."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is no such module on Windows

    used = resource.getrusage(resource.RUSAGE_SELF)
    until_s = int(used.ru_utime + used.ru_stime) + seconds + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (until_s, hard))


def leave_the_network() -> bool:
    """Give up every network interface, where the system lets a process do so by itself."""
    if sys.platform != "linux":
        return False
    import ctypes  # noqa: PLC0415 - only needed here

    new_user, new_network = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET, linux/sched.h
    code: int = ctypes.CDLL(None).unshare(new_user | new_network)
    return code == 0
