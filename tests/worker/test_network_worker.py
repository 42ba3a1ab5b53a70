"""The worker that knows how the network may be used: settings, ledger, token."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from app.core import events, hub_events
from app.core.errors import ErrorCode, Facts, WorldError
from app.core.network import HUB_HOST, Purpose
from app.core.settings import DEFAULTS, SettingKey, SettingValue
from app.hub.door import HubDoor
from app.hub.repository import read_repository
from app.store.database import Database
from app.store.settings_table import SettingsTable
from app.store.token_store import TokenStore
from app.worker.ledger_feed import LedgerFeed
from app.worker.network_worker import TOKEN_NOTE, NetworkWorker
from app.worker.signal_types import signal, signal_of
from app.worker.threads import WorkerThread
from tests.hub.loopback_faults import FaultKind, Place
from tests.hub.loopback_hub import LoopbackHub

REPO = "maker/tiny-GGUF"
WAIT_MS = 15_000

Fact = TypeVar("Fact")


class MemoryTokens(TokenStore):
    """Keeps the token for as long as the test lasts; or refuses."""

    def __init__(self) -> None:
        self.token, self.n_reads, self.is_locked = "", 0, False

    def _check(self) -> None:
        if self.is_locked:
            raise WorldError(ErrorCode.KEYRING_UNUSABLE, Facts(reason="locked"))

    def read(self) -> str:
        self.n_reads += 1
        self._check()
        return self.token

    def keep(self, token: str) -> None:
        self._check()
        self.token = token

    def forget(self) -> None:
        self._check()
        self.token = ""


class Window(QObject):
    """Asks the worker as the window does, and writes down what it hears."""

    open_requested = signal()
    close_requested = signal()
    ledger_requested = signal()
    clear_requested = signal()
    settings_changed = signal_of(events.SettingsChanged)
    token_requested = signal_of(hub_events.TokenRequest)

    def __init__(self, worker: NetworkWorker, database: "DatabaseOwner") -> None:
        super().__init__()
        self.heard: list[object] = []
        self.open_requested.connect(database.open)
        self.open_requested.connect(worker.open)
        self.ledger_requested.connect(worker.show_ledger)
        self.clear_requested.connect(worker.clear_ledger)
        self.settings_changed.connect(worker.apply_settings)
        self.token_requested.connect(worker.take_token)
        self.close_requested.connect(worker.close)
        self.close_requested.connect(database.close)
        worker.network_changed.connect(self.hear)
        worker.ledger_shown.connect(self.hear)
        worker.token_answered.connect(self.hear)
        worker.store_failed.connect(self.hear)

    @Slot(object)
    def hear(self, fact: object) -> None:
        self.heard.append(fact)

    def of(self, kind: type[Fact]) -> list[Fact]:
        return [one for one in self.heard if isinstance(one, kind)]


class DatabaseOwner(QObject):
    """Opens and closes the database on its thread."""

    def __init__(self, database: Database, thread: WorkerThread) -> None:
        super().__init__()
        self._database, self._thread = database, thread

    @Slot()
    def open(self) -> None:
        self._database.open()

    @Slot()
    def close(self) -> None:
        self._database.close()
        self.thread().quit()


class Rig:
    """The worker on the store's thread, with a door to the loopback Hub."""

    def __init__(self, hub: LoopbackHub, qtbot: QtBot, path: Path) -> None:
        self.hub, self._qtbot, self.tokens = hub, qtbot, MemoryTokens()
        self.path = path
        self.feed = LedgerFeed()
        self.door = HubDoor(self.feed.record, hub.endpoint)
        self.database = Database(path)
        self._thread = WorkerThread("store")
        self.worker = NetworkWorker(self.database, self.door, self.tokens)
        self.owner = DatabaseOwner(self.database, self._thread)
        self._thread.adopt(self.worker)
        self._thread.adopt(self.owner)
        self.feed.recorded.connect(self.worker.take_entry)
        self.window = Window(self.worker, self.owner)
        self._thread.start()

    def begin(self, *, is_offline: bool = False) -> None:
        """Open all, as the program does."""
        self.window.open_requested.emit()
        self.set(SettingKey.IS_OFFLINE, is_offline)
        self.wait_until(lambda s: s.is_offline is is_offline)

    def set(self, key: SettingKey, value: SettingValue) -> None:
        values = {**DEFAULTS, SettingKey.HUB_ENDPOINT: self.hub.endpoint, key: value}
        self.window.settings_changed.emit(events.SettingsChanged(values))

    def wait_until(
        self, holds: Callable[[hub_events.NetworkState], bool]
    ) -> hub_events.NetworkState:
        """Wait for a state that holds."""
        self._qtbot.waitUntil(lambda: any(map(holds, self._last())), timeout=WAIT_MS)
        return self._last()[0]

    def _last(self) -> list[hub_events.NetworkState]:
        return self.window.of(hub_events.NetworkState)[-1:]

    def wait_for(self, kind: type[Fact], n: int = 1) -> Fact:
        self._qtbot.waitUntil(lambda: len(self.window.of(kind)) >= n, timeout=WAIT_MS)
        return self.window.of(kind)[n - 1]

    def close(self) -> None:
        self.window.close_requested.emit()
        assert self._thread.wait()
        self.door.close()


@pytest.fixture
def rig(
    hub: LoopbackHub, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Rig]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    hub.add(REPO, {"m-Q4_K_M.gguf": b"GGUF"})
    made = Rig(hub, qtbot, tmp_path / "a.db")
    yield made
    made.close()


