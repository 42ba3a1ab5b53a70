"""Nothing is asked of the network before the user has allowed it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.core.errors import ErrorCode, Failure
from app.core.events import SettingRequest, StoreFailed
from app.core.hub_events import HubSearchRequest, NetworkState
from app.core.settings import SettingKey
from app.ui.network_dialog import NetworkDialog
from app.ui.online_gate import OnlineGate
from app.ui.theme import Theme

ONLINE, OFFLINE = NetworkState(is_offline=False), NetworkState(is_offline=True)
REQUEST = HubSearchRequest("qwen", 1)
FAILED = StoreFailed(Failure(ErrorCode.DATABASE_TOO_NEW))
ALLOWED = SettingRequest(SettingKey.IS_OFFLINE, value=False)


class Seen(QObject):
    """Keeps what is said and sent, in its order."""

    def __init__(self, gate: OnlineGate) -> None:
        super().__init__()
        self.sent: list[object] = []
        gate.setting_requested.connect(self.take)
        gate.refused.connect(self.refuse)

    def take(self, payload: object) -> None:
        self.sent.append(payload)

    def refuse(self, payload: object) -> None:
        self.sent.append(("refused", payload))


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def gate(window: QWidget, qapp: QApplication) -> OnlineGate:
    theme = Theme()
    theme.apply(qapp)
    return OnlineGate(theme, window)


def questions(window: QWidget) -> list[NetworkDialog]:
    return [one for one in window.findChildren(NetworkDialog) if one.isVisible()]


def test_the_question_names_whom_the_settings_name(gate: OnlineGate, window: QWidget) -> None:
    mirror = NetworkState(is_offline=True, host="models.clinic.example")
    for state, words in ((OFFLINE, "contact huggingface.co, where"), (mirror, mirror.host)):
        gate.show_network(state)
        gate.go_online()
        (question,) = questions(window)
        said = " ".join(one.text() for one in question.findChildren(QLabel))
        assert words in said.replace("\u200b", "")
        question.reject()
        QApplication.processEvents()


def press(window: QWidget, name: str) -> None:
    (question,) = questions(window)
    next(
        one for one in question.findChildren(QAbstractButton) if one.accessibleName() == name
    ).click()


def test_the_question_says_who_sees_what(window: QWidget, gate: OnlineGate) -> None:
    gate.go_online()
    (question,) = questions(window)
    text = "\n".join(one.text() for one in question.findChildren(QLabel))
    for words in ("huggingface.co", "internet address", "Never sent: your chats", "switch"):
        assert words in text
    QTest.keyClick(question, Qt.Key.Key_Return)
    assert questions(window), "the Enter that asked does not answer as well"


def test_a_request_goes_only_when_the_door_is_open(window: QWidget, gate: OnlineGate) -> None:
    seen = Seen(gate)
    gate.ask(seen.take, REQUEST)
    gate.ask(seen.take, "second")
    assert len(questions(window)) == 1, "it is asked once"
    assert seen.sent == []
    press(window, "Use the internet")
    assert seen.sent == [ALLOWED]
    gate.show_network(OFFLINE)
    assert seen.sent == [ALLOWED], "a state from before the change opens nothing"
    gate.show_network(ONLINE)
    assert seen.sent == [ALLOWED, REQUEST, "second"]
    gate.ask(seen.take, "third")
    assert seen.sent[-1] == "third"
    assert questions(window) == []


def test_who_stays_offline_sends_nothing_and_is_asked_again_next_time(
    window: QWidget, gate: OnlineGate
) -> None:
    seen = Seen(gate)
    gate.ask(seen.take, REQUEST)
    press(window, "Stay offline")
    assert seen.sent == [("refused", REQUEST)]
    gate.show_network(ONLINE)
    assert seen.sent == [("refused", REQUEST)], "dropped for good"
    gate.show_network(OFFLINE)
    gate.ask(seen.take, REQUEST)
    assert len(questions(window)) == 1


def test_allowing_that_came_to_nothing_is_repeated_with_the_next_request(
    window: QWidget, gate: OnlineGate
) -> None:
    seen = Seen(gate)
    gate.ask(seen.take, REQUEST)
    press(window, "Use the internet")
    gate.ask(seen.take, "second")
    assert questions(window) == []
    assert seen.sent == [ALLOWED, ALLOWED]


def test_the_switch_of_the_settings_answers_an_open_question(
    window: QWidget, gate: OnlineGate
) -> None:
    seen = Seen(gate)
    gate.ask(seen.take, REQUEST)
    gate.show_network(ONLINE)
    assert questions(window) == []
    assert seen.sent == [REQUEST]


STEPS = st.lists(st.sampled_from(["ask", "use", "stay", "online", "offline"]), max_size=14)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_nothing_is_ever_sent_while_offline_or_twice(qapp: QApplication, steps: list[str]) -> None:
    window = QWidget()
    window.show()
    gate = OnlineGate(Theme(), window)
    sent: list[int] = []
    is_online, n_asked = False, 0

    def send(number: int) -> None:
        assert is_online
        sent.append(number)

    for step in steps:
        if step == "ask":
            n_asked += 1
            gate.ask(send, n_asked)
        elif step in {"use", "stay"} and questions(window):
            press(window, "Use the internet" if step == "use" else "Stay offline")
        elif step in {"online", "offline"}:
            is_online = step == "online"
            gate.show_network(NetworkState(is_offline=not is_online))
    assert sent == sorted(set(sent))
    window.close()
    window.deleteLater()


def test_a_setting_that_cannot_be_kept_lets_nobody_wait(window: QWidget, gate: OnlineGate) -> None:
    seen = Seen(gate)
    gate.show_network(OFFLINE)
    gate.show_store_failed(FAILED)
    gate.ask(seen.take, REQUEST)
    gate.show_store_failed(FAILED)
    assert questions(window)[0].isVisible()
    press(window, "Use the internet")
    assert seen.sent == [ALLOWED]
    gate.show_store_failed(FAILED)
    assert seen.sent == [ALLOWED, ("refused", REQUEST)]
    gate.ask(seen.take, REQUEST)
    assert len(questions(window)) == 1, "asked anew"
