"""The viewer: pages as pictures and as text, with what was found marked."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.core.document_events import PageFailed, PagePicture, PageShown, PathRequest, PlaceRequest
from app.core.documents.evidence import DocumentPlace
from app.core.documents.text import Box, PageUnit, Span
from app.core.errors import ErrorCode, Facts, Failure
from app.ui.theme import Theme
from app.ui.viewer.document_viewer import DocumentViewer
from app.ui.viewer.page_picture import PictureView, picture_image
from app.ui.viewer.page_text import TextView

LEASE = DocumentPlace(
    7, Path("/docs/lease.pdf"), "0", PageUnit.PAGE, (Span(4, 5, 15),), quote="two months' notice"
)
N_PAGES = 12


class Room:
    """A viewer and what it has asked for."""

    def __init__(self, viewer: DocumentViewer) -> None:
        self.viewer = viewer
        self.asked: list[PlaceRequest] = []
        viewer.page_requested.connect(self.asked.append)

    def draw(self, request: PlaceRequest | None = None) -> None:
        """Answer a request with a page twice as high as wide, marked near its end."""
        asked = request or self.asked[-1]
        width = asked.width_px
        picture = PagePicture(width, 2 * width, b"\xff" * (width * 2 * width * 3))
        box = Box(width * 0.1, width * 1.7, width * 0.8, width * 1.72)
        page = asked.page or asked.place.page
        self.viewer.show_page(
            PageShown(
                asked.serial,
                asked.place,
                page,
                N_PAGES,
                asked.place.unit,
                picture=picture,
                boxes=(box,),
                text="The two months of notice",
                marks=((4, 14),),
            )
        )

    def write(self, text: str, *marks: tuple[int, int], has_changed: bool = False) -> None:
        asked = self.asked[-1]
        self.viewer.show_page(
            PageShown(
                asked.serial,
                asked.place,
                1,
                1,
                PageUnit.WHOLE,
                text=text,
                marks=marks,
                has_changed=has_changed,
            )
        )

    def button(self, name: str) -> QAbstractButton:
        buttons = self.viewer.findChildren(QAbstractButton)
        return next(one for one in buttons if one.accessibleName() == name)

    @property
    def picture(self) -> PictureView:
        return self.viewer.findChildren(PictureView)[0]

    @property
    def text(self) -> TextView:
        return self.viewer.findChildren(TextView)[0]

    def words(self) -> str:
        return "\n".join(one.text() for one in self.viewer.findChildren(QLabel) if one.isVisible())


@pytest.fixture
def room(qtbot: QtBot, qapp: object) -> Room:
    viewer = DocumentViewer(Theme())
    qtbot.addWidget(viewer)
    viewer.resize(480, 600)
    viewer.show()
    qtbot.waitExposed(viewer)
    viewer.activateWindow()
    return Room(viewer)


def test_a_place_is_opened_at_its_page_with_the_mark_in_view(room: Room) -> None:
    room.viewer.open_place(LEASE)
    assert room.asked[-1].page == 4
    assert 300 < room.asked[-1].width_px <= 480
    room.draw()
    assert room.picture.isVisible()
    assert room.picture.mark_in_view()
    assert "lease.pdf" in room.words()
    assert "of 12" in room.words()
    assert room.picture.accessibleName() == "lease.pdf, page 4, marked: two months"


def test_the_mark_is_drawn_over_the_words_like_a_marker(room: Room) -> None:
    room.viewer.open_place(LEASE)
    room.draw()
    image = room.picture.canvas.grab().toImage()
    mark = room.picture.canvas.marks()[0].center().toPoint()
    ratio = image.devicePixelRatio()
    marked = image.pixelColor(round(mark.x() * ratio), round(mark.y() * ratio))
    assert marked.blue() < 200 < marked.red()
    assert image.pixelColor(3, 3).name() == "#ffffff"


def test_the_last_page_asked_for_is_the_one_shown(room: Room) -> None:
    room.viewer.open_place(LEASE)
    early = room.asked[-1]
    room.viewer.open_place(replace(LEASE, path=Path("/docs/other.pdf"), spans=(Span(2, 0, 3),)))
    room.draw(early)
    assert not room.picture.isVisible()
    room.draw()
    assert room.picture.accessibleName().startswith("other.pdf, page 2")


def test_pages_are_turned_by_buttons_field_and_keys(qtbot: QtBot, room: Room) -> None:
    room.viewer.open_place(LEASE)
    room.draw()
    qtbot.mouseClick(room.button("Next page"), Qt.MouseButton.LeftButton)
    assert room.asked[-1].page == 5
    room.draw()
    field = room.viewer.findChildren(QLineEdit)[0]
    field.setText("12")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert room.asked[-1].page == 12
    room.draw()
    assert not room.button("Next page").isEnabled()
    room.viewer.focus_page()
    bar = room.picture.verticalScrollBar()
    bar.setValue(bar.minimum())
    qtbot.keyClick(room.picture, Qt.Key.Key_PageUp)
    assert room.asked[-1].page == 11
    room.draw()
    assert bar.value() == bar.maximum()
    qtbot.keyClick(room.picture, Qt.Key.Key_PageDown)
    assert room.asked[-1].page == 12


def test_a_larger_page_is_drawn_anew_and_stays_where_it_is(qtbot: QtBot, room: Room) -> None:
    room.viewer.open_place(LEASE)
    room.draw()
    n_asked, width = len(room.asked), room.asked[-1].width_px
    qtbot.mouseClick(room.button("Larger"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(room.asked) > n_asked)
    assert room.asked[-1].width_px == pytest.approx(width * 1.25, abs=2)
    room.draw()
    assert room.picture.mark_in_view()
    qtbot.mouseClick(room.button("Fit width"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: room.asked[-1].width_px == width)


def test_a_wider_viewer_asks_once_for_a_sharper_page(qtbot: QtBot, room: Room) -> None:
    room.viewer.open_place(LEASE)
    room.draw()
    n_asked = len(room.asked)
    for width in (500, 540, 600):
        room.viewer.resize(width, 600)
    qtbot.waitUntil(lambda: len(room.asked) > n_asked)
    assert len(room.asked) == n_asked + 1
    assert room.picture.mark_in_view()


def test_text_is_scrolled_to_its_mark_whatever_stands_before_it(qtbot: QtBot, room: Room) -> None:
    before = "Emoji \U0001f600 and a line.\n" * 200
    text = f"{before}Two months' notice.{before}"
    room.viewer.open_place(LEASE)
    room.write(text, (len(before), len(before) + 19))
    assert room.text.isVisible()
    assert room.text.marked_texts() == ["Two months' notice."]
    assert 0 < room.text.cursorRect().center().y() < room.text.viewport().height()
    assert not room.button("Larger").isVisible()
    assert not room.button("Next page").isVisible()


def test_a_text_cannot_hide_or_reorder_its_words(room: Room) -> None:
    room.viewer.open_place(LEASE)
    room.write("pay \u202e001\u202c euros", (5, 8))
    assert room.text.toPlainText() == "pay  001  euros"
    assert room.text.marked_texts() == ["001"]


def test_marks_outside_of_the_text_do_no_harm(room: Room) -> None:
    room.viewer.open_place(LEASE)
    room.write("short", (3, 99), (-1, 2), (4, 4))
    assert room.text.marked_texts() == []


def test_a_changed_file_is_told_of(room: Room) -> None:
    room.viewer.open_place(LEASE)
    room.write("text", has_changed=True)
    assert "This file has changed since it was read." in room.words()
    room.viewer.open_place(LEASE)
    room.write("text")
    assert "This file has changed" not in room.words()


def test_what_was_quoted_stays_when_the_page_cannot_be_shown(room: Room) -> None:
    room.viewer.open_place(LEASE)
    failure = Failure(ErrorCode.DOCUMENT_MISSING, Facts(path="/docs/lease.pdf"))
    room.viewer.show_page_failed(PageFailed(room.asked[-1].serial, LEASE, failure))
    assert "This file is gone" in room.words()
    assert "two months' notice" in room.words()


def test_a_page_that_takes_long_is_waited_for_in_words(qtbot: QtBot, room: Room) -> None:
    room.viewer.open_place(LEASE)
    assert "Opening the page" not in room.words()
    qtbot.waitUntil(lambda: "Opening the page…" in room.words())
    room.draw()
    assert "Opening the page" not in room.words()


@pytest.mark.parametrize("n_bytes", [0, 11, 13])
def test_a_picture_of_another_size_than_it_says_is_no_picture(n_bytes: int) -> None:
    assert picture_image(PagePicture(2, 2, b"x" * n_bytes)) is None
    assert picture_image(PagePicture(2, 2, b"x" * 12)) is not None
    assert picture_image(PagePicture(0, 2, b"")) is None


def test_colours_of_a_picture_come_as_blue_green_red() -> None:
    image = picture_image(PagePicture(1, 1, bytes((1, 2, 3))))
    assert image is not None
    colour = image.pixelColor(0, 0)
    assert (colour.blue(), colour.green(), colour.red()) == (1, 2, 3)


def test_escape_and_the_folder(qtbot: QtBot, room: Room) -> None:
    room.viewer.open_place(LEASE)
    room.draw()
    with qtbot.waitSignal(room.viewer.show_in_folder_requested) as asked:
        qtbot.mouseClick(room.button("Show in folder"), Qt.MouseButton.LeftButton)
    assert asked.args == [PathRequest(LEASE.path)]
    room.viewer.focus_page()
    with qtbot.waitSignal(room.viewer.closed):
        qtbot.keyClick(room.picture, Qt.Key.Key_Escape)
