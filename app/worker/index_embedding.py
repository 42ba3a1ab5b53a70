"""Lets vectors be made of what has been read, in small batches that disturb nobody."""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from app.core.document_events import Embedded, EmbedFailed, EmbedRequest
from app.core.documents.chunking import embedding_text
from app.core.documents.embedding_model import (
    EmbeddingModel,
    EmbedPurpose,
    name_of_key,
    passage_rules,
)
from app.core.errors import ErrorCode, Failure, WorldError
from app.core.errors import Facts as FailureFacts
from app.store.document_contents import ChunkToEmbed, NewVectors
from app.store.document_index import DocumentIndex
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded

_LOG = logging.getLogger(__name__)

BATCH_CHUNKS = 16
"""About a second of work on two slow cores: a chat or a pause waits no longer."""
MAX_FAILURES = 4
"""Batches that may fail one after the other before a model is left alone for a while."""
RETRY_MS = 5_000
BLOCKED_MS = 10 * 60_000
STORE_RETRY_MS = 30_000
CHUNKS_AT_ONCE = 500
"""Chunks that are looked up; a book of 700 pages has ten times as many."""
AHEAD = 200
"""Contents of which is known that they come next."""
_LASTING = frozenset(
    {
        ErrorCode.EMBEDDING_MODEL_MISSING,
        ErrorCode.EMBEDDING_MODEL_UNUSABLE,
        ErrorCode.ENGINE_UNUSABLE,
    }
)
"""Failures that do not go away by trying again."""


@dataclass(frozen=True, slots=True)
class BatchDone:
    """Vectors of a batch are kept.

    Attributes:
        content_ids: whose chunks they are.
        completed: those of them that are done.
        n_of_last: chunks that were done of the last of them, if it is not completed.
    """

    n_chunks: int
    content_ids: tuple[int, ...]
    completed: tuple[int, ...]
    n_of_last: int = 0


@dataclass(frozen=True, slots=True)
class _Batch:
    request_id: str
    key: str
    digests: tuple[bytes, ...]
    content_ids: tuple[int, ...]
    completed: tuple[int, ...]
    n_of_last: int
    began_s: float


