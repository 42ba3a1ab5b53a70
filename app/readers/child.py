"""The parser process: reads strangers' documents within limits, until the pipe closes.

Started by `app/worker/reader_process.py` as `python -m app --parser`. One request at a time; what
a document does to this process, it does to this process alone.
"""

import contextlib
import logging
import os
import queue
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from app.core.documents.text import DocumentKind, PageText
from app.core.errors import AppError, BugError, ErrorCode, Facts, Failure, WorldError
from app.core.json_lines import LineSplitter, MessageTooLongError, ProtocolError
from app.machine import own_process
from app.readers import protocol
from app.readers.kinds import kind_of, reader_of
from app.readers.protocol import AnyReply, AnyRequest
from app.readers.reading import ReadingLimits

_LOG = logging.getLogger(__name__)

READ_BYTES = 65536
DRAWING_CPU_S = 20
"""A page that takes longer to draw is no page to be read."""
PAGES_A_SHARE = 100
"""For so many pages a document has its processor time anew. Dense text takes two seconds of it,
on the slowest processors ten."""
LONGEST_CPU_S = 1800
"""In all, however many pages there are."""
SAMPLE_OF_PAGE = 1000
LONG_CHARACTERS = 500_000
"""Only longer documents are asked for their language before their end."""
FAST = 1
"""Level of zlib: a page as a picture shrinks to a tenth in a few milliseconds."""

Send = Callable[[AnyReply], None]


class ParserChild:
    """Serves requests; pages wait for those before them to be taken.

    Args:
        requests: lines to read; unbuffered, so that a read gives what is there.
        replies: lines to write.
        on_closed: called from the reading thread as soon as the pipe has closed.
    """

    def __init__(
        self,
        requests: BinaryIO,
        replies: BinaryIO,
        on_closed: Callable[[], None] = lambda: None,
    ) -> None:
        self._requests, self._replies, self._on_closed = requests, replies, on_closed
        self._waiting: queue.Queue[AnyRequest | None] = queue.Queue()
        self._window = threading.Semaphore(0)
        self._has_prepared = False

    def serve(self) -> None:
        """Serve requests until the pipe closes."""
        self._send(protocol.Hello("", protocol.PROTOCOL_VERSION))
        threading.Thread(target=self._listen, name="requests", daemon=True).start()
        while (request := self._waiting.get()) is not None:
            self._serve_one(request)

    def _listen(self) -> None:
        lines = LineSplitter()
        try:
            while piece := self._requests.read(READ_BYTES):
                for line in lines.feed(piece):
                    self._hear(protocol.decode_request(line))
        except (ProtocolError, OSError):
            _LOG.exception("the window process cannot be understood")
        self._on_closed()
        self._waiting.put(None)

    def _hear(self, request: AnyRequest) -> None:
        if isinstance(request, protocol.PagesTaken):
            self._window.release(request.n_pages)
        else:
            self._waiting.put(request)

    def _serve_one(self, request: AnyRequest) -> None:
        """Serve one request; whatever goes wrong becomes a reply."""
        try:
            match request:
                case protocol.Prepare():
                    self._prepare()
                    # The format that most documents have.
                    reader_of(DocumentKind.PDF)
                    self._send(protocol.Prepared(request.request_id))
                case protocol.ReadDocument():
                    self._prepare()
                    self._read(request)
                case protocol.DrawPage():
                    self._draw(request)
                case protocol.PagesTaken():
                    pass
        except AppError as error:
            self._send(protocol.Failed(request.request_id, Failure.of(error)))
        except MemoryError:
            failure = _too_complex(request, "memory")
            self._send(protocol.Failed(request.request_id, failure))
        except RecursionError:
            self._send(protocol.Failed(request.request_id, _too_complex(request, "depth")))
        except Exception as error:  # noqa: BLE001 - the parser's one last resort
            _LOG.error("request failed: %s", type(error).__name__)
            bug = BugError(type(error).__name__, type(error).__name__)
            self._send(protocol.Failed(request.request_id, Failure.of(bug)))

    def _prepare(self) -> None:
        """Load the model that tells languages while the first pages are read."""
        if not self._has_prepared:
            self._has_prepared = True
            threading.Thread(target=_load_languages, name="languages", daemon=True).start()

    def _read(self, request: protocol.ReadDocument) -> None:
        limits = request.limits
        own_process.limit_processor_time(limits.cpu_s)
        path = Path(os.fsdecode(request.path))
        self._window = threading.Semaphore(protocol.PAGES_AHEAD)
        counter, teller = _PageCounter(path, limits), _LanguageTeller()
        began_s = time.process_time()

        def emit_page(page: PageText) -> None:
            counter.count(page)
            is_long = time.process_time() - began_s > LONGEST_CPU_S
            if counter.n_pages % PAGES_A_SHARE == 0 and not is_long:
                # Long documents take long; what gets on is not what the limit is meant for.
                own_process.limit_processor_time(limits.cpu_s)
            for _ in range(protocol.weight_of(page)):
                self._window.acquire()
            self._send(protocol.PageRead(request.request_id, page, teller.language_after(page)))

        facts = reader_of(kind_of(path))(path, limits, request.options, emit_page)
        if not counter.n_pages and not facts.pages_without_text:
            raise WorldError(ErrorCode.DOCUMENT_EMPTY, Facts(path.name, str(path)))
        self._send(protocol.DocumentRead(request.request_id, facts))

    def _draw(self, request: protocol.DrawPage) -> None:
        from app.readers.drawing import draw_page  # noqa: PLC0415 - few of these processes draw

        own_process.limit_processor_time(DRAWING_CPU_S)
        path = Path(os.fsdecode(request.path))
        drawn = draw_page(path, request.page, request.width_px, request.spans, request.word_boxes)
        self._send(
            protocol.PageDrawn(
                request.request_id,
                drawn.picture.width_px,
                drawn.picture.height_px,
                zlib.compress(drawn.picture.pixels, FAST),
                drawn.boxes,
                drawn.n_pages,
                drawn.label,
            )
        )

    def _send(self, reply: AnyReply) -> None:
        try:
            line = protocol.encode(reply)
        except MessageTooLongError as error:
            failure = Failure(ErrorCode.DOCUMENT_TOO_COMPLEX, Facts(reason="text"), str(error))
            line = protocol.encode(protocol.Failed(reply.request_id, failure))
        self._replies.write(line)
        self._replies.flush()


