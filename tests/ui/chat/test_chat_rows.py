"""The rows of the chat list: headings by date, and changes in place."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.core.conversation import Conversation
from app.core.events import RenameRequest
from app.ui.chat.chat_rows import ChatRowsModel, Row, RowKind, chat_rows

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


def chat(name: str, days_ago: float = 0) -> Conversation:
    moment = NOW - timedelta(days=days_ago)
    return Conversation(name, name.title(), moment, moment)


def checked_model(rows: tuple[Row, ...] = ()) -> ChatRowsModel:
    model = ChatRowsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.show_rows(rows)
    return model


def test_chats_stand_under_the_heading_of_their_day_newest_first() -> None:
    rows = chat_rows([chat("old", 400), chat("now"), chat("week", 5), chat("before", 1)], NOW)
    assert [row.title for row in rows] == [
        "Today",
        "Now",
        "Yesterday",
        "Before",
        "Previous 7 days",
        "Week",
        "Older",
        "Old",
    ]


keys = st.lists(st.sampled_from("abcdefgh"), unique=True)
titles = st.integers(0, 2)


@given(st.lists(st.tuples(keys, titles), max_size=5))
def test_any_change_of_rows_ends_in_the_rows_wanted(
    changes: list[tuple[list[str], int]],
) -> None:
    model = checked_model()
    for wanted_keys, number in changes:
        wanted = tuple(Row(RowKind.CHAT, key, f"{key}{number}") for key in wanted_keys)
        model.show_rows(wanted)
        assert model.rows == wanted


def test_a_chat_that_moves_to_the_top_stays_the_same_row(qapp: object) -> None:
    model = checked_model(chat_rows([chat("first"), chat("second", 0.1)], NOW))
    index = QPersistentModelIndex(model.index_of("second"))
    model.show_rows(chat_rows([chat("first", 0.2), chat("second")], NOW))
    assert index.isValid()
    assert index.row() == 1
    assert index.data() == "Second"


def test_headings_cannot_be_chosen_or_edited(qapp: object) -> None:
    model = checked_model(chat_rows([chat("first")], NOW))
    assert model.flags(model.index(0)) == Qt.ItemFlag.NoItemFlags
    assert model.flags(model.index(1)) & Qt.ItemFlag.ItemIsEditable


def test_a_new_title_is_shown_at_once_and_asked_to_be_stored(qtbot: QtBot) -> None:
    model = checked_model(chat_rows([chat("first")], NOW))
    with qtbot.waitSignal(model.renamed) as heard:
        assert model.setData(model.index(1), "  Lease:\n notice  ")
    assert heard.args == [RenameRequest("first", "Lease: notice")]
    assert model.index(1).data() == "Lease: notice"


@pytest.mark.parametrize("title", ["", "   ", "First"])
def test_an_empty_or_unchanged_title_changes_nothing(qtbot: QtBot, title: str) -> None:
    model = checked_model(chat_rows([chat("first")], NOW))
    with qtbot.assertNotEmitted(model.renamed):
        assert not model.setData(model.index(1), title)
