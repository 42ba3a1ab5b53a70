"""What reads one document at a time, as the index sees it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.core.documents.text import DocumentFacts, PageText
from app.core.errors import Failure
from app.worker.signal_types import BoundSignal


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page of the document that is being read.

    Attributes:
        language: of the document, ISO 639-1, as its first pages tell; empty until they do.
    """

    request_id: str
    page: PageText
    language: str = ""


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A document has been read to its end."""

    request_id: str
    facts: DocumentFacts


@dataclass(frozen=True, slots=True)
class ReadFailed:
    """A document cannot be read."""

    request_id: str
    failure: Failure


class Reader(Protocol):
    """What reads one document at a time, elsewhere."""

    page_read: BoundSignal[PageRead]
    document_read: BoundSignal[DocumentRead]
    failed: BoundSignal[ReadFailed]

    def prepare(self) -> None:
        """Begin what would cost the first document time."""
        ...

    def read(self, request_id: str, path: Path, *, reads_scans: bool) -> None:
        """Begin to read; pages follow, then `document_read` or `failed`."""
        ...

    def hold(self) -> None:
        """Let pages wait; a few more may come."""
        ...

    def go_on(self) -> None:
        """Let them come again."""
        ...

    def cancel(self) -> None:
        """Read no further."""
        ...

    def close(self) -> None:
        """End the process."""
        ...
