"""Downloads models: keeps the queue, and threads that carry it out."""

import logging
import random
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Slot

from app.core import events
from app.core import hub_events as hub
from app.core.download import Download, DownloadSpec, DownloadState
from app.core.download_queue import ACCESS, OF_THE_DISK, OTHER_WAY, Attempt, DownloadQueue
from app.core.errors import AppError, ErrorCode, Facts, Failure, WorldError
from app.core.settings import DEFAULTS, SettingKey
from app.hub.door import HubDoor
from app.hub.speed_limit import SpeedLimit
from app.machine.file_systems import file_system_of
from app.store.database import Database
from app.store.download_table import DownloadTable
from app.store.models_folder import ModelsFolder
from app.worker.download_run import DownloadRun, Ended, RunReport, RunTools
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded, guarded_by

_LOG = logging.getLogger(__name__)

TICK_MS = 250
"""How often progress is told."""
CLOSE_WAIT_S = 0.8
"""How long the end waits for downloads; one that is still busy ends with the program, and loses
no more than one that is killed."""
BYTES_PER_MB = 1_000_000
_WAY = (SettingKey.HUB_ENDPOINT, SettingKey.PROXY, SettingKey.CERTIFICATES)
"""How the Hub is reached."""
_ABANDONED: list[QObject] = []
"""Workers whose downloads hang in a call: Qt's objects must not end on a thread of those."""


