"""The window around the pages: what leads where."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.settings import DEFAULTS, SettingKey
from app.ui.icons import pixmap
from app.ui.main_window import MainWindow
from app.ui.single_instance import Activation
from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.window_place import SMALLEST_SIZE, START_SIZE, start_size
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
