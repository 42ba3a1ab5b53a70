"""Framing of messages between processes: one JSON object a line."""

from collections.abc import Callable, Iterator
from typing import TypeVar

MAX_LINE_BYTES = 64 * 1024 * 1024
"""No honest message is longer (a prompt of a million tokens is about 4 MB of text)."""

M = TypeVar("M")


class ProtocolError(ValueError):
    """Bytes that are no message."""


class MessageTooLongError(ProtocolError):
    """A message that the other side would refuse; `n_bytes` is its length."""

    def __init__(self, n_bytes: int) -> None:
        super().__init__(f"a message of {n_bytes} bytes")
        self.n_bytes = n_bytes


def line_of(
    message: object, encode: Callable[[object], bytes], plain: Callable[[object], object]
) -> bytes:
    """Give a message as one line. JSON escapes line ends, so the line is whole.

    Half a character (a lone surrogate), which no encoding of text can carry, becomes "?".

    Args:
        message: what is to be said.
        encode: gives a message, or a value of JSON, as JSON.
        plain: gives a message as a value of JSON.

    Raises:
        MessageTooLongError: the line is longer than `MAX_LINE_BYTES`.
    """
    try:
        line = encode(message)
    except UnicodeEncodeError:
        line = encode(_mended(plain(message)))
    if len(line) > MAX_LINE_BYTES:
        raise MessageTooLongError(len(line))
    return line + b"\n"


def message_of(line: bytes, decode: Callable[[bytes], M], refusal: type[Exception]) -> M:
    """Read a message from a line.

    Args:
        line: without its end.
        decode: reads it; raises `refusal` for what is no message.
        refusal: see `decode`.

    Raises:
        ProtocolError: the line is no message.
    """
    try:
        return decode(line)
    except refusal as error:
        raise ProtocolError(str(error)) from error


def _mended(value: object) -> object:
    """Give a value of JSON with "?" in place of every half character."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case dict():
            return {key: _mended(one) for key, one in value.items()}
        case list() | tuple():
            return [_mended(one) for one in value]
        case _:
            return value


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
