"""Which files are versions of one model."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.fit.quality_table import LOSSES
from app.core.model_versions import base_name, group_versions
from tests.fit_samples import LARGE, QWEN, SMOL, model


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("Qwen3-4B-Instruct-Q4_K_M", "Qwen3-4B-Instruct"),
        ("Qwen3 4B Instruct Q8_0", "Qwen3 4B Instruct"),
        ("Llama-3.2-1B-Instruct.IQ4_XS", "Llama-3.2-1B-Instruct"),
        ("gemma-3-12b-it-UD-Q4_K_XL", "gemma-3-12b-it"),
        ("gemma-3-12b-it-i1-Q4_K_S", "gemma-3-12b-it"),
        ("gpt-oss-20b-MXFP4_MOE", "gpt-oss-20b"),
        ("SmolLM3-3B-BF16-GGUF", "SmolLM3-3B"),
        ("Mistral Nemo (Q5_K_M)", "Mistral Nemo"),
        ("phi-4-fp16", "phi-4"),
        ("Starter", "Starter"),
        ("Qwen2.5", "Qwen2.5"),
        ("Q4_K_M", "Q4_K_M"),
        ("-Q4_0", "-Q4_0"),
        ("Model Q9", "Model Q9"),
        ("", ""),
    ],
)
def test_a_name_is_shown_without_its_quantization(name: str, base: str) -> None:
    assert base_name(name) == base


@pytest.mark.parametrize("quantization", LOSSES)
def test_every_known_quantization_is_no_part_of_a_name(quantization: str) -> None:
    assert base_name(f"Some-Model-7B-{quantization}") == "Some-Model-7B"


def test_files_of_one_model_share_a_group_in_the_order_of_first_mention() -> None:
    mixed = (QWEN[0], SMOL, QWEN[1], LARGE, QWEN[2])
    groups = group_versions(mixed)
    assert [group.name for group in groups] == ["Qwen3 4B Instruct", "SmolLM3 3B", "Qwen3 32B"]
    assert groups[0].models == (QWEN[0], QWEN[1], QWEN[2])
    assert groups[0].find(QWEN[1].path) is QWEN[1]
    assert groups[0].find(SMOL.path) is None
    assert len({group.key for group in groups}) == 3


def test_people_write_one_name_in_several_ways() -> None:
    one = model("Qwen3 4B", "Q4_K_M")
    other = replace(model("x", "Q8_0"), display_name="qwen3-4b_Q8_0", path=SMOL.path)
    assert [len(group.models) for group in group_versions((one, other))] == [2]


def test_an_output_that_some_files_share_with_the_embedding_makes_no_other_model() -> None:
    one = model("Some", "Q4_K_M", billions=4.0)
    assert len(group_versions((one, model("Some", "Q8_0", billions=4.05)))) == 1
    assert len(group_versions((one, model("Some", "Q8_0", billions=4.4)))) == 2
    assert len(group_versions((one, model("Some", "Q8_0", architecture="llama")))) == 2


def test_the_key_stays_when_other_files_come_and_go() -> None:
    before = group_versions(QWEN)[0].key
    assert group_versions((SMOL, *QWEN[:1]))[1].key == before


@given(st.lists(st.sampled_from((*QWEN, SMOL, LARGE)), max_size=8))
def test_every_file_is_in_exactly_one_group(models: list[object]) -> None:
    files = [one for one in models if isinstance(one, type(SMOL))]
    grouped = [one for group in group_versions(files) for one in group.models]
    assert sorted(map(id, grouped)) == sorted(map(id, files))
    assert all(group.models for group in group_versions(files))
