"""A child process: what it says arrives, its end is told, and nothing it does holds us up."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from app.core.json_lines import ProtocolError
from app.worker import child_pipes, child_process
from app.worker.child_process import ChildProcess

PROJECT = Path(__file__).resolve().parents[2]
ECHO = "import sys\nfor line in sys.stdin: print(line.upper(), end='', flush=True)"
STUBBORN = "import time\nprint('here', flush=True)\nwhile True: time.sleep(60)"


class Speaker(ChildProcess):
    """Keeps what the process says."""

    def __init__(self) -> None:
        super().__init__("speaker")
        self.said: list[bytes] = []
        self.ends: list[str] = []
        self.died.connect(self.ends.append)

    def take_line(self, line: bytes) -> None:
        if line == b"nonsense":
            raise ProtocolError(line)
        self.said.append(line)


@pytest.fixture
def starts(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> "Starts":
    return Starts(monkeypatch)


class Starts:
    """Starts Python programs as child processes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, code: str, program: str = sys.executable) -> Speaker:
        command = program, ["-c", code]
        self._monkeypatch.setattr(child_process, "child_command", lambda _role: command)
        speaker = Speaker()
        speaker.start()
        return speaker


def test_lines_go_there_and_come_back_in_order(qtbot: QtBot, starts: Starts) -> None:
    speaker = starts(ECHO)
    for number in range(500):
        speaker.send(f"line {number}\n".encode())
    qtbot.waitUntil(lambda: len(speaker.said) == 500)
    speaker.close()
    assert speaker.said == [f"LINE {number}".encode() for number in range(500)]
    assert speaker.ends == []


def test_much_goes_through_while_nobody_reads_on_either_side(qtbot: QtBot, starts: Starts) -> None:
    # More than pipes and memory hold: it reads all before it answers, and we take it late.
    speaker = starts(
        "import sys; text = sys.stdin.readline(); print(text * 9 + 'end', flush=True)"
    )
    speaker.send(b"x" * 1_000_000 + b"\n")
    qtbot.waitUntil(lambda: speaker.said[-1:] == [b"end"])
    assert [len(line) for line in speaker.said] == [1_000_000] * 9 + [3]
    speaker.close()


def test_output_that_nobody_takes_stays_in_the_pipe(starts: Starts) -> None:
    speaker = starts("while True: print('x' * 1000)")
    # No event loop runs, so nothing is taken; the process is stopped by its full pipe.
    assert speaker.wait_for_reply(20_000)
    process = psutil.Process(speaker.process_id)
    before = process.cpu_times().user
    for _ in range(10):
        assert speaker.wait_for_reply(20_000)
    held = sum(len(line) for line in speaker.said)
    assert held <= 12 * (child_pipes.MAX_WAITING_BYTES + child_pipes.PIECE_BYTES)
    assert process.cpu_times().user - before < 20
    speaker.close()
    assert not process.is_running()


def test_its_last_words_come_before_its_end(qtbot: QtBot, starts: Starts) -> None:
    speaker = starts("import sys; print('bye'); print('why', file=sys.stderr); sys.exit(7)")
    qtbot.waitUntil(lambda: bool(speaker.ends))
    assert (speaker.said, speaker.ends) == ([b"bye"], ["exit code 7"])
    assert "why" in speaker.log()
    assert speaker.process_id == 0
    speaker.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no signals there")
def test_a_kill_is_told_as_a_signal(qtbot: QtBot, starts: Starts) -> None:
    speaker = starts(STUBBORN)
    qtbot.waitUntil(lambda: bool(speaker.said))
    speaker.kill()
    qtbot.waitUntil(lambda: bool(speaker.ends))
    assert speaker.ends == ["signal 9"]
    speaker.kill()
    speaker.send(b"too late\n")
    speaker.close()


def test_what_is_no_message_ends_it(qtbot: QtBot, starts: Starts) -> None:
    speaker = starts("print('nonsense', flush=True)\n" + STUBBORN)
    qtbot.waitUntil(lambda: bool(speaker.ends))
    assert speaker.said == []
    assert "protocol" in speaker.log()
    speaker.close()


def test_a_program_that_is_not_there_is_told(qtbot: QtBot, starts: Starts) -> None:
    speaker = starts("", program="/nowhere/quillhouse-engine")
    assert speaker.ends == []
    qtbot.waitUntil(lambda: bool(speaker.ends))
    assert "quillhouse-engine" in speaker.ends[0]
    assert not speaker.wait_for_reply(10)
    speaker.close()


def test_one_that_does_not_end_is_killed_and_says_nothing_more(
    qtbot: QtBot, starts: Starts
) -> None:
    speaker = starts(STUBBORN)
    qtbot.waitUntil(lambda: bool(speaker.said))
    process = psutil.Process(speaker.process_id)
    speaker.close()
    assert not process.is_running()
    assert speaker.ends == []


@pytest.mark.skipif(sys.platform == "win32", reason="the child's child would need another way")
def test_the_end_is_told_though_a_grandchild_holds_the_pipe(qtbot: QtBot, starts: Starts) -> None:
    speaker = starts("import os, time\nif pid := os.fork(): print(pid)\nelse: time.sleep(60)")
    qtbot.waitUntil(lambda: bool(speaker.ends), timeout=20_000)
    assert speaker.ends == ["exit code 0"]
    speaker.close()
    psutil.Process(int(speaker.said[0])).kill()


def test_nothing_freezes_while_objects_are_destroyed_in_another_thread() -> None:
    """With `QProcess` in place of pipes this stands still within seconds."""
    script = Path(__file__).with_name("start_while_destroying.py")
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, str(script)],
        env=environment,
        timeout=60,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
