"""The index of words: which chunks hold the words of a question, best first.

FTS5 holds terms made by `app.core.documents.search_terms`, so that it works in every script and
no text of a user is ever search syntax. Chunks are scored by BM25, as FTS5 computes it.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core.documents.search_terms import (
    TERMS_VERSION,
    compound_pieces_of,
    terms_of,
)

SCHEMA = """
CREATE VIRTUAL TABLE chunk_search USING fts5 (words, heads, pieces, tokenize = 'ascii')
"""
"""Created by the first migration. The terms are kept beside the index (a third of its size), so
that a chunk can be taken out without making its terms anew, perhaps by other rules."""
VOCABULARY_SCHEMA = "CREATE VIRTUAL TABLE chunk_vocabulary USING fts5vocab (chunk_search, 'row')"

COLUMN_WEIGHTS = (1.0, 0.6, 0.25)
"""Of words, of headings and titles, of pieces of compounds."""


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


__all__ = ["SCHEMA", "TERMS_VERSION", "SearchRow", "add", "merge", "rebuild", "remove"]
