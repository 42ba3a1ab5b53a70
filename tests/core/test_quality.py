import pytest

from app.core.fit.quality import QualityWord, plain_quantization, quality_of
from app.core.fit.quality_table import LOSSES
from app.core.gguf_types import FILE_TYPES


@pytest.mark.parametrize("name", FILE_TYPES.values())
def test_every_quantization_that_files_can_name_is_in_the_table(name: str) -> None:
    assert name in LOSSES


@pytest.mark.parametrize(
    ("found", "plain"),
    [
        ("q4_k_m", "Q4_K_M"),
        ("UD-Q4_K_XL", "Q4_K_M"),
        ("Q6_K_L", "Q6_K"),
        ("MXFP4_MOE", "MXFP4"),
        ("UD-IQ2_M", "IQ2_M"),
        ("Q2_K_XL", "Q2_K"),
    ],
)
def test_names_as_uploaders_write_them_are_understood(found: str, plain: str) -> None:
    assert plain_quantization(found) == plain


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("F16", QualityWord.FULL),
        ("Q8_0", QualityWord.FULL),
        ("Q6_K", QualityWord.CLOSE),
        ("Q4_K_M", QualityWord.CLOSE),
        ("Q4_0", QualityWord.GOOD),
        ("Q3_K_M", QualityWord.REDUCED),
        ("Q2_K", QualityWord.POOR),
        ("IQ1_S", QualityWord.POOR),
    ],
)
def test_loss_in_words(name: str, word: QualityWord) -> None:
    assert quality_of(name).word is word


def test_more_bits_of_the_same_family_lose_less() -> None:
    family = ["Q2_K", "Q3_K_S", "Q3_K_M", "Q3_K_L", "Q4_K_S", "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0"]
    kept = [quality_of(name).kept for name in family]
    assert kept == sorted(kept)


def test_an_unknown_quantization_is_judged_by_its_bits_and_never_too_well() -> None:
    unknown = quality_of("Q4_NEW")
    assert not unknown.is_measured
    assert unknown.word is not QualityWord.FULL
    assert quality_of("Q2_NEW").kept < unknown.kept <= quality_of("Q5_K_M").kept


def test_nothing_is_lost_in_the_type_a_model_was_trained_in() -> None:
    assert quality_of("MXFP4", "gpt-oss").is_native
    assert quality_of("MXFP4", "gpt-oss").word is QualityWord.FULL
    assert not quality_of("MXFP4", "qwen3moe").is_native


@pytest.mark.parametrize("name", ["IQ3_M", "IQ2_XS", "Q4_1", "Q5_0"])
def test_types_that_are_slow_on_a_processor_are_known(name: str) -> None:
    assert quality_of(name).is_slow_on_processor
    assert not quality_of("Q4_K_M").is_slow_on_processor
