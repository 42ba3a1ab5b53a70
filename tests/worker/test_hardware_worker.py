"""This computer, asked through a real process that lives only for that."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from app.core import events, fit_events
from app.core.computer import DeviceKind, System
from app.core.fit.memory import NO_MEMORY, MemoryNeed, MemoryShare
from app.core.fit.speed import Calibration, RunRecord
from app.core.placement import Placement
from app.core.settings import SettingKey
from app.machine.recorded_computer import read_recorded
from app.store.model_files import inspect_model
from app.worker import hardware_worker
from app.worker.hardware_worker import HardwareWorker
from app.worker.signal_types import signal, signal_of
from app.worker.survey import read_devices_now
from app.worker.threads import WorkerThread

WAIT_MS = 30_000
GB = 1_000_000_000
RECORDED = Path(__file__).parents[1] / "computers" / "windows_32gb_rtx_3060.json"


class Window(QObject):
    """Asks the worker as the window does, and writes down what it hears."""

    open_requested = signal()
    refresh_requested = signal()
    measure_requested = signal()
    first_measure_requested = signal()
    cancel_requested = signal()
    close_requested = signal()
    estimate_requested = signal_of(fit_events.EstimateRequest)
    measurements_changed = signal_of(fit_events.Measurements)
    settings_changed = signal_of(events.SettingsChanged)
    model_loaded = signal_of(events.LoadedModel)
    status_changed = signal_of(events.EngineStatus)

    def __init__(self, worker: HardwareWorker) -> None:
        super().__init__()
        self.outlooks: list[fit_events.Outlook] = []
        self.progress: list[fit_events.CalibrationProgress] = []
        self.calibrated: list[fit_events.Calibrated] = []
        self.refused: list[fit_events.CalibrationRefused] = []
        self.n_stopped = 0
        self.estimates: list[fit_events.EngineEstimate] = []
        self.failed: list[fit_events.SurveyFailed] = []
        self.open_requested.connect(worker.open)
        self.refresh_requested.connect(worker.refresh)
        self.measure_requested.connect(worker.measure)
        self.first_measure_requested.connect(worker.measure_first)
        self.cancel_requested.connect(worker.cancel_measure)
        self.close_requested.connect(worker.close)
        self.estimate_requested.connect(worker.estimate)
        self.measurements_changed.connect(worker.take_measurements)
        self.settings_changed.connect(worker.apply_settings)
        self.model_loaded.connect(worker.take_loaded)
        self.status_changed.connect(worker.take_status)
        worker.outlook_changed.connect(self._on_outlook)
        worker.calibration_advanced.connect(self._on_progress)
        worker.calibrated.connect(self._on_calibrated)
        worker.calibration_refused.connect(self._on_refused)
        worker.calibration_stopped.connect(self._on_stopped)
        worker.estimated.connect(self._on_estimate)
        worker.survey_failed.connect(self._on_failed)

    @Slot(object)
    def _on_outlook(self, outlook: fit_events.Outlook) -> None:
        self.outlooks.append(outlook)

    @Slot(object)
    def _on_progress(self, progress: fit_events.CalibrationProgress) -> None:
        self.progress.append(progress)

    @Slot(object)
    def _on_calibrated(self, calibrated: fit_events.Calibrated) -> None:
        self.calibrated.append(calibrated)

    @Slot(object)
    def _on_refused(self, refused: fit_events.CalibrationRefused) -> None:
        self.refused.append(refused)

    @Slot()
    def _on_stopped(self) -> None:
        self.n_stopped += 1

    @Slot(object)
    def _on_estimate(self, estimate: fit_events.EngineEstimate) -> None:
        self.estimates.append(estimate)

    @Slot(object)
    def _on_failed(self, failed: fit_events.SurveyFailed) -> None:
        self.failed.append(failed)


class Rig:
    """A worker on its thread, a window, and the wait for what one expects."""

    def __init__(self, qtbot: QtBot, recorded: Path | None = None) -> None:
        self.worker = HardwareWorker(recorded)
        self.window = Window(self.worker)
        self._qtbot = qtbot
        self._thread = WorkerThread("hardware")
        self._thread.adopt(self.worker)
        self._thread.start()

    def until(self, condition: object) -> None:
        assert callable(condition)
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT_MS)

    def open(self) -> fit_events.Outlook:
        self.window.open_requested.emit()
        self.until(lambda: self.window.outlooks)
        return self.window.outlooks[-1]

    def close(self) -> bool:
        self.window.close_requested.emit()
        return self._thread.wait()


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the computer count as quiet, whatever else runs on the machine of the tests."""
    monkeypatch.setattr(hardware_worker, "others_busy_fraction", lambda _: 0.0)


