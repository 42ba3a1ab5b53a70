"""The ledger of the network in the database: one row for each request."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.core.network import LedgerEntry, Purpose, Traffic
from app.store.conversation_rows import moment_text
from app.store.database import Database, Row, storable

MAX_ROWS = 20_000
"""About 3 MB; months of use."""
MAX_SUBJECT_CHARACTERS = 200
N_ROWS_OVER = 200
"""How many more rows there may be before the oldest are deleted together."""


@dataclass(frozen=True, slots=True)
class LedgerSums:
    """How many requests are kept, and what they sent and received in bytes."""

    n_entries: int
    sent_bytes: int
    received_bytes: int


class LedgerTable:
    """Keeps the newest requests.

    Args:
        database: where they are kept.
        now: the present, with a time zone; its zone says when a day begins.
    """

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime] = lambda: datetime.now(UTC).astimezone(),
    ) -> None:
        self._database, self._now = database, now

    def append(self, entries: Iterable[LedgerEntry]) -> None:
        """Keep requests that have ended; the oldest make room."""
        rows = [
            (
                moment_text(one.at),
                one.purpose.value,
                one.method,
                storable(one.host),
                storable(one.subject[:MAX_SUBJECT_CHARACTERS]),
                one.bytes_up,
                one.bytes_down,
                one.status,
            )
            for one in entries
        ]
        with self._database.write(durable=False) as connection:
            connection.executemany(
                "INSERT INTO ledger (at, purpose, method, host, subject, bytes_up, bytes_down,"
                " status) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
            n_rows = int(connection.execute("SELECT count(*) FROM ledger").fetchone()[0])
            if n_rows > MAX_ROWS + N_ROWS_OVER:
                connection.execute(
                    "DELETE FROM ledger WHERE row_number NOT IN"
                    " (SELECT row_number FROM ledger ORDER BY row_number DESC LIMIT ?)",
                    (MAX_ROWS,),
                )

    def newest(self, n_entries: int) -> tuple[LedgerEntry, ...]:
        """Give the newest requests, newest first."""
        rows = self._database.read(
            "SELECT * FROM ledger ORDER BY row_number DESC LIMIT ?", (n_entries,)
        )
        return tuple(entry for row in rows if (entry := _entry(row)) is not None)

    def sums(self) -> LedgerSums:
        """Add up all that are kept."""
        row = self._database.read(
            "SELECT count(*) AS n, total(bytes_up) AS up, total(bytes_down) AS down FROM ledger"
        )[0]
        return LedgerSums(int(row["n"]), int(row["up"]), int(row["down"]))

    def today(self) -> Traffic:
        """Add up what began since midnight, local time."""
        midnight = self._now().replace(hour=0, minute=0, second=0, microsecond=0)
        row = self._database.read(
            "SELECT total(bytes_up) AS up, total(bytes_down) AS down FROM ledger WHERE at >= ?",
            (moment_text(midnight),),
        )[0]
        return Traffic(int(row["up"]), int(row["down"]))

    def clear(self) -> None:
        """Forget all requests."""
        with self._database.write() as connection:
            connection.execute("DELETE FROM ledger")


def _entry(row: Row) -> LedgerEntry | None:
    """Give a row as an entry; None for one that a newer version has written."""
    try:
        purpose = Purpose(row["purpose"])
    except ValueError:
        return None
    return LedgerEntry(
        at=datetime.fromisoformat(row["at"]),
        purpose=purpose,
        method=row["method"],
        host=row["host"],
        subject=row["subject"],
        bytes_up=row["bytes_up"],
        bytes_down=row["bytes_down"],
        status=row["status"],
    )
