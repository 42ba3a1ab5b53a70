"""One attempt to download one model, from asking what it is to putting it in its place.

Runs on a plain thread, since the client library blocks. It touches nothing of the window or the
database: what it has to say it says through a callback, and its progress can be read.
"""

import contextlib
import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.core.completed_spec import completed
from app.core.download import DownloadNote, DownloadSpec, DownloadState
from app.core.download_queue import Attempt
from app.core.errors import AppError, ErrorCode, Facts, Failure, WorldError
from app.core.network import Purpose
from app.hub.door import HubDoor
from app.hub.repository import read_licence, read_repository
from app.hub.speed_limit import SpeedLimit
from app.hub.transfer import Control, StoppedError, fetch
from app.store.arrived_model import check_arrived
from app.store.disk_room import check_file_size, check_room
from app.store.model_records import read_record
from app.store.models_folder import ModelsFolder, PlannedFile, identities_of
from app.store.partial_file import PartialFile, PartWriter
from app.worker.slot_guard import guarded_by

_LOG = logging.getLogger(__name__)

N_TRIES = 2
"""A file whose hash is wrong is fetched once more."""
_SAYS_OF_THE_DISK = frozenset({ErrorCode.FILE_UNREADABLE, ErrorCode.FOLDER_ABSENT})


@dataclass(frozen=True, slots=True)
class RunReport:
    """What an attempt knows of its download: at first perhaps no commit, sizes and hashes."""

    attempt: Attempt
    spec: DownloadSpec


