"""Scrolling: what the reader looks at stays where it is, and long chats open fast."""

import itertools

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.conversation import TurnState
from app.core.events import FinishReason
from app.ui.chat.page import ChatPage
from app.ui.chat.transcript import NEWEST_TURNS, Transcript
from app.ui.theme import Theme
from tests.ui.chat import samples
from tests.ui.chat.samples import ANSWER, CHAT_ID, MEASURED, answer, long_chat, question, shown
from tests.ui.chat.seen import find, names, text_of


@pytest.fixture
def transcript(page: ChatPage) -> Transcript:
    return page._chat.transcript


def built(qtbot: QtBot, transcript: Transcript, n_turns: int) -> None:
    qtbot.waitUntil(lambda: len(transcript.views) >= n_turns)
    QApplication.processEvents()


def scroll_to(transcript: Transcript, value: int) -> None:
    transcript.verticalScrollBar().setValue(value)
    QApplication.processEvents()


def is_at_end(transcript: Transcript) -> bool:
    bar = transcript.verticalScrollBar()
    return bar.value() == bar.maximum() > 0


def write(page: ChatPage, n_batches: int) -> None:
    for number in range(n_batches):
        page.append_answer(events.AnswerDelta("new", f"Paragraph {number}.\n\n", 5))
        QApplication.processEvents()


def writing_chat() -> events.ShownConversation:
    turns = (*long_chat(20).turns, question("last", "And?"), answer("new", "", TurnState.WRITING))
    return shown(*turns)


def test_a_chat_opens_at_its_end(page: ChatPage, transcript: Transcript) -> None:
    page.show_conversation(long_chat(20))
    assert is_at_end(transcript)


def test_a_reader_at_the_end_sees_each_new_word(
    qtbot: QtBot, page: ChatPage, transcript: Transcript
) -> None:
    page.show_conversation(writing_chat())
    write(page, 30)
    assert is_at_end(transcript)
    assert "Jump to latest" not in names(page)


def test_a_reader_who_has_scrolled_up_stays_there_and_can_jump_back(
    qtbot: QtBot, page: ChatPage, transcript: Transcript
) -> None:
    page.show_conversation(writing_chat())
    built(qtbot, transcript, 22)
    write(page, 10)
    scroll_to(transcript, transcript.verticalScrollBar().value() - 400)
    looked_at = transcript.verticalScrollBar().value()
    write(page, 30)
    page.finish_answer(events.AnswerFinished("new", FinishReason.END_OF_TURN, "Starter", MEASURED))
    QApplication.processEvents()
    assert transcript.verticalScrollBar().value() == looked_at
    jump = find(page, QAbstractButton, "Jump to latest")
    qtbot.mouseClick(jump, Qt.MouseButton.LeftButton)
    assert is_at_end(transcript)
    assert "Jump to latest" not in names(page)


