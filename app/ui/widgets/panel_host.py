"""A page with a panel at its side: beside it where there is room, over it where there is not."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStyle, QWidget

from app.ui.theme import Theme
from app.ui.widgets.window_body import Veil
from app.worker.signal_types import signal

PANEL_PX = 340
OVER_BELOW_PX = 800
"""A narrower page has no room for both: that of a window of 900 px beside the collapsed rail."""


class PanelHost(QWidget):
    """Places a page and, once there is one, a panel.

    Args:
        theme: colours and scale.
        page: what fills the rest.

    Signals:
        dismissed: the user wants the panel closed (Esc, or a click beside it).
    """

    dismissed = signal()

    def __init__(self, theme: Theme, page: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._page = page
        self._panel: QWidget | None = None
        page.setParent(self)
        self._veil = Veil(self)
        self._veil.pressed.connect(self.dismissed.emit)
        theme.changed.connect(self._arrange)

    @property
    def is_open(self) -> bool:
        """Whether the panel is shown."""
        return self._panel is not None and not self._panel.isHidden()

    @property
    def is_over(self) -> bool:
        """Whether there is no room beside the page."""
        return self.width() < self.over_below_px

    @property
    def over_below_px(self) -> int:
        """A narrower page has no room for both."""
        return self._theme.px(OVER_BELOW_PX)

    @property
    def panel_px(self) -> int:
        """How wide the panel is."""
        return self._theme.px(PANEL_PX)

    def put_in(self, panel: QWidget) -> None:
        """Take a panel; it is hidden until `set_open`."""
        self._panel = panel
        panel.setParent(self)
        panel.hide()

    def set_open(self, *, is_open: bool) -> None:
        """Show or hide the panel."""
        if self._panel is not None:
            self._panel.setVisible(is_open)
        self._arrange()

    def sizeHint(self) -> QSize:
        """Leave the size to the window."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """The panel gives way to the page, over which it lies then."""
        return self._page.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place both anew."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Keep Esc for the panel while it is open; else it would stop an answer."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and self._is_closed_by(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the panel with Esc."""
        if self._is_closed_by(event):
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def _is_closed_by(self, event: QKeyEvent) -> bool:
        return self.is_open and event.key() == Qt.Key.Key_Escape

    @Slot()
    def _arrange(self) -> None:
        is_over = self.is_over
        panel_px = min(self.panel_px, self.width())
        page_px = self.width() - (panel_px if self.is_open and not is_over else 0)
        self._place(self._page, QRect(0, 0, page_px, self.height()))
        self._place(self._veil, QRect(0, 0, self.width(), self.height()))
        self._veil.setVisible(self.is_open and is_over)
        self._veil.raise_()
        if self._panel is not None:
            place = QRect(self.width() - panel_px, 0, panel_px, self.height())
            self._place(self._panel, place)
            self._panel.raise_()

    def _place(self, widget: QWidget, place: QRect) -> None:
        widget.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))
