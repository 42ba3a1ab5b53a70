"""What bytes say: pages, chunks and vectors, shared by all files that have the same bytes."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from app.core.documents.embedding_model import BUILT_IN_KEY
from app.core.documents.text import Chunk
from app.store import chunk_search
from app.store.database import Database, Row
from app.store.document_rows import (
    KINDS_BY_CONTENT,
    DocumentPart,
    ReadDocument,
    StoredPage,
    failure_text,
    spans_of,
    spans_text,
)

_UNFINISHED = "unfinished-"
_HAS_FILE = "content_id IN (SELECT content_id FROM file WHERE content_id IS NOT NULL)"
_BEHIND = """
    SELECT DISTINCT collection_id FROM file JOIN content USING (content_id)
    JOIN collection USING (collection_id)
    LEFT JOIN embedded_content ON embedded_content.content_id = content.content_id
    AND embedded_content.embedding_key = collection.embedding_key
    WHERE is_away = 0 AND n_chunks > 0 AND embedded_content.content_id IS NULL
"""
"""Collections whose model has not made all vectors."""
DROP_CHUNKS = 1000
"""Chunks that are dropped in one transaction, so that nobody waits long for it."""
RESERVED_IDS = 1 << 28
"""Ids set aside for the chunks of a document in parts: more than one can have characters.
Of the 2^63 ids this leaves enough for 2^35 such documents."""


@dataclass(frozen=True, slots=True)
class ChunkToEmbed:
    """A chunk that has no vector yet."""

    digest: bytes
    chunk: Chunk


@dataclass(frozen=True, slots=True)
class NewVectors:
    """Vectors of a batch of chunks.

    Attributes:
        vectors: float16, by the digests of what was embedded.
        completed: contents of which every chunk has its vector now.
    """

    embedding_key: str
    vectors: tuple[tuple[bytes, bytes], ...]
    completed: tuple[int, ...]


class DocumentContents:
    """Reads and writes contents; raises what `Database` raises."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unfinished = set[int]()

    # --- reading ---

    def adopt(self, file_id: int, sha256: str, suffix: str, reader_version: int) -> bool:
        """Let a file have what is known of its bytes; False if that is to be read first.

        Args:
            file_id: of the file.
            sha256: of its bytes.
            suffix: of its name, in lower case and with its dot.
            reader_version: what older readers have read does not count.
        """
        rows = self._database.read(
            "SELECT content_id, suffix, kind, failure FROM content"
            " WHERE sha256 = ? AND reader_version >= ? ORDER BY suffix = ? DESC",
            (sha256, reader_version, suffix),
        )
        found = next((row for row in rows if _fits(row, suffix)), None)
        if found is None:
            return False
        with self._database.write(durable=False) as connection:
            _link(connection, file_id, sha256, found["content_id"])
        return True

    def keep_part(self, part: DocumentPart, unfinished_id: int = 0) -> int:
        """Keep a part of a long document, which is found only once `keep` has kept the rest.

        No file has it until then: what comes to nothing is unused, after a crash too.

        Args:
            part: in the order in which it was read.
            unfinished_id: what this gave for the part before; 0 for the first.

        Returns:
            For the next part, for `keep`, or for `abandon`.
        """
        with self._database.write(durable=False) as connection:
            content_id = unfinished_id or _unfinished_row(connection)
            _insert_pages(connection, content_id, part.pages)
            _insert_chunks(connection, content_id, part, is_part=True)
            # The index of words holds them, so they count among all chunks.
            connection.execute(
                "UPDATE content SET n_chunks = n_chunks + ? WHERE content_id = ?",
                (len(part.chunks), content_id),
            )
        self._unfinished.add(content_id)
        return content_id

    def keep(
        self,
        file_id: int,
        document: ReadDocument,
        reader_version: int,
        unfinished_id: int = 0,
    ) -> None:
        """Keep what was read of a file, all of it or nothing.

        Takes about 0.3 ms a chunk, most of it for the search index.

        Args:
            file_id: of the file.
            document: all of it, or what is left after the parts that were kept.
            reader_version: which has read it.
            unfinished_id: what `keep_part` gave for these parts; 0 if there were none.
        """
        facts = document.facts
        self._unfinished.discard(unfinished_id)
        with self._database.write(durable=False) as connection:
            exists = connection.execute(
                "SELECT 1 FROM file WHERE file_id = ?", (file_id,)
            ).fetchone()
            if exists is None:
                return  # Its collection was removed for good meanwhile.
            content_id = _content_row(connection, document, unfinished_id)
            _insert_pages(connection, content_id, document.pages)
            part = DocumentPart(facts.language if facts else "", (), document.chunks)
            _insert_chunks(connection, content_id, part, facts.title if facts else "")
            _note_facts(connection, content_id, document, reader_version)
            _link(connection, file_id, document.sha256, content_id)

    def abandon(self, unfinished_id: int) -> None:
        """Leave parts of a document to be dropped, as nothing comes of them."""
        self._unfinished.discard(unfinished_id)

    # --- vectors ---

    def to_embed(self, embedding_key: str, n_at_most: int, besides: Iterable[int]) -> list[int]:
        """Give contents that lack vectors of a model: of chats, then small and new ones first.

        Args:
            embedding_key: of the model.
            n_at_most: how many.
            besides: ids of contents that are not wanted.
        """
        passed_over = json.dumps(list(besides))
        rows = self._database.read(
            "SELECT content.content_id AS content_id FROM content"
            " JOIN file USING (content_id) JOIN collection USING (collection_id)"
            " LEFT JOIN embedded_content ON embedded_content.content_id = content.content_id"
            " AND embedded_content.embedding_key = collection.embedding_key"
            " WHERE collection.embedding_key = ?1 AND deleted_at IS NULL AND is_paused = 0"
            " AND is_away = 0 AND n_chunks > 0 AND embedded_content.content_id IS NULL"
            " AND content.content_id NOT IN (SELECT value FROM json_each(?2))"
            " GROUP BY content.content_id"
            " ORDER BY max(is_attachment) DESC, n_chunks / 32, max(modified_ns) DESC,"
            " content.content_id LIMIT ?3",
            (embedding_key, passed_over, n_at_most),
        )
        return [row["content_id"] for row in rows]

    def chunks_to_embed(
        self, content_id: int, embedding_key: str, from_position: int = 0, n_at_most: int = -1
    ) -> list[ChunkToEmbed]:
        """Give chunks of a content that have no vector of a model, in their order.

        Args:
            content_id: of the content.
            embedding_key: of the model.
            from_position: of the first chunk that is wanted.
            n_at_most: how many; -1 for all.
        """
        rows = self._database.read(
            "SELECT position, spans, text, heading_path, header, digest"
            " FROM chunk WHERE content_id = ? AND position >= ? AND NOT EXISTS"
            " (SELECT 1 FROM vector WHERE vector.digest = chunk.digest AND embedding_key = ?)"
            " ORDER BY position LIMIT ?",
            (content_id, from_position, embedding_key, n_at_most),
        )
        return [ChunkToEmbed(row["digest"], _chunk_of(row)) for row in rows]

    def keep_vectors(self, new: NewVectors) -> None:
        """Keep vectors, and which contents are done with them."""
        with self._database.write(durable=False) as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO vector (digest, embedding_key, vector) VALUES (?, ?, ?)",
                [(digest, new.embedding_key, vector) for digest, vector in new.vectors],
            )
            for content_id in new.completed:
                # Only if it is still what it was when its chunks were given out.
                connection.execute(
                    "INSERT OR IGNORE INTO embedded_content (content_id, embedding_key)"
                    " SELECT content_id, ?1 FROM content WHERE content_id = ?2"
                    " AND NOT EXISTS (SELECT 1 FROM chunk WHERE chunk.content_id = ?2"
                    " AND NOT EXISTS (SELECT 1 FROM vector"
                    " WHERE vector.digest = chunk.digest AND vector.embedding_key = ?1))",
                    (new.embedding_key, content_id),
                )

    def heed_rules(self, embedding_key: str, rules: str) -> None:
        """Drop the vectors of a model that were made by other rules than those of today.

        Where no rules are noted, as none once were, only the built-in model's are what they were.

        Args:
            embedding_key: of the model.
            rules: see `passage_rules`.
        """
        name = f"vectors of {embedding_key}"
        rows = self._database.read("SELECT value FROM index_fact WHERE name = ?", (name,))
        if rows and rows[0]["value"] == rules:
            return
        with self._database.write(durable=False) as connection:
            if rows or embedding_key != BUILT_IN_KEY:
                for table in ("vector", "embedded_content"):
                    connection.execute(
                        f"DELETE FROM {table} WHERE embedding_key = ?",  # noqa: S608
                        (embedding_key,),
                    )
            connection.execute(
                "INSERT OR REPLACE INTO index_fact (name, value) VALUES (?, ?)", (name, rules)
            )

    def collections_of(self, content_ids: Iterable[int]) -> set[str]:
        """Give the ids of the collections that have files with these contents."""
        rows = self._database.read(
            "SELECT DISTINCT collection_id FROM file"
            " WHERE content_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(content_ids)),),
        )
        return {row["collection_id"] for row in rows}

    # --- forgetting ---

    def unused(self) -> list[int]:
        """Give the ids of contents that no file has, and is not about to have."""
        rows = self._database.read(f"SELECT content_id FROM content WHERE NOT {_HAS_FILE}")  # noqa: S608
        found = [int(row["content_id"]) for row in rows]
        return [one for one in found if one not in self._unfinished]

    def abandoned(self) -> list[int]:
        """Give the ids of what was kept in parts of documents that came to nothing."""
        rows = self._database.read(
            f"SELECT content_id FROM content WHERE sha256 BETWEEN ? AND ? AND NOT {_HAS_FILE}",  # noqa: S608
            (_UNFINISHED, _UNFINISHED + "~"),
        )
        found = [int(row["content_id"]) for row in rows]
        return [one for one in found if one not in self._unfinished]

    def drop(self, content_id: int) -> bool:
        """Remove some of a content that no file has; say whether nothing of it is left to do."""
        with self._database.write(durable=False) as connection:
            # Nor may a file that comes meanwhile have what is left of it.
            unused = connection.execute(
                f"UPDATE content SET reader_version = 0 WHERE content_id = ? AND NOT {_HAS_FILE}",  # noqa: S608
                (content_id,),
            )
            if not unused.rowcount:
                return True
            is_over = not _remove_chunks(connection, content_id, DROP_CHUNKS)
            if is_over:
                connection.execute("DELETE FROM content WHERE content_id = ?", (content_id,))
        return is_over

    def drop_unused_vectors(self) -> int:
        """Remove vectors that no collection needs; say how many.

        A collection needs those of its model, and while that is not done with all of its
        contents, those of former models too: they are what it is searched with. Takes 1 s for
        100,000.
        """
        with self._database.write(durable=False) as connection:
            rows = connection.execute(_BEHIND)
            behind = json.dumps([row["collection_id"] for row in rows])
            removed = connection.execute(
                "DELETE FROM vector WHERE NOT EXISTS (SELECT 1 FROM chunk"
                " JOIN file USING (content_id) JOIN collection USING (collection_id)"
                " WHERE chunk.digest = vector.digest"
                " AND (collection.embedding_key = vector.embedding_key"
                " OR collection_id IN (SELECT value FROM json_each(?))))",
                (behind,),
            )
            connection.execute(
                "DELETE FROM embedded_content WHERE NOT EXISTS (SELECT 1 FROM file"
                " JOIN collection USING (collection_id)"
                " WHERE file.content_id = embedded_content.content_id"
                " AND (collection.embedding_key = embedded_content.embedding_key"
                " OR collection_id IN (SELECT value FROM json_each(?))))",
                (behind,),
            )
            return removed.rowcount


