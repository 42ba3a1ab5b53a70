"""The commands of `packaging/dev.py`."""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import checks
import environment
import offload_plugin
from environment import PYTHON, ROOT
from setup_error import SetupError

DESCRIPTION = """\
Set up and run Quillhouse from source, with one command on a fresh machine.

  python3 packaging/dev.py run [FILE]       set up what is missing, then start the app
  python3 packaging/dev.py test [...]       the same with the test tools, then all checks;
                                            what follows is handed to pytest
  python3 packaging/dev.py test-offload     the tests of graphics cards, without one: builds a
                                            plug-in that makes the processor look like some
  python3 packaging/dev.py benchmark [...]  measure; a name runs only that benchmark

Needs Python 3.11 or newer and nothing else to begin with. Every step leaves a stamp when it is
done: an interrupted set-up goes on where it was, and a second start does none of it and uses no
network. The whole log of a set-up is in build/setup.log.

Environment variables:
  CMAKE_ARGS              how to build the engine, for example -DGGML_CUDA=on
  QUILLHOUSE_WHEEL_INDEX  address of an extra index with engines built for a graphics card
                          (both are remembered; to go back, set them to: none)
  PIP_...                 pip's own settings, such as PIP_INDEX_URL, work as usual
"""

STOPPED_BY_KEYBOARD = 130
"""Exit code that shells use for Ctrl+C: 128 and the number of SIGINT."""


def run(arguments: list[str]) -> int:
    """Start the app; on POSIX this process becomes it.

    Raises:
        SetupError: set-up failed, or there is no screen.
    """
    environment.prepare(with_tests=False, with_window=True)
    if has_no_screen(os.environ, sys.platform):
        raise SetupError(
            "Quillhouse is set up, but there is no screen here to open its window on"
            " (neither DISPLAY nor WAYLAND_DISPLAY is set)."
        )
    command = [str(PYTHON), "-m", "app", *map(_absolute, arguments)]
    os.chdir(ROOT)
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


def has_no_screen(variables: Mapping[str, str], platform: str) -> bool:
    """Say whether Qt could open no window here; it would only abort."""
    ways = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return platform == "linux" and not any(variables.get(way) for way in ways)


def test(arguments: list[str]) -> int:
    """Run every check to its end; give the exit code of the whole."""
    environment.prepare(with_tests=True, with_window=False)
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    if arguments:
        # Of some tests nobody knows whether they start engines.
        results = checks.run_beside((checks.LINTS,), variables)
        results += checks.run_alone({"tests": [*checks.PYTEST, *arguments]}, variables)
    else:
        results = checks.run_beside(checks.BESIDE, variables)
        results += checks.run_alone(checks.ALONE, variables)
    print(checks.summary(results))
    return 0 if all(one.passed for one in results) else 1


def test_offload(arguments: list[str]) -> int:
    """Run the tests that load models onto devices, which the processor stands in for.

    Raises:
        SetupError: set-up failed, or the plug-in for it cannot be built.
    """
    environment.prepare(with_tests=True, with_window=False)
    plugin = offload_plugin.prepare()
    variables = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONUTF8": "1",
        offload_plugin.VARIABLE: str(plugin),
    }
    command = [str(PYTHON), "-m", "pytest", "tests/offload", *arguments]
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


def benchmark(arguments: list[str]) -> int:
    """Run all benchmarks, or the one named; they print ratios and never fail on time.

    Raises:
        SetupError: set-up failed, or no benchmark has that name.
    """
    environment.prepare(with_tests=True, with_window=False)
    name, *rest = arguments or ["*"]
    scripts = sorted(ROOT.glob(f"tests/benchmarks/bench_{name}.py"))
    if not scripts:
        raise SetupError(f"There is no benchmark called {name}.")
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1"}
    codes = []
    for script in scripts:
        print(f"\n== {script.stem.removeprefix('bench_')}", flush=True)
        command = [str(PYTHON), str(script), *rest]
        codes.append(subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode)
    return max(codes)


COMMANDS = {
    "run": run,
    "test": test,
    "test-offload": test_offload,
    "benchmark": benchmark,
}


def main() -> int:
    """Do what was asked; expected trouble is a sentence, not a traceback."""
    parser = argparse.ArgumentParser(
        prog="dev.py",
        usage="python3 packaging/dev.py {run,test,test-offload,benchmark} ...",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, help=argparse.SUPPRESS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args()
    try:
        return COMMANDS[options.command](options.arguments)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next start goes on from here.", file=sys.stderr)
        return STOPPED_BY_KEYBOARD


def _absolute(argument: str) -> str:
    """Make the path of a file whole: the app starts in another folder."""
    return str(Path(argument).absolute()) if Path(argument).is_file() else argument
