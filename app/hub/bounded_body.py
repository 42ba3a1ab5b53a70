"""Bodies of answers with limits: what comes from a hostile server cannot fill the memory.

The client library reads the body of an error whole, and a packed megabyte can hold a gigabyte.
So bodies are unpacked here, below it, and the limits count what comes out.
"""

import zlib
from collections.abc import Iterable, Iterator

from app.core.errors import ErrorCode, Facts, WorldError

PIECE_BYTES = 1 << 16
ACCEPTED = "gzip"
"""What requests say that they take."""
_PLAIN = frozenset({"", "identity"})
_GZIP = frozenset({"gzip", "x-gzip"})
_GZIP_FORMAT = 16 + zlib.MAX_WBITS


def is_packed(encoding: str, host: str) -> bool:
    """Say whether a body with this Content-Encoding has to be unpacked.

    Raises:
        WorldError: ANSWER_UNREADABLE for one that was not asked for.
    """
    name = encoding.strip().lower()
    if name not in _PLAIN | _GZIP:
        reason = f"packed as {name[:40]}"
        raise WorldError(ErrorCode.ANSWER_UNREADABLE, Facts(host=host, reason=reason), reason)
    return name in _GZIP


def unpacked(pieces: Iterable[bytes], host: str) -> Iterator[bytes]:
    """Give what `pieces` hold, never more than `PIECE_BYTES` at a time.

    Raises:
        WorldError: ANSWER_UNREADABLE for what is not packed by gzip.
    """
    packing = zlib.decompressobj(_GZIP_FORMAT)
    try:
        for piece in pieces:
            rest = piece
            while rest and not packing.eof:
                if found := packing.decompress(rest, PIECE_BYTES):
                    yield found
                rest = packing.unconsumed_tail
    except zlib.error as error:
        facts = Facts(host=host, reason="damaged gzip")
        raise WorldError(ErrorCode.ANSWER_UNREADABLE, facts, str(error)) from error


def limited(pieces: Iterable[bytes], limit_bytes: int, host: str) -> Iterator[bytes]:
    """Give `pieces` up to a limit.

    Raises:
        WorldError: ANSWER_UNREADABLE when there is more.
    """
    n_bytes = 0
    for piece in pieces:
        n_bytes += len(piece)
        if n_bytes > limit_bytes:
            facts = Facts(host=host, reason="too long")
            raise WorldError(ErrorCode.ANSWER_UNREADABLE, facts, f"over {limit_bytes} bytes")
        yield piece
