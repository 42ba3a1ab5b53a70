"""What a page shows when there is nothing: what it is for, and what to do next."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.ui.icons import pixmap
from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label

WIDTH_PX = 460
ICON_PX = 40
SIDE_PX = 16


class EmptyState(QScrollArea):
    """An icon, a title, a sentence or two, and one button (`button`); scrolls if it must.

    Where there are two equal ways to go on, `add_button` gives the second.
    """

    def __init__(
        self, theme: Theme, icon_name: str, title: str, text: str, button_text: str
    ) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon_name
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        heading = label(title, "heading", wraps=True)
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sentence = label(text, "dim", wraps=True)
        sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = TextButton(theme, button_text, kind="primary")
        self._column = QWidget()
        layout = QVBoxLayout(self._column)
        layout.setContentsMargins(0, SIDE_PX, 0, SIDE_PX)
        layout.setSpacing(12)
        layout.addStretch(2)
        layout.addWidget(self._picture)
        layout.addWidget(heading)
        layout.addWidget(sentence)
        layout.addSpacing(8)
        self._buttons = QVBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(self._buttons)
        layout.addStretch(3)
        holder = QWidget()
        across = QHBoxLayout(holder)
        across.setContentsMargins(SIDE_PX, 0, SIDE_PX, 0)
        across.addStretch(1)
        across.addWidget(self._column, 100)
        across.addStretch(1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(holder)
        theme.changed.connect(self._restyle)
        self._restyle()

    def add_button(self, text: str) -> TextButton:
        """Put another, quieter button below the first."""
        added = TextButton(self._theme, text)
        self._buttons.addWidget(added, 0, Qt.AlignmentFlag.AlignHCenter)
        return added

    @Slot()
    def _restyle(self) -> None:
        """Take the colours and sizes of the theme."""
        side = self._theme.px(ICON_PX)
        scale = self.devicePixelRatioF()
        self._picture.setPixmap(pixmap(self._icon_name, self._theme.tokens.accent, side, scale))
        self._column.setMaximumWidth(self._theme.px(WIDTH_PX))
