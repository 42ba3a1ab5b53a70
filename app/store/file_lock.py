"""One window at a time writes a file, also among several programs of this kind."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from app.core.errors import ErrorCode, Facts, WorldError
from app.store.data_folder import PRIVATE_FILE
from app.store.disk_room import part_error

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """A lock that the system gives back when its holder dies, however that happens.

    Used as a context manager.

    Args:
        path: of a file of its own, beside the one that is written.
        file_name: for the sentence shown.
    """

    def __init__(self, path: Path, file_name: str) -> None:
        self._path = path
        self._file_name = file_name
        self._descriptor = -1

    def __enter__(self) -> Self:
        """Take the lock, without waiting for it.

        Raises:
            WorldError: ALREADY_DOWNLOADING when somebody has it; DISK_FULL,
                FOLDER_ABSENT or DATA_FOLDER_UNWRITABLE.
        """
        while True:
            try:
                descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
            except OSError as error:
                raise part_error(error, self._path, 0) from error
            try:
                _lock(descriptor)
            except OSError as error:
                os.close(descriptor)
                facts = Facts(self._file_name, str(self._path))
                raise WorldError(ErrorCode.ALREADY_DOWNLOADING, facts, str(error)) from error
            if self._is_at_path(descriptor):
                self._descriptor = descriptor
                return self
            # The former holder deleted the file between the two steps: that lock is worthless.
            os.close(descriptor)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the lock back and delete its file, before anybody else can have it."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError:
            # Windows deletes no open file; so it stays, and locks as well as a new one.
            pass
        finally:
            os.close(self._descriptor)
            self._descriptor = -1

    def _is_at_path(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        except FileNotFoundError:
            return False
