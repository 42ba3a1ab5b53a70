"""A whole chat while no process may make a socket: nothing can leave the computer."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.store.conversations import Conversations
from app.store.data_folder import DataFolder
from app.store.database import Database
from tests.journeys import sockets_forbidden

PROJECT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    not sockets_forbidden.is_possible(), reason="such filters exist on Linux only"
)


def run_without_sockets(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a module of Python and all that it starts, without the right to make sockets."""
    command = [sys.executable, "-m", "tests.journeys.sockets_forbidden", *arguments]
    return subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def module_with_a_socket(tmp_path: Path) -> str:
    (tmp_path / "makes_a_socket.py").write_text("import socket; socket.socket(); print('made')")
    return "makes_a_socket"


def test_the_filter_kills_what_makes_a_socket_and_so_do_its_children(
    tmp_path: Path, module_with_a_socket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert run_without_sockets(module_with_a_socket).returncode == -signal.SIGSYS
    (tmp_path / "starts_one.py").write_text(
        "import subprocess, sys; sys.exit(subprocess.call("
        f"[sys.executable, '-m', '{module_with_a_socket}']) == {-signal.SIGSYS})"
    )
    assert run_without_sockets("starts_one").returncode == 1


def test_a_chat_of_three_answers_makes_no_socket_anywhere(starter_path: Path) -> None:
    ran = run_without_sockets("tests.journeys.robot", str(starter_path), "3")
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[-1] == "closed"
    assert sum(line.startswith("engine") for line in lines) == 1, "the engine was started anew"
    database = Database(DataFolder.open().database)
    database.open()
    conversations = Conversations(database)
    turns = [shown.turn for one in conversations.all() for shown in conversations.branch(one)]
    database.close()
    assert len(turns) == 6
    assert all(turn.text for turn in turns)
