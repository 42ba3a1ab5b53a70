"""A file that is still arriving, with all that disks and power do to it."""

import hashlib
import os
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import ErrorCode, WorldError
from app.core.file_identity import FileIdentity
from app.store import partial_file
from app.store.disk_room import check_file_size, check_room
from app.store.file_lock import FileLock
from app.store.part_notes import PartNotes, read_notes, write_notes
from app.store.partial_file import PartialFile, PartWriter

DATA = random.Random(7).randbytes(300_000)


def identity_of(data: bytes = DATA, commit: str = "a" * 40) -> FileIdentity:
    return FileIdentity("maker/m", "m.gguf", commit, len(data), hashlib.sha256(data).hexdigest())


def partial_in(folder: Path, data: bytes = DATA) -> PartialFile:
    return PartialFile(folder / "m.gguf", identity_of(data))


def write(partial: PartialFile, data: bytes, *, is_finished: bool = False) -> str:
    """Add what is missing up to the end of `data`."""
    with partial.opened(lambda _: None) as writer:
        writer.write(memoryview(data)[writer.done_bytes :])
        return writer.finish() if is_finished else ""


def reopened(partial: PartialFile) -> tuple[int, bool, bool]:
    """Give how much is here after a look, and whether that was another file or damaged."""
    with partial.opened(lambda _: None) as writer:
        return writer.done_bytes, writer.was_replaced, writer.was_damaged


@settings(deadline=None, max_examples=40)
@given(cuts=st.lists(st.integers(0, len(DATA)), max_size=4))
def test_pieced_together_it_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int]
) -> None:
    partial = partial_in(tmp_path_factory.mktemp("part"))
    for cut in sorted(cuts):
        write(partial, DATA[:cut])
        assert partial.present_bytes() == cut
    assert write(partial, DATA, is_finished=True) == partial.identity.sha256
    partial.publish()
    assert partial.target.read_bytes() == DATA
    assert list(partial.target.parent.iterdir()) == [partial.target]


def test_another_version_begins_anew(tmp_path: Path) -> None:
    write(partial_in(tmp_path), DATA[:100_000])
    other = partial_in(tmp_path, DATA[::-1])
    assert other.present_bytes() == 0
    assert reopened(other) == (0, True, False)
    assert write(other, DATA[::-1], is_finished=True) == other.identity.sha256


def test_the_same_content_of_another_commit_goes_on(tmp_path: Path) -> None:
    write(partial_in(tmp_path), DATA[:100_000])
    other = PartialFile(tmp_path / "m.gguf", identity_of(commit="b" * 40))
    assert reopened(other) == (100_000, False, False)


def test_damage_of_what_was_safe_is_found_before_the_rest_comes(tmp_path: Path) -> None:
    partial = partial_in(tmp_path)
    write(partial, DATA[:200_000], is_finished=True)
    with partial.part.open("r+b") as part:
        part.seek(1000)
        part.write(b"?")
    assert reopened(partial) == (0, False, True)


