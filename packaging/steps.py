"""Steps of set-up and their stamps.

A stamp holds the fingerprint of everything that its step depends on. A step whose stamp
matches is not done again and costs nothing. The stamp is taken away before the step begins and
written after it has ended, so that a step that was interrupted, however rudely, is done again.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


def fingerprint(*facts: object) -> str:
    """Give the SHA-256 of what a step depends on."""
    return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()


def stamp_name(step: str) -> str:
    """Give the name of the file that is a step's stamp."""
    return f"quillhouse-{step}.stamp"


@dataclass(frozen=True, slots=True)
class Step:
    """One part of set-up.

    Attributes:
        name: of its stamp.
        title: what it does, for the person who waits.
        accepted: fingerprints with which it counts as done; the first is the one it leaves.
        action: does it.
        is_intact: a quick look whether what it made is still there.
    """

    name: str
    title: str
    accepted: tuple[str, ...]
    action: Callable[[], None]
    is_intact: Callable[[], bool] = lambda: True


class Stamps:
    """The stamps in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_done(self, step: Step) -> bool:
        """Say whether a step was done to its end, from the same facts, and its work is there."""
        found = ""
        with contextlib.suppress(OSError, UnicodeDecodeError):
            found = self._path(step).read_text(encoding="ascii")
        return found in step.accepted and step.is_intact()

    def do(self, step: Step) -> None:
        """Do a step and leave its stamp."""
        self._path(step).unlink(missing_ok=True)
        step.action()
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._path(step).with_suffix(".part")
        part.write_text(step.accepted[0], encoding="ascii")
        part.replace(self._path(step))

    def _path(self, step: Step) -> Path:
        return self._folder / stamp_name(step.name)
