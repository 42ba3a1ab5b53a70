"""The page of settings: made when it is looked at."""

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.hub_events import NetworkState
from app.core.settings import DEFAULTS, SettingKey
from app.ui.settings.page import SettingsPage
from app.ui.theme import Theme

SWITCH = "Use the internet when I ask for it"


def test_what_was_said_before_the_page_was_looked_at_is_shown(qtbot: QtBot, theme: Theme) -> None:
    page = SettingsPage(theme, Path("/data"))
    qtbot.addWidget(page)
    values = {**DEFAULTS, SettingKey.INSTRUCTIONS: "Be brief."}
    page.show_settings(events.SettingsChanged(values))
    page.show_network(NetworkState(is_offline=False))
    page.keep_changes_now()
    assert not page.findChildren(QCheckBox)
    page.show()
    assert [one.toPlainText() for one in page.findChildren(QPlainTextEdit)] == ["Be brief."]
    switch = next(one for one in page.findChildren(QCheckBox) if one.accessibleName() == SWITCH)
    assert switch.isVisible()
    assert switch.isChecked()


def test_the_page_is_made_in_idle_moments_and_only_once(qtbot: QtBot, theme: Theme) -> None:
    page = SettingsPage(theme, Path("/data"))
    qtbot.addWidget(page)
    for _ in page.warm_up():
        pass
    made = page.findChildren(QCheckBox)
    page.show()
    assert made
    assert page.findChildren(QCheckBox) == made
