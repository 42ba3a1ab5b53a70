"""Turns lines of plain text into paragraphs, list items and single lines."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from unicodedata import east_asian_width

from app.core.documents.text import BlockKind

MAX_WRAPPED_WIDTH = 120
"""Programs break lines of prose at 60 to 100; longer ones were not broken."""
MIN_WRAPPED_WIDTH = 45
_FULL_SHARE = 0.6
"""A line that was broken is this full, but for one in five: the next word did not fit."""
_ALIKE_SHARE = 0.7
_DIGITS = re.compile(r"\d+")
MAX_PARAGRAPH_LINES = 400
"""Long ones are taken in pieces, so that a file of one line end after each is read, too."""
_ITEM = re.compile(r"\s*(?:[-*+\u2022\u2023\u25aa\u25cf\u2013]|\(?(?:\d{1,3}|[a-zA-Z])[.)])\s+\S")
_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_CJK_JOINT = re.compile(f"(?<=[{_CJK}])\n(?=[{_CJK}])")


def blocks_of(lines: Iterable[str]) -> Iterator[tuple[BlockKind, str]]:
    """Give the blocks of a text.

    Lines that were broken because they were full are joined again; others stay for themselves:
    lines of a log, a poem, an address.

    Args:
        lines: with or without their ends.
    """
    paragraph: list[str] = []
    for raw_line in lines:
        line = raw_line.rstrip()
        if line and len(paragraph) < MAX_PARAGRAPH_LINES:
            paragraph.append(line)
            continue
        yield from _blocks_of_paragraph(paragraph)
        paragraph = [line] if line else []
    yield from _blocks_of_paragraph(paragraph)


def _blocks_of_paragraph(lines: list[str]) -> Iterator[tuple[BlockKind, str]]:
    is_wrapped = _is_wrapped(lines)
    pieces: list[str] = []
    for line in lines:
        if pieces and (not is_wrapped or _ITEM.match(line)):
            yield _block_of(pieces)
            pieces = []
        pieces.append(line)
    if pieces:
        yield _block_of(pieces)


def _block_of(pieces: list[str]) -> tuple[BlockKind, str]:
    kind = BlockKind.LIST_ITEM if _ITEM.match(pieces[0]) else BlockKind.PARAGRAPH
    text = "\n".join(pieces)
    return kind, _CJK_JOINT.sub("", text)


def _is_wrapped(lines: list[str]) -> bool:
    """Say whether the lines of a paragraph were broken where they were full."""
    if len(lines) < 2:  # noqa: PLR2004 - nothing to join
        return False
    widths = [_width(line) for line in lines]
    widest = max(widths)
    if not MIN_WRAPPED_WIDTH <= widest <= MAX_WRAPPED_WIDTH:
        return False
    if _begin_alike(lines):
        return False
    inner = sorted(widths[:-1])
    return inner[len(inner) // 5] >= _FULL_SHARE * widest


def _begin_alike(lines: list[str]) -> bool:
    """Say whether lines begin with the same kind of mark, as those of a log do: a time, a name."""
    beginnings = [line.split(maxsplit=1)[0] for line in lines if not line.isspace()]
    shapes = Counter(_DIGITS.sub("0", one) for one in beginnings if not one.isalpha())
    return bool(shapes) and shapes.most_common(1)[0][1] >= _ALIKE_SHARE * len(lines)


def _width(line: str) -> int:
    if line.isascii():
        return len(line)
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in line)
