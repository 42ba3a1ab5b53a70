"""What is kept of bytes: vectors, by which models and by which rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.documents.embedding_model import BUILT_IN_KEY
from app.store.search_scope import scope_of
from tests.retrieval_rig import DocumentRig

OTHER_KEY = "e5-small-130000"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[DocumentRig]:
    made = DocumentRig(tmp_path)
    made.add_collection("all")
    yield made
    made.database.close()


def test_vectors_by_rules_that_nobody_noted_are_made_anew_but_the_built_in_ones(
    rig: DocumentRig,
) -> None:
    rig.add("all", "a.txt", "The rent is due in May.")
    for key in (BUILT_IN_KEY, OTHER_KEY):
        rig.embed(key, is_complete=True)
        rig.index.contents.heed_rules(key, "rules of today")
    for table in ("vector", "embedded_content"):
        rows = rig.database.read(f"SELECT embedding_key FROM {table}")
        assert [row["embedding_key"] for row in rows] == [BUILT_IN_KEY], table
    rig.embed(OTHER_KEY, is_complete=True)
    rig.index.contents.heed_rules(OTHER_KEY, "rules of today")
    assert len(rig.database.read("SELECT 1 FROM vector")) == 2


def test_one_file_is_searched_with_the_model_that_knows_it(rig: DocumentRig) -> None:
    new = rig.add("all", "new.txt", "The rent is due in May.")
    rig.embed(BUILT_IN_KEY, n_files=1, is_complete=True)
    for number in range(2):
        rig.add("all", f"{number}.txt", f"Paper {number} is about something of its own.")
    rig.embed(OTHER_KEY, is_complete=True)
    with rig.database.write() as connection:
        connection.execute(
            "DELETE FROM embedded_content WHERE embedding_key = ? AND content_id IN"
            " (SELECT content_id FROM file WHERE file_id = ?)",
            (OTHER_KEY, new),
        )
    usable = {BUILT_IN_KEY, OTHER_KEY}
    assert list(scope_of(rig.database, ["all"], new, usable).keys) == [BUILT_IN_KEY]
    assert list(scope_of(rig.database, ["all"], usable=usable).keys) == [OTHER_KEY]
