"""The chat page without what it does: what stands where, and which keys scroll."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.chat.chat_header import ChatHeader
from app.ui.chat.chat_notices import ChatNotices
from app.ui.chat.composer_area import ComposerArea
from app.ui.chat.conversation_view import ConversationView
from app.ui.chat.footnote import Footnote
from app.ui.chat.turn_column import COLUMN_PX, SIDE_PX
from app.ui.theme import Theme
from app.ui.widgets.focus_order import focus_stops, move_focus
from app.ui.widgets.shrinking_area import ShrinkingArea

GAP_PX = 8
PAGE_KEYS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class ChatFrame(QWidget):
    """Header, notices, turns and composer below one another.

    Attributes:
        composer_area: where messages are written.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._header = ChatHeader(theme, self)
        self._notices = ChatNotices(theme, self)
        self._chat = ConversationView(theme, self)
        self.composer_area = ComposerArea(theme, self)
        self._composer = self.composer_area.composer
        self._footnote = Footnote(theme, self)
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()

    def _lay_out(self) -> None:
        self._above = QVBoxLayout()
        self._above.addWidget(ShrinkingArea(self._theme, self._notices))
        self._below = QVBoxLayout()
        self._below.addWidget(self.composer_area)
        self._below.addWidget(self._footnote)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header)
        layout.addLayout(self._above)
        layout.addWidget(self._chat, 1)
        layout.addLayout(self._below)

    # --- keyboard and size ---

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt override
        """Go through the page as it is read, whatever was made first."""
        stops = focus_stops((self._header, self._notices, self._chat, self.composer_area))
        target = move_focus(self, stops, forward=forward)
        if target is None:
            return super().focusNextPrevChild(forward)
        self._chat.bring_into_view(target)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll with the keys that the composer has no use for."""
        n_pages = PAGE_KEYS.get(Qt.Key(event.key()))
        if n_pages is None:
            super().keyPressEvent(event)
        else:
            self._chat.transcript.scroll_page(n_pages)

    def minimumSizeHint(self) -> QSize:
        """The margins at the sides give way first."""
        least, margins = super().minimumSizeHint(), self._below.contentsMargins()
        return QSize(least.width() - margins.left() - margins.right(), least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep notices and composer in line with the turns."""
        super().resizeEvent(event)
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        px = self._theme.px
        column_px = min(self.width() - 2 * px(SIDE_PX), px(COLUMN_PX))
        side = max(0, (self.width() - column_px) // 2)
        self._above.setContentsMargins(side, 0, side, 0)
        self._below.setContentsMargins(side, px(GAP_PX) // 2, side, px(GAP_PX))
        self._below.setSpacing(px(GAP_PX))
        self._composer.set_room(self.height())
        self._footnote.set_room(self.height())
