"""The window of a first start, with the real engine and an empty data folder."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.journeys.user import User


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without models of other programs, which the window looks for."""
    home = tmp_path / "user"
    home.mkdir()
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home))
    for name in ("OLLAMA_MODELS", "HF_HOME", "HF_HUB_CACHE", "LLAMA_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture
def user(qtbot: QtBot, qapp: QApplication, starter_path: Path, own_home: Path) -> Iterator[User]:
    user = User(qtbot, qapp, starter_path)
    yield user
    user.closes()
    assert not psutil.Process().children(), "a process was left behind"
