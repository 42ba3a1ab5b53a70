"""Work that waits for the first paint."""

import subprocess
import sys
from collections.abc import Iterator

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.idle_work import IdleWork
from tests.conftest import PROJECT

START = """
import sys
import time
from PySide6.QtWidgets import QApplication
from app.shell.shell import Shell
from app.store.data_folder import DataFolder

LATER = (
    "markdown_it", "pygments.lexers.python", "app.ui.catalogue.find_view", "app.ui.settings.cards"
)

def loaded():
    return [name.rpartition(".")[2] for name in LATER if name in sys.modules]

shell = Shell(QApplication([]), DataFolder.open(), None)
QApplication.processEvents()
print(loaded())
shell.window.show()
end_s = time.monotonic() + 20
while len(loaded()) < len(LATER) and time.monotonic() < end_s:
    QApplication.processEvents()
print(loaded())
"""


class Painted(QWidget):
    """Writes down that it was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.happened: list[str] = []

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        self.happened.append("painted")

    def note_event(self) -> None:
        self.happened.append("event")


def test_every_step_comes_after_the_first_paint_with_room_for_events_between(
    qtbot: QtBot,
) -> None:
    window = Painted()
    qtbot.addWidget(window)

    def steps() -> Iterator[None]:
        for name in ("first", "second"):
            window.happened.append(name)
            QTimer.singleShot(0, window.note_event)
            yield

    IdleWork(window, steps())
    QTimer.singleShot(0, window.show)
    qtbot.waitUntil(lambda: window.happened.count("event") == 2)
    told = [one for one in window.happened if one != "painted"]
    assert window.happened[0] == "painted"
    assert told == ["first", "event", "second", "event"]


def test_what_is_needed_soon_is_loaded_once_the_window_is_painted_and_not_before() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", START], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines() == ["[]", "['markdown_it', 'python', 'find_view', 'cards']"]
