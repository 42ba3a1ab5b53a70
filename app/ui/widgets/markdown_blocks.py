"""Markdown text to leaves: which lines form which block, and where an open text can be cut."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from app.ui.widgets.markdown_inline import InlineReader, is_right_to_left, pieces
from app.ui.widgets.markdown_leaves import (
    Alignment,
    CodeLeaf,
    Container,
    Leaf,
    ProseKind,
    ProseLeaf,
    Runs,
    TableLeaf,
    plain_runs,
)
from app.ui.widgets.text_safety import is_safe_link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_block.state_block import StateBlock
    from markdown_it.token import Token

TABLE_PIECE_ROWS: Final = 12
"""Rows in one table leaf. Qt lays a whole table out for each change, so tables are cut."""

# A wider table would be unreadable, and takes long to lay out.
_MOST_COLUMNS: Final = 20
# Twice as deep as anything readable; markdown-it drops what is nested deeper.
_MOST_NESTING: Final = 100
_MOST_LANGUAGE_CHARS: Final = 32

_TICK_BOX = re.compile(r"\[([ xX])\]\s+")
_BULLETS = ("•", "◦", "▪")
_ALIGNMENTS = {
    "text-align:left": Alignment.LEFT,
    "text-align:center": Alignment.CENTRE,
    "text-align:right": Alignment.RIGHT,
}


@dataclass(frozen=True, slots=True)
class Context:
    """What a text that begins in the middle of an answer has to know of what came before.

    Attributes:
        first_number: Number of the ordered list item that the text begins with, else None.
        table_head: Header and delimiter line of the table whose later rows the text begins with;
            the text repeats them, the leaf leaves them out.
    """

    first_number: int | None = None
    table_head: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """A place where a text can be cut in two that give the same leaves as the whole.

    Attributes:
        line: The first line after the cut.
        settled_line: The cut holds for good once the lines before this one are complete.
        leaf_count: How many leaves stand before the cut.
        context: What the text after the cut has to know.
    """

    line: int
    settled_line: int
    leaf_count: int
    context: Context


@dataclass(frozen=True, slots=True)
class Reading:
    """The leaves of a text and the places where it can be cut, both in order."""

    leaves: list[Leaf]
    cuts: list[Cut]


def read_markdown(text: str) -> list[Leaf]:
    """Turn a whole answer into leaves; link reference definitions count for all of it."""
    environment: dict[str, Any] = {}
    tokens = block_parser().parse(text, environment)
    references = environment.get("references", {})
    return LeafBuilder(text, Context(), InlineReader(references)).build(tokens).leaves


def read_part(text: str, context: Context, inline: InlineReader) -> Reading:
    """Turn a part of an answer, from a cut on, into leaves."""
    return LeafBuilder(text, context, inline).build(block_parser().parse(text, {}))


@cache
def block_parser() -> "MarkdownIt":
    """The shared parser of blocks; it leaves inline Markdown unread."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - after the first paint
    from markdown_it.rules_block import table  # noqa: PLC0415

    def table_within_limits(state: "StateBlock", start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
        first, last = state.bMarks[start], state.eMarks[start]
        columns = state.src.count("|", first, last)
        return columns <= _MOST_COLUMNS and table(state, start, end, silent)

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _MOST_NESTING})
    parser.enable("table")
    parser.block.ruler.at("table", table_within_limits, {"alt": ["paragraph", "reference"]})
    parser.core.ruler.disable(["inline", "text_join"])
    parser.validateLink = is_safe_link  # type: ignore[method-assign]
    return parser


