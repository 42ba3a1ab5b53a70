"""Graphics cards that Linux knows."""

import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from app.machine.graphics_cards import SystemCard
from app.machine.probe import SYSTEM_ROOT, guarded, number_in, output_of, text_of

DISPLAY_CLASS = "0x03"
"""First byte of the PCI class of display controllers (pci_ids.h: PCI_BASE_CLASS_DISPLAY)."""
PCI_VENDORS = {"0x10de": "nvidia", "0x1002": "amd", "0x8086": "intel"}
"""Makers whose cards some build of the engine can compute on; the cards of virtual machines and
of servers' remote consoles are left out."""
PCI_NAME_FILES = ("usr/share/hwdata/pci.ids", "usr/share/misc/pci.ids")
NVIDIA_QUERY = ("--query-gpu=pci.bus_id,name,memory.total", "--format=csv,noheader,nounits")
WSL_GRAPHICS = "dev/dxg"
"""Windows lends its cards to the Linux inside it through this; no maker is on the PCI bus then."""
WSL_NVIDIA_SMI = "/usr/lib/wsl/lib/nvidia-smi"
MIB = 1 << 20


def linux_cards(root: Path = SYSTEM_ROOT) -> list[SystemCard]:
    """Give the cards on the PCI bus, without the names and sizes that take longer to find."""
    if (root / WSL_GRAPHICS).exists():
        return guarded("NVIDIA cards", _ask_nvidia, list[SystemCard]())
    cards = []
    for folder in sorted((root / "sys/bus/pci/devices").glob("*")):
        vendor = PCI_VENDORS.get(text_of(folder / "vendor"))
        if vendor and text_of(folder / "class").startswith(DISPLAY_CLASS):
            cards.append(
                SystemCard(
                    "",
                    vendor,
                    number_in(folder / "mem_info_vram_total") or 0,  # only AMD's driver tells
                    folder.name.lower(),
                    _has_display(folder),
                )
            )
    return cards


def described(cards: Sequence[SystemCard], root: Path = SYSTEM_ROOT) -> list[SystemCard]:
    """Give cards of `linux_cards` with their names and sizes, as far as the system knows them."""
    told: dict[str, SystemCard] = {}
    if any(card.vendor == "nvidia" and not card.description for card in cards):
        answer = guarded("NVIDIA cards", _ask_nvidia, list[SystemCard]())
        told = {card.pci_id: card for card in answer}
    return [_named(_completed(card, told.get(card.pci_id)), root) for card in cards]


def parse_nvidia_smi(text: str) -> list[SystemCard]:
    """Read what nvidia-smi printed for `NVIDIA_QUERY`; a size that it does not know is 0."""
    cards = []
    for line in text.splitlines():
        place, _, rest = line.partition(",")
        name, _, mib = rest.rpartition(",")
        # "00000000:01:00.0": nvidia-smi writes the domain with eight digits, Linux with four.
        found = re.fullmatch(r"[0-9a-f]{4}([0-9a-f]{4}:\S+)", place.strip().lower())
        if found and name.strip():
            size = int(mib) * MIB if mib.strip().isdecimal() else 0
            cards.append(SystemCard(name.strip(), "nvidia", size, found[1]))
    return cards


def pci_name(lines: Iterable[str], vendor_id: str, device_id: str) -> str:
    """Look a device up in the list of names that most systems have (pci.ids).

    Where the chip has a name and the cards made with it another one, such as "Navi 32 [Radeon RX
    7700 XT / 7800 XT]", it is the one that stands on the box.
    """
    in_vendor = False
    for line in lines:
        if not line.startswith("\t"):
            if in_vendor:
                return ""
            in_vendor = line.startswith(f"{vendor_id} ")
        elif in_vendor and line.startswith(f"\t{device_id} "):
            name = line.strip().removeprefix(device_id).strip()
            return name[name.index("[") + 1 : -1] if name.endswith("]") and "[" in name else name
    return ""


def _has_display(folder: Path) -> bool | None:
    """Say whether a screen hangs on a card; None where its driver has no connectors."""
    states = [text_of(path) for path in folder.glob("drm/card*/card*-*/status")]
    return "connected" in states if states else None


def _named(card: SystemCard, root: Path) -> SystemCard:
    if card.description:
        return card
    model = re.search(
        r"^Model:\s*(\S.*)$",
        text_of(root / "proc/driver/nvidia/gpus" / card.pci_id / "information"),
        re.MULTILINE,
    )
    name = model[1] if model else guarded("name of a card", lambda: _listed_name(card, root), "")
    return replace(card, description=name.strip())


def _listed_name(card: SystemCard, root: Path) -> str:
    folder = root / "sys/bus/pci/devices" / card.pci_id
    ids = [text_of(folder / name).removeprefix("0x") for name in ("vendor", "device")]
    for path in (root / name for name in PCI_NAME_FILES):
        if path.is_file():
            with path.open(encoding="utf-8", errors="replace") as lines:
                return pci_name(lines, *ids)
    return ""


def _completed(card: SystemCard, told: SystemCard | None) -> SystemCard:
    if told is None:
        return card
    return replace(card, description=told.description, memory_bytes=told.memory_bytes)


def _ask_nvidia() -> list[SystemCard]:
    program = shutil.which("nvidia-smi") or shutil.which(WSL_NVIDIA_SMI)
    return parse_nvidia_smi(output_of(program, *NVIDIA_QUERY)) if program else []
