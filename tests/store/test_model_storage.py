"""Deleting and keeping model files: only our own are deleted, and nothing else changes."""

import contextlib
import errno
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import ErrorCode, WorldError
from app.core.origin import Origin, Program
from app.store.model_files import inspect_model
from app.store.model_records import FileRecord, FolderRecord, read_record, write_record
from app.store.model_storage import ModelStorage
from tests.gguf_splitter import split
from tests.store.other_programs.stores import tree, write_hub_cache, write_model, write_ollama

COMMIT, SHA = "c" * 40, "d" * 64
needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def storage(models: Path) -> ModelStorage:
    return ModelStorage((models,))


def download(folder: Path, *names: str, title: str = "Tiny") -> list[Path]:
    """Put files where downloads go, with their record."""
    paths = [write_model(folder / name, title) for name in names]
    record = read_record(folder) or FolderRecord("org/repo", licence_id="mit")
    for path in paths:
        size = path.stat().st_size
        record = record.with_file(FileRecord(path.name, path.name, COMMIT, size, SHA))
    write_record(folder, record)
    return paths


def refusal(storage: ModelStorage, path: Path) -> ErrorCode:
    with pytest.raises(WorldError) as caught:
        storage.delete(path)
    return caught.value.code


# --- deleting ---


def test_a_download_is_deleted_with_its_record_and_folder(
    storage: ModelStorage, models: Path
) -> None:
    (path,) = download(models / "org__repo", "a.gguf")
    size = path.stat().st_size
    assert storage.places().by_path == {path: size}
    assert storage.delete(path) == size
    assert list(models.iterdir()) == []
    assert storage.places().taken_bytes == 0


def test_other_models_in_the_folder_stay(storage: ModelStorage, models: Path) -> None:
    one, other = download(models / "org__repo", "a.gguf", "b.gguf")
    storage.delete(one)
    assert other.exists()
    record = read_record(other.parent)
    assert record is not None
    assert [file.name for file in record.files] == ["b.gguf"]
    assert record.licence_id == "mit"


def test_what_the_user_put_there_stays(storage: ModelStorage, models: Path) -> None:
    (path,) = download(models / "org__repo", "a.gguf")
    notes = path.with_name("my notes.txt")
    notes.write_text("mine")
    mine = write_model(path.with_name("mine.gguf"))
    assert refusal(storage, mine) is ErrorCode.FILE_NOT_OURS
    storage.delete(path)
    assert notes.exists()
    assert mine.exists()


def test_all_parts_are_deleted(storage: ModelStorage, models: Path, tmp_path: Path) -> None:
    folder = models / "org__repo" / "1a2b3c4d"
    folder.mkdir(parents=True)
    parts = split(write_model(tmp_path / "a.gguf"), folder, 3)
    record = FolderRecord("org/repo")
    for part in parts:
        row = FileRecord(part.name, part.name, COMMIT, part.stat().st_size, SHA)
        record = record.with_file(row)
    write_record(folder, record)
    sizes = sum(part.stat().st_size for part in parts)
    assert storage.places().by_path == {parts[0]: sizes}
    assert storage.delete(parts[0]) == sizes
    assert list(models.iterdir()) == []


def test_the_last_model_takes_the_projector_along(storage: ModelStorage, models: Path) -> None:
    folder = models / "org__repo"
    one, other, eye = download(folder, "a.gguf", "b.gguf", "mmproj-F16.gguf")
    size = eye.stat().st_size
    assert set(storage.places().by_path) == {one, other}
    assert storage.delete(one) == size
    assert eye.exists()
    assert storage.places().by_path == {other: 2 * size}
    assert storage.delete(other) == 2 * size
    assert not folder.exists()


def test_a_file_that_is_gone_is_missing(storage: ModelStorage, models: Path) -> None:
    assert refusal(storage, models / "org__repo" / "a.gguf") is ErrorCode.FILE_MISSING


def test_no_file_outside_is_deleted(storage: ModelStorage, models: Path, tmp_path: Path) -> None:
    """However it is spelled, and whatever a record beside it claims."""
    models.joinpath("x").mkdir(parents=True)
    (outside,) = download(tmp_path / "models of others", "a.gguf")
    before = tree(tmp_path)
    for path in (
        outside,
        models / ".." / "models of others" / "a.gguf",
        models / "x" / ".." / ".." / "models of others" / "a.gguf",
        Path(os.path.relpath(outside)),
    ):
        assert refusal(storage, path) is ErrorCode.FILE_NOT_OURS
    assert tree(tmp_path) == before


@needs_links
def test_no_link_leads_to_a_file_outside(
    storage: ModelStorage, models: Path, tmp_path: Path
) -> None:
    (outside,) = download(tmp_path / "others", "a.gguf")
    models.mkdir()
    (models / "folder").symlink_to(outside.parent)
    inside = models / "org__repo"
    download(inside, "b.gguf")
    (inside / "b.gguf").unlink()
    (inside / "b.gguf").symlink_to(outside)
    before = tree(tmp_path)
    assert refusal(storage, models / "folder" / "a.gguf") is ErrorCode.FILE_NOT_OURS
    assert refusal(storage, inside / "b.gguf") is ErrorCode.FILE_NOT_OURS
    assert storage.places().by_path == {}
    assert tree(tmp_path) == before


