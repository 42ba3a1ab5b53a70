"""Graphics cards that Windows knows."""

import re
from collections.abc import Iterable, Mapping

from app.machine.graphics_cards import SystemCard

VENDOR_IDS = {"10DE": "nvidia", "1002": "amd", "8086": "intel"}
"""As in linux_cards; Qualcomm's cards are not on a PCI bus and have no build of the engine."""
PCI_CARD = re.compile(r"PCI\\VEN_([0-9A-F]{4})&DEV_([0-9A-F]{4})", re.IGNORECASE)


def present_cards(
    present: Iterable[str], entries: Iterable[Mapping[str, object]]
) -> list[SystemCard]:
    r"""Give the cards that are present, with the names and sizes from the registry.

    Args:
        present: identifiers of the adapters that are in the computer now, such as
            "PCI\VEN_10DE&DEV_2503&SUBSYS_...".
        entries: values of each adapter in the registry, also of cards that were taken out.
    """
    by_chip: dict[str, Mapping[str, object]] = {}
    for entry in entries:
        found = PCI_CARD.match(str(entry.get("MatchingDeviceId", "")))
        if found:
            by_chip.setdefault(found[0].upper(), entry)
    cards = []
    for identifier in present:
        found = PCI_CARD.match(identifier)
        if found and found[1].upper() in VENDOR_IDS:
            entry = by_chip.get(found[0].upper(), {})
            cards.append(_card(VENDOR_IDS[found[1].upper()], entry))
    return cards


def _card(vendor: str, entry: Mapping[str, object]) -> SystemCard:
    size = entry.get("HardwareInformation.qwMemorySize", 0)
    if isinstance(size, bytes):
        # Some drivers store the number as bytes instead.
        size = int.from_bytes(size, "little")
    memory_bytes = size if isinstance(size, int) else 0
    return SystemCard(str(entry.get("DriverDesc", "")), vendor, memory_bytes)
