"""Files and names that a power cut leaves whole."""

import contextlib
import os
import sys
from pathlib import Path

from app.store.data_folder import PRIVATE_FILE

if sys.platform == "darwin":
    import fcntl

NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
"""A link that somebody put in the place of a part would lead out of the models folder."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file at once or not at all, also if the power fails.

    Raises:
        OSError: it could not be written; a former file is as it was.
    """
    new = new_name(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | NO_FOLLOW
    try:
        with os.fdopen(os.open(new, flags, PRIVATE_FILE), "wb") as stream:
            stream.write(content)
            stream.flush()
            flush_to_disk(stream.fileno())
        new.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise


def new_name(path: Path) -> Path:
    """Name what `write_whole` writes before it takes the place of `path`."""
    return path.with_name(f"{path.name}.new")


def flush_to_disk(descriptor: int) -> None:
    """See that what was written survives a power cut.

    Raises:
        OSError: it could not be written.
    """
    os.fsync(descriptor)
    if sys.platform == "darwin":
        # There fsync only hands over to the disk, which may keep it in its own memory.
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)


def sync_folder(folder: Path) -> None:
    """See that a name that was given or taken in a folder survives a power cut."""
    # NTFS keeps names in its journal, and opens no folder for flushing.
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
