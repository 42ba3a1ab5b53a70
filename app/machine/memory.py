"""Memory of this computer: how much there is, and how much can be had now."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.machine.control_groups import MemoryLimit, memory_limits
from app.machine.probe import SYSTEM_ROOT

CHROMEOS_MARK = "dev/.cros_milestone"
"""ChromeOS puts this file into its Linux container, which shares the memory with ChromeOS."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The computer's own memory at one moment; the fields are those of `Computer`."""

    memory_bytes: int
    available_bytes: int
    is_container: bool = False


def read_memory(root: Path = SYSTEM_ROOT) -> Memory:
    """Give the memory that this process may use, also inside a container."""
    host = psutil.virtual_memory()
    limits = memory_limits(root) if sys.platform == "linux" else []
    is_guest = sys.platform == "linux" and (root / CHROMEOS_MARK).exists()
    return limited_memory(host.total, host.available, limits, is_guest=is_guest)


def limited_memory(
    total_bytes: int, available_bytes: int, limits: Sequence[MemoryLimit], *, is_guest: bool
) -> Memory:
    """Give what the limits leave of the memory that the computer has.

    Args:
        total_bytes: memory of the computer.
        available_bytes: of it, to be had now.
        limits: of the control groups; those above the computer's memory are none.
        is_guest: known to be a container without its limits being visible.
    """
    real = [limit for limit in limits if limit.limit_bytes < total_bytes]
    left = [max(0, limit.limit_bytes - limit.used_bytes) for limit in real]
    memory_bytes = min([total_bytes, *(limit.limit_bytes for limit in real)])
    return Memory(
        memory_bytes, min([available_bytes, memory_bytes, *left]), is_guest or bool(real)
    )
