"""A placement's devices in the form in which llama.cpp takes them."""

import ctypes
from collections.abc import Sequence
from typing import Any

from llama_cpp import llama_cpp as native

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.placement import DeviceUse, Placement
from app.engine.device_use import Described, device_uses
from app.engine.llama.ggml import ggml_function

EXPERT_TENSORS = r"\.ffn_(up|down|gate|gate_up)_(ch|)exps"
"""What the experts' weights are called (common/common.h: LLM_FFN_EXPS_REGEX)."""


class _BufferOverride(ctypes.Structure):
    """Which tensors go to which kind of memory (llama.h: llama_model_tensor_buft_override)."""

    _fields_ = (("pattern", ctypes.c_char_p), ("buffer_type", ctypes.c_void_p))


class Offload:
    """What of a model goes to which device.

    Holds the arrays that the load parameters point to, so it must live until the model is
    loaded.

    Raises:
        WorldError: DEVICE_MISSING, the placement names a device that is not there.
    """

    def __init__(self, placement: Placement, display_name: str) -> None:
        # A device without layers would still be given a context, and large batches to compute.
        used = [
            (name, n_layers)
            for name, n_layers in zip(placement.devices, placement.device_layers, strict=True)
            if n_layers
        ]
        self._devices = [(name, _device(name, display_name)) for name, _ in used]
        self._n_layers = sum(n_layers for _, n_layers in used)
        handles = [handle for _, handle in self._devices]
        self._handles = (ctypes.c_void_p * (len(handles) + 1))(*handles, None)
        self._split = _tensor_split([n_layers for _, n_layers in used])
        n_experts = placement.n_processor_experts if used else 0
        self._overrides = _experts_on_processor(n_experts)

    def apply(self, parameters: Any) -> None:  # noqa: ANN401 - a structure of llama_cpp
        """Set what `llama_model_params` has for devices.

        An empty list of devices keeps llama.cpp from taking all there are.
        """
        parameters.devices = ctypes.addressof(self._handles)
        parameters.n_gpu_layers = self._n_layers
        parameters.main_gpu = 0
        parameters.tensor_split = self._split
        parameters.split_mode = (
            native.LLAMA_SPLIT_MODE_LAYER
            if len(self._devices) > 1
            else native.LLAMA_SPLIT_MODE_NONE
        )
        if self._overrides is not None:
            parameters.tensor_buft_overrides = ctypes.addressof(self._overrides)

    def uses(self, log_lines: Sequence[str]) -> tuple[DeviceUse, ...]:
        """Say what each device does, the processor first, from the log of load and context."""
        devices = [(name, _description(handle)) for name, handle in self._devices]
        return device_uses(log_lines, _processor(), devices)


def _device(name: str, display_name: str) -> int:
    """Find a device by its name.

    Raises:
        WorldError: DEVICE_MISSING.
    """
    by_name = ggml_function("ggml_backend_dev_by_name", ctypes.c_void_p, ctypes.c_char_p)
    handle: int | None = by_name(name.encode())
    if not handle:
        raise WorldError(ErrorCode.DEVICE_MISSING, Facts(file_name=display_name, reason=name))
    return handle


def _description(handle: int) -> str:
    description = ggml_function("ggml_backend_dev_description", ctypes.c_char_p, ctypes.c_void_p)
    text: bytes = description(handle) or b""
    return text.decode("utf-8", "replace").strip()


def _processor() -> Described:
    """Give the processor's name and description; it is the only device of its type."""
    processor_type = 0  # GGML_BACKEND_DEVICE_TYPE_CPU, ggml-backend.h
    by_type = ggml_function("ggml_backend_dev_by_type", ctypes.c_void_p, ctypes.c_int)
    name = ggml_function("ggml_backend_dev_name", ctypes.c_char_p, ctypes.c_void_p)
    handle = by_type(processor_type)
    return name(handle).decode(), _description(handle)


def _tensor_split(layers: Sequence[int]) -> Any:  # noqa: ANN401 - an array of ctypes
    """Give the proportions in which llama.cpp shares out layers.

    It gives layer k of the n offloaded to the first device whose part of the running sum is
    over k / n (llama-model.cpp: get_layer_buft_list). With the numbers of layers themselves as
    proportions both sides are the same divisions, so each device gets exactly its number. The
    array is read to its full length.
    """
    length = max(native.llama_max_devices(), len(layers))
    return (ctypes.c_float * length)(*layers)


def _experts_on_processor(n_layers: int) -> Any:  # noqa: ANN401 - an array of ctypes
    """Keep the experts of the first layers on the processor; None if there are none to keep."""
    if not n_layers:
        return None
    numbers = "|".join(map(str, range(n_layers)))
    pattern = rf"blk\.({numbers}){EXPERT_TENSORS}".encode()
    buffer_type = ggml_function("ggml_backend_cpu_buffer_type", ctypes.c_void_p)()
    overrides = (_BufferOverride * 2)()
    overrides[0] = _BufferOverride(pattern, buffer_type)
    return overrides
