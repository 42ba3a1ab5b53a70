"""Whether a download fits on its disk."""

import errno
import shutil
from pathlib import Path

from app.core.errors import ErrorCode, Facts, WorldError
from app.store.data_folder import write_error

RESERVE_FRACTION = 0.05
MAX_RESERVE_BYTES = 2_000_000_000
"""What stays free for the system and other programs."""
MAX_FAT32_FILE_BYTES = (1 << 32) - 1
FAT32_NAMES = frozenset({"vfat", "msdos", "fat", "fat32", "msdosfs"})
"""What Linux, Windows and macOS call it."""

DISK_GONE = frozenset(
    {errno.EIO, errno.ENODEV, errno.ENXIO, errno.ENOENT, errno.ENOTCONN, errno.ESTALE}
)
"""What is answered for files on a disk that was pulled out, or on a server that went away."""


def check_room(folder: Path, rest_bytes: int) -> None:
    """See that `rest_bytes` more fit on the disk of a folder, with some to spare.

    Raises:
        WorldError: DISK_TOO_SMALL with what is missing; FOLDER_ABSENT,
            DATA_FOLDER_UNWRITABLE.
    """
    try:
        usage = shutil.disk_usage(folder)
    except OSError as error:
        raise part_error(error, folder / "part", 0) from error
    missing_bytes = rest_bytes + reserve_bytes(usage.total) - usage.free
    if rest_bytes > 0 and missing_bytes > 0:
        facts = Facts(path=str(folder), needed_bytes=missing_bytes, available_bytes=usage.free)
        raise WorldError(ErrorCode.DISK_TOO_SMALL, facts)


def reserve_bytes(total_bytes: int) -> int:
    """Say how much of a disk of this size downloads leave free."""
    return min(MAX_RESERVE_BYTES, int(total_bytes * RESERVE_FRACTION))


def check_file_size(path: Path, size_bytes: int, file_system: str) -> None:
    """See that the disk can hold so large a file at all.

    Args:
        path: of the file.
        size_bytes: of the file.
        file_system: of its disk, as the system names it; may be empty.

    Raises:
        WorldError: FILE_TOO_LARGE_FOR_DISK.
    """
    if file_system.lower() in FAT32_NAMES and size_bytes > MAX_FAT32_FILE_BYTES:
        raise too_large(path, size_bytes)


def folder_absent(error: OSError, folder: Path) -> WorldError:
    """Give the error for a folder whose disk is not there, or no longer."""
    facts = Facts(path=str(folder), reason=error.strerror or "")
    return WorldError(ErrorCode.FOLDER_ABSENT, facts, str(error))


def too_large(path: Path, size_bytes: int) -> WorldError:
    """Give the error for a file that is larger than its disk can hold."""
    facts = Facts(path.name, str(path.parent), needed_bytes=size_bytes)
    return WorldError(ErrorCode.FILE_TOO_LARGE_FOR_DISK, facts)


def part_error(error: OSError, path: Path, size_bytes: int) -> WorldError:
    """Give the error to report when a part of a download could not be written."""
    if error.errno == errno.EFBIG:
        return too_large(path, size_bytes)
    if error.errno in DISK_GONE:
        return folder_absent(error, path.parent)
    return write_error(error, path)
