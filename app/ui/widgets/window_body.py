"""The inside of the window: the rail, and the pages beside it."""

from PySide6.QtCore import QRect, QSize, Slot
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QStyle, QWidget

from app.ui.theme import Theme
from app.ui.widgets.rail import Rail
from app.worker.signal_types import signal

NARROW_BELOW_PX = 900


class Veil(QFrame):
    """Covers the pages while the rail lies over them.

    Signals:
        pressed: the user wants to get back to the page.
    """

    pressed = signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("surface", "veil")
        self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep the click from the page below."""
        event.accept()
        self.pressed.emit()


class WindowBody(QWidget):
    """Places the rail by hand: where there is no room beside it, it opens over the pages.

    Args:
        theme: colours and scale; how narrow is too narrow depends on the text size.
        rail: stays collapsed in a narrow window until the user opens it.
        pages: what fills the rest.
    """

    def __init__(self, theme: Theme, rail: Rail, pages: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._rail = rail
        self._pages = pages
        pages.setParent(self)
        self._veil = Veil(self)
        self._veil.pressed.connect(rail.close_over)
        rail.setParent(self)
        rail.width_changed.connect(self._arrange)
        theme.changed.connect(self._on_scale)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    def sizeHint(self) -> QSize:
        """Leave the size to the window."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """The rail collapses before the pages have to give way."""
        pages = self._pages.minimumSizeHint()
        height = max(pages.height(), self._rail.minimumSizeHint().height())
        return QSize(self._rail.collapsed_px + pages.width(), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Collapse or open the rail as there is room."""
        super().resizeEvent(event)
        self._on_scale()

    @Slot()
    def _on_scale(self) -> None:
        """Larger text makes the same window narrower."""
        self._rail.set_narrow(is_narrow=self.width() < self._theme.px(NARROW_BELOW_PX))
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        is_over = self._rail.is_over
        rail_px = min(self._rail.width_px, self.width())
        beside_px = self._rail.collapsed_px if is_over else rail_px
        pages = QRect(beside_px, 0, self.width() - beside_px, self.height())
        self._place(self._rail, QRect(0, 0, rail_px, self.height()))
        self._place(self._pages, pages)
        self._place(self._veil, pages)
        self._veil.setVisible(is_over)
        self._veil.raise_()
        self._rail.raise_()

    def _place(self, widget: QWidget, place: QRect) -> None:
        widget.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))

    @Slot(QWidget, QWidget)
    def _on_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Who goes on in the page wants to see it; so does who goes on in the rail."""
        if now is None:
            return
        if self._pages.isAncestorOf(now):
            self._rail.close_over()
        elif self._rail.isAncestorOf(now):
            self._rail.bring_into_view(now)
