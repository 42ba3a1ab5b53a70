"""Every way in which the Hub, or what lies before it, fails: each has its own code."""

import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import get_hf_file_metadata

from app.core.errors import ErrorCode, WorldError
from app.core.network import Purpose
from app.hub.access import who_is
from app.hub.connection import host_of
from app.hub.failures import translated
from app.hub.questions import read_text
from app.hub.repository import read_repository
from app.hub.search import HubSearch
from tests.gguf_samples import chat_model
from tests.hub.door_rig import DoorRig
from tests.hub.loopback_faults import FaultKind, Place
from tests.hub.loopback_hub import LoopbackHub
from tests.hub.loopback_proxy import LoopbackProxy
from tests.hub.loopback_tls import LoopbackTls, make_certificate

REPO, NAME = "maker/tiny-GGUF", "tiny-Q4_K_M.gguf"


@pytest.fixture(autouse=True)
def _model(hub: LoopbackHub) -> None:
    hub.add(REPO, {NAME: chat_model().file(), "README.md": b"# Tiny"})


def failure_of(use: Callable[[], object]) -> WorldError:
    with pytest.raises(WorldError) as raised:
        use()
    return raised.value


def read_file(rig: DoorRig, path: str = NAME, revision: str = "") -> str:
    with rig.door.purpose(Purpose.MODEL_CARD, REPO):
        return read_text(rig.door, REPO, path, revision, 1000)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (408, ErrorCode.SERVER_FAILED),
        (500, ErrorCode.SERVER_FAILED),
        (502, ErrorCode.SERVER_FAILED),
        (503, ErrorCode.SERVER_FAILED),
        (504, ErrorCode.SERVER_FAILED),
        (403, ErrorCode.SERVER_FAILED),
        (400, ErrorCode.SERVER_FAILED),
        (404, ErrorCode.REPOSITORY_MISSING),
        (401, ErrorCode.REPOSITORY_MISSING),
        (451, ErrorCode.REPOSITORY_DISABLED),
    ],
)
def test_statuses(rig: DoorRig, hub: LoopbackHub, status: int, expected: ErrorCode) -> None:
    hub.fail(Place.API, FaultKind.STATUS, code=status)
    error = failure_of(lambda: read_repository(rig.door, REPO))
    assert error.code is expected
    assert error.facts.host == rig.door.host
    if expected is ErrorCode.SERVER_FAILED:
        assert error.facts.reason == str(status)
    assert len(hub.log) == 1


def test_who_asks_too_often_is_told_how_long_to_wait(rig: DoorRig, hub: LoopbackHub) -> None:
    hub.limit_rate(Place.API, 42)
    error = failure_of(lambda: read_repository(rig.door, REPO))
    assert (error.code, error.facts.seconds) == (ErrorCode.RATE_LIMITED, 42.0)
    hub.fail(Place.API, FaultKind.STATUS, code=429, headers={"Retry-After": "7"})
    assert failure_of(lambda: read_repository(rig.door, REPO)).facts.seconds == 7.0
    hub.fail(Place.API, FaultKind.STATUS, code=429)
    assert failure_of(lambda: read_repository(rig.door, REPO)).facts.seconds == 60.0


def test_what_was_searched_for_is_not_in_the_log(rig: DoorRig, hub: LoopbackHub) -> None:
    hub.fail(Place.API, FaultKind.STATUS, code=418)
    search = HubSearch(rig.door)
    error = failure_of(lambda: search.page("divorce", 0, threading.Event()))
    assert "divorce" not in f"{error} {error.facts} {error.detail}"


def test_what_is_missing(rig: DoorRig) -> None:
    wrong = {
        ErrorCode.REPOSITORY_MISSING: lambda: read_repository(rig.door, "maker/none"),
        ErrorCode.REVISION_MISSING: lambda: read_repository(rig.door, REPO, "0" * 40),
        ErrorCode.REMOTE_FILE_MISSING: lambda: read_file(rig, "none.gguf"),
    }
    for code, use in wrong.items():
        assert failure_of(use).code is code
    for odd in ("", "a/b/c", "../../etc", "a b", "-x/y", "maker/x\ud800"):
        error = failure_of(lambda name=odd: read_repository(rig.door, name))  # type: ignore[misc]
        assert error.code is ErrorCode.REPOSITORY_MISSING


def test_gates(rig: DoorRig, hub: LoopbackHub) -> None:
    repository = hub.repositories[REPO]
    repository.gated, repository.allowed_tokens = "manual", {"hf_good"}
    assert failure_of(lambda: read_file(rig)).code is ErrorCode.ACCESS_NEEDED
    rig.configure(token="hf_noaccess")
    assert failure_of(lambda: read_file(rig)).code is ErrorCode.ACCESS_REFUSED
    rig.configure(token="hf_bad")
    assert failure_of(lambda: read_file(rig)).code is ErrorCode.TOKEN_REFUSED
    rig.configure(token="hf_good")
    assert read_file(rig)
    repository.is_disabled = True
    assert failure_of(lambda: read_file(rig)).code is ErrorCode.REPOSITORY_DISABLED


def test_private_repositories_look_as_if_they_were_not_there(
    rig: DoorRig, hub: LoopbackHub
) -> None:
    hub.repositories[REPO].is_private = True
    for token in ("", "hf_good"):
        rig.configure(token=token)
        error = failure_of(lambda: read_repository(rig.door, REPO))
        assert error.code is ErrorCode.REPOSITORY_MISSING


def test_whose_token_it_is(rig: DoorRig, hub: LoopbackHub) -> None:
    assert who_is(rig.door, "hf_good") == "alice"
    assert failure_of(lambda: who_is(rig.door, "hf_bad")).code is ErrorCode.TOKEN_REFUSED
    mirror = DoorRig(hub, is_trusted=False)
    hub.log.clear()
    error = failure_of(lambda: who_is(mirror.door, "hf_good"))
    assert (error.code, error.facts.host) == (ErrorCode.TOKEN_NOT_FOR_MIRROR, mirror.door.host)
    assert hub.log == []


