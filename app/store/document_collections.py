"""The list of collections: their names, places and how they are searched."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from app.core.document_events import CollectionChangeRequest
from app.core.documents.collections import Collection
from app.store.conversation_rows import moment_text
from app.store.conversations import utc_now
from app.store.database import Database, storable
from app.store.document_rows import collection_of
from app.store.document_scan import KnownSource
from app.store.model_rows import path_of, path_text


class DocumentCollections:
    """Reads and writes collections.

    All methods raise what `Database` raises.
    """

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._database, self._now = database, now

    def all(self) -> list[Collection]:
        """Give all collections that are not removed, by name."""
        rows = self._database.read(
            "SELECT * FROM collection WHERE deleted_at IS NULL"
            " ORDER BY folded(name), collection_id"
        )
        sources: dict[str, list[Path]] = {}
        for row in self._database.read(
            "SELECT collection_id, path FROM source ORDER BY collection_id, position"
        ):
            sources.setdefault(row["collection_id"], []).append(path_of(row["path"]))
        return [collection_of(row, tuple(sources.get(row["collection_id"], ()))) for row in rows]

    def find(self, collection_id: str) -> Collection | None:
        """Give one collection; None when there is none, or it was removed."""
        return next((one for one in self.all() if one.collection_id == collection_id), None)

    def create(self, collection: Collection) -> None:
        """Keep a collection; one that is there already stays as it is."""
        with self._database.write() as connection:
            made = connection.execute(
                "INSERT OR IGNORE INTO collection (collection_id, name, embedding_key, ignored,"
                " is_paused, is_attachment, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    collection.collection_id,
                    storable(collection.name),
                    collection.embedding_key,
                    json.dumps(collection.ignored),
                    collection.is_paused,
                    collection.is_attachment,
                    moment_text(self._now()),
                ),
            )
            if made.rowcount:
                connection.executemany(
                    "INSERT OR IGNORE INTO source (collection_id, position, path)"
                    " VALUES (?, ?, ?)",
                    _source_rows(collection.collection_id, collection.sources),
                )

    def change(self, request: CollectionChangeRequest) -> None:
        """Change what the request names."""
        values: dict[str, str | int] = {}
        if request.name is not None:
            values["name"] = storable(request.name)
        if request.ignored is not None:
            values["ignored"] = json.dumps([storable(one) for one in request.ignored])
        if request.embedding_key is not None:
            values["embedding_key"] = request.embedding_key
        if request.is_paused is not None:
            values["is_paused"] = request.is_paused
        if request.declined_language is not None:
            values["declined_language"] = request.declined_language
        key = request.collection_id
        with self._database.write() as connection:
            for column, value in values.items():
                connection.execute(
                    f"UPDATE collection SET {column} = ? WHERE collection_id = ?",  # noqa: S608
                    (value, key),
                )
            if request.sources is not None:
                kept = [path_text(one) for one in request.sources]
                marks = ", ".join("?" * len(kept))
                connection.execute(
                    "DELETE FROM source WHERE collection_id = ?"  # noqa: S608 - only marks
                    f" AND path NOT IN ({marks})",
                    (key, *kept),
                )
                connection.executemany(
                    "INSERT INTO source (collection_id, position, path) VALUES (?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET position = excluded.position",
                    _source_rows(key, request.sources),
                )

    def hide(self, collection_id: str) -> None:
        """Remove a collection so that it can be brought back."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE collection SET deleted_at = ? WHERE collection_id = ?",
                (moment_text(self._now()), collection_id),
            )

    def restore(self, collection_id: str) -> None:
        """Bring a removed collection back."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE collection SET deleted_at = NULL WHERE collection_id = ?",
                (collection_id,),
            )

    def old_attachments(self, kept: Iterable[str], created_before: datetime) -> list[str]:
        """Give the ids of attachments whose chats are gone.

        Args:
            kept: ids of those that a chat has.
            created_before: younger ones are not given: their chat may not be stored yet.
        """
        rows = self._database.read(
            "SELECT collection_id FROM collection WHERE is_attachment = 1 AND created_at < ?"
            " AND collection_id NOT IN (SELECT value FROM json_each(?))",
            (moment_text(created_before), json.dumps(list(kept))),
        )
        return [row["collection_id"] for row in rows]

    def hidden(self) -> list[str]:
        """Give the ids of removed collections that can still be brought back."""
        rows = self._database.read(
            "SELECT collection_id FROM collection WHERE deleted_at IS NOT NULL"
        )
        return [row["collection_id"] for row in rows]

    def known_sources(self, collection_id: str) -> list[KnownSource]:
        """Give the places of a collection, with the disks they were on."""
        rows = self._database.read(
            "SELECT path, device FROM source WHERE collection_id = ? ORDER BY position",
            (collection_id,),
        )
        return [KnownSource(path_of(row["path"]), row["device"]) for row in rows]


def _source_rows(collection_id: str, sources: Iterable[Path]) -> list[tuple[str, int, str]]:
    return [(collection_id, position, path_text(one)) for position, one in enumerate(sources)]
