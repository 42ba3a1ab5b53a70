"""Decides whether what was found says anything about a question."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from app.core.documents.embedding_model import BUILT_IN_KEY
from app.core.documents.search_terms import (
    compound_pieces_of,
    folded,
    is_pieced,
    pieces_of,
    question_words,
    stems_of,
    terms_of,
)
from app.core.documents.stop_words import WEAK_WORDS

PIECES_ALIKE = 0.75
"""Share of a word's pieces from which another word holds it, or is another form of it."""
LIKE_SHARE = 0.7
"""What such a word counts for."""

BESIDE_SHARE = 0.35
"""What a missing pair of characters counts for of which one is known from the pair beside it."""

MOST_ALIKE = 0.9
"""What all parts of a compound count for together."""

WEAK_SHARE = 0.3
"""What words count that ask for the kind of an answer ("how long")."""

CODE_SHARE = 2.0
"""What numbers and codes count: what is said of F2 does not answer a question about F7."""

_YEAR = re.compile(r"(?:fy|cy|gj|wj)(\d{2}|(?:19|20)\d{2})")
"""Fiscal and calendar years, in English and German."""
_OVERVIEW = re.compile(
    r"\b(?:summar\w+|overview|gist|tl;?dr|main (?:points|ideas|topics)|key points|outline"
    r"|what (?:is|are) (?:this|these|the) (?:\w+ )?(?:about|documents?|files?|texts?)"
    r"|what(?:'s| is) in (?:here|this|these)|zusammenfass\w*|fasse?\b.*\bzusammen|überblick"
    r"|worum geht|wovon handel\w+|résum\w+|synthèse|de quoi (?:parle|s'agit)|resum\w+"
    r"|de qué trata|riassum\w+|riassunto|di cosa (?:parla|tratta)|samenvat\w+|sammanfatt\w+"
    r"|streszcz\w+|podsumuj\w*|кратко\w*|резюм\w+|обобщ\w+|о чём|о чем|özet\w*|لخص|ملخص|تلخيص)\b"
    r"|总结|概括|摘要|概述|要約|まとめ|요약",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word of a question.

    Attributes:
        stems: that it may have in the documents searched.
        weight: how much it says (idf).
        pieces: of it, for compounds and other forms; empty for words without.
        alike: terms of the documents that may stand for it, where none holds the word itself:
            other forms, what was meant by a slip, parts of a compound; and how much each counts.
    """

    word: str
    stems: tuple[str, ...]
    weight: float = 1.0
    pieces: tuple[str, ...] = ()
    alike: tuple[tuple[str, float], ...] = ()


def asked_words(question: str, languages: tuple[str, ...]) -> tuple[AskedWord, ...]:
    """Give what a question asks for; languages are those of the documents."""
    return tuple(
        AskedWord(
            word,
            stems_of(word, languages) + _years_of(word),
            1.0,
            () if is_pieced(word) else pieces_of(word),
        )
        for word in question_words(question)
    )


def _years_of(word: str) -> tuple[str, ...]:
    """Give the year in a word such as "FY2018" or "FY18", which documents write apart."""
    found = _YEAR.fullmatch(word)
    if found is None:
        return ()
    year = found[1]
    return (year if len(year) > len("18") else f"20{year}",)


def share_of(word: str) -> float:
    """Give how much a word of a question counts, whatever its frequency."""
    if word in WEAK_WORDS:
        return WEAK_SHARE
    return CODE_SHARE if any(one.isdigit() for one in word) else 1.0


def asks_for_overview(question: str) -> bool:
    """Say whether a question is about the documents as a whole, such as "Summarise this"."""
    return _OVERVIEW.search(folded(question)) is not None


def is_strong(word: str) -> bool:
    """Say whether a word of a question says what it is about."""
    return word not in WEAK_WORDS


def coverage(
    asked: Sequence[AskedWord],
    text: str,
    language: str,
    known: AbstractSet[int] = frozenset(),
) -> float:
    """Give the share of what a question says that a text says as well, from 0 to 1.

    Args:
        asked: words of the question.
        text: that is looked at.
        language: of it.
        known: numbers of words that go without saying, since the name of the document says them.
    """
    total = sum(one.weight for one in asked)
    if total <= 0:
        return 0.0
    terms = set(terms_of(text, language))
    pieces: set[str] | None = None
    found = 0.0
    holds = [
        number in known or not terms.isdisjoint(one.stems) for number, one in enumerate(asked)
    ]
    for number, one in enumerate(asked):
        if holds[number]:
            found += one.weight
        elif is_pieced(one.word):
            found += one.weight * _beside(asked, holds, number)
        elif share := sum(share for term, share in one.alike if term in terms):
            found += one.weight * min(MOST_ALIKE, share)
        elif one.pieces:
            if pieces is None:
                pieces = {piece for term in terms for piece in pieces_of(term)}
                pieces.update(compound_pieces_of(text, language))
            share = sum(piece in pieces for piece in one.pieces) / len(one.pieces)
            found += LIKE_SHARE * one.weight if share >= PIECES_ALIKE else 0.0
    return found / total


def _beside(asked: Sequence[AskedWord], holds: Sequence[bool], number: int) -> float:
    """Give how much of a missing pair of characters is held by the pairs beside it.

    In "访客晚上" the pair in the middle is of two words, and says nothing by itself.
    """
    word = asked[number].word
    before = number > 0 and holds[number - 1] and asked[number - 1].word[-1] == word[0]
    after = number + 1 < len(asked) and holds[number + 1] and asked[number + 1].word[0] == word[-1]
    return 1.0 if before and after else BESIDE_SHARE * (before or after)


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for there being an answer.

    Attributes:
        coverage: of the question by the best sentence or two of the passages, from 0 to 1.
        cosine: of the question and the sentence nearest to it; None where there are no vectors,
            or by a model that was not calibrated or does not know the language.
    """

    coverage: float
    cosine: float | None = None


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic of the signals: above 0 when there is an answer."""

    bias: float
    coverage: float
    cosine: float = 0.0

    def score(self, signals: Signals) -> float:
        """Give the logarithm of the odds that there is an answer."""
        cosine = self.cosine * max(0.0, signals.cosine or 0.0)
        return self.bias + self.coverage * signals.coverage + cosine


WORDS_ONLY = Calibration(bias=-2.18, coverage=4.84)
WITH_COSINE: Mapping[str, Calibration] = {
    BUILT_IN_KEY: Calibration(bias=-4.01, coverage=4.02, cosine=4.68),
}
"""By embedding model, since each has cosines of its own range; others go by words only. Fitted to
48 labelled questions to a lease, a manual and minutes, and checked with 41 to other documents."""


def has_answer(signals: Signals, embedding_key: str) -> bool:
    """Say whether the documents say something about the question."""
    calibration = WORDS_ONLY
    if signals.cosine is not None:
        calibration = WITH_COSINE.get(embedding_key, WORDS_ONLY)
    return calibration.score(signals) > 0
