"""The two views of the page of models, and that neither is made before it is looked at."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.core import events
from app.core import hub_events as hub
from app.core.settings import DEFAULTS, SettingKey
from app.ui.catalogue.find_rows import FindRow, FindRowsModel, RowKind
from app.ui.catalogue.find_view import FindView
from app.ui.catalogue.installed_view import InstalledView
from app.ui.catalogue.model_card import ModelCard
from app.ui.catalogue.page import ModelsPage
from app.ui.catalogue.view_switch import ModelsViewKey, ViewSwitch
from app.ui.theme import Theme
from tests.fit_samples import OUTLOOK, SMOL, STARTER
from tests.ui.catalogue import candidate_samples as samples
from tests.ui.catalogue.conftest import LIBRARY
from tests.ui.catalogue.seen_models import text_of, visible

ONLY_STARTER = events.Library((STARTER,), (), STARTER)


@pytest.fixture
def models(qtbot: QtBot, theme: Theme) -> Iterator[ModelsPage]:
    page = ModelsPage(theme)
    page.resize(1032, 800)
    page.show_outlook(OUTLOOK)
    page.show_catalogue(hub.CatalogueShown(samples.CATALOGUE))
    yield page
    page.close()
    page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def show(qtbot: QtBot, page: ModelsPage) -> None:
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)


def switch(page: ModelsPage) -> ViewSwitch:
    (found,) = visible(page, ViewSwitch)
    return found


def test_neither_view_is_loaded_when_the_window_is_made() -> None:
    script = (
        "import sys, app.ui.catalogue.page; "
        "print([name for name in sys.modules if name.endswith(('find_view', 'installed_view'))])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_who_has_only_the_starter_begins_with_models_to_be_found(
    models: ModelsPage, qtbot: QtBot
) -> None:
    models.show_library(ONLY_STARTER)
    assert not models.findChildren(FindView)
    show(qtbot, models)
    assert visible(models, FindView)
    assert not models.findChildren(InstalledView)


def test_who_has_models_begins_with_them(models: ModelsPage, qtbot: QtBot) -> None:
    models.show_library(LIBRARY)
    models.show_status(events.EngineStatus(events.EngineState.READY, SMOL))
    show(qtbot, models)
    assert len(list(visible(models, ModelCard))) == 5
    assert "In use" in text_of(models)
    assert not models.findChildren(FindView)


def test_the_view_that_was_shown_last_comes_first(models: ModelsPage, qtbot: QtBot) -> None:
    models.show_library(LIBRARY)
    values = {**DEFAULTS, SettingKey.MODELS_VIEW: "find"}
    models.apply_settings(events.SettingsChanged(values))
    show(qtbot, models)
    assert visible(models, FindView)


def test_an_unknown_view_is_none(models: ModelsPage, qtbot: QtBot) -> None:
    models.show_library(LIBRARY)
    values = {**DEFAULTS, SettingKey.MODELS_VIEW: "<nonsense>"}
    models.apply_settings(events.SettingsChanged(values))
    show(qtbot, models)
    assert visible(models, InstalledView)


def test_the_keyboard_goes_along_from_one_view_to_the_other(
    models: ModelsPage, qtbot: QtBot
) -> None:
    models.show_library(LIBRARY)
    show(qtbot, models)
    switch(models).setFocus()
    with qtbot.waitSignal(models.setting_requested) as asked:
        qtbot.keyClick(switch(models), Qt.Key.Key_Left)
    assert asked.args == [events.SettingRequest(SettingKey.MODELS_VIEW, "find")]
    assert visible(models, FindView)
    assert switch(models).hasFocus()
    assert switch(models).tabText(switch(models).currentIndex()) == "For you"
    qtbot.keyClick(switch(models), Qt.Key.Key_Right)
    assert visible(models, InstalledView)
    assert switch(models).tabText(switch(models).currentIndex()) == "On this computer"


def test_both_views_know_what_was_shown_before_they_were_made(
    models: ModelsPage, qtbot: QtBot
) -> None:
    models.show_library(LIBRARY)
    models.show_network(hub.NetworkState(is_offline=False))
    models.show_downloads(hub.DownloadsChanged((samples.download(samples.NEMO),)))
    show(qtbot, models)
    models.show_view(ModelsViewKey.FIND)
    shown = models.find_view
    assert not shown._page._network.is_offline
    offering = shown._shelf.offering(samples.NEMO.repo_id)
    assert offering is not None
    assert offering.download is not None


def test_a_model_can_be_opened_from_elsewhere(models: ModelsPage, qtbot: QtBot) -> None:
    models.show_library(LIBRARY)
    show(qtbot, models)
    models.open_candidate(samples.SEER.repo_id)
    assert "Details of" not in text_of(models)
    assert models.find_view._page.key == samples.SEER.repo_id
    models.open_candidate("nobody/nothing")
    assert models.find_view._page.key == samples.SEER.repo_id


def test_what_will_be_shown_first_can_be_made_in_idle_moments(models: ModelsPage) -> None:
    models.show_library(ONLY_STARTER)
    for _ in models.warm_up():
        pass
    assert models.findChildren(FindView)


KEYS = st.lists(st.integers(0, 12), max_size=14, unique=True)


@given(st.lists(KEYS, min_size=1, max_size=8))
def test_rows_become_whatever_is_wanted(wanted: list[list[int]]) -> None:
    model = FindRowsModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for number, keys in enumerate(wanted):
        rows = [FindRow(RowKind.NOTE, str(key), f"{key} {number}") for key in keys]
        model.show_rows(rows)
        assert list(model.rows[1:]) == rows
        assert model.rows[0].kind is RowKind.HEAD
    assert tester is not None
