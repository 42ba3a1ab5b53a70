"""Finds what the documents say to a question."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QObject, QThread, QTimer, Slot

from app.core import document_events as events
from app.core.documents.embedding_model import EmbeddingModel, EmbeddingProfile, EmbedPurpose
from app.core.documents.embedding_profiles import knows_language
from app.core.documents.evidence import Evidence, Verdict
from app.core.documents.follow_up import standing_alone
from app.core.documents.ranking import FOREIGN_VECTOR_WEIGHT, VECTOR_WEIGHT
from app.core.documents.relevance import WITH_COSINE
from app.core.errors import Failure
from app.core.events import ShownConversation
from app.store.database import Database
from app.store.document_search import DocumentSearch, QueryVector
from app.store.evidence_search import EvidenceQuestion, Look, evidence_of, look
from app.store.search_scope import Scope, scope_of
from app.store.vector_search import Floats
from app.worker.deadlines import start_for_first
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded, guarded_by, outcome_of

VECTOR_WAIT_MS = 1_500
"""After which a question is answered by its words only."""
MAX_REMEMBERED = 64
"""Vectors of questions that are kept, as one is often asked again of other documents."""
PREPARED_S = 20.0
"""While files are read there is always something new; what it takes is not done for each."""
QUERY_ID = "query-"


@dataclass(slots=True)
class _Search:
    """A question that waits for its vectors."""

    request_id: str
    collection_ids: tuple[str, ...]
    file_id: int
    question: EvidenceQuestion
    awaited: dict[str, str] = field(default_factory=dict)
    vectors: dict[str, Floats] = field(default_factory=dict)
    seen: Look | None = None
    sentences: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cosines: dict[str, float] = field(default_factory=dict)
    until_s: float = 0.0


class RetrievalWorker(QObject):
    """Answers evidence requests; lives on the "retrieval" thread.

    Reads the documents' database through a connection of its own. A question waits for its
    vectors, which the embedding worker makes, for `VECTOR_WAIT_MS` at most.

    Signals:
        evidence_found: what was found, or that there is nothing.
        evidence_failed: it could not be searched.
        embed_requested: a vector of a question is wanted.
    """

    evidence_found = signal_of(events.EvidenceFound)
    evidence_failed = signal_of(events.EvidenceFailed)
    embed_requested = signal_of(events.EmbedRequest)

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self._search = DocumentSearch(database)
        self._models: dict[str, EmbeddingModel] = {}
        self._waiting: dict[str, _Search] = {}
        self._remembered: dict[tuple[str, str], Floats] = {}
        self._n_asked = 0
        self._patience = QTimer(self, singleShot=True)
        self._patience.timeout.connect(self._stop_waiting)
        self._prepared: tuple[str, ...] = ()
        self._prepared_s = 0.0
        self._has_changed = False
        self._steps: Iterator[None] = iter(())
        self._pause = QTimer(self, singleShot=True, interval=0)
        self._pause.timeout.connect(self._prepare_on)

    def report(self, failure: Failure) -> None:
        """Give up what waits, since it cannot be known whose failure it was."""
        for request_id in list(self._waiting):
            self._fail(request_id, failure)

    def _refuse(self, failure: Failure, request: events.EvidenceRequest) -> None:
        self._fail(request.request_id, failure)

    def _refuse_file(self, failure: Failure, request: events.FileEvidenceRequest) -> None:
        self._fail(request.request_id, failure)

    @Slot()
    @guarded
    def open(self) -> None:
        """Begin; nothing is read before the first question."""

    @Slot()
    def close(self) -> None:
        """Stop and end the thread."""
        QThread.currentThread().quit()
        for request_id in list(self._waiting):
            self._drop(request_id)
        self._pause.stop()
        self._database.close()

    @Slot(object)
    @guarded_by(_refuse)
    def find(self, request: events.EvidenceRequest) -> None:
        """Look for what collections say to a question."""
        text = standing_alone(request.question, request.earlier_questions)
        question = EvidenceQuestion(text, request.question, request.mode, request.budget_tokens)
        self._begin(_Search(request.request_id, request.collection_ids, 0, question))

    @Slot(object)
    @guarded_by(_refuse_file)
    def find_in_file(self, request: events.FileEvidenceRequest) -> None:
        """Look for what one file says to a question."""
        question = EvidenceQuestion(request.question)
        collections = (request.collection_id,)
        self._begin(_Search(request.request_id, collections, request.file_id, question))

    @Slot(object)
    @guarded
    def take_embedded(self, embedded: events.Embedded) -> None:
        """Go on with a question whose vector has come."""
        search = self._search_of(embedded.request_id)
        if search is None:
            return
        key = search.awaited.pop(embedded.request_id)
        rows = np.frombuffer(embedded.vectors, np.float32).reshape(-1, embedded.n_dimensions)
        sentences = search.sentences.pop(embedded.request_id, None)
        if sentences is None:
            search.vectors[key] = rows[0]
            self._remember(key, search.question.text, rows[0])
        else:
            near = (rows @ search.vectors[key]).tolist()
            search.cosines = dict(zip(sentences, near, strict=True))
        self._go_on(search)

    @Slot(object)
    @guarded
    def take_embed_failed(self, failed: events.EmbedFailed) -> None:
        """Go on with a question that gets no vector."""
        search = self._search_of(failed.request_id)
        if search is None:
            return
        del search.awaited[failed.request_id]
        self._go_on(search)

    @Slot(object)
    @guarded
    def take_index_changed(self, changed: events.IndexChanged) -> None:
        """Note that the index has changed; what is new is read with the next question."""
        self._has_changed = True
        if not changed.collection_ids:
            self._search.forget()
            # Its steps would go on with the chunks of an index that is no more.
            self._prepared, self._steps = (), iter(())

    @Slot(object)
    @guarded
    def take_embedding_models(self, models: events.EmbeddingModels) -> None:
        """Note which embedding models there are."""
        self._models = {model.key: model for model in models.models}

    # --- before a question ---

    @Slot(object)
    @guarded
    def prepare_chat(self, shown: ShownConversation) -> None:
        """Get ready to be asked in a chat, as it was opened or changed."""
        self._prepare(shown.conversation.documents.collection_ids)

    @Slot(object)
    @guarded
    def prepare_collection(self, request: events.CollectionRequest) -> None:
        """Get ready to be asked from a collection, as it is looked at; "" if none is any more."""
        if request.collection_id:
            self._prepare((request.collection_id,))

    def _prepare(self, collection_ids: tuple[str, ...]) -> None:
        now_s = time.monotonic()
        is_new = self._has_changed and now_s - self._prepared_s >= PREPARED_S
        if collection_ids and (is_new or collection_ids != self._prepared):
            self._prepared, self._prepared_s = collection_ids, now_s
            self._has_changed = False
            self._steps = self._steps_for(collection_ids)
            self._pause.start()

    def _steps_for(self, collection_ids: tuple[str, ...]) -> Iterator[None]:
        self._database.join()
        scope = scope_of(self._database, collection_ids, 0, self._models)
        yield
        yield from self._search.prepare(scope)

    @Slot()
    @guarded
    def _prepare_on(self) -> None:
        """Take a step; a question that comes between two of them is answered first."""
        if self._waiting:
            return  # Until none is; see `_drop`.
        went = outcome_of(lambda: next(self._steps, self._steps), "preparing")
        if isinstance(went, Failure):
            # If it goes wrong again when a question is asked, it is told then.
            self._prepared = ()
        elif went is None:
            self._pause.start()

    # --- one question ---

    def _begin(self, search: _Search) -> None:
        self._drop(search.request_id)
        self._database.join()
        scope = self._scope_of(search)
        if not scope.files:
            evidence = Evidence(
                Verdict.NOTHING_READ,
                n_files=scope.n_files,
                n_files_unread=scope.n_unread,
                has_vectors=False,
                question=search.question.text,
            )
            self.evidence_found.emit(events.EvidenceFound(search.request_id, evidence))
            return
        requests = [
            request for key in scope.keys if (request := self._request(search, scope, key))
        ]
        search.until_s = time.monotonic() + VECTOR_WAIT_MS / 1000
        self._waiting[search.request_id] = search
        self._wait_on()
        for request in requests:
            self.embed_requested.emit(request)
        self._go_on(search)

    def _request(self, search: _Search, scope: Scope, key: str) -> events.EmbedRequest | None:
        """Give the request for a vector; None if it is not needed or there can be none."""
        model = self._models.get(key)
        if model is None or not self._search.has_vectors(scope, key):
            return None
        known = self._remembered.get((key, search.question.text))
        if known is not None:
            search.vectors[key] = known
            return None
        return self._awaited(search, model, (search.question.text,), EmbedPurpose.QUERY)

    def _awaited(
        self, search: _Search, model: EmbeddingModel, texts: tuple[str, ...], purpose: EmbedPurpose
    ) -> events.EmbedRequest:
        self._n_asked += 1
        request_id = f"{QUERY_ID}{self._n_asked}"
        search.awaited[request_id] = model.key
        return events.EmbedRequest(request_id, model, texts, purpose)

    def _go_on(self, search: _Search) -> None:
        """Take the next step once nothing is awaited: look, compare sentences, decide."""
        if search.awaited:
            return
        if search.seen is None:
            search.seen = self._look(search)
            request = self._sentences_request(search, search.seen)
            if request is not None:
                self.embed_requested.emit(request)
                return
        self._finish(search)

    def _look(self, search: _Search) -> Look:
        """Find passages with the vectors that have come."""
        self._database.join()
        scope = self._scope_of(search)
        queries = {
            key: QueryVector(vector, self._weight(key, scope))
            for key, vector in search.vectors.items()
            if key in scope.keys and self._search.has_vectors(scope, key)
        }
        return look(self._database, self._search, scope, search.question, queries)

    def _sentences_request(self, search: _Search, seen: Look) -> events.EmbedRequest | None:
        """Ask for vectors of sentences, if they are of use for the verdict."""
        keys = [key for key in search.vectors if key in WITH_COSINE and key in self._models]
        sentences = seen.sentences
        if not keys or not sentences or self._weight(keys[0], seen.scope) < VECTOR_WEIGHT:
            return None
        model = self._models[keys[0]]
        profile = model.profile
        # Questions go before all else; a model that knows no difference takes sentences as such.
        is_same = profile.query_prefix == profile.passage_prefix
        purpose = EmbedPurpose.QUERY if is_same else EmbedPurpose.PASSAGE
        request = self._awaited(search, model, sentences, purpose)
        search.sentences[request.request_id] = sentences
        return request

    @Slot()
    @guarded
    def _stop_waiting(self) -> None:
        now_s = time.monotonic()
        for search in [one for one in self._waiting.values() if one.until_s <= now_s]:
            self._finish(search)
        self._wait_on()

    def _wait_on(self) -> None:
        """Wait for the vectors of the question that has waited longest."""
        start_for_first(self._patience, (one.until_s for one in self._waiting.values()))

    def _finish(self, search: _Search) -> None:
        """Search with the vectors that have come."""
        self._drop(search.request_id)
        outcome = outcome_of(lambda: self._evidence(search), "evidence")
        if isinstance(outcome, Failure):
            self._fail(search.request_id, outcome)
        else:
            self.evidence_found.emit(events.EvidenceFound(search.request_id, outcome))

    def _evidence(self, search: _Search) -> Evidence:
        seen = search.seen if search.seen is not None else self._look(search)
        self._database.join()
        key = next((one for one in search.vectors if one in WITH_COSINE), "")
        return evidence_of(self._database, seen, search.cosines, key)

    def _weight(self, key: str, scope: Scope) -> float:
        """Give how much a model's vectors count, by whether it knows the documents' language."""
        profile = self._models[key].profile if key in self._models else EmbeddingProfile()
        language = scope.languages[0] if scope.languages else ""
        return VECTOR_WEIGHT if knows_language(profile, language) else FOREIGN_VECTOR_WEIGHT

    def _scope_of(self, search: _Search) -> Scope:
        return scope_of(self._database, search.collection_ids, search.file_id, self._models)

    def _search_of(self, request_id: str) -> _Search | None:
        found = (one for one in self._waiting.values() if request_id in one.awaited)
        return next(found, None)

    def _remember(self, key: str, text: str, vector: Floats) -> None:
        self._remembered[key, text] = vector
        while len(self._remembered) > MAX_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]

    def _fail(self, request_id: str, failure: Failure) -> None:
        self._drop(request_id)
        self.evidence_failed.emit(events.EvidenceFailed(request_id, failure))

    def _drop(self, request_id: str) -> None:
        if self._waiting.pop(request_id, None) is not None:
            self._wait_on()
            if not self._waiting:
                self._pause.start()
