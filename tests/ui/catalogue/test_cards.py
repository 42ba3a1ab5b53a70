"""The cards of the page of models, by what the user sees and does."""

import re
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QMenu, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.errors import ErrorCode, Failure
from app.core.fit_events import CalibrationProgress, Outlook, SurveyFailed
from app.core.model_shape import ModelShape
from app.ui.catalogue import installed_view as view_module
from app.ui.catalogue.file_menu import FileMenuButton
from app.ui.catalogue.installed_view import InstalledView
from app.ui.catalogue.model_card import ModelCard
from app.ui.theme import Theme
from app.ui.verdict_words import first_word_words, need_words, speed_words
from app.ui.widgets.badge import Tone
from tests.fit_samples import (
    CARD_OUTLOOK,
    CROWDED,
    LARGE,
    NEMO,
    OUTLOOK,
    QWEN,
    SMOL,
    STARTER,
    UNMEASURED,
)
from tests.ui.catalogue.conftest import LIBRARY
from tests.ui.catalogue.seen_models import (
    badges,
    bar,
    card,
    find,
    is_open,
    open_details,
    panel,
    press,
    text_of,
    verdict,
    version,
    visible,
)


def test_versions_of_a_model_share_a_card_in_the_order_of_last_use(page: InstalledView) -> None:
    names = [one.accessibleName() for one in visible(page, ModelCard)]
    assert names == [
        "SmolLM3 3B",
        "Qwen3 4B Instruct",
        "Mistral Nemo 12B",
        "Qwen3 32B",
        "Starter",
    ]
    assert "5 versions" in text_of(card(page, "Qwen3 4B Instruct"))
    assert "versions" not in text_of(card(page, "SmolLM3 3B"))


@pytest.mark.parametrize(
    ("name", "state", "sentence", "tone"),
    [
        ("SmolLM3 3B", "Runs well here", "Writes faster than you can read.", Tone.GOOD),
        ("Mistral Nemo 12B", "Slow here", "writes slower than you read", Tone.GOOD),
        ("Qwen3 32B", "Too big here", "models may take", Tone.BAD),
    ],
)
def test_a_card_says_how_a_model_would_do_here(
    page: InstalledView, name: str, state: str, sentence: str, tone: Tone
) -> None:
    shown = card(page, name)
    assert badges(shown)[0] == state
    assert sentence in text_of(shown)
    assert bar(shown).tone is tone
    assert need_words(verdict(page, name)) in text_of(shown)


def test_all_bars_have_one_scale_and_one_that_is_too_big_stands_out(page: InstalledView) -> None:
    pictures = [bar(one) for one in visible(page, ModelCard)]
    assert len({picture.scale_bytes for picture in pictures}) == 1
    assert len({picture.limit_bytes for picture in pictures}) == 1
    too_big = bar(card(page, "Qwen3 32B"))
    assert too_big.used_bytes > too_big.limit_bytes
    assert all(one.used_bytes < one.limit_bytes for one in pictures if one is not too_big)


def test_tags_tell_words_a_second_and_how_long_one_waits_for_the_first(
    page: InstalledView,
) -> None:
    tags = badges(card(page, "Qwen3 4B Instruct"))
    speed = verdict(page, "Qwen3 4B Instruct").speed
    assert speed_words(speed) in tags
    assert first_word_words(speed) in tags
    assert "4.0 billion parameters" in tags
    assert "Licence apache-2.0" in tags
    assert any(tag.startswith("remembers up to") for tag in tags)
    # Of what does not fit there is nothing to wait for.
    assert not any("first word" in tag for tag in badges(card(page, "Qwen3 32B")))


def test_one_model_is_recommended_and_its_button_stands_out(page: InstalledView) -> None:
    recommended = [
        one.accessibleName()
        for one in visible(page, ModelCard)
        if "Recommended for this computer" in text_of(one)
    ]
    assert recommended == ["Qwen3 4B Instruct"]
    button = find(card(page, "Qwen3 4B Instruct"), QAbstractButton, "Use this model")
    assert button.property("kind") == "primary"


def test_the_button_loads_the_recommended_version(page: InstalledView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.load_requested) as asked:
        press(qtbot, card(page, "Qwen3 4B Instruct"), "Use this model")
    assert asked.args == [events.LoadRequest(QWEN[0].path)]


