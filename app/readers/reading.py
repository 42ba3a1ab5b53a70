"""What every reader of a format is given and gives."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.core.documents.text import DocumentFacts, PageText

READER_VERSION = 1
"""Raised when the same bytes give another text; documents are then read again."""

EmitPage = Callable[[PageText], None]
"""Takes the next page; pages come in order, and only one is held at a time."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What reading one document may take.

    Attributes:
        max_unpacked_bytes, max_ratio: of what a file unpacks to, in bytes and times its size.
        max_pages: of one document.
        max_characters: of its text.
        cpu_s: seconds of processor time.
        memory_bytes: address space of the process.
    """

    max_unpacked_bytes: int = 200_000_000
    max_ratio: int = 200
    max_pages: int = 100_000
    max_characters: int = 200_000_000
    cpu_s: int = 60
    memory_bytes: int = 2 << 30


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What the user wants.

    Attributes:
        reads_scans: text in pictures of pages is recognised, if Tesseract is installed.
        languages: of the system, ISO 639-1; a guess for scans and old encodings.
    """

    reads_scans: bool = True
    languages: tuple[str, ...] = ()


Read = Callable[[Path, ReadingLimits, ReadingOptions, EmitPage], DocumentFacts]
"""Reads a document, page by page.

Raises:
    WorldError: one of the DOCUMENT_* codes, or OCR_MISSING. Pages given before count for nothing.
"""
