"""Vectors are found exactly in small numbers, and as well as exactly in large ones."""

from pathlib import Path

import numpy as np
import pytest

from app.core.documents.embedding_model import BUILT_IN_KEY
from app.store import vector_search
from app.store.document_contents import NewVectors
from app.store.document_search import DocumentSearch
from app.store.search_scope import scope_of
from app.store.vector_search import ContentChunks, Floats, VectorSearch
from tests.retrieval_rig import DocumentRig

N_DIMENSIONS = 100


def unit(random: np.random.Generator, *around: Floats) -> Floats:
    vector = random.standard_normal(N_DIMENSIONS).astype(np.float32)
    for one in around:
        vector = vector * 0.3 + one * N_DIMENSIONS**0.5
    result: Floats = vector / np.float32(np.linalg.norm(vector))
    return result


class Vectors:
    """A collection of one-chunk documents with known vectors."""

    def __init__(self, folder: Path, n: int) -> None:
        self.random = np.random.default_rng(7)
        self.rig = DocumentRig(folder)
        self.rig.add_collection("all")
        self.centres = [unit(self.random) for _ in range(10)]
        self.n = 0
        self.add(n)

    def add(self, n: int) -> None:
        made: dict[bytes, bytes] = {}
        for _ in range(n):
            self.n += 1
            self.rig.add("all", f"{self.n}.txt", f"Sentence number {self.n}.")
        for row in self.rig.database.read("SELECT digest FROM chunk"):
            centre = self.centres[len(made) % 10]
            made[row["digest"]] = unit(self.random, centre).astype(np.float16).tobytes()
        self.rig.index.contents.keep_vectors(NewVectors(BUILT_IN_KEY, tuple(made.items()), ()))

    def refresh(self, search: VectorSearch) -> None:
        search.refresh(self.rig.database, scope_of(self.rig.database, ["all"]).chunks)

    def exact(self, query: Floats, limit: int) -> list[int]:
        rows = self.rig.database.read(
            "SELECT chunk_id, vector FROM chunk JOIN vector USING (digest)"
        )
        cosines = {
            row["chunk_id"]: float(np.frombuffer(row["vector"], np.float16) @ query)
            for row in rows
        }
        return sorted(cosines, key=lambda one: -cosines[one])[:limit]


@pytest.mark.parametrize("kept", [vector_search.MAX_IN_MEMORY, 50])
def test_the_nearest_are_found(kept: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = Vectors(tmp_path, 300)
    for many in (vector_search.MANY, 100):
        monkeypatch.setattr(vector_search, "MANY", many)
        monkeypatch.setattr(vector_search, "N_RESCORED", 120)
        search = VectorSearch(BUILT_IN_KEY, kept)
        vectors.refresh(search)
        assert len(search) == 300
        for centre in vectors.centres[:5]:
            query = unit(vectors.random, centre)
            found = search.find(vectors.rig.database, query, 10)
            assert set(found) == set(vectors.exact(query, 10))
    vectors.rig.database.close()


def test_only_what_is_new_is_read(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path, 5)
    search = VectorSearch(BUILT_IN_KEY)
    vectors.refresh(search)
    vectors.add(3)
    vectors.refresh(search)
    assert len(search) == 8
    vectors.refresh(search)
    assert len(search) == 8
    scope = scope_of(vectors.rig.database, ["all"])
    only = np.asarray(sorted(scope.files)[-2:], np.int64)
    found = search.find(vectors.rig.database, vectors.centres[0], 5, only)
    assert len(found) == 2
    ids, rows = search.vectors_of(vectors.rig.database, list(found))
    assert sorted(found) == ids
    assert rows.shape == (2, N_DIMENSIONS)
    vectors.rig.database.close()


def nearest_ids(vectors: Vectors, search: VectorSearch) -> list[int]:
    """Give the chunks that have been read, once for each vector that is held."""
    found = search.find(vectors.rig.database, vectors.centres[0], 100)
    assert len(found) == len(search), "a chunk is held twice"
    return sorted(found)


@pytest.mark.parametrize(("n_contents", "n_chunks"), [(2, 100), (100, 2)])
def test_a_refresh_in_steps_reads_some_contents_in_each(
    n_contents: int, n_chunks: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_search, "READ_AT_ONCE", n_contents)
    vectors = Vectors(tmp_path, 5)
    chunks = scope_of(vectors.rig.database, ["all"]).chunks
    search = VectorSearch(BUILT_IN_KEY)
    steps = search.refresh_in_steps(vectors.rig.database, chunks, n_chunks)
    assert [len(search) for _ in steps] == [2, 4, 5]
    assert list(search.refresh_in_steps(vectors.rig.database, chunks)) == []
    assert len(nearest_ids(vectors, search)) == 5
    vectors.rig.database.close()


def test_between_two_steps_all_may_be_refreshed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_search, "READ_AT_ONCE", 2)
    vectors = Vectors(tmp_path, 6)
    search = VectorSearch(BUILT_IN_KEY)
    chunks = scope_of(vectors.rig.database, ["all"]).chunks
    steps = search.refresh_in_steps(vectors.rig.database, chunks)
    next(steps)
    vectors.add(1)
    vectors.refresh(search)
    assert len(search) == 7
    assert list(steps) == []
    assert len(nearest_ids(vectors, search)) == 7
    vectors.rig.database.close()


def test_what_was_forgotten_between_two_steps_for_want_of_room_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_search, "READ_AT_ONCE", 2)
    vectors = Vectors(tmp_path, 6)
    search = VectorSearch(BUILT_IN_KEY, max_in_memory=1)
    chunks = scope_of(vectors.rig.database, ["all"]).chunks
    steps = search.refresh_in_steps(vectors.rig.database, chunks)
    next(steps)
    search.refresh(vectors.rig.database, chunks[:1])
    assert nearest_ids(vectors, search) == [chunks[0].first]
    assert list(steps) == []
    assert nearest_ids(vectors, search) == [chunks[0].first]
    vectors.rig.database.close()


def test_contents_with_as_many_chunks_as_before_are_read_again_at_once(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path, 1)
    search = VectorSearch(BUILT_IN_KEY)
    vectors.refresh(search)
    (one,) = scope_of(vectors.rig.database, ["all"]).chunks
    with vectors.rig.database.write() as connection:
        connection.execute("UPDATE chunk SET chunk_id = 900")
    search.refresh(vectors.rig.database, [ContentChunks(one.content_id, 900, 1)])
    assert nearest_ids(vectors, search) == [900]
    vectors.rig.database.close()


def test_a_preparation_reads_vectors_in_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_search, "READ_AT_ONCE", 2)
    vectors = Vectors(tmp_path, 5)
    scope = scope_of(vectors.rig.database, ["all"])
    search = DocumentSearch(vectors.rig.database)
    held = [len(search._vectors.get(BUILT_IN_KEY, ())) for _ in search.prepare(scope)]
    # The first step is that of the names.
    assert held == [0, 2, 4, 5]
    vectors.rig.database.close()


def test_vectors_of_another_size_are_not_compared(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path, 3)
    search = VectorSearch(BUILT_IN_KEY)
    vectors.refresh(search)
    assert search.find(vectors.rig.database, np.ones(7, np.float32), 3) == {}
    vectors.rig.database.close()
