"""What the formula says that each device holds, against the engine's own count."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from app.core.fit.memory import MemoryNeed, MemoryShare, engine_need
from app.core.gguf_reader import read_header
from app.core.gguf_shape import shape_of
from app.core.placement import Placement
from tests.offload.conftest import PROJECT, StartServer
from tests.phantom_models import PHANTOMS, write_phantom

MIB = 2**20
SMALL_BYTES = MIB
"""Of tensors that each device holds for itself, such as rope factors."""


def placements(name: str) -> list[Placement]:
    n_layers = PHANTOMS[name].n_layers
    everything, half = n_layers + 1, n_layers // 2
    layers = [(everything,), (half,), (4,), (half, everything - half), (half // 2, half // 2)]
    found = [on(*each) for each in layers]
    if PHANTOMS[name].n_experts:
        found += [on(everything, n_experts=n_layers), on(everything, n_experts=half)]
    return found


def on(*layers: int, n_experts: int = 0) -> Placement:
    devices = tuple(f"RPC{number}" for number in range(len(layers)))
    return Placement(
        8192,
        n_batch=512,
        devices=devices,
        device_layers=layers,
        n_processor_experts=n_experts,
    )


@pytest.mark.parametrize(
    "name",
    ["llama-3.1-8b", "qwen3-4b", "gemma-3-4b", "lfm2-1.2b", "qwen3-30b-a3b", "gpt-oss-20b"],
)
def test_the_formula_knows_what_each_device_holds(
    name: str, start_server: StartServer, tmp_path: Path
) -> None:
    path, placed = write_phantom(tmp_path, name), placements(name)
    with path.open("rb") as stream:
        shape = shape_of(read_header(stream, path.stat().st_size, name))
    answers = ask([(str(path), placement) for placement in placed], start_server(2))
    for placement, engine in zip(placed, answers, strict=True):
        formula = engine_need(shape, placement)
        assert abs(formula.total_bytes / engine.total_bytes - 1) < 0.02, placement
        for ours, theirs in zip(formula.shares, engine.shares, strict=True):
            check(ours, theirs, placement)


def ask(questions: list[tuple[str, Placement]], endpoint: str) -> list[MemoryNeed]:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.offload.estimates", endpoint],
        cwd=PROJECT,
        input=msgspec.json.encode(questions),
        stdout=subprocess.PIPE,
        check=True,
        timeout=110,
    )
    return msgspec.json.decode(ran.stdout, type=list[MemoryNeed])


def check(ours: MemoryShare, theirs: MemoryShare, placement: Placement) -> None:
    assert abs(ours.weights_bytes - theirs.weights_bytes) < SMALL_BYTES, placement
    assert ours.conversation_bytes == theirs.conversation_bytes, placement
    under_bytes = theirs.total_bytes - ours.total_bytes
    assert under_bytes < 0.03 * theirs.total_bytes + SMALL_BYTES, placement
