"""What a hostile server, or somebody in between, can do with an answer."""

import gzip
import logging
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from app.core.errors import ErrorCode, WorldError
from app.core.network import HUB_ENDPOINT, Purpose
from app.hub.access import who_is
from app.hub.allowed_hosts import AllowedHosts
from app.hub.bounded_body import PIECE_BYTES, unpacked
from app.hub.card import read_card
from app.hub.door import HubDoor
from app.hub.repository import read_repository
from app.hub.search import HubSearch
from tests.gguf_samples import chat_model
from tests.hub import loopback_server
from tests.hub.door_rig import DoorRig
from tests.hub.loopback_faults import FaultKind, Place
from tests.hub.loopback_hub import LoopbackHub

REPO, NAME = "maker/tiny-GGUF", "tiny-Q4_K_M.gguf"
MIRROR = "https://mirror.example"
MIB = 1 << 20
Answer = tuple[int, dict[str, str], bytes]
Measure = Callable[[], int]


def code_for(ask: Callable[[], object]) -> ErrorCode:
    with pytest.raises(WorldError) as raised:
        ask()
    return raised.value.code


# --- where an answer sends on to -------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "is_allowed"),
    [
        ("https://files.example/a", True),
        ("http://files.example/a", False),
        ("file:///etc/passwd", False),
        ("ftp://files.example/a", False),
        ("https://127.0.0.1/a", False),
        ("https://127.1/a", False),
        ("https://2130706433/a", False),
        ("https://0x7f.1/a", False),
        ("https://[::1]/a", False),
        ("https://[::ffff:10.0.0.1]/a", False),
        ("https://192.168.1.1/a", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("https://localhost/a", False),
        ("https://router/a", False),
        ("https://printer.local/a", False),
    ],
)
def test_a_mirror_sends_on_neither_in_the_clear_nor_to_this_network(
    target: str, is_allowed: bool
) -> None:
    hosts = AllowedHosts(MIRROR, HUB_ENDPOINT)
    hosts.learn_redirect(f"{MIRROR}/x", target)
    assert hosts.allows(target) is is_allowed


def test_a_mirror_on_this_network_may_send_on_within_it() -> None:
    hosts = AllowedHosts("http://nas.local", HUB_ENDPOINT)
    hosts.learn_redirect("http://nas.local/x", "http://192.168.1.7:9000/y")
    assert hosts.allows("http://192.168.1.7:9000/y")


def test_nothing_is_learned_from_who_is_not_asked() -> None:
    hosts = AllowedHosts(MIRROR, HUB_ENDPOINT)
    hosts.learn_redirect("https://stranger.example/x", "https://evil.example/y")
    assert not hosts.allows("https://evil.example/y")


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("file:///etc/passwd", ErrorCode.SIGN_IN_PAGE),
        ("ftp://127.0.0.1/x", ErrorCode.SIGN_IN_PAGE),
        ("https://[::1].example/x", ErrorCode.ANSWER_UNREADABLE),
        ("http://127.0.0.1:99999/x", ErrorCode.ANSWER_UNREADABLE),
    ],
)
def test_redirects_to_strange_places_are_refused(
    rig: DoorRig, hub: LoopbackHub, location: str, code: ErrorCode
) -> None:
    hub.fail(Place.API, FaultKind.STATUS, code=302, headers={"Location": location})
    assert code_for(lambda: read_repository(rig.door, REPO)) is code
    assert len(hub.log) == len(rig.entries) == 1


