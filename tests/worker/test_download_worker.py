"""Downloads from the loopback Hub, as the window asks for them."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.core import download_queue, hub_events
from app.core.candidate import RemoteFile
from app.core.download import ACTIVE_STATES, DownloadNote, DownloadSpec, DownloadState
from app.core.errors import ErrorCode
from app.core.hub_events import DownloadVerb
from app.core.network import NetworkSettings
from app.store.model_files import inspect_model
from app.store.models_folder import ModelsFolder
from app.store.partial_file import PartialFile
from app.worker import download_worker
from tests.gguf_samples import chat_model
from tests.hub.loopback_faults import FaultKind, Place
from tests.hub.loopback_hub import LoopbackHub
from tests.hub.transfer_rig import MIB, model_bytes
from tests.small_disk import fill
from tests.worker.download_rig import REPO, DownloadRig, spec_of

NAME = "tiny-Q4_K_M.gguf"
DONE, FAILED, PAUSED = DownloadState.DONE, DownloadState.FAILED, DownloadState.PAUSED
WAITING, QUEUED = DownloadState.WAITING, DownloadState.QUEUED
DOWNLOADING = DownloadState.DOWNLOADING
MakeRig = Callable[..., DownloadRig]


@pytest.fixture
def make_rig(qtbot: QtBot, hub: LoopbackHub, tmp_path: Path) -> Iterator[MakeRig]:
    made: list[DownloadRig] = []

    def make(folder: Path = tmp_path, **facts: object) -> DownloadRig:
        made.append(DownloadRig(qtbot, hub, folder, **facts))  # type: ignore[arg-type]
        return made[-1]

    yield make
    assert all(rig.close() for rig in made)


@pytest.fixture
def data(hub: LoopbackHub) -> bytes:
    made = model_bytes(2 * MIB)
    hub.add(REPO, {NAME: made, "LICENSE": b"Do as you like."}, card={"license": "mit"})
    return made


def fail(hub: LoopbackHub, place: Place, kind: FaultKind, **facts: float) -> None:
    hub.fail(place, kind, **facts)


def test_a_model_is_installed(make_rig: MakeRig, hub: LoopbackHub, data: bytes) -> None:
    rig = make_rig()
    spec = spec_of(hub, NAME)
    rig.start(spec)
    (row,) = rig.when_states(DONE)
    path = rig.models / "maker__tiny-GGUF" / NAME
    assert path.read_bytes() == data
    assert (row.installed_path, row.fraction, row.note) == (str(path), 1.0, "")
    installed = rig.nth(hub_events.ModelInstalled)
    assert installed == hub_events.ModelInstalled(path, spec, spec.files[0].sha256, spec.commit)
    record = json.loads((path.parent / "model.json").read_text())
    assert record["licence_text"] == "Do as you like."
    assert record["endpoint"] == hub.endpoint
    assert sorted(one.name for one in path.parent.iterdir()) == ["model.json", NAME]


def test_a_real_model_is_installed(
    make_rig: MakeRig, hub: LoopbackHub, starter_path: Path
) -> None:
    hub.add(REPO, {starter_path.name: starter_path.read_bytes()})
    rig = make_rig()
    rig.start(spec_of(hub, starter_path.name))
    rig.when(lambda: rig.states() == [DONE], timeout_ms=60_000)
    (row,) = rig.rows()
    assert inspect_model(Path(row.installed_path)).architecture == "llama"


def test_a_model_is_not_given_up_for_its_licence_text(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    fail(hub, Place.API, FaultKind.STATUS, code=500, times=9)
    rig = make_rig()
    rig.start(spec_of(hub, NAME))
    rig.when_states(DONE)


def test_pieces_that_do_not_belong_together_are_fetched_anew(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    """Another range than asked for is answered after a break: found out, and fetched anew."""
    fail(hub, Place.CDN, FaultKind.TRUNCATE, after=MIB)
    fail(hub, Place.CDN, FaultKind.WRONG_RANGE)
    rig = make_rig()
    rig.start(spec_of(hub, NAME))
    (row,) = rig.when_states(DONE)
    assert row.note == DownloadNote.ARRIVED_DAMAGED
    assert Path(row.installed_path).read_bytes() == data


def test_what_is_not_known_is_asked_for_and_pinned(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig()
    rig.start(DownloadSpec(REPO, "", "Tiny", "Q4_K_M", (RemoteFile(NAME),)))
    (row,) = rig.when_states(DONE)
    assert row.spec.commit == hub.repositories[REPO].commit
    assert row.spec.size_bytes == len(data)
    assert row.spec.licence_id == "mit"
    resolved = [one.path for one in hub.log if "/resolve/" in one.path and NAME in one.path]
    assert all(f"/resolve/{row.spec.commit}/" in path for path in resolved)


def test_a_supposed_name_is_found_before_anything_is_fetched(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig()
    supposed = (RemoteFile("Tiny-1B-Q4_K_M.gguf"),)
    rig.start(DownloadSpec(REPO, "", "Tiny", "Q4_K_M", supposed))
    (row,) = rig.when_states(DONE)
    assert Path(row.installed_path).name == NAME
    assert row.spec.files[0].path == NAME
    rig.start(DownloadSpec(REPO, "", "Tiny", "Q8_0", (RemoteFile("Tiny-1B-Q8_0.gguf"),)))
    row = rig.when_states(DONE, FAILED)[1]
    assert row.failure is not None
    assert row.failure.code is ErrorCode.REMOTE_FILE_MISSING
    assert len(hub.at_cdn()) == 1


def test_the_licence_of_what_it_was_made_from_is_kept(make_rig: MakeRig, hub: LoopbackHub) -> None:
    hub.add(REPO, {NAME: model_bytes(MIB)}, card={"base_model": "maker/base"})
    hub.add("maker/base", {"LICENSE": b"Be kind."})
    rig = make_rig()
    rig.start(spec_of(hub, NAME))
    (row,) = rig.when_states(DONE)
    record = json.loads((Path(row.installed_path).parent / "model.json").read_text())
    assert record["licence_text"] == "Be kind."


def test_all_parts_of_a_set_come_or_none_is_chosen(make_rig: MakeRig, hub: LoopbackHub) -> None:
    names = [f"big-0000{n}-of-00003.gguf" for n in (1, 2, 3)]
    parts = {name: model_bytes(MIB, seed) for seed, name in enumerate(names)}
    hub.add(REPO, parts)
    fail(hub, Place.CDN, FaultKind.THROTTLE, bytes_per_s=50 * MIB)
    fail(hub, Place.CDN, FaultKind.THROTTLE, bytes_per_s=2 * MIB)
    rig = make_rig()
    rig.start(spec_of(hub, *names))
    rig.when(lambda: rig.rows()[0].done_bytes > 1.2 * MIB if rig.rows() else False)
    folder = rig.models / "maker__tiny-GGUF"
    assert list(folder.glob("*.gguf")) == []
    (row,) = rig.when_states(DONE)
    assert [(folder / name).read_bytes() == parts[name] for name in names] == [True] * 3
    assert row.installed_path == str(folder / names[0])
    assert row.done_bytes == sum(map(len, parts.values()))


def test_the_same_file_is_not_fetched_twice(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig()
    rig.start(spec_of(hub, NAME))
    rig.when_states(DONE)
    n_requests = len(hub.log)
    rig.start(spec_of(hub, NAME))
    rig.nth(hub_events.ModelInstalled, 2)
    (row,) = rig.when_states(DONE)
    assert row.note == DownloadNote.ALREADY_HERE
    assert len(hub.log) == n_requests


def test_pausing_is_quick_and_goes_on_where_it_was(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig()
    fail(hub, Place.CDN, FaultKind.STALL, after=MIB)
    rig.start(spec_of(hub, NAME))
    rig.when(lambda: bool(rig.rows()) and rig.rows()[0].done_bytes > MIB / 2)
    began_s = time.monotonic()
    rig.command(DownloadVerb.PAUSE)
    rig.when_states(PAUSED)
    assert time.monotonic() - began_s < 0.3
    rig.command(DownloadVerb.RESUME)
    rig.when_states(DONE)
    assert time.monotonic() - began_s < 5.0
    first, second = hub.at_cdn()
    assert second.first_byte >= MIB - (256 << 10)
    assert first.bytes_sent + second.bytes_sent <= len(data) + MIB


def test_goes_on_after_the_end_of_the_program(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes, tmp_path: Path
) -> None:
    rig = make_rig()
    fail(hub, Place.CDN, FaultKind.STALL, after=MIB)
    rig.start(spec_of(hub, NAME))
    rig.when(lambda: bool(rig.rows()) and rig.rows()[0].done_bytes > MIB / 2)
    assert rig.close()
    again = make_rig()
    again.when_states(DONE)
    assert hub.at_cdn()[-1].first_byte > MIB / 2
    assert (tmp_path / "models" / "maker__tiny-GGUF" / NAME).read_bytes() == data


def test_a_paused_one_stays_paused_and_knows_what_is_here(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig()
    fail(hub, Place.CDN, FaultKind.STALL, after=MIB)
    rig.start(spec_of(hub, NAME))
    rig.when(lambda: bool(rig.rows()) and rig.rows()[0].done_bytes > MIB / 2)
    rig.command(DownloadVerb.PAUSE)
    rig.when_states(PAUSED)
    assert rig.close()
    (row,) = make_rig().when_states(PAUSED)
    assert row.done_bytes > MIB / 2


def test_cancelling_leaves_nothing(make_rig: MakeRig, hub: LoopbackHub, data: bytes) -> None:
    rig = make_rig()
    fail(hub, Place.CDN, FaultKind.STALL, after=MIB)
    rig.start(spec_of(hub, NAME))
    rig.when(lambda: bool(rig.rows()) and rig.rows()[0].done_bytes > MIB / 2)
    rig.command(DownloadVerb.CANCEL)
    rig.when_states()
    rig.when(lambda: list(rig.models.iterdir()) == [])


def test_a_damaged_file_is_fetched_once_more(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig()
    fail(hub, Place.CDN, FaultKind.CORRUPT)
    rig.start(spec_of(hub, NAME))
    (row,) = rig.when_states(DONE)
    assert row.note == DownloadNote.ARRIVED_DAMAGED
    assert Path(row.installed_path).read_bytes() == data


def test_damaged_twice_is_given_up_and_never_chosen(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig()
    fail(hub, Place.CDN, FaultKind.CORRUPT, times=2)
    rig.start(spec_of(hub, NAME))
    (row,) = rig.when_states(FAILED)
    assert row.failure is not None
    assert row.failure.code is ErrorCode.DOWNLOAD_DAMAGED
    assert [one for one in rig.models.rglob("*") if one.is_file()] == []
    assert rig.all(hub_events.ModelInstalled) == []
    rig.command(DownloadVerb.RETRY)
    rig.when_states(DONE)


def test_what_the_engine_cannot_load_is_not_kept(make_rig: MakeRig, hub: LoopbackHub) -> None:
    strange = chat_model().set("general.architecture", "str", "strange").file()
    hub.add(REPO, {NAME: strange})
    rig = make_rig()
    rig.start(spec_of(hub, NAME))
    (row,) = rig.when_states(FAILED)
    assert row.failure is not None
    assert row.failure.code is ErrorCode.MODEL_UNSUPPORTED
    assert list(rig.models.rglob("*.gguf*")) == []


def test_an_embedding_model_need_not_chat(make_rig: MakeRig, hub: LoopbackHub) -> None:
    hub.add(REPO, {NAME: chat_model().set("general.architecture", "str", "bert").file()})
    rig = make_rig()
    rig.start(replace(spec_of(hub, NAME), is_embedding=True))
    rig.when_states(DONE)


def test_a_broken_line_is_tried_again_by_itself(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig()
    fail(hub, Place.CDN, FaultKind.TRUNCATE, after=MIB)
    fail(hub, Place.CDN, FaultKind.EXPIRE, after=MIB // 2)
    rig.start(spec_of(hub, NAME))
    (waiting,) = rig.when_states(WAITING)
    assert waiting.failure is not None
    assert waiting.failure.code is ErrorCode.NO_CONNECTION
    assert waiting.retry_in_s is not None
    rig.when_states(DONE)
    assert hub.bytes_of_files() <= len(data) + MIB


def test_a_gated_one_waits_for_the_user(make_rig: MakeRig, hub: LoopbackHub, data: bytes) -> None:
    hub.repositories[REPO].gated = "manual"
    rig = make_rig()
    rig.start(spec_of(hub, NAME))
    (row,) = rig.when_states(FAILED)
    assert row.failure is not None
    assert row.failure.code is ErrorCode.ACCESS_NEEDED


def test_without_a_hash_nothing_is_fetched(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    repository = hub.repositories[REPO]
    files = repository.files
    files[NAME] = replace(files[NAME], is_lfs=False)
    rig = make_rig()
    rig.start(DownloadSpec(REPO, "", "Tiny", "", (RemoteFile(NAME),)))
    (row,) = rig.when_states(FAILED)
    assert row.failure is not None
    assert row.failure.code is ErrorCode.NOT_VERIFIABLE
    assert hub.bytes_of_files() == 0


def test_a_commit_that_is_gone_is_replaced_by_the_newest(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig()
    old = spec_of(hub, NAME)
    fail(hub, Place.CDN, FaultKind.STALL, after=MIB)
    rig.start(old)
    rig.when(lambda: bool(rig.rows()) and rig.rows()[0].done_bytes > MIB / 2)
    rig.command(DownloadVerb.PAUSE)
    rig.when_states(PAUSED)
    newer = model_bytes(2 * MIB, seed=5)
    hub.repositories[REPO].replace({NAME: newer})
    del hub.repositories[REPO].history[old.commit]
    rig.command(DownloadVerb.RESUME)
    (row,) = rig.when_states(DONE)
    assert row.note == DownloadNote.CHANGED_UPSTREAM
    assert Path(row.installed_path).read_bytes() == newer
    assert row.spec.commit == hub.repositories[REPO].commit


def test_offline_stops_all_and_online_goes_on(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig()
    fail(hub, Place.CDN, FaultKind.STALL, after=MIB)
    rig.start(spec_of(hub, NAME))
    rig.when(lambda: bool(rig.rows()) and rig.rows()[0].done_bytes > MIB / 2)
    rig.change(is_offline=True)
    rig.door.configure(NetworkSettings(is_offline=True, endpoint=hub.endpoint))
    (row,) = rig.when_states(WAITING)
    assert row.failure is not None
    assert row.failure.code is ErrorCode.OFFLINE
    n_requests = len(hub.log)
    rig.command(DownloadVerb.RESUME)
    rig.when_states(WAITING)
    assert len(hub.log) == n_requests
    rig.door.configure(NetworkSettings(is_offline=False, endpoint=hub.endpoint))
    rig.change(is_offline=False)
    rig.when_states(DONE)


def test_a_door_that_is_told_later_delays_only(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig()
    rig.door.configure(NetworkSettings(is_offline=True, endpoint=hub.endpoint))
    rig.start(spec_of(hub, NAME))
    (row,) = rig.when_states(WAITING)
    assert row.retry_in_s is not None
    rig.door.configure(NetworkSettings(is_offline=False, endpoint=hub.endpoint))
    rig.when_states(DONE)


def test_as_many_at_a_time_as_set(make_rig: MakeRig, hub: LoopbackHub) -> None:
    names = [f"m{n}.gguf" for n in range(3)]
    hub.add(REPO, {name: model_bytes(MIB, seed) for seed, name in enumerate(names)})
    hub.fail(Place.CDN, FaultKind.THROTTLE, times=3, bytes_per_s=1 * MIB)
    rig = make_rig(downloads_at_once=1)
    for name in names:
        rig.start(spec_of(hub, name))
    rig.when_states(DOWNLOADING, QUEUED, QUEUED)
    rig.change(downloads_at_once=2)
    rig.when(lambda: sum(state in ACTIVE_STATES for state in rig.states()) == 2)
    assert rig.states()[2] is QUEUED
    rig.when_states(DONE, DONE, DONE)
    installed = {one.path.name for one in rig.all(hub_events.ModelInstalled)}
    assert installed == set(names)


def test_a_second_time_in_the_queue_is_refused(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    fail(hub, Place.CDN, FaultKind.STALL, after=MIB)
    rig = make_rig()
    rig.start(spec_of(hub, NAME))
    rig.start(spec_of(hub, NAME))
    refused = rig.nth(hub_events.DownloadRefused)
    assert refused.failure.code is ErrorCode.ALREADY_DOWNLOADING


@pytest.mark.parametrize("path", ["../evil.gguf", "/evil.gguf", "C:\\evil.gguf", "con.gguf"])
def test_hostile_names_are_refused(
    make_rig: MakeRig, hub: LoopbackHub, tmp_path: Path, path: str
) -> None:
    rig = make_rig()
    hub.add(REPO, {path: chat_model().file()})
    rig.start(spec_of(hub, path))
    refused = rig.nth(hub_events.DownloadRefused)
    assert refused.failure.code is ErrorCode.FILE_NAME_REFUSED
    assert list(tmp_path.rglob("*evil*")) == []
    assert hub.log == []


def test_a_file_that_another_window_downloads_is_waited_for(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    rig = make_rig()
    spec = spec_of(hub, NAME)
    (partial,) = ModelsFolder(rig.models).partial_files(spec)
    with partial.locked():
        rig.start(spec)
        (row,) = rig.when_states(WAITING)
        assert row.failure is not None
        assert row.failure.code is ErrorCode.ALREADY_DOWNLOADING
        install_elsewhere(rig, spec, partial, data)
    (row,) = rig.when_states(DONE)
    assert row.note == DownloadNote.ALREADY_HERE
    assert hub.bytes_of_files() == 0


def install_elsewhere(
    rig: DownloadRig, spec: DownloadSpec, partial: PartialFile, data: bytes
) -> None:
    """Do what another window does while it has the lock."""
    folder = ModelsFolder(rig.models)
    (planned,) = folder.plan(spec.repo_id, (partial.identity,))
    with partial.opened(lambda _: None) as writer:
        writer.write(memoryview(data))
        writer.finish()
    folder.keep_record(planned, spec, rig.hub.endpoint, "2026-11-30T10:00:00+00:00")
    partial.publish()


def test_another_folder_takes_what_has_not_begun(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes, tmp_path: Path
) -> None:
    rig = make_rig(is_offline=True)
    rig.start(spec_of(hub, NAME))
    rig.when_states(WAITING)
    rig.change(models_folder=str(tmp_path / "elsewhere"))
    (row,) = rig.when_states(DONE)
    assert row.installed_path.startswith(str(tmp_path / "elsewhere"))


def test_what_has_begun_goes_on_where_it_is(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes, tmp_path: Path
) -> None:
    rig = make_rig()
    fail(hub, Place.CDN, FaultKind.STALL, after=MIB)
    rig.start(spec_of(hub, NAME))
    rig.when(lambda: bool(rig.rows()) and rig.rows()[0].done_bytes > MIB / 2)
    rig.command(DownloadVerb.PAUSE)
    rig.when_states(PAUSED)
    assert rig.close()
    again = make_rig(models_folder=str(tmp_path / "elsewhere"))
    again.when_states(PAUSED)
    again.command(DownloadVerb.RESUME)
    (row,) = again.when_states(DONE)
    assert row.installed_path.startswith(str(tmp_path / "models"))
    assert hub.at_cdn()[-1].first_byte > MIB / 2


def test_progress_is_told_at_most_four_times_a_second(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes
) -> None:
    fail(hub, Place.CDN, FaultKind.THROTTLE, bytes_per_s=2 * MIB)
    rig = make_rig()
    began_s = time.monotonic()
    rig.start(spec_of(hub, NAME))
    rig.when_states(DONE)
    took_s = time.monotonic() - began_s
    told = [one.downloads for one in rig.all(hub_events.DownloadsChanged)]
    assert len(told) <= 4 * took_s + 8
    done = [rows[0].done_bytes for rows in told if rows]
    assert done == sorted(done)
    assert any(rows and rows[0].bytes_per_s > 0 for rows in told)


def test_a_full_disk_is_waited_for(
    make_rig: MakeRig, hub: LoopbackHub, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download_queue, "ROOM_RETRY_S", 0.2)
    hub.add(REPO, {NAME: model_bytes(MIB)})
    filling = small_disk / "other"
    filling.write_bytes(bytes(MIB))
    rig = make_rig(models_folder=str(small_disk / "models"))
    rig.start(spec_of(hub, NAME))
    (row,) = rig.when_states(WAITING)
    assert row.failure is not None
    assert row.failure.code is ErrorCode.DISK_TOO_SMALL
    assert 0 < row.failure.facts.needed_bytes < MIB
    assert hub.at_cdn() == []
    filling.unlink()
    rig.when_states(DONE)


def test_a_disk_that_fills_up_meanwhile_keeps_what_is_here(
    make_rig: MakeRig, hub: LoopbackHub, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download_queue, "ROOM_RETRY_S", 0.2)
    hub.add(REPO, {NAME: model_bytes(MIB + MIB // 2)})
    fail(hub, Place.CDN, FaultKind.THROTTLE, bytes_per_s=2 * MIB)
    rig = make_rig(models_folder=str(small_disk / "models"))
    rig.start(spec_of(hub, NAME))
    rig.when(lambda: bool(rig.rows()) and rig.rows()[0].done_bytes > MIB / 4)
    filling = small_disk / "other"
    fill(filling)
    (row,) = rig.when_states(WAITING)
    assert row.failure is not None
    assert row.failure.code in {ErrorCode.DISK_FULL, ErrorCode.DISK_TOO_SMALL}
    assert row.done_bytes > MIB / 4
    filling.unlink()
    rig.when_states(DONE)
    assert hub.at_cdn()[-1].first_byte > MIB / 4


def test_fat32_is_known_before_anything_is_fetched(
    make_rig: MakeRig, hub: LoopbackHub, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download_worker, "file_system_of", lambda _: "vfat")
    rig = make_rig()
    spec = spec_of(hub, NAME)
    rig.start(replace(spec, files=(replace(spec.files[0], size_bytes=5 << 30),)))
    (row,) = rig.when_states(FAILED)
    assert row.failure is not None
    assert row.failure.code is ErrorCode.FILE_TOO_LARGE_FOR_DISK
    assert hub.log == []
