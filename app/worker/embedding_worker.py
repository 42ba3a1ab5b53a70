"""Makes vectors of texts, in an engine process of its own.

A process of its own, so that a question never waits for an answer that is being written, and so
that its death does not touch the chat. It is started when it is first needed and ended after
some minutes of rest. Questions overtake passages: the slice of passages that is being computed
is stopped for them. While the chat's engine works, passages wait: on few cores the two of them
together would be slower than one after the other.
"""

import itertools
import logging
import os
from pathlib import Path

import psutil
from PySide6.QtCore import QObject, QThread, QTimer, Slot

from app.core import events
from app.core.document_events import Embedded, EmbeddingModels, EmbedFailed, EmbedRequest
from app.core.documents.embedding_model import EmbeddingModel, EmbedPurpose
from app.core.errors import ErrorCode, Facts, Failure
from app.core.events import EngineState
from app.core.settings import SettingKey
from app.engine import protocol
from app.engine.protocol import Phase, Reply
from app.store.embedding_models import EmbeddingModels as ModelFinder
from app.worker.embed_queue import EmbedJob, EmbedQueue
from app.worker.engine_loss import EngineLoss
from app.worker.engine_supervisor import EngineSupervisor
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded
from app.worker.thread_choice import ThreadChoice

_LOG = logging.getLogger(__name__)

FEW_CORES = 2
"""On more, one is left to the window; passages are never embedded while a chat is answered."""
IDLE_MS = 5 * 60_000
"""After so much rest the process is ended, and its memory given back."""
LINGER_MS = 3_000
"""After a question its model stays loaded for so long, though passages wait for another one, as
while a collection changes its model: sentences are compared with the question next, and to load
a model for many languages takes half a second."""
MAX_TRIES = 2
"""A slice over which the engine dies so often is given up."""


