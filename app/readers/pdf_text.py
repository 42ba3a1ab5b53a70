"""The clean text of a PDF page, and the way back from its characters to places on the page."""

import sys
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pypdfium2
from pypdfium2 import raw

from app.core.documents.text import Block, BlockKind, Box
from app.readers.pdf_annotations import PlacedText
from app.readers.pdf_blocks import LineGroup, groups_of
from app.readers.pdf_columns import in_reading_order
from app.readers.pdf_letters import UNKNOWN, LetterReader, is_readable
from app.readers.pdf_lines import HYPHEN, Cell, Line, LineFinder
from app.readers.pdf_margins import Repeated
from app.readers.pdf_order import in_order_of_places
from app.readers.pdf_space import PageSpace

CELL_BORDER = " |"
NEAR = 8
"""Characters of one line are fewer apart, even where some are left out or turned round."""


@dataclass(frozen=True, slots=True)
class PdfText:
    """Text of a page as it is searched and quoted.

    Attributes:
        origins: for each character of `text`, the number of pdfium's it comes from.
        is_readable: its fonts say which letters they draw.
        areas: where what follows the drawn text stands: fields and comments.
    """

    text: str
    blocks: tuple[Block, ...]
    origins: "array[int]"
    is_readable: bool = True
    areas: tuple[tuple[int, int, Box], ...] = ()


class _Writer:
    """Puts clean text together, keeping where each character comes from."""

    def __init__(self, letters: LetterReader, raw_text: str) -> None:
        self._letters, self._raw = letters, raw_text
        self._pieces: list[str] = []
        self._n = 0
        self.origins = array("I")
        self.blocks: list[Block] = []

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._pieces)

    def text_from(self, mark: int) -> str:
        """The text since a mark."""
        return "".join(self._pieces[mark:])

    @property
    def mark(self) -> int:
        """Says how much there is by now, for `text_from`."""
        return len(self._pieces)

    def add(self, text: str, origin: int) -> None:
        """Add text that comes from one character, or from none."""
        self._pieces.append(text)
        self._n += len(text)
        self.origins.extend([origin] * len(text))

    def add_cell(self, cell: Cell) -> None:
        """Add the characters of a cell, with one space between words."""
        if self._letters.is_plain(cell.start, cell.end):
            self._pieces.append(self._raw[cell.start : cell.end])
            self._n += cell.end - cell.start
            self.origins.extend(range(cell.start, cell.end))
            return
        is_space = True
        for character, index in self._letters.letters(cell.start, cell.end):
            if character.isspace():
                if not is_space:
                    self.add(" ", index)
                is_space = True
                continue
            if not self._is_put_on_last(character):
                self.add(character, index)
            is_space = False

    def _is_put_on_last(self, mark: str) -> bool:
        """Put a mark on the letter before it, if there is one letter for both."""
        if mark.isascii() or not self._pieces or not unicodedata.combining(mark[:1]):
            return False
        both = unicodedata.normalize("NFC", self._pieces[-1] + mark)
        if len(both) != 1:
            return False
        self._pieces[-1] = both
        return True

    def begin_block(self) -> int:
        """Begin a block; give where it starts."""
        if self._n:
            self.add("\n", self.origins[-1])
        return self._n

    def end_block(self, kind: BlockKind, start: int, level: int, header: str) -> None:
        """End a block; one without text leaves nothing."""
        while self._n > start and self._pieces[-1] == " ":
            self._pieces.pop()
            self.origins.pop()
            self._n -= 1
        if self._n > start:
            self.blocks.append(Block(kind, start, self._n, level, header))
        elif self._n:
            self._pieces.pop()
            self.origins.pop()
            self._n -= 1

    def last_is(self, characters: str) -> bool:
        """Say whether the text ends in one of these."""
        return bool(self._pieces) and self._pieces[-1][-1:] in characters and bool(characters)


