"""The folder of saved model memory."""

import os
import sys
from pathlib import Path

import pytest

from app.core.errors import ErrorCode, WorldError
from app.store.saved_states import STALE_PART_S, SavedStates

A_MOMENT_NS = 1_000_000_000


@pytest.fixture
def states(tmp_path: Path) -> SavedStates:
    return SavedStates(tmp_path / "memory")


def save(states: SavedStates, conversation_id: str, size_bytes: int, age_s: float = 0.0) -> Path:
    """Write a file as the engine does, last used `age_s` ago."""
    path = states.path_for(conversation_id, "f00d")
    path.write_bytes(b"x" * size_bytes)
    make_older(path, age_s)
    return path


def make_older(path: Path, age_s: float) -> None:
    modified_ns = path.stat().st_mtime_ns - int(age_s * 1e9)
    os.utime(path, ns=(modified_ns, modified_ns))


def test_each_chat_and_model_has_a_file_of_its_own(states: SavedStates) -> None:
    paths = {states.path_for(chat, model) for chat in ("a", "b") for model in ("x", "y")}
    assert len(paths) == 4
    assert len({path.parent for path in paths}) == 1


@pytest.mark.parametrize("name", ["", "..", "a/b", "a\\b", "C:", "a.b", "ä", "x" * 65, "a\n"])
def test_no_name_leads_out_of_the_folder(states: SavedStates, name: str) -> None:
    with pytest.raises(ValueError, match="safe"):
        states.path_for(name, "f00d")
    with pytest.raises(ValueError, match="safe"):
        states.path_for("chat", name)


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions on Windows")
def test_the_folder_is_for_its_user_only(states: SavedStates) -> None:
    assert states.path_for("a", "b").parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WorldError) as caught:
        SavedStates(tmp_path / "file" / "memory").path_for("a", "b")
    assert caught.value.code is ErrorCode.DATA_FOLDER_UNWRITABLE


def test_nothing_is_there_before_the_first_answer(states: SavedStates) -> None:
    assert states.total_bytes() == 0
    assert states.evict(0) == 0
    states.delete_conversation("a")
    states.keep_only([])


def test_a_deleted_chat_leaves_no_memory_of_any_model(states: SavedStates) -> None:
    kept = save(states, "ab", 10)
    gone = [save(states, "a", 10), states.path_for("a", "beef"), states.path_for("a", "cafe")]
    gone[1].write_bytes(b"x")
    gone[2] = gone[2].with_suffix(".part")
    gone[2].write_bytes(b"x")
    states.delete_conversation("a")
    assert [path.exists() for path in gone] == [False, False, False]
    assert kept.exists()


def test_the_files_used_longest_ago_make_room(states: SavedStates) -> None:
    oldest = save(states, "a", 100, age_s=30)
    newest = save(states, "b", 100, age_s=10)
    middle = save(states, "c", 100, age_s=20)
    assert states.evict(300) == 0
    assert states.total_bytes() == 300
    assert states.evict(299) == 100
    assert not oldest.exists()
    assert states.evict(100) == 100
    assert not middle.exists()
    assert newest.exists()
    assert states.evict(0) == 100
    assert states.total_bytes() == 0


def test_a_file_half_written_is_left_to_the_engine_until_it_is_stale(states: SavedStates) -> None:
    part = save(states, "a", 50).rename(states.path_for("a", "f00d").with_suffix(".part"))
    assert states.evict(0) == 0
    assert part.exists()
    make_older(part, STALE_PART_S + 60)
    assert states.evict(1000) == 50
    assert not part.exists()


def test_at_start_what_belongs_to_no_chat_goes(states: SavedStates) -> None:
    kept, orphan = save(states, "a", 10), save(states, "b", 10)
    part = states.path_for("a", "beef").with_suffix(".part")
    part.write_bytes(b"x")
    states.keep_only({"a"})
    assert [path.exists() for path in (kept, orphan, part)] == [True, False, False]


def test_other_files_in_the_folder_are_not_touched(states: SavedStates) -> None:
    other = save(states, "a", 10).with_name("notes.txt")
    other.write_text("mine")
    states.evict(0)
    states.keep_only([])
    assert other.read_text() == "mine"
    assert states.total_bytes() == 0


def test_a_file_that_the_engine_takes_away_meanwhile_is_no_matter(
    states: SavedStates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine renames its half written files at any moment."""
    save(states, "a", 10)
    gone = save(states, "b", 10)
    listed = list(gone.parent.glob("*"))
    gone.unlink()
    monkeypatch.setattr(Path, "glob", lambda _path, _pattern: iter(listed))
    assert states.total_bytes() == 10
    assert states.evict(0) == 10
