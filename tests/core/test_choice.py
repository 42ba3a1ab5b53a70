"""What is recommended on 32 recorded computers, and the rules behind it.

Of the computers fifteen are those that the rules were drawn up for, the others are odd ones: no
AVX2, two cards, integrated graphics beside a card, free memory above the total, a card that the
build cannot use. Speeds are guesses there; what is tested is the choice.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.computer import Computer, Device, DeviceKind, Processor, System
from app.core.fit.choice import (
    FitState,
    Ranking,
    Reason,
    Wishes,
    rank_versions,
    recommend_model,
    smaller_version_that_fits,
    verdict_on,
)
from app.core.fit.memory import predict_memory
from app.core.fit.placing import Room, room_for
from app.core.fit.speed import Calibration, RunRecord, SpeedKnowledge, record_key
from app.core.fit.speed_priors import TypeSpeed
from app.core.gguf_reader import read_header
from app.core.gguf_shape import shape_of
from app.core.model import ModelFile
from app.core.model_shape import FeedForward, LayerGraph, LayerShape, ModelShape
from app.core.placement import KvType
from app.machine.recorded_computer import read_recorded
from tests.phantom_models import write_phantom

COMPUTERS = Path(__file__).parents[1] / "computers"
QUANTIZATIONS = ("Q2_K", "Q3_K_M", "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0")
MODELS = ("qwen3-4b", "llama-3.1-8b", "gemma-3-12b", "gpt-oss-20b", "qwen3-30b-a3b")
GB = 1_000_000_000
UNKNOWN = SpeedKnowledge()

RECOMMENDED = {
    "chromebook_4gb": (
        "none: too_big",
        "none: too_big",
        "none: too_big",
        "none: too_big",
        "none: too_big",
    ),
    "linux_64gb_rtx_4090": (
        "Q8_0 32k, graphics, runs_well",
        "Q8_0 32k, graphics, runs_well",
        "Q8_0 32k, graphics, runs_well",
        "MXFP4 32k, graphics, runs_well",
        "Q5_K_M 16k, graphics, runs_well",
    ),
    "linux_8gb_raspberry_pi_5": (
        "Q4_K_M 16k, processor, runs_well",
        "Q4_K_M 8k, processor, tight",
        "none: tight",
        "none: too_big",
        "none: too_big",
    ),
    "linux_8gb_without_avx2": (
        "Q4_K_M 8k, processor, slow",
        "Q4_K_M 8k compact, processor, tight",
        "none: tight",
        "none: too_big",
        "none: too_big",
    ),
    "linux_container_16gb": (
        "Q4_K_M 16k, processor, runs_well",
        "Q4_K_M 16k, processor, runs_well",
        "Q4_K_M 16k, processor, slow",
        "MXFP4 32k, processor, tight",
        "none: tight",
    ),
    "linux_huge_server": (
        "Q8_0 32k, graphics, runs_well",
        "Q8_0 32k, graphics, runs_well",
        "Q8_0 32k, graphics, runs_well",
        "MXFP4 32k, graphics, runs_well",
        "Q8_0 32k, graphics, runs_well",
    ),
    "linux_hybrid_i7_12700h": (
        "Q4_K_M 32k, processor, runs_well",
        "Q4_K_M 32k, processor, runs_well",
        "Q4_K_M 32k, processor, slow",
        "MXFP4 32k, processor, runs_well",
        "Q4_K_M 16k, processor, runs_well",
    ),
    "linux_rx_6700_xt_vulkan": (
        "Q8_0 32k, graphics, runs_well",
        "Q6_K 32k, graphics, runs_well",
        "Q5_K_M 32k, graphics, runs_well",
        "MXFP4 32k, experts in part, runs_well",
        "Q6_K 16k, experts in part, runs_well",
    ),
    "linux_rx_7900_xtx_rocm": (
        "Q8_0 32k, graphics, runs_well",
        "Q8_0 32k, graphics, runs_well",
        "Q8_0 32k, graphics, runs_well",
        "MXFP4 32k, graphics, runs_well",
        "Q5_K_M 16k, graphics, runs_well",
    ),
    "linux_two_equal_cards": (
        "Q8_0 32k, graphics, runs_well",
        "Q8_0 32k, graphics, runs_well",
        "Q8_0 32k, graphics, runs_well",
        "MXFP4 32k, graphics, runs_well",
        "Q8_0 32k, both cards, runs_well",
    ),
    "mac_16gb_m2": (
        "Q6_K 16k, graphics, runs_well",
        "Q4_K_M 16k, graphics, runs_well",
        "Q4_K_M 16k, graphics, runs_well",
        "MXFP4 16k, experts in part, tight",
        "none: tight",
    ),
    "mac_32gb_intel_with_card": (
        "Q4_K_M 32k, graphics, runs_well",
        "Q4_K_M 16k, graphics, runs_well",
        "Q4_K_M 32k, layers in part, runs_well",
        "MXFP4 32k, experts in part, runs_well",
        "Q4_K_M 32k compact, experts in part, runs_well",
    ),
    "mac_32gb_m2_pro": (
        "Q8_0 32k, graphics, runs_well",
        "Q6_K 32k, graphics, runs_well",
        "Q4_K_M 32k, graphics, runs_well",
        "MXFP4 32k, graphics, runs_well",
        "Q4_K_M 16k, graphics, runs_well",
    ),
    "mac_64gb_m3_max": (
        "Q8_0 32k, graphics, runs_well",
        "Q8_0 32k, graphics, runs_well",
        "Q8_0 32k, graphics, runs_well",
        "MXFP4 32k, graphics, runs_well",
        "Q6_K 16k, graphics, runs_well",
    ),
    "mac_8gb_m1": (
        "Q4_K_M 4k, graphics, runs_well",
        "none: runs_well",
        "none: too_big",
        "none: too_big",
        "none: too_big",
    ),
    "windows_16gb_7840u": (
        "Q5_K_M 16k, graphics, runs_well",
        "Q4_K_M 16k, graphics, runs_well",
        "Q4_K_M 8k compact, graphics, runs_well",
        "MXFP4 4k compact, processor, tight",
        "none: tight",
    ),
    "windows_16gb_i5_1240p": (
        "Q4_K_M 16k, processor, runs_well",
        "Q4_K_M 16k, processor, slow",
        "Q4_K_M 16k, processor, slow",
        "MXFP4 8k, processor, tight",
        "none: tight",
    ),
    "windows_16gb_rtx_2060": (
        "Q5_K_M 16k, graphics, runs_well",
        "Q4_K_M 16k, layers in part, runs_well",
        "Q4_K_M 16k compact, layers in part, runs_well",
        "MXFP4 16k, experts in part, runs_well",
        "Q3_K_M 8k compact, experts in part, runs_well",
    ),
    "windows_16gb_rtx_3050": (
        "Q6_K 16k compact, layers in part, runs_well",
        "Q4_K_M 16k compact, layers in part, runs_well",
        "Q4_K_M 16k, layers in part, runs_well",
        "MXFP4 16k, experts in part, runs_well",
        "Q3_K_M 16k compact, experts in part, tight",
    ),
    "windows_16gb_snapdragon": (
        "Q4_K_M 16k, processor, runs_well",
        "Q4_K_M 16k, processor, runs_well",
        "Q4_K_M 16k, processor, slow",
        "MXFP4 8k compact, processor, tight",
        "none: tight",
    ),
    "windows_16gb_ultra_155h": (
        "Q5_K_M 16k, graphics, runs_well",
        "Q4_K_M 16k, graphics, runs_well",
        "Q4_K_M 8k compact, graphics, runs_well",
        "MXFP4 8k compact, layers in part, tight",
        "none: tight",
    ),
    "windows_32gb_rtx_3060": (
        "Q8_0 32k, graphics, runs_well",
        "Q6_K 32k, graphics, runs_well",
        "Q6_K 16k, graphics, runs_well",
        "MXFP4 8k, graphics, runs_well",
        "Q6_K 16k, experts in part, runs_well",
    ),
    "windows_32gb_rtx_4060": (
        "Q6_K 16k, graphics, runs_well",
        "Q4_K_M 16k, graphics, runs_well",
        "Q4_K_M 16k compact, layers in part, runs_well",
        "MXFP4 32k compact, experts in part, runs_well",
        "Q6_K 16k, experts in part, runs_well",
    ),
    "windows_32gb_ryzen_5900": (
        "Q4_K_M 32k, processor, runs_well",
        "Q4_K_M 32k, processor, runs_well",
        "Q4_K_M 32k, processor, slow",
        "MXFP4 32k, processor, runs_well",
        "Q4_K_M 16k, processor, runs_well",
    ),
    "windows_8gb_6gb_taken": (
        "Q4_K_M 8k, processor, tight",
        "none: tight",
        "none: too_big",
        "none: too_big",
        "none: too_big",
    ),
    "windows_8gb_i5_8250u": (
        "Q4_K_M 4k, processor, runs_well",
        "none: tight",
        "none: too_big",
        "none: too_big",
        "none: too_big",
    ),
    "windows_card_over_its_budget": (
        "Q4_K_M 16k, processor, runs_well",
        "Q4_K_M 16k, processor, slow",
        "Q4_K_M 16k, processor, slow",
        "MXFP4 32k, experts in part, tight",
        "none: tight",
    ),
    "windows_free_above_total": (
        "Q4_K_M 16k, graphics, runs_well",
        "Q4_K_M 16k, graphics, runs_well",
        "Q4_K_M 16k compact, layers in part, slow",
        "none: too_big",
        "none: tight",
    ),
    "windows_integrated_and_card": (
        "Q6_K 16k, graphics, runs_well",
        "Q5_K_M 16k, graphics, runs_well",
        "Q4_K_M 32k compact, layers in part, runs_well",
        "MXFP4 32k, experts in part, runs_well",
        "Q6_K 16k, experts in part, runs_well",
    ),
    "windows_nvidia_but_processor_build": (
        "Q4_K_M 16k, processor, runs_well",
        "Q4_K_M 16k, processor, runs_well",
        "Q4_K_M 16k, processor, slow",
        "MXFP4 16k, processor, tight",
        "none: tight",
    ),
    "windows_on_battery_saving": (
        "Q4_K_M 16k, processor, runs_well",
        "Q4_K_M 16k, processor, slow",
        "Q4_K_M 16k, processor, slow",
        "MXFP4 8k, processor, tight",
        "none: tight",
    ),
    "windows_two_different_cards": (
        "Q8_0 32k, graphics, runs_well",
        "Q8_0 32k, graphics, runs_well",
        "Q8_0 32k, both cards, runs_well",
        "MXFP4 32k, graphics, runs_well",
        "Q6_K 16k, both cards, runs_well",
    ),
}
"""For each of `MODELS`: version, context in 1,024 tokens (compact: q8_0 keys and values), where
it is computed, and the verdict. None: no version is good enough to be recommended."""


def read_model(folder: Path, name: str, quantization: str) -> ModelFile:
    """Give the facts of a model of real dimensions."""
    path = write_phantom(folder, name, quantization)
    with path.open("rb") as stream:
        header = read_header(stream, path.stat().st_size, path.name)
    return ModelFile(
        path,
        path.stat().st_size,
        0,
        name,
        header.architecture,
        quantization,
        header.n_ctx_train,
        header.n_layers,
        header.n_parameters,
        header.weights_bytes,
        "",
        shape_of(header),
    )


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[ModelFile]]:
    """All versions of each model."""
    folder = tmp_path_factory.mktemp("phantoms")
    found = {
        name: [read_model(folder, name, quantization) for quantization in QUANTIZATIONS]
        for name in MODELS
        if name != "gpt-oss-20b"
    }
    found["gpt-oss-20b"] = [read_model(folder, "gpt-oss-20b", "MXFP4")]
    return found


def in_words(ranking: Ranking) -> str:
    """Give a recommendation as the table has it."""
    verdict = ranking.recommended
    if verdict is None:
        return f"none: {ranking.verdicts[0].state}"
    placement = verdict.placement
    compact = " compact" if placement.kv_type is KvType.Q8_0 else ""
    n_layers = len(verdict.model.shape.layers)
    if not placement.devices:
        where = "processor"
    elif placement.n_processor_experts:
        where = "experts in part"
    elif placement.n_gpu_layers <= n_layers:
        where = "layers in part"
    else:
        where = "graphics" if len(placement.devices) == 1 else "both cards"
    n_ctx = placement.n_ctx // 1024
    return f"{verdict.quality.quantization} {n_ctx}k{compact}, {where}, {verdict.state}"


def test_every_recorded_computer_has_its_expectations() -> None:
    assert {path.stem for path in COMPUTERS.glob("*.json")} == set(RECOMMENDED)


@pytest.fixture(scope="module")
def rankings_on(models: dict[str, list[ModelFile]]) -> Callable[[str], dict[str, Ranking]]:
    """Rank the versions of each model, once for each recorded computer."""

    @cache
    def rank(computer: str) -> dict[str, Ranking]:
        recorded = read_recorded(COMPUTERS / f"{computer}.json")
        return {name: rank_versions(models[name], recorded, UNKNOWN, Wishes()) for name in MODELS}

    return rank


@pytest.mark.parametrize("computer", RECOMMENDED)
def test_what_is_recommended(
    computer: str, rankings_on: Callable[[str], dict[str, Ranking]]
) -> None:
    assert tuple(map(in_words, rankings_on(computer).values())) == RECOMMENDED[computer]


@pytest.mark.parametrize("computer", RECOMMENDED)
def test_whatever_is_said_to_run_has_the_memory_for_it(
    computer: str,
    rankings_on: Callable[[str], dict[str, Ranking]],
    models: dict[str, list[ModelFile]],
) -> None:
    rankings = rankings_on(computer)
    for name, versions in models.items():
        ranked = {one.model.path for one in rankings[name].verdicts}
        assert ranked == {one.path for one in versions}
    for verdict in (one for ranking in rankings.values() for one in ranking.verdicts):
        need = predict_memory(verdict.model.shape, verdict.placement)
        assert need == verdict.need
        room = room_for(need, verdict.placement, verdict.budget)
        assert (room is Room.NONE) == (verdict.state is FitState.TOO_BIG)
        assert (room is Room.COMFORTABLE) == (verdict.state in {FitState.RUNS_WELL, FitState.SLOW})


SAMPLE = ModelFile(
    Path("sample.gguf"),
    1,
    0,
    "Sample",
    "llama",
    "Q4_K_M",
    32768,
    20,
    4_000_000_000,
    1,
    "",
    ModelShape(
        "llama",
        2048,
        32,
        256,
        8192,
        100_000,
        embedding=(("Q4_K", 120_000_000),),
        output=(("Q6_K", 170_000_000),),
        layers=(LayerShape((("Q4_K", 110_000_000),), k_width=1024, v_width=1024),) * 20,
        graphs=(
            LayerGraph(
                n_heads=32,
                q_width=4096,
                v_width=1024,
                o_width=4096,
                feed_forward=FeedForward.GATED,
                n_feed_forward=8192,
            ),
        ),
    ),
)
LAPTOP = Computer(System.WINDOWS, 16 * GB, 13 * GB, Processor("Laptop", 8, 8, ("AVX2",)))
FAST = SpeedKnowledge(
    Calibration(
        types={"Q4_K": TypeSpeed(400e9, 1e13)},
        attention_write_flops=1e12,
        attention_read_flops=1e13,
    )
)


def test_versions_under_four_bits_are_not_recommended_though_they_fit(
    models: dict[str, list[ModelFile]],
) -> None:
    small = replace(LAPTOP, memory_bytes=9 * GB, available_bytes=7 * GB)
    few_bits = [one for one in models["llama-3.1-8b"] if one.quantization in {"Q2_K", "Q3_K_M"}]
    ranking = rank_versions(few_bits, small, UNKNOWN, Wishes())
    assert ranking.recommended is None
    assert {one.reason for one in ranking.verdicts} == {Reason.LOW_QUALITY}


def test_a_small_model_takes_eight_bits_first(tmp_path: Path) -> None:
    versions = [read_model(tmp_path, "qwen3-0.6b", kind) for kind in ("Q4_K_M", "Q8_0", "F16")]
    ranking = rank_versions(versions, LAPTOP, UNKNOWN, Wishes())
    assert ranking.recommended is not None
    assert ranking.recommended.model.quantization == "Q8_0"
    assert ranking.recommended.reason is Reason.SMALL_MODEL


def test_types_that_are_slow_on_a_processor_are_not_recommended_there(tmp_path: Path) -> None:
    versions = [read_model(tmp_path, "llama-3.2-3b", kind) for kind in ("Q4_1", "Q4_K_M")]
    ranking = rank_versions(versions, LAPTOP, UNKNOWN, Wishes())
    assert [one.model.quantization for one in ranking.verdicts] == ["Q4_K_M", "Q4_1"]
    assert ranking.verdicts[1].reason is Reason.SLOW_TYPE


def test_the_largest_model_at_four_bits_comes_before_a_smaller_one_at_eight(
    models: dict[str, list[ModelFile]],
) -> None:
    by_name = {
        (name, version.quantization): verdict_on(version, LAPTOP, FAST, Wishes())
        for name in ("qwen3-4b", "llama-3.1-8b")
        for version in models[name]
    }
    found = recommend_model(
        [
            by_name["qwen3-4b", "Q8_0"],
            by_name["llama-3.1-8b", "Q4_K_M"],
            by_name["llama-3.1-8b", "Q2_K"],
        ]
    )
    assert found is by_name["llama-3.1-8b", "Q4_K_M"]


def test_spare_speed_and_memory_go_into_quality(models: dict[str, list[ModelFile]]) -> None:
    large = replace(LAPTOP, memory_bytes=64 * GB, available_bytes=60 * GB)
    slow = rank_versions(models["qwen3-4b"], large, UNKNOWN, Wishes()).recommended
    fast = rank_versions(models["qwen3-4b"], large, FAST, Wishes()).recommended
    assert slow is not None
    assert fast is not None
    assert (slow.model.quantization, fast.model.quantization) == ("Q4_K_M", "Q8_0")


def test_a_wanted_context_is_taken_whatever_it_means(models: dict[str, list[ModelFile]]) -> None:
    model = models["llama-3.1-8b"][2]
    for n_ctx in (2048, 8192, 65536, 131072):
        verdict = verdict_on(model, LAPTOP, UNKNOWN, Wishes(n_ctx=n_ctx))
        assert verdict.placement.n_ctx == n_ctx
    assert verdict_on(model, LAPTOP, UNKNOWN, Wishes(n_ctx=131072)).state is FitState.TOO_BIG


def test_no_context_is_longer_than_the_model_was_made_for(
    models: dict[str, list[ModelFile]],
) -> None:
    model = replace(models["qwen3-4b"][2], n_ctx_train=3000)
    assert verdict_on(model, LAPTOP, UNKNOWN, Wishes()).placement.n_ctx <= 3000
    assert verdict_on(model, LAPTOP, UNKNOWN, Wishes(n_ctx=9000)).placement.n_ctx == 3000


def test_what_the_user_wants_to_keep_free_is_kept_free(
    models: dict[str, list[ModelFile]],
) -> None:
    model = models["llama-3.1-8b"][2]
    assert verdict_on(model, LAPTOP, UNKNOWN, Wishes()).state is not FitState.TOO_BIG
    greedy = Wishes(keep_free_bytes=12 * GB)
    assert verdict_on(model, LAPTOP, UNKNOWN, greedy).state is FitState.TOO_BIG


def test_a_model_that_only_fits_when_others_are_closed_is_tight(
    models: dict[str, list[ModelFile]],
) -> None:
    crowded = replace(LAPTOP, available_bytes=5 * GB)
    verdict = verdict_on(models["llama-3.1-8b"][2], crowded, UNKNOWN, Wishes())
    assert (verdict.state, verdict.reason) == (FitState.TIGHT, Reason.TIGHT_NOW)


def test_what_a_model_took_more_than_predicted_is_counted_next_time(
    models: dict[str, list[ModelFile]],
) -> None:
    model = models["qwen3-4b"][2]
    before = verdict_on(model, LAPTOP, UNKNOWN, Wishes(n_ctx=8192))
    key = record_key(model.shape, before.placement)
    more = SpeedKnowledge(records={key: RunRecord(predicted_bytes=3 * GB, real_bytes=4 * GB)})
    after = verdict_on(model, LAPTOP, more, Wishes(n_ctx=8192))
    assert after.need.total_bytes == before.need.total_bytes + GB
    less = SpeedKnowledge(records={key: RunRecord(predicted_bytes=3 * GB, real_bytes=2 * GB)})
    assert verdict_on(model, LAPTOP, less, Wishes(n_ctx=8192)).need == before.need


def test_a_version_that_would_fit_is_named(models: dict[str, list[ModelFile]]) -> None:
    largest = models["llama-3.1-8b"][-1]
    small = replace(LAPTOP, memory_bytes=12 * GB, available_bytes=11 * GB)
    assert smaller_version_that_fits(largest, small, FAST, Wishes()) == "Q4_K_M"
    tiny = replace(LAPTOP, memory_bytes=6 * GB, available_bytes=5 * GB)
    assert smaller_version_that_fits(largest, tiny, FAST, Wishes()) is None


def test_one_core_is_left_to_the_window_while_writing(models: dict[str, list[ModelFile]]) -> None:
    model = models["qwen3-4b"][2]

    def threads(n_cores: int, wishes: Wishes = Wishes()) -> tuple[int, int]:
        computer = replace(LAPTOP, processor=Processor("", n_cores, n_cores))
        placement = verdict_on(model, computer, UNKNOWN, wishes).placement
        return placement.n_threads, placement.n_threads_batch

    assert threads(1) == (1, 1)
    assert threads(4) == (3, 4)
    assert threads(2, Wishes(n_threads=256)) == (4, 4)


def test_only_fast_cores_write(models: dict[str, list[ModelFile]]) -> None:
    hybrid = replace(LAPTOP, processor=Processor("", 14, 6))
    placement = verdict_on(models["qwen3-4b"][2], hybrid, UNKNOWN, Wishes()).placement
    assert (placement.n_threads, placement.n_threads_batch) == (6, 14)


def test_graphics_can_be_left_out(models: dict[str, list[ModelFile]]) -> None:
    card = Device("CUDA0", "RTX 4060", "CUDA", DeviceKind.GRAPHICS_CARD, 8 * GB, 8 * GB)
    computer = replace(LAPTOP, devices=(card,))
    model = models["qwen3-4b"][2]
    assert verdict_on(model, computer, UNKNOWN, Wishes()).placement.devices == ("CUDA0",)
    assert not verdict_on(model, computer, UNKNOWN, Wishes(n_gpu_layers=0)).placement.devices
    some = verdict_on(model, computer, UNKNOWN, Wishes(n_gpu_layers=5)).placement
    assert some.device_layers == (5,)


@given(
    memory_gb=st.floats(1, 512),
    free=st.floats(0, 1),
    card_gb=st.floats(0, 100),
    card_free=st.floats(0, 2),
    is_integrated=st.booleans(),
    n_cores=st.integers(1, 128),
    n_ctx=st.sampled_from([0, 0, 512, 8192, 1_000_000]),
)
def test_every_computer_gets_a_verdict_that_fits_it(
    memory_gb: float,
    free: float,
    card_gb: float,
    card_free: float,
    *,
    is_integrated: bool,
    n_cores: int,
    n_ctx: int,
) -> None:
    kind = DeviceKind.INTEGRATED_GRAPHICS if is_integrated else DeviceKind.GRAPHICS_CARD
    card = Device("X0", "Card", "X", kind, int(card_gb * GB), int(card_gb * card_free * GB))
    memory = int(memory_gb * GB)
    computer = Computer(
        System.LINUX, memory, int(memory * free), Processor("", n_cores, n_cores), (card,)
    )
    verdict = verdict_on(SAMPLE, computer, UNKNOWN, Wishes(n_ctx=n_ctx))
    room = room_for(verdict.need, verdict.placement, verdict.budget)
    assert (room is Room.NONE) == (verdict.state is FitState.TOO_BIG)
    assert verdict.placement.n_gpu_layers <= len(SAMPLE.shape.layers) + 1
    assert all(n > 0 for n in verdict.placement.device_layers)
    assert verdict.speed.tokens_per_s > 0
