"""What is noted beside a file that is still arriving: which one it is, and what is safe of it."""

import contextlib
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.core.file_identity import FileIdentity
from app.store.data_folder import PRIVATE_FILE

if sys.platform == "darwin":
    import fcntl

_LOG = logging.getLogger(__name__)

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class PartNotes:
    """Notes on a part.

    Attributes:
        identity: which file it is.
        synced_bytes: how much had certainly reached the disk; a power cut leaves this whole.
        synced_sha256: hash of that much.
        boot: names the run of the computer in which this was noted; empty if that is not known.
    """

    identity: FileIdentity
    synced_bytes: int = 0
    synced_sha256: str = ""
    boot: str = ""

    def is_of_this_boot(self) -> bool:
        """Say whether no power cut can lie between these notes and now."""
        return bool(self.boot) and self.boot == present_boot()


def present_boot() -> str:
    """Name the present run of the computer; empty where the system has no name for it."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def read_notes(path: Path) -> PartNotes | None:
    """Read notes; None if there are none, or none that can be understood."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=PartNotes)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        _LOG.warning("notes on a download are ignored: %s", type(error).__name__)
        return None


def write_notes(path: Path, notes: PartNotes) -> None:
    """Keep notes in place of earlier ones; a power cut leaves one or the other."""
    write_whole(path, msgspec.json.encode(notes))


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


NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
"""A link that somebody put in the place of a part would lead out of the models folder."""
