"""The soft bubble around what the user wrote."""

import math

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.chat.folding import folded_head
from app.ui.theme import Theme
from app.ui.widgets.prose_style import ProseStyle
from app.ui.widgets.quiet_button import QuietButton
from app.ui.widgets.safe_text_browser import SafeTextBrowser
from app.worker.signal_types import signal

WIDEST_PX = 520
NARROWEST_PX = 48
SIDE_PX = 14
ABOVE_PX = 8
RADIUS_PX = 14
GAP_PX = 6
ONE_LINE_PX = 42
"""About the height of a bubble with one line."""


class UserBubble(QWidget):
    """Plain text in a bubble at the trailing edge, as wide as the text needs.

    Args:
        theme: colours and scale.
        beside: a row of buttons to be kept beside the bubble, in line with its last line.
        parent: the widget this one belongs to.

    Signals:
        fold_changed: the reader is about to see more or less of the text.
    """

    fold_changed = signal()

    def __init__(self, theme: Theme, beside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._beside = beside
        beside.setParent(self)
        self._text = ""
        self._head: str | None = None
        self._browser = SafeTextBrowser(ProseStyle(theme), self)
        self._browser.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._browser.setAccessibleName(self.tr("Your message"))
        self._fold_button = QuietButton(theme, "", self)
        self._fold_button.clicked.connect(self._unfold_or_fold)
        self._is_folded = False
        self._box_rect = QRect()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._restyle)

    def set_text(self, text: str) -> None:
        """Show a text; a very long one is folded."""
        self._text = text
        self._head = folded_head(text)
        self._show(is_folded=self._head is not None)

    @Slot()
    def _unfold_or_fold(self) -> None:
        self.fold_changed.emit()
        self._show(is_folded=not self._is_folded)

    def _show(self, *, is_folded: bool) -> None:
        self._is_folded = is_folded
        head = self._head if is_folded else None
        self._browser.setPlainText(self._text if head is None else head)
        self._fold_button.setVisible(self._head is not None)
        self._fold_button.setText(self.tr("Show all") if is_folded else self.tr("Show less"))
        self._arrange()
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width_px: int) -> int:
        """Give the height in px of the bubble in a column of this width."""
        return self._box(width_px).height()

    def sizeHint(self) -> QSize:
        """Fill the column; the bubble itself is at its edge."""
        return self._box(self._theme.px(WIDEST_PX))

    def minimumSizeHint(self) -> QSize:
        """Wrap in narrow windows."""
        return QSize(self._theme.px(NARROWEST_PX), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the text anew."""
        super().resizeEvent(event)
        self._arrange()

    def _box(self, width_px: int) -> QSize:
        """Give the size of the bubble in a column of this width."""
        padding = 2 * self._theme.px(SIDE_PX)
        room = width_px - self._beside.sizeHint().width() - self._theme.px(GAP_PX)
        widest = max(min(room, self._theme.px(WIDEST_PX)) - padding, 1)
        text_height = self._browser.height_for_width(widest)
        needed = math.ceil(self._browser.document().idealWidth()) + 1
        text_width = min(widest, needed)
        height = text_height + 2 * self._theme.px(ABOVE_PX)
        if self._head is not None:
            button = self._fold_button.sizeHint()
            text_width = max(text_width, button.width())
            height += button.height()
        return QSize(text_width + padding, height)

    def _arrange(self) -> None:
        box = self._box(self.width())
        left = 0 if self._is_mirrored() else self.width() - box.width()
        self._box_rect = QRect(left, 0, box.width(), box.height())
        side, above = self._theme.px(SIDE_PX), self._theme.px(ABOVE_PX)
        text_width = box.width() - 2 * side
        text_height = self._browser.height_for_width(text_width)
        self._browser.setGeometry(left + side, above, text_width, text_height)
        button = self._fold_button.sizeHint()
        button_left = box.width() - side - button.width() if self._is_mirrored() else side - 4
        self._fold_button.setGeometry(
            left + button_left, above + text_height, button.width(), button.height()
        )
        self._place_beside()

    def _place_beside(self) -> None:
        size = self._beside.sizeHint()
        gap = self._theme.px(GAP_PX)
        box = self._box_rect
        left = box.right() + 1 + gap if self._is_mirrored() else box.left() - gap - size.width()
        line_px = min(box.height(), self._theme.px(ONE_LINE_PX))
        top = box.bottom() + 1 - (line_px + size.height()) // 2
        self._beside.setGeometry(left, max(0, top), size.width(), size.height())

    def _is_mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bubble."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.tokens.user_bubble))
            radius = self._theme.px(RADIUS_PX)
            painter.drawRoundedRect(self._box_rect, radius, radius)

    def _restyle(self) -> None:
        self._browser.restyle(ProseStyle(self._theme))
        self._arrange()
        self.updateGeometry()
        self.update()