# --- tokens ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token", ["hf_secret\nhf_other", "hf_secret\r\nX-A: b", "hf_sécret", "a b"]
)
def test_what_cannot_be_a_token_is_not_sent_and_not_written_down(
    rig: DoorRig, hub: LoopbackHub, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(WorldError) as raised:
        who_is(rig.door, token)
    assert raised.value.code is ErrorCode.TOKEN_REFUSED
    assert "secret" not in f"{raised.value.detail} {raised.value.facts} {caplog.text}"
    assert hub.log == []
    rig.configure(token=token)
    assert not rig.door.has_token
    hub.add(REPO, {NAME: chat_model().file()})
    read_repository(rig.door, REPO)
    assert [one.authorization for one in hub.log] == [""]


def test_neither_searches_nor_tokens_get_into_the_log(
    rig: DoorRig, hub: LoopbackHub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    rig.configure(token="hf_good")
    HubSearch(rig.door).page("my private illness", 0, threading.Event())
    hub.fail(Place.API, FaultKind.STATUS, code=400)
    code_for(lambda: HubSearch(rig.door).page("my private illness", 0, threading.Event()))
    assert "illness" not in caplog.text
    assert "hf_good" not in caplog.text


# --- answers that do not end, or grow --------------------------------------------------------


def packed_hub(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    """Let the loopback Hub answer questions about models with `answer`."""

    def answer_api(handler: loopback_server._Handler, *_: object) -> None:
        status, headers, body = answer
        handler._send(status, {"Content-Type": "application/json", **headers}, body)

    monkeypatch.setattr(loopback_server._Handler, "_answer_api", answer_api)


@cache
def packed(encoding: str, n_packings: int) -> bytes:
    """Give what is small until it is unpacked; made once, since that takes a second."""
    body = b'"' + bytes(150 * MIB if n_packings else 10)
    for _ in range(n_packings):
        body = gzip.compress(body, 9) if "gzip" in encoding else zlib.compress(body, 9)
    return body


@pytest.fixture
def peak() -> Iterator[Measure]:
    """Measures the memory that Python takes."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


def test_a_packed_answer_is_understood(
    rig: DoorRig, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = b'{"id": "maker/tiny-GGUF", "siblings": [{"rfilename": "tiny-Q4_K_M.gguf"}]}'
    packed_hub(monkeypatch, (200, {"Content-Encoding": "gzip"}, gzip.compress(body)))
    assert read_repository(rig.door, REPO).versions[0].files[0].path == NAME


@pytest.mark.parametrize(
    ("encoding", "n_packings"), [("gzip", 1), ("gzip, gzip", 2), ("deflate", 1), ("br", 0)]
)
@pytest.mark.parametrize("status", [200, 400])
def test_a_small_answer_does_not_fill_the_memory(
    rig: DoorRig,
    hub: LoopbackHub,
    monkeypatch: pytest.MonkeyPatch,
    peak: Measure,
    status: int,
    encoding: str,
    n_packings: int,
) -> None:
    body = packed(encoding, n_packings)
    packed_hub(monkeypatch, (status, {"Content-Encoding": encoding}, body))
    rig.door.open_library()
    tracemalloc.reset_peak()
    assert code_for(lambda: read_repository(rig.door, REPO)) is ErrorCode.ANSWER_UNREADABLE
    assert peak() < 60 * MIB


def test_an_error_that_does_not_end_is_given_up(
    rig: DoorRig, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed_hub(monkeypatch, (400, {}, bytes(40 * MIB)))
    code_for(lambda: read_repository(rig.door, REPO))
    assert rig.entries[-1].bytes_down < 2 * MIB


def test_a_huge_card_is_cut_off(rig: DoorRig, hub: LoopbackHub) -> None:
    hub.add(REPO, {NAME: chat_model().file(), "README.md": b"word " * (4 * MIB)})
    assert len(read_card(rig.door, REPO)) <= 512 << 10
    assert rig.entries[-1].bytes_down < 2 * MIB


def test_unpacking_gives_small_pieces() -> None:
    data = bytes(3 * MIB) + b"end"
    pieces = list(unpacked([gzip.compress(data)], "hub"))
    assert b"".join(pieces) == data
    assert max(map(len, pieces)) == PIECE_BYTES


def test_what_is_damaged_is_told() -> None:
    assert code_for(lambda: list(unpacked([b"no gzip at all"], "hub"))) is (
        ErrorCode.ANSWER_UNREADABLE
    )


# --- servers that say nothing ----------------------------------------------------------------


@pytest.mark.parametrize("is_warm", [False, True])
def test_a_request_without_an_answer_ends_with_the_network(
    rig: DoorRig, hub: LoopbackHub, *, is_warm: bool
) -> None:
    """Over a new connection, and over one that was used before."""
    hub.add(REPO, {NAME: chat_model().file()})
    if is_warm:
        read_repository(rig.door, REPO)
    n_before = len(hub.log)
    hub.fail(Place.API, FaultKind.SLOW, seconds=15)
    codes: list[ErrorCode] = []
    asking = threading.Thread(
        target=lambda: codes.append(code_for(lambda: read_repository(rig.door, REPO)))
    )
    asking.start()
    while len(hub.log) == n_before:
        asking.join(0.01)
    rig.configure(is_offline=True)
    asking.join(1.0)
    assert codes == [ErrorCode.OFFLINE]


def test_only_the_thread_that_is_meant_is_cut_off(rig: DoorRig, hub: LoopbackHub) -> None:
    hub.add(REPO, {NAME: chat_model().file()})
    hub.fail(Place.API, FaultKind.SLOW, seconds=15)
    door: HubDoor = rig.door
    ended = threading.Event()

    def ask() -> None:
        with pytest.raises(WorldError), door.purpose(Purpose.MODEL_FACTS):
            read_repository(door, REPO)
        ended.set()

    asking = threading.Thread(target=ask)
    asking.start()
    while not hub.log:
        asking.join(0.01)
    door.cut_off_thread(asking.ident or 0)
    assert ended.wait(1.0)
    assert read_repository(door, REPO).repo_id == REPO
