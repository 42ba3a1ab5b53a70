"""Finds tables among the lines of a PDF page: rows, the columns of their cells, their header."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.readers.pdf_lines import Cell, Line

ALIGNED_EM = 1.0
"""Cells of a column begin, end or are centred within so much of each other."""
MIN_ROWS = 2
SHORT_CELL = 0.35
"""A column of numbers is at most such a part of its line."""
TIGHT = 0.55
"""Lines of one cell are less than this part of their height apart."""
PITCH_LINES = 40
"""So many lines tell how far the rows of a table are apart."""
LOOSER = 1.6
"""So many times as far are rows apart, if they can be told from lines of a cell by that."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes:
        line: all cells, those of one column together.
        columns: in which column each of them stands, from 0.
    """

    line: Line
    columns: tuple[int, ...]
    is_header: bool = False


@dataclass(slots=True)
class _Rows:
    """Rows being gathered, each as the lines that it is made of."""

    lines: list[list[Line]]

    @property
    def bottom(self) -> float:
        return min(line.bottom for line in self.lines[-1])


def table_at(lines: Sequence[Line], place: int) -> list[list[Line]]:
    """Give the rows of the table that begins at a line, each as its lines; none if none does."""
    if len(lines[place].cells) < 2:  # noqa: PLR2004 - no columns
        return []
    rows = _Rows([[lines[place]]])
    pitch = _row_gap(lines, place)
    at = place + 1
    while at < len(lines):
        line = lines[at]
        if _goes_on_row(rows.lines, line, pitch):
            rows.lines[-1].append(line)
        elif len(line.cells) > 1 and _is_next_row(rows, line):
            rows.lines.append([line])
        else:
            break
        at += 1
    return rows.lines


def rows_of(table: Sequence[Sequence[Line]], text: str) -> Iterator[Row]:
    """Give the rows of a table.

    Args:
        table: lines of each row.
        text: of the page, as pdfium gives it.
    """
    head = table[0][0]
    first = "".join(text[cell.start : cell.end] for line in table[0] for cell in line.cells)
    names_columns = not any(character.isdigit() for character in first)
    for number, lines in enumerate(table):
        columns = _columns_under(head, lines[0]) if names_columns else None
        standing = columns or tuple(range(len(lines[0].cells)))
        cells = list(zip(standing, [0] * len(standing), lines[0].cells, strict=True))
        for later, line in enumerate(lines[1:], 1):
            for cell in line.cells:
                at = _column_in(lines[0], cell, line.size)
                cells.append((standing[at or 0], later, cell))
        cells.sort(key=lambda one: one[:2])
        line = replace(lines[0], cells=tuple(cell for _, _, cell in cells))
        is_header = number == 0 and names_columns
        yield Row(line, tuple(column for column, _, _ in cells), is_header=is_header)


def _row_gap(lines: Sequence[Line], place: int) -> float:
    """Give how far rows with as many cells as the first are below what is above them."""
    gaps, above = [], lines[place]
    for line in lines[place + 1 : place + 1 + PITCH_LINES]:
        gap = above.bottom - line.top
        if gap > 4 * above.size or line.top > above.top:
            break
        if len(line.cells) >= len(lines[place].cells):
            gaps.append(gap)
        above = line
    return statistics.median(gaps) if gaps else 0.0


def _goes_on_row(rows: Sequence[Sequence[Line]], line: Line, pitch: float) -> bool:
    """Say whether the cells of a line go on with those of the row above it."""
    row = rows[-1]
    if len(line.cells) >= len(row[0].cells):
        return False
    within = ALIGNED_EM * line.size
    gaps = []
    for cell in line.cells:
        at = _column_in(row[0], cell, line.size)
        if at is None:
            return False
        column = row[0].cells[at]
        last = min(
            (one for above in row for one in above.cells if _is_in_column(column, one, within)),
            key=lambda one: one.bottom,
            default=column,
        )
        gaps.append(last.bottom - cell.top)
        if not -0.5 * line.size <= gaps[-1] <= TIGHT * line.size:
            return False
    is_first = line.cells[0].left <= row[0].cells[0].left + within
    # It could be a row itself, if rows stand as close as this.
    return not (len(line.cells) > 1 or is_first) or pitch > LOOSER * max(gaps) + 0.1 * line.size


def _column_in(row: Line, cell: Cell, size: float) -> int | None:
    """Give in which column of a row a cell stands that is no wider than it; None if in none."""
    within = ALIGNED_EM * size
    for number, one in enumerate(row.cells):
        following = row.cells[number + 1].left if number + 1 < len(row.cells) else None
        if not _is_in_column(one, cell, within):
            continue
        if following is None or cell.right <= following:
            return number
    return None


def _is_next_row(rows: _Rows, line: Line) -> bool:
    above = rows.lines[-1][0]
    if not _is_close(rows.bottom, above, line):
        return False
    return _is_aligned(above, line) or bool(_columns_under(rows.lines[0][0], line))


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


def _is_aligned(above: Line, below: Line) -> bool:
    """Say whether two lines have most columns in common besides the first."""
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


def _is_close(bottom: float, above: Line, below: Line) -> bool:
    height = max(above.size, below.size)
    return 0 <= bottom - below.top + height <= 4 * height


def _ends_short(line: Line) -> bool:
    """Say whether the last cell is a small one, as a column of numbers has."""
    last = line.cells[-1]
    return last.right - last.left < SHORT_CELL * (line.right - line.left)
