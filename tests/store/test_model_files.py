import os
import sys
from pathlib import Path

import pytest

from app.core.errors import ErrorCode, WorldError
from app.store.model_files import inspect_model
from tests.gguf_samples import chat_model


def refusal(path: Path) -> WorldError:
    with pytest.raises(WorldError) as caught:
        inspect_model(path)
    return caught.value


def test_the_starter_is_a_sound_chat_model(starter_path: Path) -> None:
    model = inspect_model(starter_path)
    assert model.architecture == "llama"
    assert model.quantization == "Q8_0"
    assert model.n_parameters == 134_515_008
    assert model.n_ctx_train == 8192
    assert model.licence == "apache-2.0"
    assert len(model.shape.layers) == model.n_layers
    assert model.shape.weights_bytes == model.weights_bytes
    assert model.shape.is_tied


@pytest.mark.parametrize("name", ["Modell é 田中 🦙.gguf", "no ending", "x" * 200 + ".gguf"])
def test_any_name_of_a_file_will_do(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(chat_model().file())
    assert inspect_model(path).display_name == "Tiny Sample"


def test_a_model_without_a_name_goes_by_its_file(tmp_path: Path) -> None:
    path = tmp_path / "My-Model-Q4.gguf"
    path.write_bytes(chat_model().without("general.name").file())
    assert inspect_model(path).display_name == "My-Model-Q4"


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.gguf").code is ErrorCode.FILE_MISSING
    (tmp_path / "file").write_text("x")
    assert refusal(tmp_path / "file" / "below.gguf").code is ErrorCode.FILE_MISSING


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    error = refusal(tmp_path)
    assert (error.code, error.facts.reason) == (ErrorCode.NOT_A_GGUF, "folder")


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders on Windows")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.gguf"
    os.mkfifo(pipe)
    assert refusal(pipe).code is ErrorCode.NOT_A_GGUF


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_are_followed_and_loops_are_not(tmp_path: Path) -> None:
    real = tmp_path / "real.gguf"
    real.write_bytes(chat_model().file())
    (tmp_path / "link.gguf").symlink_to(real)
    assert inspect_model(tmp_path / "link.gguf").architecture == "llama"
    (tmp_path / "loop.gguf").symlink_to(tmp_path / "loop.gguf")
    assert refusal(tmp_path / "loop.gguf").code is ErrorCode.FILE_UNREADABLE


@pytest.mark.parametrize("name", ["a\0b.gguf", "a\ud800b.gguf"])
def test_a_name_that_no_file_can_have_is_missing(tmp_path: Path, name: str) -> None:
    assert refusal(tmp_path / name).code is ErrorCode.FILE_MISSING


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_name_that_is_no_text_will_do(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"mod\xe8le.gguf")
    path.write_bytes(chat_model().without("general.name").file())
    assert inspect_model(path).display_name == "modle"
