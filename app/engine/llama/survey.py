"""Answers questions about this computer and about files, without a model being loaded."""

import os
from collections.abc import Callable
from pathlib import Path

from app.engine import protocol
from app.engine.llama.calibration import Calibrator
from app.engine.llama.devices import read_devices
from app.engine.llama.estimate import estimate_memory
from app.engine.llama.library import EngineLog, StopFlag, engine_version
from app.engine.protocol import AnyReply

Emit = Callable[[AnyReply], None]


class LlamaSurvey:
    """Serves what a short-lived engine process is asked.

    Args:
        log: of the library.
        stop: ends a measurement soon after it is set.
    """

    def __init__(self, log: EngineLog, stop: StopFlag) -> None:
        self._log = log
        self._stop = stop

    def serve(self, request: protocol.SurveyRequest, emit: Emit) -> None:
        """Answer one question.

        Raises:
            WorldError: a model file cannot be read, or there is too little memory to measure.
        """
        match request:
            case protocol.ReadDevices():
                emit(protocol.Devices(request.request_id, read_devices()))
            case protocol.EstimateMemory():
                path = Path(os.fsdecode(request.path))
                need = estimate_memory(path, request.placement, self._log)
                emit(protocol.MemoryEstimated(request.request_id, need))
            case protocol.Calibrate():
                self._calibrate(request, emit)

    def _calibrate(self, request: protocol.Calibrate, emit: Emit) -> None:
        calibrator = Calibrator(
            self._log,
            self._stop,
            request.n_threads,
            request.n_threads_batch,
            lambda part: emit(protocol.CalibrationAdvanced(request.request_id, part)),
        )
        calibration = calibrator.run(engine_version(), request.processor)
        emit(protocol.CalibrationEnded(request.request_id, calibration))
