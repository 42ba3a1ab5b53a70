"""The queue of downloads: which runs, which waits for what, and what a command does.

Pure: time is handed in as seconds of a clock that never goes back, chance as a number. Who
carries out what the queue says (`worker/download_worker.py`) names each try by its attempt, so
that what an abandoned one still reports changes nothing.

```
            add                     due
    (new) ───────▶ QUEUED ──────────────────▶ CHECKING ─▶ DOWNLOADING ─▶ VERIFYING ─▶ DONE
                   ▲  ▲  ▲                       │ ▲           │ ▲           │
            resume │  │  │ its time has come,    │ └───────────┼─┴───────────┘ next file,
                   │  │  │ room, connection      │             │               damaged once
              PAUSED  │  └────────── WAITING ◀───┴─────────────┤
                 ▲    │ retry           │      passing failure │
           pause │    └─────── FAILED ◀─┼──────────────────────┘ lasting failure
                 └──────────────────────┘
    pause: any of QUEUED, CHECKING, DOWNLOADING, VERIFYING, WAITING      cancel: all but DONE
    dismiss: DONE, FAILED      a restart of the program: what ran or waited is QUEUED again
```
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.core.download import ACTIVE_STATES, Download, DownloadSpec, DownloadState
from app.core.errors import ErrorCode, Facts, Failure, WorldError
from app.core.hub_events import DownloadVerb
from app.core.transfer_speed import TransferSpeed

LONGEST_RETRY_S = 60.0
ROOM_RETRY_S = 5.0
"""How often a full disk, or one that is away, is looked at again."""
LOCK_RETRY_S = 2.0
"""How often it is tried again to have a file that another window downloads."""
JITTER = 0.25
"""A wait is this much longer or shorter, so that not all ask again at the same moment."""
PASSING = frozenset(
    {
        ErrorCode.NO_CONNECTION,
        ErrorCode.PROXY_FAILED,
        ErrorCode.SIGN_IN_PAGE,
        ErrorCode.SERVER_SILENT,
        ErrorCode.SERVER_FAILED,
        ErrorCode.RATE_LIMITED,
        # Said while this queue was told otherwise: the door is told a moment later or earlier.
        ErrorCode.OFFLINE,
    }
)
"""Failures that time may heal."""
OF_THE_DISK = frozenset({ErrorCode.DISK_TOO_SMALL, ErrorCode.DISK_FULL, ErrorCode.FOLDER_ABSENT})
"""Failures that room, a disk that is back, or another folder heals."""
ACCESS = frozenset({ErrorCode.ACCESS_NEEDED, ErrorCode.ACCESS_REFUSED, ErrorCode.TOKEN_REFUSED})
"""Failures that another token may heal."""
OTHER_WAY = PASSING | {
    ErrorCode.SETTING_UNUSABLE,
    ErrorCode.CERTIFICATE_REFUSED,
    ErrorCode.ANSWER_UNREADABLE,
}
"""Failures that another proxy, certificate or endpoint may heal."""
_UNFINISHED = ACTIVE_STATES | {DownloadState.QUEUED, DownloadState.WAITING}


def retry_wait_s(n_failures: int, jitter: float) -> float:
    """Give how long to wait after the n-th failure in a row: 1, 2, 4 ... 60 seconds.

    Args:
        n_failures: at least 1.
        jitter: by chance, 0.0 to 1.0.
    """
    exponent = min(n_failures - 1, 6)
    wait_s = min(LONGEST_RETRY_S, 2.0**exponent)
    varied = wait_s * (1.0 - JITTER + 2.0 * JITTER * jitter)
    return max(1.0, min(LONGEST_RETRY_S, varied))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to carry out a download."""

    download_id: str
    serial: int


@dataclass(slots=True)
class _Place:
    """What the queue knows of a row besides what is shown."""

    serial: int = 0
    n_failures: int = 0
    retry_at_s: float | None = None
    tried_from_bytes: int = 0
    speed: TransferSpeed | None = None


