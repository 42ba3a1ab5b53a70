from hypothesis import given
from hypothesis import strategies as st

from app.core.placement import (
    AUTOMATIC_N_CTX,
    MIN_N_CTX,
    KvType,
    Placement,
    StepDown,
    automatic_placement,
    step_down,
)
from app.core.settings import DEFAULTS, SettingKey


def test_the_ladder_gives_up_context_first_and_offload_last() -> None:
    steps = []
    placement: Placement | None = Placement(n_ctx=4096, n_gpu_layers=3)
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


@given(
    n_ctx=st.integers(1, 10**6),
    kv_type=st.sampled_from(KvType),
    n_gpu_layers=st.integers(0, 200),
)
def test_the_ladder_ends_and_each_step_asks_for_less(
    n_ctx: int, kv_type: KvType, n_gpu_layers: int
) -> None:
    placement = Placement(n_ctx, kv_type, n_gpu_layers)
    for _ in range(40):
        lower = step_down(placement)
        if lower is None:
            break
        placement = lower[0]
    else:
        raise AssertionError("the ladder does not end")
    assert placement.n_ctx <= max(MIN_N_CTX, n_ctx)
    assert placement.n_gpu_layers == 0


def test_one_core_is_left_to_the_window_while_writing() -> None:
    placement = automatic_placement(0, DEFAULTS, 8)
    assert (placement.n_threads, placement.n_threads_batch) == (7, 8)
    assert automatic_placement(0, DEFAULTS, 1).n_threads == 1


def test_the_context_is_no_longer_than_the_model_was_trained_for() -> None:
    assert automatic_placement(2048, DEFAULTS, 2).n_ctx == 2048
    assert automatic_placement(131072, DEFAULTS, 2).n_ctx == AUTOMATIC_N_CTX
    wanted = {**DEFAULTS, SettingKey.N_CTX: 16384}
    assert automatic_placement(131072, wanted, 2).n_ctx == 16384


def test_no_more_threads_than_the_cores_can_run() -> None:
    placement = automatic_placement(0, {**DEFAULTS, SettingKey.N_THREADS: 256}, 4)
    assert placement.n_threads == 8
    placement = automatic_placement(0, {**DEFAULTS, SettingKey.N_THREADS: 3}, 4)
    assert placement.n_threads == 3
