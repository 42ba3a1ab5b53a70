"""The clean text of a PDF page, and the way back from its characters to places on the page."""

from array import array
from dataclasses import dataclass

import pypdfium2

from app.core.documents.text import Block, BlockKind, Box
from app.readers.pdf_blocks import LineGroup, groups_of
from app.readers.pdf_lines import HYPHEN, Cell, LineFinder

NOWHERE = 0xFFFFFFFF
"""Stands for characters that are not drawn: values of form fields."""
CELL_SEPARATOR = " | "
LEADER_DOTS = 5
"""From so many dots on they are not read: tables of contents consist of them."""
_DROPPED = frozenset(
    {HYPHEN, "\u00ad", "\ufeff", "\u200b", "\u2060", "\ufffd", "\x00"}
    | {chr(code) for code in (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}
    | {chr(code) for code in range(0xE0000, 0xE0080)}
    | {chr(code) for code in range(1, 32) if chr(code) not in "\t\n\r"}
)
"""Not seen, so not read either: hyphens within words, marks of direction, hidden tags."""
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


@dataclass(frozen=True, slots=True)
class PdfText:
    """Text of a page as it is searched and quoted.

    Attributes:
        origins: for each character of `text`, the number of pdfium's it comes from.
    """

    text: str
    blocks: tuple[Block, ...]
    origins: "array[int]"


class _Writer:
    """Puts clean text together, keeping where each character comes from."""

    def __init__(self, raw_text: str) -> None:
        self._raw = raw_text
        self._pieces: list[str] = []
        self._n = 0
        self.origins = array("I")
        self.blocks: list[Block] = []

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self._pieces)

    def add(self, text: str, origin: int) -> None:
        """Add text that comes from one character, or from none."""
        self._pieces.append(text)
        self._n += len(text)
        self.origins.extend([origin] * len(text))

    def add_cell(self, cell: Cell) -> None:
        """Add the characters of a cell, with one space between words."""
        is_space = True
        for index in range(cell.start, cell.end):
            character = self._raw[index]
            if character in _DROPPED or self._is_leader(index):
                continue
            if character.isspace():
                if not is_space:
                    self.add(" ", index)
                is_space = True
                continue
            self.add(_LIGATURES.get(character, character), index)
            is_space = False

    def _is_leader(self, index: int) -> bool:
        """Say whether a dot is one of many that lead the eye to a page number."""
        if self._raw[index] != ".":
            return False
        around = self._raw[max(0, index - LEADER_DOTS) : index + LEADER_DOTS]
        before, after = around[: min(index, LEADER_DOTS)], around[min(index, LEADER_DOTS) :]
        n_before = len(before) - len(before.rstrip("."))
        n_after = len(after) - len(after.lstrip("."))
        return n_before + n_after >= LEADER_DOTS

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


def text_of(page: pypdfium2.PdfTextPage, headings: dict[str, int] | None = None) -> PdfText:
    """Give the clean text of a page. The same page gives the same text every time.

    Args:
        page: its text.
        headings: bookmarks that lead to this page, folded, with their level.
    """
    raw_text = _raw_text(page)
    lines = list(LineFinder(page, raw_text).lines())
    writer = _Writer(raw_text)
    header = ""
    for group in groups_of(lines, raw_text):
        start = writer.begin_block()
        _write(writer, group, raw_text)
        kind, level = group.kind, group.level
        if group.kind is BlockKind.TABLE_ROW:
            row = writer.text[start:].strip()
            writer.end_block(kind, start, 0, "" if group.is_header else header)
            header = row if group.is_header else header
            continue
        header = ""
        if headings and kind is BlockKind.PARAGRAPH:
            found = headings.get(folded(writer.text[start:]))
            kind, level = (BlockKind.HEADING, found) if found else (kind, level)
        writer.end_block(kind, start, level, "")
    return PdfText(writer.text, tuple(writer.blocks), writer.origins)


def folded(text: str) -> str:
    """Give a text for comparing headings with bookmarks."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _write(writer: _Writer, group: LineGroup, raw_text: str) -> None:
    is_first = True
    for line in group.lines:
        for number, cell in enumerate(line.cells):
            if not is_first:
                _separate(writer, group, number, cell)
            writer.add_cell(cell)
            is_first = raw_text[cell.end - 1] == HYPHEN


def _separate(writer: _Writer, group: LineGroup, number: int, cell: Cell) -> None:
    """Put between two cells or lines what belongs there."""
    if group.kind is BlockKind.TABLE_ROW and number:
        writer.add(CELL_SEPARATOR, cell.start)
    elif not writer.last_is(" \n"):
        writer.add(" ", cell.start)


def _raw_text(page: pypdfium2.PdfTextPage) -> str:
    """Give pdfium's text, one character for each of its own."""
    return str(page.get_text_range(errors="replace"))


def boxes_of(
    page: pypdfium2.PdfTextPage, origins: "array[int]", start: int, end: int, height: float
) -> tuple[Box, ...]:
    """Give the boxes of characters `start` to `end` of the clean text, one for each line.

    Args:
        page: the same page.
        origins: of its clean text.
        start: first character.
        end: the one after the last.
        height: of the page, in points.
    """
    boxes: list[Box] = []
    for first, last in _runs(origins, start, end):
        for number in range(page.count_rects(first, last - first + 1)):
            left, bottom, right, top = page.get_rect(number)
            box = Box(left, height - top, right, height - bottom)
            if boxes and _is_same_line(boxes[-1], box):
                box = _united(boxes.pop(), box)
            boxes.append(box)
    return tuple(boxes)


def _runs(origins: "array[int]", start: int, end: int) -> list[tuple[int, int]]:
    """Give runs of pdfium's characters, first and last, without gaps of more than a line end."""
    runs: list[tuple[int, int]] = []
    for origin in origins[start:end]:
        if origin == NOWHERE:
            continue
        if runs and runs[-1][0] <= origin <= runs[-1][1] + 8:
            runs[-1] = (runs[-1][0], max(runs[-1][1], origin))
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
