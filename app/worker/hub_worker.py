"""Asks the Hub: searches, models, their pages, newer versions."""

import logging
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Slot

from app.core import candidate_facts
from app.core import hub_events as events
from app.core.candidate import Candidate, Gate, RemoteVersion
from app.core.errors import ErrorCode, Facts, Failure, WorldError
from app.core.nearest_shape import KnownShape, nearest_shape
from app.core.network import Purpose
from app.hub.card import read_card
from app.hub.door import HubDoor
from app.hub.remote_header import read_remote_header
from app.hub.repository import read_repository
from app.hub.search import HubSearch, SearchCancelledError, SearchPage
from app.store.catalogue_file import load_catalogue
from app.worker.background_jobs import BackgroundJobs
from app.worker.signal_types import signal_of
from app.worker.slot_guard import guarded

_LOG = logging.getLogger(__name__)

N_SEARCHES, N_READERS = 3, 2
"""How many calls may wait for a silent server at once, each for at most 20 s."""
KEPT_S = 10 * 60
"""How long what was read of a model is shown again without asking."""
_SAYS_OF_THE_FILE = frozenset(
    {
        ErrorCode.NOT_A_GGUF,
        ErrorCode.MODEL_TRUNCATED,
        ErrorCode.MODEL_DAMAGED,
        ErrorCode.MODEL_UNSUPPORTED,
    }
)
"""Errors of reading a header that tell something about the model; others do about the network."""