class DownloadQueue:
    """The rows in their order, and the rules between their states.

    Args:
        rows: from the last time the program ran; see `restored`.
        at_once: how many may run at a time; may be changed.

    Attributes:
        is_online: changed by `set_online`.
    """

    def __init__(self, rows: Iterable[Download] = (), at_once: int = 2) -> None:
        self._rows = {row.download_id: restored(row) for row in rows}
        self._places = {download_id: _Place() for download_id in self._rows}
        self._n_attempts = 0
        self.is_online = True
        self.at_once = at_once

    # --- what there is ---

    def rows(self, now_s: float) -> tuple[Download, ...]:
        """Give all rows in their order, with speeds and times as of now."""
        return tuple(self._shown(row, now_s) for row in self._rows.values())

    def find(self, download_id: str) -> Download | None:
        """Give one row."""
        return self._rows.get(download_id)

    def is_current(self, attempt: Attempt) -> bool:
        """Say whether an attempt is still wanted."""
        row = self._rows.get(attempt.download_id)
        is_active = row is not None and row.state in ACTIVE_STATES
        return is_active and self._places[attempt.download_id].serial == attempt.serial

    def _shown(self, row: Download, now_s: float) -> Download:
        place = self._places[row.download_id]
        if place.retry_at_s is not None:
            return replace(row, retry_in_s=max(0.0, place.retry_at_s - now_s))
        if place.speed is None:
            return row
        left_s = place.speed.seconds_left(row.spec.size_bytes, now_s)
        return replace(row, bytes_per_s=place.speed.bytes_per_s(now_s), seconds_left=left_s)

    # --- what is to be done ---

    def add(self, download_id: str, spec: DownloadSpec) -> None:
        """Put a download at the end; one of the same files that failed makes way for it.

        Raises:
            WorldError: ALREADY_DOWNLOADING.
        """
        for row in list(self._rows.values()):
            if _names(row.spec) != _names(spec):
                continue
            if row.state in _UNFINISHED or row.state is DownloadState.PAUSED:
                facts = Facts(file_name=spec.files[0].name if spec.files else spec.name)
                raise WorldError(ErrorCode.ALREADY_DOWNLOADING, facts)
            self._remove(row.download_id)
        self._rows[download_id] = Download(download_id, spec, DownloadState.QUEUED)
        self._places[download_id] = _Place()

    def due(self, now_s: float) -> tuple[Attempt, ...]:
        """Begin what may run now, first come first; offline nothing may.

        Where fewer may run than do, the last ones go back to their places in the queue.
        """
        for row in list(self._rows.values()):
            retry_at_s = self._places[row.download_id].retry_at_s
            if retry_at_s is not None and retry_at_s <= now_s:
                self._requeue(row)
        if not self.is_online:
            self._wait_for_network()
            return ()
        active = [row for row in self._rows.values() if row.state in ACTIVE_STATES]
        for row in active[self.at_once :]:
            self._requeue(row)
        queued = [one for one in self._rows.values() if one.state is DownloadState.QUEUED]
        n_free = max(0, self.at_once - len(active))
        return tuple(self._begin(row) for row in queued[:n_free])

    def next_moment_s(self) -> float | None:
        """Give when something waits to be tried again; None if nothing does."""
        moments = [place.retry_at_s for place in self._places.values()]
        return min((one for one in moments if one is not None), default=None)

    def set_online(self, *, is_online: bool) -> None:
        """Stop all that runs, or let go on what only waited for the network."""
        self.is_online = is_online
        if not is_online:
            self._wait_for_network()
            return
        for row in list(self._rows.values()):
            if row.failure is not None and row.failure.code is ErrorCode.OFFLINE:
                self._requeue(row)

    def try_again(self, codes: frozenset[ErrorCode]) -> None:
        """Let go on what failed, or waits, for one of these reasons, which is gone now."""
        for row in list(self._rows.values()):
            if row.failure is not None and row.failure.code in codes:
                self._places[row.download_id].n_failures = 0
                self._requeue(row)

    def _begin(self, row: Download) -> Attempt:
        place = self._places[row.download_id]
        self._n_attempts += 1
        place.serial, place.speed = self._n_attempts, TransferSpeed()
        place.tried_from_bytes = row.done_bytes
        self._set(row, DownloadState.CHECKING)
        return Attempt(row.download_id, place.serial)

    def _wait_for_network(self) -> None:
        for row in list(self._rows.values()):
            is_offline = row.failure is not None and row.failure.code is ErrorCode.OFFLINE
            if row.state in ACTIVE_STATES or row.state is DownloadState.QUEUED or is_offline:
                self._set(row, DownloadState.WAITING, Failure(ErrorCode.OFFLINE))

    # --- what an attempt reports ---

    def complete(self, attempt: Attempt, spec: DownloadSpec, note: str = "") -> None:
        """Take in what the Hub said of sizes, hashes and the commit."""
        if self.is_current(attempt):
            row = self._rows[attempt.download_id]
            self._rows[attempt.download_id] = replace(row, spec=spec, note=note or row.note)

    def advance(
        self, attempt: Attempt, state: DownloadState, done_bytes: int, now_s: float
    ) -> bool:
        """Take in how far an attempt is; True if its state is another than before."""
        if not self.is_current(attempt) or state not in ACTIVE_STATES:
            return False
        row, place = self._rows[attempt.download_id], self._places[attempt.download_id]
        if place.speed is not None and state is DownloadState.DOWNLOADING:
            place.speed.note(done_bytes, now_s)
            if done_bytes > place.tried_from_bytes:
                place.n_failures = 0  # Something arrives, so the next failure is a first one.
        else:
            # Hashing what is here is no download, and would promise too much.
            place.speed = TransferSpeed()
        self._rows[attempt.download_id] = replace(row, state=state, done_bytes=done_bytes)
        return row.state is not state

    def finish(self, attempt: Attempt, installed_path: str, note: str = "") -> None:
        """Note that all files are verified and in their places."""
        if self.is_current(attempt):
            row = self._rows[attempt.download_id]
            row = replace(row, done_bytes=row.spec.size_bytes, installed_path=installed_path)
            self._set(replace(row, note=note or row.note), DownloadState.DONE)

    def fail(self, attempt: Attempt, failure: Failure, now_s: float, jitter: float) -> None:
        """Note why an attempt ended; what passes is tried again by itself.

        Args:
            attempt: that failed.
            failure: why.
            now_s: the present moment.
            jitter: by chance, 0.0 to 1.0.
        """
        if not self.is_current(attempt):
            return
        row, place = self._rows[attempt.download_id], self._places[attempt.download_id]
        if failure.code is ErrorCode.OFFLINE and not self.is_online:
            self._set(row, DownloadState.WAITING, failure)
            return
        wait_s = self._wait_s(place, failure, jitter)
        if wait_s is None:
            self._set(row, DownloadState.FAILED, failure)
        else:
            self._set(row, DownloadState.WAITING, failure)
            place.retry_at_s = now_s + wait_s

    def _wait_s(self, place: _Place, failure: Failure, jitter: float) -> float | None:
        if failure.code in OF_THE_DISK:
            return ROOM_RETRY_S
        if failure.code is ErrorCode.ALREADY_DOWNLOADING:
            return LOCK_RETRY_S
        if failure.code not in PASSING:
            return None
        place.n_failures += 1
        return max(failure.facts.seconds, retry_wait_s(place.n_failures, jitter))

    # --- what the user says ---

    def command(self, verb: DownloadVerb, download_id: str = "") -> None:
        """Do what the user says; what makes no sense in a state does nothing."""
        match verb:
            case DownloadVerb.PAUSE_ALL:
                for row in list(self._rows.values()):
                    self._pause(row)
            case DownloadVerb.RESUME_ALL:
                for row in list(self._rows.values()):
                    self._resume(row)
            case _:
                if found := self._rows.get(download_id):
                    self._command_row(verb, found)

    def _command_row(self, verb: DownloadVerb, row: Download) -> None:
        match verb:
            case DownloadVerb.PAUSE:
                self._pause(row)
            case DownloadVerb.RESUME | DownloadVerb.RETRY:
                self._resume(row)
                if row.state in {DownloadState.FAILED, DownloadState.WAITING}:
                    self._places[row.download_id].n_failures = 0
                    self._requeue(row)
            case DownloadVerb.CANCEL:
                if row.state is not DownloadState.DONE:
                    self._remove(row.download_id)
            case DownloadVerb.DISMISS:
                if row.state in {DownloadState.DONE, DownloadState.FAILED}:
                    self._remove(row.download_id)
            case DownloadVerb.UP | DownloadVerb.DOWN:
                self._move(row.download_id, -1 if verb is DownloadVerb.UP else 1)
            case _:
                pass

    def _pause(self, row: Download) -> None:
        if row.state in _UNFINISHED:
            self._set(row, DownloadState.PAUSED)

    def _resume(self, row: Download) -> None:
        if row.state is DownloadState.PAUSED:
            self._requeue(row)

    def _requeue(self, row: Download) -> None:
        self._set(row, DownloadState.QUEUED)

    def _remove(self, download_id: str) -> None:
        del self._rows[download_id], self._places[download_id]

    def _move(self, download_id: str, step: int) -> None:
        order = list(self._rows)
        place = order.index(download_id)
        other = min(max(place + step, 0), len(order) - 1)
        order[place], order[other] = order[other], order[place]
        self._rows = {one: self._rows[one] for one in order}

    def _set(self, row: Download, state: DownloadState, failure: Failure | None = None) -> None:
        """Bring a row into a state, without anything that belonged to the former one."""
        place = self._places[row.download_id]
        place.retry_at_s = None
        if state not in ACTIVE_STATES:
            place.speed = None
        self._rows[row.download_id] = replace(row, state=state, failure=failure)


def restored(row: Download) -> Download:
    """Give a row as it begins after the program ended: what ran or waited takes its turn."""
    row = replace(row, bytes_per_s=0.0, seconds_left=None, retry_in_s=None)
    if row.state in _UNFINISHED:
        return replace(row, state=DownloadState.QUEUED, failure=None)
    return row


def _names(spec: DownloadSpec) -> tuple[str, tuple[str, ...]]:
    return spec.repo_id, tuple(one.path for one in spec.files)
