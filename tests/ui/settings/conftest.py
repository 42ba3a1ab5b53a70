"""What the tests of the room of settings stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.hub_events import NetworkState
from app.core.settings import DEFAULTS
from app.ui.settings.page import SettingsPage
from app.ui.theme import Theme


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme()
    theme.apply(qapp)
    yield theme
    theme.set_scale(1.0)


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> SettingsPage:
    page = SettingsPage(theme, Path("/data"))
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    page.show_settings(events.SettingsChanged(dict(DEFAULTS)))
    page.show_network(NetworkState(is_offline=True))
    return page
