"""The details of a model at the side of the page, by what the user sees and does."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QSlider, QWidget
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.errors import ErrorCode, Failure
from app.core.fit.budget import budget_of
from app.core.fit.memory import MemoryNeed, MemoryShare
from app.core.fit.quality_table import LOSSES
from app.core.fit_events import (
    ContextRequest,
    EngineEstimate,
    EstimateRequest,
    Outlook,
    SurveyFailed,
)
from app.core.placement import DeviceUse, Placement
from app.machine.recorded_computer import read_recorded
from app.ui.catalogue.context_card import context_steps
from app.ui.catalogue.installed_view import InstalledView
from app.ui.catalogue.memory_card import MemoryCard, PoolPart
from app.ui.catalogue.model_card import ModelCard
from app.ui.catalogue.model_panel import ModelPanel
from app.ui.verdict_words import first_word_range_words, speed_range_words
from app.ui.widgets.window_body import Veil
from tests.fit_samples import (
    CARD_OUTLOOK,
    CROWDED,
    LAPTOP,
    LARGE,
    NEMO,
    OUTLOOK,
    QWEN,
    QWEN_POOR,
    SMOL,
    STARTER,
    UNMEASURED,
)
from tests.fit_samples import model as sample
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
    versions,
    visible,
)

COMPUTERS = sorted(Path(__file__).parents[2].joinpath("computers").glob("*.json"))
NAME = "Qwen3 4B Instruct"
WIDE, NARROW = 1032, 700


@pytest.fixture
def details(page: InstalledView, qtbot: QtBot) -> ModelPanel:
    """The details of a model with five versions."""
    return open_details(qtbot, page, NAME)


def slider(root: QWidget) -> QSlider:
    return find(root, QSlider, "How much it remembers")


def amounts(root: QWidget) -> dict[str, float]:
    """Read the sum of memory as it is shown: words and gigabytes."""
    QApplication.processEvents()
    (memory,) = visible(root, MemoryCard)
    texts = [one.text() for one in visible(memory, QLabel)]
    found = {}
    for words, amount in pairwise(texts):
        number = re.fullmatch(r"(−?)(under )?(\d+\.\d) GB", amount)
        if number:
            sign = -1 if number[1] else 1
            found[words] = 0.0 if number[2] else sign * float(number[3])
    return found


# --- opening and closing ---


def test_a_click_on_a_card_opens_its_details_beside_the_list(
    page: InstalledView, details: ModelPanel
) -> None:
    assert details.accessibleName() == f"Details of {NAME}"
    assert card(page, NAME).property("selected") == "true"
    assert details.geometry().right() == page.width() - 1
    assert all(one.mapTo(page, one.rect().topRight()).x() < details.x() for one in cards(page))


def cards(page: QWidget) -> list[ModelCard]:
    return list(visible(page, ModelCard))


def test_esc_closes_them_and_the_keyboard_goes_on_where_it_was(
    page: InstalledView, qtbot: QtBot
) -> None:
    opener = find(page, QAbstractButton, f"Details of {NAME}")
    opener.setFocus()
    qtbot.keyClick(opener, Qt.Key.Key_Space)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert panel(page).isAncestorOf(focused)
    assert opener.isChecked()
    qtbot.keyClick(focused, Qt.Key.Key_Escape)
    assert not is_open(page)
    assert opener.hasFocus()
    assert not opener.isChecked()
    assert card(page, NAME).property("selected") == "false"


def test_the_cross_and_a_second_click_close_them(page: InstalledView, qtbot: QtBot) -> None:
    press(qtbot, open_details(qtbot, page, NAME), "Close the details")
    assert not is_open(page)
    open_details(qtbot, page, NAME)
    press(qtbot, page, f"Details of {NAME}")
    assert not is_open(page)


def test_another_card_takes_over(page: InstalledView, details: ModelPanel, qtbot: QtBot) -> None:
    open_details(qtbot, page, "Mistral Nemo 12B")
    assert details.accessibleName() == "Details of Mistral Nemo 12B"
    assert card(page, NAME).property("selected") == "false"


def test_where_there_is_no_room_they_lie_over_the_list(page: InstalledView, qtbot: QtBot) -> None:
    page.resize(NARROW, 700)
    column_px = card(page, NAME).width()
    details = open_details(qtbot, page, NAME)
    assert card(page, NAME).width() == column_px
    focused = QApplication.focusWidget()
    assert focused is not None
    assert details.isAncestorOf(focused)
    (veil,) = visible(page, Veil)
    qtbot.mouseClick(veil, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not is_open(page)
    assert not visible(page, Veil)
    open_details(qtbot, page, NAME)
    page.resize(WIDE, 700)
    assert not visible(page, Veil)


def test_a_model_that_is_gone_takes_its_details_along(
    page: InstalledView, details: ModelPanel
) -> None:
    page.show_library(events.Library((SMOL, STARTER), (), STARTER))
    assert not is_open(page)


def test_tab_goes_through_cards_and_details_and_leaves_out_what_is_covered(
    page: InstalledView, details: ModelPanel, qtbot: QtBot
) -> None:
    def round_trip(n_steps: int) -> list[QWidget]:
        stops = []
        for _ in range(n_steps):
            focused = QApplication.focusWidget()
            assert focused is not None
            stops.append(focused)
            qtbot.keyClick(focused, Qt.Key.Key_Tab)
        return stops

    find(page, QAbstractButton, "Open a model file…").setFocus()
    stops = round_trip(40)
    inside = [details.isAncestorOf(one) for one in stops]
    first = inside.index(True)
    n_inside = inside[first:].index(False)
    # First the whole list, then all of the details, then round again.
    assert not any(inside[:first])
    assert [one.accessibleName() for one in stops[first : first + 2]] == [
        "Close the details",
        version(details, "Q4_K_M").accessibleName(),
    ]
    assert stops[first + n_inside - 1].accessibleName() == "Use this model"
    page.resize(NARROW, 700)
    find(details, QAbstractButton, "Close the details").setFocus()
    assert all(details.isAncestorOf(one) for one in round_trip(15))


@pytest.mark.parametrize("name", [NAME, "Qwen3 32B", "SmolLM3 3B"])
def test_whatever_takes_the_keyboard_has_a_name(
    page: InstalledView, qtbot: QtBot, name: str
) -> None:
    open_details(qtbot, page, name)
    for widget in visible(page, QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert widget.accessibleName(), widget


# --- versions ---


def test_three_versions_in_plain_words_the_technical_name_last(details: ModelPanel) -> None:
    balanced, best, smallest = (one.accessibleName() for one in versions(details))
    assert balanced.startswith("Balanced. Recommended. 2.3 GB · close to full quality · about ")
    assert balanced.endswith(" words per second · Q4_K_M")
    assert best.startswith("Best quality. 4.0 GB · full quality · about ")
    assert best.endswith(" · Q8_0")
    assert smallest.startswith("Smallest. 1.7 GB · more mistakes · about ")
    assert smallest.endswith(" · Q3_K_S")
    assert version(details, "Q4_K_M").isChecked()
    assert "The best quality that still writes fast" in text_of(details)


def test_choosing_a_version_changes_everything_and_the_card_speaks_of_it(
    page: InstalledView, details: ModelPanel, qtbot: QtBot
) -> None:
    before = amounts(details)["Model"]
    qtbot.mouseClick(version(details, "Q8_0"), Qt.MouseButton.LeftButton)
    assert amounts(details)["Model"] > before
    assert "4.0 GB on disk" in badges(card(page, NAME))
    with qtbot.waitSignal(page.load_requested) as asked:
        press(qtbot, details, "Use this model")
    assert asked.args == [events.LoadRequest(QWEN[1].path)]


def test_versions_can_be_chosen_with_the_arrow_keys(
    page: InstalledView, details: ModelPanel, qtbot: QtBot
) -> None:
    first = version(details, "Q4_K_M")
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert version(details, "Q8_0").hasFocus()
    assert version(details, "Q8_0").isChecked()
    assert "4.0 GB on disk" in badges(card(page, NAME))


def test_all_versions_are_listed_on_demand_each_with_what_speaks_against_it(
    details: ModelPanel, qtbot: QtBot
) -> None:
    press(qtbot, details, "All 5 versions")
    assert {one.model.quantization for one in versions(details)} == {
        *(one.quantization for one in QWEN),
        "Q2_K",
    }
    assert "Better, but slower than the recommended one." in text_of(version(details, "Q5_K_M"))
    assert "a smaller model in a balanced version" in text_of(version(details, "Q2_K"))
    assert "many mistakes" in text_of(version(details, "Q2_K"))
    press(qtbot, details, "All 5 versions")
    assert len(versions(details)) == 3


def test_another_version_of_the_model_in_use_can_be_looked_at_and_loaded(
    page: InstalledView, qtbot: QtBot
) -> None:
    page.show_status(events.EngineStatus(events.EngineState.READY, QWEN[0]))
    details = open_details(qtbot, page, NAME)
    qtbot.mouseClick(version(details, "Q8_0"), Qt.MouseButton.LeftButton)
    assert version(details, "Q8_0").isChecked()
    with qtbot.waitSignal(page.load_requested) as asked:
        press(qtbot, details, "Use this model")
    assert asked.args == [events.LoadRequest(QWEN[1].path)]
    # News of the engine do not take the choice back; that it is in use does.
    page.show_status(events.EngineStatus(events.EngineState.BUSY, QWEN[0]))
    assert version(details, "Q8_0").isChecked()
    press(qtbot, details, "Close the details")
    assert "In use" in badges(card(page, NAME))


def test_a_version_whose_file_is_back_can_be_chosen_again(
    page: InstalledView, qtbot: QtBot
) -> None:
    there = QWEN[:2]
    page.show_library(events.Library(there, (QWEN_POOR,)))
    details = open_details(qtbot, page, NAME)
    press(qtbot, details, "All 3 versions")
    QApplication.processEvents()
    assert not version(details, "Q2_K").isEnabled()
    page.show_library(events.Library((*there, QWEN_POOR), ()))
    QApplication.processEvents()
    assert version(details, "Q2_K").isEnabled()


def test_a_single_version_is_nothing_to_choose(page: InstalledView, qtbot: QtBot) -> None:
    details = open_details(qtbot, page, "SmolLM3 3B")
    (only,) = versions(details)
    assert only.focusPolicy() is Qt.FocusPolicy.NoFocus
    assert "How much quality to keep" not in text_of(details)


# --- memory ---


@pytest.mark.parametrize("outlook", [OUTLOOK, CARD_OUTLOOK, Outlook(CROWDED)])
@pytest.mark.parametrize("name", [NAME, "Mistral Nemo 12B", "Qwen3 32B", "Starter"])
def test_the_parts_of_the_memory_add_up_as_they_are_shown(
    page: InstalledView, qtbot: QtBot, outlook: Outlook, name: str
) -> None:
    page.show_outlook(outlook)
    details = open_details(qtbot, page, name)
    if outlook is not CARD_OUTLOOK:
        shown = amounts(details)
        total = shown.pop("In all")
        assert sum(shown.values()) == pytest.approx(total, abs=0.001)
        assert shown["Other programs"] > 0


@pytest.mark.parametrize("path", COMPUTERS, ids=lambda path: path.stem)
def test_every_kind_of_computer_is_shown_in_numbers_that_make_sense(
    page: InstalledView, qtbot: QtBot, path: Path
) -> None:
    page.show_outlook(Outlook(read_recorded(path)))
    for shown in cards(page):
        picture = bar(shown)
        assert picture.used_bytes > 0
        assert 0 <= picture.now_bytes <= picture.limit_bytes <= picture.scale_bytes
        for word in ("nan", "inf", "None", "-"):
            assert word not in " ".join(badges(shown)).replace("apache-2.0", "")
    for name in (NAME, "Qwen3 32B"):
        details = open_details(qtbot, page, name)
        for pool in visible(details, PoolPart):
            sizes = sums_of(pool)
            assert sizes[0] == pytest.approx(sum(sizes[1:]), abs=0.001)


def sums_of(pool: QWidget) -> list[float]:
    """Read the sum of one memory, and then its parts, in gigabytes."""
    texts = [one.text() for one in visible(pool, QLabel)]
    parts = [
        0.0 if one.startswith("under") else float(one.removesuffix(" GB").replace("−", "-"))
        for one in texts
        if one.endswith(" GB")
    ]
    whole = float(texts[texts.index("In all") + 1].removesuffix(" GB"))
    parts.remove(whole)
    return [whole, *parts]


def test_each_memory_of_its_own_has_its_bar(page: InstalledView, qtbot: QtBot) -> None:
    page.show_outlook(CARD_OUTLOOK)
    details = open_details(qtbot, page, "Mistral Nemo 12B")
    assert "NVIDIA GeForce RTX 3060" in text_of(details)
    own = bar(details, "Memory of This computer")
    card_bar = bar(details, "Memory of NVIDIA GeForce RTX 3060")
    assert own.used_bytes < own.limit_bytes
    assert card_bar.parts[0][1] > own.parts[0][1]


def test_the_engine_is_asked_after_a_while_and_its_answer_set_beside_our_sum(
    page: InstalledView, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(page.estimate_requested) as asked:
        details = open_details(qtbot, page, NAME)
        assert "Our own sum" in text_of(details)
    request: EstimateRequest = asked.args[0]
    assert request.path == QWEN[0].path
    assert "The engine is being asked" in text_of(details)
    page.show_estimate(EngineEstimate(request.path, request.placement, None))
    assert "The engine could not be asked" in text_of(details)
    page.show_estimate(EngineEstimate(QWEN[1].path, request.placement, need_of(9)))
    assert "Checked with the engine" not in text_of(details)
    page.show_estimate(EngineEstimate(request.path, request.placement, need_of(3)))
    assert "Checked with the engine: it says 2.79 GB, our sum is" in text_of(details)
    assert "Model: +" in text_of(details)
    assert "Conversation: −" in text_of(details)


def need_of(n_gb: int) -> MemoryNeed:
    return MemoryNeed(MemoryShare(n_gb * 1_000_000_000))


def test_numbers_are_written_as_the_user_writes_them(page: InstalledView, qtbot: QtBot) -> None:
    usual = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German))
    try:
        with qtbot.waitSignal(page.estimate_requested) as asked:
            details = open_details(qtbot, page, NAME)
        request: EstimateRequest = asked.args[0]
        page.show_estimate(EngineEstimate(request.path, request.placement, need_of(3)))
        assert "it says 2,79 GB" in text_of(details)
    finally:
        QLocale.setDefault(usual)


def test_an_engine_that_does_not_answer_is_not_waited_for_any_longer(
    page: InstalledView, details: ModelPanel, qtbot: QtBot
) -> None:
    details._limit.setInterval(10)
    with qtbot.waitSignal(page.estimate_requested):
        pass
    qtbot.waitUntil(lambda: "could not be asked this time" in text_of(details))


def test_an_engine_that_cannot_be_asked_leaves_our_own_sum(
    page: InstalledView, qtbot: QtBot
) -> None:
    page.show_survey_failed(SurveyFailed(Failure(ErrorCode.ENGINE_LOST)))
    with qtbot.waitSignal(page.estimate_requested):
        details = open_details(qtbot, page, NAME)
    page.show_survey_failed(SurveyFailed(Failure(ErrorCode.ENGINE_LOST)))
    assert "The engine could not be asked this time." in text_of(details)


# --- how much it remembers ---


def test_bar_verdict_and_numbers_follow_the_slider_before_anything_is_decided(
    page: InstalledView, qtbot: QtBot
) -> None:
    details = open_details(qtbot, page, "Mistral Nemo 12B")
    assert badges(details)[0] == "Slow here"
    before = amounts(details)
    one = slider(details)
    with (
        qtbot.assertNotEmitted(page.context_requested),
        qtbot.assertNotEmitted(page.load_requested),
    ):
        one.setSliderDown(True)
        one.setValue(one.maximum())
    assert "About 98000 words, or 197 pages" in text_of(details)
    assert "131072 tokens" in text_of(details)
    assert amounts(details)["Conversation"] > before["Conversation"]
    assert amounts(details)["Missing"] < 0
    assert badges(details)[0] == "Too big here"
    assert find(details, QAbstractButton, "Load anyway").isEnabled()
    with qtbot.waitSignal(page.context_requested) as asked:
        one.setSliderDown(False)
    assert asked.args == [ContextRequest(NEMO.path, 131072)]


def test_the_slider_stays_where_it_is_while_it_is_moved(details: ModelPanel) -> None:
    one = slider(details)
    before = one.mapTo(details, QPoint())
    one.setSliderDown(True)
    one.setValue(0)
    assert find(details, QAbstractButton, "Automatic").isEnabled()
    QApplication.processEvents()
    assert one.mapTo(details, QPoint()) == before


def test_a_length_chosen_with_keys_is_taken_after_a_pause(
    page: InstalledView, details: ModelPanel, qtbot: QtBot
) -> None:
    one = slider(details)
    one.setFocus()
    with qtbot.waitSignal(page.context_requested) as asked:
        qtbot.keyClick(one, Qt.Key.Key_Home)
    assert asked.args == [ContextRequest(QWEN[0].path, 2048)]
    assert "About 1500 words, or 3 pages" in text_of(details)
    with qtbot.waitSignal(page.load_requested) as loaded:
        press(qtbot, details, "Use this model")
    assert loaded.args == [events.LoadRequest(QWEN[0].path, 2048)]


def test_automatic_gives_the_choice_back(
    page: InstalledView, details: ModelPanel, qtbot: QtBot
) -> None:
    automatic = f"{verdict(page, NAME).placement.n_ctx} tokens, chosen automatically"
    assert automatic in text_of(details)
    names = {one.accessibleName() for one in visible(details, QAbstractButton)}
    assert "Automatic" not in names
    with qtbot.waitSignal(page.context_requested):
        qtbot.keyClick(slider(details), Qt.Key.Key_End)
    with qtbot.waitSignal(page.context_requested) as asked:
        press(qtbot, details, "Automatic")
    assert asked.args == [ContextRequest(QWEN[0].path, 0)]
    assert automatic in text_of(details)


def test_a_length_that_was_kept_is_shown_again(page: InstalledView, qtbot: QtBot) -> None:
    page.show_outlook(replace(OUTLOOK, n_ctx_by_path={QWEN[0].path: 4096}))
    details = open_details(qtbot, page, NAME)
    assert "4096 tokens" in text_of(details)
    assert find(details, QAbstractButton, "Automatic").isEnabled()


def test_news_of_this_computer_do_not_pull_the_slider_away(
    page: InstalledView, details: ModelPanel
) -> None:
    one = slider(details)
    one.setSliderDown(True)
    one.setValue(0)
    page.show_outlook(OUTLOOK)
    assert one.value() == 0
    assert "2048 tokens" in text_of(details)


def test_a_wheel_over_the_slider_scrolls_the_details(details: ModelPanel) -> None:
    one, place = slider(details), slider(details).rect().center()
    before = one.value()
    event = QWheelEvent(
        place,
        one.mapToGlobal(place),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(one, event)
    assert one.value() == before
    assert not event.isAccepted()


@pytest.mark.parametrize("n_ctx_train", [0, 512, 2048, 8192, 40960, 131072, 10**7])
@pytest.mark.parametrize("present", [256, 4096, 20000])
def test_lengths_to_choose_from_rise_up_to_what_the_model_was_made_for(
    n_ctx_train: int, present: int
) -> None:
    steps = context_steps(n_ctx_train, present)
    assert list(steps) == sorted(set(steps))
    assert steps[-1] == min(n_ctx_train or 32768, 1 << 20)
    assert min(present, steps[-1]) in steps
    assert len(steps) < 24


# --- speed ---


def test_speed_is_told_with_its_range_and_source(page: InstalledView, details: ModelPanel) -> None:
    shown, speed = text_of(details), verdict(page, NAME).speed
    for part in (
        "words per second",
        f"({speed_range_words(speed)})",
        f"({first_word_range_words(speed)})",
        "2,000 tokens, about three pages",
        "From the measurement of this computer: within 15 %.",
    ):
        assert part in shown


def test_a_guess_is_called_one_and_leads_to_the_measurement(
    page: InstalledView, details: ModelPanel, qtbot: QtBot
) -> None:
    page.show_outlook(UNMEASURED)
    assert "Guessed from the kind of processor" in text_of(details)
    with qtbot.waitSignal(page.measure_requested):
        press(qtbot, details, "Measure this computer")


# --- using it ---


def test_what_is_too_big_says_what_it_needs_and_what_does_instead(
    page: InstalledView, qtbot: QtBot
) -> None:
    details = open_details(qtbot, page, "Qwen3 32B")
    assert "It needs a computer with 32 GB of memory." in text_of(details)
    assert "It will most likely fail" in text_of(details)
    with qtbot.waitSignal(page.load_requested) as asked:
        press(qtbot, details, "Load anyway")
    assert asked.args == [events.LoadRequest(LARGE.path, is_forced=True)]
    press(qtbot, details, f"Look at {NAME}")
    assert details.accessibleName() == f"Details of {NAME}"


@pytest.mark.parametrize(
    ("reported_gib", "sold"), [(7.2, "8 GB"), (7.6, "8 GB"), (13.5, "16 GB"), (15.2, "16 GB")]
)
def test_no_computer_is_told_to_be_what_it_is_already(
    page: InstalledView, qtbot: QtBot, reported_gib: float, sold: str
) -> None:
    """Systems report less memory than the computer was sold with."""
    n_bytes = round(reported_gib * (1 << 30))
    computer = replace(LAPTOP, memory_bytes=n_bytes, available_bytes=n_bytes // 2)
    # A little too big: less than what the system does not report.
    most_bytes = budget_of(computer).processor.most_bytes
    big = sample("Big", billions=0.95 * most_bytes * 8 / LOSSES["Q4_K_M"].bits / 1e9)
    page.show_library(events.Library((big,), ()))
    page.show_outlook(Outlook(computer))
    details = open_details(qtbot, page, "Big")
    assert "Too big here" in badges(details)
    assert f"with {sold} of memory" not in text_of(details)


def test_of_a_model_that_is_too_big_another_version_is_named_first(
    page: InstalledView, qtbot: QtBot
) -> None:
    large, small = (sample("Big", one, billions=12.0) for one in ("Q8_0", "Q4_K_M"))
    page.show_library(events.Library((large, small, STARTER), (), STARTER))
    details = open_details(qtbot, page, "Big")
    press(qtbot, details, "All 2 versions")
    QApplication.processEvents()
    qtbot.mouseClick(version(details, "Q8_0"), Qt.MouseButton.LeftButton)
    assert badges(details)[0] == "Too big here"
    press(qtbot, details, "Choose Q4_K_M")
    assert version(details, "Q4_K_M").isChecked()


def test_without_a_smaller_file_one_to_look_for_is_named(
    page: InstalledView, qtbot: QtBot
) -> None:
    only = sample("Big", "Q8_0", billions=12.0)
    page.show_library(events.Library((only, STARTER), (), STARTER))
    details = open_details(qtbot, page, "Big")
    assert "look for a file with" in text_of(details)
    assert "in its name" in text_of(details)


def test_a_tight_fit_is_loaded_only_after_a_word_of_warning(
    page: InstalledView, qtbot: QtBot
) -> None:
    page.show_outlook(Outlook(CROWDED))
    details = open_details(qtbot, page, "Mistral Nemo 12B")
    assert "If nothing is closed" in text_of(details)
    with qtbot.waitSignal(page.load_requested) as asked:
        press(qtbot, details, "Load anyway")
    assert asked.args == [events.LoadRequest(NEMO.path)]


def loaded(n_ctx: int = 8192, real_bytes: int = 4_100_000_000) -> events.LoadedModel:
    placement = Placement(n_ctx, n_threads=4)
    return events.LoadedModel(SMOL, placement, (), real_bytes, 1.0, "A processor", need_of(4))


def test_the_model_in_use_tells_what_was_foreseen_and_who_computes(
    page: InstalledView, qtbot: QtBot
) -> None:
    page.show_loaded(loaded())
    details = open_details(qtbot, page, "SmolLM3 3B")
    assert "It takes 3.8 GB of memory; 3.7 GB was foreseen, 2 % less." in text_of(details)
    assert "Computing: A processor, 4 threads" in text_of(details)
    with qtbot.waitSignal(page.load_requested) as asked:
        press(qtbot, details, "Chat")
    assert asked.args == [events.LoadRequest(SMOL.path)]
    page.show_loaded(loaded(real_bytes=4_040_000_000))
    assert "It takes 3.8 GB of memory; 3.7 GB was foreseen" in text_of(details)
    page.show_loaded(loaded(real_bytes=4_020_000_000))
    assert "It takes 3.7 GB of memory, just as foreseen." in text_of(details)
    page.show_status(events.EngineStatus(events.EngineState.READY, STARTER))
    assert "In use now" not in text_of(details)


def test_layers_on_cards_are_counted(page: InstalledView, qtbot: QtBot) -> None:
    uses = (DeviceUse("CPU", "A processor", 12, 1), DeviceUse("CUDA0", "A card", 25, 1))
    placement = Placement(8192, devices=("CUDA0",), device_layers=(25,), n_threads=6)
    page.show_loaded(replace(loaded(), placement=placement, device_uses=uses))
    details = open_details(qtbot, page, "SmolLM3 3B")
    line = "25 of 37 layers on A card (CUDA); the rest on the processor, 6 threads"
    assert line in text_of(details)


def test_memory_on_cards_counts_as_taken(page: InstalledView, qtbot: QtBot) -> None:
    uses = (
        DeviceUse("CPU", "A processor", 12, 1_000_000_000),
        DeviceUse("CUDA0", "A card", 25, 2_900_000_000),
    )
    placement = Placement(8192, devices=("CUDA0",), device_layers=(25,), n_threads=6)
    in_process = replace(loaded(real_bytes=1_200_000_000), placement=placement, device_uses=uses)
    page.show_loaded(in_process)
    details = open_details(qtbot, page, "SmolLM3 3B")
    assert "It takes 3.6 GB of memory; 3.7 GB was foreseen" in text_of(details)


def test_another_length_of_the_model_in_use_takes_effect_when_it_is_loaded_again(
    page: InstalledView, qtbot: QtBot
) -> None:
    page.show_loaded(loaded(verdict(page, "SmolLM3 3B").placement.n_ctx))
    details = open_details(qtbot, page, "SmolLM3 3B")
    assert "loaded again" not in text_of(details)
    with qtbot.waitSignal(page.context_requested):
        qtbot.keyClick(slider(details), Qt.Key.Key_Home)
    assert "Takes effect when the model is loaded again." in text_of(details)
    with qtbot.waitSignal(page.load_requested) as asked:
        press(qtbot, details, "Load it again")
    assert asked.args == [events.LoadRequest(SMOL.path, 2048)]


def test_what_other_programs_take_asks_nobody_to_load_the_model_again(
    page: InstalledView, qtbot: QtBot
) -> None:
    details = open_details(qtbot, page, "SmolLM3 3B")
    page.show_loaded(loaded(n_ctx=3072))
    assert "loaded again" not in text_of(details)


def test_loading_can_be_followed_and_given_up_here(page: InstalledView, qtbot: QtBot) -> None:
    details = open_details(qtbot, page, NAME)
    page.show_status(events.EngineStatus(events.EngineState.BUSY, QWEN[0], is_loading=True))
    page.show_progress(events.LoadProgress(QWEN[0], 0.5))
    with qtbot.waitSignal(page.cancel_load_requested):
        press(qtbot, details, "Cancel")
