"""The real library with a model in several files."""

from pathlib import Path

import pytest

from app.engine import llama
from app.engine.llama.estimate import estimate_memory
from tests.engine.test_llama import PLACEMENT, Talk, new_engine, user
from tests.gguf_splitter import split


@pytest.fixture(scope="module")
def log() -> llama.EngineLog:
    return llama.EngineLog()


def test_a_model_in_parts_answers_like_the_whole(
    log: llama.EngineLog, starter_path: Path, tmp_path: Path
) -> None:
    answers = []
    for path in (starter_path, split(starter_path, tmp_path, 3)[0]):
        talk = Talk(new_engine(log))
        talk.load(path)
        answers.append(talk.ask(user("Name three colours.")))
        talk.engine.unload()
    assert answers[0]
    assert answers[0] == answers[1]


def test_a_model_in_parts_is_estimated_like_the_whole(
    log: llama.EngineLog, starter_path: Path, tmp_path: Path
) -> None:
    parts = split(starter_path, tmp_path, 3)
    whole = estimate_memory(starter_path, PLACEMENT, log)
    assert whole is not None
    assert estimate_memory(parts[0], PLACEMENT, log) == whole


def test_a_blob_whose_name_has_no_ending_is_loaded(
    log: llama.EngineLog, starter_path: Path, tmp_path: Path
) -> None:
    blob = tmp_path / f"sha256-{'a' * 64}"
    blob.write_bytes(starter_path.read_bytes())
    talk = Talk(new_engine(log))
    talk.load(blob)
    assert talk.ask(user("Hello"))
    talk.engine.unload()