class EmbeddingRun(QObject):
    """Takes contents from found by words to found by meaning.

    Args:
        index: what lacks vectors, and where they go.
        owner: moves to its thread with it.

    Signals:
        embed_requested: a batch; its answer is to be given to `take` or `take_failure`.
        done: a batch is kept.
        rested: there is nothing to do for any model.
        blocked: vectors cannot be made at present.
    """

    embed_requested = signal_of(EmbedRequest)
    done = signal_of(BatchDone)
    rested = signal_of(bool)
    blocked = signal_of(Failure)

    def __init__(self, index: DocumentIndex, owner: QObject) -> None:
        super().__init__(owner)
        self._index = index
        self._models: dict[str, EmbeddingModel] | None = None
        self._keys: tuple[str, ...] = ()
        self._batch: _Batch | None = None
        self._queue: list[int] = []
        self._queue_key = ""
        self._chunks: list[ChunkToEmbed] = []
        self._chunks_of = self._next_position = 0
        self._has_more = False
        self._failures: dict[str, Failure] = {}
        self._heeded: set[str] = set()
        self._n_failed = self._serial = 0
        self._batch_chunks = BATCH_CHUNKS
        self._is_closed = self._is_held = False
        self._half_speed = False
        self._has_worked = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.wake)
        self._unblock = QTimer(self)
        self._unblock.setSingleShot(True)
        self._unblock.setInterval(BLOCKED_MS)
        self._unblock.timeout.connect(self.try_again)

    @property
    def failures(self) -> dict[str, Failure]:
        """Why no vectors are made with a model, by its key."""
        return dict(self._failures)

    def report(self, failure: Failure) -> None:
        """Wait a while, since what was made could not be kept."""
        self._batch = None
        self.forget_queue()
        self._later.start(STORE_RETRY_MS)
        self.blocked.emit(failure)

    # --- what decides whether and how fast ---

    def set_models(self, models: Iterable[EmbeddingModel]) -> None:
        """Take which models there are; one that could not be used is tried again."""
        self._models = {one.key: one for one in models}
        self._failures.clear()
        self._n_failed = 0
        self.wake()

    def set_keys(self, keys: Iterable[str]) -> None:
        """Take which models collections want."""
        self._keys = tuple(dict.fromkeys(keys))
        self._failures = {
            key: failure for key, failure in self._failures.items() if key in self._keys
        }
        self.forget_queue()
        self.wake()

    def set_pace(self, *, is_held: bool, half_speed: bool) -> None:
        """Stand still while a chat or the battery needs it, or work half of the time."""
        self._is_held, self._half_speed = is_held, half_speed
        self.wake()

    @Slot()
    def try_again(self) -> None:
        """Use models again that could not be used."""
        self._failures.clear()
        self._n_failed = 0
        self.wake()

    def forget_queue(self) -> None:
        """Ask anew what comes next, since contents have come, gone or were paused."""
        self._queue = []
        self._chunks = []
        self._chunks_of = 0

    def begin_anew(self) -> None:
        """Forget all contents, since their ids are those of another database."""
        self._batch = None
        self._later.stop()
        self._heeded.clear()
        self.forget_queue()

    def close(self) -> None:
        """Ask for nothing more."""
        self._is_closed = True
        self._later.stop()
        self._unblock.stop()

    # --- batch after batch ---

    @Slot()
    @guarded
    def wake(self) -> None:
        """Ask for the next batch if nothing speaks against it."""
        if self._batch is not None or self._is_closed or self._is_held:
            return
        if self._models is None:
            return  # It is not known yet which there are.
        if self._later.isActive() and self._later.remainingTime() > 0:
            return
        for key in self._keys:
            if key in self._failures:
                continue
            if self._ask(key):
                return
        self.rested.emit(self._has_worked)
        self._has_worked = False

    def _ask(self, key: str) -> bool:
        """Ask for a batch with one model; False if nothing is left to do with it."""
        self._heed_rules(key)
        picked: list[ChunkToEmbed] = []
        contents: list[int] = []
        completed: list[int] = []
        while len(picked) < self._batch_chunks and len(contents) < AHEAD:
            # Some may lack nothing but the note that they are done.
            if not self._chunks_of and not self._take_next_content(key, contents):
                break
            room = self._batch_chunks - len(picked)
            picked += self._pick(key, room)
            contents.append(self._chunks_of)
            if not self._chunks:
                completed.append(self._chunks_of)
                self._chunks_of = 0
        if not contents:
            return False
        model = (self._models or {}).get(key)
        if model is None:
            self.forget_queue()
            self._block(
                key, Failure(ErrorCode.EMBEDDING_MODEL_MISSING, FailureFacts(name_of_key(key)))
            )
            return False
        self._send(model, picked, tuple(contents), tuple(completed))
        return True

    def _heed_rules(self, key: str) -> None:
        """Once for each model: make vectors anew that were made by other rules."""
        model = (self._models or {}).get(key)
        if model is not None and key not in self._heeded:
            self._index.contents.heed_rules(key, passage_rules(model.profile))
            self._heeded.add(key)

    def _take_next_content(self, key: str, besides: list[int]) -> bool:
        if key != self._queue_key:
            self.forget_queue()
            self._queue_key = key
        if not self._queue:
            self._queue = self._index.contents.to_embed(key, AHEAD, besides)
        if not self._queue:
            return False
        self._chunks_of = self._queue.pop(0)
        self._next_position, self._has_more = 0, True
        self._look_up(key)
        return True

    def _look_up(self, key: str) -> None:
        """Look which chunks of the present content come next."""
        self._chunks = self._index.contents.chunks_to_embed(
            self._chunks_of, key, self._next_position, CHUNKS_AT_ONCE
        )
        self._has_more = len(self._chunks) == CHUNKS_AT_ONCE

    def _pick(self, key: str, n_at_most: int) -> list[ChunkToEmbed]:
        """Take the next chunks of the present content; none are left if it lacks no more."""
        picked, self._chunks = self._chunks[:n_at_most], self._chunks[n_at_most:]
        if picked:
            self._next_position = picked[-1].chunk.position + 1
        if not self._chunks and self._has_more:
            self._look_up(key)
        return picked

    def _send(
        self,
        model: EmbeddingModel,
        picked: list[ChunkToEmbed],
        contents: tuple[int, ...],
        completed: tuple[int, ...],
    ) -> None:
        # The same text in two documents of one batch is embedded once.
        texts = {one.digest: embedding_text(one.chunk) for one in picked}
        self._serial += 1
        request_id = f"index-{self._serial}"
        self._batch = _Batch(
            request_id,
            model.key,
            tuple(texts),
            contents,
            completed,
            self._next_position if self._chunks_of else 0,
            time.monotonic(),
        )
        self._has_worked = True
        if not texts:
            self._keep(self._batch, ())
            return
        request = EmbedRequest(request_id, model, tuple(texts.values()), EmbedPurpose.PASSAGE)
        self.embed_requested.emit(request)

    @guarded
    def take(self, embedded: Embedded) -> None:
        """Keep vectors that were asked for; those of others are none of ours."""
        batch = self._batch
        if batch is None or embedded.request_id != batch.request_id:
            return
        rows = np.frombuffer(embedded.vectors, np.float32)
        n_rows = len(batch.digests)
        if not embedded.n_dimensions or rows.size != n_rows * embedded.n_dimensions:
            raise WorldError(
                ErrorCode.EMBEDDING_MODEL_UNUSABLE,
                FailureFacts(batch.key, reason="wrong number of vectors"),
            )
        halves = rows.reshape(n_rows, embedded.n_dimensions).astype(np.float16)
        self._n_failed = 0
        self._batch_chunks = BATCH_CHUNKS
        self._keep(batch, tuple(row.tobytes() for row in halves))

    def _keep(self, batch: _Batch, vectors: tuple[bytes, ...]) -> None:
        pairs = tuple(zip(batch.digests, vectors, strict=True))
        self._index.contents.keep_vectors(NewVectors(batch.key, pairs, batch.completed))
        self._batch = None
        done = BatchDone(len(pairs), batch.content_ids, batch.completed, batch.n_of_last)
        self.done.emit(done)
        rest_s = time.monotonic() - batch.began_s if self._half_speed else 0.0
        # By way of the event loop, so that other requests are heard in between.
        self._later.start(round(rest_s * 1000))

    @guarded
    def take_failure(self, failed: EmbedFailed) -> None:
        """Try again in a while, with fewer texts, or leave the model alone."""
        batch = self._batch
        if batch is None or failed.request_id != batch.request_id:
            return
        self._batch = None
        self.forget_queue()
        self._n_failed += 1
        self._batch_chunks = max(1, self._batch_chunks // 2)
        if failed.failure.code in _LASTING or self._n_failed >= MAX_FAILURES:
            self._block(batch.key, failed.failure)
            self.wake()
        else:
            self._later.start(RETRY_MS)

    def _block(self, key: str, failure: Failure) -> None:
        _LOG.warning("no vectors: %s", failure.code)
        self._failures[key] = failure
        self._n_failed = 0
        if failure.code not in _LASTING:
            self._unblock.start()
        self.blocked.emit(failure)
