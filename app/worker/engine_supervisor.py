"""Keeps an engine process running, and tells what it died of.

    STOPPED --open--> STARTING --Hello--> READY --request--> BUSY
       ^                 ^                  |  <----end------  |
       |                 |                  +-------died-------+
       |                 |                           |
       |                 +--------- restart ------- LOST
       +-- three deaths in five minutes, or no start at all --+

The process is killed here in three cases: it did not stop in a second when asked to, or it is
caught in a chat template, or it does not start. The first two are expected of strangers' files
and do not count as deaths.
"""

import logging
import time
from collections import deque

from PySide6.QtCore import QObject, QTimer, Slot

from app.core.errors import ErrorCode, Facts, Failure
from app.core.events import EngineState
from app.engine import protocol
from app.engine.protocol import AnyRequest, Phase, Reply
from app.worker.engine_loss import EngineLoss
from app.worker.engine_process import EngineProcess
from app.worker.signal_types import signal, signal_of

_LOG = logging.getLogger(__name__)

STOP_LIMIT_MS = 1000
"""An engine that has not stopped by then is killed: Stop must always stop."""
TEMPLATE_LIMIT_MS = 10_000
"""An engine that stays in a template for longer is caught in it: real ones take milliseconds,
and the prompt of the longest context is tokenized within this time too."""
START_LIMIT_MS = 60_000
"""An engine that has not said a word by then will not; a cold disk and a virus scanner take a
few seconds."""
CLOSE_SAVE_LIMIT_S = 2.0
MAX_DEATHS = 3
DEATHS_WINDOW_S = 300.0
_CLOSING_ID = "closing"


