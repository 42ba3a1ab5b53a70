"""A small text button that recedes until it is needed: Copy on code, Thinking above an answer."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.prose_style import interface_font

_TEXT_PX: Final = 12
_SIDE_PX: Final = 8
_ABOVE_PX: Final = 5
_CHEVRON_PX: Final = 14
_RADIUS_PX: Final = 6
_RING_PX: Final = 2


class QuietButton(QAbstractButton):
    """Text without a frame; a surface on hover, a ring on focus.

    A checkable one has an arrow that points down while it is checked, so that it can open and
    close what stands below.
    """

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self._theme = theme
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """The size of the text with its margins."""
        metrics = QFontMetrics(self._text_font())
        arrow = self._theme.px(_CHEVRON_PX) if self.isCheckable() else 0
        width = metrics.horizontalAdvance(self.text()) + arrow + 2 * self._theme.px(_SIDE_PX)
        return QSize(width, metrics.height() + 2 * self._theme.px(_ABOVE_PX))

    def minimumSizeHint(self) -> QSize:
        """The text is never cut."""
        return self.sizeHint()

    def _text_font(self) -> QFont:
        return interface_font(self._theme, _TEXT_PX, QFont.Weight.Medium)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the button."""
        tokens = self._theme.tokens
        is_active = self.underMouse() or self.isDown()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            focus = QPen(QColor(tokens.accent), _RING_PX)
            painter.setPen(focus if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_soft) if is_active else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, _RADIUS_PX, _RADIUS_PX)
            painter.setFont(self._text_font())
            painter.setPen(QColor(tokens.text if is_active else tokens.dim))
            text_box = box
            if self.isCheckable():
                text_box = self._draw_arrow(painter, box)
            painter.drawText(text_box, Qt.AlignmentFlag.AlignCenter, self.text())

    def _draw_arrow(self, painter: QPainter, box: QRectF) -> QRectF:
        """Draw the arrow at the leading edge; return the room left for the text."""
        room = self._theme.px(_CHEVRON_PX)
        side = self._theme.px(_SIDE_PX)
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        centre_x = box.right() - side - room / 4 if is_mirrored else box.left() + side + room / 4
        half = room / 4
        forward = -half / 2 if is_mirrored else half / 2
        if self.isChecked():
            points = [(-half, -half / 2), (0, half / 2), (half, -half / 2)]
        else:
            points = [(-forward, -half), (forward, 0), (-forward, half)]
        centre = QPointF(centre_x, box.center().y())
        painter.drawPolyline(QPolygonF([centre + QPointF(x, y) for x, y in points]))
        if is_mirrored:
            return box.adjusted(0, 0, -room, 0)
        return box.adjusted(room, 0, 0, 0)