def test_who_asks_something_new_is_taken_to_the_end(
    qtbot: QtBot, page: ChatPage, transcript: Transcript
) -> None:
    page.show_conversation(long_chat(20))
    built(qtbot, transcript, 20)
    scroll_to(transcript, transcript.verticalScrollBar().maximum() // 2)
    page.show_conversation(writing_chat())
    QApplication.processEvents()
    assert is_at_end(transcript)


def test_turns_that_have_not_changed_keep_their_widgets(
    qtbot: QtBot, page: ChatPage, transcript: Transcript
) -> None:
    page.show_conversation(long_chat(10))
    built(qtbot, transcript, 10)
    before = transcript.views
    page.show_conversation(shown(*long_chat(10).turns, question("last", "And?")))
    assert transcript.views[:10] == before
    page.show_conversation(long_chat(8))
    assert transcript.views == before[:8]


def test_of_a_thousand_turns_only_the_newest_are_built(
    qtbot: QtBot, page: ChatPage, transcript: Transcript
) -> None:
    page.show_conversation(long_chat(1000))
    assert len(transcript.views) < NEWEST_TURNS
    assert is_at_end(transcript)
    built(qtbot, transcript, NEWEST_TURNS)
    assert len(transcript.views) < 2 * NEWEST_TURNS
    assert transcript.views[-1].turn_id == "a499"
    assert is_at_end(transcript)


def test_older_turns_come_when_the_reader_gets_near_and_push_nothing_away(
    qtbot: QtBot, page: ChatPage, transcript: Transcript
) -> None:
    chat = long_chat(300)
    assert len(chat.turns) > 7 * NEWEST_TURNS
    page.show_conversation(chat)
    built(qtbot, transcript, NEWEST_TURNS)
    oldest = transcript.views[0]
    n_before = len(transcript.views)
    scroll_to(transcript, 10)
    assert len(transcript.views) > n_before
    top = oldest.mapTo(transcript.viewport(), QPoint(0, 0)).y()
    assert top == 12 - 10  # where it was when it was the first
    while transcript.verticalScrollBar().value() > 0:
        scroll_to(transcript, 0)
    assert transcript.views[0].turn_id == "q0"
    ids = [view.turn_id for view in transcript.views]
    assert ids == [one.turn.turn_id for one in chat.turns]


def test_what_the_reader_looks_at_survives_a_change_of_width(
    qtbot: QtBot, page: ChatPage, transcript: Transcript
) -> None:
    page.show_conversation(long_chat(20))
    built(qtbot, transcript, 20)
    scroll_to(transcript, transcript.views[10].y() + 5)
    page.resize(700, 700)
    QApplication.processEvents()
    view = transcript.views[10]
    assert view.y() <= transcript.verticalScrollBar().value() < view.y() + view.height()


def test_the_line_of_memory_stands_above_the_first_remembered_turn(page: ChatPage) -> None:
    turns = long_chat(6).turns
    words = "The model remembers from here"
    page.show_conversation(shown(*turns, of=samples.conversation(remembered_from_id="q1")))
    assert words in names(page._chat.transcript.views[2], QWidget)
    page.show_conversation(shown(*turns, of=samples.conversation(remembered_from_id="q0")))
    assert all(words not in names(view, QWidget) for view in page._chat.transcript.views)


def test_views_do_not_overlap_and_stand_in_order(
    qtbot: QtBot, page: ChatPage, transcript: Transcript
) -> None:
    page.show_conversation(writing_chat())
    built(qtbot, transcript, 22)
    write(page, 5)
    edges = [(view.y(), view.y() + view.height()) for view in transcript.views]
    assert all(above[1] < below[0] for above, below in itertools.pairwise(edges))


def test_another_version_of_an_answer_takes_the_place_of_the_first(
    page: ChatPage, transcript: Transcript
) -> None:
    first = answer("a", "First.", siblings=("a", "b"))
    page.show_conversation(shown(question("q", "Why?"), first, question("r", "And?")))
    second = answer("b", "Second.", siblings=("a", "b"))
    page.show_conversation(shown(question("q", "Why?"), second))
    assert [view.turn_id for view in transcript.views] == ["q", "b"]
    assert "First." not in text_of(page)


def test_page_keys_in_the_composer_scroll_the_turns(
    qtbot: QtBot, page: ChatPage, transcript: Transcript
) -> None:
    page.show_conversation(long_chat(20))
    built(qtbot, transcript, 20)
    end = transcript.verticalScrollBar().value()
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_PageUp)
    assert transcript.verticalScrollBar().value() < end
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_PageDown)
    assert transcript.verticalScrollBar().value() == end


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [420, 652, 1032])
@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_nothing_sticks_out_of_the_page(
    qtbot: QtBot,
    qapp: QApplication,
    theme: Theme,
    scale: float,
    width: int,
    direction: Qt.LayoutDirection,
) -> None:
    qapp.setLayoutDirection(direction)
    theme.set_scale(scale)
    page = ChatPage(theme)
    qtbot.addWidget(page)
    page.show_library(samples.LIBRARY)
    page.show_engine_status(samples.engine_ready(samples.STARTER))
    page.resize(width, 700)
    page.show()
    turns = (
        question("q", "word " * 300),
        answer("a", ANSWER, siblings=("a", "b")),
        question("r", "x" * 400),
        answer("b", "", TurnState.FAILED, error_code="engine_lost"),
    )
    page.show_conversation(shown(*turns))
    built(qtbot, page._chat.transcript, len(turns))
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    for view in page._chat.transcript.views:
        for widget in (view, *view.findChildren(QAbstractButton)):
            if widget.isVisible():
                left = widget.mapTo(page, QPoint(0, 0)).x()
                assert left >= 0, widget.accessibleName()
                assert left + widget.width() <= width, widget.accessibleName()
    assert page.width() == width
    assert page.conversation_id == CHAT_ID
