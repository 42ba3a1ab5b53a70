"""What this build of the library can compute on."""

import ctypes
import functools
from collections.abc import Iterable

from app.core.computer import Device, DeviceKind
from app.engine.llama.ggml import ggml_function

DEVICE_KINDS = {
    0: DeviceKind.PROCESSOR,
    1: DeviceKind.GRAPHICS_CARD,
    2: DeviceKind.INTEGRATED_GRAPHICS,
    3: DeviceKind.ACCELERATOR,
}
"""By ggml_backend_dev_type (ggml-backend.h); devices made of other devices are left out."""


class _DeviceProps(ctypes.Structure):
    """ggml_backend_dev_props (ggml-backend.h), with room to grow: the library fills it."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("description", ctypes.c_char_p),
        ("memory_free", ctypes.c_size_t),
        ("memory_total", ctypes.c_size_t),
        ("type", ctypes.c_int),
        ("device_id", ctypes.c_char_p),
        ("later", ctypes.c_char * 256),
    )


@functools.cache
def device_names() -> tuple[str, ...]:
    """What this build can compute on, from the devices of the loaded library."""
    return tuple(_text("ggml_backend_dev_description", device) for device in _device_pointers())


def read_devices() -> tuple[Device, ...]:
    """Everything that this build can compute on, as the loaded library reports it now.

    The memory of the processor's own device is not to be trusted: Linux and macOS report all of
    it as free. A card's free memory may exceed its total. Asking may start the driver of a card
    and keep some of its memory, so it is done in a process that ends soon.
    """
    kinds = [(pointer, _device_kind(pointer)) for pointer in _device_pointers()]
    return without_duplicates(_device(pointer, kind) for pointer, kind in kinds if kind)


def without_duplicates(found: Iterable[Device]) -> tuple[Device, ...]:
    """Leave out cards that two backends drive, as llama.cpp does when it chooses devices itself.

    The same place on the PCI bus is the same card, and the first backend has it. Integrated
    graphics tell no place with some backends; only those of the first backend count
    (llama.cpp, llama_prepare_model_devices).
    """
    kept: list[Device] = []
    for device in found:
        graphics = [one for one in kept if one.kind is device.kind]
        if device.kind is DeviceKind.GRAPHICS_CARD:
            is_known = bool(device.pci_id) and any(one.pci_id == device.pci_id for one in graphics)
        else:
            is_known = device.kind is DeviceKind.INTEGRATED_GRAPHICS and any(
                one.backend != device.backend for one in graphics
            )
        if not is_known:
            kept.append(device)
    return tuple(kept)


def _device(pointer: int, kind: DeviceKind) -> Device:
    free_bytes, total_bytes = ctypes.c_size_t(), ctypes.c_size_t()
    places = (ctypes.byref(free_bytes), ctypes.byref(total_bytes))
    pointers = [ctypes.c_void_p] * 3
    ggml_function("ggml_backend_dev_memory", None, *pointers)(pointer, *places)
    props = _DeviceProps()
    ggml_function("ggml_backend_dev_get_props", None, *[ctypes.c_void_p] * 2)(
        pointer, ctypes.byref(props)
    )
    backend = ggml_function("ggml_backend_dev_backend_reg", ctypes.c_void_p, ctypes.c_void_p)(
        pointer
    )
    return Device(
        name=_text("ggml_backend_dev_name", pointer),
        description=_text("ggml_backend_dev_description", pointer),
        backend=_text("ggml_backend_reg_name", backend),
        kind=kind,
        total_bytes=total_bytes.value,
        free_bytes=free_bytes.value,
        pci_id=(props.device_id or b"").decode("utf-8", "replace").lower(),
    )


def _device_pointers() -> list[int]:
    n_devices = ggml_function("ggml_backend_dev_count", ctypes.c_size_t)()
    get = ggml_function("ggml_backend_dev_get", ctypes.c_void_p, ctypes.c_size_t)
    return [get(i) for i in range(n_devices)]


def _device_kind(pointer: int) -> DeviceKind | None:
    number = ggml_function("ggml_backend_dev_type", ctypes.c_int, ctypes.c_void_p)(pointer)
    return DEVICE_KINDS.get(number)


def _text(function: str, pointer: int) -> str:
    text: bytes = ggml_function(function, ctypes.c_char_p, ctypes.c_void_p)(pointer) or b""
    return text.decode("utf-8", "replace").strip()
