"""The files of collections: what was seen of them, and how far each has come."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.core.documents.collections import FileHealth, FileState
from app.core.errors import ErrorCode, Failure
from app.store.database import Database, Row
from app.store.document_rows import failure_text, health_of
from app.store.document_scan import SeenFile, SeenSources
from app.store.model_rows import path_of, path_text


@dataclass(frozen=True, slots=True)
class PendingFile:
    """A file that is new or may have changed."""

    file_id: int
    collection_id: str
    path: Path
    size_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a collection is.

    Attributes:
        pending_bytes: size of the files that wait.
        n_embedded: chunks of contents of which every chunk has its vector.
    """

    n_files: int = 0
    n_pending: int = 0
    n_away: int = 0
    n_searchable: int = 0
    n_ready: int = 0
    n_skipped: int = 0
    n_partly: int = 0
    n_pages: int = 0
    n_chunks: int = 0
    n_embedded: int = 0
    pending_bytes: int = 0


@dataclass(frozen=True, slots=True)
class ScanOutcome:
    """What a look at the sources of a collection has changed.

    Attributes:
        is_changed: something can be found no more, or again.
        n_pending: files that are to be read.
    """

    is_changed: bool
    n_pending: int


class DocumentFiles:
    """Reads and writes the files of collections; raises what `Database` raises."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- what was seen on disk ---

    def apply(self, collection_id: str, sources: Iterable[Path], seen: SeenSources) -> ScanOutcome:
        """Note which files a collection has now; unchanged ones cost nothing.

        Args:
            collection_id: of the collection.
            sources: its places.
            seen: what they hold.
        """
        known = {
            path_of(row["path"]): row
            for row in self._database.read(
                "SELECT * FROM file WHERE collection_id = ?", (collection_id,)
            )
        }
        changes = [
            change
            for one in seen.files.values()
            if (change := _change(collection_id, one, known.get(one.path))) is not None
        ]
        roots = frozenset(sources)
        lost, away = set[int](), set[int]()
        for path, row in known.items():
            if path in seen.files:
                continue
            above = frozenset((path, *path.parents))
            if above & roots and above.isdisjoint(seen.unreadable):
                (lost if above.isdisjoint(seen.away) else away).add(row["file_id"])
            elif not above & roots:
                lost.add(row["file_id"])
            elif not above.isdisjoint(seen.away):
                away.add(row["file_id"])
        newly_away = {row["file_id"] for row in known.values() if not row["is_away"]} & away
        devices = [
            (device, collection_id, path_text(path)) for path, device in seen.devices.items()
        ]
        is_changed = bool(lost or newly_away) or any(one.is_found_again for one in changes)
        if changes or lost or newly_away or devices:
            with self._database.write(durable=False) as connection:
                for change in changes:
                    connection.execute(change.statement, change.values)
                _for_each(connection, "DELETE FROM file WHERE file_id = ?", lost)
                _for_each(connection, "UPDATE file SET is_away = 1 WHERE file_id = ?", newly_away)
                connection.executemany(
                    "UPDATE source SET device = ? WHERE collection_id = ? AND path = ?", devices
                )
        return ScanOutcome(is_changed, sum(one.is_pending for one in changes))

    # --- reading ---

    def pending(self, n_at_most: int, besides: Iterable[int] = ()) -> list[PendingFile]:
        """Give files to be read next: those dropped into chats, then small ones first.

        Args:
            n_at_most: how many.
            besides: ids of files that are not wanted.
        """
        passed_over = set(besides)
        rows = self._database.read(
            "SELECT file_id, collection_id, path, size_bytes, modified_ns FROM file"
            " JOIN collection USING (collection_id)"
            " WHERE is_pending = 1 AND is_away = 0 AND is_paused = 0 AND deleted_at IS NULL"
            " ORDER BY is_attachment DESC, size_bytes, modified_ns DESC, file_id LIMIT ?",
            (n_at_most + len(passed_over),),
        )
        found = [
            PendingFile(
                row["file_id"],
                row["collection_id"],
                path_of(row["path"]),
                row["size_bytes"],
                row["modified_ns"],
            )
            for row in rows
            if row["file_id"] not in passed_over
        ]
        return found[:n_at_most]

    def collections_of(self, file_ids: Iterable[int]) -> set[str]:
        """Give the ids of the collections that these files belong to."""
        return {
            row["collection_id"]
            for one in file_ids
            for row in self._database.read(
                "SELECT collection_id FROM file WHERE file_id = ?", (one,)
            )
        }

    def note_stat(self, file_id: int, size_bytes: int, modified_ns: int) -> None:
        """Note that a file has changed once more before it was read."""
        with self._database.write(durable=False) as connection:
            connection.execute(
                "UPDATE file SET size_bytes = ?, modified_ns = ? WHERE file_id = ?",
                (size_bytes, modified_ns, file_id),
            )

    def fail(self, file_id: int, failure: Failure) -> None:
        """Note why a file cannot be opened; what it said before is not found any more."""
        with self._database.write(durable=False) as connection:
            connection.execute(
                "UPDATE file SET failure = ?, is_pending = 0, content_id = NULL WHERE file_id = ?",
                (failure_text(failure), file_id),
            )

    def drop(self, file_id: int) -> None:
        """Forget a file that is gone."""
        with self._database.write(durable=False) as connection:
            connection.execute("DELETE FROM file WHERE file_id = ?", (file_id,))

    def read_again(self, collection_id: str, file_id: int) -> None:
        """Let a file be read once more, though nothing of it has changed."""
        with self._database.write(durable=False) as connection:
            connection.execute(
                "UPDATE content SET reader_version = 0 WHERE content_id ="
                " (SELECT content_id FROM file WHERE file_id = ? AND collection_id = ?)",
                (file_id, collection_id),
            )
            connection.execute(
                "UPDATE file SET is_pending = 1, failure = ''"
                " WHERE file_id = ? AND collection_id = ?",
                (file_id, collection_id),
            )

    def read_old_again(self, reader_version: int) -> int:
        """Let all files be read again whose content an older reader has read; say how many."""
        with self._database.write(durable=False) as connection:
            changed = connection.execute(
                "UPDATE file SET is_pending = 1 WHERE is_pending = 0 AND content_id IN"
                " (SELECT content_id FROM content WHERE reader_version < ?)",
                (reader_version,),
            )
            return changed.rowcount

    def read_scans_again(self) -> None:
        """Let all files be read again that have pages without text."""
        with self._database.write(durable=False) as connection:
            connection.execute(
                "UPDATE content SET reader_version = 0"
                " WHERE pages_without_text <> '[]' OR needs_ocr = 1"
                """ OR failure LIKE '{"code":"ocr_missing"%'"""
                """ OR failure LIKE '{"code":"document_is_scan"%'"""
            )
            connection.execute(
                "UPDATE file SET is_pending = 1 WHERE content_id IN"
                " (SELECT content_id FROM content WHERE reader_version = 0)"
            )

    # --- telling ---

    def health(self, collection_id: str, reading: frozenset[int]) -> tuple[FileHealth, ...]:
        """Give every file of a collection by name; 10,000 take about 0.1 s.

        Args:
            collection_id: of the collection.
            reading: ids of files that are being read now.
        """
        rows = self._database.read(
            "SELECT file.*, kind, unit, n_pages, pages_without_text, needs_ocr, n_chunks,"
            " language, content.failure AS content_failure,"
            " (n_chunks = 0 OR embedded_content.content_id IS NOT NULL) AS is_embedded"
            " FROM file JOIN collection USING (collection_id)"
            " LEFT JOIN content USING (content_id)"
            " LEFT JOIN embedded_content ON embedded_content.content_id = file.content_id"
            " AND embedded_content.embedding_key = collection.embedding_key"
            " WHERE collection_id = ?",
            (collection_id,),
        )
        files = (health_of(row, reading) for row in rows)
        return tuple(sorted(files, key=lambda one: (one.path.name.casefold(), str(one.path))))

    def skipped(self, collection_id: str, most: int) -> tuple[Failure, ...]:
        """Give why files of a collection cannot be read, by name, `most` at most."""
        files = self.health(collection_id, frozenset())
        reasons = (one.failure for one in files if one.state is FileState.SKIPPED)
        return tuple(reason for reason in reasons if reason is not None)[:most]

    def counts(self) -> dict[str, Counts]:
        """Give how far each collection is, by its id."""
        rows = self._database.read(_COUNTS)
        return {
            row["collection_id"]: Counts(**{name: row[name] for name in Counts.__slots__})
            for row in rows
        }

    def languages(self) -> dict[str, dict[str, int]]:
        """Give how many chunks each collection has in each language, most frequent first."""
        found: dict[str, dict[str, int]] = {}
        for row in self._database.read(
            "SELECT collection_id, language, sum(n_chunks) AS n_chunks"
            " FROM file JOIN content USING (content_id)"
            " WHERE language <> '' GROUP BY collection_id, language"
            " ORDER BY collection_id, sum(n_chunks) DESC, language"
        ):
            found.setdefault(row["collection_id"], {})[row["language"]] = row["n_chunks"]
        return found


_COUNTS = """
WITH state AS (
    SELECT
        file.collection_id AS collection_id,
        is_pending, is_away, size_bytes,
        content.content_id IS NOT NULL AND content.failure = '' AND file.failure = ''
            AND is_away = 0 AS is_found,
        is_pending = 0 AND is_away = 0 AND (
            file.failure <> '' OR content.content_id IS NULL OR content.failure <> ''
        ) AS is_skipped,
        coalesce(pages_without_text, '[]') <> '[]' AS is_partly,
        coalesce(n_pages, 0) AS n_pages,
        coalesce(n_chunks, 0) AS n_chunks,
        coalesce(n_chunks, 0) = 0 OR embedded_content.content_id IS NOT NULL AS is_embedded
    FROM file
    JOIN collection USING (collection_id)
    LEFT JOIN content USING (content_id)
    LEFT JOIN embedded_content ON embedded_content.content_id = file.content_id
        AND embedded_content.embedding_key = collection.embedding_key
    WHERE deleted_at IS NULL
)
SELECT
    collection_id,
    count(*) AS n_files,
    sum(is_pending AND NOT is_away) AS n_pending,
    sum(is_away) AS n_away,
    sum(is_found) AS n_searchable,
    sum(is_found AND is_embedded AND NOT is_pending) AS n_ready,
    sum(is_skipped) AS n_skipped,
    sum(is_found AND is_partly) AS n_partly,
    sum(is_found * n_pages) AS n_pages,
    sum(is_found * n_chunks) AS n_chunks,
    sum(is_found * n_chunks * is_embedded) AS n_embedded,
    sum(is_pending * NOT is_away * size_bytes) AS pending_bytes
