"""Composition root: builds stores, workers and the window, and wires their signals.

The only file that knows everyone. Nothing here decides anything; it starts, connects, and
ends in the right order.
"""

import logging
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from app.store.data_folder import DataFolder
from app.store.database import Database
from app.store.look_file import LookFile
from app.store.saved_states import SavedStates
from app.ui.first_paint import FirstPaint
from app.ui.idle_work import IdleWork
from app.ui.main_window import MainWindow
from app.ui.theme import Theme
from app.ui.widgets.markdown_view import warm_up
from app.worker.conversation_worker import ConversationWorker
from app.worker.engine_worker import EngineWorker
from app.worker.hardware_worker import HardwareWorker
from app.worker.library_worker import LibraryWorker
from app.worker.measurement_worker import MeasurementWorker
from app.worker.search_worker import SearchWorker
from app.worker.threads import WorkerThread

if TYPE_CHECKING:
    from app.shell.document_wiring import DocumentWiring
    from app.shell.hub_wiring import HubWiring

_LOG = logging.getLogger(__name__)


class Shell:
    """The running application: window, workers and their threads."""

    def __init__(
        self,
        application: QApplication,
        data: DataFolder,
        starter: Path | None,
        first_model: Path | None = None,
        recorded_computer: Path | None = None,
        embedding_model: Path | None = None,
    ) -> None:
        self._data, self._embedding_model = data, embedding_model
        look_file = LookFile(data.look)
        look = look_file.read()
        self._theme = Theme()
        self._theme.follow(look)
        self._theme.apply(application)
        saved_states = SavedStates(data.saved_states)
        self.window = MainWindow(self._theme, data.path)
        self.window.take_first_look(look)
        pages = (
            self.window.models_page,
            self.window.documents_page,
            self.window.settings_page,
        )
        IdleWork(self.window, chain(warm_up(), *(page.warm_up() for page in pages)))
        database = Database(data.database)
        self._database = database
        self.conversations = ConversationWorker(database, saved_states)
        self.search = SearchWorker(database)
        self.library = LibraryWorker(database, look_file, starter, first_model, data.models)
        self.measurements = MeasurementWorker(database)
        self.engine = EngineWorker(saved_states, starter)
        self.hardware = HardwareWorker(recorded_computer)
        self._store_thread = WorkerThread("store")
        self._store_thread.adopt(self.conversations)
        self._store_thread.adopt(self.search)
        self._store_thread.adopt(self.library)
        self._store_thread.adopt(self.measurements)
        self._engine_thread = WorkerThread("engine")
        self._engine_thread.adopt(self.engine)
        self._hardware_thread = WorkerThread("hardware")
        self._hardware_thread.adopt(self.hardware)
        self._models: HubWiring | None = None
        self._documents: DocumentWiring | None = None
        self._first_paint: FirstPaint | None = None
        self._connect_conversations()
        self._connect_engine()
        self._connect_library()
        self._connect_hardware()
        self._connect_computer_page()

    def start(self) -> None:
        """Show the window; the workers begin as soon as it is on the screen."""
        self._first_paint = FirstPaint(self.window)
        self._first_paint.happened.connect(self._begin)
        self.window.show()

    def _begin(self) -> None:
        _LOG.info("the window is on the screen")
        self._models = self._new_models()
        self._documents = self._new_documents()
        self._store_thread.start()
        self._engine_thread.start()
        self._hardware_thread.start()
        self._models.start()
        self._documents.start()
        self.window.opened.emit()

    def _new_models(self) -> "HubWiring":
        from app.shell.hub_wiring import (  # noqa: PLC0415 - 0.2 s that no window waits for
            HubWiring,
        )

        models = HubWiring(self.window, self._data, self._database, self._store_thread)
        models.connect(self.conversations, self.library)
        # Last of all on the store's thread: it closes the database and ends the thread.
        self.window.closed.connect(self.conversations.close)
        return models

    def _new_documents(self) -> "DocumentWiring":
        from app.shell.document_wiring import (  # noqa: PLC0415 - nor for this
            DocumentWiring,
        )

        documents = DocumentWiring(self.window, self._data, self._embedding_model)
        documents.connect(self.conversations, self.engine, self.library)
        return documents

    def close(self) -> None:
        """End the workers: the engine first, so that the store keeps what came last."""
        if self._first_paint is not None:
            self._first_paint.cancel()
        self.window.closing.emit()
        if not self._hardware_thread.wait():
            _LOG.error("the hardware thread did not end")
        if not self._engine_thread.wait():
            _LOG.error("the engine thread did not end")
        for wiring in (self._models, self._documents):
            if wiring is not None:
                wiring.wait()
        self.window.closed.emit()
        if not self._store_thread.wait():
            _LOG.error("the store thread did not end")

    def _connect_conversations(self) -> None:
        window, worker, page = self.window, self.conversations, self.window.chat_page
        chat_list = window.chat_list
        window.opened.connect(worker.open)
        page.send_requested.connect(worker.send)
        page.regenerate_requested.connect(worker.regenerate)
        page.sibling_requested.connect(worker.show_sibling)
        page.delete_turn_requested.connect(worker.delete_turn)
        page.answer_again_requested.connect(worker.answer_again)
        page.forget_requested.connect(worker.forget_and_answer)
        page.delete_requested.connect(worker.delete_conversation)
        page.draft_changed.connect(worker.keep_draft)
        chat_list.rename_requested.connect(worker.rename)
        chat_list.delete_requested.connect(worker.delete_conversation)
        chat_list.search_requested.connect(self.search.search)
        window.conversation_requested.connect(worker.open_conversation)
        window.new_chat_shown.connect(worker.leave_conversation)
        window.undo.chat_restore_requested.connect(worker.restore_conversation)
        window.undo.turn_restore_requested.connect(worker.restore_turn)
        window.undo.purge_requested.connect(worker.purge)
        worker.store_ready.connect(window.show_store_ready)
        worker.chat_list_changed.connect(chat_list.show_chats)
        self.search.search_finished.connect(chat_list.show_results)
        self.search.store_failed.connect(window.show_store_failed)
        worker.message_stored.connect(window.take_stored)
        worker.conversation_shown.connect(window.show_conversation)
        worker.send_failed.connect(page.refuse_send)
        worker.store_failed.connect(window.show_store_failed)
        worker.deleted.connect(window.offer_undo)

    def _connect_engine(self) -> None:
        window, engine, page = self.window, self.engine, self.window.chat_page
        conversations, models = self.conversations, self.window.models_page
        window.opened.connect(engine.open)
        window.closing.connect(engine.close)
        window.load_requested.connect(engine.load)
        page.load_requested.connect(engine.load)
        page.cancel_load_requested.connect(engine.cancel_load)
        models.cancel_load_requested.connect(engine.cancel_load)
        page.stop_requested.connect(engine.stop)
        page.engine_requested.connect(engine.open)
        window.settings_page.reload_requested.connect(engine.reload)
        conversations.answer_requested.connect(engine.generate)
        conversations.deleted.connect(engine.forget_conversation)
        engine.answer_started.connect(conversations.start_answer)
        engine.answer_grew.connect(conversations.grow_answer)
        engine.answer_finished.connect(conversations.finish_answer)
        engine.answer_failed.connect(conversations.fail_answer)
        engine.memory_full.connect(conversations.memory_full)
        engine.answer_started.connect(page.start_answer)
        engine.reading_advanced.connect(page.show_reading)
        engine.answer_grew.connect(page.append_answer)
        engine.answer_finished.connect(page.finish_answer)
        engine.answer_failed.connect(page.fail_answer)
        engine.memory_full.connect(page.ask_to_forget)
        engine.status_changed.connect(page.show_engine_status)
        engine.load_advanced.connect(page.show_load_progress)
        engine.model_loaded.connect(page.show_loaded)
        engine.load_failed.connect(page.show_load_failed)
        engine.troubled.connect(page.show_trouble)
        engine.status_changed.connect(models.show_status)
        engine.load_advanced.connect(models.show_progress)
        engine.model_loaded.connect(window.settings_page.show_engine)

    def _connect_library(self) -> None:
        window, library, engine = self.window, self.library, self.engine
        window.opened.connect(library.open)
        window.setting_requested.connect(library.change_setting)
        window.settings_page.setting_changed.connect(library.change_setting)
        window.models_page.remove_requested.connect(library.forget_model)
        library.settings_changed.connect(window.apply_settings)
        library.settings_changed.connect(window.chat_page.apply_settings)
        library.settings_changed.connect(window.settings_page.show_settings)
        library.settings_changed.connect(window.models_page.apply_settings)
        window.models_page.setting_requested.connect(library.change_setting)
        library.settings_changed.connect(engine.apply_settings)
        library.library_changed.connect(window.chat_page.show_library)
        library.library_changed.connect(window.models_page.show_library)
        library.load_requested.connect(engine.load_first)
        library.model_skipped.connect(window.show_skipped)
        library.store_failed.connect(window.show_store_failed)
        engine.load_began.connect(library.remember_loading)
        engine.model_loaded.connect(library.remember_loaded)
        engine.load_failed.connect(library.forget_loading)
        engine.load_cancelled.connect(library.forget_loading)

    def _connect_hardware(self) -> None:
        window, hardware, engine = self.window, self.hardware, self.engine
        library, measurements, models = self.library, self.measurements, self.window.models_page
        window.opened.connect(measurements.open)
        window.opened.connect(hardware.open)
        window.closing.connect(hardware.close)
        models.context_requested.connect(measurements.want_context)
        models.estimate_requested.connect(hardware.estimate)
        window.fit_shown.connect(hardware.refresh)
        window.fit_shown.connect(hardware.measure_first)
        library.settings_changed.connect(hardware.apply_settings)
        engine.model_loaded.connect(hardware.take_loaded)
        engine.status_changed.connect(hardware.take_status)
        engine.run_measured.connect(measurements.learn)
        engine.model_loaded.connect(models.show_loaded)
        measurements.measurements_changed.connect(engine.take_measurements)
        measurements.measurements_changed.connect(hardware.take_measurements)
        measurements.store_failed.connect(window.show_store_failed)
        hardware.calibrated.connect(measurements.keep_calibration)
        hardware.outlook_changed.connect(models.show_outlook)
        hardware.estimated.connect(models.show_estimate)
        hardware.survey_failed.connect(models.show_survey_failed)

    def _connect_computer_page(self) -> None:
        hardware, page, models = self.hardware, self.window.computer_page, self.window.models_page
        hardware.calibration_advanced.connect(models.show_calibration_progress)
        hardware.calibrated.connect(models.show_calibration_ended)
        hardware.calibration_refused.connect(models.show_calibration_ended)
        hardware.calibration_stopped.connect(models.show_calibration_ended)
        page.measure_requested.connect(hardware.measure)
        page.cancel_measure_requested.connect(hardware.cancel_measure)
        page.refresh_requested.connect(hardware.refresh)
        hardware.outlook_changed.connect(page.show_outlook)
        hardware.calibration_advanced.connect(page.show_calibration_progress)
        hardware.calibrated.connect(page.show_calibrated)
        hardware.calibration_refused.connect(page.show_calibration_refused)
        hardware.calibration_stopped.connect(page.show_calibration_stopped)
        hardware.survey_failed.connect(page.show_survey_failed)
        self.engine.status_changed.connect(page.show_status)
        self.engine.model_loaded.connect(page.show_loaded)
