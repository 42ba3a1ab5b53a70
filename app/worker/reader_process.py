"""Reads documents in a process of its own, and says what became of each.

A document may do whatever it likes to that process: it is killed when it takes too long or too
much memory, started anew, and the document is refused with its reason. The one that follows
never notices.
"""

import logging
import os
import zlib
from collections import deque
from dataclasses import dataclass
from pathlib import Path

import psutil
from PySide6.QtCore import QLocale, QObject, QTimer, Slot

from app.core.document_events import PagePicture
from app.core.documents.text import Box, Span, WordBox
from app.core.errors import BugError, ErrorCode, Facts, Failure
from app.readers import protocol
from app.readers.protocol import AnyRequest, Reply
from app.readers.reading import ReadingLimits, ReadingOptions
from app.worker.child_process import ChildProcess
from app.worker.document_reader import DocumentRead, PageRead, ReadFailed
from app.worker.signal_types import signal_of

_LOG = logging.getLogger(__name__)

START_LIMIT_MS = 60_000
"""A cold disk and a virus scanner take a few seconds."""
SILENT_LIMIT_MS = 120_000
"""No page for so long: it hangs where no processor time is used up. One scanned page is
recognised within a minute."""
WATCH_INTERVAL_MS = 500
MAX_RESIDENT_BYTES = 2 << 30
"""Where the system does not limit a process by itself (Windows, macOS)."""
MAX_FAILED_STARTS = 3
_PREPARE_ID = "prepare"
_WHY_DIED = {"signal 6": "memory", "signal 9": "memory", "signal 24": "time"}
"""pdfium aborts when it is given no more memory; a system that has none left kills; the last one
is the end of the processor time (SIGXCPU)."""


@dataclass(frozen=True, slots=True)
class PictureArrived:
    """A page was drawn; `boxes` are the marks, in pixels."""

    request_id: str
    picture: PagePicture
    boxes: tuple[Box, ...]
    n_pages: int
    label: str


class _Parser(ChildProcess):
    """The process itself."""

    replied = signal_of(Reply)

    def __init__(self, parent: QObject) -> None:
        super().__init__("parser", parent)

    def take_line(self, line: bytes) -> None:
        """Pass a reply on."""
        self.replied.emit(protocol.decode_reply(line))


