"""Places of documents are shown as they stand there, or as they stood when they were read."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from app.core.document_events import PageFailed, PageShown, PlaceRequest
from app.core.documents.evidence import DocumentPlace
from app.core.documents.text import (
    DocumentFacts,
    DocumentKind,
    PageText,
    PageUnit,
    Span,
)
from app.core.errors import ErrorCode
from app.store.document_index import document_database
from app.store.document_rows import ReadDocument, stored_page
from app.worker import viewer_worker
from app.worker.viewer_worker import ViewerWorker
from tests.readers.pdf_samples import Text, write_pdf
from tests.retrieval_rig import DocumentRig, page_of

WAIT_MS = 30_000
RENT = "The rent is due on the first day of every month."
PETS = "Cats are allowed, dogs are not."


class Room:
    """A viewer, and documents that were read."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.rig = DocumentRig(folder)
        self.rig.add_collection("flat")
        self.viewer = ViewerWorker(document_database(self.rig.path))
        self.listener = Listener(self.viewer)

    def write_lease(self, name: str = "lease.pdf", n_more: int = 0) -> Path:
        pages = [[Text(72, 700, RENT)], [Text(72, 700, PETS)]]
        return write_pdf(self.folder / name, [*pages, *([Text(72, 700, RENT)],) * n_more])

    def keep(
        self, path: Path, kind: DocumentKind, pages: Sequence[PageText], n_pages: int = 0
    ) -> str:
        """Keep what was read of a file, and give the hash of its bytes."""
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        unit = PageUnit.PAGE if kind is DocumentKind.PDF else PageUnit.WHOLE
        facts = DocumentFacts(kind, unit, "", "en", n_pages or len(pages))
        stored = tuple(map(stored_page, pages))
        file_id = self.rig.add_file("flat", path.name, is_read=True)
        with self.rig.database.write() as connection:
            connection.execute(
                "UPDATE file SET path = ?, size_bytes = ?, modified_ns = ? WHERE file_id = ?",
                (str(path), path.stat().st_size, path.stat().st_mtime_ns, file_id),
            )
        document = ReadDocument(digest, path.suffix, facts, stored, ())
        self.rig.index.contents.keep(file_id, document, 1)
        return digest

    def keep_lease(self, path: Path) -> str:
        return self.keep(path, DocumentKind.PDF, [page_of(RENT), page_of(PETS, 2)])

    def ask(self, place: DocumentPlace, serial: int = 1, page: int = 0) -> None:
        self.viewer.show_place(PlaceRequest(serial, place, page, width_px=300))

    def shown(self, serial: int = 1) -> PageShown:
        heard = self.heard(serial)
        assert isinstance(heard, PageShown), heard
        return heard

    def heard(self, serial: int = 1) -> PageShown | PageFailed:
        """Wait for what is said of a request; it is said once."""
        self.qtbot.waitUntil(lambda: bool(self.listener.of(serial)), timeout=WAIT_MS)
        (heard,) = self.listener.of(serial)
        return heard


class Listener(QObject):
    """Writes down what the viewer says."""

    def __init__(self, viewer: ViewerWorker) -> None:
        super().__init__()
        self.heard: list[PageShown | PageFailed] = []
        viewer.page_shown.connect(self.hear)
        viewer.page_failed.connect(self.hear)

    @Slot(object)
    def hear(self, fact: PageShown | PageFailed) -> None:
        self.heard.append(fact)

    def of(self, serial: int) -> list[PageShown | PageFailed]:
        return [one for one in self.heard if one.serial == serial]


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    room = Room(qtbot, tmp_path)
    yield room
    room.viewer.close()
    room.rig.database.close()


def place_in(path: Path, digest: str, *spans: Span) -> DocumentPlace:
    return DocumentPlace(1, path, digest, PageUnit.PAGE, spans or (Span(1, 0, 8),))


def test_a_page_comes_as_a_picture_with_its_sentence_marked(room: Room) -> None:
    path = room.write_lease()
    room.ask(place_in(path, room.keep_lease(path), Span(1, 4, 8)))
    shown = room.shown()
    assert (shown.page, shown.n_pages, shown.has_changed) == (1, 2, False)
    assert (shown.text, shown.marks) == (RENT, ((4, 8),))
    assert shown.picture is not None
    assert shown.picture.width_px == 300
    (box,) = shown.boxes
    assert 0 < box.left < box.right < 300


def test_another_page_than_the_place_has_no_marks(room: Room) -> None:
    path = room.write_lease()
    room.ask(place_in(path, room.keep_lease(path)), page=2)
    shown = room.shown()
    assert (shown.page, shown.text, shown.marks, shown.boxes) == (2, PETS, (), ())
    assert shown.picture is not None


def test_a_place_over_two_pages_is_marked_on_each(room: Room) -> None:
    path = room.write_lease()
    place = place_in(path, room.keep_lease(path), Span(1, 4, 8), Span(2, 0, 4))
    room.ask(place)
    assert room.shown().marks == ((4, 8),)
    room.ask(place, serial=2, page=2)
    assert room.shown(2).marks == ((0, 4),)
    assert len(room.shown(2).boxes) == 1


def test_formats_without_pages_come_as_text(room: Room) -> None:
    path = room.folder / "notes.txt"
    path.write_text(RENT, encoding="utf-8")
    digest = room.keep(path, DocumentKind.TEXT, [page_of(RENT)])
    room.ask(place_in(path, digest))
    shown = room.shown()
    assert (shown.picture, shown.text, shown.marks) == (None, RENT, ((0, 8),))
    assert (shown.unit, shown.has_changed) == (PageUnit.WHOLE, False)