@dataclass(frozen=True, slots=True)
class Ended(RunReport):
    """An attempt is over; neither path nor failure means that it was stopped.

    Attributes:
        path: of the model's first file.
    """

    path: Path | None = None
    failure: Failure | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RunTools:
    """What all attempts share.

    Attributes:
        file_system_of: names the file system of a folder.
        now: the present, UTC.
    """

    door: HubDoor
    folder: ModelsFolder
    limit: SpeedLimit
    file_system_of: Callable[[Path], str]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class DownloadRun:
    """Carries out one attempt.

    Attributes:
        state: what it does now.
        done_bytes: of all files of the model.
    """

    def __init__(
        self,
        attempt: Attempt,
        spec: DownloadSpec,
        tools: RunTools,
        tell: Callable[[RunReport], None],
    ) -> None:
        self.attempt, self.spec = attempt, spec
        self.state, self.done_bytes = DownloadState.CHECKING, 0
        self._tools, self._tell = tools, tell
        self._note = ""
        self._before_bytes = 0
        self._stop = threading.Event()
        self._control = Control(self._stop, tools.limit, self._on_bytes)
        self._thread = threading.Thread(
            target=self._carry_out, name=f"download-{attempt.serial}", daemon=True
        )

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End soon, whatever is being waited for; what has arrived stays."""
        self._stop.set()
        self._tools.door.cut_off_thread(self._thread.ident or 0)

    def join(self, timeout_s: float) -> bool:
        """Wait for the end; False if it has not come."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # --- on the thread ---

    def _refuse(self, failure: Failure) -> None:
        self._end(Ended(self.attempt, self.spec, failure=failure, note=self._note))

    def _end(self, ended: Ended) -> None:
        # After the end of the program's window there is no signal any more.
        with contextlib.suppress(RuntimeError):
            self._tell(ended)

    @guarded_by(_refuse)
    def _carry_out(self) -> None:
        try:
            path = self._install()
        except StoppedError:
            self._end(Ended(self.attempt, self.spec))
        else:
            self._end(Ended(self.attempt, self.spec, path, note=self._note))

    def _install(self) -> Path:
        if not identities_of(self.spec):
            self._complete(self.spec.commit)
        try:
            return self._install_files()
        except WorldError as error:
            if error.code is not ErrorCode.REVISION_MISSING:
                raise
        # The commit is gone, so what takes its place is asked for.
        self._complete("")
        return self._install_files()

    def _install_files(self) -> Path:
        self._tools.folder.make()
        with ExitStack() as locks:
            for one in self._plan():
                if not one.is_here:
                    locks.enter_context(PartialFile(one.target, one.identity).locked())
            # Another window may have finished a moment before its lock was free.
            planned = self._plan()
            missing = [one for one in planned if not one.is_here]
            if missing:
                self._check_disk(planned)
                self._fetch_all(planned)
                self._publish(missing)
            else:
                self._note = DownloadNote.ALREADY_HERE
        return planned[0].target

    def _fetch_all(self, planned: tuple[PlannedFile, ...]) -> None:
        self._before_bytes = 0
        for one in planned:
            if not one.is_here:
                self._fetch_verified(PartialFile(one.target, one.identity))
            self._before_bytes += one.identity.size_bytes
            self.done_bytes = self._before_bytes

    def _complete(self, revision: str) -> None:
        """Ask the Hub for what is not known, and pin the commit."""
        candidate = read_repository(
            self._tools.door, self.spec.repo_id, revision, Purpose.DOWNLOAD
        )
        self._control.check()
        # With a mirror the only hash worth anything is one that comes from elsewhere.
        is_from_mirror = not self._tools.door.may_send_token
        self.spec = completed(self.spec, candidate, is_from_mirror=is_from_mirror)
        self._tell(RunReport(self.attempt, self.spec))

    def _plan(self) -> tuple[PlannedFile, ...]:
        return self._tools.folder.plan(self.spec.repo_id, identities_of(self.spec))

    def _check_disk(self, planned: tuple[PlannedFile, ...]) -> None:
        folder = self._tools.folder
        file_system = self._tools.file_system_of(folder.path)
        for one in planned:
            check_file_size(one.target, one.identity.size_bytes, file_system)
        rest_bytes = self.spec.size_bytes - folder.present_bytes(self.spec)
        check_room(folder.path, rest_bytes)

    # --- one file ---

    def _fetch_verified(self, partial: PartialFile) -> None:
        """Fetch a file and see that it is what it should be; it stays a part for now."""
        digest = ""
        for _ in range(N_TRIES):
            digest = self._fetch(partial)
            if digest == partial.identity.sha256:
                self._check_model(partial)
                return
            partial.discard()
            _LOG.warning("a file arrived damaged: %s", digest)
            self._note = DownloadNote.ARRIVED_DAMAGED
        reason = f"{digest} instead of {partial.identity.sha256}"
        raise WorldError(ErrorCode.DOWNLOAD_DAMAGED, Facts(partial.target.name, reason=reason))

    def _fetch(self, partial: PartialFile) -> str:
        self.state = DownloadState.CHECKING
        with partial.opened(self._on_checked) as writer:
            self._note_what_was_here(writer)
            if writer.done_bytes < partial.identity.size_bytes:
                self._on_bytes(writer.done_bytes)
                self.state = DownloadState.DOWNLOADING
                fetch(self._tools.door, partial.identity, writer, self._control)
            self.state = DownloadState.VERIFYING
            return writer.finish()

    def _note_what_was_here(self, writer: PartWriter) -> None:
        if writer.was_replaced:
            self._note = DownloadNote.CHANGED_UPSTREAM
        if writer.was_damaged:
            self._note = DownloadNote.ARRIVED_DAMAGED

    def _check_model(self, partial: PartialFile) -> None:
        """Look whether the engine can load it; of no use, it takes no room."""
        is_first = partial.identity.path == self.spec.files[0].path
        try:
            check_arrived(
                partial.part,
                partial.target.name,
                is_chat_model=is_first and not self.spec.is_embedding,
            )
        except WorldError as error:
            if error.code not in _SAYS_OF_THE_DISK:
                partial.discard()
            raise

    def _publish(self, planned: list[PlannedFile]) -> None:
        """Put all files in their places, at the end, so that no half of a set can be chosen."""
        licence = self._licence(planned[0].target.parent)
        self._control.check()
        at = self._tools.now().isoformat(timespec="seconds")
        for one in planned:
            # The record comes first: without it a file that is in its place would be unknown.
            self._tools.folder.keep_record(one, self.spec, self._tools.door.endpoint, at, licence)
            PartialFile(one.target, one.identity).publish()

    def _licence(self, folder: Path) -> str:
        """Give the full text; a model is not given up because there is none."""
        known = read_record(folder)
        if known is not None and known.licence_text:
            return known.licence_text
        try:
            return read_licence(self._tools.door, self.spec.repo_id, self.spec.commit)
        except AppError as error:
            _LOG.info("no licence text: %s", error.code)
            return ""

    # --- progress ---

    def _on_checked(self, here_bytes: int) -> None:
        self._control.check()
        self._on_bytes(here_bytes)

    def _on_bytes(self, here_bytes: int) -> None:
        self.done_bytes = self._before_bytes + here_bytes
