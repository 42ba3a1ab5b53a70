"""The processor: its name, its kinds of cores and its instruction sets, as systems tell them."""

import struct
import sys
from pathlib import Path

import pytest

from app.core.computer import Processor
from app.machine.fast_cores import efficiency_classes, linux_fast_cores
from app.machine.processor import (
    linux_processor,
    mac_processor,
    physical_cores,
    read_processor,
    windows_processor,
)
from app.machine.sysctl import parse_sysctl
from tests.machine.system_tree import plant, processors

I5_8250U = """\
processor\t: 0
vendor_id\t: GenuineIntel
model name\t: Intel(R) Core(TM) i5-8250U  CPU @ 1.60GHz
flags\t\t: fpu vme sse4_2 fma movbe popcnt avx f16c rdrand avx2 bmi2 xsaveopt
vmx flags\t: vnmi preemption_timer avx512_vnni

processor\t: 1
model name\t: Intel(R) Core(TM) i5-8250U  CPU @ 1.60GHz
flags\t\t: fpu
"""
RASPBERRY_PI_5 = """\
processor\t: 0
BogoMIPS\t: 108.00
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimddp
CPU implementer\t: 0x41
CPU part\t: 0xd0b
"""
M2_PRO = """\
machdep.cpu.brand_string: Apple M2 Pro
hw.perflevel0.physicalcpu: 8
hw.optional.neon: 1
hw.optional.AdvSIMD: 1
hw.optional.arm.FEAT_DotProd: 1
hw.optional.arm.FEAT_I8MM: 1
hw.optional.arm.FEAT_BF16: 1
hw.optional.arm.FEAT_SME: 0
"""


def records(*classes: int) -> bytes:
    """What Windows writes: a PROCESSOR_RELATIONSHIP of 48 bytes for each core."""
    return b"".join(struct.pack("<IIBB38x", 0, 48, 1, one) for one in classes)


def test_an_intel_processor_on_linux(tmp_path: Path) -> None:
    plant(tmp_path, {"proc/cpuinfo": I5_8250U})
    assert linux_processor(tmp_path, 4) == Processor(
        "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", 4, 4, ("AVX", "AVX2", "FMA", "F16C")
    )


def test_an_arm_processor_is_named_by_its_device(tmp_path: Path) -> None:
    model = "sys/firmware/devicetree/base/model"
    plant(tmp_path, {"proc/cpuinfo": RASPBERRY_PI_5})
    path = tmp_path / model
    path.parent.mkdir(parents=True)
    path.write_bytes(b"Raspberry Pi 5 Model B Rev 1.0\0")
    assert linux_processor(tmp_path, 4) == Processor(
        "Raspberry Pi 5 Model B Rev 1.0", 4, 4, ("NEON", "DOTPROD")
    )


def test_a_linux_that_tells_nothing_gives_defaults(tmp_path: Path) -> None:
    processor = linux_processor(tmp_path, 4)
    assert (processor.n_cores, processor.n_fast_cores) == (4, 4)
    assert processor.instruction_sets == ()


def test_fast_cores_of_intel_are_those_with_a_counter_unit_of_their_own(tmp_path: Path) -> None:
    # i7-12700H: 6 fast cores of two threads, 8 slow ones.
    siblings = {n: f"{n // 2 * 2}-{n // 2 * 2 + 1}" for n in range(12)}
    plant(
        tmp_path,
        {
            "sys/devices/cpu_core/cpus": "0-11",
            "sys/devices/cpu_atom/cpus": "12-19",
            **processors(20, siblings, clock=dict.fromkeys(range(20), 4_700_000)),
        },
    )
    assert linux_fast_cores(tmp_path) == 6


def test_fast_cores_of_arm_are_those_with_much_capacity(tmp_path: Path) -> None:
    # RK3588: four Cortex-A55, four Cortex-A76.
    capacity = {n: 414 if n < 4 else 1024 for n in range(8)}
    plant(tmp_path, processors(8, {}, capacity=capacity))
    assert linux_fast_cores(tmp_path) == 4


def test_fast_cores_of_amd_are_those_with_a_high_clock(tmp_path: Path) -> None:
    # Ryzen AI 9 HX 370: four Zen 5 and eight Zen 5c, two threads each; one core is a favoured one.
    siblings = {n: f"{n % 12},{n % 12 + 12}" for n in range(24)}
    clock = {n: 5_157_000 if n % 12 < 4 else 3_300_000 for n in range(24)} | {0: 5_200_000}
    plant(tmp_path, processors(24, siblings, clock=clock))
    assert linux_fast_cores(tmp_path) == 4


def test_favoured_cores_do_not_make_the_others_slow(tmp_path: Path) -> None:
    clock = {0: 5_700_000, 1: 5_700_000, 2: 5_350_000, 3: 5_200_000}
    plant(tmp_path, processors(4, {}, clock=clock))
    assert linux_fast_cores(tmp_path) == 4


def test_an_apple_processor() -> None:
    assert mac_processor(parse_sysctl(M2_PRO), 12) == Processor(
        "Apple M2 Pro", 12, 8, ("NEON", "DOTPROD", "I8MM", "BF16")
    )


def test_an_intel_processor_on_a_mac() -> None:
    text = "machdep.cpu.brand_string: Intel(R) Core(TM) i9-9980HK CPU @ 2.40GHz\n"
    text += "hw.optional.avx1_0: 1\nhw.optional.avx2_0: 1\nhw.optional.avx512f: 0\n"
    processor = mac_processor(parse_sysctl(text), 8)
    assert processor.n_fast_cores == 8
    assert processor.instruction_sets == ("AVX", "AVX2")


def test_windows_counts_the_cores_of_the_highest_class() -> None:
    # Core Ultra 7 155H: 6 fast, 8 slow, 2 very slow.
    cores = records(*[2] * 6, *[1] * 8, *[0] * 2)
    processor = windows_processor(
        "Intel(R)  Core(TM) Ultra 7 155H ", cores, {39, 40}.__contains__, 16
    )
    assert processor == Processor(
        "Intel(R) Core(TM) Ultra 7 155H", 16, 6, ("AVX", "AVX2", "FMA", "F16C")
    )


def test_windows_with_one_kind_of_cores_or_no_answer() -> None:
    for cores in (records(0, 0, 0, 0), b""):
        assert windows_processor("AMD Ryzen 3", cores, lambda _: False, 4).n_fast_cores == 4


def test_windows_on_arm() -> None:
    found = windows_processor("Oryon", b"", {19, 43, 66}.__contains__, 12).instruction_sets
    assert found == ("NEON", "DOTPROD", "I8MM")


def test_records_of_other_things_are_passed_over() -> None:
    cache = struct.pack("<II", 2, 20) + bytes(12)
    assert efficiency_classes(records(1) + cache + records(0)) == [1, 0]


def test_records_that_contradict_themselves_are_an_error() -> None:
    with pytest.raises(ValueError, match="without a size"):
        efficiency_classes(struct.pack("<IIBB38x", 0, 0, 0, 0))


@pytest.mark.skipif(sys.platform != "linux", reason="the folders are Linux's")
def test_a_container_has_no_more_cores_than_its_share(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "proc/cpuinfo": I5_8250U,
            "proc/self/cgroup": "0::/",
            "sys/fs/cgroup/cpu.max": "100000 100000",
        },
    )
    processor = read_processor(tmp_path)
    assert (processor.n_cores, processor.n_fast_cores) == (1, 1)


def test_this_computer_has_a_processor() -> None:
    processor = read_processor()
    assert processor.description
    assert 1 <= processor.n_fast_cores <= processor.n_cores <= physical_cores()
