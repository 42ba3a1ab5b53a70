"""Opens compound files: what Outlook's messages and the old Office formats are kept in.

Such a file is a small disk ([MS-CFB]): sectors that a table joins into streams, and storages that
hold streams and further storages. It is taken apart by `olefile`, which believes some numbers
that make it read for ever; those are looked at before.
"""

import os
import struct
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from olefile import MAXREGSECT, NOSTREAM, STGTY_ROOT, STGTY_STORAGE, STGTY_STREAM, OleFileIO
from olefile.olefile import OleDirectoryEntry

from app.core.errors import ErrorCode, WorldError
from app.readers.refusals import damaged, refusal, too_complex, unreadable

COMPOUND_FILE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Begins every compound file."""
MAX_LETTER_BYTES = 150_000_000
"""Of a letter of any kind, and so of every file of this one; more than mail servers let pass."""
MAX_ENTRIES = 200_000
"""Of the directory, which then takes four seconds; a letter to a thousand people has 15,000."""
_HEADER_BYTES, _ENTRY_BYTES = 512, 128
_NUMBERS = struct.Struct("<30x2H10xI16xI")
"""Of the header: logarithms of the bytes of a sector and of a small one; how many sectors the
table and that of small sectors have."""
_SPARE = 2
"""A table may have so many times the sectors that the file needs, and as many more."""
_SHIFTS = ((9, 6), (12, 6))
_FAILURES = (struct.error, IndexError, OverflowError, ValueError)
"""Of `olefile` at damaged files, beside its own."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A storage or a stream, as `olefile` describes it."""

    described: OleDirectoryEntry

    @property
    def is_storage(self) -> bool:
        """Whether it holds others."""
        return bool(self.described.entry_type == STGTY_STORAGE)


class CompoundFile:
    """The storages and streams of a file; they are read as they are asked for, until it is closed.

    Args:
        stream: can be read from any place; stays open as long as this is used.
        path: of the document, for errors.

    Raises:
        WorldError: DOCUMENT_DAMAGED, DOCUMENT_UNREADABLE; every method raises those, too.
            DOCUMENT_TOO_COMPLEX, DOCUMENT_TOO_LARGE.
    """

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._path = path
        with _refusals(path):
            self._n_bytes_left = n_bytes = stream.seek(0, os.SEEK_END)
            if n_bytes > MAX_LETTER_BYTES:
                raise refusal(ErrorCode.DOCUMENT_TOO_LARGE, path, needed_bytes=n_bytes)
            stream.seek(0)
            _check_header(stream.read(_HEADER_BYTES), n_bytes, path)
            self._disk = _Disk(stream, path)
        self.root = Entry(self._disk.root)

    def entries_in(self, storage: Entry) -> dict[str, Entry]:
        """Give what a storage holds by its names in small letters."""
        with _refusals(self._path):
            kids = self._disk.kids_of(storage.described)
        if storage.described.sid_child != NOSTREAM and not kids:
            # They were given to another storage that names them, too.
            raise _damaged(self._path, "directory")
        kids = [kid for kid in kids if kid.entry_type in (STGTY_STORAGE, STGTY_STREAM)]
        return {kid.name.casefold(): Entry(kid) for kid in kids}

    def read(self, stream: Entry, max_bytes: int) -> bytes:
        """Give the first bytes of a stream, all if there are no more than so many."""
        n_bytes = min(stream.described.size, max_bytes)
        if n_bytes > self._n_bytes_left:
            # A few sectors that stand for many streams could be read for ever.
            raise _damaged(self._path, "streams overlap")
        self._n_bytes_left -= n_bytes
        with _refusals(self._path):
            return self._disk.first_bytes(stream.described, n_bytes)

    def close(self) -> None:
        """Let go of what was read; nothing can be asked any more. The stream stays open."""
        self._disk.close()


