"""The index worker with a real database and folders, and stand-ins for reader and model.

The reader reads text files: form feeds end pages, and some are pictures of text. The model gives
each text a vector that its hash decides.
"""

import hashlib
import os
import random
import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, Slot
from pytestqt.qtbot import QtBot

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
from app.store.document_index import document_database
from app.worker import index_reading, index_scan
from app.worker.document_reader import DocumentRead, PageRead, ReadFailed
from app.worker.index_worker import IndexWorker
from app.worker.signal_types import signal, signal_of
from app.worker.threads import WorkerThread

SCAN = "[scan]"
"""Stands on pages that are pictures."""
LONG_AGO = 1_700_000_000
N_DIMENSIONS = 8
BUILT_IN = EmbeddingModel(
    BUILT_IN_KEY, "English, built in", Path("minilm.gguf"), EmbeddingProfile(), is_built_in=True
)
OTHER = EmbeddingModel(
    "e5-small-130000", "Many languages", Path("e5-small.gguf"), EmbeddingProfile(languages=("*",))
)


class TextReader(QObject):
    """Reads text files, a page each turn of the event loop; `refusals` by name of file."""

    page_read = signal_of(PageRead)
    document_read = signal_of(DocumentRead)
    failed = signal_of(ReadFailed)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.read_names: list[str] = []
        self.is_prepared = self.is_closed = False
        self.refusals: dict[str, ErrorCode] = {}
        self.language = "en"
        self._request_id = ""
        self._path = Path()
        self._waiting: list[PageText] = []
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._work)

    def prepare(self) -> None:
        self.is_prepared = True

    def hold(self) -> None:
        self._turn.stop()

    def go_on(self) -> None:
        if self._request_id:
            self._turn.start(0)

    def read(self, request_id: str, path: Path, *, reads_scans: bool) -> None:
        self.reads_scans = reads_scans
        self._request_id, self._path = request_id, path
        self._waiting = []
        self._turn.start(0)

    def cancel(self) -> None:
        self._request_id = ""
        self._turn.stop()

    def close(self) -> None:
        self.is_closed = True
        self.cancel()

    @Slot()
    def _work(self) -> None:
        request_id, path = self._request_id, self._path
        if not self._waiting:
            self.read_names.append(path.name)
            code = self.refusals.get(path.name)
            if code is None and path.suffix == ".bin":
                code = ErrorCode.DOCUMENT_UNSUPPORTED
            if code is not None:
                facts = Facts(file_name=path.name, path=str(path))
                self.failed.emit(ReadFailed(request_id, Failure(code, facts)))
                return
            texts = path.read_text(encoding="utf-8").split("\f")
            self._waiting = [page_of(number, text) for number, text in enumerate(texts, 1)]
            self._n_pages, self._without_text = len(texts), list[int]()
        self._turn.start(0)
        page = self._waiting.pop(0)
        if SCAN in page.text and not self.reads_scans:
            page = page_of(page.number, "")
            self._without_text.append(page.number)
        is_last = not self._waiting
        if is_last:
            self._turn.stop()
        self.page_read.emit(PageRead(request_id, page, self.language))
        if is_last and self._request_id == request_id:
            without_text = tuple(self._without_text)
            facts_of_all = DocumentFacts(
                DocumentKind.TEXT,
                PageUnit.PAGE,
                path.stem,
                self.language,
                self._n_pages,
                without_text,
            )
            self._request_id = ""
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
    documents_expected = signal()
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
        self.documents_expected.connect(worker.expect_documents)
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


def write(path: Path, text: str, at_s: int = LONG_AGO) -> Path:
    """A file that nobody has touched for a long time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (at_s, at_s))
    return path


class Rig:
    """A worker on its thread, with the window of the test."""

    def __init__(self, home: Path, qtbot: QtBot) -> None:
        self.home, self._qtbot = home, qtbot
        self.reader = TextReader()
        self.database_path = home / "documents.db"
        self.start()

    def start(self, built_in: EmbeddingModel = BUILT_IN) -> None:
        self.thread = WorkerThread("documents")
        # The reader outlives the worker, so that the test can ask what it has read.
        self.worker = IndexWorker(
            document_database(self.database_path), self.home / "pasted", self._reader
        )
        self.reader.moveToThread(self.worker.thread())
        self.window = Window(self.worker)
        self.thread.adopt(self.worker)
        self.thread.adopt(self.reader)
        self.thread.start()
        self.window.opened.emit()
        self.window.models_changed.emit(EmbeddingModels((built_in, OTHER)))

    def stop(self) -> None:
        self.window.closed.emit()
        assert self.thread.wait()

    def restart(self, built_in: EmbeddingModel = BUILT_IN) -> None:
        self.stop()
        read_names = self.reader.read_names
        self.reader = TextReader()
        self.reader.read_names = read_names
        self.start(built_in)

    def until(self, condition: Callable[[], bool], timeout_ms: int = 10_000) -> None:
        self._qtbot.waitUntil(condition, timeout=timeout_ms)

    def create(self, *sources: Path, key: str = "flat", is_attachment: bool = False) -> None:
        request = NewCollectionRequest(key, "Flat", sources, is_attachment)
        self.window.create_requested.emit(request)

    def until_ready(self, n_files: int, key: str = "flat") -> None:
        def is_ready() -> bool:
            one = self.window.summaries.get(key)
            return (
                one is not None
                and one.state is CollectionState.READY
                and one.n_files == n_files
                and one.n_ready + one.n_skipped == n_files
            )

        self.until(is_ready)

    def look_again(self, key: str = "flat") -> None:
        self.window.rescan_requested.emit(CollectionRequest(key))

    def show(self, key: str = "flat") -> None:
        self.window.health_requested.emit(CollectionRequest(key))

    def rows(self, query: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.database_path, timeout=5)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def change(self, statement: str) -> None:
        with closing(sqlite3.connect(self.database_path, timeout=5)) as connection:
            connection.execute(statement)
            connection.commit()

    def _reader(self, _parent: QObject) -> TextReader:
        return self.reader


def running_rig(folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """A rig that waits for nothing long; to be ended by going on."""
    monkeypatch.setattr(index_scan, "DEBOUNCE_MS", 50)
    monkeypatch.setattr(index_reading, "RETRY_MS", 50)
    home = folder / "home"
    home.mkdir()
    rig = Rig(home, qtbot)
    yield rig
    rig.stop()
