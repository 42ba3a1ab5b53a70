"""The download worker on its thread, and what the window heard of it."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from app.core import events
from app.core import hub_events as hub
from app.core.candidate import RemoteFile
from app.core.download import Download, DownloadSpec, DownloadState
from app.core.hub_events import DownloadVerb
from app.core.settings import SettingKey, SettingValue
from app.store.database import Database
from app.worker.download_worker import DownloadWorker
from app.worker.signal_types import signal, signal_of
from app.worker.threads import WorkerThread
from tests.hub.loopback_hub import LoopbackHub
from tests.hub.transfer_rig import door_to

Fact = TypeVar("Fact")
REPO = "maker/tiny-GGUF"


class Window(QObject):
    """Asks, and writes down what it hears."""

    open_requested = signal()
    close_requested = signal()
    start_requested = signal_of(DownloadSpec)
    command_requested = signal_of(hub.DownloadCommand)
    settings_changed = signal_of(events.SettingsChanged)
    network_changed = signal_of(hub.NetworkState)
    token_answered = signal_of(hub.TokenAnswer)

    def __init__(self, worker: DownloadWorker) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.open_requested.connect(worker.open)
        self.close_requested.connect(worker.close)
        self.start_requested.connect(worker.start)
        self.command_requested.connect(worker.command)
        self.settings_changed.connect(worker.apply_settings)
        self.network_changed.connect(worker.take_network)
        self.token_answered.connect(worker.take_token)
        worker.downloads_changed.connect(self._hear)
        worker.download_refused.connect(self._hear)
        worker.model_installed.connect(self._hear)
        worker.store_failed.connect(self._hear)

    @Slot(object)
    def _hear(self, fact: object) -> None:
        self.heard.append(fact)


class DownloadRig:
    """A worker, its folder and its database."""

    def __init__(
        self,
        qtbot: QtBot,
        hub_server: LoopbackHub,
        folder: Path,
        *,
        is_offline: bool = False,
        is_ready: bool = True,
        token: str = "",
        **settings: SettingValue,
    ) -> None:
        self._qtbot = qtbot
        self.hub, self.folder = hub_server, folder
        self.models = folder / "models"
        self.door = door_to(hub_server, token)
        self.database = Database(folder / "quillhouse.db")
        # As the store does before it says that it is ready.
        self.database.open()
        self.database.close()
        self.worker = DownloadWorker(self.database, self.door, self.models)
        self._thread = WorkerThread("downloads")
        self._thread.adopt(self.worker)
        self.window = Window(self.worker)
        self._thread.start()
        if is_ready:
            self.window.open_requested.emit()
        self.change(is_offline=is_offline, **settings)

    def change(self, *, is_offline: bool = False, **settings: SettingValue) -> None:
        """Change settings, by the names of their keys."""
        values: dict[SettingKey, SettingValue] = {SettingKey.IS_OFFLINE: is_offline}
        values.update({SettingKey[name.upper()]: one for name, one in settings.items()})
        self.window.settings_changed.emit(events.SettingsChanged(values))

    def start(self, spec: DownloadSpec) -> None:
        """Ask for a download."""
        self.window.start_requested.emit(spec)

    def command(self, verb: DownloadVerb, place: int = 0) -> None:
        """Do something with the download at a place of the queue."""
        download_id = self.rows()[place].download_id
        self.window.command_requested.emit(hub.DownloadCommand(verb, download_id))

    def all(self, kind: type[Fact]) -> list[Fact]:
        """Give all facts of a kind heard so far."""
        return [fact for fact in self.window.heard if isinstance(fact, kind)]

    def rows(self) -> tuple[Download, ...]:
        """Give the queue as it was told last."""
        told = self.all(hub.DownloadsChanged)
        return told[-1].downloads if told else ()

    def states(self) -> list[DownloadState]:
        """Give the states of all rows."""
        return [row.state for row in self.rows()]

    def when(self, is_so: Callable[[], bool], timeout_ms: int = 15_000) -> None:
        """Wait until something is so."""
        self._qtbot.waitUntil(is_so, timeout=timeout_ms)

    def when_states(self, *states: DownloadState) -> tuple[Download, ...]:
        """Wait until the rows have these states, and give them."""
        self.when(lambda: self.states() == list(states))
        return self.rows()

    def nth(self, kind: type[Fact], n: int = 1) -> Fact:
        """Wait for the n-th fact of a kind and give it."""
        self.when(lambda: len(self.all(kind)) >= n)
        return self.all(kind)[n - 1]

    def close(self) -> bool:
        """End the worker; False if it did not end."""
        self.window.close_requested.emit()
        is_over = self._thread.wait()
        self.door.close()
        return is_over


def spec_of(hub_server: LoopbackHub, *paths: str, repo_id: str = REPO) -> DownloadSpec:
    """Ask for files of a repository, with all that the Hub says of them."""
    repository = hub_server.repositories[repo_id]
    files = tuple(
        RemoteFile(path, len(repository.files[path].data), repository.files[path].sha256)
        for path in paths
    )
    return DownloadSpec(repo_id, repository.commit, "Tiny", "Q4_K_M", files)
