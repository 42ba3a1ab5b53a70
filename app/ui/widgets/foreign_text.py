"""Names that somebody else wrote, made fit to be shown: short, in one line, and breakable."""

import re
from typing import Final

from app.ui.widgets.text_safety import visible_text

LONGEST_CHARS: Final = 100
"""Names on the Hub have up to 96 characters."""
_LONGEST_WORD_CHARS: Final = 18
_BREAK: Final = "\u200b"
_AFTER_SIGN = re.compile(r"(?<=[_\-/.\\])(?=\w)")
_LONG_WORD = re.compile(rf"([^\s{_BREAK}]{{{_LONGEST_WORD_CHARS}}})(?=[^\s{_BREAK}])")


_ENDLESS = re.compile(
    rf"([^\s{_BREAK}/\\-]{{{_LONGEST_WORD_CHARS}}})(?=[^\s{_BREAK}/\\-])",
)
"""Where Qt finds no place for a line to end by itself."""


def foreign_text(text: str, most_chars: int = LONGEST_CHARS) -> str:
    """Give a name in one line without characters that hide or reorder, shortened if need be.

    Args:
        text: whatever stands in a file or on the Hub.
        most_chars: how many characters of it are kept.
    """
    shown = " ".join(visible_text(text).split())
    return shown if len(shown) <= most_chars else f"{shown[: most_chars - 1]}…"


def unbound_text(text: str) -> str:
    """Let a line end inside words that no line may hold, and nowhere else in a name."""
    return _ENDLESS.sub(rf"\1{_BREAK}", text.replace("_", f"_{_BREAK}"))


def breakable_text(text: str) -> str:
    """Let a line end after the signs of a name, and inside words that no line may hold."""
    return _LONG_WORD.sub(rf"\1{_BREAK}", _AFTER_SIGN.sub(_BREAK, text))