def _fits(row: Row, suffix: str) -> bool:
    if row["suffix"] == suffix:
        return True
    return not row["failure"] and row["kind"] in KINDS_BY_CONTENT


def _chunk_of(row: Row) -> Chunk:
    return Chunk(
        row["position"],
        spans_of(row["spans"]),
        row["text"],
        tuple(json.loads(row["heading_path"])),
        row["header"],
    )


def _link(connection: sqlite3.Connection, file_id: int, sha256: str, content_id: int) -> None:
    connection.execute(
        "UPDATE file SET sha256 = ?, content_id = ?, failure = '', is_pending = 0"
        " WHERE file_id = ?",
        (sha256, content_id, file_id),
    )


def _unfinished_row(connection: sqlite3.Connection) -> int:
    """Make a row for a document that is not read to its end, by a name that is nobody's hash."""
    made = connection.execute(
        "INSERT INTO content (sha256, suffix, kind, reader_version)"
        " VALUES (? || hex(randomblob(16)), '', '', 0)",
        (_UNFINISHED,),
    )
    return int(made.lastrowid or 0)


def _content_row(
    connection: sqlite3.Connection, document: ReadDocument, unfinished_id: int
) -> int:
    """Give the row for a document: that of its parts, or its own, emptied if it has one."""
    key = (document.sha256, document.suffix)
    earlier = connection.execute(
        "SELECT content_id FROM content WHERE sha256 = ? AND suffix = ?", key
    ).fetchone()
    if unfinished_id:
        if earlier is not None:
            _leave(connection, int(earlier["content_id"]), unfinished_id)
        connection.execute(
            "UPDATE content SET sha256 = ?, suffix = ? WHERE content_id = ?", (*key, unfinished_id)
        )
        return unfinished_id
    if earlier is None:
        made = connection.execute(
            "INSERT INTO content (sha256, suffix, kind, reader_version) VALUES (?, ?, '', 0)", key
        )
        return int(made.lastrowid or 0)
    content_id = int(earlier["content_id"])
    _remove_chunks(connection, content_id)
    connection.execute("DELETE FROM page WHERE content_id = ?", (content_id,))
    connection.execute("DELETE FROM embedded_content WHERE content_id = ?", (content_id,))
    return content_id


