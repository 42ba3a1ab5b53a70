"""Which files, and which of their chunks, are searched for a question."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from app.core.documents.text import PageUnit
from app.core.errors import ErrorCode, WorldError
from app.store.database import Database
from app.store.model_rows import path_of
from app.store.vector_search import ContentChunks, Ints

LONGEST_SUFFIX = 5
_SEPARATOR = re.compile(r"[/\\]")
MAX_LANGUAGES = 4
"""The words of a question are stemmed by the rules of this many languages of the documents."""

_FILES = """
    SELECT file_id, path, file.sha256, content_id, collection_id, embedding_key, unit, language,
        coalesce(title, '') AS title, coalesce(n_chunks, 0) AS n_chunks,
        (SELECT chunk_id FROM chunk WHERE chunk.content_id = file.content_id AND position = 0)
            AS first,
        content_id IS NULL AND file.failure = '' AS is_unread
    FROM file JOIN collection USING (collection_id) LEFT JOIN content USING (content_id)
    WHERE collection_id = ? AND deleted_at IS NULL AND is_away = 0 AND file_id {which}
    ORDER BY file_id
"""
_ALL_FILES, _ONE_FILE = _FILES.format(which="> ?"), _FILES.format(which="= ?")

_EMBEDDED = """
    SELECT embedding_key, sum(n_chunks) AS n_chunks
    FROM file JOIN content USING (content_id) JOIN embedded_content USING (content_id)
    WHERE collection_id = ? AND is_away = 0 AND file_id {which}
    GROUP BY embedding_key ORDER BY embedding_key
"""
_EMBEDDED_OF_ALL, _EMBEDDED_OF_ONE = _EMBEDDED.format(which="> ?"), _EMBEDDED.format(which="= ?")


@dataclass(frozen=True, slots=True)
class SearchedFile:
    """A file with text.

    Attributes:
        known_as: what it is called, a line each: its collection, folders below the one that was
            added, that folder, its own name, its title.
    """

    file_id: int
    path_text: str
    sha256: str
    unit: PageUnit
    language: str
    known_as: str
    chunks: ContentChunks

    @property
    def path(self) -> Path:
        """Where it is."""
        return path_of(self.path_text)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is searched.

    Attributes:
        files: by content; of files with the same, the one that was found first.
        entries: all files with text.
        keys: contents to be searched with each embedding model, by its key.
        languages: of the documents, most frequent first.
        n_files: of the collections; `n_unread` of them could not be searched yet.
        n_indexed: chunks of all collections, also of others.
    """

    files: dict[int, SearchedFile]
    entries: tuple[SearchedFile, ...]
    keys: dict[str, Ints]
    languages: tuple[str, ...]
    n_files: int
    n_unread: int
    n_indexed: int

    @property
    def chunks(self) -> list[ContentChunks]:
        """Which chunks may be found, in the order of their ids."""
        return sorted((one.chunks for one in self.files.values()), key=lambda one: one.first)

    def showing(self, chosen: Mapping[int, int]) -> "Scope":
        """Give the scope with other files for some contents, by their numbers in `entries`."""
        shown = {content: self.entries[number] for content, number in chosen.items()}
        return replace(self, files=self.files | shown)

    def chunks_of(self, contents: set[int]) -> list[ContentChunks]:
        """Give which chunks these contents have."""
        return [one.chunks for key, one in self.files.items() if key in contents]

    @property
    def n_chunks(self) -> int:
        """How many chunks may be found."""
        return sum(one.chunks.count for one in self.files.values())


class WantedChunks:
    """Tells which chunks belong to a scope, and to which content."""

    def __init__(self, scope: Scope) -> None:
        self._chunks = scope.chunks
        self._firsts = [one.first for one in self._chunks]

    def content_of(self, chunk_id: int) -> int | None:
        """Give the content that a chunk belongs to; None if it is out of scope."""
        number = bisect_right(self._firsts, chunk_id) - 1
        if number < 0:
            return None
        one = self._chunks[number]
        return one.content_id if chunk_id < one.first + one.count else None

    def __contains__(self, chunk_id: int) -> bool:
        return self.content_of(chunk_id) is not None


