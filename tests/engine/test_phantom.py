"""Model files with a header and a size, but no weights."""

from pathlib import Path

import pytest

from app.core.gguf import GgufHeader, LongArray
from app.core.gguf_reader import read_header
from app.engine.phantom import SparseFilesUnsupportedError, make_phantom, without_vocabulary
from tests.phantom_models import disk_bytes, write_phantom

HEADER = b"GGUF" + b"\0" * 1000
GIB = 2**30


def test_it_begins_with_the_header_and_has_the_size_of_the_model(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    make_phantom(path, HEADER, 20 * GIB)
    assert path.stat().st_size == 20 * GIB
    with path.open("rb") as stream:
        assert stream.read(len(HEADER)) == HEADER
        stream.seek(-8, 2)
        assert stream.read() == b"\0" * 8


def test_it_takes_hardly_any_room(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    make_phantom(path, HEADER, 20 * GIB)
    assert disk_bytes(path) < 2**20


def test_what_was_there_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(b"x" * 100_000)
    make_phantom(path, HEADER, 50_000)
    assert path.read_bytes() == HEADER + b"\0" * (50_000 - len(HEADER))


@pytest.mark.parametrize("size_bytes", [1 << 62, 1 << 70])
def test_a_size_that_no_file_can_have_leaves_it_to_the_formula(
    tmp_path: Path, size_bytes: int
) -> None:
    path = tmp_path / "a.gguf"
    with pytest.raises(SparseFilesUnsupportedError):
        make_phantom(path, HEADER, size_bytes)
    assert not path.exists()


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        make_phantom(tmp_path / "gone" / "a.gguf", HEADER, GIB)


@pytest.mark.parametrize("name", ["gemma-4-e2b", "nemotron-nano-9b-v2", "qwen3.5-0.8b"])
def test_a_header_without_vocabulary_says_the_rest(tmp_path: Path, name: str) -> None:
    whole = read(write_phantom(tmp_path, name, with_vocabulary=True))
    bare_bytes = without_vocabulary(whole)
    size_bytes = len(bare_bytes) + whole.weights_bytes + 32 * len(whole.tensors)
    path = tmp_path / "bare.gguf"
    make_phantom(path, bare_bytes, size_bytes)
    bare = read(path)
    assert bare.data_offset_bytes == len(bare_bytes) < 100_000
    assert bare.tensors == whole.tensors
    assert bare.token_texts == ()
    kept = {key: value for key, value in whole.metadata.items() if is_kept(key, value)}
    assert {key: bare.metadata[key] for key in kept} == kept
    assert bare.of_architecture("vocab_size") == len(whole.token_texts)


def is_kept(key: str, value: object) -> bool:
    return not key.startswith("tokenizer.") and not isinstance(value, LongArray)


def read(path: Path) -> GgufHeader:
    with path.open("rb") as stream:
        return read_header(stream, path.stat().st_size, path.name)