def _leave(connection: sqlite3.Connection, old_id: int, new_id: int) -> None:
    """Let the files of a content have another one; nobody needs it any more."""
    connection.execute("UPDATE file SET content_id = ? WHERE content_id = ?", (new_id, old_id))
    connection.execute(
        "UPDATE content SET sha256 = 'replaced-' || hex(randomblob(16)) WHERE content_id = ?",
        (old_id,),
    )


def _note_facts(
    connection: sqlite3.Connection, content_id: int, document: ReadDocument, reader_version: int
) -> None:
    """Note what is known of a document once all of it is kept."""
    facts = document.facts
    connection.execute(
        "UPDATE content SET kind = ?, reader_version = ?, unit = ?, title = ?, language = ?,"
        " n_pages = ?, pages_without_text = ?, needs_ocr = ?, failure = ?,"
        " n_chunks = (SELECT count(*) FROM chunk WHERE chunk.content_id = content.content_id)"
        " WHERE content_id = ?",
        (
            facts.kind.value if facts else "",
            reader_version,
            facts.unit.value if facts else "page",
            facts.title if facts else "",
            facts.language if facts else "",
            facts.n_pages if facts else 0,
            json.dumps(facts.pages_without_text if facts else ()),
            facts.needs_ocr if facts else 0,
            failure_text(document.failure, is_shared=True),
            content_id,
        ),
    )


