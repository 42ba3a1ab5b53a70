"""From the lines of a PDF page to headings, paragraphs and rows of tables."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.documents.text import BlockKind
from app.readers.pdf_lines import HYPHEN, LIST_MARKS, Line
from app.readers.pdf_tables import MIN_ROWS, rows_of, table_at

HEADING_SCALE = 1.15
"""Type so much larger than that of most of the page is a heading's."""
HEADING_MAX_CHARACTERS = 160
PARAGRAPH_GAP = 0.75
"""Lines of a paragraph are less than this part of their height apart."""
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
        table = table_at(lines, place)
        if len(table) >= MIN_ROWS:
            for row in rows_of(table, text):
                yield LineGroup(
                    BlockKind.TABLE_ROW, (row.line,), is_header=row.is_header, columns=row.columns
                )
            place += sum(map(len, table))
            continue
        end = place + 1
        while end < len(lines) and _goes_on(lines[place:end], lines[end], text):
            if len(table_at(lines, end)) >= MIN_ROWS:
                break
            end += 1
        yield _group(lines[place:end], body, text)
        place = end


def _body_size(lines: Sequence[Line]) -> float:
    """Give the size of most of the page's characters."""
    sizes = [
        line.size
        for line in lines
        for _ in range(0, sum(cell.end - cell.start for cell in line.cells), 10)
    ]
    return statistics.median(sizes) if sizes else lines[0].size


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
