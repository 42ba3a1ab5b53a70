"""What answers and loads teach about predictions."""

from dataclasses import replace

import pytest

from app.core.computer import Computer, Device, DeviceKind
from app.core.events import FinishReason
from app.core.fit.choice import Wishes
from app.core.fit.memory import predict_memory
from app.core.fit.speed import SpeedKnowledge, write_seconds
from app.core.fit_events import Measurements
from app.core.placement import Placement
from app.engine import protocol
from app.worker.load_plan import LoadPlan, LoadPlanner
from app.worker.run_learning import run_of_answer, run_of_load
from tests.fit_samples import GIB, LAPTOP, MEASURED, WITH_CARD, model

VERSION = MEASURED.engine_version
SMALL = model("Small", billions=1.0)
ON_CARD = Placement(4096, devices=("CUDA0",), device_layers=(37,))


def plan(placement: Placement, computer: Computer = LAPTOP) -> LoadPlan:
    foreseen = predict_memory(SMALL.shape, placement)
    return LoadPlan(SMALL, placement, Wishes(), computer, VERSION, foreseen)


def learnt_bytes(placement: Placement, computer: Computer) -> int:
    loaded = protocol.Loaded("load-1", 4096, 3 * GIB, 1.0, "")
    return run_of_load(plan(placement, computer), loaded).real_bytes


def test_an_answer_is_compared_with_what_is_known_by_now() -> None:
    planner = LoadPlanner(lambda _: LAPTOP, lambda: (), None)
    loaded = plan(Placement(4096, n_threads=4, n_threads_batch=12))
    # The computer is measured after the model was loaded.
    planner.take_measurements(Measurements((MEASURED,)))
    given = (loaded.model.shape, loaded.placement, LAPTOP, SpeedKnowledge(MEASURED), 120)
    took_s = 100 * write_seconds(*given)
    finished = protocol.Finished("a", FinishReason.END_OF_TURN, 70, 70, 101, 0.1, took_s)
    run = run_of_answer(loaded, finished, planner.knowledge_for)
    assert run is not None
    assert run.write_factor == pytest.approx(1.0)


def test_memory_is_learnt_only_where_the_process_grows_by_nothing_else() -> None:
    metal = Device("MTL0", "Apple M2", "MTL", DeviceKind.GRAPHICS_CARD, 10 * GIB, 10 * GIB)
    mac = replace(LAPTOP, devices=(metal,))
    on_metal = replace(ON_CARD, devices=("MTL0",))
    assert learnt_bytes(Placement(4096), LAPTOP) == 3 * GIB
    assert learnt_bytes(replace(ON_CARD, device_layers=(9,)), WITH_CARD) == 3 * GIB
    # A mapped file stays in the process's memory where it cannot be unmapped (Windows).
    assert learnt_bytes(replace(ON_CARD, use_mmap=True), WITH_CARD) == 0
    assert learnt_bytes(on_metal, mac) == 0
