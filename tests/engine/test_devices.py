"""What this build of the engine can compute on."""

import psutil

from app.core.computer import Device, DeviceKind
from app.engine import llama
from app.engine.llama.devices import without_duplicates

GIB = 1 << 30


def device(
    name: str,
    backend: str,
    pci_id: str = "",
    kind: DeviceKind = DeviceKind.GRAPHICS_CARD,
) -> Device:
    return Device(name, "A card", backend, kind, 8 * GIB, 7 * GIB, pci_id)


def names(*devices: Device) -> list[str]:
    return [one.name for one in without_duplicates(devices)]


def test_the_processor_is_the_last_resort_of_every_build() -> None:
    processors = [one for one in llama.read_devices() if one.kind is DeviceKind.PROCESSOR]
    assert [(one.name, one.backend) for one in processors] == [("CPU", "CPU")]
    assert processors[0].description
    assert processors[0].total_bytes >= psutil.virtual_memory().total * 0.9


def test_both_lists_speak_of_the_same_devices() -> None:
    assert {one.description for one in llama.read_devices()} <= set(llama.device_names())
    assert len({one.name for one in llama.read_devices()}) == len(llama.read_devices())


def test_a_card_that_two_backends_drive_counts_once() -> None:
    found = names(
        device("CUDA0", "CUDA", "0000:01:00.0"),
        device("CUDA1", "CUDA", "0000:02:00.0"),
        device("Vulkan0", "Vulkan", "0000:01:00.0"),
        device("Vulkan1", "Vulkan", "0000:03:00.0"),
    )
    assert found == ["CUDA0", "CUDA1", "Vulkan1"]


def test_cards_without_a_known_place_are_all_kept() -> None:
    assert names(device("SYCL0", "SYCL"), device("SYCL1", "SYCL")) == ["SYCL0", "SYCL1"]


def test_integrated_graphics_of_a_second_backend_are_left_out() -> None:
    integrated = DeviceKind.INTEGRATED_GRAPHICS
    found = names(
        device("ROCm0", "ROCm", "0000:c1:00.0", integrated),
        device("Vulkan0", "Vulkan", "", integrated),
        device("Vulkan1", "Vulkan", "0000:03:00.0"),
        device("ROCm1", "ROCm", "", integrated),
    )
    assert found == ["ROCm0", "Vulkan1", "ROCm1"]


def test_processor_and_accelerator_stay() -> None:
    found = names(
        device("BLAS", "BLAS", kind=DeviceKind.ACCELERATOR),
        device("CPU", "CPU", kind=DeviceKind.PROCESSOR),
    )
    assert found == ["BLAS", "CPU"]
