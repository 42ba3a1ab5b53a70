"""Scans of made-up stores: what is found, what is not, and that nothing is changed."""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import ErrorCode
from app.core.hub_events import PlaceScanned, ScanProgress
from app.core.origin import Origin, Program
from app.store.model_files import inspect_model
from app.store.model_identity import fingerprint_of
from app.store.other_programs import scan as scanning
from app.store.other_programs.found import EntryBudget, FoundModel, Layout, Place
from app.store.other_programs.hub_cache import find_in_hub_cache
from app.store.other_programs.ollama import find_in_ollama
from app.store.other_programs.places import places_of
from app.store.other_programs.scan import KnownFile, ScanMemory, scan
from tests.conftest import Uncaptured
from tests.gguf_samples import chat_model
from tests.gguf_splitter import split
from tests.store.other_programs.stores import (
    COMMIT,
    OLLAMA_MODEL,
    tree,
    write_hub_cache,
    write_model,
    write_ollama,
)

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
needs_modes = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything"
)


def found_in(*places: Place, memory: ScanMemory | None = None) -> list[FoundModel]:
    steps = scan(places, memory or ScanMemory())
    return [step for step in steps if isinstance(step, FoundModel)]


def results_of(*places: Place) -> list[PlaceScanned]:
    return [one for one in scan(places, ScanMemory()) if isinstance(one, PlaceScanned)]


def folder(path: Path, depth: int = 4, *, is_expected: bool = True) -> Place:
    return Place(Program.FOLDER, path, Layout.ANY, depth, is_expected)


def ollama(path: Path) -> Place:
    return Place(Program.OLLAMA, path, Layout.OLLAMA)


def hub(path: Path) -> Place:
    return Place(Program.HUB_CACHE, path, Layout.HUB_CACHE)


# --- each program ---


@needs_links
def test_one_model_of_each_program(tmp_path: Path) -> None:
    home = tmp_path / "home"
    data = home / ".local" / "share"
    write_model(home / ".lmstudio/models/org/repo-GGUF/a-Q4_K_M.gguf", "In LM Studio")
    write_ollama(home / ".ollama/models", title="In Ollama")
    write_model(data / "nomic.ai/GPT4All/b.Q4_0.gguf", "In GPT4All")
    write_model(data / "Jan/data/llamacpp/models/org/mine/model.gguf", "In Jan")
    write_hub_cache(home / ".cache/huggingface/hub", title="In the cache")
    write_model(home / ".cache/llama.cpp/org_repo_c.gguf", "In llama.cpp")
    write_ollama(home / ".config/Msty/models", title="In Msty")
    write_ollama(home / ".config/anythingllm-desktop/storage/models/ollama", title="In Anything")
    write_model(home / "koboldcpp/d.gguf", "In KoboldCpp")
    write_model(home / "Downloads/e.gguf", "In Downloads")
    before = tree(tmp_path)
    found = found_in(*places_of("linux", {}, home, tmp_path / "usr"))
    names = {one.origin.program: one.model.display_name for one in found}
    assert names == {
        Program.LM_STUDIO: "In LM Studio",
        Program.OLLAMA: "llama3.2:3b",
        Program.GPT4ALL: "In GPT4All",
        Program.JAN: "In Jan",
        Program.HUB_CACHE: "In the cache",
        Program.LLAMA_CPP: "In llama.cpp",
        Program.MSTY: "llama3.2:3b",
        Program.ANYTHING_LLM: "llama3.2:3b",
        Program.KOBOLDCPP: "In KoboldCpp",
        Program.DOWNLOADS: "In Downloads",
    }
    assert tree(tmp_path) == before


@pytest.mark.parametrize("system", ["win32", "darwin", "linux"])
def test_every_place_of_every_system_is_read_in_its_layout(system: str, tmp_path: Path) -> None:
    places = places_of(system, {}, tmp_path, tmp_path / "usr" / "share")
    for number, place in enumerate(places):
        # Below a folder that is looked into as well it would be found twice.
        if any(place.path.is_relative_to(other.path) for other in places[:number]):
            continue
        if place.layout is Layout.OLLAMA:
            write_ollama(place.path, title=f"Number {number}")
        elif place.layout is Layout.HUB_CACHE:
            write_hub_cache(place.path, title=f"Number {number}", has_links=False)
        else:
            write_model(place.path / "a.gguf", f"Number {number}")
    before = tree(tmp_path)
    found = {one.origin.program for one in found_in(*places)}
    assert found == {place.program for place in places}
    assert tree(tmp_path) == before


