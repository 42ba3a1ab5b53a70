"""Reads e-mails that were saved: as they were sent (.eml) or by Outlook (.msg)."""

import io
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from pathlib import Path

from app.core.documents.text import BlockKind, DocumentFacts, DocumentKind, PageUnit
from app.core.errors import WorldError
from app.readers.compound_file import COMPOUND_FILE_MARK, MAX_LETTER_BYTES, is_compound_file
from app.readers.encodings import decode, text_of
from app.readers.endings import LETTER_ENDINGS, OUTLOOK_ENDING
from app.readers.formats.mail_source import (
    MAX_DEPTH,
    MAX_PARTS,
    MAX_TEXT_BYTES,
    TEXT_TYPES,
    parsed_letter,
    raw_header,
)
from app.readers.formats.outlook import outlook_letter, read_outlook_letter
from app.readers.formats.page_writer import PageWriter
from app.readers.formats.plain_lines import blocks_of
from app.readers.formats.rich_text import write_rich_text
from app.readers.formats.rich_text_codes import is_rich_text
from app.readers.formats.web_tree import page_text, parse_web_page, web_encoding, write_blocks
from app.readers.reading import EmitPage, ReadingLimits, ReadingOptions
from app.readers.refusals import damaged, too_complex
from app.readers.whole_file import read_whole

STUB_PART = 0.5
"""A plain text with fewer of the words of the page beside it only hints at that."""
_SHOWN = ("Subject", "From", "To", "Cc", "Date")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_HEADER_LINE = re.compile(r"^[A-Za-z][A-Za-z0-9-]*:", re.MULTILINE)
_LETTER_TYPE = "message/rfc822"
_QUOTED = re.compile(r"(?:> ?)+")
_TAG = re.compile("<[^<>]*>")
_SIGNATURE = "-- "


def read(
    path: Path, limits: ReadingLimits, _options: ReadingOptions, emit_page: EmitPage
) -> DocumentFacts:
    """Read an e-mail: who, when, what about, its text, and its attachments' names.

    See `app.readers.reading`. Attachments that are text, and letters that were sent along, follow
    as pages of their own.
    """
    message = _opened(path)
    writer = PageWriter(path, PageUnit.WHOLE, limits, emit_page)
    try:
        _LetterWriter(path, writer).write(message)
    except RecursionError as error:
        raise too_complex(path, "parts") from error
    return writer.finish(DocumentKind.EMAIL, _header(message, "subject"))


def _opened(path: Path) -> Message:
    if is_compound_file(path):
        return read_outlook_letter(path)
    data = read_whole(path, MAX_LETTER_BYTES)
    if data.startswith(_WIDE_MARKS):
        data = (decode(data) or "").encode("utf-8", "replace")
    if not _HEADER_LINE.search(data[:20_000].decode("latin-1")):
        raise damaged(path, "no headers")
    return parsed_letter(data, path)


class _LetterWriter:
    """Writes a letter, and those within it."""

    def __init__(self, path: Path, writer: PageWriter) -> None:
        self._path, self._writer = path, writer
        self._n_parts = 0

    def write(self, message: Message, depth: int = 0) -> None:
        """Write a letter with what was sent along."""
        _write_headers(message, self._writer)
        for part in _bodies(message):
            _write_text(part, self._path, self._writer)
        enclosed = list(self._enclosed(message))
        for part in enclosed:
            self._writer.add(BlockKind.LIST_ITEM, _file_name(part) or _letter_name(part))
        for part in enclosed:
            # What is sent along does not keep the letter from being read.
            try:
                self._write_enclosed(part, depth)
            except WorldError:
                continue

    def _enclosed(self, message: Message) -> Iterator[Message]:
        """Give the attachments of a letter, not those of letters within it."""
        for part in message.get_payload() if message.is_multipart() else []:
            self._n_parts += 1
            if self._n_parts > MAX_PARTS or not isinstance(part, Message):
                return
            if part.get_content_type() == _LETTER_TYPE or _file_name(part):
                yield part
            else:
                yield from self._enclosed(part)

    def _write_enclosed(self, part: Message, depth: int) -> None:
        name = _file_name(part)
        letter = _letter_of(part, name, self._path)
        if letter is not None and depth < MAX_DEPTH:
            self._writer.next_part()
            self.write(letter, depth + 1)
        elif part.get_content_type() in TEXT_TYPES:
            self._writer.next_part()
            self._writer.add(BlockKind.HEADING, name, level=1)
            _write_text(part, self._path, self._writer)


