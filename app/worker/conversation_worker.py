"""Keeps conversations: stores what was said before anything else happens with it.

Lives on the store's thread. A question is committed, then shown as sent, then answered. What
the engine writes is saved at least every second.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QThread, QTimer, Slot

from app.core import events
from app.core.conversation import Conversation, Role, TurnState
from app.core.errors import AppError, Failure
from app.core.events import FinishReason, PromptTurn
from app.core.sampling import sampling_of
from app.core.settings import SettingKey
from app.store.conversations import Conversations
from app.store.database import Database
from app.store.saved_states import SavedStates
from app.store.settings_table import SettingsTable
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded

_LOG = logging.getLogger(__name__)

SAVE_INTERVAL_MS = 700
"""Under a second, with time to spare for the commit."""
NEW_CHAT_DRAFT = "new_chat_draft"
INSTRUCTIONS_ID = "instructions"

_STATES = {
    FinishReason.END_OF_TURN: TurnState.COMPLETE,
    FinishReason.STOPPED: TurnState.STOPPED,
    FinishReason.MAX_TOKENS: TurnState.CUT_OFF,
    FinishReason.CONTEXT_FULL: TurnState.CUT_OFF,
}


@dataclass(slots=True)
class _Answer:
    """An answer that the engine is asked for or is writing."""

    conversation_id: str
    text: str = ""
    is_saved: bool = True


class ConversationWorker(QObject):
    """Everything about conversations that the window can ask for.

    Signals:
        store_ready: the database is open.
        chat_list_changed: the list of conversations has changed.
        conversation_shown: the conversation on the screen, after it was opened or changed.
        answer_requested: the engine is to write an answer; its question is on disk.
        send_failed: a message could not be stored and so was not sent.
        store_failed: something else could not be stored or read.
        deleted: something was hidden and can be restored.
        search_finished: what a search found.
    """

    store_ready = signal_of(events.StoreReady)
    chat_list_changed = signal_of(events.ChatList)
    conversation_shown = signal_of(events.ShownConversation)
    answer_requested = signal_of(events.AnswerRequest)
    send_failed = signal_of(events.SendFailed)
    store_failed = signal_of(events.StoreFailed)
    deleted = signal_of(events.Deleted)
    search_finished = signal_of(events.SearchResults)

    def __init__(self, database: Database, saved_states: SavedStates) -> None:
        super().__init__()
        self._database = database
        self._conversations = Conversations(database)
        self._settings = SettingsTable(database)
        self._saved_states = saved_states
        self._shown_id: str | None = None
        self._answers: dict[str, _Answer] = {}
        self._endings: dict[str, Callable[[], None]] = {}
        self._said_that_saving_fails = False
        self._save_timer = QTimer(self)
        self._save_timer.setInterval(SAVE_INTERVAL_MS)
        self._save_timer.timeout.connect(self._save_partial)

    def report(self, failure: Failure) -> None:
        """Tell the window that something could not be stored or read."""
        self.store_failed.emit(events.StoreFailed(failure))

    # --- start and end ---

    @Slot()
    @guarded
    def open(self) -> None:
        """Open the store, tidy up after a kill, and say what there is."""
        damaged = self._database.open()
        self._conversations.interrupt_unfinished()
        self._saved_states.sweep()
        self._purge()
        draft = self._settings.note(NEW_CHAT_DRAFT)
        self.store_ready.emit(events.StoreReady(draft, str(damaged or "")))
        self._report_list()

    @Slot()
    @guarded
    def close(self) -> None:
        """Save what is unfinished, remove what was deleted, and end this thread's loop."""
        QThread.currentThread().quit()
        self._save_timer.stop()
        for answer_id, answer in self._answers.items():
            self._end(answer_id, answer.text, TurnState.INTERRUPTED)
        for ending in self._endings.values():
            ending()
        self._purge()
        self._database.close()

    # --- sending and answering ---

    @Slot(object)
    @guarded
    def send(self, request: events.SendRequest) -> None:
        """Store the user's message, show it as sent, then have it answered."""
        try:
            conversation_id = request.conversation_id
            if conversation_id is None:
                conversation_id = self._conversations.begin(request.text)
                self._settings.keep_note(NEW_CHAT_DRAFT, "")
            _, answer_id = self._conversations.add_question(conversation_id, request.text)
        except AppError as error:
            _LOG.warning("message not stored: %s %s", error.code, error.detail)
            self.send_failed.emit(events.SendFailed(request, Failure.of(error)))
            return
        self._shown_id = conversation_id
        self._request_answer(conversation_id, answer_id)
        self._report_list()

    @Slot(object)
    @guarded
    def regenerate(self, request: events.TurnRequest) -> None:
        """Write another answer beside this one."""
        turn = self._conversations.turn(request.turn_id)
        if turn is None or turn.parent_id is None or turn.role is not Role.ASSISTANT:
            return
        answer_id = self._conversations.add_answer(request.conversation_id, turn.parent_id)
        self._request_answer(request.conversation_id, answer_id)

    @Slot(object)
    @guarded
    def answer_again(self, request: events.ConversationRequest) -> None:
        """Answer the last question, which has no answer."""
        conversation = self._conversations.get(request.conversation_id)
        if conversation is None or conversation.leaf_id is None:
            return
        last = self._conversations.turn(conversation.leaf_id)
        if last is not None and last.role is Role.USER:
            answer_id = self._conversations.add_answer(request.conversation_id, last.turn_id)
            self._request_answer(request.conversation_id, answer_id)

    @Slot(object)
    @guarded
    def forget_and_answer(self, request: events.ConversationRequest) -> None:
        """Let older turns leave the model's memory, as the user agreed, and answer."""
        self._conversations.allow_forgetting(request.conversation_id)
        self.answer_again(request)

    def _request_answer(self, conversation_id: str, answer_id: str) -> None:
        """Show the conversation with the answer to come, and ask the engine for it."""
        conversation = self._conversations.get(conversation_id)
        if conversation is None:
            return
        self._answers[answer_id] = _Answer(conversation_id)
        self._save_timer.start()
        self._report_shown(conversation)
        values = self._settings.values()
        turns = [
            PromptTurn(shown.turn.turn_id, shown.turn.role, shown.turn.text)
            for shown in self._conversations.branch(conversation)[:-1]
        ]
        if instructions := str(values[SettingKey.INSTRUCTIONS]).strip():
            turns.insert(0, PromptTurn(INSTRUCTIONS_ID, Role.SYSTEM, instructions))
        self.answer_requested.emit(
            events.AnswerRequest(
                answer_id,
                conversation_id,
                tuple(turns),
                sampling_of(values),
                conversation.remembered_from_id,
                conversation.may_forget,
            )
        )

    # --- what the engine says ---

    @Slot(object)
    @guarded
    def start_answer(self, started: events.AnswerStarted) -> None:
        """Note where the model's memory begins."""
        conversation = self._conversations.get(started.conversation_id)
        if conversation and conversation.remembered_from_id != started.remembered_from_id:
            self._conversations.remember_from(started.conversation_id, started.remembered_from_id)
            self._report_shown()

    @Slot(object)
    def grow_answer(self, delta: events.AnswerDelta) -> None:
        """Take new text; the timer saves it."""
        answer = self._answers.get(delta.answer_id)
        if answer is not None:
            answer.text += delta.text
            answer.is_saved = False

    @Slot(object)
    @guarded
    def finish_answer(self, finished: events.AnswerFinished) -> None:
        """Save an answer that has ended or was stopped."""
        answer = self._answers.pop(finished.answer_id, None)
        if answer is None:
            return
        self._keep_ending(
            finished.answer_id,
            lambda: self._conversations.end_answer(
                finished.answer_id,
                answer.text,
                _STATES[finished.reason],
                model_name=finished.model_name,
                measurement=finished.measurement,
            ),
        )

    @Slot(object)
    @guarded
    def fail_answer(self, failed: events.AnswerFailed) -> None:
        """Save what there is of an answer that ended in an error."""
        answer = self._answers.pop(failed.answer_id, None)
        if answer is None:
            return
        state = TurnState.INTERRUPTED if answer.text else TurnState.FAILED
        code = failed.failure.code.value
        self._keep_ending(
            failed.answer_id,
            lambda: self._conversations.end_answer(
                failed.answer_id, answer.text, state, error_code=code
            ),
        )

    @Slot(object)
    @guarded
    def memory_full(self, full: events.MemoryFull) -> None:
        """Take back an answer that could not begin; its question stays."""
        if self._answers.pop(full.answer_id, None) is not None:
            self._conversations.remove_answer(full.answer_id)
            self._report_shown()

    def _keep_ending(self, answer_id: str, ending: Callable[[], None]) -> None:
        """Save the end of an answer now or, if the disk is full, as soon as there is room."""
        self._endings[answer_id] = ending
        self._save_partial()

    @Slot()
    @guarded
    def _save_partial(self) -> None:
        """Save what was written since the last time; what cannot be saved is kept for later."""
        changed = {key: one for key, one in self._answers.items() if not one.is_saved}
        try:
            if changed:
                self._conversations.save_partial((key, one.text) for key, one in changed.items())
            for answer_id in list(self._endings):
                self._endings[answer_id]()
                del self._endings[answer_id]
                self._report_shown()
                self._report_list()
        except AppError as error:
            if not self._said_that_saving_fails:
                self.report(Failure.of(error))
            self._said_that_saving_fails = True
            return
        self._said_that_saving_fails = False
        for one in changed.values():
            one.is_saved = True
        if not self._answers:
            self._save_timer.stop()

    def _end(self, answer_id: str, text: str, state: TurnState) -> None:
        self._endings[answer_id] = lambda: self._conversations.end_answer(answer_id, text, state)

    # --- conversations ---

    @Slot(object)
    @guarded
    def open_conversation(self, request: events.ConversationRequest) -> None:
        """Show a conversation."""
        self._shown_id = request.conversation_id
        self._report_shown()

    @Slot(object)
    @guarded
    def show_sibling(self, request: events.TurnRequest) -> None:
        """Show the branch that goes on from this version of an answer."""
        tree = self._conversations.tree(request.conversation_id)
        leaf_id = tree.newest_leaf(request.turn_id)
        self._conversations.show_leaf(request.conversation_id, leaf_id)
        self._report_shown()

    @Slot(object)
    @guarded
    def rename(self, request: events.RenameRequest) -> None:
        """Give a conversation a title."""
        self._conversations.rename(request.conversation_id, request.title)
        self._report_list()

    @Slot(object)
    @guarded
    def keep_draft(self, request: events.DraftRequest) -> None:
        """Keep text that was typed but not sent."""
        if request.conversation_id is None:
            self._settings.keep_note(NEW_CHAT_DRAFT, request.text)
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
        self._conversations.delete_turn(request.conversation_id, request.turn_id)
        self.deleted.emit(events.Deleted(request.conversation_id, request.turn_id))
        self._report_shown()

    @Slot(object)
    @guarded
    def restore_turn(self, request: events.TurnRequest) -> None:
        """Bring a hidden turn back."""
        self._conversations.restore_turn(request.conversation_id, request.turn_id)
        self._report_shown()

    @Slot()
    @guarded
    def purge_deleted(self) -> None:
        """Remove for good what is hidden."""
        self._purge()

    @Slot(object)
    @guarded
    def search(self, request: events.SearchRequest) -> None:
        """Search titles and texts."""
        hits = self._conversations.search(request.query)
        self.search_finished.emit(events.SearchResults(request.serial, hits))

    def _purge(self) -> None:
        for conversation_id in self._conversations.purge():
            self._saved_states.delete_conversation(conversation_id)

    def _report_list(self) -> None:
        self.chat_list_changed.emit(events.ChatList(self._conversations.all()))

    def _report_shown(self, conversation: Conversation | None = None) -> None:
        """Say how the conversation on the screen looks now."""
        if conversation is None and self._shown_id is not None:
            conversation = self._conversations.get(self._shown_id)
        if conversation is not None and conversation.conversation_id == self._shown_id:
            turns = self._conversations.branch(conversation)
            self.conversation_shown.emit(events.ShownConversation(conversation, turns))