def test_lm_studios_folders_are_named_after_the_repository(tmp_path: Path) -> None:
    write_model(tmp_path / "org" / "repo" / "a.gguf")
    (found,) = found_in(Place(Program.LM_STUDIO, tmp_path))
    assert found.origin == Origin(Program.LM_STUDIO, repo_id="org/repo")


def test_jans_models_without_a_name_go_by_their_folder(tmp_path: Path) -> None:
    path = tmp_path / "qwen-small" / "model.gguf"
    path.parent.mkdir()
    path.write_bytes(chat_model().without("general.name").file())
    (found,) = found_in(Place(Program.JAN, tmp_path))
    assert found.model.display_name == "qwen-small"


@pytest.mark.parametrize(
    ("manifest", "name", "repo_id"),
    [
        ("registry.ollama.ai/library/llama3.2/3b", "llama3.2:3b", ""),
        ("registry.ollama.ai/library/phi4/latest", "phi4", ""),
        ("registry.ollama.ai/me/mine/latest", "me/mine", ""),
        ("hf.co/org/repo-GGUF/Q4_K_M", "repo-GGUF:Q4_K_M", "org/repo-GGUF"),
    ],
)
def test_ollamas_names(manifest: str, name: str, repo_id: str, tmp_path: Path) -> None:
    blob = write_ollama(tmp_path, manifest, more_layers=("projector", "template", "license"))
    (found,) = found_in(ollama(tmp_path))
    assert found.model.path == blob
    assert found.model.display_name == name
    sha256 = blob.name.removeprefix("sha256-")
    assert found.origin == Origin(Program.OLLAMA, repo_id=repo_id, sha256=sha256)


def test_two_names_of_one_blob_are_one_model(tmp_path: Path) -> None:
    write_ollama(tmp_path, "registry.ollama.ai/library/a/latest")
    write_ollama(tmp_path, "registry.ollama.ai/library/b/latest")
    assert [one.model.display_name for one in found_in(ollama(tmp_path))] == ["a"]


def test_a_model_with_an_adapter_would_answer_otherwise_and_is_left_out(tmp_path: Path) -> None:
    write_ollama(tmp_path, more_layers=("adapter",))
    assert found_in(ollama(tmp_path)) == []


def test_half_a_blob_is_left_out(tmp_path: Path) -> None:
    blob = write_ollama(tmp_path)
    blob.rename(blob.with_name(blob.name + "-partial"))
    assert found_in(ollama(tmp_path)) == []
    blob.write_bytes(b"GGUF")
    assert found_in(ollama(tmp_path)) == []


@needs_links
def test_the_hubs_cache_tells_repository_commit_and_hash(tmp_path: Path) -> None:
    path = write_hub_cache(tmp_path, "UD-Q4/tiny-UD-Q4_K_XL.gguf")
    (found,) = found_in(hub(tmp_path))
    assert found.model.path == path
    sha256 = path.resolve().name
    assert found.origin == Origin(Program.HUB_CACHE, "org/tiny-GGUF", COMMIT, sha256)


def test_the_hubs_cache_without_links_tells_no_hash(tmp_path: Path) -> None:
    write_hub_cache(tmp_path, has_links=False)
    (found,) = found_in(hub(tmp_path))
    assert found.origin == Origin(Program.HUB_CACHE, "org/tiny-GGUF", COMMIT)


@needs_links
def test_of_two_snapshots_with_the_same_file_the_present_one_is_taken(tmp_path: Path) -> None:
    write_hub_cache(tmp_path, commit="1" * 40)
    write_hub_cache(tmp_path, commit="0" * 40)
    write_hub_cache(tmp_path, commit="5" * 40)
    (found,) = found_in(hub(tmp_path))
    assert found.origin.commit == "5" * 40


@needs_links
def test_a_snapshot_that_leads_out_of_the_cache_is_left_out(tmp_path: Path) -> None:
    outside = write_model(tmp_path / "outside.gguf")
    path = write_hub_cache(tmp_path / "hub")
    path.unlink()
    path.symlink_to(outside)
    assert found_in(hub(tmp_path / "hub")) == []


def test_a_folder_that_the_user_names_may_be_a_store(tmp_path: Path) -> None:
    write_ollama(tmp_path / "ollama")
    write_hub_cache(tmp_path / "hub", has_links=False)
    (one,) = found_in(folder(tmp_path / "ollama"))
    assert one.model.display_name == "llama3.2:3b"
    (other,) = found_in(folder(tmp_path / "hub"))
    assert other.origin.repo_id == "org/tiny-GGUF"


