"""Requests for vectors are served with the model that was loaded last, by a fake one here."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from app.core.documents.embedding_model import Pooling
from app.core.errors import ErrorCode, WorldError
from app.engine import embedding_engine, protocol
from app.engine.embedding_engine import EmbeddingEngine, Vectors
from app.engine.protocol import AnyReply, LoadEmbedding


@pytest.fixture(autouse=True)
def unchanged_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests go on as fast as they were."""
    monkeypatch.setattr(embedding_engine, "_yield_to_chat", lambda: None)


class FakeEmbedder:
    """Gives each text one number: its length."""

    n_dimensions = 1

    def __init__(self, request: LoadEmbedding) -> None:
        self.name = request.display_name
        self.is_closed = False

    def embed(self, texts: Sequence[str], n_threads: int) -> Vectors:
        assert n_threads == 1
        return Vectors(bytes(map(len, texts)), len(texts), 0)

    def close(self) -> None:
        self.is_closed = True


def load(path: Path) -> LoadEmbedding:
    return LoadEmbedding("load", bytes(path), path.name, Pooling.FILE, 256)


def test_vectors_come_from_the_model_loaded_last(tmp_path: Path) -> None:
    loaded: list[FakeEmbedder] = []

    def load_fake(request: LoadEmbedding) -> FakeEmbedder:
        loaded.append(FakeEmbedder(request))
        return loaded[-1]

    engine, replies = EmbeddingEngine(load_fake), list[AnyReply]()
    for name in ("first", "second"):
        (tmp_path / name).write_bytes(b"")
        engine.serve(load(tmp_path / name), replies.append)
    engine.serve(protocol.Embed("embed", ("a", "bcd"), 1), replies.append)
    assert [one.is_closed for one in loaded] == [True, False]
    embedded = next(one for one in replies if isinstance(one, protocol.Embedded))
    assert (embedded.request_id, embedded.vectors, embedded.n_texts) == ("embed", b"\1\3", 2)


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    engine = EmbeddingEngine(FakeEmbedder)
    with pytest.raises(WorldError) as raised:
        engine.serve(load(tmp_path / "gone.gguf"), lambda _: None)
    assert raised.value.code is ErrorCode.EMBEDDING_MODEL_MISSING


def test_without_a_model_there_are_no_vectors() -> None:
    with pytest.raises(WorldError) as raised:
        EmbeddingEngine(FakeEmbedder).serve(protocol.Embed("1", ("a",), 1), lambda _: None)
    assert raised.value.code is ErrorCode.EMBEDDING_MODEL_UNUSABLE