class EngineSupervisor(QObject):
    """Starts, watches, restarts and ends the engine process; see the module for its states.

    Attributes:
        engine_version: of the library; empty before it has started.
        has_graphics: its build can compute on more than the processor.

    Signals:
        state_changed: `state` has changed.
        became_ready: the process has started and speaks our version.
        replied: a reply of the process, but those that only the supervisor needs.
        lost: the process died; it is being started again unless `gave_up` follows.
        gave_up: it is not started again by itself.
    """

    state_changed = signal()
    became_ready = signal()
    replied = signal_of(Reply)
    lost = signal_of(EngineLoss)
    gave_up = signal_of(Failure)

    def __init__(self, parent: QObject, memory_limit_bytes: int = 0) -> None:
        super().__init__(parent)
        self.engine_version = ""
        self.has_graphics = False
        self._memory_limit_bytes = memory_limit_bytes
        self._state = EngineState.STOPPED
        self._phase = Phase.IDLE
        self._process: EngineProcess | None = None
        self._deaths_s: deque[float] = deque(maxlen=MAX_DEATHS)
        self._was_killed = self._was_stopped = False
        self._has_saved = False
        self._stop_timer = self._new_timer(STOP_LIMIT_MS)
        self._template_timer = self._new_timer(TEMPLATE_LIMIT_MS)
        self._start_timer = self._new_timer(START_LIMIT_MS)
        self._stop_timer.timeout.connect(self._kill_unstopped)
        self._template_timer.timeout.connect(self._kill)
        self._start_timer.timeout.connect(self._kill)

    @property
    def state(self) -> EngineState:
        """Where in the diagram it is."""
        return self._state

    @property
    def process_id(self) -> int:
        """Process id of the engine; 0 when there is none."""
        return self._process.process_id if self._process is not None else 0

    def open(self) -> None:
        """Start the process if there is none, forgetting earlier deaths."""
        if self._state is EngineState.STOPPED:
            self._deaths_s.clear()
            self._start()

    def request(self, request: AnyRequest) -> None:
        """Send a request that keeps the engine busy until `end_request`.

        Raises:
            MessageTooLongError: nothing was sent, and the engine is as free as before.
        """
        line = protocol.encode(request)
        self._enter(EngineState.BUSY)
        self._phase = Phase.IDLE
        self._send(line)

    def tell(self, request: AnyRequest) -> None:
        """Send a request that takes no time."""
        self._send(protocol.encode(request))

    def stop_request(self, request_id: str) -> None:
        """Ask the engine to stop its request, and see to it that it does."""
        self.tell(protocol.Stop(request_id))
        self._stop_timer.start()

    def end_request(self) -> None:
        """Note that the engine is free again."""
        self._stop_timer.stop()
        self._enter(EngineState.READY)

    def close(self) -> None:
        """Let the engine save what it remembers, then end it. Waits some seconds at most."""
        process, self._process = self._process, None
        self._stop_watching()
        if process is None:
            return
        if self._state is EngineState.READY:
            process.send(protocol.encode(protocol.SaveMemory(_CLOSING_ID)))
            deadline_s = time.monotonic() + CLOSE_SAVE_LIMIT_S
            while not self._has_saved and time.monotonic() < deadline_s:
                if not process.wait_for_reply(round(CLOSE_SAVE_LIMIT_S * 1000)):
                    break
        elif self._state is EngineState.BUSY:
            process.kill()
        process.close()
        self._enter(EngineState.STOPPED)

    def _send(self, line: bytes) -> None:
        if self._process is not None:
            self._process.send(line)

    def _start(self) -> None:
        self._was_killed = self._was_stopped = False
        self._phase = Phase.IDLE
        self._process = EngineProcess(self, self._memory_limit_bytes)
        self._process.replied.connect(self._take)
        self._process.died.connect(self._on_died)
        self._enter(EngineState.STARTING)
        self._start_timer.start()
        self._process.start()

    @Slot(object)
    def _take(self, reply: Reply) -> None:
        match reply:
            case protocol.Hello():
                self._welcome(reply)
            case protocol.PhaseBegan(request_id=request_id, phase=phase):
                self._has_saved = request_id == _CLOSING_ID and phase is Phase.IDLE
                self._note_phase(phase)
            case _:
                self.replied.emit(reply)

    def _welcome(self, hello: protocol.Hello) -> None:
        self._start_timer.stop()
        if hello.protocol_version != protocol.PROTOCOL_VERSION:
            self._give_up(ErrorCode.ENGINE_UNUSABLE, "other version of the messages", "")
            return
        self.engine_version = hello.engine_version
        self.has_graphics = len(hello.devices) > 1
        self._enter(EngineState.READY)
        self.became_ready.emit()

    def _note_phase(self, phase: Phase) -> None:
        self._phase = phase
        if phase is Phase.TEMPLATE:
            self._template_timer.start()
        else:
            self._template_timer.stop()

    @Slot()
    def _kill_unstopped(self) -> None:
        """Kill an engine that does not stop."""
        self._was_stopped = True
        self._kill()

    @Slot()
    def _kill(self) -> None:
        """Kill an engine that does not start or is caught in a template."""
        if self._process is not None:
            # One that does not start will not do so the next time; it counts as a death.
            self._was_killed = self._state is not EngineState.STARTING
            self._process.kill()

    @Slot(object)
    def _on_died(self, how: str) -> None:
        """Say that the process is lost, then start it again or give up."""
        log = self._process.log() if self._process is not None else ""
        _LOG.warning("engine lost in phase %s: %s", self._phase, how)
        loss = EngineLoss(how, self._phase, log, self._was_killed, self._was_stopped)
        has_started = self._state is not EngineState.STARTING
        self._forget_process()
        self._enter(EngineState.LOST)
        # A model that does not fit may kill the engine once for each step of the load ladder.
        if not loss.was_killed and loss.phase is not Phase.LOADING:
            self._deaths_s.append(time.monotonic())
        self.lost.emit(loss)
        if self._has_died_too_often():
            code = ErrorCode.ENGINE_LOST_REPEATEDLY if has_started else ErrorCode.ENGINE_UNUSABLE
            self._give_up(code, how, log)
        else:
            self._start()

    def _has_died_too_often(self) -> bool:
        if len(self._deaths_s) < MAX_DEATHS:
            return False
        return time.monotonic() - self._deaths_s[0] <= DEATHS_WINDOW_S

    def _give_up(self, code: ErrorCode, how: str, log: str) -> None:
        self._forget_process()
        self._enter(EngineState.STOPPED)
        self.gave_up.emit(Failure(code, Facts(reason=how), log))

    def _forget_process(self) -> None:
        self._stop_watching()
        if self._process is not None:
            self._process.close()
            self._process.deleteLater()
            self._process = None

    def _stop_watching(self) -> None:
        self._stop_timer.stop()
        self._template_timer.stop()
        self._start_timer.stop()

    def _new_timer(self, interval_ms: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        return timer

    def _enter(self, state: EngineState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit()
