"""The frame of a page: a title, a sentence, and a column that scrolls."""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Slot
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.ui.theme import Theme
from app.ui.widgets.labels import label
from app.ui.widgets.two_ends_row import TwoEndsRow

COLUMN_PX = 720


class _Holder(QWidget):
    """Is as high as its width wants it, and not as high as it would be at its narrowest."""

    def minimumSizeHint(self) -> QSize:
        """Only the width counts: the area asks for the height at the width that it has."""
        return QSize(super().minimumSizeHint().width(), 0)


class PageColumn(QFrame):
    """A page with a title; subclasses and owners add to `column`.

    Attributes:
        column: layout of what scrolls.
        head: layout beside the title, for buttons.
    """

    def __init__(self, theme: Theme, title: str, text: str) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("surface", "page")
        self.setAccessibleName(title)
        titles_part, head_part = QWidget(), QWidget()
        titles = QVBoxLayout(titles_part)
        titles.setContentsMargins(0, 0, 0, 0)
        titles.setSpacing(2)
        titles.addWidget(label(title, "title", wraps=True))
        titles.addWidget(label(text, "dim", wraps=True))
        self.head = QHBoxLayout(head_part)
        self.head.setContentsMargins(0, 0, 0, 0)
        self._content = QWidget()
        self.column = QVBoxLayout(self._content)
        self.column.setContentsMargins(0, 20, 0, 24)
        self.column.setSpacing(12)
        self._middle = QWidget()
        inner = QVBoxLayout(self._middle)
        inner.setContentsMargins(24, 28, 24, 0)
        inner.setSpacing(0)
        inner.addWidget(TwoEndsRow(titles_part, head_part))
        inner.addWidget(self._content)
        inner.addStretch(1)
        self._holder = _Holder()
        across = QHBoxLayout(self._holder)
        across.setContentsMargins(0, 0, 0, 0)
        across.addStretch(1)
        across.addWidget(self._middle, 100)
        across.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._holder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        theme.changed.connect(self._restyle)
        self._restyle()

    def scroll_to(self, part: QWidget) -> None:
        """Bring a part of the column to the top, as far as there is something below it."""
        QApplication.sendPostedEvents(self._content, QEvent.Type.LayoutRequest)
        place = part.mapTo(self._holder, QPoint(0, 0))
        self._area.verticalScrollBar().setValue(place.y() - self.column.spacing())

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        self._middle.setMaximumWidth(self._theme.px(COLUMN_PX + 48))
