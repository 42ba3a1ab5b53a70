"""The engine worker on its thread with the real engine process; the test plays the window."""

import os
import signal as os_signal
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.conversation import Role
from app.core.events import AnswerRequest, EngineState, LoadRequest, PromptTurn
from app.core.sampling import Sampling
from app.store.saved_states import SavedStates
from app.worker.engine_worker import EngineWorker
from app.worker.signal_types import signal, signal_of
from app.worker.threads import WorkerThread

WAIT_MS = 30_000
LONG = Sampling(temperature=0, repeat_penalty=1.2)
BRIEF = Sampling(temperature=0, max_tokens=12)


class Window(QObject):
    """Asks the worker as the window does, and writes down what it hears."""

    open_requested = signal()
    close_requested = signal()
    load_requested = signal_of(LoadRequest)
    reload_requested = signal()
    cancel_requested = signal()
    answer_requested = signal_of(AnswerRequest)
    stop_requested = signal_of(events.StopRequest)
    settings_changed = signal_of(events.SettingsChanged)
    deleted = signal_of(events.Deleted)
    first_load_requested = signal_of(LoadRequest)

    def __init__(self, worker: EngineWorker) -> None:
        super().__init__()
        self.states: list[EngineState] = []
        self.loading_paths: list[Path] = []
        self.loaded: list[events.LoadedModel] = []
        self.failed_loads: list[events.LoadFailed] = []
        self.cancelled_loads: list[LoadRequest] = []
        self.texts: dict[str, str] = {}
        self.finished: dict[str, events.AnswerFinished] = {}
        self.failed: dict[str, events.AnswerFailed] = {}
        self.troubles: list[events.EngineTrouble] = []
        self.open_requested.connect(worker.open)
        self.close_requested.connect(worker.close)
        self.load_requested.connect(worker.load)
        self.reload_requested.connect(worker.reload)
        self.cancel_requested.connect(worker.cancel_load)
        self.answer_requested.connect(worker.generate)
        self.stop_requested.connect(worker.stop)
        self.settings_changed.connect(worker.apply_settings)
        self.deleted.connect(worker.forget_conversation)
        self.first_load_requested.connect(worker.load_first)
        worker.status_changed.connect(self._on_status)
        worker.load_began.connect(self._on_load_began)
        worker.model_loaded.connect(self._on_loaded)
        worker.load_failed.connect(self._on_load_failed)
        worker.load_cancelled.connect(self._on_load_cancelled)
        worker.answer_grew.connect(self._on_grew)
        worker.answer_finished.connect(self._on_finished)
        worker.answer_failed.connect(self._on_failed)
        worker.troubled.connect(self._on_trouble)

    @property
    def state(self) -> EngineState:
        return self.states[-1] if self.states else EngineState.STOPPED

    def ask(self, answer_id: str, sampling: Sampling = LONG, chat: str = "chat") -> None:
        text = "Write the longest story you can, with many chapters."
        turn = PromptTurn(f"question of {answer_id}", Role.USER, text)
        self.answer_requested.emit(AnswerRequest(answer_id, chat, (turn,), sampling))

    @Slot(object)
    def _on_status(self, status: events.EngineStatus) -> None:
        self.states.append(status.state)

    @Slot(object)
    def _on_load_began(self, began: LoadRequest) -> None:
        self.loading_paths.append(began.path)

    @Slot(object)
    def _on_loaded(self, loaded: events.LoadedModel) -> None:
        self.loaded.append(loaded)

    @Slot(object)
    def _on_load_failed(self, failed: events.LoadFailed) -> None:
        self.failed_loads.append(failed)

    @Slot(object)
    def _on_load_cancelled(self, cancelled: LoadRequest) -> None:
        self.cancelled_loads.append(cancelled)

    @Slot(object)
    def _on_grew(self, delta: events.AnswerDelta) -> None:
        self.texts[delta.answer_id] = self.texts.get(delta.answer_id, "") + delta.text

    @Slot(object)
    def _on_finished(self, finished: events.AnswerFinished) -> None:
        self.finished[finished.answer_id] = finished

    @Slot(object)
    def _on_failed(self, failed: events.AnswerFailed) -> None:
        self.failed[failed.answer_id] = failed

    @Slot(object)
    def _on_trouble(self, trouble: events.EngineTrouble) -> None:
        self.troubles.append(trouble)


class Rig:
    """A worker on its thread, a window, and the wait for what one expects."""

    def __init__(
        self,
        qtbot: QtBot,
        folder: Path,
        memory_limit_bytes: int = 0,
        starter_path: Path | None = None,
    ) -> None:
        self.saved_states = SavedStates(folder / "states")
        self.worker = EngineWorker(self.saved_states, starter_path, memory_limit_bytes)
        self.window = Window(self.worker)
        self._qtbot = qtbot
        self._thread = WorkerThread("engine")
        self._thread.adopt(self.worker)
        self._thread.start()

    def until(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT_MS)

    def load(self, path: Path) -> None:
        n_before = len(self.window.loaded)
        self.window.open_requested.emit()
        self.window.load_requested.emit(LoadRequest(path))
        self.wait_for_loads(n_before + 1)

    def wait_for_text(self, answer_id: str) -> None:
        self.until(lambda: self.window.texts.get(answer_id))

    def wait_for_loads(self, n: int) -> None:
        self.until(lambda: len(self.window.loaded) >= n)

    def wait_for_troubles(self, n: int) -> None:
        self.until(lambda: len(self.window.troubles) >= n)

    def wait_for_outcome(self, answer_id: str) -> None:
        self.until(lambda: answer_id in {**self.window.finished, **self.window.failed})

    def kill_engine(self, how: str) -> None:
        """Send the engine process a signal by its name; there are none on Windows."""
        os.kill(self.worker.process_id, getattr(os_signal, how))

    def close(self) -> bool:
        self.window.close_requested.emit()
        return self._thread.wait()