def scope_of(
    database: Database,
    collection_ids: Sequence[str],
    file_id: int = 0,
    usable: Container[str] = (),
) -> Scope:
    """Give what is searched for a question to collections, or to one file of them.

    Args:
        database: joined.
        collection_ids: those that are unknown or deleted have no files.
        file_id: of the only file that is searched; 0 for all.
        usable: keys of embedding models that can make a vector of the question now.

    Raises:
        WorldError: COLLECTION_MISSING if there is none of them.
    """
    files: dict[int, SearchedFile] = {}
    entries: list[SearchedFile] = []
    keys: dict[str, set[int]] = {}
    n_files = n_unread = 0
    for collection_id in dict.fromkeys(collection_ids):
        rows = database.read(_ONE_FILE if file_id else _ALL_FILES, (collection_id, file_id))
        wanted = rows[0]["embedding_key"] if rows else ""
        serving = _serving_key(database, collection_id, file_id, wanted, usable)
        called = _Called(database, collection_id)
        for row in rows:
            n_files += 1
            n_unread += row["is_unread"]
            if not row["n_chunks"] or row["first"] is None:
                continue
            content_id = int(row["content_id"])
            chunks = ContentChunks(content_id, int(row["first"]), int(row["n_chunks"]))
            one = SearchedFile(
                row["file_id"],
                row["path"],
                row["sha256"],
                PageUnit(row["unit"]),
                row["language"],
                called.names_of(row["path"], row["title"]),
                chunks,
            )
            entries.append(one)
            files.setdefault(content_id, one)
            keys.setdefault(serving, set()).add(content_id)
    if not n_files and not _is_any_there(database, collection_ids):
        raise WorldError(ErrorCode.COLLECTION_MISSING)
    spoken = Counter[str]()
    for one in files.values():
        spoken[one.language] += one.chunks.count
    n_indexed = int(database.read("SELECT coalesce(sum(n_chunks), 0) FROM content")[0][0])
    return Scope(
        files,
        tuple(entries),
        {key: np.asarray(sorted(contents), np.int64) for key, contents in keys.items()},
        tuple(language for language, _ in spoken.most_common(MAX_LANGUAGES)),
        n_files,
        n_unread,
        n_indexed,
    )


def _serving_key(
    database: Database, collection_id: str, file_id: int, wanted: str, usable: Container[str]
) -> str:
    """Give the model with whose vectors a collection, or one file of it, is searched.

    After another one is chosen its vectors take a while; those of the former serve until it
    has caught up. Never both: their cosines are not comparable.
    """
    query = _EMBEDDED_OF_ONE if file_id else _EMBEDDED_OF_ALL
    n_chunks = {
        row["embedding_key"]: int(row["n_chunks"])
        for row in database.read(query, (collection_id, file_id))
        if row["embedding_key"] in usable
    }
    serving, most = wanted, n_chunks.get(wanted, 0)
    for key, n in n_chunks.items():
        if n > most:
            serving, most = key, n
    return serving


class _Called:
    """Tells what the files of a collection are called."""

    def __init__(self, database: Database, collection_id: str) -> None:
        named = database.read(
            "SELECT name FROM collection WHERE collection_id = ? AND is_attachment = 0",
            (collection_id,),
        )
        self._first = tuple(str(row["name"]) for row in named)
        sources = database.read(
            "SELECT path FROM source WHERE collection_id = ?", (collection_id,)
        )
        folders = (str(row["path"]) for row in sources)
        self._folders = tuple(sorted(folders, key=len, reverse=True))

    def names_of(self, path: str, title: str) -> str:
        """Give what a file is called; folders above those that were added do not count."""
        return _known_as(self._first, self._folders, path, title)


@lru_cache(maxsize=100_000)
def _known_as(first: tuple[str, ...], folders: tuple[str, ...], path: str, title: str) -> str:
    source = next((one for one in folders if path.startswith(one)), path)
    above = len(_SEPARATOR.split(source)[-1])
    parts = _SEPARATOR.split(path[len(source) - above :])
    name, dot, suffix = parts[-1].rpartition(".")
    if dot and len(suffix) <= LONGEST_SUFFIX:
        parts[-1] = name
    return "\n".join(part for part in (*first, *parts, title) if part)


def _is_any_there(database: Database, collection_ids: Sequence[str]) -> bool:
    query = "SELECT 1 FROM collection WHERE collection_id = ? AND deleted_at IS NULL"
    return any(database.read(query, (one,)) for one in collection_ids)
