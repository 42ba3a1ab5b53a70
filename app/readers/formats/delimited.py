"""Reads tables in text files: values parted by commas, semicolons or tabs."""

import csv
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
_DELIMITERS = ",;\t|"
_MAX_FIELD_CHARACTERS = 10_000_000


def read(
    path: Path, limits: ReadingLimits, _options: ReadingOptions, emit_page: EmitPage
) -> DocumentFacts:
    """Read a table row by row; see `app.readers.reading`."""
    encoding = file_encoding(path)
    writer = PageWriter(path, PageUnit.WHOLE, limits, emit_page)
    lines = (line.replace("\0", "") for line in lines_of(path, encoding))
    first = list(islice(lines, _SNIFFED_LINES))
    header = ""
    for number, cells in enumerate(_rows(path, first, lines)):
        kept = writer.add(BlockKind.TABLE_ROW, row_text(cells), header=header)
        if number == 0 and is_header(cells):
            header = kept
    return writer.finish(DocumentKind.CSV)


def _rows(path: Path, first: list[str], rest: Iterator[str]) -> Iterator[list[str]]:
    csv.field_size_limit(_MAX_FIELD_CHARACTERS)
    delimiter = _delimiter_of(first, path)
    try:
        for cells in csv.reader(chain(first, rest), delimiter=delimiter):
            if any(cell.strip() for cell in cells):
                yield [" ".join(cell.split()) for cell in cells]
    except csv.Error as error:
        raise too_complex(path, "a field") from error


def _delimiter_of(lines: list[str], path: Path) -> str:
    """Tell what parts the values: by the lines, else by what is most frequent in the first."""
    if path.suffix.casefold() in (".tsv", ".tab"):
        return "\t"
    try:
        return csv.Sniffer().sniff("".join(lines)[:20_000], _DELIMITERS).delimiter
    except csv.Error:
        line = next((one for one in lines if one.strip()), "")
        return max(_DELIMITERS, key=line.count)
