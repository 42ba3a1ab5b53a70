"""Reads Excel workbooks (.xlsx): the values of cells as they are shown.

The library openpyxl pads sheets to a full rectangle: one cell in the last corner takes it
minutes. So cells are read one by one as they are in the file; its number formats are used.
"""

from pathlib import Path

from lxml import etree

from app.core.documents.text import BlockKind, DocumentFacts, DocumentKind, PageUnit
from app.readers.archive import Archive, open_archive
from app.readers.formats.cell_values import CellFormats, shown_number
from app.readers.formats.office_package import main_part, relations_of, title_of
from app.readers.formats.page_writer import PageWriter
from app.readers.formats.tables import is_header, row_text
from app.readers.formats.xml_parts import (
    attribute,
    child,
    find_local,
    local_name,
    parse_tree,
    stream_elements,
    whole_number,
)
from app.readers.reading import EmitPage, ReadingLimits, ReadingOptions

MAX_COLUMNS = 16_384
"""Of a sheet, by the format."""
MAX_GAP = 20
"""So many empty cells are kept between two that are full; more say nothing."""
MAX_TITLE_ROWS = 10
"""A header is looked for so far down."""
MAX_SHARED_CHARACTERS = 32_767
"""Of a cell, by the format."""


def read(
    path: Path, limits: ReadingLimits, _options: ReadingOptions, emit_page: EmitPage
) -> DocumentFacts:
    """Read a workbook sheet by sheet, hidden ones too; see `app.readers.reading`."""
    with open_archive(path, limits) as archive:
        main = main_part(archive, "xl/workbook.xml")
        workbook = parse_tree(archive.read(main), path)
        targets = {one.relation_id: one for one in relations_of(archive, main)}
        by_kind = {one.kind: one.target for one in targets.values()}
        shared = _shared_texts(archive, by_kind.get("sharedStrings", ""))
        formats = CellFormats(_styles(archive, by_kind.get("styles", "")), workbook)
        writer = PageWriter(path, PageUnit.SHEET, limits, emit_page)
        is_first = True
        for name, relation_id in _sheets(workbook):
            relation = targets.get(relation_id)
            if relation is None or relation.target not in archive:
                continue
            if is_first:
                writer.label_part(name)
            else:
                writer.next_part(name)
            is_first = False
            _read_sheet(archive, relation.target, _Sheet(writer, shared, formats))
        return writer.finish(DocumentKind.XLSX, title_of(archive))


def _sheets(workbook: etree._Element) -> list[tuple[str, str]]:
    """Give names and relations of the sheets, in their order."""
    return [
        (attribute(one, "name"), _linked_attribute(one, "id"))
        for one in find_local(workbook, "sheet")
    ]


def _linked_attribute(element: etree._Element, name: str) -> str:
    """Give an attribute that has a namespace, whichever."""
    found = (str(value) for key, value in element.items() if str(key).endswith("}" + name))
    return next(found, "")


def _styles(archive: Archive, name: str) -> etree._Element | None:
    return parse_tree(archive.read(name), archive.path) if name in archive else None


def _shared_texts(archive: Archive, name: str) -> list[str]:
    """Give the texts that cells name by their number."""
    if name not in archive:
        return []
    with archive.open(name) as stream:
        return [_rich_text(one) for one in stream_elements(stream, archive.path, ("si",))]


def _rich_text(element: etree._Element) -> str:
    pieces = []
    for one in find_local(element, "t"):
        parent = one.getparent()
        if parent is None or local_name(parent) != "rPh":
            pieces.append(one.text or "")
    return "".join(pieces)[:MAX_SHARED_CHARACTERS]


def _read_sheet(archive: Archive, name: str, sheet: "_Sheet") -> None:
    with archive.open(name) as stream:
        for row in stream_elements(stream, archive.path, ("row",)):
            sheet.take(row)
    for relation in relations_of(archive, name):
        if relation.kind == "comments" and relation.target in archive:
            root = parse_tree(archive.read(relation.target), archive.path)
            for one in find_local(root, "comment"):
                sheet.writer.add(BlockKind.PARAGRAPH, _rich_text(one))


