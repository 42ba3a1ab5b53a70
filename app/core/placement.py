"""Where and how a model is loaded, and what to try when that fails."""

from dataclasses import dataclass, replace
from enum import StrEnum

MIN_N_CTX = 1024
"""Below this a chat of a few turns no longer fits; the load ladder stops here (tokens)."""
PROCESSOR_BATCH = 128
"""Tokens read in one step on a processor: larger steps read 4 % faster at best, but progress
and Stop come only between steps (measured, SmolLM2 135M, 2 cores)."""
THREADS_PER_CORE = 2
GPU_BATCH = 512
"""A graphics card needs larger steps to be busy; llama.cpp's own default."""


class KvType(StrEnum):
    """Number format of the KV cache, in llama.cpp's names."""

    F16 = "f16"
    Q8_0 = "q8_0"


@dataclass(frozen=True, slots=True)
class Placement:
    """Everything that decides where a model's parts go and how it computes.

    Attributes:
        n_ctx: context length in tokens.
        kv_type: format of keys and values. q8_0 takes 53 % of f16's memory but reads long
            prompts more than twice as slowly on a processor, so it only serves to make room.
        devices: names of the graphics devices that layers go to; none computes on the processor.
        device_layers: how many layers each of them gets, the last ones of the model; one more
            than the model has, in all, offloads the output too.
        n_processor_experts: of the first so many layers the experts stay on the processor.
        n_threads: threads while writing.
        n_threads_batch: threads while reading the prompt.
        n_batch: tokens read in one step; also how often reading can report or stop.
        use_mmap: map the file instead of reading it. Off by itself: together with the
            processor's repacked weights a mapped file is held twice (llama.cpp #16761).
        flash_attention: the attention that needs no buffer of n_ctx x n_batch.
    """

    n_ctx: int
    kv_type: KvType = KvType.F16
    devices: tuple[str, ...] = ()
    device_layers: tuple[int, ...] = ()
    n_processor_experts: int = 0
    n_threads: int = 1
    n_threads_batch: int = 1
    n_batch: int = 128
    use_mmap: bool = False
    flash_attention: bool = True

    @property
    def n_gpu_layers(self) -> int:
        """Layers that are not on the processor."""
        return sum(self.device_layers)


def layer_owners(n_layers: int, placement: Placement) -> list[int]:
    """Say where each layer is computed: 0 on the processor, n on the n-th device.

    Of the layers that a placement offloads the last is the output, which this leaves out; the
    others are the last ones of the model (llama-model.cpp).
    """
    n_offloaded = min(n_layers, max(0, placement.n_gpu_layers - 1))
    owners = [0] * (n_layers - n_offloaded)
    for device, n in enumerate(placement.device_layers, start=1):
        owners += [device] * n
    return owners[:n_layers]


@dataclass(frozen=True, slots=True)
class DeviceUse:
    """What one device does for a loaded model, as the engine itself says.

    Attributes:
        name: of the engine, such as "CUDA0" or "CPU".
        description: of the maker, such as "NVIDIA GeForce RTX 3060".
        n_layers: layers computed there; the output counts as one more.
        memory_bytes: weights, KV cache and buffers held there, to 10 KB each.
    """

    name: str
    description: str
    n_layers: int
    memory_bytes: int


class StepDown(StrEnum):
    """What the load ladder gave up to make a model fit."""

    SMALLER_CONTEXT = "smaller_context"
    SMALLER_KV = "smaller_kv"
    FEWER_GPU_LAYERS = "fewer_gpu_layers"
    PROCESSOR_ONLY = "processor_only"


def step_down(placement: Placement) -> tuple[Placement, StepDown] | None:
    """Give the next placement to try after `placement` did not fit, and what it gives up.

    The order: half the context down to `MIN_N_CTX`, then q8_0 keys and values, then half the
    offloaded layers down to none. None when nothing is left to give up.
    """
    if placement.n_ctx > MIN_N_CTX:
        n_ctx = max(MIN_N_CTX, placement.n_ctx // 2)
        return replace(placement, n_ctx=n_ctx), StepDown.SMALLER_CONTEXT
    if placement.kv_type is KvType.F16 and placement.flash_attention:
        return replace(placement, kv_type=KvType.Q8_0), StepDown.SMALLER_KV
    if placement.n_gpu_layers > 1:
        fewer = _with_gpu_layers(placement, placement.n_gpu_layers // 2)
        return fewer, StepDown.FEWER_GPU_LAYERS
    if placement.devices:
        return on_processor(placement), StepDown.PROCESSOR_ONLY
    return None


def on_processor(placement: Placement) -> Placement:
    """Give the same placement without any device.

    The processor reads in smaller steps, see `PROCESSOR_BATCH`, and repacks what is not mapped.
    """
    return replace(
        placement,
        devices=(),
        device_layers=(),
        n_processor_experts=0,
        n_batch=min(placement.n_batch, PROCESSOR_BATCH),
        use_mmap=False,
    )


def _with_gpu_layers(placement: Placement, n_layers: int) -> Placement:
    """Share `n_layers` out among the devices in the proportions they have (largest remainder)."""
    n_before = placement.n_gpu_layers
    shares = [divmod(n * n_layers, n_before) for n in placement.device_layers]
    by_remainder = sorted(range(len(shares)), key=lambda device: -shares[device][1])
    one_more = set(by_remainder[: n_layers - sum(whole for whole, _ in shares)])
    layers = [whole + (device in one_more) for device, (whole, _) in enumerate(shares)]
    used = [pair for pair in zip(placement.devices, layers, strict=True) if pair[1]]
    return replace(
        placement,
        devices=tuple(device for device, _ in used),
        device_layers=tuple(n for _, n in used),
        # The processor now has layers, which it computes faster when they are repacked.
        use_mmap=False,
    )
