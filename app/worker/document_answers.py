"""Answers from documents: what is looked for before a model is asked, and what comes of it.

Belongs to the conversation worker, on the store's thread. The search goes first; then a model is
given what was found, or the quotes are the answer, or it is said that there is nothing.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Slot

from app.core import document_events as documents
from app.core import events
from app.core.conversation import Conversation, Role, ShownTurn
from app.core.document_answers import (
    needs_model,
    passages_that_reached,
    prompt_passages,
    quotes_answer,
    sources_before,
)
from app.core.documents.evidence import (
    AnswerMode,
    AnswerSources,
    ChatDocuments,
    Evidence,
    PromptPassage,
    Verdict,
)
from app.core.errors import Failure
from app.store.chat_documents import ChatDocumentsTable
from app.store.conversations import Question
from app.store.database import Database
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded

_LOG = logging.getLogger(__name__)

READING_LIMIT_S = 30.0
"""A question about a file that was just dropped waits so long for it to be read: a hundred pages
take two seconds, a scan of ten pages half a minute."""


@dataclass(frozen=True, slots=True)
class EvidenceTaken:
    """A model can be asked now, with these passages, best first."""

    question: Question
    passages: tuple[PromptPassage, ...]


@dataclass(frozen=True, slots=True)
class SaidWithoutModel:
    """The answer is there without a model: quotes, or nothing where nothing was found."""

    answer_id: str
    text: str


@dataclass(frozen=True, slots=True)
class _Search:
    """What is looked for.

    Attributes:
        until_s: so long it is waited for documents that are being read; seconds of `monotonic`.
    """

    question: Question
    request: documents.EvidenceRequest
    until_s: float


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
        self._early: set[str] = set()
        self._patience = QTimer(self, singleShot=True, interval=round(READING_LIMIT_S * 1000))
        self._patience.timeout.connect(self._search_early_again)
        self._sources: dict[str, AnswerSources] = {}

    def report(self, failure: Failure) -> None:
        """Tell the window that something could not be stored or read."""
        self.failed.emit(events.StoreFailed(failure))

    # --- asked by the conversation worker ---

    def open(self) -> None:
        """Say which collections chats still ask."""
        kept = tuple(sorted(self._table.used_ids()))
        self.attachments_kept.emit(documents.AttachmentsKept(kept))

    def close(self) -> None:
        """Wait for nothing more."""
        self._patience.stop()

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
        request = documents.EvidenceRequest(
            question.answer_id,
            chosen.collection_ids,
            asked[-1] if asked else "",
            tuple(asked[:-1]),
            chosen.mode,
        )
        until_s = time.monotonic() + READING_LIMIT_S
        self._searches[question.answer_id] = _Search(question, request, until_s)
        self.evidence_requested.emit(request)
        return True

    def note_started(self, started: events.AnswerStarted) -> None:
        """Keep only the passages that have reached the model."""
        sources = self._sources.get(started.answer_id)
        if sources is not None:
            reached = passages_that_reached(sources, started.n_passages)
            self._keep(started.answer_id, reached)

    def note_ended(self, answer_id: str) -> None:
        """Forget what is only needed while an answer is being written."""
        self._drop_search(answer_id)
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
        search = self._searches.get(found.request_id)
        if search is None:
            return
        if _is_early(found.evidence) and time.monotonic() < search.until_s:
            self._early.add(found.request_id)
            self._patience.start()
            return
        self._drop_search(found.request_id)
        evidence, answer_id, mode = found.evidence, found.request_id, search.request.mode
        sources = sources_before(evidence, mode)
        text = ""
        is_found = evidence.verdict in {Verdict.FOUND, Verdict.EVERYTHING}
        if is_found and mode is AnswerMode.QUOTES:
            text, sources = quotes_answer(sources)
        self._sources[answer_id] = sources
        self._keep(answer_id, sources)
        if needs_model(evidence, mode):
            passages = prompt_passages(evidence.passages)
            self.evidence_taken.emit(EvidenceTaken(search.question, passages))
        else:
            self.said_without_model.emit(SaidWithoutModel(answer_id, text))

    @Slot(object)
    @guarded
    def take_index_changed(self, changed: documents.IndexChanged) -> None:
        """Look again for what was asked before its documents were read."""
        ids = set(changed.collection_ids)
        for answer_id in list(self._early):
            if ids.intersection(self._searches[answer_id].request.collection_ids):
                self._search_again(answer_id)

    @Slot()
    @guarded
    def _search_early_again(self) -> None:
        """Take what there is: the documents take too long, or cannot be read."""
        for answer_id in list(self._early):
            self._search_again(answer_id)

    def _search_again(self, answer_id: str) -> None:
        self._early.discard(answer_id)
        self.evidence_requested.emit(self._searches[answer_id].request)

    def _drop_search(self, answer_id: str) -> bool:
        """Forget what is looked for; False if nothing is."""
        self._early.discard(answer_id)
        if not self._early:
            self._patience.stop()
        return self._searches.pop(answer_id, None) is not None

    @Slot(object)
    @guarded
    def refuse_evidence(self, failed: documents.EvidenceFailed) -> None:
        """Say that it could not be searched."""
        if self._drop_search(failed.request_id):
            self.search_failed.emit(events.AnswerFailed(failed.request_id, failed.failure))

    @Slot(object)
    @guarded
    def stop_search(self, request: events.StopRequest) -> None:
        """Give up looking."""
        if self._drop_search(request.answer_id):
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


def _is_early(evidence: Evidence) -> bool:
    """Say whether nothing was read so far of what is still to be read or looked at."""
    is_unread = evidence.n_files_unread > 0 or evidence.n_files == 0
    return evidence.verdict is Verdict.NOTHING_READ and is_unread
