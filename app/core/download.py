"""A download, as the queue keeps it and the window shows it."""

from dataclasses import dataclass
from enum import StrEnum

from app.core.candidate import RemoteFile
from app.core.errors import Failure


class DownloadState(StrEnum):
    """How far a download is; the changes between them are in `core/download_queue.py`."""

    QUEUED = "queued"
    """Waits for its turn."""
    CHECKING = "checking"
    """The Hub is asked for size and hash, or what is here already is hashed again."""
    DOWNLOADING = "downloading"
    WAITING = "waiting"
    """Goes on by itself: for the connection, the server, or room on the disk; `failure` says
    which."""
    PAUSED = "paused"
    """The user paused it."""
    VERIFYING = "verifying"
    """All bytes are here; hash and header are checked."""
    DONE = "done"
    FAILED = "failed"
    """Ended with `failure`; the user can try again."""


ACTIVE_STATES = frozenset(
    {DownloadState.CHECKING, DownloadState.DOWNLOADING, DownloadState.VERIFYING}
)
"""States that take one of the places for downloads at a time."""


@dataclass(frozen=True, slots=True)
class DownloadSpec:
    """What is to be downloaded.

    Attributes:
        repo_id: of the repository.
        commit: 40 hexadecimal digits that pin it; empty takes the newest and pins that.
        name: of the model, for the user.
        quantization: of the version; may be empty.
        files: parts of the model first to last, then perhaps a projector; sizes and hashes may
            be missing and are then read from the Hub.
        licence_id, licence_name, licence_link: as the page stated them.
        is_embedding: it is not for chatting.
        replaces: path of the installed file that this is a newer version of; empty if none.
    """

    repo_id: str
    commit: str
    name: str
    quantization: str
    files: tuple[RemoteFile, ...]
    licence_id: str = ""
    licence_name: str = ""
    licence_link: str = ""
    is_embedding: bool = False
    replaces: str = ""

    @property
    def size_bytes(self) -> int:
        """Size of all files as far as they are known."""
        return sum(one.size_bytes for one in self.files)


@dataclass(frozen=True, slots=True)
class Download:
    """One row of the queue.

    Attributes:
        download_id: names it.
        done_bytes: safely on the disk.
        bytes_per_s: over the last seconds; 0 when nothing arrives.
        seconds_left: None while it cannot be told honestly.
        failure: why it failed or waits.
        retry_in_s: seconds until it tries again by itself; None if it does not wait for that.
        installed_path: of the model's first file, once it is done.
        note: something worth knowing that is no failure, a key of `DownloadNote`.
    """

    download_id: str
    spec: DownloadSpec
    state: DownloadState
    done_bytes: int = 0
    bytes_per_s: float = 0.0
    seconds_left: float | None = None
    failure: Failure | None = None
    retry_in_s: float | None = None
    installed_path: str = ""
    note: str = ""

    @property
    def fraction(self) -> float:
        """How much is done, 0.0 to 1.0."""
        size = self.spec.size_bytes
        return min(1.0, self.done_bytes / size) if size else 0.0


class DownloadNote(StrEnum):
    """What happened on the way."""

    CHANGED_UPSTREAM = "changed_upstream"
    """The file was replaced on the Hub, so it was begun again."""
    ARRIVED_DAMAGED = "arrived_damaged"
    """The hash was wrong, so the file is being downloaded again."""
    ALREADY_HERE = "already_here"
    """The same file was on this computer, so nothing was downloaded."""
