"""A card with a title, for facts."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.labels import label


class InfoCard(QFrame):
    """A titled card; subclasses and owners add to `column`."""

    def __init__(
        self, theme: Theme, title: str, role: str = "strong", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("surface", "card")
        self.setAccessibleName(title)
        self.column = QVBoxLayout(self)
        self.title = label(title, role, wraps=True)
        self.column.addWidget(self.title)
        theme.changed.connect(self._restyle_card)
        self._restyle_card()

    @Slot()
    def _restyle_card(self) -> None:
        """Take the sizes of the theme."""
        px = self._theme.px
        self.column.setContentsMargins(px(16), px(12), px(16), px(14))
        self.column.setSpacing(px(6))
