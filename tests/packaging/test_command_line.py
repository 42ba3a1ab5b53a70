"""The commands: what they print, what they give back, and sentences instead of tracebacks."""

import os
import subprocess
import sys
from pathlib import Path

import checks
import command_line
import environment
import pytest
from setup_error import SetupError

DEV = Path(command_line.__file__).with_name("dev.py")
OLD = """
import runpy, sys
sys.version_info = (3, 10, 4, "final", 0)
runpy.run_path({dev!r}, run_name="__main__")
"""


def dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run dev.py as a person does."""
    return subprocess.run(
        [sys.executable, str(DEV), *arguments], capture_output=True, text=True, check=False
    )


def prepare_nothing(**_purpose: bool) -> None:
    """Stand in for a set-up that has nothing to do."""


def test_help_names_all_commands_and_variables() -> None:
    shown = dev("--help")
    assert shown.returncode == 0
    for word in (
        *command_line.COMMANDS,
        "CMAKE_ARGS",
        "QUILLHOUSE_WHEEL_INDEX",
        "build/setup.log",
    ):
        assert word in shown.stdout


def test_an_unknown_command_is_refused_without_a_traceback() -> None:
    shown = dev("fly")
    assert shown.returncode == 2
    assert "Traceback" not in shown.stderr


def test_an_old_python_gets_one_sentence() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", OLD.format(dev=str(DEV))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.returncode == 1
    assert shown.stderr == "Quillhouse needs Python 3.11 or newer; this is Python 3.10.\n"


def test_expected_trouble_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_purpose: bool) -> None:
        raise SetupError("The disk is full.")

    monkeypatch.setattr(environment, "prepare", fail)
    monkeypatch.setattr(sys, "argv", ["dev.py", "test"])
    assert command_line.main() == 1
    assert capsys.readouterr().err.strip() == "The disk is full."


def test_ctrl_c_ends_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(**_purpose: bool) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(environment, "prepare", interrupt)
    monkeypatch.setattr(sys, "argv", ["dev.py", "run"])
    assert command_line.main() == 130
    assert capsys.readouterr().err.strip() == "Stopped. The next start goes on from here."


def test_all_checks_run_even_if_one_fails_and_the_summary_comes_last(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    lints = {
        "format": ["-c", "print('formatted')"],
        "lint": ["-c", "raise SystemExit(3)"],
    }
    tests = ["-c", "import os, sys; print(os.environ['QT_QPA_PLATFORM'], sys.argv[1:])"]
    monkeypatch.setattr(environment, "prepare", prepare_nothing)
    monkeypatch.setattr(checks, "LINTS", lints)
    monkeypatch.setattr(checks, "PYTEST", tests)
    assert command_line.test(["-k", "gguf"]) == 1
    lines = capfd.readouterr().out.splitlines()
    assert "formatted" in lines
    assert "offscreen ['-k', 'gguf']" in lines
    assert [line.split()[:2] for line in lines[-4:]] == [
        ["Summary"],
        ["format", "ok"],
        ["lint", "FAILED"],
        ["tests", "ok"],
    ]


def test_checks_that_all_pass_give_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "prepare", prepare_nothing)
    monkeypatch.setattr(checks, "BESIDE", ({"lint": ["-c", "pass"]}, {"tests": ["-c", "pass"]}))
    monkeypatch.setattr(checks, "ALONE", {"other tests": ["-c", "pass"]})
    assert command_line.test([]) == 0


def test_a_check_that_fails_beside_others_fails_the_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(environment, "prepare", prepare_nothing)
    monkeypatch.setattr(checks, "BESIDE", ({"lint": ["-c", "pass"]}, {"tests": ["-c", "1 / 0"]}))
    monkeypatch.setattr(checks, "ALONE", {"other tests": ["-c", "pass"]})
    assert command_line.test([]) == 1


def test_rows_run_beside_each_other_and_their_output_does_not_mix(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each of the two waits for the file of the other."""
    code = (
        "import pathlib, sys; print('begin', sys.argv[1], flush=True);"
        "pathlib.Path(sys.argv[1]).touch(); other = pathlib.Path(sys.argv[2])\n"
        "while not other.exists(): pass\n"
        "print('end', sys.argv[1])"
    )
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    rows = ({"a": ["-c", code, a, b]}, {"b": ["-c", code, b, a], "c": ["-c", "pass"]})
    results = checks.run_beside(rows, dict(os.environ))
    assert {one.name for one in results if one.passed} == {"a", "b", "c"}
    lines = capfd.readouterr().out.splitlines()
    for name in (a, b):
        assert lines[lines.index(f"begin {name}") + 1] == f"end {name}"


def test_every_test_is_run_by_one_check() -> None:
    """What runs alone leaves out exactly what the rows run."""
    beside = {*checks.PLAIN_TESTS, *checks.WINDOW_TESTS}
    assert all((environment.ROOT / one).is_dir() for one in beside)
    words = [word for row in checks.BESIDE for words in row.values() for word in words]
    assert sorted(word for word in words if word.startswith("tests/")) == sorted(beside)
    left_out = [word for word in checks.ALONE["other tests"] if word.startswith("--ignore=")]
    assert sorted(left_out) == sorted(f"--ignore={one}" for one in beside)


@pytest.mark.parametrize(
    ("variables", "platform", "expected"),
    [
        ({}, "linux", True),
        ({"DISPLAY": ""}, "linux", True),
        ({"DISPLAY": ":0"}, "linux", False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", False),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", False),
        ({}, "darwin", False),
        ({}, "win32", False),
    ],
)
def test_a_missing_screen_is_noticed_before_qt_aborts(
    *, variables: dict[str, str], platform: str, expected: bool
) -> None:
    assert command_line.has_no_screen(variables, platform) is expected


def test_an_unknown_benchmark_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "prepare", prepare_nothing)
    with pytest.raises(SetupError, match="no benchmark called nothing"):
        command_line.benchmark(["nothing"])


def test_the_script_of_ci_runs_exactly_the_tests() -> None:
    script = (environment.ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "python3 packaging/dev.py test\n" in script