def test_a_part_cut_short_of_what_was_safe_begins_anew(tmp_path: Path) -> None:
    partial = partial_in(tmp_path)
    write(partial, DATA[:200_000], is_finished=True)
    os.truncate(partial.part, 100_000)
    assert reopened(partial) == (0, False, True)


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_after_a_power_cut_zeros_count_as_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever blocks were lost beyond the last flush, the rest makes the file whole."""
    partial = partial_in(tmp_path_factory.mktemp("part"))
    safe_bytes = data.draw(st.integers(0, 200_000))
    write(partial, DATA[:safe_bytes], is_finished=True)
    lost = data.draw(st.sets(st.integers(safe_bytes // 4096 + 1, 250_000 // 4096), max_size=5))
    with partial.part.open("r+b") as part:
        part.seek(safe_bytes)
        part.write(DATA[safe_bytes:250_000])
        for block in lost:
            part.seek(block * 4096)
            part.write(bytes(min(4096, 250_000 - block * 4096)))
    notes = read_notes(partial.notes)
    assert notes is not None
    assert notes.synced_bytes == safe_bytes
    write_notes(
        partial.notes, PartNotes(notes.identity, safe_bytes, notes.synced_sha256, "another boot")
    )
    here_bytes, _, was_damaged = reopened(partial)
    assert not was_damaged
    assert here_bytes == min([block * 4096 for block in lost], default=250_000)
    assert write(partial, DATA, is_finished=True) == partial.identity.sha256


def test_without_notes_nothing_is_believed(tmp_path: Path) -> None:
    partial = partial_in(tmp_path)
    write(partial, DATA[:100_000])
    for content in (b"", b"{}", b"\0" * 200):
        partial.notes.write_bytes(content)
        assert partial.present_bytes() == 0
    assert reopened(partial)[0] == 0


def test_notes_are_kept_while_it_arrives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partial_file, "SYNC_BYTES", 50_000)
    monkeypatch.setattr(partial_file, "MIN_SYNC_S", 0.0)
    partial = partial_in(tmp_path)
    with partial.opened(lambda _: None) as writer:
        for place in range(0, 250_000, 50_000):
            writer.write(memoryview(DATA)[place : place + 50_000])
    notes = read_notes(partial.notes)
    assert notes is not None
    assert notes.synced_bytes >= 50_000
    assert notes.synced_sha256 == hashlib.sha256(DATA[: notes.synced_bytes]).hexdigest()


def test_looking_at_what_is_here_can_be_stopped(tmp_path: Path) -> None:
    partial = partial_in(tmp_path)
    write(partial, DATA[:100_000])

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), partial.opened(stop):
        pass
    assert partial.present_bytes() == 100_000


def test_a_link_in_place_of_the_part_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    partial = partial_in(tmp_path)
    partial.part.symlink_to(victim)
    with pytest.raises(WorldError), partial.opened(lambda _: None):
        pass
    assert victim.read_bytes() == b"precious"


def test_discarding_leaves_nothing(tmp_path: Path) -> None:
    partial = partial_in(tmp_path)
    write(partial, DATA[:1000])
    partial.discard()
    assert list(tmp_path.iterdir()) == []


def test_one_window_at_a_time(tmp_path: Path) -> None:
    partial = partial_in(tmp_path)
    with partial.locked():
        with pytest.raises(WorldError) as error, partial.locked():
            pass
        assert error.value.code is ErrorCode.ALREADY_DOWNLOADING
    with partial.locked():
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_lock_file_that_was_deleted_meanwhile_is_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between opening the file and locking it, its former holder may delete it."""
    path = tmp_path / "lock"
    opened: list[int] = []
    real_open = os.open

    def open_and_lose(*arguments: object) -> int:
        descriptor = real_open(*arguments)  # type: ignore[arg-type]
        if not opened:
            path.unlink()
        opened.append(descriptor)
        return descriptor

    monkeypatch.setattr(os, "open", open_and_lose)
    with FileLock(path, "m.gguf"):
        assert path.exists()
    assert len(opened) == 2


# --- room ---


def writing_until_full(writer: PartWriter, data: bytes) -> None:
    for place in range(0, len(data), 65_536):
        writer.write(memoryview(data)[place : place + 65_536])


def test_a_full_disk_keeps_what_is_here_and_recovers(small_disk: Path) -> None:
    data = random.Random(3).randbytes(1_500_000)
    partial = partial_in(small_disk, data)
    other = small_disk / "other"
    with partial.opened(lambda _: None) as writer:
        writer.write(memoryview(data)[:65_536])
        other.write_bytes(bytes(1_000_000))
        with pytest.raises(WorldError) as error:
            writing_until_full(writer, data[65_536:])
        assert error.value.code is ErrorCode.DISK_FULL
    here_bytes = partial.present_bytes()
    assert 500_000 < here_bytes < len(data)
    with pytest.raises(WorldError) as refused, partial.opened(lambda _: None):
        pass
    assert refused.value.code is ErrorCode.DISK_TOO_SMALL
    missing_bytes = refused.value.facts.needed_bytes
    assert missing_bytes == pytest.approx(len(data) - here_bytes + 2 * 2**20 // 20, abs=9000)
    other.unlink()
    assert partial.present_bytes() == here_bytes
    assert write(partial, data, is_finished=True) == partial.identity.sha256


def test_room_is_looked_at_with_some_to_spare(small_disk: Path) -> None:
    free_bytes = shutil.disk_usage(small_disk).free
    check_room(small_disk, 1_800_000)
    with pytest.raises(WorldError) as error:
        check_room(small_disk, 2_050_000)
    assert error.value.code is ErrorCode.DISK_TOO_SMALL
    assert error.value.facts.available_bytes == free_bytes
    assert error.value.facts.needed_bytes == 2_050_000 + (2 << 20) // 20 - free_bytes
    check_room(small_disk, 0)


@pytest.mark.parametrize("name", ["vfat", "FAT32", "msdos"])
def test_fat32_holds_no_larger_files(name: str) -> None:
    path = Path("/media/stick/m.gguf")
    check_file_size(path, (4 << 30) - 1, name)
    check_file_size(path, 9 << 30, "exfat")
    check_file_size(path, 9 << 30, "")
    with pytest.raises(WorldError) as error:
        check_file_size(path, 4 << 30, name)
    assert error.value.code is ErrorCode.FILE_TOO_LARGE_FOR_DISK
