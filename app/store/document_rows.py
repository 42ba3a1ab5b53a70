"""What is known of documents as it stands in the database."""

import json
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from app.core.documents.collections import Collection, FileHealth, FileState
from app.core.documents.text import (
    Chunk,
    DocumentFacts,
    DocumentKind,
    PageText,
    PageUnit,
    Span,
    WordBox,
)
from app.core.errors import ErrorCode, Facts, Failure
from app.store.database import Row
from app.store.model_rows import path_of

COMPRESSION = 1
"""Level of zlib for texts of pages: a third of the size at 100 MB/s; 6 takes four times as long
for a tenth less."""
KINDS_BY_CONTENT = frozenset(
    {
        DocumentKind.PDF,
        DocumentKind.DOCX,
        DocumentKind.PPTX,
        DocumentKind.XLSX,
        DocumentKind.ODT,
        DocumentKind.EPUB,
        DocumentKind.RTF,
    }
)
"""Formats that bytes say themselves, so that the name of the file does not matter."""


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """The next part of a long document that is being read.

    Attributes:
        language: of the document, as far as it is known by now.
        chunks: with the digest of what is to be embedded of each.
    """

    language: str
    pages: tuple["StoredPage", ...]
    chunks: tuple[tuple[Chunk, bytes], ...]


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document that was read, or of which is known why it cannot be.

    Attributes:
        sha256: of the bytes that were read.
        suffix: of the file's name, in lower case and with its dot.
        facts: None when it could not be read.
        pages: all of them, or those after the parts that are kept already.
        chunks: with the digest of what is to be embedded of each; as with the pages.
        failure: without the file's name and place, which other files have too.
    """

    sha256: str
    suffix: str
    facts: DocumentFacts | None = None
    pages: tuple["StoredPage", ...] = ()
    chunks: tuple[tuple[Chunk, bytes], ...] = ()
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page as it is kept; what is compressed takes a fifth of the room in memory, too."""

    number: int
    label: str
    source: str
    text: bytes
    word_boxes: bytes | None


def stored_page(page: PageText) -> StoredPage:
    """Give a page as it is kept."""
    boxes = msgspec.json.encode(page.word_boxes) if page.word_boxes else None
    return StoredPage(
        page.number,
        page.label,
        page.source.value,
        zlib.compress(page.text.encode("utf-8", "replace"), COMPRESSION),
        zlib.compress(boxes, COMPRESSION) if boxes is not None else None,
    )


def page_text_of(stored: bytes) -> str:
    """Give the text of a page that was stored."""
    return zlib.decompress(stored).decode()


def word_boxes_of(stored: bytes | None) -> tuple[WordBox, ...]:
    """Give the word boxes of a page that were stored."""
    if stored is None:
        return ()
    return msgspec.json.decode(zlib.decompress(stored), type=tuple[WordBox, ...])


def spans_text(spans: tuple[Span, ...]) -> str:
    """Give spans as they are stored: [[page, start, end], ...]."""
    return json.dumps([[one.page, one.start, one.end] for one in spans], separators=(",", ":"))


def spans_of(stored: str) -> tuple[Span, ...]:
    """Give spans that were stored."""
    return tuple(Span(*one) for one in json.loads(stored))


def failure_text(failure: Failure | None, *, is_shared: bool = False) -> str:
    """Give a failure as it is stored; empty for none.

    Args:
        failure: why something could not be done.
        is_shared: it holds for all files with the same bytes, so none of them is named.
    """
    if failure is None:
        return ""
    facts = msgspec.to_builtins(failure.facts)
    named = {"file_name", "path"} if is_shared else set()
    kept = {key: value for key, value in facts.items() if value and key not in named}
    return json.dumps({"code": failure.code.value, "facts": kept}, separators=(",", ":"))


def failure_of(stored: str, path: Path) -> Failure | None:
    """Give a failure that was stored, of the file at `path`; None for none."""
    if not stored:
        return None
    values = json.loads(stored)
    known = {one.value for one in ErrorCode}
    code = ErrorCode(values["code"]) if values["code"] in known else ErrorCode.DOCUMENT_DAMAGED
    named = {"file_name": path.name, "path": str(path)}
    return Failure(code, msgspec.convert({**values["facts"], **named}, Facts))


def collection_of(row: Row, sources: tuple[Path, ...]) -> Collection:
    """Give the collection in a row."""
    return Collection(
        collection_id=row["collection_id"],
        name=row["name"],
        sources=sources,
        embedding_key=row["embedding_key"],
        ignored=tuple(json.loads(row["ignored"])),
        is_paused=bool(row["is_paused"]),
        is_attachment=bool(row["is_attachment"]),
        declined_language=row["declined_language"],
    )


def health_of(row: Row, reading: frozenset[int]) -> FileHealth:
    """Give one file's health.

    Args:
        row: of the file, with what its content says and `is_embedded`.
        reading: ids of files that are being read now.
    """
    path = path_of(row["path"])
    has_content = row["content_id"] is not None
    failure = failure_of(row["failure"] or row["content_failure"] or "", path)
    state = _state(row, is_reading=row["file_id"] in reading, is_failed=failure is not None)
    if failure is None and has_content and row["needs_ocr"]:
        facts = Facts(file_name=path.name, path=str(path))
        failure = Failure(ErrorCode.OCR_MISSING, facts)
    without_text = json.loads(row["pages_without_text"]) if has_content else []
    return FileHealth(
        file_id=row["file_id"],
        path=path,
        state=state,
        kind=DocumentKind(row["kind"]) if has_content and row["kind"] else None,
        unit=PageUnit(row["unit"]) if has_content else PageUnit.PAGE,
        size_bytes=row["size_bytes"],
        n_pages=row["n_pages"] or 0,
        pages_without_text=tuple(without_text),
        n_chunks=row["n_chunks"] or 0,
        language=row["language"] or "",
        changed_at=_moment(row["modified_ns"]),
        failure=failure,
        sha256=row["sha256"] if has_content and not row["content_failure"] else "",
    )


def _state(row: Row, *, is_reading: bool, is_failed: bool) -> FileState:
    if row["is_away"]:
        return FileState.AWAY
    if is_reading:
        return FileState.READING
    if row["is_pending"]:
        return FileState.WAITING
    if is_failed or row["content_id"] is None:
        return FileState.SKIPPED
    return FileState.READY if row["is_embedded"] else FileState.SEARCHABLE


def _moment(modified_ns: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(modified_ns / 1e9, UTC) if modified_ns else None
    except (OverflowError, ValueError, OSError):
        return None  # A disk whose clock was centuries off.
