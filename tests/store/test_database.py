"""The database file: migrations, damage, a full disk, and kills at any moment."""

import contextlib
import os
import random
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.conversation import TurnState
from app.core.errors import AppError, BugError, ErrorCode, WorldError
from app.store.conversations import Conversations
from app.store.database import MIGRATIONS, N_BACKUPS, Database
from app.store.sqlite_errors import error_of
from tests.store.talk import shown, talk

PROJECT = Path(__file__).resolve().parents[2]
N_KILLS = 50


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions on Windows")
def test_the_files_are_for_their_user_only(
    database: Database, conversations: Conversations
) -> None:
    talk(conversations, "Hello", "Good day")
    files = [path for path in database.path.parent.iterdir() if path.name.startswith("chats.db")]
    assert len(files) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_opening_again_changes_nothing(database: Database, conversations: Conversations) -> None:
    talk(conversations, "Hello", "Good day")
    database.close()
    assert not database.is_open
    assert database.open() is None
    assert len(conversations.all()) == 1


def test_messages_are_flushed_to_the_disk_and_partial_answers_need_not_be(
    database: Database,
) -> None:
    level = "PRAGMA synchronous"
    with database.write() as connection:
        assert connection.execute(level).fetchone()[0] == 2
    with database.write(durable=False) as connection:
        assert connection.execute(level).fetchone()[0] == 1
    assert database.read("PRAGMA journal_mode")[0][0] == "wal"
    assert database.read("PRAGMA foreign_keys")[0][0] == 1


def test_a_transaction_that_fails_leaves_nothing(
    database: Database, conversations: Conversations
) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail(database)
    assert database.read("SELECT * FROM setting") == []
    talk(conversations, "And it goes on", "Yes")


def write_and_fail(database: Database) -> None:
    with database.write() as connection:
        connection.execute("INSERT INTO setting (key, value) VALUES ('a', 'b')")
        raise ZeroDivisionError


def test_the_connection_belongs_to_the_thread_that_opened_it(database: Database) -> None:
    caught: list[AppError] = []

    def read() -> None:
        try:
            database.read("SELECT 1")
        except AppError as error:
            caught.append(error)

    other = threading.Thread(target=read)
    other.start()
    other.join()
    assert [type(error) for error in caught] == [BugError]


# --- damage ---


@pytest.mark.parametrize("content", [b"this is no database" * 100, b"\0" * 8192, b"SQLite format"])
def test_a_damaged_file_is_put_aside_and_a_new_one_begun(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "chats.db"
    path.write_bytes(content)
    database = Database(path)
    kept = database.open()
    assert Conversations(database).all() == ()
    database.close()
    assert kept is not None
    assert kept.name.startswith("chats.db.damaged-")
    assert kept.read_bytes() == content


@pytest.mark.skipif(sys.platform == "win32", reason="open files have fixed names on Windows")
def test_the_log_of_a_damaged_file_goes_with_it(
    database: Database, conversations: Conversations
) -> None:
    for n in range(50):
        talk(conversations, f"Chat {n}", "word " * 200)
    database.read("PRAGMA wal_checkpoint(TRUNCATE)")
    talk(conversations, "Only in the log so far", "A")
    spoil(database.path)
    other = Database(database.path)
    kept = other.open()
    assert Conversations(other).all() == ()
    other.close()
    assert kept is not None
    assert b"Only in the log so far" in kept.with_name(f"{kept.name}-wal").read_bytes()


def spoil(path: Path) -> None:
    """Overwrite some pages in the middle."""
    with path.open("r+b") as stream:
        stream.seek(8192)
        stream.write(random.Random(1).randbytes(32768))


def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    (tmp_path / "chats.db").touch()
    database = Database(tmp_path / "chats.db")
    assert database.open() is None
    database.close()


def test_pages_overwritten_in_the_middle_are_noticed(
    database: Database, conversations: Conversations
) -> None:
    for n in range(50):
        talk(conversations, f"Chat {n}", "word " * 200)
    database.close()
    spoil(database.path)
    assert database.open() is not None
    assert conversations.all() == ()


def test_a_file_cut_off_at_its_end_is_noticed(
    database: Database, conversations: Conversations
) -> None:
    for n in range(50):
        talk(conversations, f"Chat {n}", "word " * 200)
    database.close()
    os.truncate(database.path, database.path.stat().st_size // 2)
    assert database.open() is not None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SQLITE_FULL", ErrorCode.DISK_FULL),
        ("SQLITE_IOERR_WRITE", ErrorCode.DISK_FULL),
        ("SQLITE_IOERR_FSYNC", ErrorCode.DISK_FULL),
        ("SQLITE_IOERR_READ", ErrorCode.DATA_FOLDER_UNWRITABLE),
        ("SQLITE_IOERR_SHORT_READ", ErrorCode.DATA_FOLDER_UNWRITABLE),
        ("SQLITE_BUSY", ErrorCode.DATABASE_BUSY),
        ("SQLITE_BUSY_SNAPSHOT", ErrorCode.DATABASE_BUSY),
        ("SQLITE_CORRUPT_INDEX", ErrorCode.DATABASE_DAMAGED),
        ("SQLITE_NOTADB", ErrorCode.DATABASE_DAMAGED),
        ("SQLITE_READONLY_DIRECTORY", ErrorCode.DATA_FOLDER_UNWRITABLE),
        ("SQLITE_CANTOPEN_ISDIR", ErrorCode.DATA_FOLDER_UNWRITABLE),
        ("SQLITE_CONSTRAINT_UNIQUE", ErrorCode.BUG),
        ("SQLITE_ERROR", ErrorCode.BUG),
    ],
)
def test_each_error_of_sqlite_means_something_to_the_user(
    tmp_path: Path, name: str, code: ErrorCode
) -> None:
    error = sqlite3.OperationalError("said sqlite")
    error.sqlite_errorcode = getattr(sqlite3, name)
    ours = error_of(error, tmp_path / "chats.db")
    assert ours.code is code
    if code is ErrorCode.DISK_FULL:
        assert ours.facts.available_bytes > 0
    if code is not ErrorCode.BUG:
        assert ours.facts.path == str(tmp_path / "chats.db")


