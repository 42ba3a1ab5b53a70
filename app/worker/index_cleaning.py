"""Removes for good what no file and no collection needs any more, a little at a time."""

from PySide6.QtCore import QObject, QTimer, Slot

from app.core.errors import ErrorCode, Failure
from app.store.document_index import DocumentIndex
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded


class IndexCleaning(QObject):
    """Drops unused contents, some of one each turn of the event loop, then unused vectors.

    Args:
        index: what is cleaned.
        owner: moves to its thread with it.

    Signals:
        failed: it could not be done now; the next time does the rest.
    """

    failed = signal_of(Failure)

    def __init__(self, index: DocumentIndex, owner: QObject) -> None:
        super().__init__(owner)
        self._index = index
        self._unused: list[int] = []
        self._for_good = self._only_parts = False
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._take_turn)

    def report(self, failure: Failure) -> None:
        """Tell that it could not be done."""
        self._turn.stop()
        self._unused = []
        self.failed.emit(failure)

    def begin(self, *, for_good: bool) -> None:
        """Clean up.

        Args:
            for_good: leave no trace of what was removed on the disk either, at once.
        """
        self._for_good = self._for_good or for_good
        self._only_parts = False
        self._collect()

    @Slot(object)
    @guarded
    def make_room(self, halted: Failure) -> None:
        """Drop the parts of documents that came to nothing if it was for want of room.

        Each new try would leave as many again. What else is unused may be wanted still, by
        files that wait to be read.
        """
        if halted.code is ErrorCode.DISK_FULL:
            self._only_parts = self._only_parts or not self._turn.isActive()
            self._unused += self._index.contents.abandoned()
            self._turn.start(0)

    def close(self) -> None:
        """Leave the rest for the next time."""
        self._turn.stop()

    @guarded
    def _collect(self) -> None:
        self._unused = self._index.contents.unused()
        self._turn.start(0)

    @Slot()
    @guarded
    def _take_turn(self) -> None:
        if self._unused:
            if self._index.contents.drop(self._unused[-1]):
                self._unused.pop()
            self._turn.start(0)
            return
        if self._only_parts:
            self._only_parts = False
            return
        self._index.contents.drop_unused_vectors()
        for_good, self._for_good = self._for_good, False
        if for_good:
            self._index.scrub()