# --- plain folders ---


def test_a_model_in_parts_is_found_once(tmp_path: Path) -> None:
    parts = split(write_model(tmp_path / "source" / "a.gguf"), tmp_path, 3)
    (tmp_path / "source" / "a.gguf").unlink()
    (found,) = found_in(folder(tmp_path))
    assert found.model == inspect_model(parts[0])
    parts[1].unlink()
    assert found_in(folder(tmp_path)) == []


def test_what_is_no_whole_chat_model_is_left_out(tmp_path: Path) -> None:
    write_model(tmp_path / "sound.gguf")
    for name in ("incomplete-a.gguf", "mmproj-a.gguf", "a-mmproj-f16.gguf", ".hidden.gguf"):
        write_model(tmp_path / name)
    write_model(tmp_path / "downloading.gguf")
    (tmp_path / "downloading.gguf.part").touch()
    (tmp_path / "empty.gguf").touch()
    (tmp_path / "page.gguf").write_text("<!DOCTYPE html>")
    (tmp_path / "cut.gguf").write_bytes(chat_model().file()[:-100])
    kinds = {"imatrix": "imatrix", "lora": "adapter", "eye": "mmproj"}
    for name, kind in kinds.items():
        data = chat_model().set("general.type", "str", kind).file()
        (tmp_path / f"{name}.gguf").write_bytes(data)
    (result,) = results_of(folder(tmp_path))
    assert (result.n_models, result.n_unusable) == (1, 0)


def test_models_that_this_engine_cannot_run_are_counted(tmp_path: Path) -> None:
    data = chat_model().set("general.architecture", "str", "of-the-future").file()
    (tmp_path / "a.gguf").write_bytes(data)
    (tmp_path / "b.gguf").write_bytes(chat_model().without("tokenizer.chat_template").file())
    (result,) = results_of(folder(tmp_path))
    assert (result.n_models, result.n_unusable) == (0, 2)


@pytest.mark.parametrize(("depth", "n_models"), [(1, 1), (2, 2), (4, 4)])
def test_folders_are_looked_into_so_many_deep(depth: int, n_models: int, tmp_path: Path) -> None:
    path = tmp_path
    for number in range(6):
        write_model(path / f"{number}.gguf", f"Number {number}")
        path /= f"folder {number}"
    assert len(found_in(folder(tmp_path, depth))) == n_models


def test_hidden_and_system_folders_are_left_out(tmp_path: Path) -> None:
    for name in (".git", "$RECYCLE.BIN", "System Volume Information", "node_modules"):
        write_model(tmp_path / name / "a.gguf")
    assert found_in(folder(tmp_path)) == []


@needs_links
def test_links_to_folders_lead_nowhere_and_links_to_files_are_followed(tmp_path: Path) -> None:
    real = write_model(tmp_path / "elsewhere" / "a.gguf")
    looked_at = tmp_path / "looked at"
    looked_at.mkdir()
    (looked_at / "loop").symlink_to(looked_at)
    (looked_at / "other").symlink_to(real.parent)
    (looked_at / "link.gguf").symlink_to(real)
    (looked_at / "broken.gguf").symlink_to(tmp_path / "nowhere")
    (looked_at / "self.gguf").symlink_to(looked_at / "self.gguf")
    assert [one.model.path.name for one in found_in(folder(looked_at))] == ["link.gguf"]


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders on Windows")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gguf")
    assert found_in(folder(tmp_path)) == []


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_names_that_are_no_text_are_found(tmp_path: Path) -> None:
    write_model(tmp_path / os.fsdecode(b"mod\xe8le.gguf"))
    assert len(found_in(folder(tmp_path))) == 1


# --- places that are not there, or may not be read ---


def test_a_disk_that_is_not_connected_is_absent(tmp_path: Path) -> None:
    (result,) = results_of(folder(tmp_path / "gone"))
    assert result == PlaceScanned(Program.FOLDER, tmp_path / "gone", is_absent=True)
    mount_point = tmp_path / "mount point"
    mount_point.mkdir()
    (result,) = results_of(folder(mount_point))
    assert result.is_absent


def test_programs_that_are_not_installed_are_not_mentioned(tmp_path: Path) -> None:
    assert results_of(*places_of("linux", {}, tmp_path, tmp_path)) == []


