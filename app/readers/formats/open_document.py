"""Reads OpenDocument texts, and presentations and spreadsheets as far as they are text."""

from pathlib import Path

from lxml import etree

from app.core.documents.text import BlockKind, DocumentFacts, DocumentKind, PageUnit
from app.core.errors import ErrorCode, WorldError
from app.readers.archive import Archive, open_archive
from app.readers.clean_text import raised
from app.readers.formats.open_numbers import OpenNumbers
from app.readers.formats.page_writer import PageWriter
from app.readers.formats.tables import is_header, row_text
from app.readers.formats.xml_parts import (
    attribute,
    child,
    find_local,
    local_name,
    parse_tree,
    whole_number,
)
from app.readers.reading import EmitPage, ReadingLimits, ReadingOptions
from app.readers.refusals import damaged, refusal

_LEFT_OUT = frozenset(
    [
        "tracked-changes",
        "forms",
        "sequence-decls",
        "annotation-end",
        "title",
        "desc",
        "settings",
        "variable-decls",
        "user-field-decls",
        "event-listeners",
        "ruby-text",
    ]
)
_UNITS = {"presentation": ("page", PageUnit.SLIDE), "spreadsheet": ("table", PageUnit.SHEET)}
MAX_REPEATED_CHARACTERS = 100
"""A cell that goes on over several rows is repeated in each, unless it is longer."""
MAX_REPEATED = 50
"""Cells that are repeated more often only fill a sheet."""


def read(
    path: Path, limits: ReadingLimits, _options: ReadingOptions, emit_page: EmitPage
) -> DocumentFacts:
    """Read an OpenDocument text; see `app.readers.reading`."""
    with open_archive(path, limits) as archive:
        _check_open(archive)
        root = parse_tree(archive.read("content.xml"), path)
        body = child(root, "body")
        content = (
            next((one for one in body if local_name(one)), None) if body is not None else None
        )
        if content is None:
            raise damaged(path, "no body")
        name = local_name(content)
        part, unit = _UNITS.get(name, ("", PageUnit.WHOLE))
        writer = PageWriter(path, unit, limits, emit_page)
        styles = [root, *_styles(archive)]
        document = _Document(writer, part, OpenNumbers(styles), _raised_styles(styles))
        document.take_all(content)
        return writer.finish(DocumentKind.ODT, _title(archive))


def _check_open(archive: Archive) -> None:
    manifest = archive.read_if_there("META-INF/manifest.xml")
    if b"encryption-data" in manifest or "encrypted-package" in archive:
        raise refusal(ErrorCode.DOCUMENT_NEEDS_PASSWORD, archive.path)


def _styles(archive: Archive) -> list[etree._Element]:
    # Styles that are damaged keep nobody from reading the document.
    try:
        data = archive.read_if_there("styles.xml")
        return [parse_tree(data, archive.path)] if data else []
    except WorldError:
        return []


def _raised_styles(roots: list[etree._Element]) -> frozenset[str]:
    """Name the styles whose text stands raised."""
    return frozenset(
        attribute(style, "name")
        for root in roots
        for style in find_local(root, "style")
        for one in find_local(style, "text-properties")
        if attribute(one, "text-position").startswith("super")
    )


def _title(archive: Archive) -> str:
    # Properties that are damaged keep nobody from reading the document.
    try:
        data = archive.read_if_there("meta.xml")
        root = parse_tree(data, archive.path) if data else None
    except WorldError:
        return ""
    if root is None:
        return ""
    return next((one.text or "" for one in find_local(root, "title")), "")


