"""One set-up at a time in one folder.

The lock is a lock of the system on an open file, so it ends with its holder, however that ends.
On POSIX the pip that a set-up starts inherits it: when only the set-up is killed, the next one
waits until the orphan is done instead of writing into the same environment beside it.
"""

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

POLL_S = 0.5


@contextlib.contextmanager
def hold(path: Path) -> Iterator[int]:
    """Hold the lock in the file `path`; wait for whoever has it.

    Yields:
        The file descriptor that holds the lock, to be inherited by children.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        if not _try_lock(file.fileno()):
            print("Another set-up is at work in this folder; waiting for it to end.", flush=True)
            while not _try_lock(file.fileno()):
                time.sleep(POLL_S)
        yield file.fileno()


def _try_lock(descriptor: int) -> bool:
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
