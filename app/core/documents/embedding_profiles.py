"""What each embedding model needs to do well: prefixes, pooling, length, languages.

From the models' own cards. A file says of itself how it pools, but neither prefixes nor
languages; they are told from its architecture and name.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core.documents.embedding_model import EmbeddingModel, EmbeddingProfile, Pooling
from app.core.gguf_types import EMBEDDING_ARCHITECTURES

ALL_LANGUAGES = "*"
"""Stands for about a hundred languages."""
LIGHT_MULTILINGUAL_ID = "ggml-org/multilingual-e5-small-Q8_0-GGUF"
"""Repository of the model to offer where the built-in one does not know the language: the
smallest one in the catalogue that knows many."""
LIGHT_MULTILINGUAL_BYTES = 130_000_000
"""What is to be downloaded for it, as the catalogue has it."""
CHUNK_TOKENS = 512
"""No chunk is longer in any tokenizer; models that could read more need memory for it."""

_GRANITE_LANGUAGES = ("en", "ar", "cs", "de", "es", "fr", "it", "ja", "ko", "nl", "pt", "zh")
_RETRIEVAL_SENTENCE = "Represent this sentence for searching relevant passages: "
_CHINESE_SENTENCE = "为这个句子生成表示以用于检索相关文章："
"""The same, for models of Chinese."""
_QWEN_INSTRUCTION = (
    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"
)


@dataclass(frozen=True, slots=True)
class _Known:
    """A family: what its names look like once they are folded, and its profile.

    A file of another architecture that is called so is something else, such as a model that
    writes and was made from it.

    Attributes:
        source: repository on whose page, and in whose configuration, the makers say all this.
    """

    pattern: str
    source: str
    profile: EmbeddingProfile
    architectures: frozenset[str] = EMBEDDING_ARCHITECTURES


def _profile(
    query_prefix: str = "",
    passage_prefix: str = "",
    pooling: Pooling = Pooling.FILE,
    n_dimensions: int = 0,
    max_tokens: int = CHUNK_TOKENS,
    languages: tuple[str, ...] = ("en",),
    text_end: str = "",
) -> EmbeddingProfile:
    return EmbeddingProfile(
        query_prefix, passage_prefix, pooling, n_dimensions, max_tokens, languages, text_end
    )


_FAMILIES = (
    _Known(
        "all-minilm-l6",
        "sentence-transformers/all-MiniLM-L6-v2",
        _profile(pooling=Pooling.MEAN, max_tokens=256),
    ),
    _Known(
        "all-minilm-l12",
        "sentence-transformers/all-MiniLM-L12-v2",
        _profile(pooling=Pooling.MEAN, max_tokens=128),
    ),
    _Known(
        "paraphrase-multilingual-minilm",
        "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2",
        _profile(pooling=Pooling.MEAN, max_tokens=128, languages=(ALL_LANGUAGES,)),
    ),
    _Known(
        "multilingual-e5",
        "intfloat/multilingual-e5-small",
        _profile("query: ", "passage: ", Pooling.MEAN, languages=(ALL_LANGUAGES,)),
    ),
    _Known(
        "e5-(small|base|large)",
        "intfloat/e5-small-v2",
        _profile("query: ", "passage: ", Pooling.MEAN),
    ),
    _Known("bge-m3", "BAAI/bge-m3", _profile(pooling=Pooling.CLS, languages=(ALL_LANGUAGES,))),
    _Known(
        "bge-(small|base|large)-zh",
        "BAAI/bge-small-zh-v1.5",
        _profile(_CHINESE_SENTENCE, pooling=Pooling.CLS, languages=("zh",)),
    ),
    _Known(
        "bge-(small|base|large)",
        "BAAI/bge-small-en-v1.5",
        _profile(_RETRIEVAL_SENTENCE, pooling=Pooling.CLS),
    ),
    _Known(
        "mxbai-embed-large",
        "mixedbread-ai/mxbai-embed-large-v1",
        _profile(_RETRIEVAL_SENTENCE, pooling=Pooling.CLS),
    ),
    _Known(
        "arctic-embed-[ml]-v2",
        "Snowflake/snowflake-arctic-embed-l-v2.0",
        _profile("query: ", "", Pooling.CLS, n_dimensions=256, languages=(ALL_LANGUAGES,)),
    ),
    _Known(
        "arctic-embed",
        "Snowflake/snowflake-arctic-embed-s",
        _profile(_RETRIEVAL_SENTENCE, pooling=Pooling.CLS),
    ),
    _Known(
        "nomic-embed-text-v2",
        "nomic-ai/nomic-embed-text-v2-moe",
        _profile(
            "search_query: ",
            "search_document: ",
            Pooling.MEAN,
            n_dimensions=256,
            languages=(ALL_LANGUAGES,),
        ),
    ),
    # Its shorter vectors need a layer norm before they are cut, so they are kept whole.
    _Known(
        "nomic-embed-text",
        "nomic-ai/nomic-embed-text-v1.5",
        _profile("search_query: ", "search_document: ", Pooling.MEAN),
    ),
    _Known(
        "embeddinggemma",
        "google/embeddinggemma-300m",
        _profile(
            "task: search result | query: ",
            "title: none | text: ",
            n_dimensions=512,
            languages=(ALL_LANGUAGES,),
        ),
    ),
    _Known(
        "qwen3-embedding",
        "Qwen/Qwen3-Embedding-0.6B",
        _profile(
            _QWEN_INSTRUCTION,
            pooling=Pooling.LAST,
            n_dimensions=512,
            languages=(ALL_LANGUAGES,),
            text_end="<|endoftext|>",
        ),
        frozenset({"qwen3"}),
    ),
    _Known(
        "granite-embedding-(107m|278m)",
        "ibm-granite/granite-embedding-107m-multilingual",
        _profile(pooling=Pooling.CLS, languages=_GRANITE_LANGUAGES),
    ),
    _Known(
        "granite-embedding",
        "ibm-granite/granite-embedding-30m-english",
        _profile(pooling=Pooling.CLS),
    ),
    _Known(
        "jina-embeddings-v2-base-de",
        "jinaai/jina-embeddings-v2-base-de",
        _profile(pooling=Pooling.MEAN, languages=("en", "de")),
    ),
    _Known(
        "jina-embeddings-v2-base-es",
        "jinaai/jina-embeddings-v2-base-es",
        _profile(pooling=Pooling.MEAN, languages=("en", "es")),
    ),
    _Known(
        "jina-embeddings-v2-base-zh",
        "jinaai/jina-embeddings-v2-base-zh",
        _profile(pooling=Pooling.MEAN, languages=("en", "zh")),
    ),
    _Known(
        "jina-embeddings-v2", "jinaai/jina-embeddings-v2-small-en", _profile(pooling=Pooling.MEAN)
    ),
)
"""The first that fits counts, so special names come before the general ones."""
_RERANKER = re.compile(r"rerank|ranker")


def embedding_profile(architecture: str, *names: str) -> EmbeddingProfile | None:
    """Give the profile of a model file, or None if it is not known to make vectors.

    A file may still turn out to be something else when it is loaded.

    Args:
        architecture: as the file gives it.
        names: of the model and of its file, the surer one first.
    """
    folded = [re.sub(r"[^a-z0-9]+", "-", name.casefold()) for name in names]
    if any(_RERANKER.search(name) for name in folded):
        return None
    for name in folded:
        for known in _FAMILIES:
            is_called_so = re.search(rf"(?:^|-)(?:{known.pattern})", name)
            if is_called_so and architecture in known.architectures:
                return known.profile
    return EmbeddingProfile() if architecture in EMBEDDING_ARCHITECTURES else None


def knows_language(profile: EmbeddingProfile, language: str) -> bool:
    """Say whether a model knows a language; one that cannot be told (empty) is no obstacle."""
    return not language or ALL_LANGUAGES in profile.languages or language in profile.languages


def unknown_language(profile: EmbeddingProfile, spoken: Mapping[str, int]) -> str:
    """Give the language to say that a model does not know it; empty if it knows most.

    Args:
        profile: of the model.
        spoken: how much text there is in each language, in any unit.
    """
    unknown = {one: n for one, n in spoken.items() if not knows_language(profile, one)}
    if 2 * sum(unknown.values()) <= sum(spoken.values()):
        return ""
    return max(unknown, key=lambda one: unknown[one])


def model_here_for(language: str, models: Iterable[EmbeddingModel]) -> EmbeddingModel | None:
    """Give a model on this computer that knows a language, the first of them."""
    return next((one for one in models if knows_language(one.profile, language)), None)
