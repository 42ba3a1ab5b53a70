"""Searches the chats."""

from PySide6.QtCore import QObject, Slot

from app.core import events
from app.core.errors import Failure
from app.store.conversation_search import ConversationSearch
from app.store.database import Database
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded


class SearchWorker(QObject):
    """Answers searches in titles and texts.

    Lives on the store's thread and uses the database that `ConversationWorker` opens there.

    Signals:
        search_finished: what a search found.
        store_failed: the chats could not be read.
    """

    search_finished = signal_of(events.SearchResults)
    store_failed = signal_of(events.StoreFailed)

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._search = ConversationSearch(database)

    def report(self, failure: Failure) -> None:
        """Tell the window that the chats could not be read."""
        self.store_failed.emit(events.StoreFailed(failure))

    @Slot(object)
    @guarded
    def search(self, request: events.SearchRequest) -> None:
        """Search titles and texts."""
        hits = self._search.find(request.query)
        self.search_finished.emit(events.SearchResults(request.serial, hits))
