"""What to expect of a processor or graphics card that has not been measured.

Only for a first guess: an answer or a calibration replaces it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.core.computer import Computer, Device, DeviceKind, PowerMode


@dataclass(frozen=True, slots=True)
class TypeSpeed:
    """What a device does with weights of one type.

    Attributes:
        write_bytes_per_s: weights gone through while writing.
        read_flops: multiplications and additions each second while reading a prompt.
    """

    write_bytes_per_s: float
    read_flops: float


@dataclass(frozen=True, slots=True)
class DeviceSpeed:
    """How fast one device is.

    Attributes:
        types: by tensor type; others are judged by their ratio to these.
        layer_s: seconds that each layer costs beside its weights, for each pass.
        attention_write_flops, attention_read_flops: attention's work each second.
    """

    types: Mapping[str, TypeSpeed]
    layer_s: float
    attention_write_flops: float
    attention_read_flops: float


_RELATIVE: dict[str, tuple[float, float]] = {
    "F32": (1.00, 0.50),
    "F16": (1.09, 0.80),
    "BF16": (1.09, 0.60),
    "Q8_0": (1.16, 0.85),
    "Q6_K": (1.08, 1.18),
    "Q5_K": (0.61, 1.70),
    "Q5_1": (0.62, 0.25),
    "Q5_0": (0.62, 0.60),
    "Q4_K": (1.00, 1.00),
    "Q4_0": (0.83, 0.92),
    "Q4_1": (0.65, 0.25),
    "IQ4_NL": (0.96, 1.00),
    "IQ4_XS": (0.63, 0.95),
    "MXFP4": (0.40, 0.95),
    "NVFP4": (0.40, 0.50),
    "Q3_K": (0.56, 0.85),
    "Q2_K": (0.69, 0.72),
    "IQ3_S": (0.20, 0.95),
    "IQ3_XXS": (0.20, 0.95),
    "IQ2_XS": (0.22, 0.95),
    "IQ2_S": (0.22, 0.95),
    "IQ2_XXS": (0.22, 0.95),
    "IQ1_S": (0.25, 0.95),
    "IQ1_M": (0.25, 0.95),
}
"""Speed of writing (bytes) and of reading (work) with each type on a processor, against Q4_K.
Measured with llama-cpp-python 0.3.36 on AVX-512, one thread, layers of Llama-3.2-1B; of the
types IQ1 to IQ3 only IQ3_S and IQ2_XS were measured."""
_LEAST = (0.4, 0.5)

_CARD_GB_PER_S: tuple[tuple[str, float], ...] = (
    (r"H100|H200|MI300", 3000),
    (r"A100", 1600),
    (r"RTX\s*50?90", 1790),
    (r"4090", 1008),
    (r"3090", 936),
    (r"5080", 960),
    (r"4080|5070 Ti", 730),
    (r"5070", 672),
    (r"7900 XTX", 960),
    (r"7900", 800),
    (r"3080", 760),
    (r"4070", 504),
    (r"3070|3060 Ti|9070", 448),
    (r"5060", 448),
    (r"3060.*laptop", 336),
    (r"3060|2060|2070|2080|7800|6800", 360),
    (r"4060|7600|6600|6700", 270),
    (r"4050|3050 Ti", 190),
    (r"3050|1660|1650|1060|T[56]00", 190),
    (r"Arc.*[AB][5-7]\d\d", 450),
    (r"Apple M\d+ Ultra", 800),
    (r"Apple M[34] Max", 400),
    (r"Apple M\d+ Max", 400),
    (r"Apple M4 Pro", 273),
    (r"Apple M\d+ Pro", 190),
    (r"Apple M4", 120),
    (r"Apple M[23]", 100),
    (r"Apple M1|Apple A", 68),
    (r"8060S|Strix Halo", 230),
    (r"Arc|7\d0M|8\d0M|Radeon Graphics", 90),
)
"""Memory bandwidth of graphics, from the makers' data sheets; the first pattern that is found."""
_PROCESSOR_GB_PER_S: tuple[tuple[str, float], ...] = (
    *((pattern, rate) for pattern, rate in _CARD_GB_PER_S if pattern.startswith("Apple")),
    (r"Threadripper|EPYC|Xeon", 100),
    (r"Core\(TM\) Ultra|Core Ultra|Ryzen AI|7[89]40[UHS]|8[89]4\dU|Snapdragon X", 85),
    (r"Celeron|Pentium|N\d{3,4}|Atom", 15),
    (r"i\d-[678]\d\d\d", 28),
)
_DEFAULT_PROCESSOR_GB_PER_S = 42.0
"""Two channels of DDR4-3200, less what a program can reach."""
_DEFAULT_CARD_GB_PER_S = 250.0
_DEFAULT_INTEGRATED_GB_PER_S = 60.0
_REACHED = 0.7
"""Part of the data sheet's bandwidth that weights are gone through with."""
_GB = 1e9
_CORE_FLOPS: tuple[tuple[str, float], ...] = (
    ("AVX512", 90e9),
    ("AVX_VNNI", 60e9),
    ("I8MM", 60e9),
    ("DOTPROD", 40e9),
    ("AVX2", 40e9),
    ("", 8e9),
)
"""Work of one core while reading a prompt, by the best instruction set it has."""
_CARD_FLOPS_PER_BYTE = 100.0
"""Graphics cards: an RTX 4060 (270 GB/s) reads about 2,000 tokens a second of an 8B model."""
_SHARED_FLOPS_PER_BYTE = 25.0
"""Apple's and integrated graphics: an M4 (120 GB/s) reads 225 tokens a second of an 8B model."""
_PROCESSOR_LAYER_S = 30e-6
_CARD_LAYER_S = 40e-6
_SAVING_FACTOR = 0.6
"""What a processor still does when the system saves power; a rough guess."""
_ATTENTION_OF_READING, _ATTENTION_OF_WRITING = 0.3, 0.06