class DownloadWorker(QObject):
    """The queue of downloads; lives on a thread of its own.

    Args:
        database: of its own, on the same file as the store's; opened here, so only once the
            store has brought the file to the present schema.
        door: to the network; the settings of it are another worker's business.
        models_folder: where models go unless the settings name another place.
        clock: seconds that never go back.

    Signals:
        downloads_changed: the whole queue.
        download_refused: something cannot be put into the queue.
        model_installed: a model is verified and in its place.
        store_failed: the queue could not be kept.
    """

    downloads_changed = signal_of(hub.DownloadsChanged)
    download_refused = signal_of(hub.DownloadRefused)
    model_installed = signal_of(hub.ModelInstalled)
    store_failed = signal_of(events.StoreFailed)
    _reported = signal_of(RunReport)

    def __init__(
        self,
        database: Database,
        door: HubDoor,
        models_folder: Path,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._database, self._door = database, door
        self._table = DownloadTable(database)
        self._default_folder = models_folder
        self._folder = ModelsFolder(models_folder)
        self._folders: dict[str, ModelsFolder] = {}
        self._clock = clock
        self._limit = SpeedLimit()
        self._queue = DownloadQueue()
        self._queue.set_online(is_online=False)
        self._runs: dict[str, DownloadRun] = {}
        self._held: dict[str, Attempt] = {}
        self._to_discard: dict[str, DownloadSpec] = {}
        self._is_open = self._is_closed = False
        self._way: tuple[object, ...] = ()
        self._has_token = False
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        # The threads of runs have no event loop: what they say is put into the queue of this one.
        self._reported.connect(self._take_report, Qt.ConnectionType.QueuedConnection)

    def report(self, failure: Failure) -> None:
        """Tell the window that the queue could not be kept."""
        self.store_failed.emit(events.StoreFailed(failure))

    # --- asked by the window ---

    @Slot(object)
    @guarded
    def begin(self, _ready: events.StoreReady) -> None:
        """Go on, as the store has brought the file to the present schema."""
        self.open()

    @Slot()
    @guarded
    def open(self) -> None:
        """Go on with what was not finished."""
        at_once, is_online = self._queue.at_once, self._queue.is_online
        try:
            self._database.join()
            rows, folders = self._table.rows(), self._table.folders()
        except AppError as error:
            # Downloads still work; they are only not remembered.
            rows, folders = (), {}
            self.report(Failure.of(error))
        self._folders |= {key: ModelsFolder(path) for key, path in folders.items()}
        asked_for = self._queue.rows(self._clock())
        self._queue = DownloadQueue((*map(self._counted, rows), *asked_for), at_once)
        self._queue.set_online(is_online=is_online)
        self._is_open = True
        self._carry_on()

    @Slot(object)
    @guarded
    def apply_settings(self, settings: events.SettingsChanged) -> None:
        """Use the settings for downloads at once.

        What has begun in another folder goes on there, unless there is no room for it.
        """
        values = {**DEFAULTS, **settings.values}
        self._queue.at_once = int(values[SettingKey.DOWNLOADS_AT_ONCE])
        self._limit.set(float(values[SettingKey.SPEED_LIMIT_MB_S]) * BYTES_PER_MB)
        named = str(values[SettingKey.MODELS_FOLDER]).strip()
        path = Path(named).expanduser().absolute() if named else self._default_folder
        if path != self._folder.path:
            self._folder = ModelsFolder(path)
            self._move_to_folder()
        way = tuple(values[key] for key in _WAY)
        if way != self._way:
            if self._way:
                self._queue.try_again(OTHER_WAY)
            self._way = way
        self._queue.set_online(is_online=not values[SettingKey.IS_OFFLINE])
        self._carry_on()

    @Slot(object)
    @guarded
    def take_network(self, state: hub.NetworkState) -> None:
        """Ask again for what wants a token, when one has come out of the keyring."""
        is_new = state.has_token and not self._has_token
        self._has_token = state.has_token
        if is_new:
            self._try_again(frozenset({ErrorCode.ACCESS_NEEDED}))

    @Slot(object)
    @guarded
    def take_token(self, answer: hub.TokenAnswer) -> None:
        """Ask again for what wants a token, when the user has entered one."""
        if answer.failure is None and self._door.has_token:
            self._try_again(ACCESS)

    def _try_again(self, codes: frozenset[ErrorCode]) -> None:
        self._queue.try_again(codes)
        self._carry_on()

    def _refuse(self, failure: Failure, spec: DownloadSpec) -> None:
        self.download_refused.emit(hub.DownloadRefused(spec, failure))

    @Slot(object)
    @guarded_by(_refuse)
    def start(self, spec: DownloadSpec) -> None:
        """Put a download into the queue."""
        if not spec.files:
            raise WorldError(ErrorCode.NO_MODEL_FILES, Facts(repo_id=spec.repo_id))
        self._folder.check_names(spec)
        download_id = uuid.uuid4().hex
        before = self._queue.rows(self._clock())
        self._queue.add(download_id, spec)
        for row in before:
            # What it takes the place of may have begun in another folder.
            is_elsewhere = self._folders.get(row.download_id, self._folder) is not self._folder
            if self._is_dropped(row) and is_elsewhere:
                self._to_discard[row.download_id] = row.spec
        self._folders[download_id] = self._folder
        self._carry_on()

    @Slot(object)
    @guarded
    def command(self, command: hub.DownloadCommand) -> None:
        """Do what the user says with one download, or with all."""
        before = self._queue.rows(self._clock())
        self._queue.command(command.verb, command.download_id)
        self._to_discard |= {row.download_id: row.spec for row in filter(self._is_dropped, before)}
        self._carry_on()

    def _is_dropped(self, row: Download) -> bool:
        is_done = row.state is DownloadState.DONE
        return self._queue.find(row.download_id) is None and not is_done

    @Slot()
    @guarded
    def close(self) -> None:
        """Stop all that runs and end this thread's event loop."""
        QThread.currentThread().quit()
        self._is_closed = True
        self._timer.stop()
        for run in self._runs.values():
            run.stop()
        deadline_s = time.monotonic() + CLOSE_WAIT_S
        self._runs = {
            download_id: run
            for download_id, run in self._runs.items()
            if not run.join(max(0.0, deadline_s - time.monotonic()))
        }
        if self._runs:
            _ABANDONED.append(self)
        # Nobody would ever know of what is left of those that were cancelled just now.
        self._discard_cancelled()
        if self._is_open:
            self._keep()
        self._database.close()

    # --- what runs say ---

    @Slot(object)
    @guarded
    def _take_report(self, report: RunReport) -> None:
        if isinstance(report, Ended):
            self._take_end(report)
        else:
            self._queue.complete(report.attempt, report.spec)
        self._carry_on()

    def _take_end(self, ended: Ended) -> None:
        attempt, now_s = ended.attempt, self._clock()
        run = self._runs.pop(attempt.download_id)
        # The window is told of each end in a row that is up to date.
        self._queue.advance(attempt, run.state, run.done_bytes, now_s)
        self._queue.complete(attempt, ended.spec, ended.note)
        if ended.failure is not None:
            jitter = random.random()  # noqa: S311 - spreads requests, guards no secret
            self._queue.fail(attempt, ended.failure, now_s, jitter)
            if ended.failure.code is ErrorCode.ACCESS_NEEDED and self._door.has_token:
                # It was asked without one, which has come meanwhile.
                self._queue.try_again(frozenset({ErrorCode.ACCESS_NEEDED}))
        elif ended.path is not None:
            # Told also of one that was cancelled too late: it is there and takes room.
            self._queue.finish(attempt, str(ended.path))
            first = ended.spec.files[0]
            self.model_installed.emit(
                hub.ModelInstalled(ended.path, ended.spec, first.sha256, ended.spec.commit)
            )

    @Slot()
    @guarded
    def _tick(self) -> None:
        now_s = self._clock()
        for run in self._runs.values():
            self._queue.advance(run.attempt, run.state, run.done_bytes, now_s)
        self._stop_unwanted()
        moment_s = self._queue.next_moment_s()
        if moment_s is not None and moment_s <= now_s:
            self._carry_on()
        else:
            self._tell()

    # --- carrying out what the queue says ---

    def _carry_on(self) -> None:
        """Stop what is no longer wanted, begin what is due, keep and tell the queue."""
        if self._is_closed:
            return
        if not self._is_open:
            self._tell()
            return
        for attempt in self._queue.due(self._clock()):
            self._held[attempt.download_id] = attempt
        self._stop_unwanted()
        self._discard_cancelled()
        for attempt in list(self._held.values()):
            self._begin(attempt)
        self._keep()
        self._tell()
        self._tick_while_needed()

    def _stop_unwanted(self) -> None:
        """Stop runs, again and again: a connection is only cut off once it stands."""
        for run in self._runs.values():
            if not self._queue.is_current(run.attempt):
                run.stop()

    def _begin(self, attempt: Attempt) -> None:
        if attempt.download_id in self._runs:
            return  # An earlier attempt is about to end; this one begins then.
        del self._held[attempt.download_id]
        row = self._queue.find(attempt.download_id)
        if row is None or not self._queue.is_current(attempt):
            return
        folder = self._folders.setdefault(attempt.download_id, self._folder)
        tools = RunTools(self._door, folder, self._limit, file_system_of)
        run = DownloadRun(attempt, row.spec, tools, self._reported.emit)
        self._runs[attempt.download_id] = run
        run.start()

    def _discard_cancelled(self) -> None:
        """Delete what arrived of downloads that were taken off, once nobody writes it."""
        for download_id, spec in list(self._to_discard.items()):
            if download_id in self._runs:
                continue
            del self._to_discard[download_id]
            self._discard(self._folders.pop(download_id, self._folder), spec)

    def _discard(self, folder: ModelsFolder, spec: DownloadSpec) -> None:
        try:
            folder.discard(spec)
        except WorldError as error:
            _LOG.warning("a part stays: %s %s", error.code, error.detail)

    def _move_to_folder(self) -> None:
        """Let downloads begin in the new folder that have not begun, or found no room."""
        for row in self._queue.rows(self._clock()):
            former = self._folders.get(row.download_id)
            if former is None or row.download_id in self._runs:
                continue
            is_stuck = row.failure is not None and row.failure.code in OF_THE_DISK
            if is_stuck:
                self._discard(former, row.spec)
                self._queue.command(hub.DownloadVerb.RETRY, row.download_id)
            if is_stuck or not row.done_bytes:
                self._folders[row.download_id] = self._folder

    def _counted(self, row: Download) -> Download:
        """Give a row with what is on the disk of it, which is not kept while it grows."""
        if row.state is DownloadState.DONE:
            return row
        try:
            folder = self._folders.setdefault(row.download_id, self._folder)
            done_bytes = folder.present_bytes(row.spec)
        except WorldError as error:
            _LOG.warning("what is here is not known: %s", error.code)
            return row
        return Download(
            row.download_id, row.spec, row.state, done_bytes, failure=row.failure, note=row.note
        )

    def _keep(self) -> None:
        if self._database.is_open:
            rows = self._queue.rows(self._clock())
            known = {row.download_id for row in rows} | self._to_discard.keys()
            self._folders = {key: one for key, one in self._folders.items() if key in known}
            try:
                self._table.keep(rows, {key: one.path for key, one in self._folders.items()})
            except AppError as error:
                self.report(Failure.of(error))

    def _tell(self) -> None:
        self.downloads_changed.emit(hub.DownloadsChanged(self._queue.rows(self._clock())))

    def _tick_while_needed(self) -> None:
        is_needed = bool(self._runs) or self._queue.next_moment_s() is not None
        if is_needed != self._timer.isActive():
            if is_needed:
                self._timer.start()
            else:
                self._timer.stop()
