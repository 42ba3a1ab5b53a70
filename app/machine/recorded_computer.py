"""A computer in a file: for tests, and for asking what would run on another computer."""

import json
import os
from dataclasses import replace
from pathlib import Path

import msgspec

from app.core.computer import Computer
from app.core.errors import ErrorCode, Facts, WorldError

MAX_FILE_BYTES = 1 << 20
"""A description has some kilobytes; a larger file is something else."""


def read_recorded(path: Path) -> Computer:
    """Read a computer; whatever `read_computer` says of this one, the file says of that one.

    Raises:
        WorldError: COMPUTER_FILE_UNUSABLE.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise _unusable(path, "", f"larger than {MAX_FILE_BYTES} bytes")
        computer = msgspec.json.decode(path.read_bytes(), type=Computer)
    except OSError as error:
        raise _unusable(path, error.strerror or "", str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # "Expected `int`, got `str` - at `$.memory_bytes`": the place is what helps.
        place = str(error).rpartition(" - at ")[2].strip("`")
        reason = place if place.startswith("$") else ""
        raise _unusable(path, reason, str(error)) from error
    if wrong := _impossible(computer):
        raise _unusable(path, wrong, f"{wrong} is impossible")
    return replace(computer, is_recorded=True)


def write_recorded(computer: Computer, path: Path) -> None:
    """Write a computer so that `read_recorded` gives it back; the file is never half written.

    Raises:
        WorldError: COMPUTER_FILE_UNUSABLE.
    """
    facts = msgspec.to_builtins(replace(computer, is_recorded=True))
    part = path.with_suffix(f"{path.suffix}.part")
    try:
        part.write_text(json.dumps(facts, indent=2) + os.linesep, encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        raise _unusable(path, error.strerror or "", str(error)) from error


def _impossible(computer: Computer) -> str:
    """Name the first field whose value no computer has; empty if there is none."""
    processor, devices = computer.processor, computer.devices
    percent = computer.power.battery_percent
    wrong = {
        "memory_bytes": computer.memory_bytes <= 0,
        "available_bytes": not 0 <= computer.available_bytes <= computer.memory_bytes,
        "processor.n_cores": processor.n_cores < 1,
        "processor.n_fast_cores": not 1 <= processor.n_fast_cores <= processor.n_cores,
        "devices.total_bytes": any(device.total_bytes < 0 for device in devices),
        "devices.free_bytes": any(device.free_bytes < 0 for device in devices),
        "devices.name": len({device.name for device in devices}) < len(devices),
        "unused_cards.memory_bytes": any(card.memory_bytes < 0 for card in computer.unused_cards),
        "power.battery_percent": percent is not None and not 0 <= percent <= 100,  # noqa: PLR2004
    }
    return next((name for name, is_wrong in wrong.items() if is_wrong), "")


def _unusable(path: Path, reason: str, detail: str) -> WorldError:
    facts = Facts(file_name=path.name, path=str(path), reason=reason)
    return WorldError(ErrorCode.COMPUTER_FILE_UNUSABLE, facts, detail)
