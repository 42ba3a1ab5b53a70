"""A row of small widgets that goes on in the next line where there is no room."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import Theme

GAP_PX = 2
NARROWEST_PX = 110
"""A text in the rest of a line is shortened to this before it gets a line of its own."""


class WrappingRow(QWidget):
    """Places what is added side by side, each in the middle of its line.

    Widgets that can shrink (their horizontal policy is `Ignored`) get what is left of a line.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._members: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the end."""
        widget.setParent(self)
        self._members.append(widget)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the more lines."""
        return True

    def heightForWidth(self, width_px: int) -> int:
        """Give the height in px of all lines."""
        places = self._places(width_px)
        return max((place.bottom() + 1 for _, place in places), default=0)

    def sizeHint(self) -> QSize:
        """Give the size of one line with everything."""
        hints = [widget.sizeHint() for widget in self._shown()]
        width_px = sum(hint.width() for hint in hints) + self._gap_px() * max(0, len(hints) - 1)
        return QSize(width_px, max((hint.height() for hint in hints), default=0))

    def minimumSizeHint(self) -> QSize:
        """Wrap in narrow windows."""
        fixed = [one.sizeHint().width() for one in self._shown() if not _shrinks(one)]
        return QSize(max(fixed, default=0), 0)

    def event(self, event: QEvent) -> bool:
        """Follow members that come, go, or change their size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.arrange()
            self.updateGeometry()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Put everything in its place."""
        for widget, place in self._places(self.width()):
            left = self.width() - place.right() - 1 if self._is_mirrored() else place.left()
            widget.setGeometry(left, place.top(), place.width(), place.height())

    def _shown(self) -> list[QWidget]:
        return [widget for widget in self._members if not widget.isHidden()]

    def _gap_px(self) -> int:
        return self._theme.px(GAP_PX)

    def _is_mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _places(self, width_px: int) -> list[tuple[QWidget, QRect]]:
        """Say where everything is in a row of this width, from left to right."""
        shown = self._shown()
        line_px = max((widget.sizeHint().height() for widget in shown), default=0)
        left, top = 0, 0
        places: list[tuple[QWidget, QRect]] = []
        for widget in shown:
            hint = widget.sizeHint()
            least = self._theme.px(NARROWEST_PX) if _shrinks(widget) else hint.width()
            if left > 0 and left + min(least, hint.width()) > width_px:
                left, top = 0, top + line_px
            width = min(hint.width(), width_px - left) if _shrinks(widget) else hint.width()
            above = (line_px - hint.height()) // 2
            places.append((widget, QRect(left, top + above, width, hint.height())))
            left += width + self._gap_px()
        return places


def _shrinks(widget: QWidget) -> bool:
    return widget.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored
