"""The loopback Hub against the real client: what it claims to be, it has to be."""

import hashlib
from collections.abc import Iterator

import huggingface_hub
import pytest
from huggingface_hub import HfApi, get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.utils._http import default_client_factory, get_session

from tests.gguf_samples import chat_model
from tests.hub.loopback_faults import FaultKind, Origin, Place
from tests.hub.loopback_hub import LoopbackHub

REPO = "maker/tiny-GGUF"
NAME = "tiny-Q4_K_M.gguf"


@pytest.fixture
def data() -> bytes:
    return chat_model().file()


@pytest.fixture(autouse=True)
def _own_session(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The library as it comes, whatever door has been opened before."""
    huggingface_hub.set_client_factory(default_client_factory)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_DISABLE_TELEMETRY", True)
    yield
    huggingface_hub.close_session()


def test_lists_pages_and_describes(hub: LoopbackHub, data: bytes) -> None:
    for number in range(5):
        hub.add(f"maker/m{number}-GGUF", {NAME: data}, gguf={"total": number}, downloads=number)
    hub.page_size = 2
    api = HfApi(endpoint=hub.endpoint, token=False)
    found = list(api.list_models(filter="gguf", search="m", sort="downloads"))
    assert [one.id for one in found] == [f"maker/m{number}-GGUF" for number in range(4, -1, -1)]
    info = api.model_info("maker/m1-GGUF", files_metadata=True)
    assert info.siblings is not None
    (sibling,) = info.siblings
    assert sibling.size == len(data)
    assert sibling.lfs is not None
    assert sibling.lfs.sha256 == hashlib.sha256(data).hexdigest()
    assert not any("agent-harnesses" in one.path for one in hub.log)


def test_files_are_at_the_other_origin(hub: LoopbackHub, data: bytes) -> None:
    hub.add(REPO, {NAME: data, "README.md": b"# Tiny"})
    url = hf_hub_url(REPO, NAME, endpoint=hub.endpoint)
    facts = get_hf_file_metadata(url, token="hf_good", endpoint=hub.endpoint)
    assert (facts.etag, facts.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert facts.location.startswith(hub.cdn)
    part = get_session().get(facts.location, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, data[10:20])
    hub.expire_links()
    assert get_session().get(facts.location).status_code == 403
    assert [one.origin for one in hub.log] == [Origin.HUB, Origin.CDN, Origin.CDN]


def test_refuses_as_the_hub_does(hub: LoopbackHub, data: bytes) -> None:
    hub.add("maker/gated-GGUF", {NAME: data}, gated="auto", allowed_tokens={"hf_good"})
    url = hf_hub_url("maker/gated-GGUF", NAME, endpoint=hub.endpoint)
    for token in (False, "hf_noaccess"):
        with pytest.raises(GatedRepoError):
            get_hf_file_metadata(url, token=token, endpoint=hub.endpoint)
    assert get_hf_file_metadata(url, token="hf_good", endpoint=hub.endpoint).size
    with pytest.raises(RepositoryNotFoundError):
        HfApi(endpoint=hub.endpoint, token=False).model_info("maker/none")
    hub.fail(Place.API, FaultKind.STATUS, code=503)
    with pytest.raises(HfHubHTTPError):
        HfApi(endpoint=hub.endpoint, token=False).model_info("maker/gated-GGUF")


def test_a_new_commit_leaves_the_old_one(hub: LoopbackHub, data: bytes) -> None:
    repository = hub.add(REPO, {NAME: data})
    old = repository.commit
    new = repository.replace({NAME: data + b"\0"})
    sizes = [
        get_hf_file_metadata(
            hf_hub_url(REPO, NAME, revision=one, endpoint=hub.endpoint), endpoint=hub.endpoint
        ).size
        for one in (old, new, "main")
    ]
    assert sizes == [len(data), len(data) + 1, len(data) + 1]
