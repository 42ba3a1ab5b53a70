"""What is done with one file on a thread that may wait: hashing, cutting into chunks.

Long documents are cut and kept in parts, so that no more of them is in memory at a time.
"""

import hashlib
import os
import stat
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.core.documents.chunking import Headings, chunks_of, digest_of, headings_after
from app.core.documents.sentences import is_open
from app.core.documents.text import DocumentFacts, PageText
from app.core.errors import ErrorCode, Facts, Failure
from app.readers.endings import KNOWN_SUFFIXES
from app.store.document_rows import DocumentPart, ReadDocument, stored_page
from app.store.document_scan import file_failure, is_in_cloud

PART_CHARACTERS = 1_000_000
"""Of which a part of a long document has at least so many: 300 printed pages, a second's work."""
LONGEST_PART_CHARACTERS = 1_250_000
"""At which a part ends within a sentence."""
PIECE_BYTES = 1 << 20
HEAD_BYTES = 1024
_PDF = b"%PDF-"
_BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
"""Of documents that say themselves what they are: zip archives, OLE containers, RTF."""
JUST_NOW_NS = 1_000_000_000
"""A file that was changed within the last second may not be finished."""


@dataclass(frozen=True, slots=True)
class FileStat:
    """What shows that a file has changed."""

    size_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of a file before it is read.

    Attributes:
        stat: of the file now.
        sha256: of its bytes; empty if somebody may still be writing it.
        failure: why it cannot be read.
    """

    stat: FileStat
    sha256: str = ""
    failure: Failure | None = None


@dataclass(slots=True)
class Pages:
    """Pages of a document, or of a part of it, as they come.

    Attributes:
        n_chunks: of the parts before.
        above: headings under which the part begins.
    """

    texts: list[PageText] = field(default_factory=list)
    n_characters: int = 0
    n_chunks: int = 0
    above: Headings = ()

    def add(self, page: PageText) -> None:
        """Take the next page."""
        self.texts.append(page)
        self.n_characters += len(page.text)

    @property
    def is_full(self) -> bool:
        """Whether they are to be kept before more come; best where a sentence has ended."""
        return self.n_characters >= PART_CHARACTERS and (
            self.n_characters >= LONGEST_PART_CHARACTERS or not is_open(self.texts[-1].text)
        )


def check(path: Path, known: FileStat, settled: FileStat | None) -> Checked:
    """Give the hash of a file that nobody is writing.

    Args:
        path: of the file.
        known: when its folder was looked into.
        settled: at an earlier look, at least a second ago.
    """
    try:
        facts = path.stat()
        now = FileStat(facts.st_size, facts.st_mtime_ns)
        code = _refusal(path, facts)
        if code is not None:
            reason = path.suffix.lstrip(".").lower()
            return Checked(now, failure=Failure(code, Facts(path.name, str(path), reason)))
        is_old = time.time_ns() - now.modified_ns > JUST_NOW_NS
        if now != settled and not (is_old and now == known):
            return Checked(now)
        sha256 = _sha256(path)
        return Checked(now, sha256 if is_unchanged(path, now) else "")
    except OSError as error:
        return Checked(FileStat(0, 0), failure=file_failure(path, error))


def _refusal(path: Path, facts: os.stat_result) -> ErrorCode | None:
    """Give why a file is not worth to be read, as far as it can be told without doing so."""
    if not stat.S_ISREG(facts.st_mode):
        return ErrorCode.DOCUMENT_UNREADABLE
    if is_in_cloud(facts):
        return ErrorCode.DOCUMENT_IN_CLOUD
    if not facts.st_size:
        return ErrorCode.DOCUMENT_EMPTY
    return ErrorCode.DOCUMENT_UNSUPPORTED if _is_foreign(path) else None


def _is_foreign(path: Path) -> bool:
    """Say whether a file is none that is ever read: films are not hashed, they may be large."""
    if path.suffix.lower() in KNOWN_SUFFIXES:
        return False
    with path.open("rb", buffering=0) as stream:
        head = stream.read(HEAD_BYTES)
    return not head.startswith(_BEGINNINGS) and _PDF not in head


def is_unchanged(path: Path, known: FileStat) -> bool:
    """Say whether a file still has its size and time; one that is gone has not."""
    try:
        facts = path.stat()
    except OSError:
        return False
    return FileStat(facts.st_size, facts.st_mtime_ns) == known


def document_of(sha256: str, suffix: str, facts: DocumentFacts, pages: Pages) -> ReadDocument:
    """Cut a document, or its last part, into chunks, ready to be kept; about 2 ms a page."""
    part, _ = part_of(pages, facts.language)
    return ReadDocument(sha256, suffix, facts, part.pages, part.chunks)


def part_of(pages: Pages, language: str) -> tuple[DocumentPart, Pages]:
    """Cut a part of a document into chunks.

    Returns:
        What is to be kept, and where the pages of the next part go.
    """
    cut = chunks_of(pages.texts, above=pages.above)
    chunks = tuple(
        (replace(chunk, position=pages.n_chunks + chunk.position), digest_of(chunk))
        for chunk in cut
    )
    part = DocumentPart(language, tuple(map(stored_page, pages.texts)), chunks)
    above = headings_after(pages.texts, pages.above)
    return part, Pages(n_chunks=pages.n_chunks + len(chunks), above=above)


def _sha256(path: Path) -> str:
    """Hash a file, at 1 GB/s where the disk is as fast; other threads run meanwhile."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as stream:
        while piece := stream.read(PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()
