"""The folder of downloaded models: who gets which place, and what is known of it."""

import hashlib
import json
from pathlib import Path

import pytest

from app.core.candidate import RemoteFile
from app.core.download import DownloadSpec
from app.core.errors import ErrorCode, WorldError
from app.core.file_identity import FileIdentity
from app.store.model_records import read_record
from app.store.models_folder import ModelsFolder, PlannedFile

REPO = "maker/tiny-GGUF"
AT = "2026-11-30T10:00:00Z"


def spec_of(*contents: tuple[str, bytes], commit: str = "1a2b3c4d" * 5) -> DownloadSpec:
    files = tuple(
        RemoteFile(path, len(data), hashlib.sha256(data).hexdigest()) for path, data in contents
    )
    return DownloadSpec(REPO, commit, "Tiny", "Q4_K_M", files, licence_id="apache-2.0")


def plan(folder: ModelsFolder, spec: DownloadSpec) -> tuple[PlannedFile, ...]:
    identities = tuple(
        FileIdentity(spec.repo_id, one.path, spec.commit, one.size_bytes, one.sha256)
        for one in spec.files
    )
    return folder.plan(spec.repo_id, identities)


def install(folder: ModelsFolder, spec: DownloadSpec, *contents: bytes) -> list[Path]:
    targets = []
    for planned, data in zip(plan(folder, spec), contents, strict=True):
        planned.target.parent.mkdir(parents=True, exist_ok=True)
        folder.keep_record(planned, spec, "https://huggingface.co", AT, "Licence text")
        planned.target.write_bytes(data)
        targets.append(planned.target)
    return targets


@pytest.fixture
def folder(tmp_path: Path) -> ModelsFolder:
    return ModelsFolder(tmp_path / "models")


def test_plain_places(folder: ModelsFolder) -> None:
    (path,) = install(folder, spec_of(("Q4/tiny.gguf", b"one")), b"one")
    assert path == folder.path / "maker__tiny-GGUF" / "tiny.gguf"
    record = json.loads((path.parent / "model.json").read_text())
    assert record == {
        "repo_id": REPO,
        "endpoint": "https://huggingface.co",
        "licence_id": "apache-2.0",
        "licence_name": "",
        "licence_link": "",
        "licence_text": "Licence text",
        "files": [
            {
                "name": "tiny.gguf",
                "path": "Q4/tiny.gguf",
                "commit": "1a2b3c4d" * 5,
                "size_bytes": 3,
                "sha256": hashlib.sha256(b"one").hexdigest(),
                "downloaded_at": AT,
                "origin": "",
            }
        ],
    }


def test_the_same_file_is_here_already(folder: ModelsFolder) -> None:
    spec = spec_of(("tiny.gguf", b"one"))
    (path,) = install(folder, spec, b"one")
    assert [one.is_here for one in plan(folder, spec)] == [True]
    assert folder.present_bytes(spec) == 3
    elsewhere = DownloadSpec("other/copy-GGUF", "f" * 40, "Copy", "", spec.files)
    (found,) = plan(folder, elsewhere)
    assert (found.is_here, found.target) == (True, path)
    path.unlink()
    assert [one.is_here for one in plan(folder, spec)] == [False]


def test_a_file_of_another_size_is_not_the_recorded_one(folder: ModelsFolder) -> None:
    spec = spec_of(("tiny.gguf", b"one"))
    (path,) = install(folder, spec, b"one")
    path.write_bytes(b"shorter than it was")
    (planned,) = plan(folder, spec)
    assert not planned.is_here
    assert planned.target == path.parent / "1a2b3c4d" / "tiny.gguf"


def test_another_version_leaves_the_old_one(folder: ModelsFolder) -> None:
    (old,) = install(folder, spec_of(("tiny.gguf", b"one")), b"one")
    newer = spec_of(("tiny.gguf", b"two"), commit="99887766" * 5)
    (new,) = install(folder, newer, b"two")
    assert new == old.parent / "99887766" / "tiny.gguf"
    assert (old.read_bytes(), new.read_bytes()) == (b"one", b"two")
    assert [one.is_here for one in plan(folder, newer)] == [True]


