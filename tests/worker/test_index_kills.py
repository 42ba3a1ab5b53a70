"""A process that indexes is killed at random moments, while its files change; nothing is lost."""

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.worker.index_rig import BUILT_IN, OTHER

N_KILLS = 50
LONGEST_S = 0.5
N_KILLS_OF_CHANGE = 8
LONGEST_OF_CHANGE_S = 0.25
MAX_FILES = 70
LONG_AGO = 1_700_000_000

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are forked")


class Nursery:
    """Starts processes that index, and kills them."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.worker.index_process"]
        root = Path(__file__).resolve().parents[2]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root, text=True
        )

    def start(self, home: Path, folder: Path, key: str = BUILT_IN.key) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{home}\t{folder}\t{key}\n")
        self._process.stdin.flush()
        while (line := self._line()) == "ready":
            pass
        return int(line)

    def finish(self, home: Path, folder: Path, key: str = BUILT_IN.key) -> None:
        self.start(home, folder, key)
        assert self._line() == "ready"

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


def write(path: Path, chance: random.Random, at_s: int) -> None:
    """A document of one to five pages, some of which other documents have too."""
    pages = []
    for _ in range(chance.randint(1, 5)):
        topic = chance.randint(0, 40)
        words = random.Random(topic)
        pages.append(
            "\n".join(
                " ".join(f"word{words.randint(0, 3000)}" for _ in range(60)) + "."
                for _ in range(words.randint(1, 6))
            )
        )
    path.write_text("\f".join(pages), encoding="utf-8")
    os.utime(path, (at_s, at_s))


def change(folder: Path, chance: random.Random, turn: int) -> None:
    """What a user does meanwhile."""
    paths = sorted(folder.iterdir())
    for number in range(4):
        write(folder / f"new{turn}-{number}.txt", chance, LONG_AGO + turn)
        write(chance.choice(paths), chance, LONG_AGO + 1000 + turn)
    chance.choice(paths).rename(folder / f"renamed{turn}.txt")
    while len(paths := sorted(folder.iterdir())) > MAX_FILES:
        chance.choice(paths).unlink()


def state_of(database: Path) -> dict[str, object]:
    """Everything that is kept, without ids that say nothing."""
    with closing(sqlite3.connect(database)) as connection:

        def rows(query: str) -> list[tuple[object, ...]]:
            return connection.execute(query).fetchall()

        assert rows("PRAGMA integrity_check") == [("ok",)]
        assert rows("PRAGMA foreign_key_check") == []
        connection.execute("INSERT INTO chunk_search (chunk_search) VALUES ('integrity-check')")
        assert rows("SELECT 1 FROM chunk GROUP BY content_id, position HAVING count(*) > 1") == []
        assert rows("SELECT rowid FROM chunk_search ORDER BY 1") == rows(
            "SELECT chunk_id FROM chunk ORDER BY 1"
        )
        assert rows(
            "SELECT count(*) FROM content WHERE n_chunks <>"
            " (SELECT count(*) FROM chunk WHERE chunk.content_id = content.content_id)"
        ) == [(0,)]
        return {
            "files": rows(
                "SELECT path, size_bytes, modified_ns, file.sha256, is_pending, n_pages, n_chunks"
                " FROM file LEFT JOIN content USING (content_id) ORDER BY path"
            ),
            "pages": rows("SELECT sha256, number, text FROM page"
                          " JOIN content USING (content_id) ORDER BY 1, 2"),
            "chunks": rows("SELECT sha256, position, spans, text, digest FROM chunk"
                           " JOIN content USING (content_id) ORDER BY 1, 2"),
            "vectors": rows("SELECT digest, embedding_key, vector FROM vector ORDER BY 1"),
            "embedded": rows("SELECT sha256, embedding_key FROM embedded_content"
                             " JOIN content USING (content_id) ORDER BY 1"),
        }  # fmt: skip


def test_fifty_kills_leave_the_index_as_an_undisturbed_run_makes_it(
    tmp_path: Path, nursery: Nursery
) -> None:
    chance = random.Random(20)
    folder, home, calm = tmp_path / "papers", tmp_path / "home", tmp_path / "calm"
    for one in (folder, home, calm):
        one.mkdir()
    for number in range(60):
        write(folder / f"{number}.txt", chance, LONG_AGO)
    moment = threading.Event()
    n_documents = []
    n_kills = turn = 0
    while n_kills < N_KILLS:
        turn += 1
        process_id = nursery.start(home, folder)
        moment.wait(chance.random() * LONGEST_S)
        change(folder, chance, turn)
        try:
            os.kill(process_id, signal.SIGKILL)
        except ProcessLookupError:
            continue  # It had nothing left to do.
        n_kills += 1
        with closing(sqlite3.connect(home / "documents.db")) as connection:
            tables = connection.execute(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'content'"
            ).fetchone()
            if tables[0]:
                counted = connection.execute("SELECT count(*) FROM content").fetchone()
                n_documents.append(counted[0])
    # It was killed in the middle, not only before or after everything.
    assert len(set(n_documents)) > 10
    nursery.finish(home, folder)
    nursery.finish(calm, folder)
    disturbed, undisturbed = state_of(home / "documents.db"), state_of(calm / "documents.db")
    for name, rows in undisturbed.items():
        digest = hashlib.sha256(repr(rows).encode()).hexdigest()
        assert hashlib.sha256(repr(disturbed[name]).encode()).hexdigest() == digest, name


def test_a_change_of_the_search_model_goes_on_after_every_kill(
    tmp_path: Path, nursery: Nursery
) -> None:
    chance = random.Random(21)
    folder, home, calm = tmp_path / "papers", tmp_path / "home", tmp_path / "calm"
    for one in (folder, home, calm):
        one.mkdir()
    for number in range(MAX_FILES):
        write(folder / f"{number}.txt", chance, LONG_AGO)
    nursery.finish(home, folder)
    moment = threading.Event()
    half_done = 0
    n_all = n_vectors(home, BUILT_IN.key)
    for _ in range(N_KILLS_OF_CHANGE):
        process_id = nursery.start(home, folder, OTHER.key)
        moment.wait(chance.random() * LONGEST_OF_CHANGE_S)
        try:
            os.kill(process_id, signal.SIGKILL)
        except ProcessLookupError:
            break  # It had nothing left to do.
        if 0 < n_vectors(home, OTHER.key) < n_all:
            half_done += 1
            assert n_vectors(home, BUILT_IN.key) == n_all, "these serve until all are there"
    assert half_done, "it was never killed in the middle"
    nursery.finish(home, folder, OTHER.key)
    nursery.finish(calm, folder, OTHER.key)
    assert state_of(home / "documents.db") == state_of(calm / "documents.db")
    assert n_vectors(home, BUILT_IN.key) == 0


def n_vectors(home: Path, key: str) -> int:
    with closing(sqlite3.connect(home / "documents.db")) as connection:
        query = "SELECT count(*) FROM vector WHERE embedding_key = ?"
        return int(connection.execute(query, (key,)).fetchone()[0])
