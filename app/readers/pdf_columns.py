"""Columns of running text that were drawn line by line across the page.

Most programs draw one column after the other. Where they do not, the lines of all columns come
side by side, like the rows of a table; but running text fills its column, and cells do not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from app.readers.pdf_lines import Cell, Line

MIN_LINES = 4
"""Fewer lines side by side may be a table of long cells."""
MIN_WIDTH_EM = 12
"""A column of running text holds a few words a line."""
FILLED_PART = 0.6
"""So many of its lines reach the end of a column of running text, but for the last word."""
LAST_WORD_EM = 4
TALLEST_GAP = 3
"""In heights of a line: more white space ends what belongs together."""


def in_reading_order(lines: Sequence[Line]) -> Iterator[Line]:
    """Give lines with columns one after the other where they were drawn side by side."""
    place = 0
    while place < len(lines):
        end, columns = _region(lines, place)
        if columns:
            yield from columns
            place = end
        else:
            yield lines[place]
            place += 1


def _region(lines: Sequence[Line], place: int) -> tuple[int, list[Line]]:
    """Find columns that begin at a line: give where they end, and their lines in order."""
    if len(lines[place].cells) < 2:  # noqa: PLR2004 - no columns
        return place, []
    gutters = _gutters(lines[place])
    end = place
    sides: list[list[Line]] = [[] for _ in range(len(gutters) + 1)]
    while end < len(lines) and (end == place or _is_near(lines[end - 1], lines[end])):
        parts = _parts(lines[end], gutters)
        if parts is None:
            break
        for number, part in parts:
            sides[number].append(part)
        end += 1
    if not all(map(_is_running_text, sides)):
        return place, []
    return end, [line for side in sides for line in side]


def _gutters(line: Line) -> list[float]:
    """Give the middles of the gaps between the cells of a line."""
    return [(one.right + other.left) / 2 for one, other in pairwise(line.cells)]


def _is_near(above: Line, below: Line) -> bool:
    return -above.size <= above.bottom - below.top <= TALLEST_GAP * above.size


def _parts(line: Line, gutters: Sequence[float]) -> list[tuple[int, Line]] | None:
    """Give the parts of a line by column; None if it crosses from one into another."""
    found: dict[int, list[Cell]] = {}
    for cell in line.cells:
        first = sum(gutter <= cell.left for gutter in gutters)
        if first != sum(gutter < cell.right for gutter in gutters):
            return None
        found.setdefault(first, []).append(cell)
    return [(number, replace(line, cells=tuple(cells))) for number, cells in found.items()]


def _is_running_text(side: Sequence[Line]) -> bool:
    """Say whether the lines of a column fill it, as those of a table do not."""
    if len(side) < MIN_LINES or sum(len(line.cells) > 1 for line in side) * 4 > len(side):
        return False
    left, right = min(line.left for line in side), max(line.right for line in side)
    size = side[0].size
    if right - left < MIN_WIDTH_EM * size:
        return False
    n_filled = sum(line.right >= right - LAST_WORD_EM * size for line in side)
    return n_filled >= FILLED_PART * len(side)
