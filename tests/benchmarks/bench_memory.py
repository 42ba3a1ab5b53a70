"""How long it takes to say what a model would take, for every model of the tests.

Reading the shape from a header that has been read, the formula, and the engine's own count from
a file with a vocabulary of real size (reading that is most of its time). The goals: the formula
under 1 ms, 1,000 formulas under 1 s, the engine under 0.5 s.

Run: `python3 packaging/dev.py benchmark memory`
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from app.core.fit.memory import predict_memory  # noqa: E402
from app.core.gguf_reader import read_header  # noqa: E402
from app.core.gguf_shape import shape_of  # noqa: E402
from app.core.placement import Placement  # noqa: E402
from app.engine.llama.estimate import estimate_memory  # noqa: E402
from app.engine.llama.library import EngineLog  # noqa: E402
from tests.phantom_models import PHANTOMS, write_phantom  # noqa: E402

PLACEMENT = Placement(8192)
N_ROUNDS = 20


def best_ms(run: Callable[[], object], n_rounds: int) -> float:
    """Give the shortest of some runs, in milliseconds."""
    times = []
    for _ in range(n_rounds):
        began_s = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - began_s))
    return min(times)


def main() -> None:
    """Measure and print."""
    log, rows = EngineLog(), []
    print(f"{'model':<24}{'shape ms':>10}{'formula ms':>12}{'engine ms':>11}")
    with tempfile.TemporaryDirectory() as folder:
        for name in PHANTOMS:
            path = write_phantom(Path(folder), name, with_vocabulary=True)
            with path.open("rb") as stream:
                header = read_header(stream, path.stat().st_size, name)
            shape = shape_of(header)
            row = (
                best_ms(lambda: shape_of(header), N_ROUNDS),  # noqa: B023 - called at once
                best_ms(lambda: predict_memory(shape, PLACEMENT), N_ROUNDS),  # noqa: B023
                best_ms(lambda: estimate_memory(path, PLACEMENT, log), 1),  # noqa: B023
            )
            rows.append(row)
            print(f"{name:<24}{row[0]:>10.2f}{row[1]:>12.3f}{row[2]:>11.0f}")
            path.unlink()
    for label, choose in (("median", statistics.median), ("longest", max)):
        numbers = [choose(column) for column in zip(*rows, strict=True)]
        print(f"{label:<24}{numbers[0]:>10.2f}{numbers[1]:>12.3f}{numbers[2]:>11.0f}")
    mean_ms = sum(row[1] for row in rows) / len(rows)
    print(f"1,000 formulas: {1000 * mean_ms:.0f} ms")


if __name__ == "__main__":
    main()
