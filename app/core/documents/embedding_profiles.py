"""What each embedding model needs to do well: prefixes, pooling, length, languages.

From the models' own cards. A file says of itself how it pools, but neither prefixes nor
languages; they are told from its architecture and name.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from app.core.documents.embedding_model import EmbeddingProfile, Pooling
from app.core.gguf_types import EMBEDDING_ARCHITECTURES

ALL_LANGUAGES = "*"
"""Stands for about a hundred languages."""
LIGHT_MULTILINGUAL_ID = "ggml-org/multilingual-e5-small-Q8_0-GGUF"
"""Repository of the smallest model that knows many languages; it is in the catalogue."""
CHUNK_TOKENS = 512
"""No chunk is longer in any tokenizer; models that could read more need memory for it."""

_GRANITE_LANGUAGES = ("en", "ar", "cs", "de", "es", "fr", "it", "ja", "ko", "nl", "pt", "zh")
_RETRIEVAL_SENTENCE = "Represent this sentence for searching relevant passages: "
_QWEN_INSTRUCTION = (
    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"
)


@dataclass(frozen=True, slots=True)
class _Known:
    """A family: what its names look like once they are folded, and its profile."""

    pattern: str
    profile: EmbeddingProfile


def _profile(
    query_prefix: str = "",
    passage_prefix: str = "",
    pooling: Pooling = Pooling.FILE,
    n_dimensions: int = 0,
    max_tokens: int = CHUNK_TOKENS,
    languages: tuple[str, ...] = ("en",),
) -> EmbeddingProfile:
    return EmbeddingProfile(
        query_prefix, passage_prefix, pooling, n_dimensions, max_tokens, languages
    )


_FAMILIES = (
    _Known("all-minilm-l6", _profile(pooling=Pooling.MEAN, max_tokens=256)),
    _Known("all-minilm-l12", _profile(pooling=Pooling.MEAN, max_tokens=128)),
    _Known(
        "paraphrase-multilingual-minilm",
        _profile(pooling=Pooling.MEAN, max_tokens=128, languages=(ALL_LANGUAGES,)),
    ),
    _Known(
        "multilingual-e5",
        _profile("query: ", "passage: ", Pooling.MEAN, languages=(ALL_LANGUAGES,)),
    ),
    _Known("e5-(small|base|large)", _profile("query: ", "passage: ", Pooling.MEAN)),
    _Known("bge-m3", _profile(pooling=Pooling.CLS, languages=(ALL_LANGUAGES,))),
    _Known("bge-(small|base|large)-zh", _profile(pooling=Pooling.CLS, languages=("zh",))),
    _Known("bge-(small|base|large)", _profile(_RETRIEVAL_SENTENCE, pooling=Pooling.CLS)),
    _Known("mxbai-embed-large", _profile(_RETRIEVAL_SENTENCE, pooling=Pooling.CLS)),
    _Known(
        "arctic-embed-[ml]-v2",
        _profile("query: ", "", Pooling.CLS, n_dimensions=256, languages=(ALL_LANGUAGES,)),
    ),
    _Known("arctic-embed", _profile(_RETRIEVAL_SENTENCE, pooling=Pooling.CLS)),
    _Known(
        "nomic-embed-text-v2",
        _profile(
            "search_query: ",
            "search_document: ",
            Pooling.MEAN,
            n_dimensions=256,
            languages=(ALL_LANGUAGES,),
        ),
    ),
    # Its shorter vectors need a layer norm before they are cut, so they are kept whole.
    _Known("nomic-embed-text", _profile("search_query: ", "search_document: ", Pooling.MEAN)),
    _Known(
        "embeddinggemma",
        _profile(
            "task: search result | query: ",
            "title: none | text: ",
            n_dimensions=512,
            languages=(ALL_LANGUAGES,),
        ),
    ),
    _Known(
        "qwen3-embedding",
        _profile(
            _QWEN_INSTRUCTION,
            pooling=Pooling.LAST,
            n_dimensions=512,
            languages=(ALL_LANGUAGES,),
        ),
    ),
    _Known(
        "granite-embedding-(107m|278m)",
        _profile(pooling=Pooling.CLS, languages=_GRANITE_LANGUAGES),
    ),
    _Known("granite-embedding", _profile(pooling=Pooling.CLS)),
    _Known("jina-embeddings-v2-base-de", _profile(pooling=Pooling.MEAN, languages=("en", "de"))),
    _Known("jina-embeddings-v2-base-es", _profile(pooling=Pooling.MEAN, languages=("en", "es"))),
    _Known("jina-embeddings-v2-base-zh", _profile(pooling=Pooling.MEAN, languages=("en", "zh"))),
    _Known("jina-embeddings-v2", _profile(pooling=Pooling.MEAN)),
)
"""The first that fits counts, so special names come before the general ones."""
_RERANKER = re.compile(r"rerank|ranker")


def embedding_profile(architecture: str, *names: str) -> EmbeddingProfile | None:
    """Give the profile of a model file, or None if it is not known to make vectors.

    Args:
        architecture: as the file gives it.
        names: of the model and of its file, the surer one first.
    """
    folded = [re.sub(r"[^a-z0-9]+", "-", name.casefold()) for name in names]
    if any(_RERANKER.search(name) for name in folded):
        return None
    for name in folded:
        for known in _FAMILIES:
            if re.search(rf"(?:^|-)(?:{known.pattern})", name):
                return known.profile
    return EmbeddingProfile() if architecture in EMBEDDING_ARCHITECTURES else None


def knows_languages(profile: EmbeddingProfile, languages: Collection[str]) -> bool:
    """Say whether a model knows all of these languages; one that cannot be told is left out."""
    if ALL_LANGUAGES in profile.languages:
        return True
    return all(one in profile.languages for one in languages if one)


def better_model_for(languages: Collection[str]) -> str | None:
    """Give the repository, in the catalogue, of the model to offer for texts in `languages`.

    None when the model that comes with Quillhouse knows them.
    """
    return None if knows_languages(EmbeddingProfile(), languages) else LIGHT_MULTILINGUAL_ID
