"""Settings of the network: the switch, addresses, the token, and the list of requests."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.core.errors import ErrorCode, Facts, Failure
from app.core.events import SettingRequest, SettingsChanged
from app.core.hub_events import LedgerShown, NetworkState, TokenAnswer, TokenRequest
from app.core.network import HUB_ENDPOINT, LedgerEntry, Purpose, Traffic
from app.core.settings import DEFAULTS, SettingKey
from app.ui.settings.field_checks import check_line
from app.ui.settings.ledger_dialog import LedgerDialog
from app.ui.settings.page import SettingsPage
from app.ui.theme import Theme
from app.ui.widgets.confirm_dialog import ConfirmDialog

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
SWITCH = "Use the internet when I ask for it"
TOKEN = "Access token for models that want to be asked"


def entry(n: int = 0, **facts: object) -> LedgerEntry:
    values: dict[str, object] = {
        "at": NOW - timedelta(minutes=n),
        "purpose": Purpose.DOWNLOAD,
        "method": "GET",
        "host": "huggingface.co",
        "subject": "unsloth/Qwen3-4B-GGUF",
        "bytes_up": 700,
        "bytes_down": 5 << 20,
        "status": 206,
        **facts,
    }
    return LedgerEntry(**values)  # type: ignore[arg-type]


def texts(part: QWidget) -> str:
    shown = [one.text() for one in part.findChildren(QLabel) if one.isVisibleTo(part)]
    return "\n".join(shown)


def field(page: QWidget, name: str) -> QLineEdit:
    return next(one for one in page.findChildren(QLineEdit) if one.accessibleName() == name)


def button(part: QWidget, name: str) -> QAbstractButton:
    return next(
        one
        for one in part.findChildren(QAbstractButton)
        if one.accessibleName() == name and one.isVisibleTo(part)
    )


def unfold(page: SettingsPage) -> None:
    for one in page.findChildren(QAbstractButton):
        if one.accessibleName() == "Advanced":
            one.click()


# --- the switch ---


def test_the_switch_asks_for_the_network_and_for_none(page: SettingsPage, qtbot: QtBot) -> None:
    switch = next(one for one in page.findChildren(QCheckBox) if one.accessibleName() == SWITCH)
    assert not switch.isChecked()
    with qtbot.waitSignal(page.setting_changed) as asked:
        QTest.keyClick(switch, Qt.Key.Key_Space)
    assert asked.args == [SettingRequest(SettingKey.IS_OFFLINE, value=False)]
    with qtbot.assertNotEmitted(page.setting_changed):
        page.show_network(NetworkState(is_offline=True))
        page.show_network(NetworkState(is_offline=False, today=Traffic(3000, 0)))
    assert switch.isChecked()
    assert "Today: 3 KB sent, 0 bytes received." in texts(page)
    with qtbot.waitSignal(page.setting_changed) as asked:
        switch.click()
    assert asked.args == [SettingRequest(SettingKey.IS_OFFLINE, value=True)]


@pytest.mark.parametrize("wanted", ["token", "internet", "went over"])
def test_a_search_finds_what_has_no_row_in_the_table(page: SettingsPage, wanted: str) -> None:
    field(page, "Search settings").setText(wanted)
    assert SWITCH in texts(page)
    assert "Colours" not in texts(page)
    field(page, "Search settings").setText("colours")
    assert SWITCH not in texts(page)


def test_the_window_can_lead_to_each_part(page: SettingsPage) -> None:
    page.show_network_card()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == SWITCH
    page.show_token_form()
    assert field(page, TOKEN).hasFocus()
    page.show_downloads_card()
    assert field(page, "Folder for downloaded models").hasFocus()


# --- addresses and paths ---


@pytest.mark.parametrize(
    ("key", "text", "is_usable"),
    [
        (SettingKey.PROXY, "", True),
        (SettingKey.PROXY, "http://proxy.school.example:3128", True),
        (SettingKey.PROXY, "socks5://127.0.0.1:1080", True),
        (SettingKey.PROXY, "http://user:pass@proxy.example:3128", True),
        (SettingKey.PROXY, "proxy.school.example:3128", False),
        (SettingKey.PROXY, "http://", False),
        (SettingKey.PROXY, "http://proxy example:3128", False),
        (SettingKey.PROXY, "http://proxy.example:99999", False),
        (SettingKey.PROXY, "ftp://proxy.example", False),
        (SettingKey.PROXY, "http://proxy.example/a", False),
        (SettingKey.HUB_ENDPOINT, HUB_ENDPOINT, True),
        (SettingKey.HUB_ENDPOINT, f"{HUB_ENDPOINT}/", True),
        (SettingKey.HUB_ENDPOINT, "https://mirror.example/hf", True),
        (SettingKey.HUB_ENDPOINT, "", False),
        (SettingKey.HUB_ENDPOINT, "mirror.example", False),
        (SettingKey.HUB_ENDPOINT, "https://", False),
        (SettingKey.HUB_ENDPOINT, "https://a:b@mirror.example", False),
        (SettingKey.HUB_ENDPOINT, "https://mirror.example/?a=b", False),
        (SettingKey.MODELS_FOLDER, "", True),
        (SettingKey.MODELS_FOLDER, "models", False),
    ],
)
def test_addresses_are_checked_as_they_are_typed(
    key: SettingKey, text: str, is_usable: bool
) -> None:
    finding = check_line(key, text)
    assert (finding is None or not finding.is_problem) is is_usable


@given(st.text(max_size=80), st.sampled_from(list(SettingKey)))
def test_anything_can_be_typed(text: str, key: SettingKey) -> None:
    finding = check_line(key, text)
    assert finding is None or finding.text


def test_what_cannot_be_used_is_said_and_kept_but_not_taken(
    page: SettingsPage, qtbot: QtBot
) -> None:
    unfold(page)
    proxy = field(page, "Proxy")
    with qtbot.assertNotEmitted(page.setting_changed, wait=600):
        QTest.keyClicks(proxy, "proxy.school:3128")
    assert "Begin with http://" in texts(page)
    assert "Begin with http://" in proxy.accessibleDescription()
    page.show_settings(SettingsChanged(dict(DEFAULTS)))
    assert proxy.text() == "proxy.school:3128", "another change takes nothing away"
    proxy.setCursorPosition(0)
    with qtbot.waitSignal(page.setting_changed) as asked:
        QTest.keyClicks(proxy, " http://")
    assert asked.args == [SettingRequest(SettingKey.PROXY, "http://proxy.school:3128")]
    assert "Begin with http://" not in texts(page)


def test_an_unusable_address_can_be_reset(page: SettingsPage, qtbot: QtBot) -> None:
    unfold(page)
    hub = field(page, "Address of the model hub")
    hub.clear()
    with qtbot.assertNotEmitted(page.setting_changed, wait=600):
        QTest.keyClicks(hub, "x")
    with qtbot.waitSignal(page.setting_changed) as asked:
        button(page, "Reset “Address of the model hub”").click()
    assert asked.args == [SettingRequest(SettingKey.HUB_ENDPOINT, None)]
    assert hub.text() == HUB_ENDPOINT


def test_a_mirror_is_warned_of(page: SettingsPage, qtbot: QtBot) -> None:
    unfold(page)
    values = {**DEFAULTS, SettingKey.HUB_ENDPOINT: "http://mirror.example"}
    page.show_settings(SettingsChanged(values))
    assert "This server sees what you search for and download" in texts(page)
    assert "The connection is not encrypted" in texts(page)
    page.show_settings(SettingsChanged(dict(DEFAULTS)))
    assert "This server sees" not in texts(page)


def test_folders_and_files_can_be_chosen(
    page: SettingsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    unfold(page)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/data/models")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/data/school.pem", ""))
    chosen: list[object] = []
    for one in page.findChildren(QAbstractButton):
        if one.accessibleName() == "Choose…":
            with qtbot.waitSignal(page.setting_changed) as asked:
                one.click()
            chosen += asked.args or []
    assert chosen == [
        SettingRequest(SettingKey.MODELS_FOLDER, "/data/models"),
        SettingRequest(SettingKey.CERTIFICATES, "/data/school.pem"),
    ]


# --- the token ---


def test_a_token_is_hidden_kept_and_forgotten(page: SettingsPage, qtbot: QtBot) -> None:
    typed = field(page, TOKEN)
    assert typed.echoMode() is QLineEdit.EchoMode.Password
    assert not button(page, "Keep this token").isEnabled()
    QTest.keyClicks(typed, "  hf_abc ")
    with qtbot.waitSignal(page.token_entered) as asked:
        QTest.keyClick(typed, Qt.Key.Key_Return)
    assert asked.args == [TokenRequest("hf_abc")]
    assert "Asking huggingface.co" in texts(page)
    page.show_token_answer(TokenAnswer(name="ada"))
    page.show_network(NetworkState(is_offline=False, has_token=True))
    assert "Accepted, for the account ada." in texts(page)
    assert "A token is kept." in texts(page)
    assert typed.text() == ""
    with qtbot.waitSignal(page.token_entered) as asked:
        button(page, "Forget it").click()
    assert asked.args == [TokenRequest("")]


def test_a_token_that_is_refused_stays_to_be_corrected(page: SettingsPage, qtbot: QtBot) -> None:
    typed = field(page, TOKEN)
    QTest.keyClicks(typed, "hf_abc")
    button(page, "Keep this token").click()
    page.show_token_answer(TokenAnswer(failure=Failure(ErrorCode.TOKEN_REFUSED, Facts())))
    assert "The token is not accepted." in texts(page)
    assert typed.text() == "hf_abc"
    with qtbot.waitSignal(page.token_entered):
        button(page, "Keep this token").click()
    page.show_stayed_offline(TokenRequest("hf_abc"))
    assert "Asking" not in texts(page)
    assert button(page, "Keep this token").isEnabled()
    with qtbot.waitSignal(page.token_page_requested):
        button(page, "Get a token…").click()


# --- the list of requests ---


@pytest.fixture
def ledger(page: SettingsPage, qtbot: QtBot) -> LedgerDialog:
    with qtbot.waitSignal(page.ledger_requested):
        button(page, "What went over the network").click()
    return page.findChildren(LedgerDialog)[0]


def rows(dialog: LedgerDialog) -> list[list[str]]:
    model = dialog.findChildren(QTableView)[0].model()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_the_list_says_why_to_whom_and_how_much(page: SettingsPage, ledger: LedgerDialog) -> None:
    assert "Nothing has gone over the network." in texts(ledger)
    odd = entry(1, subject="<b>x</b>\u202e" + "y" * 500, status=0, purpose=Purpose.SEARCH)
    page.show_ledger(LedgerShown((entry(), odd), 2, 1400, 10 << 20))
    assert "2 requests: 2 KB sent, 10 MB received." in texts(ledger)
    first, second = rows(ledger)
    assert first[1:] == [
        "Download",
        "huggingface.co",
        "unsloth/Qwen3-4B-GGUF",
        "1 KB",
        "5 MB",
        "answered",
    ]
    assert second[1] == "Search for models"
    assert second[3].startswith("<b>x</b>yyy")
    assert len(second[3]) == 100
    assert second[6] == "no answer"


def test_moments_can_be_read_whole_and_the_list_needs_no_scrolling_sideways(
    page: SettingsPage, ledger: LedgerDialog
) -> None:
    ledger.resize(900, 560)
    page.show_ledger(LedgerShown(tuple(entry(n) for n in range(50)), 50, 1, 1))
    QApplication.processEvents()
    (table,) = ledger.findChildren(QTableView)
    assert table.columnWidth(0) >= table.sizeHintForColumn(0)
    assert table.horizontalScrollBar().maximum() == 0


def test_a_mirror_is_named_beside_the_switch(page: SettingsPage) -> None:
    page.show_network(NetworkState(is_offline=True, host="models.clinic.example"))
    assert "download them from models.clinic.example" in texts(page)


def test_the_list_can_be_copied_and_cleared(
    page: SettingsPage, ledger: LedgerDialog, qtbot: QtBot
) -> None:
    page.show_ledger(LedgerShown((entry(),), 3, 1, 1))
    assert "The newest 1 are listed." in texts(ledger)
    button(ledger, "Copy the list").click()
    copied = QApplication.clipboard().text().splitlines()
    assert copied[0].split("\t")[0] == "When"
    assert "huggingface.co" in copied[1].split("\t")
    button(ledger, "Clear the list…").click()
    question = ledger.findChildren(ConfirmDialog)[0]
    with qtbot.assertNotEmitted(page.ledger_clear_requested):
        QTest.keyClick(question, Qt.Key.Key_Escape)
    button(ledger, "Clear the list…").click()
    question = next(one for one in ledger.findChildren(ConfirmDialog) if one.isVisible())
    with qtbot.waitSignal(page.ledger_clear_requested):
        button(question, "Clear the list").click()
    page.show_ledger(LedgerShown((), 0, 0, 0))
    assert "Nothing has gone over the network." in texts(ledger)


def test_the_open_list_follows_what_goes_on(
    page: SettingsPage, ledger: LedgerDialog, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(page.ledger_requested, timeout=3000):
        page.show_network(NetworkState(is_offline=False, today=Traffic(1, 1)))
    QTest.keyClick(ledger, Qt.Key.Key_Escape)
    assert not ledger.isVisible()


def test_ten_thousand_requests_are_shown_at_once(page: SettingsPage, ledger: LedgerDialog) -> None:
    entries = tuple(entry(n) for n in range(10_000))
    began_s = time.process_time()
    page.show_ledger(LedgerShown(entries, 10_000, 1, 1))
    QApplication.processEvents()
    ledger.findChildren(QTableView)[0].scrollToBottom()
    QApplication.processEvents()
    assert time.process_time() - began_s < 0.2


def test_the_list_fits_a_small_window_with_large_text(
    page: SettingsPage, ledger: LedgerDialog, theme: Theme
) -> None:
    theme.set_scale(1.5)
    ledger.resize(600, 440)
    QApplication.processEvents()
    assert ledger.width() <= 640
    for one in ledger.findChildren(QAbstractButton):
        if one.isVisibleTo(ledger) and one.accessibleName():
            place = one.mapTo(ledger, one.rect().bottomRight())
            assert ledger.rect().contains(place), one.accessibleName()
