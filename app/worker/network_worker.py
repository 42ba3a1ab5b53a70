"""Knows how the network may be used, and what went over it."""

import logging

from PySide6.QtCore import QObject, QTimer, Slot

from app.core import events, hub_events
from app.core.errors import Failure
from app.core.network import LedgerEntry, NetworkSettings, Traffic
from app.core.settings import DEFAULTS, SettingKey
from app.hub.access import who_is
from app.hub.door import HubDoor
from app.store.database import Database
from app.store.ledger import LedgerTable
from app.store.settings_table import SettingsTable
from app.store.token_store import TokenStore
from app.worker.background_jobs import BackgroundJobs
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded, guarded_by

_LOG = logging.getLogger(__name__)

TOKEN_NOTE = "hub_token"  # noqa: S105 - the name of a note
"""Says that there is a token, so that the keyring is not unlocked at each start for nothing."""
SHOWN_ENTRIES = 2000
"""How many requests the window is given; the sums are of all."""
SAVE_INTERVAL_MS = 500
WATCH_INTERVAL_MS = 1000
"""How often running transfers are looked at while the network may be used."""
MAX_UNSAVED = 5000


class NetworkWorker(QObject):
    """Everything about the network that is stored or set.

    Lives on the store's thread and uses the database that `ConversationWorker` opens there.
    `LedgerFeed.recorded` is to be connected to `take_entry`.

    Signals:
        network_changed: whether the network may be used, and today's traffic.
        ledger_shown: the newest requests.
        token_answered: whether a token was accepted and kept.
        store_failed: the ledger could not be stored or read.
    """

    network_changed = signal_of(hub_events.NetworkState)
    ledger_shown = signal_of(hub_events.LedgerShown)
    token_answered = signal_of(hub_events.TokenAnswer)
    store_failed = signal_of(events.StoreFailed)

    def __init__(self, database: Database, door: HubDoor, token_store: TokenStore) -> None:
        super().__init__()
        self._database, self._door, self._token_store = database, door, token_store
        self._ledger = LedgerTable(database)
        self._notes = SettingsTable(database)
        self._values = dict(DEFAULTS)
        self._has_settings = False
        self._token = ""
        self._unsaved: list[LedgerEntry] = []
        self._state: hub_events.NetworkState | None = None
        self._jobs = BackgroundJobs("token", 1, self)
        self._save_timer = QTimer(self, interval=SAVE_INTERVAL_MS, singleShot=True)
        self._save_timer.timeout.connect(self._save)
        self._watch_timer = QTimer(self, interval=WATCH_INTERVAL_MS)
        self._watch_timer.timeout.connect(self._report_state)

    def report(self, failure: Failure) -> None:
        """Tell the window that the ledger could not be stored or read."""
        self.store_failed.emit(events.StoreFailed(failure))

    # --- asked by the window ---

    @Slot()
    @guarded
    def open(self) -> None:
        """Begin once the database is open; the network stays off until settings are known."""
        self._database.when_open(self._begin)

    @guarded
    def _begin(self) -> None:
        if self._notes.note(TOKEN_NOTE):
            self._jobs.run(self._token_store.read, self._take_kept, self._go_without)
        self._save()
        self._report_state()

    @Slot(object)
    @guarded
    def apply_settings(self, settings: events.SettingsChanged) -> None:
        """Use the network as these settings say, at once."""
        self._values = {**DEFAULTS, **settings.values}
        self._has_settings = True
        self._configure()

    def _refuse_token(self, failure: Failure, request: hub_events.TokenRequest) -> None:
        del request
        self.token_answered.emit(hub_events.TokenAnswer(failure=failure))

    @Slot(object)
    @guarded_by(_refuse_token)
    def take_token(self, request: hub_events.TokenRequest) -> None:
        """Ask the Hub whose token it is and keep it; or forget the one that is kept."""
        token = request.token.strip()
        if token:
            self._jobs.run(
                lambda: self._accept(token),
                lambda name: self._use(token, name),
                lambda failure: self._refuse_token(failure, request),
            )
        else:
            self._jobs.run(
                self._token_store.forget,
                lambda _: self._use("", ""),
                lambda failure: self._refuse_token(failure, request),
            )

    @Slot()
    @guarded
    def show_ledger(self) -> None:
        """Give the newest requests."""
        self._save()
        sums = self._ledger.sums()
        self.ledger_shown.emit(
            hub_events.LedgerShown(
                self._ledger.newest(SHOWN_ENTRIES),
                sums.n_entries,
                sums.sent_bytes,
                sums.received_bytes,
            )
        )

    @Slot()
    @guarded
    def clear_ledger(self) -> None:
        """Forget all requests, and show that none are left."""
        self._unsaved.clear()
        self._ledger.clear()
        self.show_ledger()
        self._report_state()

    @Slot()
    @guarded
    def close(self) -> None:
        """Save what has not been saved; to be called before the database is closed."""
        self._watch_timer.stop()
        self._jobs.close()
        self._save()

    # --- told by the door ---

    @Slot(object)
    @guarded
    def take_entry(self, entry: LedgerEntry) -> None:
        """Note a request that has ended; several are stored together."""
        self._unsaved.append(entry)
        del self._unsaved[:-MAX_UNSAVED]  # Without a database they would grow for ever.
        if not self._save_timer.isActive():
            self._save_timer.start()

    @Slot()
    @guarded
    def _save(self) -> None:
        self._save_timer.stop()
        if self._unsaved and self._database.is_open:
            unsaved, self._unsaved = self._unsaved, []
            self._ledger.append(unsaved)
            self._report_state()

    # --- the token ---

    def _accept(self, token: str) -> str:
        """See that the Hub accepts a token, and keep it; gives the account's name."""
        name = who_is(self._door, token)
        self._token_store.keep(token)
        return name

    def _use(self, token: str, name: str) -> None:
        self._token = token
        self._configure()
        self.token_answered.emit(hub_events.TokenAnswer(name))
        self._note_token()

    @guarded
    def _note_token(self) -> None:
        self._notes.keep_note(TOKEN_NOTE, "kept" if self._token else "")

    def _take_kept(self, token: str) -> None:
        self._token = token
        self._configure()

    def _go_without(self, failure: Failure) -> None:
        """Go on without a token that cannot be read: it is asked for when one is needed."""
        _LOG.warning("the token cannot be read: %s", failure.facts.reason)

    # --- what it is all for ---

    def _configure(self) -> None:
        values = self._values
        self._door.configure(
            NetworkSettings(
                is_offline=bool(values[SettingKey.IS_OFFLINE]) or not self._has_settings,
                endpoint=str(values[SettingKey.HUB_ENDPOINT]),
                proxy=str(values[SettingKey.PROXY]),
                certificates=str(values[SettingKey.CERTIFICATES]),
                token=self._token,
            )
        )
        if self._door.settings.is_offline:
            self._watch_timer.stop()
        elif not self._watch_timer.isActive():
            self._watch_timer.start()
        self._report_state()

    @Slot()
    @guarded
    def _report_state(self) -> None:
        """Tell the window, if there is anything new."""
        kept = self._ledger.today() if self._database.is_open else Traffic()
        running = self._door.traffic()
        today = Traffic(
            kept.sent_bytes + running.sent_bytes + sum(one.bytes_up for one in self._unsaved),
            kept.received_bytes
            + running.received_bytes
            + sum(one.bytes_down for one in self._unsaved),
        )
        is_offline = self._door.settings.is_offline
        state = hub_events.NetworkState(is_offline, today, bool(self._token), self._door.host)
        if state != self._state:
            self._state = state
            self.network_changed.emit(state)
