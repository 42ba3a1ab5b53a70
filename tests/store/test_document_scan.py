"""Looking into folders: what is listed, what is away, what cannot be looked into."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from app.core.errors import ErrorCode
from app.store.document_scan import KnownSource, SeenSources, is_in_cloud, look


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    for name in ("a.txt", "b/c.txt", "b/.hidden/d.txt", ".git/config", "node_modules/e.txt"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def names(seen: SeenSources, folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in seen.files}


def test_everything_below_is_listed_but_what_is_hidden_or_left_out(folder: Path) -> None:
    (folder / "b" / "x.log").write_text("")
    seen = look([KnownSource(folder)], ["*.log"])
    assert names(seen, folder) == {"a.txt", "b/c.txt"}
    assert seen.devices == {folder: str(folder.stat().st_dev)}


def test_overlapping_sources_list_each_file_once(folder: Path) -> None:
    sources = [KnownSource(folder / "a.txt"), KnownSource(folder), KnownSource(folder / "b")]
    assert names(look(sources, []), folder) == {"a.txt", "b/c.txt"}


def test_a_file_that_the_user_named_is_never_left_out(folder: Path) -> None:
    path = folder / ".git" / "config"
    assert set(look([KnownSource(path)], ["*"]).files) == {path}


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_lead_neither_round_in_a_circle_nor_twice_to_the_same(folder: Path) -> None:
    (folder / "b" / "up").symlink_to(folder)
    (folder / "b" / "self").symlink_to(folder / "b")
    (folder / "again").symlink_to(folder / "b")
    (folder / "whole").symlink_to("/")
    (folder / "nothing").symlink_to(folder / "gone")
    elsewhere = folder.with_name("elsewhere")
    elsewhere.mkdir()
    (elsewhere / "f.txt").write_text("")
    (folder / "linked").symlink_to(elsewhere)
    seen = look([KnownSource(folder)], [])
    assert names(seen, folder) == {"a.txt", "b/c.txt", "linked/f.txt"}


def test_our_own_folder_is_not_looked_into(folder: Path) -> None:
    seen = look([KnownSource(folder)], [], [folder / "b"])
    assert names(seen, folder) == {"a.txt"}


def test_a_source_that_is_not_there_is_away(folder: Path) -> None:
    seen = look([KnownSource(folder / "gone"), KnownSource(folder / "a.txt")], [])
    assert seen.away == [folder / "gone"]
    assert names(seen, folder) == {"a.txt"}


def test_an_empty_folder_on_another_disk_is_a_disk_that_is_not_connected(tmp_path: Path) -> None:
    mount = tmp_path / "usb"
    mount.mkdir()
    assert look([KnownSource(mount, "another disk")], []).away == [mount]
    assert look([KnownSource(mount, str(mount.stat().st_dev))], []).away == []
    assert look([KnownSource(mount)], []).away == []


def test_what_is_no_file_says_so(folder: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("there are no pipes with names in folders")
    os.mkfifo(folder / "pipe")
    failure = look([KnownSource(folder)], []).files[folder / "pipe"].failure
    assert failure is not None
    assert failure.code is ErrorCode.DOCUMENT_UNREADABLE


@pytest.mark.skipif(sys.platform == "win32", reason="rights are others there")
def test_a_folder_that_may_not_be_entered_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "b":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    # Root, who runs many tests, may enter everything.
    monkeypatch.setattr(os, "scandir", refuse)
    seen = look([KnownSource(folder)], [])
    assert seen.unreadable[folder / "b"].code is ErrorCode.FOLDER_UNREADABLE
    assert names(seen, folder) == {"a.txt"}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"st_file_attributes": 0x400000}, True),
        ({"st_file_attributes": 0x1020}, True),
        ({"st_file_attributes": 0x20}, False),
        ({"st_flags": 0x40000000}, True),
        ({"st_flags": 0}, False),
        ({}, False),
    ],
)
def test_a_stand_in_for_a_file_in_the_cloud_is_known(
    facts: dict[str, int], expected: bool
) -> None:
    assert is_in_cloud(cast("os.stat_result", SimpleNamespace(**facts))) is expected
