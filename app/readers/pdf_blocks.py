"""From the lines of a PDF page to headings, paragraphs and rows of tables."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.documents.text import BlockKind
from app.readers.pdf_lines import HYPHEN, LIST_MARKS, Cell, Line

HEADING_SCALE = 1.15
"""Type so much larger than that of most of the page is a heading's."""
HEADING_MAX_CHARACTERS = 160
PARAGRAPH_GAP = 0.75
"""Lines of a paragraph are less than this part of their height apart."""
ALIGNED_EM = 1.0
"""Cells of a column begin, end or are centred within so much of each other."""
MIN_TABLE_ROWS = 2
SHORT_CELL = 0.35
"""A column of numbers is at most such a part of its line."""
SHORT_LINE = 0.8
"""A line that ends so early in its column, with a full stop, ends its paragraph."""
SENTENCE_ENDS = ".:!?。！？؟"  # noqa: RUF001 - of every script


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Lines that are one block of text; a row of a table is a group of one line.

    Attributes:
        level: of a heading, 1 to 3; 0 for all else.
        is_header: a row that names the columns of those that follow.
        columns: of a row, in which column each of its cells stands, from 0.
    """

    kind: BlockKind
    lines: tuple[Line, ...]
    level: int = 0
    is_header: bool = False
    columns: tuple[int, ...] = ()


def groups_of(lines: Sequence[Line], text: str) -> Iterator[LineGroup]:
    """Put the lines of a page into blocks.

    Args:
        lines: in reading order.
        text: of the page, as pdfium gives it.
    """
    if not lines:
        return
    body = _body_size(lines)
    place = 0
    while place < len(lines):
        n_rows = _n_table_rows(lines, place)
        if n_rows >= MIN_TABLE_ROWS:
            yield from _rows(lines[place : place + n_rows], text)
            place += n_rows
            continue
        end = place + 1
        while end < len(lines) and _goes_on(lines[place:end], lines[end], text):
            if _n_table_rows(lines, end) >= MIN_TABLE_ROWS:
                break
            end += 1
        yield _group(lines[place:end], body, text)
        place = end


def _rows(lines: Sequence[Line], text: str) -> Iterator[LineGroup]:
    first = "".join(text[cell.start : cell.end] for cell in lines[0].cells)
    names_columns = not any(character.isdigit() for character in first)
    for number, line in enumerate(lines):
        is_header = number == 0 and names_columns
        columns = _columns_under(lines[0], line) if names_columns else None
        standing = columns or tuple(range(len(line.cells)))
        yield LineGroup(BlockKind.TABLE_ROW, (line,), is_header=is_header, columns=standing)


def _columns_under(header: Line, row: Line) -> tuple[int, ...] | None:
    """Give under which cell of the header each cell of a row stands; None if that is not plain."""
    found: list[int] = []
    for cell in row.cells:
        under = [
            number
            for number, name in enumerate(header.cells)
            if _is_under(name, cell, ALIGNED_EM * row.size)
        ]
        if len(under) != 1 or (found and under[0] <= found[-1]):
            return None
        found.append(under[0])
    return tuple(found)


def _is_under(name: Cell, cell: Cell, within: float) -> bool:
    if cell.left < name.right and name.left < cell.right:
        return True
    return abs(cell.left - name.left) <= within or abs(cell.right - name.right) <= within


def _body_size(lines: Sequence[Line]) -> float:
    """Give the size of most of the page's characters."""
    sizes = [
        line.size
        for line in lines
        for _ in range(0, sum(cell.end - cell.start for cell in line.cells), 10)
    ]
    return statistics.median(sizes) if sizes else lines[0].size


def _n_table_rows(lines: Sequence[Line], place: int) -> int:
    """Count the lines from `place` on that are rows of one table."""
    n_rows = 0
    while place + n_rows < len(lines) and len(lines[place + n_rows].cells) > 1:
        above, row = lines[place + n_rows - 1], lines[place + n_rows]
        if n_rows and not _is_aligned(above, row):
            is_sparse = _is_close(above, row) and _columns_under(lines[place], row)
            if not is_sparse:
                break
        n_rows += 1
    return n_rows