def _insert_pages(
    connection: sqlite3.Connection, content_id: int, pages: Iterable[StoredPage]
) -> None:
    connection.executemany(
        "INSERT INTO page (content_id, number, label, source, text, word_boxes)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            (content_id, page.number, page.label, page.source, page.text, page.word_boxes)
            for page in pages
        ),
    )


def _first_id(connection: sqlite3.Connection, content_id: int, *, is_part: bool) -> int:
    """Give the id of the first chunk of a content: all of its chunks have ids without gaps."""
    kept = connection.execute(
        "SELECT chunk_id - position AS first FROM chunk WHERE content_id = ? LIMIT 1",
        (content_id,),
    ).fetchone()
    if kept is not None:
        return int(kept["first"])
    used = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'chunk'").fetchone()
    first = 1 + (int(used["seq"]) if used is not None else 0)
    if is_part:
        # Other documents may be kept before the next part is.
        last = first + RESERVED_IDS - 1
        if used is None:
            connection.execute("INSERT INTO sqlite_sequence VALUES ('chunk', ?)", (last,))
        connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'chunk'", (last,))
    return first


def _insert_chunks(
    connection: sqlite3.Connection,
    content_id: int,
    part: DocumentPart,
    title: str = "",
    *,
    is_part: bool = False,
) -> None:
    if not part.chunks:
        return
    first = _first_id(connection, content_id, is_part=is_part)
    for chunk, digest in part.chunks:
        chunk_id = first + chunk.position
        connection.execute(
            "INSERT INTO chunk"
            " (chunk_id, content_id, position, spans, heading_path, header, text, digest)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                chunk_id,
                content_id,
                chunk.position,
                spans_text(chunk.spans),
                json.dumps(chunk.heading_path),
                chunk.header,
                chunk.text,
                digest,
            ),
        )
        row = chunk_search.SearchRow(
            chunk_id,
            chunk.text,
            chunk.heading_path,
            chunk.header,
            part.language,
            title,
        )
        chunk_search.add(connection, [row])


def _remove_chunks(connection: sqlite3.Connection, content_id: int, n_at_most: int = -1) -> bool:
    """Remove chunks of a content, all or some; say whether there may be more."""
    rows = connection.execute(
        "SELECT chunk_id FROM chunk WHERE content_id = ? LIMIT ?", (content_id, n_at_most)
    )
    ids = [int(row["chunk_id"]) for row in rows]
    chunk_search.remove(connection, ids)
    connection.executemany("DELETE FROM chunk WHERE chunk_id = ?", [(one,) for one in ids])
    return len(ids) == n_at_most
