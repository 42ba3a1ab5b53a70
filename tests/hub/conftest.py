"""Tests of the Hub's client talk to a Hub on this computer."""

from collections.abc import Iterator

import pytest

from tests.hub.door_rig import DoorRig
from tests.hub.loopback_fixtures import allow_loopback, hub
from tests.hub.loopback_hub import LoopbackHub

__all__ = ["allow_loopback", "hub", "rig"]


@pytest.fixture
def rig(hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[DoorRig]:
    """A door open to the loopback Hub, which it takes for the one that tokens go to."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    made = DoorRig(hub)
    yield made
    made.door.close()
