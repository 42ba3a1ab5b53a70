"""The library itself: its version, devices and log, and how a computation is stopped."""

import ctypes
import functools
import sys
from collections import deque
from collections.abc import Iterable
from typing import Any

import llama_cpp
from llama_cpp import llama_cpp as native

from app.core.computer import Device, DeviceKind

LOG_LINES = 400
"""How much of llama.cpp's log is kept for the reason of a failure."""
ERROR_LEVEL = 4
"""GGML_LOG_LEVEL_ERROR (ggml.h)."""
DEVICE_KINDS = {
    0: DeviceKind.PROCESSOR,
    1: DeviceKind.GRAPHICS_CARD,
    2: DeviceKind.INTEGRATED_GRAPHICS,
    3: DeviceKind.ACCELERATOR,
}
"""By ggml_backend_dev_type (ggml-backend.h); devices made of other devices are left out."""
DECODED, NO_ROOM, ABORTED, OUT_OF_MEMORY = 0, 1, 2, -2
"""What llama_decode returns (llama.h)."""


class StopFlag:
    """Stops a running llama_decode within milliseconds, without the interpreter's lock.

    The abort callback is asked hundreds of times a token. libc's `strlen` serves as the
    callback: of the flag's text it makes 0 (go on) or 1 (stop), and no Python runs.
    """

    def __init__(self) -> None:
        self._text = ctypes.create_string_buffer(2)

    @property
    def is_set(self) -> bool:
        """Whether a stop was asked for."""
        return self._text.raw[0] != 0

    def set(self) -> None:
        """Ask for a stop; callable from any thread."""
        self._text[0] = b"x"

    def clear(self) -> None:
        """Begin anew."""
        self._text[0] = b"\0"

    def install(self, context: Any) -> None:  # noqa: ANN401 - a pointer of llama_cpp
        """Let `context` ask this flag while it computes."""
        libc = ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)
        callback = ctypes.cast(libc.strlen, native.ggml_abort_callback)
        native.llama_set_abort_callback(context, callback, ctypes.addressof(self._text))


class EngineLog:
    """llama.cpp's log in a ring buffer instead of on the screen."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=LOG_LINES)
        self._callback = native.llama_log_callback(self._keep)
        native.llama_log_set(self._callback, ctypes.c_void_p(0))

    def _keep(self, level: int, text: bytes, _data: object) -> None:
        line = text.decode("utf-8", "replace").rstrip("\n")
        self._lines.append(line)
        if level == ERROR_LEVEL:
            # If the process dies of it, this line is all that is left to say why.
            print(line, file=sys.stderr, flush=True)  # noqa: T201 - the log of this process

    def begin(self) -> None:
        """Forget what was logged so far."""
        self._lines.clear()

    def lines(self) -> list[str]:
        """What was logged since `begin`, oldest first."""
        return list(self._lines)


def engine_version() -> str:
    """Version of the binding and the library; saved memory is only good for the same one."""
    return f"{llama_cpp.__version__}/{native.llama_version().decode()}"


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


def devices() -> tuple[Device, ...]:
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
    _ggml("ggml_backend_dev_memory", None, *[ctypes.c_void_p] * 3)(pointer, *places)
    props = _DeviceProps()
    _ggml("ggml_backend_dev_get_props", None, *[ctypes.c_void_p] * 2)(pointer, ctypes.byref(props))
    backend = _ggml("ggml_backend_dev_backend_reg", ctypes.c_void_p, ctypes.c_void_p)(pointer)
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
    n_devices = _ggml("ggml_backend_dev_count", ctypes.c_size_t)()
    get = _ggml("ggml_backend_dev_get", ctypes.c_void_p, ctypes.c_size_t)
    return [get(i) for i in range(n_devices)]


def _device_kind(pointer: int) -> DeviceKind | None:
    number = _ggml("ggml_backend_dev_type", ctypes.c_int, ctypes.c_void_p)(pointer)
    return DEVICE_KINDS.get(number)


def _text(function: str, pointer: int) -> str:
    text: bytes = _ggml(function, ctypes.c_char_p, ctypes.c_void_p)(pointer) or b""
    return text.decode("utf-8", "replace").strip()


@functools.cache
def _ggml(name: str, result: Any, *arguments: Any) -> Any:  # noqa: ANN401 - types of ctypes
    """Give a function of ggml, of the copy that libllama itself uses.

    `llama_cpp._ggml` would load a second copy, whose list of devices libllama does not see. On
    Windows a library's handle does not give the functions of the libraries that it needs.
    """
    libraries = [native._lib]  # noqa: SLF001 - the handle is not exported otherwise
    if sys.platform == "win32":
        libraries = [ctypes.CDLL("ggml.dll"), ctypes.CDLL("ggml-base.dll")]
    function = next(library for library in libraries if hasattr(library, name))[name]
    function.restype, function.argtypes = result, arguments
    return function
