"""Lines of a PDF page as they are seen: where they stand, how large they are, their cells.

pdfium gives the characters of a page in the order in which they were drawn, which in practice is
reading order, columns included. It ends a line where the next character stands on another height,
or far away; so a row of a table may come as several of its lines.
"""

import ctypes
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pypdfium2
from pypdfium2 import raw

CELL_GAP_EM = 1.2
"""Words are a quarter to half an em apart, in justified text up to three quarters; cells more."""
SAME_LINE_OVERLAP = 0.5
"""So much of the lower of two pieces must stand beside the other for both to be one line."""
BOLD_WEIGHT = 600
FONT_HEIGHT_EM = 0.85
"""Size of a type, as part of the height from its deepest to its highest stroke."""
HYPHEN = "\ufffe"
"""pdfium's mark for a hyphen at the end of a line that is not part of the word."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Characters `start` to `end` of the page without a wide gap, and where they stand.

    In points from the lower left corner of the page, as PDF counts.
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
    """

    cells: tuple[Cell, ...]
    size: float
    is_bold: bool = False

    @property
    def left(self) -> float:
        """Where it begins."""
        return min(cell.left for cell in self.cells)

    @property
    def right(self) -> float:
        """Where it ends."""
        return max(cell.right for cell in self.cells)

    @property
    def top(self) -> float:
        """Its upper edge."""
        return max(cell.top for cell in self.cells)

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return min(cell.bottom for cell in self.cells)


class LineFinder:
    """Finds the lines of one page.

    Args:
        page: its text.
        text: of it, as pdfium gives it.
    """

    def __init__(self, page: pypdfium2.PdfTextPage, text: str) -> None:
        self._page, self._text = page.raw, text
        self._box = raw.FS_RECTF()
        self._pointer = ctypes.byref(self._box)

    def lines(self) -> Iterator[Line]:
        """Give the lines in reading order."""
        waiting: Line | None = None
        for piece in self._pieces():
            if waiting is not None and _is_beside(waiting, piece):
                waiting = _joined(waiting, piece)
                continue
            if waiting is not None:
                yield waiting
            waiting = piece
        if waiting is not None:
            yield waiting

    def _pieces(self) -> Iterator[Line]:
        """Give what pdfium takes for lines."""
        start = 0
        for end in (*_line_ends(self._text), len(self._text)):
            first, last = _trimmed(self._text, start, end)
            start = end
            if first < last:
                yield self._line(first, last)

    def _line(self, start: int, end: int) -> Line:
        size = float(raw.FPDFText_GetFontSize(self._page, start))
        # Some programs set a size of 1 and scale the page; the height of the font tells more.
        _, bottom, _, top = self._extent(start, end)
        em = max((top - bottom) * FONT_HEIGHT_EM, 1.0) if top > bottom else max(size, 1.0)
        cells = tuple(self._cells(start, end, em))
        weight = int(raw.FPDFText_GetFontWeight(self._page, start))
        return Line(cells, em, is_bold=weight >= BOLD_WEIGHT)

    def _cells(self, start: int, end: int, em: float) -> Iterator[Cell]:
        first = start
        for gap in range(start + 1, end - 1):
            if self._text[gap] not in " \t":
                continue
            if self._text[gap + 1] in " \t":
                continue
            before = gap - 1
            while before > first and self._text[before] in " \t":
                before -= 1
            right = self._char_box(before)[2]
            left = self._char_box(gap + 1)[0]
            if left - right > CELL_GAP_EM * em:
                yield self._cell(first, before + 1)
                first = gap + 1
        yield self._cell(first, end)

    def _cell(self, start: int, end: int) -> Cell:
        left, bottom, right, top = self._extent(start, end)
        return Cell(start, end, left, bottom, right, top)

    def _extent(self, start: int, end: int) -> tuple[float, float, float, float]:
        """Give left, bottom, right, top of a run of characters, from some of them.

        The heights are the middle ones: single characters of another font do not count.
        """
        step = max(1, (end - start) // 7)
        boxes = [self._char_box(n) for n in {*range(start, end, step), end - 1}]
        boxes = [one for one in boxes if one[3] > one[1]] or boxes
        return (
            min(one[0] for one in boxes),
            statistics.median_low(one[1] for one in boxes),
            max(one[2] for one in boxes),
            statistics.median_low(one[3] for one in boxes),
        )

    def _char_box(self, index: int) -> tuple[float, float, float, float]:
        """Give left, bottom, right, top of a character, as high as its font is."""
        raw.FPDFText_GetLooseCharBox(self._page, index, self._pointer)
        box = self._box
        return box.left, box.bottom, box.right, box.top


def _line_ends(text: str) -> Iterator[int]:
    at = text.find("\n")
    while at >= 0:
        yield at + 1
        at = text.find("\n", at + 1)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_beside(line: Line, piece: Line) -> bool:
    """Say whether a piece goes on to the right of a line, on the same height."""
    lower = min(line.top - line.bottom, piece.top - piece.bottom)
    overlap = min(line.top, piece.top) - max(line.bottom, piece.bottom)
    is_same_height = lower > 0 and overlap >= SAME_LINE_OVERLAP * lower
    return is_same_height and piece.left >= line.right - 0.2 * line.size


def _joined(line: Line, piece: Line) -> Line:
    """Put a piece to a line: as more of its last cell, or as cells of their own."""
    last, first = line.cells[-1], piece.cells[0]
    if first.left - last.right > CELL_GAP_EM * max(line.size, piece.size):
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