def test_the_network_is_off_until_the_settings_say_otherwise(rig: Rig) -> None:
    rig.window.open_requested.emit()
    assert rig.wait_until(lambda _: True).is_offline
    assert rig.door.settings.is_offline
    rig.set(SettingKey.IS_OFFLINE, False)
    rig.wait_until(lambda state: not state.is_offline)
    assert rig.door.settings.endpoint == rig.hub.endpoint
    rig.set(SettingKey.IS_OFFLINE, True)
    rig.wait_until(lambda state: state.is_offline)
    assert rig.door.settings.is_offline


def test_each_request_is_in_the_ledger_and_in_todays_traffic(rig: Rig) -> None:
    rig.begin()
    read_repository(rig.door, REPO)
    state = rig.wait_until(lambda state: state.today.received_bytes > 0)
    rig.window.ledger_requested.emit()
    shown = rig.wait_for(hub_events.LedgerShown)
    (entry,) = shown.entries
    assert (entry.purpose, entry.subject, entry.status) == (Purpose.MODEL_FACTS, REPO, 200)
    assert (shown.n_entries, shown.received_bytes) == (1, entry.bytes_down)
    assert state.today.received_bytes == entry.bytes_down
    rig.window.clear_requested.emit()
    assert rig.wait_for(hub_events.LedgerShown, 2).entries == ()
    rig.wait_until(lambda state: state.today.received_bytes == 0)


def test_requests_made_at_the_end_are_kept(hub: LoopbackHub, qtbot: QtBot, tmp_path: Path) -> None:
    hub.add(REPO, {"m-Q4_K_M.gguf": b"GGUF"})
    rig = Rig(hub, qtbot, tmp_path / "a.db")
    rig.begin()
    read_repository(rig.door, REPO)
    rig.close()
    again = Database(tmp_path / "a.db")
    again.open()
    assert len(again.read("SELECT * FROM ledger")) == 1
    again.close()


def test_a_token_is_kept_once_the_hub_has_accepted_it(rig: Rig) -> None:
    rig.begin()
    rig.window.token_requested.emit(hub_events.TokenRequest(" hf_good\n"))
    assert rig.wait_for(hub_events.TokenAnswer) == hub_events.TokenAnswer("alice")
    rig.wait_until(lambda state: state.has_token)
    assert (rig.tokens.token, rig.door.settings.token) == ("hf_good", "hf_good")
    rig.window.token_requested.emit(hub_events.TokenRequest(""))
    assert rig.wait_for(hub_events.TokenAnswer, 2) == hub_events.TokenAnswer()
    rig.wait_until(lambda state: not state.has_token)
    assert (rig.tokens.token, rig.door.settings.token) == ("", "")


def test_a_token_that_is_refused_is_not_kept(rig: Rig) -> None:
    rig.begin()
    rig.window.token_requested.emit(hub_events.TokenRequest("hf_bad"))
    failure = rig.wait_for(hub_events.TokenAnswer).failure
    assert failure is not None
    assert failure.code is ErrorCode.TOKEN_REFUSED
    rig.tokens.is_locked = True
    rig.window.token_requested.emit(hub_events.TokenRequest("hf_good"))
    failure = rig.wait_for(hub_events.TokenAnswer, 2).failure
    assert failure is not None
    assert failure.code is ErrorCode.KEYRING_UNUSABLE
    rig.set(SettingKey.IS_OFFLINE, True)
    rig.window.token_requested.emit(hub_events.TokenRequest("hf_good"))
    failure = rig.wait_for(hub_events.TokenAnswer, 3).failure
    assert failure is not None
    assert failure.code is ErrorCode.OFFLINE
    assert (rig.tokens.token, rig.door.settings.token) == ("", "")


def test_asking_about_a_token_does_not_hold_up_the_chats(rig: Rig) -> None:
    rig.begin()
    rig.hub.fail(Place.API, FaultKind.SLOW, seconds=15)
    rig.window.token_requested.emit(hub_events.TokenRequest("hf_good"))
    rig.window.ledger_requested.emit()
    rig.wait_for(hub_events.LedgerShown)
    assert rig.window.of(hub_events.TokenAnswer) == []


@pytest.mark.parametrize("is_kept", [True, False])
def test_the_keyring_is_opened_at_start_only_if_a_token_is_in_it(
    hub: LoopbackHub, qtbot: QtBot, tmp_path: Path, is_kept: bool
) -> None:
    before = Database(tmp_path / "a.db")
    before.open()
    SettingsTable(before).keep_note(TOKEN_NOTE, "kept" if is_kept else "")
    before.close()
    rig = Rig(hub, qtbot, tmp_path / "a.db")
    rig.tokens.token = "hf_good"
    rig.begin()
    rig.wait_until(lambda state: state.has_token is is_kept)
    assert rig.tokens.n_reads == int(is_kept)
    rig.close()


def test_a_locked_keyring_is_no_failure_at_start(
    hub: LoopbackHub, qtbot: QtBot, tmp_path: Path
) -> None:
    before = Database(tmp_path / "a.db")
    before.open()
    SettingsTable(before).keep_note(TOKEN_NOTE, "kept")
    before.close()
    rig = Rig(hub, qtbot, tmp_path / "a.db")
    rig.tokens.is_locked = True
    rig.begin()
    qtbot.waitUntil(lambda: rig.tokens.n_reads == 1, timeout=WAIT_MS)
    assert not rig.wait_until(lambda _: True).has_token
    assert rig.window.of(events.StoreFailed) == []
    rig.close()


def test_the_window_knows_whom_the_settings_name(rig: Rig) -> None:
    rig.begin()
    rig.wait_until(lambda state: state.host == rig.door.host != HUB_HOST)
