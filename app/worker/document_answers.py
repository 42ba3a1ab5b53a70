"""Answers from documents: what is looked for before a model is asked, and what comes of it.

Belongs to the conversation worker, on the store's thread. The search goes first; then a model is
given what was found, or the quotes are the answer, or it is said that there is nothing.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Slot

from app.core import document_events as documents
from app.core import events
from app.core.conversation import Conversation, Role, ShownTurn
from app.core.document_prompt import DocumentPrompt
from app.core.documents.evidence import (
    AnswerMode,
    AnswerSources,
    ChatDocuments,
    Evidence,
    Verdict,
)
from app.core.documents.quoted_answer import (
    N_CLOSEST,
    closest_sources,
    nothing_found,
    quoted_answer,
)
from app.core.errors import Failure
from app.store.chat_documents import ChatDocumentsTable
from app.store.conversations import Question
from app.store.database import Database
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded, guarded_by

READING_LIMIT_S = 30.0
"""A question about a file that was just dropped waits so long for it to be read: a hundred pages
take two seconds, a scan of ten pages half a minute."""


@dataclass(frozen=True, slots=True)
class EvidenceTaken:
    """A model can be asked now, with the passages that were found."""

    question: Question
    evidence: Evidence


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
        stop_requested: the engine was asked already when the answer was to stop; told again, since
            it may have been told before it was asked.
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
    stop_requested = signal_of(events.StopRequest)
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
        self._prompts: dict[str, DocumentPrompt] = {}
        self._sources: dict[str, AnswerSources] = {}
        self._unsaved: set[str] = set()

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

    def begin_writing(self, answer_id: str, evidence: Evidence, prompt: DocumentPrompt) -> None:
        """Note that the engine is asked; how much of it could be read is said later."""
        self._prompts[answer_id] = prompt
        sources = AnswerSources(
            AnswerMode.MODEL,
            evidence.verdict,
            n_files=evidence.n_files,
            n_files_unread=evidence.n_files_unread,
            quotes=closest_sources(evidence, N_CLOSEST),
        )
        self._keep(answer_id, sources)

    def note_started(self, started: events.AnswerStarted) -> bool:
        """Keep the passages that have reached the model; False if it was asked for none."""
        prompt = self._prompts.pop(started.answer_id, None)
        known = self._sources.get(started.answer_id)
        if prompt is None or known is None:
            return False
        read = prompt.read_passages(started.n_passages)
        self._keep(started.answer_id, replace(known, passages=read))
        return True

    def note_ended(self, answer_id: str) -> None:
        """Note that an answer has ended; if its prompt was read, its last citations come yet."""
        self._drop_search(answer_id)
        known = self._sources.get(answer_id)
        if self._prompts.pop(answer_id, None) is not None and known is not None:
            self._keep(answer_id, replace(known, is_final=True))

    @property
    def is_busy(self) -> bool:
        """Whether anything is to be saved."""
        return bool(self._unsaved)

    def save(self) -> None:
        """Save all that is not saved; what cannot be is kept for the next time.

        Raises:
            AppError: it could not be saved.
        """
        if not self._unsaved:
            return
        self._table.keep_sources([(one, self._sources[one]) for one in self._unsaved])
        for answer_id in self._unsaved:
            if self._sources[answer_id].is_final:
                del self._sources[answer_id]
        self._unsaved.clear()

    def merged(self, turns: Iterable[ShownTurn]) -> tuple[ShownTurn, ...]:
        """Give turns with what they rest on by now."""
        return tuple(
            replace(shown, turn=replace(shown.turn, sources=self._sources[shown.turn.turn_id]))
            if shown.turn.turn_id in self._sources
            else shown
            for shown in turns
        )

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

    def _refuse_found(self, failure: Failure, found: documents.EvidenceFound) -> None:
        self.search_failed.emit(events.AnswerFailed(found.request_id, failure))

    @Slot(object)
    @guarded_by(_refuse_found)
    def take_evidence(self, found: documents.EvidenceFound) -> None:
        """Go on with what was found; evidence that nobody waits for is none of ours."""
        search = self._searches.get(found.request_id)
        if search is None:
            return
        if _is_early(found.evidence) and time.monotonic() < search.until_s:
            self._early.add(found.request_id)
            self._patience.start()
            return
        self._drop_search(found.request_id)
        evidence, text, mode = found.evidence, "", search.request.mode
        if evidence.verdict not in {Verdict.FOUND, Verdict.EVERYTHING}:
            sources = nothing_found(evidence, mode)
        elif mode is AnswerMode.QUOTES:
            text, sources = quoted_answer(evidence)
        else:
            self.evidence_taken.emit(EvidenceTaken(search.question, evidence))
            return
        self._keep(found.request_id, sources)
        self.said_without_model.emit(SaidWithoutModel(found.request_id, text))

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
        elif request.answer_id in self._prompts:
            self.stop_requested.emit(request)

    @Slot(object)
    @guarded
    def take_citations(self, cited: documents.AnswerCited) -> None:
        """Keep what the sentences of an answer rest on, and show it."""
        known = self._sources.get(cited.answer_id)
        if known is None:
            return
        # Which passages have reached the model is known here only.
        sources = replace(
            cited.sources, mode=known.mode, passages=known.passages, quotes=known.quotes
        )
        self._keep(cited.answer_id, sources)
        self.sources_changed.emit(documents.AnswerCited(cited.answer_id, sources))
        if sources.is_final:
            self.save()

    def _keep(self, answer_id: str, sources: AnswerSources) -> None:
        self._sources[answer_id] = sources
        self._unsaved.add(answer_id)


def _is_early(evidence: Evidence) -> bool:
    """Say whether nothing was read so far of what is still to be read or looked at."""
    is_unread = evidence.n_files_unread > 0 or evidence.n_files == 0
    return evidence.verdict is Verdict.NOTHING_READ and is_unread
