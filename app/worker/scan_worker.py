"""Finds models on this computer, and keeps or deletes their files."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QThread, QTimer, Slot

from app.core import events
from app.core import hub_events as hub
from app.core.errors import Failure
from app.core.origin import Origin, Program
from app.core.settings import SettingKey
from app.machine.file_systems import file_system_of
from app.store.database import Database
from app.store.library import ModelLibrary
from app.store.model_files import inspect_model
from app.store.model_identity import fingerprint_of
from app.store.model_rows import ModelRow
from app.store.model_storage import ModelStorage
from app.store.other_programs.found import Place
from app.store.other_programs.places import places_of
from app.store.other_programs.scan import KnownFile, ScanMemory, Step, scan
from app.store.scanned_folders import ScannedFolders, own_folders
from app.worker.scan_places import merge_places
from app.worker.scan_results import ScanResults
from app.worker.signal_types import signal, signal_of
from app.worker.slot_guard import guarded, guarded_by

_LOG = logging.getLogger(__name__)

TURN_MS = 30
"""How long steps are taken before other requests, such as to stop, are heard."""
PROGRESS_MS = 100
"""How often progress is told."""


def places_here() -> tuple[Place, ...]:
    """Give every folder of this computer where a program may keep models."""
    return places_of(sys.platform, os.environ, Path.home())


class ScanWorker(QObject):
    """Looks for models in the background; lives on a thread of its own.

    Args:
        database: of its own, on the same file as the store's, which is opened there first.
        models_folder: where downloads go unless the settings name another place.
        find_places: gives the folders of other programs.

    Signals:
        scan_advanced: where it looks now.
        scan_finished: what was found; also after `cancel`, with what was found until then.
        models_changed: the list of models is another now.
        model_deleted, model_kept: a file was deleted, or has got a second name.
        places_known: how much room downloads take, after each change.
        handling_failed: a file could not be deleted, kept or taken into the list.
        store_failed: the list could not be read or written.
    """

    scan_advanced = signal_of(hub.ScanProgress)
    scan_finished = signal_of(hub.ScanFinished)
    models_changed = signal()
    model_deleted = signal_of(hub.ModelDeleted)
    model_kept = signal_of(hub.ModelKept)
    places_known = signal_of(hub.Places)
    handling_failed = signal_of(hub.HandlingFailed)
    store_failed = signal_of(events.StoreFailed)

    def __init__(
        self,
        database: Database,
        models_folder: Path,
        find_places: Callable[[], tuple[Place, ...]] = places_here,
    ) -> None:
        super().__init__()
        self._database = database
        self._usual_folder = models_folder
        self._present_folder = models_folder
        self._find_places = find_places
        self._library = ModelLibrary(database)
        self._folders = ScannedFolders(database)
        self._memory = ScanMemory()
        self._steps: Iterator[Step] | None = None
        self._results = ScanResults(self._library, self._folders, ())
        self._own_files = ModelStorage((models_folder,))
        self._waiting: hub.ScanRequest | None = None
        self._progress_clock = QElapsedTimer()
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._take_turn)

    def report(self, failure: Failure) -> None:
        """Tell the window that the list could not be read or written; a scan ends with it."""
        self._turn.stop()
        self._steps = None
        self.store_failed.emit(events.StoreFailed(failure))

    # --- looking ---

    @Slot()
    @guarded
    def begin(self) -> None:
        """Look once by itself, as soon as there is a list to put models on.

        Into the folder of downloads only if the user has had it looked into before: macOS asks
        the user about that folder, who should know why.
        """
        self._look(hub.ScanRequest(), is_asked_for=False)

    @Slot(object)
    @guarded
    def apply_settings(self, settings: events.SettingsChanged) -> None:
        """Take the folder for downloads from the settings."""
        chosen = str(settings.values.get(SettingKey.MODELS_FOLDER, ""))
        self._present_folder = Path(chosen) if chosen else self._usual_folder

    @Slot(object)
    @guarded
    def scan(self, request: hub.ScanRequest) -> None:
        """Look for models in all known places, and from now on in these folders too."""
        self._look(request)

    @Slot()
    @guarded
    def cancel(self) -> None:
        """Look no further; what was found stays."""
        self._waiting = None
        if self._steps is not None:
            self._steps = None
            self._finish()

    @Slot(object)
    @guarded
    def forget_folder(self, request: hub.FolderRequest) -> None:
        """Look into a folder no more, and take off the list what was only found there."""
        self._database.join()
        self._folders.forget(request.path)
        self._library.drop_unused(request.path)
        self.models_changed.emit()
        self._leave_database()

    def _look(self, request: hub.ScanRequest, *, is_asked_for: bool = True) -> None:
        if self._steps is not None:
            earlier = self._waiting.folders if self._waiting is not None else ()
            self._waiting = hub.ScanRequest((*earlier, *request.folders))
            return
        self._database.join()
        named = tuple(Path(os.path.abspath(one)) for one in request.folders)  # noqa: PTH100
        if named:
            self._folders.name(named)
        scanned = self._folders.all()
        places = merge_places(self._own_folders(), self._find_places(), scanned)
        if not is_asked_for:
            personal = Program.DOWNLOADS
            places = tuple(one for one in places if one.program != personal or one.is_expected)
        self._memory.models = {
            row.path: KnownFile(row.model, row.fingerprint) for row in self._library.rows()
        }
        self._results = ScanResults(self._library, self._folders, named)
        self._own_files = self._storage()
        self._steps = scan(places, self._memory)
        self._progress_clock.invalidate()
        self._turn.start()

    @Slot()
    @guarded
    def _take_turn(self) -> None:
        """Take some steps, then let other requests be heard."""
        clock = QElapsedTimer()
        clock.start()
        while self._steps is not None and not clock.hasExpired(TURN_MS):
            step = next(self._steps, None)
            if step is None:
                self._steps = None
                self._finish()
            else:
                self._take(step)

    def _take(self, step: Step) -> None:
        if isinstance(step, hub.ScanProgress):
            if not self._progress_clock.isValid() or self._progress_clock.hasExpired(PROGRESS_MS):
                self._progress_clock.start()
                self.scan_advanced.emit(step)
        elif isinstance(step, hub.PlaceScanned):
            self._database.join()
            if self._results.end_place(step):
                self.models_changed.emit()
        else:
            own = self._own_files.origin_of(step.model.path)
            is_stranger = own is None and step.origin.program is Program.QUILLHOUSE
            origin = Origin(Program.FOLDER) if is_stranger else own or step.origin
            self._results.add(ModelRow(step.model, origin, step.fingerprint))

    def _finish(self) -> None:
        self._turn.stop()
        self._database.join()
        self._results.keep_found()
        self._library.complete()
        self.scan_finished.emit(self._results.finished())
        self.models_changed.emit()
        self.places_known.emit(self._storage().places())
        self._leave_database()
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._look(waiting)

    # --- files ---

    def _refuse(self, failure: Failure, request: hub.ModelRequest) -> None:
        self.handling_failed.emit(hub.HandlingFailed(request.path, failure))

    def _refuse_installed(self, failure: Failure, installed: hub.ModelInstalled) -> None:
        self.handling_failed.emit(hub.HandlingFailed(installed.path, failure))

    @Slot(object)
    @guarded_by(_refuse)
    def delete(self, request: hub.ModelRequest) -> None:
        """Delete a model that was downloaded or kept; nothing of other programs."""
        self._database.join()
        freed_bytes = self._storage().delete(request.path)
        self._library.drop([request.path])
        self.model_deleted.emit(hub.ModelDeleted(request.path, freed_bytes))
        self._report_changed()

    @Slot(object)
    @guarded_by(_refuse)
    def keep(self, request: hub.ModelRequest) -> None:
        """Give another program's model a second name in the folder of downloads."""
        self._database.join()
        storage, path = self._storage(), request.path
        if storage.origin_of(path) is None:
            row = next((one for one in self._library.rows() if one.path == path), None)
            row = row or ModelRow(inspect_model(path))
            kept_path = storage.keep(row.model, row.origin)
            kept = replace(inspect_model(kept_path), display_name=row.model.display_name)
            origin = storage.origin_of(kept_path) or row.origin
            self._library.take([ModelRow(kept, origin, fingerprint_of(kept_path))])
        else:
            kept_path = path
        self.model_kept.emit(hub.ModelKept(path, kept_path))
        self._report_changed()

    @Slot(object)
    @guarded_by(_refuse_installed)
    def take_installed(self, installed: hub.ModelInstalled) -> None:
        """Put a model that was downloaded onto the list."""
        self._database.join()
        spec, path = installed.spec, installed.path
        if spec.is_embedding:
            # It is not on the list of those that one can chat with, whatever its file looks like.
            self._report_changed()
            return
        origin = Origin(
            Program.QUILLHOUSE,
            spec.repo_id,
            installed.commit,
            installed.sha256,
            replaces=spec.replaces,
        )
        row = ModelRow(inspect_model(path), origin, fingerprint_of(path))
        self._library.take([row], is_explicit=True)
        self._report_changed()

    @Slot()
    @guarded
    def report_places(self) -> None:
        """Say how much room downloads take."""
        self._database.join()
        self.places_known.emit(self._storage().places())
        self._leave_database()

    @Slot()
    @guarded
    def close(self) -> None:
        """Stop looking, and end this thread's event loop."""
        QThread.currentThread().quit()
        self._turn.stop()
        self._steps = None
        self._database.close()

    def _report_changed(self) -> None:
        self.models_changed.emit()
        self.places_known.emit(self._storage().places())
        self._leave_database()

    def _leave_database(self) -> None:
        """Close the file while there is nothing to do: the store may have to put it aside."""
        if self._steps is None:
            self._database.close()

    def _storage(self) -> ModelStorage:
        return ModelStorage(self._own_folders(), file_system_of)

    def _own_folders(self) -> tuple[Path, ...]:
        return own_folders(self._folders.all(), self._present_folder, self._usual_folder)
