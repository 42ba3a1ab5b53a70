"""What is noted beside a file that is still arriving: which one it is, and what is safe of it."""

import logging
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.core.file_identity import FileIdentity
from app.store.durable_file import write_whole

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
