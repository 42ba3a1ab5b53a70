"""The one door to the network: what it lets out, to whom, and what it writes down."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx2
import pytest
from pytestqt.qtbot import QtBot

from app.core.errors import BugError, ErrorCode, WorldError
from app.core.network import HUB_ENDPOINT, NetworkSettings, Purpose
from app.hub import transport
from app.hub.allowed_hosts import AllowedHosts
from app.hub.connection import host_of, origin_of
from app.hub.door import HubDoor
from app.hub.questions import ask
from app.hub.repository import read_repository
from app.hub.search import HubSearch
from tests.gguf_samples import chat_model
from tests.hub.door_rig import DoorRig
from tests.hub.loopback_faults import FaultKind, Place
from tests.hub.loopback_hub import LoopbackHub

PROJECT = Path(__file__).resolve().parents[2]
REPO, NAME = "maker/tiny-GGUF", "tiny-Q4_K_M.gguf"
TOKEN = "hf_good"


@pytest.fixture
def data(hub: LoopbackHub) -> bytes:
    """A model that the Hub has."""
    data = chat_model().file() + b"\0" * 3_000_000
    hub.add(REPO, {NAME: data, "README.md": b"# Tiny"})
    return data


def download(rig: DoorRig, on_piece: object = None) -> int:
    """Get the model as a transfer does; gives how much has arrived."""
    door, n_bytes = rig.door, 0
    with (
        door.purpose(Purpose.DOWNLOAD, REPO),
        door.session().stream("GET", door.file_url(REPO, NAME), headers=door.headers()) as got,
    ):
        for piece in got.iter_raw():
            n_bytes += len(piece)
            if callable(on_piece):
                on_piece()
    return n_bytes


def code_of(raised: pytest.ExceptionInfo[WorldError]) -> ErrorCode:
    return raised.value.code


# --- who is asked what -----------------------------------------------------------------------


def test_nothing_is_asked_but_what_was_meant(rig: DoorRig, hub: LoopbackHub, data: bytes) -> None:
    HubSearch(rig.door).page("tiny", 0, threading.Event())
    read_repository(rig.door, REPO)
    download(rig)
    asked = [(one.method, one.path.split("?")[0]) for one in hub.log]
    assert asked[:3] == [
        ("GET", "/api/models"),
        ("GET", f"/api/models/{REPO}"),
        ("GET", f"/{REPO}/resolve/main/{NAME}"),
    ]
    assert len(asked) == 4
    assert asked[3][1].startswith("/lfs/")
    assert {one.user_agent.split("/")[0] for one in hub.log} == {"quillhouse"}


def test_requests_without_a_purpose_do_not_go_out(rig: DoorRig, hub: LoopbackHub) -> None:
    rig.door.open_library()
    with pytest.raises(BugError):
        rig.door.session().get(f"{hub.endpoint}/api/models")
    assert hub.log == []


def test_other_hosts_are_not_asked(rig: DoorRig, hub: LoopbackHub, data: bytes) -> None:
    with rig.door.purpose(Purpose.DOWNLOAD):
        for url in (f"{hub.cdn}/lfs/x", "https://tracker.example/", "http://169.254.169.254/"):
            with pytest.raises(WorldError):
                rig.door.session().get(url)
    assert hub.log == []
    download(rig)
    assert len(hub.at_cdn()) == 1  # A mirror may send on to wherever it keeps its files.


def test_the_hub_itself_may_send_on_to_its_own_hosts_only() -> None:
    hosts = AllowedHosts(HUB_ENDPOINT, HUB_ENDPOINT)
    hosts.learn_redirect(f"{HUB_ENDPOINT}/a", "https://elsewhere.example/b")
    allowed = ("https://huggingface.co/x", "https://cdn-lfs.hf.co/x", "https://a.b.hf.co:443/x")
    refused = (
        "https://elsewhere.example/b",
        "http://huggingface.co/x",
        "http://cdn-lfs.hf.co/x",
        "https://hf.co.example/x",
        "https://evilhf.co/x",
        "https://cdn-lfs.hf.co@elsewhere.example/x",
    )
    assert all(hosts.allows(url) for url in allowed)
    assert not any(hosts.allows(url) for url in refused)


# --- the token -------------------------------------------------------------------------------


def test_the_token_goes_to_the_hub_and_not_to_where_it_sends_on(
    rig: DoorRig, hub: LoopbackHub, data: bytes
) -> None:
    rig.configure(token=TOKEN)
    download(rig)
    assert [one.authorization for one in hub.log] == [f"Bearer {TOKEN}", ""]
    hub.log.clear()
    # Not even when a caller hands its headers on by mistake.
    with rig.door.purpose(Purpose.DOWNLOAD):
        location = f"{hub.cdn}/lfs/{hub.repositories[REPO].files[NAME].sha256}?signature=0"
        rig.door.session().get(location, headers=rig.door.headers())
    assert [one.authorization for one in hub.log] == [""]


def test_the_token_never_goes_to_a_mirror(hub: LoopbackHub, data: bytes) -> None:
    mirror = DoorRig(hub, is_trusted=False, token=TOKEN)
    read_repository(mirror.door, REPO)
    with mirror.door.purpose(Purpose.DOWNLOAD):
        mirror.door.session().get(
            f"{hub.endpoint}/api/models", headers={"Authorization": f"Bearer {TOKEN}"}
        )
    assert [one.authorization for one in hub.log] == ["", ""]
    mirror.door.close()


def test_tokens_and_settings_of_other_tools_are_not_used(
    hub: LoopbackHub, data: bytes, tmp_path: Path
) -> None:
    """In a process of its own, since the client library looks at its surroundings once."""
    (tmp_path / "token").write_text("hf_planted")
    script = f"""
