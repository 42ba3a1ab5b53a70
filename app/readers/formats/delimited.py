"""Reads tables in text files: values parted by commas, semicolons or tabs."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from app.core.documents.text import BlockKind, DocumentFacts, DocumentKind, PageUnit
from app.readers.formats.page_writer import PageWriter
from app.readers.formats.plain_text import file_encoding, lines_of
from app.readers.formats.tables import is_header, row_text
from app.readers.reading import EmitPage, ReadingLimits, ReadingOptions
from app.readers.refusals import too_complex

_SNIFFED_LINES = 50
_DELIMITERS = ";\t|,"
"""The comma last: where it is not what parts values, it stands in numbers and sentences."""
_HINT = re.compile(r"\ufeff?\"?sep=([,;|\t])\"?\s*$", re.IGNORECASE)
MAX_TITLE_ROWS = 10
"""A header is looked for so far down."""
_MAX_FIELD_CHARACTERS = 10_000_000


def read(
    path: Path, limits: ReadingLimits, _options: ReadingOptions, emit_page: EmitPage
) -> DocumentFacts:
    """Read a table row by row; see `app.readers.reading`."""
    encoding = file_encoding(path)
    writer = PageWriter(path, PageUnit.WHOLE, limits, emit_page)
    lines = (line.replace("\0", "") for line in lines_of(path, encoding))
    first = list(islice(lines, _SNIFFED_LINES))
    delimiter, first = _delimiter_of(first, path)
    width = _usual_width(first, delimiter)
    header = ""
    for number, cells in enumerate(_rows(path, chain(first, lines), delimiter)):
        kept = writer.add(BlockKind.TABLE_ROW, row_text(cells), header=header)
        # Titles may stand above the row that names the columns.
        if not header and number < MAX_TITLE_ROWS and len(cells) >= width and is_header(cells):
            header = kept
        width = 0 if len(cells) >= width else width
    return writer.finish(DocumentKind.CSV)


def _rows(path: Path, lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_MAX_FIELD_CHARACTERS)
    try:
        for cells in csv.reader(lines, delimiter=delimiter):
            if any(cell.strip() for cell in cells):
                yield [" ".join(cell.split()) for cell in cells]
    except csv.Error as error:
        raise too_complex(path, "a field") from error


def _delimiter_of(lines: list[str], path: Path) -> tuple[str, list[str]]:
    """Tell what parts the values, and give the lines of values: Excel's own hint is none."""
    hint = _HINT.match(lines[0]) if lines else None
    if hint is not None:
        return hint[1], lines[1:]
    if path.suffix.casefold() in (".tsv", ".tab"):
        return "\t", lines
    return max(_DELIMITERS, key=lambda one: _fitness(lines, one)), lines


def _fitness(lines: list[str], delimiter: str) -> float:
    """Say how many of the rows have as many values as most, if these are several."""
    widths = _widths(lines, delimiter)
    if not widths:
        # What it leaves nothing of has no values.
        return float(not "".join(lines).strip(f'{delimiter}"\r\n '))
    width, n_rows = widths.most_common(1)[0]
    if width > 1:
        return n_rows / widths.total()
    # Better than nothing: a delimiter that is there at all.
    return 0.01 * (widths.total() - n_rows) / widths.total()


def _usual_width(lines: list[str], delimiter: str) -> int:
    widths = _widths(lines, delimiter)
    return widths.most_common(1)[0][0] if widths else 0


def _widths(lines: list[str], delimiter: str) -> Counter[int]:
    """Count the rows by how many values they have."""
    csv.field_size_limit(_MAX_FIELD_CHARACTERS)
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return Counter()
    return Counter(len(row) for row in rows if any(map(str.strip, row)))
