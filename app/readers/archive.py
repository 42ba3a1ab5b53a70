"""Opens documents that are ZIP archives, after a look at what they would unpack to."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from app.core.errors import ErrorCode
from app.readers.reading import ReadingLimits
from app.readers.refusals import damaged, refusal

MAX_MEMBERS = 20_000
"""The largest books and presentations seen have about 3,000."""
RATIO_FROM_BYTES = 10_000_000
"""Below this sum, no ratio does harm; tables of equal rows compress very well."""
DEFLATE_RATIO = 1_033
"""What this compression reaches at most (its author's count: 1032 to 1)."""
_ENCRYPTED_FLAG = 0x1
_UNREADABLE = (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)
"""What the library raises over damaged members; RuntimeError is that for a password."""


class Archive:
    """The members of an open archive; read within the limits it was checked for.

    Args:
        zip_file: checked by `open_archive`.
        path: of the document.
    """

    def __init__(self, zip_file: ZipFile, path: Path) -> None:
        self._zip = zip_file
        self.path = path
        self._names = {info.filename.casefold(): info.filename for info in zip_file.infolist()}

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._names

    def names(self) -> list[str]:
        """Name all members, in the order of the archive."""
        return list(self._names.values())

    def read(self, name: str) -> bytes:
        """Give a member's bytes.

        Raises:
            WorldError: DOCUMENT_DAMAGED: it is not there or cannot be unpacked;
                DOCUMENT_NEEDS_PASSWORD.
        """
        with self._reading(name) as stream:
            return stream.read()

    def read_if_there(self, name: str) -> bytes:
        """Give a member's bytes, or none."""
        return self.read(name) if name in self else b""

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a member, to read it bit by bit; raises as `read` does."""
        with self._reading(name) as stream:
            yield stream

    @contextmanager
    def _reading(self, name: str) -> Iterator[IO[bytes]]:
        real_name = self._names.get(name.casefold())
        if real_name is None:
            raise damaged(self.path, "a part is missing")
        try:
            with self._zip.open(real_name) as stream:
                yield stream
        except RuntimeError as error:
            if isinstance(error, NotImplementedError):
                raise damaged(self.path, "compression not known") from error
            raise refusal(ErrorCode.DOCUMENT_NEEDS_PASSWORD, self.path) from error
        except _UNREADABLE as error:
            raise damaged(self.path, type(error).__name__) from error


@contextmanager
def open_archive(path: Path, limits: ReadingLimits) -> Iterator[Archive]:
    """Open a document that is an archive, once it is known to be harmless.

    Raises:
        WorldError: DOCUMENT_TOO_LARGE, DOCUMENT_NEEDS_PASSWORD, DOCUMENT_DAMAGED (no archive,
            cut off, or names that lead out of it), DOCUMENT_UNREADABLE.
    """
    try:
        zip_file = ZipFile(path)
    except PermissionError as error:
        raise refusal(ErrorCode.DOCUMENT_UNREADABLE, path, "permission") from error
    except _UNREADABLE as error:
        raise damaged(path, type(error).__name__) from error
    with zip_file:
        _check(zip_file.infolist(), path, limits)
        yield Archive(zip_file, path)


def _check(members: list[ZipInfo], path: Path, limits: ReadingLimits) -> None:
    if any(_is_impossible(info) for info in members):
        raise damaged(path, "sizes")
    n_unpacked = sum(info.file_size for info in members)
    n_packed = max(path.stat().st_size, 1)
    is_bomb = n_unpacked > RATIO_FROM_BYTES and n_unpacked / n_packed > limits.max_ratio
    if n_unpacked > limits.max_unpacked_bytes or is_bomb:
        raise refusal(
            ErrorCode.DOCUMENT_TOO_LARGE,
            path,
            needed_bytes=n_unpacked,
            detail=f"{n_packed} bytes unpack to {n_unpacked}",
        )
    if len(members) > MAX_MEMBERS:
        raise refusal(
            ErrorCode.DOCUMENT_TOO_LARGE,
            path,
            needed_bytes=n_unpacked,
            detail=f"{len(members)} members",
        )
    if any(_leads_out(info.filename) for info in members):
        raise damaged(path, "names that lead out of it")
    if any(info.flag_bits & _ENCRYPTED_FLAG for info in members):
        raise refusal(ErrorCode.DOCUMENT_NEEDS_PASSWORD, path)


def _is_impossible(info: ZipInfo) -> bool:
    """Say whether a member cannot unpack to what it says: then its size is damaged, not large."""
    if info.compress_type == ZIP_STORED:
        return info.file_size != info.compress_size and not info.flag_bits & _ENCRYPTED_FLAG
    is_deflated = info.compress_type == ZIP_DEFLATED
    return is_deflated and info.file_size > DEFLATE_RATIO * info.compress_size + DEFLATE_RATIO


def _leads_out(name: str) -> bool:
    name = name.replace("\\", "/")
    return name.startswith("/") or name[1:2] == ":" or ".." in PurePosixPath(name).parts
