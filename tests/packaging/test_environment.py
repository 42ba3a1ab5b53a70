"""Set-up does what is missing, and nothing else."""

import errno
import re
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import engine_build
import environment
import pytest
import virtual_environment
from environment import CONSTRAINTS, Setup
from logged_process import LoggedProcess
from setup_error import SetupError
from steps import Stamps, Step

ELSEWHERE = re.compile(r"python_(full_)?version *<|emscripten")


def steps(tmp_path: Path, *, with_tests: bool, with_window: bool) -> list[Step]:
    """The steps of a set-up, which do nothing and find nothing missing."""
    setup = Setup(with_tests, with_window, LoggedProcess(tmp_path / "setup.log"))
    return [replace(one, action=lambda: None, is_intact=lambda: True) for one in setup.steps()]


def pending(stamps: Stamps, wanted: list[Step]) -> list[str]:
    """Names of the steps that are still to be done."""
    return [step.name for step in wanted if not stamps.is_done(step)]


@pytest.fixture
def stamps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stamps:
    """No step is done, nothing special is wished for, and this is Linux."""
    monkeypatch.setattr(environment, "ENGINE_NOTE", tmp_path / "engine.json")
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("CMAKE_ARGS", "QUILLHOUSE_WHEEL_INDEX", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    return Stamps(tmp_path)


def test_a_fresh_setup_does_every_step_in_order(tmp_path: Path, stamps: Stamps) -> None:
    wanted = steps(tmp_path, with_tests=False, with_window=True)
    assert pending(stamps, wanted) == [
        "system",
        "venv",
        "packages",
        "engine",
        "starter",
        "embedding",
    ]


def test_a_second_start_does_nothing(tmp_path: Path, stamps: Stamps) -> None:
    for _ in range(2):
        for step in steps(tmp_path, with_tests=False, with_window=True):
            stamps.do(step)
    assert not pending(stamps, steps(tmp_path, with_tests=False, with_window=True))


def test_a_setup_stopped_between_two_steps_goes_on_with_the_next(
    tmp_path: Path, stamps: Stamps
) -> None:
    wanted = steps(tmp_path, with_tests=True, with_window=False)
    for step in wanted[:3]:
        stamps.do(step)
    assert pending(stamps, wanted) == ["engine", "starter", "embedding"]


def test_after_the_app_the_tests_need_only_their_packages(tmp_path: Path, stamps: Stamps) -> None:
    for step in steps(tmp_path, with_tests=False, with_window=True):
        stamps.do(step)
    assert pending(stamps, steps(tmp_path, with_tests=True, with_window=False)) == ["packages"]


def test_after_the_tests_the_app_needs_only_what_a_window_needs(
    tmp_path: Path, stamps: Stamps
) -> None:
    for step in steps(tmp_path, with_tests=True, with_window=False):
        stamps.do(step)
    assert pending(stamps, steps(tmp_path, with_tests=False, with_window=True)) == ["system"]


def test_another_version_of_a_package_installs_packages_again_for_app_and_tests(
    tmp_path: Path, stamps: Stamps, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in steps(tmp_path, with_tests=True, with_window=True):
        stamps.do(step)
    newer = tmp_path / "constraints.txt"
    newer.write_text(CONSTRAINTS.read_text("utf-8") + "new==1.0\n", encoding="utf-8")
    monkeypatch.setattr(environment, "CONSTRAINTS", newer)
    for with_tests in (True, False):
        wanted = steps(tmp_path, with_tests=with_tests, with_window=True)
        assert pending(stamps, wanted) == ["packages"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [("CMAKE_ARGS", "-DGGML_CUDA=on"), ("QUILLHOUSE_WHEEL_INDEX", "https://w.example")],
)
def test_another_build_of_the_engine_installs_only_the_engine(
    tmp_path: Path, stamps: Stamps, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    for step in steps(tmp_path, with_tests=False, with_window=True):
        stamps.do(step)
    monkeypatch.setenv(variable, value)
    assert pending(stamps, steps(tmp_path, with_tests=False, with_window=True)) == ["engine"]


def test_the_engine_of_one_start_is_kept_by_the_next_without_the_variable(
    tmp_path: Path, stamps: Stamps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CMAKE_ARGS", "-DGGML_CUDA=on")
    wanted = engine_build.wanted({"CMAKE_ARGS": "-DGGML_CUDA=on"}, None)
    for step in steps(tmp_path, with_tests=False, with_window=True):
        stamps.do(step)
    engine_build.remember(environment.ENGINE_NOTE, wanted)
    monkeypatch.delenv("CMAKE_ARGS")
    assert not pending(stamps, steps(tmp_path, with_tests=False, with_window=True))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EACCES, "may not write here: /somewhere"),
        (errno.EIO, "could not go on"),
    ],
)
def test_trouble_with_the_disk_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, expected: str
) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError(number, "trouble", "/somewhere")

    monkeypatch.setattr(environment, "VENV", tmp_path / "venv")
    monkeypatch.setattr(environment, "BUILD", tmp_path / "build")
    monkeypatch.setattr(environment, "LOG", tmp_path / "build" / "setup.log")
    monkeypatch.setattr(virtual_environment, "is_usable", fail)
    with pytest.raises(SetupError, match=expected):
        environment.prepare(with_tests=False, with_window=False)


def test_too_little_disk_is_told_before_an_environment_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, path in (("VENV", "venv"), ("BUILD", "build"), ("LOG", "build/setup.log")):
        monkeypatch.setattr(environment, name, tmp_path / path)
    monkeypatch.setattr(environment, "NEEDED_BYTES", 1 << 60)
    with pytest.raises(SetupError, match="The disk is full"):
        environment.prepare(with_tests=False, with_window=False)
    assert not (tmp_path / "venv" / "pyvenv.cfg").exists()


def pins() -> dict[str, str]:
    """Versions in the constraints, by normalised name."""
    lines = [
        line.partition("#")[0].strip() for line in CONSTRAINTS.read_text("utf-8").splitlines()
    ]
    found = [line.split("==") for line in lines if line]
    return {_normal(name): version for name, version in found}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _name(requirement: str) -> str:
    return _normal(re.split(r"[^\w.-]", requirement)[0])


def test_direct_versions_agree_with_the_constraints() -> None:
    project = environment.project_table()
    direct = project["dependencies"] + project["optional-dependencies"]["test"]
    for name, version in (pin.split("==") for pin in direct):
        assert pins()[_normal(name)] == version


def test_everything_that_comes_along_is_pinned_too_whatever_the_system() -> None:
    project = environment.project_table()
    todo = [_name(one) for one in project["dependencies"]]
    todo += [_name(one) for one in project["optional-dependencies"]["test"]]
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            needed = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # only on other systems
        todo += [
            _name(one) for one in needed if "extra ==" not in one and not ELSEWHERE.search(one)
        ]
    assert not seen - set(pins())
