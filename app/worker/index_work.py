"""A file on its way to where its words can be found, and how that can end."""

from dataclasses import dataclass, field

from app.core.documents.text import DocumentFacts
from app.core.errors import ErrorCode
from app.store.document_files import PendingFile
from app.worker.index_documents import FileStat, Pages

OF_FILE = frozenset(
    {
        ErrorCode.DOCUMENT_UNREADABLE,
        ErrorCode.DOCUMENT_MISSING,
        ErrorCode.DOCUMENT_IN_CLOUD,
        ErrorCode.BUG,
    }
)
"""Failures that say nothing about other files with the same bytes."""
OF_ALL = frozenset(
    {
        ErrorCode.READER_UNUSABLE,
        ErrorCode.DISK_FULL,
        ErrorCode.DATABASE_BUSY,
        ErrorCode.DATABASE_DAMAGED,
        ErrorCode.DATA_FOLDER_UNWRITABLE,
    }
)
"""Failures that no other file would escape either."""


@dataclass(frozen=True, slots=True)
class PartDone:
    """So many pages of a long document are kept, which goes on."""

    n_pages: int


@dataclass(frozen=True, slots=True)
class FileDone:
    """A file has come as far as its words; `n_pages` were read for it since the last part."""

    file_id: int
    collection_id: str
    size_bytes: int
    n_pages: int


@dataclass(slots=True, eq=False)
class Work:
    """A file on its way.

    Attributes:
        pages: that were read and are not kept.
        language: by which its parts are kept.
        facts: once it has been read to its end.
        unfinished_id: of the parts that are kept.
        is_cut: a part is being cut into chunks.
    """

    file: PendingFile
    began_s: float
    sha256: str = ""
    stat: FileStat | None = None
    pages: Pages = field(default_factory=Pages)
    language: str = ""
    facts: DocumentFacts | None = None
    unfinished_id: int = 0
    is_cut: bool = False
