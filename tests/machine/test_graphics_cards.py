"""Graphics cards of the system, and which of them the engine's build leaves unused."""

import json
import sys
from pathlib import Path

import pytest

from app.core.computer import Device, DeviceKind
from app.machine.computer import with_displays
from app.machine.graphics_cards import SystemCard, uncovered, vendor_of
from app.machine.linux_cards import described, linux_cards, parse_nvidia_smi, pci_name
from app.machine.mac_cards import parse_displays
from app.machine.windows_cards import present_cards
from tests.machine.system_tree import plant

MIB = 1 << 20
GIB = 1 << 30
PCI = "sys/bus/pci/devices"
PCI_IDS = """\
# List of PCI ID's
1002  Advanced Micro Devices, Inc. [AMD/ATI]
\t1638  Cezanne [Radeon Vega Series / Radeon Vega Mobile Series]
\t747e  Navi 32 [Radeon RX 7700 XT / 7800 XT]
\t\t1da2 475e  PULSE RX 7800 XT
8086  Intel Corporation
\t46a6  Alder Lake-P GT2 [Iris Xe Graphics]
\t747e  Something else
10de  NVIDIA Corporation
\t2504  GA106 [GeForce RTX 3060 Lite Hash Rate]
"""


def card(description: str, vendor: str = "nvidia", pci_id: str = "") -> SystemCard:
    return SystemCard(description, vendor, 8 * GIB, pci_id)


def device(
    description: str,
    backend: str = "CUDA",
    pci_id: str = "",
    kind: DeviceKind = DeviceKind.GRAPHICS_CARD,
) -> Device:
    return Device(f"{backend}0", description, backend, kind, 8 * GIB, 7 * GIB, pci_id)


def pci(place: str, vendor: str, device_id: str, kind: str = "0x030000") -> dict[str, str]:
    folder = f"{PCI}/{place}"
    return {
        f"{folder}/class": kind,
        f"{folder}/vendor": vendor,
        f"{folder}/device": device_id,
    }


@pytest.mark.parametrize(
    ("description", "vendor"),
    [
        ("NVIDIA GeForce RTX 3060", "nvidia"),
        ("AMD Radeon(TM) 780M Graphics", "amd"),
        ("Intel(R) Arc(TM) Graphics", "intel"),
        ("Apple M2 Pro", "apple"),
        ("Microsoft Basic Render Driver", ""),
        ("Marc's card", ""),
        ("", ""),
    ],
)
def test_the_maker_is_told_by_the_description(description: str, vendor: str) -> None:
    assert vendor_of(description) == vendor


def test_linux_finds_the_cards_on_the_bus_and_screens_at_them(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            **pci("0000:00:1f.3", "0x8086", "0x51c8", "0x040300"),
            **pci("0000:03:00.0", "0x1002", "0x747e"),
            f"{PCI}/0000:03:00.0/mem_info_vram_total": str(16 * GIB),
            f"{PCI}/0000:03:00.0/drm/card1/card1-HDMI-A-1/status": "disconnected",
            f"{PCI}/0000:03:00.0/drm/card1/card1-DP-1/status": "connected",
            **pci("0000:0a:00.0", "0x10de", "0x2504", "0x030200"),
            **pci("0000:0b:00.0", "0x1a03", "0x2000"),
            **pci("0000:0c:00.0", "0x8086", "0x46a6"),
            f"{PCI}/0000:0c:00.0/drm/card0/card0-eDP-1/status": "disconnected",
        },
    )
    assert linux_cards(tmp_path) == [
        SystemCard("", "amd", 16 * GIB, "0000:03:00.0", has_display=True),
        SystemCard("", "nvidia", 0, "0000:0a:00.0", has_display=None),
        SystemCard("", "intel", 0, "0000:0c:00.0", has_display=False),
    ]


def test_linux_without_a_bus_has_no_cards(tmp_path: Path) -> None:
    assert linux_cards(tmp_path) == []


def test_names_come_from_the_list_that_the_system_has(tmp_path: Path) -> None:
    plant(tmp_path, {"usr/share/misc/pci.ids": PCI_IDS, **pci("0000:03:00.0", "0x1002", "0x747e")})
    names = [one.description for one in described(linux_cards(tmp_path), tmp_path)]
    assert names == ["Radeon RX 7700 XT / 7800 XT"]


