"""Asks a short-lived engine process about this computer and about files.

A process of its own, since a broken driver must not take the chat's engine down, and since a
graphics driver keeps memory for as long as the process lives that asked it.
"""

import logging
from collections import deque

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Slot

from app.core.computer import Device
from app.core.errors import ErrorCode, Facts, Failure
from app.engine import protocol
from app.engine.protocol import Reply, SurveyRequest
from app.worker.engine_process import EngineProcess
from app.worker.signal_types import signal_of

_LOG = logging.getLogger(__name__)

QUESTION_LIMIT_MS = 30_000
"""A question that is not answered by then will not be: drivers take some seconds at most."""
DEVICES_LIMIT_MS = 10_000


class Survey(QObject):
    """Questions to an engine process that lives only as long as there are some.

    Signals:
        replied: a reply to the present question.
        failed: the present question was not answered; the others still are.
    """

    replied = signal_of(Reply)
    failed = signal_of(Failure)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.engine_version = ""
        self._questions: deque[SurveyRequest] = deque()
        self._present: SurveyRequest | None = None
        self._process: EngineProcess | None = None
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(QUESTION_LIMIT_MS)
        self._limit.timeout.connect(self._kill)

    @property
    def present(self) -> SurveyRequest | None:
        """The question being answered."""
        return self._present

    def ask(self, question: SurveyRequest) -> None:
        """Ask when its turn comes; an earlier one of the same kind that still waits is dropped."""
        waiting = [one for one in self._questions if type(one) is not type(question)]
        self._questions = deque([*waiting, question])
        if self._process is None:
            self._start()

    def withdraw(self, kind: type[SurveyRequest]) -> bool:
        """Take back a question that still waits; False if none of that kind does."""
        left = [one for one in self._questions if type(one) is not kind]
        is_withdrawn = len(left) < len(self._questions)
        self._questions = deque(left)
        return is_withdrawn

    def stop(self) -> None:
        """Stop the present question; it ends with a reply of its own."""
        if self._present is not None and self._process is not None:
            stop = protocol.Stop(self._present.request_id)
            self._process.send(protocol.encode(stop))

    def close(self) -> None:
        """Forget all questions and end the process."""
        self._questions.clear()
        self._present = None
        self._end_process()

    def _start(self) -> None:
        self._process = EngineProcess(self)
        self._process.replied.connect(self._take)
        self._process.died.connect(self._on_died)
        self._limit.start()
        self._process.start()

    @Slot(object)
    def _take(self, reply: Reply) -> None:
        if isinstance(reply, protocol.Hello):
            self.engine_version = reply.engine_version
            self._ask_next()
        elif self._present is not None and reply.request_id == self._present.request_id:
            is_last = not isinstance(reply, protocol.CalibrationAdvanced)
            if is_last:
                self._present = None
            if isinstance(reply, protocol.Failed):
                self.failed.emit(reply.failure)
            else:
                self.replied.emit(reply)
            if is_last:
                self._ask_next()

    def _ask_next(self) -> None:
        if self._process is None:
            return
        if not self._questions:
            self._end_process()
            return
        self._present = self._questions.popleft()
        self._limit.start()
        self._process.send(protocol.encode(self._present))

    @Slot()
    def _kill(self) -> None:
        """Give up a question that takes too long."""
        if self._process is not None:
            self._process.kill()

    @Slot(object)
    def _on_died(self, how: str) -> None:
        """Say that the present question failed, and go on with the next."""
        log = self._process.log() if self._process is not None else ""
        _LOG.warning("the survey's process ended: %s", how)
        has_started = self._present is not None
        self._present = None
        self._end_process()
        if not has_started:
            # It does not start; neither would it for the others.
            self._questions.clear()
        self.failed.emit(Failure(ErrorCode.ENGINE_LOST, Facts(reason=how), log))
        if self._questions and self._process is None:
            self._start()

    def _end_process(self) -> None:
        self._limit.stop()
        process, self._process = self._process, None
        if process is not None:
            process.close()
            process.deleteLater()


class _Devices(QObject):
    """Keeps the devices that a reply brings."""

    def __init__(self) -> None:
        super().__init__()
        self.found: tuple[Device, ...] | None = None

    @Slot(object)
    def take(self, reply: Reply) -> None:
        """Note the devices, if the reply is about them."""
        if isinstance(reply, protocol.Devices):
            self.found = reply.devices


def read_devices_now(limit_ms: int = DEVICES_LIMIT_MS) -> tuple[Device, ...]:
    """Ask a process of its own what there is to compute on, and wait for the answer.

    For right before a load, on a thread that has nothing else to do meanwhile. Gives nothing
    when there is no answer in time: then the processor computes.
    """
    process, devices, clock = EngineProcess(), _Devices(), QElapsedTimer()
    process.replied.connect(devices.take)
    clock.start()
    process.start()
    process.send(protocol.encode(protocol.ReadDevices("devices")))
    while devices.found is None and not clock.hasExpired(limit_ms):
        if not process.wait_for_reply(limit_ms):
            break
    process.close()
    if devices.found is None:
        _LOG.warning("the engine did not say what it can compute on: %s", process.log()[-500:])
    return devices.found or ()
