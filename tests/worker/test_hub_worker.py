"""The worker that asks the Hub, on its thread, with the real client and a loopback Hub."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from app.core import hub_events as events
from app.core.candidate import Candidate, Gate
from app.core.errors import ErrorCode
from app.core.network import LedgerEntry, NetworkSettings, Purpose
from app.hub.door import HubDoor
from app.worker.hub_worker import HubWorker
from app.worker.signal_types import signal, signal_of
from app.worker.threads import WorkerThread
from tests.gguf_samples import chat_model
from tests.hub.loopback_faults import FaultKind, Place
from tests.hub.loopback_hub import LoopbackHub

CATALOGUE = Path(__file__).resolve().parents[2] / "resources" / "catalogue"
REPO, NAME = "maker/tiny-GGUF", "tiny-Q4_K_M.gguf"
WAIT_MS = 15_000

Fact = TypeVar("Fact")


class Window(QObject):
    """Asks the worker as the window does, and writes down what it hears."""

    open_requested = signal()
    cancel_requested = signal()
    close_requested = signal()
    search_requested = signal_of(events.HubSearchRequest)
    candidate_requested = signal_of(events.CandidateRequest)
    card_requested = signal_of(events.CandidateRequest)
    update_requested = signal_of(events.UpdateRequest)

    def __init__(self, worker: HubWorker) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.open_requested.connect(worker.open)
        self.cancel_requested.connect(worker.cancel_search)
        self.close_requested.connect(worker.close)
        self.search_requested.connect(worker.search)
        self.candidate_requested.connect(worker.read_candidate)
        self.card_requested.connect(worker.read_card)
        self.update_requested.connect(worker.ask_for_update)
        worker.catalogue_shown.connect(self.hear)
        worker.search_finished.connect(self.hear)
        worker.search_failed.connect(self.hear)
        worker.candidate_read.connect(self.hear)
        worker.candidate_failed.connect(self.hear)
        worker.card_read.connect(self.hear)
        worker.update_answered.connect(self.hear)
        worker.failed.connect(self.hear)

    @Slot(object)
    def hear(self, fact: object) -> None:
        self.heard.append(fact)

    def of(self, kind: type[Fact]) -> list[Fact]:
        return [one for one in self.heard if isinstance(one, kind)]


class Rig:
    """The worker on its thread, with a door to the loopback Hub."""

    def __init__(self, hub: LoopbackHub, qtbot: QtBot, catalogue: Path) -> None:
        self.hub, self._qtbot = hub, qtbot
        self.entries: list[LedgerEntry] = []
        self.door = HubDoor(self.entries.append, hub.endpoint)
        self.door.configure(NetworkSettings(is_offline=False, endpoint=hub.endpoint))
        self._thread = WorkerThread("hub")
        self.worker = HubWorker(self.door, catalogue)
        self._thread.adopt(self.worker)
        self.window = Window(self.worker)
        self._thread.start()

    def wait_for(self, kind: type[Fact], n: int = 1) -> Fact:
        """Wait for the `n`th fact of a kind."""
        self._qtbot.waitUntil(lambda: len(self.window.of(kind)) >= n, timeout=WAIT_MS)
        return self.window.of(kind)[n - 1]

    def wait_until_asked(self, n_requests: int) -> None:
        self._qtbot.waitUntil(lambda: len(self.hub.log) >= n_requests, timeout=WAIT_MS)

    def close(self) -> None:
        self.window.close_requested.emit()
        assert self._thread.wait()


@pytest.fixture
def rig(hub: LoopbackHub, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    made = Rig(hub, qtbot, CATALOGUE)
    yield made
    made.close()


def add_model(hub: LoopbackHub, repo_id: str = REPO, name: str = NAME, **facts: object) -> str:
    data = chat_model().file()
    gguf = {"architecture": "llama", "total": 5_000_000, "context_length": 512}
    hub.add(repo_id, {name: data, "README.md": b"---\na: b\n---\n# Tiny"}, gguf=gguf, **facts)
    return hashlib.sha256(data).hexdigest()


# --- the catalogue ---------------------------------------------------------------------------


def test_the_catalogue_is_there_without_a_network(rig: Rig) -> None:
    rig.door.configure(NetworkSettings())
    rig.window.open_requested.emit()
    shown = rig.wait_for(events.CatalogueShown)
    assert len(shown.candidates) > 20
    assert all(one.is_curated for one in shown.candidates)
    assert rig.hub.log == []


# --- searching -------------------------------------------------------------------------------


def test_a_search_gives_pages_of_models_with_a_shape_to_judge_by(rig: Rig) -> None:
    rig.window.open_requested.emit()
    for number in range(40):
        add_model(rig.hub, f"maker/tiny{number}-GGUF", downloads=100 - number)
    rig.window.search_requested.emit(events.HubSearchRequest("tiny", 1))
    first = rig.wait_for(events.HubSearchResults)
    assert (first.serial, first.page, first.has_more) == (1, 0, True)
    assert len(first.candidates) == 30
    hit = first.candidates[0]
    assert hit.shape is not None
    assert (hit.is_shape_exact, hit.is_curated) == (False, False)
    rig.window.search_requested.emit(events.HubSearchRequest("tiny", 1, 1))
    second = rig.wait_for(events.HubSearchResults, 2)
    assert (second.page, second.has_more, len(second.candidates)) == (1, False, 10)


def test_a_failed_search_says_why(rig: Rig) -> None:
    rig.door.configure(NetworkSettings(endpoint=rig.hub.endpoint))
    rig.window.search_requested.emit(events.HubSearchRequest("tiny", 3))
    failed = rig.wait_for(events.HubSearchFailed)
    assert (failed.serial, failed.failure.code) == (3, ErrorCode.OFFLINE)


def test_a_newer_search_does_not_wait_for_an_older_one(rig: Rig) -> None:
    add_model(rig.hub)
    rig.hub.fail(Place.API, FaultKind.SLOW, seconds=15)
    began_s = time.monotonic()
    rig.window.search_requested.emit(events.HubSearchRequest("ti", 1))
    rig.wait_until_asked(1)
    rig.window.search_requested.emit(events.HubSearchRequest("tiny", 2))
    assert rig.wait_for(events.HubSearchResults).serial == 2
    assert time.monotonic() - began_s < 5


def test_a_cancelled_search_is_not_heard_of_again(rig: Rig) -> None:
    add_model(rig.hub)
    rig.hub.fail(Place.API, FaultKind.SLOW, seconds=0.5)
    rig.window.search_requested.emit(events.HubSearchRequest("tiny", 1))
    rig.wait_until_asked(1)
    rig.window.cancel_requested.emit()
    rig.window.search_requested.emit(events.HubSearchRequest("other", 2))
    rig.wait_for(events.HubSearchResults)
    rig.window.candidate_requested.emit(events.CandidateRequest(REPO))
    rig.wait_for(events.CandidateRead, 2)
    assert [one.serial for one in rig.window.of(events.HubSearchResults)] == [2]
    assert rig.window.of(events.HubSearchFailed) == []


def test_a_model_does_not_wait_for_silent_searches(rig: Rig) -> None:
    add_model(rig.hub)
    rig.hub.fail(Place.API, FaultKind.SLOW, seconds=15, times=3)
    for serial in range(3):
        rig.window.search_requested.emit(events.HubSearchRequest(f"words {serial}", serial))
        rig.wait_until_asked(serial + 1)
    began_s = time.monotonic()
    rig.window.candidate_requested.emit(events.CandidateRequest(REPO))
    rig.wait_for(events.CandidateRead)
    assert time.monotonic() - began_s < 5


# --- one model -------------------------------------------------------------------------------


def test_a_model_is_read_twice_as_fast_as_possible_then_exactly(rig: Rig) -> None:
    sha256 = add_model(rig.hub)
    rig.window.candidate_requested.emit(events.CandidateRequest(REPO))
    read, exact = rig.wait_for(events.CandidateRead), rig.wait_for(events.CandidateRead, 2)
    assert read.candidate.versions[0].files[0].sha256 == sha256
    assert not read.candidate.is_shape_exact
    assert exact.candidate.is_shape_exact
    assert exact.candidate.shape is not None
    assert len(exact.candidate.shape.layers) == 2
    assert exact.unfit is None
    n_requests = len(rig.hub.log)
    rig.window.candidate_requested.emit(events.CandidateRequest(REPO))
    assert rig.wait_for(events.CandidateRead, 3) == exact
    assert len(rig.hub.log) == n_requests
    assert n_requests <= 4
    purposes = {one.purpose for one in rig.entries}
    assert purposes == {Purpose.MODEL_FACTS, Purpose.MODEL_HEADER}


def test_a_model_that_cannot_run_here_says_so(rig: Rig) -> None:
    data = chat_model().set("general.architecture", "str", "novel9").file()
    rig.hub.add(REPO, {NAME: data})
    rig.window.candidate_requested.emit(events.CandidateRequest(REPO))
    unfit = rig.wait_for(events.CandidateRead, 2).unfit
    assert unfit is not None
    assert unfit.code is ErrorCode.MODEL_UNSUPPORTED
    rig.hub.add("maker/b-GGUF", {NAME: chat_model().without("tokenizer.chat_template").file()})
    rig.window.candidate_requested.emit(events.CandidateRequest("maker/b-GGUF"))
    unfit = rig.wait_for(events.CandidateRead, 4).unfit
    assert unfit is not None
    assert unfit.code is ErrorCode.CHAT_TEMPLATE_MISSING


def test_a_header_that_cannot_be_fetched_is_no_failure(rig: Rig) -> None:
    add_model(rig.hub)
    rig.hub.fail(Place.CDN, FaultKind.STATUS, code=503)
    rig.window.candidate_requested.emit(events.CandidateRequest(REPO))
    rig.wait_for(events.CandidateRead)
    rig.wait_until_asked(3)
    rig.window.candidate_requested.emit(events.CandidateRequest(REPO))
    rig.wait_for(events.CandidateRead, 3)  # It was not kept, so all is asked again.
    assert rig.window.of(events.CandidateFailed) == []


def test_a_model_that_is_gone_says_so(rig: Rig) -> None:
    rig.window.candidate_requested.emit(events.CandidateRequest("maker/gone"))
    failed = rig.wait_for(events.CandidateFailed)
    assert (failed.repo_id, failed.failure.code) == ("maker/gone", ErrorCode.REPOSITORY_MISSING)


def test_a_curated_model_keeps_what_was_written_about_it(rig: Rig) -> None:
    rig.window.open_requested.emit()
    known = rig.wait_for(events.CatalogueShown).candidates[0]
    name = known.versions[0].files[0].path
    add_model(rig.hub, known.repo_id, name, card={"license": known.licence_id})
    rig.window.candidate_requested.emit(events.CandidateRequest(known.repo_id))
    found = rig.wait_for(events.CandidateRead, 2).candidate
    kept = ("name", "publisher", "sentence", "uses", "capabilities", "is_curated", "licence_id")
    assert {one: getattr(found, one) for one in kept} == {one: getattr(known, one) for one in kept}
    assert found.commit == rig.hub.repositories[known.repo_id].commit
    assert found.versions[0].files[0].is_verified
    assert not found.unverified & {"size", "sha256", "commit", "architecture"}


def test_the_files_of_a_gated_model_are_not_asked_for_without_a_token(rig: Rig) -> None:
    add_model(rig.hub, gated="manual", allowed_tokens={"hf_good"})
    rig.window.candidate_requested.emit(events.CandidateRequest(REPO))
    assert rig.wait_for(events.CandidateRead).candidate.gate is Gate.MANUAL
    rig.window.candidate_requested.emit(events.CandidateRequest("maker/none"))
    rig.wait_for(events.CandidateFailed)
    assert [one.path for one in rig.hub.log if REPO in one.path] == [f"/api/models/{REPO}"]
    settings = NetworkSettings(is_offline=False, endpoint=rig.hub.endpoint, token="hf_good")
    rig.door.configure(settings)
    rig.window.candidate_requested.emit(events.CandidateRequest(REPO))
    assert rig.wait_for(events.CandidateRead, 3).candidate.is_shape_exact


def test_the_page_of_a_model(rig: Rig) -> None:
    add_model(rig.hub)
    rig.window.card_requested.emit(events.CandidateRequest(REPO))
    assert rig.wait_for(events.CardRead) == events.CardRead(REPO, "# Tiny")


# --- newer versions --------------------------------------------------------------------------


def ask(rig: Rig, commit: str, sha256: str, name: str = NAME) -> events.UpdateAnswer:
    n_before = len(rig.window.of(events.UpdateAnswer))
    request = events.UpdateRequest(Path("/models") / name, REPO, commit, sha256)
    rig.window.update_requested.emit(request)
    answer = rig.wait_for(events.UpdateAnswer, n_before + 1)
    assert answer.path == request.path
    return answer


def test_a_newer_version_is_offered_in_place_of_the_old_one(rig: Rig) -> None:
    sha256 = add_model(rig.hub)
    repository = rig.hub.repositories[REPO]
    first = repository.commit
    assert ask(rig, first, sha256).spec is None
    repository.replace({"README.md": b"other"})
    assert ask(rig, first, sha256).spec is None  # The page is another, the model is not.
    newest = repository.replace({NAME: chat_model().set("a.b", "u32", 1).file()})
    spec = ask(rig, first, sha256).spec
    assert spec is not None
    assert (spec.commit, spec.quantization) == (newest, "Q4_K_M")
    assert Path(spec.replaces) == Path("/models") / NAME
    assert spec.files[0].sha256 != sha256
    assert {one.purpose for one in rig.entries} == {Purpose.UPDATE_CHECK}


def test_a_file_that_is_gone_is_no_newer_version(rig: Rig) -> None:
    add_model(rig.hub)
    failure = ask(rig, "0" * 40, "", "other.gguf").failure
    assert failure is not None
    assert (failure.code, failure.facts.file_name) == (
        ErrorCode.REMOTE_FILE_MISSING,
        "other.gguf",
    )


# --- the end ---------------------------------------------------------------------------------


def test_the_end_does_not_wait_for_a_silent_server(hub: LoopbackHub, qtbot: QtBot) -> None:
    rig = Rig(hub, qtbot, CATALOGUE)
    hub.fail(Place.API, FaultKind.SLOW, seconds=15)
    rig.window.search_requested.emit(events.HubSearchRequest("tiny", 1))
    rig.wait_until_asked(1)
    began_s = time.monotonic()
    rig.close()
    assert time.monotonic() - began_s < 2


def test_a_catalogue_that_is_damaged_is_empty(
    hub: LoopbackHub, qtbot: QtBot, tmp_path: Path
) -> None:
    rig = Rig(hub, qtbot, tmp_path)
    rig.window.open_requested.emit()
    shown: tuple[Candidate, ...] = rig.wait_for(events.CatalogueShown).candidates
    assert shown == ()
    rig.close()
