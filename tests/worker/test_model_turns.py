"""Which model comes next, whatever happens to the one before."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.computer import Computer, System
from app.core.errors import ErrorCode, Failure
from app.core.fit.choice import Wishes
from app.core.fit.memory import MemoryNeed, MemoryShare
from app.core.model import ModelFile
from app.core.placement import Placement, StepDown
from app.worker.load_plan import LoadPlan
from app.worker.model_turns import FailedLoad, ModelTurns

DAMAGED = Failure(ErrorCode.MODEL_DAMAGED)
NOTHING = MemoryNeed(MemoryShare())
COMPUTER = Computer(System.LINUX, 1, 1)
NO_MEMORY = Failure(ErrorCode.MEMORY_TOO_SMALL)


def plan(name: str, n_ctx: int = 1024) -> LoadPlan:
    path = Path(f"/models/{name}.gguf")
    model = ModelFile(path, 1, 0, name, "llama", "Q8_0", 8192, 1, 1, 1, "")
    return LoadPlan(model, Placement(n_ctx), Wishes(), COMPUTER, "", NOTHING)


OLD, NEW, OTHER = plan("old"), plan("new"), plan("other")


@pytest.fixture
def turns() -> ModelTurns:
    """The old model is loaded."""
    turns = ModelTurns()
    turns.want(OLD)
    assert turns.begin() == OLD
    turns.succeed()
    return turns


def test_a_loaded_model_makes_room_for_the_one_wanted(turns: ModelTurns) -> None:
    turns.want(NEW)
    assert (turns.chosen, turns.present) == (NEW, OLD)
    assert turns.begin() == NEW
    assert turns.loaded is None
    turns.succeed()
    assert turns.present == NEW
    assert not turns.is_loading
    assert not turns.is_returning
    assert turns.begin() is None


def test_when_a_load_fails_the_model_before_it_comes_back(turns: ModelTurns) -> None:
    turns.want(NEW)
    turns.begin()
    assert turns.fail(DAMAGED) is FailedLoad.REPORTED
    assert turns.begin() == OLD
    turns.succeed()
    assert turns.is_returning


def test_when_that_fails_too_nothing_is_left(turns: ModelTurns) -> None:
    turns.want(NEW)
    turns.begin()
    turns.fail(DAMAGED)
    turns.begin()
    assert turns.fail(DAMAGED) is FailedLoad.REPORTED
    assert turns.chosen is None
    assert turns.begin() is None


def test_a_cancelled_load_is_no_failure_and_the_model_before_it_comes_back(
    turns: ModelTurns,
) -> None:
    turns.want(NEW)
    turns.begin()
    turns.cancel()
    assert turns.fail(DAMAGED) is FailedLoad.CANCELLED
    assert turns.begin() == OLD


def test_what_waits_to_be_loaded_can_be_cancelled(turns: ModelTurns) -> None:
    turns.want(NEW)
    turns.cancel()
    assert turns.begin() is None
    assert turns.chosen == OLD


def test_a_model_that_does_not_fit_is_tried_smaller_without_a_word(turns: ModelTurns) -> None:
    turns.want(plan("new", n_ctx=4096))
    turns.begin()
    assert turns.fail(NO_MEMORY) is FailedLoad.SUPERSEDED
    smaller = turns.begin()
    assert smaller is not None
    assert (smaller.placement.n_ctx, smaller.stepped_down) == (2048, (StepDown.SMALLER_CONTEXT,))


def test_when_a_graphics_card_has_gone_the_processor_takes_over(turns: ModelTurns) -> None:
    placement = Placement(4096, devices=("CUDA0",), device_layers=(10,))
    turns.want(replace(NEW, placement=placement))
    turns.begin()
    assert turns.fail(Failure(ErrorCode.DEVICE_MISSING)) is FailedLoad.SUPERSEDED
    without = turns.begin()
    assert without is not None
    assert (without.placement.devices, without.placement.n_ctx) == ((), 4096)
    assert without.stepped_down == (StepDown.PROCESSOR_ONLY,)
    assert turns.fail(Failure(ErrorCode.DEVICE_MISSING)) is FailedLoad.REPORTED


def test_when_nothing_is_left_to_give_up_the_model_before_comes_back(turns: ModelTurns) -> None:
    turns.want(plan("new", n_ctx=4096))
    turns.begin()
    while turns.fail(NO_MEMORY) is FailedLoad.SUPERSEDED:
        turns.begin()
    assert turns.begin() == OLD


def test_another_choice_while_loading_is_taken_without_a_word(turns: ModelTurns) -> None:
    turns.want(NEW)
    turns.begin()
    turns.want(OTHER)
    assert turns.fail(DAMAGED) is FailedLoad.SUPERSEDED
    assert turns.begin() == OTHER
    assert turns.fail(DAMAGED) is FailedLoad.REPORTED
    assert turns.begin() == OLD


def test_a_lost_model_is_loaded_again_unless_another_is_wanted(turns: ModelTurns) -> None:
    turns.lose()
    assert turns.loaded is None
    assert turns.begin() == OLD
    turns.succeed()
    turns.want(NEW)
    turns.lose()
    assert turns.begin() == NEW


def test_one_that_came_back_still_counts_as_that_after_a_loss(turns: ModelTurns) -> None:
    turns.want(NEW)
    turns.begin()
    turns.fail(DAMAGED)
    turns.begin()
    turns.succeed()
    turns.lose()
    turns.begin()
    assert turns.is_returning


def test_the_time_left_is_told_once_it_can_be(
    turns: ModelTurns, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = 100.0
    monkeypatch.setattr("app.worker.model_turns.time.monotonic", lambda: now_s)
    turns.want(NEW)
    turns.begin()
    assert turns.seconds_left(0.1) is None
    now_s = 104.0
    assert turns.seconds_left(0.0) is None
    assert turns.seconds_left(0.25) == pytest.approx(12.0)
