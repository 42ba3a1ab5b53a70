"""Long documents, which are kept in parts: found as a whole, or not at all."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.core.document_events import (
    CollectionChangeRequest,
    FileRequest,
    NewCollectionRequest,
)
from app.core.documents.collections import CollectionState
from app.core.documents.text import Block, BlockKind, PageText
from app.core.errors import ErrorCode, WorldError
from app.store.document_contents import DocumentContents
from app.store.document_index import document_database
from app.store.document_rows import DocumentPart
from app.worker import index_documents
from app.worker.index_documents import Pages, part_of
from app.worker.index_worker import IndexWorker
from app.worker.reader_process import ReaderProcess
from app.worker.threads import WorkerThread
from tests.worker.index_rig import Rig, Window, page_of, running_rig, write

N_PAGES = 40
SENTENCE = "Entry {n} of the log says that the door was opened and closed again."


@pytest.fixture
def rig(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    monkeypatch.setattr(index_documents, "PART_CHARACTERS", 600)
    monkeypatch.setattr(index_documents, "LONGEST_PART_CHARACTERS", 900)
    yield from running_rig(tmp_path, qtbot, monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    write_log(folder / "long.txt")
    return folder


def write_log(path: Path, n_pages: int = N_PAGES, at_s: int = 1_700_000_000) -> Path:
    pages = (
        "\n".join(SENTENCE.format(n=3 * page + n) for n in range(3)) for page in range(n_pages)
    )
    return write(path, "\f".join(pages), at_s)


def found_entries(rig: Rig) -> set[str]:
    """Every line of the file as its chunks have it."""
    rows = rig.rows("SELECT text FROM chunk JOIN file USING (content_id) ORDER BY position")
    return {line for (text,) in rows for line in str(text).split("\n")}


def test_parts_hold_all_of_a_document_in_order(rig: Rig, folder: Path) -> None:
    rig.create(folder)
    rig.until_ready(1)
    assert found_entries(rig) == {SENTENCE.format(n=n) for n in range(3 * N_PAGES)}
    positions = [row[0] for row in rig.rows("SELECT position FROM chunk ORDER BY chunk_id")]
    assert positions == list(range(len(positions)))
    ((n_pages, n_chunks, sha256, suffix),) = rig.rows(
        "SELECT n_pages, n_chunks, sha256, suffix FROM content"
    )
    assert (n_pages, n_chunks, suffix) == (N_PAGES, len(positions), ".txt")
    assert rig.rows("SELECT sha256 FROM file") == [(sha256,)]
    assert rig.rows("SELECT count(*) FROM page") == [(N_PAGES,)]
    assert rig.rows("SELECT count(DISTINCT digest) FROM chunk") == rig.rows(
        "SELECT count(*) FROM vector"
    )


def test_a_long_document_that_changes_takes_the_place_of_what_it_was(
    rig: Rig, folder: Path
) -> None:
    rig.create(folder)
    rig.until_ready(1)
    write_log(folder / "long.txt", N_PAGES + 1, 1_700_000_100)
    rig.look_again()
    rig.until(lambda: len(found_entries(rig)) == 3 * N_PAGES + 3)
    rig.until(lambda: rig.rows("SELECT count(*) FROM content") == [(1,)])
    rig.until(
        lambda: (
            rig.rows("SELECT count(*) FROM chunk_search")
            == rig.rows("SELECT n_chunks FROM content")
        )
    )


def test_a_long_document_that_is_read_again_is_found_meanwhile(
    rig: Rig, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.create(folder)
    rig.until_ready(1)
    rig.show()
    rig.until(lambda: "long.txt" in rig.window.files)
    keep_part, n_found = DocumentContents.keep_part, []

    def keep_and_look(contents: DocumentContents, part: DocumentPart, unfinished_id: int) -> int:
        n_found.append(len(found_entries(rig)))
        return keep_part(contents, part, unfinished_id)

    monkeypatch.setattr(DocumentContents, "keep_part", keep_and_look)
    ((old_id,),) = rig.rows("SELECT content_id FROM file")
    file_id = rig.window.files["long.txt"].file_id
    rig.window.retry_requested.emit(FileRequest("flat", file_id))
    rig.until(lambda: rig.rows("SELECT content_id FROM file") != [(old_id,)])
    assert len(n_found) > 3
    assert set(n_found) == {3 * N_PAGES}
    assert len(found_entries(rig)) == 3 * N_PAGES
    rig.until(lambda: rig.rows("SELECT count(*) FROM content") == [(1,)])
    rig.until_ready(1)
    # Nothing of it is embedded again.
    texts = [text for one in rig.window.requests for text in one.texts]
    assert len(texts) == len(set(texts))


def test_what_is_paused_in_the_middle_leaves_nothing_and_is_read_later(
    rig: Rig, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_part, n_kept = DocumentContents.keep_part, []

    def keep_and_pause(contents: DocumentContents, part: DocumentPart, unfinished_id: int) -> int:
        n_kept.append(len(part.pages))
        if len(n_kept) == 3:
            rig.worker.change(CollectionChangeRequest("flat", is_paused=True))
        return keep_part(contents, part, unfinished_id)

    monkeypatch.setattr(DocumentContents, "keep_part", keep_and_pause)
    rig.create(folder)
    rig.until(lambda: rig.window.state_of("flat") is CollectionState.PAUSED)
    assert rig.window.summaries["flat"].n_searchable == 0
    assert found_entries(rig) == set()
    rig.until(lambda: rig.rows("SELECT count(*) FROM content") == [(0,)])
    assert rig.rows("SELECT count(*) FROM chunk_search") == [(0,)]
    rig.window.change_requested.emit(CollectionChangeRequest("flat", is_paused=False))
    rig.until_ready(1)
    assert len(found_entries(rig)) == 3 * N_PAGES


def test_a_disk_that_is_full_in_the_middle_is_told_and_all_goes_on_later(
    rig: Rig, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_part, full = DocumentContents.keep_part, [True]

    def keep_if_there_is_room(
        contents: DocumentContents, part: DocumentPart, unfinished_id: int
    ) -> int:
        if full and unfinished_id:
            raise WorldError(ErrorCode.DISK_FULL)
        return keep_part(contents, part, unfinished_id)

    monkeypatch.setattr(DocumentContents, "keep_part", keep_if_there_is_room)
    rig.create(folder)
    rig.until(lambda: rig.window.failures() == [ErrorCode.DISK_FULL])
    full.clear()
    rig.until_ready(1)
    assert len(found_entries(rig)) == 3 * N_PAGES
    rig.until(lambda: rig.rows("SELECT count(*) FROM content") == [(1,)])


class Held(ReaderProcess):
    """The real process; notes how often it was let wait."""

    n_holds = 0

    def hold(self) -> None:
        self.n_holds += 1
        super().hold()


def test_a_log_is_read_by_the_real_process_no_faster_than_it_is_kept(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_documents, "PART_CHARACTERS", 60_000)
    monkeypatch.setattr(index_documents, "LONGEST_PART_CHARACTERS", 80_000)
    log = write(tmp_path / "server.log", "\n".join(SENTENCE.format(n=n) for n in range(6000)))
    readers: list[Held] = []

    def make(parent: QObject) -> Held:
        readers.append(Held(parent))
        return readers[-1]

    database = document_database(tmp_path / "documents.db")
    worker = IndexWorker(database, tmp_path / "pasted", make)
    window = Window(worker)
    thread = WorkerThread("documents")
    thread.adopt(worker)
    thread.start()
    window.opened.emit()
    window.create_requested.emit(NewCollectionRequest("flat", "Flat", (log,)))
    qtbot.waitUntil(
        lambda: window.state_of("flat") is CollectionState.UNDERSTANDING, timeout=60_000
    )
    window.closed.emit()
    assert thread.wait()
    with closing(sqlite3.connect(tmp_path / "documents.db")) as connection:
        rows = connection.execute("SELECT text FROM chunk ORDER BY position").fetchall()
    words = [word for (text,) in rows for word in text.split()]
    assert words == log.read_text(encoding="utf-8").split()
    assert readers[0].n_holds > 0


def test_a_part_stands_under_the_headings_of_the_one_before() -> None:
    text = "Rent"
    heading = PageText(1, "", text, (Block(BlockKind.HEADING, 0, len(text), 1),))
    first, after = part_of(Pages([heading, page_of(2, "It is due in May.")]), "en")
    after.add(page_of(3, "It is paid in June."))
    second, _ = part_of(after, "en")
    assert [chunk.heading_path for chunk, _ in (*first.chunks, *second.chunks)] == [
        ("Rent",),
        ("Rent",),
    ]
    assert [chunk.position for chunk, _ in (*first.chunks, *second.chunks)] == [0, 1]


def test_a_part_ends_where_a_sentence_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_documents, "PART_CHARACTERS", 20)
    monkeypatch.setattr(index_documents, "LONGEST_PART_CHARACTERS", 60)
    half, whole, endless = Pages(), Pages(), Pages()
    half.add(page_of(1, "The rent is due on the first"))
    whole.add(page_of(1, "The rent is due on the first day of May."))
    endless.add(page_of(1, "word " * 12 + "word"))
    assert [pages.is_full for pages in (half, whole, endless)] == [False, True, True]
