"""The turns of a chat below one another, and where each of them is."""

from bisect import bisect_right

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from app.ui.chat.turn_views import TurnView
from app.ui.theme import Theme
from app.worker.signal_types import signal

COLUMN_PX = 740
SIDE_PX = 24
ABOVE_PX = 12
GAP_PX = 16
BELOW_PX = 24


class TurnColumn(QWidget):
    """Places turn views by hand: where one ends up must be known before it is drawn.

    A layout would place them later, and the reader would see them jump.

    Signals:
        arrangement_needed: the height of something in the column has changed.
    """

    arrangement_needed = signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._views: list[TurnView] = []
        self._tail: QWidget | None = None

    @property
    def views(self) -> tuple[TurnView, ...]:
        """The views from top to bottom."""
        return tuple(self._views)

    def set_tail(self, tail: QWidget) -> None:
        """Put a widget below the last turn."""
        self._tail = tail
        tail.setParent(self)

    def insert(self, place: int, view: TurnView) -> None:
        """Put a view at a place; call `arrange` after that."""
        self._views.insert(place, view)
        view.setParent(self)
        view.show()

    def remove(self, view: TurnView) -> None:
        """Take a view out for good."""
        self._views.remove(view)
        view.hide()
        view.deleteLater()

    def column_width_px(self, width_px: int) -> int:
        """Give the width of the turns in a window of this width."""
        return min(width_px - 2 * self._theme.px(SIDE_PX), self._theme.px(COLUMN_PX))

    def arrange(self, width_px: int) -> None:
        """Place everything in a column in the middle of this width, and become as high as it.

        The scroll bar takes its room from the side, so that nothing moves when it comes.
        """
        column_px = self.column_width_px(width_px)
        left = (width_px - column_px) // 2
        top = self._theme.px(ABOVE_PX)
        shown: list[QWidget] = [*self._views]
        if self._tail is not None and not self._tail.isHidden():
            shown.append(self._tail)
        for widget in shown:
            height = widget.heightForWidth(column_px)
            if height < 0:
                height = widget.sizeHint().height()
            widget.setGeometry(left, top, column_px, height)
            top += height + self._theme.px(GAP_PX)
        self.resize(width_px, top + self._theme.px(BELOW_PX))

    def view_at(self, y_px: int) -> TurnView | None:
        """Give the view that covers a height, or the next one below it."""
        if not self._views:
            return None
        place = bisect_right(self._views, y_px, key=lambda view: view.y() + view.height())
        return self._views[min(place, len(self._views) - 1)]

    def event(self, event: QEvent) -> bool:
        """Hear that a view wants another height."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.arrangement_needed.emit()
            return True
        return super().event(event)
