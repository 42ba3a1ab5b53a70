"""How the disk is formatted that a file is on."""

import logging
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Protocol

import psutil

_LOG = logging.getLogger(__name__)

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


def file_system_at(path: Path) -> str:
    """Name the file system of a path, in small letters; empty if the system does not tell."""
    try:
        partitions = psutil.disk_partitions(all=True)
        return file_system_among(partitions, path.resolve())
    except (OSError, RuntimeError) as error:
        _LOG.warning("file systems are not known: %s", error)
        return ""


def file_system_among(partitions: Iterable[Partition], path: PurePath) -> str:
    """Name the file system of a path, given all that there are."""
    kind = type(path)
    around = [one for one in partitions if path.is_relative_to(kind(one.mountpoint))]
    if not around:
        return ""
    # Of two at the same place the one mounted later hides the other.
    longest = max(len(kind(one.mountpoint).parts) for one in around)
    nearest = [one for one in around if len(kind(one.mountpoint).parts) == longest][-1]
    return REMOTE if "remote" in nearest.opts.split(",") else nearest.fstype.casefold()
