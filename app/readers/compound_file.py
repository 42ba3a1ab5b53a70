"""Opens compound files: what Outlook's messages and the old Office formats are kept in.

By Microsoft's description, [MS-CFB]. Such a file is a small disk: sectors that a table (the FAT)
joins into streams, streams of less than 4 KB packed together into one (the mini stream), and a
directory whose storages hold streams and further storages.

Nothing that a damaged or malicious file says is believed without a look: each chain is at most as
long as its table, each entry stands in one storage, and all streams together are no longer than
the file.
"""

import os
import struct
import sys
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.core.errors import ErrorCode, WorldError
from app.readers.refusals import damaged, refusal, too_complex

COMPOUND_FILE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins every compound file."""
MAX_ENTRIES = 500_000
"""Of the directory; a letter to a thousand people has some 15,000."""
_HEADER_BYTES = 512
_SECTOR_SHIFTS = (9, 12)
_MINI_SHIFT = 6
_LAST_SECTOR = 0xFFFFFFF9
"""Larger numbers are signs, such as for the end of a chain."""
_ENTRY = struct.Struct("<64sHBx3I36xIQ")
"""Name and its length, kind, left, right, child, first sector, bytes."""
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass(frozen=True, slots=True)
class Entry:
    """A storage or a stream.

    Attributes:
        name: as it stands in the file.
        child: of a storage: the number of the entry at the top of its own.
        first: of a stream: its first sector.
        n_bytes: of a stream.
    """

    name: str
    is_storage: bool
    child: int
    first: int
    n_bytes: int


class CompoundFile:
    """The storages and streams of a file, read bit by bit as they are asked for.

    Args:
        stream: can be read from any place; stays open as long as this is used.
        path: of the document, for errors.

    Raises:
        WorldError: DOCUMENT_DAMAGED; every method raises that, too. DOCUMENT_TOO_COMPLEX.
    """

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream, self._path = stream, path
        self._n_file_bytes = stream.seek(0, os.SEEK_END)
        header = self._bytes_at(0, _HEADER_BYTES)
        if len(header) < _HEADER_BYTES or not header.startswith(COMPOUND_FILE_MARK):
            raise self._damaged("header")
        self._shift, mini_shift = struct.unpack_from("<2H", header, 30)
        if self._shift not in _SECTOR_SHIFTS or mini_shift != _MINI_SHIFT:
            raise self._damaged("header")
        first_of_directory, self._mini_cutoff, self._first_of_mini_table = struct.unpack_from(
            "<I4x2I", header, 48
        )
        self._table = self._numbers(self._sectors(self._table_places(header)))
        self._directory = self._sectors(self._chain(first_of_directory, self._table))
        self._n_entries = len(self._directory) // _ENTRY.size
        if self._n_entries > MAX_ENTRIES:
            raise too_complex(path, "parts")
        self._taken: set[int] = set()
        self._n_bytes_left = self._n_file_bytes
        self._mini_table: array[int] | None = None
        self._mini_stream = b""
        self.root = self._root()

    def entries_in(self, storage: Entry) -> dict[str, Entry]:
        """Give what a storage holds by its names in small letters; to be asked once for each."""
        entries: dict[str, Entry] = {}
        waiting = [storage.child]
        while waiting:
            number = waiting.pop()
            if number > _LAST_SECTOR:
                continue
            if number >= self._n_entries or number in self._taken:
                raise self._damaged("directory")
            self._taken.add(number)
            entry, kind, left, right = self._entry(number)
            waiting += (left, right)
            if kind in (_STORAGE, _STREAM):
                entries[entry.name.casefold()] = entry
        return entries

    def read(self, stream: Entry, max_bytes: int) -> bytes:
        """Give the first bytes of a stream, all if there are no more than so many."""
        n_bytes = min(stream.n_bytes, max_bytes)
        if n_bytes > self._n_bytes_left:
            # A few sectors that stand for many streams could be read for ever.
            raise self._damaged("streams overlap")
        self._n_bytes_left -= n_bytes
        is_mini = stream.n_bytes < self._mini_cutoff
        data = (self._mini if is_mini else self._whole)(stream.first, n_bytes)
        if len(data) < n_bytes:
            raise self._damaged("a stream breaks off")
        return data

    def _damaged(self, reason: str) -> WorldError:
        return damaged(self._path, f"compound file: {reason}")

    def _bytes_at(self, place: int, n_bytes: int) -> bytes:
        try:
            self._stream.seek(place)
            return self._stream.read(n_bytes)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise refusal(ErrorCode.DOCUMENT_UNREADABLE, self._path, reason) from error

    def _sectors(self, numbers: list[int]) -> bytes:
        pieces = []
        for number in numbers:
            place = (number + 1) << self._shift
            if place >= self._n_file_bytes:
                raise self._damaged("cut off")
            pieces.append(self._bytes_at(place, 1 << self._shift))
        return b"".join(pieces)

    @staticmethod
    def _numbers(data: bytes) -> "array[int]":
        numbers = array("I", data[: len(data) // 4 * 4])
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers

    def _table_places(self, header: bytes) -> list[int]:
        """Give the sectors that the table itself is in: the first are named in the header."""
        (n_places,) = struct.unpack_from("<I", header, 44)
        (following,) = struct.unpack_from("<I", header, 68)
        places = list(self._numbers(header[76:]))
        seen: set[int] = set()
        while following <= _LAST_SECTOR and len(places) < n_places:
            more = self._numbers(self._sectors([following]))
            if following in seen or not more:
                raise self._damaged("table")
            seen.add(following)
            places += more[:-1]
            following = more[-1]
        places = [one for one in places[:n_places] if one <= _LAST_SECTOR]
        if len(set(places)) < len(places):
            raise self._damaged("table")
        return places

    def _chain(self, first: int, table: "array[int]", n_needed: int | None = None) -> list[int]:
        """Give the sectors of a stream in order; no more than are needed."""
        chain: list[int] = []
        at = first
        while at <= _LAST_SECTOR and len(chain) != n_needed:
            if at >= len(table) or len(chain) >= len(table):
                raise self._damaged("chain")
            chain.append(at)
            at = table[at]
        if len(set(chain)) < len(chain):
            raise self._damaged("chain")
        return chain

    def _whole(self, first: int, n_bytes: int) -> bytes:
        n_sectors = -(-n_bytes >> self._shift)
        return self._sectors(self._chain(first, self._table, n_sectors))[:n_bytes]

    def _mini(self, first: int, n_bytes: int) -> bytes:
        if self._mini_table is None:
            table = self._chain(self._first_of_mini_table, self._table)
            self._mini_table = self._numbers(self._sectors(table))
            if self.root.n_bytes > self._n_file_bytes:
                raise self._damaged("mini stream")
            self._mini_stream = self._whole(self.root.first, self.root.n_bytes)
        n_sectors = -(-n_bytes >> _MINI_SHIFT)
        places = [one << _MINI_SHIFT for one in self._chain(first, self._mini_table, n_sectors)]
        pieces = [self._mini_stream[at : at + (1 << _MINI_SHIFT)] for at in places]
        return b"".join(pieces)[:n_bytes]

    def _root(self) -> Entry:
        if not self._n_entries:
            raise self._damaged("directory")
        root, kind, _, _ = self._entry(0)
        if kind != _ROOT:
            raise self._damaged("directory")
        self._taken.add(0)
        return root

    def _entry(self, number: int) -> tuple[Entry, int, int, int]:
        """Give an entry, its kind, and the numbers of those to its left and right."""
        raw, n_name_bytes, kind, left, right, child, first, n_bytes = _ENTRY.unpack_from(
            self._directory, number * _ENTRY.size
        )
        name = raw[: max(n_name_bytes - 2, 0)].decode("utf-16-le", "replace")
        if self._shift == _SECTOR_SHIFTS[0]:
            # The upper half is for larger sectors only; old programs left anything in it.
            n_bytes &= 0xFFFFFFFF
        return Entry(name, kind == _STORAGE, child, first, n_bytes), kind, left, right


def is_compound_file(path: Path) -> bool:
    """Say whether a file begins as all of these do.

    Raises:
        WorldError: DOCUMENT_UNREADABLE.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(len(COMPOUND_FILE_MARK)) == COMPOUND_FILE_MARK
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise refusal(ErrorCode.DOCUMENT_UNREADABLE, path, reason) from error


def names_in_root(path: Path) -> set[str]:
    """Name in small letters what stands at the top of a compound file.

    Raises:
        WorldError: DOCUMENT_DAMAGED, DOCUMENT_UNREADABLE, DOCUMENT_TOO_COMPLEX.
    """
    try:
        with path.open("rb") as stream:
            compound = CompoundFile(stream, path)
            return set(compound.entries_in(compound.root))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise refusal(ErrorCode.DOCUMENT_UNREADABLE, path, reason) from error
