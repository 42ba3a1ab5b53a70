"""What kind of file system a file is on."""

from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Protocol

import psutil

from app.machine.probe import guarded

REMOTE = "smb"
"""Said of every drive of a server on Windows, which names the server's own format."""


class Partition(Protocol):
    """What psutil tells of a disk."""

    @property
    def mountpoint(self) -> str:
        """Where it is."""
        ...

    @property
    def fstype(self) -> str:
        """How it is formatted."""
        ...

    @property
    def opts(self) -> str:
        """How it is connected."""
        ...


def file_system_of(path: Path) -> str:
    """Name the file system as the operating system does ("ext4", "NTFS", "vfat").

    Returns:
        Empty if that cannot be told.
    """
    return guarded("file system", lambda: _file_system_of(path), "")


def file_system_among(partitions: Iterable[Partition], path: PurePath) -> str:
    """Name the file system of a path, given all that there are."""
    kind = type(path)
    found, length = "", -1
    for one in partitions:
        mount = kind(one.mountpoint)
        # A disk inside another one's folder is the nearer of both; of two at the same place the
        # later one hides the other.
        if len(mount.parts) >= length and path.is_relative_to(mount):
            found = REMOTE if "remote" in one.opts.split(",") else one.fstype
            length = len(mount.parts)
    return found


def _file_system_of(path: Path) -> str:
    return file_system_among(psutil.disk_partitions(all=True), path.resolve())
