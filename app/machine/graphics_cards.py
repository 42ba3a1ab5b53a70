"""Graphics cards of the system, and which of them the engine's build cannot compute on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core.computer import Device, DeviceKind, UnusedCard

VENDOR_WORDS = {
    "nvidia": ("nvidia", "geforce", "quadro", "tesla"),
    "amd": ("amd", "radeon"),
    "intel": ("intel", "arc", "iris"),
    "apple": ("apple",),
}
"""Words that tell the maker in a card's description."""
BACKEND_VENDORS = {"CUDA": "nvidia", "ROCm": "amd", "SYCL": "intel"}
"""Backends that only one maker's cards can be driven by; others tell nothing."""
GRAPHICS_KINDS = {DeviceKind.GRAPHICS_CARD, DeviceKind.INTEGRATED_GRAPHICS}


@dataclass(frozen=True, slots=True)
class SystemCard:
    """A graphics card as the system describes it.

    Attributes:
        vendor: as in `UnusedCard`.
        memory_bytes: its own memory; 0 if not known or shared.
        pci_id: where it sits, such as "0000:01:00.0"; empty if not known.
        has_display: a screen hangs on it; None if not known.
    """

    description: str
    vendor: str
    memory_bytes: int = 0
    pci_id: str = ""
    has_display: bool | None = None


def vendor_of(description: str) -> str:
    """Give the maker that a description names; empty if it names none."""
    words = description.lower().replace("(", " ").split()
    named = (vendor for vendor, names in VENDOR_WORDS.items() if set(names) & set(words))
    return next(named, "")


def uncovered(cards: Sequence[SystemCard], devices: Iterable[Device]) -> list[SystemCard]:
    """Give the cards that none of the engine's devices is.

    Matched by place, then by name, then by maker; a device covers one card only, so that of two
    cards of one maker the second one is still found.
    """
    left = list(cards)
    free = [device for device in devices if device.kind in GRAPHICS_KINDS]
    for matches in (_same_place, _same_name, _same_vendor):
        for device in free.copy():
            card = next((card for card in left if matches(device, card)), None)
            if card is not None:
                left.remove(card)
                free.remove(device)
    return left


def unused_card(card: SystemCard) -> UnusedCard:
    """Give a card that no device is as the rest of the program knows it."""
    return UnusedCard(card.description, card.vendor, card.memory_bytes)


def _same_place(device: Device, card: SystemCard) -> bool:
    # llama.cpp adds "-v1" and so on where it makes several devices of one card.
    return bool(card.pci_id) and device.pci_id.partition("-")[0] == card.pci_id


def _same_name(device: Device, card: SystemCard) -> bool:
    if not card.description or not _may_be(device, card):
        return False
    return card.description.casefold() == device.description.casefold()


def _same_vendor(device: Device, card: SystemCard) -> bool:
    vendor = BACKEND_VENDORS.get(device.backend) or vendor_of(device.description)
    return _may_be(device, card) and vendor == card.vendor


def _may_be(device: Device, card: SystemCard) -> bool:
    """Whether the places of the two, as far as they are known, do not differ."""
    return not (device.pci_id and card.pci_id)
