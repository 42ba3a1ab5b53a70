"""Answers from documents: what is looked for before a model is asked, and what comes of it.

Belongs to the conversation worker, on the store's thread. The search goes first; then a model is
given what was found, or the quotes are the answer, or it is said that there is nothing.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from app.core import document_events as documents
from app.core import events
from app.core.conversation import Conversation, Role, ShownTurn, Turn
from app.core.document_prompt import DocumentPrompt
from app.core.documents.evidence import (
    ANSWERED,
    AnswerBasis,
    AnswerMode,
    AnswerSources,
    ChatDocuments,
    Evidence,
    Verdict,
    kept_basis,
    wish_for,
)
from app.core.documents.quoted_answer import (
    N_CLOSEST,
    closest_evidence,
    closest_sources,
    nothing_found,
    quoted_answer,
)
from app.core.errors import ErrorCode, Failure
from app.store.chat_documents import ChatDocumentsTable
from app.store.conversations import Question
from app.store.database import Database
from app.worker.deadlines import start_for_first
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded, guarded_by

READING_LIMIT_S = 30.0
"""A question about a file that was just dropped waits so long for it to be read: a hundred pages
take two seconds, a scan of ten pages half a minute."""
LOOKING_LIMIT_S = 5.0
"""So long it waits for a collection that is not there yet, or of which no file was seen."""


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
        asked_s: when; in seconds of `monotonic`.
        reads_closest: a model reads what comes closest, even if it seems to be no answer.
    """

    question: Question
    request: documents.EvidenceRequest
    asked_s: float
    reads_closest: bool


class DocumentAnswers(QObject):
    """Looks things up before answers are written, and keeps what answers rest on.

    Signals:
        evidence_requested: look for what the documents say.
        evidence_chosen: a model will be asked with it next.
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
    evidence_chosen = signal_of(documents.EvidenceFound)
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
        self._early: dict[str, float] = {}
        self._patience = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
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

    def basis_of(self, turn: Turn) -> AnswerBasis:
        """Say what another answer beside this one is to be written from: the same, if known."""
        return kept_basis(self._sources.get(turn.turn_id, turn.sources))

    def keep_basis(self, answer_id: str, basis: AnswerBasis) -> None:
        """Keep with an answer to come what it is to be written from, whatever becomes of it."""
        if (wish := wish_for(basis)) is not None:
            self._keep(answer_id, wish)

    def search(
        self,
        conversation: Conversation,
        question: Question,
        spoken: Sequence[ShownTurn],
        basis: AnswerBasis = AnswerBasis.DOCUMENTS,
    ) -> bool:
        """Look for what the documents of a chat say; False if it is to be answered without.

        Args:
            conversation: the chat.
            question: what is asked, and the answer to come.
            spoken: the branch up to the question.
            basis: what the answer is to be written from.
        """
        chosen = conversation.documents
        reads_closest = basis is AnswerBasis.CLOSEST
        if basis is AnswerBasis.KNOWLEDGE or not (chosen.collection_ids or reads_closest):
            return False
        asked = [one.turn.text for one in spoken if one.turn.role is Role.USER]
        request = documents.EvidenceRequest(
            question.answer_id,
            chosen.collection_ids,
            asked[-1] if asked else "",
            tuple(asked[:-1]),
            AnswerMode.MODEL if reads_closest else chosen.mode,
        )
        search = _Search(question, request, time.monotonic(), reads_closest)
        if chosen.collection_ids:
            self._searches[question.answer_id] = search
            self.evidence_requested.emit(request)
        else:
            # Its documents were taken from the chat meanwhile. From what it knows by itself the
            # model would answer something that was not asked for.
            self._fail_search(search, Failure(ErrorCode.COLLECTION_MISSING))
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
        if self._waits(search, _patience_s(found.evidence)):
            return
        self._drop_search(found.request_id)
        if search.reads_closest and found.evidence.is_merely_close:
            found = replace(found, evidence=closest_evidence(found.evidence))
        evidence, text, mode = found.evidence, "", search.request.mode
        if evidence.verdict not in ANSWERED:
            sources = nothing_found(evidence, mode)
        elif mode is AnswerMode.QUOTES:
            text, sources = quoted_answer(evidence)
        else:
            # Whoever cites has it before the engine can have begun.
            self.evidence_chosen.emit(found)
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
        now_s = time.monotonic()
        for answer_id, until_s in list(self._early.items()):
            if until_s <= now_s:
                self._search_again(answer_id)
        self._set_patience()

    def _waits(self, search: _Search, patience_s: float) -> bool:
        """Look again later if so much patience is not at its end; say if that is so."""
        until_s = search.asked_s + patience_s
        if time.monotonic() >= until_s:
            return False
        self._early[search.request.request_id] = until_s
        self._set_patience()
        return True

    def _set_patience(self) -> None:
        start_for_first(self._patience, self._early.values())

    def _search_again(self, answer_id: str) -> None:
        self._early.pop(answer_id, None)
        self.evidence_requested.emit(self._searches[answer_id].request)

    def _drop_search(self, answer_id: str) -> _Search | None:
        """Forget what is looked for; None if nothing is."""
        self._early.pop(answer_id, None)
        self._set_patience()
        return self._searches.pop(answer_id, None)

    def _fail_search(self, search: _Search, failure: Failure) -> None:
        self.search_failed.emit(events.AnswerFailed(search.question.answer_id, failure))

    @Slot(object)
    @guarded
    def refuse_evidence(self, failed: documents.EvidenceFailed) -> None:
        """Say that it could not be searched."""
        search = self._searches.get(failed.request_id)
        is_missing = failed.failure.code is ErrorCode.COLLECTION_MISSING
        # What was just dropped into a chat is not there before the index has heard of it.
        if search is not None and is_missing and self._waits(search, LOOKING_LIMIT_S):
            return
        if (search := self._drop_search(failed.request_id)) is not None:
            self._fail_search(search, failed.failure)

    @Slot(object)
    @guarded
    def stop_search(self, request: events.StopRequest) -> None:
        """Give up looking."""
        if self._drop_search(request.answer_id) is not None:
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
        # What was found, and which passages of it have reached the model, is known here.
        sources = replace(
            known,
            sources=cited.sources.sources,
            sentences=cited.sources.sentences,
            is_final=cited.sources.is_final,
        )
        self._keep(cited.answer_id, sources)
        self.sources_changed.emit(documents.AnswerCited(cited.answer_id, sources))
        if sources.is_final:
            self.save()

    def _keep(self, answer_id: str, sources: AnswerSources) -> None:
        self._sources[answer_id] = sources
        self._unsaved.add(answer_id)


def _patience_s(evidence: Evidence) -> float:
    """Give how long it is waited for documents of which nothing was read so far."""
    if evidence.verdict is not Verdict.NOTHING_READ:
        return 0.0
    if evidence.n_files_unread:
        return READING_LIMIT_S
    return 0.0 if evidence.n_files else LOOKING_LIMIT_S
