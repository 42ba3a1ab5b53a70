"""A server that lends graphics cards; these tests only run with the plug-in that makes it one."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from app.core.placement import Placement
from tests.offload.rpc import PLUGIN_VARIABLE
from tests.offload.task import Outcome, Task, outcomes_path

# Not part of the plain run: `python3 packaging/dev.py test-offload` builds what they need.
collect_ignore_glob = [] if PLUGIN_VARIABLE in os.environ else ["test_*.py"]

PROJECT = Path(__file__).resolve().parents[2]
StartServer = Callable[..., str]
Compute = Callable[..., list[Outcome]]


@pytest.fixture(scope="session")
def start_server() -> Iterator[StartServer]:
    """Start servers of so many devices with so much memory in all; give the endpoint of each."""
    assert PLUGIN_VARIABLE in os.environ, "run `python3 packaging/dev.py test-offload`"
    endpoints: dict[tuple[int, int], str] = {}
    with contextlib.ExitStack() as running:

        def start(n_devices: int = 1, memory_bytes: int = 0) -> str:
            wanted = n_devices, memory_bytes
            if wanted not in endpoints:
                process = running.enter_context(_server(*wanted))
                assert process.stdout is not None
                endpoints[wanted] = process.stdout.readline().strip()
            assert endpoints[wanted], "the server has died"
            return endpoints[wanted]

        yield start


@contextlib.contextmanager
def _server(n_devices: int, memory_bytes: int) -> Iterator[subprocess.Popen[str]]:
    """Run a server; it ends when its input is closed."""
    arguments = [str(n_devices), str(memory_bytes)]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.offload.device_server", *arguments],
        cwd=PROJECT,
        # One heap, so that a limit of its memory is one.
        env={**os.environ, "MALLOC_ARENA_MAX": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


@pytest.fixture
def compute(start_server: StartServer, tmp_path: Path) -> Compute:
    """Compute the same with a model by several placements."""

    def run(model: Path, *placements: Placement, n_devices: int = 1) -> list[Outcome]:
        task = Task(str(model), str(tmp_path), placements)
        subprocess.run(
            [sys.executable, "-m", "tests.offload.compute", start_server(n_devices)],
            cwd=PROJECT,
            input=msgspec.json.encode(task),
            check=True,
            timeout=110,
        )
        content = outcomes_path(tmp_path).read_bytes()
        return msgspec.json.decode(content, type=list[Outcome])

    return run
