"""What a computer has and can spare: the facts that every verdict is made from."""

from dataclasses import dataclass
from enum import StrEnum


class System(StrEnum):
    """Operating systems, by what they keep for themselves and how they limit graphics."""

    WINDOWS = "windows"
    MACOS = "macos"
    LINUX = "linux"


class DeviceKind(StrEnum):
    """What a device of the engine is (ggml_backend_dev_type)."""

    PROCESSOR = "processor"
    GRAPHICS_CARD = "graphics_card"
    INTEGRATED_GRAPHICS = "integrated_graphics"
    ACCELERATOR = "accelerator"


class PowerMode(StrEnum):
    """How much the system lets the processor take."""

    SAVING = "saving"
    BALANCED = "balanced"
    PERFORMANCE = "performance"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Device:
    """One device that the engine's build can compute on, as the engine reports it.

    Attributes:
        name: of the engine, such as "CUDA0"; what a placement speaks of.
        description: of the maker, such as "NVIDIA GeForce RTX 3060".
        backend: part of the engine that drives it, such as "CUDA".
        total_bytes, free_bytes: its memory as reported; free may wrongly exceed total.
        pci_id: where it sits, such as "0000:01:00.0"; empty if not known.
        has_display: a screen hangs on it; also when that is not known.
    """

    name: str
    description: str
    backend: str
    kind: DeviceKind
    total_bytes: int
    free_bytes: int
    pci_id: str = ""
    has_display: bool = True


@dataclass(frozen=True, slots=True)
class UnusedCard:
    """A graphics card that the system has, but this build of the engine cannot compute on.

    Attributes:
        vendor: "nvidia", "amd", "intel", "apple" or "" if not known.
        memory_bytes: its own memory; 0 if not known or shared.
    """

    description: str
    vendor: str
    memory_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Processor:
    """The processor.

    Attributes:
        n_cores: physical cores.
        n_fast_cores: those of them that are fast, where there are two kinds; else all.
        instruction_sets: those that decide how fast models run, such as "AVX2".
    """

    description: str = ""
    n_cores: int = 1
    n_fast_cores: int = 1
    instruction_sets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Power:
    """Where the power comes from; None where there is no battery or it cannot be told."""

    is_on_battery: bool | None = None
    battery_percent: int | None = None
    mode: PowerMode = PowerMode.UNKNOWN


@dataclass(frozen=True, slots=True)
class Computer:
    """A computer at one moment.

    Attributes:
        memory_bytes: memory in all that this system may use.
        available_bytes: what can be had now without other programs being swapped out.
        is_container: the system is a guest with a share of the memory (a Linux container).
        devices: what the engine's build can compute on, the processor among them.
        unused_cards: graphics cards that it cannot compute on.
        is_recorded: read from a file and not from this computer.
    """

    system: System
    memory_bytes: int
    available_bytes: int
    processor: Processor = Processor()
    devices: tuple[Device, ...] = ()
    unused_cards: tuple[UnusedCard, ...] = ()
    power: Power = Power()
    is_container: bool = False
    is_recorded: bool = False
