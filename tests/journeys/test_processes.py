"""The program as it is started for real: twice, and ended from outside."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

PROJECT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "app"]
WAIT_MS = 30_000


class Program:
    """One running Quillhouse and what its log says."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self._qtbot = qtbot
        self._log = home / "logs" / "quillhouse.log"
        self.process = subprocess.Popen(COMMAND, cwd=PROJECT)

    def waits_for(self, words: str) -> None:
        """Wait until the log says something."""
        self.until(lambda: self._log.exists() and words in self._log.read_text(encoding="utf-8"))

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to become true."""
        self._qtbot.waitUntil(condition, timeout=WAIT_MS)


@pytest.fixture
def program(qtbot: QtBot, own_data_folder: Path) -> Iterator[Program]:
    program = Program(qtbot, own_data_folder)
    yield program
    program.process.kill()
    program.process.wait()


def test_a_second_start_hands_its_file_to_the_first_and_ends(
    program: Program, tmp_path: Path
) -> None:
    program.waits_for("model loaded")
    page = tmp_path / "from the second start.gguf"
    page.write_text("<!DOCTYPE html>")
    second = subprocess.run([*COMMAND, page], cwd=PROJECT, timeout=30, check=False)
    assert second.returncode == 0
    program.waits_for("load failed: not_a_gguf")
    assert program.process.poll() is None


def test_after_a_kill_another_start_is_the_first(
    program: Program, qtbot: QtBot, own_data_folder: Path
) -> None:
    program.waits_for("the window is on the screen")
    program.process.kill()
    program.process.wait()
    (own_data_folder / "logs" / "quillhouse.log").unlink()
    again = Program(qtbot, own_data_folder)
    again.waits_for("model loaded")
    again.process.kill()
    again.process.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals on Windows")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_it_in_order_with_its_engine(program: Program, name: str) -> None:
    program.waits_for("model loaded")
    engines = psutil.Process(program.process.pid).children()
    assert len(engines) == 1
    os.kill(program.process.pid, getattr(signal, name))
    assert program.process.wait(timeout=10) == 0
    assert not engines[0].is_running()
