"""This computer as it is at the moment, in the detail that is worth the time."""

from dataclasses import replace

from app.core.computer import Computer, Device
from app.machine.computer import this_system
from app.machine.memory import read_memory
from app.machine.processor import read_processor


def computer_for_loading(devices: tuple[Device, ...]) -> Computer:
    """Read what matters for loading a model: memory, processor, devices; takes milliseconds.

    Args:
        devices: what the engine can compute on now.
    """
    memory = read_memory()
    return Computer(
        this_system(),
        memory.memory_bytes,
        memory.available_bytes,
        read_processor(),
        devices,
        is_container=memory.is_container,
    )


def with_present_memory(known: Computer) -> Computer:
    """Give a computer with the memory that it has to spare now."""
    memory = read_memory()
    return replace(known, memory_bytes=memory.memory_bytes, available_bytes=memory.available_bytes)
