"""Places of documents as the viewer gets them: the page, what is marked, what has changed."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from app.core.document_events import PageFailed, PageShown, PlaceRequest
from app.core.documents.evidence import DocumentPlace
from app.core.documents.text import DocumentFacts, DocumentKind, PageText, PageUnit, Span
from app.core.errors import ErrorCode
from app.readers.endings import READER_VERSION
from app.readers.kinds import kind_of, reader_of
from app.readers.reading import ReadingLimits, ReadingOptions
from app.store.document_contents import DocumentContents
from app.store.document_index import document_database
from app.store.document_rows import ReadDocument, stored_page
from app.worker import viewer_worker
from app.worker.viewer_worker import ViewerWorker
from tests.readers.pdf_samples import Text, share_of_ink, write_bomb, write_pdf

WAIT_MS = 30_000
SENTENCE = "The deposit is 1,450 euros."
PAGE = [Text(72, 700, "Lease of the flat"), Text(72, 650, SENTENCE)]


class Library:
    """Files that have been read, and a viewer that shows them."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.database = document_database(folder / "documents.db")
        self.database.open()
        self.worker = ViewerWorker(document_database(folder / "documents.db"))
        self.heard: list[PageShown | PageFailed] = []
        self.worker.page_shown.connect(self.hear)
        self.worker.page_failed.connect(self.hear)
        self.serial = 0

    def hear(self, fact: PageShown | PageFailed) -> None:
        self.heard.append(fact)

    def read(self, path: Path) -> DocumentPlace:
        """Read a file as the index does, and give the place of the sentence in it."""
        pages: list[PageText] = []
        options = ReadingOptions(reads_scans=False)
        facts = reader_of(kind_of(path))(path, ReadingLimits(), options, pages.append)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        self.keep(path, sha256, facts, pages)
        page = next(one for one in pages if SENTENCE in one.text)
        start = page.text.index(SENTENCE)
        span = Span(page.number, start, start + len(SENTENCE))
        return DocumentPlace(1, path, sha256, facts.unit, (span,), quote=SENTENCE)

    def keep(self, path: Path, sha256: str, facts: DocumentFacts, pages: list[PageText]) -> None:
        kept = ReadDocument(sha256, path.suffix, facts, tuple(map(stored_page, pages)))
        with self.database.write(durable=False) as connection:
            connection.execute(
                "INSERT OR IGNORE INTO collection (collection_id, name, embedding_key, created_at)"
                " VALUES ('c', 'Flat', '', '')"
            )
            stat = path.stat()
            connection.execute(
                "INSERT INTO file (file_id, collection_id, path, size_bytes, modified_ns, sha256)"
                " VALUES (1, 'c', ?, ?, ?, ?)",
                (str(path), stat.st_size, stat.st_mtime_ns, sha256),
            )
        DocumentContents(self.database).keep(1, kept, READER_VERSION)

    def ask(self, place: DocumentPlace, page: int = 0, width_px: int = 600) -> int:
        self.serial += 1
        self.worker.show_place(PlaceRequest(self.serial, place, page, width_px))
        return self.serial

    def until_heard(self, serial: int) -> PageShown | PageFailed:
        self.qtbot.waitUntil(
            lambda: any(one.serial == serial for one in self.heard), timeout=WAIT_MS
        )
        return next(one for one in self.heard if one.serial == serial)

    def shows(self, place: DocumentPlace, page: int = 0) -> PageShown:
        shown = self.until_heard(self.ask(place, page))
        assert isinstance(shown, PageShown)
        return shown


@pytest.fixture
def library(qtbot: QtBot, tmp_path: Path) -> Iterator[Library]:
    library = Library(qtbot, tmp_path)
    yield library
    library.worker.close()
    library.database.close()


