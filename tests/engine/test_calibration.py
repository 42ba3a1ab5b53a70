"""Measuring this processor for real: small models of real layers, without weights."""

import threading

import pytest

from app.core.fit.speed import Calibration
from app.engine.llama import EngineLog, StopFlag
from app.engine.llama.calibration import TYPES, Calibrator
from app.engine.synthetic_model import SyntheticModel


@pytest.fixture(scope="module")
def log() -> EngineLog:
    return EngineLog()


@pytest.fixture(scope="module")
def steps() -> list[float]:
    return []


@pytest.fixture(scope="module")
def calibration(log: EngineLog, steps: list[float]) -> Calibration:
    found = Calibrator(log, StopFlag(), 2, 2, steps.append).run("engine", "processor")
    assert found is not None
    return found


def test_what_models_are_mostly_made_of_is_measured(calibration: Calibration) -> None:
    assert next(iter(calibration.types)) == "Q4_K" == TYPES[0]
    for kind, speed in calibration.types.items():
        # Slower than any computer sold, or faster than any memory, would be a mistake of ours.
        assert 1e8 < speed.write_bytes_per_s < 1e12, kind
        assert 1e9 < speed.read_flops < 1e14, kind


def test_it_says_what_it_is_good_for(calibration: Calibration) -> None:
    assert (calibration.engine_version, calibration.processor) == ("engine", "processor")
    assert calibration.n_threads in calibration.bandwidth_by_threads
    assert set(calibration.bandwidth_by_threads) == {1, 2}


def test_layers_and_attention_have_a_cost(calibration: Calibration) -> None:
    assert 0 < calibration.layer_s < 0.01
    assert calibration.attention_write_flops > 1e7
    assert calibration.attention_read_flops > calibration.attention_write_flops / 10


def test_progress_grows_to_the_end(calibration: Calibration, steps: list[float]) -> None:
    assert calibration.types
    assert steps == sorted(steps)
    assert steps[-1] == 1.0


def test_it_can_be_stopped(log: EngineLog) -> None:
    stop = StopFlag()
    seen: list[float] = []

    def stop_at_once(part: float) -> None:
        seen.append(part)
        stop.set()

    assert Calibrator(log, stop, 1, 1, stop_at_once).run("", "") is None
    assert len(seen) == 1


def test_it_can_be_stopped_in_the_middle_of_a_computation(log: EngineLog) -> None:
    stop = StopFlag()
    timer = threading.Timer(0.3, stop.set)
    timer.start()
    assert Calibrator(log, stop, 1, 1, lambda _: None).run("", "") is None
    timer.join()


def test_a_synthetic_model_is_as_large_as_a_real_one_and_takes_no_room_on_the_disk(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("synthetic") / "model.gguf"
    model = SyntheticModel("Q4_K", 3, 2048, 8192, 32, 8, 64)
    model.write(path)
    status = path.stat()
    assert status.st_size > model.layer_bytes() > 100_000_000
    assert status.st_blocks * 512 < 100_000
