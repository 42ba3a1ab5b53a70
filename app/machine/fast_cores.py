"""Processors with two kinds of cores: how many of the cores are the fast ones."""

import struct
from collections.abc import Mapping
from pathlib import Path

from app.machine.probe import SYSTEM_ROOT, number_in, text_of

FAST_SHARE = 0.75
"""A core counts as fast from this part of the fastest one's capacity or clock on.

Cores of one kind differ by up to 10 % (favoured cores); slow ones reach 0.73 of the fast ones at
most: Intel i9-14900K 4.4 of 6.0 GHz, AMD Zen 5c 3.3 of 5.1, Arm Cortex-A55 0.4 (makers' sheets).
"""
CORE_RECORD = 0
"""RelationProcessorCore (winnt.h)."""
RECORD_HEAD = struct.Struct("<IIBB")
"""Relationship, Size, then Flags and EfficiencyClass of PROCESSOR_RELATIONSHIP (winnt.h)."""


def linux_fast_cores(root: Path = SYSTEM_ROOT) -> int | None:
    """Count the fast physical cores of this Linux computer; None if it does not tell.

    Asked in this order: the counter unit that Intel's fast cores have for themselves, the
    relative capacity that the kernel gives to each core (Arm), the highest clock (AMD).
    """
    processors = _logical_processors(root)
    fast = _listed(text_of(root / "sys/devices/cpu_core/cpus")) & processors.keys()
    for name in ("cpu_capacity", "cpufreq/cpuinfo_max_freq"):
        if not fast:
            fast = _fastest(processors, name)
    if not fast:
        return None
    # Two logical processors of one core name the same siblings.
    return len({_siblings(processors[number], number) for number in fast})


def efficiency_classes(records: bytes) -> list[int]:
    """Give the class of each core, higher is faster, from what Windows tells.

    Args:
        records: what GetLogicalProcessorInformationEx wrote.

    Raises:
        ValueError: the records contradict themselves.
    """
    classes = []
    offset = 0
    while offset + RECORD_HEAD.size <= len(records):
        relationship, size, _, efficiency_class = RECORD_HEAD.unpack_from(records, offset)
        if size < RECORD_HEAD.size:
            raise ValueError("a record of a core without a size")
        if relationship == CORE_RECORD:
            classes.append(efficiency_class)
        offset += size
    return classes


def _logical_processors(root: Path) -> dict[int, Path]:
    folders = (root / "sys/devices/system/cpu").glob("cpu[0-9]*")
    return {int(folder.name[3:]): folder for folder in folders if folder.name[3:].isdecimal()}


def _fastest(processors: Mapping[int, Path], name: str) -> set[int]:
    """Give the logical processors that come near the best one in what `name` says."""
    numbers = {number: number_in(folder / name) or 0 for number, folder in processors.items()}
    enough = FAST_SHARE * max(numbers.values(), default=0)
    return {number for number, value in numbers.items() if value and value >= enough}


def _siblings(folder: Path, number: int) -> str:
    for name in ("core_cpus_list", "thread_siblings_list"):
        siblings = text_of(folder / "topology" / name)
        if siblings:
            return siblings
    return str(number)


def _listed(text: str) -> set[int]:
    """Read a list of processors such as "0-7,16"."""
    numbers: set[int] = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if first.isdecimal():
            numbers.update(range(int(first), int(last if last.isdecimal() else first) + 1))
    return numbers