def test_a_page_comes_as_picture_with_the_sentence_marked(library: Library) -> None:
    shown = library.shows(library.read(write_pdf(library.folder / "a.pdf", [[], PAGE])))
    assert (shown.page, shown.n_pages, shown.unit) == (2, 2, PageUnit.PAGE)
    assert shown.picture is not None
    assert shown.picture.width_px == 600
    (box,) = shown.boxes
    assert share_of_ink(shown.picture, box) > 0.99
    assert [shown.text[start:end] for start, end in shown.marks] == [SENTENCE]
    assert not shown.has_changed


def test_another_page_of_the_document_has_no_marks(library: Library) -> None:
    place = library.read(write_pdf(library.folder / "a.pdf", [PAGE, PAGE]))
    shown = library.shows(place, page=2)
    assert (shown.page, shown.boxes, shown.marks) == (2, (), ())
    assert shown.picture is not None


def test_formats_without_a_look_come_as_text(library: Library) -> None:
    path = library.folder / "notes.txt"
    path.write_text(f"Lease of the flat\n\n{SENTENCE}\n", encoding="utf-8")
    shown = library.shows(library.read(path))
    assert shown.picture is None
    assert [shown.text[start:end] for start, end in shown.marks] == [SENTENCE]


def test_a_file_that_has_changed_says_so_and_keeps_its_text(library: Library) -> None:
    place = library.read(write_pdf(library.folder / "a.pdf", [PAGE]))
    write_pdf(place.path, [[Text(72, 700, "Something else altogether.")]])
    shown = library.shows(place)
    assert shown.has_changed
    assert shown.picture is None
    assert SENTENCE in shown.text


def test_a_file_that_was_only_touched_has_not_changed(library: Library) -> None:
    place = library.read(write_pdf(library.folder / "a.pdf", [PAGE]))
    place.path.write_bytes(place.path.read_bytes())
    shown = library.shows(place)
    assert not shown.has_changed
    assert shown.picture is not None


def test_a_file_that_is_gone_is_shown_as_it_was_read(library: Library) -> None:
    place = library.read(write_pdf(library.folder / "a.pdf", [PAGE]))
    place.path.unlink()
    shown = library.shows(place)
    assert shown.is_missing
    assert not shown.has_changed
    assert SENTENCE in shown.text


def test_a_file_that_is_gone_and_unknown_is_missing(library: Library) -> None:
    place = DocumentPlace(9, library.folder / "x.pdf", "0" * 64, PageUnit.PAGE, (Span(1, 0, 4),))
    failed = library.until_heard(library.ask(place))
    assert isinstance(failed, PageFailed)
    assert failed.failure.code is ErrorCode.DOCUMENT_MISSING


def test_only_the_page_asked_for_last_comes(library: Library) -> None:
    place = library.read(write_pdf(library.folder / "a.pdf", [PAGE] * 5))
    serials = [library.ask(place, page) for page in (1, 2, 3, 4, 5)]
    shown = library.until_heard(serials[-1])
    assert isinstance(shown, PageShown)
    assert shown.page == 5
    assert [one.serial for one in library.heard] == serials[-1:]


def test_a_page_that_takes_for_ever_does_not_hold_up_the_next(library: Library) -> None:
    bomb = write_bomb(library.folder / "bomb.pdf", 2_000_000_000)
    sha256 = hashlib.sha256(bomb.read_bytes()).hexdigest()
    facts = DocumentFacts(DocumentKind.PDF, PageUnit.PAGE, "", "", 1)
    library.keep(bomb, sha256, facts, [])
    library.ask(DocumentPlace(1, bomb, sha256, PageUnit.PAGE, (Span(1, 0, 1),)))
    fine = write_pdf(library.folder / "fine.pdf", [PAGE])
    sha256 = hashlib.sha256(fine.read_bytes()).hexdigest()
    place = DocumentPlace(2, fine, sha256, PageUnit.PAGE, (Span(1, 0, 5),))
    shown = library.shows(place)
    assert shown.picture is not None


