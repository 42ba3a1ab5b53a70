"""Where the power comes from, and how much of it the processor may take."""

import sys
from pathlib import Path

import psutil

from app.core.computer import Power, PowerMode
from app.machine.probe import SYSTEM_ROOT, guarded, output_of, text_of

if sys.platform == "win32":
    from app.machine import windows

PMSET = "/usr/bin/pmset"
PLATFORM_PROFILES = {
    "low-power": PowerMode.SAVING,
    "cool": PowerMode.SAVING,
    "quiet": PowerMode.SAVING,
    "balanced": PowerMode.BALANCED,
    "balanced-performance": PowerMode.PERFORMANCE,
    "performance": PowerMode.PERFORMANCE,
}
"""Of /sys/firmware/acpi/platform_profile (Linux: sysfs-platform_profile), which the power modes
of GNOME and KDE set where the firmware has it."""
ENERGY_PREFERENCES = {
    "power": PowerMode.SAVING,
    "balance_power": PowerMode.BALANCED,
    "default": PowerMode.BALANCED,
    "balance_performance": PowerMode.BALANCED,
    "performance": PowerMode.PERFORMANCE,
}
"""Of cpufreq's energy_performance_preference (Linux: intel_pstate, amd-pstate)."""
GOVERNORS = {
    "powersave": PowerMode.SAVING,
    "conservative": PowerMode.BALANCED,
    "ondemand": PowerMode.BALANCED,
    "schedutil": PowerMode.BALANCED,
    "performance": PowerMode.PERFORMANCE,
}
"""Of cpufreq, where there is no preference: only there "powersave" means the lowest clock."""
PMSET_MODES = {"0": PowerMode.BALANCED, "1": PowerMode.SAVING, "2": PowerMode.PERFORMANCE}
"""Of "powermode" and "lowpowermode" in the output of `pmset -g` (macOS)."""
WINDOWS_SCHEMES = {
    "961cc777-2547-4f9d-8174-7d86181b8a7a": PowerMode.SAVING,
    "a1841308-3541-4fab-bc81-f71556f20b4a": PowerMode.SAVING,
    "381b4222-f694-41f0-9685-ff5bb260df2e": PowerMode.BALANCED,
    "3af9b8d9-7c97-431d-ad78-34a8bfea439f": PowerMode.PERFORMANCE,
    "ded574b5-45a0-4f42-8737-46345c09c238": PowerMode.PERFORMANCE,
    "8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c": PowerMode.PERFORMANCE,
    "e9a42b02-d5df-448d-aa00-03f14749eb61": PowerMode.PERFORMANCE,
}
"""Power modes and plans of Windows: best efficiency, saver, balanced, better performance, best
performance, high performance, ultimate performance. A mode of only zeros leaves it to the plan."""


def read_power(root: Path = SYSTEM_ROOT) -> Power:
    """Give where the power comes from now."""
    battery = guarded("battery", psutil.sensors_battery, None)
    mode = guarded("power mode", lambda: _mode(root), PowerMode.UNKNOWN)
    if battery is None or battery.power_plugged is None:
        return Power(mode=mode)
    percent = min(100, max(0, round(battery.percent)))
    return Power(not battery.power_plugged, percent, mode)


def linux_power_mode(root: Path) -> PowerMode:
    """Give the power mode that /sys below `root` tells of."""
    frequency = root / "sys/devices/system/cpu/cpu0/cpufreq"
    for path, modes in (
        (root / "sys/firmware/acpi/platform_profile", PLATFORM_PROFILES),
        (frequency / "energy_performance_preference", ENERGY_PREFERENCES),
        (frequency / "scaling_governor", GOVERNORS),
    ):
        # The first one that says anything decides, also if it is not known here.
        if word := text_of(path):
            return modes.get(word, PowerMode.UNKNOWN)
    return PowerMode.UNKNOWN


def mac_power_mode(text: str) -> PowerMode:
    """Give the power mode in the output of `pmset -g`."""
    facts = dict(line.split()[:2] for line in text.splitlines() if len(line.split()) > 1)
    for name in ("powermode", "lowpowermode"):
        if name in facts:
            return PMSET_MODES.get(facts[name], PowerMode.UNKNOWN)
    return PowerMode.UNKNOWN


def windows_power_mode(overlay: str, scheme: str, *, is_saver_on: bool) -> PowerMode:
    """Give the power mode from the GUIDs of power mode and plan, and the battery saver."""
    if is_saver_on:
        return PowerMode.SAVING
    by_scheme = WINDOWS_SCHEMES.get(scheme.lower(), PowerMode.UNKNOWN)
    return WINDOWS_SCHEMES.get(overlay.lower(), by_scheme)


def _mode(root: Path) -> PowerMode:
    if sys.platform == "win32":
        mode = windows_power_mode(
            windows.power_overlay(),
            windows.power_scheme(),
            is_saver_on=windows.is_battery_saver_on(),
        )
    elif sys.platform == "darwin":
        mode = mac_power_mode(output_of(PMSET, "-g"))
    else:
        mode = linux_power_mode(root)
    return mode
