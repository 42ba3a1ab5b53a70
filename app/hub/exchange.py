"""Requests while they run: what is counted of them, and how they are cut off."""

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.core.network import LedgerEntry, Purpose, Traffic

Record = Callable[[LedgerEntry], None]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why requests are made: `subject` is a repository or a search text."""

    purpose: Purpose
    subject: str = ""


class Exchange:
    """One request and its answer, from the first byte sent to the last one received.

    Attributes:
        status: HTTP status; 0 while there is no answer.
        bytes_up, bytes_down: heads and bodies so far.
        connection: that it goes over, once it is sent.
        thread_id: of the thread that asks.
    """

    def __init__(self, reason: Reason, method: str, host: str, bytes_up: int) -> None:
        self._reason, self._method, self._host = reason, method, host
        self._at = datetime.now(UTC)
        self.thread_id = threading.get_ident()
        self.status = 0
        self.bytes_up, self.bytes_down = bytes_up, 0
        self.connection: socket.socket | None = None

    def as_entry(self) -> LedgerEntry:
        """Give what the ledger keeps."""
        return LedgerEntry(
            at=self._at,
            purpose=self._reason.purpose,
            method=self._method,
            host=self._host,
            subject=self._reason.subject,
            bytes_up=self.bytes_up,
            bytes_down=self.bytes_down,
            status=self.status,
        )

    def cut_off(self) -> None:
        """End the connection from another thread; who reads from it wakes up at once.

        An encrypted connection is cut below its encryption, whose state belongs to the reader.
        """
        connection = self.connection  # Its thread may let go of it meanwhile.
        if connection is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


class Exchanges:
    """All requests that have not ended; each is recorded once when it has."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._open: set[Exchange] = set()

    def begin(self, exchange: Exchange) -> None:
        """Count `exchange` among those that run."""
        with self._lock:
            self._open.add(exchange)

    def end(self, exchange: Exchange) -> bool:
        """Record `exchange`; False if that has been done before."""
        with self._lock:
            if exchange not in self._open:
                return False
            self._open.discard(exchange)
        exchange.connection = None
        self._record(exchange.as_entry())
        return True

    def traffic(self) -> Traffic:
        """Give what those that run have sent and received so far: not in the ledger yet."""
        with self._lock:
            running = tuple(self._open)
        return Traffic(
            sum(one.bytes_up for one in running), sum(one.bytes_down for one in running)
        )

    def cut_off_all(self) -> None:
        """End the connections of all that run."""
        self._cut_off(lambda _: True)

    def cut_off_thread(self, thread_id: int) -> None:
        """End the connections of what one thread has asked for."""
        self._cut_off(lambda exchange: exchange.thread_id == thread_id)

    def _cut_off(self, is_meant: Callable[[Exchange], bool]) -> None:
        with self._lock:
            running = tuple(filter(is_meant, self._open))
        for exchange in running:
            exchange.cut_off()
