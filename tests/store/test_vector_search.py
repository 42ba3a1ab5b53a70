"""Vectors are found exactly in small numbers, and as well as exactly in large ones."""

from pathlib import Path

import numpy as np
import pytest

from app.core.documents.embedding_model import BUILT_IN_KEY
from app.store import vector_search
from app.store.document_contents import NewVectors
from app.store.search_scope import scope_of
from app.store.vector_search import Floats, VectorSearch
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


def test_vectors_of_another_size_are_not_compared(tmp_path: Path) -> None:
    vectors = Vectors(tmp_path, 3)
    search = VectorSearch(BUILT_IN_KEY)
    vectors.refresh(search)
    assert search.find(vectors.rig.database, np.ones(7, np.float32), 3) == {}
    vectors.rig.database.close()