def test_what_cannot_be_opened_says_so_whenever_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "chats.db").mkdir()
    database = Database(tmp_path / "chats.db")
    for use in (database.open, lambda: database.read("SELECT 1")):
        with pytest.raises(WorldError) as caught:
            use()
        assert caught.value.code is ErrorCode.DATA_FOLDER_UNWRITABLE
    (tmp_path / "chats.db").rmdir()
    assert database.open() is None
    database.close()


def test_a_database_in_use_is_called_busy(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.database.BUSY_TIMEOUT_S", 0.05)
    other = Database(database.path)
    other.open()
    with (
        database.write(),
        pytest.raises(WorldError) as caught,
        other.write(),
    ):
        pytest.fail("two writers at once")
    assert caught.value.code is ErrorCode.DATABASE_BUSY
    with other.write() as connection:
        connection.execute("INSERT INTO setting (key, value) VALUES ('a', 'b')")
    other.close()


# --- migrations ---


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """The real migrations in a folder to which a test can add its own."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    for script in MIGRATIONS.glob("*.sql"):
        (folder / script.name).write_bytes(script.read_bytes())
    return folder


def add_migration(folder: Path, script: str) -> int:
    """Add a migration; give its number."""
    number = len(list(folder.iterdir())) + 1
    (folder / f"{number:04}_more.sql").write_text(script, encoding="utf-8")
    return number


def test_migrations_are_numbered_without_a_gap() -> None:
    names = sorted(path.name for path in MIGRATIONS.glob("*"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


def test_a_missing_migration_is_a_bug(tmp_path: Path, migrations: Path) -> None:
    (migrations / "0099_late.sql").write_text("CREATE TABLE late (x);")
    with pytest.raises(BugError):
        Database(tmp_path / "chats.db", migrations).open()


def test_a_file_of_a_newer_version_is_left_alone(database: Database) -> None:
    with database.write() as connection:
        connection.execute("PRAGMA user_version = 99")
    database.close()
    before = database.path.read_bytes()
    with pytest.raises(WorldError) as caught:
        database.open()
    assert caught.value.code is ErrorCode.DATABASE_TOO_NEW
    assert database.path.read_bytes() == before
    assert not database.is_open
    with pytest.raises(WorldError) as caught:
        database.read("SELECT 1")
    assert caught.value.code is ErrorCode.DATABASE_TOO_NEW


def test_a_new_file_needs_no_backup(database: Database) -> None:
    assert list(database.path.parent.glob("*.backup*")) == []


def test_a_migration_makes_a_backup_first(
    database: Database, conversations: Conversations, migrations: Path
) -> None:
    talk(conversations, "Kept", "Yes")
    database.close()
    number = add_migration(migrations, "CREATE TABLE more (x INTEGER);")
    new = Database(database.path, migrations)
    new.open()
    assert new.read("SELECT * FROM more") == []
    assert len(Conversations(new).all()) == 1
    new.close()
    path = database.path.with_name(f"chats.db.backup-{number - 1}")
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with contextlib.closing(sqlite3.connect(path)) as backup:
        assert backup.execute("SELECT title FROM conversation").fetchall() == [("Kept",)]
        assert backup.execute("PRAGMA user_version").fetchone() == (number - 1,)
        assert (
            backup.execute("SELECT name FROM sqlite_master WHERE name = 'more'").fetchall() == []
        )


def test_the_newest_backups_are_kept(database: Database, migrations: Path) -> None:
    database.close()
    last = 0
    for n in range(12):
        last = add_migration(migrations, f"CREATE TABLE more{n} (x INTEGER);")
        new = Database(database.path, migrations)
        new.open()
        new.close()
    kept = {path.name for path in database.path.parent.glob("*.backup*")}
    assert kept == {f"chats.db.backup-{last - 1 - n}" for n in range(N_BACKUPS)}


@pytest.mark.parametrize("n_done", [0, 1, 2])
def test_a_migration_that_fails_at_any_statement_leaves_the_file_as_it_was(
    database: Database, conversations: Conversations, migrations: Path, n_done: int
) -> None:
    chat = talk(conversations, "Kept", "Yes").conversation_id
    columns = [row["name"] for row in database.read("PRAGMA table_info(turn)")]
    database.close()
    done = [f"ALTER TABLE turn ADD COLUMN more{n} TEXT;\n" for n in range(n_done)]
    number = add_migration(migrations, "".join(done) + "SELECT * FROM nowhere;\n")
    broken = Database(database.path, migrations)
    with pytest.raises(BugError, match="nowhere"):
        broken.open()
    assert not broken.is_open
    database.open()
    assert database.read("PRAGMA user_version")[0][0] == number - 1
    assert [row["name"] for row in database.read("PRAGMA table_info(turn)")] == columns
    assert shown(conversations, chat) == ["Kept", "Yes"]


def test_a_migration_without_its_last_semicolon_is_not_half_done(
    tmp_path: Path, migrations: Path
) -> None:
    add_migration(migrations, "CREATE TABLE a (x);\nCREATE TABLE b (x)")
    database = Database(tmp_path / "chats.db", migrations)
    with pytest.raises(BugError, match="semicolon"):
        database.open()


# --- a full disk ---


def test_a_full_database_is_named_and_all_works_again_when_there_is_room(
    database: Database, conversations: Conversations
) -> None:
    chat = talk(conversations, "Hello", "Good day").conversation_id
    pages = database.read("PRAGMA page_count")[0][0]
    database.read(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(WorldError) as caught:
        conversations.add_question(chat, "word " * 50_000)
    assert caught.value.code is ErrorCode.DISK_FULL
    assert caught.value.facts.available_bytes > 0
    assert shown(conversations, chat) == ["Hello", "Good day"]
    database.read("PRAGMA max_page_count = 1073741823")
    talk(conversations, "word " * 50_000, "Yes", chat)
    assert len(shown(conversations, chat)) == 4


def test_a_first_message_that_finds_no_room_leaves_no_empty_chat(
    database: Database, conversations: Conversations
) -> None:
    pages = database.read("PRAGMA page_count")[0][0]
    database.read(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(WorldError):
        conversations.add_question(None, "word " * 50_000)
    assert conversations.all() == ()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Take all room; give the file to delete for having it back."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while True:
            stream.write(b"x" * 4096)
    return filler


def talk_until_full(conversations: Conversations, chat: str, kept: list[str]) -> None:
    while True:
        kept.append(conversations.add_question(chat, "word " * 500).question_id)


def test_a_disk_that_runs_full_loses_nothing_and_works_on_when_there_is_room(
    small_disk: Path,
) -> None:
    database = Database(small_disk / "chats.db")
    database.open()
    conversations = Conversations(database)
    chat = talk(conversations, "Hello", "Good day").conversation_id
    filler = fill(small_disk)
    kept: list[str] = []
    for _ in range(3):
        with pytest.raises(WorldError) as caught:
            talk_until_full(conversations, chat, kept)
        assert caught.value.code is ErrorCode.DISK_FULL
        assert caught.value.facts.available_bytes < 100_000
    assert shown(conversations, chat)[:2] == ["Hello", "Good day"]
    filler.unlink()
    kept.append(conversations.add_question(chat, "There is room again").question_id)
    assert all(conversations.turn(turn_id) for turn_id in kept)
    assert database.read("PRAGMA integrity_check")[0][0] == "ok"
    database.close()


def test_a_start_on_a_full_disk_says_so_and_the_next_try_finds_everything(
    small_disk: Path,
) -> None:
    database = Database(small_disk / "chats.db")
    database.open()
    conversations = Conversations(database)
    chat = talk(conversations, "Hello", "Good day").conversation_id
    database.close()
    filler = fill(small_disk)
    with pytest.raises(WorldError) as caught:
        database.open()
    assert caught.value.code is ErrorCode.DISK_FULL
    filler.unlink()
    assert database.open() is None
    assert shown(conversations, chat) == ["Hello", "Good day"]
    database.close()


def test_a_migration_on_a_full_disk_leaves_everything_as_it_was(
    small_disk: Path, migrations: Path
) -> None:
    path = small_disk / "chats.db"
    database = Database(path)
    database.open()
    conversations = Conversations(database)
    chat = talk(conversations, "word " * 100_000, "Good day").conversation_id
    database.close()
    filler = fill(small_disk)
    with filler.open("r+b") as stream:
        stream.truncate(filler.stat().st_size - 200_000)
    add_migration(migrations, "CREATE TABLE more (x INTEGER);")
    new = Database(path, migrations)
    with pytest.raises(WorldError) as caught:
        new.open()
    assert caught.value.code is ErrorCode.DISK_FULL
    assert list(small_disk.glob("*.backup*")) == []
    filler.unlink()
    assert new.open() is None
    assert shown(Conversations(new), chat)[1] == "Good day"
    new.close()


# --- kills ---

WRITER = """
import sys
from pathlib import Path
from app.core.conversation import TurnState
from app.store.conversations import Conversations
from app.store.database import Database

database = Database(Path(sys.argv[1]))
damaged = database.open()
assert damaged is None, damaged
conversations = Conversations(database)
conversations.interrupt_unfinished()
chat = conversations.all()[0].conversation_id if conversations.all() else None
n = 0
while True:
    asked = conversations.add_question(chat, f"message {n}")
    print("sent", asked.question_id, flush=True)
    chat = asked.conversation_id
    for part in range(3):
        conversations.save_partial([(asked.answer_id, "partial " * 20 * part)])
    conversations.end_answer(asked.answer_id, f"answer {n}", TurnState.COMPLETE)
    print("answered", asked.answer_id, flush=True)
    if n % 5 == 4:
        conversations.delete_turn(conversations.add_question(chat, "not wanted").question_id)
        conversations.purge()
    n += 1
"""


def run_and_kill(path: Path, after: int, wait_s: float) -> list[str]:
    """Run the writer, kill it so long after so many lines, and give all that it said."""
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(after)]
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(wait_s)
        process.kill()
        said += process.stdout.readlines()
    return [line.decode().strip() for line in said if line.endswith(b"\n")]


def test_nothing_shown_as_sent_is_lost_in_fifty_kills(tmp_path: Path) -> None:
    chance = random.Random(20261124)
    path = tmp_path / "chats.db"
    said: list[str] = []
    for _ in range(N_KILLS):
        heard = run_and_kill(path, chance.randrange(1, 30), chance.uniform(0.0, 0.03))
        assert heard, "the writer could not start after a kill"
        said += heard
    database = Database(path)
    assert database.open() is None
    conversations = Conversations(database)
    lost = []
    for line in said:
        kind, turn_id = line.split()
        turn = conversations.turn(turn_id)
        wanted = TurnState.COMPLETE
        if turn is None or not turn.text or turn.state is not wanted:
            lost.append(f"{kind} {turn_id}: {turn}")
    assert lost == []
    assert database.read("PRAGMA integrity_check")[0][0] == "ok"
    for index in ("title_search", "turn_search"):
        with database.write() as connection:
            connection.execute(
                f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)"
            )
    database.close()
    assert len(said) > 10 * N_KILLS


def test_a_second_connection_joins_the_first(tmp_path: Path) -> None:
    """It waits for nobody, makes nothing, and sees what the first has written."""
    path = tmp_path / "chats.db"
    first, second = Database(path), Database(path)
    with pytest.raises(WorldError) as caught:
        second.join()
    assert caught.value.code is ErrorCode.DATABASE_BUSY
    assert not path.exists()
    first.open()
    second.join()
    with second.write() as connection:
        connection.execute("INSERT INTO scanned_folder (path, program) VALUES ('/x', 'jan')")
    assert first.read("SELECT path FROM scanned_folder")[0]["path"] == "/x"
    second.join()
    assert second.is_open
    second.close()
    first.close()


def test_nobody_joins_a_database_of_another_schema(tmp_path: Path) -> None:
    path = tmp_path / "chats.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 1")
    database = Database(path)
    with pytest.raises(WorldError) as caught:
        database.join()
    assert caught.value.code is ErrorCode.DATABASE_BUSY
    assert not database.is_open
    with pytest.raises(WorldError):
        database.read("SELECT 1")
