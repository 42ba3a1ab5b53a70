"""The first frame of a start, before any worker has spoken."""

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.core.settings import DEFAULTS, SettingKey, SettingValue
from app.shell.shell import Shell
from app.store.data_folder import DataFolder
from app.store.look_file import LookFile
from app.ui.main_window import MainWindow
from app.ui.theme import DARK, LIGHT
from app.ui.widgets.rail import COLLAPSED_PX, WIDTH_PX
from app.ui.window_place import START_SIZE, start_size
from tests.ui.chat.seen import visible


@pytest.fixture
def data() -> DataFolder:
    return DataFolder.open()


def first_frame(qtbot: QtBot, qapp: QApplication, data: DataFolder) -> MainWindow:
    window = Shell(qapp, data, None).window
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


def page_colour(window: MainWindow) -> QColor:
    return window.grab().toImage().pixelColor(window.width() - 2, window.height() - 2)


def test_the_first_frame_looks_as_the_user_chose(
    qtbot: QtBot, qapp: QApplication, data: DataFolder
) -> None:
    chosen: dict[SettingKey, SettingValue] = {
        SettingKey.APPEARANCE: "dark",
        SettingKey.TEXT_SCALE_PERCENT: 150,
        SettingKey.RAIL_COLLAPSED: True,
    }
    LookFile(data.look).keep({**DEFAULTS, **chosen})
    window = first_frame(qtbot, qapp, data)
    assert page_colour(window) == QColor(DARK.page)
    assert window.rail.width() == round(COLLAPSED_PX * 1.5)
    assert qapp.font().pixelSize() == 21
    assert not any(one.text() == "Quillhouse" for one in visible(window, QLabel))


def test_the_very_first_start_has_the_defaults(
    qtbot: QtBot, qapp: QApplication, data: DataFolder
) -> None:
    window = first_frame(qtbot, qapp, data)
    assert page_colour(window) == QColor(LIGHT.page)
    room = window.screen().availableSize() - window.size()
    assert room.width() >= 0
    assert room.height() >= 30, "the title bar is not on the screen"
    window.resize(START_SIZE)  # On the small screen of the tests the rail gives way.
    qtbot.waitUntil(lambda: window.rail.width() == WIDTH_PX)


@pytest.mark.parametrize("kept", ["", "bm9uc2Vuc2U=", "\N{GRINNING FACE}"])
def test_a_place_that_says_nothing_changes_nothing(
    qtbot: QtBot, qapp: QApplication, data: DataFolder, kept: str
) -> None:
    LookFile(data.look).keep({**DEFAULTS, SettingKey.WINDOW_PLACE: kept})
    window = first_frame(qtbot, qapp, data)
    assert window.size() == start_size(window.screen().availableSize())
