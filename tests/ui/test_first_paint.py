"""Waiting for a window to be painted."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui import first_paint
from app.ui.first_paint import FirstPaint

PROJECT = Path(__file__).resolve().parents[2]
START = """
import sys
from PySide6.QtWidgets import QApplication
from app.shell.shell import Shell
from app.store.data_folder import DataFolder

LATER = ("app.shell.hub_wiring", "app.hub.door", "app.ui.settings.cards")

def loaded():
    return [name for name in LATER if name in sys.modules]

application = QApplication([])
shell = Shell(application, DataFolder.open(), None)
print(loaded())
shell.window.opened.connect(application.quit)
shell.start()
print(loaded())
application.exec()
print(loaded())
shell.close()
"""


def test_it_happens_once_after_the_paint(qtbot: QtBot) -> None:
    window, happened = QWidget(), list[str]()
    qtbot.addWidget(window)
    first = FirstPaint(window)
    first.happened.connect(lambda: happened.append("now"))
    with qtbot.waitSignal(first.happened):
        window.show()
        assert not happened
    with qtbot.assertNotEmitted(first.happened, wait=50):
        window.repaint()
    assert happened == ["now"]


def test_a_window_that_is_never_painted_is_not_waited_for(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_paint, "LONGEST_WAIT_MS", 1)
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitSignal(FirstPaint(window).happened):
        pass


def test_who_has_closed_is_not_told(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    first = FirstPaint(window)
    window.show()
    first.cancel()
    with qtbot.assertNotEmitted(first.happened, wait=50):
        window.repaint()


def test_what_the_first_frame_does_not_show_is_not_waited_for() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", START], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines() == ["[]", "[]", "['app.shell.hub_wiring', 'app.hub.door']"]
