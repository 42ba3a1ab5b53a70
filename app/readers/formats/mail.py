"""Reads e-mails that were saved (.eml)."""

import re
from email import message_from_bytes, policy
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from pathlib import Path

from app.core.documents.text import BlockKind, DocumentFacts, DocumentKind, PageUnit
from app.core.errors import WorldError
from app.readers.encodings import decode
from app.readers.formats.page_writer import PageWriter
from app.readers.formats.plain_lines import blocks_of
from app.readers.formats.web_tree import page_text, parse_web_page, web_encoding, write_blocks
from app.readers.reading import EmitPage, ReadingLimits, ReadingOptions
from app.readers.refusals import damaged
from app.readers.whole_file import read_whole

MAX_BYTES = 150_000_000
"""More than mail servers let pass."""
MAX_TEXT_BYTES = 20_000_000
"""Of one part."""
MAX_PARTS = 1_000
_SHOWN = ("Subject", "From", "To", "Cc", "Date")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_HEADER_LINE = re.compile(r"^[A-Za-z][A-Za-z0-9-]*:", re.MULTILINE)


def read(
    path: Path, limits: ReadingLimits, _options: ReadingOptions, emit_page: EmitPage
) -> DocumentFacts:
    """Read an e-mail: who, when, what about, its text, and its attachments' names.

    See `app.readers.reading`. Attachments that are text follow as pages of their own.
    """
    data = read_whole(path, MAX_BYTES)
    if data.startswith(_WIDE_MARKS):
        data = (decode(data) or "").encode("utf-8", "replace")
    try:
        # The newer policies fail at many headers that are not well formed.
        message = message_from_bytes(data, policy=policy.compat32)
        parts = [one for one in message.walk() if not one.is_multipart()][:MAX_PARTS]
    except (MessageError, ValueError, LookupError, RecursionError) as error:
        raise damaged(path, f"mail: {type(error).__name__}") from error
    if not _HEADER_LINE.search(data[:20_000].decode("latin-1")):
        raise damaged(path, "no headers")
    writer = PageWriter(path, PageUnit.WHOLE, limits, emit_page)
    _write_headers(message, writer)
    body = _body_of(message, parts)
    if body is not None:
        _write_text(body, path, writer)
    _write_attachments([one for one in parts if _file_name(one)], path, writer)
    return writer.finish(DocumentKind.EMAIL, _header(message, "subject"))


def _write_headers(message: Message, writer: PageWriter) -> None:
    subject = _header(message, "subject")
    if subject:
        writer.add(BlockKind.HEADING, subject, level=1)
    for name in _SHOWN[1:]:
        value = _header(message, name.casefold())
        if value:
            writer.add(BlockKind.PARAGRAPH, f"{name}: {value}")


def _header(message: Message, name: str) -> str:
    """Give a header, named in small letters, with its encoded words decoded."""
    # As it stands in the mail: `get` would replace bytes beyond ASCII.
    text = next((str(raw) for key, raw in message.raw_items() if key.casefold() == name), "")
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError):
        return _unescaped(text)
    return " ".join("".join(_decoded(*piece) for piece in pieces).split())


def _decoded(piece: str | bytes, charset: str | None) -> str:
    if isinstance(piece, str):
        return _unescaped(piece)
    return _bytes_text(piece, charset or "")


def _unescaped(text: str) -> str:
    """Decode bytes that stood in a header as they are, which is not allowed but frequent."""
    try:
        data = text.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return text
    return text if text.isascii() else _bytes_text(data, "")


def _bytes_text(data: bytes, charset: str) -> str:
    """Give bytes as text: by what is said about them if that is true, else by their look."""
    name = web_encoding(charset)
    if name and name != "unknown-8bit":
        try:
            return data.decode(name)
        except (LookupError, UnicodeError):
            name = ""
    return decode(data) or data.decode("latin-1")


def _body_of(message: Message, parts: list[Message]) -> Message | None:
    """Choose the part that says it best: plain text unless that is a mere hint at the other."""
    inline = [one for one in parts if not _file_name(one) and not _is_attachment(one)]
    plain = [one for one in inline if one.get_content_type() == "text/plain"]
    pages = [one for one in inline if one.get_content_type() == "text/html"]
    for part in plain:
        if _payload(part).strip():
            return part
    if pages:
        return pages[0]
    return (
        message
        if not message.is_multipart() and message.get_content_maintype() == "text"
        else None
    )


def _is_attachment(part: Message) -> bool:
    return str(part.get("Content-Disposition", "")).strip().casefold().startswith("attachment")


def _file_name(part: Message) -> str:
    try:
        raw = part.get_filename()
        name = collapse_rfc2231_value(raw) if raw is not None else ""
    except (ValueError, LookupError, TypeError):
        return ""
    try:
        return "".join(_decoded(*piece) for piece in decode_header(name))
    except (HeaderParseError, ValueError):
        return name


def _payload(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return data[:MAX_TEXT_BYTES] if isinstance(data, bytes) else b""


def _charset(part: Message) -> str:
    try:
        found = part.get_content_charset()
    except (ValueError, LookupError, TypeError):
        return ""
    return web_encoding(found or "")


def _write_text(part: Message, path: Path, writer: PageWriter) -> None:
    data = _payload(part)
    if part.get_content_type() == "text/html":
        if page_text(data, _charset(part)) is None:
            return
        root = parse_web_page(data, path, _charset(part)) if data.strip() else None
        if root is not None:
            write_blocks(root, writer)
        return
    for kind, text in blocks_of(_bytes_text(data, _charset(part)).splitlines()):
        writer.add(kind, text)


def _write_attachments(attachments: list[Message], path: Path, writer: PageWriter) -> None:
    for part in attachments:
        writer.add(BlockKind.LIST_ITEM, _file_name(part))
    for part in attachments:
        if part.get_content_type() in ("text/plain", "text/html", "text/csv", "text/markdown"):
            writer.next_part()
            writer.add(BlockKind.HEADING, _file_name(part), level=1)
            # What is sent along does not keep the letter from being read.
            try:
                _write_text(part, path, writer)
            except WorldError:
                continue
