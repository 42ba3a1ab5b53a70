"""Collections of documents: folders and files, watched where they are."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from app.core.documents.text import DocumentKind, PageUnit
from app.core.errors import Failure


class FileState(StrEnum):
    """How far a file of a collection has come; each file is in exactly one."""

    WAITING = "waiting"
    READING = "reading"
    SEARCHABLE = "searchable"
    """Found by its words; its meaning is not worked out yet."""
    READY = "ready"
    SKIPPED = "skipped"
    """It cannot be read; the failure says why and what to do."""
    AWAY = "away"
    """Its disk or folder is not there now; it is found again when that is back."""


class CollectionState(StrEnum):
    """What is going on with a collection as a whole."""

    EMPTY = "empty"
    SCANNING = "scanning"
    READING = "reading"
    UNDERSTANDING = "understanding"
    """All can be found by words; vectors are being made."""
    READY = "ready"
    PAUSED = "paused"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Collection:
    """A name and the places that belong to it.

    Attributes:
        sources: folders and files, as the user gave them.
        ignored: patterns of names to leave out, as in a .gitignore.
        embedding_key: `EmbeddingModel.key` of the model that makes its vectors.
        is_attachment: files dropped into one chat, not shown on the Documents page.
        declined_language: for files in it (ISO 639-1) no other search model is offered any more.
    """

    collection_id: str
    name: str
    sources: tuple[Path, ...]
    embedding_key: str
    ignored: tuple[str, ...] = ()
    is_paused: bool = False
    is_attachment: bool = False
    declined_language: str = ""


@dataclass(frozen=True, slots=True)
class CollectionSummary:
    """A collection and how far it has come, for one card.

    Attributes:
        n_searchable: files that can be found at least by their words.
        n_ready: files of which everything is done.
        n_partly: files read, but with pages that have no text.
        languages: of the files read, most frequent first.
        embedding_name: of its embedding model, for the user.
        unknown_language: most of the text is in languages that the embedding model does not
            know, and most of that in this one; empty if it knows most.
        failure: what keeps the collection as a whole from going on.
        skipped: of documents of a chat, why the first files could not be read; their chat is
            the only place where that is told.
    """

    collection: Collection
    state: CollectionState
    n_files: int = 0
    n_searchable: int = 0
    n_ready: int = 0
    n_skipped: int = 0
    n_partly: int = 0
    n_pages: int = 0
    n_chunks: int = 0
    languages: tuple[str, ...] = ()
    embedding_name: str = ""
    unknown_language: str = ""
    failure: Failure | None = None
    skipped: tuple[Failure, ...] = ()


class IndexStage(StrEnum):
    """What is being done with a collection."""

    SCANNING = "scanning"
    READING = "reading"
    EMBEDDING = "embedding"


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """How far a stage is: files or pages read, chunks embedded.

    Attributes:
        per_second: pages or chunks; None until known.
        seconds_left: None until known.
        file_name: of what is being read; empty while embedding.
        waits_for: why it goes slowly or stands still: "chat", "battery", or empty.
    """

    collection_id: str
    stage: IndexStage
    n_done: int
    n_total: int
    per_second: float | None = None
    seconds_left: float | None = None
    file_name: str = ""
    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class FileHealth:
    """One file of a collection, for one row of its health table.

    Attributes:
        failure: why it was skipped, or what is the matter with it.
        changed_at: when the file was changed last.
        language: ISO 639-1; empty when it cannot be told.
        sha256: of the file as it was read; empty if it was not.
    """

    file_id: int
    path: Path
    state: FileState
    kind: DocumentKind | None = None
    unit: PageUnit = PageUnit.PAGE
    size_bytes: int = 0
    n_pages: int = 0
    pages_without_text: tuple[int, ...] = ()
    n_chunks: int = 0
    language: str = ""
    changed_at: datetime | None = None
    failure: Failure | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class CollectionHealth:
    """All files of a collection, by name."""

    collection_id: str
    files: tuple[FileHealth, ...]
