"""What the bundled catalogue says: honest, plain, and good for every computer."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from app import __version__
from app.core.candidate import Candidate, Use, as_model_versions
from app.core.catalogue import Section, SizeClass, Standing, for_you, size_class
from app.core.catalogue_sentences import SENTENCES
from app.core.fit.quality import plain_quantization, quality_of
from app.core.fit_events import Outlook
from app.core.gguf_types import CHAT_ARCHITECTURES, EMBEDDING_ARCHITECTURES
from app.core.licence_table import LicenceBadge
from app.core.licences import licence_of
from app.core.prospects import prospect_of
from app.machine.recorded_computer import read_recorded
from app.store.catalogue_file import SHAPES_NAME, read_catalogue
from tests.catalogue.write_shapes import FOLDER, known_shape, shapes_text
from tests.phantom_models import PHANTOMS

CATALOGUE = read_catalogue(FOLDER)
CANDIDATES = CATALOGUE.candidates
COMPUTERS = sorted((Path(__file__).parents[1] / "computers").glob("*.json"))
LEAST_MEMORY_BYTES = 7_500_000_000
"""What systems call 8 GB."""
NOTHING_RUNS_WELL = {
    # An old processor without AVX2: even 1.5B write more slowly than people read.
    "linux_8gb_without_avx2": {Use.CODE, Use.LANGUAGES},
}
SENTENCE_CHARACTERS = 140
NOT_PLAIN = re.compile(
    r"\b(LLM|MoE|mixture|tokens?|parameters?|quanti\w+|inference|multimodal|benchmark\w*|SOTA|"
    r"state.of.the.art|context window|embedding|GPU|VRAM|RAM|agentic|reasoning|instruct|"
    r"powerful|cutting.edge|best|amazing|outstanding|superior|seamless\w*|blazing|excellent|"
    r"revolution\w*|world.class|impressive|unmatched|state|leading|ultimate)\b",
    re.IGNORECASE,
)
DRAWBACK = re.compile(
    r"\b(slow\w*|weak\w*|not?|wrong|cannot|err\w*|invents?|little|mixes|lost|older|needs?|poor|"
    r"dry|average|misreads|mistakes|slips|gets|untested|only|less|average)\b"
)
each_model = pytest.mark.parametrize("candidate", CANDIDATES, ids=lambda one: one.name)


def test_the_shapes_are_those_of_the_phantoms(tmp_path: Path) -> None:
    known = [known_shape(tmp_path, name) for name in PHANTOMS]
    written = FOLDER.joinpath(SHAPES_NAME).read_text(encoding="utf-8")
    assert written == shapes_text(known), "run `python -m tests.catalogue.write_shapes`"


def test_there_is_something_for_every_use_and_size() -> None:
    assert __version__
    assert 30 <= len(CANDIDATES) <= 45
    counts = Counter(use for one in CANDIDATES for use in one.uses)
    first = Counter(one.uses[0] for one in CANDIDATES)
    for use in Use:
        assert counts[use] >= (2 if use is Use.EMBEDDING else 3)
        assert first[use] >= 2
    assert {size_class(one) for one in CANDIDATES} == set(SizeClass) - {SizeClass.UNKNOWN}


def test_nothing_is_there_twice() -> None:
    assert len({one.repo_id for one in CANDIDATES}) == len(CANDIDATES)
    assert len({one.name for one in CANDIDATES}) == len(CANDIDATES)
    assert len({one.sentence for one in CANDIDATES}) == len(CANDIDATES)


@each_model
def test_the_sentence_is_plain_and_names_a_drawback(candidate: Candidate) -> None:
    sentence = candidate.sentence
    assert 40 <= len(sentence) <= SENTENCE_CHARACTERS
    assert sentence.endswith(".")
    assert "!" not in sentence
    assert not NOT_PLAIN.search(sentence), NOT_PLAIN.search(sentence)
    assert DRAWBACK.search(sentence)


def test_every_sentence_can_be_translated() -> None:
    assert tuple(one.sentence for one in CANDIDATES) == SENTENCES


@each_model
def test_this_engine_can_load_it(candidate: Candidate) -> None:
    assert candidate.architecture in CHAT_ARCHITECTURES | EMBEDDING_ARCHITECTURES
    is_embedding = Use.EMBEDDING in candidate.uses
    assert (candidate.uses == (Use.EMBEDDING,)) is is_embedding
    assert is_embedding or candidate.architecture in CHAT_ARCHITECTURES


@each_model
def test_its_versions_are_worth_having(candidate: Candidate) -> None:
    names = [plain_quantization(one.quantization) for one in candidate.versions]
    assert len(set(names)) == len(names)
    assert all(quality_of(one, candidate.architecture).is_measured for one in names if one)
    has_usual = bool({"Q4_K_M", "MXFP4", "Q4_0"} & set(names))
    assert has_usual or ("Q8_0" in names and size_class(candidate) in {"tiny", "small"})
    sizes = [one.size_bytes for one in candidate.versions]
    assert all(sizes)
    for version, size in zip(candidate.versions, sizes, strict=True):
        bits = quality_of(version.quantization, candidate.architecture).bits
        assert 0.75 <= size * 8 / candidate.n_parameters / bits <= 1.6
        assert len(version.files) == 1


@each_model
def test_what_nobody_has_checked_is_said(candidate: Candidate) -> None:
    for version in candidate.versions:
        for file in version.files:
            assert file.is_verified or {"size", "sha256"} <= candidate.unverified
    assert re.fullmatch(r"[0-9a-f]{40}", candidate.commit) or "commit" in candidate.unverified
    assert candidate.n_ctx_train or "n_ctx_train" in candidate.unverified
    if not CATALOGUE.verified_on:
        assert {"commit", "sha256", "size"} <= candidate.unverified


@each_model
def test_its_licence_is_known_and_allows_work(candidate: Candidate) -> None:
    licence = licence_of(candidate.licence_id, candidate.licence_name)
    assert licence.badge in {LicenceBadge.FREE, LicenceBadge.CONDITIONS}
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", candidate.repo_id)
    assert candidate.languages
    assert candidate.base_models
    assert all(re.fullmatch("[a-z]{2}", one) for one in candidate.languages)


@cache
def sections_on(path: Path) -> tuple[Section, ...]:
    outlook = Outlook(read_recorded(path))
    prospects = {one.repo_id: prospect_of(as_model_versions(one), outlook) for one in CANDIDATES}
    return for_you(CANDIDATES, prospects)


@pytest.mark.parametrize("path", COMPUTERS, ids=lambda one: one.stem)
def test_every_computer_has_a_model_for_every_use(path: Path) -> None:
    if read_recorded(path).memory_bytes < LEAST_MEMORY_BYTES:
        pytest.skip("less than 8 GB")
    sections = sections_on(path)
    without = {one.use for one in sections if one.recommended is None}
    assert without == NOTHING_RUNS_WELL.get(path.stem, set())
    for section in sections:
        best = section.recommended
        if best is not None:
            assert section.entries[0] is best
            assert best.standing is Standing.RUNS_WELL
            assert section.use in best.candidate.uses


@pytest.mark.parametrize(
    ("computer", "chat"),
    [
        ("windows_8gb_i5_8250u", "Qwen3.5 4B"),
        # Qwen3.5 9B answers better, but writes more slowly there than people read.
        ("windows_16gb_i5_1240p", "Gemma 4 E4B"),
        ("windows_32gb_ryzen_5900", "Qwen3.6 35B-A3B"),
        ("linux_64gb_rtx_4090", "Qwen3.6 27B"),
    ],
)
def test_the_first_choice_is_a_sensible_one(computer: str, chat: str) -> None:
    path = next(one for one in COMPUTERS if one.stem == computer)
    best = sections_on(path)[0].recommended
    assert best is not None
    assert best.candidate.name == chat
