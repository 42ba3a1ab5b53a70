"""The virtual environment: made, filled and stamped, step by step.

A stamp holds the hash of everything its step depends on. A step whose stamp matches is not
done again and costs nothing.
"""

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import time
import tomllib
import venv
from collections.abc import Callable
from pathlib import Path

import starter_model
import system_libraries
from setup_error import SetupError

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOG = ROOT / "build" / "setup.log"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
WHEEL_INDEX_VARIABLE = "QUILLHOUSE_WHEEL_INDEX"
ENGINE = "llama-cpp-python"
ALIVE_INTERVAL_S = 15.0


def prepare(*, with_tests: bool, with_window: bool) -> None:
    """Bring the environment up to date; returns at once when it is.

    Raises:
        SetupError: a step cannot be done; its text says what to do.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = list(project["dependencies"])
    if with_tests:
        pins += project["optional-dependencies"]["test"]
    engine_pins = [pin for pin in pins if pin.startswith(ENGINE)]
    other_pins = [pin for pin in pins if pin not in engine_pins]
    # Tests bring the window's packages too, so one stamp serves both once tests have run.
    needed = _hash("packages", other_pins, CONSTRAINTS.read_text(encoding="utf-8"))
    choice = [os.environ.get(name, "") for name in ("CMAKE_ARGS", WHEEL_INDEX_VARIABLE)]
    _step(
        "system",
        _hash("system", with_window),
        lambda: system_libraries.check(with_window=with_window),
    )
    _step("venv", _hash("venv", sys.version), _make_venv, is_done=PYTHON.exists())
    name = "packages-test" if with_tests else "packages"
    if not (name == "packages" and _is_done("packages-test", None)):
        _step(name, needed, lambda: _install(other_pins))
    _step("engine", _hash("engine", engine_pins, choice), lambda: _install_engine(engine_pins))
    _step(
        "starter",
        _hash("starter", starter_model.SOURCE_SHA256, starter_model.QUANTIZATION),
        lambda: starter_model.fetch(PYTHON),
        is_done=starter_model.is_there(),
    )


def _hash(*facts: object) -> str:
    return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()


def _stamp(name: str) -> Path:
    return VENV / f"quillhouse-{name}.stamp"


def _is_done(name: str, expected: str | None) -> bool:
    with contextlib.suppress(OSError):
        found = _stamp(name).read_text(encoding="ascii")
        return expected is None or found == expected
    return False


def _step(name: str, expected: str, action: Callable[[], None], *, is_done: bool = True) -> None:
    """Do a step unless its stamp says that it was done just so."""
    if is_done and _is_done(name, expected):
        return
    began_s = time.monotonic()
    try:
        action()
    except OSError as error:
        raise SetupError(f"Set-up could not go on: {error}.") from error
    VENV.mkdir(exist_ok=True)
    _stamp(name).write_text(expected, encoding="ascii")
    took_s = time.monotonic() - began_s
    if took_s >= 1:
        print(f"   done in {took_s:.0f} s", flush=True)


def _make_venv() -> None:
    """Make the virtual environment; a half-made one is made anew."""
    print("-- Making a place for Quillhouse's packages (.venv)", flush=True)
    venv.create(VENV, with_pip=True, clear=True)


def _install(pins: list[str]) -> None:
    print("-- Installing packages", flush=True)
    _pip("install", "--prefer-binary", *pins)


def _install_engine(pins: list[str]) -> None:
    """Install the inference engine, compiled here unless an index has it ready."""
    arguments = ["install", "--prefer-binary", *pins]
    if index := os.environ.get(WHEEL_INDEX_VARIABLE):
        arguments += ["--extra-index-url", index]
    if os.environ.get("CMAKE_ARGS") or index:
        # pip keeps built wheels by version, whatever they were built for.
        arguments += ["--no-cache-dir", "--force-reinstall", "--no-deps"]
    elif not system_libraries.has_compiler():
        print("   No C++ compiler was found; this works only with a ready-made engine.")
    print(
        "-- Installing the inference engine. Where it has to be compiled this takes"
        " 5 to 15 minutes, once.",
        flush=True,
    )
    _pip(*arguments)


def _pip(*arguments: str) -> None:
    """Run pip with all versions fixed; its output goes to a log.

    Raises:
        SetupError: pip failed; says what is probably missing.
    """
    LOG.parent.mkdir(exist_ok=True)
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]
    with LOG.open("a", encoding="utf-8") as log:
        began = log.tell()
        process = subprocess.Popen(
            [*command, "--constraint", str(CONSTRAINTS)], stdout=log, stderr=subprocess.STDOUT
        )
        try:
            code = _wait_alive(process)
        except BaseException:
            process.kill()
            process.wait()
            raise
    if code:
        with LOG.open(encoding="utf-8", errors="replace") as log:
            log.seek(began)
            output = log.read()
        print("\n".join(output.splitlines()[-12:]), file=sys.stderr)
        raise SetupError(f"{_likely_reason(output)} The whole log is in {LOG}.")


def _wait_alive(process: subprocess.Popen[bytes]) -> int:
    """Wait for a process and show now and then that it is alive."""
    began_s = shown_s = time.monotonic()
    is_screen = sys.stdout.isatty()
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(timeout=1)
            if is_screen:
                print("\r" + " " * 40 + "\r", end="", flush=True)
            return code
        now_s = time.monotonic()
        if is_screen:
            print(f"\r   working, {now_s - began_s:.0f} s ...", end="", flush=True)
        elif now_s - shown_s >= ALIVE_INTERVAL_S:
            shown_s = now_s
            print(f"   working, {now_s - began_s:.0f} s ...", flush=True)


def _likely_reason(output: str) -> str:
    """Give one sentence for a person from what pip printed."""
    lowered = output.lower()
    if "no space left" in lowered:
        return "The disk is full; make room (about 3 GB) and start again."
    if "cmake error" in lowered or "no cmake_cxx_compiler" in lowered or "build failed" in lowered:
        if not system_libraries.has_compiler():
            return f"A C++ compiler is missing: {system_libraries.compiler_hint()}"
        return "The inference engine could not be compiled."
    signs = ("connection", "temporary failure", "no matching distribution", "timed out")
    if any(sign in lowered for sign in signs):
        return "The packages could not be downloaded: is this computer connected to the internet?"
    return "A package could not be installed."
