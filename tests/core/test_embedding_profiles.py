"""Each embedding model is given what it was trained with."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.core.documents import embedding_profiles
from app.core.documents.embedding_model import EmbeddingModel, EmbeddingProfile, Pooling
from app.core.documents.embedding_profiles import (
    LIGHT_MULTILINGUAL_BYTES,
    LIGHT_MULTILINGUAL_ID,
    embedding_profile,
    knows_language,
    model_here_for,
    unknown_language,
)

CATALOGUE = Path(__file__).resolve().parents[2] / "resources" / "catalogue" / "models.json"


@pytest.mark.parametrize(
    ("architecture", "name", "query", "passage", "pooling", "n_dimensions"),
    [
        ("bert", "all-MiniLM-L6-v2", "", "", Pooling.MEAN, 0),
        ("bert", "multilingual-e5-small-Q8_0", "query: ", "passage: ", Pooling.MEAN, 0),
        ("bert", "Multilingual E5 Large Instruct", "query: ", "passage: ", Pooling.MEAN, 0),
        ("bert", "e5-base-v2.Q8_0", "query: ", "passage: ", Pooling.MEAN, 0),
        ("bert", "bge-m3-Q8_0", "", "", Pooling.CLS, 0),
        ("bert", "snowflake-arctic-embed-l-v2.0", "query: ", "", Pooling.CLS, 256),
        ("nomic-bert", "nomic-embed-text-v1.5", "search_query: ", "search_document: ", "mean", 0),
        (
            "nomic-bert-moe",
            "nomic-embed-text-v2-moe",
            "search_query: ",
            "search_document: ",
            "mean",
            256,
        ),
        (
            "gemma-embedding",
            "embeddinggemma-300M-qat-Q4_0",
            "task: search result | query: ",
            "title: none | text: ",
            Pooling.FILE,
            512,
        ),
        ("bert", "granite-embedding-278m-multilingual", "", "", Pooling.CLS, 0),
    ],
)
def test_known_models(
    architecture: str, name: str, query: str, passage: str, pooling: str, n_dimensions: int
) -> None:
    profile = embedding_profile(architecture, name)
    assert profile is not None
    found = (profile.query_prefix, profile.passage_prefix, profile.pooling, profile.n_dimensions)
    assert found == (query, passage, pooling, n_dimensions)


def test_an_instruction_goes_before_questions_of_qwen() -> None:
    profile = embedding_profile("qwen3", "Qwen3-Embedding-0.6B-Q8_0")
    assert profile is not None
    assert profile.query_prefix.startswith("Instruct: ")
    assert (profile.passage_prefix, profile.pooling) == ("", Pooling.LAST)


@pytest.mark.parametrize("name", ["bge-small-en-v1.5", "snowflake-arctic-embed-xs", "BGE Large"])
def test_some_questions_are_asked_for_by_a_sentence(name: str) -> None:
    profile = embedding_profile("bert", name)
    assert profile is not None
    assert profile.query_prefix.startswith("Represent this sentence")
    assert profile.pooling is Pooling.CLS


def test_an_unknown_embedding_model_is_used_as_its_file_says() -> None:
    assert embedding_profile("modern-bert", "Something new") == EmbeddingProfile()


@pytest.mark.parametrize(
    ("architecture", "name"),
    [("llama", "SmolLM2-135M-Instruct"), ("qwen3", "Qwen3 0.6B"), ("bert", "bge-reranker-v2-m3")],
)
def test_other_models_are_none(architecture: str, name: str) -> None:
    assert embedding_profile(architecture, name) is None


ENGLISH, MANY = EmbeddingProfile(), EmbeddingProfile(languages=("*",))


@pytest.mark.parametrize(
    ("spoken", "unknown"),
    [
        ({}, ""),
        ({"en": 10}, ""),
        ({"en": 50, "de": 50}, ""),
        ({"de": 51, "en": 49}, "de"),
        # Most is not English, though no other language has more.
        ({"en": 40, "fr": 35, "de": 25}, "fr"),
        ({"": 90, "de": 10}, ""),
    ],
)
def test_a_model_does_not_know_the_language_of_most_of_the_text(
    spoken: dict[str, int], unknown: str
) -> None:
    assert unknown_language(ENGLISH, spoken) == unknown
    assert unknown_language(MANY, spoken) == ""


def test_the_first_model_here_that_knows_a_language_is_offered() -> None:
    built_in = EmbeddingModel("a", "A", Path("a"), ENGLISH, is_built_in=True)
    german = EmbeddingModel("b", "B", Path("b"), EmbeddingProfile(languages=("en", "de")))
    many = EmbeddingModel("c", "C", Path("c"), MANY)
    assert model_here_for("de", (built_in, german, many)) == german
    assert model_here_for("zh", (built_in, german, many)) == many
    assert model_here_for("zh", (built_in, german)) is None


def test_the_model_to_download_is_in_the_catalogue_and_knows_many_languages() -> None:
    entries = {one["repo_id"]: one for one in json.loads(CATALOGUE.read_text("utf-8"))["models"]}
    entry = entries[LIGHT_MULTILINGUAL_ID]
    assert entry["uses"] == ["embedding"]
    assert entry["files"][0]["size_bytes"] == LIGHT_MULTILINGUAL_BYTES
    profile = embedding_profile(entry["architecture"], Path(entry["files"][0]["path"]).stem)
    assert profile is not None
    assert all(knows_language(profile, one) for one in ("de", "zh", "ar"))


STATED = {
    "intfloat/multilingual-e5-small": ("query: ", "passage: ", "mean", {0, 384}, 512),
    "BAAI/bge-m3": ("", "", "cls", {0, 1024}, 8192),
    "Qwen/Qwen3-Embedding-0.6B": (
        (
            "Instruct: Given a web search query, retrieve relevant passages that answer the query"
            "\nQuery:"
        ),
        "",
        "last",
        {0, *range(32, 1025)},
        32768,
    ),
    "google/embeddinggemma-300m": (
        "task: search result | query: ",
        "title: none | text: ",
        # Its file says how, and knows of the two layers that follow.
        "file",
        {0, 768, 512, 256, 128},
        2048,
    ),
    # Cut ones need a layer norm before.
    "nomic-ai/nomic-embed-text-v1.5": ("search_query: ", "search_document: ", "mean", {0}, 2048),
}
"""What the makers state: prefixes of questions and passages, pooling, lengths that a vector may
be cut to (0: not at all), and the longest text that llama.cpp reads with it."""


def embedding_entries() -> list[dict[str, Any]]:
    models = json.loads(CATALOGUE.read_text("utf-8"))["models"]
    return [entry for entry in models if "embedding" in entry["uses"]]


@pytest.mark.parametrize("entry", embedding_entries(), ids=lambda entry: entry["name"])
def test_the_profile_of_every_embedding_model_of_the_catalogue_is_what_its_makers_state(
    entry: dict[str, Any],
) -> None:
    (base,) = entry["base_models"]
    assert base in STATED, "write down what its card says"
    query, passage, pooling, cuts, n_ctx = STATED[base]
    assert entry["n_ctx_train"] == n_ctx
    for file in entry["files"]:
        profile = embedding_profile(entry["architecture"], Path(file["path"]).stem)
        assert profile is not None
        assert (profile.query_prefix, profile.passage_prefix) == (query, passage)
        assert profile.pooling == pooling
        assert profile.n_dimensions in cuts
        assert 0 < profile.max_tokens <= n_ctx
        assert all(knows_language(profile, one) for one in entry["languages"])


@pytest.mark.parametrize("entry", embedding_entries(), ids=lambda entry: entry["name"])
def test_the_source_of_its_profile_is_its_own_makers(entry: dict[str, Any]) -> None:
    (base,) = entry["base_models"]
    name = Path(entry["files"][0]["path"]).stem
    profile = embedding_profile(entry["architecture"], name)
    sources = [one.source for one in embedding_profiles._FAMILIES if one.profile is profile]
    assert sources == [base]


def test_every_profile_has_a_source_which_it_fits() -> None:
    for known in embedding_profiles._FAMILIES:
        architecture = min(known.architectures)
        assert embedding_profile(architecture, known.source) is known.profile, known.source


@pytest.mark.parametrize("name", ["bge-m3-chat", "nomic-embed-text-v1.5", "EmbeddingGemma"])
def test_a_model_that_writes_is_none_whatever_it_is_called(name: str) -> None:
    assert embedding_profile("llama", name) is None
