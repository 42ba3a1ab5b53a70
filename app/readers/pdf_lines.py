"""Lines of a PDF page as they are seen: where they stand, how large they are, their cells.

pdfium gives the characters of a page in the order in which they were drawn, which in practice is
reading order, columns included. It ends a line where the next character stands on another height,
or far away; so a row of a table may come as several of its lines.
"""

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pypdfium2
from pypdfium2 import raw

from app.readers.pdf_letters import has_leftwards, is_leftward
from app.readers.pdf_space import PageSpace

CELL_GAP_EM = 1.2
"""Words are a quarter to half an em apart, in justified text up to three quarters; cells more."""
LEAST_GAP = 0.5
"""In heights of a character; narrower ones part no cells."""
SAME_LINE_OVERLAP = 0.5
"""So much of the lower of two pieces must stand beside the other for both to be one line."""
NO_OVERLAP = 0.1
"""With less than this, characters are on different lines, as letters raised or lowered are not."""
BOLD_WEIGHT = 600
FONT_HEIGHT_EM = 0.85
"""Size of a type, as part of the height from its deepest to its highest stroke."""
HYPHEN = "\ufffe"
"""pdfium's mark for a hyphen at the end of a line that is not part of the word."""
LABEL_GAP = 8
"""Characters that may lie between a label and its text."""
CELL_LINES = 12
"""A cell of a table with more lines is a text of its own."""
LIST_MARKS = "•◦▪‣·●○■□–*"  # noqa: RUF001 - as they are set
_LABEL = re.compile(
    rf"[{LIST_MARKS}\uf0b7\uf0a7]|\(?(?:\d{{1,3}}(?:\.\d{{1,2}}){{0,3}}|[A-Za-z]|[ivx]+)[.)]"
)
_SPACES = re.compile(r"[ \t]+")
_LINE_END = re.compile(f"[\n{HYPHEN}]")


