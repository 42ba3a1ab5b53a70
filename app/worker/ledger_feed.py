"""The way of a request from whichever thread made it into the ledger."""

from PySide6.QtCore import QObject

from app.core.network import LedgerEntry
from app.worker.signal_types import signal_of


class LedgerFeed(QObject):
    """Stands between `HubDoor` and `NetworkWorker`.

    Signals:
        recorded: a request has ended.
    """

    recorded = signal_of(LedgerEntry)

    def record(self, entry: LedgerEntry) -> None:
        """Pass `entry` on; may be called in any thread."""
        self.recorded.emit(entry)
