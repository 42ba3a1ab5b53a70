"""The database of documents: opened, mended, and everything that is kept in it."""

import contextlib
import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.core.errors import ErrorCode, Failure, WorldError
from app.core.errors import Facts as FailureFacts
from app.store import chunk_search
from app.store.conversations import utc_now
from app.store.database import Database, Upkeep
from app.store.document_collections import DocumentCollections
from app.store.document_contents import DocumentContents
from app.store.document_files import DocumentFiles

_LOG = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).with_name("document_migrations")
CHECK_LIMIT_BYTES = 64 * 2**20
"""Files up to here are checked at each start: 0.3 s."""
COMPACT_BYTES = 8 * 2**20
"""Room that deleted texts must have left before the file is written anew: 1 s for 100 MB."""
_TERMS_VERSION = "terms_version"
_SALVAGED = {
    "collection": "collection_id, name, embedding_key, ignored, is_paused, is_attachment,"
    " created_at, deleted_at",
    "source": "collection_id, position, path",
}
"""What cannot be made anew from the user's files."""


def document_database(path: Path) -> Database:
    """Give the database of documents, not yet open."""
    upkeep = Upkeep(chunk_search.merge, _rebuild, False, CHECK_LIMIT_BYTES)
    return Database(path, MIGRATIONS, upkeep)


def _rebuild(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TABLE IF EXISTS chunk_vocabulary")
    connection.execute("DROP TABLE IF EXISTS chunk_search")
    connection.execute(chunk_search.SCHEMA)
    connection.execute(chunk_search.VOCABULARY_SCHEMA)
    chunk_search.rebuild(connection)


class DocumentIndex:
    """Everything that is known of the user's documents.

    Args:
        database: see `document_database`.
        now: the time.
    """

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self.collections = DocumentCollections(database, now)
        self.files = DocumentFiles(database)
        self.contents = DocumentContents(database)

    def open(self) -> Failure | None:
        """Open the database.

        Returns:
            DOCUMENT_INDEX_DAMAGED if it could not be read and was begun anew.

        Raises:
            WorldError: it cannot be opened at all.
        """
        try:
            kept = self._database.open()
            damage = self._salvage(kept) if kept is not None else None
            self._heed_terms()
        except WorldError as error:
            if error.code is not ErrorCode.DATABASE_DAMAGED:
                raise
            damage = self.replace()
        return damage

    def replace(self) -> Failure:
        """Begin anew, as the database turned out to be damaged; collections are kept if possible.

        Returns:
            DOCUMENT_INDEX_DAMAGED, with where the damaged file is.
        """
        return self._salvage(self._database.replace())

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def delete_collection(self, collection_id: str) -> None:
        """Remove a collection for good; contents that nothing else has are dropped apart."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM collection WHERE collection_id = ?", (collection_id,))

    def scrub(self) -> None:
        """Leave nothing of what was deleted on the disk, and give room back to it."""
        self._database.scrub()
        pages, free, size = (
            int(self._database.read(f"PRAGMA {name}")[0][0])
            for name in ("page_count", "freelist_count", "page_size")
        )
        if free * size > COMPACT_BYTES and free * 4 > pages:
            try:
                self._database.read("VACUUM")
            except WorldError as error:
                # It needs as much room again; what was deleted is overwritten all the same.
                _LOG.warning("the index is not made smaller: %s", error.code)
                return
            self._database.read("PRAGMA wal_checkpoint(TRUNCATE)")

    def _heed_terms(self) -> None:
        """Make the index of words anew if it was made by other rules."""
        version = str(chunk_search.TERMS_VERSION)
        rows = self._database.read(
            "SELECT value FROM index_fact WHERE name = ?", (_TERMS_VERSION,)
        )
        if rows and rows[0]["value"] == version:
            return
        with self._database.write(durable=False) as connection:
            if rows:
                _rebuild(connection)
            connection.execute(
                "INSERT OR REPLACE INTO index_fact (name, value) VALUES (?, ?)",
                (_TERMS_VERSION, version),
            )

    def _salvage(self, damaged: Path) -> Failure:
        """Take over what can still be read of collections."""
        rows: dict[str, list[tuple[str | int | None, ...]]] = {}
        try:
            with contextlib.closing(
                sqlite3.connect(f"{damaged.as_uri()}?mode=ro", uri=True)
            ) as old:
                for table, columns in _SALVAGED.items():
                    query = f"SELECT {columns} FROM {table}"  # noqa: S608 - constants
                    rows[table] = old.execute(query).fetchall()
        except sqlite3.Error as error:
            _LOG.warning("collections cannot be read any more: %s", type(error).__name__)
        with self._database.write() as connection:
            for table, columns in _SALVAGED.items():
                marks = ", ".join("?" * (columns.count(",") + 1))
                connection.executemany(
                    f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608
                    rows.get(table, []),
                )
        facts = FailureFacts(path=str(damaged))
        return Failure(ErrorCode.DOCUMENT_INDEX_DAMAGED, facts)
