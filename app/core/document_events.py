"""Payloads of the signals about documents, one frozen dataclass each.

Requests end in `Request`; everything else is a fact about what has happened.
"""

from dataclasses import dataclass
from pathlib import Path

from app.core.documents.collections import CollectionSummary
from app.core.documents.embedding_model import EmbeddingModel, EmbedPurpose
from app.core.documents.evidence import (
    AnswerMode,
    AnswerSources,
    DocumentPlace,
    Evidence,
    FileAnswers,
)
from app.core.documents.text import Box, PageUnit
from app.core.errors import Failure

# --- collections: the window asks the index worker --------------------------------------------


@dataclass(frozen=True, slots=True)
class NewCollectionRequest:
    """Make a collection of folders and files, which stay where they are.

    Attributes:
        collection_id: chosen by who asks, so that it can be spoken of at once.
        is_attachment: it belongs to one chat.
        pasted_text: text to be kept as a file of the collection; empty for none.
    """

    collection_id: str
    name: str
    sources: tuple[Path, ...] = ()
    is_attachment: bool = False
    pasted_text: str = ""


@dataclass(frozen=True, slots=True)
class CollectionRequest:
    """Something about one collection: remove, restore, look again, show its files."""

    collection_id: str


@dataclass(frozen=True, slots=True)
class CollectionChangeRequest:
    """Change a collection; None leaves a field as it is."""

    collection_id: str
    name: str | None = None
    sources: tuple[Path, ...] | None = None
    ignored: tuple[str, ...] | None = None
    embedding_key: str | None = None
    is_paused: bool | None = None
    declined_language: str | None = None


@dataclass(frozen=True, slots=True)
class FileRequest:
    """Something about one file of a collection: read it again."""

    collection_id: str
    file_id: int


@dataclass(frozen=True, slots=True)
class DocumentsForgotten:
    """Chats were deleted for good, and with them what was dropped into them."""

    collection_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AttachmentsKept:
    """All attachments that chats have, once at the start; others go."""

    collection_ids: tuple[str, ...]


# --- the index worker says ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CollectionList:
    """All collections, by name; attachments of chats among them."""

    collections: tuple[CollectionSummary, ...]


@dataclass(frozen=True, slots=True)
class CollectionDeleted:
    """A collection was hidden and can be brought back."""

    collection_id: str
    name: str


@dataclass(frozen=True, slots=True)
class IndexChanged:
    """What can be found in these collections has changed; none are named if everything is new."""

    collection_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexFailed:
    """Something about documents could not be stored, read or begun.

    Attributes:
        attachment_id: of the documents of a chat that could not be made; empty for all else.
    """

    failure: Failure
    attachment_id: str = ""


# --- vectors -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EmbedRequest:
    """Make vectors of texts; `request_id` is any text that the asker knows again.

    Texts are given without the model's prefixes, which are added by the embedding worker.
    """

    request_id: str
    model: EmbeddingModel
    texts: tuple[str, ...]
    purpose: EmbedPurpose


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors of length 1, row by row, as float32 in the machine's byte order."""

    request_id: str
    n_dimensions: int
    vectors: bytes


@dataclass(frozen=True, slots=True)
class EmbedFailed:
    """No vectors came."""

    request_id: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class EmbeddingModels:
    """Embedding models on this computer, the built-in one first."""

    models: tuple[EmbeddingModel, ...]


# --- questions ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EvidenceRequest:
    """Look for what the collections say to a question.

    Attributes:
        request_id: the answer's id, or any text that the asker knows again.
        earlier_questions: of the same chat, oldest first, for questions that lean on them.
        budget_tokens: how much the model can read; 0 for what any model can. When all text of
            the collections is shorter, all of it is given.
    """

    request_id: str
    collection_ids: tuple[str, ...]
    question: str
    earlier_questions: tuple[str, ...] = ()
    mode: AnswerMode = AnswerMode.MODEL
    budget_tokens: int = 0


@dataclass(frozen=True, slots=True)
class FileEvidenceRequest:
    """Look for what one file of a collection says to a question."""

    request_id: str
    collection_id: str
    file_id: int
    question: str


@dataclass(frozen=True, slots=True)
class EvidenceFound:
    """What was found; the search itself went well, whatever its verdict."""

    request_id: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class EvidenceFailed:
    """It could not be searched."""

    request_id: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class AnswerCited:
    """The sentences of an answer were matched with its passages, as far as it is written."""

    answer_id: str
    sources: AnswerSources


# --- a question to every file ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileAnswersRequest:
    """Put a question to every file of a collection; a run that was begun goes on."""

    run_id: str
    collection_id: str
    question: str
    mode: AnswerMode = AnswerMode.MODEL


@dataclass(frozen=True, slots=True)
class RunRequest:
    """Something about one run: cancel, forget."""

    run_id: str


@dataclass(frozen=True, slots=True)
class FileAnswersAdvanced:
    """A run has a row more, or has ended."""

    answers: FileAnswers


@dataclass(frozen=True, slots=True)
class FileAnswersFailed:
    """A run has stopped; what it has is kept."""

    run_id: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class CsvRequest:
    """Write the table of a run to a file."""

    run_id: str
    path: Path


@dataclass(frozen=True, slots=True)
class CsvWritten:
    """The table is on disk; `failure` says why it is not."""

    path: Path
    failure: Failure | None = None


# --- the viewer --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaceRequest:
    """Show a place of a document.

    Attributes:
        page: to be shown; the place's own when 0.
        width_px: of the picture, in device pixels.
        serial: lets the window drop late pages.
    """

    serial: int
    place: DocumentPlace
    page: int = 0
    width_px: int = 0


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a picture, 3 bytes a pixel (blue, green, red), rows without gaps."""

    width_px: int
    height_px: int
    pixels: bytes


@dataclass(frozen=True, slots=True)
class PageShown:
    """A page for the viewer: a picture if the format has one, and its text.

    Attributes:
        n_pages: of the document.
        label: how the document names the page; empty when that is its number.
        picture: None for formats without pictures, which are shown as text.
        boxes: to be marked, in pixels of the picture.
        text: of the page.
        marks: ranges of the text to be marked.
        has_changed: the file is not what it was when it was read, so the marks may be wrong.
        is_missing: the file is not there; the text is what was kept of it.
    """

    serial: int
    place: DocumentPlace
    page: int
    n_pages: int
    unit: PageUnit
    label: str = ""
    picture: PagePicture | None = None
    boxes: tuple[Box, ...] = ()
    text: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    has_changed: bool = False
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class PageFailed:
    """The page cannot be shown; the place keeps its quote."""

    serial: int
    place: DocumentPlace
    failure: Failure


@dataclass(frozen=True, slots=True)
class PathRequest:
    """Show where a file or folder lies."""

    path: Path
