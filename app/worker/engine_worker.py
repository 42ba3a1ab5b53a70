"""Loads models and writes answers: what the window asks, in the words of the engine process.

Lives on a QThread of its own. The engine gets one request at a time: a wanted model goes
first, answers wait in a queue. Late replies, to a request that is no longer the current one,
are dropped.
"""

import itertools
import logging
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Slot

from app.core import events, fit_events
from app.core.conversation import AnswerMeasurement
from app.core.errors import AppError, Failure
from app.core.events import EngineState
from app.core.fit.learning import Run
from app.core.json_lines import MessageTooLongError
from app.core.settings import DEFAULTS
from app.engine import protocol
from app.engine.protocol import Phase, Reply
from app.store.saved_states import SavedStates
from app.worker import engine_replies
from app.worker.answer_queue import AnswerQueue
from app.worker.chat_memory import ChatMemory
from app.worker.engine_loss import EngineLoss, reason_of_loss
from app.worker.engine_requests import generate_request, load_request, prompt_too_long
from app.worker.engine_supervisor import EngineSupervisor
from app.worker.load_plan import LoadPlan, LoadPlanner
from app.worker.model_turns import FailedLoad, ModelTurns
from app.worker.present_computer import computer_for_loading
from app.worker.run_learning import run_of_answer, run_of_load
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded
from app.worker.survey import read_devices_now

_LOG = logging.getLogger(__name__)