def test_the_computer_is_read_and_what_it_computes_on_is_asked_of_the_engine(
    qtbot: QtBot,
) -> None:
    rig = Rig(qtbot)
    computer = rig.open().computer
    assert computer.memory_bytes > computer.available_bytes > 0
    assert computer.processor.n_cores > 0
    assert computer.devices[-1].kind is DeviceKind.PROCESSOR
    assert rig.close()


def test_an_engine_can_be_asked_for_devices_right_before_a_load() -> None:
    devices = read_devices_now()
    assert DeviceKind.PROCESSOR in {device.kind for device in devices}


@pytest.mark.usefixtures("quiet")
def test_measuring_tells_how_far_it_is_and_what_came_of_it(qtbot: QtBot) -> None:
    rig = Rig(qtbot)
    rig.open()
    rig.window.measure_requested.emit()
    rig.until(lambda: rig.window.calibrated)
    fractions = [one.fraction for one in rig.window.progress]
    assert fractions[0] == 0.0
    assert fractions == sorted(fractions)
    calibration = rig.window.calibrated[0].calibration
    rig.until(lambda: rig.window.outlooks[-1].knowledge.calibration == calibration)
    assert rig.close()


@pytest.mark.usefixtures("quiet")
def test_measuring_can_be_cancelled(qtbot: QtBot) -> None:
    rig = Rig(qtbot)
    rig.open()
    rig.window.measure_requested.emit()
    rig.until(lambda: len(rig.window.progress) > 1)
    rig.window.cancel_requested.emit()
    rig.until(lambda: rig.window.n_stopped)
    assert rig.window.calibrated == []
    assert rig.close()


@pytest.mark.usefixtures("quiet")
def test_measuring_can_be_cancelled_before_it_has_begun(qtbot: QtBot) -> None:
    rig = Rig(qtbot)
    rig.open()
    rig.window.measure_requested.emit()
    rig.window.cancel_requested.emit()
    rig.until(lambda: rig.window.n_stopped)
    n_outlooks = len(rig.window.outlooks)
    # What is asked afterwards is answered, and nothing has been measured before it.
    request = fit_events.EstimateRequest(Path("/missing.gguf"), Placement(4096))
    rig.window.estimate_requested.emit(request)
    rig.until(lambda: rig.window.failed)
    assert len(rig.window.progress) == 1
    assert len(rig.window.outlooks) == n_outlooks
    assert rig.close()


def test_a_busy_computer_is_not_measured(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware_worker, "others_busy_fraction", lambda _: 0.9)
    rig = Rig(qtbot)
    rig.open()
    rig.window.measure_requested.emit()
    rig.until(lambda: rig.window.refused)
    assert rig.window.refused[0].busy_fraction == 0.9
    assert rig.window.progress == []
    assert rig.close()


@pytest.mark.usefixtures("quiet")
def test_nothing_is_measured_while_an_answer_is_written(qtbot: QtBot) -> None:
    rig = Rig(qtbot)
    rig.open()
    rig.window.status_changed.emit(events.EngineStatus(events.EngineState.BUSY))
    rig.window.measure_requested.emit()
    rig.until(lambda: rig.window.refused)
    assert rig.close()


@pytest.mark.usefixtures("quiet")
def test_the_first_measurement_comes_by_itself_and_only_once(qtbot: QtBot) -> None:
    rig = Rig(qtbot)
    rig.window.first_measure_requested.emit()
    rig.open()
    assert rig.window.progress == []  # what is stored is not known yet
    rig.window.measurements_changed.emit(fit_events.Measurements())
    rig.until(lambda: rig.window.calibrated)
    stored = fit_events.Measurements((rig.window.calibrated[0].calibration,))
    rig.window.measurements_changed.emit(stored)
    n_outlooks = len(rig.window.outlooks)
    rig.window.first_measure_requested.emit()
    rig.window.refresh_requested.emit()
    rig.until(lambda: len(rig.window.outlooks) > n_outlooks)
    assert len(rig.window.calibrated) == 1
    assert rig.close()


@pytest.mark.usefixtures("quiet")
def test_the_first_measurement_gives_way_to_an_answer_and_comes_later(qtbot: QtBot) -> None:
    rig = Rig(qtbot)
    rig.window.first_measure_requested.emit()
    rig.window.measurements_changed.emit(fit_events.Measurements())
    rig.open()
    rig.until(lambda: len(rig.window.progress) > 1)
    rig.window.status_changed.emit(events.EngineStatus(events.EngineState.BUSY))
    rig.until(lambda: rig.window.n_stopped)
    assert rig.window.calibrated == []
    rig.window.status_changed.emit(events.EngineStatus(events.EngineState.READY))
    # What the answer taught.
    rig.window.measurements_changed.emit(fit_events.Measurements())
    rig.until(lambda: rig.window.calibrated)
    assert rig.close()


