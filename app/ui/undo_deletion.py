"""Lets what was deleted come back for a while, the last first."""

from PySide6.QtCore import QObject, Slot

from app.core import events
from app.ui.widgets.toast import ToastHost
from app.worker.signal_types import signal_of

NOTE_KEY = "undo"


class UndoDeletion(QObject):
    """Keeps what was deleted in a stack; its note at the bottom of the window offers the last.

    Signals:
        chat_restore_requested, turn_restore_requested: Undo was pressed.
        purge_requested: nothing of this can come back any more.
    """

    chat_restore_requested = signal_of(events.ConversationRequest)
    turn_restore_requested = signal_of(events.TurnRequest)
    purge_requested = signal_of(events.PurgeRequest)

    def __init__(self, toasts: ToastHost, parent: QObject) -> None:
        super().__init__(parent)
        self._toasts = toasts
        self._deleted: list[events.Deleted] = []
        toasts.action_taken.connect(self._on_action)
        toasts.expired.connect(self._on_expired)

    def offer(self, deleted: events.Deleted) -> None:
        """Say that something was deleted, and that it can come back."""
        self._deleted.append(deleted)
        self._show_note()

    def _show_note(self) -> None:
        last = self._deleted[-1]
        if last.turn_id is None:
            text = self.tr("Chat deleted: {title}").format(title=last.title)
        else:
            text = self.tr("Message deleted")
        self._toasts.show_toast(NOTE_KEY, text, self.tr("Undo"))

    @Slot(object)
    def _on_action(self, key: str) -> None:
        if key != NOTE_KEY or not self._deleted:
            return
        last = self._deleted.pop()
        if last.turn_id is None:
            request = events.ConversationRequest(last.conversation_id)
            self.chat_restore_requested.emit(request)
        else:
            turn = events.TurnRequest(last.conversation_id, last.turn_id)
            self.turn_restore_requested.emit(turn)
        if self._deleted:
            self._show_note()

    @Slot(object)
    def _on_expired(self, key: str) -> None:
        if key == NOTE_KEY and self._deleted:
            gone, self._deleted = tuple(self._deleted), []
            self.purge_requested.emit(events.PurgeRequest(gone))
