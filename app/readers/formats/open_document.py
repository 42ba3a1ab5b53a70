"""Reads OpenDocument texts, and presentations and spreadsheets as far as they are text."""

from pathlib import Path

from lxml import etree

from app.core.documents.text import BlockKind, DocumentFacts, DocumentKind, PageUnit
from app.core.errors import ErrorCode, WorldError
from app.readers.archive import Archive, open_archive
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
        document = _Document(writer, part)
        document.take_all(content)
        return writer.finish(DocumentKind.ODT, _title(archive))


def _check_open(archive: Archive) -> None:
    manifest = archive.read_if_there("META-INF/manifest.xml")
    if b"encryption-data" in manifest or "encrypted-package" in archive:
        raise refusal(ErrorCode.DOCUMENT_NEEDS_PASSWORD, archive.path)


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
    """

    def __init__(self, writer: PageWriter, part: str) -> None:
        self._writer = writer
        self._part = part
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
            elif name == "list-item":
                self.take_all(one, BlockKind.LIST_ITEM)
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
        self._writer.add(BlockKind.HEADING, _text_of(element), level=number)

    def _take_paragraph(self, element: etree._Element, kind: BlockKind) -> None:
        self._writer.add(kind, _text_of(element))
        # Text boxes and notes stand in the paragraph that they belong to.
        for frame in find_local(element, "text-box", "note-body", "annotation"):
            self.take_all(frame)

    def _take_table(self, table: etree._Element) -> None:
        header = ""
        for number, row in enumerate(_rows_of(table)):
            cells = _cells_of(row)
            kept = self._writer.add(BlockKind.TABLE_ROW, row_text(cells), header=header)
            if not header and kept and (number == 0 or _is_sheet_row(row)) and is_header(cells):
                header = kept


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


def _cells_of(row: etree._Element) -> list[str]:
    cells: list[str] = []
    for one in row:
        if local_name(one) not in ("table-cell", "covered-table-cell"):
            continue
        texts = [_text_of(paragraph) for paragraph in find_local(one, "p", "h")]
        text = " ".join(" ".join(texts).split())
        repeated = attribute(one, "number-columns-repeated")
        n_times = whole_number(repeated, 1)
        cells += [text] * (n_times if n_times <= MAX_REPEATED else 1)
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _text_of(element: etree._Element) -> str:
    pieces: list[str] = []
    _gather(element, pieces)
    return "".join(pieces)


def _gather(element: etree._Element, pieces: list[str]) -> None:
    pieces.append(element.text or "")
    for one in element:
        name = local_name(one)
        if name in ("s", "tab", "line-break"):
            pieces.append(" ")
        elif name and name not in _LEFT_OUT and name not in ("frame", "note", "annotation"):
            _gather(one, pieces)
        pieces.append(one.tail or "")
