"""What becomes of a candidate when more is known of it."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from app.core.candidate import Candidate, Capability, Gate, RemoteFile, RemoteVersion, Use
from app.core.candidate_facts import (
    newer_spec,
    representative,
    spec_of,
    unfit_of,
    with_header,
    with_hub_facts,
)
from app.core.errors import ErrorCode
from app.core.gguf import GgufHeader
from app.core.gguf_reader import read_header
from tests.gguf_samples import Sample, chat_model

HASHES = ("a" * 64, "b" * 64)


def version(quantization: str, *sizes: int, sha256: str = HASHES[0]) -> RemoteVersion:
    files = [
        RemoteFile(f"m-{quantization}-{number}.gguf", size, sha256)
        for number, size in enumerate(sizes)
    ]
    return RemoteVersion(quantization, tuple(files))


KNOWN = Candidate(
    "quant/m-GGUF",
    "Model",
    publisher="Maker",
    sentence="Good.",
    licence_id="apache-2.0",
    uses=(Use.WRITING,),
    capabilities=frozenset({Capability.TOOLS}),
    languages=("en",),
    versions=(version("Q4_K_M", 0),),
    unverified=frozenset({"size", "sha256", "languages", "n_ctx_train"}),
    is_curated=True,
)
FOUND = Candidate(
    "quant/m-GGUF",
    "m",
    publisher="maker",
    licence_id="apache-2.0",
    licence_link="https://hub.example/LICENSE",
    uses=(Use.CHAT,),
    languages=("fr",),
    versions=(version("Q4_K_M", 5),),
    gate=Gate.MANUAL,
    commit="c" * 40,
    n_downloads=7,
)


def header_of(sample: Sample) -> GgufHeader:
    data = sample.file()
    return read_header(BytesIO(data), len(data), "m.gguf")


def test_what_was_written_stays_and_what_the_hub_says_counts() -> None:
    merged = with_hub_facts(KNOWN, FOUND)
    assert (merged.name, merged.publisher, merged.sentence) == ("Model", "Maker", "Good.")
    assert (merged.uses, merged.languages) == ((Use.WRITING,), ("en",))
    assert merged.versions == FOUND.versions
    assert (merged.gate, merged.commit, merged.n_downloads) == (Gate.MANUAL, "c" * 40, 7)
    assert merged.unverified == {"languages", "n_ctx_train"}
    assert merged.is_curated


def test_hashes_of_the_catalogue_count_more_than_those_of_a_mirror() -> None:
    known = replace(KNOWN, versions=(version("Q4_K_M", 5, sha256=HASHES[1]),))
    found = replace(FOUND, versions=(*FOUND.versions, version("Q8_0", 9)))
    merged = with_hub_facts(known, found, is_from_mirror=True)
    assert merged.versions == (*known.versions, found.versions[1])
    assert with_hub_facts(known, found).versions == found.versions
    assert with_hub_facts(KNOWN, FOUND, is_from_mirror=True).versions == FOUND.versions


@pytest.mark.parametrize(
    ("known", "found", "expected"),
    [
        ("apache-2.0", "cc-by-nc-4.0", "cc-by-nc-4.0"),
        ("cc-by-nc-4.0", "apache-2.0", "cc-by-nc-4.0"),
        ("cc-by-nc-4.0", "", "cc-by-nc-4.0"),
        ("", "mit", "mit"),
        ("", "", ""),
    ],
)
def test_the_stricter_licence_counts(known: str, found: str, expected: str) -> None:
    one, other = replace(KNOWN, licence_id=known), replace(FOUND, licence_id=found)
    assert with_hub_facts(one, other).licence_id == expected


def test_a_licence_keeps_its_own_link() -> None:
    assert with_hub_facts(KNOWN, FOUND).licence_link == FOUND.licence_link
    stricter = replace(KNOWN, licence_id="cc-by-nc-4.0", licence_link="https://mine.example")
    assert with_hub_facts(stricter, FOUND).licence_link == "https://mine.example"


def test_a_usual_version_in_one_file_stands_for_all() -> None:
    versions = (
        version("BF16", 100),
        version("Q4_K_M", 10, 10),
        version("Q8_0", 40),
        version("Q4_K_S", 18),
        version("IQ2_XS", 9),
    )
    chosen = representative(replace(KNOWN, versions=versions))
    assert chosen is not None
    assert chosen.quantization == "Q4_K_S"
    odd = representative(replace(KNOWN, versions=(version("BF16", 100), version("IQ2_XS", 9))))
    assert odd is not None
    assert odd.quantization == "IQ2_XS"
    assert representative(replace(KNOWN, versions=(version("Q4_K_M", 10, 10),))) is None
    assert representative(replace(KNOWN, versions=(version("Q4_K_M", 0),))) is None


def test_a_header_gives_the_exact_shape() -> None:
    header = header_of(chat_model())
    exact = with_header(KNOWN, header, RemoteFile("m.gguf", 123_456))
    assert exact.shape is not None
    assert (len(exact.shape.layers), exact.shape_bytes) == (2, 123_456)
    assert exact.is_shape_exact
    assert (exact.architecture, exact.n_ctx_train) == ("llama", 512)
    assert exact.unverified == {"size", "sha256", "languages"}


def test_what_cannot_run_says_why() -> None:
    assert unfit_of(header_of(chat_model())) is None
    mute = unfit_of(header_of(chat_model().without("tokenizer.chat_template")))
    assert mute is not None
    assert mute.code is ErrorCode.CHAT_TEMPLATE_MISSING
    novel = unfit_of(header_of(chat_model().set("general.architecture", "str", "novel9")))
    assert novel is not None
    assert novel.code is ErrorCode.MODEL_UNSUPPORTED
    # One does not chat with it, and it is of use all the same.
    finder = chat_model().set("general.architecture", "str", "nomic-bert")
    assert unfit_of(header_of(finder)) is None
    # Nor with one whose architecture is that of models which write.
    qwen = chat_model().set("general.name", "str", "Qwen3 Embedding 0.6B")
    qwen.set("general.architecture", "str", "qwen3").without("tokenizer.chat_template")
    assert unfit_of(header_of(qwen)) is None


def test_newer_versions() -> None:
    path = Path("/models/m-Q4_K_M-0.gguf")
    assert newer_spec(FOUND, path, "c" * 40, HASHES[1]) is None
    assert newer_spec(FOUND, path, "d" * 40, HASHES[0]) is None
    for commit, sha256 in (("d" * 40, HASHES[1]), ("", ""), ("d" * 40, "")):
        spec = newer_spec(FOUND, path, commit, sha256)
        assert spec is not None
        assert (spec.commit, spec.replaces, spec.files) == (
            "c" * 40,
            str(path),
            FOUND.versions[0].files,
        )
    with pytest.raises(LookupError):
        newer_spec(FOUND, Path("/models/other.gguf"), "", "")


def test_what_is_to_be_downloaded() -> None:
    spec = spec_of(replace(FOUND, architecture="nomic-bert"), FOUND.versions[0])
    assert (spec.repo_id, spec.name, spec.quantization) == ("quant/m-GGUF", "m", "Q4_K_M")
    assert (spec.licence_id, spec.licence_link) == (FOUND.licence_id, FOUND.licence_link)
    assert (spec.is_embedding, spec.replaces) == (True, "")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"architecture": "bert"}, True),
        ({"architecture": "qwen3", "uses": (Use.EMBEDDING,)}, True),
        ({"architecture": "qwen3", "uses": (Use.CHAT,)}, False),
    ],
)
def test_a_download_says_whether_it_is_for_chatting(
    facts: dict[str, object], expected: object
) -> None:
    candidate = replace(KNOWN, **facts)  # type: ignore[arg-type]
    projector = RemoteFile("mmproj-F16.gguf", 3, HASHES[1])
    spec = spec_of(candidate, candidate.versions[0], projector)
    assert spec.is_embedding is expected
    assert spec.files == (*candidate.versions[0].files, projector)
