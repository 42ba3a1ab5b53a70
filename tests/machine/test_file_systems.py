"""The nearest mount point tells the file system."""

from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from app.machine.file_systems import file_system_of


def test_the_nearest_disk_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "stick"
    mounts = [(tmp_path.anchor, "ext4"), (str(stick), "vfat"), (str(tmp_path / "st"), "ntfs")]
    partitions = [SimpleNamespace(mountpoint=place, fstype=kind) for place, kind in mounts]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: partitions)
    assert file_system_of(stick / "models" / "not there yet") == "vfat"
    assert file_system_of(tmp_path / "models") == "ext4"


def test_what_cannot_be_told_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise PermissionError("no")

    monkeypatch.setattr(psutil, "disk_partitions", fail)
    assert file_system_of(tmp_path) == ""


def test_this_computer_says_something(tmp_path: Path) -> None:
    assert file_system_of(tmp_path)
