"""Hints that something has changed, from the real system."""

import errno
import queue
from collections.abc import Iterator
from pathlib import Path

import pytest
from watchdog.observers.api import BaseObserver

from app.machine.folder_watch import FolderWatch

WAIT_S = 5.0
QUIET_S = 0.3


class Hints(queue.SimpleQueue[Path]):
    def next(self) -> Path:
        return self.get(timeout=WAIT_S)

    def assert_none(self) -> None:
        with pytest.raises(queue.Empty):
            self.get(timeout=QUIET_S)


@pytest.fixture
def hints() -> Hints:
    return Hints()


@pytest.fixture
def watch(hints: Hints, tmp_path: Path) -> Iterator[FolderWatch]:
    watch = FolderWatch(hints.put, [tmp_path / "papers" / "ours"])
    yield watch
    watch.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    (folder / "deep" / "deeper").mkdir(parents=True)
    (folder / "ours").mkdir()
    return folder


def test_a_change_far_below_gives_a_hint(watch: FolderWatch, hints: Hints, folder: Path) -> None:
    assert watch.watch([folder]) == []
    (folder / "deep" / "deeper" / "a.txt").write_text("new")
    assert hints.next() == folder


def test_reading_hidden_files_and_our_own_are_no_news(
    watch: FolderWatch, hints: Hints, folder: Path
) -> None:
    (folder / "a.txt").write_text("old")
    (folder / ".git").mkdir()
    watch.watch([folder])
    (folder / "a.txt").read_text()
    (folder / ".git" / "index").write_text("x")
    (folder / "ours" / "documents.db").write_text("x")
    (folder / "b.tmp").write_text("x")
    hints.assert_none()


def test_of_a_file_only_its_own_changes_count_also_when_it_is_replaced(
    watch: FolderWatch, hints: Hints, folder: Path
) -> None:
    path = folder / "a.txt"
    path.write_text("old")
    watch.watch([path])
    (folder / "other.txt").write_text("x")
    hints.assert_none()
    new = folder / "saved.tmp"
    new.write_text("new")
    new.replace(path)
    assert hints.next() == path


def test_what_is_no_longer_watched_gives_no_hints(
    watch: FolderWatch, hints: Hints, folder: Path
) -> None:
    watch.watch([folder])
    watch.watch([])
    (folder / "a.txt").write_text("new")
    hints.assert_none()


def test_running_out_of_watches_is_no_error(
    watch: FolderWatch, hints: Hints, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(BaseObserver, "schedule", refuse)
    assert watch.watch([folder]) == [folder]
    monkeypatch.undo()
    assert watch.watch([folder]) == []
    (folder / "a.txt").write_text("new")
    assert hints.next() == folder


def test_a_folder_that_is_not_there_cannot_be_watched(watch: FolderWatch, folder: Path) -> None:
    assert watch.watch([folder / "gone" / "for good"]) == [folder / "gone" / "for good"]
