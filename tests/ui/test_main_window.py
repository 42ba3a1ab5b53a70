"""The window around the pages: what leads where."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from tests.ui.chat.seen import find, visible


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
        one for one in visible(window, QLabel) if one.text().startswith("What leaves this")
    )
    assert sentence.visibleRegion().boundingRect().height() == sentence.height()
    assert any(str(tmp_path) in one.text() for one in visible(window, QLabel))
