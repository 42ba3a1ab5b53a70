"""Which words of a passage a question asks for, and the part of it that shows them best."""

import re
from collections.abc import Sequence
from typing import Final

_WORD = re.compile(r"\w+")
_LEAST_CHARS: Final = 4
"""Shorter words say little: "is", "has", "der"; they count where there are no others."""
_STEM_CHARS: Final = 4
_ENDING_CHARS: Final = 4
"""Words that begin alike and differ by no more at their ends are taken for forms of one."""
_DENSE_FROM: Final = "\u2e80"
"""From here on scripts write words without spaces between them."""
Range = tuple[int, int]


def marked_ranges(text: str, question: str) -> list[Range]:
    """Give where words of the question stand in a text, from left to right, apart."""
    words = _WORD.findall(question)
    telling = [word for word in words if _counts(word)]
    wanted = [word.casefold() for word in telling or words]
    ranges: list[Range] = []
    for found in _WORD.finditer(text):
        word = found.group().casefold()
        if word[0] >= _DENSE_FROM:
            ranges += _pairs(found.group(), found.start(), question)
        elif any(_is_form(word, one) for one in wanted):
            ranges.append(found.span())
    return _joined(ranges)


def _counts(word: str) -> bool:
    return len(word) >= _LEAST_CHARS or any(letter.isdigit() for letter in word)


def _is_form(word: str, wanted: str) -> bool:
    if word == wanted:
        return True
    shorter, longer = sorted((word, wanted), key=len)
    stem = max(_STEM_CHARS, len(shorter) - 2)
    is_near = len(longer) - len(shorter) <= _ENDING_CHARS
    return len(shorter) >= _STEM_CHARS and is_near and longer[:stem] == shorter[:stem]


def _pairs(run: str, start: int, question: str) -> list[Range]:
    """Give pairs of characters that also stand in the question."""
    places = range(len(run) - 1)
    return [(start + at, start + at + 2) for at in places if run[at : at + 2] in question]


def _joined(ranges: Sequence[Range]) -> list[Range]:
    joined: list[Range] = []
    for first, last in ranges:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def excerpt(text: str, focus: str, question: str, most_chars: int) -> str:
    """Give the part of a text that holds `focus` or most words of the question.

    Args:
        text: of the passage.
        focus: the sentences that answer best, if known; a part of the text.
        question: what was asked.
        most_chars: longest part, without the dots where it is cut.
    """
    if len(text) <= most_chars:
        return text
    place = text.find(focus) if focus else -1
    if place < 0:
        place = _densest(marked_ranges(text, question), most_chars)
    start = max(0, min(place - most_chars // 6, len(text) - most_chars))
    if start:
        start = _after_space(text, start)
    end = start + most_chars
    if end >= len(text):
        return f"… {text[start:]}"
    end = max(text.rfind(" ", start, end), start + most_chars // 2)
    before = "… " if start else ""
    return f"{before}{text[start:end].rstrip()} …"


def _densest(ranges: Sequence[Range], width: int) -> int:
    """Give where a part of so many characters holds most of the ranges."""
    best, most = 0, 0
    for first, _ in ranges:
        n = sum(1 for start, end in ranges if start >= first and end <= first + width)
        if n > most:
            best, most = first, n
    return best


def _after_space(text: str, start: int) -> int:
    space = text.find(" ", start, start + 40)
    return space + 1 if space >= 0 else start
