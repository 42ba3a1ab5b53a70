"""A row of small widgets that goes on in the next line where there is no room.

A widget that places others, not a layout: items of a layout written in Python lose their
wrappers now and then, and the next look at one ends the program.
"""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import Theme

NARROWEST_PX = 110
"""A text in the rest of a line is shortened to this before it gets a line of its own."""


class WrappingRow(QWidget):
    """Places what is added side by side, each in the middle of its line.

    Widgets that can shrink (their horizontal policy is `Ignored`) get what is left of a line.

    Args:
        theme: colours and scale.
        gap_px: between two widgets, and between two lines.
        parent: the widget this one belongs to.
    """

    def __init__(self, theme: Theme, gap_px: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._gap = gap_px
        self._members: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        """Put a widget at the end; it is shown, unless it was hidden on purpose."""
        is_wanted = not widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
        widget.setParent(self)
        if is_wanted:
            widget.show()
        self._members.append(widget)
        self.arrange()
        self.updateGeometry()

    def clear(self) -> None:
        """Remove all widgets."""
        for widget in self._members:
            widget.hide()
            widget.deleteLater()
        self._members.clear()
        self.updateGeometry()

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
        least = [one.minimumSizeHint().width() for one in self._shown() if not _shrinks(one)]
        return QSize(max(least, default=0), 0)

    def event(self, event: QEvent) -> bool:
        """Follow members that come, go, or change their size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.arrange()
            self.updateGeometry()
            return True
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Take up what changed while nobody saw it: Qt asks for no layout of a hidden row."""
        super().showEvent(event)
        self.arrange()
        self.updateGeometry()

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
        return self._theme.px(self._gap)

    def _is_mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _places(self, width_px: int) -> list[tuple[QWidget, QRect]]:
        """Say where everything is in a row of this width, from left to right."""
        places: list[tuple[QWidget, QRect]] = []
        top = 0
        for line in self._lines(width_px):
            line_px = max(size.height() for _, size in line)
            left = 0
            for widget, size in line:
                above = (line_px - size.height()) // 2
                width = min(size.width(), width_px - left) if _shrinks(widget) else size.width()
                places.append((widget, QRect(left, top + above, width, size.height())))
                left += width + self._gap_px()
            top += line_px + self._gap_px()
        return places

    def _lines(self, width_px: int) -> list[list[tuple[QWidget, QSize]]]:
        """Say what stands in each line, and how large."""
        lines: list[list[tuple[QWidget, QSize]]] = []
        left = 0
        for widget in self._shown():
            size = _size_of(widget, width_px)
            least = self._theme.px(NARROWEST_PX) if _shrinks(widget) else size.width()
            # Layouts also ask for widths below zero, when margins take all there is.
            if not lines or (left > 0 and left + min(least, size.width()) > width_px):
                lines.append([])
                left = 0
            lines[-1].append((widget, size))
            left += size.width() + self._gap_px()
        return lines


def _size_of(widget: QWidget, widest_px: int) -> QSize:
    """Give the size that a widget wants; one too wide for any line may wrap inside."""
    hint = widget.sizeHint()
    if hint.width() > widest_px > 0 and widget.hasHeightForWidth():
        return QSize(widest_px, widget.heightForWidth(widest_px))
    return hint


def _shrinks(widget: QWidget) -> bool:
    return widget.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored
