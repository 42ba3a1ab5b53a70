"""The window around the pages: what leads where."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.errors import BugError, ErrorCode, Facts, Failure
from app.core.events import ConversationRequest, SearchHit, SearchResults
from app.core.settings import DEFAULTS, SettingKey
from app.ui.chat.chat_list_view import ChatListView
from app.ui.icons import pixmap
from app.ui.main_window import MainWindow
from app.ui.single_instance import Activation
from app.ui.theme import Theme
from app.ui.widgets.banner import Banner
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.rail import PageKey
from app.ui.window_place import SMALLEST_SIZE, START_SIZE, start_size
from tests.fit_samples import SMOL, UNMEASURED
from tests.ui.chat import samples
from tests.ui.chat.seen import find, message_field, names, text_of, visible


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> MainWindow:
    theme = Theme()
    theme.apply(qapp)
    window = MainWindow(theme, tmp_path)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


def test_the_offline_banner_leads_to_what_leaves_this_computer(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    banner = find(window, TextButton, "Offline: 0 bytes sent today")
    qtbot.mouseClick(banner, Qt.MouseButton.LeftButton)
    sentence = next(
        one for one in visible(window, QLabel) if one.text().startswith("Nothing leaves this")
    )
    assert sentence.visibleRegion().boundingRect().height() == sentence.height()
    assert any(str(tmp_path) in one.text() for one in visible(window, QLabel))


# --- chats that are left ---


def shown_chat(conversation_id: str, title: str) -> events.ShownConversation:
    return samples.shown(
        samples.question(f"q-{conversation_id}", title), of=samples.conversation(conversation_id)
    )


def open_chat(window: MainWindow, conversation_id: str, text: str) -> None:
    """Choose a chat in the list, and let the store show it."""
    window.chat_list.open_requested.emit(ConversationRequest(conversation_id))
    window.show_conversation(shown_chat(conversation_id, text))


def test_what_was_found_in_a_chat_is_in_sight_when_it_opens(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.resize(START_SIZE)
    qtbot.waitUntil(lambda: any(visible(window, QLineEdit)))
    field = find(window, QLineEdit, "Search chats")
    with qtbot.waitSignal(window.chat_list.search_requested) as asked:
        qtbot.keyClicks(field, "lease")
    hit = SearchHit(samples.CHAT_ID, "Talk", "a \u2068lease\u2069", "q20")
    window.chat_list.show_results(SearchResults(asked.args[0].serial, (hit,)))
    rows = find(window, ChatListView, "Search results")
    place = rows.visualRect(rows.rows.index_of(samples.CHAT_ID)).center()
    with qtbot.waitSignal(window.conversation_requested):
        qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    window.show_conversation(samples.long_chat(200))
    screen = window.rect()

    def is_in_sight(number: int) -> bool:
        texts = visible(window, QTextEdit)
        found = [one for one in texts if f"Question {number}:" in one.toPlainText()]
        return any(screen.contains(one.mapTo(window, one.rect().center())) for one in found)

    assert is_in_sight(20)
    assert not is_in_sight(99)
    window.show_conversation(samples.long_chat(200))
    assert is_in_sight(20), "news of the chat leave the reader there"
    window.chat_page.expect_conversation(ConversationRequest(samples.CHAT_ID, "q0"))
    window.show_conversation(samples.long_chat(2))
    assert "Jump to latest" not in names(window), "all of it is in sight"


def test_news_of_a_chat_that_was_left_do_not_bring_it_back(window: MainWindow) -> None:
    open_chat(window, "one", "The first chat")
    window.start_new_chat()
    window.show_conversation(shown_chat("one", "The first chat, renamed"))
    assert window.chat_page.conversation_id is None
    open_chat(window, "two", "The second chat")
    window.show_conversation(shown_chat("one", "The first chat"))
    assert window.chat_page.conversation_id == "two"


def test_a_chat_not_begun_becomes_the_one_its_first_message_is_stored_in(
    window: MainWindow, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.chat_page.send_requested) as sent:
        qtbot.keyClicks(message_field(window), "Why?")
        qtbot.keyClick(message_field(window), Qt.Key.Key_Return)
    window.take_stored(events.MessageStored(sent.args[0].serial, "new"))
    window.show_conversation(shown_chat("new", "Why?"))
    assert window.chat_page.conversation_id == "new"


def test_who_leaves_while_a_message_is_being_stored_is_left_where_they_are(
    window: MainWindow, qtbot: QtBot
) -> None:
    open_chat(window, "one", "The first chat")
    with qtbot.waitSignal(window.chat_page.send_requested) as sent:
        qtbot.keyClicks(message_field(window), "Why?")
        qtbot.keyClick(message_field(window), Qt.Key.Key_Return)
    open_chat(window, "two", "The second chat")
    assert message_field(window).isReadOnly()
    window.take_stored(events.MessageStored(sent.args[0].serial, "one"))
    window.show_conversation(shown_chat("one", "Why?"))
    assert window.chat_page.conversation_id == "two"
    assert not message_field(window).isReadOnly()


# --- undo ---


def undo(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(find(window, TextButton, "Undo"), Qt.MouseButton.LeftButton)


def test_of_two_deleted_chats_each_can_come_back_the_last_first(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.offer_undo(events.Deleted("one", None, "First"))
    window.offer_undo(events.Deleted("two", None, "Second"))
    assert "Chat deleted: Second" in text_of(window)
    with qtbot.waitSignal(window.undo.chat_restore_requested) as restored:
        undo(window, qtbot)
    assert restored.args == [ConversationRequest("two")]
    assert "Chat deleted: First" in text_of(window)
    with qtbot.waitSignal(window.undo.chat_restore_requested) as restored:
        undo(window, qtbot)
    assert restored.args == [ConversationRequest("one")]
    window.show_conversation(shown_chat("one", "The first chat"))
    assert window.chat_page.conversation_id == "one"


def test_only_what_can_no_longer_be_undone_is_purged(window: MainWindow, qtbot: QtBot) -> None:
    kept = events.Deleted("one", "q")
    window.offer_undo(kept)
    window.offer_undo(events.Deleted("two", None, "Second"))
    undo(window, qtbot)
    window.show_skipped(events.ModelSkipped(Path("big.gguf")))
    with qtbot.waitSignal(window.undo.purge_requested) as purged:
        window._toasts._timer.setInterval(0)
        window._toasts._timer.start()
    assert purged.args == [events.PurgeRequest((kept,))]
    assert "big.gguf" in text_of(window)


def test_a_note_does_not_cover_what_is_being_written(window: MainWindow) -> None:
    window.offer_undo(events.Deleted("one", None, "First"))
    area = window.chat_page.composer_area
    top = area.mapTo(window, area.rect().topLeft()).y()
    assert window._toasts.geometry().bottom() < top
    window.show_models()
    assert window._toasts.geometry().bottom() > top


# --- a store in trouble ---


def test_without_trouble_there_is_nothing_above_the_pages(window: MainWindow) -> None:
    assert [one for one in visible(window, Banner) if one.height() > 0] == []


def test_what_could_not_be_stored_is_said_on_every_page_until_something_is_stored(
    window: MainWindow, qtbot: QtBot
) -> None:
    facts = Facts(path="/data", available_bytes=12_000)
    window.show_store_failed(events.StoreFailed(Failure(ErrorCode.DISK_FULL, facts)))
    window.show_models()
    assert "The disk is full" in text_of(window)
    assert find(window, TextButton, "Open the data folder").isEnabled()
    window.take_stored(events.MessageStored(1, "one"))
    assert "The disk is full" not in text_of(window)


def test_a_mistake_of_ours_is_told_and_the_window_goes_on(window: MainWindow) -> None:
    window.show_bug(BugError("detail", "KeyError"))
    assert "Something went wrong in Quillhouse" in text_of(window)
    window.start_new_chat()
    assert message_field(window).isVisible()


def test_what_was_just_typed_into_a_setting_is_kept_when_the_window_closes(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.show_page(PageKey.SETTINGS)
    field = find(window, QPlainTextEdit, "Instructions for every chat")
    field.setPlainText("Be brief.")
    with qtbot.waitSignal(window.settings_page.setting_changed) as changed:
        window.close()
    assert changed.args == [events.SettingRequest(SettingKey.INSTRUCTIONS, "Be brief.")]


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)
@pytest.mark.parametrize("is_maximised", [False, True])
@pytest.mark.parametrize("is_minimised", [False, True])
def test_a_second_start_brings_the_window_up_as_large_as_it_was(
    window: MainWindow, is_maximised: bool, is_minimised: bool
) -> None:
    if is_maximised:
        window.showMaximized()
    if is_minimised:
        window.showMinimized()
    window.bring_to_front(Activation())
    assert window.isVisible()
    assert not window.isMinimized()
    assert window.isMaximized() is is_maximised


def test_the_window_has_the_icon_of_the_application(window: MainWindow) -> None:
    shown = window.windowIcon().pixmap(QSize(32, 32), 1.0).toImage()
    assert shown == pixmap("quillhouse", "", 32).toImage()


@pytest.mark.parametrize(
    ("screen", "start"),
    [
        (QSize(1920, 1080), START_SIZE),
        (QSize(1366, 728), QSize(1180, 688)),
        (QSize(640, 480), SMALLEST_SIZE),
    ],
)
def test_the_first_start_leaves_room_for_the_frame(screen: QSize, start: QSize) -> None:
    assert start_size(screen) == start


def test_the_window_opens_where_it_was_closed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.setGeometry(20, 30, 760, 600)
    with qtbot.waitSignal(window.setting_requested) as kept:
        window.close()
    request: events.SettingRequest = kept.args[0]
    assert request.key is SettingKey.WINDOW_PLACE
    assert request.value is not None
    again = MainWindow(Theme(), tmp_path)
    qtbot.addWidget(again)
    again.take_first_look({**DEFAULTS, SettingKey.WINDOW_PLACE: request.value})
    again.show()
    assert again.geometry() == window.geometry()


def test_nothing_is_said_while_there_is_nothing_to_say(window: MainWindow) -> None:
    assert not visible(window, Banner)
    failure = Failure(ErrorCode.DISK_FULL, Facts(path="/data", available_bytes=12_000))
    window.show_store_failed(events.StoreFailed(failure))
    assert len(list(visible(window, Banner))) == 1


# --- this computer ---


def test_this_computer_is_reached_from_models_and_settings_and_leads_back(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.models_page.show_outlook(UNMEASURED)
    window.show_models()
    qtbot.mouseClick(find(window, TextButton, "This computer"), Qt.MouseButton.LeftButton)
    assert window.computer_page.isVisible()
    assert find(window.rail, TextButton, "Models").isChecked()
    qtbot.mouseClick(find(window.computer_page, TextButton, "Models"), Qt.MouseButton.LeftButton)
    assert window.models_page.isVisible()
    window.show_page(PageKey.SETTINGS)
    link = find(window, TextButton, "What this computer has")
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert window.computer_page.isVisible()


def test_measuring_from_the_models_shows_this_computer_being_measured(
    window: MainWindow, qtbot: QtBot
) -> None:
    for page in (window.models_page, window.computer_page):
        page.show_outlook(UNMEASURED)
    window.show_models()
    with qtbot.waitSignal(window.computer_page.measure_requested):
        qtbot.mouseClick(find(window, TextButton, "Measure it"), Qt.MouseButton.LeftButton)
    assert window.computer_page.isVisible()
    assert find(window.computer_page, TextButton, "Cancel").isVisible()


def test_esc_closes_the_details_of_a_model_instead_of_stopping_an_answer(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.activateWindow()
    window.models_page.show_library(events.Library((SMOL,)))
    window.models_page.show_outlook(UNMEASURED)
    window.show_models()
    opener = find(window.models_page, QAbstractButton, "Details of SmolLM3 3B")
    opener.setFocus()
    opener.click()
    close = find(window.models_page, QAbstractButton, "Close the details")
    with qtbot.assertNotEmitted(window.chat_page.stop_requested):
        qtbot.keyClick(close, Qt.Key.Key_Escape)
    assert not close.isVisible()


# --- where the keyboard goes on ---


def test_deleting_the_open_chat_with_the_keyboard_leaves_the_keyboard_in_the_list(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.activateWindow()
    window.resize(START_SIZE)
    listed = [samples.conversation(one) for one in ("one", "two")]
    window.chat_list.show_chats(events.ChatList(tuple(listed)))
    open_chat(window, "one", "The first chat")
    view = next(iter(visible(window.chat_list, ChatListView)))
    view.setFocus()
    with qtbot.waitSignal(window.chat_list.delete_requested):
        qtbot.keyClick(view, Qt.Key.Key_Delete)
    window.offer_undo(events.Deleted("one", None, "One"))
    window.chat_list.show_chats(events.ChatList(tuple(listed[1:])))
    assert window.chat_page.conversation_id is None
    assert view.hasFocus()
    with qtbot.waitSignal(window.chat_list.delete_requested) as second:
        qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert second.args == [ConversationRequest("two")]


def test_after_undo_by_keyboard_the_user_can_type(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    window.offer_undo(events.Deleted("one", "turn", "One"))
    undo = find(window, TextButton, "Undo")
    undo.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(undo, Qt.Key.Key_Space)
    assert message_field(window).hasFocus()


def test_quick_presses_for_larger_text_all_count(window: MainWindow, qtbot: QtBot) -> None:
    asked: list[events.SettingRequest] = []
    window.setting_requested.connect(asked.append)
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    window._theme.set_scale(1.0)
    assert [one.value for one in asked] == [110, 120, 130]
