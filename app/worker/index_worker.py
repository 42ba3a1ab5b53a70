"""Keeps collections of documents, and everything in them findable."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QThread, QTimer, Slot

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
from app.core.documents.collections import Collection, CollectionHealth, IndexProgress
from app.core.documents.embedding_model import BUILT_IN_KEY
from app.core.errors import AppError, ErrorCode, Failure
from app.core.settings import DEFAULTS, SettingKey
from app.readers.endings import READER_VERSION
from app.store.conversations import utc_now
from app.store.database import Database
from app.store.document_index import DocumentIndex
from app.worker.document_reader import Reader
from app.worker.index_cleaning import IndexCleaning
from app.worker.index_embedding import EmbeddingRun
from app.worker.index_news import IndexNews
from app.worker.index_pace import IndexPace
from app.worker.index_reading import ReadingRun
from app.worker.index_scan import CollectionScans, Scanned
from app.worker.pasted_texts import PastedTexts
from app.worker.reader_process import ReaderProcess
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded, guarded_by

REOPEN_MS = 30_000
"""When it is tried again to open the index."""


class IndexWorker(QObject):
    """The only writer of collections and of what their files say; lives on a thread of its own.

    Files go through three stages, each for all before the next: they are seen (`CollectionScans`),
    read and found by their words (`ReadingRun`), and found by meaning (`EmbeddingRun`).

    Args:
        database: see `app.store.document_index.document_database`; not yet open.
        pasted_folder: for texts that were pasted; its parent, our own data, is never indexed.
        reads: makes what reads one document at a time.

    Signals:
        collections_changed: all collections and how far each is.
        health_changed: the files of the collection that is shown.
        progressed: how far the present stage of a collection is.
        index_changed: something else can be found now.
        collection_deleted: a collection was removed, and can be brought back.
        embed_requested: vectors are wanted.
        failed: something could not be kept, read or begun.
    """

    collections_changed = signal_of(CollectionList)
    health_changed = signal_of(CollectionHealth)
    progressed = signal_of(IndexProgress)
    index_changed = signal_of(IndexChanged)
    collection_deleted = signal_of(CollectionDeleted)
    embed_requested = signal_of(EmbedRequest)
    failed = signal_of(IndexFailed)

    def __init__(
        self,
        database: Database,
        pasted_folder: Path,
        reads: Callable[[QObject], Reader] = ReaderProcess,
    ) -> None:
        super().__init__()
        self._index = DocumentIndex(database)
        self._pasted = PastedTexts(pasted_folder)
        self._began_at = utc_now()
        self._collections: dict[str, Collection] = {}
        self._scanned: set[str] = set()
        self._is_closed = False
        self._is_unclean = True
        self._pace = IndexPace(self)
        self._scans = CollectionScans(self._index, (pasted_folder.parent,), self)
        self._reading = ReadingRun(self._index, reads, self)
        self._embedding = EmbeddingRun(self._index, self)
        self._cleaning = IndexCleaning(self._index, self)
        self._news = IndexNews(self._index, self, self)
        self._reopen = QTimer(self, singleShot=True, interval=REOPEN_MS)
        self._connect()

    def _connect(self) -> None:
        self._reopen.timeout.connect(self.open)
        self._pace.changed.connect(self._take_pace)
        self._scans.scanned.connect(self._take_scanned)
        self._scans.failed.connect(self._take_failure)
        self._reading.began.connect(self._news.take_begun)
        self._reading.advanced.connect(self._news.take_part)
        self._reading.done.connect(self._news.take_read)
        self._reading.rested.connect(self._take_all_read)
        self._reading.halted.connect(self._take_failure)
        self._reading.halted.connect(self._cleaning.make_room)
        self._embedding.embed_requested.connect(self._ask_for_vectors)
        self._embedding.done.connect(self._news.take_batch)
        self._embedding.rested.connect(self._take_all_embedded)
        self._embedding.blocked.connect(self._take_blocked)
        self._cleaning.failed.connect(self._take_failure)
        self._news.failed.connect(self._take_failure)

    def report(self, failure: Failure) -> None:
        """Tell the window what could not be done, and mend the index if it is damaged."""
        self._take_failure(failure)

    # --- the worker itself ---

    @Slot()
    @guarded
    def open(self) -> None:
        """Open the index and bring it up to date with the disk."""
        self._reopen.start()  # In case it cannot be opened.
        damage = self._index.open()
        self._reopen.stop()
        if damage is not None:
            self._tell_damage(damage)
        self._purge(self._index.collections.hidden())
        self._index.files.read_old_again(READER_VERSION)
        self._load()
        self._pace.begin()
        self._scans.request_all()
        self._tell_scanning()
        self._reading.wake()

    @Slot()
    @guarded
    def close(self) -> None:
        """Stop all work, which goes on at the next start, and end this thread's event loop."""
        QThread.currentThread().quit()
        self._is_closed = True
        for part in (self._scans, self._reading, self._embedding, self._cleaning):
            part.close()
        self._pace.close()
        self._news.close()
        self._index.close()

    @Slot(object)
    @guarded
    def apply_settings(self, settings: events.SettingsChanged) -> None:
        """Take whether scans are read, and what the battery may be used for."""
        values = {**DEFAULTS, **settings.values}
        on_battery_too = bool(values[SettingKey.INDEX_ON_BATTERY])
        self._pace.set_on_battery_too(on_battery_too=on_battery_too)
        reads_scans = bool(values[SettingKey.READ_SCANS])
        if self._reading.set_reads_scans(reads_scans=reads_scans) and reads_scans:
            self._index.files.read_scans_again()
            self._reading.wake()
            self._news.tell_all()

    @Slot(object)
    @guarded
    def take_engine_status(self, status: events.EngineStatus) -> None:
        """Make room for an answer that is being written."""
        self._pace.take_engine(status)

    @Slot(object)
    @guarded
    def take_embedding_models(self, models: EmbeddingModels) -> None:
        """Take which models can make vectors."""
        self._news.doing.models = {one.key: one for one in models.models}
        self._embedding.set_models(models.models)
        self._news.tell_all()

    @Slot(object)
    @guarded
    def take_embedded(self, embedded: Embedded) -> None:
        """Take vectors, which may be somebody else's."""
        self._embedding.take(embedded)

    @Slot(object)
    @guarded
    def take_embed_failed(self, failed: EmbedFailed) -> None:
        """Take that there are none."""
        self._embedding.take_failure(failed)

    @Slot()
    @guarded
    def expect_documents(self) -> None:
        """Begin what reading takes, as the user is about to give documents."""
        self._reading.prepare()

    # --- what the user does with collections ---

    def _refuse_new(self, failure: Failure, request: NewCollectionRequest) -> None:
        """Say that a collection could not be made, even if the reason has been told before."""
        if failure.code is ErrorCode.DATABASE_DAMAGED:
            self._take_failure(failure)
        attachment_id = request.collection_id if request.is_attachment else ""
        self.failed.emit(IndexFailed(failure, attachment_id))

    @Slot(object)
    @guarded_by(_refuse_new)
    def create(self, request: NewCollectionRequest) -> None:
        """Make a collection and begin to read it."""
        key = request.collection_id
        sources = tuple(dict.fromkeys(one.absolute() for one in request.sources))
        if request.pasted_text:
            sources += (self._pasted.keep(key, request.name, request.pasted_text),)
        self._index.collections.create(
            Collection(
                key, request.name, sources, BUILT_IN_KEY, is_attachment=request.is_attachment
            )
        )
        self._load()
        self._scans.request(key)
        self._tell_scanning()

    @Slot(object)
    @guarded
    def change(self, request: CollectionChangeRequest) -> None:
        """Change a collection; what that makes necessary is done at once."""
        if request.sources is not None:
            absolute = tuple(dict.fromkeys(one.absolute() for one in request.sources))
            request = replace(request, sources=absolute)
        self._index.collections.change(request)
        self._load()
        key = request.collection_id
        if request.sources is not None or request.ignored is not None:
            self._scans.request(key)
        if request.is_paused:
            self._reading.drop(frozenset({key}))
        elif request.is_paused is not None:
            self._embedding.try_again()
        if request.embedding_key is not None:
            self._news.note_changed({key})
        self._reading.wake()

    @Slot(object)
    @guarded
    def delete(self, request: CollectionRequest) -> None:
        """Remove a collection so that it can be brought back until `purge`."""
        collection = self._collections.get(request.collection_id)
        if collection is None:
            return
        key = collection.collection_id
        self._index.collections.hide(key)
        self._load()
        self._reading.drop(frozenset({key}))
        self.collection_deleted.emit(CollectionDeleted(key, collection.name))
        self._news.note_changed({key})

    @Slot(object)
    @guarded
    def restore(self, request: CollectionRequest) -> None:
        """Bring a removed collection back."""
        self._index.collections.restore(request.collection_id)
        self._load()
        self._scans.request(request.collection_id)
        self._news.note_changed({request.collection_id})
        self._reading.wake()

    @Slot()
    @guarded
    def purge(self) -> None:
        """Remove for good what was removed; nothing of it stays on the disk."""
        self._purge(self._index.collections.hidden())

    @Slot(object)
    @guarded
    def rescan(self, request: CollectionRequest) -> None:
        """Look into the sources of a collection now, and try again what did not work."""
        self._embedding.try_again()
        self._scans.request(request.collection_id)

    @Slot(object)
    @guarded
    def retry(self, request: FileRequest) -> None:
        """Read a file again."""
        self._index.files.read_again(request.collection_id, request.file_id)
        self._reading.urge(request.file_id)
        self._news.tell_all()

    @Slot(object)
    @guarded
    def show_health(self, request: CollectionRequest) -> None:
        """Tell of the files of this collection, now and when they change; of none if empty."""
        self._news.show_health(request.collection_id)

    # --- attachments ---

    @Slot(object)
    @guarded
    def forget_conversation_documents(self, forgotten: DocumentsForgotten) -> None:
        """Remove for good what was dropped into chats that are gone."""
        attached = {key for key, one in self._collections.items() if one.is_attachment}
        self._purge(attached.intersection(forgotten.collection_ids))

    @Slot(object)
    @guarded
    def keep_attachments(self, kept: AttachmentsKept) -> None:
        """Remove for good what was dropped into chats that are gone, of earlier runs."""
        collections = self._index.collections
        self._purge(collections.old_attachments(kept.collection_ids, self._began_at))

    def _purge(self, collection_ids: Iterable[str]) -> None:
        gone = frozenset(collection_ids)
        if gone:
            self._reading.drop(gone)
            for collection_id in gone:
                self._index.delete_collection(collection_id)
                self._pasted.remove(collection_id)
            self._load()
            self._cleaning.begin(for_good=True)

    def _load(self) -> None:
        """Take the list of collections anew, and let everyone know it."""
        collections = self._index.collections.all()
        self._collections = {one.collection_id: one for one in collections}
        self._scans.set_collections(collections)
        self._embedding.set_keys(one.embedding_key for one in collections)
        self._news.set_collections(collections)

    # --- what the parts say ---

    @Slot(object)
    @guarded
    def _take_scanned(self, scanned: Scanned) -> None:
        self._scanned.add(scanned.collection_id)
        self._tell_scanning()
        self._news.note_scanned(scanned)
        self._is_unclean = self._is_unclean or scanned.outcome.is_changed
        self._embedding.forget_queue()
        self._reading.wake()
        self._embedding.wake()

    def _tell_scanning(self) -> None:
        self._news.set_scanning(self._scans.running - self._scanned)

    @Slot(object)
    @guarded
    def _take_all_read(self, has_worked: bool) -> None:  # noqa: FBT001 - a signal's payload
        self._news.note_rest()
        self._embedding.forget_queue()
        self._embedding.wake()
        # What a file said before may be what another one says that is seen only now.
        if (has_worked or self._is_unclean) and not self._scans.running:
            self._is_unclean = False
            self._cleaning.begin(for_good=False)

    @Slot(object)
    @guarded
    def _take_all_embedded(self, has_worked: bool) -> None:  # noqa: FBT001 - a signal's payload
        if has_worked:
            self._news.tell_all()
            self._cleaning.begin(for_good=False)

    @Slot()
    @guarded
    def _take_pace(self) -> None:
        pace = self._pace
        self._news.set_waits_for(pace.waits_for)
        self._reading.set_pace(is_slow=pace.is_chatting)
        self._embedding.set_pace(is_held=pace.is_held, half_speed=pace.is_half_speed)

    @Slot(object)
    def _ask_for_vectors(self, request: EmbedRequest) -> None:
        self.embed_requested.emit(request)

    @Slot(object)
    @guarded
    def _take_blocked(self, failure: Failure) -> None:
        self._news.doing.embedding_failures = self._embedding.failures
        if failure.code in {ErrorCode.DATABASE_DAMAGED, ErrorCode.DISK_FULL}:
            self._take_failure(failure)
        self._news.tell_all()

    @Slot(object)
    def _take_failure(self, failure: Failure) -> None:
        """Tell a failure once, and begin the index anew if it turned out to be damaged."""
        if failure.code is ErrorCode.DATABASE_DAMAGED and not self._is_closed:
            self._mend()
            return
        if self._news.note_failure(failure):
            self.failed.emit(IndexFailed(failure))

    def _mend(self) -> None:
        self._reading.begin_anew()
        self._embedding.begin_anew()
        try:
            damage = self._index.replace()
        except AppError as error:
            self._reopen.start()
            self.failed.emit(IndexFailed(Failure.of(error)))
            return
        self._tell_damage(damage)
        self._scanned.clear()
        self._after_mending()

    def _tell_damage(self, damage: Failure) -> None:
        self.failed.emit(IndexFailed(damage))
        self.index_changed.emit(IndexChanged(()))

    @guarded
    def _after_mending(self) -> None:
        self._load()
        self._news.note_changed(self._collections)
        self._scans.request_all()
