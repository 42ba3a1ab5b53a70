"""The index of words: which chunks hold the words of a question, best first.

FTS5 holds terms made by `app.core.documents.search_terms`, so that it works in every script and
no text of a user is ever search syntax. Chunks are scored by BM25, as FTS5 computes it.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.core.documents.ranking import TermCounts
from app.core.documents.search_terms import TERMS_VERSION, compound_pieces_of, terms_of
from app.store.database import Database, Row
from app.store.vector_search import ContentChunks

SCHEMA = """
CREATE VIRTUAL TABLE chunk_search USING fts5 (words, heads, pieces, tokenize = 'ascii')
"""
"""As in the first migration. The terms are kept beside the index (a third of its size), so that a
chunk can be taken out without making its terms anew, perhaps by other rules."""
VOCABULARY_SCHEMA = "CREATE VIRTUAL TABLE chunk_vocabulary USING fts5vocab (chunk_search, 'row')"

_BEST = """
    SELECT rowid AS chunk_id, -bm25(chunk_search, 1.0, 1.0, 0.15) AS score FROM chunk_search
    WHERE chunk_search MATCH ? ORDER BY score DESC, rowid LIMIT ?
"""

MANY_ROWS = 2_000
"""Read at first, as often only some of the chunks may be found."""


@dataclass(frozen=True, slots=True)
class SearchRow:
    """What a chunk is found by.

    Attributes:
        language: of its document, ISO 639-1; empty when it is not known.
        title: of its document.
    """

    chunk_id: int
    text: str
    heading_path: tuple[str, ...] = ()
    header: str = ""
    language: str = ""
    title: str = ""


def add(connection: sqlite3.Connection, rows: Iterable[SearchRow]) -> None:
    """Put chunks into the index, within the transaction of the caller."""
    connection.executemany(
        "INSERT INTO chunk_search (rowid, words, heads, pieces) VALUES (?, ?, ?, ?)",
        (_values(row) for row in rows),
    )


def remove(connection: sqlite3.Connection, chunk_ids: Sequence[int]) -> None:
    """Take chunks out of the index; those that are not in it do no harm."""
    connection.executemany(
        "DELETE FROM chunk_search WHERE rowid = ?", [(one,) for one in chunk_ids]
    )


def rebuild(connection: sqlite3.Connection) -> None:
    """Make the index anew from the chunks, after damage or a change of `TERMS_VERSION`."""
    connection.execute("DELETE FROM chunk_search")
    rows = connection.execute(
        "SELECT chunk_id, text, heading_path, header, language, title"
        " FROM chunk JOIN content USING (content_id)"
    )
    for row in rows:
        one = SearchRow(row[0], row[1], tuple(json.loads(row[2])), row[3], row[4], row[5])
        add(connection, [one])


def merge(connection: sqlite3.Connection) -> None:
    """Leave nothing of removed chunks in the index, and make it as small and fast as it gets."""
    connection.execute("INSERT INTO chunk_search (chunk_search) VALUES ('optimize')")


def _values(row: SearchRow) -> tuple[int, str, str, str]:
    above = [one for one in (row.title, *row.heading_path) if one and not row.text.startswith(one)]
    return (
        row.chunk_id,
        " ".join(terms_of(row.text, row.language)),
        " ".join(terms_of("\n".join([*above, row.header]), row.language)),
        " ".join(compound_pieces_of(row.text, row.language)),
    )


def find(
    database: Database,
    terms: Sequence[str],
    pieces: Sequence[str],
    limit: int,
    is_wanted: Callable[[int], bool],
) -> dict[int, float]:
    """Give the chunks that hold any of the terms best, and their scores.

    Args:
        database: joined.
        terms: as `search_terms` makes them; whatever they hold, they are never search syntax.
        pieces: of compounds.
        limit: how many at most.
        is_wanted: tells by its id whether a chunk may be found.
    """
    parts = [
        f"{{{columns}}} : ({' OR '.join(_quoted(one) for one in asked)})"
        for columns, asked in (("words heads", terms), ("pieces", pieces))
        if asked
    ]
    if not parts:
        return {}
    wanted: list[Row] = []
    for n_rows in (MANY_ROWS, -1):
        rows = database.read(_BEST, (" OR ".join(parts), n_rows))
        wanted = [row for row in rows if is_wanted(int(row["chunk_id"]))]
        if len(wanted) >= limit or len(rows) < n_rows:
            break
    return {int(row["chunk_id"]): float(row["score"]) for row in wanted[:limit]}


def terms_beginning(database: Database, letters: str, limit: int) -> list[str]:
    """Give terms of the index that begin with some letters, in their order, at most so many."""
    rows = database.read(
        "SELECT term FROM chunk_vocabulary WHERE term >= ? AND term < ? LIMIT ?",
        (letters, letters[:-1] + chr(ord(letters[-1]) + 1), limit),
    )
    return [str(row["term"]) for row in rows]


def find_within(database: Database, term: str, chunks: ContentChunks) -> list[int]:
    """Give the chunks of a content that hold a term, in the order of their ids."""
    rows = database.read(
        "SELECT rowid AS chunk_id FROM chunk_search WHERE chunk_search MATCH ?"
        " AND rowid BETWEEN ? AND ?",
        (f"{{words heads}} : {_quoted(term)}", chunks.first, chunks.first + chunks.count - 1),
    )
    return [int(row["chunk_id"]) for row in rows]


def _quoted(term: str) -> str:
    return '"' + term.replace('"', "") + '"'


def n_chunks_with(database: Database, terms: Iterable[str]) -> dict[str, int]:
    """Give how many chunks hold each term; terms that none holds are left out."""
    rows = database.read(
        "SELECT term, doc FROM json_each(?) JOIN chunk_vocabulary ON term = value",
        (json.dumps(list(terms)),),
    )
    return {str(row["term"]): int(row["doc"]) for row in rows}


def terms_in(database: Database, chunk_ids: Iterable[int]) -> dict[int, TermCounts]:
    """Give the terms of chunks that are in the index."""
    rows = database.read(
        "SELECT rowid AS chunk_id, words, heads, pieces FROM chunk_search"
        " WHERE rowid IN (SELECT value FROM json_each(?))",
        (json.dumps(list(chunk_ids)),),
    )
    return {
        int(row["chunk_id"]): TermCounts.of(row["words"], row["heads"], row["pieces"])
        for row in rows
    }


__all__ = [
    "SCHEMA",
    "TERMS_VERSION",
    "VOCABULARY_SCHEMA",
    "SearchRow",
    "add",
    "find",
    "find_within",
    "merge",
    "n_chunks_with",
    "rebuild",
    "remove",
    "terms_beginning",
    "terms_in",
]
