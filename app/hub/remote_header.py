"""Reads the header of a model file on the Hub without downloading the file."""

import io
import re
import struct
from typing import TYPE_CHECKING

from app.core.candidate import RemoteFile
from app.core.errors import ErrorCode, Facts, WorldError
from app.core.gguf import GgufHeader
from app.core.gguf_reader import MAGIC, read_header
from app.core.gguf_types import (
    CHAT_ARCHITECTURES,
    EMBEDDING_ARCHITECTURES,
    OTHER_ARCHITECTURES,
)
from app.core.network import Purpose
from app.hub.door import HubDoor
from app.hub.failures import translated

if TYPE_CHECKING:
    import httpx2
    from _typeshed import WriteableBuffer

FIRST_BYTES = 64 << 10
"""Tells the architecture: it lies in the first 1,601 bytes of every file that was looked at."""
MAX_PIECE_BYTES = 4 << 20
MAX_TOTAL_BYTES = 24 << 20
"""The longest header seen has 16 MB."""
_OK, _PARTIAL = 200, 206
_READ_BYTES = 1 << 16
_ARCHITECTURE = re.compile(rb"general\.architecture\x08\x00\x00\x00(.{8})", re.DOTALL)
_KNOWN = CHAT_ARCHITECTURES | EMBEDDING_ARCHITECTURES | OTHER_ARCHITECTURES.keys()


def read_remote_header(door: HubDoor, repo_id: str, file: RemoteFile, commit: str) -> GgufHeader:
    """Read the header of a file, piece by piece: 64 KiB, then as much more as it takes.

    A file of an architecture that is not known is refused after the first piece.

    Raises:
        WorldError: as `app/core/gguf_reader.py` and `app/hub/failures.py` say.
    """
    with door.purpose(Purpose.MODEL_HEADER, repo_id):
        stream = RangeStream(door, repo_id, file, commit)
        _check_architecture(stream.first_piece(), file.name)
        with io.BufferedReader(stream, _READ_BYTES) as buffered:
            return read_header(buffered, file.size_bytes, file.name)


class RangeStream(io.RawIOBase):
    """A file on the Hub that can be read and sought in; each piece is a request.

    The address that the Hub sends on to is kept, so that it is asked once.
    """

    def __init__(self, door: HubDoor, repo_id: str, file: RemoteFile, commit: str) -> None:
        super().__init__()
        self._door, self._repo_id, self._file = door, repo_id, file
        self._url = door.file_url(repo_id, file.path, commit)
        self._place = 0
        self._piece, self._piece_place = b"", 0
        self._next_bytes = FIRST_BYTES
        self._total_bytes = 0

    def first_piece(self) -> bytes:
        """Give the beginning of the file."""
        self._fetch()
        return self._piece

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Give the place that is read from next."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place of the file."""
        starts = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._file.size_bytes}
        self._place = max(0, starts[whence] + offset)
        return self._place

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Read what is at the present place, and fetch it if it is not here.

        Raises:
            WorldError: MODEL_DAMAGED when the header is too long, ANSWER_UNREADABLE, and as
                `app/hub/failures.py` says.
        """
        if self._place >= self._file.size_bytes:
            return 0
        if not self._piece_place <= self._place < self._piece_place + len(self._piece):
            self._fetch()
        start = self._place - self._piece_place
        with memoryview(buffer).cast("B") as target:
            found = self._piece[start : start + len(target)]
            target[: len(found)] = found
        self._place += len(found)
        return len(found)

    def _fetch(self) -> None:
        n_bytes = min(self._next_bytes, self._file.size_bytes - self._place)
        self._total_bytes += n_bytes
        if self._total_bytes > MAX_TOTAL_BYTES:
            facts = Facts(self._file.name, reason="header too long")
            raise WorldError(ErrorCode.MODEL_DAMAGED, facts)
        door = self._door
        last = self._place + n_bytes - 1
        asked = {"Range": f"bytes={self._place}-{last}", "Accept-Encoding": "identity"}
        headers = {**door.headers(), **asked}
        with (
            translated(door.host, self._repo_id, self._file.name, has_token=door.has_token),
            door.session().stream("GET", self._url, headers=headers) as response,
        ):
            self._take(response, n_bytes)
        self._next_bytes = min(max(self._next_bytes * 2, 1 << 20), MAX_PIECE_BYTES)

    def _take(self, response: "httpx2.Response", n_bytes: int) -> None:
        from huggingface_hub.utils._http import hf_raise_for_status  # noqa: PLC0415 - slow

        hf_raise_for_status(response)
        # A server that knows no ranges sends all from the beginning, which serves for the first.
        is_whole = response.status_code == _OK and self._place == 0
        if response.status_code != _PARTIAL and not is_whole:
            raise self._unreadable(f"status {response.status_code} for a range")
        found = bytearray()
        for part in response.iter_raw(_READ_BYTES):
            found += part[: n_bytes - len(found)]
            if len(found) >= n_bytes:
                break
        if len(found) < n_bytes:
            raise self._unreadable(f"{len(found)} bytes instead of {n_bytes}")
        self._url = str(response.url)
        self._piece, self._piece_place = bytes(found), self._place

    def _unreadable(self, reason: str) -> WorldError:
        facts = Facts(self._file.name, host=self._door.host, repo_id=self._repo_id, reason=reason)
        return WorldError(ErrorCode.ANSWER_UNREADABLE, facts, reason)


def _check_architecture(start: bytes, file_name: str) -> None:
    """Refuse a model that cannot be run before more of it is fetched.

    Raises:
        WorldError: MODEL_UNSUPPORTED.
    """
    found = _ARCHITECTURE.search(start)
    if found is None or not start.startswith(MAGIC):
        return  # The reader says what it is.
    (length,) = struct.unpack("<Q", found.group(1))
    name = start[found.end() : found.end() + min(length, len(start))].decode("ascii", "replace")
    if name not in _KNOWN:
        raise WorldError(ErrorCode.MODEL_UNSUPPORTED, Facts(file_name, reason=name[:40]))
