"""Models that turn text into vectors, and what each needs to do so well."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

BUILT_IN_KEY = "all-MiniLM-L6-v2"
"""`EmbeddingModel.key` of the model that comes with Quillhouse."""


def name_of_key(key: str) -> str:
    """Give what a model is called of which no more than its key is known: the name of its file."""
    name, _, size = key.rpartition("-")
    return name if name and size.isdigit() else key


class NotForSearch(StrEnum):
    """Why a sound model file makes no vectors to search with."""

    RERANKER = "reranker"
    """It gives a number for a question and a passage together."""
    WRITES = "writes"
    """It writes text, and neither its name nor its file speaks of vectors."""


class Pooling(StrEnum):
    """How the vectors of tokens become one; FILE takes what the file says."""

    FILE = "file"
    MEAN = "mean"
    CLS = "cls"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class EmbeddingProfile:
    """What has to be known of a model besides its file; a wrong one costs much quality.

    Attributes:
        query_prefix, passage_prefix: put before questions and before passages.
        n_dimensions: of the vectors that are kept; 0 for all that the model gives. Fewer only
            where the model was trained for it (Matryoshka).
        max_tokens: longest text it was trained on.
        text_end: what must stand at the end of every text, as it is written in the file;
            empty for what the file says itself.
        languages: ISO 639-1; "*" stands for about a hundred.
    """

    query_prefix: str = ""
    passage_prefix: str = ""
    pooling: Pooling = Pooling.FILE
    n_dimensions: int = 0
    max_tokens: int = 256
    languages: tuple[str, ...] = ("en",)
    text_end: str = ""


def passage_rules(profile: EmbeddingProfile) -> str:
    """Give by what vectors of passages are made; those made by other rules are of no use."""
    return repr(
        (
            profile.passage_prefix,
            profile.pooling.value,
            profile.n_dimensions,
            profile.max_tokens,
            profile.text_end,
        )
    )


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """A model file that can make vectors; `key` stays the same when the file is moved."""

    key: str
    name: str
    path: Path
    profile: EmbeddingProfile
    is_built_in: bool = False


class EmbedPurpose(StrEnum):
    """What the texts are: questions go before all else, passages may wait."""

    QUERY = "query"
    PASSAGE = "passage"
