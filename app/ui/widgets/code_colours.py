"""Colours of code: found line by line as code arrives, from palettes that stay readable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from app.ui.tokens import Tokens

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

# A window of lines is coloured anew for each line that arrives, so it is kept small.
_WINDOW_LINES: Final = 40
_WINDOW_CHARS: Final = 6_000
_MOST_LINE_CHARS: Final = 1_000
WHOLE_CHARS: Final = 20_000
"""A finished block up to this length is coloured as a whole, which takes 20 to 35 ms."""


class CodeRole(Enum):
    """What a piece of code is, as far as it has a colour of its own."""

    KEYWORD = auto()
    STRING = auto()
    NUMBER = auto()
    COMMENT = auto()
    DEFINITION = auto()
    BUILTIN = auto()
    REMOVED = auto()


# Each colour has a contrast of at least 4.5:1 on `code_surface` (7:1 for high contrast).
_LIGHT: Final[Mapping[CodeRole, str]] = {
    CodeRole.KEYWORD: "#7a3e9d",
    CodeRole.STRING: "#276749",
    CodeRole.NUMBER: "#9a4a0b",
    CodeRole.COMMENT: "#6b665e",
    CodeRole.DEFINITION: "#1d5fa8",
    CodeRole.BUILTIN: "#0f6b72",
    CodeRole.REMOVED: "#b42318",
}
_DARK: Final[Mapping[CodeRole, str]] = {
    CodeRole.KEYWORD: "#d3a4f0",
    CodeRole.STRING: "#8fd0a5",
    CodeRole.NUMBER: "#f0b27a",
    CodeRole.COMMENT: "#a5a29b",
    CodeRole.DEFINITION: "#8fbff5",
    CodeRole.BUILTIN: "#7fd0d0",
    CodeRole.REMOVED: "#f08a7e",
}
_HIGH_CONTRAST_LIGHT: Final[Mapping[CodeRole, str]] = {
    CodeRole.KEYWORD: "#5b1a86",
    CodeRole.STRING: "#0b4a24",
    CodeRole.NUMBER: "#6b2c00",
    CodeRole.COMMENT: "#3d3a35",
    CodeRole.DEFINITION: "#003d80",
    CodeRole.BUILTIN: "#00474d",
    CodeRole.REMOVED: "#8a0f08",
}
_HIGH_CONTRAST_DARK: Final[Mapping[CodeRole, str]] = {
    CodeRole.KEYWORD: "#e6c4ff",
    CodeRole.STRING: "#a8f0be",
    CodeRole.NUMBER: "#ffcf9e",
    CodeRole.COMMENT: "#d6d3cc",
    CodeRole.DEFINITION: "#b5d8ff",
    CodeRole.BUILTIN: "#9df0f0",
    CodeRole.REMOVED: "#ffb3aa",
}
# Ordinary themes stay below this contrast of text on page; black on white has 21:1.
_HIGH_CONTRAST: Final = 18.0


def contrast(first: str, second: str) -> float:
    """The contrast of two colours `#rrggbb` as WCAG 2 defines it, from 1 to 21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def code_palette(tokens: Tokens) -> Mapping[CodeRole, str]:
    """The colours that suit the theme."""
    if contrast(tokens.text, tokens.page) >= _HIGH_CONTRAST:
        return _HIGH_CONTRAST_DARK if tokens.is_dark else _HIGH_CONTRAST_LIGHT
    return _DARK if tokens.is_dark else _LIGHT


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of a line and what they are."""

    start: int
    end: int
    role: CodeRole


@dataclass(frozen=True, slots=True)
class ColouredLine:
    """The coloured parts of line `number`, counted from 0."""

    number: int
    spans: tuple[Span, ...]


class CodeColourist:
    """Colours one block of code.

    While code arrives, lines are read in windows that begin where the code begins anew (an
    unindented line after an empty one), as reading all lines again for each new one would take
    ever longer. `colour_all` then reads the finished block as a whole.

    Args:
        language: The language as the model named it; unknown languages get no colours.
    """

    def __init__(self, language: str) -> None:
        self._lexer = _lexer(language.lower())
        self._window: list[str] = []
        self._window_chars = 0
        self._window_start = 0
        self._is_inside_text = False

    def colour_all(self, code: str) -> list[ColouredLine]:
        """Colour a finished block; a very long one in windows, as `add_lines` does."""
        lines = code.split("\n")
        if self._lexer is None or len(code) > WHOLE_CHARS:
            self._begin_window(0)
            return self.add_lines(lines)
        return _read(self._lexer, lines, 0)[0]

    def add_lines(self, lines: Sequence[str]) -> list[ColouredLine]:
        """Read complete lines that follow the lines before; return what has other colours now."""
        if self._lexer is None or not lines:
            return []
        coloured: list[ColouredLine] = []
        for line in lines:
            if self._may_begin_anew(line):
                found = self._colour_window(self._lexer)
                if self._is_full() or not self._is_inside_text:
                    coloured += found
                    self._begin_window(self._window_start + len(self._window))
            self._window.append(line)
            self._window_chars += len(line[:_MOST_LINE_CHARS])
        return coloured + self._colour_window(self._lexer)

    def colour_open_line(self, line: str) -> ColouredLine:
        """Colour a line that is still growing, by itself."""
        number = self._window_start + len(self._window)
        if self._lexer is None or self._is_inside_text:
            return ColouredLine(number, ())
        return _read(self._lexer, [line], number)[0][0]

    def _is_full(self) -> bool:
        return len(self._window) >= _WINDOW_LINES or self._window_chars >= _WINDOW_CHARS

    def _may_begin_anew(self, line: str) -> bool:
        if not self._window:
            return False
        follows_empty_line = not self._window[-1].strip()
        return self._is_full() or (follows_empty_line and line[:1].isidentifier())

    def _begin_window(self, start: int) -> None:
        self._window_start = start
        self._window = []
        self._window_chars = 0

    def _colour_window(self, lexer: "Lexer") -> list[ColouredLine]:
        coloured, last_role = _read(lexer, self._window, self._window_start)
        self._is_inside_text = last_role in {CodeRole.STRING, CodeRole.COMMENT}
        return coloured


def _read(
    lexer: "Lexer", lines: Sequence[str], first_number: int
) -> tuple[list[ColouredLine], CodeRole | None]:
    """Read `lines` by themselves, cut the tokens at the ends of lines; also the last role."""
    coloured: list[ColouredLine] = []
    spans: list[Span] = []
    position = 0
    role = None
    text = "".join(f"{line[:_MOST_LINE_CHARS]}\n" for line in lines)
    for _, kind, value in lexer.get_tokens_unprocessed(text):
        role = _role(kind)
        for index, part in enumerate(value.split("\n")):
            if index:
                coloured.append(ColouredLine(first_number + len(coloured), tuple(spans)))
                spans = []
                position = 0
            if part:
                if role is not None:
                    spans.append(Span(position, position + len(part), role))
                position += len(part)
    return coloured, role


def language_name(language: str) -> str:
    """The language as its users write it, such as `C++` for `cpp`; unknown ones unchanged."""
    return _names().get(language.lower(), language)


@cache
def _names() -> dict[str, str]:
    from pygments.lexers import get_all_lexers  # noqa: PLC0415 - after the first paint

    return {
        alias: name for name, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases
    }


@lru_cache(maxsize=32)
def _lexer(language: str) -> "Lexer | None":
    """The lexer of a known language. Asking Pygments for an unknown one would search the disk."""
    name = _names().get(language)
    if name is None:
        return None
    from pygments.lexers import find_lexer_class  # noqa: PLC0415 - after the first paint

    lexer_class = find_lexer_class(name)
    # PHP in an answer seldom begins with its opening tag.
    return lexer_class(startinline=True) if lexer_class is not None else None


def _is_kind_of(kind: "_TokenType", parent: "_TokenType") -> bool:
    return kind[: len(parent)] == parent


@cache
def _role(kind: "_TokenType") -> CodeRole | None:
    from pygments.token import (  # noqa: PLC0415 - after the first paint
        Comment,
        Generic,
        Keyword,
        Name,
        Number,
        Operator,
        String,
    )

    roles = (
        (Comment.Preproc, CodeRole.BUILTIN),
        (Comment, CodeRole.COMMENT),
        (Keyword.Constant, CodeRole.NUMBER),
        (Keyword.Type, CodeRole.BUILTIN),
        (Keyword, CodeRole.KEYWORD),
        (Operator.Word, CodeRole.KEYWORD),
        (String, CodeRole.STRING),
        (Number, CodeRole.NUMBER),
        (Name.Function, CodeRole.DEFINITION),
        (Name.Class, CodeRole.DEFINITION),
        (Name.Tag, CodeRole.KEYWORD),
        (Name.Attribute, CodeRole.DEFINITION),
        (Name.Decorator, CodeRole.BUILTIN),
        (Name.Builtin, CodeRole.BUILTIN),
        (Generic.Inserted, CodeRole.STRING),
        (Generic.Deleted, CodeRole.REMOVED),
        (Generic.Heading, CodeRole.DEFINITION),
        (Generic.Subheading, CodeRole.DEFINITION),
    )
    return next((role for parent, role in roles if _is_kind_of(kind, parent)), None)
