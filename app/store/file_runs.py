"""Questions that were put to every file of a collection, with the answers so far."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.core.document_events import FileAnswersRequest
from app.core.documents.evidence import AnswerMode, FileAnswer
from app.store.conversation_rows import moment_text
from app.store.conversations import utc_now
from app.store.database import Database, Row, storable
from app.store.model_rows import path_of, path_text
from app.store.source_rows import source_of, source_text


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as it is in the database."""

    request: FileAnswersRequest
    is_ended: bool


class FileRuns:
    """Reads and writes runs; the database must be open."""

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._now = now

    def begin(self, request: FileAnswersRequest) -> StoredRun | None:
        """Store a run, or let one that was begun go on; None if its collection is gone."""
        values = (
            request.run_id,
            storable(request.question),
            request.mode.value,
            moment_text(self._now()),
            request.collection_id,
        )
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO file_run"
                " (run_id, collection_id, question, mode, created_at)"
                " SELECT ?1, collection_id, ?2, ?3, ?4 FROM collection"
                " WHERE collection_id = ?5 AND deleted_at IS NULL",
                values,
            )
            connection.execute(
                "UPDATE file_run SET is_ended = 0 WHERE run_id = ?", (request.run_id,)
            )
        return self.find(request.run_id)

    def find(self, run_id: str) -> StoredRun | None:
        """Give a run; None if there is none."""
        rows = self._database.read("SELECT * FROM file_run WHERE run_id = ?", (run_id,))
        return _run_of(rows[0]) if rows else None

    def of_collection(self, collection_id: str) -> list[StoredRun]:
        """Give the runs of a collection, oldest first."""
        query = "SELECT * FROM file_run WHERE collection_id = ? ORDER BY created_at, rowid"
        return [_run_of(row) for row in self._database.read(query, (collection_id,))]

    def unended(self) -> list[StoredRun]:
        """Give the runs that were going on when the program ended."""
        query = "SELECT * FROM file_run WHERE is_ended = 0 ORDER BY created_at, rowid"
        return [_run_of(row) for row in self._database.read(query)]

    def files(self, collection_id: str) -> dict[int, Path]:
        """Give the files of a collection that can be asked, by name."""
        rows = self._database.read(
            "SELECT file_id, path FROM file JOIN content USING (content_id)"
            " WHERE collection_id = ? AND n_chunks > 0 AND is_away = 0",
            (collection_id,),
        )
        files = {int(row["file_id"]): path_of(row["path"]) for row in rows}
        return dict(sorted(files.items(), key=lambda one: _name_key(one[1])))

    def answers(self, run_id: str) -> tuple[FileAnswer, ...]:
        """Give the answers of a run, by file name."""
        rows = self._database.read("SELECT * FROM file_answer WHERE run_id = ?", (run_id,))
        found = [
            FileAnswer(
                row["file_id"],
                path_of(row["path"]),
                row["answer"],
                source_of(row["source"]),
                bool(row["is_verified"]),
            )
            for row in rows
        ]
        return tuple(sorted(found, key=lambda one: _name_key(one.path)))

    def keep(self, run_id: str, answer: FileAnswer) -> None:
        """Store an answer; one to a run that is gone is dropped."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO file_answer"
                " (run_id, file_id, path, answer, source, is_verified)"
                " SELECT run_id, ?2, ?3, ?4, ?5, ?6 FROM file_run WHERE run_id = ?1",
                (
                    run_id,
                    answer.file_id,
                    path_text(answer.path),
                    storable(answer.answer),
                    source_text(answer.source),
                    int(answer.is_verified),
                ),
            )

    def end(self, run_id: str) -> None:
        """Note that all files were asked, or that nothing more is wanted."""
        with self._database.write() as connection:
            connection.execute("UPDATE file_run SET is_ended = 1 WHERE run_id = ?", (run_id,))

    def forget(self, run_id: str) -> None:
        """Remove a run with its answers."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM file_run WHERE run_id = ?", (run_id,))


def _run_of(row: Row) -> StoredRun:
    mode = AnswerMode(row["mode"])
    request = FileAnswersRequest(row["run_id"], row["collection_id"], row["question"], mode)
    return StoredRun(request, bool(row["is_ended"]))


def _name_key(path: Path) -> tuple[str, str]:
    return path.name.casefold(), str(path)