class ReaderProcess(QObject):
    """Does one request after the other; must live on the thread that asks.

    Signals, each about one request:
        page_read: the next page; the one after it waits until the slots have returned.
        document_read, picture_drawn, failed: its end.
    """

    page_read = signal_of(PageRead)
    document_read = signal_of(DocumentRead)
    picture_drawn = signal_of(PictureArrived)
    failed = signal_of(ReadFailed)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._languages = tuple(
            dict.fromkeys(one.split("-")[0] for one in QLocale.system().uiLanguages())
        )
        self._process: _Parser | None = None
        self._is_ready = False
        self._current: AnyRequest | None = None
        self._waiting: deque[AnyRequest] = deque()
        self._n_failed_starts = 0
        self._n_untaken = 0
        self._is_held = False
        self._why_killed = ""
        self._silence = QTimer(self, singleShot=True)
        self._silence.timeout.connect(self._kill_silent)
        self._watch = QTimer(self, interval=WATCH_INTERVAL_MS)
        self._watch.timeout.connect(self._check_memory)

    @property
    def process_id(self) -> int:
        """Process id; 0 when there is none."""
        return self._process.process_id if self._process is not None else 0

    @property
    def is_busy(self) -> bool:
        """Whether a request is being done or waits."""
        return self._current is not None or bool(self._waiting)

    def prepare(self) -> None:
        """Start the process if there is none, and let it load what documents take."""
        if self._process is None:
            self._ask(protocol.Prepare(_PREPARE_ID))

    def read(
        self,
        request_id: str,
        path: Path,
        *,
        reads_scans: bool,
        limits: ReadingLimits | None = None,
    ) -> None:
        """Read a document; text in pictures of pages is recognised if that is wanted."""
        limits, options = limits or ReadingLimits(), ReadingOptions(reads_scans, self._languages)
        self._ask(protocol.ReadDocument(request_id, os.fsencode(path), limits, options))

    def draw(
        self,
        request_id: str,
        path: Path,
        page: int,
        width_px: int,
        spans: tuple[Span, ...] = (),
        word_boxes: tuple[WordBox, ...] = (),
    ) -> None:
        """Draw a page of a document, so many pixels wide, with these characters marked."""
        name = os.fsencode(path)
        self._ask(protocol.DrawPage(request_id, name, page, width_px, spans, word_boxes))

    def hold(self) -> None:
        """Let the pages of the document that is being read wait; a few more may come."""
        self._is_held = True

    def go_on(self) -> None:
        """Let the pages come again."""
        self._is_held = False
        n_pages, self._n_untaken = self._n_untaken, 0
        if n_pages and self._current is not None:
            self._silence.start(SILENT_LIMIT_MS)
            self._send(protocol.PagesTaken(self._current.request_id, n_pages))

    def cancel(self, request_id: str = "") -> None:
        """Give up a request, or all of them; nothing is said of it any more."""
        kept = [one for one in self._waiting if request_id and one.request_id != request_id]
        self._waiting = deque(kept)
        current = self._current
        if current is not None and request_id in {"", current.request_id}:
            # What it is doing cannot be interrupted otherwise.
            self._end()
            self._end_process()
            self._advance()

    def close(self) -> None:
        """End the process."""
        self._waiting.clear()
        self._end()
        self._end_process()

    # --- requests ---

    def _ask(self, request: AnyRequest) -> None:
        self._waiting.append(request)
        self._advance()

    def _advance(self) -> None:
        if self._current is not None or not self._waiting:
            return
        if self._process is None:
            self._start()
        elif self._is_ready:
            self._current = self._waiting.popleft()
            self._send(self._current)
            self._silence.start(SILENT_LIMIT_MS)
            self._watch.start()

    def _send(self, request: AnyRequest) -> None:
        if self._process is not None:
            self._process.send(protocol.encode(request))

    def _end(self) -> None:
        self._current = None
        self._n_untaken, self._is_held = 0, False
        self._silence.stop()
        self._watch.stop()

    @Slot(object)
    def _take(self, reply: Reply) -> None:
        if isinstance(reply, protocol.Hello):
            self._welcome(reply)
            return
        current = self._current
        if current is None or reply.request_id != current.request_id:
            return  # Of a request that was given up.
        self._silence.start(SILENT_LIMIT_MS)
        match reply:
            case protocol.PageRead():
                self._take_page(reply)
            case protocol.Prepared():
                self._end()
            case protocol.DocumentRead(request_id=request_id, facts=facts):
                self._end()
                self.document_read.emit(DocumentRead(request_id, facts))
            case protocol.PageDrawn():
                self._end()
                self._take_picture(reply)
            case protocol.Failed(request_id=request_id, failure=failure):
                self._end()
                self.failed.emit(ReadFailed(request_id, failure))
            case _:
                pass
        self._advance()

    def _take_page(self, read: protocol.PageRead) -> None:
        self.page_read.emit(PageRead(read.request_id, read.page, read.language))
        # Whoever takes pages has done so by now, as it lives on this thread.
        self._n_untaken += protocol.weight_of(read.page)
        if self._is_held:
            self._silence.stop()  # It waits for us.
        else:
            self.go_on()

    def _take_picture(self, drawn: protocol.PageDrawn) -> None:
        n_bytes = drawn.width_px * drawn.height_px * 3
        try:
            # The process is not trusted with more of our memory than it said.
            pixels = zlib.decompressobj().decompress(drawn.pixels, n_bytes)
        except zlib.error:
            pixels = b""
        if not pixels or len(pixels) != n_bytes:
            bug = BugError("a picture of another size than was said")
            self.failed.emit(ReadFailed(drawn.request_id, Failure.of(bug)))
            return
        picture = PagePicture(drawn.width_px, drawn.height_px, pixels)
        self.picture_drawn.emit(
            PictureArrived(drawn.request_id, picture, drawn.boxes, drawn.n_pages, drawn.label)
        )

    # --- the process ---

    def _start(self) -> None:
        self._is_ready = False
        self._why_killed = ""
        self._process = _Parser(self)
        self._process.replied.connect(self._take)
        self._process.died.connect(self._on_died)
        self._silence.start(START_LIMIT_MS)
        self._process.start()

    def _welcome(self, hello: protocol.Hello) -> None:
        self._silence.stop()
        if hello.protocol_version != protocol.PROTOCOL_VERSION:
            self._end_process()
            self._give_up("other version of the messages")
            return
        self._is_ready = True
        self._n_failed_starts = 0
        self._advance()

    @Slot()
    def _kill_silent(self) -> None:
        self._kill("time")

    @Slot()
    def _check_memory(self) -> None:
        """Kill a process that has taken too much memory, where the system does not."""
        if not self.process_id:
            return
        try:
            resident_bytes = psutil.Process(self.process_id).memory_info().rss
        except psutil.Error:
            return  # It has ended, as `died` will tell.
        if resident_bytes > MAX_RESIDENT_BYTES:
            self._kill("memory")

    def _kill(self, why: str) -> None:
        self._why_killed = why
        if self._process is not None:
            self._process.kill()

    @Slot(object)
    def _on_died(self, how: str) -> None:
        """Refuse the document that it died of, and start anew for the next."""
        was_ready, current = self._is_ready, self._current
        why = self._why_killed or _WHY_DIED.get(how, how)
        _LOG.warning("parser lost: %s", how)
        self._end()
        self._end_process()
        if not was_ready:
            self._n_failed_starts += 1
            if self._n_failed_starts >= MAX_FAILED_STARTS:
                self._give_up(how)
                return
        elif current is not None:
            path = Path(os.fsdecode(getattr(current, "path", b"")))
            facts = Facts(path.name, str(path), why)
            failure = Failure(ErrorCode.DOCUMENT_TOO_COMPLEX, facts, how)
            self.failed.emit(ReadFailed(current.request_id, failure))
        self._advance()

    def _give_up(self, how: str) -> None:
        """Refuse all that waits: the process cannot be had."""
        self._n_failed_starts = 0
        waiting, self._waiting = self._waiting, deque()
        failure = Failure(ErrorCode.READER_UNUSABLE, Facts(reason=how))
        for request in waiting:
            self.failed.emit(ReadFailed(request.request_id, failure))

    def _end_process(self) -> None:
        self._silence.stop()
        self._watch.stop()
        process, self._process = self._process, None
        self._is_ready = False
        if process is not None:
            process.kill()
            process.close()
            process.deleteLater()
