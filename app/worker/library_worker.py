"""Keeps settings and the list of models, and knows which model to begin with."""

import logging
import os
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from app.core import events
from app.core.errors import AppError, ErrorCode, Failure
from app.core.model import ModelFile
from app.core.origin import Origin
from app.core.settings import DEFAULTS, SettingKey
from app.store.database import Database
from app.store.library import LOADING_NOTE, ModelLibrary, inspect_named
from app.store.look_file import LookFile
from app.store.model_rows import path_of, path_text
from app.store.model_storage import ModelStorage
from app.store.scanned_folders import ScannedFolders, own_folders
from app.store.settings_table import SettingsTable
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded

_LOG = logging.getLogger(__name__)


class LibraryWorker(QObject):
    """Everything about settings and the list of models that the window can ask for.

    Lives on the store's thread and uses the database that `ConversationWorker` opens there.

    Args:
        database: of the chats.
        look: what is known of the settings before the database is open.
        starter_path: the model that comes with Quillhouse.
        wanted_path: the model that this start was asked for.
        models_folder: where downloads go unless the settings name another place.

    Signals:
        settings_changed: all settings, at start and after each change.
        library_changed: all models, at start and after each change.
        load_requested: the model to begin with.
        model_skipped: the model used last was not asked for, since loading it never ended.
        store_failed: something could not be stored or read.
    """

    settings_changed = signal_of(events.SettingsChanged)
    library_changed = signal_of(events.Library)
    load_requested = signal_of(events.LoadRequest)
    model_skipped = signal_of(events.ModelSkipped)
    store_failed = signal_of(events.StoreFailed)

    def __init__(
        self,
        database: Database,
        look: LookFile,
        starter_path: Path | None,
        wanted_path: Path | None = None,
        models_folder: Path | None = None,
    ) -> None:
        super().__init__()
        self._wanted_path = wanted_path
        self._models_folder = models_folder
        self._database = database
        self._look = look
        self._settings = SettingsTable(database)
        self._library = ModelLibrary(database)
        self._starter_path = starter_path
        self._starter: ModelFile | None = None

    def report(self, failure: Failure) -> None:
        """Tell the window that something could not be stored or read."""
        self.store_failed.emit(events.StoreFailed(failure))

    @Slot()
    @guarded
    def open(self) -> None:
        """Say what there is; without a database that is the starter, until one can be opened."""
        self._starter = self._inspect(self._starter_path) if self._starter_path else None
        if not self._database.is_open:
            self._begin_without_database()
        self._database.when_open(self._begin)

    def _begin_without_database(self) -> None:
        self.settings_changed.emit(events.SettingsChanged(dict(DEFAULTS)))
        present = () if self._starter is None else (self._starter,)
        self.library_changed.emit(events.Library(present, (), self._starter))
        if path := self._wanted_path or self._starter_path:
            self.load_requested.emit(events.LoadRequest(path))

    @guarded
    def _begin(self) -> None:
        """Say what the settings and models are, and which model to begin with."""
        self._report_settings()
        self._report_library()
        if path := self._first_model():
            self.load_requested.emit(events.LoadRequest(path))

    @Slot(object)
    @guarded
    def change_setting(self, request: events.SettingRequest) -> None:
        """Change one setting."""
        self._settings.change(request.key, request.value)
        self._report_settings()

    @Slot(object)
    @guarded
    def remember_loading(self, request: events.LoadRequest) -> None:
        """Note what is being loaded, in case it takes the computer down."""
        self._keep_loading_note(path_text(request.path))

    def _keep_loading_note(self, path: str) -> None:
        # Without a database there is nothing to note it in, and the user has been told.
        if self._database.is_open:
            self._settings.keep_note(LOADING_NOTE, path)

    @Slot(object)
    @guarded
    def remember_loaded(self, loaded: events.LoadedModel) -> None:
        """Put a model that loaded at the top of the list; the next start begins with it.

        Unless it only stands in for one that failed: that may be on a disk that comes back.
        """
        self._keep_loading_note("")
        if not self._database.is_open:
            return
        if not loaded.is_returning:
            self._settings.change(SettingKey.MODEL_PATH, path_text(loaded.model.path))
        if loaded.model.path != self._starter_path:
            self._library.remember(loaded.model, self._own_origin(loaded.model.path))
        self._report_library()

    @Slot()
    @guarded
    def report_again(self) -> None:
        """Say what models there are, after another worker has changed the list."""
        if self._database.is_open:
            self._report_library()

    @Slot(object)
    @guarded
    def forget_loading(self, ended: events.LoadFailed | events.LoadRequest) -> None:
        """Note that a load has failed or was cancelled; a file that is gone is listed as such."""
        self._keep_loading_note("")
        if not isinstance(ended, events.LoadFailed) or not self._database.is_open:
            return
        if ended.failure.code is ErrorCode.FILE_MISSING:
            self._report_library()

    @Slot(object)
    @guarded
    def forget_model(self, request: events.LoadRequest) -> None:
        """Take a model off the list, so that no start begins with it; its file is not touched."""
        self._library.forget(request.path)
        if self._settings.values()[SettingKey.MODEL_PATH] == path_text(request.path):
            self._settings.change(SettingKey.MODEL_PATH, None)
        self._report_library()

    def _first_model(self) -> Path | None:
        """Choose the model that was asked for, or the one used last, or the starter.

        Never by itself one that brought the last start down.
        """
        interrupted = self._settings.note(LOADING_NOTE)
        if interrupted:
            self._settings.keep_note(LOADING_NOTE, "")
        if self._wanted_path is not None:
            return self._wanted_path
        if interrupted and path_of(interrupted) != self._starter_path:
            self.model_skipped.emit(events.ModelSkipped(path_of(interrupted)))
            return self._starter_path
        last = path_of(str(self._settings.values()[SettingKey.MODEL_PATH]))
        is_there = os.path.isfile(last)  # noqa: PTH113 - Path's raises for a locked folder
        return last if is_there else self._library.present_copy(last) or self._starter_path

    def _own_origin(self, path: Path) -> Origin | None:
        """Give where a file comes from that was downloaded or kept; None for all others."""
        if self._models_folder is None:
            return None
        chosen = str(self._settings.values()[SettingKey.MODELS_FOLDER])
        present = Path(chosen) if chosen else self._models_folder
        scanned = ScannedFolders(self._database).all()
        return ModelStorage(own_folders(scanned, present, self._models_folder)).origin_of(path)

    def _inspect(self, path: Path) -> ModelFile | None:
        try:
            return inspect_named(path, self._starter_path)
        except AppError as error:
            _LOG.warning("the starter model is unusable: %s %s", error.code, error.detail)
            return None

    def _report_settings(self) -> None:
        values = self._settings.values()
        self._look.keep(values)
        self.settings_changed.emit(events.SettingsChanged(values))

    def _report_library(self) -> None:
        known = self._library.models()
        present = known.present if self._starter is None else (*known.present, self._starter)
        library = events.Library(present, known.missing, self._starter, known.origins)
        self.library_changed.emit(library)
