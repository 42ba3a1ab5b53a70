"""Reads Word documents (.docx)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from app.core.documents.text import BlockKind, DocumentFacts, DocumentKind, PageUnit
from app.readers.archive import Archive, open_archive
from app.readers.clean_text import raised
from app.readers.formats.office_package import main_part, parts_of, title_of
from app.readers.formats.page_writer import PageWriter
from app.readers.formats.tables import row_text
from app.readers.formats.word_numbers import WordNumbers
from app.readers.formats.word_styles import WordStyles, is_on
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
from app.readers.refusals import too_complex

RENDERED_BREAK = "\x0b"
"""Stands within a paragraph's text where Word began a page when it saved the document."""
MADE_BREAK = "\x0c"
"""Stands where the author asked for a new page."""
MAX_PARAGRAPHS = 400_000
"""Paragraphs and rows: about 8 s of work. The longest novels have 20,000."""
MAX_REPEATED_CHARACTERS = 100
"""A cell that goes on over several rows is repeated in each, unless it is longer."""
MAX_SPAN = 60
"""Columns that a cell can span; more only fill the page."""
MAX_HEADING_CHARACTERS = 300
"""A longer paragraph is none, whatever its style."""

_LEFT_OUT = frozenset(
    # Deleted and moved away; the reading aid of a word; the same again for old programs; fields'
    # instructions; text boxes, whose paragraphs come by themselves.
    ("del", "moveFrom", "rt", "Fallback", "instrText", "pPr", "txbxContent", "delText")
)
_NOTES = {
    "footnoteReference": "footnote",
    "endnoteReference": "endnote",
    "commentReference": "comment",
}
_CHARACTERS = {"tab": " ", "cr": " ", "noBreakHyphen": "-", "ptab": " "}
_MATH = {"f": "/", "sSup": "^", "sSub": "_"}
_SYMBOLS = {"FE": "\u2611", "FD": "\u2612", "A8": "\u2610", "FC": "\u2713", "FB": "\u2717"}
"""Boxes and ticks of Wingdings, by the last two digits: what was chosen in a form."""
_PAGES = re.compile(rb"<Pages>(\d{1,6})</Pages>")


def read(
    path: Path, limits: ReadingLimits, _options: ReadingOptions, emit_page: EmitPage
) -> DocumentFacts:
    """Read a Word document; see `app.readers.reading`.

    It has pages if Word noted where they begin, or the author made each; else it is one whole.
    """
    with open_archive(path, limits) as archive:
        main = main_part(archive, "word/document.xml")
        unit = _unit_of(archive, main)
        writer = PageWriter(path, unit, limits, emit_page)
        numbers = WordNumbers(_part(archive, "numbering"))
        document = _Document(
            writer, WordStyles(_part(archive, "styles")), numbers, _notes_of(archive)
        )
        for text in _margin_texts(archive, "header"):
            writer.add(BlockKind.PARAGRAPH, text)
        with archive.open(main) as stream:
            for element in stream_elements(stream, path, ("p", "tr"), MAX_PARAGRAPHS):
                document.take(element)
        for text in _margin_texts(archive, "footer"):
            writer.add(BlockKind.PARAGRAPH, text)
        return writer.finish(DocumentKind.DOCX, title_of(archive))


def _unit_of(archive: Archive, main: str) -> PageUnit:
    """Say whether the document knows its pages."""
    data = archive.read(main)
    if data.count(b"</w:p>") > MAX_PARAGRAPHS:
        raise too_complex(archive.path, "paragraphs")
    if b"lastRenderedPageBreak" in data:
        return PageUnit.PAGE
    n_made = len(re.findall(rb'w:type="page"|<w:pageBreakBefore ?/>', data))
    match = _PAGES.search(archive.read_if_there("docProps/app.xml"))
    n_pages = int(match[1]) if match is not None else 1
    # With more pages than were made, the numbers would be wrong from the first long chapter on.
    return PageUnit.PAGE if n_made and n_pages <= n_made + 1 else PageUnit.WHOLE


def _part(archive: Archive, kind: str) -> etree._Element | None:
    """Give the part of a kind of which there is one; None if there is none."""
    for part in parts_of(archive, kind):
        return parse_tree(archive.read(part), archive.path)
    return None


def _notes_of(archive: Archive) -> dict[tuple[str, str], str]:
    """Give the texts of footnotes, endnotes and comments by kind and number."""
    notes = {}
    for kind in _NOTES.values():
        for part in parts_of(archive, f"{kind}s"):
            root = parse_tree(archive.read(part), archive.path)
            for note in find_local(root, kind):
                notes[kind, attribute(note, "id")] = _text_below(note)
    return notes


def _margin_texts(archive: Archive, kind: str) -> list[str]:
    """Give the texts of headers or footers, each once."""
    texts: dict[str, None] = {}
    for part in parts_of(archive, kind):
        text = _text_below(parse_tree(archive.read(part), archive.path)).strip()
        # A page number alone says nothing.
        if text and not text.isdigit():
            texts[text] = None
    return list(texts)


