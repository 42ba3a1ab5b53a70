"""This computer as it is at the moment, in the detail that is worth the time."""

from dataclasses import replace

from app.core.computer import Computer, Device
from app.machine.computer import read_computer, this_system
from app.machine.memory import read_memory
from app.machine.processor import read_processor


def whole_computer(devices: tuple[Device, ...]) -> Computer:
    """Read everything there is to know; takes up to a second.

    Args:
        devices: what the engine can compute on.
    """
    return read_computer(devices)


def computer_for_loading(known: Computer | None, devices: tuple[Device, ...]) -> Computer:
    """Read again what changes from one moment to the next, and matters for loading a model.

    Args:
        known: as read before; None if that has not happened yet.
        devices: what the engine can compute on now.
    """
    memory = read_memory()
    if known is None or known.is_recorded:
        return Computer(
            this_system(),
            memory.memory_bytes,
            memory.available_bytes,
            read_processor(),
            devices,
            is_container=memory.is_container,
        )
    return replace(
        known,
        memory_bytes=memory.memory_bytes,
        available_bytes=memory.available_bytes,
        devices=devices,
    )
