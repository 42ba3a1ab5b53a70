"""Searches vectors by nearness to a question's vector, without a database for it.

The signs of all vectors are held in memory (48 bytes each with 384 dimensions). Where there are
many, candidates are chosen by them and compared exactly: measured, a million take 39 ms and the
best ten are the same. Up to `MAX_IN_MEMORY` vectors are held as well (1.5 kB each); beyond, those
of the candidates are read from the disk.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.store.database import Database

MAX_IN_MEMORY = 200_000
MANY = 20_000
"""From here on candidates are chosen by signs: a product with all vectors takes over 5 ms."""
N_RESCORED = 800
ROWS_AT_ONCE = 20_000
READ_AT_ONCE = 400
"""How many contents or chunks are named in one statement."""
CHUNKS_AT_ONCE = 4_000
"""Chunks whose vectors are read before others are given a turn: some 50 to 100 ms."""

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]

_VECTORS = """
    SELECT chunk_id, content_id, vector FROM chunk JOIN vector USING (digest)
    WHERE embedding_key = ? AND content_id IN (SELECT value FROM json_each(?))
    ORDER BY chunk_id
"""
_SOME = """
    SELECT chunk_id, vector FROM json_each(?) JOIN chunk ON chunk_id = value
    JOIN vector USING (digest) WHERE embedding_key = ?
