"""Labels that never read markup, and one that shortens its text."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


def label(text: str = "", role: str = "", *, wraps: bool = False) -> QLabel:
    """Give a plain-text label in one of the roles of the style sheet."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    if wraps:
        made.setWordWrap(True)
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def breakable(text: str) -> str:
    """Let a line end inside the name of a file."""
    return text.replace("_", "_\u200b")


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where there is no room; the tooltip has the whole."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment(), self._shown())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the whole text where it is shortened."""
        super().resizeEvent(event)
        self.setToolTip(self.text() if self._shown() != self.text() else "")

    def _shown(self) -> str:
        metrics = self.fontMetrics()
        return metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
