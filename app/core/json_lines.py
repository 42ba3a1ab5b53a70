"""Framing of messages between processes: one JSON object a line."""

from collections.abc import Iterator

MAX_LINE_BYTES = 64 * 1024 * 1024
"""No honest message is longer (a prompt of a million tokens is about 4 MB of text)."""


class ProtocolError(ValueError):
    """Bytes that are no message."""


class MessageTooLongError(ProtocolError):
    """A message that the other side would refuse; `n_bytes` is its length."""

    def __init__(self, n_bytes: int) -> None:
        super().__init__(f"a message of {n_bytes} bytes")
        self.n_bytes = n_bytes


class LineSplitter:
    """Turns a stream of byte pieces of any size into whole lines."""

    def __init__(self, max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self._max_line_bytes = max_line_bytes
        self._pieces: list[bytes] = []
        self._waiting_bytes = 0

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Take the next bytes and give every line that is whole now, without its end.

        Raises:
            ProtocolError: a line is longer than allowed; the stream cannot be trusted any more.
        """
        *endings, rest = piece.split(b"\n")
        for ending in endings:
            self._pieces.append(ending)
            line = b"".join(self._pieces)
            self._pieces.clear()
            self._waiting_bytes = 0
            yield line
        if rest:
            self._pieces.append(rest)
            self._waiting_bytes += len(rest)
            if self._waiting_bytes > self._max_line_bytes:
                raise ProtocolError(f"a line of over {self._max_line_bytes} bytes")
