"""What every reader of a format is given and gives.

A reader is a function `read(path, limits, options, emit_page) -> DocumentFacts`. It hands out
each page as soon as it is read, and raises `WorldError` with one of the DOCUMENT_* codes when
the document, or the rest of it, cannot be read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.core.documents.text import DocumentFacts, PageText

EmitPage = Callable[[PageText], None]
"""Is given each page, in order."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How much is read of one document at most.

    Attributes:
        max_unpacked_bytes: sum of the members of an archive.
        max_ratio: of an archive's unpacked to its packed size.
        max_pages: pages, slides, sheets or chapters.
        max_characters: of all pages together.
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
    """What the user has chosen about reading.

    Attributes:
        reads_scans: text is recognised in pictures of pages.
        languages: of the system, ISO 639-1; a guess for scans.
    """

    reads_scans: bool = True
    languages: tuple[str, ...] = ()


class Reader(Protocol):
    """A function that reads documents of one format."""

    def __call__(
        self, path: Path, limits: ReadingLimits, options: ReadingOptions, emit_page: EmitPage, /
    ) -> DocumentFacts:
        """Read a document; see the module."""
