"""Gives the visible text of a web page as blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from app.core.documents.text import BlockKind
from app.readers.encodings import decode
from app.readers.formats.page_writer import PageWriter
from app.readers.formats.tables import is_header, row_text
from app.readers.formats.xml_parts import MAX_TREE_ELEMENTS, attribute, local_name, whole_number
from app.readers.refusals import damaged, too_complex

_LEFT_OUT = frozenset(
    # What is not shown, or not for reading.
    (
        *("head", "script", "style", "template", "noscript", "svg", "math", "canvas", "iframe"),
        *("object", "embed", "audio", "video", "map", "nav", "select", "option", "datalist"),
        *("button", "input", "textarea", "rt", "rp", "dialog"),
    )
)
_ROLES_LEFT_OUT = frozenset(("navigation", "search", "menu", "menubar", "toolbar", "dialog"))
_BLOCKS = frozenset(
    # What begins on a line of its own.
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "details",
        ),
        *(
            "div",
            "dl",
            "dt",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
        ),
        *("h4", "h5", "h6", "header", "hr", "legend", "li", "main", "ol", "p", "pre", "section"),
        *("summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_GUIDING = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|navbox|navigation|menu|dropdown|breadcrumbs?|portlet|pagination)"
    r"(?:$|[-_ ])"
)
"""Names that authors give to parts that lead to other pages."""
_APART = re.compile(r"(?:^|[-_ ])(?:editsection|noprint|skip-link|sr-only)(?:$|[-_ ])")
"""Names of parts that are not for reading."""
MIN_LINK_SHARE = 0.6
"""Of the text of a part that leads to other pages."""
MIN_MAIN_SHARE = 0.25
"""A part that is marked as the main one has at least so much of all text; else it is not it."""
_SIGNS_BEFORE = ("$", "€", "£", "¥", "US$", "(", "$(")
_SIGNS_AFTER = (")", "%", ")%", "%)")
MAX_SPAN = 60
"""Columns that a cell can span; more only fill the page."""
_MAX_CELL_BLOCKS = 3
_MAX_CELL_CHARACTERS = 600
"""Cells with more are no values: the table arranges the page."""


def parse_web_page(data: bytes, path: Path, encoding: str = "") -> etree._Element | None:
    """Parse a page, however faulty; None when there is nothing in it.

    Args:
        data: the page.
        path: of the document, for the error.
        encoding: what its sender says about it; empty for what the page itself says.

    Raises:
        WorldError: DOCUMENT_TOO_COMPLEX, DOCUMENT_DAMAGED.
    """
    if data.count(b"<") > 2 * MAX_TREE_ELEMENTS:
        raise too_complex(path, "elements")
    text = page_text(data, encoding)
    if text is None:
        raise damaged(path, "no text")
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        # Zero bytes end a page for this parser.
        return etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None
    except (etree.LxmlError, ValueError) as error:
        raise damaged(path, f"HTML: {type(error).__name__}") from error


def page_text(data: bytes, encoding: str = "") -> str | None:
    """Give the source of a page as text; None when it is none."""
    declared = encoding or _declared_encoding(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(declared)
        except (LookupError, UnicodeError):
            # A false declaration; what the bytes look like is better.
            return decode(data)
    return decode(data)


_ENCODING_NAME = re.compile("[a-z0-9][a-z0-9_.:-]{0,39}")
_WEB_NAMES = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
    "utf-16": "utf-8",
    "utf-16le": "utf-8",
    "utf-16be": "utf-8",
    "x-user-defined": "",
    "iso-8859-8-i": "iso8859_8",
}
"""What browsers take these names for (WHATWG Encoding Standard)."""


def _declared_encoding(head: bytes) -> str:
    at = head.lower().find(b"charset=")
    if at < 0:
        at = head.lower().find(b"encoding=")
        if at < 0 or not head.lstrip().startswith(b"<?xml"):
            return ""
    value = head[at:].partition(b"=")[2].lstrip(b" \"'")[:40]
    name = ""
    for byte in value:
        if chr(byte) not in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:":
            break
        name += chr(byte)
    return web_encoding(name)


def web_encoding(name: str) -> str:
    """Give the encoding that browsers take a name for; empty when it can be none."""
    name = name.strip().casefold()
    return _WEB_NAMES.get(name, name) if _ENCODING_NAME.fullmatch(name) else ""


def page_title(root: etree._Element) -> str:
    """Give the title that a page has in its head."""
    return next((one.text or "" for one in root.iter("{*}title", "title")), "")


def main_part_of(root: etree._Element) -> etree._Element:
    """Give the part that is marked as the main one, if that has much of the text."""
    candidates = [one for one in root.iter("main", "article") if local_name(one) == "main"]
    candidates += [one for one in root.iter("*") if attribute(one, "role") == "main"]
    n_all = _n_characters(root)
    for one in candidates:
        if _n_characters(one) >= MIN_MAIN_SHARE * n_all:
            return one
    return root


def _n_characters(element: etree._Element) -> int:
    if _is_left_out(element):
        return 0
    own = len((element.text or "").strip())
    return own + sum(
        _n_characters(one) + len((one.tail or "").strip()) for one in element if local_name(one)
    )


def write_blocks(root: etree._Element, writer: PageWriter) -> str:
    """Add the visible text below an element as blocks.

    Returns:
        The first heading, or nothing.
    """
    walker = _Walker(writer)
    walker.walk(root)
    walker.flush()
    return walker.first_heading


@dataclass(slots=True)
class _Walker:
    """Goes through a page and collects text until a block ends."""

    writer: PageWriter
    pieces: list[str] = field(default_factory=list)
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    first_heading: str = ""

    def flush(self) -> None:
        """End the block."""
        text = "".join(self.pieces)
        self.pieces.clear()
        kept = self.writer.add(self.kind, text, level=self.level)
        if kept and self.level and not self.first_heading:
            self.first_heading = kept
        if kept and self.kind is BlockKind.LIST_ITEM:
            # Further paragraphs of an item belong to it, too, but only the first is its beginning.
            self.kind = BlockKind.PARAGRAPH

    def walk(self, element: etree._Element) -> None:
        """Take an element and what is in it."""
        name = local_name(element)
        if not name or _is_left_out(element):
            return
        if name == "pre":
            self._take_lines(element)
        elif name == "table" and (rows := _rows_of(element)):
            self.flush()
            self._take_rows(rows)
        elif name == "br":
            self.pieces.append(" ")
        elif name == "img":
            self.pieces.append(f" {attribute(element, 'alt')} ")
        elif name in _BLOCKS:
            self._walk_block(element, name)
        else:
            self._walk_children(element)

    def _walk_block(self, element: etree._Element, name: str) -> None:
        self.flush()
        outer = self.kind, self.level
        if name in _HEADINGS:
            self.kind, self.level = BlockKind.HEADING, _HEADINGS[name]
        elif name in ("li", "dd"):
            self.kind, self.level = BlockKind.LIST_ITEM, 0
        self._walk_children(element)
        self.flush()
        self.kind, self.level = outer

    def _walk_children(self, element: etree._Element) -> None:
        self.pieces.append(element.text or "")
        for one in element:
            self.walk(one)
            self.pieces.append(one.tail or "")

    def _take_lines(self, element: etree._Element) -> None:
        self.flush()
        for line in "".join(str(text) for text in element.itertext()).splitlines():
            self.writer.add(BlockKind.PARAGRAPH, line)

    def _take_rows(self, rows: list[etree._Element]) -> None:
        header = ""
        for number, (row, cells) in enumerate(zip(rows, _grid(rows), strict=True)):
            kept = self.writer.add(BlockKind.TABLE_ROW, row_text(cells), header=header)
            is_named = all(local_name(one) == "th" for one in row if local_name(one))
            if (
                not header
                and kept
                and len(cells) > 1
                and (is_named or (number == 0 and is_header(cells)))
            ):
                header = kept


def _grid(rows: list[etree._Element]) -> list[list[str]]:
    """Give the cells of a table, without columns that only keep others apart."""
    grid = [_spread_cells(row) for row in rows]
    n_columns = max(len(cells) for cells in grid)
    used = [any(at < len(cells) and cells[at] for cells in grid) for at in range(n_columns)]
    return [[cell for at, cell in enumerate(cells) if used[at]] for cells in grid]


def _spread_cells(row: etree._Element) -> list[str]:
    cells: list[str] = []
    currency = ""
    for one in row:
        if local_name(one) not in ("td", "th"):
            continue
        text = cell_text(one)
        span = attribute(one, "colspan")
        n_more = min(whole_number(span, 1), MAX_SPAN) - 1
        # Reports put signs into cells of their own, to align the digits.
        if text in _SIGNS_BEFORE:
            currency, text = text, ""
        elif text in _SIGNS_AFTER:
            _append_to_last(cells, text)
            text = ""
        elif text:
            text, currency = currency + text, ""
        cells += [text, *[""] * max(n_more, 0)]
    return cells


def _append_to_last(cells: list[str], sign: str) -> None:
    for at in range(len(cells) - 1, -1, -1):
        if cells[at]:
            cells[at] += sign
            return


def cell_text(cell: etree._Element) -> str:
    """Give what is seen in a cell, in one line."""
    pieces: list[str] = []
    _gather(cell, pieces)
    return " ".join("".join(pieces).split())


def _gather(element: etree._Element, pieces: list[str]) -> None:
    pieces.append(element.text or "")
    for one in element:
        name = local_name(one)
        if name and not _is_left_out(one):
            is_apart = name in _BLOCKS or name == "br"
            pieces.append(" " if is_apart else "")
            _gather(one, pieces)
            pieces.append(" " if is_apart else "")
        pieces.append(one.tail or "")


def _rows_of(table: etree._Element) -> list[etree._Element]:
    """Give the rows of a table of values; nothing for one that arranges the page."""
    rows = list(_own_rows(table))
    for row in rows:
        for cell in row:
            if next(cell.iter("table", "{*}table"), None) is not None:
                return []
            blocks = sum(1 for one in cell.iter("p", "div", "li", "h1", "h2", "h3", "h4"))
            if blocks > _MAX_CELL_BLOCKS and len(cell_text(cell)) > _MAX_CELL_CHARACTERS:
                return []
    if all(sum(1 for cell in row if cell_text(cell)) < 2 for row in rows):  # noqa: PLR2004
        return []
    return rows


def _own_rows(element: etree._Element) -> Iterator[etree._Element]:
    for one in element:
        name = local_name(one)
        if name == "tr":
            yield one
        elif name in ("thead", "tbody", "tfoot"):
            yield from _own_rows(one)


def _is_of_links(element: etree._Element) -> bool:
    n_all = sum(len(str(text).strip()) for text in element.itertext())
    links = (one for one in element.iter("a", "script", "style"))
    n_links = sum(len(str(text).strip()) for one in links for text in one.itertext())
    return n_links >= MIN_LINK_SHARE * n_all


def _is_left_out(element: etree._Element) -> bool:
    if local_name(element) in _LEFT_OUT:
        return True
    if not element.attrib:
        return False
    style = attribute(element, "style").replace(" ", "").casefold()
    names = f"{attribute(element, 'id')} {attribute(element, 'class')}".casefold()
    return (
        _APART.search(names) is not None
        or (_GUIDING.search(names) is not None and _is_of_links(element))
        or attribute(element, "role") in _ROLES_LEFT_OUT
        or "hidden" in element.attrib
        or "display:none" in style
    )
