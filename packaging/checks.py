"""The checks of `dev.py test`: what is run, what may run beside what, and the summary."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from environment import PYTHON, ROOT

Commands = Mapping[str, list[str]]
"""Name of each check, and what the environment's Python is given to do it; in this order."""

WINDOW_TESTS = ("tests/ui",)
PLAIN_TESTS = tuple(
    f"tests/{name}"
    for name in (
        "architecture",
        "catalogue",
        "core",
        "hub",
        "packaging",
        "readers",
        "shell",
        "store",
    )
)
"""Tests that ask nothing of an engine, which takes all the cores there are: they take one."""

LINTS: Commands = {
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
    "types": ["-m", "mypy"],
    "contracts": ["-c", "from importlinter.cli import lint_imports_command as c; c()"],
}
PYTEST = ["-m", "pytest", "--durations=25"]
BESIDE: tuple[Commands, ...] = (
    {**LINTS, "plain tests": [*PYTEST, *PLAIN_TESTS]},
    {"window tests": [*PYTEST, *WINDOW_TESTS]},
)
"""Rows of checks that run beside each other; each row takes about one core."""
ALONE: Commands = {
    "other tests": [*PYTEST, *(f"--ignore={one}" for one in (*PLAIN_TESTS, *WINDOW_TESTS))]
}
"""Run when the rows have ended: engines, kills, and what measures the computer."""

LOOKED_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Result:
    """How a check ended, and how many seconds it took."""

    name: str
    passed: bool
    took_s: float


@dataclass(frozen=True, slots=True)
class _Running:
    name: str
    process: subprocess.Popen[bytes]
    output: IO[bytes]
    began_s: float


def run_beside(rows: tuple[Commands, ...], variables: Mapping[str, str]) -> list[Result]:
    """Run rows of checks beside each other, each check to its end.

    What a check prints is shown when it has ended, so that it does not mix with others.
    """
    waiting = [list(row.items()) for row in rows]
    running: list[_Running | None] = [None for _ in rows]
    results: list[Result] = []
    try:
        while any(waiting) or any(running):
            for number, one in enumerate(running):
                if one is not None and one.process.poll() is not None:
                    results.append(_told(one))
                    running[number] = None
                if running[number] is None and waiting[number]:
                    running[number] = _started(*waiting[number].pop(0), variables)
            time.sleep(LOOKED_EVERY_S)
    finally:
        for left in (one for one in running if one is not None):
            left.process.terminate()
            left.process.wait()
            left.output.close()
    return results


def run_alone(commands: Commands, variables: Mapping[str, str]) -> list[Result]:
    """Run checks one after the other, each to its end; what they print is shown at once."""
    results = []
    for name, command in commands.items():
        print(f"\n== {name}", flush=True)
        began_s = time.monotonic()
        done = subprocess.run([str(PYTHON), *command], cwd=ROOT, env=variables, check=False)
        results.append(_result(name, done.returncode, began_s))
    return results


def summary(results: list[Result]) -> str:
    """Give a line for each check."""
    lines = (f"  {one.name:<12} {_verdict(one):<7} {one.took_s:6.1f} s" for one in results)
    return "\n".join(("\nSummary", *lines))


def _started(name: str, command: list[str], variables: Mapping[str, str]) -> _Running:
    print(f"== {name}: started", flush=True)
    output = tempfile.TemporaryFile()  # noqa: SIM115 - closed when its check has ended
    process = subprocess.Popen(
        [str(PYTHON), *command], cwd=ROOT, env=variables, stdout=output, stderr=subprocess.STDOUT
    )
    return _Running(name, process, output, time.monotonic())


def _told(one: _Running) -> Result:
    with one.output as output:
        output.seek(0)
        shown = output.read()
    print(f"\n== {one.name}", flush=True)
    # As it came: this process may write in fewer letters than its checks do.
    sys.stdout.buffer.write(shown)
    sys.stdout.flush()
    return _result(one.name, one.process.returncode, one.began_s)


def _result(name: str, code: int, began_s: float) -> Result:
    result = Result(name, code == 0, time.monotonic() - began_s)
    print(f"== {name}: {_verdict(result)}, {result.took_s:.1f} s", flush=True)
    return result


def _verdict(result: Result) -> str:
    return "ok" if result.passed else "FAILED"