@needs_links
def test_a_models_folder_behind_a_link_is_ours(tmp_path: Path) -> None:
    (tmp_path / "big disk").mkdir()
    (tmp_path / "models").symlink_to(tmp_path / "big disk")
    (path,) = download(tmp_path / "models" / "org__repo", "a.gguf")
    assert ModelStorage((tmp_path / "models",)).delete(path) > 0


@pytest.mark.parametrize("name", ["../../outside.gguf", "/outside.gguf", "..", ""])
def test_a_record_cannot_name_files_elsewhere(
    name: str, storage: ModelStorage, models: Path, tmp_path: Path
) -> None:
    outside = write_model(tmp_path / "outside.gguf")
    folder = models / "org__repo"
    (path,) = download(folder, "a.gguf")
    record = read_record(folder)
    assert record is not None
    write_record(folder, record.with_file(FileRecord(name, name, COMMIT, 1, SHA)))
    storage.places()
    storage.delete(path)
    assert outside.exists()


PARTS = st.sampled_from(
    ["..", ".", "models", "others", "org__repo", "a.gguf", "b.gguf", "link", "sub", "", "/", "~"]
)


@needs_links
@settings(max_examples=200, deadline=None)
@given(parts=st.lists(PARTS, min_size=1, max_size=7), is_absolute=st.booleans())
def test_no_path_whatever_leads_to_a_file_outside(
    parts: list[str], is_absolute: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    top = tmp_path_factory.mktemp("top")
    models = top / "models"
    download(models / "org__repo", "a.gguf")
    download(top / "others", "a.gguf", "b.gguf")
    download(top / "others" / "org__repo", "a.gguf")
    (models / "link").symlink_to(top / "others")
    (models / "org__repo" / "sub").symlink_to(top / "others")
    before = tree(top / "others")
    path = models.joinpath(*parts) if is_absolute else Path(*parts)
    with contextlib.suppress(WorldError):
        ModelStorage((models,)).delete(path)
    assert tree(top / "others") == before


# --- origins ---


def test_a_record_tells_where_a_file_is_from(storage: ModelStorage, models: Path) -> None:
    (path,) = download(models / "org__repo", "a.gguf")
    assert storage.origin_of(path) == Origin(Program.QUILLHOUSE, "org/repo", COMMIT, SHA)
    assert storage.origin_of(write_model(path.with_name("mine.gguf"))) is None
    assert storage.origin_of(models / "gone.gguf") is None


# --- keeping ---


def test_a_kept_file_takes_no_room_and_stays(
    storage: ModelStorage, models: Path, tmp_path: Path
) -> None:
    theirs = write_model(tmp_path / "studio" / "org" / "repo" / "a-Q4_K_M.gguf")
    before = tree(tmp_path)
    origin = Origin(Program.LM_STUDIO, "org/repo", sha256=SHA)
    kept = storage.keep(inspect_model(theirs), origin)
    assert kept.name == "a-Q4_K_M.gguf"
    assert kept.samefile(theirs)
    kept_origin = storage.origin_of(kept)
    assert kept_origin == Origin(Program.LM_STUDIO, "org/repo", sha256=SHA, is_kept=True)
    assert {name: value for name, value in tree(tmp_path).items() if name in before} == before
    assert storage.places().by_path == {kept: 0}
    assert storage.keep(inspect_model(theirs), origin) == kept
    theirs.unlink()
    assert storage.places().by_path == {kept: kept.stat().st_size}
    assert inspect_model(kept).architecture == "llama"


def test_deleting_a_kept_file_frees_nothing_and_leaves_the_other_program_its_own(
    storage: ModelStorage, models: Path, tmp_path: Path
) -> None:
    theirs = write_model(tmp_path / "studio" / "a.gguf")
    kept = storage.keep(inspect_model(theirs), Origin(Program.LM_STUDIO))
    assert storage.delete(kept) == 0
    assert theirs.exists()
    assert list(models.iterdir()) == []


def test_a_blob_of_ollama_is_kept_under_a_name_that_says_what_it_is(
    storage: ModelStorage, tmp_path: Path
) -> None:
    blob = write_ollama(tmp_path / "ollama")
    model = inspect_model(blob)
    kept = storage.keep(model, Origin(Program.OLLAMA, sha256=SHA))
    assert kept.name == "Tiny-Sample.gguf"
    assert kept.parent.name == "ollama__Tiny-Sample"


@needs_links
def test_of_the_hubs_cache_the_file_itself_is_kept_and_not_a_link_to_it(
    storage: ModelStorage, tmp_path: Path
) -> None:
    theirs = write_hub_cache(tmp_path / "hub")
    kept = storage.keep(inspect_model(theirs), Origin(Program.HUB_CACHE, "org/tiny-GGUF"))
    assert not kept.is_symlink()
    theirs.resolve().unlink()
    assert inspect_model(kept).architecture == "llama"


def test_all_parts_are_kept(storage: ModelStorage, models: Path, tmp_path: Path) -> None:
    studio = tmp_path / "studio"
    studio.mkdir()
    parts = split(write_model(tmp_path / "a.gguf"), studio, 2)
    kept = storage.keep(inspect_model(parts[0]), Origin(Program.LM_STUDIO))
    assert inspect_model(kept).size_bytes == inspect_model(parts[0]).size_bytes
    storage.delete(kept)
    assert list(models.iterdir()) == []


def test_two_models_of_one_name_are_kept_apart(storage: ModelStorage, tmp_path: Path) -> None:
    one, other = (write_model(tmp_path / name / "model.gguf") for name in ("a", "b"))
    first = storage.keep(inspect_model(one), Origin(Program.JAN))
    second = storage.keep(inspect_model(other), Origin(Program.JAN))
    assert first.samefile(one)
    assert second.samefile(other)


@pytest.mark.parametrize(
    ("file_system", "reason"),
    [("exfat", "fat_disk"), ("FAT32", "fat_disk"), ("nfs4", "network_disk")],
)
def test_some_disks_are_refused(
    file_system: str, reason: str, models: Path, tmp_path: Path
) -> None:
    theirs = write_model(tmp_path / "a.gguf")
    storage = ModelStorage((models,), lambda _: file_system)
    with pytest.raises(WorldError) as caught:
        storage.keep(inspect_model(theirs), Origin(Program.LM_STUDIO))
    assert caught.value.code is ErrorCode.LINK_IMPOSSIBLE
    assert caught.value.facts.reason == reason
    assert not models.exists()


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second disk")
def test_another_disk_is_refused(models: Path, tmp_path: Path) -> None:
    theirs = write_model(tmp_path / "a.gguf")
    storage = ModelStorage((Path("/dev/shm/quillhouse test models"),))
    with pytest.raises(WorldError) as caught:
        storage.keep(inspect_model(theirs), Origin(Program.LM_STUDIO))
    assert caught.value.facts.reason == "other_disk"
    assert not storage.folders[0].exists()


def test_a_system_that_refuses_says_why(
    storage: ModelStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = write_model(tmp_path / "a.gguf")

    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(WorldError) as caught:
        storage.keep(inspect_model(theirs), Origin(Program.OLLAMA))
    assert caught.value.code is ErrorCode.LINK_IMPOSSIBLE
    assert caught.value.facts.reason == "Operation not permitted"
    assert list(storage.folders[0].iterdir()) == []


def test_a_set_is_kept_whole_or_not_at_all(
    storage: ModelStorage, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = tmp_path / "studio"
    studio.mkdir()
    parts = split(write_model(tmp_path / "a.gguf"), studio, 3)
    link = os.link

    def refuse_last(source: Path, target: Path) -> None:
        if source == parts[2]:
            raise OSError(errno.EMLINK, "Too many links")
        link(source, target)

    monkeypatch.setattr(os, "link", refuse_last)
    with pytest.raises(WorldError):
        storage.keep(inspect_model(parts[0]), Origin(Program.JAN))
    assert list(models.iterdir()) == []
    assert all(part.exists() for part in parts)


def test_a_file_that_has_gone_cannot_be_kept(storage: ModelStorage, tmp_path: Path) -> None:
    model = inspect_model(write_model(tmp_path / "a.gguf"))
    model.path.unlink()
    with pytest.raises(WorldError) as caught:
        storage.keep(model, Origin(Program.JAN))
    assert caught.value.code is ErrorCode.FILE_MISSING


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
@pytest.mark.parametrize("n_parts", [1, 2])
def test_a_name_that_is_no_text_is_kept_under_one_that_is(
    storage: ModelStorage, tmp_path: Path, n_parts: int
) -> None:
    theirs = write_model(tmp_path / "studio" / os.fsdecode(b"mod\xe8le.gguf"))
    if n_parts > 1:
        theirs = split(theirs, theirs.parent, n_parts)[0]
    kept = storage.keep(inspect_model(theirs), Origin(Program.LM_STUDIO))
    assert kept.name.isascii()
    assert inspect_model(kept).size_bytes == inspect_model(theirs).size_bytes
    assert storage.origin_of(kept) == Origin(Program.LM_STUDIO, is_kept=True)


def test_a_models_folder_that_is_all_of_a_disk_is_not_looked_through(
    storage: ModelStorage, models: Path
) -> None:
    near = [*download(models / "a", "a.gguf"), *download(models / "b" / "c", "c.gguf")]
    download(models / "photos" / "2024" / "may" / "x", "far.gguf")
    assert set(storage.places().by_path) == set(near)