def test_nvidias_driver_knows_the_name_without_its_program(tmp_path: Path) -> None:
    place = "0000:01:00.0"
    plant(
        tmp_path,
        {
            **pci(place, "0x10de", "0x2504"),
            f"proc/driver/nvidia/gpus/{place}/information": "Model: \t\t NVIDIA GeForce RTX 3060\n"
            "IRQ:   \t\t 139",
        },
    )
    names = [one.description for one in described(linux_cards(tmp_path), tmp_path)]
    assert names == ["NVIDIA GeForce RTX 3060"]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_nvidias_program_knows_names_and_sizes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "nvidia-smi"
    plant(tmp_path, {"bin/nvidia-smi": '#!/bin/sh\necho "00000000:01:00.0, RTX 3060, 12288"'})
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    plant(tmp_path, pci("0000:01:00.0", "0x10de", "0x2504"))
    found = described(linux_cards(tmp_path), tmp_path)
    assert [(one.description, one.memory_bytes) for one in found] == [("RTX 3060", 12 * GIB)]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_linux_inside_windows_asks_nvidias_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(
        tmp_path,
        {
            "bin/nvidia-smi": '#!/bin/sh\necho "00000000:01:00.0, RTX 3060, 12288"',
            "dev/dxg": "",
        },
    )
    (tmp_path / "bin/nvidia-smi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    assert [one.description for one in linux_cards(tmp_path)] == ["RTX 3060"]


def test_what_nvidias_program_prints() -> None:
    text = (
        "00000000:01:00.0, NVIDIA GeForce RTX 4090, 24564\n"
        "0000000F:01:00.0, NVIDIA GB10, [N/A]\n"
        "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n\n"
    )
    assert parse_nvidia_smi(text) == [
        SystemCard("NVIDIA GeForce RTX 4090", "nvidia", 24564 * MIB, "0000:01:00.0"),
        SystemCard("NVIDIA GB10", "nvidia", 0, "000f:01:00.0"),
    ]


@pytest.mark.parametrize(
    ("vendor_id", "device_id", "name"),
    [
        ("1002", "747e", "Radeon RX 7700 XT / 7800 XT"),
        ("8086", "747e", "Something else"),
        ("10de", "747e", ""),
        ("10de", "2504", "GeForce RTX 3060 Lite Hash Rate"),
        ("1da2", "475e", ""),
    ],
)
def test_the_list_of_names(vendor_id: str, device_id: str, name: str) -> None:
    assert pci_name(PCI_IDS.splitlines(keepends=True), vendor_id, device_id) == name


def test_windows_leaves_out_cards_that_were_taken_out() -> None:
    present = [
        r"PCI\VEN_10DE&DEV_2503&SUBSYS_397D1462&REV_A1\4&2283F625&0&0019",
        r"PCI\VEN_8086&DEV_4680&SUBSYS_7D251462&REV_0C\3&11583659&0&10",
        r"ROOT\DISPLAY\0000",
        r"PCI\VEN_1414&DEV_008E&SUBSYS_00000000&REV_00\5&1",
    ]
    entries: list[dict[str, object]] = [
        {
            "DriverDesc": "AMD Radeon RX 580",
            "MatchingDeviceId": r"pci\ven_1002&dev_67df",
            "HardwareInformation.qwMemorySize": 8 * GIB,
        },
        {
            "DriverDesc": "NVIDIA GeForce RTX 3060",
            "MatchingDeviceId": r"pci\ven_10de&dev_2503&subsys_397d1462",
            "HardwareInformation.qwMemorySize": (12 * GIB).to_bytes(8, "little"),
        },
        {"DriverDesc": "Intel(R) UHD Graphics 770", "MatchingDeviceId": r"PCI\VEN_8086&DEV_4680"},
        {"DriverDesc": "Remote Display"},
    ]
    assert present_cards(present, entries) == [
        SystemCard("NVIDIA GeForce RTX 3060", "nvidia", 12 * GIB),
        SystemCard("Intel(R) UHD Graphics 770", "intel", 0),
    ]


def test_windows_may_know_a_card_without_its_driver() -> None:
    assert present_cards([r"PCI\VEN_10DE&DEV_2503"], []) == [SystemCard("", "nvidia")]


def test_macs_with_intel_processors() -> None:
    entries = [
        {"sppci_model": "Intel UHD Graphics 630", "spdisplays_vram_shared": "1536 MB"},
        {"sppci_model": "AMD Radeon Pro 5500M", "spdisplays_vram": "8 GB"},
        {"_name": "without a model"},
        "nonsense",
    ]
    assert parse_displays(json.dumps({"SPDisplaysDataType": entries})) == [
        SystemCard("Intel UHD Graphics 630", "intel", 0),
        SystemCard("AMD Radeon Pro 5500M", "amd", 8 * GIB),
    ]
    assert parse_displays("[]") == []


def test_without_devices_every_card_is_unused() -> None:
    cards = [card("NVIDIA GeForce RTX 3060"), card("Intel UHD", "intel")]
    processor = device("AMD Ryzen 5", "CPU", kind=DeviceKind.PROCESSOR)
    assert uncovered(cards, [processor]) == cards


def test_a_card_is_known_again_by_its_place_whatever_it_is_called() -> None:
    cards = [card("", "amd", "0000:03:00.0"), card("", "amd", "0000:0c:00.0")]
    found = uncovered(cards, [device("gfx1100", "ROCm", "0000:0c:00.0-v1")])
    assert [one.pci_id for one in found] == ["0000:03:00.0"]


def test_a_card_is_known_again_by_its_name() -> None:
    cards = [card("NVIDIA GeForce GTX 1650"), card("NVIDIA GeForce RTX 3060")]
    found = uncovered(cards, [device("NVIDIA GeForce RTX 3060", pci_id="0000:01:00.0")])
    assert [one.description for one in found] == ["NVIDIA GeForce GTX 1650"]


def test_a_device_covers_one_card_of_its_maker() -> None:
    cards = [card("Radeon RX 6600", "amd"), card("Radeon RX 6600", "amd"), card("UHD", "intel")]
    found = uncovered(cards, [device("AMD Radeon RX 6600 (RADV NAVI23)", "Vulkan")])
    assert [one.vendor for one in found] == ["amd", "intel"]


def test_two_devices_cover_two_equal_cards() -> None:
    cards = [card("RTX 3090"), card("RTX 3090")]
    assert uncovered(cards, [device("RTX 3090"), device("RTX 3090")]) == []


def test_different_places_are_different_cards() -> None:
    cards = [card("RTX 3090", pci_id="0000:01:00.0")]
    assert uncovered(cards, [device("RTX 3090", pci_id="0000:02:00.0")]) == cards


def test_a_device_learns_whether_a_screen_hangs_on_it() -> None:
    cards = [SystemCard("", "nvidia", 0, "0000:01:00.0", has_display=False), card("unknown")]
    devices = [device("one", pci_id="0000:01:00.0"), device("other")]
    assert [one.has_display for one in with_displays(devices, cards)] == [False, True]
