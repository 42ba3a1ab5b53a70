"""Puts lines of a PDF page that were drawn out of order where they are read.

What was drawn in reading order, columns included, stays as it is: the order of drawing knows more
of a page than its looks. Only what contradicts the page is moved: a value drawn after the form
that it fills, a foot or figure before the text, a column of numbers after that of their names.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.readers.pdf_letters import has_leftwards
from app.readers.pdf_lines import Cell, Line, LineFinder

SAME_BASE = 0.25
"""Heights of a line by which two pieces of one line may stand apart."""
COLUMN_LINES = 3
"""So many rows make a table of columns that were drawn one after the other."""
PROSE_LINES = 3
PROSE_WIDTH_EM = 15
"""Lines that wide, one below the other, are running text: nothing is put into them."""
FAR_ABOVE = 2.5
"""In heights of a line: what was drawn later and stands so much higher was drawn out of order.
Parts of formulas move less."""
BLOCK_LINES = 3
"""A block of as many is no part of a formula."""
BLOCK_GAP = 2.0
"""In heights of a line: lines of a block are closer."""
LOOSE = 0.33
"""In heights of a line: further apart, lines are rows rather than text."""
LARGER = 1.6
"""Pieces of one line are not so many times as large as each other."""
LONGEST_GAP_EM = 40
"""A name and its number are closer, however wide the page is."""
MAX_BLOCKS = 400
"""More are a drawing with many labels, which have no order."""
_NUMBERS = re.compile(r"[\s\d.,:%()€$£¥+/\u2013\u2212-]+")
_DIGIT = re.compile(r"\d")
_BLANK = re.compile(r"[_\u2026]{3,}|\.{5,}")
"""Where something is to be filled in."""


@dataclass(slots=True)
class _Block:
    """Lines below each other that were drawn one after the other."""

    lines: list[Line]
    left: float
    bottom: float
    right: float
    top: float
    is_prose: bool = False
    is_loose: bool = False

    @classmethod
    def of(cls, line: Line) -> "_Block":
        return cls([line], line.left, line.bottom, line.right, line.top)

    def add(self, line: Line) -> None:
        self.lines.append(line)
        self.left, self.right = min(self.left, line.left), max(self.right, line.right)
        self.bottom, self.top = min(self.bottom, line.bottom), max(self.top, line.top)


def in_order_of_places(lines: Sequence[Line], finder: LineFinder, text: str) -> list[Line]:
    """Give lines in the order in which they are read.

    Args:
        lines: in the order in which they were drawn.
        finder: that found them.
        text: of the page, as pdfium gives it.
    """
    blocks = _blocks_of(lines)
    if len(blocks) > MAX_BLOCKS:
        return list(lines)
    joined = _LateJoiner(blocks, finder, text).joined()
    if joined is not None:
        blocks = _blocks_of(joined)
    return [line for block in _sorted(blocks) for line in block.lines]


def _blocks_of(lines: Sequence[Line]) -> list[_Block]:
    blocks: list[_Block] = []
    for line in lines:
        if blocks and _is_below(blocks[-1].lines[-1], line):
            blocks[-1].add(line)
        else:
            blocks.append(_Block.of(line))
    for block in blocks:
        size = block.lines[0].size
        block.is_prose = (
            len(block.lines) >= PROSE_LINES
            and block.right - block.left >= PROSE_WIDTH_EM * size
            and all(len(line.cells) == 1 for line in block.lines)
        )
        block.is_loose = len(block.lines) > 1 and all(
            above.bottom - below.top > LOOSE * size for above, below in pairwise(block.lines)
        )
    return blocks


def _is_below(above: Line, line: Line) -> bool:
    gap = above.bottom - line.top
    return (
        -above.size <= gap <= BLOCK_GAP * above.size
        and line.bottom < above.bottom
        and line.left <= above.right
        and above.left <= line.right
    )


def _sorted(blocks: Sequence[_Block]) -> list[_Block]:
    """Put each block before the first one that it stands above, if it was drawn after that."""
    placed: list[_Block] = []
    lowest = math.inf
    for block in blocks:
        at = len(placed)
        if block.bottom > lowest and any(_is_far_above(block, other) for other in placed):
            at = next(at for at, other in enumerate(placed) if _is_above(block, other))
        placed.insert(at, block)
        lowest = min(lowest, block.bottom)
    return placed


def _is_far_above(block: _Block, other: _Block) -> bool:
    """Say whether a block stands so far above another one that it was drawn out of order."""
    far = FAR_ABOVE if max(len(block.lines), len(other.lines)) < BLOCK_LINES else 0.5
    return other.top + far * other.lines[0].size <= block.top and _is_above(block, other)


def _is_above(block: _Block, other: _Block) -> bool:
    return (
        other.top <= block.bottom + 0.3 * other.lines[0].size
        and other.left < block.right
        and block.left < other.right
    )


# --- pieces of one line ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line, where it is in the order of drawing, and the block that it is in."""

    line: Line
    place: int
    block: _Block


