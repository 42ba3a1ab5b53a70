"""One file from the loopback Hub, with everything that goes wrong on the way."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import ErrorCode, WorldError
from app.core.network import NetworkSettings
from app.hub import door as hub_door
from app.hub.speed_limit import SpeedLimit
from app.hub.transfer import StoppedError
from tests.hub.loopback_faults import FaultKind, Place
from tests.hub.loopback_hub import LoopbackHub
from tests.hub.transfer_rig import MIB, REPO, TransferRig

CHUNK = hub_door.CHUNK_BYTES
PASSING_FAULTS = [
    (Place.CDN, FaultKind.DROP, {}, ErrorCode.NO_CONNECTION),
    (Place.CDN, FaultKind.TRUNCATE, {"after": 700_000}, ErrorCode.NO_CONNECTION),
    (Place.CDN, FaultKind.RESET, {"after": 700_000}, ErrorCode.NO_CONNECTION),
    (Place.CDN, FaultKind.EXPIRE, {"after": 700_000}, ErrorCode.NO_CONNECTION),
    (Place.CDN, FaultKind.LIE_TOTAL, {}, ErrorCode.SERVER_FAILED),
    (Place.CDN, FaultKind.STATUS, {"code": 403}, ErrorCode.SERVER_FAILED),
    (Place.CDN, FaultKind.STATUS, {"code": 503}, ErrorCode.SERVER_FAILED),
    (Place.CDN, FaultKind.STATUS, {"code": 408}, ErrorCode.SERVER_FAILED),
    (Place.CDN, FaultKind.STATUS, {"code": 429}, ErrorCode.RATE_LIMITED),
    (Place.CDN, FaultKind.PORTAL, {}, ErrorCode.SIGN_IN_PAGE),
    (Place.HEAD, FaultKind.DROP, {}, ErrorCode.NO_CONNECTION),
    (Place.HEAD, FaultKind.STATUS, {"code": 500}, ErrorCode.SERVER_FAILED),
    (Place.HEAD, FaultKind.PORTAL, {}, ErrorCode.SIGN_IN_PAGE),
]


@pytest.fixture
def rig(hub: LoopbackHub, tmp_path: Path) -> Iterator[TransferRig]:
    made = TransferRig(hub, tmp_path, 2 * MIB)
    yield made
    made.door.close()


def failure_of(rig: TransferRig) -> WorldError:
    with pytest.raises(WorldError) as caught:
        rig.fetch()
    return caught.value


def test_arrives_whole_and_in_its_place(rig: TransferRig) -> None:
    assert rig.fetch() == rig.identity.sha256
    rig.partial.publish()
    assert rig.partial.target.read_bytes() == rig.data
    assert [one.name for one in rig.partial.target.parent.iterdir()] == [rig.partial.target.name]
    assert rig.progress[-1] == len(rig.data)
    assert rig.progress == sorted(rig.progress)
    methods = [(one.method, one.origin.value) for one in rig.hub.log]
    assert methods == [("HEAD", "hub"), ("GET", "cdn")]


@pytest.mark.parametrize(("place", "kind", "facts", "code"), PASSING_FAULTS)
def test_what_passes_is_told_apart_and_resumed(
    rig: TransferRig,
    place: Place,
    kind: FaultKind,
    facts: dict[str, int],
    code: ErrorCode,
) -> None:
    rig.hub.fail(place, kind, **facts)
    assert failure_of(rig).code is code
    here_bytes = rig.partial.present_bytes()
    if kind in {FaultKind.TRUNCATE, FaultKind.EXPIRE}:  # A reset takes back what is on its way.
        assert here_bytes > facts["after"] - CHUNK
    assert rig.fetch() == rig.identity.sha256
    assert rig.ranges()[-1] == here_bytes
    assert rig.hub.bytes_of_files() <= len(rig.data) + MIB


def test_a_page_in_place_of_the_rest_harms_nothing(rig: TransferRig) -> None:
    rig.hub.fail(Place.CDN, FaultKind.TRUNCATE, after=MIB)
    failure_of(rig)
    here_bytes = rig.partial.present_bytes()
    assert here_bytes > 0
    rig.hub.fail(Place.CDN, FaultKind.PORTAL)
    assert failure_of(rig).code is ErrorCode.SIGN_IN_PAGE
    assert rig.partial.present_bytes() == here_bytes
    assert rig.fetch() == rig.identity.sha256


def test_a_server_that_ignores_the_range_starts_over_rightly(rig: TransferRig) -> None:
    rig.hub.fail(Place.CDN, FaultKind.TRUNCATE, after=MIB)
    failure_of(rig)
    rig.hub.fail(Place.CDN, FaultKind.IGNORE_RANGE)
    assert rig.fetch() == rig.identity.sha256
    assert rig.partial.part.read_bytes() == rig.data


def test_another_range_than_asked_for_is_found_out(rig: TransferRig) -> None:
    rig.hub.fail(Place.CDN, FaultKind.TRUNCATE, after=MIB)
    failure_of(rig)
    rig.hub.fail(Place.CDN, FaultKind.WRONG_RANGE)
    assert rig.fetch() != rig.identity.sha256


def test_a_wrong_bit_is_found_out(rig: TransferRig) -> None:
    rig.hub.fail(Place.CDN, FaultKind.CORRUPT)
    assert rig.fetch() != rig.identity.sha256


def test_a_silent_server_is_given_up(rig: TransferRig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.door.open_library()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DOWNLOAD_TIMEOUT", 1)
    rig.hub.fail(Place.CDN, FaultKind.STALL, after=MIB)
    assert failure_of(rig).code is ErrorCode.SERVER_SILENT
    assert rig.partial.present_bytes() >= MIB - CHUNK
    assert rig.fetch() == rig.identity.sha256


def test_a_stop_is_obeyed_at_the_next_slice_and_kept(rig: TransferRig) -> None:
    rig.limit.set(200_000.0)
    thread_error: list[type[BaseException]] = []

    def run() -> None:
        try:
            rig.fetch()
        except StoppedError:
            thread_error.append(StoppedError)

    thread = threading.Thread(target=run)
    thread.start()
    while not rig.progress:
        assert thread.is_alive()
        thread.join(0.01)
    rig.stop.set()
    thread.join(0.3)
    assert not thread.is_alive()
    assert thread_error == [StoppedError]
    assert 0 < rig.partial.present_bytes() < len(rig.data)


def test_a_silent_server_does_not_delay_a_stop(rig: TransferRig) -> None:
    rig.hub.fail(Place.CDN, FaultKind.STALL, after=MIB)
    ended = threading.Event()

    def run() -> None:
        with pytest.raises(StoppedError):
            rig.fetch()
        ended.set()

    thread = threading.Thread(target=run)
    thread.start()
    while not rig.progress or rig.progress[-1] < MIB - CHUNK:
        assert thread.is_alive()
        thread.join(0.01)
    rig.stop.set()
    rig.door.cut_off_thread(thread.ident or 0)
    assert ended.wait(0.3)
    thread.join()


def test_the_limit_is_for_all_together(hub: LoopbackHub, tmp_path: Path) -> None:
    first = TransferRig(hub, tmp_path / "1", MIB)
    rigs = [first, TransferRig(hub, tmp_path / "2", MIB, door=first.door)]
    limit = SpeedLimit()
    limit.set(4.0 * MIB)
    threads = []
    for rig in rigs:
        rig.limit = limit
        threads.append(threading.Thread(target=rig.fetch))
    began_s = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    # Two MiB at four a second take half a second, whoever they are for.
    assert time.monotonic() - began_s > 0.45
    assert all(rig.progress[-1] == len(rig.data) for rig in rigs)
    rigs[-1].door.close()


def test_the_token_stays_at_the_hub(hub: LoopbackHub, tmp_path: Path) -> None:
    rig = TransferRig(hub, tmp_path, token="hf_good")
    rig.repository.gated = "auto"
    rig.repository.allowed_tokens.add("hf_good")
    assert rig.fetch() == rig.identity.sha256
    sent = {(one.origin.value, one.authorization) for one in hub.log}
    assert sent == {("hub", "Bearer hf_good"), ("cdn", "")}
    rig.door.close()


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("", ErrorCode.ACCESS_NEEDED),
        ("hf_noaccess", ErrorCode.ACCESS_REFUSED),
        ("hf_wrong", ErrorCode.TOKEN_REFUSED),
    ],
)
def test_gated(hub: LoopbackHub, tmp_path: Path, token: str, code: ErrorCode) -> None:
    rig = TransferRig(hub, tmp_path, token=token)
    rig.repository.gated = "manual"
    assert failure_of(rig).code is code
    assert hub.at_cdn() == []
    rig.door.close()


def test_what_is_gone_is_told_apart(rig: TransferRig) -> None:
    rig.repository.is_disabled = True
    assert failure_of(rig).code is ErrorCode.REPOSITORY_DISABLED
    rig.repository.is_disabled = False
    files = rig.repository.history.pop(rig.identity.commit)
    rig.repository.history["e" * 40] = {}
    assert failure_of(rig).code is ErrorCode.REVISION_MISSING
    rig.repository.history[rig.identity.commit] = {}
    assert failure_of(rig).code is ErrorCode.REMOTE_FILE_MISSING
    del rig.hub.repositories[REPO]
    assert failure_of(rig).code is ErrorCode.REPOSITORY_MISSING
    assert files


def test_another_file_under_the_same_commit_is_refused(rig: TransferRig) -> None:
    other = {**rig.repository.files}
    rig.repository.replace({rig.identity.path: rig.data + b"\0" * 32})
    rig.repository.history[rig.identity.commit] = rig.repository.files
    assert failure_of(rig).code is ErrorCode.ANSWER_UNREADABLE
    assert rig.hub.at_cdn() == []
    assert other


def test_offline_nothing_is_sent(rig: TransferRig) -> None:
    rig.door.configure(NetworkSettings(is_offline=True, endpoint=rig.hub.endpoint))
    assert failure_of(rig).code is ErrorCode.OFFLINE
    assert rig.hub.log == []