@pytest.mark.parametrize("suffix", [".txt", ".pdf"])
def test_a_changed_file_is_shown_as_it_was_read_and_said_to_have_changed(
    room: Room, suffix: str
) -> None:
    path = room.write_lease("lease" + suffix)
    kind = DocumentKind.PDF if suffix == ".pdf" else DocumentKind.TEXT
    digest = room.keep(path, kind, [page_of(RENT)])
    path.write_bytes(path.read_bytes() + b"\n% more")
    room.ask(place_in(path, digest))
    shown = room.shown()
    assert (shown.has_changed, shown.text, shown.picture) == (True, RENT, None)


def test_a_file_that_was_only_touched_has_not_changed(room: Room) -> None:
    path = room.write_lease()
    digest = room.keep_lease(path)
    os.utime(path, ns=(1, 1))
    room.ask(place_in(path, digest))
    shown = room.shown()
    assert not shown.has_changed
    assert shown.picture is not None


def test_a_file_that_is_gone_is_shown_as_it_was_read(room: Room) -> None:
    path = room.write_lease()
    digest = room.keep_lease(path)
    path.unlink()
    room.ask(place_in(path, digest))
    shown = room.shown()
    assert (shown.text, shown.marks, shown.has_changed) == (RENT, ((0, 8),), True)


def test_a_file_that_is_gone_and_was_forgotten_is_missing(room: Room) -> None:
    room.ask(place_in(room.folder / "gone.pdf", "ab12"))
    failed = room.heard()
    assert isinstance(failed, PageFailed)
    assert failed.failure.code is ErrorCode.DOCUMENT_MISSING
    assert failed.failure.facts.file_name == "gone.pdf"


def test_a_document_whose_collection_was_removed_is_still_drawn(room: Room) -> None:
    path = room.write_lease()
    room.ask(place_in(path, hashlib.sha256(path.read_bytes()).hexdigest()))
    shown = room.shown()
    assert shown.picture is not None
    assert (shown.n_pages, shown.text, shown.has_changed) == (2, "", False)


@pytest.mark.parametrize("has_text", [True, False])
def test_a_page_that_cannot_be_drawn_is_shown_as_its_text_if_it_has_one(
    room: Room, *, has_text: bool
) -> None:
    path = room.folder / "lease.pdf"
    path.write_bytes(b"%PDF-1.7\nno pages at all")
    pages = [page_of(RENT)] if has_text else []
    digest = room.keep(path, DocumentKind.PDF, pages, n_pages=1)
    room.ask(place_in(path, digest))
    if has_text:
        assert (room.shown().text, room.shown().picture) == (RENT, None)
    else:
        failed = room.heard()
        assert isinstance(failed, PageFailed)
        assert failed.failure.code is ErrorCode.DOCUMENT_DAMAGED


def test_only_the_page_asked_for_last_is_shown(room: Room) -> None:
    path = room.write_lease(n_more=30)
    place = place_in(path, room.keep_lease(path))
    for serial in range(1, 6):
        room.ask(place, serial, page=serial)
    assert room.shown(5).page == 5
    assert [one.serial for one in room.listener.heard] == [5]


def test_text_asked_for_while_a_page_is_drawn_is_not_followed_by_that_page(room: Room) -> None:
    path = room.write_lease()
    lease = place_in(path, room.keep_lease(path))
    notes = room.folder / "notes.txt"
    notes.write_text(PETS, encoding="utf-8")
    digest = room.keep(notes, DocumentKind.TEXT, [page_of(PETS)])
    room.ask(lease, 1)
    room.ask(place_in(notes, digest), 2)
    room.ask(lease, 3)
    assert room.shown(3).picture is not None
    assert [one.serial for one in room.listener.heard] == [2, 3]


def test_without_a_database_the_place_fails_and_its_quote_stays(
    qtbot: QtBot, tmp_path: Path
) -> None:
    viewer = ViewerWorker(document_database(tmp_path / "none" / "documents.db"))
    listener = Listener(viewer)
    place = place_in(tmp_path / "lease.pdf", "ab12")
    viewer.show_place(PlaceRequest(1, place, width_px=300))
    (failed,) = listener.heard
    assert isinstance(failed, PageFailed)
    assert failed.place == place
    viewer.close()


def processes() -> set[int]:
    return {one.pid for one in psutil.Process().children()}


def test_the_process_that_draws_ends_when_nothing_is_drawn_and_comes_back(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewer_worker, "IDLE_MS", 1)
    before = processes()
    viewer = ViewerWorker(document_database(room.rig.path))
    listener = Listener(viewer)
    path = room.write_lease()
    place = place_in(path, room.keep_lease(path))
    for serial in (1, 2):
        viewer.show_place(PlaceRequest(serial, place, width_px=300))
        assert processes() - before
        room.qtbot.waitUntil(lambda n=serial: bool(listener.of(n)), timeout=WAIT_MS)
        room.qtbot.waitUntil(lambda: not processes() - before, timeout=WAIT_MS)
    viewer.close()


def test_closing_while_a_page_is_drawn_leaves_no_process(room: Room) -> None:
    before = processes()
    path = room.write_lease()
    room.ask(place_in(path, room.keep_lease(path)))
    assert processes() - before
    room.viewer.close()
    assert not processes() - before
    assert not room.listener.heard
