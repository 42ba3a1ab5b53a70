"""This computer as it is at the moment, in the detail that is worth the time."""

from dataclasses import replace

from app.core.computer import Computer, Device
from app.machine.computer import this_system
from app.machine.memory import read_memory
from app.machine.power import read_power
from app.machine.processor import read_processor


def computer_for_loading(devices: tuple[Device, ...]) -> Computer:
    """Read what matters for loading a model, but for cards that nothing computes on.

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
        power=read_power(),
        is_container=memory.is_container,
    )


def with_present_state(known: Computer) -> Computer:
    """Give a computer with what changes from one moment to the next: memory to spare, power."""
    memory = read_memory()
    return replace(
        known,
        memory_bytes=memory.memory_bytes,
        available_bytes=memory.available_bytes,
        power=read_power(),
    )
