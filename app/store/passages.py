"""Makes passages of chunks that were found: neighbours joined, with their place in a file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.documents.evidence import DocumentPlace, Passage
from app.core.documents.ranking import Scores
from app.core.documents.text import Span
from app.store.database import Database
from app.store.document_rows import spans_of
from app.store.search_scope import Scope, SearchedFile

MAX_JOINED = 3
"""Chunks that are joined to one passage at most."""

_CHUNKS = """
    SELECT chunk_id, content_id, position, spans, heading_path, header, text
    FROM chunk WHERE chunk_id IN (SELECT value FROM json_each(?)) ORDER BY chunk_id
"""


@dataclass(frozen=True, slots=True)
class _Chunk:
    chunk_id: int
    content_id: int
    position: int
    spans: tuple[Span, ...]
    heading_path: tuple[str, ...]
    header: str
    text: str


def passages_of(
    database: Database, scope: Scope, chunk_ids: Sequence[int], scores: Scores
) -> tuple[Passage, ...]:
    """Give passages of the best chunks, best first.

    Args:
        database: joined.
        scope: that the chunks are of.
        chunk_ids: best first; those that are out of scope by now are left out.
        scores: of the chunks.
    """
    chunks = _read(database, chunk_ids)
    runs = _runs([one for one in chunks if one.content_id in scope.files])
    labels = _labels(database, [run[0] for run in runs])
    made = [_passage(scope.files[run[0].content_id], run, scores, labels) for run in runs]
    return tuple(sorted(made, key=lambda one: (-one.score, one.order)))


def all_passages(database: Database, scope: Scope, scores: Scores) -> tuple[Passage, ...]:
    """Give all text of a scope as passages, those that were found best first."""
    ids = [
        chunk_id
        for one in scope.files.values()
        for chunk_id in range(one.chunks.first, one.chunks.first + one.chunks.count)
    ]
    least = min(scores.values(), default=0.0) - 1.0
    known = {chunk_id: scores.get(chunk_id, least) for chunk_id in ids}
    return passages_of(database, scope, ids, known)


def n_characters(database: Database, scope: Scope, limit: int) -> int:
    """Count the characters of a scope; those of large ones, only until it is plain."""
    if scope.n_chunks > max(8, limit // 100):
        return limit + 1
    contents = json.dumps(list(scope.files))
    rows = database.read(
        "SELECT coalesce(sum(length(text)), 0) FROM chunk"
        " WHERE content_id IN (SELECT value FROM json_each(?))",
        (contents,),
    )
    return int(rows[0][0])


def _read(database: Database, chunk_ids: Sequence[int]) -> list[_Chunk]:
    return [
        _Chunk(
            row["chunk_id"],
            row["content_id"],
            row["position"],
            spans_of(row["spans"]),
            tuple(json.loads(row["heading_path"])),
            row["header"],
            row["text"],
        )
        for row in database.read(_CHUNKS, (json.dumps(list(chunk_ids)),))
    ]


def _runs(chunks: Sequence[_Chunk]) -> list[list[_Chunk]]:
    """Put chunks together that follow each other in a document."""
    runs: list[list[_Chunk]] = []
    for chunk in chunks:
        last = runs[-1][-1] if runs else None
        follows = (
            last is not None
            and last.content_id == chunk.content_id
            and last.position + 1 == chunk.position
            and last.heading_path[:1] == chunk.heading_path[:1]
        )
        if follows and len(runs[-1]) < MAX_JOINED:
            runs[-1].append(chunk)
        else:
            runs.append([chunk])
    return runs


def _labels(database: Database, chunks: Sequence[_Chunk]) -> Mapping[tuple[int, int], str]:
    """Give how the documents name the pages on which chunks begin."""
    contents = json.dumps(sorted({one.content_id for one in chunks}))
    rows = database.read(
        "SELECT content_id, number, label FROM page"
        " WHERE label <> '' AND content_id IN (SELECT value FROM json_each(?))",
        (contents,),
    )
    return {(row["content_id"], row["number"]): row["label"] for row in rows}


def _passage(
    file: SearchedFile,
    run: Sequence[_Chunk],
    scores: Scores,
    labels: Mapping[tuple[int, int], str],
) -> Passage:
    first = run[0]
    spans = tuple(span for chunk in run for span in chunk.spans)
    label = labels.get((first.content_id, spans[0].page), "") if spans else ""
    place = DocumentPlace(
        file.file_id, file.path, file.sha256, file.unit, spans, label, first.heading_path
    )
    return Passage(
        place,
        "\n".join(chunk.text for chunk in run),
        max(scores.get(chunk.chunk_id, 0.0) for chunk in run),
        tuple(chunk.chunk_id for chunk in run),
        first.header,
        (file.file_id, first.position),
    )
