"""Predicted speed beside real speed, on this computer, in one run.

First the app's own calibration (its seconds are printed), then models of real dimensions, loaded
and computed for real without weights: 1B to 8B in at least five types, and smaller ones. For
each: tokens a second while writing, as predicted before the first run and as corrected by that
run for a second one; and seconds until the first word after a question of 2,000 tokens.

The goals, on a quiet computer: writing within 15 % before and 8 % after one run for 9 of 10
(smaller models 35 % and 10 %); the first word within 25 %.

Run: `python3 packaging/dev.py benchmark prediction`
     `... benchmark prediction --quick` leaves out most of the long questions
"""

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from app.core.computer import Computer, Processor, System  # noqa: E402
from app.core.fit import speed  # noqa: E402
from app.core.fit.learning import Run, learnt  # noqa: E402
from app.core.fit.speed import RunRecord, SpeedKnowledge  # noqa: E402
from app.core.gguf_reader import read_header  # noqa: E402
from app.core.gguf_shape import shape_of  # noqa: E402
from app.core.placement import Placement  # noqa: E402
from app.engine import llama  # noqa: E402
from app.engine.llama.calibration import Calibrator  # noqa: E402
from app.machine.processor import physical_cores  # noqa: E402
from app.machine.processor_use import others_busy_fraction  # noqa: E402
from tests.phantom_models import write_phantom  # noqa: E402

LARGE = (
    ("llama-3.2-1b", "Q4_K_M"),
    ("llama-3.2-1b", "Q8_0"),
    ("qwen3-1.7b", "Q6_K"),
    ("llama-3.2-3b", "Q4_K_M"),
    ("llama-3.2-3b", "Q4_0"),
    ("llama-3.2-3b", "Q8_0"),
    ("qwen3-4b", "Q4_K_M"),
    ("qwen3-4b", "Q5_K_M"),
    ("gemma-3-4b", "Q4_K_M"),
    ("llama-3.1-8b", "Q4_K_M"),
    ("qwen3-8b", "Q6_K"),
)
QUIET_FRACTION, QUIET_TRIES, QUIET_INTERVAL_S = 0.1, 120, 0.5
"""Others may take so much of the processor; otherwise it is waited for a minute at most."""
SMALL = (("qwen3-0.6b", "Q4_K_M"), ("qwen3-0.6b", "Q8_0"), ("gemma-3-1b", "Q4_K_M"))
N_WRITTEN = 32
N_QUESTION = speed.LONG_QUESTION_TOKENS
QUICK_QUESTION = 512


@dataclass(frozen=True, slots=True)
class Row:
    """One model: predicted over real, minus one."""

    before: float
    after: float
    first_word: float


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    n_cores = physical_cores()
    n_threads = max(1, n_cores - 1)
    log, stop = llama.EngineLog(), llama.StopFlag()
    wait_for_quiet()
    began_s = time.monotonic()
    calibrator = Calibrator(log, stop, n_threads, n_cores, lambda _: None)
    calibration = calibrator.run(llama.engine_version(), "here")
    assert calibration is not None
    print(f"calibration: {time.monotonic() - began_s:.1f} s, busy: {calibration.was_busy}")
    for kind, of_kind in calibration.types.items():
        print(
            f"  {kind:6} {of_kind.write_bytes_per_s / 1e9:5.1f} GB/s writing,"
            f" {of_kind.read_flops / 1e9:5.0f} GFLOP/s reading"
        )
    computer = Computer(System.LINUX, 0, 0, Processor("here", n_cores, n_cores))
    knowledge = SpeedKnowledge(calibration)
    n_question = QUICK_QUESTION if options.quick else N_QUESTION
    placement = Placement(n_ctx=4096, n_threads=calibration.n_threads, n_threads_batch=n_cores)
    with tempfile.TemporaryDirectory() as folder:
        for title, models, bars in (
            ("1B to 8B", LARGE, (0.15, 0.08)),
            ("smaller", SMALL, (0.35, 0.10)),
        ):
            print(f"\n{title}: predicted / real - 1, after a question of {n_question} tokens")
            print("  model                 type    tok/s   before    after  first word")
            rows = []
            for name, quantization in models:
                path = write_phantom(Path(folder), name, quantization)
                rows.append(measured(path, placement, computer, knowledge, n_question, log, stop))
                path.unlink()
            _summarize(rows, bars)


def measured(
    path: Path,
    placement: Placement,
    computer: Computer,
    knowledge: SpeedKnowledge,
    n_question: int,
    log: llama.EngineLog,
    stop: llama.StopFlag,
) -> Row:
    """Run one model twice and print how far the predictions were off."""
    with path.open("rb") as stream:
        shape = shape_of(read_header(stream, path.stat().st_size, path.name))
    model = llama.LlamaModel(path, path.stem, placement, log, stop, lambda _: None)
    try:
        busy = wait_for_quiet()
        model.read([1] * 64, lambda _: None)
        first_s = seconds_a_token(model)
        second_s = seconds_a_token(model)
        model.forget()
        began_s = time.perf_counter()
        model.read([1] * n_question, lambda _: None)
        question_s = time.perf_counter() - began_s + second_s
    finally:
        model.close()
    given = (shape, placement, computer, knowledge)
    n_past = 64 + N_WRITTEN
    predicted_s = speed.write_seconds(*given, n_past)
    before = first_s / predicted_s
    record = learnt(RunRecord(), Run("", before))
    after_s = record.write_factor * speed.write_seconds(*given, n_past + N_WRITTEN)
    read_s = speed.read_seconds(*given, n_question) + predicted_s
    row = Row(1 / before - 1, after_s / second_s - 1, read_s / question_s - 1)
    name, _, quantization = path.stem.rpartition("-")
    print(
        f"  {name:20} {quantization:8} {1 / first_s:6.1f} {row.before:+8.1%} {row.after:+8.1%}"
        f" {row.first_word:+8.1%}  ({question_s:.1f} s; others took {busy:.0%})",
        flush=True,
    )
    return row


def wait_for_quiet() -> float:
    """Wait until other programs are quiet; give the part of the processor they take now."""
    busy = 1.0
    for _ in range(QUIET_TRIES):
        busy = others_busy_fraction(QUIET_INTERVAL_S)
        if busy <= QUIET_FRACTION:
            break
    return busy


def seconds_a_token(model: llama.LlamaModel) -> float:
    """Write some tokens after what was read; give the mean seconds of one."""
    n_read = len(model.tokens)
    began_s = time.perf_counter()
    for n in range(N_WRITTEN):
        model.read([1] * (n_read + n + 1), lambda _: None)
    return (time.perf_counter() - began_s) / N_WRITTEN


def _summarize(rows: list[Row], bars: tuple[float, float]) -> None:
    for name, errors, bar in (
        ("before", [row.before for row in rows], bars[0]),
        ("after one run", [row.after for row in rows], bars[1]),
        ("first word", [row.first_word for row in rows], 0.25),
    ):
        n_good = sum(abs(error) <= bar for error in errors)
        worst = max(errors, key=abs)
        print(f"  {name}: {n_good} of {len(errors)} within {bar:.0%}; worst {worst:+.1%}")


if __name__ == "__main__":
    main()
