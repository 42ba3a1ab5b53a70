"""Battery and power mode, as systems tell them."""

from pathlib import Path

import psutil
import pytest

from app.core.computer import Power, PowerMode
from app.machine.power import (
    linux_power_mode,
    mac_power_mode,
    read_power,
    windows_power_mode,
)
from tests.machine.system_tree import plant

PROFILE = "sys/firmware/acpi/platform_profile"
PREFERENCE = "sys/devices/system/cpu/cpu0/cpufreq/energy_performance_preference"
GOVERNOR = "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"
BALANCED_PLAN = "381b4222-f694-41f0-9685-ff5bb260df2e"
NO_OVERLAY = "00000000-0000-0000-0000-000000000000"
PMSET = """\
System-wide power settings:
Currently in use:
 standby              1
 Sleep On Power Button 1
 hibernatefile        /var/vm/sleepimage
 {name}         {value}
 sleep                1 (sleep prevented by sharingd)
"""


@pytest.mark.parametrize(
    ("files", "mode"),
    [
        ({PROFILE: "low-power", PREFERENCE: "performance"}, PowerMode.SAVING),
        ({PROFILE: "balanced"}, PowerMode.BALANCED),
        ({PROFILE: "performance"}, PowerMode.PERFORMANCE),
        ({PROFILE: "something-new", PREFERENCE: "power"}, PowerMode.UNKNOWN),
        ({PREFERENCE: "power", GOVERNOR: "powersave"}, PowerMode.SAVING),
        # With a preference, "powersave" is the ordinary governor and says nothing.
        ({PREFERENCE: "balance_performance", GOVERNOR: "powersave"}, PowerMode.BALANCED),
        ({GOVERNOR: "powersave"}, PowerMode.SAVING),
        ({GOVERNOR: "schedutil"}, PowerMode.BALANCED),
        ({}, PowerMode.UNKNOWN),
    ],
)
def test_linux(tmp_path: Path, files: dict[str, str], mode: PowerMode) -> None:
    assert linux_power_mode(plant(tmp_path, files)) is mode


@pytest.mark.parametrize(
    ("name", "value", "mode"),
    [
        ("lowpowermode", "1", PowerMode.SAVING),
        ("lowpowermode", "0", PowerMode.BALANCED),
        ("powermode", "1", PowerMode.SAVING),
        ("powermode", "2", PowerMode.PERFORMANCE),
        ("womp", "1", PowerMode.UNKNOWN),
    ],
)
def test_macos(name: str, value: str, mode: PowerMode) -> None:
    assert mac_power_mode(PMSET.format(name=name, value=value)) is mode


@pytest.mark.parametrize(
    ("overlay", "scheme", "is_saver_on", "mode"),
    [
        ("961cc777-2547-4f9d-8174-7d86181b8a7a", BALANCED_PLAN, False, PowerMode.SAVING),
        ("DED574B5-45A0-4F42-8737-46345C09C238", BALANCED_PLAN, False, PowerMode.PERFORMANCE),
        (NO_OVERLAY, BALANCED_PLAN, False, PowerMode.BALANCED),
        (NO_OVERLAY, "8c5e7fda-e8bf-4a96-9a85-a6e23a8c635c", False, PowerMode.PERFORMANCE),
        ("", "a1841308-3541-4fab-bc81-f71556f20b4a", False, PowerMode.SAVING),
        ("", "12345678-0000-0000-0000-000000000000", False, PowerMode.UNKNOWN),
        ("ded574b5-45a0-4f42-8737-46345c09c238", BALANCED_PLAN, True, PowerMode.SAVING),
    ],
)
def test_windows(overlay: str, scheme: str, is_saver_on: bool, mode: PowerMode) -> None:
    assert windows_power_mode(overlay, scheme, is_saver_on=is_saver_on) is mode


@pytest.mark.skipif(not hasattr(psutil, "PROCFS_PATH"), reason="psutil reads /sys on Linux only")
def test_this_computer_says_as_much_as_its_battery_does(tmp_path: Path) -> None:
    power = read_power(tmp_path)
    battery = psutil.sensors_battery()
    assert power.mode is PowerMode.UNKNOWN
    if battery is None:
        assert power == Power()
    else:
        assert power.is_on_battery in {None, not battery.power_plugged}