def test_a_file_in_place_of_a_folder_is_no_place(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (ollama(tmp_path / "file"), hub(tmp_path / "file")):
        assert results_of(place) == []


@needs_modes
@pytest.mark.parametrize("layout", list(Layout))
def test_a_folder_that_may_not_be_read_is_told_and_the_others_are_read(
    layout: Layout, tmp_path: Path
) -> None:
    locked, other = tmp_path / "locked", write_model(tmp_path / "other" / "a.gguf").parent
    (locked / "inside").mkdir(parents=True)
    locked.chmod(0)
    try:
        place = Place(Program.OLLAMA, locked / "inside", layout)
        refused, read = results_of(place, folder(other))
    finally:
        locked.chmod(0o700)
    assert refused.failure is not None
    assert refused.failure.code is ErrorCode.FOLDER_UNREADABLE
    assert refused.failure.facts.path == str(place.path)
    assert read.n_models == 1


@needs_modes
def test_a_folder_below_that_may_not_be_read_keeps_nothing_else_from_being_found(
    tmp_path: Path,
) -> None:
    write_model(tmp_path / "a.gguf")
    (tmp_path / "locked").mkdir(mode=0)
    (result,) = results_of(folder(tmp_path))
    (tmp_path / "locked").chmod(0o700)
    assert (result.n_models, result.failure) == (1, None)


# --- again, and stopped ---


def test_what_is_known_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_model(tmp_path / "a.gguf")
    (tmp_path / "b.gguf").write_bytes(chat_model().without("tokenizer.chat_template").file())
    memory = ScanMemory()
    (first,) = found_in(folder(tmp_path), memory=memory)
    memory.models = {first.model.path: KnownFile(first.model, first.fingerprint)}

    def refuse(path: Path) -> None:
        raise AssertionError(path)

    monkeypatch.setattr(scanning, "inspect_model", refuse)
    monkeypatch.setattr(scanning, "fingerprint_of", refuse)
    assert found_in(folder(tmp_path), memory=memory) == [first]
    with (tmp_path / "a.gguf").open("ab") as stream:
        stream.write(b"\0")
    with pytest.raises(AssertionError, match=r"a\.gguf"):
        found_in(folder(tmp_path), memory=memory)


def test_a_scan_can_be_left_at_any_step(tmp_path: Path) -> None:
    for number in range(5):
        write_model(tmp_path / str(number) / "a.gguf", f"Number {number}")
    before = tree(tmp_path)
    n_steps = len(list(scan((folder(tmp_path),), ScanMemory())))
    for n in range(n_steps):
        steps = scan((folder(tmp_path),), ScanMemory())
        assert len([step for step, _ in zip(steps, range(n), strict=False)]) == n
        assert isinstance(steps, Iterator)
    assert tree(tmp_path) == before


def test_the_number_found_grows(tmp_path: Path) -> None:
    for number in range(3):
        write_model(tmp_path / f"{number}.gguf")
    steps = list(scan((folder(tmp_path), folder(tmp_path / "gone")), ScanMemory()))
    progress = [step.n_found for step in steps if isinstance(step, ScanProgress)]
    assert progress == sorted(progress)
    assert (progress[0], progress[-1]) == (0, 3)


def test_a_full_downloads_folder_is_soon_done(tmp_path: Path, uncaptured: Uncaptured) -> None:
    """5,000 files, 400 of them models: at most so many headers are read, in under 2 s."""
    for number in range(4600):
        (tmp_path / f"document {number}.pdf").touch()
    data = chat_model().file()
    for number in range(400):
        (tmp_path / f"model {number}.gguf").write_bytes(data)
    memory = ScanMemory()
    began = time.perf_counter()
    found = found_in(Place(Program.DOWNLOADS, tmp_path, depth=1), memory=memory)
    took_s = time.perf_counter() - began
    with uncaptured():
        print(f"\n5,000 files: {took_s:.2f} s, {len(found)} headers read")
    assert len(found) == scanning.MAX_HEADERS
    assert took_s < 2.0


def test_a_tree_without_end_is_left_after_so_many_files(tmp_path: Path) -> None:
    for number in range(30):
        write_model(tmp_path / str(number) / "a.gguf")
    budget = EntryBudget(25)
    assert len(list(find_in_ollama(tmp_path, budget))) == 0
    assert budget.is_spent


# --- hostile contents ---

DIGESTS = st.one_of(
    st.sampled_from(
        [
            "sha256:../../../../etc/passwd",
            "sha256-../../secret.gguf",
            "/etc/passwd",
            "sha256:" + "a" * 63,
            "sha256:" + "A" * 64,
            "sha256:" + "a" * 64 + "\n",
            "sha512:" + "a" * 64,
            "",
        ]
    ),
    st.text(),
    st.integers(),
    st.none(),
)
LAYERS = st.one_of(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "mediaType": st.one_of(st.just(OLLAMA_MODEL), st.text(), st.integers()),
                "digest": DIGESTS,
                "size": st.one_of(st.integers(), st.floats(), st.text(), st.none()),
            },
        )
    ),
    st.none(),
    st.text(),
    st.integers(),
    st.dictionaries(st.text(), st.integers()),
)
MANIFESTS = st.one_of(
    st.binary(),
    st.fixed_dictionaries({"layers": LAYERS}).map(lambda one: json.dumps(one).encode()),
    st.recursive(st.none() | st.integers() | st.text(), st.lists).map(
        lambda one: json.dumps(one).encode()
    ),
)