def test_a_second_version_is_noted_beside_the_first(folder: ModelsFolder) -> None:
    install(folder, spec_of(("tiny-Q4.gguf", b"one")), b"one")
    (path,) = install(folder, spec_of(("tiny-Q8.gguf", b"two")), b"two")
    record = read_record(path.parent)
    assert record is not None
    assert [one.name for one in record.files] == ["tiny-Q4.gguf", "tiny-Q8.gguf"]


def test_all_parts_stay_together(folder: ModelsFolder) -> None:
    install(folder, spec_of(("m-00001-of-00002.gguf", b"old")), b"old")
    parts = spec_of(
        ("m-00001-of-00002.gguf", b"one"), ("m-00002-of-00002.gguf", b"two"), commit="ab" * 20
    )
    places = {one.target.parent for one in plan(folder, parts)}
    assert places == {folder.path / "maker__tiny-GGUF" / "abababab"}


def test_capitals_do_not_tell_files_apart(folder: ModelsFolder) -> None:
    install(folder, spec_of(("Tiny.gguf", b"one")), b"one")
    (planned,) = plan(folder, spec_of(("tiny.gguf", b"two")))
    assert planned.target.parent.name == "1a2b3c4d"


def test_where_no_name_is_left_it_is_refused(folder: ModelsFolder) -> None:
    for number in range(3):
        content = b"%d" % number
        install(folder, spec_of(("tiny.gguf", content)), content)
    with pytest.raises(WorldError) as error:
        plan(folder, spec_of(("tiny.gguf", b"more")))
    assert error.value.code is ErrorCode.FILE_NAME_REFUSED


def test_a_link_out_of_the_folder_is_refused(folder: ModelsFolder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    folder.make()
    (folder.path / "maker__tiny-GGUF").symlink_to(outside)
    spec = spec_of(("tiny.gguf", b"one"))
    for action in (lambda: plan(folder, spec), lambda: folder.check_names(spec)):
        with pytest.raises(WorldError) as error:
            action()
        assert error.value.code is ErrorCode.FILE_NAME_REFUSED


def test_a_record_cannot_speak_of_files_elsewhere(folder: ModelsFolder, tmp_path: Path) -> None:
    spec = spec_of(("tiny.gguf", b"one"))
    (path,) = install(folder, spec, b"one")
    (tmp_path / "victim.gguf").write_bytes(b"one")
    note = path.parent / "model.json"
    note.write_text(note.read_text().replace('"tiny.gguf"', '"../../victim.gguf"', 1))
    path.unlink()
    assert [one.is_here for one in plan(folder, spec)] == [False]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"repo_id": 3}', b"\xff"])
def test_a_damaged_record_is_none(folder: ModelsFolder, content: bytes) -> None:
    spec = spec_of(("tiny.gguf", b"one"))
    (path,) = install(folder, spec, b"one")
    (path.parent / "model.json").write_bytes(content)
    assert [one.is_here for one in plan(folder, spec)] == [False]


def test_discarding_takes_the_part_and_the_empty_folder(folder: ModelsFolder) -> None:
    spec = spec_of(("tiny.gguf", b"one"))
    (partial,) = folder.partial_files(spec)
    with partial.locked(), partial.opened(lambda _: None) as writer:
        writer.write(memoryview(b"on"))
    assert folder.present_bytes(spec) == 2
    folder.discard(spec)
    assert list(folder.path.iterdir()) == []


def test_discarding_leaves_what_is_whole(folder: ModelsFolder) -> None:
    spec = spec_of(("tiny.gguf", b"one"))
    (path,) = install(folder, spec, b"one")
    folder.discard(spec)
    assert path.exists()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WorldError) as error:
        ModelsFolder(tmp_path / "file" / "models").make()
    assert error.value.code is ErrorCode.DATA_FOLDER_UNWRITABLE
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
