"""A column in the middle of a page; what does not fit is scrolled to."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.theme import Theme

SIDE_PX = 24
"""Room at both sides, which belongs to the column."""


class _Holder(QWidget):
    """Is as high as its width wants it, and not as high as it would be at its narrowest."""

    def minimumSizeHint(self) -> QSize:
        """Only the width counts: the area asks for the height at the width that it has."""
        return QSize(super().minimumSizeHint().width(), 0)


class ScrollColumn(QFrame):
    """A page that is one column; subclasses and owners add to `inside`.

    Args:
        theme: colours and scale.
        width_px: of the column at its widest, without the room at its sides.

    Attributes:
        inside: layout of everything that scrolls.
        area: what scrolls it.
        holder: what is scrolled.
    """

    def __init__(self, theme: Theme, width_px: int) -> None:
        super().__init__()
        self._theme = theme
        self._width = width_px
        self.setProperty("surface", "page")
        self._middle = QWidget()
        self.inside = QVBoxLayout(self._middle)
        self.inside.setContentsMargins(SIDE_PX, 28, SIDE_PX, 0)
        self.inside.setSpacing(0)
        self.holder = _Holder()
        across = QHBoxLayout(self.holder)
        across.setContentsMargins(0, 0, 0, 0)
        across.addStretch(1)
        across.addWidget(self._middle, 100)
        across.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.holder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)
        theme.changed.connect(self._restyle_column)
        self._restyle_column()

    @Slot()
    def _restyle_column(self) -> None:
        """Take the sizes of the theme."""
        self._middle.setMaximumWidth(self._theme.px(self._width + 2 * SIDE_PX))
