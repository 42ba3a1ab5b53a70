"""The page of settings: made when it is looked at."""

from itertools import islice
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.hub_events import NetworkState
from app.core.settings import DEFAULTS, SETTINGS, Setting, SettingGroup, SettingKey
from app.ui.settings.page import SettingsPage
from app.ui.settings.setting_row import SettingRow
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


@pytest.mark.parametrize("n_steps", [0, 1, 2, 5, 100])
def test_the_page_is_made_in_idle_moments_as_far_as_there_are_any(
    qtbot: QtBot, theme: Theme, n_steps: int
) -> None:
    page = SettingsPage(theme, Path("/data"))
    qtbot.addWidget(page)
    values = {**DEFAULTS, SettingKey.INSTRUCTIONS: "Be brief."}
    steps = page.warm_up()
    for _ in islice(steps, n_steps):
        pass
    page.show_settings(events.SettingsChanged(values))
    page.show()
    shown = page.findChildren(SettingRow)
    assert [one.row.key for one in shown] == [
        one.key for group in SettingGroup for one in rows_of(group)
    ]
    assert [one.toPlainText() for one in page.findChildren(QPlainTextEdit)] == ["Be brief."]
    for _ in steps:
        pass
    assert page.findChildren(SettingRow) == shown


def rows_of(group: SettingGroup) -> list[Setting]:
    if group is SettingGroup.HIDDEN:
        return []
    rows = [one for one in SETTINGS if one.group is group]
    return sorted(rows, key=lambda one: one.is_advanced)


@pytest.mark.parametrize("n_steps", [2, 100])
def test_what_changes_while_the_page_is_half_made_is_shown(
    qtbot: QtBot, theme: Theme, n_steps: int
) -> None:
    page = SettingsPage(theme, Path("/data"))
    qtbot.addWidget(page)
    page.show_network(NetworkState(is_offline=True))
    for _ in islice(page.warm_up(), n_steps):
        pass
    page.show_network(NetworkState(is_offline=False))
    page.show()
    switch = next(one for one in page.findChildren(QCheckBox) if one.accessibleName() == SWITCH)
    assert switch.isChecked()


def test_documents_have_their_rows(page: SettingsPage, qtbot: QtBot) -> None:
    rows = {one.row.key: one for one in page.findChildren(SettingRow)}
    for key, name, is_on in (
        (SettingKey.READ_SCANS, "Read scanned pages", True),
        (SettingKey.INDEX_ON_BATTERY, "Full speed on battery", False),
    ):
        (box,) = rows[key].findChildren(QCheckBox)
        assert (box.accessibleName(), box.isChecked()) == (name, is_on)
        with qtbot.waitSignal(page.setting_changed) as asked:
            box.click()
        assert asked.args == [events.SettingRequest(key, not is_on)]
