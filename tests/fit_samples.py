"""Computers and models of real sizes, made by hand, for tests and pictures of verdicts."""

from pathlib import Path

from app.core.computer import (
    Computer,
    Device,
    DeviceKind,
    Power,
    PowerMode,
    Processor,
    System,
    UnusedCard,
)
from app.core.fit.quality_table import LOSSES
from app.core.fit.speed import Calibration, SpeedKnowledge
from app.core.fit.speed_priors import TypeSpeed
from app.core.fit_events import Outlook
from app.core.gguf_types import TENSOR_TYPES
from app.core.model import ModelFile
from app.core.model_shape import FeedForward, LayerGraph, LayerShape, ModelShape

GB = 1_000_000_000
GIB = 1 << 30
_NAMES = {kind.name for kind in TENSOR_TYPES.values()}
_TYPES = {"IQ3_M": "IQ3_S", "IQ3_XS": "IQ3_S", "IQ2_M": "IQ2_S"}
"""Mixes of several tensor types, and the one that most of them is."""


def model(
    name: str,
    quantization: str = "Q4_K_M",
    *,
    billions: float = 4.0,
    n_layers: int = 36,
    n_embedding: int = 2560,
    kv_width: int = 1024,
    n_ctx_train: int = 40960,
    licence: str = "apache-2.0",
    architecture: str = "qwen3",
    folder: str = "/home/someone/Models",
) -> ModelFile:
    """Give a model file of about the right size in every part."""
    n_parameters = round(billions * 1e9)
    n_bytes = round(n_parameters * LOSSES[quantization].bits / 8)
    kind = _TYPES.get(quantization, quantization)
    kind = kind if kind in _NAMES else kind.rpartition("_")[0]
    embedding = round(n_bytes * 0.1)
    layer = LayerShape(((kind, (n_bytes - embedding) // n_layers),), (), kv_width, kv_width)
    shape = ModelShape(
        architecture=architecture,
        n_embedding=n_embedding,
        n_heads=n_embedding // 128,
        head_width=256,
        n_feed_forward=n_embedding * 4,
        n_vocabulary=151936,
        n_vocabulary_texts=151936,
        embedding=((kind, embedding),),
        layers=(layer,) * n_layers,
        graphs=(
            LayerGraph(
                n_heads=n_embedding // 128,
                q_width=n_embedding,
                v_width=kv_width,
                o_width=n_embedding,
                feed_forward=FeedForward.GATED,
                n_feed_forward=n_embedding * 4,
            ),
        ),
    )
    file_name = f"{name.replace(' ', '-')}-{quantization}.gguf"
    return ModelFile(
        Path(folder) / file_name,
        n_bytes + 6_000_000,
        0,
        name,
        architecture,
        quantization,
        n_ctx_train,
        n_layers,
        n_parameters,
        n_bytes,
        licence,
        shape,
    )


STARTER = model(
    "Starter",
    "Q4_1",
    billions=0.135,
    n_layers=30,
    n_embedding=576,
    kv_width=192,
    n_ctx_train=8192,
    architecture="llama",
)
QWEN = tuple(model("Qwen3 4B Instruct", one) for one in ("Q4_K_M", "Q8_0", "Q3_K_S", "Q5_K_M"))
QWEN_POOR = model("Qwen3 4B Instruct", "Q2_K")
SMOL = model("SmolLM3 3B", billions=3.1, n_embedding=2048, kv_width=512, architecture="smollm3")
NEMO = model(
    "Mistral Nemo 12B",
    billions=12.2,
    n_layers=40,
    n_embedding=5120,
    n_ctx_train=131072,
    architecture="llama",
)
LARGE = model("Qwen3 32B", billions=32.8, n_layers=64, n_embedding=5120, n_ctx_train=40960)
MEASURED = Calibration(
    "0.3.36",
    "12th Gen Intel Core i5-1240P",
    4,
    12,
    {
        "Q4_K": TypeSpeed(29.1 * GB, 240 * GB),
        "Q6_K": TypeSpeed(31.4 * GB, 283 * GB),
        "Q8_0": TypeSpeed(33.6 * GB, 204 * GB),
        "Q5_K": TypeSpeed(17.8 * GB, 400 * GB),
        "Q4_0": TypeSpeed(24.2 * GB, 220 * GB),
    },
    {
        1: 12.4 * GB,
        2: 21.9 * GB,
        3: 27.2 * GB,
        4: 29.1 * GB,
        6: 28.7 * GB,
        8: 26.0 * GB,
        12: 21.3 * GB,
    },
    40e-6,
    15 * GB,
    70 * GB,
    measured_at="2026-05-12T14:03:00+00:00",
)
LAPTOP = Computer(
    System.WINDOWS,
    16 * GIB,
    11 * GIB,
    Processor("12th Gen Intel Core i5-1240P", 12, 4, ("AVX2", "AVX_VNNI")),
    (Device("CPU", "12th Gen Intel Core i5-1240P", "CPU", DeviceKind.PROCESSOR, 16 * GIB, 0),),
    power=Power(is_on_battery=False, battery_percent=84, mode=PowerMode.BALANCED),
)
WITH_CARD = Computer(
    System.LINUX,
    32 * GIB,
    24 * GIB,
    Processor("AMD Ryzen 9 5900X", 12, 12, ("AVX2",)),
    (
        Device(
            "CUDA0",
            "NVIDIA GeForce RTX 3060",
            "CUDA",
            DeviceKind.GRAPHICS_CARD,
            12 * GIB,
            11 * GIB,
        ),
    ),
)
WITH_UNUSED_CARD = Computer(
    System.LINUX,
    16 * GIB,
    10 * GIB,
    Processor("AMD Ryzen 7 5800H", 8, 8, ("AVX2",)),
    (),
    (UnusedCard("NVIDIA GeForce RTX 2060", "nvidia", 6 * GIB),),
    Power(is_on_battery=True, battery_percent=37, mode=PowerMode.SAVING),
)
CROWDED = Computer(
    System.WINDOWS,
    16 * GIB,
    6 * GIB,
    Processor("12th Gen Intel Core i5-1240P", 12, 4, ("AVX2", "AVX_VNNI")),
)
OLD = Computer(
    System.WINDOWS,
    8 * GIB,
    4 * GIB,
    Processor("Intel Core i3-2310M", 2, 2, ()),
    power=Power(is_on_battery=None),
)
OUTLOOK = Outlook(LAPTOP, SpeedKnowledge(MEASURED))
UNMEASURED = Outlook(LAPTOP)
CARD_OUTLOOK = Outlook(WITH_CARD)