FROM state GROUP BY collection_id
"""


_PASSING = tuple(
    f'{{"code":"{code.value}"'
    for code in (
        ErrorCode.DOCUMENT_IN_CLOUD,
        ErrorCode.DOCUMENT_UNREADABLE,
        ErrorCode.DOCUMENT_MISSING,
    )
)
"""How failures begin, as they are stored, that may be over though the file is the same."""


@dataclass(frozen=True, slots=True)
class _Change:
    statement: str
    values: tuple[str | int, ...]
    is_pending: bool = False
    is_found_again: bool = False


def _change(collection_id: str, seen: SeenFile, row: Row | None) -> _Change | None:
    """Give what is to be written about a file that was seen; None if all is as it was."""
    failure = failure_text(seen.failure)
    is_same = row is not None and (row["size_bytes"], row["modified_ns"]) == (
        seen.size_bytes,
        seen.modified_ns,
    )
    if row is None:
        return _Change(
            "INSERT INTO file (collection_id, path, size_bytes, modified_ns, failure, is_pending)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                collection_id,
                path_text(seen.path),
                seen.size_bytes,
                seen.modified_ns,
                failure,
                not failure,
            ),
            is_pending=not failure,
        )
    # Whatever kept it from being opened may be over.
    is_tried_again = not is_same or (not failure and row["failure"].startswith(_PASSING))
    failure = failure if is_tried_again or failure else row["failure"]
    if not is_tried_again and row["failure"] == failure and not row["is_away"]:
        return None
    is_pending = not failure and (is_tried_again or bool(row["is_pending"]))
    return _Change(
        "UPDATE file SET size_bytes = ?, modified_ns = ?, failure = ?, is_pending = ?,"
        " is_away = 0 WHERE file_id = ?",
        (seen.size_bytes, seen.modified_ns, failure, is_pending, row["file_id"]),
        is_pending=is_pending,
        is_found_again=bool(row["is_away"]),
    )


def _for_each(connection: sqlite3.Connection, statement: str, ids: Iterable[int]) -> None:
    connection.executemany(statement, [(one,) for one in ids])
