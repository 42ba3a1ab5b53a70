"""Pages of documents as they were when they were read, for showing them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from app.core.documents.text import DocumentKind, PageUnit, WordBox
from app.store.database import Database
from app.store.document_rows import page_text_of, word_boxes_of
from app.store.model_rows import path_text

PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class KeptPage:
    """One page of a document that was read.

    Attributes:
        word_boxes: of a page whose text was recognised.
    """

    kind: DocumentKind
    unit: PageUnit
    n_pages: int
    label: str
    text: str
    word_boxes: tuple[WordBox, ...]


def kept_page(database: Database, sha256: str, number: int) -> KeptPage | None:
    """Give a page of the document with these bytes; None if it is not kept.

    A page without text, which has no row, comes with an empty one.
    """
    rows = database.read(
        "SELECT kind, unit, n_pages, label, text, word_boxes FROM content"
        " LEFT JOIN page ON page.content_id = content.content_id AND page.number = ?"
        " WHERE content.sha256 = ? AND content.failure = ''",
        (number, sha256),
    )
    if not rows:
        return None
    row = rows[0]
    text = page_text_of(row["text"]) if row["text"] is not None else ""
    return KeptPage(
        DocumentKind(row["kind"]),
        PageUnit(row["unit"]),
        row["n_pages"],
        row["label"] or "",
        text,
        word_boxes_of(row["word_boxes"]),
    )


def is_as_read(database: Database, path: Path, sha256: str) -> bool:
    """Say whether a file still has the bytes that it was read with.

    Size and time of the change decide where they are known; otherwise all of it is hashed.

    Raises:
        OSError: the file is not there, or cannot be read.
    """
    facts = path.stat()
    rows = database.read(
        "SELECT size_bytes, modified_ns FROM file WHERE path = ? AND sha256 = ?",
        (path_text(path), sha256),
    )
    known = {(row["size_bytes"], row["modified_ns"]) for row in rows}
    if (facts.st_size, facts.st_mtime_ns) in known:
        return True
    hasher = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            hasher.update(piece)
    return hasher.hexdigest() == sha256