def test_what_does_not_fit_now_is_explained_before_it_is_loaded(
    page: InstalledView, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(page.load_requested):
        press(qtbot, card(page, "Qwen3 32B"), "Why?")
        assert "What would help" in text_of(panel(page))
        press(qtbot, card(page, "Qwen3 32B"), "Why?")
    assert "What would help" in text_of(panel(page))
    page.show_outlook(Outlook(CROWDED))
    assert badges(card(page, "Mistral Nemo 12B"))[0] == "Tight fit"
    with qtbot.assertNotEmitted(page.load_requested):
        press(qtbot, card(page, "Mistral Nemo 12B"), "Use this model…")
    assert "Close some of them" in text_of(panel(page))


def test_the_model_in_use_and_one_being_loaded_are_marked(
    page: InstalledView, qtbot: QtBot
) -> None:
    assert "In use" in badges(card(page, "SmolLM3 3B"))
    assert find(card(page, "SmolLM3 3B"), QAbstractButton, "Chat").isEnabled()
    loading = events.EngineStatus(events.EngineState.BUSY, QWEN[1], is_loading=True)
    page.show_status(loading)
    page.show_progress(events.LoadProgress(QWEN[1], 0.4))
    shown = card(page, "Qwen3 4B Instruct")
    assert "Getting ready" in badges(shown)
    (progress,) = visible(shown, QProgressBar)
    assert progress.value() == 40
    with qtbot.waitSignal(page.cancel_load_requested):
        press(qtbot, shown, "Cancel")
    page.show_status(events.EngineStatus(events.EngineState.READY, QWEN[1]))
    # The card speaks of the version in use, not of the one that is recommended.
    assert "4.0 GB on disk" in badges(shown)
    assert "In use" not in badges(card(page, "SmolLM3 3B"))


def test_a_missing_file_is_told_and_its_other_versions_can_be_used(
    page: InstalledView, qtbot: QtBot
) -> None:
    gone = (*QWEN[:1], NEMO)
    there = tuple(one for one in LIBRARY.models if one not in gone)
    page.show_library(events.Library(there, gone, STARTER))
    assert badges(card(page, "Mistral Nemo 12B"))[0] == "File is missing"
    assert not any(
        one.accessibleName().startswith("Use")
        for one in visible(card(page, "Mistral Nemo 12B"), QAbstractButton)
    )
    with qtbot.waitSignal(page.load_requested) as asked:
        press(qtbot, card(page, "Qwen3 4B Instruct"), "Use this model")
    assert asked.args[0].path in {one.path for one in QWEN[1:]}
    details = open_details(qtbot, page, "Qwen3 4B Instruct")
    press(qtbot, details, "All 5 versions")
    lost = version(details, "Q4_K_M")
    assert "File is missing" in badges(lost)
    assert not lost.isEnabled()


def test_many_models_are_judged_between_other_events(
    page: InstalledView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_module, "JUDGE_S", 0.0)
    nemo = card(page, "Mistral Nemo 12B")
    before = badges(nemo)
    page.show_outlook(Outlook(CROWDED))
    # The window is free again, and what was said before stands until all are judged.
    assert badges(nemo) == before
    assert "Tight fit" not in before
    qtbot.waitUntil(lambda: "Tight fit" in badges(nemo))


def test_before_this_computer_is_known_cards_say_what_is_known(qtbot: QtBot, theme: Theme) -> None:
    page = InstalledView(theme)
    qtbot.addWidget(page)
    page.show_library(LIBRARY)
    page.show()
    shown = card(page, "Qwen3 4B Instruct")
    assert not any("here" in one for one in badges(shown))
    assert str(QWEN[0].path) in text_of(shown).replace("\u200b", "")
    page.show_outlook(OUTLOOK)
    assert "Runs well here" in badges(shown)


def test_a_model_whose_build_is_not_known_has_no_verdict(
    qtbot: QtBot, page: InstalledView
) -> None:
    unknown = replace(SMOL, shape=ModelShape())
    page.show_library(events.Library((unknown, STARTER), (), STARTER))
    page.show_status(events.EngineStatus(events.EngineState.READY, STARTER))
    assert "Runs well here" not in badges(card(page, "SmolLM3 3B"))
    details = open_details(qtbot, page, "SmolLM3 3B")
    assert "Nothing can be said about its memory" in text_of(details)
    with qtbot.waitSignal(page.load_requested) as asked:
        press(qtbot, details, "Use this model")
    assert asked.args == [events.LoadRequest(SMOL.path)]


def test_a_card_keeps_its_place_and_the_focus_when_something_changes(
    page: InstalledView,
) -> None:
    shown = card(page, "Mistral Nemo 12B")
    details = find(shown, QAbstractButton, "Details of Mistral Nemo 12B")
    details.setFocus()
    page.show_outlook(CARD_OUTLOOK)
    page.show_status(events.EngineStatus(events.EngineState.READY, STARTER))
    page.show_library(events.Library((NEMO, *LIBRARY.models[:-3], LARGE, STARTER), (), STARTER))
    assert card(page, "Mistral Nemo 12B") is shown
    assert details.hasFocus()
    assert next(iter(visible(page, ModelCard))).accessibleName()


def menu_of(shown: QWidget) -> QMenu:
    (button,) = visible(shown, FileMenuButton)
    menu = button.menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    return menu


def test_a_file_can_be_shown_and_taken_off_the_list(page: InstalledView, qtbot: QtBot) -> None:
    showing, removal = menu_of(card(page, "SmolLM3 3B")).actions()
    with qtbot.waitSignal(page.show_in_folder_requested) as asked:
        showing.trigger()
    assert asked.args == [events.LoadRequest(SMOL.path)]
    with qtbot.waitSignal(page.remove_requested) as asked:
        removal.trigger()
    assert asked.args == [events.LoadRequest(SMOL.path)]
    assert not visible(card(page, "Starter"), FileMenuButton)


def test_of_several_versions_one_can_be_taken_off(page: InstalledView, qtbot: QtBot) -> None:
    versions = menu_of(card(page, "Qwen3 4B Instruct")).actions()
    assert len(versions) == 5
    menu = versions[1].menu()
    assert isinstance(menu, QMenu)
    _, removal = menu.actions()
    with qtbot.waitSignal(page.remove_requested) as asked:
        removal.trigger()
    assert asked.args == [events.LoadRequest(QWEN[1].path)]


def test_speeds_that_are_guesses_are_called_so_and_can_be_measured(
    page: InstalledView, qtbot: QtBot
) -> None:
    assert re.search(r"Models may take \d+\.\d GB; \d+\.\d GB is free now\.", text_of(page))
    assert "guesses" not in text_of(page)
    page.show_outlook(UNMEASURED)
    assert "Their speeds are guesses so far." in text_of(page)
    with qtbot.waitSignal(page.measure_requested):
        press(qtbot, page, "Measure it")
    page.show_calibration_progress(CalibrationProgress(0.1))
    assert "This computer is being measured…" in text_of(page)
    page.show_calibration_ended()
    assert "guesses" in text_of(page)
    page.show_outlook(replace(UNMEASURED, computer=replace(CROWDED, is_recorded=True)))
    assert "Measure it" not in {one.accessibleName() for one in visible(page, QAbstractButton)}
    with qtbot.waitSignal(page.computer_requested):
        press(qtbot, page, "This computer")


def test_a_computer_that_cannot_be_looked_at_leaves_a_way_to_the_reason(
    qtbot: QtBot, theme: Theme
) -> None:
    page = InstalledView(theme)
    qtbot.addWidget(page)
    page.show_library(LIBRARY)
    page.show()
    page.show_survey_failed(SurveyFailed(Failure(ErrorCode.COMPUTER_FILE_UNUSABLE)))
    assert "What fits could not be worked out." in text_of(page)
    with qtbot.waitSignal(page.computer_requested):
        press(qtbot, page, "This computer")
    page.show_outlook(UNMEASURED)
    page.show_survey_failed(SurveyFailed(Failure(ErrorCode.ENGINE_LOST)))
    assert "What fits could not be worked out." not in text_of(page)


def test_a_click_on_a_button_is_not_one_on_the_card(page: InstalledView, qtbot: QtBot) -> None:
    press(qtbot, card(page, "SmolLM3 3B"), "Chat")
    assert not is_open(page)
    qtbot.mousePress(card(page, "SmolLM3 3B"), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    outside = QPoint(-20, -20)
    qtbot.mouseRelease(card(page, "SmolLM3 3B"), Qt.MouseButton.LeftButton, pos=outside)
    assert not is_open(page)
