"""The rail on the left: where one is and where one can go."""

from enum import StrEnum

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.core.download import DownloadState
from app.core.hub_events import DownloadsChanged, NetworkState
from app.ui.icons import icon
from app.ui.network_words import traffic_lines
from app.ui.theme import Theme
from app.ui.widgets.download_signs import DownloadsButton, signs_of
from app.ui.widgets.icon_button import ICON_PX, IconButton, TextButton
from app.worker.signal_types import signal, signal_of

WIDTH_PX = 248
COLLAPSED_PX = 64
LOGO_PX = 24
EDGE_PX = 12
BELOW_FOCUS_PX = 60
MIDDLE_PX = 200
"""The middle is never lower; in a low window everything above the banner scrolls."""


class PageKey(StrEnum):
    """The pages of the window."""

    CHAT = "chat"
    DOCUMENTS = "documents"
    MODELS = "models"
    DOWNLOADS = "downloads"
    SETTINGS = "settings"
    COMPUTER = "computer"
    """Has no button of its own: it belongs to the models."""


class Rail(QFrame):
    """App name, New chat, pages, whatever the window puts in the middle, and the banner.

    In a narrow window it is collapsed, whatever the user chose for wide ones; opened there, it
    lies over the page until the page is wanted again.

    Signals:
        page_requested: a page was chosen.
        new_chat_requested: New chat was pressed.
        collapsed_changed: the user collapsed or opened the rail.
        width_changed: it needs more or less room, or lies over the page or no longer.
        privacy_requested: the banner about the network was pressed.
    """

    page_requested = signal_of(PageKey)
    new_chat_requested = signal()
    collapsed_changed = signal_of(bool)
    width_changed = signal()
    privacy_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._is_wish_collapsed = False
        self._is_narrow = False
        self._is_over = False
        self._middle: QWidget | None = None
        self._area = QScrollArea()
        self.setProperty("surface", "rail")
        self._logo = QLabel()
        self._name = QLabel("Quillhouse")
        self._name.setProperty("role", "heading")
        self._collapse = IconButton(theme, "panel-left", "")
        self._collapse.clicked.connect(self._on_collapse)
        self._new_chat = TextButton(theme, self.tr("New chat"), "square-pen")
        self._new_chat.clicked.connect(self._on_new_chat)
        self._downloads = DownloadsButton(theme, self.tr("Downloads"))
        self._queue = DownloadsChanged(())
        self._seen: dict[str, DownloadState] | None = None
        self._pages: dict[PageKey, TextButton] = {
            PageKey.CHAT: self._nav("message-square", self.tr("Chat")),
            PageKey.DOCUMENTS: self._nav("file-text", self.tr("Documents")),
            PageKey.MODELS: self._nav("box", self.tr("Models")),
            PageKey.DOWNLOADS: self._downloads,
            PageKey.SETTINGS: self._nav("settings", self.tr("Settings")),
        }
        self._group = QButtonGroup(self)
        for key, button in self._pages.items():
            button.setProperty("page", key.value)
            self._group.addButton(button)
        self._group.buttonClicked.connect(self._on_page)
        self._network = TextButton(theme, "", "wifi-off", "offline")
        self._network.clicked.connect(self._on_privacy)
        self._titles: dict[TextButton, str] = {
            self._new_chat: self.tr("New chat"),
            self._network: traffic_lines(NetworkState(is_offline=True)),
            **{button: button.accessibleName() for button in self._pages.values()},
        }
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._show_width()

    def _nav(self, icon_name: str, title: str) -> TextButton:
        button = TextButton(self._theme, title, icon_name, "nav")
        button.setCheckable(True)
        return button

    def _lay_out(self) -> None:
        self._head = QHBoxLayout()
        self._head.setContentsMargins(8, 4, EDGE_PX, 4)
        self._head.setSpacing(10)
        self._head.addWidget(self._logo)
        self._head.addWidget(self._name, 1)
        self._head.addWidget(self._collapse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(EDGE_PX, EDGE_PX, 0, EDGE_PX)
        layout.setSpacing(4)
        layout.addLayout(self._head)
        layout.addWidget(self._scrolling_part(), 1)
        below = QVBoxLayout()
        below.setContentsMargins(0, 0, EDGE_PX, 0)
        below.addWidget(self._network)
        below.addWidget(self._pages[PageKey.SETTINGS])
        layout.addLayout(below)

    def _scrolling_part(self) -> QScrollArea:
        """Give what does not fit into a low window at once."""
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 4, EDGE_PX, 0)
        layout.setSpacing(4)
        layout.addWidget(self._new_chat)
        layout.addSpacing(8)
        for key in (PageKey.CHAT, PageKey.DOCUMENTS, PageKey.MODELS, PageKey.DOWNLOADS):
            layout.addWidget(self._pages[key])
        layout.addSpacing(8)
        self._middle_place = QVBoxLayout()
        layout.addLayout(self._middle_place, 1000)
        layout.addStretch(1)
        self._scrolled = layout
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidgetResizable(True)
        self._area.setWidget(inside)
        self._area.verticalScrollBar().rangeChanged.connect(self._make_room_for_bar)
        return self._area

    @Slot()
    def _make_room_for_bar(self) -> None:
        """Let the bar stand in the margin, so that the buttons stay in line with the others."""
        bar = self._area.verticalScrollBar()
        bar_px = bar.sizeHint().width() if bar.maximum() > 0 else 0
        self._scrolled.setContentsMargins(0, 4, max(0, EDGE_PX - bar_px), 0)

    def set_middle(self, widget: QWidget) -> None:
        """Put a widget between the pages and the banner; hidden while collapsed."""
        self._middle = widget
        self._middle_place.addWidget(widget, 1)
        self._restyle()

    def select(self, key: PageKey) -> None:
        """Mark the page that is shown; it is what the user wants to see now."""
        owner = PageKey.MODELS if key is PageKey.COMPUTER else key
        self._pages[owner].setChecked(True)
        self._show_signs()
        self.close_over()

    def bring_into_view(self, part: QWidget) -> None:
        """Scroll to what has got the focus, and to a bit of what stands below it."""
        QApplication.sendPostedEvents(self._area.widget(), QEvent.Type.LayoutRequest)
        if self._area.isAncestorOf(part):
            self._area.ensureWidgetVisible(part, 0, self._theme.px(BELOW_FOCUS_PX))

    # --- what goes on ---

    @Slot(object)
    def show_downloads(self, changed: DownloadsChanged) -> None:
        """Show how far downloads are, and whether one has ended that nobody has looked at."""
        self._queue = changed
        states = self._states()
        # What had ended before the start was seen then; what ends again is news again.
        seen = states if self._seen is None else self._seen
        self._seen = {key: state for key, state in seen.items() if states.get(key) is state}
        self._show_signs()

    def _states(self) -> dict[str, DownloadState]:
        return {one.download_id: one.state for one in self._queue.downloads}

    def _show_signs(self) -> None:
        if self._downloads.isChecked():
            self._seen = self._states()
        self._downloads.show_signs(signs_of(self._queue.downloads, self._seen or {}))

    @Slot(object)
    def show_network(self, state: NetworkState) -> None:
        """Show whether the network may be used, and what went over it today."""
        title = traffic_lines(state)
        if title != self._titles[self._network]:
            self._titles[self._network] = title
            self._network.change_icon("wifi-off" if state.is_offline else "wifi")
            self._say(self._network)

    # --- width ---

    @property
    def is_over(self) -> bool:
        """Whether it lies over the page."""
        return self._is_over

    @property
    def width_px(self) -> int:
        """The room that it takes now."""
        return self._theme.px(COLLAPSED_PX if self._is_collapsed else WIDTH_PX)

    @property
    def collapsed_px(self) -> int:
        """The room that it takes at least."""
        return self._theme.px(COLLAPSED_PX)

    @property
    def _is_collapsed(self) -> bool:
        return not self._is_over if self._is_narrow else self._is_wish_collapsed

    def set_collapsed(self, collapsed: bool) -> None:  # noqa: FBT001 - mirrors Qt's setters
        """Show only icons, or everything, where there is room for everything."""
        self._is_wish_collapsed = collapsed
        self._show_width()

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Say whether there is too little room for everything."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._is_over = False
            self._show_width()

    def open_up(self) -> None:
        """Show everything, over the page if there is no other room."""
        self._is_over = self._is_narrow
        self.set_collapsed(self._is_wish_collapsed and self._is_narrow)

    @Slot()
    def close_over(self) -> None:
        """Uncover the page."""
        if self._is_over:
            self._is_over = False
            self._show_width()

    def _show_width(self) -> None:
        collapsed = self._is_collapsed
        name = self.tr("Open the side bar") if collapsed else self.tr("Collapse the side bar")
        self._collapse.rename(name)
        self._logo.setVisible(not collapsed)
        self._name.setVisible(not collapsed)
        if self._middle is not None:
            self._middle.setVisible(not collapsed)
        for button in self._titles:
            self._say(button)
        self._downloads.name_for_listeners(is_collapsed=collapsed)
        self._restyle()
        self.width_changed.emit()

    def _say(self, button: TextButton) -> None:
        """Give a button its words, or only their tooltip where there is no room."""
        title, collapsed = self._titles[button], self._is_collapsed
        button.say("" if collapsed else title)
        button.setAccessibleName(title.replace("\n", ": ", 1).replace("\n", ", "))
        button.setToolTip(title if collapsed else "")

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        self.setFixedWidth(self.width_px)
        if self._middle is not None:
            self._middle.setMinimumHeight(self._theme.px(MIDDLE_PX))
        side = self._theme.px(LOGO_PX)
        drawn = icon("quillhouse", "", side).pixmap(QSize(side, side), self.devicePixelRatioF())
        self._logo.setPixmap(drawn)
        self._logo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._new_chat.setIconSize(QSize(self._theme.px(ICON_PX), self._theme.px(ICON_PX)))

    @Slot()
    def _on_collapse(self) -> None:
        """Collapse or open; only what was chosen for wide windows is worth keeping."""
        if self._is_narrow:
            self._is_over = not self._is_over
            self._show_width()
            # The keyboard goes on here, and not in what is covered.
            self._collapse.setFocus()
        else:
            self.set_collapsed(not self._is_collapsed)
            self.collapsed_changed.emit(self._is_collapsed)

    def event(self, event: QEvent) -> bool:
        """Keep Esc for itself while it lies over the page; else it would stop an answer."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and self._is_closed_by(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Uncover the page with Esc."""
        if self._is_closed_by(event):
            self._collapse.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.close_over()
        else:
            super().keyPressEvent(event)

    def _is_closed_by(self, event: QKeyEvent) -> bool:
        return self._is_over and event.key() == Qt.Key.Key_Escape

    @Slot()
    def _on_new_chat(self) -> None:
        """New chat was pressed."""
        self.new_chat_requested.emit()

    @Slot()
    def _on_privacy(self) -> None:
        """The banner was pressed."""
        self.privacy_requested.emit()

    @Slot(object)
    def _on_page(self, button: TextButton) -> None:
        """A page was chosen."""
        self.page_requested.emit(PageKey(str(button.property("page"))))
