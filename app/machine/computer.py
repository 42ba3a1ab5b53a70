"""Everything that is known of this computer at one moment, from this process's side."""

import sys
from collections.abc import Sequence
from dataclasses import replace

from app.core.computer import Computer, Device, System, UnusedCard
from app.machine.graphics_cards import SystemCard, uncovered, unused_card
from app.machine.linux_cards import described, linux_cards
from app.machine.mac_cards import mac_cards
from app.machine.memory import read_memory
from app.machine.power import read_power
from app.machine.probe import guarded
from app.machine.processor import read_processor
from app.machine.windows_cards import present_cards

if sys.platform == "win32":
    from app.machine import windows

SYSTEMS = {"win32": System.WINDOWS, "darwin": System.MACOS}
"""By sys.platform."""


def read_computer(devices: tuple[Device, ...]) -> Computer:
    """Say what this computer has and can spare now.

    What the system does not tell is left at its default and noted in the log; nothing is raised
    for it. Takes 2 ms where Linux's own files say everything (measured), longer where a program
    of the system has to be asked; so not on the window's thread.

    Args:
        devices: what the engine's build can compute on, as the engine reported.
    """
    memory = read_memory()
    cards = guarded("graphics cards", _system_cards, list[SystemCard]())
    return Computer(
        system=this_system(),
        memory_bytes=memory.memory_bytes,
        available_bytes=memory.available_bytes,
        processor=read_processor(),
        devices=with_displays(devices, cards),
        unused_cards=guarded("unused cards", lambda: _unused_cards(cards, devices), ()),
        power=read_power(),
        is_container=memory.is_container,
    )


def this_system() -> System:
    """Give the operating system; others than the three named count as Linux."""
    return SYSTEMS.get(sys.platform, System.LINUX)


def with_displays(devices: Sequence[Device], cards: Sequence[SystemCard]) -> tuple[Device, ...]:
    """Give the devices with what the system knows about screens at them."""
    displays = {card.pci_id: card.has_display for card in cards if card.has_display is not None}
    return tuple(
        replace(device, has_display=displays.get(device.pci_id, device.has_display))
        for device in devices
    )


def _system_cards() -> list[SystemCard]:
    if sys.platform == "win32":
        cards = present_cards(windows.present_adapters(), windows.adapter_entries())
    elif sys.platform == "darwin":
        cards = mac_cards()
    else:
        cards = linux_cards()
    return cards


def _unused_cards(
    cards: Sequence[SystemCard], devices: Sequence[Device]
) -> tuple[UnusedCard, ...]:
    left = uncovered(cards, devices)
    if sys.platform == "linux":
        left = described(left)
    return tuple(unused_card(card) for card in left)
