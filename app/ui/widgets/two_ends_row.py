"""A line with something at its beginning and something at its end."""

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

GAP_PX = 8


class TwoEndsRow(QWidget):
    """Puts the second part at the far end; where there is no room for both, below the first.

    Args:
        first, second: what stands at the beginning and at the end.
        parent: the widget this one belongs to.
    """

    def __init__(self, first: QWidget, second: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = (first, second)
        for part in self._parts:
            part.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width_px: int) -> int:
        """How high it is when it is so wide."""
        return max((place.bottom() + 1 for _, place in self._places(width_px)), default=0)

    def sizeHint(self) -> QSize:
        """Both parts side by side."""
        hints = [part.sizeHint() for part in self._shown()]
        width_px = sum(hint.width() for hint in hints) + GAP_PX * max(0, len(hints) - 1)
        return QSize(width_px, max((hint.height() for hint in hints), default=0))

    def minimumSizeHint(self) -> QSize:
        """Room for the wider part; the height is that for the width."""
        least = [part.minimumSizeHint().width() for part in self._shown()]
        return QSize(max(least, default=0), 0)

    def event(self, event: QEvent) -> bool:
        """Follow parts that come, go, or change their size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
            self.updateGeometry()
            return True
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Take up what changed while nobody saw it: Qt asks for no layout of a hidden row."""
        super().showEvent(event)
        self._arrange()
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put both parts in their places."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        for part, place in self._places(self.width()):
            part.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))

    def _shown(self) -> list[QWidget]:
        return [part for part in self._parts if not part.isHidden()]

    def _places(self, width_px: int) -> list[tuple[QWidget, QRect]]:
        """Say where each part is in a line of this width, from left to right."""
        shown = self._shown()
        if len(shown) < 2:  # noqa: PLR2004 - both ends
            return [(part, QRect(0, 0, width_px, _height_px(part, width_px))) for part in shown]
        first, second = shown
        end_px = second.sizeHint().width()
        beginning_px = width_px - end_px - GAP_PX
        if beginning_px < first.sizeHint().width():
            above_px, end_px = _height_px(first, width_px), min(end_px, width_px)
            below = QRect(0, above_px + GAP_PX, end_px, _height_px(second, end_px))
            return [(first, QRect(0, 0, width_px, above_px)), (second, below)]
        heights = _height_px(first, beginning_px), _height_px(second, end_px)
        middle = max(heights)
        end_left = width_px - end_px
        return [
            (first, QRect(0, (middle - heights[0]) // 2, beginning_px, heights[0])),
            (second, QRect(end_left, (middle - heights[1]) // 2, end_px, heights[1])),
        ]


def _height_px(part: QWidget, width_px: int) -> int:
    if part.hasHeightForWidth():
        return part.heightForWidth(width_px)
    return part.sizeHint().height()
