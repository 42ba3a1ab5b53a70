"""How busy the processor is with other programs."""

import time
from dataclasses import dataclass, field

import psutil


@dataclass(frozen=True, slots=True)
class ProcessorUse:
    """Seconds of processor time since some moment long ago.

    Attributes:
        total_s: of all cores, idle or not.
        busy_s: of them, not idle.
        own_s: used by each of our own processes, by its number.
    """

    total_s: float
    busy_s: float
    own_s: dict[int, float] = field(default_factory=dict)


def others_busy_fraction(interval_s: float) -> float:
    """Measure what part of all cores other programs take, from 0.0 to 1.0.

    Our own processes are this one and all that it started. In a virtual machine, what its host
    takes away counts as well: a measurement would be as wrong by that.

    Args:
        interval_s: how long to measure; below 0.2 s the system's clock ticks are too coarse.
    """
    before = _processor_use()
    time.sleep(interval_s)
    return others_fraction(before, _processor_use())


def others_fraction(before: ProcessorUse, after: ProcessorUse) -> float:
    """Give what part of all cores other programs took between two moments."""
    total_s = after.total_s - before.total_s
    if total_s <= 0:
        return 0.0
    # A process that began in between has used all its time in between.
    own_s = sum(
        max(0.0, used_s - before.own_s.get(number, 0.0)) for number, used_s in after.own_s.items()
    )
    others_s = after.busy_s - before.busy_s - own_s
    return min(1.0, max(0.0, others_s / total_s))


def _processor_use() -> ProcessorUse:
    times = psutil.cpu_times()
    # Linux counts the time of guests among that of the user already.
    counted = {
        name: value
        for name, value in times._asdict().items()
        if name not in {"guest", "guest_nice"}
    }
    total_s = sum(counted.values())
    idle_s = counted.get("idle", 0.0) + counted.get("iowait", 0.0)
    return ProcessorUse(total_s, total_s - idle_s, _own_seconds())


def _own_seconds() -> dict[int, float]:
    own = psutil.Process()
    seconds = {}
    for process in (own, *own.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.Error:
            # It has just ended; what it used counts as others', which errs to the safe side.
            continue
        seconds[process.pid] = times.user + times.system
    return seconds