class _Disk(OleFileIO):
    """A file as `olefile` takes it apart, without chains that do not end."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._path = path
        self._taken: set[int] = set()
        self._has_tried_small_ones = False
        super().__init__(stream)

    def loaddirectory(self, sect: int) -> None:
        """Load the root of the directory; see that the small streams can be loaded, too.

        All the rest is loaded by `kids_of`: `olefile` calls itself for each entry beside another,
        and fails at long lists of them.
        """
        if self._n_in_chain(sect, self.fat) * self.sectorsize > MAX_ENTRIES * _ENTRY_BYTES:
            raise too_complex(self._path, "parts")
        self.directory_fp = self._open(sect, force_FAT=True)
        self.direntries = [None] * (self.directory_fp.size // _ENTRY_BYTES)
        self.root = self._load_direntry(0)
        self._taken.add(0)
        if self.root.entry_type != STGTY_ROOT or self.root.size > self._filesize:
            raise _damaged(self._path, "directory")
        self._n_in_chain(self.first_mini_fat_sector, self.fat)
        self._n_in_chain(self.root.isectStart, self.fat)

    def kids_of(self, storage: OleDirectoryEntry) -> list[OleDirectoryEntry]:
        """Give what a storage holds, without what another one was found to hold."""
        waiting = [] if storage.kids else [storage.sid_child]
        while waiting:
            number = waiting.pop()
            if number < len(self.direntries) and number not in self._taken:
                self._taken.add(number)
                kid = self._load_direntry(number)
                storage.kids.append(kid)
                waiting += (kid.sid_left, kid.sid_right)
        kids: list[OleDirectoryEntry] = storage.kids
        return kids

    def loadminifat(self) -> None:
        """Load the table of small sectors, once; a damaged one would be read for every stream."""
        if not self._has_tried_small_ones:
            self._has_tried_small_ones = True
            super().loadminifat()
        elif self.minifat is None:
            raise _damaged(self._path, "small streams")

    def close(self) -> None:
        """Let go of what refers to this in turn, so that its memory is free at once."""
        super().close()
        self.root = self.directory_fp = self.ministream = None
        self.direntries = []

    def first_bytes(self, entry: OleDirectoryEntry, n_bytes: int) -> bytes:
        """Give so many bytes of a stream; the public way reads all, and looks names up."""
        is_small = entry.size < self.minisectorcutoff
        if is_small and self.minifat is None:
            self.loadminifat()
        table = self.minifat if is_small else self.fat
        size = self.minisectorsize if is_small else self.sectorsize
        self._n_in_chain(entry.isectStart, table, -(-n_bytes // size))
        data: bytes = self._open(entry.isectStart, n_bytes, force_FAT=not is_small).read()
        if len(data) < n_bytes:
            raise _damaged(self._path, "a stream breaks off")
        return data

    def _check_duplicate_stream(self, first_sect: int, minifat: bool = False) -> None:  # noqa: FBT001, FBT002
        """Leave out what takes a minute with very many streams and forbids nothing."""

    def _n_in_chain(self, first: int, table: Sequence[int], n_needed: int = MAXREGSECT) -> int:
        """Count the sectors of a stream, up to as many as are needed."""
        seen: set[int] = set()
        at = first
        while at < MAXREGSECT and len(seen) < n_needed:
            if at in seen or at >= len(table):
                raise _damaged(self._path, "chain")
            seen.add(at)
            at = table[at]
        return len(seen)


def _check_header(header: bytes, n_file_bytes: int, path: Path) -> None:
    """See that a header is one, and the tables it tells of are no larger than the file needs."""
    if len(header) < _HEADER_BYTES or not header.startswith(COMPOUND_FILE_MARK):
        raise _damaged(path, "header")
    shift, mini_shift, n_table, n_mini_table = _NUMBERS.unpack_from(header)
    if (shift, mini_shift) not in _SHIFTS:
        raise _damaged(path, "header")
    n_sectors = n_file_bytes >> shift
    if n_table > _SPARE * (n_sectors * 4 >> shift) + _SPARE or n_mini_table > n_sectors:
        raise _damaged(path, "table")


def _damaged(path: Path, reason: str) -> WorldError:
    return damaged(path, f"compound file: {reason}")


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """Turn what fails in `olefile`, or at the disk, into refusals."""
    try:
        yield
    except _FAILURES as error:
        raise _damaged(path, type(error).__name__) from error
    except OSError as error:
        # Those of `olefile` are of this kind, but have no number.
        if error.errno is None:
            raise _damaged(path, type(error).__name__) from error
        raise unreadable(path, error) from error


def is_compound_file(path: Path) -> bool:
    """Say whether a file begins as all of these do.

    Raises:
        WorldError: DOCUMENT_UNREADABLE.
    """
    with _refusals(path), path.open("rb") as stream:
        return stream.read(len(COMPOUND_FILE_MARK)) == COMPOUND_FILE_MARK


def names_in_root(path: Path) -> set[str]:
    """Name in small letters what stands at the top of a compound file.

    Raises:
        WorldError: DOCUMENT_DAMAGED, DOCUMENT_UNREADABLE, DOCUMENT_TOO_COMPLEX,
            DOCUMENT_TOO_LARGE.
    """
    with (
        _refusals(path),
        path.open("rb") as stream,
        closing(CompoundFile(stream, path)) as compound,
    ):
        return set(compound.entries_in(compound.root))
