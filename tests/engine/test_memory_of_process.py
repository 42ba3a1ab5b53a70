"""The prediction against what a real process grows by: loading, reading and writing.

Phantoms are loaded for real; their weights are all zero, which takes as much memory as any
other. Run it with `-s` to see the table.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
import psutil
import pytest

from app.core.fit.memory import predict_memory
from app.core.gguf_reader import read_header
from app.core.gguf_shape import shape_of
from app.core.placement import KvType, Placement
from tests.conftest import Uncaptured
from tests.phantom_models import write_phantom

PROJECT = Path(__file__).resolve().parents[2]
STARTER = "starter"
TOLERANCE = 0.03
MIB = 2**20
RESERVE_BYTES = 512 * MIB
"""Left to the rest of the computer."""


@dataclass(frozen=True)
class Case:
    """One model, loaded in one way.

    Attributes:
        n_prompt: tokens that are read: one whole batch, so that all buffers are used, and a bit.
    """

    name: str
    n_ctx: int
    quantization: str = "Q4_K_M"
    kv_type: KvType = KvType.F16
    n_batch: int = 128
    use_mmap: bool = False
    n_prompt: int = 130

    @property
    def placement(self) -> Placement:
        return Placement(
            self.n_ctx,
            self.kv_type,
            # Two would wait for each other while another program computes.
            n_threads=1,
            n_threads_batch=1,
            n_batch=self.n_batch,
            use_mmap=self.use_mmap,
        )

    def __str__(self) -> str:
        mapped = "-mmap" if self.use_mmap else ""
        batch = f"-{self.n_batch}" if self.n_batch != 128 else ""
        quantization = "" if self.name == STARTER else f"-{self.quantization}"
        return f"{self.name}{quantization}-{self.n_ctx}-{self.kv_type}{batch}{mapped}"


Q8 = KvType.Q8_0
SMALL_BATCH = 32
"""For the largest: to read as many tokens as elsewhere takes them most of a minute each."""
CASES = (
    Case(STARTER, 512),
    Case(STARTER, 2048, use_mmap=True),
    Case(STARTER, 2048, n_batch=512, n_prompt=600),
    Case(STARTER, 8192),
    Case(STARTER, 8192, kv_type=Q8),
    Case("llama-3.2-1b", 2048),
    Case("llama-3.2-1b", 8192, "Q8_0", Q8, use_mmap=True),
    Case("qwen3-0.6b", 8192, "Q6_K"),
    Case("qwen3.5-0.8b", 4096),
    Case("gemma-3-1b", 8192, "Q4_0"),
    Case("lfm2-1.2b", 32768, kv_type=Q8),
    Case("falcon-h1-1.5b", 4096),
    Case("qwen3-4b", 4096, kv_type=Q8, n_batch=SMALL_BATCH, n_prompt=34),
    Case("gemma-3-4b", 4096, n_batch=SMALL_BATCH, use_mmap=True, n_prompt=34),
    Case("llama-3.1-8b", 4096, n_batch=SMALL_BATCH, n_prompt=34),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_process_grows_by_what_was_predicted(
    case: Case, starter_path: Path, tmp_path: Path, uncaptured: Uncaptured
) -> None:
    is_starter = case.name == STARTER
    path = (
        starter_path
        if is_starter
        else write_phantom(tmp_path, case.name, case.quantization, with_vocabulary=True)
    )
    with path.open("rb") as stream:
        shape = shape_of(read_header(stream, path.stat().st_size, path.name))
    predicted_bytes = predict_memory(shape, case.placement).total_bytes
    available_bytes = psutil.virtual_memory().available
    if available_bytes < predicted_bytes + RESERVE_BYTES:
        pytest.skip(f"{available_bytes // MIB} MiB available for {predicted_bytes // MIB} MiB")
    grown_bytes = growth_of(path, case)
    error = predicted_bytes / grown_bytes - 1
    with uncaptured():
        print(
            f"\n{case!s:<42}{predicted_bytes / MIB:>9.1f} ->{grown_bytes / MIB:>8.1f} MiB"
            f"{100 * error:>+7.2f} %"
        )
    assert abs(error) <= TOLERANCE


def growth_of(path: Path, case: Case) -> int:
    """Measure in a process of its own; the phantom goes away afterwards."""
    placement = msgspec.json.encode(case.placement).decode()
    arguments = [str(path), placement, str(case.n_prompt)]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.engine.process_growth", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    grown: int = json.loads(ran.stdout.splitlines()[-1])["growth_bytes"]
    return grown
