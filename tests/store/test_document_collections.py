"""Collections are kept with what the user decided about them."""

from pathlib import Path

from app.core.document_events import CollectionChangeRequest
from app.store.database import Database
from app.store.document_index import MIGRATIONS, DocumentIndex, document_database


def test_a_database_of_before_offers_could_be_declined_is_brought_up(tmp_path: Path) -> None:
    old = tmp_path / "migrations"
    old.mkdir()
    first = min(MIGRATIONS.glob("*.sql"))
    (old / first.name).write_bytes(first.read_bytes())
    path = tmp_path / "documents.db"
    before = Database(path, old)
    before.open()
    with before.write() as connection:
        connection.execute(
            "INSERT INTO collection (collection_id, name, embedding_key, created_at)"
            " VALUES ('flat', 'Flat', 'm', '2026-01-01T00:00:00+00:00')"
        )
    before.close()
    index = DocumentIndex(document_database(path))
    assert index.open() is None
    (kept,) = index.collections.all()
    assert (kept.name, kept.declined_language) == ("Flat", "")
    index.collections.change(CollectionChangeRequest("flat", declined_language="de"))
    found = index.collections.find("flat")
    assert found is not None
    assert found.declined_language == "de"
    index.close()
