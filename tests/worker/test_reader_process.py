"""The parser process: whatever a document does to it, the next one is read."""

import os
import signal
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from app.core.documents.text import PageText, Span, TextSource
from app.core.errors import ErrorCode
from app.readers import protocol
from app.readers.child import LONG_CHARACTERS
from app.readers.reading import ReadingLimits
from app.worker import child_process
from app.worker.document_reader import DocumentRead, PageRead, ReadFailed
from app.worker.reader_process import PictureArrived, ReaderProcess
from tests.readers.pdf_samples import (
    Text,
    write_bomb,
    write_doubling_bomb,
    write_page_bomb,
    write_pdf,
)

WAIT_MS = 30_000
LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
LINE = [Text(72, 700, "The rent is due on the first day of every month.")]


class Desk:
    """Asks the process and keeps what it says."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.reader = ReaderProcess()
        self.pages: list[PageRead] = []
        self.on_page: Callable[[PageRead], object] = lambda _page: None
        self.ended: dict[str, DocumentRead | PictureArrived | ReadFailed] = {}
        self.reader.page_read.connect(self.take)
        self.reader.document_read.connect(self.end)
        self.reader.picture_drawn.connect(self.end)
        self.reader.failed.connect(self.end)

    def take(self, page: PageRead) -> None:
        self.pages.append(page)
        self.on_page(page)

    def end(self, ended: DocumentRead | PictureArrived | ReadFailed) -> None:
        self.ended[ended.request_id] = ended

    def reads(self, path: Path, limits: ReadingLimits | None = None) -> str:
        self.reader.read(path.name, path, reads_scans=False, limits=limits)
        return path.name

    def until_ended(self, request_id: str) -> object:
        self.qtbot.waitUntil(lambda: request_id in self.ended, timeout=WAIT_MS)
        return self.ended[request_id]

    def code_of(self, request_id: str) -> ErrorCode:
        ended = self.until_ended(request_id)
        assert isinstance(ended, ReadFailed)
        return ended.failure.code


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(qtbot)
    yield desk
    desk.reader.close()


def test_a_document_comes_page_by_page(desk: Desk, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [LINE] * 3)
    ended = desk.until_ended(desk.reads(path))
    assert isinstance(ended, DocumentRead)
    assert ended.facts.n_pages == 3
    assert [one.page.number for one in desk.pages] == [1, 2, 3]


def test_pages_wait_until_they_are_wanted(desk: Desk, tmp_path: Path) -> None:
    n_pages = 3 * protocol.PAGES_AHEAD
    desk.on_page = lambda _page: desk.reader.hold()
    path = write_pdf(tmp_path / "a.pdf", [LINE] * n_pages)
    request_id = desk.reads(path)
    desk.qtbot.waitUntil(lambda: len(desk.pages) == protocol.PAGES_AHEAD, timeout=WAIT_MS)
    child = psutil.Process(desk.reader.process_id)
    desk.qtbot.waitUntil(lambda: child.status() == psutil.STATUS_SLEEPING, timeout=WAIT_MS)
    assert len(desk.pages) == protocol.PAGES_AHEAD
    assert not desk.reader._silence.isActive()  # It is not its fault.
    desk.on_page = lambda _page: None
    desk.reader.go_on()
    assert isinstance(desk.until_ended(request_id), DocumentRead)
    assert len(desk.pages) == n_pages
    # What was held is held no more.
    after = desk.reads(write_pdf(tmp_path / "b.pdf", [LINE] * n_pages))
    assert isinstance(desk.until_ended(after), DocumentRead)


def test_a_recognised_page_counts_for_many() -> None:
    scan = PageText(1, "", "text", (), TextSource.OCR)
    assert protocol.weight_of(scan) * protocol.SCANS_AHEAD == protocol.PAGES_AHEAD
    assert protocol.weight_of(PageText(1, "", "text", ())) == 1


def test_what_is_prepared_reads_at_once(desk: Desk, tmp_path: Path) -> None:
    assert not desk.reader.process_id
    desk.reader.prepare()
    desk.qtbot.waitUntil(lambda: desk.reader._is_ready, timeout=WAIT_MS)
    number = desk.reader.process_id
    path = write_pdf(tmp_path / "a.pdf", [LINE])
    assert isinstance(desk.until_ended(desk.reads(path)), DocumentRead)
    desk.reader.prepare()
    assert desk.reader.process_id == number
    assert not desk.reader.is_busy


def test_the_language_of_a_long_document_is_told_before_its_end(
    desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "long.txt"
    path.write_text("Die Miete wird am ersten Werktag des Monats gezahlt.\n" * 20_000)
    desk.until_ended(desk.reads(path))
    told = [one.language for one in desk.pages]
    assert told[0] == ""
    assert told[-1] == "de"
    n_before = told.count("")
    assert sum(len(one.page.text) for one in desk.pages[: n_before + 1]) >= LONG_CHARACTERS


def test_a_death_refuses_that_document_and_reads_the_next(desk: Desk, tmp_path: Path) -> None:
    desk.on_page = lambda _page: os.kill(desk.reader.process_id, signal.SIGKILL)
    first = desk.reads(write_pdf(tmp_path / "first.pdf", [LINE] * 100))
    second = desk.reads(write_pdf(tmp_path / "second.pdf", [LINE]))
    desk.qtbot.waitUntil(lambda: bool(desk.pages), timeout=WAIT_MS)
    desk.on_page = lambda _page: None
    assert desk.code_of(first) is ErrorCode.DOCUMENT_TOO_COMPLEX
    assert isinstance(desk.until_ended(second), DocumentRead)


def test_a_bomb_is_stopped_by_its_limits(desk: Desk, tmp_path: Path) -> None:
    limits = ReadingLimits(cpu_s=1)
    bomb = desk.reads(write_bomb(tmp_path / "bomb.pdf", 400_000_000), limits)
    after = desk.reads(write_pdf(tmp_path / "after.pdf", [LINE]))
    ended = desk.until_ended(bomb)
    if isinstance(ended, ReadFailed):
        expected = {ErrorCode.DOCUMENT_TOO_COMPLEX, ErrorCode.DOCUMENT_EMPTY}
        assert ended.failure.code in expected | {ErrorCode.DOCUMENT_IS_SCAN}
    assert isinstance(desk.until_ended(after), DocumentRead)


def test_drawings_that_double_and_double_are_stopped(desk: Desk, tmp_path: Path) -> None:
    bomb = desk.reads(write_doubling_bomb(tmp_path / "bomb.pdf", 40), ReadingLimits(cpu_s=1))
    after = desk.reads(write_pdf(tmp_path / "after.pdf", [LINE]))
    ended = desk.until_ended(bomb)
    assert isinstance(ended, ReadFailed)
    assert ended.failure.code is ErrorCode.DOCUMENT_TOO_COMPLEX
    assert ended.failure.facts.reason in {"time", "memory"}
    assert isinstance(desk.until_ended(after), DocumentRead)


def test_pages_without_end_are_stopped(desk: Desk, tmp_path: Path) -> None:
    bomb = write_page_bomb(tmp_path / "bomb.pdf", 20_000)
    assert desk.code_of(desk.reads(bomb, ReadingLimits(max_pages=500))) is (
        ErrorCode.DOCUMENT_TOO_COMPLEX
    )
    assert len(desk.pages) == 500


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_pipe_is_not_waited_for(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "pipe.pdf"
    os.mkfifo(path)
    assert desk.code_of(desk.reads(path)) is ErrorCode.DOCUMENT_UNREADABLE


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.pdf", b"", ErrorCode.DOCUMENT_EMPTY),
        ("lie.pdf", b"no document at all", ErrorCode.DOCUMENT_DAMAGED),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 8, ErrorCode.DOCUMENT_UNSUPPORTED),
        ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 8, ErrorCode.DOCUMENT_UNSUPPORTED),
        ("locked.docx", LOCKED, ErrorCode.DOCUMENT_NEEDS_PASSWORD),
        ("noise.docx", b"PK\x03\x04" + b"\0" * 50, ErrorCode.DOCUMENT_DAMAGED),
        ("picture.jpg", b"\xff\xd8\xff\xe0", ErrorCode.DOCUMENT_UNSUPPORTED),
    ],
)
def test_what_cannot_be_read_says_why(
    desk: Desk, tmp_path: Path, name: str, content: bytes, code: ErrorCode
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert desk.code_of(desk.reads(path)) is code


def test_a_file_that_is_gone_says_so(desk: Desk, tmp_path: Path) -> None:
    assert desk.code_of(desk.reads(tmp_path / "gone.pdf")) is ErrorCode.DOCUMENT_MISSING


def test_a_page_is_drawn_with_its_marks(desk: Desk, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [LINE])
    desk.reader.draw("drawn", path, 1, 300, (Span(1, 0, 8),))
    drawn = desk.until_ended("drawn")
    assert isinstance(drawn, PictureArrived)
    assert len(drawn.picture.pixels) == drawn.picture.width_px * drawn.picture.height_px * 3
    assert len(drawn.boxes) == 1


def test_a_picture_that_is_none_is_a_failure(desk: Desk) -> None:
    for pixels in (b"no picture", b"", zlib.compress(b"too short")):
        desk.ended.clear()
        desk.reader._take_picture(protocol.PageDrawn("drawn", 10, 10, pixels, (), 1, ""))
        assert desk.code_of("drawn") is ErrorCode.BUG


def test_what_is_given_up_says_nothing_more(desk: Desk, tmp_path: Path) -> None:
    desk.on_page = lambda page: desk.reader.cancel(page.request_id)
    given_up = desk.reads(write_pdf(tmp_path / "given-up.pdf", [LINE] * 100))
    desk.qtbot.waitUntil(lambda: bool(desk.pages), timeout=WAIT_MS)
    desk.on_page = lambda _page: None
    after = desk.reads(write_pdf(tmp_path / "after.pdf", [LINE]))
    desk.until_ended(after)
    assert given_up not in desk.ended


def test_a_process_that_cannot_start_is_told_of(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = (sys.executable, ["-c", "raise SystemExit(3)"])
    monkeypatch.setattr(child_process, "child_command", lambda _role: silent)
    path = write_pdf(tmp_path / "a.pdf", [LINE])
    assert desk.code_of(desk.reads(path)) is ErrorCode.READER_UNUSABLE


def test_closing_leaves_no_process(desk: Desk, tmp_path: Path) -> None:
    desk.until_ended(desk.reads(write_pdf(tmp_path / "a.pdf", [LINE])))
    number = desk.reader.process_id
    assert psutil.pid_exists(number)
    desk.reader.close()
    assert not psutil.pid_exists(number)
