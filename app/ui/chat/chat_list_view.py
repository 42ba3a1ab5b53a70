"""The list view of chats: what a click, a key and the menu do."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QListView, QMenu, QWidget

from app.ui.chat.chat_rows import ChatRowsModel, Row, RowKind
from app.ui.chat.chat_rows_delegate import ChatRowsDelegate
from app.ui.theme import Theme
from app.worker.signal_types import signal_of

DELETE_KEYS = frozenset({Qt.Key.Key_Delete, Qt.Key.Key_Backspace})
ENTER_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
KEYBOARD_REASONS = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)


class RowAction(Enum):
    """What is to be done with a chat."""

    OPEN = "open"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class RowRequest:
    """The user wants something done with a chat."""

    action: RowAction
    conversation_id: str
    turn_id: str = ""


class ChatListView(QListView):
    """Opens by click or Enter, renames by F2, deletes by Delete; the menu has all three.

    Signals:
        row_chosen: a chat is to be opened or deleted.
    """

    row_chosen = signal_of(RowRequest)

    def __init__(
        self, theme: Theme, rows: ChatRowsModel, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.rows = rows
        self._delegate = ChatRowsDelegate(theme, self)
        self.setModel(rows)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self._open)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def show_rows(self, wanted: Sequence[Row]) -> None:
        """Show these; where the current chat is gone, the next one becomes current."""
        heir = self._heir({row.identity for row in wanted})
        self.rows.show_rows(wanted)
        if heir is not None:
            self.setCurrentIndex(self.rows.index_of(heir.key))

    def _heir(self, kept: set[tuple[RowKind, str]]) -> Row | None:
        """Give the chat that follows the current one if that is to go; else None."""
        current, place = self.rows.row_at(self.currentIndex()), self.currentIndex().row()
        if current is None or current.identity in kept:
            return None
        nearest = (*self.rows.rows[place:], *reversed(self.rows.rows[:place]))
        return next((row for row in nearest if row.identity in kept and _is_chat(row)), None)

    def mark_open(self, conversation_id: str | None) -> None:
        """Draw the chat on the screen with a surface, and bring it into sight."""
        self._delegate.open_id = conversation_id
        index = self.rows.index_of(conversation_id)
        if index.isValid() and not self.hasFocus():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        self.viewport().update()

    def take_focus(self) -> None:
        """Go on with the keyboard here, at the chat on the screen or the first one."""
        if not self.currentIndex().isValid():
            first = next((n for n, row in enumerate(self.rows.rows) if _is_chat(row)), 0)
            self.setCurrentIndex(self.rows.index(first))
        self.setFocus(Qt.FocusReason.TabFocusReason)

    def rename(self, conversation_id: str) -> None:
        """Let the user type another title for a chat."""
        index = self.rows.index_of(conversation_id)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
            self.edit(index)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self._request(RowAction.OPEN, index)

    def _request(self, action: RowAction, index: QModelIndex) -> None:
        row = self.rows.row_at(index)
        if row is not None and _is_chat(row):
            self.row_chosen.emit(RowRequest(action, row.key, row.turn_id))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open, rename, delete, or move."""
        if self.state() is QListView.State.EditingState:
            # A key that the field for the title has done with.
            event.accept()
            return
        self._delegate.shows_focus_ring = True
        index = self.currentIndex()
        key = event.key()
        if key in ENTER_KEYS:
            self._request(RowAction.OPEN, index)
        elif key in DELETE_KEYS:
            self._request(RowAction.DELETE, index)
        elif key == Qt.Key.Key_F2 and index.isValid():
            self.edit(index)
        else:
            super().keyPressEvent(event)
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the chat under the pointer, or with the current one."""
        is_keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if is_keyboard else self.indexAt(event.pos())
        row = self.rows.row_at(index)
        if row is None or not _is_chat(row):
            return
        place = self.visualRect(index).center() if is_keyboard else event.pos()
        self.open_menu(index).popup(self.viewport().mapToGlobal(place))

    def open_menu(self, index: QModelIndex) -> QMenu:
        """Give the menu for a chat."""
        self.setCurrentIndex(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rename = menu.addAction(self.tr("Rename"))
        rename.setShortcut(Qt.Key.Key_F2)
        rename.triggered.connect(self._rename_current)
        delete = menu.addAction(self.tr("Delete"))
        delete.setShortcut(Qt.Key.Key_Delete)
        delete.triggered.connect(self._delete_current)
        return menu

    @Slot()
    def _rename_current(self) -> None:
        self.edit(self.currentIndex())

    @Slot()
    def _delete_current(self) -> None:
        self._request(RowAction.DELETE, self.currentIndex())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Whoever uses the mouse sees where it is."""
        self._delegate.shows_focus_ring = False
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is, if it brought the focus."""
        self._delegate.shows_focus_ring = event.reason() in KEYBOARD_REASONS
        super().focusInEvent(event)


def _is_chat(row: Row) -> bool:
    return row.kind is not RowKind.HEADING