@settings(max_examples=150, deadline=None)
@given(manifest=MANIFESTS)
def test_no_manifest_leads_out_of_the_store(
    manifest: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("store")
    write_model(root / "secret.gguf")
    store = root / "models"
    path = store / "manifests" / "registry.ollama.ai" / "library" / "bad" / "latest"
    path.parent.mkdir(parents=True)
    (store / "blobs").mkdir()
    path.write_bytes(manifest)
    good = write_ollama(store)
    assert [one.model.path for one in found_in(ollama(store))] == [good]


@pytest.mark.parametrize("text", ["[" * 500_000, " " * 2_000_000 + "{}", "\ud800"])
def test_huge_and_deep_manifests_are_passed_over(text: str, tmp_path: Path) -> None:
    path = tmp_path / "manifests" / "h" / "n" / "m" / "t"
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert found_in(ollama(tmp_path)) == []


@needs_links
def test_a_blob_that_is_a_folder_or_leads_nowhere_is_passed_over(tmp_path: Path) -> None:
    blob = write_ollama(tmp_path)
    blob.unlink()
    blob.mkdir()
    assert found_in(ollama(tmp_path)) == []
    blob.rmdir()
    blob.symlink_to(blob)
    assert found_in(ollama(tmp_path)) == []


@pytest.mark.parametrize("name", ["models--", "models--org", "models----x", "models--a--b--c"])
def test_odd_names_in_the_hubs_cache_do_no_harm(name: str, tmp_path: Path) -> None:
    write_hub_cache(tmp_path, repository=name, has_links=False)
    for found in find_in_hub_cache(tmp_path, EntryBudget()):
        assert found is None or "/" in found.repo_id


# --- identity ---


def test_copies_have_the_same_fingerprint_and_others_have_not(tmp_path: Path) -> None:
    one, copy = write_model(tmp_path / "a.gguf"), write_model(tmp_path / "b.gguf")
    other = write_model(tmp_path / "c.gguf", "Tiny Sampel")
    assert fingerprint_of(one) == fingerprint_of(copy) != fingerprint_of(other)
    data = bytearray(one.read_bytes() * 50)
    for name in ("long 1", "long 2"):
        (tmp_path / name).write_bytes(data)
        data[len(data) // 4 :: 997] = b"x" * len(data[len(data) // 4 :: 997])
    assert fingerprint_of(tmp_path / "long 1") != fingerprint_of(tmp_path / "long 2")
    assert fingerprint_of(tmp_path / "gone") == ""


# --- folders that users name ---


@needs_links
def test_the_whole_folder_of_a_program_may_be_named(tmp_path: Path) -> None:
    write_ollama(tmp_path / ".ollama" / "models", title="In Ollama")
    write_hub_cache(tmp_path / "huggingface" / "hub", title="In the cache")
    (in_ollama,) = found_in(folder(tmp_path / ".ollama"))
    (in_cache,) = found_in(folder(tmp_path / "huggingface"))
    assert in_ollama.model.display_name == "llama3.2:3b"
    assert in_cache.origin.repo_id == "org/tiny-GGUF"


@needs_links
def test_a_snapshot_that_may_not_be_read_hides_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = write_hub_cache(tmp_path, repository="models--a--locked").parent
    write_hub_cache(tmp_path, repository="models--b--open")
    entries = EntryBudget.entries

    def refused(budget: EntryBudget, path: Path) -> list[os.DirEntry[str]]:
        if path == locked:
            raise PermissionError(13, "Permission denied")
        return entries(budget, path)

    monkeypatch.setattr(EntryBudget, "entries", refused)
    (result,) = results_of(hub(tmp_path))
    assert (result.n_models, result.failure) == (1, None)
