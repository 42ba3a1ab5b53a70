"""The formula against the engine's own count: all architectures, contexts, types and batches.

Prints a table of how far they are apart, by architecture.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from app.core.fit.memory import MemoryNeed, engine_need
from app.core.gguf_reader import read_header
from app.core.gguf_shape import shape_of
from app.core.model_shape import ModelShape
from app.core.placement import KvType, Placement
from app.engine.llama.estimate import engine_estimate
from app.engine.llama.library import EngineLog
from tests.conftest import Uncaptured
from tests.phantom_models import PHANTOMS, write_phantom

HELD_OUT = frozenset(
    {
        "bailingmoe2",
        "exaone4",
        "glm4moe",
        "internlm2",
        "jamba",
        "lfm2moe",
        "llama4",
        "plamo2",
        "rwkv7",
        "smallthinker",
    }
)
"""Architectures whose errors were first looked at when the buffers' formula was done."""
CONTEXTS = (300, 2048, 8192, 32768)
WAYS = (
    (KvType.F16, 128, True),
    (KvType.Q8_0, 128, True),
    (KvType.F16, 512, True),
    (KvType.Q8_0, 512, True),
    (KvType.F16, 128, False),
    (KvType.F16, 512, False),
)
"""KV type, batch, flash attention."""
OTHER_QUANTIZATIONS = ("F16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_0", "IQ4_XS", "Q3_K_M", "Q2_K")
QUANTIZATIONS_EACH = 2
MIB = 2**20


@dataclass(frozen=True)
class Compared:
    """One configuration."""

    name: str
    placement: Placement
    formula: MemoryNeed
    engine: MemoryNeed

    @property
    def architecture(self) -> str:
        return PHANTOMS[self.name].architecture

    @property
    def error(self) -> float:
        """Of the whole, as a fraction; negative where the formula is under."""
        return self.formula.total_bytes / self.engine.total_bytes - 1

    @property
    def working_error(self) -> float:
        """Of the buffers alone."""
        return self.formula.working_bytes / self.engine.working_bytes - 1


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory, uncaptured: Uncaptured) -> list[Compared]:
    folder, log = tmp_path_factory.mktemp("phantoms"), EngineLog()
    found = []
    for number, name in enumerate(PHANTOMS):
        path = write_phantom(folder, name)
        shape = read_shape(path)
        for n_ctx, (kv_type, n_batch, flash) in product(CONTEXTS, WAYS):
            placement = Placement(n_ctx, kv_type, n_batch=n_batch, flash_attention=flash)
            found.append(compare(name, path, shape, placement, log))
        path.unlink()
        for offset in range(QUANTIZATIONS_EACH):
            kinds = OTHER_QUANTIZATIONS
            path = write_phantom(folder, name, kinds[(number + 3 * offset) % len(kinds)])
            found.append(compare(name, path, read_shape(path), Placement(4096), log))
            path.unlink()
    with uncaptured():
        print_table(found)
    return found


def read_shape(path: Path) -> ModelShape:
    with path.open("rb") as stream:
        return shape_of(read_header(stream, path.stat().st_size, path.name))


def compare(
    name: str, path: Path, shape: ModelShape, placement: Placement, log: EngineLog
) -> Compared:
    engine = engine_estimate(path, placement, log, shape)
    assert engine is not None, (name, placement, log.lines()[-3:])
    return Compared(name, placement, engine_need(shape, placement), engine)


def test_there_is_enough_to_compare(compared: list[Compared]) -> None:
    architectures = {one.architecture for one in compared}
    assert len(compared) >= 1000
    assert len(architectures) >= 20
    assert len(HELD_OUT & architectures) >= 4


def test_weights_and_conversation_are_exact(compared: list[Compared]) -> None:
    for one in compared:
        where = (one.name, one.placement)
        assert one.formula.weights_bytes == one.engine.weights_bytes, where
        assert one.formula.conversation_bytes == one.engine.conversation_bytes, where


@pytest.mark.parametrize("which", ["all", "held out"])
def test_the_whole_is_within_two_percent_and_never_far_under(
    compared: list[Compared], which: str
) -> None:
    errors = [one.error for one in compared if which == "all" or one.architecture in HELD_OUT]
    assert percentile([abs(error) for error in errors], 0.99) <= 0.02
    assert min(errors) >= -0.03


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def print_table(compared: list[Compared]) -> None:
    by_architecture = defaultdict(list)
    for one in compared:
        by_architecture[one.architecture].append(one)
        by_architecture["= all"].append(one)
        if one.architecture in HELD_OUT:
            by_architecture["= held out"].append(one)
    print("\nFormula against engine, % of the whole (buffers alone: % of the buffers)")
    print(f"{'architecture':<18}{'n':>6}{'mean':>8}{'p99':>8}{'worst':>8}{'MiB':>7}{'buffers':>9}")
    for architecture, rows in sorted(by_architecture.items(), key=lambda item: item[0]):
        print("".join(table_row(architecture, rows)))


def table_row(architecture: str, rows: list[Compared]) -> Iterator[str]:
    errors = [100 * one.error for one in rows]
    sizes = [abs(error) for error in errors]
    worst = max(rows, key=lambda one: abs(one.error))
    apart = (worst.formula.total_bytes - worst.engine.total_bytes) / MIB
    yield f"{architecture + (' *' if architecture in HELD_OUT else ''):<18}{len(rows):>6}"
    yield f"{sum(sizes) / len(sizes):>8.3f}{percentile(sizes, 0.99):>8.3f}"
    yield f"{100 * worst.error:>+8.2f}{apart:>+7.1f}"
    yield f"{100 * sum(abs(one.working_error) for one in rows) / len(rows):>9.1f}"
