"""How busy other programs keep the processor."""

import contextlib
import subprocess
import sys

import psutil
import pytest

from app.machine.processor_use import ProcessorUse, others_busy_fraction, others_fraction

BEFORE = ProcessorUse(total_s=100.0, busy_s=40.0, own_s={1: 5.0, 2: 3.0})
N_CORES = psutil.cpu_count() or 1
BURN = """
import time
end = time.monotonic() + 20
print(flush=True)
while time.monotonic() < end:
    pass
"""
"""Keeps one core busy, and ends by itself should the test not end it."""


@pytest.mark.parametrize(
    ("after", "fraction"),
    [
        # Four seconds of all cores, three of them busy, two by us.
        (ProcessorUse(104.0, 43.0, {1: 6.0, 2: 4.0}), 0.25),
        (ProcessorUse(104.0, 40.0, {1: 5.0, 2: 3.0}), 0.0),
        # A process of ours that began in between.
        (ProcessorUse(104.0, 44.0, {1: 5.0, 2: 3.0, 3: 4.0}), 0.0),
        # One that ended: what it used cannot be known any more.
        (ProcessorUse(104.0, 42.0, {1: 5.0}), 0.5),
        # Another one has its number now.
        (ProcessorUse(104.0, 42.0, {1: 5.0, 2: 0.5}), 0.5),
        # Clock ticks are coarse: more of ours than of all.
        (ProcessorUse(104.0, 41.0, {1: 7.0, 2: 3.0}), 0.0),
        (ProcessorUse(104.0, 50.0, {1: 5.0, 2: 3.0}), 1.0),
        (BEFORE, 0.0),
    ],
)
def test_own_processes_do_not_count(after: ProcessorUse, fraction: float) -> None:
    assert others_fraction(BEFORE, after) == pytest.approx(fraction)


def processor_seconds(processes: list[psutil.Process]) -> float:
    return sum(process.cpu_times().user for process in processes)


@pytest.mark.skipif(sys.platform == "win32", reason="there, a parent that ends is not replaced")
def test_a_busy_program_that_is_not_ours_is_noticed() -> None:
    # Started by a process that ends at once, it is nobody's child of ours.
    starter = (
        "import subprocess as s, sys; "
        "child = s.Popen([sys.executable, '-c', sys.argv[1]], stdout=s.PIPE, stderr=s.DEVNULL); "
        "child.stdout.readline(); print(child.pid)"
    )
    command = [sys.executable, "-c", starter, BURN]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=60)
    stranger = psutil.Process(int(ran.stdout))
    try:
        # It takes one core; where it gets less, still others have the rest of that core.
        assert others_busy_fraction(0.5) > 0.6 / N_CORES
    finally:
        stranger.kill()
        psutil.wait_procs([stranger], timeout=5)


def test_busy_programs_of_ours_are_not_taken_for_others() -> None:
    with contextlib.ExitStack() as ends:
        started = []
        for _ in range(N_CORES):
            process = ends.enter_context(
                subprocess.Popen([sys.executable, "-c", BURN], stdout=subprocess.PIPE)
            )
            ends.callback(process.kill)
            assert process.stdout is not None
            process.stdout.readline()
            started.append(psutil.Process(process.pid))
        before_s = processor_seconds(started)
        fraction = others_busy_fraction(0.5)
        own_share = (processor_seconds(started) - before_s) / (0.5 * N_CORES)
    # Together they keep all cores busy, so that counting ours would give 1.0 at any time.
    assert fraction < 1.0 - 0.7 * own_share
