"""The frame of a page: a title, a sentence, and a column that scrolls."""

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.labels import label
from app.ui.widgets.scroll_column import ScrollColumn
from app.ui.widgets.two_ends_row import TwoEndsRow

COLUMN_PX = 720


class PageColumn(ScrollColumn):
    """A page with a title; subclasses and owners add to `column`.

    Attributes:
        column: layout of what is below the title.
        head: layout beside the title, for buttons.
    """

    def __init__(self, theme: Theme, title: str, text: str) -> None:
        super().__init__(theme, COLUMN_PX)
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
        self.inside.addWidget(TwoEndsRow(titles_part, head_part))
        self.inside.addWidget(self._content)
        self.inside.addStretch(1)

    def scroll_to(self, part: QWidget) -> None:
        """Bring a part of the column to the top, as far as there is something below it."""
        QApplication.sendPostedEvents(self._content, QEvent.Type.LayoutRequest)
        place = part.mapTo(self.holder, QPoint(0, 0))
        self.area.verticalScrollBar().setValue(place.y() - self.column.spacing())
