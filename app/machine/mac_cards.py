"""Graphics cards that macOS knows."""

import json
import platform
import re

from app.machine.graphics_cards import SystemCard, vendor_of
from app.machine.probe import output_of
from app.machine.sysctl import read_sysctl

SYSTEM_PROFILER = "/usr/sbin/system_profiler"
UNITS = {"MB": 1 << 20, "GB": 1 << 30}


def mac_cards() -> list[SystemCard]:
    """Give the cards of this Mac.

    Raises:
        OSError, ValueError, subprocess.SubprocessError: macOS does not tell.
    """
    if platform.machine() == "arm64":
        # Graphics are part of Apple's own processors; system_profiler would take a second.
        name = read_sysctl().get("machdep.cpu.brand_string", "")
        return [SystemCard(name, "apple")]
    return parse_displays(output_of(SYSTEM_PROFILER, "SPDisplaysDataType", "-json"))


def parse_displays(text: str) -> list[SystemCard]:
    """Read what `system_profiler SPDisplaysDataType -json` printed.

    Raises:
        ValueError: it is not JSON.
    """
    facts = json.loads(text)
    entries = facts.get("SPDisplaysDataType") if isinstance(facts, dict) else None
    cards = []
    for entry in entries if isinstance(entries, list) else []:
        name = str(entry.get("sppci_model", "")) if isinstance(entry, dict) else ""
        if vendor_of(name):
            # "spdisplays_vram_shared" is the computer's memory and does not count.
            cards.append(
                SystemCard(name, vendor_of(name), _size(str(entry.get("spdisplays_vram", ""))))
            )
    return cards


def _size(text: str) -> int:
    found = re.fullmatch(r"(\d+) (MB|GB)", text.strip())
    return int(found[1]) * UNITS[found[2]] if found else 0
