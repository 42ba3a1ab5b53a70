"""Payloads of the signals about the Hub, downloads, and models of other programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.core.candidate import Candidate
from app.core.download import Download, DownloadSpec
from app.core.errors import Failure
from app.core.network import HUB_HOST, LedgerEntry, Traffic
from app.core.origin import Program

# --- the catalogue and the Hub ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CatalogueShown:
    """The bundled catalogue, in the order of its file."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class HubSearchRequest:
    """Search all models of the Hub in the GGUF format.

    Attributes:
        query: words, a repository id ("org/name") or the address of its page.
        serial: names the search; results of an older one are dropped.
        page: 0 for the first, then the next of the same search.
    """

    query: str
    serial: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class HubSearchResults:
    """One page of what a search found."""

    serial: int
    page: int
    candidates: tuple[Candidate, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class HubSearchFailed:
    """A search found nothing because something went wrong."""

    serial: int
    failure: Failure


@dataclass(frozen=True, slots=True)
class CandidateRequest:
    """Something about one model of the Hub."""

    repo_id: str


@dataclass(frozen=True, slots=True)
class CandidateRead:
    """What the Hub says of a model now: files with sizes and hashes, commit, licence, shape.

    Sent up to twice for a request: at once when the files are known, and again with the exact
    shape when a file's header has been read.

    Attributes:
        candidate: with everything known; of a curated one, its sentence and uses are kept.
        unfit: why this engine cannot run it, told from the header; None if it can.
    """

    candidate: Candidate
    unfit: Failure | None = None


@dataclass(frozen=True, slots=True)
class CandidateFailed:
    """The Hub could not be asked about a model."""

    repo_id: str
    failure: Failure


@dataclass(frozen=True, slots=True)
class CardRead:
    """The page that the publisher wrote about a model, as Markdown without its front matter."""

    repo_id: str
    text: str


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """Ask whether there is a newer version of an installed model."""

    path: Path
    repo_id: str
    commit: str
    sha256: str


@dataclass(frozen=True, slots=True)
class UpdateAnswer:
    """Whether there is; `spec` is what to download, None if the file is the newest."""

    path: Path
    spec: DownloadSpec | None = None
    failure: Failure | None = None


# --- downloads -------------------------------------------------------------------------------


class DownloadVerb(StrEnum):
    """What can be done with a download."""

    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"
    CANCEL = "cancel"
    """Take it off, and delete what has arrived of it."""
    UP = "up"
    DOWN = "down"
    DISMISS = "dismiss"
    """Take a finished one off the page."""
    PAUSE_ALL = "pause_all"
    RESUME_ALL = "resume_all"


@dataclass(frozen=True, slots=True)
class DownloadCommand:
    """Do something with a download; the id is empty for those that mean all."""

    verb: DownloadVerb
    download_id: str = ""


@dataclass(frozen=True, slots=True)
class DownloadsChanged:
    """The whole queue in its order, after a change and at most four times a second."""

    downloads: tuple[Download, ...]


@dataclass(frozen=True, slots=True)
class DownloadRefused:
    """A download could not be put into the queue."""

    spec: DownloadSpec
    failure: Failure


@dataclass(frozen=True, slots=True)
class ModelInstalled:
    """A model is on the disk, verified, and can be used.

    Attributes:
        path: of the file to load.
        sha256: of that file.
        commit: that it is of.
    """

    path: Path
    spec: DownloadSpec
    sha256: str
    commit: str


# --- the network -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NetworkState:
    """Whether the network may be used, and what went over it today.

    Attributes:
        has_token: a token for gated models is in the keyring.
        host: the Hub, or the mirror of it that the settings name.
    """

    is_offline: bool
    today: Traffic = Traffic()
    has_token: bool = False
    host: str = HUB_HOST


@dataclass(frozen=True, slots=True)
class LedgerShown:
    """The newest entries of the ledger, newest first, and the sum of all."""

    entries: tuple[LedgerEntry, ...]
    n_entries: int
    sent_bytes: int
    received_bytes: int


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Keep a token in the system's keyring after the Hub has accepted it; empty: forget it."""

    token: str


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """Whether a token was accepted and kept; `name` is the account's."""

    name: str = ""
    failure: Failure | None = None


# --- models on this computer -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """Look for models of other programs; `folders` are added to those that are looked at."""

    folders: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """Models are being looked for in `place`; `n_found` so far."""

    place: str
    n_found: int


@dataclass(frozen=True, slots=True)
class PlaceScanned:
    """What was found in one place.

    Attributes:
        program: whose place it is.
        path: of the folder.
        n_models: that can be used.
        n_unusable: model files that this engine cannot run.
        is_absent: it was there before and is not now: a disk that is not connected.
        failure: why it could not be read.
    """

    program: Program
    path: Path
    n_models: int = 0
    n_unusable: int = 0
    is_absent: bool = False
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class ScanFinished:
    """All places that were looked at, and how many models are new."""

    places: tuple[PlaceScanned, ...]
    n_new: int


@dataclass(frozen=True, slots=True)
class FolderRequest:
    """Look for models in this folder no more."""

    path: Path


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """Something about one model file on this computer: delete it, keep it."""

    path: Path


@dataclass(frozen=True, slots=True)
class ModelDeleted:
    """A downloaded model was deleted; `freed_bytes` is what the disk gained by it."""

    path: Path
    freed_bytes: int


@dataclass(frozen=True, slots=True)
class ModelKept:
    """A file of another program now has a second name in Quillhouse's folder (hard link)."""

    path: Path
    kept_path: Path


@dataclass(frozen=True, slots=True)
class HandlingFailed:
    """A model file could not be deleted, kept or looked at."""

    path: Path
    failure: Failure


@dataclass(frozen=True, slots=True)
class Places:
    """How much room downloaded models take, and how much there is.

    Attributes:
        folder: where downloads go.
        by_path: bytes that deleting each downloaded model would free.
        reserve_bytes: of the free ones, what downloads leave to the system and other programs.
    """

    folder: Path
    taken_bytes: int
    free_bytes: int
    by_path: Mapping[Path, int] = field(default_factory=dict)
    reserve_bytes: int = 0
