"""The index worker with a real database and folders, and stand-ins for reader and model.

The reader reads text files: form feeds end pages. The model gives each text a vector that its
hash decides.
"""

import hashlib
import random
import struct
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from app.core import events
from app.core.document_events import (
    AttachmentsKept,
    CollectionChangeRequest,
    CollectionDeleted,
    CollectionList,
    CollectionRequest,
    DocumentsForgotten,
    Embedded,
    EmbeddingModels,
    EmbedFailed,
    EmbedRequest,
    FileRequest,
    IndexChanged,
    IndexFailed,
    NewCollectionRequest,
)
from app.core.documents.collections import (
    CollectionHealth,
    CollectionState,
    CollectionSummary,
    FileHealth,
    IndexProgress,
)
from app.core.documents.embedding_model import BUILT_IN_KEY, EmbeddingModel, EmbeddingProfile
from app.core.documents.text import (
    Block,
    BlockKind,
    DocumentFacts,
    DocumentKind,
    PageText,
    PageUnit,
)
from app.core.errors import ErrorCode, Facts, Failure
from app.worker.document_reader import DocumentRead, PageRead, ReadFailed
from app.worker.index_worker import IndexWorker
from app.worker.signal_types import signal, signal_of

N_DIMENSIONS = 8
BUILT_IN = EmbeddingModel(
    BUILT_IN_KEY, "English, built in", Path("minilm.gguf"), EmbeddingProfile(), is_built_in=True
)
OTHER = EmbeddingModel(
    "e5-small-130000", "Many languages", Path("e5-small.gguf"), EmbeddingProfile(languages=("*",))
)


class TextReader(QObject):
    """Reads text files on the next turn of the event loop; `refusals` by name of file."""

    page_read = signal_of(PageRead)
    document_read = signal_of(DocumentRead)
    failed = signal_of(ReadFailed)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.read_names: list[str] = []
        self.refusals: dict[str, ErrorCode] = {}
        self.language = "en"
        self._waiting: tuple[str, Path] | None = None
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._work)

    def prepare(self) -> None:
        pass

    def hold(self) -> None:
        pass

    def go_on(self) -> None:
        pass

    def read(self, request_id: str, path: Path, *, reads_scans: bool) -> None:
        self.reads_scans = reads_scans
        self._waiting = (request_id, path)
        self._turn.start(0)

    def cancel(self) -> None:
        self._waiting = None

    def close(self) -> None:
        self._turn.stop()

    @Slot()
    def _work(self) -> None:
        if self._waiting is None:
            return
        request_id, path = self._waiting
        self.read_names.append(path.name)
        code = self.refusals.get(path.name)
        if code is None and path.suffix == ".bin":
            code = ErrorCode.DOCUMENT_UNSUPPORTED
        if code is not None:
            facts = Facts(file_name=path.name, path=str(path))
            self.failed.emit(ReadFailed(request_id, Failure(code, facts)))
            return
        pages = path.read_text(encoding="utf-8").split("\f")
        for number, text in enumerate(pages, 1):
            self.page_read.emit(PageRead(request_id, page_of(number, text)))
        facts_of_all = DocumentFacts(
            DocumentKind.TEXT, PageUnit.PAGE, path.stem, self.language, len(pages)
        )
        self.document_read.emit(DocumentRead(request_id, facts_of_all))


def page_of(number: int, text: str) -> PageText:
    """A page whose lines are paragraphs."""
    blocks, start = [], 0
    for line in text.split("\n"):
        if line:
            blocks.append(Block(BlockKind.PARAGRAPH, start, start + len(line)))
        start += len(line) + 1
    return PageText(number, "", text, tuple(blocks))


def vector_of(text: str) -> bytes:
    """A vector of length 1 as float32."""
    seed = hashlib.sha256(text.encode()).digest()
    numbers = random.Random(seed)
    row = [numbers.gauss(0, 1) for _ in range(N_DIMENSIONS)]
    length = sum(one * one for one in row) ** 0.5
    return struct.pack(f"={N_DIMENSIONS}f", *(one / length for one in row))


class Window(QObject):
    """Asks, embeds, and writes down what it hears."""

    opened = signal()
    closed = signal()
    create_requested = signal_of(NewCollectionRequest)
    change_requested = signal_of(CollectionChangeRequest)
    delete_requested = signal_of(CollectionRequest)
    restore_requested = signal_of(CollectionRequest)
    rescan_requested = signal_of(CollectionRequest)
    health_requested = signal_of(CollectionRequest)
    retry_requested = signal_of(FileRequest)
    purge_requested = signal()
    forgotten = signal_of(DocumentsForgotten)
    kept = signal_of(AttachmentsKept)
    models_changed = signal_of(EmbeddingModels)
    engine_changed = signal_of(events.EngineStatus)
    settings_changed = signal_of(events.SettingsChanged)
    embedded = signal_of(Embedded)
    embed_failed = signal_of(EmbedFailed)

    def __init__(self, worker: IndexWorker) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.summaries: dict[str, CollectionSummary] = {}
        self.files: dict[str, FileHealth] = {}
        self.requests: list[EmbedRequest] = []
        self.answers = True
        self.opened.connect(worker.open)
        self.closed.connect(worker.close)
        self.create_requested.connect(worker.create)
        self.change_requested.connect(worker.change)
        self.delete_requested.connect(worker.delete)
        self.restore_requested.connect(worker.restore)
        self.rescan_requested.connect(worker.rescan)
        self.health_requested.connect(worker.show_health)
        self.retry_requested.connect(worker.retry)
        self.purge_requested.connect(worker.purge)
        self.forgotten.connect(worker.forget_conversation_documents)
        self.kept.connect(worker.keep_attachments)
        self.models_changed.connect(worker.take_embedding_models)
        self.engine_changed.connect(worker.take_engine_status)
        self.settings_changed.connect(worker.apply_settings)
        self.embedded.connect(worker.take_embedded)
        self.embed_failed.connect(worker.take_embed_failed)
        worker.collections_changed.connect(self._hear_collections)
        worker.health_changed.connect(self._hear_health)
        worker.embed_requested.connect(self._embed)
        worker.progressed.connect(self._hear)
        worker.index_changed.connect(self._hear)
        worker.collection_deleted.connect(self._hear)
        worker.failed.connect(self._hear)

    def state_of(self, collection_id: str) -> CollectionState | None:
        summary = self.summaries.get(collection_id)
        return summary.state if summary is not None else None

    def failures(self) -> list[ErrorCode]:
        return [one.failure.code for one in self.heard if isinstance(one, IndexFailed)]

    @Slot(object)
    def _hear(self, fact: IndexProgress | IndexChanged | CollectionDeleted | IndexFailed) -> None:
        self.heard.append(fact)

    @Slot(object)
    def _hear_collections(self, news: CollectionList) -> None:
        self.summaries = {one.collection.collection_id: one for one in news.collections}

    @Slot(object)
    def _hear_health(self, health: CollectionHealth) -> None:
        self.files = {one.path.name: one for one in health.files}

    @Slot(object)
    def _embed(self, request: EmbedRequest) -> None:
        self.requests.append(request)
        if self.answers:
            self.answer(request)

    def answer(self, request: EmbedRequest) -> None:
        vectors = b"".join(map(vector_of, request.texts))
        self.embedded.emit(Embedded(request.request_id, N_DIMENSIONS, vectors))


Until = Callable[[Callable[[], bool]], None]
