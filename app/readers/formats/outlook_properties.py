"""Gives what is known of a letter of Outlook, of its recipients and of what was sent along.

By Microsoft's description, [MS-OXMSG]: each of them is a storage. Numbers and times stand in one
stream of 16 bytes for each, texts and bytes in streams that are named by number and type.
"""

import codecs
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.core.errors import ErrorCode, WorldError
from app.readers.compound_file import CompoundFile, Entry
from app.readers.encodings import first_that_decodes, text_of, whole_characters

OF_LETTER, OF_LETTER_WITHIN, OF_PART = 32, 24, 8
"""Bytes before the first number, by what it is that is described."""
MAX_FIXED_BYTES = 1_000_000
"""Of numbers and times; letters have some 1,500."""
MAX_NAME_BYTES = 1_000_000
"""Of a name or a subject, and of the headers with which a letter was sent."""
_FIXED = struct.Struct("<2H4x8s")
"""Type, number, value."""
_INTEGER_TYPES = (0x0002, 0x0003)
_TIME_TYPE = 0x0040
_WIDE_TYPE, _NARROW_TYPE, _BYTES_TYPE, _STORAGE_TYPE = "001f", "001e", "0102", "000d"
_INTERNET_PAGE, _LETTER_PAGE = 0x3FDE, 0x3FFD
_YEAR_ONE = datetime(1601, 1, 1, tzinfo=UTC)
_OF_PAGE = {
    936: "gb18030", 10000: "mac_roman", 20127: "cp1252",
    20866: "koi8_r", 20932: "euc_jp", 20936: "gb18030", 21866: "koi8_u", 28591: "cp1252",
    28599: "cp1254", 38598: "iso8859_8", 50220: "iso2022_jp", 50221: "iso2022_jp",
    50222: "iso2022_jp", 50225: "iso2022_kr", 51932: "euc_jp", 51936: "gb18030", 51949: "euc_kr",
    52936: "hz", 54936: "gb18030", 65001: "utf-8",
}  # fmt: skip
"""Code pages that have another name in Python, as browsers take them.

Without 1200 and 12000: texts of one byte a character are in none of two or four, and where that
is told it is meant of others. Without 65000, UTF-7, which takes nearly all for text.
"""
_FIRST_OF_ISO, _LAST_OF_ISO = 28590, 28606
"""Those are ISO 8859 by its parts."""


@dataclass(frozen=True, slots=True)
class CodePages:
    """In what texts of one byte a character are.

    Attributes:
        names: encoding of names and subjects, for `codecs`; empty when it is not told.
        bodies: of the letter's own text.
    """

    names: str = ""
    bodies: str = ""


