"""The bytes of a header, read forward, with no more of them held than is looked at."""

import struct
from typing import BinaryIO

from app.core.errors import ErrorCode, Facts, WorldError

MAX_HEADER_BYTES = 64 * 1024 * 1024
"""Well above the largest header seen (16 MB), and little enough to be read at once."""
READ_AHEAD_BYTES = 1 << 18
_LENGTH = struct.Struct("<Q")


class HeaderStream:
    """Reads a file forward, and refuses to go past its end or the longest header.

    Args:
        stream: at the beginning of the file.
        size_bytes: size of the whole file.
        file_name: for the sentences shown.
    """

    def __init__(self, stream: BinaryIO, size_bytes: int, file_name: str) -> None:
        self._stream = stream
        self._size = size_bytes
        self._name = file_name
        self._buffer = b""
        self._buffer_place = 0
        self._at = 0

    @property
    def place(self) -> int:
        """How far it has come, in bytes from the beginning of the file."""
        return self._buffer_place + self._at

    def peek(self, n_bytes: int) -> bytes:
        """Give the next bytes without going on; fewer where the file ends."""
        self._fill(min(n_bytes, self._size - self.place))
        return self._buffer[self._at : self._at + n_bytes]

    def skip(self, n_bytes: int) -> None:
        """Leave the next bytes out.

        Raises:
            WorldError: MODEL_TRUNCATED or MODEL_DAMAGED.
        """
        self._check_holds(n_bytes)
        if self._at + n_bytes > len(self._buffer):
            self._buffer_place = self.place + n_bytes
            self._buffer, self._at = b"", 0
            self._stream.seek(self._buffer_place)
        else:
            self._at += n_bytes

    def unpack(self, layout: str, n_bytes: int) -> tuple[int, ...]:
        """Give the numbers in the next bytes."""
        self._fill(n_bytes)
        values = struct.unpack_from(layout, self._buffer, self._at)
        self._at += n_bytes
        return values

    def text(self, max_bytes: int) -> bytes:
        """Give the next text."""
        (n_bytes,) = self.unpack("<Q", 8)
        self._check_text(n_bytes, max_bytes)
        self._fill(n_bytes)
        start, self._at = self._at, self._at + n_bytes
        return self._buffer[start : self._at]

    def skip_text(self) -> None:
        """Leave the next text out, however long it is."""
        (n_bytes,) = self.unpack("<Q", 8)
        self.skip(n_bytes)

    def is_zero(self, place: int, n_bytes: int) -> bool:
        """Say whether only zeros follow at a place of the file, as far as is looked at.

        Nothing can be read afterwards.
        """
        self._stream.seek(place)
        return not self._stream.read(n_bytes).strip(b"\0")

    def texts(self, n_texts: int, max_bytes: int, *, keeps: bool) -> list[bytes]:
        """Read or skip an array of texts; the one loop here that must be quick."""
        kept: list[bytes] = []
        unpack, buffer, at = _LENGTH.unpack_from, self._buffer, self._at
        for _ in range(n_texts):
            if at + 8 > len(buffer):
                self._at = at
                self._fill(8)
                buffer, at = self._buffer, self._at
            (n_bytes,) = unpack(buffer, at)
            at += 8
            if at + n_bytes > len(buffer):
                self._at = at
                self._check_text(n_bytes, max_bytes)
                self._fill(n_bytes)
                buffer, at = self._buffer, self._at
            if keeps:
                kept.append(buffer[at : at + n_bytes])
            at += n_bytes
        self._at = at
        return kept

    def _check_text(self, n_bytes: int, max_bytes: int) -> None:
        # A text that goes beyond the file is the mark of one that was cut off.
        if self.place + n_bytes <= self._size and n_bytes > max_bytes:
            raise self._damaged(f"a text of {n_bytes} bytes")

    def _check_holds(self, n_bytes: int) -> None:
        """See that the file has so many bytes more, within a header."""
        end = self.place + n_bytes
        if end > self._size:
            raise self._truncated(end, self._size, "ends inside the header")
        if end > MAX_HEADER_BYTES:
            raise self._damaged("header too long")

    def _fill(self, n_bytes: int) -> None:
        """Have the next bytes in the buffer, and nothing before them."""
        if self._at + n_bytes <= len(self._buffer):
            return
        self._check_holds(n_bytes)
        rest, self._buffer_place = self._buffer[self._at :], self.place
        self._buffer = rest + self._stream.read(max(n_bytes - len(rest), READ_AHEAD_BYTES))
        self._at = 0
        if n_bytes > len(self._buffer):
            end = self.place + len(self._buffer)
            raise self._truncated(self.place + n_bytes, end, "shorter than its size")

    def _truncated(self, needed: int, available: int, detail: str) -> WorldError:
        facts = Facts(self._name, needed_bytes=needed, available_bytes=available)
        return WorldError(ErrorCode.MODEL_TRUNCATED, facts, detail)

    def _damaged(self, reason: str) -> WorldError:
        facts = Facts(self._name, reason=reason)
        return WorldError(ErrorCode.MODEL_DAMAGED, facts, f"{reason} at {self.place}")
