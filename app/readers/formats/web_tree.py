"""Gives the visible text of a web page as blocks."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from app.core.documents.text import BlockKind
from app.readers.encodings import decode
from app.readers.formats.list_numbers import list_number
from app.readers.formats.page_writer import PageWriter
from app.readers.formats.tables import is_header, row_text
from app.readers.formats.web_parts import BLOCKS, is_left_out, raised_text
from app.readers.formats.web_tables import cell_text, grid_of, rows_of
from app.readers.formats.xml_parts import MAX_TREE_ELEMENTS, attribute, local_name, whole_number
from app.readers.refusals import damaged, too_complex

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
MIN_MAIN_SHARE = 0.25
"""A part that is marked as the main one has at least so much of all text; else it is not it."""


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
    if is_left_out(element):
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
    numbers: list[tuple[int, str] | None] = field(default_factory=list)
    """Of the next item of each list around, the innermost last."""

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
        if not name or is_left_out(element):
            return
        if name == "pre":
            self._take_lines(element)
        elif name == "table" and (rows := rows_of(element)):
            self.flush()
            for caption in element.iterchildren("caption", "{*}caption"):
                self.writer.add(BlockKind.PARAGRAPH, cell_text(caption))
            self._take_rows(rows)
        elif name == "br":
            self.pieces.append(" ")
        elif name == "img":
            self.pieces.append(f" {attribute(element, 'alt')} ")
        elif (text := raised_text(element)) is not None:
            self.pieces.append(text)
        elif name in BLOCKS:
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
        if name == "li":
            self._count(element)
        if name in ("ol", "ul"):
            self.numbers.append(_first_number(element))
        self._walk_children(element)
        self.flush()
        if name in ("ol", "ul"):
            self.numbers.pop()
        self.kind, self.level = outer

    def _count(self, item: etree._Element) -> None:
        """Put the number that a browser shows before an item, and count it."""
        if not self.numbers or self.numbers[-1] is None:
            return
        number, form = self.numbers[-1]
        number = whole_number(attribute(item, "value"), number)
        self.numbers[-1] = number + 1, form
        self.pieces.append(f"{list_number(number, form)}. ")

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
        for number, (row, cells) in enumerate(zip(rows, grid_of(rows), strict=True)):
            kept = self.writer.add(BlockKind.TABLE_ROW, row_text(cells), header=header)
            is_named = all(local_name(one) == "th" for one in row if local_name(one))
            if (
                not header
                and kept
                and len(cells) > 1
                and (is_named or (number == 0 and is_header(cells)))
            ):
                header = kept


def _first_number(element: etree._Element) -> tuple[int, str] | None:
    """Give with which number a list begins, and how it is shown; None for one without."""
    if local_name(element) != "ol" or "none" in attribute(element, "style"):
        return None
    start = whole_number(attribute(element, "start"), 1)
    return start, attribute(element, "type")