def _is_aligned(above: Line, below: Line) -> bool:
    """Say whether two lines that are close by have most columns in common besides the first."""
    if not _is_close(above, below):
        return False
    within = ALIGNED_EM * max(above.size, below.size)
    # The outer edges of running text are in line as well, so they alone do not count.
    n_inner = min(len(above.cells), len(below.cells)) - 1
    n_aligned = sum(
        any(_is_in_column(one, cell, within) for one in above.cells[1:])
        for cell in below.cells[1:-1]
    ) + _is_last_aligned(above, below, within)
    first_right = below.cells[0].right
    n_aligned += any(abs(one.right - first_right) <= within for one in above.cells[:-1])
    return 2 * n_aligned >= n_inner


def _is_in_column(one: Cell, other: Cell, within: float) -> bool:
    return (
        abs(one.left - other.left) <= within
        or abs(one.right - other.right) <= within
        or abs(one.left + one.right - other.left - other.right) <= 2 * within
    )


def _is_last_aligned(above: Line, below: Line, within: float) -> bool:
    last = below.cells[-1]
    if any(abs(one.left - last.left) <= within for one in above.cells[1:]):
        return True
    is_flush = abs(above.right - below.right) <= within
    return is_flush and _ends_short(above) and _ends_short(below)


def _is_close(above: Line, below: Line) -> bool:
    height = max(above.size, below.size)
    return 0 <= above.bottom - below.top + height <= 4 * height


def _ends_short(line: Line) -> bool:
    """Say whether the last cell is a small one, as a column of numbers has."""
    last = line.cells[-1]
    return last.right - last.left < SHORT_CELL * (line.right - line.left)


def _goes_on(paragraph: Sequence[Line], line: Line, text: str) -> bool:
    """Say whether a line belongs to the paragraph before it."""
    last = paragraph[-1]
    if text[last.cells[-1].end - 1] == HYPHEN and line.cells[0].start == last.cells[-1].end:
        return True  # Within a word.
    if abs(line.size - last.size) > (HEADING_SCALE - 1) * last.size:
        return False
    if line.is_bold != last.is_bold and len(paragraph) == 1:
        return False
    if not _is_below(last, line) or text[line.cells[0].start] in LIST_MARKS:
        return False
    right = max(one.right for one in paragraph)
    is_short = last.right - last.left < SHORT_LINE * max(right - last.left, line.right - line.left)
    return not (is_short and text[last.cells[-1].end - 1] in SENTENCE_ENDS)


def _is_below(above: Line, below: Line) -> bool:
    """Say whether a line stands close under another one, in the same column."""
    gap = above.bottom - below.top
    is_close = -above.size <= gap <= PARAGRAPH_GAP * above.size
    return is_close and below.left <= above.right and below.right >= above.left


def _group(lines: Sequence[Line], body: float, text: str) -> LineGroup:
    n_characters = sum(cell.end - cell.start for line in lines for cell in line.cells)
    first, last = text[lines[0].cells[0].start], text[lines[-1].cells[-1].end - 1]
    if first in LIST_MARKS:
        return LineGroup(BlockKind.LIST_ITEM, tuple(lines))
    scale = lines[0].size / body if body else 1.0
    has_letter = any(
        character.isalpha()
        for line in lines
        for cell in line.cells
        for character in text[cell.start : cell.end]
    )
    is_title = has_letter and n_characters <= HEADING_MAX_CHARACTERS and last not in ".,;"
    if is_title and scale >= HEADING_SCALE:
        level = 1 if scale >= 1.6 else 2  # noqa: PLR2004 - chapters are set half as large again
        return LineGroup(BlockKind.HEADING, tuple(lines), level)
    if is_title and lines[0].is_bold and len(lines) == 1 and scale > 0.95:  # noqa: PLR2004
        return LineGroup(BlockKind.HEADING, tuple(lines), 3)
    return LineGroup(BlockKind.PARAGRAPH, tuple(lines))
