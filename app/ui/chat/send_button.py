"""The round button that sends a message, and stops the answer while one is written."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui.theme import Theme

DIAMETER_PX = 36
RING_PX = 2
RING_GAP_PX = 2


class SendButton(QAbstractButton):
    """An arrow in a circle, or a square in the same circle."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_stop = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_stop(is_stop=False)
        theme.changed.connect(self.updateGeometry)

    @property
    def is_stop(self) -> bool:
        """Whether it stops an answer."""
        return self._is_stop

    def show_stop(self, *, is_stop: bool) -> None:
        """Become Stop or Send."""
        self._is_stop = is_stop
        self.setAccessibleName(self.tr("Stop") if is_stop else self.tr("Send"))
        self.setToolTip(
            self.tr("Stop the answer (Esc)") if is_stop else self.tr("Send the message")
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Give the circle and the room for its focus ring."""
        side = self._theme.px(DIAMETER_PX) + 2 * (RING_PX + RING_GAP_PX)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Never be cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the circle, what is in it, and the focus ring."""
        tokens = self._theme.tokens
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            outer = QRectF(self.rect())
            if self.hasFocus():
                painter.setPen(QPen(QColor(tokens.accent), RING_PX))
                inset = RING_PX / 2
                painter.drawEllipse(outer.adjusted(inset, inset, -inset, -inset))
            gap = RING_PX + RING_GAP_PX
            circle = outer.adjusted(gap, gap, -gap, -gap)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._surface())
            painter.drawEllipse(circle)
            ink = QColor(tokens.on_accent if self.isEnabled() else tokens.faint)
            if self._is_stop:
                self._draw_square(painter, circle, ink)
            else:
                self._draw_arrow(painter, circle, ink)

    def _surface(self) -> QColor:
        tokens = self._theme.tokens
        if not self.isEnabled():
            return QColor(tokens.user_bubble)
        accent = QColor(tokens.accent)
        if self.isDown() or self.underMouse():
            return accent.darker(115)
        return accent

    def _draw_square(self, painter: QPainter, circle: QRectF, ink: QColor) -> None:
        half = circle.width() * 0.15
        painter.setBrush(ink)
        centre = circle.center()
        square = QRectF(centre.x() - half, centre.y() - half, 2 * half, 2 * half)
        painter.drawRoundedRect(square, half / 3, half / 3)

    def _draw_arrow(self, painter: QPainter, circle: QRectF, ink: QColor) -> None:
        unit = circle.width() / 36
        pen = QPen(ink, 1.75 * unit)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        centre = circle.center()
        tip = centre + QPointF(0, -5.5 * unit)
        side = QPointF(5.5 * unit, 5.5 * unit)
        left, right = tip + QPointF(-side.x(), side.y()), tip + side
        painter.drawPolyline(QPolygonF([left, tip, right]))
        painter.drawLine(tip, centre + QPointF(0, 5.5 * unit))
