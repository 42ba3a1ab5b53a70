"""A program that downloads is killed at any byte; what it has written is not fetched again."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.errors import ErrorCode, WorldError
from tests.conftest import PROJECT
from tests.hub.loopback_faults import FaultKind, Place
from tests.hub.loopback_hub import LoopbackHub
from tests.hub.transfer_rig import MIB, TransferRig

SIZE = 4 * MIB


def begin(rig: TransferRig) -> subprocess.Popen[bytes]:
    """Start a program that fetches."""
    one = rig.identity
    arguments = (one.repo_id, one.path, one.commit, str(one.size_bytes), one.sha256)
    command = [sys.executable, "-m", "tests.hub.interrupted_transfer", rig.hub.endpoint]
    return subprocess.Popen(
        [*command, str(rig.partial.target), *arguments], cwd=PROJECT, stdout=subprocess.PIPE
    )


def fetch_until(rig: TransferRig, kill_at_bytes: int) -> bool:
    """Let a program fetch and kill it when it says that so much is here; False if it ended."""
    process = begin(rig)
    assert process.stdout is not None
    with process, process.stdout as told:
        for line in told:
            if line.strip().isdigit() and int(line) >= kill_at_bytes:
                process.kill()
                return True
    return False


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(kills=st.lists(st.integers(1, SIZE - MIB), min_size=1, max_size=3, unique=True))
def test_killed_anywhere(
    hub: LoopbackHub, tmp_path_factory: pytest.TempPathFactory, kills: list[int]
) -> None:
    rig = TransferRig(hub, tmp_path_factory.mktemp("models"), SIZE)
    hub.log.clear()
    # What is on its way in the system's buffers counts as sent, so little is let on its way.
    hub.fail(Place.CDN, FaultKind.THROTTLE, times=len(kills), bytes_per_s=40.0 * MIB)
    for place in sorted(kills):
        assert fetch_until(rig, place)
        assert rig.partial.present_bytes() >= place
    here_bytes = rig.partial.present_bytes()
    assert rig.fetch() == rig.identity.sha256
    assert rig.partial.part.read_bytes() == rig.data
    assert rig.ranges()[-1] == here_bytes
    assert hub.bytes_of_files() <= len(rig.data) + len(kills) * MIB
    hub.faults.clear()
    rig.door.close()


def test_a_second_program_is_kept_out_until_the_first_is_dead(
    hub: LoopbackHub, tmp_path: Path
) -> None:
    rig = TransferRig(hub, tmp_path, SIZE)
    hub.fail(Place.CDN, FaultKind.STALL, after=MIB)
    process = begin(rig)
    assert process.stdout is not None
    with process, process.stdout as told:
        assert int(told.readline()) > 0
        with pytest.raises(WorldError) as error:
            rig.fetch()
        assert error.value.code is ErrorCode.ALREADY_DOWNLOADING
        process.kill()
    assert rig.fetch() == rig.identity.sha256
    rig.door.close()
