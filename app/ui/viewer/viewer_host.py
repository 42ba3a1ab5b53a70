"""The pages of the window with the viewer at their side."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.ui.theme import Theme
from app.ui.widgets.panel_host import PanelHost

OVER_BELOW_PX = 930
"""That of a window of 1180 px beside the rail."""
SHARE = 0.46
LEAST_PX = 360
MOST_PX = 760


class ViewerHost(PanelHost):
    """Gives the viewer nearly half of the room, so that a page can be read.

    Args:
        theme: colours and scale.
        page: what fills the rest.
    """

    def __init__(self, theme: Theme, page: QWidget) -> None:
        super().__init__(theme, page)

    @property
    def over_below_px(self) -> int:
        """A narrower page has no room for both."""
        return self._theme.px(OVER_BELOW_PX)

    @property
    def panel_px(self) -> int:
        """How wide the viewer is."""
        if self.is_over:
            return min(self._theme.px(MOST_PX), max(self.width() - self._theme.px(48), 1))
        share = round(self.width() * SHARE)
        return max(self._theme.px(LEAST_PX), min(self._theme.px(MOST_PX), share))

    def _is_closed_by(self, event: QKeyEvent) -> bool:
        """Beside the page, Esc is for what has the keyboard: in the page it stops an answer."""
        return self.is_open and self.is_over and event.key() == Qt.Key.Key_Escape
