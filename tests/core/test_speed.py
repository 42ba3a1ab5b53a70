"""How fast: from weights, calibration and what runs taught."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.computer import (
    Computer,
    Device,
    DeviceKind,
    Power,
    PowerMode,
    Processor,
    System,
)
from app.core.fit.learning import Run, learnt
from app.core.fit.speed import (
    LONG_QUESTION_TOKENS,
    Calibration,
    Certainty,
    RunRecord,
    SpeedKnowledge,
    estimate_speed,
    read_seconds,
    record_key,
    write_seconds,
)
from app.core.fit.speed_priors import TypeSpeed, of_device, of_processor, type_speed
from app.core.model_shape import LayerShape, ModelShape
from app.core.placement import Placement

GB = 1_000_000_000
CARD = Device("CUDA0", "NVIDIA GeForce RTX 4060", "CUDA", DeviceKind.GRAPHICS_CARD, 8 * GB, 7 * GB)
COMPUTER = Computer(System.LINUX, 16 * GB, 12 * GB, Processor("Test", 4, 4, ("AVX2",)), (CARD,))
CALIBRATION = Calibration(
    n_threads=3,
    n_threads_batch=4,
    types={"Q4_K": TypeSpeed(20e9, 200e9), "Q8_0": TypeSpeed(25e9, 150e9)},
    layer_s=1e-5,
    attention_write_flops=10e9,
    attention_read_flops=80e9,
)
MEASURED = SpeedKnowledge(CALIBRATION)
LAYER = LayerShape((("Q4_K", 100_000_000),), k_width=1024, v_width=1024)
DENSE = ModelShape(
    "llama",
    n_heads=32,
    head_width=256,
    embedding=(("Q4_K", 300_000_000),),
    output=(("Q8_0", 250_000_000),),
    layers=(LAYER,) * 20,
)
PROCESSOR = Placement(8192, n_threads=3, n_threads_batch=4)
WHOLE = replace(PROCESSOR, devices=("CUDA0",), device_layers=(21,))


def test_writing_takes_the_bytes_of_each_type_over_its_speed_and_a_little_for_each_layer() -> None:
    seconds = write_seconds(DENSE, PROCESSOR, COMPUTER, MEASURED, 0)
    assert seconds == pytest.approx(2_000_000_000 / 20e9 + 250_000_000 / 25e9 + 20e-5)


def test_a_tied_embedding_is_gone_through_as_the_output() -> None:
    tied = replace(DENSE, output=())
    seconds = write_seconds(tied, PROCESSOR, COMPUTER, MEASURED, 0)
    assert seconds == pytest.approx(2_300_000_000 / 20e9 + 20e-5)


def test_a_token_asks_only_some_experts() -> None:
    layer = LayerShape((), (("Q4_K", 1_600_000_000),), 1024, 1024)
    experts = replace(DENSE, layers=(layer,), n_experts=16, n_experts_used=2, output=())
    experts = replace(experts, embedding=())
    seconds = write_seconds(experts, PROCESSOR, COMPUTER, MEASURED, 0)
    assert seconds == pytest.approx(200_000_000 / 20e9 + 1e-5, rel=1e-3)


def test_what_is_remembered_slows_writing_down_but_no_further_than_the_window() -> None:
    full = [write_seconds(DENSE, PROCESSOR, COMPUTER, MEASURED, n) for n in (0, 4000, 8000)]
    assert full[2] - full[1] == pytest.approx(full[1] - full[0])
    layers = (replace(LAYER, is_windowed=True),) * 20
    windowed = replace(DENSE, layers=layers, window_tokens=1000)
    near, far = (write_seconds(windowed, PROCESSOR, COMPUTER, MEASURED, n) for n in (1000, 8000))
    assert near == far


def test_a_long_question_takes_more_than_its_share() -> None:
    short = read_seconds(DENSE, PROCESSOR, COMPUTER, MEASURED, 500)
    long = read_seconds(DENSE, PROCESSOR, COMPUTER, MEASURED, 2000)
    assert long > 4 * short
    later = read_seconds(DENSE, PROCESSOR, COMPUTER, MEASURED, 500, n_past=1500)
    assert later > short


def test_the_first_word_comes_after_reading() -> None:
    estimate = estimate_speed(DENSE, PROCESSOR, COMPUTER, MEASURED)
    read_s = read_seconds(DENSE, PROCESSOR, COMPUTER, MEASURED, LONG_QUESTION_TOKENS)
    assert estimate.first_word_s == pytest.approx(read_s + 1 / estimate.tokens_per_s)


def test_a_graphics_card_is_faster_and_part_of_a_model_on_it_lies_between() -> None:
    half = replace(WHOLE, device_layers=(11,))
    speeds = [
        estimate_speed(DENSE, placement, COMPUTER, MEASURED).tokens_per_s
        for placement in (PROCESSOR, half, WHOLE)
    ]
    assert speeds == sorted(speeds)
    assert speeds[2] > 3 * speeds[0]


def test_certainty_grows_with_what_was_measured() -> None:
    guess = estimate_speed(DENSE, PROCESSOR, COMPUTER, SpeedKnowledge())
    assert guess.certainty is Certainty.GUESSED
    assert estimate_speed(DENSE, PROCESSOR, COMPUTER, MEASURED).certainty is Certainty.CALIBRATED
    busy = SpeedKnowledge(replace(CALIBRATION, was_busy=True))
    assert estimate_speed(DENSE, PROCESSOR, COMPUTER, busy).certainty is Certainty.GUESSED
    record = RunRecord(write_factor=2.0, n_answers=1)
    known = SpeedKnowledge(CALIBRATION, {record_key(DENSE, PROCESSOR): record})
    measured = estimate_speed(DENSE, PROCESSOR, COMPUTER, known)
    assert measured.certainty is Certainty.MEASURED
    plain = estimate_speed(DENSE, PROCESSOR, COMPUTER, MEASURED)
    assert measured.tokens_per_s == pytest.approx(plain.tokens_per_s / 2)
    assert guess.tolerance > plain.tolerance > measured.tolerance


def test_runs_of_other_models_correct_a_guess_by_half_and_a_measurement_not_at_all() -> None:
    records = {"another": RunRecord(write_factor=1.4, n_answers=3)}
    guess = estimate_speed(DENSE, PROCESSOR, COMPUTER, SpeedKnowledge())
    corrected = estimate_speed(DENSE, PROCESSOR, COMPUTER, SpeedKnowledge(None, records))
    assert corrected.tokens_per_s == pytest.approx(guess.tokens_per_s / 1.2)
    once = {"another": RunRecord(write_factor=1.4, n_answers=1)}
    assert estimate_speed(DENSE, PROCESSOR, COMPUTER, SpeedKnowledge(None, once)) == guess
    measured = estimate_speed(DENSE, PROCESSOR, COMPUTER, MEASURED)
    known = SpeedKnowledge(CALIBRATION, records)
    assert estimate_speed(DENSE, PROCESSOR, COMPUTER, known) == measured


def test_records_of_other_placements_are_others() -> None:
    keys = {record_key(DENSE, one) for one in (PROCESSOR, WHOLE, replace(PROCESSOR, n_threads=2))}
    assert len(keys) == 3


def test_a_type_that_was_not_measured_goes_by_its_ratio() -> None:
    speed = CALIBRATION.speed
    assert (
        type_speed(speed, "IQ3_S").write_bytes_per_s < type_speed(speed, "Q6_K").write_bytes_per_s
    )
    assert type_speed(speed, "Q4_K") == TypeSpeed(20e9, 200e9)
    assert type_speed(speed, "UNHEARD_OF").write_bytes_per_s > 0


def test_a_processor_without_wide_instructions_is_slow() -> None:
    old = replace(COMPUTER, processor=Processor("Old", 4, 4, ()))
    assert (
        of_processor(old).types["Q4_K"].read_flops
        < of_processor(COMPUTER).types["Q4_K"].read_flops / 3
    )


def test_saving_power_costs_speed() -> None:
    saving = replace(COMPUTER, power=Power(is_on_battery=True, mode=PowerMode.SAVING))
    slow, usual = of_processor(saving).types["Q4_K"], of_processor(COMPUTER).types["Q4_K"]
    assert slow.read_flops < usual.read_flops
    assert slow.write_bytes_per_s < usual.write_bytes_per_s


def test_integrated_graphics_are_no_card() -> None:
    shared = replace(CARD, description="Unheard of", kind=DeviceKind.INTEGRATED_GRAPHICS)
    card = replace(CARD, description="Unheard of")
    assert (
        of_device(shared, COMPUTER).types["Q4_K"].write_bytes_per_s
        < of_device(card, COMPUTER).types["Q4_K"].write_bytes_per_s
    )


# --- learning ---


def test_the_first_run_counts_whole_and_later_ones_in_part() -> None:
    record = learnt(RunRecord(), Run("", write_factor=1.5, read_factor=0.8))
    assert (record.write_factor, record.read_factor) == (1.5, 0.8)
    record = learnt(record, Run("", write_factor=1.0))
    assert 1.0 < record.write_factor < 1.5
    assert (record.n_answers, record.n_reads) == (2, 1)


def test_a_computer_that_slept_teaches_nothing() -> None:
    assert learnt(RunRecord(), Run("", write_factor=500.0)) == RunRecord()


@given(factors=st.lists(st.floats(0.2, 5.0), min_size=1, max_size=30))
def test_what_is_learnt_stays_within_what_was_measured(factors: list[float]) -> None:
    record = RunRecord()
    for factor in factors:
        record = learnt(record, Run("", write_factor=factor))
    assert min(factors) - 1e-9 <= record.write_factor <= max(factors) + 1e-9
