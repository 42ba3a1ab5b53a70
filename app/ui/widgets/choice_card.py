"""A radio button that is a whole card: one of a few things to choose from."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme import Theme

RADIUS_PX = 10
DOT_PX = 16
SIDE_PX = 12
ABOVE_PX = 9


class ChoiceCard(QRadioButton):
    """A card with a radio button at its beginning; `column` is the layout beside it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_lone = False
        self.column = QVBoxLayout(self)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._restyle)
        self._restyle()

    def stand_alone(self) -> None:
        """Be a card like any other, since there is nothing else to choose."""
        self._is_lone = True
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.unsetCursor()
        self._restyle()

    def add_text(self, part: QWidget) -> None:
        """Put something below what is there; a click on it chooses the card."""
        part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.column.addWidget(part)

    def sizeHint(self) -> QSize:
        """Give the room for what is on it; a button would only ask for its own text."""
        return self.column.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As narrow as what is on it can be."""
        return self.column.minimumSize()

    def hitButton(self, place: QPoint) -> bool:
        """The whole card can be pressed."""
        return self.rect().contains(place)

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        px = self._theme.px
        side, above = px(SIDE_PX), px(ABOVE_PX)
        dot = 0 if self._is_lone else px(DOT_PX) + px(8)
        self.column.setContentsMargins(side + dot, above, side, above)
        self.column.setSpacing(px(3))
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw card and radio button; the border shows focus and choice."""
        tokens = self._theme.tokens
        radius = self._theme.px(RADIUS_PX)
        line, width = tokens.line, 1.0
        if self.hasFocus():
            line, width = tokens.text, 2.0
        elif self.isChecked() and not self._is_lone:
            line, width = tokens.accent, 2.0
        elif self.underMouse() and self.isEnabled() and not self._is_lone:
            line = tokens.control_line
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(line), width))
            painter.setBrush(QColor(tokens.card))
            body = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
            painter.drawRoundedRect(body, radius, radius)
            if not self._is_lone:
                self._draw_dot(painter)

    def _draw_dot(self, painter: QPainter) -> None:
        tokens = self._theme.tokens
        px = self._theme.px
        half = px(DOT_PX) / 2
        x = px(SIDE_PX) + half
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            x = self.width() - x
        centre = QPointF(x, self._first_line_middle())
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent))
            painter.drawEllipse(centre, half, half)
            painter.setBrush(QColor(tokens.card))
            painter.drawEllipse(centre, half * 0.42, half * 0.42)
        else:
            color = tokens.control_line if self.isEnabled() else tokens.line
            painter.setPen(QPen(QColor(color), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, half - 0.75, half - 0.75)

    def _first_line_middle(self) -> float:
        item = self.column.itemAt(0)
        widget = item.widget() if item is not None else None
        if widget is None:
            return self.height() / 2
        line_px = min(widget.height(), self._theme.px(26))
        return widget.y() + line_px / 2