"""


@dataclass(frozen=True, slots=True)
class ContentChunks:
    """Which chunks a content has: they are numbered without gaps, from `first` on."""

    content_id: int
    first: int
    count: int


class VectorSearch:
    """The vectors of one embedding model; what has changed is read at `refresh`."""

    def __init__(self, embedding_key: str, max_in_memory: int = MAX_IN_MEMORY) -> None:
        self.embedding_key = embedding_key
        self._max_in_memory = max_in_memory
        self._ids: Ints = np.zeros(0, np.int64)
        self._contents: Ints = np.zeros(0, np.int64)
        self._matrix: Floats | None = np.zeros((0, 0), np.float32)
        self._signs: NDArray[np.uint8] = np.zeros((0, 0), np.uint8)
        self._loaded: dict[int, ContentChunks] = {}
        self._counts: dict[int, int] = {}
        self._n_numbers = 0

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def n_bytes(self) -> int:
        """Memory that is taken."""
        matrix = 0 if self._matrix is None else self._matrix.nbytes
        return matrix + self._signs.nbytes + self._ids.nbytes + self._contents.nbytes

    def refresh(self, database: Database, contents: Sequence[ContentChunks]) -> None:
        """Read the vectors that are new and forget those that have been replaced.

        Args:
            database: joined.
            contents: those to be searched; complete ones are never read again, and others that
                were read are kept as long as there is room.
        """
        # Few large pieces: with each, all that is held is copied.
        for _ in self.refresh_in_steps(database, contents, ROWS_AT_ONCE):
            pass

    def refresh_in_steps(
        self,
        database: Database,
        contents: Sequence[ContentChunks],
        chunks_at_once: int = CHUNKS_AT_ONCE,
    ) -> Iterator[None]:
        """Do what `refresh` does, with a pause after some contents.

        What has been read can be searched in a pause, and may be refreshed: what is read then is
        not read again here, nor is what has been replaced or forgotten since.

        Args:
            database: joined.
            contents: as for `refresh`.
            chunks_at_once: how many chunks the contents of one step may have, unless it is one.
        """
        wanted = {one.content_id: one for one in contents}
        is_full = len(self) > self._max_in_memory
        gone = {
            key
            for key, one in self._loaded.items()
            if (key in wanted and wanted[key] != one) or (is_full and key not in wanted)
        }
        partly = [
            key
            for key, one in wanted.items()
            if key in gone or self._counts.get(key, 0) != one.count
        ]
        drop = np.asarray([key for key in (*gone, *partly) if key in self._counts], np.int64)
        if len(drop):
            self._keep(~np.isin(self._contents, drop))
        for key in drop.tolist():
            self._counts.pop(key, None)
        for key in gone:
            del self._loaded[key]
        self._loaded.update(wanted)
        for piece in _pieces_of([wanted[key] for key in partly], chunks_at_once):
            left = [
                one.content_id
                for one in piece
                if one.content_id not in self._counts and self._loaded.get(one.content_id) == one
            ]
            if left:
                self._read(database, left)
                yield

    def find(
        self, database: Database, query: Floats, limit: int, contents: Ints | None = None
    ) -> dict[int, float]:
        """Give the nearest chunks and their cosines.

        Args:
            database: joined.
            query: vector of length 1.
            limit: how many at most.
            contents: sorted ids of those to search in; None for all.
        """
        if not len(self._ids) or query.shape[0] != self._n_dimensions:
            return {}
        mask = None
        if contents is not None and not set(self._counts) <= set(contents.tolist()):
            mask = np.isin(self._contents, contents)
        if self._matrix is not None and len(self._ids) <= MANY:
            return self._nearest(self._ids, self._matrix @ query, limit, mask)
        rows = self._alike(query, max(N_RESCORED, 2 * limit), mask)
        if self._matrix is not None:
            return self._nearest(self._ids[rows], self._matrix[rows] @ query, limit, None)
        ids, vectors = self._rows(database, self._ids[rows])
        return self._nearest(ids, vectors @ query, limit, None)

    def _alike(self, query: Floats, n_rows: int, mask: NDArray[np.bool_] | None) -> Ints:
        """Give the rows whose signs differ least from those of a vector."""
        words = self._signs.view(np.uint64)
        wanted = _signs_of(query[np.newaxis, :]).view(np.uint64)
        distances = np.bitwise_count(words ^ wanted).sum(axis=1, dtype=np.uint16)
        if mask is not None:
            distances[~mask] = np.iinfo(np.uint16).max
        n_rows = min(n_rows, len(distances) if mask is None else int(mask.sum()))
        if not n_rows:
            return np.zeros(0, np.int64)
        return np.argpartition(distances, n_rows - 1)[:n_rows].astype(np.int64)

    def vectors_of(self, database: Database, chunk_ids: Sequence[int]) -> tuple[list[int], Floats]:
        """Give the vectors of chunks that have one, in the order of their ids."""
        wanted = np.asarray(sorted(chunk_ids), np.int64)
        if self._matrix is None:
            ids, vectors = self._rows(database, wanted)
            return ids.tolist(), vectors
        order = np.flatnonzero(np.isin(self._ids, wanted))
        return self._ids[order].tolist(), self._matrix[order]

    def which(self, chunk_ids: Iterable[int]) -> set[int]:
        """Give those of some chunks that have a vector."""
        wanted = np.asarray(list(chunk_ids), np.int64)
        return set(self._ids[np.isin(self._ids, wanted)].tolist())

    @property
    def _n_dimensions(self) -> int:
        return self._n_numbers

    def _keep(self, mask: NDArray[np.bool_]) -> None:
        self._ids, self._contents = self._ids[mask], self._contents[mask]
        if self._matrix is not None:
            self._matrix = self._matrix[mask]
        self._signs = self._signs[mask]

    def _read(self, database: Database, contents: list[int]) -> None:
        rows = database.read(_VECTORS, (self.embedding_key, json.dumps(contents)))
        rows = [row for row in rows if len(row["vector"]) == len(rows[0]["vector"])]
        for start in range(0, len(rows), ROWS_AT_ONCE):
            part = rows[start : start + ROWS_AT_ONCE]
            vectors = _matrix_of([bytes(row["vector"]) for row in part])
            if len(self._ids) and vectors.shape[1] != self._n_dimensions:
                return  # Of a model that has been replaced under the same name.
            self._append(
                np.asarray([row["chunk_id"] for row in part], np.int64),
                np.asarray([row["content_id"] for row in part], np.int64),
                vectors,
            )

    def _append(self, ids: Ints, contents: Ints, vectors: Floats) -> None:
        is_first = not len(self._ids)
        self._n_numbers = int(vectors.shape[1])
        signs = _signs_of(vectors)
        self._ids = np.concatenate([self._ids, ids])
        self._contents = np.concatenate([self._contents, contents])
        found, counts = np.unique(contents, return_counts=True)
        for key, count in zip(found.tolist(), counts.tolist(), strict=True):
            self._counts[key] = self._counts.get(key, 0) + count
        self._signs = signs if is_first else np.concatenate([self._signs, signs])
        if len(self._ids) > self._max_in_memory:
            self._matrix = None
        elif self._matrix is not None:
            self._matrix = vectors if is_first else np.concatenate([self._matrix, vectors])

    def _rows(self, database: Database, ids: Ints) -> tuple[Ints, Floats]:
        rows = database.read(_SOME, (json.dumps(ids.tolist()), self.embedding_key))
        if not rows:
            return np.zeros(0, np.int64), np.zeros((0, self._n_dimensions), np.float32)
        rows.sort(key=lambda row: int(row["chunk_id"]))
        found = np.asarray([row["chunk_id"] for row in rows], np.int64)
        return found, _matrix_of([bytes(row["vector"]) for row in rows])

    @staticmethod
    def _nearest(
        ids: Ints, cosines: Floats, limit: int, mask: NDArray[np.bool_] | None
    ) -> dict[int, float]:
        if mask is not None:
            ids, cosines = ids[mask], cosines[mask]
        n = min(limit, len(ids))
        if not n:
            return {}
        chosen = np.argpartition(-cosines, n - 1)[:n]
        return {int(ids[one]): float(cosines[one]) for one in chosen}


def _pieces_of(
    contents: Sequence[ContentChunks], chunks_at_once: int
) -> Iterator[list[ContentChunks]]:
    """Cut contents into pieces of `READ_AT_ONCE` at most, and of so many chunks."""
    piece: list[ContentChunks] = []
    n_chunks = 0
    for one in contents:
        if piece and (len(piece) == READ_AT_ONCE or n_chunks + one.count > chunks_at_once):
            yield piece
            piece, n_chunks = [], 0
        piece.append(one)
        n_chunks += one.count
    if piece:
        yield piece


def _matrix_of(blobs: Sequence[bytes]) -> Floats:
    vectors = np.frombuffer(b"".join(blobs), np.float16).astype(np.float32)
    matrix: Floats = vectors.reshape(len(blobs), -1)
    return matrix


def _signs_of(vectors: Floats) -> NDArray[np.uint8]:
    """Give one bit for each number, filled up to whole words of 64 bits."""
    bits = np.packbits(vectors > 0, axis=1)
    return np.ascontiguousarray(np.pad(bits, ((0, 0), (0, -bits.shape[1] % 8))))
