"""The SQLite database: one connection, one writer, migrations with a backup before each.

Lives on the store's thread. WAL, so that a kill at any moment leaves the last commit whole.
"""

import contextlib
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.core.errors import AppError, BugError, ErrorCode, Facts, WorldError
from app.store.data_folder import PRIVATE_FILE, disk_full

_LOG = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_TIMEOUT_S = 5.0
N_BACKUPS = 3
"""How many copies from before migrations are kept."""

_CODES: dict[int, ErrorCode] = {
    sqlite3.SQLITE_FULL: ErrorCode.DISK_FULL,
    sqlite3.SQLITE_IOERR: ErrorCode.DISK_FULL,
    sqlite3.SQLITE_BUSY: ErrorCode.DATABASE_BUSY,
    sqlite3.SQLITE_LOCKED: ErrorCode.DATABASE_BUSY,
    sqlite3.SQLITE_CORRUPT: ErrorCode.DATABASE_DAMAGED,
    sqlite3.SQLITE_NOTADB: ErrorCode.DATABASE_DAMAGED,
    sqlite3.SQLITE_READONLY: ErrorCode.DATA_FOLDER_UNWRITABLE,
    sqlite3.SQLITE_CANTOPEN: ErrorCode.DATA_FOLDER_UNWRITABLE,
    sqlite3.SQLITE_PERM: ErrorCode.DATA_FOLDER_UNWRITABLE,
    sqlite3.SQLITE_AUTH: ErrorCode.DATA_FOLDER_UNWRITABLE,
}
"""What is the world's fault, by primary result code (sqlite.org/rescode.html)."""

Row = sqlite3.Row
Value = str | int | float | None


class Database:
    """A connection to the one database file.

    All methods raise `WorldError` where the world is at fault (disk full, damaged, in use,
    not writable) and `BugError` otherwise.
    """

    def __init__(self, path: Path, migrations: Path = MIGRATIONS) -> None:
        self.path = path
        self._migrations = migrations
        self._open: sqlite3.Connection | None = None

    def open(self) -> Path | None:
        """Open the file and bring it to the present schema.

        Returns:
            Where a file that cannot be read was put aside; None when all is well.
        """
        damaged: Path | None = None
        try:
            self._connect()
        except WorldError as error:
            if error.code is not ErrorCode.DATABASE_DAMAGED:
                raise
            _LOG.error("database damaged: %s", error.detail)
            damaged = self._put_aside()
            self._connect()
        self._migrate()
        return damaged

    def close(self) -> None:
        """Close the file; nothing else may be called but `open`."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def read(self, query: str, values: Sequence[Value] = ()) -> list[Row]:
        """Give all rows of a query."""
        with self._reported():
            return self._connection.execute(query, values).fetchall()

    @contextlib.contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """Run statements as one transaction.

        Args:
            durable: on return it survives a power cut (FULL). Partial answers do without:
                they survive the death of the program, and the disk is spared a flush each
                second.
        """
        with self._reported():
            connection = self._connection
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            raise BugError("the database is not open")
        return self._open

    def _connect(self) -> None:
        with self._reported():
            self.path.touch(mode=PRIVATE_FILE)
            connection = sqlite3.connect(
                self.path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
            try:
                connection.row_factory = sqlite3.Row
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA foreign_keys = ON")
                # What is deleted is overwritten, not left to be found in the file.
                connection.execute("PRAGMA secure_delete = ON")
                self._check(connection)
            except BaseException:
                connection.close()
                raise
            self._open = connection

    def _check(self, connection: sqlite3.Connection) -> None:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise WorldError(ErrorCode.DATABASE_DAMAGED, Facts(path=str(self.path)), found)

    def _put_aside(self) -> Path:
        """Rename the damaged file and its logs; nothing is deleted."""
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        kept = self.path.with_name(f"{self.path.name}.damaged-{stamp}")
        for suffix in ("", "-wal", "-shm"):
            part = self.path.with_name(self.path.name + suffix)
            if part.exists():
                part.rename(kept.with_name(kept.name + suffix))
        return kept

    def _migrate(self) -> None:
        scripts = sorted(self._migrations.glob("[0-9]*.sql"))
        newest = len(scripts)
        version = int(self.read("PRAGMA user_version")[0][0])
        if version > newest:
            self.close()
            facts = Facts(path=str(self.path), reason=f"{version} > {newest}")
            raise WorldError(ErrorCode.DATABASE_TOO_NEW, facts)
        for number, script in enumerate(scripts[version:], version + 1):
            if number > 1:
                self._back_up(number - 1)
            with self.write() as connection:
                for statement in _statements(script.read_text(encoding="utf-8")):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")

    def _back_up(self, version: int) -> None:
        """Copy the database before it is changed."""
        target = self.path.with_name(f"{self.path.name}.backup-{version}")
        with self._reported():
            target.unlink(missing_ok=True)
            target.touch(mode=PRIVATE_FILE)
            with contextlib.closing(sqlite3.connect(target)) as copy:
                self._connection.backup(copy)
        backups = sorted(self.path.parent.glob(f"{self.path.name}.backup-*"))
        for old in backups[:-N_BACKUPS]:
            old.unlink()

    @contextlib.contextmanager
    def _reported(self) -> Iterator[None]:
        """Turn errors of SQLite and the disk into ours."""
        try:
            yield
        except AppError:
            raise
        except sqlite3.Error as error:
            raise self._error(error) from error
        except OSError as error:
            facts = Facts(path=str(self.path), reason=error.strerror or "")
            raise WorldError(ErrorCode.DATA_FOLDER_UNWRITABLE, facts, str(error)) from error

    def _error(self, error: sqlite3.Error) -> AppError:
        # A file that is no database has no result code in every version of the module.
        result = getattr(error, "sqlite_errorcode", None)
        code = _CODES.get(result & 0xFF) if isinstance(result, int) else None
        if code is None:
            return BugError(f"sqlite {result}: {error}", type(error).__name__)
        if code is ErrorCode.DISK_FULL:
            return disk_full(self.path, str(error))
        return WorldError(code, Facts(path=str(self.path)), str(error))


def _statements(script: str) -> Iterator[str]:
    """Cut a script into statements; triggers contain semicolons of their own."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
