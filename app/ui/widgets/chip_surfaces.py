"""Draws the surfaces of the small numbers that stand for sources in an answer."""

from collections.abc import Iterable, Iterator
from typing import Final, cast

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QTextBlock,
    QTextDocument,
    QTextFragment,
    QTextLine,
)

from app.ui.widgets.cited_text import chip_number
from app.ui.widgets.prose_style import ProseStyle

_ABOVE_PX: Final = 3
"""From the top of the digits to the edge of the surface, and as much below them."""
_LEAST_RADIUS_PX: Final = 5
_LINE_PX: Final = 1.0


def draw_chips(
    painter: QPainter, document: QTextDocument, style: ProseStyle, active_url: str
) -> None:
    """Draw a surface behind each chip of a document.

    Args:
        painter: of the text's viewport, moved to where the document is.
        document: what is shown.
        style: how it looks.
        active_url: of the chip that the pointer or the keyboard is on; empty for none.
    """
    tokens = style.theme.tokens
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for block, chip in _chips(document):
        chip_format = chip.charFormat()
        is_active = chip_format.anchorHref() == active_url
        is_doubtful = chip.text().rstrip("\u2060\u202f").endswith("?")
        line = tokens.accent if is_active else tokens.control_line
        has_line = is_active or is_doubtful or tokens.line == tokens.text
        painter.setPen(QPen(QColor(line), _LINE_PX) if has_line else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.page if is_doubtful else tokens.accent_soft))
        for box in _boxes(document, block, chip, chip_format.font(), style):
            radius = min(box.height() / 2, style.px(_LEAST_RADIUS_PX))
            painter.drawRoundedRect(box, radius, radius)


def _chips(document: QTextDocument) -> Iterator[tuple[QTextBlock, QTextFragment]]:
    block = document.begin()
    while block.isValid():
        for item in cast("Iterable[QTextBlock.iterator]", block):
            fragment = item.fragment()
            chip_format = fragment.charFormat()
            if chip_format.isAnchor() and chip_number(chip_format.anchorHref()) is not None:
                yield block, fragment
        block = block.next()


def _boxes(
    document: QTextDocument,
    block: QTextBlock,
    chip: QTextFragment,
    font: QFont,
    style: ProseStyle,
) -> Iterator[QRectF]:
    metrics = QFontMetricsF(font)
    origin = document.documentLayout().blockBoundingRect(block).topLeft()
    layout = block.layout()
    start = chip.position() - block.position()
    end = start + chip.length()
    above = style.px(_ABOVE_PX)
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        first = max(start, line.textStart())
        last = min(end, line.textStart() + line.textLength())
        if first < last:
            edges = sorted((_x_of(line, first), _x_of(line, last)))
            baseline = origin.y() + line.y() + line.ascent()
            height = metrics.capHeight() + 2 * above
            # At least as wide as it is high, so that short numbers stand in a circle.
            spare = max(0.0, height - (edges[1] - edges[0])) / 2
            yield QRectF(
                origin.x() + edges[0] - spare,
                baseline - metrics.capHeight() - above,
                edges[1] - edges[0] + 2 * spare,
                height,
            )


def _x_of(line: QTextLine, position: int) -> float:
    x, _ = cast("tuple[float, int]", line.cursorToX(position))
    return x