def test_a_place_over_two_pages_is_marked_on_each(library: Library) -> None:
    place = library.read(write_pdf(library.folder / "a.pdf", [PAGE, PAGE]))
    place = replace(place, spans=(*place.spans, Span(2, 0, 5)))
    first, second = library.shows(place), library.shows(place, page=2)
    assert [first.text[start:end] for start, end in first.marks] == [SENTENCE]
    assert [second.text[start:end] for start, end in second.marks] == ["Lease"]
    assert (len(first.boxes), len(second.boxes)) == (1, 1)


def test_a_document_that_is_no_longer_kept_is_still_drawn(library: Library) -> None:
    place = library.read(write_pdf(library.folder / "a.pdf", [PAGE, PAGE]))
    with library.database.write() as connection:
        connection.execute("DELETE FROM collection")
        connection.execute("DELETE FROM content")
    shown = library.shows(place)
    assert shown.picture is not None
    assert (shown.n_pages, shown.text, len(shown.boxes)) == (2, "", 1)
    assert not shown.has_changed


@pytest.mark.parametrize("has_text", [True, False])
def test_a_page_that_cannot_be_drawn_is_shown_as_its_text_if_it_has_one(
    library: Library, *, has_text: bool
) -> None:
    path = library.folder / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\nno pages at all")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    facts = DocumentFacts(DocumentKind.PDF, PageUnit.PAGE, "", "", 1)
    library.keep(path, sha256, facts, [PageText(1, "", SENTENCE, ())] if has_text else [])
    place = DocumentPlace(1, path, sha256, PageUnit.PAGE, (Span(1, 0, 3),))
    heard = library.until_heard(library.ask(place))
    if has_text:
        assert isinstance(heard, PageShown)
        assert (heard.text, heard.marks, heard.picture) == (SENTENCE, ((0, 3),), None)
    else:
        assert isinstance(heard, PageFailed)
        assert heard.failure.code is ErrorCode.DOCUMENT_DAMAGED


def test_a_page_is_not_shown_after_the_text_that_was_asked_for_later(library: Library) -> None:
    path = library.folder / "notes.txt"
    path.write_text(SENTENCE, encoding="utf-8")
    notes = library.read(path)
    page = write_pdf(library.folder / "a.pdf", [PAGE])
    sha256 = hashlib.sha256(page.read_bytes()).hexdigest()
    drawn = DocumentPlace(2, page, sha256, PageUnit.PAGE, (Span(1, 0, 5),))
    serials = [library.ask(one) for one in (drawn, notes, drawn)]
    library.until_heard(serials[-1])
    assert [one.serial for one in library.heard] == serials[1:]


def test_without_a_database_only_the_page_fails(qtbot: QtBot, tmp_path: Path) -> None:
    worker = ViewerWorker(document_database(tmp_path / "none" / "documents.db"))
    place = DocumentPlace(1, tmp_path / "a.pdf", "ab12", PageUnit.PAGE, (Span(1, 0, 4),))
    with qtbot.waitSignal(worker.page_failed) as heard:
        worker.show_place(PlaceRequest(1, place, 0, 600))
    failed: PageFailed = heard.args[0]
    assert (failed.serial, failed.place) == (1, place)
    worker.close()


def parsers() -> set[int]:
    return {one.pid for one in psutil.Process().children()}


def test_the_process_that_draws_ends_when_nobody_looks_and_comes_back(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = parsers()
    monkeypatch.setattr(viewer_worker, "IDLE_MS", 1)
    idle = ViewerWorker(document_database(library.folder / "documents.db"))
    place = library.read(write_pdf(library.folder / "a.pdf", [PAGE]))
    for serial in (1, 2):
        with library.qtbot.waitSignal(idle.page_shown, timeout=WAIT_MS):
            idle.show_place(PlaceRequest(serial, place, 0, 600))
            assert parsers() - before
        library.qtbot.waitUntil(lambda: not parsers() - before, timeout=WAIT_MS)
    idle.close()


def test_closing_while_a_page_is_drawn_leaves_no_process(library: Library) -> None:
    before = parsers()
    library.ask(library.read(write_pdf(library.folder / "a.pdf", [PAGE])))
    assert parsers() - before
    library.worker.close()
    assert not parsers() - before
    assert library.heard == []