def _load_languages() -> None:
    from app.readers import language  # noqa: PLC0415 - numpy, which takes 0.1 s

    # Whoever needs it will say so if there is no memory for it.
    with contextlib.suppress(MemoryError):
        language.load()


class _LanguageTeller:
    """Tells the language of a document as soon as enough of its text has been read."""

    def __init__(self) -> None:
        self._sample = ""
        self._n_characters = 0
        self._language: str | None = None

    def language_after(self, page: PageText) -> str:
        """Take the next page; give the language, or nothing as long as it is not told."""
        if self._language is None:
            self._sample += page.text[:SAMPLE_OF_PAGE] + "\n"
            self._n_characters += len(page.text)
            if self._n_characters >= LONG_CHARACTERS:
                from app.readers import language  # noqa: PLC0415 - as in `_load_languages`

                self._language = language.language_of(self._sample)
        return self._language or ""


class _PageCounter:
    """Stops a document that has more text than any that people read."""

    def __init__(self, path: Path, limits: ReadingLimits) -> None:
        self._path, self._limits = path, limits
        self.n_pages = 0
        self._n_characters = 0

    def count(self, page: PageText) -> None:
        """Count one page.

        Raises:
            WorldError: DOCUMENT_TOO_COMPLEX.
        """
        self.n_pages += 1
        self._n_characters += len(page.text)
        is_over = (
            self.n_pages > self._limits.max_pages
            or self._n_characters > self._limits.max_characters
        )
        if is_over:
            facts = Facts(self._path.name, str(self._path), "text")
            raise WorldError(ErrorCode.DOCUMENT_TOO_COMPLEX, facts)


def _too_complex(request: AnyRequest, reason: str) -> Failure:
    path = Path(os.fsdecode(getattr(request, "path", b"")))
    return Failure(ErrorCode.DOCUMENT_TOO_COMPLEX, Facts(path.name, str(path), reason))


def main() -> None:
    """Be the parser process until the window closes the pipe."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    replies = own_process.private_output()
    os.umask(0o077)
    own_process.live_and_die_with_parent()
    own_process.leave_the_network()
    own_process.limit_memory(ReadingLimits().memory_bytes)
    with os.fdopen(0, "rb", buffering=0) as requests:
        ParserChild(requests, replies, on_closed=lambda: os._exit(0)).serve()
