"""Knows this computer: what it has, can spare, and how fast it is."""

import logging
import os
import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Slot

from app.core import events, fit_events
from app.core.computer import Computer, DeviceKind
from app.core.errors import Failure
from app.core.events import EngineState
from app.core.fit.budget import after_unloading
from app.core.fit.memory import MemoryNeed
from app.core.fit.speed import Calibration, SpeedKnowledge, fitting_calibration
from app.core.fit.wishes import wishes_of
from app.core.settings import DEFAULTS
from app.engine import protocol
from app.engine.protocol import Reply
from app.machine.computer import read_computer
from app.machine.processor_use import others_busy_fraction
from app.machine.recorded_computer import read_recorded
from app.worker.present_computer import with_present_state
from app.worker.signal_types import signal, signal_of
from app.worker.slot_guard import guarded
from app.worker.survey import Survey

_LOG = logging.getLogger(__name__)

BUSY_FRACTION = 0.35
"""With more than this of all cores taken by others a measurement would mislead."""
BUSY_INTERVAL_S = 0.4
_DEVICES_ID, _CALIBRATION_ID = "devices", "calibration"


class HardwareWorker(QObject):
    """Reads and measures this computer; lives on a thread of its own.

    Args:
        recorded: a file with another computer's facts, to see what that would be told; None
            for this one.

    Signals:
        outlook_changed: everything that verdicts are made from.
        calibration_advanced: how far measuring is.
        calibrated, calibration_refused, calibration_stopped: how it ended.
        estimated: what the engine itself says that a model would take.
        survey_failed: the computer could not be looked at or measured.
    """

    outlook_changed = signal_of(fit_events.Outlook)
    calibration_advanced = signal_of(fit_events.CalibrationProgress)
    calibrated = signal_of(fit_events.Calibrated)
    calibration_refused = signal_of(fit_events.CalibrationRefused)
    calibration_stopped = signal()
    estimated = signal_of(fit_events.EngineEstimate)
    survey_failed = signal_of(fit_events.SurveyFailed)

    def __init__(self, recorded: Path | None = None) -> None:
        super().__init__()
        self._recorded = recorded
        self._survey = Survey(self)
        self._survey.replied.connect(self._take)
        self._survey.failed.connect(self._on_failed)
        self._computer: Computer | None = None
        self._measurements = fit_events.Measurements()
        self._has_measurements = False
        self._settings = dict(DEFAULTS)
        self._loaded: events.LoadedModel | None = None
        self._is_engine_busy = False
        self._wants_first_calibration = False
        self._measuring_since_s = 0.0
        self._measures_by_itself = False
        self._estimates: dict[str, fit_events.EstimateRequest] = {}
        self._n_estimates = 0

    def report(self, failure: Failure) -> None:
        """Tell the window that something went wrong here."""
        self.survey_failed.emit(fit_events.SurveyFailed(failure))

    # --- asked by the window ---

    @Slot()
    @guarded
    def open(self) -> None:
        """Read the computer for the first time."""
        if self._recorded is not None:
            self._computer = read_recorded(self._recorded)
            self._report_outlook()
        else:
            self._survey.ask(protocol.ReadDevices(_DEVICES_ID))

    @Slot()
    @guarded
    def refresh(self) -> None:
        """Read again what changes: memory, power, and what graphics devices have free."""
        computer = self._computer
        if computer is None or computer.is_recorded:
            return
        if any(device.kind is not DeviceKind.PROCESSOR for device in computer.devices):
            self._survey.ask(protocol.ReadDevices(_DEVICES_ID))
            return
        self._computer = with_present_state(computer)
        self._report_outlook()

    @Slot()
    @guarded
    def measure(self) -> None:
        """Measure how fast the processor is, if other programs leave it alone."""
        if self._computer is None or self._computer.is_recorded:
            self.calibration_stopped.emit()
            return
        busy = self._busy_fraction()
        if busy > BUSY_FRACTION:
            self.calibration_refused.emit(fit_events.CalibrationRefused(busy))
        else:
            self._measures_by_itself = False
            self._begin_measurement(self._computer)

    @Slot()
    @guarded
    def measure_first(self) -> None:
        """Measure once, when what is measured is about to be shown and nothing is disturbed."""
        self._wants_first_calibration = True
        self._measure_if_unknown()

    @Slot()
    @guarded
    def cancel_measure(self) -> None:
        """Stop measuring, also if it has not begun yet."""
        if self._survey.withdraw(protocol.Calibrate):
            self.calibration_stopped.emit()
        elif isinstance(self._survey.present, protocol.Calibrate):
            self._survey.stop()

    @Slot(object)
    @guarded
    def estimate(self, request: fit_events.EstimateRequest) -> None:
        """Ask the engine what a model would take as placed."""
        if self._computer is None or self._computer.is_recorded:
            # Its devices are not there to be asked.
            self._report_estimate(request, None)
            return
        self._n_estimates += 1
        estimate_id = f"estimate-{self._n_estimates}"
        self._estimates = {estimate_id: request}
        path = os.fsencode(request.path)
        self._survey.ask(protocol.EstimateMemory(estimate_id, path, request.placement))

    @Slot()
    @guarded
    def close(self) -> None:
        """End the survey and this thread's event loop."""
        QThread.currentThread().quit()
        self._survey.close()

    # --- told by the other workers ---

    @Slot(object)
    @guarded
    def take_measurements(self, measurements: fit_events.Measurements) -> None:
        """Judge with what is stored."""
        self._measurements, self._has_measurements = measurements, True
        self._report_outlook()
        self._measure_if_unknown()

    @Slot(object)
    @guarded
    def apply_settings(self, settings: events.SettingsChanged) -> None:
        """Judge by these settings."""
        self._settings = {**DEFAULTS, **settings.values}
        self._report_outlook()

    @Slot(object)
    @guarded
    def take_loaded(self, loaded: events.LoadedModel) -> None:
        """Count what unloading the present model gives back."""
        self._loaded = loaded
        self.refresh()

    @Slot(object)
    @guarded
    def take_status(self, status: events.EngineStatus) -> None:
        """Note whether the engine computes, or has lost its model."""
        self._is_engine_busy = status.state is EngineState.BUSY
        if self._is_engine_busy and self._measures_by_itself:
            # Nobody asked for it, so nobody's answer waits for it; later will do.
            self._measures_by_itself, self._wants_first_calibration = False, True
            self.cancel_measure()
        if status.model is None or status.is_loading:
            self._loaded = None

    # --- what the survey says ---

    @Slot(object)
    @guarded
    def _take(self, reply: Reply) -> None:
        match reply:
            case protocol.Devices(devices=devices):
                self._computer = read_computer(devices)
                self._report_outlook()
                self._measure_if_unknown()
            case protocol.CalibrationAdvanced(fraction=fraction):
                left_s = self._seconds_left(fraction)
                self.calibration_advanced.emit(fit_events.CalibrationProgress(fraction, left_s))
            case protocol.CalibrationEnded(calibration=None):
                self._measures_by_itself = False
                self.calibration_stopped.emit()
            case protocol.CalibrationEnded(calibration=calibration) if calibration is not None:
                self._know(calibration)
            case protocol.MemoryEstimated(request_id=estimate_id, need=need):
                if request := self._estimates.pop(estimate_id, None):
                    self._report_estimate(request, need)
            case _:
                pass

    @Slot(object)
    @guarded
    def _on_failed(self, failure: Failure) -> None:
        """Go on without: the formula serves for estimates, and guesses for speed."""
        _LOG.warning("survey failed: %s %s", failure.code, failure.detail[-500:])
        if self._computer is None:
            self._computer = read_computer(())
            self._report_outlook()
        self.report(failure)

    def _report_estimate(
        self, request: fit_events.EstimateRequest, need: MemoryNeed | None
    ) -> None:
        estimate = fit_events.EngineEstimate(request.path, request.placement, need)
        self.estimated.emit(estimate)

    def _measure_if_unknown(self) -> None:
        if not (self._wants_first_calibration and self._has_measurements and self._computer):
            return
        if self._calibration() is not None:
            self._wants_first_calibration = False
        elif not self._computer.is_recorded and self._busy_fraction() <= BUSY_FRACTION:
            self._wants_first_calibration = False
            self._measures_by_itself = True
            self._begin_measurement(self._computer)

    def _busy_fraction(self) -> float:
        """Give the part of the processor that is taken; all of it while an answer is written."""
        return 1.0 if self._is_engine_busy else others_busy_fraction(BUSY_INTERVAL_S)

    def _seconds_left(self, fraction: float) -> float | None:
        took_s = time.monotonic() - self._measuring_since_s
        return took_s * (1.0 - fraction) / fraction if fraction > 0.0 else None

    def _begin_measurement(self, computer: Computer) -> None:
        self._measuring_since_s = time.monotonic()
        self.calibration_advanced.emit(fit_events.CalibrationProgress(0.0))
        n_cores = max(1, computer.processor.n_cores)
        processor, n_threads = computer.processor.description, max(1, n_cores - 1)
        self._survey.ask(protocol.Calibrate(_CALIBRATION_ID, processor, n_threads, n_cores))

    def _know(self, calibration: Calibration) -> None:
        """Judge by a new measurement at once, whether it can be stored or not."""
        self._measures_by_itself = False
        earlier = self._measurements.calibrations
        self._measurements = replace(
            self._measurements, calibrations=(calibration, *earlier), records={}
        )
        self.calibrated.emit(fit_events.Calibrated(calibration))
        self._report_outlook()

    def _calibration(self) -> Calibration | None:
        """Give what was measured of this very processor with this very engine."""
        if self._computer is None or self._computer.is_recorded:
            return None
        return fitting_calibration(
            self._measurements.calibrations,
            self._computer.processor.description,
            self._survey.engine_version,
        )

    def _report_outlook(self) -> None:
        computer = self._computer
        if computer is None:
            return
        if self._loaded is not None and not computer.is_recorded:
            computer = after_unloading(computer, self._loaded.placement, self._loaded.predicted)
        knowledge = SpeedKnowledge()
        if not computer.is_recorded:
            knowledge = SpeedKnowledge(self._calibration(), self._measurements.records)
        self.outlook_changed.emit(
            fit_events.Outlook(
                computer,
                knowledge,
                wishes_of(self._settings),
                self._measurements.n_ctx_by_path,
            )
        )
