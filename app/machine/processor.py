"""Processor cores and memory of this computer."""

import psutil


def physical_cores() -> int:
    """Count physical cores; the second thread of a core does not help llama.cpp."""
    return psutil.cpu_count(logical=False) or psutil.cpu_count() or 1


def available_memory_bytes() -> int:
    """Give the memory that can be had now without other programs being swapped out."""
    return psutil.virtual_memory().available
