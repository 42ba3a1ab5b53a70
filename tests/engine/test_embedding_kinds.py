"""Every kind of embedding model that can be downloaded, in the engine, with random weights."""

from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np
import pytest
from llama_cpp import llama_cpp as native

from app.core.documents.embedding_model import EmbeddingProfile, NotForSearch, Pooling
from app.core.documents.embedding_profiles import embedding_profile
from app.core.errors import ErrorCode, WorldError
from app.core.gguf_reader import read_header
from app.engine.llama import LlamaEmbedder
from tests.engine import plain_bert, plain_qwen, tiny_embedders
from tests.engine.embedder_loader import EmbedderLoader, rows
from tests.engine.tiny_embedders import KINDS, Tiny

POOLED = {
    Pooling.MEAN: native.LLAMA_POOLING_TYPE_MEAN,
    Pooling.CLS: native.LLAMA_POOLING_TYPE_CLS,
    Pooling.LAST: native.LLAMA_POOLING_TYPE_LAST,
    # EmbeddingGemma's, whose profile leaves it to the file.
    Pooling.FILE: native.LLAMA_POOLING_TYPE_MEAN,
}
AROUND = {
    "bge-small-en-v1.5": ("[CLS]", "[SEP]"),
    "snowflake-arctic-embed-xs": ("[CLS]", "[SEP]"),
    "multilingual-e5-small": ("<s>", "</s>"),
    "bge-m3": ("<s>", "</s>"),
    "nomic-embed-text-v1.5": ("[CLS]", "[SEP]"),
    "nomic-embed-text-v2-moe": ("<s>", "</s>"),
    "embeddinggemma-300M": ("<bos>", "<eos>"),
    "Qwen3-Embedding-0.6B": ("", "<|endoftext|>"),
}
"""What the publishers' own tokenizers put before and behind a text."""
LONG = "the tenant is due. " * 200
N_WIDTH = tiny_embedders.WIDTH


@pytest.fixture(scope="module")
def loader() -> Iterator[EmbedderLoader]:
    loader = EmbedderLoader()
    yield loader
    loader.close()


def profile_of(path: Path) -> EmbeddingProfile:
    """The profile that the app gives to a file."""
    with path.open("rb") as stream:
        header = read_header(stream, path.stat().st_size, path.name)
    profile = embedding_profile(header.architecture, path.stem, header.name)
    assert profile is not None
    return profile


def around(embedder: LlamaEmbedder, tiny: Tiny, text: str = "the rent") -> tuple[str, str]:
    """What stands before and behind a text, as it is written in the vocabulary."""
    tokens = [tiny.vocabulary[token] for token in embedder._tokens(text)[0]]
    first = tokens[0] if tokens[0][:1] in "[<" else ""
    return first, tokens[-1]


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_reads_texts_as_it_was_trained_to(
    loader: EmbedderLoader, tmp_path: Path, name: str
) -> None:
    tiny = KINDS[name](tmp_path / f"{name}-F32.gguf")
    profile = profile_of(tiny.path)
    embedder = loader.load(tiny.path, profile)
    assert embedder._pooling == POOLED[profile.pooling]
    assert around(embedder, tiny) == AROUND[name]
    found = rows(embedder, "the rent is due", "a title", "", "the rent is due")
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert float(found[0] @ found[3]) > 0.99999, "it leans on what was read before"
    assert float(found[0] @ found[1]) < 0.999
    sizes = {native.llama_n_batch(embedder._context), native.llama_n_ubatch(embedder._context)}
    assert len(sizes) == 1, "llama.cpp would abort"
    assert min(sizes) >= tiny_embedders.N_CTX_TRAIN

    tokens, is_cut = embedder._tokens(LONG)
    assert is_cut
    assert len(tokens) == tiny_embedders.N_CTX_TRAIN
    assert around(embedder, tiny, LONG) == AROUND[name]
    assert embedder.embed((LONG, "short"), 1).n_cut == 1


def test_the_first_token_is_the_vector_of_a_bert(loader: EmbedderLoader, tmp_path: Path) -> None:
    tiny = tiny_embedders.bert(tmp_path / "bge-small.gguf")
    embedder = loader.load(tiny.path, profile_of(tiny.path))
    weights = tiny_embedders.published_names(tiny.weights)
    written = {tiny_embedders.published_token(one): i for i, one in enumerate(tiny.vocabulary)}
    shape = (tiny_embedders.N_LAYERS, tiny_embedders.N_HEADS)
    for text in ("The rent is due.", "query: tenant, title?", "a"):
        ids = plain_bert.token_ids(text, written)
        theirs = plain_bert.vector(ids, weights, shape, is_first_token=True)
        assert float(rows(embedder, text)[0] @ theirs) > 0.99999, text
        mean = plain_bert.vector(ids, weights, shape)
        assert float(theirs @ mean) < 0.99, "it would not be noticed"


def test_the_last_token_is_the_vector_of_qwen(loader: EmbedderLoader, tmp_path: Path) -> None:
    tiny = tiny_embedders.qwen(tmp_path / "Qwen3-Embedding-0.6B.gguf")
    embedder = loader.load(tiny.path, profile_of(tiny.path))
    for text in ("rent", "Instruct: find.\nQuery: due?", "é"):
        ids = plain_qwen.token_ids(text, tiny.vocabulary)
        theirs = plain_qwen.vector(ids, tiny.weights)
        assert float(rows(embedder, text)[0] @ theirs) > 0.9999, text
        assert float(theirs @ plain_qwen.vector(ids[:-1], tiny.weights)) < 0.99


