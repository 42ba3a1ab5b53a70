"""Two set-ups never write into one environment at the same time."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
import setup_lock

HOLDER = """
import sys
sys.path.insert(0, {packaging!r})
import pathlib, setup_lock
with setup_lock.hold(pathlib.Path({lock!r})):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(lock: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock until its input is closed."""
    code = HOLDER.format(packaging=str(Path(setup_lock.__file__).parent), lock=str(lock))
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_free_lock_is_taken_at_once_and_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with setup_lock.hold(tmp_path / "build" / "setup.lock") as descriptor:
            assert descriptor >= 0


def test_a_second_setup_says_that_it_waits_and_goes_on_when_the_first_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup_lock, "POLL_S", 0.01)
    lock = tmp_path / "setup.lock"
    with holder(lock) as first:
        assert first.stdin is not None
        threading.Timer(0.2, first.stdin.close).start()
        with setup_lock.hold(lock):
            assert first.wait(timeout=5) == 0
    assert "Another set-up is at work" in capsys.readouterr().out


def test_a_killed_setup_leaves_the_lock_free(tmp_path: Path) -> None:
    lock = tmp_path / "setup.lock"
    with holder(lock) as first:
        first.kill()
        first.wait(timeout=5)
        with setup_lock.hold(lock):
            pass


@pytest.mark.skipif(sys.platform == "win32", reason="inheriting locks is of POSIX")
def test_the_lock_stays_with_a_program_that_outlives_its_setup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup_lock, "POLL_S", 0.01)
    lock = tmp_path / "setup.lock"
    with setup_lock.hold(lock) as descriptor:
        orphan = subprocess.Popen(
            [sys.executable, "-c", "import sys; sys.stdin.read()"],
            stdin=subprocess.PIPE,
            pass_fds=(descriptor,),
        )
    assert orphan.stdin is not None
    threading.Timer(0.2, orphan.stdin.close).start()
    with orphan, setup_lock.hold(lock):
        assert orphan.wait(timeout=5) == 0
    assert "Another set-up is at work" in capsys.readouterr().out
