"""Marks which sentences of an answer rest on a source, in whatever Markdown they stand.

Sentences are known by their place in the text that the model wrote. What is on the screen has
lost its Markdown signs, so both are compared by their letters and digits alone: these are the
same in both but for addresses of links and the like, and the sentences come in order.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final

from app.core.documents.answer_sentences import without_brackets
from app.ui.widgets.markdown_leaves import (
    PLAIN,
    CodeLeaf,
    Leaf,
    ProseKind,
    ProseLeaf,
    Run,
    Runs,
    RunStyle,
    TableLeaf,
    plain_runs,
)

CHIP_SCHEME: Final = "source"
"""Of the address of a chip. The model cannot write such a link: only web addresses become one."""

_GAP = Run("\u00a0", PLAIN)
"""A space at which no line ends: a chip stays with its sentence."""
_GAP_AFTER = Run("\u202f", PLAIN)
_CHIP_EDGE = "\u2060\u202f\u202f", "\u202f\u202f\u2060"
"""Word joiners never come from a model (`visible_text`), so a chip is known again by them."""
_COPIED_CHIP = re.compile("[ \u00a0\u202f]*\u2060\u202f+(\\d+)\\??\u202f+\u2060\u202f?")
_LINK_TARGET = re.compile(r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+[\"'][^\"']*[\"'])?\)")
_ENTITY = re.compile(r"&#?\w{1,32};")

_TAILS: Final = (40, 24, 12)
"""So many letters of a sentence's end are looked for where the whole is not found."""
_SURE_LETTERS: Final = 12
_NEAR_LETTERS: Final = 80
"""A short text is taken for the sentence only so near to where it should stand."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A number at the end of a sentence.

    Attributes:
        note: what it stands for, for a tooltip and to be read aloud.
        is_doubtful: the source is similar only.
    """

    number: int
    note: str
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class CitedPart:
    """A sentence of a Markdown text.

    Attributes:
        start, end: where it stands in that text.
        chips: to be put at its end.
        note: why it is marked with dots; empty if it is not.
    """

    start: int
    end: int
    chips: tuple[Chip, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Sought:
    """A part by its letters, and how many letters stand before it in the text."""

    part: CitedPart
    letters: str
    n_before: int


def chip_number(url: str) -> int | None:
    """Give the number of the chip with this address; None if it is an ordinary link."""
    scheme, _, number = url.partition(":")
    return int(number) if scheme == CHIP_SCHEME and number.isdecimal() else None


def with_copied_chips(text: str) -> str:
    """Write chips as people do: [1]."""
    return _COPIED_CHIP.sub(r" [\1]", text)


class CitedText:
    """The sentences of one text, ready to be found among its leaves.

    Args:
        text: the Markdown.
        parts: its sentences, in order and apart; what lies outside of the text is left out.
    """

    def __init__(self, text: str, parts: Sequence[CitedPart]) -> None:
        self._sought: list[_Sought] = []
        n_letters, done = 0, 0
        for part in parts:
            if not done <= part.start < part.end <= len(text):
                continue
            n_letters += len(_readable_letters(text[done : part.start]))
            letters = _readable_letters(text[part.start : part.end])
            self._sought.append(_Sought(part, letters, n_letters))
            n_letters += len(letters)
            done = part.end

    def cite(self, leaves: Sequence[Leaf]) -> list[Leaf]:
        """Give the leaves with chips and marks; those without stay the same objects."""
        cleaned = [_clean(leaf) for leaf in leaves]
        units = [unit for number, leaf in enumerate(cleaned) for unit in _units(number, leaf)]
        if units:
            self._place_all(units)
        changed: dict[int, list[_Unit]] = {}
        for unit in units:
            if unit.has_changes:
                changed.setdefault(unit.place.leaf, []).append(unit)
        for number, its_units in changed.items():
            cleaned[number] = _with_units(cleaned[number], its_units)
        return cleaned

    def _place_all(self, units: "Sequence[_Unit]") -> None:
        starts = list(accumulate((len(unit.letters) for unit in units), initial=0))
        whole = "".join(unit.letters for unit in units)
        position, drift = 0, 0
        for sought in self._sought:
            expected = sought.n_before - drift
            found = _find(whole, sought.letters, position, expected)
            if found is None:
                if expected >= len(whole):
                    continue  # It is not on the screen yet.
                end = min(len(whole), max(position, expected + len(sought.letters)))
                _place_at_end(units, starts, end, sought.part)
                continue
            start, end = found
            drift = sought.n_before + len(sought.letters) - end
            position = end
            _place(units, starts, (start, end), sought.part)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _readable_letters(text: str) -> str:
    """Give the letters of a Markdown text that a reader sees, as far as a glance can tell."""
    readable = _LINK_TARGET.sub("]", without_brackets(text))
    return _letters(_ENTITY.sub(lambda found: html.unescape(found[0]), readable))


def _find(whole: str, letters: str, position: int, expected: int) -> tuple[int, int] | None:
    """Give start and end of a sentence, or of its end if no more of it is found as it is."""
    if not letters:
        return None
    for n_letters in (len(letters), *(n for n in _TAILS if n < len(letters))):
        sought = letters[-n_letters:]
        should_be = expected + len(letters) - n_letters
        start = _nearest(whole, sought, position, should_be)
        if start is not None:
            return start, start + n_letters
    return None


def _nearest(whole: str, sought: str, position: int, expected: int) -> int | None:
    best: int | None = None
    start = whole.find(sought, position)
    while start >= 0:
        if best is None or abs(start - expected) < abs(best - expected):
            best = start
        if start >= expected:
            break
        start = whole.find(sought, start + 1)
    if best is None or len(sought) >= _SURE_LETTERS or abs(best - expected) <= _NEAR_LETTERS:
        return best
    return None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a run of text stands: a leaf, and within a table the row (0: header) and column."""

    leaf: int
    row: int = -1
    column: int = -1


@dataclass(slots=True)
class _Unit:
    """A paragraph or cell, and what is to be put into it.

    Attributes:
        letters: its letters and digits.
        marks: start, end and note, counted in characters.
        chips: counted in characters.
    """

    place: _Place
    runs: Runs
    letters: str
    marks: list[tuple[int, int, str]] = field(default_factory=list)
    chips: list[tuple[int, Chip]] = field(default_factory=list)

    @property
    def has_changes(self) -> bool:
        return bool(self.marks or self.chips)


def _units(number: int, leaf: Leaf) -> Iterator[_Unit]:
    match leaf:
        case ProseLeaf() if leaf.kind is not ProseKind.RULE:
            yield _Unit(_Place(number), leaf.runs, _letters_of(leaf.runs))
        case CodeLeaf():
            yield _Unit(_Place(number), (), _letters(leaf.code))
        case TableLeaf():
            for row, cells in enumerate((leaf.header, *leaf.rows)):
                for column, runs in enumerate(cells):
                    yield _Unit(_Place(number, row, column), runs, _letters_of(runs))
        case _:
            pass


@lru_cache(maxsize=2048)
def _letters_of(runs: Runs) -> str:
    return _letters(plain_runs(runs))


@lru_cache(maxsize=2048)
def _letter_places(runs: Runs) -> list[int]:
    return [at for at, character in enumerate(plain_runs(runs)) if character.isalnum()]


def _place(
    units: Sequence[_Unit], starts: Sequence[int], found: tuple[int, int], part: CitedPart
) -> None:
    """Put the marks of a part where its letters stand, and its chips after the last."""
    start, end = found
    for number in range(bisect_right(starts, start) - 1, len(units)):
        if starts[number] >= end:
            break
        unit = units[number]
        first, last = max(start, starts[number]), min(end, starts[number + 1])
        if first >= last or not unit.runs:
            continue
        text = plain_runs(unit.runs)
        places = _letter_places(unit.runs)
        from_char = places[first - starts[number]]
        to_char = _past_punctuation(text, places[last - 1 - starts[number]] + 1)
        if part.note:
            unit.marks.append((from_char, to_char, part.note))
        if last == end:
            unit.chips += [(to_char, chip) for chip in part.chips]


def _place_at_end(
    units: Sequence[_Unit], starts: Sequence[int], letter: int, part: CitedPart
) -> None:
    """Put the chips of a part that was not found at the end of the block where it should be."""
    for number, unit in enumerate(units):
        if unit.runs and starts[number + 1] >= letter:
            at = len(plain_runs(unit.runs).rstrip())
            unit.chips += [(at, chip) for chip in part.chips]
            return


def _past_punctuation(text: str, at: int) -> int:
    while at < len(text) and not text[at].isalnum() and not text[at].isspace():
        at += 1
    return at


def _with_units(leaf: Leaf, units: Sequence[_Unit]) -> Leaf:
    changed = {unit.place: _changed_runs(unit) for unit in units}
    match leaf:
        case ProseLeaf():
            return replace(leaf, runs=changed[units[0].place])
        case TableLeaf():
            number = units[0].place.leaf
            rows = [
                tuple(
                    changed.get(_Place(number, row, column), runs)
                    for column, runs in enumerate(cells)
                )
                for row, cells in enumerate((leaf.header, *leaf.rows))
            ]
            return replace(leaf, header=rows[0], rows=tuple(rows[1:]))
        case CodeLeaf():
            return leaf


def _changed_runs(unit: _Unit) -> Runs:
    made: list[Run] = []
    at = 0
    cuts = sorted({*(cut for mark in unit.marks for cut in mark[:2]), *(c[0] for c in unit.chips)})
    for run in unit.runs:
        end = at + len(run.text)
        for first, last in _between(at, end, cuts):
            note = next((n for s, e, n in unit.marks if s <= first and last <= e), "")
            style = run.style._replace(is_doubtful=True, note=note) if note else run.style
            made.append(Run(run.text[first - at : last - at], style))
            made += _chip_runs(chip for place, chip in unit.chips if place == last)
        at = end
    return tuple(made)


def _between(start: int, end: int, cuts: Sequence[int]) -> Iterator[tuple[int, int]]:
    edges = [start, *(cut for cut in cuts if start < cut < end), end]
    yield from pairwise(edges)


def _chip_runs(chips: Iterator[Chip]) -> Iterator[Run]:
    for chip in chips:
        before, after = _CHIP_EDGE
        sign = "?" if chip.is_doubtful else ""
        style = RunStyle(
            url=f"{CHIP_SCHEME}:{chip.number}",
            is_chip=True,
            is_doubtful=chip.is_doubtful,
            note=chip.note,
        )
        yield _GAP
        yield Run(f"{before}{chip.number}{sign}{after}", style)
        yield _GAP_AFTER


def _clean(leaf: Leaf) -> Leaf:
    match leaf:
        case ProseLeaf():
            runs = _clean_runs(leaf.runs)
            return leaf if runs is leaf.runs else replace(leaf, runs=runs)
        case TableLeaf():
            header = tuple(_clean_runs(runs) for runs in leaf.header)
            rows = tuple(tuple(_clean_runs(runs) for runs in row) for row in leaf.rows)
            same = header == leaf.header and rows == leaf.rows
            return leaf if same else replace(leaf, header=header, rows=rows)
        case CodeLeaf():
            return leaf


def _clean_runs(runs: Runs) -> Runs:
    if not any(("[" in run.text or "【" in run.text) and not run.style.code for run in runs):
        return runs
    cleaned = (
        run if run.style.code else Run(without_brackets(run.text), run.style) for run in runs
    )
    kept = tuple(run for run in cleaned if run.text)
    return runs if kept == runs else kept
