"""Reads Markdown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.core.documents.text import BlockKind, DocumentFacts, DocumentKind, PageUnit
from app.readers.encodings import decode
from app.readers.formats.page_writer import PageWriter
from app.readers.formats.tables import row_text
from app.readers.reading import EmitPage, ReadingLimits, ReadingOptions
from app.readers.refusals import unsupported
from app.readers.whole_file import read_whole

MAX_BYTES = 20_000_000
_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_TITLE = re.compile(r"^title:[ \t]*(.+)$", re.MULTILINE | re.IGNORECASE)
_MARKUP = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>", re.DOTALL)
_SECTION_CHARACTERS = 200_000
"""Longer texts are parsed piece by piece: the parser takes some 100 bytes a character."""


def read(
    path: Path, limits: ReadingLimits, _options: ReadingOptions, emit_page: EmitPage
) -> DocumentFacts:
    """Read a text in Markdown; see `app.readers.reading`."""
    text = decode(read_whole(path, MAX_BYTES))
    if text is None:
        raise unsupported(path, "")
    writer = PageWriter(path, PageUnit.WHOLE, limits, emit_page)
    title = ""
    front = _FRONT_MATTER.match(text)
    if front is not None:
        found = _TITLE.search(front[1])
        title = found[1].strip().strip("\"'") if found is not None else ""
        for line in front[1].splitlines():
            writer.add(BlockKind.PARAGRAPH, line)
        text = text[front.end() :]
    blocks = _Blocks(writer)
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for section in _sections(text):
        blocks.take(parser.parse(section))
    return writer.finish(DocumentKind.MARKDOWN, title or blocks.first_heading)


def _sections(text: str) -> list[str]:
    """Part a long text at blank lines."""
    sections = []
    while len(text) > _SECTION_CHARACTERS:
        cut = text.rfind("\n\n", 1, _SECTION_CHARACTERS)
        cut = cut if cut > 0 else _SECTION_CHARACTERS
        sections.append(text[:cut])
        text = text[cut:]
    return [*sections, text]


@dataclass(slots=True)
class _Blocks:
    """Turns the parser's tokens into blocks."""

    writer: PageWriter
    first_heading: str = ""
    _level: int = 0
    _cells: list[str] | None = None
    _header: str = ""
    _is_item_begun: bool = False
    _number: str = ""

    def take(self, tokens: Sequence[Token]) -> None:
        """Take the tokens of a text."""
        for token in tokens:
            match token.type:
                case "inline":
                    self._take_inline(token)
                case "fence" | "code_block":
                    for line in token.content.splitlines():
                        self.writer.add(BlockKind.PARAGRAPH, line)
                case "html_block":
                    self.writer.add(BlockKind.PARAGRAPH, _MARKUP.sub(" ", token.content))
                case "heading_open":
                    self._level = int(token.tag[1:])
                case "heading_close":
                    self._level = 0
                case "list_item_open":
                    self._is_item_begun = True
                    self._number = f"{token.info}{token.markup} " if token.info else ""
                case _:
                    self._take_table(token.type)

    def _take_table(self, token_type: str) -> None:
        match token_type:
            case "table_open":
                self._header = ""
            case "tr_open":
                self._cells = []
            case "tr_close":
                text = row_text(self._cells or [])
                kept = self.writer.add(BlockKind.TABLE_ROW, text, header=self._header)
                self._header = self._header or kept
                self._cells = None
            case _:
                # Quotes, lists and rules: what is in them comes by itself.
                pass

    def _take_inline(self, token: Token) -> None:
        text = _inline_text(token.children or [])
        if self._cells is not None:
            self._cells.append(" ".join(text.split()))
        elif self._level:
            kept = self.writer.add(BlockKind.HEADING, text, level=self._level)
            self.first_heading = self.first_heading or kept
        elif self._is_item_begun:
            self.writer.add(BlockKind.LIST_ITEM, self._number + text)
            self._is_item_begun = False
        else:
            self.writer.add(BlockKind.PARAGRAPH, text)


def _inline_text(tokens: Sequence[Token]) -> str:
    pieces = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            pieces.append("\n")
        elif token.type == "image":
            pieces.append(_inline_text(token.children or []))
        elif token.type != "html_inline":
            pieces.append(token.content)
    return "".join(pieces)
