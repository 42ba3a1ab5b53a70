"""All chats by date, and the search through them: the middle of the rail."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from PySide6.QtCore import QEvent, QTimer, Slot
from PySide6.QtWidgets import QApplication, QLabel, QStackedWidget, QVBoxLayout, QWidget

from app.core import events
from app.core.conversation import Conversation
from app.ui.chat.chat_list_view import ChatListView, RowAction, RowRequest
from app.ui.chat.chat_rows import ChatRowsModel, chat_rows, hit_rows
from app.ui.theme import Theme
from app.ui.widgets.labels import label
from app.ui.widgets.search_field import SearchField
from app.worker.signal_types import signal_of

SEARCH_PAUSE_MS = 150
GAP_PX = 8
AFTER_MIDNIGHT_S = 1
LONGEST_WAIT_S = 600
"""Timers stand still while the computer sleeps, so the date is looked at this often."""


def local_now() -> datetime:
    """Give the time here."""
    return datetime.now().astimezone()


class ChatList(QWidget):
    """A search field above the list of chats or of what was found.

    Signals:
        open_requested: show this chat.
        rename_requested: give it another title.
        delete_requested: delete it; it can be brought back.
        search_requested: search titles and texts.
    """

    open_requested = signal_of(events.ConversationRequest)
    rename_requested = signal_of(events.RenameRequest)
    delete_requested = signal_of(events.ConversationRequest)
    search_requested = signal_of(events.SearchRequest)

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        now: Callable[[], datetime] = local_now,
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._grouped_on: date | None = None
        self._conversations: tuple[Conversation, ...] = ()
        self._serial = 0
        self._search = SearchField(theme, self.tr("Search chats"), self)
        self._search.textChanged.connect(self._on_search_changed)
        self._search.left_downwards.connect(self._focus_rows)
        self._search.entered.connect(self._focus_rows)
        self._chats = self._list_view(theme, self.tr("Chats"))
        self._hits = self._list_view(theme, self.tr("Search results"))
        self._nothing = self._sentence("")
        self._no_chats = self._sentence(self.tr("Your chats will be listed here."))
        self._stack = QStackedWidget()
        # The rail shows through.
        self._stack.setStyleSheet("QStackedWidget { background: transparent; }")
        for widget in (self._no_chats, self._chats, self._hits, self._nothing):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(GAP_PX))
        layout.addWidget(self._search)
        layout.addWidget(self._stack, 1)
        self._search_timer = QTimer(self, singleShot=True, interval=SEARCH_PAUSE_MS)
        self._search_timer.timeout.connect(self._request_search)
        self._date_timer = QTimer(self, singleShot=True)
        self._date_timer.timeout.connect(self._follow_date)
        self._await_midnight()

    def _list_view(self, theme: Theme, name: str) -> ChatListView:
        model = ChatRowsModel(self)
        model.renamed.connect(self._request_rename)
        view = ChatListView(theme, model, name)
        view.row_chosen.connect(self._on_row)
        return view

    def _sentence(self, text: str) -> QLabel:
        made = label(text, "dim", wraps=True)
        made.setMargin(GAP_PX)
        made.setAlignment(made.alignment() & ~made.alignment().AlignVCenter)
        return made

    # --- what is shown ---

    @Slot(object)
    def show_chats(self, listed: events.ChatList) -> None:
        """Show these chats."""
        self._conversations = listed.conversations
        self._show_rows()
        if self._query():
            # A result may have been renamed or deleted.
            self._request_search()

    def _show_rows(self) -> None:
        now = self._now()
        self._grouped_on = now.date()
        self._chats.show_rows(chat_rows(self._conversations, now))
        self._choose_page()

    @Slot()
    def _follow_date(self) -> None:
        """What is under "Today" is under "Yesterday" tomorrow."""
        if self._grouped_on not in {None, self._now().date()}:
            self._show_rows()
        self._await_midnight()

    def _await_midnight(self) -> None:
        now = self._now()
        tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        left_s = min((tomorrow - now).total_seconds() + AFTER_MIDNIGHT_S, LONGEST_WAIT_S)
        self._date_timer.start(round(left_s * 1000))

    def changeEvent(self, event: QEvent) -> None:
        """Whoever comes back the next morning must not find yesterday's headings."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self._follow_date()

    @Slot(object)
    def show_results(self, results: events.SearchResults) -> None:
        """Show what was found, unless something else is searched by now."""
        if results.serial != self._serial or not self._query():
            return
        self._hits.show_rows(hit_rows(results.hits))
        self._nothing.setText(self.tr("Nothing found for “{query}”.").format(query=self._query()))
        self._show_part(self._hits if results.hits else self._nothing)

    def select(self, conversation_id: str | None) -> None:
        """Mark the chat on the screen; None for one not begun."""
        self._chats.mark_open(conversation_id)
        self._hits.mark_open(conversation_id)

    def begin_rename(self, conversation_id: str) -> None:
        """Let the user type another title for a chat, in its row."""
        self._search.clear()
        self._choose_page()
        self._chats.rename(conversation_id)

    @Slot()
    def focus_search(self) -> None:
        """Let the user type what to search."""
        self._search.setFocus()
        self._search.selectAll()

    def has_keyboard(self) -> bool:
        """Whether the focus is here."""
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def _query(self) -> str:
        return self._search.text().strip()

    def _choose_page(self) -> None:
        """Without a search, show the chats."""
        if not self._query():
            self._show_part(self._chats if self._conversations else self._no_chats)

    def _show_part(self, part: QWidget) -> None:
        """Show one of the stack; the keyboard goes on in the search if its list is gone."""
        had_keyboard = self.has_keyboard()
        self._stack.setCurrentWidget(part)
        if had_keyboard and not part.focusPolicy():
            self._search.setFocus()

    # --- what is asked for ---

    @Slot(str)
    def _on_search_changed(self, _text: str) -> None:
        if self._query():
            self._search_timer.start()
        else:
            self._search_timer.stop()
            self._serial += 1
            self._choose_page()

    @Slot()
    def _request_search(self) -> None:
        self._serial += 1
        self.search_requested.emit(events.SearchRequest(self._query(), self._serial))

    @Slot()
    def _focus_rows(self) -> None:
        shown = self._stack.currentWidget()
        if isinstance(shown, ChatListView):
            shown.take_focus()

    @Slot(object)
    def _on_row(self, chosen: RowRequest) -> None:
        request = events.ConversationRequest(chosen.conversation_id, chosen.turn_id)
        match chosen.action:
            case RowAction.OPEN:
                self.open_requested.emit(request)
            case RowAction.DELETE:
                self.delete_requested.emit(request)

    @Slot(object)
    def _request_rename(self, request: events.RenameRequest) -> None:
        self.rename_requested.emit(request)
