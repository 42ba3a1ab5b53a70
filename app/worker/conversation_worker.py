"""Keeps conversations: stores what was said before anything else happens with it.

Lives on the store's thread. A question is committed, then shown as sent, then answered. What
the engine writes is saved at least every second.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QThread, QTimer, Slot

from app.core import events
from app.core.conversation import Conversation, Role, Turn, TurnState
from app.core.document_prompt import document_prompt
from app.core.documents.evidence import AnswerBasis, Evidence
from app.core.errors import AppError, ErrorCode, Failure
from app.core.sampling import sampling_of
from app.core.settings import SettingKey
from app.store.conversations import Question, utc_now
from app.store.database import Database
from app.store.library import LOADING_NOTE
from app.store.saved_states import SavedStates
from app.store.unsaved_answers import AnswerEnding
from app.worker.conversation_shelf import NEW_CHAT_DRAFT, ConversationShelf
from app.worker.document_answers import EvidenceTaken, SaidWithoutModel
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded, guarded_by

_LOG = logging.getLogger(__name__)

SAVE_INTERVAL_MS = 700
"""Under a second, with time to spare for the commit."""
OPEN_INTERVAL_MS = 2000
"""How often it is tried again to open a database that could not be opened."""

_PASSING = {ErrorCode.DISK_FULL, ErrorCode.DATABASE_BUSY, ErrorCode.DATA_FOLDER_UNWRITABLE}
"""Reasons not to open that the user can do away with while the program runs."""


class ConversationWorker(ConversationShelf):
    """Everything about conversations that the window can ask for.

    Signals:
        store_ready: the database is open.
        message_stored: a message is on disk; its conversation is shown next.
        answer_requested: the engine is to write an answer; its question is on disk.
        send_failed: a message could not be stored and so was not sent.
    """

    store_ready = signal_of(events.StoreReady)
    message_stored = signal_of(events.MessageStored)
    answer_requested = signal_of(events.AnswerRequest)
    send_failed = signal_of(events.SendFailed)

    def __init__(
        self,
        database: Database,
        saved_states: SavedStates,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(database, saved_states, now)
        self.documents.evidence_taken.connect(self._answer_from_evidence)
        self.documents.said_without_model.connect(self._say_without_model)
        self.documents.search_failed.connect(self.fail_answer)
        self.documents.search_stopped.connect(self.finish_answer)
        self._refused_questions: dict[str, tuple[str, AnswerBasis]] = {}
        self._has_told_of_failed_save = False
        self._save_timer = QTimer(self)
        self._save_timer.setInterval(SAVE_INTERVAL_MS)
        self._save_timer.timeout.connect(self._save)
        self._open_timer = QTimer(self)
        self._open_timer.setInterval(OPEN_INTERVAL_MS)
        self._open_timer.timeout.connect(self._open_again)

    # --- start and end ---

    @Slot()
    @guarded
    def open(self) -> None:
        """Open the store and say what there is; try again by itself if it cannot be opened."""
        try:
            damaged = self._database.open()
        except AppError as error:
            if error.code in _PASSING:
                self._open_timer.start()
            raise
        self._begin(damaged)

    @Slot()
    @guarded
    def _open_again(self) -> None:
        try:
            damaged = self._database.open()
        except AppError as error:
            _LOG.info("the database still cannot be opened: %s", error.code)
            return
        self._open_timer.stop()
        self._begin(damaged)

    def _begin(self, damaged: Path | None) -> None:
        draft = self._settings.note(NEW_CHAT_DRAFT)
        self.store_ready.emit(events.StoreReady(draft, str(damaged or "")))
        self._report_list()
        self._tidy_up()

    @guarded
    def _tidy_up(self) -> None:
        """Do what a killed program left undone; a full disk must not hide the chats."""
        self._conversations.interrupt_unfinished()
        self.purge_deleted()
        known_ids = {one.conversation_id for one in self._conversations.all()}
        self._saved_states.keep_only(known_ids)
        self.documents.open()

    @Slot()
    @guarded
    def close(self) -> None:
        """Save what is unfinished, remove what was deleted, and end this thread's loop."""
        QThread.currentThread().quit()
        self._save_timer.stop()
        self._open_timer.stop()
        self.documents.close()
        if not self._database.is_open:
            return
        try:
            self._unsaved.interrupt_all()
            self.documents.save()
            self._unsaved.save()
            # A model still being loaded at a wanted end did not bring the program down.
            self._settings.keep_note(LOADING_NOTE, "")
            self.purge_deleted()
        finally:
            self._database.close()

    # --- sending and answering ---

    def _refuse_send(self, failure: Failure, request: events.SendRequest) -> None:
        self.send_failed.emit(events.SendFailed(request, failure))

    @Slot(object)
    @guarded_by(_refuse_send)
    def send(self, request: events.SendRequest) -> None:
        """Store the user's message, show it as sent, then have it answered."""
        question = self._conversations.add_question(
            request.conversation_id,
            request.text,
            edited_id=request.edited_id,
            documents=request.documents,
        )
        self._shown_id = question.conversation_id
        stored = events.MessageStored(request.serial, question.conversation_id)
        self.message_stored.emit(stored)
        self._request_answer(question)
        if request.conversation_id is None:
            self.keep_draft(events.DraftRequest(None, ""))

    @Slot(object)
    @guarded
    def regenerate(self, request: events.TurnRequest) -> None:
        """Write another answer beside this one."""
        self._answer_at(self._conversations.turn(request.turn_id))

    @Slot(object)
    @guarded
    def answer_again(self, request: events.ConversationRequest) -> None:
        """Answer the last question, which has no answer or one that failed."""
        conversation = self._conversations.get(request.conversation_id)
        turns = self._conversations.branch(conversation) if conversation else ()
        last = turns[-1].turn if turns else None
        if last is not None and (last.role is Role.USER or not last.text):
            self._answer_at(last)

    @Slot(object)
    @guarded
    def forget_and_answer(self, request: events.ConversationRequest) -> None:
        """Let older turns leave the model's memory, as the user agreed, and answer."""
        self._conversations.allow_forgetting(request.conversation_id)
        refused = self._refused_questions.get(request.conversation_id)
        question_id, basis = refused or ("", None)
        if (question := self._conversations.turn(question_id)) is not None:
            self._answer_at(question, basis)
        else:
            self.answer_again(request)

    @Slot(object)
    @guarded
    def answer_without_documents(self, request: events.TurnRequest) -> None:
        """Write another answer beside this one, from what the model knows by itself."""
        turn = self._conversations.turn(request.turn_id)
        self._answer_at(turn, AnswerBasis.KNOWLEDGE)

    @Slot(object)
    @guarded
    def answer_from_closest(self, request: events.TurnRequest) -> None:
        """Write another answer beside this one, from the passages that come closest."""
        self._answer_at(self._conversations.turn(request.turn_id), AnswerBasis.CLOSEST)

    def _answer_at(self, turn: Turn | None, basis: AnswerBasis | None = None) -> None:
        """Have a question answered, or that of an answer answered again.

        Args:
            turn: the question, or the answer.
            basis: what it is to be written from; None for what the answer was written from.
        """
        question_id = turn and (turn.turn_id if turn.role is Role.USER else turn.parent_id)
        if turn and question_id:
            question = self._conversations.add_answer(turn.conversation_id, question_id)
            self._request_answer(question, basis or self.documents.basis_of(turn))

    def _refuse_answer(
        self, failure: Failure, question: Question, basis: AnswerBasis = AnswerBasis.DOCUMENTS
    ) -> None:
        """Say that the engine cannot be asked; the question is stored."""
        del basis
        self._unsaved.begin(question.answer_id)
        self.report(failure)
        self.fail_answer(events.AnswerFailed(question.answer_id, failure))

    @guarded_by(_refuse_answer)
    def _request_answer(
        self, question: Question, basis: AnswerBasis = AnswerBasis.DOCUMENTS
    ) -> None:
        """Show the conversation with the answer to come, then look it up or ask the engine."""
        # First, as all that follows may fail, and another try is for the same.
        self.documents.keep_basis(question.answer_id, basis)
        conversation = self._conversations.get(question.conversation_id)
        if conversation is None:
            return
        self._unsaved.begin(question.answer_id)
        self._save_timer.start()
        self._refused_questions.pop(question.conversation_id, None)
        self._report_shown()
        self._report_list()
        spoken = self._conversations.branch_to(question.conversation_id, question.question_id)
        if not self.documents.search(conversation, question, spoken, basis):
            self._ask_engine(question, conversation)

    def _ask_engine(
        self, question: Question, conversation: Conversation, evidence: Evidence | None = None
    ) -> None:
        values = self._settings.values()
        branch = self._conversations.branch_to(question.conversation_id, question.question_id)
        prompt = document_prompt(
            self._merged(branch),
            str(values[SettingKey.INSTRUCTIONS]),
            evidence.passages if evidence else (),
            may_forget=conversation.may_forget,
        )
        if evidence:
            self.documents.begin_writing(question.answer_id, evidence, prompt)
        self.answer_requested.emit(
            events.AnswerRequest(
                question.answer_id,
                question.conversation_id,
                prompt.turns,
                sampling_of(values),
                conversation.remembered_from_id,
                conversation.may_forget,
            )
        )

    def _refuse_taken(self, failure: Failure, taken: EvidenceTaken) -> None:
        self.report(failure)
        self.fail_answer(events.AnswerFailed(taken.question.answer_id, failure))

    @Slot(object)
    @guarded_by(_refuse_taken)
    def _answer_from_evidence(self, taken: EvidenceTaken) -> None:
        """Ask the engine, now that it is known what the documents say."""
        question = taken.question
        if not self._unsaved.is_growing(question.answer_id):
            return
        conversation = self._conversations.get(question.conversation_id)
        if conversation is None or self._conversations.turn(question.answer_id) is None:
            # It was deleted meanwhile; if it comes back, it can be answered again.
            self._unsaved.finish(question.answer_id, AnswerEnding(TurnState.INTERRUPTED))
            self._report_ended()
            return
        self._ask_engine(question, conversation, taken.evidence)
        self._report_shown()

    @Slot(object)
    @guarded
    def _say_without_model(self, said: SaidWithoutModel) -> None:
        """Take an answer that needed no model."""
        self._unsaved.grow(said.answer_id, said.text)
        if self._unsaved.finish(said.answer_id, AnswerEnding(TurnState.COMPLETE)):
            self._report_ended()

    # --- what the engine says ---

    @Slot(object)
    @guarded
    def start_answer(self, started: events.AnswerStarted) -> None:
        """Note where the model's memory begins."""
        if not self._unsaved.is_growing(started.answer_id):
            return
        is_read = self.documents.note_started(started)
        conversation = self._conversations.get(started.conversation_id)
        if conversation and conversation.remembered_from_id != started.remembered_from_id:
            self._conversations.remember_from(started.conversation_id, started.remembered_from_id)
            is_read = True
        if is_read:
            self._report_shown()

    @Slot(object)
    @guarded
    def grow_answer(self, delta: events.AnswerDelta) -> None:
        """Take new text; the timer saves it."""
        self._unsaved.grow(delta.answer_id, delta.text)

    @Slot(object)
    @guarded
    def finish_answer(self, finished: events.AnswerFinished) -> None:
        """Save an answer that has ended or was stopped."""
        if self._unsaved.finish(finished.answer_id, AnswerEnding.of(finished)):
            self.documents.note_ended(finished.answer_id)
            self._report_ended()

    @Slot(object)
    @guarded
    def fail_answer(self, failed: events.AnswerFailed) -> None:
        """Save what there is of an answer that ended in an error."""
        if self._unsaved.fail(failed.answer_id, failed.failure.code.value):
            self.documents.note_ended(failed.answer_id)
            self._report_ended()

    @Slot(object)
    @guarded
    def memory_full(self, full: events.MemoryFull) -> None:
        """Take back an answer that could not begin; its question stays."""
        turn = self._conversations.turn(full.answer_id)
        self.documents.note_ended(full.answer_id)
        if self._unsaved.discard(full.answer_id) and turn and turn.parent_id:
            basis = self.documents.basis_of(turn)
            self._refused_questions[turn.conversation_id] = turn.parent_id, basis
            self._conversations.remove_answer(full.answer_id)
            self._report_shown()

    def _report_ended(self) -> None:
        self._save()
        self._report_shown()
        self._report_list()

    @Slot()
    @guarded
    def _save(self) -> None:
        """Save what was written since the last time; what cannot be saved is kept for later."""
        try:
            # What an answer rests on first: one without words is nothing without it.
            self.documents.save()
            self._unsaved.save()
        except AppError:
            if self._has_told_of_failed_save:
                return
            self._has_told_of_failed_save = True
            raise
        self._has_told_of_failed_save = False
        if not len(self._unsaved) and not self.documents.is_busy:
            self._save_timer.stop()
