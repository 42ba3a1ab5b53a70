"""What the tests ask of the process that computes, and what it answers."""

from pathlib import Path

import msgspec

from app.core.errors import Failure
from app.core.placement import DeviceUse, Placement


class Task(msgspec.Struct, frozen=True):
    """What to compute; the logits of each placement go to a file in `folder`."""

    model: str
    folder: str
    placements: tuple[Placement, ...]


class Outcome(msgspec.Struct, frozen=True):
    """What a placement came to.

    Attributes:
        offloaded: as llama.cpp logs it, "31/31".
        offered: devices that llama.cpp says it uses, with layers or without.
        failure: why it was not loaded.
    """

    offloaded: str = ""
    offered: tuple[str, ...] = ()
    device_uses: tuple[DeviceUse, ...] = ()
    failure: Failure | None = None


def logits_path(folder: Path, number: int) -> Path:
    """The file with the logits of a placement: one row for each time they were computed."""
    return folder / f"logits-{number}.npy"


def outcomes_path(folder: Path) -> Path:
    """The file with all outcomes."""
    return folder / "outcomes.json"


class Counted(msgspec.Struct, frozen=True):
    """A model as placed, whose memory is to be counted without loading it."""

    model: str
    placement: Placement
