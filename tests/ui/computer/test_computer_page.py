"""The page of this computer, by what the user sees and does."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.computer import DeviceKind
from app.core.errors import ErrorCode, Failure
from app.core.fit.budget import MemoryPool
from app.core.fit.choice import Wishes
from app.core.fit_events import (
    Calibrated,
    CalibrationProgress,
    CalibrationRefused,
    Outlook,
    SurveyFailed,
)
from app.core.placement import Placement, StepDown
from app.ui.computer.bandwidth_chart import BandwidthChart
from app.ui.computer.memory_section import PoolView
from app.ui.computer.page import ComputerPage
from app.ui.computer.speed_section import moment_words, words_by_type
from app.ui.theme import Appearance, Theme
from app.ui.widgets.fit_bar import FitBar
from tests.fit_samples import (
    CARD_OUTLOOK,
    LAPTOP,
    MEASURED,
    OLD,
    OUTLOOK,
    SMOL,
    UNMEASURED,
    WITH_CARD,
    WITH_UNUSED_CARD,
)
from tests.ui.chat.seen import find, text_of, visible


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme()
    theme.apply(qapp)
    yield theme
    theme.set_appearance(Appearance.LIGHT)


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> Iterator[ComputerPage]:
    page = ComputerPage(theme)
    page.resize(900, 1400)
    page.show()
    qtbot.waitExposed(page)
    yield page
    page.close()
    page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def show(page: ComputerPage, outlook: Outlook) -> str:
    page.show_outlook(outlook)
    QApplication.processEvents()
    return text_of(page)


def press(qtbot: QtBot, root: QWidget, name: str) -> None:
    qtbot.mouseClick(find(root, QAbstractButton, name), Qt.MouseButton.LeftButton)


def test_before_it_was_looked_at_the_page_says_so(page: ComputerPage) -> None:
    assert "Looking at this computer…" in text_of(page)
    shown = show(page, OUTLOOK)
    assert "Looking at" not in shown
    assert "12th Gen Intel Core i5-1240P" in shown


# --- memory ---


def test_memory_is_a_sum_of_what_models_may_take_others_hold_and_stays_free(
    page: ComputerPage,
) -> None:
    shown = show(page, OUTLOOK)
    now, most = re.findall(r"take (\S+) GB now, and (\S+) GB if other programs", shown)[0]
    assert float(now) < float(most) < 17.2
    amounts = [one.text() for one in visible(page, QLabel) if one.text().endswith(" GB")]
    *parts, total = sorted(float(one.removesuffix(" GB")) for one in amounts)
    assert (len(parts), total) == (3, 16.0)
    assert sum(parts) == pytest.approx(total)
    bar = next(one for one in visible(page, FitBar))
    assert bar.accessibleName() == "Memory of this computer"
    assert f"Models may take now {now} GB" in bar.accessibleDescription()


def test_what_the_memory_is_shared_with_is_told(page: ComputerPage) -> None:
    computer = replace(LAPTOP, is_container=True)
    shown = show(page, Outlook(computer, wishes=Wishes(keep_free_bytes=4 << 30)))
    assert "in a container" in shown
    assert "You keep 4.0 GB free" in shown


# --- speed ---


def test_a_computer_that_was_not_measured_can_be(page: ComputerPage, qtbot: QtBot) -> None:
    assert "Not measured yet." in show(page, UNMEASURED)
    assert not visible(page, BandwidthChart)
    with qtbot.waitSignal(page.measure_requested):
        press(qtbot, page, "Measure this computer (about 3 seconds)")
    page.show_calibration_progress(CalibrationProgress(0.4, 1.8))
    (progress,) = visible(page, QProgressBar)
    assert progress.value() == 40
    assert "2 s left" in text_of(page)
    # Other news do not end it.
    page.show_outlook(UNMEASURED)
    assert progress.isVisible()
    page.show_calibrated(Calibrated(MEASURED))
    assert not progress.isVisible()
    assert "It is fastest with 4 threads" in text_of(page)


def test_it_is_not_called_fastest_where_a_core_is_left(page: ComputerPage) -> None:
    rates = {1: 21e9, 2: 27e9}
    measured = replace(MEASURED, n_threads=1, bandwidth_by_threads=rates)
    show(page, UNMEASURED)
    page.show_calibrated(Calibrated(measured))
    assert "Models write with 1 thread, so that a core is left." in text_of(page)


def test_measuring_can_be_cancelled(page: ComputerPage, qtbot: QtBot) -> None:
    show(page, UNMEASURED)
    page.show_calibration_progress(CalibrationProgress(0.1))
    with qtbot.waitSignal(page.cancel_measure_requested):
        press(qtbot, page, "Cancel")
    assert not visible(page, QProgressBar)
    assert find(page, QAbstractButton, "Measure this computer (about 3 seconds)").isEnabled()


def test_measuring_that_was_stopped_leaves_what_was_known(page: ComputerPage) -> None:
    show(page, OUTLOOK)
    page.show_calibration_progress(CalibrationProgress(0.1))
    page.show_calibration_stopped()
    assert not visible(page, QProgressBar)
    assert "It is fastest with 4 threads" in text_of(page)


def test_a_busy_computer_is_not_measured_and_the_page_says_by_how_much_and_what_to_do(
    page: ComputerPage, qtbot: QtBot
) -> None:
    show(page, UNMEASURED)
    page.show_calibration_refused(CalibrationRefused(0.62))
    assert "other programs take 62 % of the processor now" in text_of(page)
    assert "Close some of them" in text_of(page)
    with qtbot.waitSignal(page.measure_requested):
        press(qtbot, page, "Try again")
    page.show_calibration_refused(CalibrationRefused(1.0))
    assert "perhaps with an answer" in text_of(page)


def test_measuring_that_fails_is_told_and_other_failures_are_not(page: ComputerPage) -> None:
    show(page, UNMEASURED)
    before = text_of(page)
    page.show_survey_failed(SurveyFailed(Failure(ErrorCode.ENGINE_LOST)))
    assert text_of(page) == before
    page.show_calibration_progress(CalibrationProgress(0.4))
    page.show_survey_failed(SurveyFailed(Failure(ErrorCode.ENGINE_LOST)))
    assert text_of(page) != before
    assert not visible(page, QProgressBar)


def test_the_measurement_is_a_picture_with_the_number_of_threads_in_use(
    page: ComputerPage, theme: Theme
) -> None:
    assert "Measured 12 May 2026" in show(page, OUTLOOK)
    (chart,) = visible(page, BandwidthChart)
    assert "4 threads: 27.1 GB a second" in chart.accessibleDescription()
    assert chart.accessibleDescription().endswith("In use: 4 threads.")
    image = chart.grab().toImage()
    accent = theme.tokens.accent
    columns = {
        x
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).name() == accent
    }
    # The fourth column of seven.
    assert columns
    assert 3 * 44 <= min(columns) < max(columns) <= 4 * 44


def test_speed_of_each_type_is_told_in_words_for_a_model_of_common_size(
    page: ComputerPage,
) -> None:
    shown = show(page, OUTLOOK)
    assert "a model of 4 billion parameters would write" in shown
    assert "close to full quality · Q4_K" in shown
    speeds = words_by_type(MEASURED)
    assert speeds["Q4_K"] > speeds["Q8_0"] > speeds["Q5_K"]
    assert 9 < speeds["Q4_K"] < 11


def test_a_measurement_of_a_busy_computer_is_marked(page: ComputerPage) -> None:
    busy = replace(MEASURED, was_busy=True)
    outlook = replace(OUTLOOK, knowledge=replace(OUTLOOK.knowledge, calibration=busy))
    assert "not worth much" in show(page, outlook)
    assert find(page, QAbstractButton, "Measure again (about 3 seconds)").isEnabled()


def test_a_recorded_computer_is_not_measured(page: ComputerPage) -> None:
    shown = show(page, Outlook(replace(OLD, is_recorded=True)))
    assert "recorded in a file" in shown
    page.begin_measuring()
    assert "Measuring" not in text_of(page)
    names = {one.accessibleName() for one in visible(page, QAbstractButton)}
    assert names == {"Models", "Look again"}


def test_moments_are_told_as_people_write_them() -> None:
    assert moment_words("2026-05-12T00:30:00+00:00").endswith(" May 2026, 00:30")
    assert moment_words("soon") == "soon"


# --- processor, power and graphics ---


def test_an_old_processor_and_saved_power_are_explained(page: ComputerPage) -> None:
    assert "models run slowly on it" in show(page, Outlook(OLD))
    shown = show(page, Outlook(WITH_UNUSED_CARD))
    assert "On battery, 37 % full." in shown
    assert "The system saves power, so models are slower." in shown
    assert "AVX2" in shown


def test_a_card_that_is_not_used_comes_with_what_to_do(page: ComputerPage, qtbot: QtBot) -> None:
    shown = show(page, Outlook(WITH_UNUSED_CARD))
    assert "You have a card from NVIDIA, but this build computes on the processor." in shown
    assert "The README says more, under “Graphics cards”." in shown
    press(qtbot, page, "Copy the command")
    assert QApplication.clipboard().text() == (
        'CMAKE_ARGS="-DGGML_CUDA=on" python3 packaging/dev.py run'
    )
    assert QApplication.clipboard().text() in shown


def test_a_card_that_computes_has_its_own_memory(page: ComputerPage) -> None:
    shown = show(page, CARD_OUTLOOK)
    assert "NVIDIA GeForce RTX 3060" in shown
    assert "Graphics card with 12.0 GB of memory, used through CUDA" in shown
    (card,) = CARD_OUTLOOK.computer.devices
    apple = replace(CARD_OUTLOOK.computer, devices=(replace(card, backend="MTL"),))
    assert "used through Metal" in show(page, replace(CARD_OUTLOOK, computer=apple))
    show(page, CARD_OUTLOOK)
    names = [one.accessibleName() for one in visible(page, FitBar)]
    assert "Memory of NVIDIA GeForce RTX 3060" in names
    assert "No graphics card was found" in show(page, OUTLOOK)


def test_the_sentence_about_a_memory_has_the_number_of_its_row(qtbot: QtBot, theme: Theme) -> None:
    # Rounded alone, what models may take is 17.1 GB; so that all adds up, the row has 17.0.
    total, others, now = (round(n_gb * 2**30) for n_gb in (23.40, 3.47, 17.06))
    view = PoolView(theme, "Memory")
    qtbot.addWidget(view)
    view.show()
    view.show_pool(MemoryPool("", "", total, others, now, round(19.9 * 2**30)))
    (bar,) = visible(view, FitBar)
    assert "Models may take now 17.0 GB" in bar.accessibleDescription()
    assert "Models may take 17.0 GB now, and 19.9 GB if other programs are closed." in text_of(
        view
    )


# --- who is computing ---


def test_who_is_computing_is_one_line(page: ComputerPage) -> None:
    show(page, OUTLOOK)
    assert "No model is loaded, so nothing is computing." in text_of(page)
    page.show_status(events.EngineStatus(events.EngineState.BUSY, SMOL, is_loading=True))
    assert "SmolLM3 3B is getting ready." in text_of(page)
    page.show_status(events.EngineStatus(events.EngineState.READY, SMOL))
    loaded = events.LoadedModel(SMOL, Placement(8192, n_threads=3), (), 1, 1.0, "A processor")
    page.show_loaded(loaded)
    assert "SmolLM3 3B computes here: A processor, 3 threads" in text_of(page)


IDLE = (
    ((), (), Wishes(n_gpu_layers=0), "RTX 3060 is not used, since Settings say so."),
    ((), (StepDown.PROCESSOR_ONLY,), Wishes(), "RTX 3060 is not used, since loading on it failed"),
    ((), (), Wishes(), "RTX 3060 is not used: with what it had free"),
    (("CUDA0",), (), Wishes(), "Iris Xe is not used: a card with memory of its own is faster."),
    (("CUDA1",), (), Wishes(), "RTX 3060 is not needed: the model has room without it."),
    ((), (), Wishes(), "GeForce RTX 2060 is not used: this build cannot compute on it."),
)


@pytest.mark.parametrize(("devices", "steps", "wishes", "reason"), IDLE)
def test_why_other_graphics_do_not_compute_is_told(
    page: ComputerPage,
    devices: tuple[str, ...],
    steps: tuple[StepDown, ...],
    wishes: Wishes,
    reason: str,
) -> None:
    (card,) = WITH_CARD.devices
    shared = replace(
        card,
        name="Vulkan0",
        description="Iris Xe",
        backend="Vulkan",
        kind=DeviceKind.INTEGRATED_GRAPHICS,
    )
    computer = replace(
        WITH_CARD, devices=(card, shared), unused_cards=WITH_UNUSED_CARD.unused_cards
    )
    placement = Placement(8192, devices=devices, device_layers=(9,) * len(devices))
    page.show_status(events.EngineStatus(events.EngineState.READY, SMOL))
    page.show_loaded(events.LoadedModel(SMOL, placement, steps, 1, 1.0, "A processor"))
    assert reason in show(page, Outlook(computer, wishes=wishes))
    page.show_status(events.EngineStatus(events.EngineState.READY))
    assert reason not in text_of(page)


def test_one_can_look_again_and_go_back(page: ComputerPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.refresh_requested):
        press(qtbot, page, "Look again")
    with qtbot.waitSignal(page.models_requested):
        press(qtbot, page, "Models")


def test_whatever_takes_the_keyboard_has_a_name(page: ComputerPage) -> None:
    show(page, Outlook(WITH_UNUSED_CARD))
    for widget in visible(page, QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            text = widget.text() if isinstance(widget, QLabel) else ""
            assert widget.accessibleName() or text, widget


@pytest.mark.parametrize("appearance", Appearance)
@pytest.mark.parametrize("direction", list(Qt.LayoutDirection)[:2])
def test_it_can_be_drawn_in_every_look(
    page: ComputerPage, theme: Theme, appearance: Appearance, direction: Qt.LayoutDirection
) -> None:
    theme.set_appearance(appearance)
    page.setLayoutDirection(direction)
    show(page, OUTLOOK)
    assert not page.grab().isNull()