class LeafBuilder:
    """Collects leaves and cuts while walking over the block tokens of one text."""

    def __init__(self, text: str, context: Context, inline: InlineReader) -> None:
        self._text = text
        self._context = context
        self._inline = inline
        self._leaves: list[Leaf] = []
        self._cuts: list[Cut] = []
        self._path: list[Container] = []
        # The next number of each list around, None for bullets.
        self._numbers: list[int | None] = []
        self._marker = ""
        self._heading_level = 0
        self._table: _TableBuilder | None = None
        self._handlers: dict[str, Callable[[Token], None]] = {
            "inline": self._take_text,
            "heading_open": self._open_heading,
            "heading_close": self._close_heading,
            "hr": self._take_rule,
            "fence": self._take_code,
            "code_block": self._take_code,
            "bullet_list_open": self._open_list,
            "ordered_list_open": self._open_list,
            "bullet_list_close": self._close_list,
            "ordered_list_close": self._close_list,
            "list_item_open": self._open_item,
            "list_item_close": self._close_item,
            "blockquote_open": self._open_quote,
            "blockquote_close": self._close_container,
            "table_open": self._open_table,
            "table_close": self._close_table,
            "tr_open": self._open_row,
            "th_open": self._open_header_cell,
        }

    def build(self, tokens: "Sequence[Token]") -> Reading:
        """Walk over the tokens."""
        for token in tokens:
            if token.map is not None and token.nesting >= 0 and token.type != "inline":
                self._offer_cut(token)
            handler = self._handlers.get(token.type)
            if handler is not None:
                handler(token)
        return Reading(self._leaves, self._cuts)

    def _offer_cut(self, token: "Token") -> None:
        """Blocks at the top or in quotes can be cut off: their lines can be read on their own."""
        if self._numbers or self._table is not None:
            return
        line, _ = token.map or (0, 0)
        # The line after a table's header decides that it is a table.
        settled_line = line + 1 + (token.type == "table_open")
        self._add_cut(line, settled_line, Context())

    def _add_cut(self, line: int, settled_line: int, context: Context) -> None:
        self._cuts.append(Cut(line, settled_line, len(self._leaves), context))

    def _take_text(self, token: "Token") -> None:
        if self._table is not None:
            self._table.add_cell(self._inline.runs(token.content))
            return
        kind = ProseKind.HEADING if self._heading_level else ProseKind.PARAGRAPH
        content = token.content
        tick_box = _TICK_BOX.match(content) if self._marker else None
        if tick_box:
            self._marker = "☐" if tick_box[1] == " " else "☑"
            content = content[tick_box.end() :]
        for index, piece in enumerate(pieces(content)):
            self._add_prose(kind, self._inline.runs(piece), is_continued=index > 0)

    def _add_prose(self, kind: ProseKind, runs: Runs, *, is_continued: bool = False) -> None:
        right_to_left = is_right_to_left(plain_runs(runs))
        marker, self._marker = self._marker, ""
        path = tuple(self._path)
        self._leaves.append(
            ProseLeaf(kind, runs, path, self._heading_level, marker, is_continued, right_to_left)
        )

    def _flush_marker(self) -> None:
        """Show the bullet of an item that does not begin with a text."""
        if self._marker:
            self._add_prose(ProseKind.PARAGRAPH, ())

    def _open_heading(self, token: "Token") -> None:
        self._heading_level = int(token.tag[1])

    def _close_heading(self, _token: "Token") -> None:
        self._heading_level = 0

    def _take_rule(self, _token: "Token") -> None:
        self._flush_marker()
        self._add_prose(ProseKind.RULE, ())

    def _take_code(self, token: "Token") -> None:
        self._flush_marker()
        code = token.content.removesuffix("\n")
        self._leaves.append(CodeLeaf(code_language(token.info), code, tuple(self._path)))

    def _open_list(self, token: "Token") -> None:
        self._flush_marker()
        if token.type == "bullet_list_open":
            self._numbers.append(None)
            return
        number = int(token.attrs.get("start", 1))
        carried_on = self._context.first_number
        if carried_on is not None and not self._leaves and token.map and token.map[0] == 0:
            number = carried_on
        self._numbers.append(number)

    def _close_list(self, _token: "Token") -> None:
        self._numbers.pop()

    def _open_item(self, token: "Token") -> None:
        self._flush_marker()
        number = self._numbers[-1]
        if len(self._numbers) == 1 and token.map is not None:
            line = token.map[0]
            self._add_cut(line, line + 1, Context(first_number=number))
        if number is None:
            depth = self._path.count(Container.BULLET_ITEM)
            self._marker = _BULLETS[min(depth, len(_BULLETS) - 1)]
            self._path.append(Container.BULLET_ITEM)
        else:
            self._numbers[-1] = number + 1
            self._marker = f"{number}{token.markup}"
            self._path.append(Container.NUMBERED_ITEM)

    def _close_item(self, token: "Token") -> None:
        self._flush_marker()
        self._close_container(token)

    def _open_quote(self, _token: "Token") -> None:
        self._flush_marker()
        self._path.append(Container.QUOTE)

    def _close_container(self, _token: "Token") -> None:
        self._path.pop()

    def _open_table(self, token: "Token") -> None:
        self._flush_marker()
        first = token.map[0] if token.map else 0
        carried_on = bool(self._context.table_head) and not self._leaves and first == 0
        self._table = _TableBuilder(tuple(self._path), first, is_continued=carried_on)

    def _open_header_cell(self, token: "Token") -> None:
        if self._table is not None:
            style = str(token.attrs.get("style", ""))
            self._table.alignments.append(_ALIGNMENTS.get(style, Alignment.LEADING))

    def _open_row(self, token: "Token") -> None:
        table = self._table
        if table is None or token.map is None:
            return
        table.open_row()
        if table.has_full_piece():
            self._leaves.append(table.take_piece())
            if not self._numbers:
                lines = self._text.split("\n", table.first_line + 2)
                head = "\n".join(lines[table.first_line : table.first_line + 2]) + "\n"
                self._add_cut(token.map[0], token.map[0] + 1, Context(table_head=head))

    def _close_table(self, _token: "Token") -> None:
        if self._table is not None and self._table.has_rows():
            self._leaves.append(self._table.take_piece())
        self._table = None


