"""The line above the first turn that still reaches the model."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.prose_style import interface_font

TEXT_PX = 12
GAP_PX = 12
HEIGHT_PX = 32


class MemoryLine(QWidget):
    """A thin line with words in the middle."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = self.tr("The model remembers from here")
        self.setAccessibleName(self._text)
        self.setToolTip(
            self.tr(
                "What stands above is still here for you to read, but no longer reaches the model."
            )
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Give the height of one line with air around it."""
        return QSize(self._theme.px(HEIGHT_PX), self._theme.px(HEIGHT_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the words, and the line to both sides of them."""
        tokens = self._theme.tokens
        font = interface_font(self._theme, TEXT_PX, QFont.Weight.Medium)
        gap = self._theme.px(GAP_PX)
        room = self.width() - 4 * gap
        text = QFontMetrics(font).elidedText(self._text, Qt.TextElideMode.ElideRight, room)
        half = QFontMetrics(font).horizontalAdvance(text) // 2 + gap
        middle_x, middle_y = self.width() // 2, self.height() // 2
        with QPainter(self) as painter:
            painter.setFont(font)
            painter.setPen(QColor(tokens.faint))
            whole = QRect(0, 0, self.width(), self.height())
            painter.drawText(whole, Qt.AlignmentFlag.AlignCenter, text)
            painter.setPen(QColor(tokens.line))
            painter.drawLine(0, middle_y, middle_x - half, middle_y)
            painter.drawLine(middle_x + half, middle_y, self.width(), middle_y)
