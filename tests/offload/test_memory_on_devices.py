"""The formula for memory against what the engine takes on devices, counted and really loaded.

Run it with `-s` to see the table.
"""

import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import pytest

from app.core.fit.memory import MemoryNeed, MemoryShare, engine_need
from app.core.gguf_reader import read_header
from app.core.gguf_shape import shape_of
from app.core.model_shape import ModelShape
from app.core.placement import KvType, Placement
from tests.offload import tiny_experts
from tests.offload.conftest import PROJECT, Compute, StartServer
from tests.offload.task import Counted
from tests.phantom_models import write_phantom

MEBIBYTE = 1 << 20
FEW_BYTES = 4096
MOST_LACKING_BYTES = 40 * MEBIBYTE
"""A tenth of what is left free on a card anyway (core/fit/budget.py)."""
MODELS = (
    "smollm2-135m",
    "llama-3.1-8b",
    "qwen3-4b",
    "gemma-3-12b",
    "qwen3-30b-a3b",
    "gpt-oss-20b",
    "deepseek-v2-lite",
    "qwen3-next-80b-a3b",
)


@dataclass(frozen=True)
class Compared:
    """What the formula and the engine say of one placement."""

    name: str
    placement: Placement
    formula: MemoryNeed
    engine: MemoryNeed

    @property
    def pairs(self) -> list[tuple[MemoryShare, MemoryShare]]:
        return list(zip(self.formula.shares, self.engine.shares, strict=True))


def shape_at(path: Path) -> ModelShape:
    with path.open("rb") as stream:
        return shape_of(read_header(stream, path.stat().st_size, path.name))


def placements(shape: ModelShape) -> list[Placement]:
    """One device and two, whole and in part, and experts on the processor."""
    n_layers = len(shape.layers) + shape.n_draft_layers
    n_all, half = n_layers + 1, n_layers // 2
    splits = [(n_all,), (half,), (1,), (n_all - half, half), (half // 2, 3)]
    found = [
        Placement(
            8192,
            kv_type=kv_type,
            devices=tuple(f"RPC{number}" for number in range(len(split))),
            device_layers=split,
            n_batch=512,
        )
        for split in splits
        for kv_type in KvType
    ]
    if shape.n_experts:
        found += [replace(one, n_processor_experts=n_layers) for one in found]
        found += [replace(found[0], n_processor_experts=half)]
    return found


@pytest.fixture(scope="module")
def compared(
    start_server: StartServer, tmp_path_factory: pytest.TempPathFactory
) -> list[Compared]:
    folder = tmp_path_factory.mktemp("phantoms")
    files = [(name, write_phantom(folder, name)) for name in MODELS]
    asked = [
        (name, path, shape, placement)
        for name, path in files
        for shape in [shape_at(path)]
        for placement in placements(shape)
    ]
    counted = [Counted(str(path), placement) for _, path, _, placement in asked]
    answered = subprocess.run(
        [sys.executable, "-m", "tests.offload.count_memory", start_server(2)],
        cwd=PROJECT,
        input=msgspec.json.encode(counted),
        stdout=subprocess.PIPE,
        check=True,
        timeout=110,
    )
    needs = msgspec.json.decode(answered.stdout, type=list[MemoryNeed | None])
    found = []
    for (name, _, shape, placement), need in zip(asked, needs, strict=True):
        assert need is not None, (name, placement)
        found.append(Compared(name, placement, engine_need(shape, placement), need))
    print_table(found)
    return found


def test_weights_and_conversation_are_exact_on_each_device(compared: list[Compared]) -> None:
    for one in compared:
        where = (one.name, one.placement)
        for formula, engine in one.pairs:
            # Each device has its own copy of the few numbers that turn positions (rope_freqs).
            assert abs(formula.weights_bytes - engine.weights_bytes) <= FEW_BYTES, where
            assert formula.conversation_bytes == engine.conversation_bytes, where


def test_no_device_is_promised_room_that_it_has_not(compared: list[Compared]) -> None:
    for one in compared:
        assert abs(one.formula.total_bytes / one.engine.total_bytes - 1) <= 0.02, one
        for formula, engine in one.pairs[1:]:
            assert engine.total_bytes - formula.total_bytes <= MOST_LACKING_BYTES, one


@pytest.mark.parametrize("splits", [[(31,), (10,), (1,)], [(20, 11), (7, 6)]])
def test_a_model_that_is_loaded_takes_what_was_predicted(
    compute: Compute, starter_path: Path, splits: list[tuple[int, ...]]
) -> None:
    asked = [
        Placement(
            2048,
            devices=tuple(f"RPC{number}" for number in range(len(split))),
            device_layers=split,
        )
        for split in splits
    ]
    outcomes = compute(starter_path, *asked, n_devices=len(splits[0]))
    for placement, outcome in zip(asked, outcomes, strict=True):
        predicted = engine_need(shape_at(starter_path), placement).shares
        for share, use in zip(predicted, outcome.device_uses, strict=True):
            assert share.total_bytes == pytest.approx(use.memory_bytes, rel=0.02), use


def test_a_model_with_experts_on_the_processor_takes_what_was_predicted(
    compute: Compute, tmp_path: Path
) -> None:
    path = tiny_experts.write(tmp_path / "experts.gguf")
    n_layers = tiny_experts.N_LAYERS
    asked = [
        Placement(512, devices=("RPC0",), device_layers=(n_layers + 1,), n_processor_experts=n)
        for n in range(n_layers + 1)
    ]
    for placement, outcome in zip(asked, compute(path, *asked), strict=True):
        predicted = engine_need(shape_at(path), placement).shares
        for share, use in zip(predicted, outcome.device_uses, strict=True):
            assert share.total_bytes == pytest.approx(use.memory_bytes, abs=MEBIBYTE), use


def print_table(compared: list[Compared]) -> None:
    print("\nFormula against engine: buffers in MiB, the processor's and each device's")
    for one in compared:
        working = [
            f"{formula.working_bytes / MEBIBYTE:.0f}/{engine.working_bytes / MEBIBYTE:.0f}"
            for formula, engine in one.pairs
        ]
        error = one.formula.total_bytes / one.engine.total_bytes - 1
        placement = one.placement
        print(
            f"{one.name:<20}{placement.kv_type:<6}{placement.device_layers!s:<12}"
            f"{placement.n_processor_experts:>3} {100 * error:+6.2f} %  {'  '.join(working)}"
        )
