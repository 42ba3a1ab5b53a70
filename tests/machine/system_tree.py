"""Recorded /proc and /sys of other computers, planted in a folder."""

from collections.abc import Mapping
from pathlib import Path


def plant(root: Path, files: Mapping[str, str]) -> Path:
    """Write the files, given by their paths below `root`, and give `root` back."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    return root


def processors(
    n_logical: int, siblings: Mapping[int, str], **values: Mapping[int, int]
) -> dict[str, str]:
    """Give /sys/devices/system/cpu of `n_logical` processors.

    Args:
        siblings: list of the processors of the same core, by number; alone where there is none.
        values: name of a file with "_" for "/", and its content by number.
    """
    files = {}
    for number in range(n_logical):
        folder = f"sys/devices/system/cpu/cpu{number}"
        files[f"{folder}/topology/core_cpus_list"] = siblings.get(number, str(number))
        for name, by_number in values.items():
            if number in by_number:
                path = {"capacity": "cpu_capacity", "clock": "cpufreq/cpuinfo_max_freq"}[name]
                files[f"{folder}/{path}"] = str(by_number[number])
    return files
