"""Fetches what is missing of one file, from where it stopped.

The client library's own downloads begin at nothing each time and check no hash (2.4.0), so only
its lower half is used: `get_hf_file_metadata` says what the file is and where, `http_get`
fetches a range of it. What arrives goes to a part that knows where it is on the disk.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, Self, cast

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.file_identity import FileIdentity
from app.core.network import Purpose
from app.hub.connection import origin_of
from app.hub.door import HubDoor
from app.hub.failures import translated
from app.hub.speed_limit import SpeedLimit

if TYPE_CHECKING:
    from huggingface_hub import HfFileMetadata

SLICE_BYTES = 64 * 1024
"""What a speed limit lets through at a time; without one, a whole chunk goes through (256 KiB).
After each it is looked whether to go on."""
METADATA_TIMEOUT_S = 10.0
N_SHA256_DIGITS = 64
_MAGIC = b"GGUF"
_FORBIDDEN = 403
"""What storage answers when a signed link has expired."""


class StoppedError(Exception):
    """The user does not want the transfer to go on; what has arrived stays."""


class Part(Protocol):
    """Where the bytes go.

    Attributes:
        done_bytes: how much is here.
    """

    done_bytes: int

    def write(self, piece: memoryview) -> None:
        """Add a piece."""
        ...

    def restart(self) -> None:
        """Begin from nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Control:
    """How a transfer is held back and watched.

    Attributes:
        stop: ends it within a slice.
        limit: shared by all.
        on_bytes: is told how much is here.
    """

    stop: threading.Event
    limit: SpeedLimit
    on_bytes: Callable[[int], None]

    def check(self) -> None:
        """End the transfer if it is to end.

        Raises:
            StoppedError: it is.
        """
        if self.stop.is_set():
            raise StoppedError


def fetch(door: HubDoor, identity: FileIdentity, part: Part, control: Control) -> None:
    """Fetch the rest of a file; the caller compares the hash.

    Args:
        door: to the network.
        identity: the very file, of a pinned commit.
        part: what is here of it.
        control: how to go on or not.

    Raises:
        WorldError: as `app/hub/failures.py` says; SERVER_FAILED also for an answer that is too
            short, too long or refused because a link expired, which all are worth another try;
            ANSWER_UNREADABLE when the Hub speaks of another file.
        StoppedError: `control` said so.
    """
    name = identity.path.rpartition("/")[2]
    try:
        with (
            door.purpose(Purpose.DOWNLOAD, identity.repo_id),
            translated(door.host, identity.repo_id, name, has_token=door.has_token),
        ):
            control.check()
            url = door.file_url(identity.repo_id, identity.path, identity.commit)
            location = _location(door, url, identity)
            control.check()
            _receive(door, url, location, identity, _Receiver(part, identity, control, door.host))
    except WorldError:
        # Cutting the connection off is how a silent one is stopped.
        control.check()
        raise


def _location(door: HubDoor, url: str, identity: FileIdentity) -> str:
    """Ask where the file is now; links to it are valid for some time only."""
    from huggingface_hub import get_hf_file_metadata  # noqa: PLC0415 - slow, and here already

    facts = get_hf_file_metadata(
        url,
        token=False,
        timeout=METADATA_TIMEOUT_S,
        headers=door.headers(),
        endpoint=door.endpoint,
    )
    _check(facts, identity, door.host)
    return facts.location


def _check(facts: "HfFileMetadata", identity: FileIdentity, host: str) -> None:
    if facts.etag is None and facts.commit_hash is None:
        # Whoever answered does not know what a repository is.
        raise WorldError(ErrorCode.SIGN_IN_PAGE, Facts(host=host), "no commit and no hash")
    has_hash = facts.etag is not None and len(facts.etag) == N_SHA256_DIGITS
    is_other = (has_hash and facts.etag != identity.sha256) or (
        has_hash and facts.size is not None and facts.size != identity.size_bytes
    )
    if is_other:
        facts_said = f"{facts.etag} {facts.size} instead of {identity}"
        facts_shown = Facts(host=host, reason="another file", repo_id=identity.repo_id)
        raise WorldError(ErrorCode.ANSWER_UNREADABLE, facts_shown, facts_said)


def _receive(
    door: HubDoor, url: str, location: str, identity: FileIdentity, receiver: "_Receiver"
) -> None:
    from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415 - here already
    from huggingface_hub.file_download import http_get  # noqa: PLC0415

    headers = door.headers()
    is_elsewhere = origin_of(location) != origin_of(url)
    if is_elsewhere:
        headers.pop("authorization", None)
    # A compressed body would have another length, and no ranges.
    headers["Accept-Encoding"] = "identity"
    try:
        http_get(
            location,
            cast("BinaryIO", receiver),
            resume_size=receiver.tell(),
            headers=headers,
            expected_size=identity.size_bytes,
            tqdm_class=cast("Any", _NoBar),
        )
    except HfHubHTTPError as error:
        if is_elsewhere and error.response.status_code == _FORBIDDEN:
            raise _failed(door.host, "link expired", error) from error
        raise
    except OSError as error:
        # Everything else is a WorldError by now: this is how the library says that less came.
        raise _failed(door.host, "answer too short", error) from error
    if receiver.tell() != identity.size_bytes:
        raise _failed(door.host, "answer too short", None)


def _failed(host: str, reason: str, error: Exception | None) -> WorldError:
    return WorldError(ErrorCode.SERVER_FAILED, Facts(host=host, reason=reason), str(error or ""))


class _Receiver:
    """The file that `http_get` writes to."""

    def __init__(self, part: Part, identity: FileIdentity, control: Control, host: str) -> None:
        self._part, self._identity, self._control = part, identity, control
        self._host = host
        self._is_at_start = part.done_bytes == 0

    def write(self, chunk: bytes) -> int:
        """Hand on a chunk in slices."""
        if self._is_at_start:
            self._begin(chunk)
        rest = memoryview(chunk)
        if self._part.done_bytes + len(rest) > self._identity.size_bytes:
            # No hash can be right any more, so nothing of it is worth keeping.
            self._part.restart()
            raise _failed(self._host, "answer too long", None)
        slice_bytes = SLICE_BYTES if self._control.limit.is_set else max(1, len(rest))
        for place in range(0, len(rest), slice_bytes):
            piece = rest[place : place + slice_bytes]
            self._control.limit.take(len(piece), self._control.stop)
            self._control.check()
            self._part.write(piece)
            self._control.on_bytes(self._part.done_bytes)
        return len(rest)

    def tell(self) -> int:
        """Give how much is here."""
        return self._part.done_bytes

    def seek(self, place: int) -> int:
        """Go back to the start, which comes before `truncate`."""
        return place

    def truncate(self) -> int:
        """Begin anew: the server sends all though a range was asked for.

        What is here is kept until it is seen that this is the file and no page about it.
        """
        self._is_at_start = True
        return 0

    def _begin(self, chunk: bytes) -> None:
        if not chunk.startswith(_MAGIC) and chunk.lstrip()[:1] == b"<":
            raise WorldError(ErrorCode.SIGN_IN_PAGE, Facts(host=self._host), "a page, no model")
        if self._part.done_bytes:
            self._part.restart()
        self._is_at_start = False


class _NoBar:
    """Stands in for the library's progress bar."""

    def __init__(self, *_: object, **__: object) -> None:
        """Take what a bar is made of."""

    def __enter__(self) -> Self:
        """Show nothing."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave nothing."""

    def update(self, n: float = 1) -> None:
        """Show nothing."""
