"""Set up and run Quillhouse from source, with one command on a fresh machine.

    python3 packaging/dev.py run        set up what is missing, then start the app
    python3 packaging/dev.py test       the same with the test tools, then all checks
    python3 packaging/dev.py benchmark  measure; a name runs only that benchmark

Needs Python 3.11 or newer and nothing else to begin with. Every step leaves a stamp when it is
done, so an interrupted set-up goes on where it was, and a second start does none of it.

Environment: CMAKE_ARGS builds the engine for a graphics card; QUILLHOUSE_WHEEL_INDEX is an
extra index with ready-made engine wheels; pip's own variables (PIP_...) work as usual.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the sentence is for those who have less
    sys.exit(f"Quillhouse needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

import argparse
import os
import subprocess
import time

import environment
from environment import PYTHON, ROOT
from setup_error import SetupError

CHECKS = {
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
    "types": ["-m", "mypy"],
    "contracts": ["-c", "from importlinter.cli import lint_imports_command as c; c()"],
    "tests": ["-m", "pytest"],
}


def run(arguments: list[str]) -> int:
    """Start the app; on POSIX this process becomes it."""
    environment.prepare(with_tests=False, with_window=True)
    command = [str(PYTHON), "-m", "app", *arguments]
    os.chdir(ROOT)
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


def test(arguments: list[str]) -> int:
    """Run every check to its end; give the exit code of the whole."""
    environment.prepare(with_tests=True, with_window=False)
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    failed = []
    for name, check in CHECKS.items():
        print(f"\n== {name}", flush=True)
        began_s = time.monotonic()
        extra = arguments if name == "tests" else []
        done = subprocess.run([str(PYTHON), *check, *extra], cwd=ROOT, env=variables, check=False)
        print(
            f"== {name}: {'ok' if done.returncode == 0 else 'FAILED'}"
            f" in {time.monotonic() - began_s:.0f} s",
            flush=True,
        )
        if done.returncode:
            failed.append(name)
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll checks passed.")
    return 1 if failed else 0


def benchmark(arguments: list[str]) -> int:
    """Run all benchmarks, or the one named; they print ratios and never fail on time."""
    environment.prepare(with_tests=True, with_window=False)
    name, *rest = arguments or ["*"]
    scripts = sorted(ROOT.glob(f"tests/benchmarks/bench_{name}.py"))
    if not scripts:
        raise SetupError(f"There is no benchmark called {name}.")
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    codes = []
    for script in scripts:
        print(f"\n== {script.stem.removeprefix('bench_')}", flush=True)
        command = [str(PYTHON), str(script), *rest]
        codes.append(subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode)
    return max(codes)


COMMANDS = {"run": run, "test": test, "benchmark": benchmark}


def main() -> int:
    """Do what was asked; expected trouble is one sentence, not a traceback."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="handed on")
    options = parser.parse_args()
    try:
        return COMMANDS[options.command](options.arguments)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next start goes on from here.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