class Properties:
    """What is known of one letter, recipient or attachment.

    Args:
        compound: of the file.
        storage: that describes it; not read before.
        n_header_bytes: one of those above.
        pages: of the letter that it belongs to; None for a letter, which has its own.

    Attributes:
        has_any: whether numbers and times stand there; a storage that has none is something else.
        pages: those that were given, or the letter's own.

    Raises:
        WorldError: DOCUMENT_DAMAGED, DOCUMENT_UNREADABLE; `body` and `data` raise those, too.
    """

    def __init__(
        self,
        compound: CompoundFile,
        storage: Entry,
        n_header_bytes: int,
        pages: CodePages | None = None,
    ) -> None:
        self._compound = compound
        self._entries = compound.entries_in(storage)
        fixed = self._entries.get("__properties_version1.0")
        self.has_any = fixed is not None
        data = compound.read(fixed, MAX_FIXED_BYTES) if fixed is not None else b""
        data = data[n_header_bytes:]
        whole = data[: len(data) // _FIXED.size * _FIXED.size]
        self._fixed = {(number, kind): value for kind, number, value in _FIXED.iter_unpack(whole)}
        self.pages = pages or self._code_pages()

    def storages(self, beginning: str) -> list[Entry]:
        """Give the storages whose name in small letters begins so, in their order."""
        found = [name for name in self._entries if name.startswith(beginning)]
        return [self._entries[name] for name in sorted(found) if self._entries[name].is_storage]

    def number(self, number: int) -> int | None:
        """Give a whole number; None when it is not told."""
        for kind in _INTEGER_TYPES:
            if (value := self._fixed.get((number, kind))) is not None:
                return int.from_bytes(value[: 2 if kind == _INTEGER_TYPES[0] else 4], "little")
        return None

    def time(self, number: int) -> datetime | None:
        """Give a time (UTC); None when it is not told, or none that there can be."""
        value = self._fixed.get((number, _TIME_TYPE))
        if value is None or not any(value):
            return None
        try:
            # In tenths of a millionth of a second.
            return _YEAR_ONE + timedelta(microseconds=int.from_bytes(value, "little") // 10)
        except OverflowError:
            return None

    def text(self, *numbers: int) -> str:
        """Give the first of some texts that there is; those that are damaged are passed over.

        Raises:
            WorldError: DOCUMENT_UNREADABLE.
        """
        for number in numbers:
            with without_damage():
                if text := self._name(number).strip("\0 "):
                    # Halves of characters cannot be written into an e-mail.
                    return whole_characters(text)
        return ""

    def body(self, number: int, max_bytes: int) -> tuple[bytes, str]:
        """Give a text of the letter itself: its first bytes, and their encoding if it is told."""
        if (wide := self._stream(number, _WIDE_TYPE)) is not None:
            text = self._compound.read(wide, max_bytes).decode("utf-16-le", "replace")
            return text.strip("\0").encode("utf-8", "replace"), "utf-8"
        if (narrow := self._stream(number, _NARROW_TYPE)) is not None:
            data = self._compound.read(narrow, max_bytes).strip(b"\0")
            # The one is of the letter as it was sent, which the text need not have kept to.
            return data, first_that_decodes(data, self.pages.bodies, self.pages.names)
        return self.data(number, max_bytes).strip(b"\0"), self.pages.bodies

    def data(self, number: int, max_bytes: int) -> bytes:
        """Give the first of some bytes; none when there are none."""
        stream = self._stream(number, _BYTES_TYPE)
        return self._compound.read(stream, max_bytes) if stream is not None else b""

    def storage(self, number: int) -> Entry | None:
        """Give a storage that is a value."""
        entry = self._entries.get(_name_of(number, _STORAGE_TYPE))
        return entry if entry is not None and entry.is_storage else None

    def _name(self, number: int) -> str:
        if (wide := self._stream(number, _WIDE_TYPE)) is not None:
            return self._compound.read(wide, MAX_NAME_BYTES).decode("utf-16-le", "replace")
        if (narrow := self._stream(number, _NARROW_TYPE)) is not None:
            return text_of(self._compound.read(narrow, MAX_NAME_BYTES), self.pages.names)
        return ""

    def _stream(self, number: int, kind: str) -> Entry | None:
        entry = self._entries.get(_name_of(number, kind))
        return entry if entry is not None and not entry.is_storage else None

    def _code_pages(self) -> CodePages:
        bodies = _encoding_of_page(self.number(_INTERNET_PAGE))
        names = _encoding_of_page(self.number(_LETTER_PAGE))
        return CodePages(names or bodies, bodies or names)


@contextmanager
def without_damage() -> Iterator[None]:
    """Pass over a part of a letter that cannot be understood; the rest is read all the same.

    Raises:
        WorldError: DOCUMENT_UNREADABLE: what the disk does not give now is there at another time.
    """
    try:
        yield
    except WorldError as error:
        if error.code is ErrorCode.DOCUMENT_UNREADABLE:
            raise


def _name_of(number: int, kind: str) -> str:
    return f"__substg1.0_{number:04x}{kind}"


def _encoding_of_page(page: int | None) -> str:
    """Give the encoding of a code page by its number; empty for one not known."""
    if page is None:
        return ""
    name = _OF_PAGE.get(page, f"cp{page}")
    if name == f"cp{page}" and _FIRST_OF_ISO < page < _LAST_OF_ISO:
        name = f"iso8859_{page - _FIRST_OF_ISO}"
    try:
        codecs.lookup(name)
    except LookupError:
        return ""
    return name
