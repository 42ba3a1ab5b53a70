"""The bundled embedding model, in the engine, against vectors computed from its weights."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.core.documents.embedding_model import EmbeddingProfile, Pooling
from app.core.errors import ErrorCode, WorldError
from app.engine.embedding_engine import Vectors
from app.engine.llama import LlamaEmbedder
from tests.engine.embedder_loader import EmbedderLoader, rows
from tests.engine.plain_bert import reference_vectors

MAX_TOKENS = 256


@pytest.fixture(scope="module")
def engine() -> Iterator[EmbedderLoader]:
    engine = EmbedderLoader()
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def embedder(engine: EmbedderLoader, embedding_path: Path) -> LlamaEmbedder:
    return engine.load(embedding_path)


def test_vectors_are_those_of_the_published_weights(embedder: LlamaEmbedder) -> None:
    expected = reference_vectors()
    found = rows(embedder, *expected)
    for text, ours, theirs in zip(expected, found, expected.values(), strict=True):
        # With nothing to read, rounding of the weights is all there is to see.
        assert float(ours @ theirs) > (0.999 if text else 0.998), text
        assert np.linalg.norm(ours) == pytest.approx(1, abs=1e-5)


def test_meaning_counts_and_not_words(embedder: LlamaEmbedder) -> None:
    question, right, wrong = rows(
        embedder,
        "When does the agreement end?",
        "This contract expires on the last day of the year.",
        "When does the next train to the city leave?",
    )
    assert question @ right > question @ wrong


def test_a_text_gives_the_same_vector_in_any_company(embedder: LlamaEmbedder) -> None:
    alone = rows(embedder, "The rent is due.")[0]
    among = rows(embedder, "Something else", "", "The rent is due.", "x" * 5000)[2]
    assert float(alone @ among) > 0.99999


def test_a_long_text_is_cut_with_its_end_in_place_and_counted(
    embedder: LlamaEmbedder, engine: EmbedderLoader
) -> None:
    long = "The tenant shall pay. " * 200
    assert embedder.embed((long, "short", long), 1).n_cut == 2
    tokens, is_cut = embedder._tokens(long)
    assert is_cut
    assert len(tokens) == MAX_TOKENS
    assert tokens[-1] == embedder._tokens("short")[0][-1]


@pytest.mark.parametrize("text", ["a" * 10_000_000, " " * 10_000_000, "word " * 2_000_000])
def test_an_endless_text_takes_no_time(embedder: LlamaEmbedder, text: str) -> None:
    began_s = time.process_time()
    rows(embedder, text)
    assert time.process_time() - began_s < 2


@pytest.mark.parametrize("text", ["", " ", "\0", "\U0001f600", "\ud800", "[CLS] [SEP] [PAD]"])
def test_odd_texts_have_vectors(embedder: LlamaEmbedder, text: str) -> None:
    assert np.isfinite(rows(embedder, text)).all()


def test_no_texts_give_no_vectors(embedder: LlamaEmbedder) -> None:
    assert embedder.embed((), 1) == Vectors(b"", 0, 0)


def test_control_tokens_in_a_text_stay_text(embedder: LlamaEmbedder) -> None:
    tokens = embedder._tokens("end [SEP] of [CLS] all")[0]
    assert tokens.count(tokens[-1]) == 1
    assert tokens.count(tokens[0]) == 1


def test_fewer_dimensions_are_the_first_ones_at_length_1(
    engine: EmbedderLoader, embedder: LlamaEmbedder, embedding_path: Path
) -> None:
    short = rows(
        engine.load(embedding_path, EmbeddingProfile(n_dimensions=128)), "The rent is due."
    )[0]
    first = rows(embedder, "The rent is due.")[0][:128]
    assert short.shape == (128,)
    assert float(short @ first / np.linalg.norm(first)) > 0.99999


def test_pooling_can_be_told(
    engine: EmbedderLoader, embedder: LlamaEmbedder, embedding_path: Path
) -> None:
    first = rows(
        engine.load(embedding_path, EmbeddingProfile(pooling=Pooling.CLS)), "The rent is due."
    )[0]
    assert float(first @ rows(embedder, "The rent is due.")[0]) < 0.99


def test_a_model_that_writes_makes_vectors_too_from_its_last_token(
    engine: EmbedderLoader, starter_path: Path
) -> None:
    """As Qwen3-Embedding does: read forward only, with a token for the end at the end."""
    embedder = engine.load(starter_path, EmbeddingProfile(pooling=Pooling.LAST))
    tokens = embedder._tokens("The rent is due.")[0]
    assert tokens[-1:] == embedder._closing
    assert len(tokens) > 1
    again = rows(embedder, "The rent is due.", "Something else", "The rent is due.")
    assert float(again[0] @ again[2]) > 0.99999
    assert float(again[0] @ again[1]) < 0.999
    assert np.isfinite(rows(embedder, "")).all()


def test_a_stop_ends_it_with_what_is_done(embedder: LlamaEmbedder, engine: EmbedderLoader) -> None:
    long = "The tenant shall pay the rent on the third day. " * 20
    timer = threading.Timer(0.3, engine.stop.set)
    timer.start()
    made = embedder.embed([long] * 2000, 1)
    timer.join()
    engine.stop.clear()
    assert 0 < made.n_texts < 2000
    assert len(made.data) == made.n_texts * embedder.n_dimensions * 4
    rows(embedder, "It goes on.")


def test_a_damaged_model_is_refused(
    engine: EmbedderLoader, embedding_path: Path, tmp_path: Path
) -> None:
    path = tmp_path / "cut.gguf"
    path.write_bytes(embedding_path.read_bytes()[:2_000_000])
    with pytest.raises(WorldError) as raised:
        engine.load(path)
    assert raised.value.code is ErrorCode.EMBEDDING_MODEL_UNUSABLE
    assert raised.value.facts.file_name == "cut.gguf"
