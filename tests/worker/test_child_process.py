"""A child process: what it says arrives, its end is told, and nothing it does holds us up."""

import os
import shutil
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from app.core.json_lines import ProtocolError
from app.worker import child_pipes, child_process
from app.worker.child_process import ChildProcess

PROJECT = Path(__file__).resolve().parents[2]
ECHO = "import sys\nfor line in sys.stdin: print(line.upper(), end='', flush=True)"
STILL_S = 0.3
N_LOOKS = 3
STUBBORN = "import time\nprint('here', flush=True)\nwhile True: time.sleep(60)"

LEAVES_CHILDREN = """
import sys
from PySide6.QtCore import QCoreApplication
from app.worker import child_process
child_process.child_command = lambda role: (
    sys.executable, ["-c", "while True: print('x' * 100, flush=True)"]
)
class Quiet(child_process.ChildProcess):
    def take_line(self, line):
        pass
def main():
    application = QCoreApplication([])
    children = [Quiet("quiet") for _ in range(4)]
    for child in children:
        child.start()
    for child in children:
        assert child.wait_for_reply(20_000)
    END
main()
"""


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


def wait_until(is_so: Callable[[], bool], limit_s: float = 20.0) -> None:
    """Wait without an event loop, in which output would be taken."""
    until_s, pause = time.monotonic() + limit_s, threading.Event()
    while not is_so():
        assert time.monotonic() < until_s, "it never came to that"
        pause.wait(0.01)


def standstill_of(process: psutil.Process) -> Callable[[], bool]:
    """Give a condition: the process waits for something, and has done nothing for a while."""
    last_s, since_s = -1.0, time.monotonic()

    def is_so() -> bool:
        nonlocal last_s, since_s
        used_s = sum(process.cpu_times()[:2])
        # One that merely waits for its turn of the processor does not sleep.
        sleeps = sys.platform == "win32" or process.status() == psutil.STATUS_SLEEPING
        if used_s != last_s or not sleeps:
            last_s, since_s = used_s, time.monotonic()
        return time.monotonic() - since_s >= STILL_S

    return is_so


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
    speaker = starts("while True: print('x' * 999)")
    # No event loop runs, so nothing is taken; the process is stopped by its full pipe.
    assert speaker.wait_for_reply(20_000)
    speaker.said.clear()
    process = psutil.Process(speaker.process_id)
    wait_until(standstill_of(process))
    assert speaker.wait_for_reply(20_000)
    held = sum(len(line) + 1 for line in speaker.said)
    # Of the line that is cut off at each end, nothing or all is counted.
    assert held >= child_pipes.MAX_WAITING_BYTES - 1000
    assert held <= child_pipes.MAX_WAITING_BYTES + child_pipes.PIECE_BYTES + 1000
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