def type_speed(speed: DeviceSpeed, kind: str) -> TypeSpeed:
    """Give the speed with weights of one type, from the most similar one known if need be."""
    if kind in speed.types:
        return speed.types[kind]
    base = "Q4_K" if "Q4_K" in speed.types else next(iter(speed.types))
    write, read = _RELATIVE.get(kind, _LEAST)
    base_write, base_read = _RELATIVE.get(base, (1.0, 1.0))
    known = speed.types[base]
    return TypeSpeed(
        known.write_bytes_per_s * write / base_write, known.read_flops * read / base_read
    )


def of_processor(computer: Computer) -> DeviceSpeed:
    """Guess the speed of a processor from its name, cores and instruction sets."""
    processor = computer.processor
    rate = _matching(processor.description, _PROCESSOR_GB_PER_S, _DEFAULT_PROCESSOR_GB_PER_S)
    sets = set(processor.instruction_sets)
    core_flops = next(flops for name, flops in _CORE_FLOPS if not name or name in sets)
    flops = core_flops * processor.n_fast_cores
    if computer.power.mode is PowerMode.SAVING:
        flops, rate = flops * _SAVING_FACTOR, rate * _SAVING_FACTOR
    # Without wide instructions a core cannot keep up with its memory.
    bytes_per_s = min(rate * _REACHED * _GB, flops / 8)
    return _guessed(bytes_per_s, flops, _PROCESSOR_LAYER_S)


def of_device(device: Device | None, computer: Computer) -> DeviceSpeed:
    """Guess the speed of a graphics device from its name."""
    if device is None:
        return of_processor(computer)
    is_card = device.kind is DeviceKind.GRAPHICS_CARD and device.backend.upper() not in {
        "METAL",
        "MTL",
    }
    default = _DEFAULT_CARD_GB_PER_S if is_card else _DEFAULT_INTEGRATED_GB_PER_S
    bandwidth = _matching(device.description, _CARD_GB_PER_S, default) * _GB
    flops = bandwidth * (_CARD_FLOPS_PER_BYTE if is_card else _SHARED_FLOPS_PER_BYTE)
    kind = TypeSpeed(bandwidth * _REACHED, flops)
    # Cards unpack every type fast enough; what counts is the bytes.
    types = dict.fromkeys(_RELATIVE, kind)
    return DeviceSpeed(types, _CARD_LAYER_S, flops * 0.1, flops * _ATTENTION_OF_READING)


def _guessed(bytes_per_s: float, flops: float, layer_s: float) -> DeviceSpeed:
    return DeviceSpeed(
        {"Q4_K": TypeSpeed(bytes_per_s, flops)},
        layer_s,
        flops * _ATTENTION_OF_WRITING,
        flops * _ATTENTION_OF_READING,
    )


def _matching(text: str, table: tuple[tuple[str, float], ...], default: float) -> float:
    for pattern, value in table:
        if re.search(pattern, text, re.IGNORECASE):
            return value
    return default
