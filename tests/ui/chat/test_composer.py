"""Typing and sending: which key does what, and that no text is lost."""

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.ui.chat.composer import Composer
from app.ui.chat.composer_edit import MOST_LINES
from app.ui.theme import Theme
from tests.ui.chat.seen import find, message_field, names


@pytest.fixture
def composer(qtbot: QtBot, theme: Theme) -> Composer:
    composer = Composer(theme)
    qtbot.addWidget(composer)
    composer.resize(500, 60)
    composer.show()
    qtbot.waitExposed(composer)
    return composer


@pytest.fixture
def field(composer: Composer) -> QPlainTextEdit:
    return message_field(composer)


def test_enter_asks_to_send_and_the_text_stays_until_it_is_stored(
    qtbot: QtBot, composer: Composer, field: QPlainTextEdit
) -> None:
    qtbot.keyClicks(field, "Hello")
    with qtbot.waitSignal(composer.send_requested) as sent:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert sent.args == ["Hello"]
    assert field.toPlainText() == "Hello"
    composer.clear_sent("Hello")
    assert field.toPlainText() == ""


def test_shift_enter_begins_a_line_that_is_an_ordinary_line_break(
    qtbot: QtBot, composer: Composer, field: QPlainTextEdit
) -> None:
    with qtbot.assertNotEmitted(composer.send_requested):
        qtbot.keyClicks(field, "one")
        qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        qtbot.keyClicks(field, "two")
    assert field.toPlainText() == "one\ntwo"
    assert field.document().blockCount() == 2


def test_when_enter_does_not_send_it_begins_a_line_and_ctrl_enter_sends(
    qtbot: QtBot, composer: Composer, field: QPlainTextEdit
) -> None:
    composer.set_enter_sends(enter_sends=False)
    with qtbot.assertNotEmitted(composer.send_requested):
        qtbot.keyClicks(field, "one")
        qtbot.keyClick(field, Qt.Key.Key_Return)
        qtbot.keyClicks(field, "two")
    with qtbot.waitSignal(composer.send_requested) as sent:
        qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert sent.args == ["one\ntwo"]


def test_enter_that_chooses_in_an_input_method_does_not_send(
    qtbot: QtBot, composer: Composer, field: QPlainTextEdit
) -> None:
    QApplication.sendEvent(field, QInputMethodEvent("にほ", []))
    with qtbot.assertNotEmitted(composer.send_requested):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    chosen = QInputMethodEvent()
    chosen.setCommitString("日本")
    QApplication.sendEvent(field, chosen)
    with qtbot.waitSignal(composer.send_requested) as sent:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert sent.args[0].strip() == "日本"


def test_nothing_but_spaces_is_not_sent(
    qtbot: QtBot, composer: Composer, field: QPlainTextEdit
) -> None:
    qtbot.keyClicks(field, "   ")
    with qtbot.assertNotEmitted(composer.send_requested):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert not find(composer, QAbstractButton, "Send").isEnabled()


@pytest.mark.parametrize("scale", [0.9, 1.0, 1.3, 2.0])
@pytest.mark.parametrize("n_lines", range(1, MOST_LINES + 1))
def test_up_to_eight_lines_all_are_in_sight(
    theme: Theme, composer: Composer, field: QPlainTextEdit, n_lines: int, scale: float
) -> None:
    theme.set_scale(scale)
    composer.set_text("\n".join(["a line"] * n_lines))
    composer.resize(500, composer.sizeHint().height())
    QApplication.processEvents()
    assert field.verticalScrollBar().maximum() == 0


def test_the_field_grows_to_eight_lines_and_then_scrolls(
    qtbot: QtBot, composer: Composer, field: QPlainTextEdit
) -> None:
    heights = []
    for n_lines in (1, 2, MOST_LINES, MOST_LINES + 4):
        composer.set_text("\n".join("x" * n_lines))
        composer.adjustSize()
        qtbot.waitUntil(lambda: field.height() == field.sizeHint().height())
        heights.append(field.height())
    one, two, most, more = heights
    assert one < two < most == more
    assert field.verticalScrollBar().maximum() > 0


def test_what_is_pasted_is_plain_text(field: QPlainTextEdit) -> None:
    data = QMimeData()
    data.setHtml("<b>bold</b>")
    data.setText("bold")
    field.insertFromMimeData(data)
    assert field.toPlainText() == "bold"
    assert not field.textCursor().charFormat().font().bold()


def test_a_dragged_model_file_is_left_to_the_window(field: QPlainTextEdit) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/models/Some.GGUF")])
    assert not field.canInsertFromMimeData(data)
    data.setUrls([QUrl("https://example.org/page")])
    assert field.canInsertFromMimeData(data)


def test_while_an_answer_is_written_the_button_stops_it(
    qtbot: QtBot, composer: Composer, field: QPlainTextEdit
) -> None:
    composer.set_answering(is_answering=True)
    with qtbot.waitSignal(composer.stop_requested):
        qtbot.mouseClick(find(composer, QAbstractButton, "Stop"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(composer.stop_requested):
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    composer.set_answering(is_answering=False)
    assert names(composer) == {"Send"}


def test_while_an_answer_is_written_enter_keeps_the_text_and_says_why(
    qtbot: QtBot, composer: Composer, field: QPlainTextEdit
) -> None:
    composer.set_answering(is_answering=True)
    qtbot.keyClicks(field, "next")
    with qtbot.waitSignal(composer.send_blocked), qtbot.assertNotEmitted(composer.send_requested):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.toPlainText() == "next"


def test_a_draft_is_reported_once_typing_pauses(
    qtbot: QtBot, composer: Composer, field: QPlainTextEdit
) -> None:
    heard: list[str] = []
    composer.draft_changed.connect(heard.append)
    with qtbot.waitSignal(composer.draft_changed):
        qtbot.keyClicks(field, "draft")
    assert heard == ["draft"]


def test_a_draft_put_there_by_the_page_is_not_reported(qtbot: QtBot, composer: Composer) -> None:
    with qtbot.assertNotEmitted(composer.draft_changed):
        composer.set_text("from the store")
        composer.report_draft_now()


def test_text_changed_since_it_was_sent_is_not_cleared(
    composer: Composer, field: QPlainTextEdit
) -> None:
    composer.set_text("changed")
    assert not composer.clear_sent("sent")
    assert field.toPlainText() == "changed"


def test_an_example_joins_what_is_typed_and_undo_takes_it_out(
    qtbot: QtBot, composer: Composer, field: QPlainTextEdit
) -> None:
    qtbot.keyClicks(field, "mine")
    composer.add_text("example")
    assert field.toPlainText() == "mine\nexample"
    field.undo()
    assert field.toPlainText() == "mine"


def test_while_it_is_being_sent_the_text_cannot_be_changed_or_sent_twice(
    qtbot: QtBot, composer: Composer, field: QPlainTextEdit
) -> None:
    qtbot.keyClicks(field, "once")
    composer.set_sending(is_sending=True)
    with qtbot.assertNotEmitted(composer.send_requested):
        qtbot.keyClicks(field, " more")
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.toPlainText() == "once"
