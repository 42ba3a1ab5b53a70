"""How much memory of a computer a model may take."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core.computer import Computer, Device, DeviceKind, System
from app.core.fit.memory import MemoryNeed
from app.core.placement import Placement

MIB = 1 << 20
GIB = 1 << 30

OWN_PROGRAM_BYTES = 6 * GIB // 10
"""Window, engine without a model, document search: 0.6 GB (estimate)."""
SPARE_BYTES = GIB // 2
"""Left of what is available now, since other programs go on growing: 0.5 GB (estimate)."""
CONTAINER_RESERVE_BYTES = 22 * GIB // 10
"""For the system around a container: what ChromeOS takes, 2.2 GB (estimate)."""
SMALL_MAC_BYTES = 16 * GIB
"""Up to this size, a Mac needs a larger share for itself (estimate)."""
DISPLAY_MARGIN_BYTES = 600 * MIB
"""Left on a card that draws a screen. The driver's context and libraries take 250 to 600 MiB
(Ollama reserves 457, gguf-parser 250, llama.cpp's own fitting 1,024), and Windows moves what is
too much into the computer's memory without an error, ten times slower (llama.cpp #4498)."""
CARD_MARGIN_BYTES = 400 * MIB
"""Left on a card without a screen: the same without the screen's part (estimate)."""
SHARED_MARGIN_BYTES = 500 * MIB
"""Left of what graphics may take of the computer's memory: the windows of other programs are in
it, and Metal does not tell what they take. Ollama reserves 512 for Metal."""
LARGEST_SIGNED = (1 << 63) - 1
"""Vulkan's free memory is a budget less its use, without a sign: where more is used than the
budget allows it turns into a number above this (ggml-vulkan.cpp, get_device_memory)."""
METAL_BACKENDS = {"MTL", "Metal"}
CARD_MAKERS_IN_MACS = ("AMD", "Radeon", "NVIDIA", "GeForce")


@dataclass(frozen=True, slots=True)
class MemoryPool:
    """Memory of one kind: the computer's, or that of one graphics device.

    Attributes:
        device: name of the device; empty for the computer's own memory.
        description: for the user; empty for the computer's own memory.
        total_bytes: all there is.
        others_bytes: what other programs and the system hold now.
        now_bytes: what a model may take now, without anything being closed.
        most_bytes: what it could take if other programs were closed; never less than now.
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


def budget_of(computer: Computer, keep_free_bytes: int = 0) -> Budget:
    """Say what a model may take.

    The computer's memory: at most all of it less `system_reserve_bytes` and our own program; now
    what is available less `SPARE_BYTES`, and never more than that most. What unloading the
    present model gives back is for `after_unloading` to say.

    Graphics: only cards with memory of their own if there is one, as llama.cpp chooses itself
    (llama.cpp, llama_prepare_model_devices), those with the most memory first. Graphics that use
    the computer's memory have the limit that the device reports, which no fixed share of the
    memory gives (reported for Macs: 74 and 84 %), and the computer's own budget as a second one.

    Args:
        computer: as it is now.
        keep_free_bytes: what the user wants to be left for other programs; what the system
            needs is left in any case.
    """
    processor = _processor_pool(computer, keep_free_bytes)
    cards = [device for device in usable_graphics(computer.devices) if not is_shared(device)]
    if cards:
        pools = [_card_pool(card) for card in cards]
    else:
        shared = usable_graphics(computer.devices)
        pools = [_shared_pool(device, processor) for device in shared]
    pools.sort(key=lambda pool: -pool.total_bytes)
    return Budget(processor, tuple(pools), is_shared=bool(pools) and not cards)


def after_unloading(computer: Computer, placement: Placement, need: MemoryNeed) -> Computer:
    """Give the computer as it will be without a model that is loaded now.

    What lies on graphics that use the computer's own memory comes back there too.

    Args:
        computer: as it is with the model.
        placement: of the model.
        need: what the model takes.
    """
    shares = dict(zip(placement.devices, need.devices, strict=True))
    devices = tuple(
        replace(device, free_bytes=device.free_bytes + shares[device.name].total_bytes)
        if device.name in shares
        else device
        for device in computer.devices
    )
    shared = {device.name for device in computer.devices if is_shared(device)}
    own_bytes = sum(share.total_bytes for name, share in shares.items() if name in shared)
    available_bytes = computer.available_bytes + need.processor.total_bytes + own_bytes
    return replace(
        computer,
        available_bytes=min(available_bytes, computer.memory_bytes),
        devices=devices,
    )


def system_reserve_bytes(computer: Computer) -> int:
    """Give what the system and a few small programs need of the computer's memory.

    Estimates: Windows the larger of 3.5 GB and 20 %; macOS up to 16 GB the
    larger of 3 GB and 22 %, above 18 %; Linux the larger of 1.5 GB and 12 %; a container 2.2 GB.
    """
    total = computer.memory_bytes
    if computer.is_container:
        return CONTAINER_RESERVE_BYTES
    if computer.system is System.WINDOWS:
        return max(35 * GIB // 10, total * 20 // 100)
    if computer.system is System.MACOS:
        if total <= SMALL_MAC_BYTES:
            return max(3 * GIB, total * 22 // 100)
        return total * 18 // 100
    return max(15 * GIB // 10, total * 12 // 100)


def usable_graphics(devices: Sequence[Device]) -> list[Device]:
    """Give the graphics among the devices that say how much memory they have.

    One that reports none is not used by llama.cpp's own fitting either (llama.cpp, fit.cpp).
    """
    kinds = {DeviceKind.GRAPHICS_CARD, DeviceKind.INTEGRATED_GRAPHICS}
    return [device for device in devices if device.kind in kinds and device.total_bytes > 0]


def is_shared(device: Device) -> bool:
    """Say whether a graphics device uses the computer's own memory.

    Metal calls all its devices cards (ggml-metal.cpp, device_get_type); of them, only those that
    AMD and NVIDIA made for older Macs have memory of their own.
    """
    if device.backend in METAL_BACKENDS:
        return not any(maker in device.description for maker in CARD_MAKERS_IN_MACS)
    return device.kind is DeviceKind.INTEGRATED_GRAPHICS


def _processor_pool(computer: Computer, keep_free_bytes: int) -> MemoryPool:
    total = max(0, computer.memory_bytes)
    available = min(total, max(0, computer.available_bytes))
    # Less than what the system itself needs cannot be kept, whatever is wished.
    reserve = max(system_reserve_bytes(computer), keep_free_bytes)
    spare = max(SPARE_BYTES, keep_free_bytes)
    most = max(0, total - reserve - OWN_PROGRAM_BYTES)
    return MemoryPool("", "", total, total - available, min(most, max(0, available - spare)), most)


def _card_pool(card: Device) -> MemoryPool:
    free = _free_bytes(card)
    margin = DISPLAY_MARGIN_BYTES if card.has_display else CARD_MARGIN_BYTES
    return MemoryPool(
        card.name,
        card.description,
        card.total_bytes,
        card.total_bytes - free,
        max(0, free - margin),
        max(0, card.total_bytes - margin),
    )


def _shared_pool(device: Device, processor: MemoryPool) -> MemoryPool:
    free = _free_bytes(device)
    return MemoryPool(
        device.name,
        device.description,
        device.total_bytes,
        device.total_bytes - free,
        max(0, min(free - SHARED_MARGIN_BYTES, processor.now_bytes)),
        max(0, min(device.total_bytes - SHARED_MARGIN_BYTES, processor.most_bytes)),
    )


def _free_bytes(device: Device) -> int:
    """Give what is free on a device, within what it has; drivers report more, or nonsense."""
    reported = device.free_bytes if 0 <= device.free_bytes <= LARGEST_SIGNED else 0
    return min(device.total_bytes, reported)
