"""Tells what is new about collections: soon, but not too often."""

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QObject, Slot

from app.core.document_events import CollectionList, IndexChanged
from app.core.documents.collections import Collection, CollectionHealth, IndexProgress
from app.core.errors import ErrorCode, Failure
from app.store.document_files import Counts, PendingFile
from app.store.document_index import DocumentIndex
from app.worker.index_embedding import BatchDone
from app.worker.index_reports import Doing, ended_progress, progress_of, summary_of
from app.worker.index_scan import Scanned
from app.worker.index_work import FileDone, PartDone
from app.worker.signal_types import BoundSignal, signal_of
from app.worker.slot_guard import guarded
from app.worker.throttle import Throttle

PROGRESS_MS = 500
COLLECTIONS_MS = 500
HEALTH_MS = 1000
CHANGED_MS = 2000
MOST_SKIPPED = 20
"""More reasons than anybody reads in a chat."""
_OF_THE_DISK = frozenset(
    {
        ErrorCode.DISK_FULL,
        ErrorCode.DATABASE_BUSY,
        ErrorCode.DATA_FOLDER_UNWRITABLE,
        ErrorCode.READER_UNUSABLE,
    }
)
"""What keeps everything from going on until it is over; told once."""


class Told(Protocol):
    """Whose signals carry the news."""

    @property
    def collections_changed(self) -> BoundSignal[CollectionList]:
        """See `IndexWorker`."""
        ...

    @property
    def health_changed(self) -> BoundSignal[CollectionHealth]:
        """See `IndexWorker`."""
        ...

    @property
    def progressed(self) -> BoundSignal[IndexProgress]:
        """See `IndexWorker`."""
        ...

    @property
    def index_changed(self) -> BoundSignal[IndexChanged]:
        """See `IndexWorker`."""
        ...


