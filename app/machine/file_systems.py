"""What kind of file system a folder is on."""

from pathlib import Path

import psutil

from app.machine.probe import guarded


def file_system_of(folder: Path) -> str:
    """Name the file system as the operating system does ("ext4", "NTFS", "vfat").

    Returns:
        Empty if that cannot be told.
    """
    return guarded("file system", lambda: _file_system_of(folder), "")


def _file_system_of(folder: Path) -> str:
    place = folder.resolve()
    found, length = "", -1
    for partition in psutil.disk_partitions(all=True):
        mount = Path(partition.mountpoint)
        # A disk inside another one's folder is the nearer of both.
        if len(mount.parts) > length and place.is_relative_to(mount):
            found, length = partition.fstype, len(mount.parts)
    return found
