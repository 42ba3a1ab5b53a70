"""What Windows tells through its libraries and its registry.

Only facts are fetched here; what they mean is worked out where it can be tested anywhere. Can be
imported on Windows only.
"""

import ctypes
import sys
import uuid

assert sys.platform == "win32"  # noqa: S101 - mypy leaves the rest out elsewhere

import winreg  # noqa: E402

PROCESSOR_KEY = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"
DISPLAY_CLASS = "{4d36e968-e325-11ce-bfc1-08002be10318}"
"""GUID_DEVCLASS_DISPLAY (devguid.h)."""
DISPLAY_KEY = rf"SYSTEM\CurrentControlSet\Control\Class\{DISPLAY_CLASS}"
PRESENT_OF_CLASS = 0x100 | 0x200
"""CM_GETIDLIST_FILTER_PRESENT and _CLASS (cfgmgr32.h): the registry also keeps cards that were
taken out."""
CORE_RECORD = 0
"""RelationProcessorCore (winnt.h)."""
ADAPTER_VALUES = ("DriverDesc", "MatchingDeviceId", "HardwareInformation.qwMemorySize")


class PowerStatus(ctypes.Structure):
    """SYSTEM_POWER_STATUS (winbase.h)."""

    _fields_ = (
        ("ac_line_status", ctypes.c_ubyte),
        ("battery_flag", ctypes.c_ubyte),
        ("battery_life_percent", ctypes.c_ubyte),
        ("system_status_flag", ctypes.c_ubyte),
        ("battery_life_time_s", ctypes.c_uint32),
        ("battery_full_life_time_s", ctypes.c_uint32),
    )


def processor_name() -> str:
    """Give the processor's name.

    Raises:
        OSError: it is not in the registry.
    """
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, PROCESSOR_KEY) as key:
        return str(winreg.QueryValueEx(key, "ProcessorNameString")[0])


def core_records() -> bytes:
    """Give what GetLogicalProcessorInformationEx tells of the cores.

    Raises:
        OSError: Windows does not tell.
    """
    ask = ctypes.windll.kernel32.GetLogicalProcessorInformationEx
    size = ctypes.c_uint32(0)
    ask(CORE_RECORD, None, ctypes.byref(size))
    records = ctypes.create_string_buffer(size.value)
    if not ask(CORE_RECORD, records, ctypes.byref(size)):
        raise ctypes.WinError()
    return records.raw[: size.value]


def has_feature(number: int) -> bool:
    """Say whether the processor has a feature (IsProcessorFeaturePresent)."""
    return bool(ctypes.windll.kernel32.IsProcessorFeaturePresent(number))


def is_battery_saver_on() -> bool:
    """Say whether the battery saver is on.

    Raises:
        OSError: Windows does not tell.
    """
    status = PowerStatus()
    if not ctypes.windll.kernel32.GetSystemPowerStatus(ctypes.byref(status)):
        raise ctypes.WinError()
    return bool(status.system_status_flag)


def power_overlay() -> str:
    """Give the GUID that the slider "Power mode" has set; empty before Windows 10 1709.

    PowerGetEffectiveOverlayScheme is not documented, but what other programs use for this.
    """
    library = ctypes.windll.powrprof
    if not hasattr(library, "PowerGetEffectiveOverlayScheme"):
        return ""
    guid = (ctypes.c_ubyte * 16)()
    failed = library.PowerGetEffectiveOverlayScheme(ctypes.byref(guid))
    return "" if failed else str(uuid.UUID(bytes_le=bytes(guid)))


def power_scheme() -> str:
    """Give the GUID of the active power plan; empty if there is none."""
    place = ctypes.c_void_p()
    if ctypes.windll.powrprof.PowerGetActiveScheme(None, ctypes.byref(place)) or not place.value:
        return ""
    guid = ctypes.string_at(place.value, 16)
    ctypes.windll.kernel32.LocalFree(place)
    return str(uuid.UUID(bytes_le=guid))


def present_adapters() -> list[str]:
    r"""Give the identifiers of the display adapters that are there now, as "PCI\VEN_10DE&...".

    Raises:
        OSError: Windows does not tell.
    """
    library = ctypes.windll.cfgmgr32
    size = ctypes.c_uint32(0)
    class_name = ctypes.c_wchar_p(DISPLAY_CLASS)
    failed = library.CM_Get_Device_ID_List_SizeW(ctypes.byref(size), class_name, PRESENT_OF_CLASS)
    names = ctypes.create_unicode_buffer(max(1, size.value))
    failed = failed or library.CM_Get_Device_ID_ListW(
        class_name, names, len(names), PRESENT_OF_CLASS
    )
    if failed:
        raise OSError(failed, "the display adapters cannot be listed")
    return [name for name in "".join(names).split("\0") if name]


def adapter_entries() -> list[dict[str, object]]:
    """Give the values of `ADAPTER_VALUES` of every display adapter in the registry.

    Raises:
        OSError: the registry has none.
    """
    entries = []
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, DISPLAY_KEY) as adapters:
        for i in range(winreg.QueryInfoKey(adapters)[0]):
            name = winreg.EnumKey(adapters, i)
            if name.isdecimal():
                entries.append(_adapter_entry(name))
    return entries


def _adapter_entry(name: str) -> dict[str, object]:
    entry: dict[str, object] = {}
    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, rf"{DISPLAY_KEY}\{name}") as key:
        for i in range(winreg.QueryInfoKey(key)[1]):
            value_name, value, _ = winreg.EnumValue(key, i)
            if value_name in ADAPTER_VALUES:
                entry[value_name] = value
    return entry
