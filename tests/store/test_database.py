"""The database file: migrations, damage, a full disk, and kills at any moment."""

import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import ErrorCode, WorldError
from app.store.conversations import Conversations
from app.store.database import MIGRATIONS, Database

PROJECT = Path(__file__).resolve().parents[2]
N_KILLS = 50


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "chats.db")
    database.open()
    yield database
    database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions on Windows")
def test_the_file_is_for_its_user_only(database: Database) -> None:
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o600


def test_opening_again_changes_nothing(database: Database) -> None:
    Conversations(database).begin("Hello")
    database.close()
    assert database.open() is None
    assert len(Conversations(database).all()) == 1


@pytest.mark.parametrize("content", [b"this is no database" * 100, b"\0" * 8192])
def test_a_damaged_file_is_put_aside_and_a_new_one_begun(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "chats.db"
    path.write_bytes(content)
    database = Database(path)
    kept = database.open()
    assert Conversations(database).all() == ()
    database.close()
    assert kept is not None
    assert kept.read_bytes() == content


def test_a_page_overwritten_in_the_middle_is_noticed(database: Database) -> None:
    conversations = Conversations(database)
    for n in range(200):
        conversations.add_question(conversations.begin(f"Chat {n}"), "word " * 200)
    database.read("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    content = bytearray(database.path.read_bytes())
    content[8192:40960] = os.urandom(32768)
    database.path.write_bytes(content)
    assert database.open() is not None


def test_a_file_of_a_newer_version_is_left_alone(database: Database) -> None:
    with database.write() as connection:
        connection.execute("PRAGMA user_version = 99")
    database.close()
    before = database.path.read_bytes()
    with pytest.raises(WorldError) as caught:
        database.open()
    assert caught.value.code is ErrorCode.DATABASE_TOO_NEW
    assert database.path.read_bytes() == before


def test_a_migration_makes_a_backup_first(tmp_path: Path) -> None:
    old = Database(tmp_path / "chats.db")
    old.open()
    Conversations(old).begin("Kept")
    old.close()
    folder = tmp_path / "migrations"
    folder.mkdir()
    for script in MIGRATIONS.glob("*.sql"):
        (folder / script.name).write_bytes(script.read_bytes())
    n_before = len(list(folder.iterdir()))
    (folder / f"{n_before + 1:04}_more.sql").write_text("CREATE TABLE more (x INTEGER);")
    new = Database(tmp_path / "chats.db", folder)
    new.open()
    assert new.read("SELECT * FROM more") == []
    assert len(Conversations(new).all()) == 1
    new.close()
    backup = sqlite3.connect(tmp_path / f"chats.db.backup-{n_before}")
    assert backup.execute("SELECT title FROM conversation").fetchall() == [("Kept",)]
    backup.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_first.sql").write_text("CREATE TABLE a (x INTEGER);\nCREATE TABLE a (y);\n")
    database = Database(tmp_path / "chats.db", folder)
    with pytest.raises(Exception, match="table a already exists"):
        database.open()
    assert database.read("SELECT name FROM sqlite_master") == []
    database.close()


def test_a_full_disk_is_named_and_all_works_again_when_there_is_room(database: Database) -> None:
    conversations = Conversations(database)
    conversation_id = conversations.begin("Hello")
    pages = database.read("PRAGMA page_count")[0][0]
    database.read(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(WorldError) as caught:
        conversations.add_question(conversation_id, "word " * 50_000)
    assert caught.value.code is ErrorCode.DISK_FULL
    assert len(conversations.all()) == 1
    database.read("PRAGMA max_page_count = 1073741823")
    conversations.add_question(conversation_id, "word " * 50_000)
    conversation = conversations.get(conversation_id)
    assert conversation is not None
    assert len(conversations.branch(conversation)) == 2


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root can mount a small disk"
)
def test_a_really_full_disk_loses_nothing(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        database = Database(disk / "chats.db")
        database.open()
        conversations = Conversations(database)
        conversation_id = conversations.begin("Hello")
        filler = disk / "filler"
        filler.write_bytes(b"x" * 1_000_000)
        kept: list[str] = []
        with pytest.raises(WorldError) as caught:
            fill(conversations, conversation_id, kept)
        assert caught.value.code is ErrorCode.DISK_FULL
        filler.unlink()
        kept.append(conversations.add_question(conversation_id, "There is room again")[0])
        assert all(conversations.turn(turn_id) for turn_id in kept)
        assert database.read("PRAGMA integrity_check")[0][0] == "ok"
        database.close()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def fill(conversations: Conversations, conversation_id: str, kept: list[str]) -> None:
    while True:
        kept.append(conversations.add_question(conversation_id, "word " * 2000)[0])


WRITER = """
import sys
from pathlib import Path
from app.store.conversations import Conversations
from app.store.database import Database

database = Database(Path(sys.argv[1]))
database.open()
conversations = Conversations(database)
conversation_id = conversations.begin("Killed")
n = 0
while True:
    question_id, answer_id = conversations.add_question(conversation_id, f"message {n}")
    print(question_id, flush=True)
    conversations.save_partial([(answer_id, "partial " * n)])
    n += 1
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")
def test_no_message_shown_as_sent_is_lost_in_fifty_kills(tmp_path: Path) -> None:
    chance = random.Random(20261124)
    path = tmp_path / "chats.db"
    sent: list[str] = []
    for _ in range(N_KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], cwd=PROJECT, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        n_read = chance.randrange(1, 40)
        sent += [process.stdout.readline().decode().strip() for _ in range(n_read)]
        process.send_signal(signal.SIGKILL)
        sent += process.stdout.read().decode().split()
        process.stdout.close()
        process.wait()
    database = Database(path)
    assert database.open() is None
    conversations = Conversations(database)
    lost = [turn_id for turn_id in sent if turn_id and conversations.turn(turn_id) is None]
    integrity = database.read("PRAGMA integrity_check")[0][0]
    database.close()
    assert not lost
    assert integrity == "ok"
    assert len(sent) > N_KILLS
