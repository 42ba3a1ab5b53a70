"""What can go wrong between the loopback Hub and its client, and what is written down of it."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Origin(StrEnum):
    """The Hub itself, or the servers that it sends to for large files."""

    HUB = "hub"
    CDN = "cdn"


class Place(StrEnum):
    """Which requests a fault meets."""

    API = "api"
    HEAD = "head"
    RESOLVE = "resolve"
    """GET of a file at the Hub: of a small one, or of the way to a large one."""
    CDN = "cdn"
    """GET of a large file at the other origin."""


class FaultKind(StrEnum):
    """What goes wrong."""

    STATUS = "status"
    """An error is answered: `code`, `error_code`, `message`, `headers`."""
    DROP = "drop"
    """The connection ends before an answer."""
    RESET = "reset"
    """After `after` bytes of the body the connection is reset (RST)."""
    TRUNCATE = "truncate"
    """After `after` bytes of the body the connection ends."""
    STALL = "stall"
    """After `after` bytes nothing more comes for `seconds`, then the connection ends."""
    SLOW = "slow"
    """The answer begins after `seconds`."""
    THROTTLE = "throttle"
    """`bytes_per_s` are sent."""
    LIE_TOTAL = "lie_total"
    """Half of the body is sent as if it were all."""
    IGNORE_RANGE = "ignore_range"
    """The whole file is sent, with status 200, whatever range was asked for."""
    WRONG_RANGE = "wrong_range"
    """Another part of the file is sent than was asked for."""
    NO_COMMIT = "no_commit"
    """The headers do not tell the commit."""
    NO_HASH = "no_hash"
    """The headers tell the git hash of the pointer instead of the file's SHA-256."""
    CORRUPT = "corrupt"
    """One bit of the body is another."""
    PORTAL = "portal"
    """A sign-in page is answered, with status 200."""
    EXPIRE = "expire"
    """After `after` bytes the connection ends, and the link is no longer valid."""


@dataclass
class Fault:
    """A fault that meets the next `times` requests at its place."""

    kind: FaultKind
    times: int = 1
    code: int = 500
    error_code: str = ""
    message: str = "a fault"
    headers: Mapping[str, str] = field(default_factory=dict)
    after: int = 0
    seconds: float = 30.0
    bytes_per_s: float = 0.0


class Faults:
    """The faults that are still to come, by place, in their order."""

    def __init__(self) -> None:
        self._coming: dict[Place, list[Fault]] = {}
        self._lock = threading.Lock()

    def add(self, place: Place, fault: Fault) -> None:
        """Let a fault come after those that were added before."""
        with self._lock:
            self._coming.setdefault(place, []).append(fault)

    def clear(self) -> None:
        """Let all go well from now on."""
        with self._lock:
            self._coming.clear()

    def take(self, place: Place) -> Fault | None:
        """Give what goes wrong with a request that arrives now."""
        with self._lock:
            coming = self._coming.get(place)
            if not coming:
                return None
            fault = coming[0]
            fault.times -= 1
            if fault.times <= 0:
                coming.pop(0)
            return fault


@dataclass
class Exchange:
    """A request and how much was answered.

    Attributes:
        authorization, range, user_agent: the headers of these names; empty if not sent.
        status: of the answer; 0 if there was none.
        bytes_sent: of the body, as far as it was handed to the system.
    """

    method: str
    origin: Origin
    path: str
    query: str
    range: str = ""
    authorization: str = ""
    user_agent: str = ""
    status: int = 0
    bytes_sent: int = 0

    @property
    def first_byte(self) -> int:
        """Where the asked range begins; 0 without one."""
        return int(self.range.removeprefix("bytes=").partition("-")[0] or 0)
