"""Slow programs write to the log, are seen to be alive, and stop with the set-up."""

import os
import signal
import sys
import threading
from pathlib import Path

import interruption
import psutil
import pytest
from logged_process import LoggedProcess, compiled
from pip_runner import first_error

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def process(tmp_path: Path) -> LoggedProcess:
    """Writes to a log in a temporary folder."""
    return LoggedProcess(tmp_path / "setup.log")


def python(code: str) -> list[str]:
    """Give the command that runs some Python."""
    return [sys.executable, "-c", code]


def test_what_a_program_prints_is_in_the_log_and_given_back(process: LoggedProcess) -> None:
    done = process.run(python("import sys; print('out'); print('err', file=sys.stderr)"))
    assert done.code == 0
    assert {"out", "err"} <= set(done.output.splitlines())
    assert "out" in process.log.read_text(encoding="utf-8")


def test_each_program_gives_back_its_own_output_only(process: LoggedProcess) -> None:
    process.run(python("print('first')"))
    assert "first" not in process.run(python("print('second')")).output.splitlines()
    assert "first" in process.log.read_text(encoding="utf-8")


def test_the_exit_code_is_given_back(process: LoggedProcess) -> None:
    assert process.run(python("raise SystemExit(7)")).code == 7


def test_variables_reach_the_program(process: LoggedProcess) -> None:
    done = process.run(
        python("import os; print(os.environ['CMAKE_ARGS'])"), variables={"CMAKE_ARGS": "-DX=1"}
    )
    assert "-DX=1" in done.output.splitlines()


def test_what_is_compiled_is_counted_from_the_end_of_the_log() -> None:
    log = "[1/193] Building C object a.o\n[57/193] Building CXX object b.o\n"
    assert compiled(log) == ", compiled 57 of 193 files"
    assert compiled("Collecting numpy") == ""


def test_trouble_is_shown_from_where_it_begins() -> None:
    output = "\n".join(["fine"] * 30 + ["CMake Error: no Vulkan"] + [f"x{i}" for i in range(30)])
    shown = first_error(output)
    assert shown[0] == "CMake Error: no Vulkan"
    assert len(shown) == 12
    assert first_error("\n".join(f"{i}" for i in range(30)))[-1] == "29"


@posix_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopping_setup_stops_the_program_and_all_that_it_started(
    tmp_path: Path, process: LoggedProcess, number: signal.Signals
) -> None:
    note = tmp_path / "pids"
    child = "import time; time.sleep(600)"
    code = f"""
import os, pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {child!r}])
part = pathlib.Path({str(note)!r} + ".part")
part.write_text(f"{{os.getpid()}} {{child.pid}}")
part.replace({str(note)!r})
time.sleep(600)
"""
    started: list[psutil.Process] = []

    def stop_when_started() -> None:
        while not note.exists():
            threading.Event().wait(0.01)
        started.extend(psutil.Process(int(pid)) for pid in note.read_text("utf-8").split())
        os.kill(os.getpid(), number)

    thread = threading.Thread(target=stop_when_started, daemon=True)
    thread.start()
    with pytest.raises(KeyboardInterrupt), interruption.like_ctrl_c():
        process.run(python(code))
    thread.join()
    _, alive = psutil.wait_procs(started, timeout=5)
    assert len(started) == 2
    assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]


@posix_only
def test_the_ways_to_stop_are_put_back_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with interruption.like_ctrl_c():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_on_windows_nothing_is_inherited_since_python_refuses_to_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, object] = {}

    def note(*_: object, **options: object) -> None:
        given.update(options)
        raise FileNotFoundError

    monkeypatch.setattr("logged_process.subprocess.Popen", note)
    monkeypatch.setattr("logged_process.os.name", "nt")
    with pytest.raises(FileNotFoundError):
        LoggedProcess(tmp_path / "setup.log", (7,)).run(python("pass"))
    assert given["pass_fds"] == ()
