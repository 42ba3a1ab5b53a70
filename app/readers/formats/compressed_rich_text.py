"""Unpacks the Rich Text of Outlook's messages ([MS-OXRTFCP])."""

import struct

_HEADER = struct.Struct("<2I4sI")
"""Bytes that follow, bytes when unpacked, kind, checksum."""
_PACKED, _PLAIN = b"LZFu", b"MELA"
_WINDOW_BYTES = 4096
_BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What the window holds before the first byte."""


def unpacked_rich_text(data: bytes, max_bytes: int) -> bytes:
    """Give a text as it was before it was packed; what there is of it if it breaks off.

    Args:
        data: with its header.
        max_bytes: of the text; what is longer is cut.

    Returns:
        Nothing when it is packed in a way that is not known.
    """
    if len(data) < _HEADER.size:
        return b""
    _, n_bytes, kind, _ = _HEADER.unpack_from(data)
    packed = data[_HEADER.size :]
    if kind == _PLAIN:
        return packed[: min(n_bytes, max_bytes)]
    return _unpacked(packed, max_bytes) if kind == _PACKED else b""


def _unpacked(packed: bytes, max_bytes: int) -> bytes:
    """Follow the references into what came before; at most 17 bytes for each."""
    # The window is the last 4 KB of this, whatever has been written.
    out = bytearray(_BEGINNING)
    n_wanted = len(_BEGINNING) + max_bytes
    at = 0
    while at < len(packed) and len(out) < n_wanted:
        control = packed[at]
        at += 1
        for bit in range(8):
            if not control >> bit & 1:
                out += packed[at : at + 1]
                at += 1
                continue
            pair = packed[at : at + 2]
            at += 2
            place, length = int.from_bytes(pair) >> 4, (int.from_bytes(pair) & 15) + 2
            n_back = (len(out) - place) % _WINDOW_BYTES
            if len(pair) < 2 or not n_back:  # noqa: PLR2004 - cut off, or the sign of the end
                return bytes(out[len(_BEGINNING) : n_wanted])
            _repeat(out, n_back, length)
    return bytes(out[len(_BEGINNING) : n_wanted])


def _repeat(out: bytearray, n_back: int, length: int) -> None:
    """Write again what stands so many bytes back; it may reach into what is being written."""
    if n_back > len(out):
        # The window was blank there.
        n_blank = min(n_back - len(out), length)
        out += b" " * n_blank
        length -= n_blank
    start = len(out) - n_back
    piece = bytes(out[start : start + length])
    if piece:
        out += (piece * (length // len(piece) + 1))[:length]
