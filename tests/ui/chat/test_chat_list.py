"""The list of chats: opening, renaming, deleting, searching."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QRegion
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.conversation import Conversation
from app.core.events import ConversationRequest, RenameRequest
from app.ui.chat.chat_list import ChatList
from app.ui.chat.chat_list_view import ChatListView
from app.ui.chat.chat_rows_delegate import SMALL_PX
from app.ui.theme import Theme
from app.ui.widgets.prose_style import interface_font
from tests.ui.chat.seen import find, text_of


def chats(*titles: str) -> events.ChatList:
    now = datetime.now().astimezone()
    return events.ChatList(tuple(Conversation(one.lower(), one, now, now) for one in titles))


@pytest.fixture
def chat_list(qtbot: QtBot, theme: Theme) -> ChatList:
    chat_list = ChatList(theme)
    qtbot.addWidget(chat_list)
    chat_list.resize(240, 500)
    chat_list.show_chats(chats("Lease", "Recipe", "Letter"))
    chat_list.show()
    qtbot.waitExposed(chat_list)
    chat_list.activateWindow()
    return chat_list


def rows(chat_list: ChatList) -> ChatListView:
    return next(one for one in chat_list.findChildren(ChatListView) if one.isVisible())


def titles(view: ChatListView) -> list[str]:
    model = view.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def place_of(view: ChatListView, title: str) -> QPoint:
    model = view.model()
    found = next(row for row in range(model.rowCount()) if model.index(row, 0).data() == title)
    return view.visualRect(model.index(found, 0)).center()


def search_field(chat_list: ChatList) -> QLineEdit:
    return find(chat_list, QLineEdit, "Search chats")


def results(serial: int, found: Iterable[str]) -> events.SearchResults:
    hits = tuple(events.SearchHit(one.lower(), one, f"\u2068{one}\u2069") for one in found)
    return events.SearchResults(serial, hits)


def test_a_click_opens_a_chat_and_one_on_a_heading_does_nothing(
    qtbot: QtBot, chat_list: ChatList
) -> None:
    view = rows(chat_list)
    with qtbot.assertNotEmitted(chat_list.open_requested):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, "Today"))
    with qtbot.waitSignal(chat_list.open_requested) as opened:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, "Recipe"))
    assert opened.args == [ConversationRequest("recipe")]


def test_the_keyboard_walks_over_headings_and_enter_opens(
    qtbot: QtBot, chat_list: ChatList
) -> None:
    view = rows(chat_list)
    search_field(chat_list).setFocus()
    qtbot.keyClick(search_field(chat_list), Qt.Key.Key_Down)
    assert view.currentIndex().data() == "Lease"
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.currentIndex().data() == "Lease"
    qtbot.keyClick(view, Qt.Key.Key_Down)
    with qtbot.waitSignal(chat_list.open_requested) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [ConversationRequest("recipe")]


def rename_field(view: ChatListView) -> QLineEdit:
    return find(view, QLineEdit, "New name of the chat")


def test_f2_renames_a_chat_in_its_place(qtbot: QtBot, chat_list: ChatList) -> None:
    view = rows(chat_list)
    chat_list.select("recipe")
    qtbot.keyClick(view, Qt.Key.Key_F2)
    field = rename_field(view)
    field.selectAll()
    qtbot.keyClicks(field, "Cake")
    with qtbot.waitSignal(chat_list.rename_requested) as renamed:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert renamed.args == [RenameRequest("recipe", "Cake")]
    assert titles(view) == ["Today", "Lease", "Cake", "Letter"]


def test_a_name_being_typed_survives_news_of_the_list(qtbot: QtBot, chat_list: ChatList) -> None:
    view = rows(chat_list)
    chat_list.select("recipe")
    qtbot.keyClick(view, Qt.Key.Key_F2)
    qtbot.keyClicks(rename_field(view), "Ca")
    chat_list.show_chats(chats("Letter", "New", "Lease", "Recipe"))
    field = rename_field(view)
    qtbot.keyClicks(field, "ke")
    with qtbot.waitSignal(chat_list.rename_requested) as renamed:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert renamed.args == [RenameRequest("recipe", "Cake")]


def test_escape_leaves_the_name_as_it_was(qtbot: QtBot, chat_list: ChatList) -> None:
    view = rows(chat_list)
    chat_list.select("recipe")
    qtbot.keyClick(view, Qt.Key.Key_F2)
    qtbot.keyClicks(rename_field(view), "Cake")
    with qtbot.assertNotEmitted(chat_list.rename_requested):
        qtbot.keyClick(rename_field(view), Qt.Key.Key_Escape)
    assert "Recipe" in titles(view)


def test_delete_asks_to_delete_the_current_chat(qtbot: QtBot, chat_list: ChatList) -> None:
    chat_list.select("letter")
    with qtbot.waitSignal(chat_list.delete_requested) as deleted:
        qtbot.keyClick(rows(chat_list), Qt.Key.Key_Delete)
    assert deleted.args == [ConversationRequest("letter")]


def test_enter_ends_renaming_and_opens_nothing(qtbot: QtBot, chat_list: ChatList) -> None:
    view = rows(chat_list)
    chat_list.begin_rename("letter")
    field = rename_field(view)
    qtbot.keyClicks(field, "Cake")
    with (
        qtbot.assertNotEmitted(chat_list.open_requested, wait=50),
        qtbot.waitSignal(chat_list.rename_requested),
    ):
        qtbot.keyClick(field, Qt.Key.Key_Return)


def test_the_menu_renames_and_deletes(qtbot: QtBot, chat_list: ChatList) -> None:
    view = rows(chat_list)
    menu = view.open_menu(view.indexAt(place_of(view, "Lease")))
    actions = {action.text(): action for action in menu.actions()}
    with qtbot.waitSignal(chat_list.delete_requested) as deleted:
        actions["Delete"].trigger()
    assert deleted.args == [ConversationRequest("lease")]
    actions["Rename"].trigger()
    assert rename_field(view).text() == "Lease"


def test_the_list_changes_in_place(chat_list: ChatList) -> None:
    view = rows(chat_list)
    QAbstractItemModelTester(
        view.model(), QAbstractItemModelTester.FailureReportingMode.Fatal, chat_list
    )
    chat_list.show_chats(chats("Letter", "Lease"))
    assert titles(view) == ["Today", "Letter", "Lease"]
    chat_list.show_chats(chats())
    assert "Your chats will be listed here." in text_of(chat_list)


# --- when the date changes ---

EVENING = datetime(2026, 5, 20, 23, 59, 59, 900_000).astimezone()
MORNING = datetime(2026, 5, 21, 8).astimezone()


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def list_of_the_evening(qtbot: QtBot, theme: Theme, clock: Clock) -> ChatList:
    chat_list = ChatList(theme, now=clock)
    qtbot.addWidget(chat_list)
    listed = Conversation("lease", "Lease", clock.now, clock.now)
    chat_list.show_chats(events.ChatList((listed,)))
    chat_list.show()
    qtbot.waitExposed(chat_list)
    assert titles(rows(chat_list)) == ["Today", "Lease"]
    return chat_list


def test_at_midnight_today_becomes_yesterday(qtbot: QtBot, theme: Theme) -> None:
    clock = Clock(EVENING)
    chat_list = list_of_the_evening(qtbot, theme, clock)
    clock.now = MORNING
    qtbot.waitUntil(lambda: titles(rows(chat_list)) == ["Yesterday", "Lease"])


def test_the_date_is_looked_at_when_the_window_is_come_back_to(qtbot: QtBot, theme: Theme) -> None:
    clock = Clock(EVENING - timedelta(hours=5))
    chat_list = list_of_the_evening(qtbot, theme, clock)
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    clock.now = MORNING
    chat_list.activateWindow()
    qtbot.waitUntil(lambda: titles(rows(chat_list)) == ["Yesterday", "Lease"])


def test_a_computer_that_slept_over_midnight_is_noticed(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.ui.chat.chat_list.LONGEST_WAIT_S", 0.01)
    clock = Clock(EVENING - timedelta(hours=5))
    chat_list = list_of_the_evening(qtbot, theme, clock)
    clock.now = MORNING + timedelta(days=3)
    qtbot.waitUntil(lambda: titles(rows(chat_list)) == ["Previous 7 days", "Lease"])


# --- searching ---


def test_a_search_is_asked_for_once_typing_pauses(qtbot: QtBot, chat_list: ChatList) -> None:
    heard: list[events.SearchRequest] = []
    chat_list.search_requested.connect(heard.append)
    with qtbot.waitSignal(chat_list.search_requested):
        qtbot.keyClicks(search_field(chat_list), "le")
    with qtbot.waitSignal(chat_list.search_requested):
        qtbot.keyClicks(search_field(chat_list), "ase")
    assert [one.query for one in heard] == ["le", "lease"]
    assert heard[0].serial < heard[1].serial


def search_for(qtbot: QtBot, chat_list: ChatList, query: str) -> int:
    with qtbot.waitSignal(chat_list.search_requested) as asked:
        qtbot.keyClicks(search_field(chat_list), query)
    return int(asked.args[0].serial)


def test_results_are_shown_and_opened(qtbot: QtBot, chat_list: ChatList) -> None:
    serial = search_for(qtbot, chat_list, "le")
    chat_list.show_results(results(serial, ["Lease", "Letter"]))
    view = rows(chat_list)
    assert titles(view) == ["Lease", "Letter"]
    with qtbot.waitSignal(chat_list.open_requested) as opened:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, "Letter"))
    assert opened.args == [ConversationRequest("letter")]


def darkest(picture: QImage, columns: range) -> int:
    """Give the lightness of the darkest ink in the lower line of a row."""
    lines = range(picture.height() * 6 // 10, picture.height())
    return min(picture.pixelColor(x, y).lightness() for x in columns for y in lines)


@pytest.mark.parametrize("before", ["abcd ", "😀😀😀 ", "𝔞𝔟 "])
def test_all_letters_of_a_match_are_marked_and_no_others(
    qtbot: QtBot, chat_list: ChatList, theme: Theme, before: str
) -> None:
    serial = search_for(qtbot, chat_list, "ll")
    found = events.SearchHit("lease", "Lease", f"{before}\u2068llllllll\u2069")
    chat_list.show_results(events.SearchResults(serial, (found,)))
    view = rows(chat_list)
    row = view.visualRect(view.model().index(0, 0))
    picture = QImage(row.size(), QImage.Format.Format_RGB32)
    picture.fill(QColor(theme.tokens.page))
    nothing_below = QWidget.RenderFlag(0)
    view.viewport().render(picture, QPoint(), QRegion(row), nothing_below)
    paper = QColor(theme.tokens.page).lightness()
    dim = QColor(theme.tokens.dim).lightness()
    columns = range(picture.width())
    inked = [x for x in columns if darkest(picture, range(x, x + 1)) < paper]
    letter_px = QFontMetrics(interface_font(theme, SMALL_PX, QFont.Weight.Bold)).horizontalAdvance
    end = inked[-1] + 1
    for _ in range(8):
        assert darkest(picture, range(end - letter_px("l"), end)) < dim
        end -= letter_px("l")
    assert darkest(picture, range(inked[0], end - letter_px(" "))) >= dim


def test_late_results_of_an_earlier_search_are_dropped(qtbot: QtBot, chat_list: ChatList) -> None:
    early = search_for(qtbot, chat_list, "le")
    late = search_for(qtbot, chat_list, "ase")
    chat_list.show_results(results(late, ["Lease"]))
    chat_list.show_results(results(early, ["Lease", "Letter"]))
    assert titles(rows(chat_list)) == ["Lease"]


def test_a_search_without_results_says_for_what(qtbot: QtBot, chat_list: ChatList) -> None:
    serial = search_for(qtbot, chat_list, "<b>x")
    chat_list.show_results(results(serial, []))
    assert "Nothing found for “<b>x”." in text_of(chat_list)


def test_escape_ends_the_search_and_keeps_the_key_to_itself(
    qtbot: QtBot, chat_list: ChatList
) -> None:
    serial = search_for(qtbot, chat_list, "le")
    chat_list.show_results(results(serial, ["Lease"]))
    qtbot.keyClick(search_field(chat_list), Qt.Key.Key_Escape)
    assert titles(rows(chat_list)) == ["Today", "Lease", "Recipe", "Letter"]
    chat_list.show_results(results(serial, ["Lease"]))
    assert titles(rows(chat_list))[0] == "Today"


def test_a_search_is_asked_again_when_chats_have_changed(
    qtbot: QtBot, chat_list: ChatList
) -> None:
    search_for(qtbot, chat_list, "le")
    with qtbot.waitSignal(chat_list.search_requested) as asked:
        chat_list.show_chats(chats("Lease"))
    assert asked.args[0].query == "le"


def test_the_chat_on_the_screen_is_brought_into_sight(qtbot: QtBot, chat_list: ChatList) -> None:
    many = [f"Chat {number}" for number in range(200)]
    chat_list.show_chats(chats(*many))
    chat_list.select("chat 3")
    QApplication.processEvents()
    view = rows(chat_list)
    assert view.viewport().rect().contains(place_of(view, "Chat 3"))
    chat_list.select(None)
    assert view._delegate.open_id is None


def test_after_a_deletion_the_next_chat_is_current_and_the_list_keeps_the_keyboard(
    qtbot: QtBot, chat_list: ChatList
) -> None:
    view = rows(chat_list)
    chat_list.select("lease")
    view.setFocus()
    chat_list.delete_requested.connect(
        lambda one: gone.append(one.conversation_id), Qt.ConnectionType.DirectConnection
    )
    gone: list[str] = []
    for left in (("Recipe", "Letter"), ("Letter",)):
        qtbot.keyClick(view, Qt.Key.Key_Delete)
        chat_list.select(None)
        chat_list.show_chats(chats(*left))
        assert view.hasFocus()
        assert view.currentIndex().data() == left[0]
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    chat_list.show_chats(chats())
    assert gone == ["lease", "recipe", "letter"]
    assert search_field(chat_list).hasFocus()


def test_after_the_last_chat_of_the_list_the_one_above_is_current(chat_list: ChatList) -> None:
    chat_list.select("letter")
    chat_list.show_chats(chats("Lease", "Recipe"))
    assert rows(chat_list).currentIndex().data() == "Recipe"
