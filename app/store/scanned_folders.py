"""Which folders were looked into for models, and which of them the user named."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.core.origin import Program
from app.store.conversation_rows import moment_text
from app.store.conversations import utc_now
from app.store.database import Database
from app.store.model_rows import path_of, path_text


@dataclass(frozen=True, slots=True)
class ScannedFolder:
    """A folder that is looked into.

    Attributes:
        is_named: by the user; otherwise it is one of a program's own.
        was_there: at some time.
    """

    path: Path
    program: Program
    is_named: bool
    was_there: bool


class ScannedFolders:
    """Reads and writes the list of folders."""

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._now = now

    def all(self) -> list[ScannedFolder]:
        """Give all folders, in the order of their first mention."""
        rows = self._database.read(
            "SELECT path, program, is_named_by_user, seen_at FROM scanned_folder ORDER BY rowid"
        )
        return [
            ScannedFolder(
                path_of(row["path"]),
                Program(row["program"]),
                bool(row["is_named_by_user"]),
                bool(row["seen_at"]),
            )
            for row in rows
            if row["program"] in set(Program)
        ]

    def name(self, paths: Iterable[Path]) -> None:
        """Keep folders that the user named."""
        with self._database.write() as connection:
            for path in paths:
                connection.execute(
                    "INSERT INTO scanned_folder (path, program, is_named_by_user)"
                    " VALUES (?, ?, 1) ON CONFLICT (path) DO UPDATE SET is_named_by_user = 1",
                    (path_text(path), Program.FOLDER.value),
                )

    def see(self, path: Path, program: Program) -> None:
        """Note that a folder was there."""
        with self._database.write(durable=False) as connection:
            connection.execute(
                "INSERT INTO scanned_folder (path, program, seen_at) VALUES (?, ?, ?)"
                " ON CONFLICT (path) DO UPDATE SET seen_at = excluded.seen_at",
                (path_text(path), program.value, moment_text(self._now())),
            )

    def forget(self, path: Path) -> None:
        """Look into a folder no more, unless it is a program's own."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM scanned_folder WHERE path = ?", (path_text(path),))


def own_folders(folders: Iterable[ScannedFolder], present: Path, usual: Path) -> tuple[Path, ...]:
    """Give the folders that downloads go to, or went to before the user chose another.

    Args:
        folders: that were looked into.
        present: where downloads go now; comes first.
        usual: where they go unless the user wants them elsewhere.
    """
    earlier = [one.path for one in folders if one.program is Program.QUILLHOUSE]
    return tuple(dict.fromkeys((present, usual, *earlier)))
