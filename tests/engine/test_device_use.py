"""Who computes, read from what llama.cpp logs; lines as version 0.3.36 writes them."""

from app.core.placement import DeviceUse
from app.engine.device_use import device_uses

PROCESSOR = ("CPU", "AMD Ryzen 9")
CARDS = [("CUDA1", "NVIDIA GeForce RTX 3060"), ("CUDA10", "NVIDIA GeForce GTX 1080")]
LOAD = """
llama_model_loader: - kv   1:                               general.name str              = layer
load_tensors: layer   0 assigned to device CPU, is_swa = 0
load_tensors: layer   1 assigned to device CUDA1, is_swa = 1
load_tensors: layer   2 assigned to device CUDA1, is_swa = 0
load_tensors: layer   3 assigned to device CUDA10, is_swa = 0
load_tensors: offloaded 3/4 layers to GPU
load_tensors:   CPU_REPACK model buffer size =    10.00 MiB
load_tensors:   CPU_Mapped model buffer size =     5.50 MiB
load_tensors:        CUDA1 model buffer size =   100.25 MiB
load_tensors:       CUDA10 model buffer size =    50.00 MiB
load_tensors:    CUDA_Host model buffer size =     1.00 MiB
""".strip().splitlines()
CONTEXT = """
llama_context: constructing llama_context
llama_context:        CPU  output buffer size =     0.50 MiB
llama_kv_cache:        CPU KV buffer size =     2.00 MiB
llama_kv_cache:      CUDA1 KV buffer size =     4.00 MiB
llama_kv_cache:      CUDA1 KV buffer size =     1.00 MiB
llama_kv_cache: size =    7.00 MiB (   512 cells,   3 layers,  1/1 seqs), K (f16):    3.50 MiB
llama_memory_recurrent:     CUDA10 RS buffer size =     3.00 MiB
sched_reserve:      CUDA1 compute buffer size =    20.00 MiB
sched_reserve:     CUDA10 compute buffer size =    10.00 MiB
sched_reserve:  CUDA_Host compute buffer size =     6.00 MiB
""".strip().splitlines()


def mebibytes(value: float) -> int:
    return round(value * 2**20)


EXPECTED = (
    DeviceUse("CPU", "AMD Ryzen 9", 1, mebibytes(10 + 5.5 + 1 + 0.5 + 2 + 6)),
    DeviceUse("CUDA1", "NVIDIA GeForce RTX 3060", 2, mebibytes(100.25 + 5 + 20)),
    DeviceUse("CUDA10", "NVIDIA GeForce GTX 1080", 1, mebibytes(50 + 3 + 10)),
)


def test_layers_and_memory_go_to_the_device_that_has_them() -> None:
    assert device_uses([*LOAD, *CONTEXT], PROCESSOR, CARDS) == EXPECTED


def test_a_context_that_failed_does_not_count() -> None:
    failed = [line.replace("20.00", "30.00") for line in CONTEXT[:8]]
    assert device_uses([*LOAD, *failed, *CONTEXT], PROCESSOR, CARDS) == EXPECTED


def test_buffers_that_were_laid_out_anew_count_once() -> None:
    again = [CONTEXT[7].replace("20.00", "25.00"), *CONTEXT[7:]]
    assert device_uses([*LOAD, *CONTEXT[:7], *again], PROCESSOR, CARDS) == EXPECTED


def test_memory_of_apple_devices_has_names_of_its_own() -> None:
    lines = [
        "load_tensors: layer   0 assigned to device MTL0, is_swa = 0",
        "load_tensors:  MTL0_Mapped model buffer size =   100.00 MiB",
        "llama_context: constructing llama_context",
        "llama_kv_cache: MTL0_Private KV buffer size =    10.00 MiB",
        "sched_reserve:       MTL0 compute buffer size =     1.00 MiB",
    ]
    uses = device_uses(lines, ("CPU", "Apple M2"), [("MTL0", "Apple M2")])
    assert uses == (
        DeviceUse("CPU", "Apple M2", 0, 0),
        DeviceUse("MTL0", "Apple M2", 1, mebibytes(111)),
    )


def test_without_a_log_nothing_is_claimed() -> None:
    assert device_uses([], PROCESSOR, []) == (DeviceUse("CPU", "AMD Ryzen 9", 0, 0),)