@dataclass(frozen=True, slots=True)
class Cell:
    """Characters `start` to `end` of the page without a wide gap, and where they stand.

    In points, upwards, with the page turned as it is shown.
    """

    start: int
    end: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Line:
    """Cells that stand beside each other; one in running text.

    Attributes:
        size: of its type, in points.
        left, bottom, right, top: its edges.
    """

    cells: tuple[Cell, ...]
    size: float
    is_bold: bool = False
    left: float = field(init=False, compare=False)
    bottom: float = field(init=False, compare=False)
    right: float = field(init=False, compare=False)
    top: float = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Work out the edges, which are asked for often."""
        cells = self.cells
        first = cells[0]
        edges = (first.left, first.bottom, first.right, first.top)
        if len(cells) > 1:
            edges = (
                min(cell.left for cell in cells),
                min(cell.bottom for cell in cells),
                max(cell.right for cell in cells),
                max(cell.top for cell in cells),
            )
        for name, edge in zip(("left", "bottom", "right", "top"), edges, strict=True):
            object.__setattr__(self, name, edge)


_Edges = tuple[float, float, float, float]
"""Left, bottom, right, top."""


class LineFinder:
    """Finds the lines of one page.

    Args:
        page: its text.
        text: of it, as pdfium gives it.
    """

    def __init__(self, page: pypdfium2.PdfTextPage, text: str) -> None:
        self._page, self._text = page.raw, text
        space = PageSpace.of(page.page)
        self._turned = space if space.turned else None
        self._has_leftwards = has_leftwards(text)
        self._box = raw.FS_RECTF()
        self._pointer = ctypes.byref(self._box)

    def lines(self) -> list[Line]:
        """Give the lines in the order in which they were drawn."""
        lines: list[Line] = []
        for piece in self._pieces():
            at = self._line_beside(lines, piece)
            if at is None:
                lines.append(piece)
            else:
                lines[at] = self._joined(lines[at], piece)
        return [self._without_label(line) for line in lines]

    def _line_beside(self, lines: Sequence[Line], piece: Line) -> int | None:
        """Find the line that a piece goes on with: the last, or a row with lower cells since."""
        if not lines:
            return None
        if self._is_beside(lines[-1], piece):
            return len(lines) - 1
        if piece.bottom <= lines[-1].bottom:
            return None
        for at in range(len(lines) - 2, max(len(lines) - CELL_LINES, 0) - 1, -1):
            row, since = lines[at], lines[at + 1 :]
            if not all(one.top <= row.top and one.right <= piece.left for one in since):
                return None
            if self._is_beside(row, piece) and _is_row(
                lines[max(at - CELL_LINES, 0) : at], row, piece, since
            ):
                return at
        return None

    def _is_beside(self, line: Line, piece: Line) -> bool:
        """Say whether a piece goes on after a line, on the same height."""
        lower = min(line.top - line.bottom, piece.top - piece.bottom)
        overlap = min(line.top, piece.top) - max(line.bottom, piece.bottom)
        if lower <= 0 or overlap < SAME_LINE_OVERLAP * lower:
            return False
        if piece.left >= line.right - 0.2 * line.size:
            return True
        is_leftwards = is_leftward(self._text[piece.cells[0].start])
        return is_leftwards and piece.right <= line.left + 0.2 * line.size

    def _pieces(self) -> Iterator[Line]:
        """Give what pdfium takes for lines, cut where it has missed the end of one."""
        start = 0
        for end in (*_line_ends(self._text), len(self._text)):
            first, last = _trimmed(self._text, start, end)
            start = end
            if first >= last:
                continue
            gaps: list[tuple[int, int, float]] = []
            for space in _SPACES.finditer(self._text, first, last):
                before, after = space.start() - 1, space.end()
                one, other = self._char_box(before), self._char_box(after)
                if self._has_leftwards:
                    beginning = max(self._text.rfind(" ", first, before) + 1, first)
                    one = _united(one, self._char_box(beginning))
                    ending = self._text.find(" ", after, last)
                    other = _united(other, self._char_box((ending if ending > 0 else last) - 1))
                if not _is_within_line(one, other):
                    yield self._line(first, before + 1, gaps)
                    first, gaps = after, []
                    continue
                # In Arabic or Hebrew the next one stands on the left.
                width = max(other[0] - one[2], one[0] - other[2])
                if width > LEAST_GAP * (one[3] - one[1]):
                    gaps.append((before, after, width))
            yield self._line(first, last, gaps)

    def _line(self, start: int, end: int, gaps: Sequence[tuple[int, int, float]]) -> Line:
        # Some programs set a size of 1 and scale the page; the height of the font tells more.
        edges = self._extent(start, end)
        size = (edges[3] - edges[1]) * FONT_HEIGHT_EM
        if size <= 0:
            size = float(raw.FPDFText_GetFontSize(self._page, start))
        size = max(size, 1.0)
        weight = int(raw.FPDFText_GetFontWeight(self._page, start))
        cells: list[Cell] = []
        first = start
        for before, after, width in gaps:
            if width > CELL_GAP_EM * size:
                cells.append(self.cell(first, before + 1))
                first = after
        cells.append(self.cell(first, end) if cells else Cell(start, end, *edges))
        return Line(tuple(cells), size, is_bold=weight >= BOLD_WEIGHT)

    def _joined(self, line: Line, piece: Line) -> Line:
        """Put a piece to a line: as more of its last cell, or as cells of their own."""
        last, first = line.cells[-1], piece.cells[0]
        gap = max(first.left - last.right, last.left - first.right)
        is_apart = gap > CELL_GAP_EM * max(line.size, piece.size)
        # What was drawn between them stands elsewhere; a cell over both would say it again.
        if is_apart or self._text[last.end : first.start].strip():
            return replace(line, cells=(*line.cells, *piece.cells))
        merged = Cell(
            last.start,
            first.end,
            min(last.left, first.left),
            min(last.bottom, first.bottom),
            max(last.right, first.right),
            max(last.top, first.top),
        )
        size = max(line.size, piece.size)
        return replace(line, cells=(*line.cells[:-1], merged, *piece.cells[1:]), size=size)

    def _without_label(self, line: Line) -> Line:
        """Take the mark or number of a list, which hangs before its text, as part of it."""
        cells = line.cells
        if len(cells) != 2 or cells[1].start - cells[0].end > LABEL_GAP:  # noqa: PLR2004
            return line
        if not _LABEL.fullmatch(self._text, cells[0].start, cells[0].end):
            return line
        if self._text[cells[0].end : cells[1].start].strip():
            return line
        return replace(line, cells=(self.cell(cells[0].start, cells[1].end),))

    def cell(self, start: int, end: int) -> Cell:
        """Give characters `start` to `end` as a cell."""
        return Cell(start, end, *self._extent(start, end))

    def _extent(self, start: int, end: int) -> _Edges:
        """Give left, bottom, right, top of a run of characters, from some of them.

        The heights are the middle ones: single characters of another font do not count.
        """
        step = max(1, (end - start) // 7)
        boxes = [self._char_box(n) for n in {*range(start, end, step), end - 1}]
        boxes = [one for one in boxes if one[3] > one[1]] or boxes
        lefts, bottoms, rights, tops = map(sorted, zip(*boxes, strict=True))
        middle = (len(boxes) - 1) // 2
        return lefts[0], bottoms[middle], rights[-1], tops[middle]

    def _char_box(self, index: int) -> _Edges:
        """Give left, bottom, right, top of a character, as high as its font is."""
        raw.FPDFText_GetLooseCharBox(self._page, index, self._pointer)
        box = self._box
        if self._turned is None:
            return box.left, box.bottom, box.right, box.top
        shown = self._turned.box(box.left, box.bottom, box.right, box.top)
        return shown.left, -shown.bottom, shown.right, -shown.top


def _united(one: _Edges, other: _Edges) -> _Edges:
    """Give what holds both, the first and the last letter of a word from right to left."""
    (left, bottom, right, top), (other_left, other_bottom, other_right, other_top) = one, other
    return (
        min(left, other_left),
        min(bottom, other_bottom),
        max(right, other_right),
        max(top, other_top),
    )


def _is_within_line(one: _Edges, other: _Edges) -> bool:
    """Say whether characters stand beside each other, or, in a line set sideways, above."""
    left, bottom, right, top = one
    other_left, other_bottom, other_right, other_top = other
    beside = min(top, other_top) - max(bottom, other_bottom)
    if beside >= NO_OVERLAP * min(top - bottom, other_top - other_bottom):
        return True
    above = min(right, other_right) - max(left, other_left)
    return above > SAME_LINE_OVERLAP * min(right - left, other_right - other_left)


def _line_ends(text: str) -> Iterator[int]:
    """Give where lines end; where a word is broken, pdfium says only that."""
    for end in _LINE_END.finditer(text):
        yield end.end()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_row(before: Sequence[Line], line: Line, piece: Line, since: Sequence[Line]) -> bool:
    """Say whether the last cell of a line has gone on in those since, and a piece is the next."""
    if piece.left - line.right <= CELL_GAP_EM * line.size:
        return False
    if len(line.cells) < 2 and not _is_as_row_above(before, line, piece):  # noqa: PLR2004
        return False
    bottom, last = line.bottom, line.cells[-1]
    for one in since:
        if bottom - one.top > line.size or one.left < last.left - line.size:
            return False
        bottom = one.bottom
    return True


def _is_as_row_above(before: Sequence[Line], line: Line, piece: Line) -> bool:
    """Say whether a line and a piece stand under cells of one row above; else they are columns."""
    row = next((one for one in reversed(before) if len(one.cells) > 1), None)
    if row is None:
        return False
    lefts = [cell.left for cell in row.cells]
    return all(
        any(abs(left - one.left) <= 0.5 * line.size for left in lefts) for one in (line, piece)
    )
