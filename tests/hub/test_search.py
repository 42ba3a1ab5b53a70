"""Searching the Hub: pages, what is kept, what is cancelled, and what names a repository."""

import threading

import pytest

from app.core.candidate import Capability, Gate, Use
from app.core.errors import ErrorCode, WorldError
from app.hub.search import HubSearch, NamedRepository, SearchCancelledError, named_repository
from tests.hub.door_rig import DoorRig
from tests.hub.loopback_faults import FaultKind, Place
from tests.hub.loopback_hub import LoopbackHub

FILES = {"m-Q4_K_M.gguf": b"GGUF", "m-Q8_0.gguf": b"GGUF", "README.md": b"#"}


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def search(rig: DoorRig, clock: Clock) -> HubSearch:
    return HubSearch(rig.door, clock)


def ids(search: HubSearch, query: str, page: int = 0) -> list[str]:
    found = search.page(query, page, threading.Event())
    return [one.repo_id for one in found.candidates]


def test_pages_follow_each_other_and_end(search: HubSearch, hub: LoopbackHub) -> None:
    for number in range(70):
        hub.add(f"maker/m{number:02}-GGUF", FILES, downloads=1000 - number)
    pages = [search.page("m", number, threading.Event()) for number in range(4)]
    found = [one.repo_id for page in pages for one in page.candidates]
    assert found == [f"maker/m{number:02}-GGUF" for number in range(70)]
    assert [len(page.candidates) for page in pages] == [30, 30, 10, 0]
    assert [page.has_more for page in pages] == [True, True, False, False]
    assert len(hub.log) == 3
    assert "limit=30" in hub.log[0].query
    assert "filter=gguf" in hub.log[0].query


def test_results_are_kept_for_a_while(search: HubSearch, hub: LoopbackHub, clock: Clock) -> None:
    hub.add("maker/m-GGUF", FILES)
    assert ids(search, "  M  ") == ids(search, "m") == ["maker/m-GGUF"]
    assert len(hub.log) == 1
    clock.now_s = 16 * 60
    assert ids(search, "m") == ["maker/m-GGUF"]
    assert len(hub.log) == 2


def test_only_repositories_with_a_version_that_can_be_used_are_shown(
    search: HubSearch, hub: LoopbackHub
) -> None:
    hub.add("a/m-GGUF", {"mmproj-m.gguf": b"GGUF"})
    hub.add("b/m-GGUF", {"m.safetensors": b""}, tags=["gguf"])
    hub.add("c/m-GGUF", FILES)
    hub.add("d/m", {"m.safetensors": b""})
    assert ids(search, "m") == ["c/m-GGUF"]


def test_a_failure_is_not_kept(search: HubSearch, hub: LoopbackHub) -> None:
    hub.add("c/m-GGUF", FILES)
    hub.fail(Place.API, FaultKind.STATUS, code=503)
    with pytest.raises(WorldError):
        ids(search, "m")
    assert ids(search, "m") == ["c/m-GGUF"]


def test_nobody_waits_for_a_cancelled_search(search: HubSearch, hub: LoopbackHub) -> None:
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(SearchCancelledError):
        search.page("m", 0, cancelled)
    assert hub.log == []


def test_a_hit_says_what_the_row_says(search: HubSearch, hub: LoopbackHub) -> None:
    hub.add(
        "quant/Tiny-Instruct-GGUF",
        {**FILES, "mmproj-m.gguf": b"GGUF"},
        card={
            "license": "other",
            "license_name": "tiny-1.0",
            "license_link": "LICENSE",
            "base_model": "maker/Tiny-Instruct",
            "language": ["en", "de"],
        },
        gguf={
            "total": 4_000_000_000,
            "architecture": "qwen3",
            "context_length": 32768,
            "chat_template": "{% if tools %}{% endif %}<think>",
        },
        gated="manual",
        downloads=7,
        likes=3,
    )
    (hit,) = search.page("tiny", 0, threading.Event()).candidates
    assert (hit.name, hit.publisher, hit.quantizer) == ("Tiny-Instruct", "maker", "quant")
    assert (hit.architecture, hit.n_parameters, hit.n_ctx_train) == ("qwen3", 4 * 10**9, 32768)
    assert (hit.licence_id, hit.licence_name) == ("other", "tiny-1.0")
    assert hit.licence_link == f"{hub.endpoint}/quant/Tiny-Instruct-GGUF/blob/main/LICENSE"
    assert hit.capabilities == {Capability.TOOLS, Capability.THINKING, Capability.VISION}
    assert (hit.uses, hit.languages) == ((Use.CHAT, Use.VISION), ("en", "de"))
    assert [one.quantization for one in hit.versions] == ["Q4_K_M", "Q8_0"]
    assert [one.name for one in hit.projectors] == ["mmproj-m.gguf"]
    assert (hit.gate, hit.n_downloads, hit.n_likes) == (Gate.MANUAL, 7, 3)
    assert (hit.updated_on, hit.base_models) == ("2026-10-01", ("maker/Tiny-Instruct",))
    assert len(hit.commit) == 40


def test_the_id_of_a_repository_gives_that_one(search: HubSearch, hub: LoopbackHub) -> None:
    hub.add("maker/m-GGUF", FILES)
    page = search.page("maker/m-GGUF:Q4_K_M", 0, threading.Event())
    assert page.candidates[0].versions[0].size_bytes == 4  # with sizes and hashes
    assert not page.has_more
    assert [one.path for one in hub.log] == ["/api/models/maker/m-GGUF"]


def test_words_with_a_slash_are_searched_for_if_they_name_nothing(
    search: HubSearch, hub: LoopbackHub
) -> None:
    hub.add("maker/x-and/or-GGUF".replace("/or", "-or"), FILES)
    assert ids(search, "and/or") == []
    assert [one.path for one in hub.log] == ["/api/models/and/or", "/api/models"]
    with pytest.raises(WorldError) as raised:
        ids(search, "https://huggingface.co/and/or")
    assert raised.value.code is ErrorCode.REPOSITORY_MISSING


@pytest.mark.parametrize(
    ("text", "repo_id"),
    [
        ("org/name", "org/name"),
        (" org/na.me-1_0 ", "org/na.me-1_0"),
        ("org/name:Q4_K_M", "org/name"),
        ("hf.co/org/name", "org/name"),
        ("hf.co/org/name:UD-Q4_K_XL", "org/name"),
        ("https://huggingface.co/org/name", "org/name"),
        ("https://huggingface.co/org/name/", "org/name"),
        ("https://huggingface.co/org/name/tree/main", "org/name"),
        ("https://huggingface.co/org/name/blob/main/a/b.gguf", "org/name"),
        ("https://huggingface.co/org/name?library=x#y", "org/name"),
        ("https://hf-mirror.com/org/name", "org/name"),
        ("https://mirror.example/org/name", "org/name"),
        ("https://elsewhere.example/org/name", ""),
        ("https://huggingface.co/models", ""),
        ("https://huggingface.co/org/name/../../x", ""),
        ("https://[broken/org/name", ""),
        ("org/name/file", ""),
        ("org", ""),
        ("two words", ""),
        ("../etc", ""),
        ("/org/name", ""),
        ("", ""),
    ],
)
def test_what_names_a_repository(text: str, repo_id: str) -> None:
    found = named_repository(text, "https://mirror.example")
    assert (found.repo_id if found else "") == repo_id


def test_an_address_cannot_be_meant_as_words() -> None:
    assert named_repository("org/name") == NamedRepository("org/name", is_address=False)
    address = named_repository("https://huggingface.co/org/name")
    assert address == NamedRepository("org/name", is_address=True)
