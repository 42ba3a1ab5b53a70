"""Which documents chats are asked from, and what their answers rest on, in the database."""

from collections.abc import Iterable

from app.core.documents.evidence import AnswerSources, ChatDocuments
from app.store.database import Database
from app.store.source_rows import documents_of, documents_text, sources_text


class ChatDocumentsTable:
    """Reads and writes what belongs to chats about documents."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def choose(self, conversation_id: str, documents: ChatDocuments) -> None:
        """Ask a chat from other documents, or from none, from now on."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE conversation SET documents = ? WHERE conversation_id = ?",
                (documents_text(documents), conversation_id),
            )

    def keep_sources(self, answers: Iterable[tuple[str, AnswerSources | None]]) -> None:
        """Keep what some answers rest on, as (turn id, sources)."""
        with self._database.write(durable=False) as connection:
            connection.executemany(
                "UPDATE turn SET sources = ? WHERE turn_id = ?",
                [(sources_text(sources), turn_id) for turn_id, sources in answers],
            )

    def used_ids(self, conversation_id: str | None = None) -> frozenset[str]:
        """Give the ids of the collections that one chat is asked from, or any; hidden ones too."""
        rows = self._database.read(
            "SELECT documents FROM conversation WHERE documents <> ''"
            " AND (conversation_id = :id OR :id IS NULL)",
            {"id": conversation_id},
        )
        return frozenset(
            collection_id
            for row in rows
            for collection_id in documents_of(row["documents"]).collection_ids
        )
