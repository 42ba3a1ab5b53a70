"""The text of a document as a reader gives it: every character keeps its origin.

A place in a document is a page (counted from 1) and offsets into that page's text. The same
reader gives the same text for the same bytes, so a place found today opens tomorrow.
"""

from dataclasses import dataclass
from enum import StrEnum


class DocumentKind(StrEnum):
    """Formats that can be read."""

    PDF = "pdf"
    DOCX = "docx"
    PPTX = "pptx"
    XLSX = "xlsx"
    ODT = "odt"
    EPUB = "epub"
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"
    CSV = "csv"
    RTF = "rtf"
    EMAIL = "email"


class PageUnit(StrEnum):
    """What a "page" of a document is called by its reader's user."""

    PAGE = "page"
    SLIDE = "slide"
    SHEET = "sheet"
    CHAPTER = "chapter"
    WHOLE = "whole"
    """The format has no parts: the one page is the whole document."""


class TextSource(StrEnum):
    """Where the text of a page comes from."""

    TEXT = "text"
    OCR = "ocr"
    """Recognised from a picture of the page."""
    NONE = "none"
    """There is none: an empty page, or a picture that could not be recognised."""


class BlockKind(StrEnum):
    """What a run of text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points (1/72 inch) from its upper left corner as it is shown."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class WordBox:
    """Where the characters from `start` to `end` of a page's text stand on its picture."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class Block:
    """A run of a page's text, from `start` to `end`; blocks are in reading order, apart.

    Attributes:
        level: of a heading, from 1 (highest); 0 for all else.
        header: of a table row, the text of the row that names its columns; else empty.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    header: str = ""


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page, slide, sheet or chapter.

    Attributes:
        number: counted from 1.
        label: how the document itself names it: "iv", "Costs 2026", a chapter's title; empty
            when that is its number.
        text: clean text in reading order: one space between words, a line end between blocks.
        word_boxes: of a page whose text was recognised; empty for others, whose boxes are
            found again from the offsets.
    """

    number: int
    label: str
    text: str
    blocks: tuple[Block, ...]
    source: TextSource = TextSource.TEXT
    word_boxes: tuple[WordBox, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What is known of a whole document once it has been read.

    Attributes:
        title: as the document gives it; empty if it does not.
        language: as ISO 639-1 ("de"); empty when it cannot be told.
        pages_without_text: numbers of pages that hold a picture but no text.
        needs_ocr: recognising text would help with these, but Tesseract is not installed.
    """

    kind: DocumentKind
    unit: PageUnit
    title: str
    language: str
    n_pages: int
    pages_without_text: tuple[int, ...] = ()
    needs_ocr: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of the text of page number `page`."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document that is found as one.

    Attributes:
        position: counted from 0 through the document.
        spans: where it stands, in reading order; one for each page that it touches.
        text: the text of its spans, joined by line ends.
        heading_path: headings above it, highest first.
        header: row that names the columns, when it begins within a table.
    """

    position: int
    spans: tuple[Span, ...]
    text: str
    heading_path: tuple[str, ...] = ()
    header: str = ""
