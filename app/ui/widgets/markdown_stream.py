"""Markdown that arrives in batches: only the block still open is read again for each batch."""

import re
from dataclasses import dataclass, replace
from typing import Final

from app.ui.widgets.markdown_blocks import Context, code_language, read_part
from app.ui.widgets.markdown_inline import InlineReader
from app.ui.widgets.markdown_leaves import CodeLeaf, Leaf

# An open block longer than this (a quote, or a list item full of lists) is cut by force, so that
# a batch never costs more than reading this much: 20 to 30 ms in the worst case measured.
_OPEN_CHARS: Final = 16_000

_BLANK_LINES = re.compile(r"(?:[ \t]*\n)+")
_FENCE = re.compile(r"( {0,3})(`{3,}(?=[^`\n]*\n)|~{3,})([^\n]*)\n")


@dataclass(frozen=True, slots=True)
class LeafUpdate:
    """What a batch changed.

    Attributes:
        settled: Leaves that will not change any more, since the update before.
        open: Leaves after them, valid until the next update.
    """

    settled: tuple[Leaf, ...]
    open: tuple[Leaf, ...]


class MarkdownStream:
    """Reads an answer in batches. Its leaves are those of `read_markdown` for the whole text.

    Exceptions, which need the whole text: link reference definitions, blocks cut by force, and
    a few spellings that nobody uses (an empty list item continued after a blank line ...).
    """

    def __init__(self) -> None:
        self._tail = ""
        self._context = Context()
        self._inline = InlineReader()
        self._fence: _OpenFence | None = None

    def append(self, text: str) -> LeafUpdate:
        """Read the next batch."""
        self._tail += text
        settled: list[Leaf] = []
        while True:
            if self._fence is not None and not self._read_code(settled):
                return LeafUpdate(tuple(settled), (self._fence.open_leaf(self._tail),))
            if self._enter_fence():
                continue
            open_leaves = self._read_blocks(settled)
            if not self._enter_fence():
                return LeafUpdate(tuple(settled), tuple(open_leaves))

    def finish(self) -> LeafUpdate:
        """Settle what is open; the stream must not be used after that."""
        if self._fence is not None:
            if self._fence.is_closed_by(self._tail) or not self._tail.strip(" \t"):
                self._tail = ""
            return LeafUpdate((self._fence.closed_leaf(self._tail),), ())
        return LeafUpdate(tuple(read_part(self._tail, self._context, self._inline).leaves), ())

    def _read_code(self, settled: list[Leaf]) -> bool:
        """Take complete lines of code from the tail; true once the fence is closed."""
        fence = self._fence
        start = 0
        while fence is not None and (end := self._tail.find("\n", start)) >= 0:
            line = self._tail[start:end]
            start = end + 1
            if fence.is_closed_by(line):
                settled.append(fence.closed_leaf(""))
                self._fence = fence = None
            else:
                fence.add_line(line)
        self._tail = self._tail[start:]
        return fence is None

    def _enter_fence(self) -> bool:
        """Whether a block of code starts here. The tail always starts where a block starts."""
        match = _FENCE.match(self._tail)
        if match is None:
            return False
        self._fence = _OpenFence(len(match[1]), match[2], code_language(match[3]))
        self._tail = self._tail[match.end() :]
        self._context = Context()
        return True

    def _read_blocks(self, settled: list[Leaf]) -> list[Leaf]:
        """Read the tail, shorten it by the blocks that are closed, return the open leaves."""
        blank = _BLANK_LINES.match(self._tail)
        if blank:
            self._tail = self._tail[blank.end() :]
        reading = read_part(self._tail, self._context, self._inline)
        complete_lines = self._tail.count("\n")
        for cut in reversed(reading.cuts):
            if cut.line > 0 and cut.settled_line <= complete_lines:
                self._context = cut.context
                self._tail = cut.context.table_head + _from_line(self._tail, cut.line)
                settled += reading.leaves[: cut.leaf_count]
                return reading.leaves[cut.leaf_count :]
        if len(self._tail) > _OPEN_CHARS:
            return self._cut_by_force(settled)
        return reading.leaves

    def _cut_by_force(self, settled: list[Leaf]) -> list[Leaf]:
        end = self._tail.rfind("\n", 0, _OPEN_CHARS) + 1 or _OPEN_CHARS
        settled += read_part(self._tail[:end], self._context, self._inline).leaves
        self._tail = self._tail[end:]
        self._context = Context()
        return self._read_blocks(settled)


def _from_line(text: str, line: int) -> str:
    start = 0
    for _ in range(line):
        start = text.index("\n", start) + 1
    return text[start:]


class _OpenFence:
    """A block of code that is not closed yet."""

    def __init__(self, indent: int, fence: str, language: str) -> None:
        self._indent = re.compile(f" {{0,{indent}}}")
        self._fence = fence
        self._language = language
        self._code = ""
        self._new_lines: list[str] = []
        mark = re.escape(fence[0])
        self._closing = re.compile(f" {{0,3}}{mark}{{{len(fence)},}}[ \\t]*")
        self._closing_begun = re.compile(f" {{0,3}}{mark}*[ \\t]*")

    def is_closed_by(self, line: str) -> bool:
        """Whether `line` ends the block."""
        return self._closing.fullmatch(line) is not None

    def add_line(self, line: str) -> None:
        """Add a complete line without its newline."""
        self._new_lines.append(self._without_indent(line) + "\n")

    def open_leaf(self, last_line: str) -> CodeLeaf:
        """The block as it is known; what may become the closing fence is not shown yet."""
        if self._closing_begun.fullmatch(last_line):
            last_line = ""
        return replace(self.closed_leaf(last_line), is_open=True)

    def closed_leaf(self, last_line: str) -> CodeLeaf:
        """The block with `last_line` as its end, which is empty or lacks its newline."""
        # Once for all lines of a batch: each time all of the code is copied.
        self._code += "".join(self._new_lines)
        self._new_lines.clear()
        code = self._code + self._without_indent(last_line)
        return CodeLeaf(self._language, code if last_line else code.removesuffix("\n"))

    def _without_indent(self, line: str) -> str:
        match = self._indent.match(line)
        return line[match.end() :] if match else line
