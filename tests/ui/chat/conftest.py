"""What the tests of the chat room stand on."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.chat.page import ChatPage
from app.ui.theme import Theme
from tests.ui.chat import samples

W = TypeVar("W", bound=QWidget)

Named = Callable[[QWidget, type[W], str], W]


@pytest.fixture
def theme(qapp: object) -> Theme:
    return Theme()


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> ChatPage:
    """A page with a model ready and nothing written."""
    page = ChatPage(theme)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show_library(samples.LIBRARY)
    page.show_engine_status(samples.engine_ready())
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    page.focus_composer()
    return page
