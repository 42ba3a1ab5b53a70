"""Everything that must be there before Quillhouse can start: made step by step, each once."""

import errno
import os
import shutil
import sys
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import embedding_model
import engine_build
import interruption
import model_file
import setup_lock
import starter_model
import system_libraries
import system_needs
import virtual_environment
from engine_build import EngineBuild
from logged_process import LoggedProcess
from pip_failure import DISK_FULL_TEXT
from pip_runner import PipRunner
from setup_error import SetupError
from steps import Stamps, Step, fingerprint, stamp_name

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = virtual_environment.python_in(VENV)
BUILD = ROOT / "build"
LOG = BUILD / "setup.log"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
STARTER_FOLDER = ROOT / "resources" / "starter"
EMBEDDING_FOLDER = ROOT / "resources" / "embedding"
ENGINE = "llama-cpp-python"
ENGINE_NOTE = VENV / "quillhouse-engine.json"
NEEDED_BYTES = 2_500_000_000
"""Free disk that a whole set-up needs: 0.7 GB stay, the rest is for compiling and unpacking."""


def prepare(*, with_tests: bool, with_window: bool) -> None:
    """Bring the environment up to date; returns at once when it is.

    Raises:
        SetupError: a step cannot be done; its text says what to do.
    """
    bring(lambda process: Setup(with_tests, with_window, process).steps(), Stamps(VENV))


def bring(steps_with: Callable[[LoggedProcess], list[Step]], stamps: Stamps) -> None:
    """Do the steps that are not done yet, while no other set-up is at work.

    Args:
        steps_with: gives the steps, which run their programs by the process handed in.
        stamps: where it is noted that they are done.

    Raises:
        SetupError: a step cannot be done; its text says what to do.
    """
    try:
        if all(stamps.is_done(step) for step in steps_with(LoggedProcess(LOG))):
            return
        with interruption.like_ctrl_c(), setup_lock.hold(BUILD / "setup.lock") as lock:
            LOG.write_bytes(b"")
            _do(steps_with(LoggedProcess(LOG, (lock,))), stamps)
    except OSError as error:
        raise SetupError(_sentence(error)) from error


def _do(steps: list[Step], stamps: Stamps) -> None:
    began_s = time.monotonic()
    print("Setting up Quillhouse. If it is stopped, the next start goes on from there.")
    for step in steps:
        if stamps.is_done(step):
            continue
        print(f"-- {step.title}", flush=True)
        step_began_s = time.monotonic()
        stamps.do(step)
        print(f"   done in {time.monotonic() - step_began_s:.0f} s", flush=True)
    print(f"Set-up done in {time.monotonic() - began_s:.0f} s.", flush=True)


def _sentence(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return DISK_FULL_TEXT
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"Set-up may not write here: {error.filename or ROOT}."
    return f"Set-up could not go on: {error}."


@dataclass(frozen=True, slots=True)
class Setup:
    """What has to be there for one purpose, and how it gets there."""

    with_tests: bool
    with_window: bool
    process: LoggedProcess

    def steps(self) -> list[Step]:
        """Give the steps in their order."""
        return [
            self._system(),
            Step(
                "venv",
                "Making a place for Quillhouse's packages (.venv)",
                (fingerprint("venv"),),
                self._make_venv,
                lambda: virtual_environment.is_whole(VENV),
            ),
            *self._packages(),
            Step(
                "starter",
                "Fetching the starter model (98 MB)",
                (fingerprint(starter_model.SOURCE, starter_model.STARTER),),
                self._provide_starter,
                lambda: model_file.is_there(STARTER_FOLDER, starter_model.STARTER),
            ),
            Step(
                "embedding",
                "Fetching the model that finds passages by their meaning (84 MB)",
                (fingerprint(embedding_model.SOURCES, embedding_model.BUILT_IN),),
                self._provide_embedding,
                lambda: model_file.is_there(EMBEDDING_FOLDER, embedding_model.BUILT_IN),
            ),
        ]

    @property
    def _pip(self) -> PipRunner:
        return PipRunner(PYTHON, CONSTRAINTS, self.process)

    def _system(self) -> Step:
        """Give the step for the system; what a window needs is enough for tests too."""
        needed = system_libraries.needed_libraries(
            with_window=self.with_window, platform=sys.platform, variables=os.environ
        )
        at_most = {**system_libraries.TO_DRAW, **system_libraries.TO_OPEN_A_WINDOW}
        return Step(
            "system",
            "Looking for what is needed from the system",
            tuple(fingerprint("system", sorted(one)) for one in (needed, at_most)),
            partial(system_needs.provide, needed, self.process),
        )

    def _packages(self) -> list[Step]:
        """Give the steps for Python's packages; those of the tests are enough for the app too."""
        project = project_table()
        needed: list[str] = project["dependencies"]
        engine_pin = next(pin for pin in needed if pin.startswith(ENGINE))
        with_app = [pin for pin in needed if pin != engine_pin]
        with_app += project["optional-dependencies"]["setup"]
        with_tests = with_app + project["optional-dependencies"]["test"]
        ways = [with_tests] if self.with_tests else [with_app, with_tests]
        versions = CONSTRAINTS.read_text(encoding="utf-8")
        former = engine_build.remembered(ENGINE_NOTE)
        build = engine_build.wanted(os.environ, former, leaves_out_amx=engine_build.has_amx())
        return [
            Step(
                "packages",
                "Installing packages",
                tuple(fingerprint("packages", pins, versions) for pins in ways),
                partial(self._install_packages, ways[0]),
            ),
            Step(
                "engine",
                "Installing the inference engine. Where it has to be compiled, this takes 5 to 15"
                " minutes, once.",
                (fingerprint("engine", engine_pin, *build.facts),),
                partial(self._install_engine, engine_pin, build),
            ),
        ]

    def _make_venv(self) -> None:
        """Make the environment; one that works is kept, a half-made one is made anew."""
        if virtual_environment.is_usable(VENV):
            return
        if shutil.disk_usage(ROOT).free < NEEDED_BYTES:
            raise SetupError(DISK_FULL_TEXT)
        virtual_environment.empty(VENV, kept=stamp_name("system"))
        done = self.process.run([sys.executable, "-m", "venv", str(VENV)])
        if done.code:
            print("\n".join(done.output.splitlines()[-4:]), file=sys.stderr)
            raise SetupError(f"The folder {VENV} could not be made. See {LOG}.")

    def _install_packages(self, pins: list[str]) -> None:
        virtual_environment.remove_damaged_packages(VENV)
        self._pip.install(*pins)

    def _install_engine(self, pin: str, build: EngineBuild) -> None:
        """Install the inference engine; the choice is kept first, so that it is resumed."""
        virtual_environment.remove_damaged_packages(VENV)
        is_installed = virtual_environment.has_package(VENV, ENGINE.replace("-", "_"))
        is_noted = engine_build.remembered(ENGINE_NOTE) is not None
        engine_build.remember(ENGINE_NOTE, build)
        replaces = is_installed and (is_noted or not build.is_plain)
        for arguments in engine_build.pip_calls(pin, build, replaces=replaces):
            self._pip.install(*arguments, variables=build.variables)

    def _provide_starter(self) -> None:
        starter_model.provide(STARTER_FOLDER, BUILD / "starter", self._pip)

    def _provide_embedding(self) -> None:
        embedding_model.provide(EMBEDDING_FOLDER, BUILD / "embedding", self._pip)


def project_table() -> dict[str, Any]:
    """Give the [project] table of pyproject.toml."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]
    return project
