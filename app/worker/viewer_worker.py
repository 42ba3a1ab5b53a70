"""Fetches pages of documents for the viewer: a picture where the format has one, and the text."""

import logging
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from app.core import document_events as documents
from app.core.documents.evidence import DocumentPlace
from app.core.documents.text import DocumentKind, Span, WordBox
from app.core.errors import ErrorCode, Facts, Failure, WorldError
from app.store.database import Database
from app.store.stored_pages import KeptPage, is_as_read, kept_page
from app.worker.document_reader import ReadFailed
from app.worker.reader_process import PictureArrived, ReaderProcess
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded_by

_LOG = logging.getLogger(__name__)

IDLE_MS = 120_000
"""After so long without a page the process that draws is ended; it comes back in 0.3 s."""
PATIENCE_MS = 1000
"""After so long the page before is given up for the one that is wanted now."""
USUAL_WIDTH_PX = 800
"""Of a picture, when it was not said."""


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What the process is asked for."""

    request_id: str
    path: Path
    page: int
    width_px: int
    spans: tuple[Span, ...]
    word_boxes: tuple[WordBox, ...]


class ViewerWorker(QObject):
    """Shows places of documents. Only the newest request counts; what is late is dropped.

    Args:
        database: of documents; opened for each page.

    Signals:
        page_shown: the page that was asked for last.
        page_failed: why it cannot be shown.
    """

    page_shown = signal_of(documents.PageShown)
    page_failed = signal_of(documents.PageFailed)

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self._reader = ReaderProcess(self)
        self._reader.picture_drawn.connect(self._take_picture)
        self._reader.failed.connect(self._take_failure)
        self._shown: documents.PageShown | None = None
        self._next: _Drawing | None = None
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._draw_instead)
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self._reader.close)

    @Slot()
    def close(self) -> None:
        """End the process that draws."""
        self._idle.stop()
        self._patience.stop()
        self._shown = self._next = None
        self._reader.close()
        self._database.close()

    def _refuse(self, failure: Failure, request: documents.PlaceRequest) -> None:
        self.page_failed.emit(documents.PageFailed(request.serial, request.place, failure))

    @Slot(object)
    @guarded_by(_refuse)
    def show_place(self, request: documents.PlaceRequest) -> None:
        """Show a page of a document, with the place marked if it is on it."""
        self._shown = self._next = None
        self._database.join()
        try:
            self._show(request)
        finally:
            self._database.close()

    def _show(self, request: documents.PlaceRequest) -> None:
        place = request.place
        number = request.page or place.page
        kept = kept_page(self._database, place.sha256, number)
        is_there, is_same = self._state_of(place)
        if kept is None and not is_there:
            facts = Facts(place.path.name, str(place.path))
            raise WorldError(ErrorCode.DOCUMENT_MISSING, facts)
        shown = _page_without_picture(request, number, kept, is_there=is_there, is_same=is_same)
        is_pdf = kept.kind is DocumentKind.PDF if kept else place.path.suffix.lower() == ".pdf"
        if not is_pdf or not is_same:
            self.page_shown.emit(shown)
            return
        self._shown = shown
        self._next = _Drawing(
            str(request.serial),
            place.path,
            number,
            request.width_px or USUAL_WIDTH_PX,
            tuple(span for span in place.spans if span.page == number),
            kept.word_boxes if kept is not None else (),
        )
        self._idle.stop()
        if self._reader.is_busy:
            # Most pages are drawn in less time than it takes to start the process anew.
            self._patience.start()
        else:
            self._draw_next()

    def _draw_next(self) -> None:
        self._patience.stop()
        drawing, self._next = self._next, None
        if drawing is None:
            self._idle.start()
            return
        self._reader.draw(
            drawing.request_id,
            drawing.path,
            drawing.page,
            drawing.width_px,
            drawing.spans,
            drawing.word_boxes,
        )

    @Slot()
    def _draw_instead(self) -> None:
        """Draw the page that is wanted now; the one before takes too long."""
        self._reader.cancel()
        self._draw_next()

    def _state_of(self, place: DocumentPlace) -> tuple[bool, bool]:
        """Say whether the file is there, and whether it is what was read."""
        try:
            return True, is_as_read(self._database, place.path, place.sha256)
        except OSError as error:
            _LOG.info("a document to be shown is not there: %s", error.strerror)
            return False, False

    @Slot(object)
    def _take_picture(self, drawn: PictureArrived) -> None:
        shown = self._shown
        self._draw_next()
        if shown is None or drawn.request_id != str(shown.serial):
            return
        self._shown = None
        self.page_shown.emit(
            documents.PageShown(
                shown.serial,
                shown.place,
                shown.page,
                drawn.n_pages,
                shown.unit,
                drawn.label,
                drawn.picture,
                drawn.boxes,
                shown.text,
                shown.marks,
            )
        )

    @Slot(object)
    def _take_failure(self, failed: ReadFailed) -> None:
        """Show the text at least, if there is one."""
        shown = self._shown
        self._draw_next()
        if shown is None or failed.request_id != str(shown.serial):
            return
        self._shown = None
        if shown.text:
            self.page_shown.emit(shown)
        else:
            failure = failed.failure
            self.page_failed.emit(documents.PageFailed(shown.serial, shown.place, failure))


def _page_without_picture(
    request: documents.PlaceRequest,
    number: int,
    kept: KeptPage | None,
    *,
    is_there: bool,
    is_same: bool,
) -> documents.PageShown:
    place = request.place
    marks = tuple((span.start, span.end) for span in place.spans if span.page == number)
    return documents.PageShown(
        request.serial,
        place,
        number,
        kept.n_pages if kept else 1,
        kept.unit if kept else place.unit,
        kept.label if kept else place.label,
        text=kept.text if kept else "",
        marks=marks,
        has_changed=is_there and not is_same,
        is_missing=not is_there,
    )
