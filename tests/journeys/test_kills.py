"""The real window and the real engine, killed at random moments: nothing shown is lost."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from app.core.conversation import Role, TurnState
from app.store.conversations import Conversations
from app.store.data_folder import DataFolder
from app.store.database import Database

PROJECT = Path(__file__).resolve().parents[2]
N_LIVES = 25
"""Of each kind, so that there are fifty windows killed, and twenty-five engines before them: from
the first to the last moment of the longest life, which what the test asks for at its end needs."""
LONGEST_LIFE_IN_ANSWERS = 1.5
"""How long the longest life is, in times from a start to the end of the first answer: so kills
meet starting, loading, reading, writing and saving, however fast the machine is."""
SAVED_WITHIN_S = 1.0
SLACK_S = 0.3
"""How late a busy machine may let a timer or the robot's clock be."""
ORPHAN_LIMIT_S = 2.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL on Windows")


@dataclass
class Seen:
    """What the robot saw on its screen in all of its lives."""

    sent: list[str] = field(default_factory=list)
    shown: dict[str, list[tuple[float, int]]] = field(default_factory=dict)
    killed_s: dict[str, float] = field(default_factory=dict)
    engine_ids: list[int] = field(default_factory=list)
    n_engine_kills: int = 0

    def take(self, lines: list[bytes], killed_s: float) -> None:
        """Note the whole lines of one life, which ended at a time in seconds."""
        for line in lines:
            kind, *words = line.decode().rstrip("\n").split("\t")
            if kind == "sent":
                self.sent.append(words[0])
            elif kind == "engine":
                self.engine_ids.append(int(words[0]))
            elif kind == "shown":
                turn_id, at_s, count = words
                self.shown.setdefault(turn_id, []).append((float(at_s), int(count)))
                self.killed_s[turn_id] = killed_s

    def count_to_keep(self, turn_id: str) -> int:
        """Give how many characters must be on disk: all that stood there long enough."""
        until_s = self.killed_s[turn_id] - SAVED_WITHIN_S - SLACK_S
        return max((count for at_s, count in self.shown[turn_id] if at_s <= until_s), default=0)


@contextlib.contextmanager
def robot(starter: Path, n_answers: int) -> Iterator[subprocess.Popen[bytes]]:
    """Start the robot; kill it at the end, whatever happens."""
    command = [sys.executable, "-m", "tests.journeys.robot", str(starter), str(n_answers)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def live_and_die(
    starter: Path,
    chance: random.Random,
    seen: Seen,
    longest_s: float,
    *,
    engine_first: bool = False,
) -> None:
    """One life: the window is killed, and if wanted its engine before, whatever they are doing."""
    with robot(starter, 10_000) as process:
        assert process.stdout is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0.2, longest_s))
        if engine_first:
            for engine in psutil.Process(process.pid).children():
                how = chance.choice((signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT))
                with contextlib.suppress(ProcessLookupError):
                    os.kill(engine.pid, how)
                    seen.n_engine_kills += 1
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.0, 1.0))
        assert process.poll() is None, "the window ended by itself"
        process.kill()
        killed_s = time.time()
        lines = process.stdout.readlines()
    seen.take([line for line in lines if line.endswith(b"\n")], killed_s)


def wait_for_the_end_of(process_ids: list[int]) -> list[int]:
    """Give those that still run when there was time enough to end."""
    found = [psutil.Process(one) for one in process_ids if psutil.pid_exists(one)]
    _, alive = psutil.wait_procs(found, timeout=ORPHAN_LIMIT_S)
    return [one.pid for one in alive if one.status() != psutil.STATUS_ZOMBIE]


def lost_words(conversations: Conversations, seen: Seen) -> list[str]:
    """Give answers of which less is on disk than has stood on the screen for a second."""
    lost = []
    for turn_id in seen.shown:
        turn = conversations.turn(turn_id)
        n_kept = len(turn.text) if turn is not None else 0
        if n_kept < seen.count_to_keep(turn_id):
            lost.append(f"{turn_id}: {n_kept} of {seen.count_to_keep(turn_id)} characters")
    return lost


@pytest.fixture(scope="module")
def longest_life_s(starter_path: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """Live once in peace and elsewhere, until an answer has ended: how long a life may be."""
    began_s = time.monotonic()
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setenv("QUILLHOUSE_HOME", str(tmp_path_factory.mktemp("elsewhere")))
        with robot(starter_path, 1) as process:
            process.communicate(timeout=60)
    assert process.returncode == 0, "even an undisturbed life failed"
    return (time.monotonic() - began_s) * LONGEST_LIFE_IN_ANSWERS


@pytest.mark.parametrize("engine_first", [False, True], ids=["window", "engine then window"])
def test_nothing_shown_is_lost_when_killed_at_random_moments(
    starter_path: Path, longest_life_s: float, *, engine_first: bool
) -> None:
    chance = random.Random(20261125 + engine_first)
    seen = Seen()
    for _ in range(N_LIVES):
        live_and_die(starter_path, chance, seen, longest_life_s, engine_first=engine_first)
        assert wait_for_the_end_of(seen.engine_ids) == []
    database = Database(DataFolder.open().database)
    assert database.open() is None, "the database was damaged"
    conversations = Conversations(database)
    turns = [
        turn
        for row in database.read("SELECT turn_id FROM turn")
        if (turn := conversations.turn(row["turn_id"])) is not None
    ]
    questions = [turn.text for turn in turns if turn.role is Role.USER]
    assert [text for text in seen.sent if questions.count(text) != 1] == []
    assert lost_words(conversations, seen) == []
    assert database.read("PRAGMA integrity_check")[0][0] == "ok"
    database.close()
    # The kills met what they were to meet.
    states = {turn.state for turn in turns if turn.role is Role.ASSISTANT}
    assert {TurnState.CUT_OFF, TurnState.INTERRUPTED} <= states
    assert len(seen.sent) > N_LIVES / 2
    assert seen.n_engine_kills > N_LIVES / 2 or not engine_first


def test_a_start_after_a_kill_goes_on_by_itself_and_ends_in_order(
    starter_path: Path, longest_life_s: float
) -> None:
    seen = Seen()
    live_and_die(starter_path, random.Random(1), seen, longest_life_s)
    with robot(starter_path, 2) as process:
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    lines = output.decode().splitlines()
    assert lines[-1] == "closed"
    assert sum(line.startswith("sent") for line in lines) == 2
    seen.take(output.splitlines(keepends=True), time.time())
    assert wait_for_the_end_of(seen.engine_ids) == []
