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
CELL_BORDER = " | "
"""Between the cells of a row, as the readers write it."""
LABEL_SHARE = 0.5
"""How much the words of the question count that only the heading above a sentence has."""
RANK_SHARE = 0.25
"""How much the rank of a passage counts beside what its best sentence covers."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of one passage."""

    words: Sequence[AskedWord]
    language: str
    known: frozenset[int]

    def coverage(self, text: str) -> float:
        return coverage(self.words, text, self.language, self.known)


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a passage: characters `start` to `end` of its text.

    Attributes:
        text: of the sentence.
        label: the heading or line that it stands under, in the passage or above it; empty for
            none. Of "Lunch: it costs 2.65 a day" only both together say what is asked.
        is_label: it is such a line itself, which says little without what follows.
        is_row: of a table; its label is the row that names the columns.
    """

    start: int
    end: int
    text: str
    label: str = ""
    is_label: bool = False
    is_row: bool = False

    @property
    def labelled(self) -> str:
        """The sentence after its label."""
        return f"{self.label}: {self.text}" if self.label else self.text


def statements_of(passage: Passage) -> tuple[Statement, ...]:
    """Give the sentences of a passage, with what they stand under."""
    made: list[Statement] = []
    label = passage.place.heading_path[-1] if passage.place.heading_path else ""
    header = passage.header
    for start, end in sentences_of(passage.text):
        text = passage.text[start:end]
        if CELL_BORDER in text:
            made.append(Statement(start, end, text, header or label, is_row=True))
            header = header or text
            continue
        is_label = _is_label(passage.text, start, end)
        made.append(Statement(start, end, text, "" if is_label else label, is_label))
        label, header = (text if is_label else label), ""
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    covered: float
    fitness: float
    is_label: bool = False


def quotes_of(
    passages: Sequence[Passage],
    asked: Sequence[AskedWord],
    languages: Sequence[str],
    cosines: Mapping[str, float],
    known: Sequence[frozenset[int]],
) -> tuple[Quote, ...]:
    """Give the best sentences of each passage, best first.

    Args:
        passages: best first.
        asked: words of the question, with weights.
        languages: of each passage.
        cosines: of the question with `Statement.labelled` of the passages' sentences, as far as
            they are known.
        known: of each passage, the numbers of the words that the name of its document says.
    """
    quotes = []
    told = zip(passages, languages, known, strict=True)
    for rank, (passage, language, words) in enumerate(told):
        for best in _best(passage, _Asked(asked, language, words), cosines):
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


def _best(passage: Passage, asked: _Asked, cosines: Mapping[str, float]) -> list[_Candidate]:
    """Give the sentences of a passage that fit best, apart from each other."""
    singles = [_candidate(one, asked, cosines) for one in statements_of(passage)]
    whole = [one for one in singles if not one.is_label] or singles
    chosen: list[_Candidate] = []
    for one in sorted(whole, key=lambda one: (-one.fitness, one.start)):
        if len(chosen) == QUOTES_EACH:
            break
        best = _widened(one, singles, passage, asked)
        if all(best.end <= other.start or other.end <= best.start for other in chosen):
            chosen.append(best)
    return chosen


def _widened(
    best: _Candidate, singles: Sequence[_Candidate], passage: Passage, asked: _Asked
) -> _Candidate:
    """Give a sentence together with the one before or after it, if that says much more."""
    pairs = []
    for before, after in pairwise(singles):
        text = passage.text[before.start : after.end]
        if len(text) > LONGEST_QUOTE or best not in (before, after):
            continue
        covered = asked.coverage(text)
        if covered >= best.covered + PAIR_GAIN:
            fitness = best.fitness + (covered - best.covered) / 2
            pairs.append(_Candidate(before.start, after.end, covered, fitness))
    return max(pairs, key=lambda one: one.fitness, default=best)


def _candidate(one: Statement, asked: _Asked, cosines: Mapping[str, float]) -> _Candidate:
    covered = fitness = asked.coverage(one.text)
    if one.label:
        with_label = asked.coverage(f"{one.label}\n{one.text}")
        fitness += (1.0 if one.is_row else LABEL_SHARE) * (with_label - covered)
    if cosines:
        near = max(0.0, cosines.get(one.labelled, 0.0))
        fitness = (1 - COSINE_SHARE) * fitness + COSINE_SHARE * near
    return _Candidate(one.start, one.end, covered, fitness, one.is_label)


def _is_label(text: str, start: int, end: int) -> bool:
    """Say whether it is a heading or the like, which says little without what follows."""
    is_followed = text[end : end + 1] == "\n"
    return end - start <= LONGEST_LABEL and is_followed and text[end - 1] not in ".!?。！？؟।…:|"