_Key = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read of a model, and when."""

    read: events.CandidateRead
    at_s: float


class HubWorker(QObject):
    """Everything about the Hub that the window can ask for; lives on a thread of its own.

    That thread never waits: calls are made on other threads, so that a search can be cancelled
    at once, and a model's page does not wait for a search that gets no answer.

    Args:
        door: to the network.
        catalogue_folder: of the bundled catalogue.

    Signals:
        catalogue_shown: the bundled catalogue.
        search_finished, search_failed: how a search ended that was not cancelled.
        candidate_read, candidate_failed: what the Hub says of a model, or why it does not.
        card_read: what its publisher wrote.
        update_answered: whether there is a newer version.
        failed: something else went wrong here.
    """

    catalogue_shown = signal_of(events.CatalogueShown)
    search_finished = signal_of(events.HubSearchResults)
    search_failed = signal_of(events.HubSearchFailed)
    candidate_read = signal_of(events.CandidateRead)
    candidate_failed = signal_of(events.CandidateFailed)
    card_read = signal_of(events.CardRead)
    update_answered = signal_of(events.UpdateAnswer)
    failed = signal_of(events.CandidateFailed)

    def __init__(self, door: HubDoor, catalogue_folder: Path) -> None:
        super().__init__()
        self._door, self._catalogue_folder = door, catalogue_folder
        self._curated: dict[str, Candidate] = {}
        self._shapes: tuple[KnownShape, ...] = ()
        self._search = HubSearch(door)
        self._searches = BackgroundJobs("search", N_SEARCHES, self)
        self._readers = BackgroundJobs("hub-reader", N_READERS, self)
        self._serial = -1
        self._cancelled = threading.Event()
        self._known: dict[_Key, _Known] = {}

    def report(self, failure: Failure) -> None:
        """Tell the window that something went wrong here."""
        self.failed.emit(events.CandidateFailed("", failure))

    @Slot()
    @guarded
    def open(self) -> None:
        """Read the bundled catalogue; nothing is asked of the network."""
        catalogue = load_catalogue(self._catalogue_folder)
        self._shapes = catalogue.shapes
        self._curated = {one.repo_id: one for one in catalogue.candidates}
        self.catalogue_shown.emit(events.CatalogueShown(catalogue.candidates))

    @Slot()
    @guarded
    def close(self) -> None:
        """Drop what is being asked, and end this thread's event loop."""
        QThread.currentThread().quit()
        self._cancelled.set()
        self._door.close()
        self._searches.close()
        self._readers.close()

    # --- searching ---

    @Slot(object)
    @guarded
    def search(self, request: events.HubSearchRequest) -> None:
        """Search; an older search that has not ended is cancelled."""
        if request.serial != self._serial:
            self._cancelled.set()
            self._cancelled, self._serial = threading.Event(), request.serial
        cancelled = self._cancelled
        self._searches.run(
            lambda: self._page(request, cancelled),
            lambda page: self._finish_search(request, page),
            lambda failure: self._fail_search(request, cancelled, failure),
        )

    @Slot()
    @guarded
    def cancel_search(self) -> None:
        """Want the present search no more."""
        self._cancelled.set()

    def _page(
        self, request: events.HubSearchRequest, cancelled: threading.Event
    ) -> SearchPage | None:
        try:
            return self._search.page(request.query, request.page, cancelled)
        except SearchCancelledError:
            return None

    def _finish_search(self, request: events.HubSearchRequest, page: SearchPage | None) -> None:
        if page is None or self._cancelled.is_set() or request.serial != self._serial:
            return
        candidates = tuple(self._as_shown(one) for one in page.candidates)
        self.search_finished.emit(
            events.HubSearchResults(request.serial, request.page, candidates, page.has_more)
        )

    def _fail_search(
        self, request: events.HubSearchRequest, cancelled: threading.Event, failure: Failure
    ) -> None:
        if not cancelled.is_set():
            self.search_failed.emit(events.HubSearchFailed(request.serial, failure))

    # --- one model ---

    @Slot(object)
    @guarded
    def read_candidate(self, request: events.CandidateRequest) -> None:
        """Say what the Hub has of a model, then what the header of a file tells."""
        known = self._known.get(self._key(request.repo_id))
        if known is not None and time.monotonic() - known.at_s < KEPT_S:
            self.candidate_read.emit(known.read)
            return
        self._readers.run(
            lambda: read_repository(self._door, request.repo_id),
            lambda found: self._take_repository(request.repo_id, found),
            lambda failure: self.candidate_failed.emit(
                events.CandidateFailed(request.repo_id, failure)
            ),
        )

    def _take_repository(self, repo_id: str, found: Candidate) -> None:
        candidate = self._as_shown(found)
        self.candidate_read.emit(events.CandidateRead(candidate))
        version = candidate_facts.representative(candidate)
        is_closed = candidate.gate is not Gate.NONE and not self._door.has_token
        if version is None or is_closed:
            self._keep(repo_id, events.CandidateRead(candidate))
            return
        self._readers.run(
            lambda: self._with_header(candidate, version),
            lambda read: self._take_header(repo_id, read),
            lambda failure: _LOG.info("a header could not be read: %s", failure.code),
        )

    def _with_header(self, candidate: Candidate, version: RemoteVersion) -> events.CandidateRead:
        file = version.files[0]
        try:
            header = read_remote_header(self._door, candidate.repo_id, file, candidate.commit)
        except WorldError as error:
            if error.code not in _SAYS_OF_THE_FILE:
                raise
            return events.CandidateRead(candidate, Failure.of(error))
        unfit = candidate_facts.unfit_of(header)
        return events.CandidateRead(candidate_facts.with_header(candidate, header, file), unfit)

    def _take_header(self, repo_id: str, read: events.CandidateRead) -> None:
        self._keep(repo_id, read)
        self.candidate_read.emit(read)

    @Slot(object)
    @guarded
    def read_card(self, request: events.CandidateRequest) -> None:
        """Give what a model's publisher wrote about it."""
        self._readers.run(
            lambda: read_card(self._door, request.repo_id),
            lambda text: self.card_read.emit(events.CardRead(request.repo_id, text)),
            lambda failure: self.candidate_failed.emit(
                events.CandidateFailed(request.repo_id, failure)
            ),
        )

    @Slot(object)
    @guarded
    def ask_for_update(self, request: events.UpdateRequest) -> None:
        """Say whether the Hub has a newer version of an installed model."""
        self._readers.run(
            lambda: self._update(request),
            self.update_answered.emit,
            lambda failure: self.update_answered.emit(
                events.UpdateAnswer(request.path, failure=failure)
            ),
        )

    def _update(self, request: events.UpdateRequest) -> events.UpdateAnswer:
        found = read_repository(self._door, request.repo_id, purpose=Purpose.UPDATE_CHECK)
        try:
            spec = candidate_facts.newer_spec(
                self._with_curated(found), request.path, request.commit, request.sha256
            )
        except LookupError as error:
            facts = Facts(request.path.name, repo_id=request.repo_id)
            raise WorldError(ErrorCode.REMOTE_FILE_MISSING, facts) from error
        return events.UpdateAnswer(request.path, spec)

    # --- what is known besides ---

    def _as_shown(self, found: Candidate) -> Candidate:
        """Give a model of the Hub with what the catalogue knows, and a shape to judge it by."""
        candidate = self._with_curated(found)
        if candidate.shape is not None:
            return candidate
        version = candidate_facts.representative(candidate)
        size_bytes = version.size_bytes if version is not None else 0
        shape = nearest_shape(
            self._shapes, candidate.architecture, candidate.n_parameters, size_bytes
        )
        if shape is None:
            return candidate
        return replace(candidate, shape=shape, shape_bytes=size_bytes or shape.weights_bytes)

    def _with_curated(self, found: Candidate) -> Candidate:
        curated = self._curated.get(found.repo_id)
        if curated is None:
            return found
        if not found.commit:
            return curated
        is_from_mirror = not self._door.may_send_token
        return candidate_facts.with_hub_facts(curated, found, is_from_mirror=is_from_mirror)

    def _key(self, repo_id: str) -> _Key:
        # With a token more may be read of a gated model.
        return self._door.endpoint, repo_id, self._door.has_token

    def _keep(self, repo_id: str, read: events.CandidateRead) -> None:
        self._known[self._key(repo_id)] = _Known(read, time.monotonic())
