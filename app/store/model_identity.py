"""Tells whether two model files are the same, without reading all of them."""

import hashlib
import logging
from pathlib import Path
from typing import BinaryIO

from app.store.model_files import file_paths

_LOG = logging.getLogger(__name__)

HEAD_BYTES = 1 << 16
"""Has the name, the architecture, and the beginning of the vocabulary."""
N_SAMPLES = 16
SAMPLE_BYTES = 4096
"""Spread over the file, so that each lies in other weights: 128 KB are read of one, in a few
milliseconds. Two trainings of one model differ in nearly all weights."""


def fingerprint_of(path: Path) -> str:
    """Give what is the same for copies of a model file: its size, its head and samples of it.

    Equal ones are the same model in all likelihood; only a hash of all bytes makes it certain.
    Empty if the file cannot be read. Of a model in several files it covers all parts.
    """
    digest = hashlib.sha256()
    try:
        for part in file_paths(path):
            with part.open("rb") as stream:
                _add(digest, stream, part.stat().st_size)
    except OSError as error:
        _LOG.warning("a model file cannot be compared with others: %s", error.strerror)
        return ""
    return digest.hexdigest()[:32]


def _add(digest: "hashlib._Hash", stream: BinaryIO, size_bytes: int) -> None:
    digest.update(b"%d:" % size_bytes)
    digest.update(stream.read(HEAD_BYTES))
    for number in range(N_SAMPLES):
        stream.seek(max(0, size_bytes - SAMPLE_BYTES) * (number + 1) // N_SAMPLES)
        digest.update(stream.read(SAMPLE_BYTES))
