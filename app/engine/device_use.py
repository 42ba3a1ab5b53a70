"""What each device does for a loaded model, from the lines that llama.cpp logged.

The public API of the library does not tell. The patterns were taken from llama.cpp 0c1e570
(llama-model.cpp, llama-kv-cache.cpp, llama-memory-recurrent.cpp, llama-context.cpp).
"""

import re
from collections import Counter
from collections.abc import Sequence

from app.core.placement import DeviceUse

Described = tuple[str, str]
"""Name and description of a device."""
LAYER_MARK = "assigned to device"
"""In every line that says where a layer is; llama.cpp logs them for debugging only."""
CONTEXT_MARK = "constructing llama_context"
"""Begins what is logged of a context; a context that failed is tried again."""

_LAYER = re.compile(r"load_tensors: layer +\d+ assigned to device (?P<name>.+), is_swa")
_BUFFER = re.compile(
    r": +(?P<name>\S+) +(?P<what>.*?) ?buffer size = +(?P<size>[\d.]+) MiB", re.IGNORECASE
)


def device_uses(
    log_lines: Sequence[str], processor: Described, devices: Sequence[Described]
) -> tuple[DeviceUse, ...]:
    """Say what the processor and each device of a placement do.

    Args:
        log_lines: logged since the load began, oldest first.
        processor: which has all memory that is no device's.
        devices: of the placement.

    Returns:
        The processor, then the devices in their order.
    """
    layers = Counter(found["name"] for line in log_lines if (found := _LAYER.match(line)))
    memory_bytes = _bytes_by_buffer(log_lines)
    uses = []
    for name, description in devices:
        own = [buffer for buffer in memory_bytes if _belongs_to(buffer, name)]
        n_bytes = sum(memory_bytes.pop(buffer) for buffer in own)
        uses.append(DeviceUse(name, description, layers[name], n_bytes))
    name, description = processor
    rest = DeviceUse(name, description, layers[name], sum(memory_bytes.values()))
    return (rest, *uses)


def _bytes_by_buffer(log_lines: Sequence[str]) -> dict[str, int]:
    """Sum what was allocated, by the name of the buffers: "CUDA0", "CPU_REPACK", ..."""
    begins = [number for number, line in enumerate(log_lines) if CONTEXT_MARK in line]
    begin = begins[-1] if begins else len(log_lines)
    sums: Counter[str] = Counter()
    compute: dict[str, int] = {}
    for number, line in enumerate(log_lines):
        if not (found := _BUFFER.search(line)):
            continue
        name, n_bytes = found["name"], round(float(found["size"]) * 2**20)
        if found["what"] == "compute":
            # Said again each time that the buffers are laid out anew.
            compute[name] = n_bytes
        elif found["what"] == "model" or number > begin:
            sums[name] += n_bytes
    return dict(sums + Counter(compute))


def _belongs_to(buffer: str, device: str) -> bool:
    """Say whether a buffer is of a device: "MTL0_Mapped" is MTL0's, "CUDA10" is not CUDA1's."""
    return re.match(rf"{re.escape(device)}(?!\d)", buffer) is not None
