"""The SQLite database: one connection, one writer, migrations with a backup before each.

Lives on the store's thread. WAL, so that a kill at any moment leaves the last commit whole.
"""

import contextlib
import logging
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from app.core.errors import AppError, BugError, ErrorCode, Facts, WorldError
from app.store.data_folder import PRIVATE_FILE, write_error
from app.store.sqlite_errors import error_of, is_search_index_damaged

_LOG = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_TIMEOUT_S = 5.0
N_BACKUPS = 3
"""How many copies from before migrations are kept."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What has to be known of a database to keep it whole.

    Attributes:
        merge_search: leaves nothing of deleted texts in the search index.
        rebuild_search: makes a damaged search index anew.
        has_backups: it is copied before each migration; not worth its room for what can be
            made anew.
        check_limit_bytes: a larger file is not read as a whole when it is opened, which takes
            1 s for about 200 MB. Damage then shows at the first use.
    """

    merge_search: Callable[[sqlite3.Connection], None]
    rebuild_search: Callable[[sqlite3.Connection], None]
    has_backups: bool = True
    check_limit_bytes: int = sys.maxsize


def _merge_chats(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO title_search (title_search) VALUES ('optimize')")
    connection.execute("INSERT INTO turn_search (turn_search) VALUES ('optimize')")


def _rebuild_chats(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO title_search (title_search) VALUES ('rebuild')")
    connection.execute("INSERT INTO turn_search (turn_search) VALUES ('rebuild')")


OF_CHATS = Upkeep(_merge_chats, _rebuild_chats)

T = TypeVar("T")
Row = sqlite3.Row
Value = str | int | float | None
Values = Sequence[Value] | Mapping[str, Value]


class Database:
    """A connection to the one database file.

    All methods raise `WorldError` where the world is at fault (disk full, damaged, in use,
    not writable) and `BugError` otherwise. After such an error the database goes on working
    as soon as its cause is gone.

    Args:
        path: of the file.
        migrations: folder of the scripts that make its schema.
        upkeep: what keeps it whole.
    """

    def __init__(
        self, path: Path, migrations: Path = MIGRATIONS, upkeep: Upkeep = OF_CHATS
    ) -> None:
        self.path = path
        self._migrations = migrations
        self._upkeep = upkeep
        self._open: sqlite3.Connection | None = None
        self._why_closed: AppError = BugError("the database was never opened")
        self._waiting: list[Callable[[], None]] = []

    @property
    def is_open(self) -> bool:
        """Whether chats can be read and written."""
        return self._open is not None

    def open(self) -> Path | None:
        """Open the file and bring it to the present schema.

        Returns:
            Where a file that cannot be read was put aside; None when all is well.
        """
        self.close()
        try:
            with self._reported():
                damaged = self._open_or_replace()
        except AppError as error:
            self.close()
            # Whatever is asked for later fails for the same reason, not for one of ours.
            self._why_closed = error
            raise
        waiting, self._waiting = self._waiting, []
        for action in waiting:
            action()
        return damaged

    def join(self) -> None:
        """Open a file that the store's own connection has opened, for work on another thread.

        Nothing is created, migrated, checked or put aside. To be called before each piece of
        work: it opens the file anew, which takes a millisecond, since another one may lie there.

        Raises:
            WorldError: DATABASE_BUSY while the file is not there at the present schema.
        """
        self.close()
        try:
            with self._reported():
                self._join()
        except AppError as error:
            self.close()
            self._why_closed = error
            raise

    def replace(self) -> Path:
        """Put a file that turned out to be damaged aside and begin anew.

        Returns:
            Where the damaged file is now.
        """
        self.close()
        try:
            with self._reported():
                kept = self._put_aside()
        except AppError as error:
            self._why_closed = error
            raise
        self.open()
        return kept

    def when_open(self, action: Callable[[], None]) -> None:
        """Do something now or, if the database is not open, once a later try opens it."""
        if self.is_open:
            action()
        else:
            self._waiting.append(action)

    def close(self) -> None:
        """Close the file; nothing else may be called but `open`."""
        if self._open is not None:
            self._open.close()
            self._open = None
            self._why_closed = BugError("the database is closed")

    def read(self, query: str, values: Values = ()) -> list[Row]:
        """Give all rows of a query."""
        with self._reported():
            connection = self._connection
            return self._mending_search(
                connection, lambda: connection.execute(query, values).fetchall()
            )

    @contextlib.contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """Run statements as one transaction.

        Args:
            durable: on return it survives a power cut (FULL). Partial answers and drafts do
                without (NORMAL): they survive the death of the program, and the disk is spared
                a flush each second. One connection switches between the two, since a second
                one would have to wait for the locks of the first; a durable commit flushes
                the whole log, so what was written before it is safe as well.
        """
        with self._reported():
            connection = self._connection
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException as error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error) and is_search_index_damaged(error):
                    self._upkeep.rebuild_search(connection)  # So that the next try goes well.
                raise

    def scrub(self) -> None:
        """Leave nothing of what was deleted in the file.

        SQLite overwrites deleted rows (secure_delete), but the search index keeps the pieces
        of deleted texts until it is merged, and the log keeps the pages as they were before.
        Takes 0.8 s for 30,000 messages.
        """
        with self.write(durable=False) as connection:
            self._mending_search(connection, lambda: self._upkeep.merge_search(connection))
        self.read("PRAGMA wal_checkpoint(TRUNCATE)")

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            raise self._why_closed
        return self._open

    # --- opening ---

    def _open_or_replace(self) -> Path | None:
        kept: Path | None = None
        try:
            self._connect()
        except sqlite3.Error as error:
            if error_of(error, self.path).code is not ErrorCode.DATABASE_DAMAGED:
                raise
            _LOG.exception("the database is damaged")
            kept = self._put_aside()
            self._connect()
        self._migrate()
        return kept

    def _join(self) -> None:
        if not self.path.is_file():
            raise WorldError(ErrorCode.DATABASE_BUSY, Facts(path=str(self.path)), "not there yet")
        self._open = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        _prepare(self._open)
        version = int(self._open.execute("PRAGMA user_version").fetchone()[0])
        if version != len(self._scripts()):
            facts = Facts(path=str(self.path))
            raise WorldError(ErrorCode.DATABASE_BUSY, facts, f"schema {version}")

    def _connect(self) -> None:
        self.path.touch(mode=PRIVATE_FILE)
        connection = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            _prepare(connection)
            if self.path.stat().st_size <= self._upkeep.check_limit_bytes:
                _check(connection)
        except BaseException:
            connection.close()
            raise
        self._open = connection

    def _put_aside(self) -> Path:
        """Rename the damaged file and its logs; nothing is deleted."""
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        kept = self.path.with_name(f"{self.path.name}.damaged-{stamp}")
        for suffix in ("-wal", "-shm", ""):
            part = self.path.with_name(self.path.name + suffix)
            if part.exists():
                part.rename(kept.with_name(kept.name + suffix))
        return kept

    # --- migrations ---

    def _migrate(self) -> None:
        scripts = self._scripts()
        newest = len(scripts)
        version = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        if version > newest:
            facts = Facts(path=str(self.path), reason=f"{version} > {newest}")
            raise WorldError(ErrorCode.DATABASE_TOO_NEW, facts)
        for number, script in enumerate(scripts[version:], version + 1):
            # A file that is new has nothing worth a copy.
            if version and self._upkeep.has_backups:
                self._back_up(number - 1)
            with self.write() as connection:
                for statement in _statements(script):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")

    def _scripts(self) -> list[str]:
        """Give the migrations in order; their names begin with their numbers."""
        paths = sorted(self._migrations.glob("[0-9]*.sql"))
        for number, path in enumerate(paths, 1):
            if int(path.name.split("_", 1)[0]) != number:
                raise BugError(f"migration {number} is missing before {path.name}")
        return [path.read_text(encoding="utf-8") for path in paths]

    def _back_up(self, version: int) -> None:
        """Copy the database before it is changed; a copy half made is never taken for one."""
        stem = f"{self.path.name}.backup-"
        part = self.path.with_name(f"{stem}{version}.part")
        part.unlink(missing_ok=True)
        try:
            part.touch(mode=PRIVATE_FILE)
            with contextlib.closing(sqlite3.connect(part)) as copy:
                self._connection.backup(copy)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        part.replace(self.path.with_name(f"{stem}{version}"))
        backups = self.path.parent.glob(f"{stem}*[0-9]")
        oldest_first = sorted(backups, key=lambda one: int(one.name.removeprefix(stem)))
        for old in oldest_first[:-N_BACKUPS]:
            old.unlink()

    def _mending_search(self, connection: sqlite3.Connection, action: Callable[[], T]) -> T:
        """Do something; if the search index is damaged, make it anew and try again."""
        try:
            return action()
        except sqlite3.Error as error:
            if not is_search_index_damaged(error):
                raise
            _LOG.warning("the search index is damaged and made anew")
            self._upkeep.rebuild_search(connection)
            return action()

    @contextlib.contextmanager
    def _reported(self) -> Iterator[None]:
        """Turn errors of SQLite and the disk into ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise error_of(error, self.path) from error
        except OSError as error:
            raise write_error(error, self.path) from error


def storable(text: str) -> str:
    """Give `text` as SQLite can hold it: halves of characters become U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _prepare(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten, not left to be found in the file.
    connection.execute("PRAGMA secure_delete = ON")
    connection.create_function("folded", 1, str.casefold, deterministic=True)


def _check(connection: sqlite3.Connection) -> None:
    found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    if found != "ok":
        error = sqlite3.DatabaseError(" ".join(found.split()))
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error


def _statements(script: str) -> Iterator[str]:
    """Cut a script into statements; triggers contain semicolons of their own."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise BugError("a migration does not end with a semicolon")
