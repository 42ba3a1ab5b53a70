"""Finding what the user sees on the page of models."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.core.fit.choice import Verdict
from app.ui.catalogue.installed_view import InstalledView
from app.ui.catalogue.model_card import ModelCard
from app.ui.catalogue.model_panel import ModelPanel
from app.ui.catalogue.version_card import VersionCard
from app.ui.widgets.fit_bar import BarPicture, FitBar
from tests.ui.chat.seen import find, text_of, visible


def card(page: QWidget, name: str) -> ModelCard:
    # Qt shows what was added to a layout when it gets round to it.
    QApplication.processEvents()
    return find(page, ModelCard, name)


def verdict(page: InstalledView, name: str) -> Verdict:
    """Give what the card of a model speaks of."""
    (found,) = (one.verdict for one in page._shelf.entries() if one.versions.name == name)
    assert found is not None
    return found


def panel(page: QWidget) -> ModelPanel:
    (found,) = visible(page, ModelPanel)
    return found


def is_open(page: QWidget) -> bool:
    return bool(visible(page, ModelPanel))


def press(qtbot: QtBot, root: QWidget, name: str) -> None:
    qtbot.mouseClick(find(root, QAbstractButton, name), Qt.MouseButton.LeftButton)


def open_details(qtbot: QtBot, page: InstalledView, name: str) -> ModelPanel:
    """Click on a card, beside everything that is on it."""
    qtbot.mouseClick(card(page, name), Qt.MouseButton.LeftButton, pos=QPoint(6, 6))
    QApplication.processEvents()
    return panel(page)


def badges(root: QWidget) -> list[str]:
    return [one.text() for one in visible(root, QLabel) if one.property("badge") == "true"]


def bar(root: QWidget, name: str = "Memory") -> BarPicture:
    """Give what the first bar of a name shows."""
    return next(one for one in visible(root, FitBar) if one.accessibleName() == name).picture


def versions(root: QWidget) -> Sequence[VersionCard]:
    return tuple(visible(root, VersionCard))


def version(root: QWidget, quantization: str) -> VersionCard:
    (found,) = (one for one in versions(root) if one.model.quantization == quantization)
    return found


__all__ = [
    "badges",
    "bar",
    "card",
    "find",
    "is_open",
    "open_details",
    "panel",
    "press",
    "text_of",
    "verdict",
    "version",
    "versions",
    "visible",
]
