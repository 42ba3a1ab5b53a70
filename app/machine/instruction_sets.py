"""Instruction sets that decide how fast llama.cpp computes, by the names of each system."""

import re
from collections.abc import Callable, Iterable, Mapping

CPUINFO_NAMES = {
    "avx": "AVX",
    "avx2": "AVX2",
    "fma": "FMA",
    "f16c": "F16C",
    "avx_vnni": "AVX_VNNI",
    "avx512f": "AVX512",
    "avx512_vnni": "AVX512_VNNI",
    "avx512_bf16": "AVX512_BF16",
    "amx_int8": "AMX_INT8",
    "asimd": "NEON",
    "neon": "NEON",
    "asimddp": "DOTPROD",
    "i8mm": "I8MM",
    "bf16": "BF16",
    "sve": "SVE",
    "sve2": "SVE2",
    "sme": "SME",
}
"""Flags and features of /proc/cpuinfo (Linux: arch/x86 cpufeatures.h, arm64 elf_hwcaps)."""
SYSCTL_NAMES = {
    "hw.optional.avx1_0": "AVX",
    "hw.optional.avx2_0": "AVX2",
    "hw.optional.fma": "FMA",
    "hw.optional.f16c": "F16C",
    "hw.optional.avx512f": "AVX512",
    "hw.optional.neon": "NEON",
    "hw.optional.AdvSIMD": "NEON",
    "hw.optional.arm.FEAT_DotProd": "DOTPROD",
    "hw.optional.arm.FEAT_I8MM": "I8MM",
    "hw.optional.arm.FEAT_BF16": "BF16",
    "hw.optional.arm.FEAT_SME": "SME",
}
"""Names of sysctl on macOS (Apple: "Determining instruction set characteristics")."""
WINDOWS_NUMBERS = {
    19: ("NEON",),
    39: ("AVX",),
    # Windows has no numbers for FMA and F16C; every processor with AVX2 that it runs on has them.
    40: ("AVX2", "FMA", "F16C"),
    41: ("AVX512",),
    43: ("DOTPROD",),
    46: ("SVE",),
    47: ("SVE2",),
    66: ("I8MM",),
    68: ("BF16",),
    70: ("SME",),
}
"""Numbers of IsProcessorFeaturePresent (winnt.h: PF_..._INSTRUCTIONS_AVAILABLE)."""


def from_cpuinfo(text: str) -> tuple[str, ...]:
    """Give the instruction sets that /proc/cpuinfo tells of."""
    line = re.search(r"^(?:flags|Features)\s*:(.*)$", text, re.MULTILINE)
    flags = set(line[1].split()) if line else set()
    return _named(name for flag, name in CPUINFO_NAMES.items() if flag in flags)


def from_sysctl(facts: Mapping[str, str]) -> tuple[str, ...]:
    """Give the instruction sets that sysctl of macOS tells of."""
    return _named(name for key, name in SYSCTL_NAMES.items() if facts.get(key) == "1")


def from_windows(is_present: Callable[[int], bool]) -> tuple[str, ...]:
    """Give the instruction sets that Windows tells of, asked number by number."""
    found = (names for number, names in WINDOWS_NUMBERS.items() if is_present(number))
    return _named(name for names in found for name in names)


def _named(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