def test_a_page_before_the_network_is_told_from_the_hub(rig: DoorRig, hub: LoopbackHub) -> None:
    hub.fail(Place.API, FaultKind.PORTAL)
    assert failure_of(lambda: read_repository(rig.door, REPO)).code is ErrorCode.SIGN_IN_PAGE
    hub.fail(Place.RESOLVE, FaultKind.PORTAL)
    assert failure_of(lambda: read_file(rig)).code is ErrorCode.SIGN_IN_PAGE
    hub.fail(Place.HEAD, FaultKind.PORTAL)
    door = rig.door

    def metadata() -> object:
        with translated(door.host, REPO, NAME), door.purpose(Purpose.DOWNLOAD, REPO):
            return get_hf_file_metadata(door.file_url(REPO, NAME), token=False)

    assert failure_of(metadata).code is ErrorCode.SIGN_IN_PAGE
    hub.repositories[REPO].replace({"page.html": b"<html>"})
    assert read_file(rig, "page.html") == "<html>"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"x"', b"{}", b"[" * 100_000, b'{"id": 5}']
)
def test_answers_that_are_none(
    rig: DoorRig, tmp_path: Path, allow_loopback: None, body: bytes
) -> None:
    certificate, key = make_certificate(tmp_path)
    with LoopbackTls(certificate, key, body) as server:
        rig.configure(endpoint=server.endpoint, certificates=str(certificate))
        error = failure_of(lambda: read_repository(rig.door, REPO))
    assert error.code is ErrorCode.ANSWER_UNREADABLE


def test_a_certificate_of_ones_own_is_trusted_only_when_it_is_set(
    rig: DoorRig, tmp_path: Path
) -> None:
    certificate, key = make_certificate(tmp_path)
    row = {"id": REPO, "sha": "0" * 40, "siblings": [{"rfilename": NAME}]}
    with LoopbackTls(certificate, key, json.dumps(row).encode()) as server:
        rig.configure(endpoint=server.endpoint)
        error = failure_of(lambda: read_repository(rig.door, REPO))
        assert error.code is ErrorCode.CERTIFICATE_REFUSED
        assert error.facts.host == host_of(server.endpoint)
        assert server.n_requests == 0
        rig.configure(certificates=str(certificate))
        assert read_repository(rig.door, REPO).commit == "0" * 40
        other, _ = make_certificate(tmp_path)
        rig.configure(certificates="")
        rig.configure(certificates=str(other))
        error = failure_of(lambda: read_repository(rig.door, REPO))
        assert error.code is ErrorCode.CERTIFICATE_REFUSED


def test_nobody_there(rig: DoorRig, hub: LoopbackHub) -> None:
    rig.configure(endpoint="http://127.0.0.1:1")
    error = failure_of(lambda: read_repository(rig.door, REPO))
    assert (error.code, error.facts.host) == (ErrorCode.NO_CONNECTION, "127.0.0.1:1")
    rig.configure(endpoint=hub.endpoint)
    hub.fail(Place.API, FaultKind.DROP)
    assert failure_of(lambda: read_repository(rig.door, REPO)).code is ErrorCode.NO_CONNECTION
    hub.fail(Place.CDN, FaultKind.RESET)
    assert failure_of(lambda: read_file(rig)).code is ErrorCode.NO_CONNECTION


def test_a_proxy_is_used(rig: DoorRig, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> None:
    with LoopbackProxy() as proxy:
        rig.configure(proxy=proxy.url)
        assert read_repository(rig.door, REPO).repo_id == REPO
        assert len(proxy.asked) == 1
        # That of the system, unless one is set.
        monkeypatch.setenv("http_proxy", proxy.url)
        rig.configure(proxy="")
        assert read_repository(rig.door, REPO).repo_id == REPO
        assert len(proxy.asked) == 2
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert read_repository(rig.door, REPO).repo_id == REPO
        assert len(proxy.asked) == 2


def test_a_tunnel_is_asked_for_encrypted_connections(rig: DoorRig, tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path)
    row = {"id": REPO, "siblings": [{"rfilename": NAME}]}
    with LoopbackProxy() as proxy, LoopbackTls(certificate, key, json.dumps(row).encode()) as tls:
        rig.configure(endpoint=tls.endpoint, certificates=str(certificate), proxy=proxy.url)
        assert read_repository(rig.door, REPO).repo_id == REPO
        assert proxy.asked == [f"CONNECT {host_of(tls.endpoint)} HTTP/1.1"]
        proxy.refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"
        error = failure_of(lambda: read_repository(rig.door, REPO))
        assert (error.code, error.facts.host) == (ErrorCode.PROXY_FAILED, host_of(proxy.url))


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_a_dead_proxy_is_named(rig: DoorRig, hub: LoopbackHub, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    rig.configure(proxy=f"{scheme}://127.0.0.1:{port}")
    error = failure_of(lambda: read_repository(rig.door, REPO))
    assert (error.code, error.facts.host) == (ErrorCode.PROXY_FAILED, f"127.0.0.1:{port}")
    assert hub.log == []


def test_a_server_cannot_put_off_for_ever(rig: DoorRig, hub: LoopbackHub) -> None:
    hub.fail(Place.API, FaultKind.STATUS, code=429, headers={"Retry-After": "9" * 400})
    with pytest.raises(WorldError) as raised:
        read_repository(rig.door, REPO)
    assert raised.value.code is ErrorCode.RATE_LIMITED
    assert raised.value.facts.seconds == 3600.0
