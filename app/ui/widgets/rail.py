"""The rail on the left: where one is and where one can go."""

from enum import StrEnum

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.ui.icons import icon
from app.ui.theme import Theme
from app.ui.widgets.icon_button import ICON_PX, IconButton, TextButton
from app.worker.signal_types import signal, signal_of

WIDTH_PX = 248
COLLAPSED_PX = 64
LOGO_PX = 24


class PageKey(StrEnum):
    """The pages of the window."""

    CHAT = "chat"
    DOCUMENTS = "documents"
    MODELS = "models"
    DOWNLOADS = "downloads"
    SETTINGS = "settings"


class Rail(QFrame):
    """App name, New chat, pages, whatever the window puts in the middle, and the banner.

    Signals:
        page_requested: a page was chosen.
        new_chat_requested: New chat was pressed.
        collapsed_changed: the user collapsed or opened the rail.
        privacy_requested: the Offline banner was pressed.
    """

    page_requested = signal_of(PageKey)
    new_chat_requested = signal()
    collapsed_changed = signal_of(bool)
    privacy_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._is_collapsed = False
        self._middle: QWidget | None = None
        self.setProperty("surface", "rail")
        self._logo = QLabel()
        self._name = QLabel("Quillhouse")
        self._name.setProperty("role", "heading")
        self._collapse = IconButton(theme, "panel-left", "")
        self._collapse.clicked.connect(self._on_collapse)
        self._new_chat = TextButton(theme, self.tr("New chat"), "square-pen")
        self._new_chat.clicked.connect(self._on_new_chat)
        self._pages = {
            PageKey.CHAT: self._nav("message-square", self.tr("Chat")),
            PageKey.DOCUMENTS: self._nav("file-text", self.tr("Documents")),
            PageKey.MODELS: self._nav("box", self.tr("Models")),
            PageKey.DOWNLOADS: self._nav("download", self.tr("Downloads")),
            PageKey.SETTINGS: self._nav("settings", self.tr("Settings")),
        }
        self._group = QButtonGroup(self)
        for key, button in self._pages.items():
            button.setProperty("page", key.value)
            self._group.addButton(button)
        self._group.buttonClicked.connect(self._on_page)
        self._offline = TextButton(theme, self.tr("Offline"), "wifi-off", "offline")
        self._offline.setToolTip(self.tr("This version has no code that uses the network."))
        self._offline.clicked.connect(self._on_privacy)
        self._titles: dict[TextButton, str] = {
            self._new_chat: self.tr("New chat"),
            self._offline: self.tr("Offline\n0 bytes sent today"),
            **{button: button.accessibleName() for button in self._pages.values()},
        }
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()
        self.set_collapsed(False)

    def _nav(self, icon_name: str, title: str) -> TextButton:
        button = TextButton(self._theme, title, icon_name, "nav")
        button.setCheckable(True)
        return button

    def _lay_out(self) -> None:
        self._head = QHBoxLayout()
        self._head.setContentsMargins(8, 4, 0, 4)
        self._head.setSpacing(10)
        self._head.addWidget(self._logo)
        self._head.addWidget(self._name, 1)
        self._head.addWidget(self._collapse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(4)
        layout.addLayout(self._head)
        layout.addSpacing(4)
        layout.addWidget(self._new_chat)
        layout.addSpacing(8)
        for key in (PageKey.CHAT, PageKey.DOCUMENTS, PageKey.MODELS, PageKey.DOWNLOADS):
            layout.addWidget(self._pages[key])
        layout.addSpacing(8)
        self._middle_place = QVBoxLayout()
        layout.addLayout(self._middle_place, 1)
        layout.addWidget(self._offline)
        layout.addWidget(self._pages[PageKey.SETTINGS])

    def set_middle(self, widget: QWidget) -> None:
        """Put a widget between the pages and the banner; hidden while collapsed."""
        self._middle = widget
        self._middle_place.addWidget(widget, 1)

    def select(self, key: PageKey) -> None:
        """Mark the page that is shown."""
        self._pages[key].setChecked(True)

    def set_collapsed(self, collapsed: bool) -> None:  # noqa: FBT001 - mirrors Qt's setters
        """Show only icons, or everything."""
        self._is_collapsed = collapsed
        name = self.tr("Open the side bar") if collapsed else self.tr("Collapse the side bar")
        self._collapse.rename(name)
        self._logo.setVisible(not collapsed)
        self._name.setVisible(not collapsed)
        if self._middle is not None:
            self._middle.setVisible(not collapsed)
        for button, title in self._titles.items():
            button.say("" if collapsed else title)
            button.setAccessibleName(title.replace("\n", ": "))
            button.setToolTip(title if collapsed else "")
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        self.setFixedWidth(self._theme.px(COLLAPSED_PX if self._is_collapsed else WIDTH_PX))
        side = self._theme.px(LOGO_PX)
        drawn = icon("quillhouse", "", side).pixmap(QSize(side, side), self.devicePixelRatioF())
        self._logo.setPixmap(drawn)
        self._logo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._new_chat.setIconSize(QSize(self._theme.px(ICON_PX), self._theme.px(ICON_PX)))

    @Slot()
    def _on_collapse(self) -> None:
        """Collapse or open."""
        self.set_collapsed(not self._is_collapsed)
        self.collapsed_changed.emit(self._is_collapsed)

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
