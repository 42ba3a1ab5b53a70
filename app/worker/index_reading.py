"""Reads files that are new or have changed, one after the other; each ends in one state."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot

from app.core.documents.text import DocumentFacts
from app.core.errors import ErrorCode, Failure
from app.readers.endings import READER_VERSION
from app.store.document_files import PendingFile
from app.store.document_index import DocumentIndex
from app.store.document_rows import DocumentPart, ReadDocument
from app.worker.background_jobs import BackgroundJobs
from app.worker.document_reader import DocumentRead, PageRead, Reader, ReadFailed
from app.worker.index_documents import (
    Checked,
    FileStat,
    Pages,
    check,
    document_of,
    is_unchanged,
    part_of,
)
from app.worker.index_pace import Stretches
from app.worker.index_settling import Settling
from app.worker.index_work import OF_ALL, OF_FILE, FileDone, PartDone, Work
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded, guarded_by

_LOG = logging.getLogger(__name__)

IDLE_MS = 2 * 60_000
"""After so much rest the process that reads is ended, and its memory given back."""
MAX_PREPARING = 2
"""Documents whose chunks are being made while the next is read; all their text is in memory."""
RETRY_MS = 30_000
"""When it goes on after the disk was full or the reader could not be started."""


class ReadingRun(QObject):
    """Takes one file after the other to where its words can be found.

    Args:
        index: where files wait, and what is read goes.
        make_reader: gives the reader, with this object as its parent; called at the first use.
        owner: moves to its thread with it.

    Signals:
        began: a file is being read.
        advanced: a part of a long one is kept.
        done: a file has ended in a state, or is gone.
        rested: there is nothing to read any more.
        halted: nothing can be read at present; it is tried again by itself.
    """

    began = signal_of(PendingFile)
    advanced = signal_of(PartDone)
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
        self._current: Work | None = None
        self._preparing: list[Work] = []
        self._serial = 0
        self._request_id = ""
        self._settling = Settling()
        self._is_closed = self._is_halted = False
        self._has_worked = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.wake)
        self._stretches = Stretches(self)
        self._stretches.rest_ended.connect(self._go_on)
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self._end_idle_reader)

    @property
    def reading(self) -> frozenset[int]:
        """Ids of files that are being read now."""
        current = [self._current] if self._current is not None else []
        return frozenset(one.file.file_id for one in (*current, *self._preparing))

    def set_reads_scans(self, *, reads_scans: bool) -> bool:
        """Take whether text in pictures of pages is to be recognised; say if that is new."""
        is_new = reads_scans != self._reads_scans
        self._reads_scans = reads_scans
        return is_new

    def set_pace(self, *, is_slow: bool) -> None:
        """Go slowly while somebody else needs the computer, or at full speed."""
        self._stretches.set_slow(is_slow=is_slow)

    def report(self, failure: Failure) -> None:
        """Go on after what could not be done for one file, or wait when it holds for all."""
        work = self._current
        self._leave_current()
        if work is None or failure.code in OF_ALL:
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

    def prepare(self) -> None:
        """Start what reads, as documents are expected."""
        if not self._is_closed:
            if self._current is None:
                self._idle.start()
            self._the_reader().prepare()

    def drop(self, collection_ids: frozenset[str]) -> None:
        """Stop reading for collections that are paused or gone; their files wait on."""
        work = self._current
        if work is not None and work.file.collection_id in collection_ids:
            self._leave_current()
        self.wake()

    def urge(self, file_id: int) -> None:
        """Read a file at the next turn, however often it has changed of late."""
        self._settling.urge(file_id)
        self.wake()

    def begin_anew(self) -> None:
        """Forget all files, since their ids are those of another database."""
        self._leave_current()
        for work in self._preparing:
            self._abandon(work)
        self._preparing.clear()
        self._settling.clear()

    def _leave_current(self) -> None:
        if self._current is not None:
            self._abandon(self._current)
        self._current = None
        if self._request_id:
            self._request_id = ""
            if self._reader is not None:
                self._reader.cancel()

    def close(self) -> None:
        """Stop; what is not finished waits for the next start."""
        self._is_closed = True
        self._later.stop()
        self._stretches.close()
        self._idle.stop()
        self._jobs.close()
        self._end_reader()

    @Slot()
    def _end_idle_reader(self) -> None:
        if self._current is None:
            self._end_reader()

    def _end_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()

    # --- one file after the other ---

    def _begin_next(self) -> None:
        is_busy = self._current is not None or len(self._preparing) >= MAX_PREPARING
        if is_busy or self._is_closed or self._is_halted or self._stretches.is_resting:
            return
        now_s = time.monotonic()
        waiting = self._settling.waiting(now_s)
        files = self._index.files.pending(1, (*self.reading, *waiting))
        if not files:
            self._rest(now_s)
            return
        self._has_worked = True
        self._idle.stop()
        file = files[0]
        self._stretches.begin()
        work = self._current = Work(file, now_s)
        self.began.emit(file)
        settled = self._settling.settled(file.file_id)
        known = FileStat(file.size_bytes, file.modified_ns)
        self._jobs.run(
            partial(check, file.path, known, settled),
            partial(self._take_checked, work),
            partial(self._take_failure, work),
        )

    def _rest(self, now_s: float) -> None:
        wait_s = self._settling.next_wait_s(now_s)
        if wait_s is not None:
            self._later.start(max(1, round(wait_s * 1000)))
        if not self._preparing:
            if not self._idle.isActive():
                self._idle.start()
            self.rested.emit(self._has_worked)
            self._has_worked = False

    def _take_checked(self, work: Work, checked: Checked) -> None:
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
            self._settling.forget_stat(file_id)
            suffix = work.file.path.suffix.lower()
            contents = self._index.contents
            if contents.adopt(file_id, checked.sha256, suffix, READER_VERSION):
                self._finish(work, 0)
            else:
                self._read(work)
        else:
            self._wait(work, checked.stat)
        self._begin_next()

    def _wait(self, work: Work, stat: FileStat) -> None:
        """Look at a file again later, since somebody may be writing it."""
        file = work.file
        if (stat.size_bytes, stat.modified_ns) != (file.size_bytes, file.modified_ns):
            self._index.files.note_stat(file.file_id, stat.size_bytes, stat.modified_ns)
        self._settling.wait(file.file_id, stat)
        if work is self._current:
            self._current = None

    def _the_reader(self) -> Reader:
        if self._reader is None:
            self._reader = self._make_reader(self)
            self._reader.page_read.connect(self._take_page)
            self._reader.document_read.connect(self._take_document)
            self._reader.failed.connect(self._take_read_failure)
        return self._reader

    def _read(self, work: Work) -> None:
        self._serial += 1
        self._request_id = f"index-{self._serial}"
        reader = self._the_reader()
        reader.read(self._request_id, work.file.path, reads_scans=self._reads_scans)

    @Slot(object)
    @guarded
    def _take_page(self, read: PageRead) -> None:
        work = self._current
        if read.request_id == self._request_id and work is not None:
            work.pages.add(read.page)
            if work.pages.is_full:
                work.language = work.language or read.language
                self._cut_part(work)
            # Those that are on their way already still come, and are added to the stretch.
            if self._stretches.end():
                self._the_reader().hold()

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
        work.facts = read.facts
        if not work.is_cut:
            self._cut_rest(work, read.facts)
        self._begin_next()

    # --- parts of long documents ---

    def _cut_part(self, work: Work) -> None:
        """Let a part be cut into chunks; the reader waits for the one before."""
        if work.is_cut:
            self._the_reader().hold()
            return
        pages, work.pages = work.pages, Pages()
        work.is_cut = True
        self._jobs.run(
            partial(part_of, pages, work.language),
            partial(self._take_part, work),
            partial(self._take_unprepared, work),
        )

    def _cut_rest(self, work: Work, facts: DocumentFacts) -> None:
        if work.unfinished_id:
            facts = replace(facts, language=work.language)
        suffix = work.file.path.suffix.lower()
        self._jobs.run(
            partial(document_of, work.sha256, suffix, facts, work.pages),
            partial(self._take_prepared, work),
            partial(self._take_unprepared, work),
        )

    def _take_part(self, work: Work, cut: tuple[DocumentPart, Pages]) -> None:
        if work is self._current or work in self._preparing:
            self._keep_part(work, *cut)

    def _refuse_part(self, failure: Failure, work: Work, part: DocumentPart, after: Pages) -> None:  # noqa: ARG002
        self._take_unprepared(work, failure)

    @guarded_by(_refuse_part)
    def _keep_part(self, work: Work, part: DocumentPart, after: Pages) -> None:
        work.unfinished_id = self._index.contents.keep_part(part, work.unfinished_id)
        work.is_cut = False
        for page in work.pages.texts:
            after.add(page)
        work.pages = after
        self.advanced.emit(PartDone(len(part.pages)))
        if work.facts is not None:
            self._cut_rest(work, work.facts)
            return
        if work.pages.is_full:
            self._cut_part(work)
        if not self._stretches.end():
            self._the_reader().go_on()

    @Slot()
    @guarded
    def _go_on(self) -> None:
        """Work on after a rest: at the document that is being read, or the next one."""
        self._stretches.begin()
        if self._current is None:
            self._begin_next()
        elif self._request_id:
            self._the_reader().go_on()

    def _abandon(self, work: Work) -> None:
        self._index.contents.abandon(work.unfinished_id)
        work.unfinished_id = 0

    @Slot(object)
    @guarded
    def _take_read_failure(self, failed: ReadFailed) -> None:
        work = self._current
        if failed.request_id == self._request_id and work is not None:
            self._request_id = ""
            self._end_failed(work, failed.failure)
            self._begin_next()

    def _take_prepared(self, work: Work, document: ReadDocument) -> None:
        if work in self._preparing:
            self._preparing.remove(work)
            self._keep(work, document)

    def _refuse_kept(self, failure: Failure, work: Work, document: ReadDocument) -> None:  # noqa: ARG002
        self._fail_file(work, failure)
        self._begin_next()

    @guarded_by(_refuse_kept)
    def _keep(self, work: Work, document: ReadDocument) -> None:
        if work.stat is not None and is_unchanged(work.file.path, work.stat):
            self._index.contents.keep(
                work.file.file_id, document, READER_VERSION, work.unfinished_id
            )
            self._finish(work, len(document.pages))
        else:
            self._abandon(work)
            # It was written while it was read: what was read may be half of each.
            self._wait(work, FileStat(work.file.size_bytes, work.file.modified_ns))
        self._begin_next()

    def _take_unprepared(self, work: Work, failure: Failure) -> None:
        if work is self._current:
            self._leave_current()
        elif work in self._preparing:
            self._preparing.remove(work)
        else:
            return
        self._fail_file(work, failure)
        self._begin_next()

    # --- ends ---

    def _finish(self, work: Work, n_pages: int) -> None:
        file = work.file
        self._stretches.end()
        self._settling.finish(file.file_id, time.monotonic() - work.began_s)
        if work is self._current:
            self._current = None
        self.done.emit(FileDone(file.file_id, file.collection_id, file.size_bytes, n_pages))

    def _take_failure(self, work: Work, failure: Failure) -> None:
        if work is self._current:
            self.report(failure)

    def _end_failed(self, work: Work, failure: Failure) -> None:
        """Keep why a file cannot be read."""
        self._abandon(work)
        if failure.code in OF_ALL:
            self._halt(failure)
            return
        file = work.file
        if failure.code is ErrorCode.DOCUMENT_MISSING:
            self._index.files.drop(file.file_id)
        elif failure.code in OF_FILE or not work.sha256:
            self._index.files.fail(file.file_id, failure)
        else:
            suffix = file.path.suffix.lower()
            document = ReadDocument(work.sha256, suffix, failure=failure)
            self._index.contents.keep(file.file_id, document, READER_VERSION)
        self._finish(work, 0)

    def _fail_file(self, work: Work, failure: Failure) -> None:
        self._abandon(work)
        if failure.code in OF_ALL:
            self._halt(failure)
            return
        _LOG.warning("a file cannot be read: %s", failure.code)
        # If not even this can be kept, it is left alone until the next start.
        self._settling.leave_alone(work.file.file_id)
        self._note_failure(work, failure)

    @guarded
    def _note_failure(self, work: Work, failure: Failure) -> None:
        self._index.files.fail(work.file.file_id, failure)
        self._finish(work, 0)

    def _halt(self, failure: Failure) -> None:
        self._leave_current()
        self._is_halted = True
        self._later.start(RETRY_MS)
        self.halted.emit(failure)
