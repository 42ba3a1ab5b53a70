import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.placement import (
    MIN_N_CTX,
    PROCESSOR_BATCH,
    KvType,
    Placement,
    StepDown,
    step_down,
)


def test_the_ladder_gives_up_context_first_and_offload_last() -> None:
    steps = []
    placement: Placement | None = Placement(
        n_ctx=4096,
        devices=("A",),
        device_layers=(3,),
        n_processor_experts=2,
        n_batch=512,
        use_mmap=True,
    )
    while placement is not None and (lower := step_down(placement)):
        placement, step = lower
        steps.append(step)
    assert steps == [
        StepDown.SMALLER_CONTEXT,
        StepDown.SMALLER_CONTEXT,
        StepDown.SMALLER_KV,
        StepDown.FEWER_GPU_LAYERS,
        StepDown.PROCESSOR_ONLY,
    ]
    assert placement == Placement(MIN_N_CTX, KvType.Q8_0, n_batch=PROCESSOR_BATCH)


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ((31,), [(15,), (7,), (3,), (1,), ()]),
        ((20, 11), [(10, 5), (5, 2), (2, 1), (1,), ()]),
        ((1, 30), [(15,), (7,), (3,), (1,), ()]),
        ((5, 5, 5), [(3, 2, 2), (1, 1, 1), (1,), ()]),
        ((0, 2), [(1,), ()]),
        ((0,), [()]),
    ],
)
def test_layers_leave_the_devices_in_proportion(
    layers: tuple[int, ...], expected: list[tuple[int, ...]]
) -> None:
    names = tuple("ABC"[: len(layers)])
    placement = Placement(MIN_N_CTX, KvType.Q8_0, names, layers)
    found = []
    while lower := step_down(placement):
        placement = lower[0]
        found.append(placement.device_layers)
        assert len(placement.devices) == len(placement.device_layers)
    assert found == expected


@given(
    n_ctx=st.integers(1, 10**6),
    kv_type=st.sampled_from(KvType),
    layers=st.lists(st.integers(0, 200), max_size=4).map(tuple),
)
def test_the_ladder_ends_and_each_step_asks_for_less(
    n_ctx: int, kv_type: KvType, layers: tuple[int, ...]
) -> None:
    names = tuple(f"CUDA{n}" for n in range(len(layers)))
    placement = Placement(n_ctx, kv_type, names, layers)
    for _ in range(40):
        lower = step_down(placement)
        if lower is None:
            break
        assert lower[0].n_gpu_layers <= placement.n_gpu_layers
        placement = lower[0]
    else:
        raise AssertionError("the ladder does not end")
    assert placement.n_ctx <= max(MIN_N_CTX, n_ctx)
    assert placement.devices == ()