def _text_below(element: etree._Element) -> str:
    texts = (_gathered(one) for one in find_local(element, "p"))
    return " ".join(texts).replace(RENDERED_BREAK, "").replace(MADE_BREAK, "")


def _gathered(element: etree._Element) -> str:
    pieces: list[str] = []
    _gather(element, pieces)
    return "".join(pieces)


def _gather(element: etree._Element, pieces: list[str]) -> None:
    """Collect the text that is seen below an element, and where pages begin in it."""
    for one in element:
        name = local_name(one)
        if name == "t":
            pieces.append(raised(one.text or "") if _is_raised(one) else one.text or "")
        elif name == "sym":
            pieces.append(_SYMBOLS.get(attribute(one, "char").upper()[-2:], ""))
        elif name in _MATH:
            _gather_math(one, name, pieces)
        elif name == "br":
            pieces.append(MADE_BREAK if attribute(one, "type") == "page" else " ")
        elif name == "lastRenderedPageBreak":
            pieces.append(RENDERED_BREAK)
        elif name in _CHARACTERS:
            pieces.append(_CHARACTERS[name])
        elif name not in _LEFT_OUT and not (name == "r" and _is_hidden(one)):
            _gather(one, pieces)


def _gather_math(element: etree._Element, name: str, pieces: list[str]) -> None:
    """Collect a fraction or power, whose parts would run together."""
    parts = ["".join(_gathered(part)) for part in element if not local_name(part).endswith("Pr")]
    pieces.append(_MATH[name].join(part for part in parts if part))


def _is_raised(text: etree._Element) -> bool:
    run = text.getparent()
    place = child(run, "rPr", "vertAlign") if run is not None else None
    return place is not None and attribute(place, "val") == "superscript"


def _is_hidden(run: etree._Element) -> bool:
    properties = child(run, "rPr")
    return properties is not None and is_on(properties, "vanish")


@dataclass(slots=True)
class _Table:
    """The table that is being read, and the row that names its columns."""

    element: etree._Element
    header: str = ""
    merged: dict[int, str] = field(default_factory=dict)
    """Texts of cells that go on in the rows below, by column."""


