from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from app.machine.file_systems import file_system_among, file_system_of


@dataclass(frozen=True)
class Disk:
    mountpoint: str
    fstype: str
    opts: str = "rw"


LINUX = [
    Disk("/", "ext4"),
    Disk("/home", "autofs"),
    Disk("/home", "btrfs"),
    Disk("/media/me/STICK", "exfat"),
    Disk("/media/me/server", "cifs"),
]
WINDOWS = [
    Disk("C:\\", "NTFS", "rw,fixed"),
    Disk("D:\\", "FAT32", "rw,removable"),
    Disk("Z:\\", "NTFS", "rw,remote"),
]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (PurePosixPath("/usr/share/x"), "ext4"),
        (PurePosixPath("/home/me/models"), "btrfs"),
        (PurePosixPath("/media/me/STICK"), "exfat"),
        (PurePosixPath("/media/me/STICKY"), "ext4"),
        (PurePosixPath("/media/me/server/a/b"), "cifs"),
        (PureWindowsPath("c:\\Users\\me"), "NTFS"),
        (PureWindowsPath("D:\\x.gguf"), "FAT32"),
        (PureWindowsPath("Z:\\models"), "smb"),
        (PureWindowsPath("E:\\models"), ""),
    ],
)
def test_the_nearest_disk_is_the_one(path: PurePath, expected: str) -> None:
    disks = WINDOWS if isinstance(path, PureWindowsPath) else LINUX
    assert file_system_among(disks, path) == expected


def test_this_computer_tells_of_its_own_disk() -> None:
    assert isinstance(file_system_of(Path.home()), str)
