"""The ledger of the network: what is kept of requests, and for how long."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.core.network import LedgerEntry, Purpose, Traffic
from app.store import ledger as ledger_module
from app.store.database import Database
from app.store.ledger import LedgerSums, LedgerTable

BERLIN = timezone(timedelta(hours=1))
NOON = datetime(2026, 11, 30, 12, tzinfo=BERLIN)


@pytest.fixture
def ledger(database: Database) -> LedgerTable:
    return LedgerTable(database, lambda: NOON)


def entry(at: datetime, number: int = 0, **facts: int) -> LedgerEntry:
    return LedgerEntry(
        at, Purpose.SEARCH, "GET", "hub.example", f"words {number}", **{"status": 200, **facts}
    )


def test_the_newest_come_first_as_they_were(ledger: LedgerTable) -> None:
    entries = [entry(NOON.astimezone(UTC) + timedelta(seconds=n), n) for n in range(5)]
    ledger.append(entries[:3])
    ledger.append(entries[3:])
    assert ledger.newest(10) == tuple(reversed(entries))
    assert ledger.newest(2) == (entries[4], entries[3])


def test_today_begins_at_midnight_where_the_user_is(ledger: LedgerTable) -> None:
    before = datetime(2026, 11, 29, 22, 59, 59, tzinfo=UTC)
    after = datetime(2026, 11, 29, 23, 0, 0, tzinfo=UTC)  # midnight in Berlin
    ledger.append([entry(before, bytes_up=1, bytes_down=10)])
    assert ledger.today() == Traffic()
    ledger.append([entry(after, bytes_up=2, bytes_down=20)])
    assert ledger.today() == Traffic(2, 20)
    assert ledger.sums() == LedgerSums(2, 3, 30)


def test_the_oldest_make_room(ledger: LedgerTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "MAX_ROWS", 10)
    monkeypatch.setattr(ledger_module, "N_ROWS_OVER", 2)
    ledger.append(entry(NOON, n) for n in range(12))
    assert ledger.sums().n_entries == 12
    ledger.append([entry(NOON, 12)])
    assert [one.subject for one in ledger.newest(100)] == [f"words {n}" for n in range(12, 2, -1)]


def test_all_can_be_forgotten(ledger: LedgerTable, database: Database) -> None:
    ledger.append([entry(NOON, bytes_down=5)])
    ledger.clear()
    assert (ledger.newest(5), ledger.sums()) == ((), LedgerSums(0, 0, 0))
    assert database.read("SELECT * FROM ledger") == []


def test_a_subject_is_kept_whatever_it_is(ledger: LedgerTable, database: Database) -> None:
    odd = LedgerEntry(NOON.astimezone(UTC), Purpose.SEARCH, "GET", "h", "\ud800" + "x" * 5000)
    ledger.append([odd])
    (kept,) = ledger.newest(1)
    assert kept.subject == "\ufffd" + "x" * 199
    with database.write() as connection:
        connection.execute("UPDATE ledger SET purpose = 'of a newer version'")
    assert ledger.newest(1) == ()
    assert ledger.sums().n_entries == 1
