"""Reads Rich Text Format: paragraphs, headings, lists, tables, and the notes to them."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.core.documents.text import BlockKind, DocumentFacts, DocumentKind, PageUnit
from app.readers.encodings import whole_characters
from app.readers.formats import rich_text_codes as codes
from app.readers.formats.page_writer import PageWriter
from app.readers.formats.tables import row_text
from app.readers.reading import EmitPage, ReadingLimits, ReadingOptions
from app.readers.refusals import damaged, too_complex
from app.readers.whole_file import read_whole

MAX_BYTES = 200_000_000
MAX_TEXT_BYTES = 20_000_000
"""Without pictures; a million take about half a second."""
MAX_DEPTH = 5_000
"""Of groups within groups; documents have some 20."""
_PICTURES = re.compile(rb"[0-9a-fA-F\r\n\t ]{300,}")
"""Pictures and other files stand in it as digits; white space alone is none, but says nothing."""
_ITEM = re.compile(r"[•·▪‣o\-\u2013]\s|\(?(?:\d{1,3}|[a-z])[.)]\s")
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
MAX_LEVEL = 9
MAX_HEADING_CHARACTERS = 300
"""A longer paragraph is none, whatever its style."""


def read(
    path: Path, limits: ReadingLimits, _options: ReadingOptions, emit_page: EmitPage
) -> DocumentFacts:
    """Read a text with code pages of its own; see `app.readers.reading`."""
    data = read_whole(path, MAX_BYTES)
    if not codes.is_rich_text(data):
        raise damaged(path, "no RTF")
    writer = PageWriter(path, PageUnit.WHOLE, limits, emit_page)
    title = write_rich_text(data, path, writer)
    return writer.finish(DocumentKind.RTF, title)


def write_rich_text(data: bytes, path: Path, writer: PageWriter) -> str:
    """Add a text in this format as blocks, and give its title.

    Raises:
        WorldError: DOCUMENT_TOO_COMPLEX, DOCUMENT_DAMAGED.
    """
    data = _PICTURES.sub(b" ", data)
    if len(data) > MAX_TEXT_BYTES:
        raise too_complex(path, "text")
    reader = _RtfReader(path, writer)
    reader.read(data.decode("latin-1"))
    return reader.title


@dataclass(slots=True)
class _Group:
    """What holds within a pair of braces.

    Attributes:
        target: where its text goes: "" the document, "-" nowhere, else what it is.
        n_instead: characters after one by its number, for programs that do not know it.
    """

    target: str = ""
    font: int = -1
    n_instead: int = 1
    is_hidden: bool = False


@dataclass(slots=True)
class _Paragraph:
    """What is known of the paragraph that is being read."""

    pieces: list[str] = field(default_factory=list)
    style: int = -1
    level: int | None = None
    is_in_table: bool = False
    is_item: bool = False
    notes: list[str] = field(default_factory=list)


class _RtfReader:
    def __init__(self, path: Path, writer: PageWriter) -> None:
        self.title = ""
        self._path, self._writer = path, writer
        self._group = _Group()
        self._outer: list[_Group] = []
        self._encoding = codes.ANSI
        self._default_font = -1
        self._fonts: dict[int, str] = {}
        self._levels: dict[int, int] = {}
        self._bytes = bytearray()
        self._side: dict[str, list[str]] = {}
        self._paragraph = _Paragraph()
        self._cells: list[str] = []
        self._header = ""
        self._heads: dict[str, None] = {}
        self._feet: dict[str, None] = {}
        self._style = self._style_level = -1
        self._n_left_out = 0
        self._is_over = False

    def read(self, source: str) -> None:
        """Read a whole document, with its bytes as characters."""
        at, token = 0, codes.TOKEN
        while found := token.match(source, at):
            at = found.end() + self._take(found)
            if self._is_over:
                break
        while self._outer:
            self._close()
        self._end_paragraph()
        if self._paragraph.pieces:
            # Of a table that breaks off.
            self._end_cell()
        self._end_row()
        for text in self._feet:
            self._writer.add(BlockKind.PARAGRAPH, text)

    def _take(self, found: re.Match[str]) -> int:
        """Take a token; give how many bytes after it are to be passed."""
        n_passed = 0
        match found.lastgroup:
            case "text":
                self._take_text(found["text"])
            case "byte":
                self._take_text(chr(int(found["byte"], 16)))
            case "brace":
                if found["brace"] == "{":
                    self._open()
                else:
                    self._close()
                    self._is_over = not self._outer
            case "symbol":
                self._take_symbol(found["symbol"])
            case "word" | "number" if found["word"] == "bin":
                n_passed = max(int(found["number"] or 0), 0)
            case "word" | "number":
                self._take_word(found["word"], found["number"])
            case _:
                pass  # Line ends mean nothing.
        return n_passed

    # --- groups ---

    def _open(self) -> None:
        self._flush()
        if len(self._outer) >= MAX_DEPTH:
            raise damaged(self._path, "RTF: groups")
        self._outer.append(self._group)
        self._group = replace(self._group)

    def _close(self) -> None:
        self._flush()
        ended = self._group.target
        if not self._outer:
            return
        self._group = self._outer.pop()
        if ended != self._group.target and ended in self._side:
            text = "".join(self._side.pop(ended))
            if ended == "listtext" and self._group.target:
                # In a box, a note or a margin, which have paragraphs of their own.
                self._put(_shown_number(text))
            else:
                self._end_side(ended, text)

    def _end_side(self, target: str, text: str) -> None:
        """Take a text that does not stand in the document's own, now that it is whole."""
        text = whole_characters(text)
        if target == "title":
            # Old programs wrote a question mark for each letter that they did not know.
            self.title = self.title or text.strip(" ?")
        elif target == "listtext":
            self._paragraph.is_item = True
            # In a cell, paragraphs before it end in a space.
            if self._paragraph.pieces[-1:] in ([], [" "]):
                self._paragraph.pieces.append(_shown_number(text))
        elif target in codes.NOTES:
            self._paragraph.notes.append(text)
        elif text.strip() and not text.strip().isdigit():
            # Of the margins; a page number alone says nothing.
            kept = self._feet if target in codes.FOOT_MARGINS else self._heads
            if text not in kept and kept is self._heads:
                self._writer.add(BlockKind.PARAGRAPH, text)
            kept[text] = None

    # --- text ---

    def _take_text(self, text: str) -> None:
        """Take bytes of the code page that holds here."""
        if self._n_left_out:
            n_left_out = min(self._n_left_out, len(text))
            self._n_left_out -= n_left_out
            text = text[n_left_out:]
        if self._group.target != "-" and not self._group.is_hidden:
            self._bytes += text.encode("latin-1")

    def _flush(self) -> None:
        """Turn the bytes so far into text."""
        self._n_left_out = 0
        if self._bytes:
            data = bytes(self._bytes)
            self._bytes.clear()
            font = self._group.font if self._group.font >= 0 else self._default_font
            name = self._fonts.get(font) or self._encoding
            self._put(data.decode(name, "replace"))

    def _put(self, text: str) -> None:
        target = self._group.target
        if target == "-" or self._group.is_hidden:
            return
        if not target:
            self._paragraph.pieces.append(text)
        elif target == "stylesheet":
            self._take_style_name(text)
        elif target not in ("fonttbl", "info", "*"):
            self._side.setdefault(target, []).append(text)

    def _take_symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._flush()
            # Unless the word that follows is one of those that are shown.
            self._group.target = self._group.target if self._group.target == "-" else "*"
        elif symbol in "\r\n":
            self._flush()
            self._end_paragraph()
        elif symbol in codes.SYMBOLS:
            if self._n_left_out:
                self._n_left_out -= 1
                return
            self._flush()
            self._put(codes.SYMBOLS[symbol])

    # --- control words ---

    def _take_word(self, word: str, number: str | None) -> None:
        n_left_out = self._n_left_out
        self._flush()
        value = int(number) if number else None
        group = self._group
        if group.target == "*":
            outer = self._outer[-1].target if self._outer else ""
            is_shown = word in codes.SHOWN_ALTHOUGH_STARRED
            group.target = outer if is_shown else "-"
        if word == "u":
            self._take_character(value)
        elif group.target == "-":
            return
        elif word in codes.UNSEEN:
            group.target = "-"
        elif word in codes.CHARACTERS:
            self._put(codes.CHARACTERS[word])
        elif not self._take_target(word) and not self._take_font(word, value):
            self._take_property(word, value)
        if word in codes.CHARACTERS and n_left_out:
            self._n_left_out = n_left_out - 1

    def _take_character(self, value: int | None) -> None:
        if value is not None and -0x8000 <= value <= 0x10FFFF:  # noqa: PLR2004 - by the format
            self._put(chr(value + 0x10000 if value < 0 else value))
        self._n_left_out = self._group.n_instead

    def _take_target(self, word: str) -> bool:
        """Note that the text of this group goes elsewhere, if a word says so."""
        is_list = word in ("listtext", "pntext")
        is_side = word in codes.NOTES or word in codes.MARGINS or word in codes.FOOT_MARGINS
        if is_list or is_side or word in ("stylesheet", "fonttbl", "title"):
            self._group.target = "listtext" if is_list else word
            return True
        if word == "info":
            # Of what is said about the document, the title alone is of use.
            self._group.target = "info"
            return True
        return self._group.target == "info"

    def _take_font(self, word: str, value: int | None) -> bool:
        """Take a word about fonts and code pages, if it is one."""
        group = self._group
        match word:
            case "ansicpg":
                self._encoding = codes.encoding_of_page(value or 0)
            case "mac" | "pc" | "pca":
                self._encoding = codes.OF_WORD[word]
            case "deff":
                self._default_font = value or 0
            case "f":
                group.font = value or 0
            case "fcharset" if group.target == "fonttbl":
                name = codes.encoding_of_charset(value or 0)
                # Fonts that say nothing of their own have the code page of the document.
                self._fonts[group.font] = name if value else ""
            case "cpg" if group.target == "fonttbl":
                self._fonts[group.font] = codes.encoding_of_page(value or 0)
            case "uc":
                group.n_instead = min(max(value if value is not None else 1, 0), 8)
            case _:
                return False
        return True

    def _take_property(self, word: str, value: int | None) -> None:
        group = self._group
        if group.target == "stylesheet":
            self._take_style(word, value)
        elif word == "plain":
            group.is_hidden, group.font = False, -1
        elif word in ("v", "deleted"):
            group.is_hidden = value != 0
        elif group.target:
            self._put(" " if word in codes.PARAGRAPH_ENDS or word == "cell" else "")
        elif word in codes.PARAGRAPH_ENDS:
            self._end_paragraph()
        else:
            self._take_paragraph_property(word, value)

    def _take_paragraph_property(self, word: str, value: int | None) -> None:
        paragraph = self._paragraph
        match word:
            case "pard":
                paragraph.style, paragraph.level = -1, None
                paragraph.is_in_table = paragraph.is_item = False
            case "s":
                paragraph.style = value or 0
            case "outlinelevel":
                paragraph.level = value
            case "intbl":
                paragraph.is_in_table = True
            case "ls":
                paragraph.is_item = bool(value)
            case "cell":
                self._end_cell()
            case "row":
                self._end_row()
            case _:
                pass  # How it looks.

    # --- styles ---

    def _take_style(self, word: str, value: int | None) -> None:
        if word in ("s", "cs", "ds", "ts"):
            self._style = value or 0 if word == "s" else -1
            self._style_level = -1
        elif word == "outlinelevel" and value is not None and 0 <= value < MAX_LEVEL:
            self._style_level = value + 1
            self._levels[self._style] = value + 1

    def _take_style_name(self, text: str) -> None:
        name = text.strip(" ;").casefold()
        heading = _HEADING.fullmatch(name)
        if self._style_level < 0 and (heading or name == "title"):
            self._levels[self._style] = max(int(heading[1]), 1) if heading else 1

    # --- blocks ---

    def _end_paragraph(self) -> None:
        paragraph = self._paragraph
        if paragraph.is_in_table:
            paragraph.pieces.append(" ")
            return
        text = whole_characters("".join(paragraph.pieces))
        paragraph.pieces.clear()
        if text.strip():
            self._header = ""
            kind, level = self._kind_of(text)
            self._writer.add(kind, text, level=level)
        self._end_notes()

    def _kind_of(self, text: str) -> tuple[BlockKind, int]:
        paragraph = self._paragraph
        level = self._levels.get(paragraph.style, 0)
        if paragraph.level is not None:
            level = paragraph.level + 1 if 0 <= paragraph.level < MAX_LEVEL else 0
        if level and len(text) <= MAX_HEADING_CHARACTERS:
            return BlockKind.HEADING, level
        if paragraph.is_item or _ITEM.match(text.strip()):
            return BlockKind.LIST_ITEM, 0
        return BlockKind.PARAGRAPH, 0

    def _end_cell(self) -> None:
        self._cells.append(whole_characters("".join(self._paragraph.pieces)))
        self._paragraph.pieces.clear()

    def _end_row(self) -> None:
        cells = [" ".join(cell.split()) for cell in self._cells]
        self._cells.clear()
        self._paragraph.is_in_table = False
        if sum(map(bool, cells)) == 1:
            # Tables of one column only arrange a page.
            self._writer.add(BlockKind.PARAGRAPH, "".join(cells))
            self._end_notes()
            return
        kept = self._writer.add(BlockKind.TABLE_ROW, row_text(cells), header=self._header)
        self._header = self._header or kept
        self._end_notes()

    def _end_notes(self) -> None:
        for note in self._paragraph.notes:
            self._writer.add(BlockKind.PARAGRAPH, note)
        self._paragraph.notes.clear()


def _shown_number(text: str) -> str:
    """Give what stands before an item of a list, with a space; nothing for a mere mark."""
    return f"{text.strip()} " if any(map(str.isalnum, text)) else ""
