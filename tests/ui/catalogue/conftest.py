"""What the tests of the room of models stand on."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core import events
from app.ui.catalogue import installed_view as view_module
from app.ui.catalogue.find_view import FindView
from app.ui.catalogue.installed_view import InstalledView
from app.ui.theme import Theme
from tests.fit_samples import LARGE, NEMO, OUTLOOK, QWEN, QWEN_POOR, SMOL, STARTER
from tests.ui.catalogue import gallery
from tests.ui.catalogue.seen_offerings import judge_all

LIBRARY = events.Library((SMOL, *QWEN, QWEN_POOR, NEMO, LARGE, STARTER), (), STARTER)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme()
    theme.apply(qapp)
    yield theme
    theme.set_scale(1.0)


@pytest.fixture(autouse=True)
def in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all models be judged at once, however slow the machine of the tests is."""
    monkeypatch.setattr(view_module, "JUDGE_S", 60.0)


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> Iterator[FindView]:
    """Models to be found; Granite is here, and Nemo is on its way."""
    view = gallery.filled(theme)
    view.resize(1032, 800)
    view.show()
    qtbot.waitExposed(view)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    judge_all(view)
    yield view
    view.close()
    view.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> Iterator[InstalledView]:
    """A page with models on a computer that was measured; SmolLM3 is in use."""
    page = InstalledView(theme)
    page.resize(1032, 800)
    page.show_library(LIBRARY)
    page.show_outlook(OUTLOOK)
    page.show_status(events.EngineStatus(events.EngineState.READY, SMOL))
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    yield page
    page.close()
    page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