class _Sheet:
    """Turns the rows of a sheet into blocks."""

    def __init__(self, writer: PageWriter, shared: list[str], formats: CellFormats) -> None:
        self.writer = writer
        self._shared = shared
        self._formats = formats
        self._header = ""
        self._header_columns: tuple[int, int] = (-1, -1)
        self._above: dict[int, str] = {}
        self._first_column = MAX_COLUMNS
        self._row_number = 0
        self._n_since_gap = 0

    def take(self, row: etree._Element) -> None:
        """Take a row."""
        texts = self._texts_of(row)
        number = whole_number(attribute(row, "r"), self._row_number + 1)
        if not texts:
            return
        is_after_gap = number > self._row_number + 1
        self._row_number = number
        if is_after_gap:
            self._n_since_gap, self._above = 0, {}
        self._n_since_gap += 1
        self._first_column = min(self._first_column, *texts)
        columns = (min(texts), max(texts))
        # A table of another shape, after an empty row, has a header of its own.
        if is_after_gap and columns != self._header_columns and _names_columns(texts):
            self._header = ""
        kept = self.writer.add(BlockKind.TABLE_ROW, self._row(texts), header=self._header)
        # A title may stand above the row that names the columns.
        if not self._header and self._n_since_gap <= MAX_TITLE_ROWS and _names_columns(texts):
            named = _with_names_above(texts, self._above)
            self._header = self._row(named) if named != texts else kept
            self._header_columns = columns
        self._above = texts if len(texts) > 1 and self._n_since_gap <= MAX_TITLE_ROWS else {}

    def _texts_of(self, row: etree._Element) -> dict[int, str]:
        """Give the texts of the cells that are not empty, by their column."""
        texts: dict[int, str] = {}
        column = -1
        for one in row:
            if local_name(one) != "c":
                continue
            column = _column_of(attribute(one, "r"), column + 1)
            text = " ".join(self._shown(one).split())
            if text:
                texts[column] = text
        return texts

    def _row(self, texts: dict[int, str]) -> str:
        cells: list[str] = []
        last = -1
        for column in sorted(texts):
            cells += [""] * self._gap(column, last)
            cells.append(texts[column])
            last = column
        return row_text(cells)

    def _gap(self, column: int, last: int) -> int:
        """Say how many empty cells to show before one, so that columns stay under each other."""
        if last < 0:
            n_gap = column - self._first_column
            return n_gap if n_gap <= MAX_GAP else 0
        n_gap = column - last - 1
        return n_gap if 0 <= n_gap <= MAX_GAP else 1

    def _shown(self, cell: etree._Element) -> str:
        """Give the text that a cell shows."""
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            return _rich_text(cell)
        value = child(cell, "v")
        raw = (value.text or "") if value is not None else ""
        if kind == "s":
            number = whole_number(raw, -1)
            return self._shared[number] if 0 <= number < len(self._shared) else ""
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(raw, raw)
        if kind == "n" and raw:
            return shown_number(raw, self._formats.of(cell.get("s") or ""), self._formats)
        return raw


def _names_columns(texts: dict[int, str]) -> bool:
    width = max(texts) - min(texts) + 1
    cells = [texts.get(min(texts) + at, "") for at in range(min(width, 2 * len(texts)))]
    return len(texts) > 1 and width <= 2 * len(texts) and is_header(cells)


def _with_names_above(texts: dict[int, str], above: dict[int, str]) -> dict[int, str]:
    """Put the names of groups of columns, in the row above, before those of their columns."""
    if not above or min(above) > max(texts):
        return texts
    named, group = {}, ""
    for column in range(min(*above, *texts), min(max(*above, *texts), MAX_COLUMNS) + 1):
        # The name of a group stands in its first column.
        group = above.get(column, group)
        own = texts.get(column, "")
        if own or column in above:
            named[column] = f"{group} {own}".strip() if own else above[column]
    return named


def _column_of(reference: str, following: int) -> int:
    """Give the column, from 0, of a cell such as AB12; without one it follows the last."""
    number = 0
    for letter in reference:
        if not ("A" <= letter <= "Z"):
            break
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1 if 0 < number <= MAX_COLUMNS else following
