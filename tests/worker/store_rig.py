"""The workers of the store on their thread, for tests that play window and engine."""

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.conversation import TurnState
from app.core.events import AnswerRequest, ConversationRequest, FinishReason
from app.store.database import Database
from app.store.look_file import LookFile
from app.store.saved_states import SavedStates
from app.worker.conversation_worker import ConversationWorker
from app.worker.library_worker import LibraryWorker
from app.worker.search_worker import SearchWorker
from app.worker.signal_types import signal, signal_of
from app.worker.threads import WorkerThread

Fact = TypeVar("Fact")
NO_LIMIT = 1073741823
"""SQLite's own limit of pages."""


class Disk(QObject):
    """Lets the database find no more room; lives on the store's thread, as the connection does."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    @Slot()
    def fill(self) -> None:
        pages = self._database.read("PRAGMA page_count")[0][0]
        self._database.read(f"PRAGMA max_page_count = {pages}")

    @Slot()
    def empty(self) -> None:
        self._database.read(f"PRAGMA max_page_count = {NO_LIMIT}")


class Window(QObject):
    """Asks, and writes down what it hears."""

    open_requested = signal()
    close_requested = signal()
    send_requested = signal_of(events.SendRequest)
    open_conversation_requested = signal_of(ConversationRequest)
    delete_requested = signal_of(ConversationRequest)
    restore_requested = signal_of(ConversationRequest)
    again_requested = signal_of(ConversationRequest)
    forget_requested = signal_of(ConversationRequest)
    regenerate_requested = signal_of(events.TurnRequest)
    sibling_requested = signal_of(events.TurnRequest)
    delete_turn_requested = signal_of(events.TurnRequest)
    restore_turn_requested = signal_of(events.TurnRequest)
    rename_requested = signal_of(events.RenameRequest)
    search_requested = signal_of(events.SearchRequest)
    draft_requested = signal_of(events.DraftRequest)
    purge_requested = signal_of(events.PurgeRequest)
    new_chat_shown = signal()
    started = signal_of(events.AnswerStarted)
    grew = signal_of(events.AnswerDelta)
    finished = signal_of(events.AnswerFinished)
    failed = signal_of(events.AnswerFailed)
    full = signal_of(events.MemoryFull)
    setting_requested = signal_of(events.SettingRequest)
    load_began = signal_of(events.LoadRequest)
    loaded = signal_of(events.LoadedModel)
    load_failed = signal_of(events.LoadFailed)
    forget_model_requested = signal_of(events.LoadRequest)
    disk_filled = signal()
    disk_emptied = signal()

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []

    def connect_conversations(self, worker: ConversationWorker) -> None:
        self.open_requested.connect(worker.open)
        self.close_requested.connect(worker.close)
        self.send_requested.connect(worker.send)
        self.open_conversation_requested.connect(worker.open_conversation)
        self.delete_requested.connect(worker.delete_conversation)
        self.restore_requested.connect(worker.restore_conversation)
        self.again_requested.connect(worker.answer_again)
        self.forget_requested.connect(worker.forget_and_answer)
        self.regenerate_requested.connect(worker.regenerate)
        self.sibling_requested.connect(worker.show_sibling)
        self.delete_turn_requested.connect(worker.delete_turn)
        self.restore_turn_requested.connect(worker.restore_turn)
        self.rename_requested.connect(worker.rename)
        self.draft_requested.connect(worker.keep_draft)
        self.purge_requested.connect(worker.purge)
        self.new_chat_shown.connect(worker.leave_conversation)
        self.started.connect(worker.start_answer)
        self.grew.connect(worker.grow_answer)
        self.finished.connect(worker.finish_answer)
        self.failed.connect(worker.fail_answer)
        self.full.connect(worker.memory_full)
        worker.store_ready.connect(self._hear)
        worker.chat_list_changed.connect(self._hear)
        worker.conversation_shown.connect(self._hear)
        worker.answer_requested.connect(self._hear)
        worker.send_failed.connect(self._hear)
        worker.store_failed.connect(self._hear)
        worker.deleted.connect(self._hear)
        worker.message_stored.connect(self._hear)

    def connect_search(self, worker: SearchWorker) -> None:
        self.search_requested.connect(worker.search)
        worker.search_finished.connect(self._hear)
        worker.store_failed.connect(self._hear)

    def connect_library(self, worker: LibraryWorker) -> None:
        self.open_requested.connect(worker.open)
        self.setting_requested.connect(worker.change_setting)
        self.load_began.connect(worker.remember_loading)
        self.loaded.connect(worker.remember_loaded)
        self.load_failed.connect(worker.forget_loading)
        self.forget_model_requested.connect(worker.forget_model)
        worker.settings_changed.connect(self._hear)
        worker.library_changed.connect(self._hear)
        worker.load_requested.connect(self._hear)
        worker.model_skipped.connect(self._hear)
        worker.store_failed.connect(self._hear)

    def connect_disk(self, disk: Disk) -> None:
        self.disk_filled.connect(disk.fill)
        self.disk_emptied.connect(disk.empty)

    @Slot(object)
    def _hear(self, fact: object) -> None:
        self.heard.append(fact)


class StoreRig:
    """Both workers on their thread, and what the window heard of them."""

    def __init__(
        self,
        qtbot: QtBot,
        folder: Path,
        starter_path: Path | None = None,
        wanted_path: Path | None = None,
    ) -> None:
        self.saved_states = SavedStates(folder / "memory")
        self.database_path = folder / "chats.db"
        self.database = Database(self.database_path)
        self.look = LookFile(folder / "look.json")
        self.conversations = ConversationWorker(self.database, self.saved_states)
        self.search = SearchWorker(self.database)
        self.library = LibraryWorker(
            self.database, self.look, starter_path, wanted_path, folder / "models"
        )
        self._disk = Disk(self.database)
        self._qtbot = qtbot
        self._thread = WorkerThread("store")
        for worker in (self.conversations, self.search, self.library, self._disk):
            self._thread.adopt(worker)
        self.window = Window()
        self.window.connect_conversations(self.conversations)
        self.window.connect_search(self.search)
        self.window.connect_library(self.library)
        self.window.connect_disk(self._disk)
        self._thread.start()
        self.window.open_requested.emit()

    def all(self, kind: type[Fact]) -> list[Fact]:
        """Give all facts of a kind heard so far."""
        return [fact for fact in self.window.heard if isinstance(fact, kind)]

    def nth(self, kind: type[Fact], n: int = 1) -> Fact:
        """Wait for the n-th fact of a kind and give it."""
        self._qtbot.waitUntil(lambda: len(self.all(kind)) >= n, timeout=5000)
        return self.all(kind)[n - 1]

    def settle(self) -> None:
        """Wait until everything asked for so far is done: an answer comes after all others."""
        n_before = len(self.all(events.SearchResults))
        self.window.search_requested.emit(events.SearchRequest("", n_before))
        self.nth(events.SearchResults, n_before + 1)

    def send(self, text: str, conversation_id: str | None = None) -> AnswerRequest:
        """Send a message and give what the engine is asked for."""
        n_before = len(self.all(AnswerRequest))
        self.window.send_requested.emit(events.SendRequest(conversation_id, text))
        return self.nth(AnswerRequest, n_before + 1)

    def finish(self, answer_id: str, reason: FinishReason = FinishReason.END_OF_TURN) -> None:
        """Let an answer end."""
        self.window.finished.emit(events.AnswerFinished(answer_id, reason, "Starter", None))

    def talk(self, text: str, answer: str, conversation_id: str | None = None) -> AnswerRequest:
        """Send a message and have it answered."""
        request = self.send(text, conversation_id)
        self.window.grew.emit(events.AnswerDelta(request.answer_id, answer, 1))
        self.finish(request.answer_id)
        self.settle()
        return request

    def shown(self) -> events.ShownConversation:
        """Give the conversation on the screen once everything asked for is done."""
        self.settle()
        return self.all(events.ShownConversation)[-1]

    def shown_texts(self) -> list[str]:
        """Give the texts on the screen once everything asked for is done."""
        return [one.turn.text for one in self.shown().turns]

    def shown_when(self, state: TurnState) -> events.ShownConversation:
        """Wait until the last turn shown has a state."""

        def is_shown() -> bool:
            shown = self.all(events.ShownConversation)
            return bool(shown) and shown[-1].turns[-1].turn.state is state

        self._qtbot.waitUntil(is_shown, timeout=5000)
        return self.all(events.ShownConversation)[-1]

    def close(self) -> bool:
        """End the workers; False if they did not end."""
        self.window.close_requested.emit()
        return self._thread.wait()
