"""Reads files that are new or have changed, one after the other; each ends in one state."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot

from app.core.errors import ErrorCode, Failure
from app.readers.kinds import READER_VERSION
from app.store.document_files import PendingFile
from app.store.document_index import DocumentIndex
from app.store.document_rows import ReadDocument
from app.worker.background_jobs import BackgroundJobs
from app.worker.document_reader import DocumentRead, PageRead, Reader, ReadFailed
from app.worker.index_documents import (
    Checked,
    FileStat,
    Pages,
    check,
    document_of,
    is_unchanged,
)
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded, guarded_by

_LOG = logging.getLogger(__name__)

SETTLE_S = 1.0
"""A file that somebody may be writing is looked at again after this time."""
LONGEST_WAIT_S = 300.0
REST_FACTOR = 20
"""A file that changes again and again is read at most one part in so many of the time."""
MAX_PREPARING = 2
"""Documents whose chunks are being made while the next is read; all their text is in memory."""
RETRY_MS = 30_000
"""When it goes on after the disk was full or the reader could not be started."""
_OF_FILE = frozenset(
    {
        ErrorCode.DOCUMENT_UNREADABLE,
        ErrorCode.DOCUMENT_MISSING,
        ErrorCode.DOCUMENT_IN_CLOUD,
        ErrorCode.BUG,
    }
)
"""Failures that say nothing about other files with the same bytes."""
_OF_ALL = frozenset(
    {
        ErrorCode.READER_UNUSABLE,
        ErrorCode.DISK_FULL,
        ErrorCode.DATABASE_BUSY,
        ErrorCode.DATABASE_DAMAGED,
        ErrorCode.DATA_FOLDER_UNWRITABLE,
    }
)
"""Failures that no other file would escape either."""


@dataclass(frozen=True, slots=True)
class FileDone:
    """A file has come as far as its words; `n_pages` were read for it."""

    file_id: int
    collection_id: str
    size_bytes: int
    n_pages: int


@dataclass(slots=True, eq=False)
class _Work:
    """A file on its way."""

    file: PendingFile
    began_s: float
    sha256: str = ""
    stat: FileStat | None = None
    pages: Pages = field(default_factory=Pages)


class ReadingRun(QObject):
    """Takes one file after the other to where its words can be found.

    Args:
        index: where files wait, and what is read goes.
        make_reader: gives the reader, with this object as its parent; called at the first use.
        owner: moves to its thread with it.

    Signals:
        began: a file is being read.
        done: a file has ended in a state, or is gone.
        rested: there is nothing to read any more.
        halted: nothing can be read at present; it is tried again by itself.
    """

    began = signal_of(PendingFile)
    done = signal_of(FileDone)
    rested = signal_of(bool)
    halted = signal_of(Failure)

    def __init__(
        self, index: DocumentIndex, make_reader: Callable[[QObject], Reader], owner: QObject
    ) -> None:
        super().__init__(owner)
        self._index, self._make_reader = index, make_reader
        self._jobs = BackgroundJobs("document-reading", 2, self)
        self._reader: Reader | None = None
        self._reads_scans = True
        self._current: _Work | None = None
        self._preparing: list[_Work] = []
        self._serial = 0
        self._request_id = ""
        self._waits_until_s: dict[int, tuple[int, float]] = {}
        self._settling: dict[int, FileStat] = {}
        self._is_closed = self._is_halted = False
        self._has_worked = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.wake)

    @property
    def reading(self) -> frozenset[int]:
        """Ids of files that are being read now."""
        current = [self._current] if self._current is not None else []
        return frozenset(one.file.file_id for one in (*current, *self._preparing))

    @property
    def file_name(self) -> str:
        """Name of the file that is being read; empty for none."""
        return self._current.file.path.name if self._current is not None else ""

    def set_reads_scans(self, *, reads_scans: bool) -> bool:
        """Take whether text in pictures of pages is to be recognised; say if that is new."""
        is_new = reads_scans != self._reads_scans
        self._reads_scans = reads_scans
        return is_new

    def report(self, failure: Failure) -> None:
        """Go on after what could not be done for one file, or wait when it holds for all."""
        work = self._current
        self._leave_current()
        if work is None or failure.code in _OF_ALL:
            # If it is nobody's, the next try at once would end the same.
            self._halt(failure)
            return
        # Never tried again by itself, or it would go on for ever.
        self._fail_file(work, failure)
        self.wake()

    @Slot()
    @guarded
    def wake(self) -> None:
        """Begin the next file, if there is one and none is being read."""
        self._is_halted = False
        self._later.stop()
        self._begin_next()

    def drop(self, collection_ids: frozenset[str]) -> None:
        """Stop reading for collections that are paused or gone; their files wait on."""
        work = self._current
        if work is not None and work.file.collection_id in collection_ids:
            self._leave_current()
        self.wake()

    def urge(self, file_id: int) -> None:
        """Read a file at the next turn, however often it has changed of late."""
        self._waits_until_s.pop(file_id, None)
        self.wake()

    def begin_anew(self) -> None:
        """Forget all files, since their ids are those of another database."""
        self._leave_current()
        self._preparing.clear()
        self._waits_until_s.clear()
        self._settling.clear()

    def _leave_current(self) -> None:
        self._current = None
        if self._request_id:
            self._request_id = ""
            if self._reader is not None:
                self._reader.cancel()

    def close(self) -> None:
        """Stop; what is not finished waits for the next start."""
        self._is_closed = True
        self._later.stop()
        self._jobs.close()
        if self._reader is not None:
            self._reader.close()

    # --- one file after the other ---

    def _begin_next(self) -> None:
        is_busy = self._current is not None or len(self._preparing) >= MAX_PREPARING
        if is_busy or self._is_closed or self._is_halted:
            return
        now_s = time.monotonic()
        waiting = [key for key, (_, until_s) in self._waits_until_s.items() if until_s > now_s]
        files = self._index.files.pending(1, (*self.reading, *waiting))
        if not files:
            self._rest(now_s)
            return
        self._has_worked = True
        file = files[0]
        work = self._current = _Work(file, now_s)
        self.began.emit(file)
        settled = self._settling.get(file.file_id)
        known = FileStat(file.size_bytes, file.modified_ns)
        self._jobs.run(
            partial(check, file.path, known, settled),
            partial(self._take_checked, work),
            partial(self._take_failure, work),
        )

    def _rest(self, now_s: float) -> None:
        waits = (until_s for _, until_s in self._waits_until_s.values())
        moments = [until_s for until_s in waits if now_s < until_s < float("inf")]
        if moments:
            self._later.start(max(1, round((min(moments) - now_s) * 1000)))
        if not self._preparing:
            self.rested.emit(self._has_worked)
            self._has_worked = False

    def _take_checked(self, work: _Work, checked: Checked) -> None:
        if work is self._current:
            self._go_on_with(checked)

    @guarded
    def _go_on_with(self, checked: Checked) -> None:
        work = self._current
        if work is None:
            return
        file_id = work.file.file_id
        if checked.failure is not None:
            self._end_failed(work, checked.failure)
        elif checked.sha256:
            work.sha256, work.stat = checked.sha256, checked.stat
            self._settling.pop(file_id, None)
            suffix = work.file.path.suffix.lower()
            contents = self._index.contents
            if contents.adopt(file_id, checked.sha256, suffix, READER_VERSION):
                self._finish(work, 0)
            else:
                self._read(work)
        else:
            self._wait(work, checked.stat)
        self._begin_next()

    def _wait(self, work: _Work, stat: FileStat) -> None:
        """Look at a file again later, since somebody may be writing it."""
        file = work.file
        if (stat.size_bytes, stat.modified_ns) != (file.size_bytes, file.modified_ns):
            self._index.files.note_stat(file.file_id, stat.size_bytes, stat.modified_ns)
        self._settling[file.file_id] = stat
        n_times = self._waits_until_s.get(file.file_id, (0, 0.0))[0] + 1
        wait_s = min(LONGEST_WAIT_S, SETTLE_S * 2 ** (n_times - 1))
        self._waits_until_s[file.file_id] = (n_times, time.monotonic() + wait_s)
        if work is self._current:
            self._current = None

    def _read(self, work: _Work) -> None:
        if self._reader is None:
            reader = self._reader = self._make_reader(self)
            reader.page_read.connect(self._take_page)
            reader.document_read.connect(self._take_document)
            reader.failed.connect(self._take_read_failure)
        self._serial += 1
        self._request_id = f"index-{self._serial}"
        self._reader.read(self._request_id, work.file.path, reads_scans=self._reads_scans)

    @Slot(object)
    @guarded
    def _take_page(self, read: PageRead) -> None:
        if read.request_id == self._request_id and self._current is not None:
            self._current.pages.add(read.page)

    @Slot(object)
    @guarded
    def _take_document(self, read: DocumentRead) -> None:
        work = self._current
        if read.request_id != self._request_id or work is None:
            return
        # The next file is read while chunks are made of this one.
        self._current = None
        self._request_id = ""
        self._preparing.append(work)
        suffix = work.file.path.suffix.lower()
        self._jobs.run(
            partial(document_of, work.sha256, suffix, read.facts, work.pages),
            partial(self._take_prepared, work),
            partial(self._take_unprepared, work),
        )
        self._begin_next()

    @Slot(object)
    @guarded
    def _take_read_failure(self, failed: ReadFailed) -> None:
        work = self._current
        if failed.request_id == self._request_id and work is not None:
            self._request_id = ""
            self._end_failed(work, failed.failure)
            self._begin_next()

    def _take_prepared(self, work: _Work, document: ReadDocument) -> None:
        if work in self._preparing:
            self._preparing.remove(work)
            self._keep(work, document)

    def _refuse_kept(self, failure: Failure, work: _Work, document: ReadDocument) -> None:  # noqa: ARG002
        self._fail_file(work, failure)
        self._begin_next()

    @guarded_by(_refuse_kept)
    def _keep(self, work: _Work, document: ReadDocument) -> None:
        if work.stat is not None and is_unchanged(work.file.path, work.stat):
            self._index.contents.keep(work.file.file_id, document, READER_VERSION)
            self._finish(work, len(document.pages))
        else:
            # It was written while it was read: what was read may be half of each.
            self._wait(work, FileStat(work.file.size_bytes, work.file.modified_ns))
        self._begin_next()

    def _take_unprepared(self, work: _Work, failure: Failure) -> None:
        if work in self._preparing:
            self._preparing.remove(work)
            self._fail_file(work, failure)
            self.wake()

    # --- ends ---

    def _finish(self, work: _Work, n_pages: int) -> None:
        file = work.file
        now_s = time.monotonic()
        n_waits = self._waits_until_s.pop(file.file_id, (0, 0.0))[0]
        rest_s = min(LONGEST_WAIT_S, REST_FACTOR * (now_s - work.began_s))
        if n_waits:
            self._waits_until_s[file.file_id] = (0, now_s + rest_s)
        if work is self._current:
            self._current = None
        self.done.emit(FileDone(file.file_id, file.collection_id, file.size_bytes, n_pages))

    def _take_failure(self, work: _Work, failure: Failure) -> None:
        if work is self._current:
            self.report(failure)

    def _end_failed(self, work: _Work, failure: Failure) -> None:
        """Keep why a file cannot be read."""
        if failure.code in _OF_ALL:
            self._halt(failure)
            return
        file = work.file
        if failure.code is ErrorCode.DOCUMENT_MISSING:
            self._index.files.drop(file.file_id)
        elif failure.code in _OF_FILE or not work.sha256:
            self._index.files.fail(file.file_id, failure)
        else:
            suffix = file.path.suffix.lower()
            document = ReadDocument(work.sha256, suffix, failure=failure)
            self._index.contents.keep(file.file_id, document, READER_VERSION)
        self._finish(work, 0)

    def _fail_file(self, work: _Work, failure: Failure) -> None:
        if failure.code in _OF_ALL:
            self._halt(failure)
            return
        _LOG.warning("a file cannot be read: %s", failure.code)
        # If not even this can be kept, it is left alone until the next start.
        self._waits_until_s[work.file.file_id] = (0, float("inf"))
        self._note_failure(work, failure)

    @guarded
    def _note_failure(self, work: _Work, failure: Failure) -> None:
        self._index.files.fail(work.file.file_id, failure)
        self._finish(work, 0)

    def _halt(self, failure: Failure) -> None:
        self._leave_current()
        self._is_halted = True
        self._later.start(RETRY_MS)
        self.halted.emit(failure)
