"""Keeps conversations: shows them, renames, deletes and brings them back.

Lives on the store's thread; `ConversationWorker` is a shelf that has them answered, too.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Slot

from app.core import events
from app.core.conversation import ShownTurn
from app.core.errors import Failure
from app.store.conversations import Conversations, utc_now
from app.store.database import Database
from app.store.saved_states import SavedStates
from app.store.settings_table import SettingsTable
from app.store.unsaved_answers import UnsavedAnswers
from app.worker.document_answers import DocumentAnswers
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded

NEW_CHAT_DRAFT = "new_chat_draft"


class ConversationShelf(QObject):
    """Everything about conversations that the window can ask for, but to have them answered.

    Attributes:
        documents: looks up what documents say before a model is asked.

    Signals:
        chat_list_changed: the list of conversations has changed.
        conversation_shown: the conversation on the screen, after it was opened or changed.
        store_failed: something could not be stored or read.
        deleted: something was hidden and can be restored.
    """

    chat_list_changed = signal_of(events.ChatList)
    conversation_shown = signal_of(events.ShownConversation)
    store_failed = signal_of(events.StoreFailed)
    deleted = signal_of(events.Deleted)

    def __init__(
        self,
        database: Database,
        saved_states: SavedStates,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__()
        self._database = database
        self._conversations = Conversations(database, now)
        self._settings = SettingsTable(database)
        self._saved_states = saved_states
        self._unsaved = UnsavedAnswers(self._conversations)
        self._shown_id: str | None = None
        self.documents = DocumentAnswers(database, self)
        self.documents.failed.connect(self.store_failed.emit)

    def report(self, failure: Failure) -> None:
        """Tell the window that something could not be stored or read."""
        self.store_failed.emit(events.StoreFailed(failure))

    @Slot(object)
    @guarded
    def open_conversation(self, request: events.ConversationRequest) -> None:
        """Show a conversation; one that is not there leaves none on the screen."""
        self._shown_id = request.conversation_id
        self._report_shown()

    @Slot()
    @guarded
    def leave_conversation(self) -> None:
        """Note that the chat on the screen has not begun."""
        self._shown_id = None

    @Slot(object)
    @guarded
    def show_sibling(self, request: events.TurnRequest) -> None:
        """Show the branch that goes on from this version of an answer."""
        self._conversations.show_leaf(request.conversation_id, request.turn_id)
        self._report_shown()

    @Slot(object)
    @guarded
    def rename(self, request: events.RenameRequest) -> None:
        """Give a conversation a title."""
        self._conversations.rename(request.conversation_id, request.title)
        self._report_list()
        self._report_shown()

    @Slot(object)
    @guarded
    def change_documents(self, request: events.ChatDocumentsRequest) -> None:
        """Ask a chat from other documents, or from none, from now on."""
        self.documents.choose(request.conversation_id, request.documents)
        self._report_shown()

    @Slot(object)
    @guarded
    def keep_draft(self, request: events.DraftRequest) -> None:
        """Keep text that was typed but not sent; the user knows if nothing can be kept now."""
        if not self._database.is_open:
            return
        if request.conversation_id is None:
            self._settings.keep_note(NEW_CHAT_DRAFT, request.text, durable=False)
        else:
            self._conversations.keep_draft(request.conversation_id, request.text)

    @Slot(object)
    @guarded
    def delete_conversation(self, request: events.ConversationRequest) -> None:
        """Hide a conversation until it is restored or purged."""
        conversation = self._conversations.get(request.conversation_id)
        if conversation is None:
            return
        self._conversations.delete(request.conversation_id)
        if self._shown_id == request.conversation_id:
            self._shown_id = None
        self.deleted.emit(events.Deleted(request.conversation_id, None, conversation.title))
        self._report_list()

    @Slot(object)
    @guarded
    def restore_conversation(self, request: events.ConversationRequest) -> None:
        """Bring a hidden conversation back and show it."""
        self._conversations.restore(request.conversation_id)
        self._report_list()
        self.open_conversation(request)

    @Slot(object)
    @guarded
    def delete_turn(self, request: events.TurnRequest) -> None:
        """Hide a turn and all that follows it."""
        if self._conversations.turn(request.turn_id) is None:
            return
        self._conversations.delete_turn(request.turn_id)
        self.deleted.emit(events.Deleted(request.conversation_id, request.turn_id))
        self._report_shown()

    @Slot(object)
    @guarded
    def restore_turn(self, request: events.TurnRequest) -> None:
        """Bring a hidden turn back."""
        self._conversations.restore_turn(request.turn_id)
        self._report_shown()

    @Slot()
    @guarded
    def purge_deleted(self) -> None:
        """Remove for good all that is hidden."""
        # The files first: a kill in between must leave nothing of a chat that is gone.
        hidden_ids = self._conversations.hidden_ids()
        collection_ids = self.documents.collections_of(hidden_ids)
        for conversation_id in hidden_ids:
            self._saved_states.delete_conversation(conversation_id)
        self._conversations.purge()
        self.documents.forget(collection_ids)

    @Slot(object)
    @guarded
    def purge(self, request: events.PurgeRequest) -> None:
        """Remove for good what can no longer come back; what came back in time stays."""
        gone_ids = [one.conversation_id for one in request.deleted if one.turn_id is None]
        collection_ids = self.documents.collections_of(gone_ids)
        for deleted in request.deleted:
            if deleted.turn_id is not None:
                self._conversations.purge_turn(deleted.turn_id)
            elif self._conversations.get(deleted.conversation_id) is None:
                self._saved_states.delete_conversation(deleted.conversation_id)
                self._conversations.purge_conversation(deleted.conversation_id)
        self.documents.forget(collection_ids)

    def _report_list(self) -> None:
        self.chat_list_changed.emit(events.ChatList(self._conversations.all()))

    def _report_shown(self) -> None:
        """Say how the conversation on the screen looks now."""
        conversation = self._conversations.get(self._shown_id or "")
        if conversation is not None:
            turns = self._merged(self._conversations.branch(conversation))
            self.conversation_shown.emit(events.ShownConversation(conversation, turns))

    def _merged(self, turns: tuple[ShownTurn, ...]) -> tuple[ShownTurn, ...]:
        """Give stored turns as they are by now."""
        return self.documents.merged(self._unsaved.merged(turns))