def test_what_it_said_before_its_end_is_not_lost_however_late_it_is_taken(
    qtbot: QtBot, starts: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[bool] = []
    has_said_all = child_pipes.ChildPipes._has_said_all

    def look(pipes: child_pipes.ChildPipes, since_bytes: int) -> bool:
        looks.append(has_said_all(pipes, since_bytes))
        return looks[-1]

    # More than is held here, so the last of it stays in the pipe while nobody takes.
    n_lines = (child_pipes.MAX_WAITING_BYTES + 50_000) // 1000
    monkeypatch.setattr(child_pipes.ChildPipes, "_has_said_all", look)
    with monkeypatch.context() as hurry:
        hurry.setattr(child_pipes, "STRAY_WAIT_S", 0.05)
        speaker = starts(f"print(('x' * 999 + chr(10)) * {n_lines}, end='', flush=True)")
        wait_until(lambda: speaker.process_id == 0)
        # No event loop runs: longer than a grandchild would be waited for nothing is taken.
        wait_until(lambda: len(looks) >= N_LOOKS or any(looks))
    assert not any(looks)
    qtbot.waitUntil(lambda: bool(speaker.ends))
    assert len(speaker.said) == n_lines
    speaker.close()


def test_a_flood_in_its_log_does_not_hold_it_up(qtbot: QtBot, starts: Starts) -> None:
    speaker = starts(
        "import sys; sys.stderr.write(('x' * 99 + chr(10)) * 50_000 + 'last words');"
        "sys.stdout.write('done\\n')"
    )
    # No event loop runs, so nothing of the log is taken until it has said something.
    assert speaker.wait_for_reply(20_000)
    assert speaker.said == [b"done"]
    qtbot.waitUntil(lambda: bool(speaker.ends))
    assert speaker.log().endswith("last words")
    speaker.close()


@pytest.mark.parametrize("number", [0, 1])
def test_one_that_closes_a_pipe_and_lives_on_is_ended(
    qtbot: QtBot, starts: Starts, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(child_pipes, "MUTE_WAIT_S", 0.2)
    speaker = starts(f"print('here', flush=True)\nimport os; os.close({number})\n" + STUBBORN)
    qtbot.waitUntil(lambda: bool(speaker.said))
    # That it does not hear is noticed when it is to hear something.
    speaker.send(b"x" * 1_000_000)
    qtbot.waitUntil(lambda: bool(speaker.ends))
    speaker.close()


def test_one_that_closes_its_log_lives_on(
    qtbot: QtBot, starts: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_pipes, "MUTE_WAIT_S", 0.1)
    speaker = starts("import os; os.close(2)\nimport time; time.sleep(1)\n" + ECHO)
    speaker.send(b"still there\n")
    qtbot.waitUntil(lambda: speaker.said == [b"STILL THERE"])
    speaker.close()


def test_a_kill_ends_a_write_that_waits(qtbot: QtBot, starts: Starts) -> None:
    speaker = starts(STUBBORN)
    qtbot.waitUntil(lambda: bool(speaker.said))
    # It reads nothing, so most of this waits on our side.
    speaker.send(b"x" * 3_000_000)
    speaker.kill()
    qtbot.waitUntil(lambda: bool(speaker.ends))
    speaker.close()
    assert threads_of_children() == []


def test_a_close_while_a_write_waits_ends_both(qtbot: QtBot, starts: Starts) -> None:
    speaker = starts(STUBBORN)
    qtbot.waitUntil(lambda: bool(speaker.said))
    speaker.send(b"x" * 3_000_000)
    speaker.close()
    assert threads_of_children() == []


def threads_of_children() -> list[str]:
    return [one.name for one in threading.enumerate() if " of " in one.name]


def n_descriptors() -> int:
    ours = psutil.Process()
    return int(getattr(ours, "num_handles" if sys.platform == "win32" else "num_fds")())


def test_nothing_is_left_of_three_hundred(starts: Starts) -> None:
    program = shutil.which("true") or sys.executable
    speakers = [starts("", program) for _ in range(3)]
    for speaker in speakers:
        speaker.close()
    before = n_descriptors()
    for _ in range(100):
        speakers = [starts("", program) for _ in range(3)]
        for speaker in speakers:
            speaker.send(b"a line\n")
            speaker.close()
            assert speaker.ends == []
    assert threads_of_children() == []
    assert n_descriptors() <= before
    assert psutil.Process().children() == []


def test_siblings_do_not_hold_its_pipes(
    qtbot: QtBot, starts: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So long that a slow computer is not the reason for a kill.
    monkeypatch.setattr(child_process, "EXIT_WAIT_S", 10.0)
    # Both would hear no end of their input if a later one had inherited its other end.
    first, second = starts(ECHO), starts(ECHO)
    for speaker in (first, second):
        speaker.send(b"here\n")
    qtbot.waitUntil(lambda: bool(first.said) and bool(second.said))
    assert how_it_ends(first) == "exit code 0"
    assert second.process_id
    assert how_it_ends(second) == "exit code 0"


def how_it_ends(speaker: Speaker) -> str:
    """Close it, and say how the process ended; one that had to be killed does not with 0."""
    pipes = speaker._pipes
    assert pipes is not None
    speaker.close()
    _, _, how_ended = pipes.take()
    return how_ended


def waits_in_close(closing: threading.Thread) -> bool:
    """Say whether a thread has seen the process end and still waits for something."""
    frame = sys._current_frames().get(closing.ident or 0)
    functions = {one.f_code.co_name for one, _ in traceback.walk_stack(frame)} if frame else set()
    return {"close", "wait_for"} <= functions and "_has_ended_within" not in functions


def test_nobody_is_woken_after_the_close(monkeypatch: pytest.MonkeyPatch) -> None:
    is_in_wake, may_leave, woken = threading.Event(), threading.Event(), []
    is_patient = threading.Event()

    def become_patient(_pipes: child_pipes.ChildPipes, _since_bytes: int) -> bool:
        monkeypatch.setattr(child_pipes, "STRAY_WAIT_S", 20.0)
        is_patient.set()
        return True

    # The end is told soon, though its output is held up, and from then on there is time.
    monkeypatch.setattr(child_pipes, "STRAY_WAIT_S", 0.05)
    monkeypatch.setattr(child_pipes.ChildPipes, "_has_said_all", become_patient)

    def wake() -> None:
        is_in_wake.set()
        may_leave.wait()
        woken.append(time.monotonic())

    command = [sys.executable, "-c", "print('here', flush=True)\n" + ECHO]
    pipes = child_pipes.ChildPipes(command, dict(os.environ), PROJECT, wake)
    assert is_in_wake.wait(20)
    closing = threading.Thread(target=pipes.close, args=(20.0,))
    closing.start()
    # The one that is under way is waited for, when there is nothing else to wait for.
    wait_until(lambda: is_patient.is_set() and waits_in_close(closing))
    may_leave.set()
    closing.join()
    n_woken = len(woken)
    assert n_woken == 1
    assert threads_of_children() == []
    assert len(woken) == n_woken


@pytest.mark.parametrize("ends_by", ["return", "sys.exit(0)"])
def test_a_program_ends_in_peace_though_its_children_live(ends_by: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LEAVES_CHILDREN.replace("END", ends_by)],
        cwd=PROJECT,
        timeout=60,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


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
