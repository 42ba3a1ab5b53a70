"""Looks into the folders of collections: at the start, on hints, and every half hour."""

import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from app.core.documents.collections import Collection
from app.core.errors import Failure
from app.machine.folder_watch import FolderWatch
from app.store.document_files import ScanOutcome
from app.store.document_index import DocumentIndex
from app.store.document_scan import SeenSources, look
from app.worker.background_jobs import BackgroundJobs
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded

DEBOUNCE_MS = 2000
"""Quiet time after a hint before a folder is looked into: copying gives thousands."""
LONGEST_DEBOUNCE_MS = 10_000
PERIOD_MS = 30 * 60 * 1000
"""How often folders are looked into without a hint."""
UNWATCHED_PERIOD_MS = 5 * 60 * 1000
"""The same where some folder cannot be watched."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """The sources of a collection were looked into.

    Attributes:
        away: sources that are not there.
        failure: why a source cannot be looked into.
    """

    collection_id: str
    outcome: ScanOutcome
    away: tuple[Path, ...]
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class _Hint:
    source: Path


class CollectionScans(QObject):
    """Looks into folders, one collection after the other, on a thread of its own jobs.

    Args:
        index: what is found goes there.
        excluded: folders never to be looked into.
        owner: moves to its thread with it.

    Signals:
        scanned: a collection is up to date with its folders.
        failed: what was seen could not be kept.
    """

    scanned = signal_of(Scanned)
    failed = signal_of(Failure)
    _hinted = signal_of(_Hint)

    def __init__(self, index: DocumentIndex, excluded: tuple[Path, ...], owner: QObject) -> None:
        super().__init__(owner)
        self._index, self._excluded = index, excluded
        self._jobs = BackgroundJobs("document-scan", 1, self)
        self._watch_jobs = BackgroundJobs("document-watch", 1, self)
        self._collections: dict[str, Collection] = {}
        self._waiting: dict[str, None] = {}
        self._running = ""
        self._hints: set[Path] = set()
        self._cancelled = threading.Event()
        self._watched: tuple[Path, ...] = ()
        # A watch calls from a thread of its own, without an event loop.
        self._hinted.connect(self._take_hint, Qt.ConnectionType.QueuedConnection)
        self._watch = FolderWatch(self._tell_hint, excluded)
        self._debounce = self._timer(is_single=True)
        self._latest = self._timer(is_single=True)
        self._period = self._timer(is_single=False)
        self._debounce.timeout.connect(self._heed_hints)
        self._latest.timeout.connect(self._heed_hints)
        self._period.timeout.connect(self.request_all)
        self._debounce.setInterval(DEBOUNCE_MS)
        self._latest.setInterval(LONGEST_DEBOUNCE_MS)
        self._period.setInterval(PERIOD_MS)

    def report(self, failure: Failure) -> None:
        """Tell that what was seen could not be kept; the next look sees it again."""
        self._running = ""
        self.failed.emit(failure)
        self._go_on()

    @property
    def running(self) -> frozenset[str]:
        """Ids of collections that are being looked into or wait for it."""
        return frozenset({*self._waiting, self._running} - {""})

    def set_collections(self, collections: list[Collection]) -> None:
        """Take which collections there are; others are no longer looked into."""
        self._collections = {one.collection_id: one for one in collections}
        # What was dropped into a chat is looked at now and then; there may be very many.
        lasting = (one for one in collections if not one.is_attachment)
        sources = tuple(dict.fromkeys(source for one in lasting for source in one.sources))
        if sources != self._watched:
            self._watched = sources
            self._watch_jobs.run(
                partial(self._watch.watch, self._watched), self._take_unwatched, self.report_watch
            )
        self._period.start()

    def request(self, collection_id: str) -> None:
        """Look into the sources of a collection soon."""
        if collection_id in self._collections:
            self._waiting[collection_id] = None
            self._go_on()

    @Slot()
    def request_all(self) -> None:
        """Look into all sources soon."""
        for collection_id in self._collections:
            self.request(collection_id)

    def close(self) -> None:
        """Look no further."""
        self._cancelled.set()
        for timer in (self._debounce, self._latest, self._period):
            timer.stop()
        self._watch.close()
        self._jobs.close()
        self._watch_jobs.close()

    def _timer(self, *, is_single: bool) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(is_single)
        return timer

    def _go_on(self) -> None:
        while self._waiting and not self._running and not self._cancelled.is_set():
            collection_id = next(iter(self._waiting))
            del self._waiting[collection_id]
            collection = self._collections.get(collection_id)
            if collection is None:
                continue
            self._running = collection_id
            self._begin(collection)

    @guarded
    def _begin(self, collection: Collection) -> None:
        sources = self._index.collections.known_sources(collection.collection_id)
        action = partial(look, sources, collection.ignored, self._excluded, self._cancelled.is_set)
        self._jobs.run(action, self._take, self.report)

    @guarded
    def _take(self, seen: SeenSources) -> None:
        collection_id, self._running = self._running, ""
        collection = self._collections.get(collection_id)
        if collection is not None:
            files = self._index.files
            outcome = files.apply(collection_id, collection.sources, seen)
            failure = next(
                (seen.unreadable[one] for one in collection.sources if one in seen.unreadable),
                None,
            )
            self.scanned.emit(Scanned(collection_id, outcome, tuple(seen.away), failure))
        self._go_on()

    # --- hints ---

    def _tell_hint(self, source: Path) -> None:
        if not self._cancelled.is_set():
            self._hinted.emit(_Hint(source))

    @Slot(object)
    def _take_hint(self, hint: _Hint) -> None:
        self._hints.add(hint.source)
        self._debounce.start()
        if not self._latest.isActive():
            self._latest.start()

    @Slot()
    def _heed_hints(self) -> None:
        self._debounce.stop()
        self._latest.stop()
        hints, self._hints = self._hints, set()
        for collection in self._collections.values():
            if not hints.isdisjoint(collection.sources):
                self.request(collection.collection_id)

    def _take_unwatched(self, unwatched: list[Path]) -> None:
        self._period.start(UNWATCHED_PERIOD_MS if unwatched else PERIOD_MS)

    def report_watch(self, _failure: Failure) -> None:
        """Go on without hints: watching is no more than a convenience."""
        self._period.start(UNWATCHED_PERIOD_MS)
