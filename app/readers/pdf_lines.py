"""Lines of a PDF page as they are seen: where they stand, how large they are, their cells.

pdfium gives the characters of a page in the order in which they were drawn, which in practice is
reading order, columns included. It ends a line where the next character stands on another height,
or far away; so a row of a table may come as several of its lines.
"""

import ctypes
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2
from pypdfium2 import raw

from app.readers.pdf_letters import is_leftward
from app.readers.pdf_space import PageSpace

CELL_GAP_EM = 1.2
"""Words are a quarter to half an em apart, in justified text up to three quarters; cells more."""
SAME_LINE_OVERLAP = 0.5
"""So much of the lower of two pieces must stand beside the other for both to be one line."""
NO_OVERLAP = 0.1
"""With less than this, characters are on different lines, as letters raised or lowered are not."""
BOLD_WEIGHT = 600
FONT_HEIGHT_EM = 0.85
"""Size of a type, as part of the height from its deepest to its highest stroke."""
HYPHEN = "\ufffe"
"""pdfium's mark for a hyphen at the end of a line that is not part of the word."""
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


@dataclass(frozen=True, slots=True)
class _Gap:
    """White space between two characters, and their boxes: left, bottom, right, top."""

    before: int
    after: int
    one: tuple[float, float, float, float]
    other: tuple[float, float, float, float]

    @property
    def width(self) -> float:
        """How far they are apart; in Arabic or Hebrew the next one stands on the left."""
        return max(self.other[0] - self.one[2], self.one[0] - self.other[2])

    @property
    def is_within_line(self) -> bool:
        """Whether they stand beside each other, or above each other in a line set sideways."""
        (left, bottom, right, top), (other_left, other_bottom, other_right, other_top) = (
            self.one,
            self.other,
        )
        beside = min(top, other_top) - max(bottom, other_bottom)
        if beside >= NO_OVERLAP * min(top - bottom, other_top - other_bottom):
            return True
        above = min(right, other_right) - max(left, other_left)
        return above > SAME_LINE_OVERLAP * min(right - left, other_right - other_left)


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
        self._box = raw.FS_RECTF()
        self._pointer = ctypes.byref(self._box)

    def lines(self) -> Iterator[Line]:
        """Give the lines in reading order."""
        waiting: Line | None = None
        for piece in self._pieces():
            if waiting is not None and self._is_beside(waiting, piece):
                waiting = _joined(waiting, piece)
                continue
            if waiting is not None:
                yield replace(waiting, cells=self._without_label(waiting.cells))
            waiting = piece
        if waiting is not None:
            yield replace(waiting, cells=self._without_label(waiting.cells))

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
            gaps: list[_Gap] = []
            for gap in self._gaps(first, last):
                if not gap.is_within_line:
                    yield self._line(first, gap.before + 1, gaps)
                    first, gaps = gap.after, []
                else:
                    gaps.append(gap)
            yield self._line(first, last, gaps)

    def _gaps(self, start: int, end: int) -> Iterator["_Gap"]:
        for space in _SPACES.finditer(self._text, start, end):
            before, after = space.start() - 1, space.end()
            if start <= before and after < end:
                yield _Gap(before, after, self._char_box(before), self._char_box(after))

    def _line(self, start: int, end: int, gaps: Sequence["_Gap"]) -> Line:
        # Some programs set a size of 1 and scale the page; the height of the font tells more.
        _, bottom, _, top = self._extent(start, end)
        size = (top - bottom) * FONT_HEIGHT_EM
        if size <= 0:
            size = float(raw.FPDFText_GetFontSize(self._page, start))
        size = max(size, 1.0)
        weight = int(raw.FPDFText_GetFontWeight(self._page, start))
        cells: list[Cell] = []
        first = start
        for gap in gaps:
            if gap.width > CELL_GAP_EM * size:
                cells.append(self._cell(first, gap.before + 1))
                first = gap.after
        cells.append(self._cell(first, end))
        return Line(tuple(cells), size, is_bold=weight >= BOLD_WEIGHT)

    def _without_label(self, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """Take the mark or number of a list, which hangs before its text, as part of it."""
        if len(cells) != 2 or not _LABEL.fullmatch(self._text, cells[0].start, cells[0].end):  # noqa: PLR2004 - label and text
            return cells
        return (self._cell(cells[0].start, cells[1].end),)

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
        if self._turned is None:
            return box.left, box.bottom, box.right, box.top
        shown = self._turned.box(box.left, box.bottom, box.right, box.top)
        return shown.left, -shown.bottom, shown.right, -shown.top


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


def _joined(line: Line, piece: Line) -> Line:
    """Put a piece to a line: as more of its last cell, or as cells of their own."""
    last, first = line.cells[-1], piece.cells[0]
    gap = max(first.left - last.right, last.left - first.right)
    if gap > CELL_GAP_EM * max(line.size, piece.size):
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
