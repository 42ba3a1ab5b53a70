"""The processor: its name, cores and instruction sets."""

import functools
import os
import platform
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import psutil

from app.core.computer import Processor
from app.machine import instruction_sets, sysctl
from app.machine.control_groups import core_limit
from app.machine.fast_cores import efficiency_classes, linux_fast_cores
from app.machine.probe import SYSTEM_ROOT, guarded, text_of

if sys.platform == "win32":
    from app.machine import windows


def physical_cores() -> int:
    """Count physical cores; the second thread of a core does not help llama.cpp."""
    return psutil.cpu_count(logical=False) or psutil.cpu_count() or 1


def read_processor(root: Path = SYSTEM_ROOT) -> Processor:
    """Give what is known of the processor; what is not known has its default."""
    n_cores = guarded("number of cores", physical_cores, 1)
    plain = Processor(platform.machine(), n_cores, n_cores)
    if sys.platform == "win32":
        name = guarded("name of the processor", windows.processor_name, "")
        records = guarded("kinds of cores", windows.core_records, b"")
        probe = functools.partial(windows_processor, name, records, windows.has_feature, n_cores)
    elif sys.platform == "darwin":
        probe = functools.partial(_this_mac_processor, n_cores)
    else:
        probe = functools.partial(_this_linux_processor, root, n_cores)
    return guarded("processor", probe, plain)


def linux_processor(root: Path, n_cores: int) -> Processor:
    """Give the processor that /proc and /sys below `root` describe."""
    text = text_of(root / "proc/cpuinfo")
    # Arm processors have no name there; the device as a whole mostly has one.
    name = re.search(r"^(?:model name|Model)\s*:\s*(\S.*)$", text, re.MULTILINE)
    device = text_of(root / "sys/firmware/devicetree/base/model").rstrip("\0")
    return Processor(
        " ".join(name[1].split()) if name else device or platform.machine(),
        n_cores,
        min(n_cores, linux_fast_cores(root) or n_cores),
        instruction_sets.from_cpuinfo(text),
    )


def mac_processor(facts: Mapping[str, str], n_cores: int) -> Processor:
    """Give the processor that macOS describes; `facts` are those of sysctl."""
    n_fast = facts.get("hw.perflevel0.physicalcpu", "")
    return Processor(
        facts.get("machdep.cpu.brand_string", platform.machine()),
        n_cores,
        min(n_cores, max(1, int(n_fast))) if n_fast.isdecimal() else n_cores,
        instruction_sets.from_sysctl(facts),
    )


def windows_processor(
    name: str, records: bytes, has_feature: Callable[[int], bool], n_cores: int
) -> Processor:
    """Give the processor that Windows describes.

    Args:
        name: from the registry.
        records: what GetLogicalProcessorInformationEx wrote; empty if it failed.
        has_feature: IsProcessorFeaturePresent.
        n_cores: physical cores.

    Raises:
        ValueError: the records make no sense.
    """
    classes = efficiency_classes(records)
    n_fast = classes.count(max(classes)) if classes else n_cores
    return Processor(
        " ".join(name.split()) or platform.machine(),
        n_cores,
        min(n_cores, n_fast),
        instruction_sets.from_windows(has_feature),
    )


def _this_mac_processor(n_cores: int) -> Processor:
    return mac_processor(sysctl.read_sysctl(), n_cores)


def _this_linux_processor(root: Path, n_cores: int) -> Processor:
    """Give this computer's processor, with no more cores than this process may keep busy."""
    processor = linux_processor(root, n_cores)
    n_allowed = core_limit(root) or n_cores
    if sys.platform == "linux":
        n_allowed = min(n_allowed, len(os.sched_getaffinity(0)))
    n_usable = min(n_cores, n_allowed)
    return replace(processor, n_cores=n_usable, n_fast_cores=min(n_usable, processor.n_fast_cores))
