"""A panel at the side of a page, with everything about one thing of it."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.badge import Badge
from app.ui.widgets.icon_button import IconButton
from app.ui.widgets.labels import FlowingLabel
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal

EDGE_PX = 16


class SidePanel(QFrame):
    """A name with a badge, parts that scroll below it, and a foot that does not.

    Signals:
        closed: the user wants no more of it.

    Attributes:
        name, badge: at the top.
        area: what scrolls.
    """

    closed = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("surface", "panel")
        self.name, self.badge = FlowingLabel("", "heading"), Badge()
        # A subclass would look it up under its own name.
        words = QCoreApplication.translate("SidePanel", "Close the details")
        self._close = IconButton(theme, "x", words, "Esc")
        self._close.clicked.connect(self.closed)
        titles = WrappingRow(theme, gap_px=8)
        titles.add(self.name)
        titles.add(self.badge)
        self._head = QHBoxLayout()
        self._head.addWidget(titles, 1)
        self._head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inside)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(0)
        self._outer.addLayout(self._head)
        self._outer.addWidget(self.area, 1)
        theme.changed.connect(self._restyle)
        self.area.verticalScrollBar().rangeChanged.connect(self._make_room_for_bar)
        self._restyle()

    def fill(self, parts: Iterable[QWidget], foot: QWidget) -> None:
        """Take what the panel has to show, from top to bottom."""
        for part in parts:
            self._column.addWidget(part)
        self._column.addStretch(1)
        self._outer.addWidget(foot)

    def focus_first(self) -> None:
        """Let the keyboard go on here."""
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        px = self._theme.px
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self.setProperty("mirrored", "true" if mirrored else "false")
        self._head.setContentsMargins(px(EDGE_PX), px(24), px(8), px(4))
        self._column.setSpacing(px(12))
        self._make_room_for_bar()

    @Slot()
    def _make_room_for_bar(self) -> None:
        """Let the bar stand in the margin, so that the parts stay in line with the foot."""
        bar = self.area.verticalScrollBar()
        bar_px = bar.sizeHint().width() if bar.maximum() > 0 else 0
        edge = self._theme.px(EDGE_PX)
        self._column.setContentsMargins(edge, self._theme.px(4), max(0, edge - bar_px), edge)
