"""Shapes told from relatives: how wrong they are, and that they are always sound."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.fit.memory import predict_memory
from app.core.model_shape import ModelShape
from app.core.nearest_shape import KnownShape, nearest_shape
from app.core.placement import Placement
from app.store.catalogue_file import read_shapes
from tests.conftest import Uncaptured

SHAPES = read_shapes(Path(__file__).parents[2] / "resources" / "catalogue")
BY_NAME = {one.name: one for one in SHAPES}
PLACEMENT = Placement(8192)


def told_from_others(known: KnownShape) -> ModelShape:
    others = [one for one in SHAPES if one is not known]
    shape = nearest_shape(others, known.shape.architecture, known.n_parameters, known.size_bytes)
    assert shape is not None
    return shape


def error_of(known: KnownShape) -> float:
    told = predict_memory(told_from_others(known), PLACEMENT).total_bytes
    return told / predict_memory(known.shape, PLACEMENT).total_bytes - 1


def has_near_sibling(known: KnownShape) -> bool:
    return any(
        0.5 <= one.n_parameters / known.n_parameters <= 2
        for one in SHAPES
        if one is not known and one.shape.architecture == known.shape.architecture
    )


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def test_memory_is_about_right_without_the_model_itself(uncaptured: Uncaptured) -> None:
    errors = {one.name: error_of(one) for one in SHAPES}
    near = [abs(errors[one.name]) for one in SHAPES if has_near_sibling(one)]
    every = [abs(error) for error in errors.values()]
    with uncaptured():
        print("\nMemory at 8,192 tokens told from the nearest relative, % off")
        for label, part in (("all", every), ("near sibling", near)):
            numbers = [100 * percentile(part, place) for place in (0.5, 0.9, 1)]
            print(f"{label:<14}{len(part):>4}" + "".join(f"{one:>8.1f}" for one in numbers))
    assert percentile(every, 0.5) <= 0.09
    assert percentile(every, 0.9) <= 0.35
    assert percentile(near, 0.5) <= 0.05
    assert max(near) <= 0.20
    # Rather too much than too little: what does not fit after all costs a download.
    assert sum(errors.values()) >= 0


def test_a_known_model_is_its_own_nearest_relative() -> None:
    for known in SHAPES:
        shape = nearest_shape(
            SHAPES, known.shape.architecture, known.n_parameters, known.size_bytes
        )
        assert shape is not None
        assert len(shape.layers) == len(known.shape.layers)
        assert shape.weights_bytes == pytest.approx(known.shape.weights_bytes, rel=0.001)


@pytest.mark.parametrize(
    ("architecture", "billions", "relative"),
    [
        ("qwen35", 8.0, "qwen3.5-9b"),
        ("gemma4", 12.0, "gemma-4-e4b"),
        ("gemma4", 25.3, "gemma-4-26b-a4b"),
        ("qwen3vl", 1.7, "qwen3-1.7b"),
        ("qwen3vlmoe", 30.0, "qwen3-30b-a3b"),
        ("nemotron_h_moe", 32.0, "qwen3-30b-a3b"),
    ],
)
def test_the_relative_is_of_the_same_kind(
    architecture: str, billions: float, relative: str
) -> None:
    shape = nearest_shape(SHAPES, architecture, round(billions * 1e9), 0)
    assert shape is not None
    assert shape.architecture == architecture
    expected = BY_NAME[relative].shape
    assert (shape.n_experts, shape.n_vocabulary) == (expected.n_experts, expected.n_vocabulary)


def test_without_a_relative_a_plain_model_is_assumed() -> None:
    shape = nearest_shape(SHAPES, "never-heard-of", 7_000_000_000, 4_400_000_000)
    assert shape is not None
    assert len(shape.layers) == 32
    assert all(layer.k_width for layer in shape.layers)
    assert shape.weights_bytes == pytest.approx(4.4e9, rel=0.001)


def test_of_nothing_nothing_is_told() -> None:
    assert nearest_shape(SHAPES, "qwen3", 0, 0) is None


ARCHITECTURES = st.sampled_from(
    sorted({one.shape.architecture for one in SHAPES} | {"", "somemoe", "mistral4", "x1"})
)


@given(ARCHITECTURES, st.integers(0, 10**12), st.integers(0, 10**12))
def test_every_shape_is_sound(architecture: str, n_parameters: int, size_bytes: int) -> None:
    shape = nearest_shape(SHAPES, architecture, n_parameters, size_bytes)
    if shape is None:
        assert n_parameters == 0
        assert size_bytes < 2
        return
    assert shape.layers
    assert all(0 <= layer.graph < max(1, len(shape.graphs)) for layer in shape.layers)
    if size_bytes > 10_000_000:
        assert shape.weights_bytes == pytest.approx(size_bytes, rel=0.02)
    assert predict_memory(shape, PLACEMENT).total_bytes >= shape.weights_bytes