def code_language(info: str) -> str:
    """The language that the line after the fence names, or `""`."""
    words = info.split(maxsplit=1)
    return words[0][:_MOST_LANGUAGE_CHARS] if words else ""


class _TableBuilder:
    """Collects the rows of one table and hands them out in pieces."""

    def __init__(
        self, path: tuple[Container, ...], first_line: int, *, is_continued: bool
    ) -> None:
        self.first_line = first_line
        self.alignments: list[Alignment] = []
        self._path = path
        self._is_continued = is_continued
        self._header: tuple[Runs, ...] | None = None
        self._rows: list[list[Runs]] = []
        self._right_to_left: bool | None = None

    def open_row(self) -> None:
        """Begin a row; the first is the header."""
        if self._header is None and self._rows:
            self._header = tuple(self._rows.pop())
        self._rows.append([])

    def add_cell(self, runs: Runs) -> None:
        """Add a cell to the open row."""
        self._rows[-1].append(runs)

    def has_full_piece(self) -> bool:
        """Whether a row was opened that belongs to the next piece."""
        return len(self._rows) > TABLE_PIECE_ROWS

    def has_rows(self) -> bool:
        """Whether anything is left to show."""
        return bool(self._rows)

    def take_piece(self) -> TableLeaf:
        """Hand out the rows before the open one, or all if there are no more than a piece."""
        if self._header is None:
            self._header = tuple(self._rows.pop())
        rows = self._rows[:TABLE_PIECE_ROWS]
        self._rows = self._rows[TABLE_PIECE_ROWS:]
        if self._right_to_left is None:
            header = "".join(map(plain_runs, self._header))
            self._right_to_left = is_right_to_left(header)
        leaf = TableLeaf(
            tuple(self.alignments),
            () if self._is_continued else self._header,
            tuple(map(tuple, rows)),
            self._path,
            self._is_continued,
            self._right_to_left,
        )
        self._is_continued = True
        return leaf