class EmbeddingWorker(QObject):
    """The only way to vectors; lives on a thread of its own.

    Args:
        built_in: the model that comes with Quillhouse; None if set-up has not made it.
        models_folder: where downloads go unless the settings name another place.
        idle_ms: after so much rest the process is ended.

    Signals:
        embedded: the vectors of a request.
        embed_failed: a request has none.
        models_changed: the embedding models on this computer, at start and after each change.
    """

    embedded = signal_of(Embedded)
    embed_failed = signal_of(EmbedFailed)
    models_changed = signal_of(EmbeddingModels)

    def __init__(
        self,
        built_in: EmbeddingModel | None,
        models_folder: Path | None = None,
        idle_ms: int = IDLE_MS,
    ) -> None:
        super().__init__()
        self._built_in = built_in
        self._usual_folder = models_folder
        self._chosen_folder: Path | None = None
        self._library: tuple[Path, ...] = ()
        self._finder = ModelFinder()
        self._models: tuple[EmbeddingModel, ...] | None = None
        self._supervisor = EngineSupervisor(self)
        self._supervisor.became_ready.connect(self._advance)
        self._supervisor.replied.connect(self._take)
        self._supervisor.lost.connect(self._on_lost)
        self._supervisor.gave_up.connect(self._on_gave_up)
        self._queue = EmbedQueue()
        self._numbers = itertools.count(1)
        self._sent_id = ""
        self._sent: EmbedJob | None = None
        self._n_sent = self._sent_characters = 0
        self._loading: EmbeddingModel | None = None
        self._loaded: EmbeddingModel | None = None
        self._n_dimensions = 0
        self._is_chat_busy = False
        self._has_load_died = False
        n_cores = psutil.cpu_count(logical=False) or os.cpu_count() or 1
        self._threads = ThreadChoice(n_cores if n_cores <= FEW_CORES else n_cores - 1)
        self._sent_threads = 1
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(idle_ms)
        self._idle.timeout.connect(self._rest)
        self._linger = QTimer(self)
        self._linger.setSingleShot(True)
        self._linger.setInterval(LINGER_MS)
        self._linger.timeout.connect(self._advance)

    @property
    def process_id(self) -> int:
        """Process id of the engine; 0 when there is none."""
        return self._supervisor.process_id

    def report(self, failure: Failure) -> None:
        """Let what is being computed fail with a mistake of ours."""
        job, self._sent = self._sent, None
        if job is not None:
            self._refuse(job, failure)
        if self._supervisor.state is EngineState.BUSY:
            self._supervisor.stop_request(self._sent_id)

    # --- asked by others ---

    @Slot()
    @guarded
    def open(self) -> None:
        """Say which models there are."""
        self._report_models()

    @Slot()
    @guarded
    def close(self) -> None:
        """End the process and this thread's event loop."""
        QThread.currentThread().quit()
        self._idle.stop()
        self._linger.stop()
        self._queue.clear()
        self._supervisor.close()

    @Slot(object)
    @guarded
    def embed(self, request: EmbedRequest) -> None:
        """Make vectors when it is this request's turn."""
        if not request.texts:
            self.embedded.emit(Embedded(request.request_id, self._n_dimensions, b""))
            return
        self._idle.stop()
        self._queue.add(request)
        is_query = request.purpose is EmbedPurpose.QUERY
        if is_query and self._sent is not None and not self._is_query(self._sent):
            self._supervisor.stop_request(self._sent_id)
        self._advance()

    @Slot(object)
    @guarded
    def apply_settings(self, settings: events.SettingsChanged) -> None:
        """Look for models where downloads go."""
        chosen = str(settings.values.get(SettingKey.MODELS_FOLDER, ""))
        folder = Path(chosen) if chosen else None
        if folder != self._chosen_folder:
            self._chosen_folder = folder
            self._report_models()

    @Slot(object)
    @guarded
    def take_library(self, library: events.Library) -> None:
        """Look again which models there are, since one may have come or gone."""
        self._library = tuple(model.path for model in library.models)
        self._report_models()

    @Slot(object)
    @guarded
    def take_engine_status(self, status: events.EngineStatus) -> None:
        """Let the chat go first."""
        self._is_chat_busy = status.state is EngineState.BUSY or status.is_loading
        self._advance()

    def _report_models(self) -> None:
        folders = [one for one in (self._chosen_folder, self._usual_folder) if one is not None]
        built_in = () if self._built_in is None else (self._built_in,)
        own = {one.path for one in built_in}
        found = [one for one in self._finder.find(folders, self._library) if one.path not in own]
        models = (*built_in, *found)
        if models != self._models:
            self._models = models
            self.models_changed.emit(EmbeddingModels(models))

    # --- what to do next ---

    @Slot()
    @guarded
    def _advance(self) -> None:
        """Give the engine its next request, if it is free and there is something to do."""
        state = self._supervisor.state
        if state is EngineState.STOPPED and self._may_work():
            self._supervisor.open()
        if state is not EngineState.READY:
            return
        job = self._queue.next(only_queries=self._is_chat_busy)
        if job is None:
            if not self._queue:
                self._idle.start()
            return
        if job.request.model == self._loaded:
            self._send(job)
        elif self._linger.isActive() and not self._is_query(job):
            self._queue.put_back(job)
        else:
            self._load(job)

    def _may_work(self) -> bool:
        return self._queue.has_queries or (bool(self._queue) and not self._is_chat_busy)

    def _load(self, job: EmbedJob) -> None:
        model = job.request.model
        self._queue.put_back(job)
        self._loading, self._loaded = model, None
        self._sent_id = f"load-{next(self._numbers)}"
        profile = model.profile
        self._supervisor.request(
            protocol.LoadEmbedding(
                self._sent_id,
                os.fsencode(model.path),
                model.name,
                profile.pooling,
                profile.max_tokens,
                profile.n_dimensions,
                profile.text_end,
            )
        )

    def _send(self, job: EmbedJob) -> None:
        profile = job.request.model.profile
        is_query = self._is_query(job)
        prefix = profile.query_prefix if is_query else profile.passage_prefix
        texts = tuple(prefix + text for text in self._queue.slice_of(job))
        self._sent, self._sent_id = job, f"embed-{next(self._numbers)}"
        self._n_sent, self._sent_characters = len(texts), sum(map(len, texts))
        self._sent_threads = self._threads.n_threads
        self._supervisor.request(protocol.Embed(self._sent_id, texts, self._sent_threads))

    @Slot()
    @guarded
    def _rest(self) -> None:
        """End the process, which has nothing to do."""
        if self._sent is None and not self._queue:
            self._forget_engine()
            self._supervisor.close()

    # --- what the engine says ---

    @Slot(object)
    @guarded
    def _take(self, reply: Reply) -> None:
        """Handle one reply; those to earlier requests are dropped."""
        if reply.request_id != self._sent_id:
            return
        match reply:
            case protocol.EmbeddingLoaded(n_dimensions=n_dimensions):
                self._loaded, self._loading = self._loading, None
                self._n_dimensions = n_dimensions
                self._has_load_died = False
            case protocol.Embedded():
                self._take_vectors(reply)
            case protocol.Failed(failure=failure):
                self._on_failed(failure)
            case _:
                return
        self._supervisor.end_request()
        self._advance()

    def _take_vectors(self, reply: protocol.Embedded) -> None:
        job, self._sent = self._sent, None
        if job is None:
            return
        job.take(reply.vectors, reply.n_texts)
        if job.is_done:
            if self._is_query(job):
                self._linger.start()
            self.embedded.emit(job.result(reply.n_dimensions))
        else:
            self._queue.put_back(job)
        if reply.n_texts == self._n_sent:
            # One that a question has cut short tells nothing of how fast all of it would be.
            self._queue.learn(self._sent_characters, reply.compute_s)
            self._threads.learn(self._sent_threads, self._sent_characters, reply.compute_s)

    def _on_failed(self, failure: Failure) -> None:
        job, self._sent = self._sent, None
        if job is not None:
            self._refuse(job, failure)
        elif self._loading is not None:
            model, self._loading = self._loading, None
            self._refuse_model(model, failure)

    @Slot(object)
    @guarded
    def _on_lost(self, loss: EngineLoss) -> None:
        """Try once more what the process died of, then give it up."""
        job, loading = self._sent, self._loading
        self._forget_engine()
        if loading is not None and loss.phase is Phase.LOADING:
            facts = Facts(file_name=loading.name, reason=loss.how)
            failure = Failure(ErrorCode.EMBEDDING_MODEL_UNUSABLE, facts, loss.log)
            if self._has_load_died:
                self._refuse_model(loading, failure)
            self._has_load_died = not self._has_load_died
        elif job is not None and not loss.was_killed:
            job.n_tried += 1
            if job.n_tried < MAX_TRIES:
                self._queue.put_back(job)
            else:
                facts = Facts(file_name=job.request.model.name, reason=loss.how)
                self._refuse(job, Failure(ErrorCode.ENGINE_LOST, facts, loss.log))
        elif job is not None:
            # It did not stop in time for a question, which is now the next.
            self._queue.put_back(job)

    @Slot(object)
    @guarded
    def _on_gave_up(self, failure: Failure) -> None:
        """Refuse whatever waits; the next request tries again."""
        self._forget_engine()
        for job in self._queue.clear():
            self._refuse(job, failure)

    def _forget_engine(self) -> None:
        self._sent = self._loading = self._loaded = None
        self._sent_id = ""

    def _refuse_model(self, model: EmbeddingModel, failure: Failure) -> None:
        _LOG.warning("embedding model not loaded: %s %s", failure.code, failure.detail)
        if failure.code is ErrorCode.EMBEDDING_MODEL_MISSING:
            self._report_models()
        for job in reversed(self._queue.clear()):
            if job.request.model == model:
                self._refuse(job, failure)
            else:
                self._queue.put_back(job)

    def _refuse(self, job: EmbedJob, failure: Failure) -> None:
        self.embed_failed.emit(EmbedFailed(job.request.request_id, failure))

    def _is_query(self, job: EmbedJob) -> bool:
        return job.request.purpose is EmbedPurpose.QUERY
