"""What is read of one repository: facts, licence, page, and the header of a file."""

import hashlib
import struct

import pytest

from app.core.candidate import RemoteFile
from app.core.errors import ErrorCode, WorldError
from app.core.network import Purpose
from app.hub import remote_header
from app.hub.card import read_card, without_front_matter
from app.hub.remote_header import read_remote_header
from app.hub.repository import read_licence, read_repository
from tests.gguf_samples import Sample, chat_model
from tests.hub.door_rig import DoorRig
from tests.hub.loopback_faults import FaultKind, Place
from tests.hub.loopback_hub import LoopbackHub

REPO, NAME = "maker/tiny-GGUF", "tiny-Q4_K_M.gguf"


def large_model() -> Sample:
    """A model whose header has 3 MB, most of it vocabulary."""
    sample = chat_model()
    sample.set("tokenizer.ggml.tokens", "[str]", [f"token{n:014}" for n in range(110_000)])
    sample.set("tokenizer.ggml.token_type", "[i32]", [1] * 110_000)
    sample.tensors[0] = ("token_embd.weight", (64, 110_000), 0)
    return sample


def add(hub: LoopbackHub, sample: Sample, **facts: object) -> RemoteFile:
    data = sample.file()
    hub.add(REPO, {NAME: data}, **facts)
    return RemoteFile(NAME, len(data), hashlib.sha256(data).hexdigest())


# --- facts -----------------------------------------------------------------------------------


def test_one_question_tells_sizes_hashes_and_commit(rig: DoorRig, hub: LoopbackHub) -> None:
    file = add(hub, chat_model(), gguf={"architecture": "llama", "total": 5})
    found = read_repository(rig.door, REPO)
    assert found.versions[0].files == (file,)
    assert (found.commit, found.architecture) == (hub.repositories[REPO].commit, "llama")
    assert len(hub.log) == 1


def test_an_older_commit_can_be_asked_about(rig: DoorRig, hub: LoopbackHub) -> None:
    file = add(hub, chat_model())
    first = hub.repositories[REPO].commit
    hub.repositories[REPO].replace({NAME: b"GGUF another"})
    found = read_repository(rig.door, REPO, first)
    assert (found.commit, found.versions[0].files) == (first, (file,))
    assert read_repository(rig.door, REPO).versions[0].files[0].size_bytes == 12


def test_a_repository_without_models_says_so(rig: DoorRig, hub: LoopbackHub) -> None:
    hub.add(REPO, {"model.safetensors": b""})
    with pytest.raises(WorldError) as raised:
        read_repository(rig.door, REPO)
    assert raised.value.code is ErrorCode.NO_MODEL_FILES
    assert raised.value.facts.repo_id == REPO


# --- licence and page ------------------------------------------------------------------------


def test_the_licence_is_that_of_the_repository_or_of_what_it_was_made_from(
    rig: DoorRig, hub: LoopbackHub
) -> None:
    files = {NAME: b"GGUF", "NOTICE": b"notice", "LICENSE.md": b"mine", "a/LICENSE": b"other"}
    hub.add(REPO, files)
    hub.add("maker/base", {"LICENCE.txt": b"base's"})
    hub.add("maker/bare-GGUF", {NAME: b"GGUF"})
    hub.add("maker/made-GGUF", {NAME: b"GGUF"}, card={"base_model": ["maker/base"]})
    hub.add("maker/lost-GGUF", {NAME: b"GGUF"}, card={"base_model": ["maker/missing"]})
    commit = hub.repositories[REPO].commit
    assert read_licence(rig.door, REPO, commit) == "mine"
    assert read_licence(rig.door, "maker/made-GGUF") == "base's"
    assert read_licence(rig.door, "maker/lost-GGUF") == ""
    assert read_licence(rig.door, "maker/bare-GGUF") == ""
    assert {one.purpose for one in rig.entries} == {Purpose.LICENCE}


def test_the_licence_is_cut_off_where_it_is_too_long(rig: DoorRig, hub: LoopbackHub) -> None:
    hub.add(REPO, {NAME: b"GGUF", "LICENSE": b"x" * 1_000_000})
    assert len(read_licence(rig.door, REPO)) == 256 * 1024