class _Document:
    """Turns the elements of a document into blocks.

    Args:
        writer: takes the blocks.
        part: name of the elements that are slides or sheets; empty in a text.
        numbers: of lists and headings.
        raised: names of the styles whose text stands raised.
    """

    def __init__(
        self, writer: PageWriter, part: str, numbers: OpenNumbers, raised: frozenset[str]
    ) -> None:
        self._writer = writer
        self._part = part
        self._numbers = numbers
        self._raised = raised
        self._label = ""
        self._is_first_part = True

    def take_all(self, element: etree._Element, kind: BlockKind = BlockKind.PARAGRAPH) -> None:
        """Take what is in an element.

        Args:
            element: a container.
            kind: of the paragraphs in it.
        """
        for one in element:
            name = local_name(one)
            if not name or name in _LEFT_OUT:
                continue
            if name == self._part:
                self._begin_part(attribute(one, "name"))
            if name == "h":
                self._take_heading(one)
            elif name == "p":
                self._take_paragraph(one, kind)
            elif name == "table":
                self._take_table(one)
            elif name == "list":
                self._numbers.begin_list(one)
                self.take_all(one, kind)
                self._numbers.end_list()
            elif name == "list-item":
                self._label = self._numbers.item_label(one)
                self.take_all(one, BlockKind.LIST_ITEM)
                self._label = ""
            else:
                self.take_all(one, kind)

    def _begin_part(self, name: str) -> None:
        label = name if self._writer.unit is PageUnit.SHEET else ""
        if self._is_first_part:
            self._writer.label_part(label)
        else:
            self._writer.next_part(label)
        self._is_first_part = False

    def _take_heading(self, element: etree._Element) -> None:
        level = attribute(element, "outline-level")
        number = min(max(whole_number(level, 1), 1), 9)
        label = self._numbers.heading_label(number, element)
        self._add(BlockKind.HEADING, element, self._label or label, number)

    def _take_paragraph(self, element: etree._Element, kind: BlockKind) -> None:
        self._add(kind, element, self._label)

    def _add(self, kind: BlockKind, element: etree._Element, label: str, level: int = 0) -> None:
        text = self._text_of(element)
        if text.strip():
            self._label = ""
            text = f"{label} {text}" if label else text
        self._writer.add(kind, text, level=level)
        # Text boxes and notes stand in the paragraph that they belong to.
        for frame in find_local(element, "text-box", "note-body", "annotation"):
            self.take_all(frame)

    def _take_table(self, table: etree._Element) -> None:
        header = ""
        spanned: dict[int, tuple[int, str]] = {}
        for number, row in enumerate(_rows_of(table)):
            cells = self._cells_of(row, spanned)
            kept = self._writer.add(BlockKind.TABLE_ROW, row_text(cells), header=header)
            if not header and kept and (number == 0 or _is_sheet_row(row)) and is_header(cells):
                header = kept

    def _cells_of(self, row: etree._Element, spanned: dict[int, tuple[int, str]]) -> list[str]:
        """Give the texts of a row's cells, those that go on from above again.

        Args:
            row: of a table.
            spanned: cells that go on: how many rows, and their text, by column; is brought up
                to date.
        """
        cells: list[str] = []
        for one in row:
            if local_name(one) not in ("table-cell", "covered-table-cell"):
                continue
            texts = [self._text_of(paragraph) for paragraph in find_local(one, "p", "h")]
            text = " ".join(" ".join(texts).split())
            column = len(cells)
            n_rows, above = spanned.pop(column, (0, ""))
            if n_rows and local_name(one) == "covered-table-cell":
                text = text or above
                spanned[column] = (n_rows - 1, above)
            n_below = whole_number(attribute(one, "number-rows-spanned"), 1) - 1
            if n_below > 0 and len(text) <= MAX_REPEATED_CHARACTERS:
                spanned[column] = (n_below, text)
            n_times = whole_number(attribute(one, "number-columns-repeated"), 1)
            cells += [text] * (n_times if n_times <= MAX_REPEATED else 1)
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def _text_of(self, element: etree._Element) -> str:
        pieces: list[str] = []
        _gather(element, pieces, self._raised)
        return "".join(pieces)


def _is_sheet_row(row: etree._Element) -> bool:
    parent = row.getparent()
    return parent is not None and local_name(parent) == "table-header-rows"


def _rows_of(element: etree._Element) -> list[etree._Element]:
    rows = []
    for one in element:
        name = local_name(one)
        if name == "table-row":
            rows.append(one)
        elif name in ("table-header-rows", "table-rows", "table-row-group"):
            rows += _rows_of(one)
    return rows


def _gather(element: etree._Element, pieces: list[str], raised_styles: frozenset[str]) -> None:
    is_raised = bool(raised_styles) and attribute(element, "style-name") in raised_styles
    pieces.append(raised(element.text or "") if is_raised else element.text or "")
    for one in element:
        name = local_name(one)
        if name in ("s", "tab", "line-break"):
            pieces.append(" ")
        elif name and name not in _LEFT_OUT and name not in ("frame", "note", "annotation"):
            _gather(one, pieces, raised_styles)
        pieces.append(one.tail or "")