class _Document:
    """Turns paragraphs and rows into blocks, in the order of the document."""

    def __init__(
        self,
        writer: PageWriter,
        styles: WordStyles,
        numbers: WordNumbers,
        notes: dict[tuple[str, str], str],
    ) -> None:
        self._writer = writer
        self._styles = styles
        self._numbers = numbers
        self._notes = notes
        self._has_pages = writer.unit is PageUnit.PAGE
        self._is_after_made_break = False
        self._tables: list[_Table] = []

    def take(self, element: etree._Element) -> None:
        """Take a paragraph or row that is not within a row."""
        around = {local_name(one) for one in element.iterancestors()}
        if "tr" in around or "Fallback" in around or "wordprocessingml" not in str(element.tag):
            return
        if local_name(element) == "tr":
            self._take_row(element)
        else:
            self._take_paragraph(element)

    def _take_paragraph(self, paragraph: etree._Element) -> None:
        properties = child(paragraph, "pPr")
        kind, level = self._styles.kind_of(properties)
        if properties is not None and is_on(properties, "pageBreakBefore"):
            self._break(MADE_BREAK)
        self._add(self._text_of(paragraph), kind, level)
        self._add_notes(paragraph)
        section = child(properties, "sectPr") if properties is not None else None
        if section is not None and not _is_continuous(section):
            self._break(MADE_BREAK)

    def _text_of(self, paragraph: etree._Element) -> str:
        """Give a paragraph's text, after the number that Word shows before it."""
        text = _gathered(paragraph)
        properties = child(paragraph, "pPr")
        mark = child(properties, "rPr") if properties is not None else None
        if mark is not None and child(mark, "del") is not None and not text.strip():
            return ""
        reference, styles = self._styles.number_of(properties)
        label = self._numbers.label(reference, styles) if reference.list_id else ""
        if not label or not text.strip():
            return text
        breaks = text[: len(text) - len(text.lstrip(RENDERED_BREAK + MADE_BREAK))]
        return f"{breaks}{label} {text[len(breaks) :]}"

    def _add(self, text: str, kind: BlockKind, level: int = 0) -> None:
        """Add a paragraph, in pieces where a page ends within it."""
        if kind is BlockKind.HEADING and len(text) > MAX_HEADING_CHARACTERS:
            kind, level = BlockKind.PARAGRAPH, 0
        for piece in re.split(f"([{RENDERED_BREAK}{MADE_BREAK}])", text):
            if piece in (RENDERED_BREAK, MADE_BREAK):
                self._break(piece)
            elif self._writer.add(kind, piece, level=level):
                self._is_after_made_break = False

    def _break(self, kind: str) -> None:
        if not self._has_pages:
            return
        # Word notes its own beginning of the page after the one that the author made.
        if kind == MADE_BREAK or not self._is_after_made_break:
            self._writer.next_part()
        self._is_after_made_break = kind == MADE_BREAK

    def _add_notes(self, element: etree._Element) -> None:
        for reference in find_local(element, *_NOTES):
            key = (_NOTES[local_name(reference)], attribute(reference, "id"))
            self._writer.add(BlockKind.PARAGRAPH, self._notes.pop(key, ""))

    def _take_row(self, row: etree._Element) -> None:
        properties = child(row, "trPr")
        if properties is not None and child(properties, "del") is not None:
            return
        table = self._table_of(row)
        cells = list(_cells_of(row))
        full = [cell for cell in cells if any(True for _ in _paragraphs_of(cell))]
        if len(full) == 1 and not any(_goes_on_above(cell) for cell in cells):
            # Tables of one column only arrange a page.
            for paragraph in _paragraphs_of(full[0]):
                self._take_paragraph(paragraph)
            return
        self._add_row(table, self._texts_of(table, cells))
        self._add_notes(row)

    def _texts_of(self, table: "_Table", cells: list[etree._Element]) -> list[str]:
        """Give the texts of cells, each in its column, those that go on from above again."""
        texts: list[str] = []
        for cell in cells:
            column = len(texts)
            if _goes_on_above(cell):
                text = table.merged.get(column, "")
            else:
                text = self._cell_text(cell)
                is_short = len(text) <= MAX_REPEATED_CHARACTERS
                table.merged[column] = text if is_short and _begins_merged(cell) else ""
            span = child(cell, "tcPr", "gridSpan")
            n_columns = whole_number(attribute(span, "val"), 1) if span is not None else 1
            texts += [text, *[""] * min(max(n_columns - 1, 0), MAX_SPAN)]
        return texts

    def _cell_text(self, cell: etree._Element) -> str:
        pieces = []
        for one in _blocks_of(cell):
            if local_name(one) == "p":
                pieces.append(self._text_of(one))
                continue
            rows = (child_rows for child_rows in find_local(one, "tr"))
            texts = (
                " ".join(self._cell_text(inner) for inner in _cells_of(row)).strip()
                for row in rows
                if next(row.iterancestors("{*}tbl")) is one
            )
            pieces.append("; ".join(text for text in texts if text))
        return " ".join(piece for piece in pieces if piece.strip())

    def _add_row(self, table: _Table, cells: list[str]) -> None:
        text = row_text([" ".join(cell.split()) for cell in cells])
        whole = "".join(cells)
        if self._has_pages and whole.startswith((RENDERED_BREAK, MADE_BREAK)):
            self._break(whole[0])
        if whole.strip():
            text = text.replace(RENDERED_BREAK, "").replace(MADE_BREAK, "")
            kept = self._writer.add(BlockKind.TABLE_ROW, text, header=table.header)
            table.header = table.header or kept
            self._is_after_made_break = False
        later = whole[1:].lstrip()
        if RENDERED_BREAK in later:
            self._break(RENDERED_BREAK)

    def _table_of(self, row: etree._Element) -> _Table:
        """Give what is known of a row's table; the table itself is kept, to know it again."""
        element = next(row.iterancestors("{*}tbl"))
        for table in self._tables:
            if table.element is element:
                return table
        # Text boxes can hold one while another is being read.
        self._tables = [*self._tables[-3:], _Table(element)]
        return self._tables[-1]


def _is_continuous(section: etree._Element) -> bool:
    kind = child(section, "type")
    return kind is not None and attribute(kind, "val") in ("continuous", "nextColumn")


def _cells_of(row: etree._Element) -> Iterator[etree._Element]:
    for cell in find_local(row, "tc"):
        # Cells of tables within a cell are read with that.
        if next(cell.iterancestors("{*}tr")) is row:
            yield cell


def _goes_on_above(cell: etree._Element) -> bool:
    """Say whether a cell is the rest of the one above it."""
    merge = child(cell, "tcPr", "vMerge")
    return merge is not None and attribute(merge, "val") != "restart"


def _begins_merged(cell: etree._Element) -> bool:
    merge = child(cell, "tcPr", "vMerge")
    return merge is not None and attribute(merge, "val") == "restart"


def _blocks_of(element: etree._Element) -> Iterator[etree._Element]:
    """Give the paragraphs and tables of a cell, in their order, those of controls too."""
    for one in element:
        name = local_name(one)
        if name in ("p", "tbl"):
            yield one
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _blocks_of(one)


def _paragraphs_of(cell: etree._Element) -> Iterator[etree._Element]:
    for paragraph in find_local(cell, "p"):
        if _gathered(paragraph).strip():
            yield paragraph