def _letter_of(part: Message, name: str, path: Path) -> Message | None:
    """Give the letter that an attachment is, if it is one."""
    if part.get_content_type() == _LETTER_TYPE:
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) and payload else None
        return inner if isinstance(inner, Message) else None
    if part.is_multipart():
        return None
    if name.casefold().endswith(OUTLOOK_ENDING):
        data = _payload(part, MAX_LETTER_BYTES)
        if data.startswith(COMPOUND_FILE_MARK):
            return outlook_letter(io.BytesIO(data), path)
    is_letter = name.casefold().endswith(LETTER_ENDINGS)
    return parsed_letter(_payload(part), path) if is_letter else None


def _letter_name(part: Message) -> str:
    letter = _letter_of(part, "", Path())
    return _header(letter, "subject") if letter is not None else ""


def _bodies(part: Message) -> list[Message]:
    """Give the parts that are the text of a letter."""
    kind = part.get_content_type()
    if kind == _LETTER_TYPE or _file_name(part) or _is_attachment(part):
        return []
    if not part.is_multipart():
        return [part] if part.get_content_maintype() == "text" else []
    inner = [_bodies(one) for one in part.get_payload() if isinstance(one, Message)]
    if kind == "multipart/alternative":
        return _best([one for one in inner if one])
    return [one for parts in inner for one in parts]


def _best(choices: list[list[Message]]) -> list[Message]:
    """Choose among texts that say the same: the plain one unless it is a mere hint."""
    full = [one for one in choices if any(_payload(part).strip() for part in one)]
    plain = next((one for one in full if one[0].get_content_type() == "text/plain"), None)
    page = next((one for one in full if one[0].get_content_type() == "text/html"), None)
    if plain is None or page is None:
        return plain or page or (full[0] if full else [])
    is_stub = _n_words(plain[0]) < STUB_PART * _n_words(page[0])
    return page if is_stub else plain


def _n_words(part: Message) -> int:
    text = _bytes_text(_payload(part), _charset(part))
    if part.get_content_type() == "text/html":
        first, *rest = text.casefold().split("<style")
        text = _TAG.sub(" ", first + "".join(one.partition("</style")[2] for one in rest))
    return len(text.split())


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
    text = raw_header(message, name)
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
    return text_of(data, name if name != "unknown-8bit" else "")


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


def _payload(part: Message, max_bytes: int = MAX_TEXT_BYTES) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return data[:max_bytes] if isinstance(data, bytes) else b""


def _charset(part: Message) -> str:
    try:
        found = part.get_content_charset()
    except (ValueError, LookupError, TypeError):
        return ""
    return web_encoding(found or "")


def _is_flowed(part: Message) -> bool:
    try:
        found = part.get_param("format", "")
    except (ValueError, LookupError, TypeError):
        return False
    return str(found).casefold() == "flowed"


def _write_text(part: Message, path: Path, writer: PageWriter) -> None:
    data = _payload(part)
    if part.get_content_type() == "text/html":
        if page_text(data, _charset(part)) is None:
            return
        root = parse_web_page(data, path, _charset(part)) if data.strip() else None
        if root is not None:
            write_blocks(root, writer)
        return
    if part.get_content_type() == "text/rtf" and is_rich_text(data):
        write_rich_text(data, path, writer)
        return
    lines = _bytes_text(data, _charset(part)).splitlines()
    if _is_flowed(part):
        lines = _unflowed(lines)
    for kind, text in blocks_of(_unquoted(lines)):
        writer.add(kind, text)


def _unflowed(lines: list[str]) -> list[str]:
    """Join lines that were broken at a space, which their program has kept (RFC 3676)."""
    paragraphs: list[list[str]] = []
    is_open, depth = False, 0
    for line in lines:
        mark = _QUOTED.match(line)
        text = line[mark.end() :] if mark is not None else line
        before, depth = depth, mark[0].count(">") if mark is not None else 0
        # A change of depth ends a paragraph, whatever its last line ends in (section 4.5).
        if is_open and depth == before and text != _SIGNATURE:
            paragraphs[-1].append(text)
        else:
            paragraphs.append([line])
        is_open = text.endswith(" ") and text != _SIGNATURE
    return ["".join(pieces) for pieces in paragraphs]


def _unquoted(lines: list[str]) -> Iterator[str]:
    """Give lines without the marks of what is quoted, and quotations as paragraphs apart."""
    depth = 0
    for line in lines:
        mark = _QUOTED.match(line)
        now = mark[0].count(">") if mark is not None else 0
        if now != depth and line.strip():
            yield ""
            depth = now
        yield line[mark.end() :] if mark is not None else line
