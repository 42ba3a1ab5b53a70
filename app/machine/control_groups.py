"""Limits that Linux puts on this process: control groups, version 1 and 2.

A container sees the memory and processors of the whole computer in /proc; what it may really
use stands in the files of its control group and of all groups above it. See "Control Group v2"
and "Memory Resource Controller" in the documentation of the Linux kernel.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.machine.probe import SYSTEM_ROOT, number_in, text_of

MEMORY_LIMIT_FILES = ("memory.max", "memory.high", "memory.limit_in_bytes")
"""Above memory.high a group is slowed down so much that it counts as a limit."""
MEMORY_USE_FILES = ("memory.current", "memory.usage_in_bytes")
DROPPABLE_KEYS = ("total_inactive_file", "inactive_file")
"""Pages of files that the kernel drops when the group needs room (version 1, version 2)."""


@dataclass(frozen=True, slots=True)
class MemoryLimit:
    """What one control group may hold.

    Attributes:
        limit_bytes: in all.
        used_bytes: held now, without file pages that can be dropped.
    """

    limit_bytes: int
    used_bytes: int


def memory_limits(root: Path = SYSTEM_ROOT) -> list[MemoryLimit]:
    """Give the limits of the memory of this process, those of outer groups among them."""
    found = []
    for folder in _group_folders(root, "memory"):
        limits = [number_in(folder / name) for name in MEMORY_LIMIT_FILES]
        known = [limit for limit in limits if limit is not None and limit >= 0]
        if known:
            found.append(MemoryLimit(min(known), _used_bytes(folder)))
    return found


def core_limit(root: Path = SYSTEM_ROOT) -> int | None:
    """Give how many processors this process may keep busy, at least 1; None without limit."""
    shares = []
    for folder in _group_folders(root, "cpu"):
        quota, _, period = text_of(folder / "cpu.max").partition(" ")
        quota = quota or text_of(folder / "cpu.cfs_quota_us")
        period = period or text_of(folder / "cpu.cfs_period_us")
        if quota.isdecimal() and period.isdecimal() and int(period):
            shares.append(max(1, int(quota) // int(period)))
    return min(shares, default=None)


def _group_folders(root: Path, controller: str) -> Iterator[Path]:
    """Give the folders of this process's groups that have to do with `controller`."""
    groups = root / "sys/fs/cgroup"
    for line in text_of(root / "proc/self/cgroup").splitlines():
        controllers, _, path = line.partition(":")[2].partition(":")
        if controllers and controller not in controllers.split(","):
            continue
        base = groups / controllers if controllers else groups
        if not base.is_dir():
            base = groups / controller
        # Inside a container the path may be the host's; its own group is then at the base.
        parts = [part for part in path.split("/") if part not in {"", ".", ".."}]
        for depth in range(len(parts) + 1):
            folder = base.joinpath(*parts[:depth])
            if folder.is_dir():
                yield folder


def _used_bytes(folder: Path) -> int:
    used = [number_in(folder / name) for name in MEMORY_USE_FILES]
    held = next((number for number in used if number is not None), 0)
    facts = dict(
        line.rsplit(" ", 1) for line in text_of(folder / "memory.stat").splitlines() if " " in line
    )
    droppable = next((facts[key] for key in DROPPABLE_KEYS if key in facts), "0")
    return max(0, held - int(droppable)) if droppable.isdecimal() else held