class IndexNews(QObject):
    """Collects what happens, and tells it in a few signals.

    Args:
        index: what is kept of collections.
        told: the news goes out by its signals.
        owner: moves to its thread with it.

    Signals:
        failed: what is kept could not be read.
    """

    failed = signal_of(Failure)

    def __init__(self, index: DocumentIndex, told: Told, owner: QObject) -> None:
        super().__init__(owner)
        self._told = told
        self.doing = Doing()
        self._index = index
        self._collections: list[Collection] = []
        self._reading = set[int]()
        self._shown = ""
        self._changed: set[str] = set()
        self._advancing: set[str] = set()
        self._partial_of: dict[int, int] = {}
        self._collection_news = Throttle(COLLECTIONS_MS, self._tell_collections, self)
        self._health_news = Throttle(HEALTH_MS, self._tell_health, self)
        self._progress_news = Throttle(PROGRESS_MS, self._tell_progress, self)
        self._changed_news = Throttle(CHANGED_MS, self._tell_changed, self)

    def report(self, failure: Failure) -> None:
        """Tell that what is kept could not be read."""
        self.failed.emit(failure)

    def set_collections(self, collections: list[Collection]) -> None:
        """Take which collections there are."""
        self._collections = collections
        self.tell_all()

    def show_health(self, collection_id: str) -> None:
        """Tell of this collection's files from now on; of none if it is empty."""
        self._shown = collection_id
        if collection_id:
            self._tell_health()

    def set_waits_for(self, waits_for: str) -> None:
        """Take why it goes slowly: "chat", "battery", or empty."""
        if waits_for != self.doing.waits_for:
            self.doing.waits_for = waits_for
            self.doing.chunks.forget()
            self._progress_news.ask()

    def set_scanning(self, scanning: frozenset[str]) -> None:
        """Take which collections are looked into for the first time."""
        self.doing.scanning = scanning
        self.tell_all()

    def note_scanned(self, scanned: Scanned) -> None:
        """Take what a look into the sources of a collection gave."""
        key = scanned.collection_id
        self.doing.away[key] = scanned.away
        self.doing.scan_failures.pop(key, None)
        if scanned.failure is not None:
            self.doing.scan_failures[key] = scanned.failure
        if scanned.outcome.is_changed:
            self.note_changed({key})
        self.tell_all()

    @Slot(object)
    def take_begun(self, file: PendingFile) -> None:
        """Take that a file is being read."""
        self._reading.add(file.file_id)
        self.doing.reading_name = file.path.name
        self.doing.reading_collection = file.collection_id
        self._health_news.ask()
        self._progress_news.ask()

    @Slot(object)
    def take_part(self, done: PartDone) -> None:
        """Take that a part of a long document is done."""
        self.doing.pages.add(done.n_pages)
        self._progress_news.ask()

    @Slot(object)
    def take_read(self, done: FileDone) -> None:
        """Take that a file is done."""
        self._reading.discard(done.file_id)
        self.doing.halted = None
        self.doing.pages.add(done.n_pages)
        self.doing.read_bytes.add(done.size_bytes)
        self.note_changed({done.collection_id})
        self.tell_all()

    def note_rest(self) -> None:
        """Take that nothing is to be read."""
        self._reading.clear()
        self.doing.reading_name = self.doing.reading_collection = ""
        self.doing.pages.forget()
        self.doing.read_bytes.forget()
        self.tell_all()

    @Slot(object)
    @guarded
    def take_batch(self, done: BatchDone) -> None:
        """Take that vectors of a batch are kept."""
        self.doing.chunks.add(done.n_chunks)
        for content_id in done.completed:
            self._partial_of.pop(content_id, None)
        if done.n_of_last:
            self._partial_of[done.content_ids[-1]] = done.n_of_last
        self.note_changed(self._index.contents.collections_of(done.content_ids))
        self._progress_news.ask()
        if done.completed:
            self._collection_news.ask()
            self._health_news.ask()

    def note_changed(self, collection_ids: Iterable[str]) -> None:
        """Take that something else can be found in these."""
        self._changed.update(collection_ids)
        self._changed_news.ask()

    def note_failure(self, failure: Failure) -> bool:
        """Take a failure; False if it is known already."""
        if failure.code not in _OF_THE_DISK:
            return True
        halted, self.doing.halted = self.doing.halted, failure
        self.tell_all()
        return halted is None or halted.code is not failure.code

    def tell_all(self) -> None:
        """Tell everything anew, soon."""
        self._collection_news.ask()
        self._health_news.ask()
        self._progress_news.ask()

    def close(self) -> None:
        """Tell nothing more."""
        for one in (
            self._collection_news,
            self._health_news,
            self._progress_news,
            self._changed_news,
        ):
            one.stop()

    # --- telling ---

    @Slot()
    @guarded
    def _tell_collections(self) -> None:
        counts, languages = self._index.files.counts(), self._index.files.languages()
        self._told.collections_changed.emit(
            CollectionList(
                tuple(
                    summary_of(
                        one,
                        counts.get(one.collection_id, Counts()),
                        languages.get(one.collection_id, {}),
                        self.doing,
                        self._skipped(one, counts.get(one.collection_id, Counts())),
                    )
                    for one in self._collections
                )
            )
        )

    def _skipped(self, collection: Collection, counts: Counts) -> tuple[Failure, ...]:
        """Give why files of a chat cannot be read: there is no table that would say so."""
        if not (collection.is_attachment and counts.n_skipped):
            return ()
        return self._index.files.skipped(collection.collection_id, MOST_SKIPPED)

    @Slot()
    @guarded
    def _tell_health(self) -> None:
        if self._shown:
            files = self._index.files.health(self._shown, frozenset(self._reading))
            self._told.health_changed.emit(CollectionHealth(self._shown, files))

    @Slot()
    @guarded
    def _tell_progress(self) -> None:
        counts = self._index.files.counts()
        partial: dict[str, int] = {}
        for content_id, n_chunks in self._partial_of.items():
            for key in self._index.contents.collections_of([content_id]):
                partial[key] = partial.get(key, 0) + n_chunks
        self.doing.partial = partial
        for collection in self._collections:
            key = collection.collection_id
            its = counts.get(key, Counts())
            progress = progress_of(collection, its, self.doing)
            if progress is not None:
                self._advancing.add(key)
                self._told.progressed.emit(progress)
            elif key in self._advancing:
                self._advancing.discard(key)
                self._told.progressed.emit(ended_progress(key, its))

    @Slot()
    @guarded
    def _tell_changed(self) -> None:
        changed, self._changed = self._changed, set()
        if changed:
            self._told.index_changed.emit(IndexChanged(tuple(sorted(changed))))
