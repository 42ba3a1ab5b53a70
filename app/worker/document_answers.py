"""Answers from documents: what is looked for before a model is asked, and what comes of it.

Belongs to the conversation worker, on the store's thread. The search goes first; then a model is
given what was found, or the quotes are the answer, or it is said that there is nothing.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from app.core import document_events as documents
from app.core import events
from app.core.conversation import Conversation, Role, ShownTurn
from app.core.documents.answering import (
    needs_model,
    passages_that_reached,
    prompt_passages,
    quotes_answer,
    sources_before,
)
from app.core.documents.evidence import AnswerMode, AnswerSources, ChatDocuments, Verdict
from app.core.errors import Failure
from app.store.chat_documents import ChatDocumentsTable
from app.store.conversations import Question
from app.store.database import Database
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EvidenceTaken:
    """A model can be asked now, with these passages, best first."""

    question: Question
    passages: tuple[events.PromptPassage, ...]


@dataclass(frozen=True, slots=True)
class SaidWithoutModel:
    """The answer is there without a model: quotes, or nothing where nothing was found."""

    answer_id: str
    text: str


@dataclass(frozen=True, slots=True)
class _Search:
    question: Question
    mode: AnswerMode


class DocumentAnswers(QObject):
    """Looks things up before answers are written, and keeps what answers rest on.

    Signals:
        evidence_requested: look for what the documents say.
        evidence_taken: a model is to answer.
        said_without_model: the answer is there.
        search_failed, search_stopped: there will be no answer.
        sources_changed: what an answer rests on is known better.
        documents_forgotten: no chat asks these collections any more.
        attachments_kept: those that chats ask, once at the start.
        failed: something could not be stored.
    """

    evidence_requested = signal_of(documents.EvidenceRequest)
    evidence_taken = signal_of(EvidenceTaken)
    said_without_model = signal_of(SaidWithoutModel)
    search_failed = signal_of(events.AnswerFailed)
    search_stopped = signal_of(events.AnswerFinished)
    sources_changed = signal_of(documents.AnswerCited)
    documents_forgotten = signal_of(documents.DocumentsForgotten)
    attachments_kept = signal_of(documents.AttachmentsKept)
    failed = signal_of(events.StoreFailed)

    def __init__(self, database: Database, parent: QObject) -> None:
        super().__init__(parent)
        self._table = ChatDocumentsTable(database)
        self._searches: dict[str, _Search] = {}
        self._sources: dict[str, AnswerSources] = {}

    def report(self, failure: Failure) -> None:
        """Tell the window that something could not be stored or read."""
        self.failed.emit(events.StoreFailed(failure))

    # --- asked by the conversation worker ---

    def open(self) -> None:
        """Say which collections chats still ask."""
        kept = tuple(sorted(self._table.used_ids()))
        self.attachments_kept.emit(documents.AttachmentsKept(kept))

    def choose(self, conversation_id: str, chosen: ChatDocuments) -> None:
        """Ask a chat from other documents, or from none, from now on."""
        before = self._table.used_ids(conversation_id)
        self._table.choose(conversation_id, chosen)
        self.forget(before)

    def search(
        self, conversation: Conversation, question: Question, spoken: Sequence[ShownTurn]
    ) -> bool:
        """Look for what the documents of a chat say; False if it has none.

        Args:
            conversation: the chat.
            question: what is asked, and the answer to come.
            spoken: the branch up to the question.
        """
        chosen = conversation.documents
        if not chosen.collection_ids:
            return False
        asked = [one.turn.text for one in spoken if one.turn.role is Role.USER]
        self._searches[question.answer_id] = _Search(question, chosen.mode)
        self.evidence_requested.emit(
            documents.EvidenceRequest(
                question.answer_id,
                chosen.collection_ids,
                asked[-1] if asked else "",
                tuple(asked[:-1]),
                chosen.mode,
            )
        )
        return True

    def note_started(self, started: events.AnswerStarted) -> None:
        """Keep only the passages that have reached the model."""
        sources = self._sources.get(started.answer_id)
        if sources is not None:
            reached = passages_that_reached(sources, started.n_passages)
            self._keep(started.answer_id, reached)

    def note_ended(self, answer_id: str) -> None:
        """Forget what is only needed while an answer is being written."""
        self._searches.pop(answer_id, None)
        self._sources.pop(answer_id, None)

    def collections_of(self, conversation_ids: Sequence[str]) -> frozenset[str]:
        """Give the collections that chats about to be removed ask."""
        return frozenset(
            collection_id
            for conversation_id in conversation_ids
            for collection_id in self._table.used_ids(conversation_id)
        )

    def forget(self, before: frozenset[str]) -> None:
        """Say which of these collections no chat asks any more."""
        gone = tuple(sorted(before - self._table.used_ids()))
        if gone:
            self.documents_forgotten.emit(documents.DocumentsForgotten(gone))

    # --- what the search says ---

    @Slot(object)
    @guarded
    def take_evidence(self, found: documents.EvidenceFound) -> None:
        """Go on with what was found."""
        search = self._searches.pop(found.request_id, None)
        if search is None:
            return
        evidence, answer_id = found.evidence, found.request_id
        sources = sources_before(evidence, search.mode)
        text = ""
        is_found = evidence.verdict in {Verdict.FOUND, Verdict.EVERYTHING}
        if is_found and search.mode is AnswerMode.QUOTES:
            text, sources = quotes_answer(sources)
        self._sources[answer_id] = sources
        self._keep(answer_id, sources)
        if needs_model(evidence, search.mode):
            passages = prompt_passages(evidence.passages)
            self.evidence_taken.emit(EvidenceTaken(search.question, passages))
        else:
            self.said_without_model.emit(SaidWithoutModel(answer_id, text))

    @Slot(object)
    @guarded
    def refuse_evidence(self, failed: documents.EvidenceFailed) -> None:
        """Say that it could not be searched."""
        if self._searches.pop(failed.request_id, None) is not None:
            self.search_failed.emit(events.AnswerFailed(failed.request_id, failed.failure))

    @Slot(object)
    @guarded
    def stop_search(self, request: events.StopRequest) -> None:
        """Give up looking."""
        if self._searches.pop(request.answer_id, None) is not None:
            self.search_stopped.emit(
                events.AnswerFinished(request.answer_id, events.FinishReason.STOPPED, "", None)
            )

    @Slot(object)
    @guarded
    def take_citations(self, cited: documents.AnswerCited) -> None:
        """Keep what the sentences of an answer rest on, and show it."""
        if cited.sources.is_final:
            self._table.keep_sources([(cited.answer_id, cited.sources)])
        self.sources_changed.emit(cited)

    def _keep(self, answer_id: str, sources: AnswerSources) -> None:
        self._table.keep_sources([(answer_id, sources)])