def test_the_page_comes_without_its_front_matter(rig: DoorRig, hub: LoopbackHub) -> None:
    page = "---\nlicense: mit\n---\n# Tiny\n\nGood ---\n"
    hub.add(REPO, {NAME: b"GGUF", "README.md": page.encode() + b"\xff"})
    assert read_card(rig.door, REPO) == "# Tiny\n\nGood ---\n\ufffd"
    hub.add("maker/bare-GGUF", {NAME: b"GGUF"})
    assert read_card(rig.door, "maker/bare-GGUF") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\r\na: b\r\n---\r\ntext", "text"),
        ("\ufeff---\na: b\n---\n", ""),
        ("---\na: b\n---", ""),
        ("---\nnever closed\n", "---\nnever closed"),
        ("text\n---\nmore\n---\n", "text\n---\nmore\n---"),
        ("---\n---\ntext", "text"),
        ("", ""),
    ],
)
def test_front_matter(text: str, expected: str) -> None:
    assert without_front_matter(text) == expected


# --- the header of a file --------------------------------------------------------------------


def test_a_header_is_read_without_the_file(rig: DoorRig, hub: LoopbackHub) -> None:
    file = add(hub, large_model())
    header = read_remote_header(rig.door, REPO, file, hub.repositories[REPO].commit)
    assert (header.architecture, len(header.token_texts)) == ("llama", 110_000)
    ranges = [one.range for one in hub.at_cdn()]
    assert ranges[0] == "bytes=0-65535"
    assert ranges[1] == f"bytes=65536-{65536 + (1 << 20) - 1}"
    assert len(ranges) <= 4
    assert hub.bytes_of_files() < 8 << 20 < file.size_bytes
    # The way to the file is asked once.
    assert len([one for one in hub.log if "/resolve/" in one.path]) == 1
    assert {one.purpose for one in rig.entries} == {Purpose.MODEL_HEADER}


def test_a_small_file_is_read_in_one_piece(rig: DoorRig, hub: LoopbackHub) -> None:
    file = add(hub, chat_model())
    assert file.size_bytes > 65536 or len(hub.at_cdn()) <= 1
    assert read_remote_header(rig.door, REPO, file, "").name == "Tiny Sample"


def test_an_unknown_architecture_is_refused_after_the_first_piece(
    rig: DoorRig, hub: LoopbackHub
) -> None:
    file = add(hub, large_model().set("general.architecture", "str", "novel9"))
    with pytest.raises(WorldError) as raised:
        read_remote_header(rig.door, REPO, file, "")
    assert (raised.value.code, raised.value.facts.reason) == (
        ErrorCode.MODEL_UNSUPPORTED,
        "novel9",
    )
    assert 65536 <= rig.entries[-1].bytes_down < 67000
    assert len(hub.at_cdn()) == 1


def test_a_server_that_knows_no_ranges_does_not_send_the_whole_file(
    rig: DoorRig, hub: LoopbackHub
) -> None:
    file = add(hub, large_model())
    hub.fail(Place.CDN, FaultKind.IGNORE_RANGE, times=9)
    with pytest.raises(WorldError) as raised:
        read_remote_header(rig.door, REPO, file, "")
    assert raised.value.code is ErrorCode.ANSWER_UNREADABLE
    assert len(hub.at_cdn()) == 2
    assert sum(one.bytes_down for one in rig.entries) < 1 << 20


def test_a_header_that_never_ends_is_given_up(
    rig: DoorRig, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_header, "MAX_TOTAL_BYTES", 2 << 20)
    file = add(hub, large_model())
    with pytest.raises(WorldError) as raised:
        read_remote_header(rig.door, REPO, file, "")
    assert raised.value.code is ErrorCode.MODEL_DAMAGED
    assert hub.bytes_of_files() <= 2 << 20


def test_what_is_no_model_is_refused(rig: DoorRig, hub: LoopbackHub) -> None:
    architecture = b"general.architecture" + struct.pack("<IQ", 8, 1 << 63)
    for data in (b"<html>" * 100, b"GGUF" + b"\0" * 50, b"GGUF" + architecture):
        hub.add(REPO, {NAME: data})
        with pytest.raises(WorldError):
            read_remote_header(rig.door, REPO, RemoteFile(NAME, len(data)), "")


def test_a_piece_that_is_too_short_is_not_taken(rig: DoorRig, hub: LoopbackHub) -> None:
    file = add(hub, large_model())
    hub.fail(Place.CDN, FaultKind.LIE_TOTAL)
    with pytest.raises(WorldError) as raised:
        read_remote_header(rig.door, REPO, file, "")
    assert raised.value.code is ErrorCode.ANSWER_UNREADABLE
