"""A layout for a line with something at its beginning and something at its end."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget


class TwoEndsLayout(QLayout):
    """Puts the second part at the far end; where there is no room for both, below the first.

    Args:
        first, second: what stands at the beginning and at the end.
        gap_px: the least distance between them.
    """

    def __init__(
        self, first: QWidget | QLayout, second: QWidget | QLayout, gap_px: int = 8
    ) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setSpacing(gap_px)
        self.setContentsMargins(0, 0, 0, 0)
        for part in (first, second):
            if isinstance(part, QWidget):
                self.addWidget(part)
            else:
                self.addChildLayout(part)
                self.addItem(part)

    def addItem(self, item: QLayoutItem) -> None:
        """Add a part; only for the constructor."""
        self._items.append(item)

    def count(self) -> int:
        """How many parts there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Give one; None past the end, as Qt expects."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take one out; None past the end, as Qt expects."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Takes the whole line, so that the end is the end."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """How high it is when it is so wide."""
        return max((place.bottom() + 1 for _, place in self._places(width)), default=0)

    def sizeHint(self) -> QSize:
        """Both parts side by side."""
        hints = [item.sizeHint() for item in self._shown()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        """Room for the wider part; the height is that for the width."""
        least = [item.minimumSize().width() for item in self._shown()]
        return QSize(max(least, default=0), 0)

    def setGeometry(self, rect: QRect) -> None:
        """Put both parts in their places."""
        super().setGeometry(rect)
        parent = self.parentWidget()
        direction = parent.layoutDirection() if parent else Qt.LayoutDirection.LeftToRight
        for item, place in self._places(rect.width()):
            place.translate(rect.topLeft())
            item.setGeometry(QStyle.visualRect(direction, rect, place))

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _places(self, width: int) -> list[tuple[QLayoutItem, QRect]]:
        """Say where each part is in a line of this width, from left to right."""
        shown = self._shown()
        if len(shown) < 2:  # noqa: PLR2004 - both ends
            return [(item, QRect(0, 0, width, _height(item, width))) for item in shown]
        first, second = shown
        end = second.sizeHint().width()
        beginning = width - end - self.spacing()
        if beginning < first.sizeHint().width():
            above = _height(first, width)
            end = min(end, width)
            below = QRect(0, above + self.spacing(), end, _height(second, end))
            return [(first, QRect(0, 0, width, above)), (second, below)]
        heights = _height(first, beginning), _height(second, end)
        middle = max(heights)
        return [
            (first, QRect(0, (middle - heights[0]) // 2, beginning, heights[0])),
            (second, QRect(width - end, (middle - heights[1]) // 2, end, heights[1])),
        ]


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
