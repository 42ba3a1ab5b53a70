"""What lies over the page while files are dragged over it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme

EDGE_PX = 12
RADIUS_PX = 18
CLEAR = 232
"""How much of the page is covered, of 255."""


class DropSign(QWidget):
    """A dashed frame with a sentence; hidden until something can be dropped."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._page = parent
        self._text = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def say(self, text: str) -> None:
        """Cover the page and say what dropping would do."""
        self._text = text
        self.setAccessibleName(text)
        self.setGeometry(self._page.rect())
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw frame and sentence."""
        tokens, px = self._theme.tokens, self._theme.px
        ground = QColor(tokens.accent_soft)
        ground.setAlpha(CLEAR)
        edge = px(EDGE_PX)
        body = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(ground)
            painter.setPen(QPen(QColor(tokens.accent), 2, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(body, px(RADIUS_PX), px(RADIUS_PX))
            font = self.font()
            font.setPixelSize(px(18))
            font.setWeight(font.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(QColor(tokens.on_accent_soft))
            room = body.adjusted(edge, edge, -edge, -edge)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, int(flags), self._text)
