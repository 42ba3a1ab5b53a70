"""How much memory of a computer a model may take."""

from dataclasses import dataclass

from app.core.computer import Computer


@dataclass(frozen=True, slots=True)
class MemoryPool:
    """Memory of one kind: the computer's, or that of one graphics device.

    Attributes:
        device: name of the device; empty for the computer's own memory.
        description: for the user; empty for the computer's own memory.
        total_bytes: all there is.
        others_bytes: what other programs and the system hold now.
        now_bytes: what a model may take now, without anything being closed.
        most_bytes: what it could take if other programs were closed.
    """

    device: str
    description: str
    total_bytes: int
    others_bytes: int
    now_bytes: int
    most_bytes: int


@dataclass(frozen=True, slots=True)
class Budget:
    """All memory that a model may take.

    Attributes:
        processor: the computer's own memory.
        devices: of each graphics device that may be used, best first.
        is_shared: the graphics use the computer's own memory, so that both count once.
    """

    processor: MemoryPool
    devices: tuple[MemoryPool, ...] = ()
    is_shared: bool = False


def budget_of(computer: Computer, keep_free_bytes: int = 0, freed_bytes: int = 0) -> Budget:
    """Say what a model may take.

    Args:
        computer: as it is now.
        keep_free_bytes: what the user wants to be left for other programs; 0 leaves what the
            system needs.
        freed_bytes: what unloading the present model gives back.
    """
    raise NotImplementedError
