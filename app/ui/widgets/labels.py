"""Labels that never read markup, and one that shortens its text."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.widgets.foreign_text import unbound_text


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
    return unbound_text(text)


class FlowingLabel(QLabel):
    """One line where there is room for it, and more where there is not.

    Qt's own wraps long before, to come close to the shape of a page.
    """

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        if role:
            self.setProperty("role", role)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """All words in one line."""
        self.ensurePolished()
        return self.fontMetrics().size(Qt.TextFlag.TextSingleLine, self.text())

    def minimumSizeHint(self) -> QSize:
        """The longest word."""
        self.ensurePolished()
        metrics = self.fontMetrics()
        words = self.text().replace("\u200b", " ").split() or [""]
        longest = max(metrics.horizontalAdvance(word) for word in words)
        return QSize(longest, metrics.height())


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
