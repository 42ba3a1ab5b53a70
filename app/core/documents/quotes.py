"""Chooses the sentences of passages that answer a question best, word for word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.core.documents.evidence import Passage, Quote
from app.core.documents.relevance import AskedWord, coverage
from app.core.documents.sentences import sentences_of
from app.core.documents.text import Span

LONGEST_QUOTE = 360
"""Characters up to which two sentences are quoted together."""
LONGEST_LABEL = 60
"""Characters of a line that may be a heading."""
QUOTES_EACH = 2
MAX_QUOTES = 8
PAIR_GAIN = 0.12
"""How much more of a question two sentences have to cover than the better of them."""
COSINE_SHARE = 0.6
"""How much the nearness of a sentence counts beside the words it shares with the question.
Measured elsewhere: 0.6 finds the sentence with the answer most often (0.85, words alone 0.82)."""
RANK_SHARE = 0.25
"""How much the rank of a passage counts beside what its best sentence covers."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    covered: float
    fitness: float


def quotes_of(
    passages: Sequence[Passage],
    asked: Sequence[AskedWord],
    languages: Sequence[str],
    cosines: Mapping[str, float],
) -> tuple[Quote, ...]:
    """Give the best sentences of each passage, best first.

    Args:
        passages: best first.
        asked: words of the question, with weights.
        languages: of each passage.
        cosines: of the question with sentences of the passages, as far as they are known.
    """
    quotes = []
    for rank, (passage, language) in enumerate(zip(passages, languages, strict=True)):
        for best in _best(passage, asked, language, cosines):
            place = replace(passage.place, spans=spans_of(passage, best.start, best.end))
            score = RANK_SHARE / (1 + rank) + (1 - RANK_SHARE) * best.fitness
            quotes.append(Quote(place, passage.text[best.start : best.end], score))
    return tuple(sorted(quotes, key=lambda quote: -quote.score)[:MAX_QUOTES])


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


def _best(
    passage: Passage, asked: Sequence[AskedWord], language: str, cosines: Mapping[str, float]
) -> list[_Candidate]:
    """Give the sentences of a passage that fit best, apart from each other."""
    singles = [
        _candidate(start, end, asked, passage.text[start:end], language, cosines)
        for start, end in sentences_of(passage.text)
    ]
    whole = [one for one in singles if not _is_label(one, passage)] or singles
    chosen: list[_Candidate] = []
    for one in sorted(whole, key=lambda one: (-one.fitness, one.start)):
        if len(chosen) == QUOTES_EACH:
            break
        best = _widened(one, singles, passage, asked, language)
        if all(best.end <= other.start or other.end <= best.start for other in chosen):
            chosen.append(best)
    return chosen


def _widened(
    best: _Candidate,
    singles: Sequence[_Candidate],
    passage: Passage,
    asked: Sequence[AskedWord],
    language: str,
) -> _Candidate:
    """Give a sentence together with the one before or after it, if that says much more."""
    pairs = []
    for before, after in pairwise(singles):
        text = passage.text[before.start : after.end]
        if len(text) > LONGEST_QUOTE or best not in (before, after):
            continue
        covered = coverage(asked, text, language)
        if covered >= best.covered + PAIR_GAIN:
            fitness = best.fitness + (covered - best.covered) / 2
            pairs.append(_Candidate(before.start, after.end, covered, fitness))
    return max(pairs, key=lambda one: one.fitness, default=best)


def _candidate(
    start: int,
    end: int,
    asked: Sequence[AskedWord],
    text: str,
    language: str,
    cosines: Mapping[str, float],
) -> _Candidate:
    covered = fitness = coverage(asked, text, language)
    if cosines:
        fitness = (1 - COSINE_SHARE) * covered + COSINE_SHARE * max(0.0, cosines.get(text, 0.0))
    return _Candidate(start, end, covered, fitness)


def _is_label(sentence: _Candidate, passage: Passage) -> bool:
    """Say whether it is a heading or the like, which says little without what follows."""
    is_short = sentence.end - sentence.start <= LONGEST_LABEL
    is_followed = passage.text[sentence.end : sentence.end + 1] == "\n"
    return is_short and is_followed and passage.text[sentence.end - 1] not in ".!?。！？؟।…:|"