class _LateJoiner:
    """Puts pieces that were drawn later to the line that they stand on."""

    def __init__(self, blocks: Sequence[_Block], finder: LineFinder, text: str) -> None:
        self._finder, self._text = finder, text
        lines = [(line, block) for block in blocks for line in block.lines]
        self._pieces = [_Piece(line, at, block) for at, (line, block) in enumerate(lines)]
        self._lines: list[Line | None] = [line for line, _ in lines]
        self._columns: dict[tuple[int, int], bool] = {}

    def joined(self) -> list[Line] | None:
        """Give all lines, with the pieces in their places; None if nothing was to be done."""
        is_changed = False
        for at, line in enumerate(self._lines):
            if line is not None and self._is_mixed_up(line):
                cells = sorted(self._cut_at_blanks(line), key=lambda cell: cell.left)
                self._lines[at] = replace(line, cells=tuple(cells))
                is_changed = True
        by_height = sorted(
            (piece for piece in self._pieces if not piece.block.is_prose),
            key=lambda piece: (piece.line.bottom, piece.place),
        )
        for number, low in enumerate(by_height):
            for high in by_height[number + 1 : number + 12]:
                if high.line.bottom - low.line.bottom > SAME_BASE * low.line.size:
                    break
                first, later = (low, high) if low.place < high.place else (high, low)
                one, other = self._lines[first.place], self._lines[later.place]
                both = self._both(first, one, later, other) if one and other else None
                if both is not None:
                    self._lines[first.place], self._lines[later.place] = both, None
                    is_changed = True
        return [line for line in self._lines if line is not None] if is_changed else None

    def _is_mixed_up(self, line: Line) -> bool:
        """Say whether cells that pdfium takes for one line do not follow each other in it."""
        return any(
            other.left < one.right - line.size for one, other in pairwise(line.cells)
        ) and not has_leftwards(self._text[line.cells[0].start : line.cells[-1].end])

    def _both(self, first: _Piece, one: Line, later: _Piece, other: Line) -> Line | None:
        """Give two pieces as one line, if what the later one says belongs to the earlier one."""
        size = max(one.size, other.size)
        is_level = abs(one.bottom - other.bottom) <= SAME_BASE * size
        if not is_level or min(one.size, other.size) * LARGER < size:
            return None
        if any(_BLANK.search(self._text, cell.start, cell.end) for cell in one.cells):
            one = replace(one, cells=tuple(self._cut_at_blanks(one)))
            return _merged(one, other) if one.left <= other.left <= one.right + size else None
        if one.left < other.right and other.left < one.right:
            is_between = len(other.cells) == 1 and not any(
                cell.left < other.right and other.left < cell.right for cell in one.cells
            )
            return _merged(one, other) if is_between else None
        is_forward = one.left < other.left
        left, right = (one, other) if is_forward else (other, one)
        blocks = (first.block, later.block) if is_forward else (later.block, first.block)
        if right.left - left.right > LONGEST_GAP_EM * size:
            return None
        return _merged(left, right) if self._belong(left, right, *blocks) else None

    def _belong(self, left: Line, right: Line, names: _Block, values: _Block) -> bool:
        """Say whether what stands on the right is the value of what is named on the left."""
        is_alone = len(names.lines) == 1
        if self._ends_in_colon(left) and (is_alone or self._are_labels(names)):
            return True
        is_number = all(
            _NUMBERS.fullmatch(self._text, cell.start, cell.end)
            and _DIGIT.search(self._text, cell.start, cell.end)
            for cell in right.cells
        )
        if is_number and (is_alone or names.is_loose):
            return True
        # The same for all lines of the two: asked once for each pair of blocks, not of lines.
        pair = (id(names), id(values))
        if pair not in self._columns:
            self._columns[pair] = _are_columns(names, values)
        return self._columns[pair]

    def _are_labels(self, block: _Block) -> bool:
        return 2 * sum(map(self._ends_in_colon, block.lines)) >= len(block.lines)

    def _ends_in_colon(self, line: Line) -> bool:
        return self._text[line.cells[-1].end - 1] in ":\uff1a"

    def _cut_at_blanks(self, line: Line) -> list[Cell]:
        """Cut cells after each blank, so that what fills it can be put there."""
        cells = []
        for cell in line.cells:
            start = cell.start
            for blank in _BLANK.finditer(self._text, cell.start, cell.end):
                following = blank.end()
                while following < cell.end and self._text[following].isspace():
                    following += 1
                cells.append(self._finder.cell(start, blank.end()))
                start = following
            if start < cell.end:
                cells.append(self._finder.cell(start, cell.end))
        return cells


def _are_columns(names: _Block, values: _Block) -> bool:
    """Say whether two blocks are a table that was drawn column by column.

    Two lines may be texts beside each other.
    """
    return (
        len(names.lines) >= COLUMN_LINES
        and names.is_loose
        and (len(values.lines) == 1 or values.is_loose)
        and all(
            any(abs(value.bottom - name.bottom) <= SAME_BASE * name.size for name in names.lines)
            for value in values.lines
        )
    )


def _merged(one: Line, other: Line) -> Line:
    cells = sorted((*one.cells, *other.cells), key=lambda cell: cell.left)
    return replace(one, cells=tuple(cells), size=max(one.size, other.size))