@pytest.mark.usefixtures("quiet")
def test_a_measurement_that_was_asked_for_goes_on(qtbot: QtBot) -> None:
    rig = Rig(qtbot)
    rig.open()
    rig.window.measure_requested.emit()
    rig.until(lambda: len(rig.window.progress) > 1)
    rig.window.status_changed.emit(events.EngineStatus(events.EngineState.BUSY))
    rig.until(lambda: rig.window.calibrated)
    assert rig.close()


def test_a_calibration_of_another_processor_or_engine_counts_for_nothing(qtbot: QtBot) -> None:
    rig = Rig(qtbot)
    rig.open()
    n_outlooks = len(rig.window.outlooks)
    records = {"key": RunRecord(n_answers=1)}
    foreign = fit_events.Measurements((Calibration("other engine", "Abacus"),), records)
    rig.window.measurements_changed.emit(foreign)
    rig.until(lambda: len(rig.window.outlooks) > n_outlooks)
    assert rig.window.outlooks[-1].knowledge.calibration is None
    assert rig.window.outlooks[-1].knowledge.records == records
    assert rig.close()


def test_the_engine_says_what_a_model_would_take(qtbot: QtBot, starter_path: Path) -> None:
    rig = Rig(qtbot)
    rig.open()
    placement = Placement(4096)
    rig.window.estimate_requested.emit(fit_events.EstimateRequest(starter_path, placement))
    rig.until(lambda: rig.window.estimates)
    estimate = rig.window.estimates[0]
    assert (estimate.path, estimate.placement) == (starter_path, placement)
    assert estimate.need is not None
    assert estimate.need.weights_bytes == inspect_model(starter_path).shape.weights_bytes
    assert rig.close()


def test_a_file_that_is_no_model_only_costs_the_estimate(qtbot: QtBot, tmp_path: Path) -> None:
    rig = Rig(qtbot)
    rig.open()
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"GGUF" + b"\xff" * 64)
    rig.window.estimate_requested.emit(fit_events.EstimateRequest(bad, Placement(4096)))
    n_outlooks = len(rig.window.outlooks)
    rig.window.refresh_requested.emit()
    rig.until(lambda: len(rig.window.outlooks) > n_outlooks)
    assert rig.close()


def test_what_unloading_gives_back_counts_as_free(qtbot: QtBot, starter_path: Path) -> None:
    rig = Rig(qtbot)
    before = rig.open().computer.available_bytes
    need = MemoryNeed(MemoryShare(weights_bytes=GB))
    loaded = events.LoadedModel(
        inspect_model(starter_path), Placement(4096), (), GB, 1.0, "", need
    )
    n_outlooks = len(rig.window.outlooks)
    rig.window.model_loaded.emit(loaded)
    rig.until(lambda: len(rig.window.outlooks) > n_outlooks)
    after = rig.window.outlooks[-1].computer.available_bytes
    assert after > before + GB // 2
    assert NO_MEMORY.total_bytes == 0
    assert rig.close()


def test_settings_become_wishes(qtbot: QtBot) -> None:
    rig = Rig(qtbot)
    rig.open()
    n_outlooks = len(rig.window.outlooks)
    values: dict[SettingKey, str | int | float | bool] = {
        SettingKey.KEEP_FREE_GB: 2.5,
        SettingKey.N_CTX: 4096,
    }
    rig.window.settings_changed.emit(events.SettingsChanged(values))
    rig.until(lambda: len(rig.window.outlooks) > n_outlooks)
    wishes = rig.window.outlooks[-1].wishes
    assert (wishes.keep_free_bytes, wishes.n_ctx) == (5 << 29, 4096)
    assert (wishes.kv_type, wishes.n_gpu_layers) == (None, None)
    assert rig.close()


def test_a_recorded_computer_gives_what_was_recorded_and_is_not_measured(qtbot: QtBot) -> None:
    rig = Rig(qtbot, RECORDED)
    computer = rig.open().computer
    assert computer == read_recorded(RECORDED)
    assert (computer.system, computer.is_recorded) == (System.WINDOWS, True)
    rig.window.measure_requested.emit()
    rig.window.refresh_requested.emit()
    request = fit_events.EstimateRequest(RECORDED, Placement(4096))
    rig.window.estimate_requested.emit(request)
    n_outlooks = len(rig.window.outlooks)
    rig.window.measurements_changed.emit(fit_events.Measurements())
    rig.until(lambda: len(rig.window.outlooks) > n_outlooks)
    assert rig.window.progress == []
    # Whoever waits for an answer gets one.
    assert rig.window.n_stopped == 1
    assert [one.need for one in rig.window.estimates] == [None]
    assert rig.close()


def test_a_record_that_cannot_be_read_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "computer.json"
    path.write_text("{}")
    rig = Rig(qtbot, path)
    rig.window.open_requested.emit()
    rig.until(lambda: rig.window.failed)
    assert rig.close()
