"""Reads small files at once."""

from pathlib import Path

from app.core.errors import ErrorCode
from app.readers.refusals import refusal, unreadable


def read_whole(path: Path, max_bytes: int) -> bytes:
    """Give all bytes of a file.

    Raises:
        WorldError: DOCUMENT_EMPTY, DOCUMENT_TOO_LARGE, DOCUMENT_UNREADABLE.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(max_bytes + 1)
            n_bytes = path.stat().st_size
    except OSError as error:
        raise unreadable(path, error) from error
    if len(data) > max_bytes:
        raise refusal(ErrorCode.DOCUMENT_TOO_LARGE, path, needed_bytes=n_bytes)
    if not data.strip():
        raise refusal(ErrorCode.DOCUMENT_EMPTY, path)
    return data
