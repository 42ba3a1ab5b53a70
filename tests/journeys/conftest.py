"""The window of a first start, with the real engine and an empty data folder."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.journeys.user import User


@pytest.fixture
def user(qtbot: QtBot, qapp: QApplication, starter_path: Path) -> Iterator[User]:
    user = User(qtbot, qapp, starter_path)
    yield user
    user.closes()
    assert not psutil.Process().children(), "a process was left behind"
