"""The queue survives the end of the program."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.candidate import RemoteFile
from app.core.download import Download, DownloadSpec, DownloadState
from app.core.errors import ErrorCode, Facts, Failure
from app.store.database import Database
from app.store.download_table import DownloadTable

SPEC = DownloadSpec(
    "maker/tiny-GGUF", "a" * 40, "Tiny", "Q4_K_M", (RemoteFile("tiny.gguf", 10, "b" * 64),)
)
ROWS = (
    Download("two", SPEC, DownloadState.PAUSED, 5),
    Download(
        "one",
        replace(SPEC, files=(RemoteFile("other.gguf"),), commit=""),
        DownloadState.FAILED,
        failure=Failure(ErrorCode.ACCESS_NEEDED, Facts(repo_id="maker/tiny-GGUF")),
        note="arrived_damaged",
    ),
    Download("three", SPEC, DownloadState.DONE, 10, installed_path="/models/tiny.gguf"),
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "quillhouse.db")
    made.open()
    yield made
    made.close()


def test_rows_come_back_as_they_were(database: Database) -> None:
    table = DownloadTable(database)
    table.keep(ROWS)
    assert DownloadTable(database).rows() == ROWS
    table.keep(ROWS[::-1])
    assert DownloadTable(database).rows() == ROWS[::-1]
    table.keep(ROWS[:1])
    assert DownloadTable(database).rows() == ROWS[:1]
    table.keep(())
    assert DownloadTable(database).rows() == ()


def test_progress_alone_writes_nothing(database: Database) -> None:
    table = DownloadTable(database)
    table.keep(ROWS)
    n_changes = database.read("SELECT total_changes()")[0][0]
    table.keep((replace(ROWS[0], done_bytes=7, bytes_per_s=3.0), *ROWS[1:]))
    assert database.read("SELECT total_changes()")[0][0] == n_changes


def test_another_folder_alone_is_kept(database: Database, tmp_path: Path) -> None:
    table = DownloadTable(database)
    table.keep(ROWS, {"two": tmp_path / "old"})
    table.keep(ROWS, {"two": tmp_path / "new"})
    assert DownloadTable(database).folders() == {"two": tmp_path / "new"}


@pytest.mark.parametrize(
    ("column", "value"),
    [("spec", "{}"), ("spec", "nonsense"), ("state", "levitating"), ("facts", "[1]")],
)
def test_a_row_of_another_version_is_left_out(database: Database, column: str, value: str) -> None:
    DownloadTable(database).keep(ROWS)
    with database.write() as connection:
        connection.execute(f"UPDATE download SET {column} = ? WHERE position = 1", (value,))
    assert [row.download_id for row in DownloadTable(database).rows()] == ["two", "three"]
