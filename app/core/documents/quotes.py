"""Chooses the sentences of passages that answer a question best, word for word."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.core.documents.evidence import Passage, Quote
from app.core.documents.relevance import AskedWord, coverage
from app.core.documents.sentences import sentences_of
from app.core.documents.text import Span

LONGEST_QUOTE = 360
"""Characters up to which two sentences are quoted together."""
PAIR_GAIN = 0.12
"""How much more of a question two sentences have to cover than the better of them."""
RANK_SHARE = 0.5
"""How much the rank of a passage counts beside what its best sentence covers."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    covered: float


def quotes_of(
    passages: Sequence[Passage], asked: Sequence[AskedWord], languages: Sequence[str]
) -> tuple[Quote, ...]:
    """Give the best sentence or two of each passage, best first.

    Args:
        passages: best first.
        asked: words of the question, with weights.
        languages: of each passage.
    """
    quotes = []
    for rank, (passage, language) in enumerate(zip(passages, languages, strict=True)):
        best = _best(passage, asked, language)
        if best is None:
            continue
        place = replace(passage.place, spans=spans_of(passage, best.start, best.end))
        score = RANK_SHARE / (1 + rank) + (1 - RANK_SHARE) * best.covered
        quotes.append(Quote(place, passage.text[best.start : best.end], score))
    return tuple(sorted(quotes, key=lambda quote: -quote.score))


def spans_of(passage: Passage, start: int, end: int) -> tuple[Span, ...]:
    """Give where characters `start` to `end` of a passage's text stand in its document."""
    spans: list[Span] = []
    offset = 0
    for span in passage.place.spans:
        length = span.end - span.start
        first, last = max(start - offset, 0), min(end - offset, length)
        if first < last:
            spans.append(Span(span.page, span.start + first, span.start + last))
        offset += length + 1
    return tuple(spans)


def _best(passage: Passage, asked: Sequence[AskedWord], language: str) -> _Candidate | None:
    sentences = sentences_of(passage.text)
    singles = [
        _Candidate(start, end, coverage(asked, passage.text[start:end], language))
        for start, end in sentences
    ]
    if not singles:
        return None
    best = max(singles, key=lambda one: (one.covered, one.end - one.start > 1, -one.start))
    for before, after in pairwise(singles):
        text = passage.text[before.start : after.end]
        if len(text) > LONGEST_QUOTE or best not in (before, after):
            continue
        is_heading = "\n" in passage.text[before.end : after.start] and best is before
        covered = coverage(asked, text, language)
        if covered >= best.covered + PAIR_GAIN or (is_heading and _is_label(before, passage)):
            return _Candidate(before.start, after.end, covered)
    return best


def _is_label(sentence: _Candidate, passage: Passage) -> bool:
    """Say whether it is a heading or the like, which says little without what follows."""
    return passage.text[sentence.end - 1] not in ".!?。！？؟।…"