def text_of(
    page: pypdfium2.PdfTextPage,
    raw_text: str,
    finder: LineFinder,
    lines: Sequence[Line],
    repeated: Repeated,
    headings: dict[str, int] | None = None,
) -> PdfText:
    """Give the clean text of a page.

    Args:
        page: its text.
        raw_text: of it, as pdfium gives it.
        finder: of its lines.
        lines: of it, as they were drawn.
        repeated: which of them are on other pages as well.
        headings: bookmarks that lead to this page, folded, with their level.
    """
    kept = [line for index, line in enumerate(lines) if index not in repeated.left_out]
    feet = [lines[index] for index in sorted(repeated.first)]
    if feet:
        kept = [line for line in kept if line not in feet]
    ordered = in_order_of_places(kept, finder, raw_text)
    lines = [*feet, *in_reading_order(ordered)]
    writer = _Writer(LetterReader(page, raw_text), raw_text)
    header = ""
    for group in groups_of(lines, raw_text):
        start = writer.begin_block()
        mark = writer.mark
        _write(writer, group, raw_text)
        kind, level = group.kind, group.level
        if group.kind is BlockKind.TABLE_ROW:
            row = writer.text_from(mark).strip()
            writer.end_block(kind, start, 0, "" if group.is_header else header)
            header = row if group.is_header else header
            continue
        header = ""
        if headings and kind is BlockKind.PARAGRAPH:
            found = headings.get(folded(writer.text_from(mark)))
            kind, level = (BlockKind.HEADING, found) if found else (kind, level)
        writer.end_block(kind, start, level, "")
    return PdfText(
        writer.text, tuple(writer.blocks), writer.origins, is_readable=is_readable(raw_text)
    )


def with_more(found: PdfText, more: Iterable[PlacedText]) -> PdfText:
    """Put what is not drawn with a page after its text, a block each."""
    pieces, blocks, areas = [found.text] if found.text else [], list(found.blocks), []
    n = len(found.text)
    for one in more:
        start = n + 1 if pieces else 0
        n = start + len(one.text)
        pieces.append(one.text)
        blocks.append(Block(BlockKind.PARAGRAPH, start, n))
        areas.append((start, n, one.box))
    if not areas:
        return found
    return replace(found, text="\n".join(pieces), blocks=tuple(blocks), areas=tuple(areas))


def folded(text: str) -> str:
    """Give a text for comparing headings with bookmarks."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _write(writer: _Writer, group: LineGroup, raw_text: str) -> None:
    is_first = True
    for line in group.lines:
        for number, cell in enumerate(line.cells):
            if not is_first or group.columns[:1] > (0,):
                _separate(writer, group, number, cell)
            writer.add_cell(cell)
            is_first = raw_text[cell.end - 1] == HYPHEN


def _separate(writer: _Writer, group: LineGroup, number: int, cell: Cell) -> None:
    """Put between two cells or lines what belongs there."""
    if group.kind is BlockKind.TABLE_ROW and (number or group.columns[:1] > (0,)):
        # Cells that are empty keep their place under the header.
        n_passed = group.columns[number] - (group.columns[number - 1] if number else 0)
        borders = CELL_BORDER * n_passed + " "
        writer.add(borders if number else borders[1:], cell.start)
    elif not writer.last_is(" \n"):
        writer.add(" ", cell.start)


def raw_text_of(page: pypdfium2.PdfTextPage) -> str:
    """Give pdfium's text, one character for each of its own."""
    text = str(page.get_text_range(errors="replace"))
    n_characters = page.count_chars()
    if len(text) == n_characters:
        return text
    # It leaves some out as a whole that it counts one by one, or counts halves of them.
    codes = (raw.FPDFText_GetUnicode(page.raw, index) for index in range(n_characters))
    return "".join(chr(code) if 0 < code <= sys.maxunicode else UNKNOWN for code in codes)


def boxes_of(page: pypdfium2.PdfTextPage, found: PdfText, start: int, end: int) -> tuple[Box, ...]:
    """Give the boxes of characters `start` to `end` of the clean text, one for each line.

    In points from the upper left corner of the page as it is shown.

    Args:
        page: the same page.
        found: its clean text.
        start: first character.
        end: the one after the last.
    """
    boxes: list[Box] = []
    space = PageSpace.of(page.page)
    for first, last in _runs(found.origins, start, end):
        for number in range(page.count_rects(first, last - first + 1)):
            box = space.box(*page.get_rect(number))
            if boxes and _is_same_line(boxes[-1], box):
                box = _united(boxes.pop(), box)
            boxes.append(box)
    boxes += [box for first, last, box in found.areas if first < end and start < last]
    return tuple(boxes)


def _runs(origins: "array[int]", start: int, end: int) -> list[tuple[int, int]]:
    """Give runs of pdfium's characters, first and last, without gaps of more than a line end."""
    runs: list[tuple[int, int]] = []
    for origin in origins[start:end]:
        if runs and runs[-1][0] - NEAR <= origin <= runs[-1][1] + NEAR:
            runs[-1] = (min(runs[-1][0], origin), max(runs[-1][1], origin))
        else:
            runs.append((origin, origin))
    return runs


def _is_same_line(one: Box, other: Box) -> bool:
    lower = min(one.bottom - one.top, other.bottom - other.top)
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    is_near = other.left - one.right < 4 * max(lower, 1.0)
    return lower > 0 and overlap > lower / 2 and is_near and other.right >= one.left


def _united(one: Box, other: Box) -> Box:
    return Box(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )
