"""What the tests of the room of documents stand on."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.documents.page import DocumentsPage
from app.ui.theme import Theme


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme()
    theme.apply(qapp)
    yield theme
    theme.set_scale(1.0)


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> DocumentsPage:
    page = DocumentsPage(theme)
    qtbot.addWidget(page)
    page.resize(1000, 800)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    return page