class EngineWorker(QObject):
    """The window's only way to the engine.

    Signals:
        status_changed: state, model, whether it is loading.
        load_began, load_advanced, model_loaded, load_failed, load_cancelled: about loading.
        answer_started, reading_advanced, answer_grew, answer_finished, answer_failed,
        memory_full: about one answer.
        run_measured: what a load or an answer says about predictions.
        troubled: the process died or cannot be started.
    """

    status_changed = signal_of(events.EngineStatus)
    load_began = signal_of(events.LoadRequest)
    load_advanced = signal_of(events.LoadProgress)
    model_loaded = signal_of(events.LoadedModel)
    load_failed = signal_of(events.LoadFailed)
    load_cancelled = signal_of(events.LoadRequest)
    answer_started = signal_of(events.AnswerStarted)
    reading_advanced = signal_of(events.ReadingProgress)
    answer_grew = signal_of(events.AnswerDelta)
    answer_finished = signal_of(events.AnswerFinished)
    answer_failed = signal_of(events.AnswerFailed)
    memory_full = signal_of(events.MemoryFull)
    run_measured = signal_of(Run)
    troubled = signal_of(events.EngineTrouble)

    def __init__(
        self,
        saved_states: SavedStates,
        starter_path: Path | None = None,
        memory_limit_bytes: int = 0,
    ) -> None:
        super().__init__()
        self._memory = ChatMemory(saved_states)
        self._starter_path = starter_path
        self._supervisor = EngineSupervisor(self, memory_limit_bytes)
        self._supervisor.state_changed.connect(self._report_status)
        self._supervisor.became_ready.connect(self._on_ready)
        self._supervisor.replied.connect(self._take)
        self._supervisor.lost.connect(self._on_lost)
        self._supervisor.gave_up.connect(self._on_gave_up)
        self._planner = LoadPlanner(computer_for_loading, read_devices_now, starter_path)
        self._unplanned: events.LoadRequest | None = None
        self._models = ModelTurns()
        self._load_id = ""
        self._load_numbers = itertools.count(1)
        self._answers = AnswerQueue()

    @property
    def process_id(self) -> int:
        """Process id of the engine; 0 when there is none."""
        return self._supervisor.process_id

    def report(self, failure: Failure) -> None:
        """Tell the window that something went wrong here; what was being asked for has failed."""
        current = self._answers.end()
        is_free = self._supervisor.state is EngineState.READY
        if current is None:
            if is_free and (unsent := self._models.loading) is not None:
                self._on_load_failed(unsent, failure)
                return
            self.troubled.emit(events.EngineTrouble(failure, is_restarting=False))
            return
        self.answer_failed.emit(events.AnswerFailed(current.answer_id, failure))
        if self._supervisor.state is EngineState.BUSY:
            self._supervisor.tell(protocol.Stop(current.answer_id))
            self._supervisor.end_request()
        self._advance()

    # --- asked by the window ---

    @Slot()
    @guarded
    def open(self) -> None:
        """Start the engine process; also after it had been given up."""
        self._supervisor.open()

    @Slot(object)
    @guarded
    def apply_settings(self, settings: events.SettingsChanged) -> None:
        """Use these settings from the next load on."""
        self._planner.settings = {**DEFAULTS, **settings.values}
        self._memory.apply_settings(self._planner.settings)

    @Slot(object)
    @guarded
    def take_measurements(self, measurements: fit_events.Measurements) -> None:
        """Plan loads with what was measured."""
        self._planner.take_measurements(measurements)

    @Slot(object)
    @guarded
    def load_first(self, request: events.LoadRequest) -> None:
        """Load the model to begin with, unless the user has chosen one by now."""
        if self._models.chosen is None and self._unplanned is None:
            self.load(request)

    @Slot(object)
    @guarded
    def load(self, request: events.LoadRequest) -> None:
        """Load a model file in place of the present one; an answer being written is stopped.

        A model that is loaded just so already, or about to be, is left alone.
        """
        self._unplanned = None
        if not self._supervisor.engine_version:
            # Where a model can be put is only known once the engine has started.
            self._unplanned = request
            self._supervisor.open()
            return
        try:
            version, has_graphics = self._supervisor.engine_version, self._supervisor.has_graphics
            present = self._models.loaded
            plan = self._planner.plan(request, present, version, has_graphics=has_graphics)
        except AppError as error:
            self._report_load_failure(request.path, Failure.of(error))
            self._begin_with_starter(request.path)
            return
        if plan.asks_for_same(self._models.chosen):
            self._report_status()
            return
        self._models.want(plan)
        self._stop_current()
        self._supervisor.open()
        self._advance()

    @Slot()
    @guarded
    def reload(self) -> None:
        """Load the present model again, with the settings as they are now."""
        if (chosen := self._models.chosen) is not None:
            self.load(events.LoadRequest(chosen.model.path))

    @Slot()
    @guarded
    def cancel_load(self) -> None:
        """Give up the model being loaded; the one before it comes back."""
        self._unplanned = None
        self._models.cancel()
        if self._models.loading is not None:
            self._supervisor.stop_request(self._load_id)
        self._report_status()

    @Slot(object)
    @guarded
    def generate(self, request: events.AnswerRequest) -> None:
        """Write an answer when its turn comes."""
        self._answers.add(request)
        self._supervisor.open()
        self._advance()

    @Slot(object)
    @guarded
    def stop(self, request: events.StopRequest) -> None:
        """Stop an answer, whether it is being written or waits."""
        if request.answer_id == self._answers.current_id:
            self._stop_current()
        elif (withdrawn := self._answers.withdraw(request.answer_id)) is not None:
            self._finish(withdrawn, events.FinishReason.STOPPED, None)

    @Slot(object)
    @guarded
    def forget_conversation(self, deleted: events.Deleted) -> None:
        """Stop what is written for a deleted conversation, and keep no memory of it."""
        if deleted.turn_id is not None:
            return
        for answer_id in self._answers.of_conversation(deleted.conversation_id):
            self.stop(events.StopRequest(answer_id))
        self._supervisor.tell(protocol.ForgetConversation("", deleted.conversation_id))

    @Slot()
    @guarded
    def close(self) -> None:
        """End the engine and this thread's event loop."""
        QThread.currentThread().quit()
        self._supervisor.close()

    # --- what to do next ---

    @Slot()
    @guarded
    def _on_ready(self) -> None:
        """Go on with what was asked for before the engine had started."""
        if self._unplanned is not None:
            self.load(self._unplanned)
        self._advance()

    @Slot()
    @guarded
    def _advance(self) -> None:
        """Give the engine its next request, if it is free."""
        if self._supervisor.state is not EngineState.READY:
            return
        if (plan := self._models.begin()) is not None:
            self._begin_load(plan)
        elif self._answers and self._models.loaded is not None:
            self._begin_answer(self._answers.begin(), self._models.loaded)

    def _begin_load(self, plan: LoadPlan) -> None:
        try:
            # The file may have changed since it was chosen, above all if the engine has died.
            model = self._planner.inspect(plan.model.path)
        except AppError as error:
            self._on_load_failed(plan, Failure.of(error))
            return
        plan = self._models.know_again(model) or plan
        self._load_id = f"load-{next(self._load_numbers)}"
        self.load_began.emit(events.LoadRequest(plan.model.path))
        self._supervisor.request(load_request(self._load_id, plan))

    def _begin_answer(self, request: events.AnswerRequest, loaded: LoadPlan) -> None:
        version, knowledge = self._supervisor.engine_version, self._planner.knowledge_for(loaded)
        path = self._memory.path_for(request.conversation_id, loaded, version)
        try:
            self._supervisor.request(generate_request(request, path, loaded, knowledge))
        except MessageTooLongError as error:
            raise prompt_too_long(error, loaded) from error

    def _stop_current(self) -> None:
        if self._supervisor.state is EngineState.BUSY:
            self._supervisor.stop_request(self._answers.current_id or self._load_id)

    # --- what the engine says ---

    @Slot(object)
    @guarded
    def _take(self, reply: Reply) -> None:
        """Handle one reply; those to earlier requests are dropped."""
        if isinstance(reply, protocol.MemorySaved):
            self._memory.keep_within_limit()
        elif self._models.loading is not None and reply.request_id == self._load_id:
            self._take_about_load(reply, self._models.loading)
        elif (current := self._answers.current) and reply.request_id == current.answer_id:
            self._take_about_answer(reply, current)
        else:
            _LOG.debug("late reply dropped: %s", type(reply).__name__)

    def _take_about_load(self, reply: Reply, plan: LoadPlan) -> None:
        match reply:
            case protocol.LoadAdvanced(fraction=fraction):
                left_s = self._models.seconds_left(fraction)
                self.load_advanced.emit(events.LoadProgress(plan.model, fraction, left_s))
            case protocol.Loaded():
                self._models.succeed()
                self._supervisor.end_request()
                _LOG.info("model loaded in %.1f s", reply.load_s)
                self.run_measured.emit(run_of_load(plan, reply))
                is_returning = self._models.is_returning
                loaded = engine_replies.loaded_model(plan, reply, is_returning=is_returning)
                self.model_loaded.emit(loaded)
                self._advance()
            case protocol.Failed(failure=failure):
                self._on_load_failed(plan, failure)
            case _:
                pass

    def _on_load_failed(self, plan: LoadPlan, failure: Failure) -> None:
        """Go on with what comes next, and tell the user if it was not expected."""
        path = plan.model.path
        outcome = self._models.fail(failure)
        if self._supervisor.state is EngineState.BUSY:
            self._supervisor.end_request()
        if outcome is FailedLoad.CANCELLED:
            self.load_cancelled.emit(events.LoadRequest(path))
        elif outcome is FailedLoad.REPORTED:
            self._report_load_failure(path, failure)
            self._begin_with_starter(path)
        self._advance()

    def _begin_with_starter(self, failed_path: Path) -> None:
        """Let the model that comes with Quillhouse answer when no other does."""
        starter = self._starter_path
        if starter and starter != failed_path and self._models.chosen is None:
            self.load(events.LoadRequest(starter))

    def _report_load_failure(self, path: Path, failure: Failure) -> None:
        _LOG.warning("load failed: %s %s", failure.code, failure.detail)
        self.load_failed.emit(events.LoadFailed(path, failure))

    def _take_about_answer(self, reply: Reply, request: events.AnswerRequest) -> None:
        answer_id = request.answer_id
        match reply:
            case protocol.PromptPlanned():
                self.answer_started.emit(engine_replies.answer_started(request, reply))
            case protocol.ReadingAdvanced():
                self.reading_advanced.emit(engine_replies.reading_progress(answer_id, reply))
            case protocol.Written(text=text, n_tokens=n_tokens):
                self.answer_grew.emit(events.AnswerDelta(answer_id, text, n_tokens))
            case protocol.ContextTooSmall():
                self._end_answer()
                self.memory_full.emit(engine_replies.memory_full(request, reply))
                self._advance()
            case protocol.Finished(reason=reason):
                self._end_answer()
                loaded = self._models.loaded
                if run := run_of_answer(loaded, reply, self._planner.knowledge_for):
                    self.run_measured.emit(run)
                self._finish(request, reason, engine_replies.measurement_of(reply, loaded))
                self._advance()
            case protocol.Failed(failure=failure):
                self._end_answer()
                self.answer_failed.emit(events.AnswerFailed(answer_id, failure))
                self._advance()
            case _:
                pass

    def _end_answer(self) -> None:
        self._answers.end()
        self._supervisor.end_request()

    def _finish(
        self,
        request: events.AnswerRequest,
        reason: events.FinishReason,
        measurement: AnswerMeasurement | None,
    ) -> None:
        loaded = self._models.loaded
        name = loaded.model.display_name if loaded else ""
        answer_id = request.answer_id
        self.answer_finished.emit(events.AnswerFinished(answer_id, reason, name, measurement))

    # --- when the engine dies ---

    @Slot(object)
    @guarded
    def _on_lost(self, loss: EngineLoss) -> None:
        """End what it was doing; what was loaded is loaded again when it is back."""
        current = self._answers.end()
        loading = self._models.loading
        failure = reason_of_loss(loss, self._models.present)
        if loading is not None:
            self._on_load_failed(loading, failure)
            return
        self._models.lose()
        if current is None:
            self.troubled.emit(events.EngineTrouble(failure, is_restarting=True))
        elif loss.was_stopped:
            # It did not stop when told to, so it was stopped for good.
            self._finish(current, events.FinishReason.STOPPED, None)
        elif loss.phase is Phase.RESTORING:
            # A damaged saved memory only costs time: the answer is written without it.
            self._memory.forget(current.conversation_id)
            self._answers.put_back(current)
        else:
            self.answer_failed.emit(events.AnswerFailed(current.answer_id, failure))

    @Slot(object)
    @guarded
    def _on_gave_up(self, failure: Failure) -> None:
        """Say that the engine stays away until the user tries again."""
        self.troubled.emit(events.EngineTrouble(failure, is_restarting=False))

    @Slot()
    @guarded
    def _report_status(self) -> None:
        """Tell the window what the engine is doing."""
        model = chosen.model if (chosen := self._models.chosen) else None
        state = self._supervisor.state
        self.status_changed.emit(events.EngineStatus(state, model, self._models.is_loading))
