"""What names of files on the Hub say."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.candidate import RemoteFile
from app.core.gguf_name import FileKind, GgufName, group_files, parse_gguf_name

TABLE = Path(__file__).with_name("gguf_names.tsv")


def _rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


ROWS = _rows()


def _files(*paths: str) -> list[RemoteFile]:
    return [RemoteFile(path, 1000 + i) for i, path in enumerate(paths)]


def _offered(*paths: str) -> list[tuple[str, list[str]]]:
    groups = group_files(_files(*paths))
    return [(one.quantization, [file.path for file in one.files]) for one in groups.versions]


@pytest.mark.parametrize("row", ROWS, ids=[row["path"] for row in ROWS])
def test_real_names_are_understood(row: dict[str, str]) -> None:
    name = parse_gguf_name(row["path"])
    part = f"{name.part}/{name.n_parts}" if name.n_parts > 1 else ""
    said = (name.kind.value, name.quantization, part)
    assert said == (row["kind"], row["quantization"], row["part"])


def test_the_table_is_whole() -> None:
    assert len(ROWS) == 86
    assert {FileKind(row["kind"]) for row in ROWS} == set(FileKind)


def test_parts_are_put_together_in_order() -> None:
    assert _offered(
        "m-Q4_K_M-00002-of-00003.gguf",
        "m-Q8_0.gguf",
        "m-Q4_K_M-00003-of-00003.gguf",
        "m-Q4_K_M-00001-of-00003.gguf",
    ) == [
        ("Q4_K_M", [f"m-Q4_K_M-0000{part}-of-00003.gguf" for part in (1, 2, 3)]),
        ("Q8_0", ["m-Q8_0.gguf"]),
    ]


@pytest.mark.parametrize(
    "paths",
    [
        ("m-Q4_K_M-00001-of-00002.gguf",),
        ("m-Q4_K_M-00002-of-00002.gguf",),
        ("m-Q4_K_M-00002-of-00002.gguf", "m-Q4_K_M-00003-of-00002.gguf"),
        ("m-Q4_K_M-00000-of-00002.gguf", "m-Q4_K_M-00001-of-00002.gguf"),
        ("m-Q4_K_M-00001-of-00002.gguf", "m-Q4_K_M-00002-of-00003.gguf"),
        ("m-Q4_K_M-00001-of-00002.gguf", "n-Q4_K_M-00002-of-00002.gguf"),
        ("a/m-Q4_K_M-00001-of-00002.gguf", "b/m-Q4_K_M-00002-of-00002.gguf"),
        ("m-Q4_K_M-00001-of-00002.gguf", "m-Q4_K_M-00001-of-00002.GGUF"),
        ("m-Q4_K_M-00000-of-00000.gguf",),
        # llama.cpp, given the first, would look for another name.
        ("m-Q4_K_M-00001-of-00002.gguf", "m-Q4_K_M-00002-of-00002.GGUF"),
        tuple(f"m-Q4_K_M-{n:05}-of-00513.gguf" for n in range(1, 514)),
    ],
)
def test_a_version_with_a_part_missing_is_not_offered(paths: tuple[str, ...]) -> None:
    assert _offered(*paths) == []


def test_one_quantization_in_two_folders_stays_two_versions() -> None:
    assert _offered("a/m-Q4_K_M.gguf", "b/m-Q4_K_M.gguf") == [
        ("Q4_K_M", ["a/m-Q4_K_M.gguf"]),
        ("Q4_K_M", ["b/m-Q4_K_M.gguf"]),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "m.Q4_0_4_4.gguf",
        "m-IQ4_NL_4_4.gguf",
        "m-Q8R16.gguf",
        "m-IQ4_KSS.gguf",
        "m-IQ2_K_R4.gguf",
        "m-FP8.gguf",
        "ggml-model-i2_s.gguf",
        "m.Q6_K.gguf.part1of2",
        "m.Q6_K.gguf-split-a",
        "imatrix_unsloth.gguf",
        "m.imatrix",
        "ggml-vocab-qwen2.gguf",
        "my-lora-f16.gguf",
        "mtp-m-Q8_0.gguf",
        "token2wav-gguf/hifigan2.gguf",
        "ae/vae-f16.gguf",
        "mmproj/model-f16.gguf",
        "Q4_K_M/LoRA/model-f16.gguf",
        "draft/m-Q4_K_M.gguf",
        "README.md",
        "m.safetensors",
    ],
)
def test_what_the_engine_cannot_use_is_left_out(path: str) -> None:
    assert _offered(path, "m-Q4_K_M.gguf") == [("Q4_K_M", ["m-Q4_K_M.gguf"])]


@pytest.mark.parametrize(
    "path",
    ["Jan-v3.5-4B.gguf", "MoQ-2.10/Qwen3.5-9B-MoQ-2.10.gguf", "talkie-1930-13b-it-q5.gguf"],
)
def test_a_custom_quantization_is_kept_without_a_name(path: str) -> None:
    assert _offered(path) == [("", [path])]


def test_projectors_are_kept_apart() -> None:
    groups = group_files(_files("mmproj-F16.gguf", "m-Q4_K_M.gguf", "x-mmproj.q8_0.gguf"))
    assert [file.path for file in groups.projectors] == ["mmproj-F16.gguf", "x-mmproj.q8_0.gguf"]
    assert len(groups.versions) == 1


QUANTIZATIONS = st.sampled_from(["Q4_K_M", "q8_0", "UD-IQ2_XXS", "BF16", "MXFP4_MOE", "iQ4_XS"])
BASES = st.sampled_from(["Qwen3-4B", "a.b_c", "model", "Gemma 4 (new)", "日本語-7B", "x-lm"])


@given(BASES, QUANTIZATIONS, st.sampled_from("-._"), st.sampled_from(["", "sub/"]))
def test_a_quantization_is_found_wherever_it_stands(
    base: str, quantization: str, separator: str, folder: str
) -> None:
    for path in (
        f"{folder}{base}{separator}{quantization}.gguf",
        f"{folder}{quantization}{separator}{base}.gguf",
        f"{folder}{quantization}/{base}.gguf",
    ):
        assert parse_gguf_name(path).quantization == quantization.upper()


@given(BASES, QUANTIZATIONS, st.integers(1, 99), st.integers(2, 99))
def test_a_name_can_be_made_again_from_what_was_read(
    base: str, quantization: str, part: int, n_parts: int
) -> None:
    path = f"f/{base}-{quantization}-{part:05}-of-{n_parts:05}.gguf"
    name = parse_gguf_name(path)
    assert f"{name.stem}-{name.part:05}-of-{name.n_parts:05}.gguf" == path
    whole = parse_gguf_name(f"{name.stem}.gguf")
    assert whole == GgufName(name.kind, name.quantization, name.stem)


ANY_PATH = st.text(max_size=40) | st.builds(
    lambda start, middle, end: start + middle + end,
    st.text(max_size=12),
    st.sampled_from(["Q4_K_M", "-00001-of-00002", "mmproj", "imatrix", "/", "İ", "\n", "F16"]),
    st.sampled_from([".gguf", ".GGUF", ".gguf.part1of2", ".gguf-split-a", "", ".imatrix"]),
)


@given(ANY_PATH)
def test_no_name_is_too_strange(path: str) -> None:
    name = parse_gguf_name(path)
    assert path.startswith(name.stem)
    assert name.part >= 0
    assert name.n_parts >= 0
    assert name.quantization == name.quantization.upper()


@given(st.lists(ANY_PATH, max_size=12))
def test_grouping_adds_nothing_and_groups_are_stable(paths: list[str]) -> None:
    files = _files(*dict.fromkeys(paths))
    groups = group_files(files)
    used = [file for one in groups.versions for file in one.files]
    assert set(used) | set(groups.projectors) <= set(files)
    assert len(set(used)) == len(used)
    assert group_files(used).versions == groups.versions