from app.core.network import NetworkSettings
from app.hub.door import HubDoor
from app.hub.repository import read_repository
door = HubDoor(lambda entry: None, {hub.endpoint!r})
door.configure(NetworkSettings(is_offline=False, endpoint={hub.endpoint!r}))
print(read_repository(door, {REPO!r}).repo_id)
"""
    foreign = {
        "HF_HOME": str(tmp_path),
        "HF_TOKEN": "hf_planted",
        "HF_HUB_OFFLINE": "1",
        "HF_ENDPOINT": "http://127.0.0.1:9",
        "HF_HUB_DISABLE_TELEMETRY": "0",
        "HF_HUB_DISABLE_IMPLICIT_TOKEN": "0",
    }
    kept = {key: one for key, one in os.environ.items() if "proxy" not in key.lower()}
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env={**kept, **foreign},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, REPO), ran.stderr
    assert [(one.path, one.authorization) for one in hub.log] == [(f"/api/models/{REPO}", "")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["token"]


def test_making_a_door_does_not_load_the_client_library() -> None:
    script = (
        "import sys; from app.core.network import NetworkSettings; "
        "from app.hub.door import HubDoor; door = HubDoor(lambda entry: None); "
        "door.configure(NetworkSettings(is_offline=False)); "
        "print([n for n in ('huggingface_hub', 'httpx2') if n in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


# --- offline ---------------------------------------------------------------------------------


def test_offline_nothing_goes_out(rig: DoorRig, hub: LoopbackHub, data: bytes) -> None:
    rig.configure(is_offline=True)
    for use in (lambda: read_repository(rig.door, REPO), lambda: download(rig)):
        with pytest.raises(WorldError) as raised:
            use()
        assert code_of(raised) is ErrorCode.OFFLINE
    assert (hub.log, rig.entries) == ([], [])
    rig.configure(is_offline=False)
    assert read_repository(rig.door, REPO).repo_id == REPO


def test_a_door_is_closed_until_it_is_opened() -> None:
    with pytest.raises(WorldError) as raised, HubDoor(print).purpose(Purpose.SEARCH):
        pass
    assert code_of(raised) is ErrorCode.OFFLINE


def test_switching_off_ends_a_running_transfer(
    rig: DoorRig, hub: LoopbackHub, data: bytes
) -> None:
    hub.fail(Place.CDN, FaultKind.THROTTLE, bytes_per_s=1_000_000)
    with pytest.raises(WorldError) as raised:
        download(rig, lambda: rig.configure(is_offline=True))
    assert code_of(raised) is ErrorCode.OFFLINE
    assert rig.entries[-1].bytes_down < len(data) / 2


def test_switching_off_wakes_a_transfer_that_waits_for_a_silent_server(
    rig: DoorRig, hub: LoopbackHub, data: bytes
) -> None:
    hub.fail(Place.CDN, FaultKind.STALL, after=100_000)
    arrived = threading.Event()
    took_s: list[float] = []

    def switch_off() -> None:
        arrived.wait(10)
        took_s.append(time.monotonic())
        rig.configure(is_offline=True)

    other = threading.Thread(target=switch_off)
    other.start()
    with pytest.raises(WorldError) as raised:
        download(rig, arrived.set)
    other.join()
    assert code_of(raised) is ErrorCode.OFFLINE
    assert time.monotonic() - took_s[0] < 2.0  # and not after the 20 s of the time limit


# --- settings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"endpoint": "hub"}, "endpoint"),
        ({"endpoint": "ftp://hub.example"}, "endpoint"),
        ({"endpoint": "http://hub.example"}, "endpoint"),
        ({"endpoint": "https://user@hub.example"}, "endpoint"),
        ({"endpoint": "https://hub.example:port"}, "endpoint"),
        ({"proxy": "gopher://proxy.example"}, "proxy"),
        ({"proxy": "http://proxy.example:99999"}, "proxy"),
        ({"proxy": "http://"}, "proxy"),
        ({"certificates": "/no/such/file.pem"}, "certificates"),
        ({"certificates": __file__}, "certificates"),
    ],
)
def test_settings_that_cannot_be_used_are_named_and_nothing_is_sent(
    rig: DoorRig, hub: LoopbackHub, settings: dict[str, str], reason: str
) -> None:
    rig.configure(**settings)
    assert rig.door.problem is not None
    with pytest.raises(WorldError) as raised:
        read_repository(rig.door, REPO)
    assert (code_of(raised), raised.value.facts.reason) == (ErrorCode.SETTING_UNUSABLE, reason)
    assert hub.log == []


@pytest.mark.parametrize(
    "proxy", ["proxy.example:3128", "http://u:p@proxy.example", "socks5://127.0.0.1:1080", ""]
)
def test_usual_proxies_can_be_set(proxy: str) -> None:
    door = HubDoor(print)
    door.configure(NetworkSettings(proxy=proxy))
    assert door.problem is None


def test_another_endpoint_is_used_at_once(rig: DoorRig, hub: LoopbackHub, data: bytes) -> None:
    read_repository(rig.door, REPO)
    with LoopbackHub() as mirror:
        mirror.add(REPO, {NAME: data})
        rig.configure(endpoint=f"{mirror.endpoint}/", token=TOKEN)
        read_repository(rig.door, REPO)
        assert [one.authorization for one in mirror.log] == [""]
    assert len(hub.log) == 1


def test_hosts_and_origins() -> None:
    assert host_of("https://Hub.example/x") == "hub.example"
    assert host_of("https://hub.example:443") == "hub.example"
    assert host_of("http://127.0.0.1:99/x") == "127.0.0.1:99"
    assert origin_of("https://hub.example") == origin_of("https://HUB.example:443/a?b")
    assert origin_of("http://hub.example") != origin_of("https://hub.example")


# --- time limits -----------------------------------------------------------------------------


def test_a_silent_server_is_given_up(
    rig: DoorRig, hub: LoopbackHub, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.door.open_library()
    monkeypatch.setattr(transport, "TIMEOUT", httpx2.Timeout(0.3))
    hub.fail(Place.API, FaultKind.SLOW, seconds=30, times=3)

    def listed() -> object:
        with rig.door.purpose(Purpose.SEARCH):
            return list(rig.door.api().list_models())  # The library sets no limit of its own.

    for use in (
        lambda: HubSearch(rig.door).page("x", 0, threading.Event()),
        lambda: read_repository(rig.door, REPO),
        listed,
    ):
        with pytest.raises(WorldError) as raised:
            use()
        assert code_of(raised) is ErrorCode.SERVER_SILENT
        assert raised.value.facts.host == rig.door.host
    assert len(hub.log) == 3  # Asked once each: the library would have tried six times.


# --- the ledger ------------------------------------------------------------------------------


def test_the_ledger_has_every_request_with_its_bytes(
    rig: DoorRig, hub: LoopbackHub, data: bytes, qtbot: QtBot
) -> None:
    assert download(rig) == len(data)
    # The server counts a piece after it has sent it.
    qtbot.waitUntil(lambda: hub.bytes_of_files() == len(data))
    with pytest.raises(WorldError):
        read_repository(rig.door, "maker/missing")
    hub.fail(Place.API, FaultKind.DROP)
    with pytest.raises(WorldError):
        read_repository(rig.door, REPO)
    facts = [(one.purpose, one.method, one.subject, one.status) for one in rig.entries]
    assert facts == [
        (Purpose.DOWNLOAD, "GET", REPO, 302),
        (Purpose.DOWNLOAD, "GET", REPO, 200),
        (Purpose.MODEL_FACTS, "GET", "maker/missing", 401),
        (Purpose.MODEL_FACTS, "GET", REPO, 0),
    ]
    hosts = [host_of(hub.endpoint), host_of(hub.cdn), *[host_of(hub.endpoint)] * 2]
    assert [one.host for one in rig.entries] == hosts
    for entry, exchange in zip(rig.entries, hub.log, strict=True):
        assert 0 <= entry.bytes_down - exchange.bytes_sent < 1000
        assert 100 < entry.bytes_up < 1000


def test_the_ledger_has_what_came_of_a_transfer_that_broke_off(
    rig: DoorRig, hub: LoopbackHub, data: bytes
) -> None:
    hub.fail(Place.CDN, FaultKind.TRUNCATE, after=500_000)
    with pytest.raises(WorldError) as raised:
        download(rig)
    assert code_of(raised) is ErrorCode.NO_CONNECTION
    assert 500_000 <= rig.entries[-1].bytes_down < 501_000


def test_a_running_transfer_is_counted_before_it_ends(
    rig: DoorRig, hub: LoopbackHub, data: bytes
) -> None:
    seen: list[int] = []
    download(rig, lambda: seen.append(rig.door.traffic().received_bytes))
    assert 0 < seen[0] < seen[-1]
    assert seen[-1] >= len(data)
    assert rig.door.traffic().received_bytes == 0


def test_cookies_are_neither_kept_nor_sent(rig: DoorRig, hub: LoopbackHub) -> None:
    headers = {"Set-Cookie": "id=1"}
    hub.fail(Place.API, FaultKind.STATUS, code=404, headers=headers)
    with rig.door.purpose(Purpose.SEARCH):
        answer = rig.door.session().get(f"{hub.endpoint}/api/models")
        assert answer.status_code == 404
        assert not rig.door.session().cookies
        with pytest.raises(WorldError):
            ask(rig.door, f"{hub.endpoint}/api/nothing")
