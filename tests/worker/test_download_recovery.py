"""What gets a download going again that was stuck, and what the end of the program leaves."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core import download_queue, hub_events
from app.core.download import Download, DownloadState
from app.core.errors import ErrorCode
from app.core.hub_events import DownloadVerb
from app.store.models_folder import ModelsFolder
from tests.hub.loopback_faults import FaultKind, Place
from tests.hub.loopback_hub import LoopbackHub
from tests.hub.transfer_rig import MIB, model_bytes
from tests.worker.download_rig import REPO, DownloadRig, spec_of

NAME = "tiny-Q4_K_M.gguf"
DONE, FAILED, WAITING = DownloadState.DONE, DownloadState.FAILED, DownloadState.WAITING
MakeRig = Callable[..., DownloadRig]


@pytest.fixture
def make_rig(qtbot: QtBot, hub: LoopbackHub, tmp_path: Path) -> Iterator[MakeRig]:
    made: list[DownloadRig] = []

    def make(**facts: object) -> DownloadRig:
        made.append(DownloadRig(qtbot, hub, tmp_path, **facts))  # type: ignore[arg-type]
        return made[-1]

    yield make
    assert all(rig.close() for rig in made)


@pytest.fixture
def data(hub: LoopbackHub) -> bytes:
    made = model_bytes(2 * MIB)
    hub.add(REPO, {NAME: made})
    return made


def code_of(row: Download) -> ErrorCode:
    assert row.failure is not None
    return row.failure.code


def begun(rig: DownloadRig, *, is_stalled: bool = True) -> None:
    """Start a download and wait until some of it is here."""
    if is_stalled:
        rig.hub.fail(Place.CDN, FaultKind.STALL, after=MIB)
    rig.start(spec_of(rig.hub, NAME))
    rig.when(lambda: bool(rig.rows()) and rig.rows()[0].done_bytes > MIB / 2)


# --- tokens ----------------------------------------------------------------------------------


def let_alice_in(rig: DownloadRig) -> None:
    rig.hub.repositories[REPO].allowed_tokens.add("hf_good")
    rig.door.configure(replace(rig.door.settings, token="hf_good"))


def test_a_token_gets_going_what_wanted_one(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    hub.repositories[REPO].gated = "auto"
    rig = make_rig()
    rig.start(spec_of(hub, NAME))
    (row,) = rig.when_states(FAILED)
    assert code_of(row) is ErrorCode.ACCESS_NEEDED
    let_alice_in(rig)
    rig.window.token_answered.emit(hub_events.TokenAnswer("alice"))
    rig.when_states(DONE)


def test_so_does_one_that_the_keyring_gives_late(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    hub.repositories[REPO].gated = "auto"
    rig = make_rig()
    rig.start(spec_of(hub, NAME))
    rig.when_states(FAILED)
    let_alice_in(rig)
    rig.window.network_changed.emit(hub_events.NetworkState(is_offline=False, has_token=True))
    rig.when_states(DONE)


def test_a_token_that_came_while_it_was_asked_without_is_used(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    hub.repositories[REPO].gated = "auto"
    hub.fail(Place.HEAD, FaultKind.SLOW, seconds=0.5)
    rig = make_rig()
    rig.start(spec_of(hub, NAME))
    rig.when(lambda: bool(hub.log))
    let_alice_in(rig)
    rig.when_states(DONE)
    assert [one.authorization for one in hub.log[:2]] == ["", "Bearer hf_good"]


def test_a_token_that_is_refused_changes_nothing(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    hub.repositories[REPO].gated = "auto"
    rig = make_rig(token="hf_noaccess")
    rig.start(spec_of(hub, NAME))
    (row,) = rig.when_states(FAILED)
    assert code_of(row) is ErrorCode.ACCESS_REFUSED
    n_requests = len(hub.log)
    rig.window.token_answered.emit(hub_events.TokenAnswer(failure=row.failure))
    rig.window.network_changed.emit(hub_events.NetworkState(is_offline=False, has_token=True))
    rig.command(DownloadVerb.UP)
    rig.when_states(FAILED)
    assert len(hub.log) == n_requests


# --- another way to the Hub ------------------------------------------------------------------


def test_a_proxy_set_wrongly_stops_and_rightly_goes_on(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig()
    begun(rig)
    good = rig.door.settings
    rig.door.configure(replace(good, proxy="gopher://x"))
    rig.change(proxy="gopher://x")
    rig.when(lambda: rig.states() == [FAILED])
    assert code_of(rig.rows()[0]) is ErrorCode.SETTING_UNUSABLE
    rig.door.configure(good)
    rig.change()
    rig.when_states(DONE)
    assert hub.bytes_of_files() <= len(data) + MIB


def test_another_endpoint_goes_on_with_the_rest(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig()
    begun(rig)
    with LoopbackHub() as mirror:
        mirror.add(REPO, {NAME: data})
        rig.door.configure(replace(rig.door.settings, endpoint=mirror.endpoint))
        rig.change(hub_endpoint=mirror.endpoint)
        (row,) = rig.when_states(DONE)
        assert mirror.at_cdn()[0].first_byte > MIB / 2
    assert Path(row.installed_path).read_bytes() == data


# --- a disk that goes away -------------------------------------------------------------------


def test_a_disk_that_is_away_is_waited_for(
    make_rig: MakeRig,
    hub: LoopbackHub,
    data: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(download_queue, "ROOM_RETRY_S", 0.2)
    disk, pulled = tmp_path / "disk", tmp_path / "pulled"
    disk.mkdir()
    rig = make_rig(models_folder=str(disk / "models"))
    begun(rig)
    rig.command(DownloadVerb.PAUSE)
    rig.when_states(DownloadState.PAUSED)
    disk.rename(pulled)
    rig.command(DownloadVerb.RESUME)
    (row,) = rig.when_states(WAITING)
    assert code_of(row) is ErrorCode.FOLDER_ABSENT
    assert not disk.exists()
    pulled.rename(disk)
    (row,) = rig.when_states(DONE)
    assert Path(row.installed_path).read_bytes() == data
    assert hub.bytes_of_files() <= len(data) + MIB


def test_a_disk_that_is_pulled_out_meanwhile_is_waited_for(
    make_rig: MakeRig,
    hub: LoopbackHub,
    data: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(download_queue, "ROOM_RETRY_S", 0.2)
    disk = tmp_path / "disk"
    disk.mkdir()
    rig = make_rig(models_folder=str(disk / "models"))
    hub.fail(Place.CDN, FaultKind.THROTTLE, bytes_per_s=2 * MIB)
    begun(rig, is_stalled=False)
    shutil.rmtree(disk)
    (row,) = rig.when_states(WAITING)
    assert code_of(row) is ErrorCode.FOLDER_ABSENT
    assert not disk.exists()
    rig.change(models_folder=str(tmp_path / "elsewhere"))
    (row,) = rig.when_states(DONE)
    assert row.installed_path.startswith(str(tmp_path / "elsewhere"))


# --- the end of the program ------------------------------------------------------------------


def test_cancelled_and_closed_at_once_leaves_nothing(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig()
    begun(rig)
    rig.command(DownloadVerb.CANCEL)
    assert rig.close()
    assert list(rig.models.iterdir()) == []


@pytest.mark.parametrize("place", [Place.HEAD, Place.CDN])
def test_a_silent_server_does_not_delay_the_end(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes, place: Place
) -> None:
    hub.fail(place, FaultKind.SLOW, seconds=15)
    rig = make_rig()
    rig.start(spec_of(hub, NAME))
    rig.when(lambda: bool(hub.at_cdn() if place is Place.CDN else hub.log))
    began_s = time.monotonic()
    assert rig.close()
    assert time.monotonic() - began_s < 0.6


def test_what_was_asked_for_before_the_store_was_ready_is_not_lost(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig(is_ready=False)
    rig.start(spec_of(hub, NAME))
    rig.when_states(DownloadState.QUEUED)
    assert hub.log == []
    rig.window.open_requested.emit()
    rig.when_states(DONE)


def test_begun_in_another_folder_and_started_anew_leaves_nothing_there(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes, tmp_path: Path
) -> None:
    rig = make_rig()
    hub.fail(Place.CDN, FaultKind.TRUNCATE, after=MIB)
    hub.fail(Place.HEAD, FaultKind.SLOW, seconds=0.0)
    hub.fail(Place.HEAD, FaultKind.STATUS, code=451)
    rig.start(spec_of(hub, NAME))
    (row,) = rig.when_states(FAILED)
    assert row.done_bytes > MIB / 2
    rig.change(models_folder=str(tmp_path / "elsewhere"))
    rig.start(spec_of(hub, NAME))
    (row,) = rig.when_states(DONE)
    assert row.installed_path.startswith(str(tmp_path / "elsewhere"))
    assert [one for one in rig.models.rglob("*") if one.is_file()] == []


def test_a_part_that_somebody_writes_is_not_discarded(
    hub: LoopbackHub, data: bytes, tmp_path: Path
) -> None:
    folder, spec = ModelsFolder(tmp_path), spec_of(hub, NAME)
    (partial,) = folder.partial_files(spec)
    with partial.locked():
        with partial.opened(lambda _: None) as writer:
            writer.write(memoryview(data[:MIB]))
        with pytest.raises(Exception, match="already_downloading"):
            folder.discard(spec)
    assert partial.present_bytes() == MIB
    folder.discard(spec)
    assert list(tmp_path.iterdir()) == []
