"""Models on other devices compute what they compute on the processor, and say where they are."""

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import ErrorCode
from app.core.placement import DeviceUse, KvType, Placement, StepDown, step_down
from tests.offload import tiny_experts
from tests.offload.conftest import Compute
from tests.offload.task import Outcome, logits_path

ON_PROCESSOR = Placement(n_ctx=512)
N_STARTER = 30
"""Layers of the starter; the output is one more."""
MEBIBYTE = 1 << 20


def on(*layers: int, placement: Placement = ON_PROCESSOR, n_experts: int = 0) -> Placement:
    """Give each device so many layers."""
    devices = tuple(f"RPC{number}" for number in range(len(layers)))
    return replace(placement, devices=devices, device_layers=layers, n_processor_experts=n_experts)


def layers_of(outcome: Outcome) -> list[int]:
    return [use.n_layers for use in outcome.device_uses]


def use_of(outcome: Outcome, name: str) -> DeviceUse:
    return next(use for use in outcome.device_uses if use.name == name)


def largest_difference(folder: Path, n_outcomes: int) -> float:
    """How far the logits of the others are from those of the first."""
    first, *others = (np.load(logits_path(folder, number)) for number in range(n_outcomes))
    assert np.ptp(first) > 0.1, "the same number everywhere proves nothing"
    return max(float(np.abs(other - first).max()) for other in others)


def test_one_device_computes_the_same_with_all_layers_and_with_some(
    compute: Compute, starter_path: Path, tmp_path: Path
) -> None:
    everything, ten, only_output = on(N_STARTER + 1), on(10), on(1)
    outcomes = compute(starter_path, ON_PROCESSOR, everything, ten, only_output)
    assert [one.offloaded for one in outcomes[1:]] == ["31/31", "10/31", "1/31"]
    assert [layers_of(one) for one in outcomes] == [[31], [0, 31], [21, 10], [30, 1]]
    assert largest_difference(tmp_path, len(outcomes)) <= 1e-4
    with_all, with_ten = (use_of(one, "RPC0").memory_bytes for one in outcomes[1:3])
    assert with_all > starter_path.stat().st_size * 0.9 > with_ten
    assert use_of(outcomes[1], "RPC0").description.startswith("127.0.0.1:")


@pytest.mark.parametrize("kv_type", list(KvType))
def test_two_devices_have_exactly_the_layers_they_are_given(
    compute: Compute, starter_path: Path, tmp_path: Path, kv_type: KvType
) -> None:
    plain = replace(ON_PROCESSOR, kv_type=kv_type)
    splits = [(20, 11), (1, 30), (7, 6), (0, 12), (3, 0)]
    placements = [on(*split, placement=plain) for split in splits]
    outcomes = compute(starter_path, plain, *placements, n_devices=2)
    expected = [[31], [0, 20, 11], [0, 1, 30], [18, 7, 6], [19, 12], [28, 3]]
    assert [layers_of(one) for one in outcomes] == expected
    assert largest_difference(tmp_path, len(outcomes)) <= 1e-4


def test_devices_are_taken_in_the_order_of_the_placement(
    compute: Compute, starter_path: Path
) -> None:
    placement = replace(on(20, 11), devices=("RPC1", "RPC0"))
    (outcome,) = compute(starter_path, placement, n_devices=2)
    names = [(use.name, use.n_layers) for use in outcome.device_uses]
    assert names == [("CPU", 0), ("RPC1", 20), ("RPC0", 11)]
    assert outcome.offered == ("RPC1", "RPC0")


def test_without_devices_the_processor_computes_though_there_are_some(
    compute: Compute, starter_path: Path
) -> None:
    (outcome,) = compute(starter_path, ON_PROCESSOR)
    assert (outcome.offloaded, outcome.offered) == ("0/31", ())
    (processor,) = outcome.device_uses
    assert processor.name == "CPU"
    assert processor.memory_bytes > starter_path.stat().st_size * 0.9


def test_experts_can_stay_on_the_processor(compute: Compute, tmp_path: Path) -> None:
    model = tiny_experts.write(tmp_path / "experts.gguf")
    n_layers = tiny_experts.N_LAYERS
    placements = [on(n_layers + 1, n_experts=n) for n in range(n_layers + 1)]
    outcomes = compute(model, ON_PROCESSOR, *placements)
    assert all(layers_of(one) == [0, n_layers + 1] for one in outcomes[1:])
    assert largest_difference(tmp_path, len(outcomes)) <= 1e-4
    on_device = [use_of(one, "RPC0").memory_bytes for one in outcomes[1:]]
    for more, less in itertools.pairwise(on_device):
        # Buffers for results grow and shrink with what is computed where.
        assert more - less == pytest.approx(tiny_experts.EXPERT_BYTES, abs=MEBIBYTE)


def test_experts_can_stay_on_the_processor_with_two_devices(
    compute: Compute, tmp_path: Path
) -> None:
    model = tiny_experts.write(tmp_path / "experts.gguf")
    outcomes = compute(model, ON_PROCESSOR, on(2, 3, n_experts=3), on(1, 2), n_devices=2)
    assert [layers_of(one) for one in outcomes[1:]] == [[0, 2, 3], [2, 1, 2]]
    assert largest_difference(tmp_path, len(outcomes)) <= 1e-4


def test_every_step_of_the_ladder_loads_down_to_the_processor(
    compute: Compute, starter_path: Path
) -> None:
    placement = on(20, 11, placement=replace(ON_PROCESSOR, n_ctx=1024, n_batch=512))
    placements, steps = [placement], []
    while lower := step_down(placement):
        placement, step = lower
        placements.append(placement)
        steps.append(step)
    outcomes = compute(starter_path, *placements, n_devices=2)
    assert [one.failure for one in outcomes] == [None] * len(outcomes)
    assert steps[-2:] == [StepDown.FEWER_GPU_LAYERS, StepDown.PROCESSOR_ONLY]
    given = [[31 - sum(one.device_layers), *one.device_layers] for one in placements]
    assert [layers_of(one) for one in outcomes] == given
    assert given[-1] == [31]


def test_a_device_that_is_not_there_is_named(compute: Compute, starter_path: Path) -> None:
    gone = replace(on(5, 5), devices=("RPC0", "RPC7"))
    (outcome,) = compute(starter_path, gone)
    assert outcome.failure is not None
    assert outcome.failure.code is ErrorCode.DEVICE_MISSING
    assert outcome.failure.facts.reason == "RPC7"
