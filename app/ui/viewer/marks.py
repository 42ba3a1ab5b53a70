"""How the words that a source rests on are marked in a page."""

from dataclasses import dataclass

from PySide6.QtGui import QColor

from app.ui.tokens import HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT, Tokens


@dataclass(frozen=True, slots=True)
class MarkLook:
    """Colours of a mark, and how thick the line around it is.

    Attributes:
        surface: multiplied with a picture, so that black letters stay black.
        line_px: thicker where contrast is wanted; a colour alone says nothing to some.
    """

    surface: QColor
    line: QColor
    line_px: float


def mark_look(tokens: Tokens) -> MarkLook:
    """Give the look of marks on white paper, which pictures of pages are in every theme."""
    if tokens in {HIGH_CONTRAST_LIGHT, HIGH_CONTRAST_DARK}:
        return MarkLook(QColor("#fff27a"), QColor("#000000"), 2.5)
    return MarkLook(QColor("#ffe9a3"), QColor("#d9a514"), 1.0)