def test_the_two_last_layers_of_gemma_are_computed(loader: EmbedderLoader, tmp_path: Path) -> None:
    profile = EmbeddingProfile()
    whole = tiny_embedders.gemma(tmp_path / "whole.gguf")
    without = tiny_embedders.gemma(tmp_path / "without.gguf", has_dense=False)
    (ours,) = rows(loader.load(whole.path, profile), "the rent is due")
    (mean,) = rows(loader.load(without.path, profile), "the rent is due")
    wide = whole.weights["dense_2.weight"] @ mean
    theirs = whole.weights["dense_3.weight"] @ wide
    assert float(ours @ theirs / np.linalg.norm(theirs)) > 0.99999
    assert float(ours @ mean) < 0.9


def test_shorter_vectors_are_the_first_numbers_at_length_1(
    loader: EmbedderLoader, tmp_path: Path
) -> None:
    tiny = tiny_embedders.qwen(tmp_path / "Qwen3-Embedding-0.6B.gguf")
    profile = profile_of(tiny.path)
    assert 0 < profile.n_dimensions < 1024
    # The profile's are more than this tiny one has: all are kept.
    (whole,) = rows(loader.load(tiny.path, profile), "the rent")
    assert whole.shape == (N_WIDTH,)
    short = EmbeddingProfile(pooling=Pooling.LAST, n_dimensions=16, text_end=profile.text_end)
    (cut,) = rows(loader.load(tiny.path, short), "the rent")
    assert cut.shape == (16,)
    assert np.allclose(cut, whole[:16] / np.linalg.norm(whole[:16]), atol=1e-5)


@pytest.mark.parametrize(
    ("end", "adds_end"),
    [
        (tiny_embedders.END_OF_TEXT, None),
        (tiny_embedders.END_OF_TEXT, False),
        (tiny_embedders.END_OF_TURN, False),
        (tiny_embedders.END_OF_TURN, True),
    ],
)
def test_files_of_qwen_that_forget_the_end_of_a_text_give_the_same_vectors(
    loader: EmbedderLoader, tmp_path: Path, end: str, adds_end: bool | None
) -> None:
    right = tiny_embedders.qwen(tmp_path / "Qwen3-Embedding-right.gguf")
    tiny = tiny_embedders.qwen(tmp_path / "Qwen3-Embedding.gguf", end=end, adds_end=adds_end)
    embedder = loader.load(tiny.path, profile_of(tiny.path))
    assert around(embedder, tiny) == ("", tiny_embedders.END_OF_TEXT)
    assert around(embedder, tiny, LONG)[1] == tiny_embedders.END_OF_TEXT
    (ours,) = rows(embedder, "the rent")
    (theirs,) = rows(loader.load(right.path, profile_of(right.path)), "the rent")
    assert float(ours @ theirs) > 0.99999


@pytest.mark.parametrize("pooling", [gguf.PoolingType.MEAN, gguf.PoolingType.CLS])
def test_a_file_that_forgets_what_stands_around_a_text(
    loader: EmbedderLoader, tmp_path: Path, pooling: gguf.PoolingType
) -> None:
    tiny = tiny_embedders.xlm_roberta(tmp_path / "m.gguf", pooling, says_what_is_around=False)
    embedder = loader.load(tiny.path, EmbeddingProfile())
    assert around(embedder, tiny) == ("<s>", "</s>")


def test_a_bert_that_says_nothing_of_pooling_gives_the_mean(
    loader: EmbedderLoader, tmp_path: Path
) -> None:
    tiny = tiny_embedders.bert(tmp_path / "old.gguf", None)
    embedder = loader.load(tiny.path, EmbeddingProfile())
    assert embedder._pooling == native.LLAMA_POOLING_TYPE_MEAN


@pytest.mark.parametrize("pooling", [Pooling.FILE, Pooling.CLS])
def test_a_reranker_is_refused_by_what_it_is(
    loader: EmbedderLoader, tmp_path: Path, pooling: Pooling
) -> None:
    tiny = tiny_embedders.bert(tmp_path / "bge-m3-ranks.gguf", gguf.PoolingType.RANK)
    with pytest.raises(WorldError) as raised:
        loader.load(tiny.path, EmbeddingProfile(pooling=pooling))
    assert raised.value.code is ErrorCode.EMBEDDING_MODEL_UNUSABLE
    assert raised.value.facts.reason == NotForSearch.RERANKER
    assert raised.value.facts.file_name == "bge-m3-ranks.gguf"


def test_a_model_that_writes_is_refused_by_what_it_is(
    loader: EmbedderLoader, starter_path: Path
) -> None:
    with pytest.raises(WorldError) as raised:
        loader.load(starter_path, EmbeddingProfile())
    assert raised.value.code is ErrorCode.EMBEDDING_MODEL_UNUSABLE
    assert raised.value.facts.reason == NotForSearch.WRITES


def test_a_file_without_one_of_its_layers_is_refused(
    loader: EmbedderLoader, tmp_path: Path
) -> None:
    tiny = tiny_embedders.bert(tmp_path / "bge.gguf", leaves_out="blk.1.ffn_up.weight")
    with pytest.raises(WorldError) as raised:
        loader.load(tiny.path, EmbeddingProfile())
    assert raised.value.code is ErrorCode.EMBEDDING_MODEL_UNUSABLE
    assert "blk.1.ffn_up" in raised.value.facts.reason
