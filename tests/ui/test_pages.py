"""The pages around the chat, driven by what the user sees."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.model import ModelFile
from app.core.placement import Placement
from app.core.settings import DEFAULTS, SETTINGS, SettingGroup, SettingKey, setting
from app.ui.link_dialog import LinkDialog
from app.ui.settings.page import SettingsPage
from app.ui.shortcuts_dialog import SHORTCUTS, ShortcutKey, ShortcutsDialog
from app.ui.theme import Theme


def model(name: str, path: str) -> ModelFile:
    return ModelFile(
        Path(path), 2_500_000_000, 0, name, "llama", "Q4_K_M", 8192, 28, 3 * 10**9, 1, "mit"
    )


STARTER = model("Starter", "/resources/starter.gguf")


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    theme = Theme()
    theme.apply(qapp)
    return theme


@pytest.fixture
def settings_page(qtbot: QtBot, theme: Theme) -> SettingsPage:
    page = SettingsPage(theme, Path("/data"))
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    page.show_settings(events.SettingsChanged(dict(DEFAULTS)))
    return page


def texts(page: QWidget) -> str:
    labels = [one.text() for one in page.findChildren(QLabel) if one.isVisibleTo(page)]
    return "\n".join(labels)


def button(page: QWidget, name: str, n: int = 0) -> QAbstractButton:
    found = [
        one
        for one in page.findChildren(QAbstractButton)
        if one.accessibleName() == name and one.isVisibleTo(page)
    ]
    assert len(found) > n, f"no button called {name}"
    return found[n]


def test_every_setting_has_a_row_and_a_control_with_a_name(settings_page: SettingsPage) -> None:
    shown = "\n".join(one.text() for one in settings_page.findChildren(QLabel))
    for row in SETTINGS:
        if row.group is not SettingGroup.HIDDEN:
            assert row.title in shown
            assert row.explanation in shown


def test_a_choice_applies_at_once_and_can_be_reset(
    qtbot: QtBot, settings_page: SettingsPage
) -> None:
    choice = next(
        one for one in settings_page.findChildren(QComboBox) if one.accessibleName() == "Colours"
    )
    with qtbot.waitSignal(settings_page.setting_changed) as caught:
        choice.setCurrentIndex(choice.findData("dark"))
    assert caught.args == [events.SettingRequest(SettingKey.APPEARANCE, "dark")]
    values = {**DEFAULTS, SettingKey.APPEARANCE: "dark"}
    settings_page.show_settings(events.SettingsChanged(values))
    with qtbot.waitSignal(settings_page.setting_changed) as caught:
        qtbot.mouseClick(button(settings_page, "Reset “Colours”"), Qt.MouseButton.LeftButton)
    assert caught.args == [events.SettingRequest(SettingKey.APPEARANCE, None)]


def test_switches_numbers_and_texts_send_what_was_chosen(
    qtbot: QtBot, settings_page: SettingsPage
) -> None:
    box = settings_page.findChildren(QCheckBox)[0]
    with qtbot.waitSignal(settings_page.setting_changed) as caught:
        box.click()
    assert caught.args == [events.SettingRequest(SettingKey.ENTER_SENDS, False)]
    spin = next(
        one for one in settings_page.findChildren(QSpinBox) if one.accessibleName() == "Text size"
    )
    with qtbot.waitSignal(settings_page.setting_changed) as caught:
        spin.setValue(120)
    assert caught.args == [events.SettingRequest(SettingKey.TEXT_SCALE_PERCENT, 120)]
    field = settings_page.findChildren(QPlainTextEdit)[0]
    with qtbot.waitSignal(settings_page.setting_changed) as caught:
        qtbot.keyClicks(field, "Be brief.")
    assert caught.args == [events.SettingRequest(SettingKey.INSTRUCTIONS, "Be brief.")]


def test_what_needs_a_reload_offers_one(qtbot: QtBot, settings_page: SettingsPage) -> None:
    spin = next(
        one
        for one in settings_page.findChildren(QSpinBox)
        if one.accessibleName() == "How much the model remembers"
    )
    with qtbot.waitSignal(settings_page.setting_changed):
        spin.setValue(4096)
    with qtbot.waitSignal(settings_page.reload_requested):
        qtbot.mouseClick(
            button(settings_page, "Load the model again now"), Qt.MouseButton.LeftButton
        )
    loaded = events.LoadedModel(STARTER, Placement(4096), (), 200_000_000, 0.4, "Abacus")
    settings_page.show_engine(loaded)
    assert "Abacus" in texts(settings_page)


def test_searching_settings_hides_the_others(qtbot: QtBot, settings_page: SettingsPage) -> None:
    field = settings_page.findChildren(QLineEdit)[0]
    qtbot.keyClicks(field, "seed")
    assert "Colours" not in texts(settings_page)


@pytest.mark.parametrize("is_open", [False, True])
def test_a_search_unfolds_what_it_finds_and_folds_it_again(
    qtbot: QtBot, settings_page: SettingsPage, is_open: bool
) -> None:
    sought = setting(SettingKey.TOP_K).title
    if is_open:
        qtbot.mouseClick(button(settings_page, "Advanced"), Qt.MouseButton.LeftButton)
    field = settings_page.findChildren(QLineEdit)[0]
    qtbot.keyClicks(field, "top-k ")
    assert sought in texts(settings_page)
    assert setting(SettingKey.SEED).title not in texts(settings_page)
    field.clear()
    assert (sought in texts(settings_page)) is is_open
    assert setting(SettingKey.TEMPERATURE).title in texts(settings_page)


def test_the_page_says_what_leaves_the_computer(settings_page: SettingsPage) -> None:
    shown = texts(settings_page)
    assert "Nothing leaves this computer unless you ask for it" in shown
    assert "Chats and documents are never sent." in shown


def test_every_shortcut_is_listed_once_with_its_keys(qtbot: QtBot) -> None:
    dialog = ShortcutsDialog()
    qtbot.addWidget(dialog)
    shown = texts(dialog)
    assert [one.key for one in SHORTCUTS].__len__() == len(set(ShortcutKey))
    for shortcut in SHORTCUTS:
        assert shortcut.title in shown
    keys = [keys for one in SHORTCUTS for keys in one.sequences]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("url", "may_open"),
    [
        ("https://example.com/a?b=c", True),
        ("mailto:someone@example.com", True),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        ("smb://server/share", False),
    ],
)
def test_a_link_is_shown_whole_and_only_harmless_ones_can_be_opened(
    qtbot: QtBot, theme: Theme, url: str, may_open: bool
) -> None:
    dialog = LinkDialog(theme, url)
    qtbot.addWidget(dialog)
    assert dialog.findChildren(QLineEdit)[0].text() == url
    assert button(dialog, "Open in browser").isEnabled() is may_open
    qtbot.mouseClick(button(dialog, "Copy address"), Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == url


def test_a_link_that_no_model_wrote_is_not_called_one(qtbot: QtBot, theme: Theme) -> None:
    dialog = LinkDialog(theme, "https://example.com/licence", is_from_model=False)
    qtbot.addWidget(dialog)
    assert "The model wrote" not in texts(dialog)
    assert button(dialog, "Open in browser").isEnabled()


@pytest.mark.parametrize(
    "url",
    ["https://xn--pypal-4ve.com/login", "https://p\N{CYRILLIC SMALL LETTER A}ypal.com/login"],
)
def test_a_lookalike_host_is_spelled_as_the_network_spells_it(
    qtbot: QtBot, theme: Theme, url: str
) -> None:
    dialog = LinkDialog(theme, url)
    qtbot.addWidget(dialog)
    assert "Open xn--pypal-4ve.com in your browser?" in texts(dialog)
    assert dialog.findChildren(QLineEdit)[0].text() == "https://xn--pypal-4ve.com/login"
    qtbot.mouseClick(button(dialog, "Copy address"), Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == "https://xn--pypal-4ve.com/login"


def test_an_address_that_shows_another_host_than_it_opens_is_refused(
    qtbot: QtBot, theme: Theme
) -> None:
    dialog = LinkDialog(theme, "https://bank.example:login@evil.example/")
    qtbot.addWidget(dialog)
    assert "This link cannot be opened" in texts(dialog)
    assert not button(dialog, "Open in browser").isEnabled()


@pytest.mark.parametrize("kind", [QComboBox, QSpinBox])
def test_a_wheel_over_a_control_is_for_the_page_and_changes_nothing(
    qtbot: QtBot, settings_page: SettingsPage, kind: type[QComboBox] | type[QSpinBox]
) -> None:
    control = next(iter(settings_page.findChildren(kind)))
    control.setFocus()
    place = control.rect().center()
    event = QWheelEvent(
        QPointF(place),
        QPointF(control.mapToGlobal(place)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    with qtbot.assertNotEmitted(settings_page.setting_changed, wait=600):
        QApplication.sendEvent(control, event)
    assert not event.isAccepted(), "the page does not get it"
