"""What the window process and the parser process say to each other.

Lines of JSON as with the engine (`app/engine/protocol.py`). Every reply names the request it
belongs to. The parser sends at most `PAGES_AHEAD` pages that were not acknowledged, so that a
long document never piles up between the two, and stands still soon when it is to wait.
"""

import msgspec

from app.core.documents.text import Box, DocumentFacts, PageText, Span, TextSource, WordBox
from app.core.errors import Failure
from app.core.json_lines import line_of, message_of
from app.readers.reading import ReadingLimits, ReadingOptions

PROTOCOL_VERSION = 2
"""Raised whenever a message changes."""
PAGES_AHEAD = 32
"""So many pages may be on their way."""
SCANS_AHEAD = 2
"""Of those whose text was recognised, which takes seconds each."""


class Request(msgspec.Struct, frozen=True, tag=True):
    """From the window to the parser."""

    request_id: str


class Prepare(Request, frozen=True, tag=True):
    """Load what reading takes, since a document will come."""


class ReadDocument(Request, frozen=True, tag=True):
    """Read a document, page by page."""

    path: bytes
    limits: ReadingLimits
    options: ReadingOptions


class PagesTaken(Request, frozen=True, tag=True):
    """Further pages of this request have been taken.

    Attributes:
        n_pages: how many; some count several times, see `weight_of`.
    """

    n_pages: int


class DrawPage(Request, frozen=True, tag=True):
    """Draw a page of a document that has a look of its own.

    Attributes:
        page: counted from 1.
        width_px: of the picture.
        spans: of its text, to be marked.
        word_boxes: of a page whose text was recognised.
    """

    path: bytes
    page: int
    width_px: int
    spans: tuple[Span, ...]
    word_boxes: tuple[WordBox, ...] = ()


AnyRequest = Prepare | ReadDocument | PagesTaken | DrawPage


class Reply(msgspec.Struct, frozen=True, tag=True):
    """From the parser to the window."""

    request_id: str


class Hello(Reply, frozen=True, tag=True):
    """First message of the parser: it can be used."""

    protocol_version: int


class Prepared(Reply, frozen=True, tag=True):
    """Documents are read at once from now on, or nearly so."""


class PageRead(Reply, frozen=True, tag=True):
    """The next page of a document.

    Attributes:
        language: of the document, ISO 639-1, as its first pages tell; empty until they do.
    """

    page: PageText
    language: str = ""


class DocumentRead(Reply, frozen=True, tag=True):
    """All pages have been sent."""

    facts: DocumentFacts


class PageDrawn(Reply, frozen=True, tag=True):
    """A page as a picture.

    Attributes:
        pixels: 3 bytes each (blue, green, red), rows without gaps, compressed with zlib.
        boxes: of the marks, in pixels.
        label: how the document names the page; empty when that is its number.
    """

    width_px: int
    height_px: int
    pixels: bytes
    boxes: tuple[Box, ...]
    n_pages: int
    label: str


class Failed(Reply, frozen=True, tag=True):
    """The request has ended in an error."""

    failure: Failure


AnyReply = Hello | Prepared | PageRead | DocumentRead | PageDrawn | Failed

_ENCODER = msgspec.json.Encoder()
_REQUEST_DECODER: msgspec.json.Decoder[AnyRequest] = msgspec.json.Decoder(AnyRequest)
_REPLY_DECODER: msgspec.json.Decoder[AnyReply] = msgspec.json.Decoder(AnyReply)


def weight_of(page: PageText) -> int:
    """Give for how many pages that were only read a page counts."""
    return PAGES_AHEAD // SCANS_AHEAD if page.source is TextSource.OCR else 1


def encode(message: AnyRequest | AnyReply) -> bytes:
    """Give `message` as one line; see `line_of`.

    Raises:
        MessageTooLongError: the other side would refuse it.
    """
    return line_of(message, _ENCODER.encode, msgspec.to_builtins)


def decode_request(line: bytes) -> AnyRequest:
    """Read one line from the window.

    Raises:
        ProtocolError: the line is not a request.
    """
    return message_of(line, _REQUEST_DECODER.decode, msgspec.MsgspecError)


def decode_reply(line: bytes) -> AnyReply:
    """Read one line from the parser.

    Raises:
        ProtocolError: the line is not a reply.
    """
    return message_of(line, _REPLY_DECODER.decode, msgspec.MsgspecError)
