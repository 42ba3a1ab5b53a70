"""How much memory of a computer a model may take."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.computer import Computer, Device, DeviceKind, System
from app.core.fit.budget import (
    CARD_MARGIN_BYTES,
    DISPLAY_MARGIN_BYTES,
    GIB,
    MIB,
    OWN_PROGRAM_BYTES,
    SHARED_MARGIN_BYTES,
    SPARE_BYTES,
    after_unloading,
    budget_of,
    system_reserve_bytes,
)
from app.core.fit.memory import MemoryNeed, MemoryShare
from app.core.placement import Placement
from app.machine.recorded_computer import read_recorded

COMPUTERS = Path(__file__).resolve().parents[1] / "computers"
TOLERANCE = 0.05
ROWS = [
    # Computer's memory and graphics memory for a model, in GiB, as worked out by hand before the
    # rules were written; None: no graphics.
    ("chromebook_4gb", 1.2, None),
    ("windows_8gb_i5_8250u", 3.9, None),
    ("mac_8gb_m1", 4.4, 5.3),
    ("mac_16gb_m2", 11.9, 10.7),
    ("windows_16gb_i5_1240p", 11.9, None),
    ("windows_16gb_ultra_155h", 11.9, 8.0),
    ("windows_16gb_7840u", 11.9, 8.0),
    ("windows_16gb_rtx_3050", 11.9, 3.3),
    ("windows_16gb_rtx_2060", 11.9, 5.2),
    ("windows_32gb_rtx_4060", 25.0, 7.1),
    ("windows_32gb_rtx_3060", 25.0, 11.0),
    ("windows_32gb_ryzen_5900", 25.0, None),
    ("linux_64gb_rtx_4090", 53.8, 22.8),
    ("mac_32gb_m2_pro", 25.6, 21.3),
    ("mac_64gb_m3_max", 51.9, 48.0),
]
SHARED_ROWS = {"mac_8gb_m1", "mac_16gb_m2", "mac_32gb_m2_pro", "mac_64gb_m3_max"} | {
    "windows_16gb_ultra_155h",
    "windows_16gb_7840u",
}

sizes = st.integers(0, 1 << 42)
devices = st.builds(
    Device,
    name=st.text(max_size=3),
    description=st.sampled_from(["Apple M2", "AMD Radeon", "NVIDIA", "Intel(R) Graphics", ""]),
    backend=st.sampled_from(["MTL", "CUDA", "Vulkan", "ROCm", "RPC", ""]),
    kind=st.sampled_from(DeviceKind),
    total_bytes=sizes,
    free_bytes=st.integers(0, (1 << 64) - 1) | sizes,
    has_display=st.booleans(),
)
computers = st.builds(
    Computer,
    system=st.sampled_from(System),
    memory_bytes=sizes,
    available_bytes=sizes,
    devices=st.lists(devices, max_size=4).map(tuple),
    is_container=st.booleans(),
)


def recorded(name: str) -> Computer:
    return read_recorded(COMPUTERS / f"{name}.json")


def with_card(total_bytes: int, free_bytes: int, **facts: object) -> Computer:
    card = Device("CUDA0", "A card", "CUDA", DeviceKind.GRAPHICS_CARD, total_bytes, free_bytes)
    given = replace(card, **facts)  # type: ignore[arg-type]
    return Computer(System.LINUX, 32 * GIB, 28 * GIB, devices=(given,))


@pytest.mark.parametrize(("name", "memory_gib", "graphics_gib"), ROWS)
def test_ordinary_computers_have_what_was_worked_out(
    name: str, memory_gib: float, graphics_gib: float | None
) -> None:
    budget = budget_of(recorded(name))
    for spare_bytes in (budget.processor.now_bytes, budget.processor.most_bytes):
        assert spare_bytes == pytest.approx(memory_gib * GIB, rel=TOLERANCE)
    assert budget.is_shared is (name in SHARED_ROWS)
    if graphics_gib is None:
        assert budget.devices == ()
        return
    (pool,) = budget.devices
    if budget.is_shared:
        # Worked out was the limit that the device reports; what may be taken is below both.
        assert pool.total_bytes == pytest.approx(graphics_gib * GIB, rel=TOLERANCE)
        assert pool.most_bytes == min(
            pool.total_bytes - SHARED_MARGIN_BYTES, budget.processor.most_bytes
        )
    else:
        for spare_bytes in (pool.now_bytes, pool.most_bytes):
            assert spare_bytes == pytest.approx(graphics_gib * GIB, rel=TOLERANCE)


@pytest.mark.parametrize(
    ("system", "total_gib", "is_container", "reserve_gib"),
    [
        (System.WINDOWS, 8, False, 3.5),
        (System.WINDOWS, 32, False, 6.4),
        (System.MACOS, 8, False, 3.0),
        (System.MACOS, 16, False, 3.52),
        (System.MACOS, 24, False, 4.32),
        (System.LINUX, 8, False, 1.5),
        (System.LINUX, 64, False, 7.68),
        (System.LINUX, 4, True, 2.2),
    ],
)
def test_each_system_keeps_something(
    system: System, total_gib: int, is_container: bool, reserve_gib: float
) -> None:
    computer = Computer(system, total_gib * GIB, total_gib * GIB, is_container=is_container)
    assert system_reserve_bytes(computer) == pytest.approx(reserve_gib * GIB, abs=1)
    most = budget_of(computer).processor.most_bytes
    assert most == pytest.approx((total_gib - reserve_gib - 0.6) * GIB, abs=2)


def test_what_others_hold_now_counts_now_and_could_be_had() -> None:
    pool = budget_of(recorded("windows_8gb_6gb_taken")).processor
    assert pool.others_bytes == pytest.approx(6 * GIB, rel=0.01)
    assert pool.now_bytes == pytest.approx(1.4 * GIB, rel=0.01)
    assert pool.most_bytes == pytest.approx(3.8 * GIB, rel=0.01)


def test_the_user_may_want_more_to_be_left() -> None:
    computer = Computer(System.LINUX, 16 * GIB, 12 * GIB)
    pool = budget_of(computer, 6 * GIB).processor
    assert pool.now_bytes == 6 * GIB
    assert pool.most_bytes == 10 * GIB - OWN_PROGRAM_BYTES


def test_what_is_available_counts_only_up_to_the_most() -> None:
    pool = budget_of(Computer(System.WINDOWS, 8 * GIB, 8 * GIB)).processor
    assert pool.now_bytes == pool.most_bytes < 8 * GIB - SPARE_BYTES


def test_a_card_with_a_screen_needs_more_for_itself() -> None:
    (with_screen,) = budget_of(with_card(8 * GIB, 7 * GIB)).devices
    (without,) = budget_of(with_card(8 * GIB, 7 * GIB, has_display=False)).devices
    assert with_screen.now_bytes == 7 * GIB - DISPLAY_MARGIN_BYTES == 7 * GIB - 600 * MIB
    assert without.now_bytes == 7 * GIB - CARD_MARGIN_BYTES == 7 * GIB - 400 * MIB


def test_free_above_total_is_cut_to_it() -> None:
    computer = recorded("windows_free_above_total")
    assert computer.devices[0].free_bytes > computer.devices[0].total_bytes
    (pool,) = budget_of(computer).devices
    assert pool.others_bytes == 0
    assert pool.now_bytes == pool.total_bytes - SHARED_MARGIN_BYTES


def test_a_card_that_is_over_its_budget_has_nothing_free() -> None:
    computer = recorded("windows_card_over_its_budget")
    assert computer.devices[0].free_bytes > 1 << 63
    (pool,) = budget_of(computer).devices
    assert pool.now_bytes == 0
    assert pool.others_bytes == pool.total_bytes


def test_integrated_graphics_are_left_out_beside_a_card() -> None:
    budget = budget_of(recorded("windows_integrated_and_card"))
    assert [pool.description for pool in budget.devices] == ["AMD Radeon(TM) RX 7700S"]
    assert not budget.is_shared


def test_a_mac_with_a_card_of_its_own_leaves_the_integrated_one_out() -> None:
    budget = budget_of(recorded("mac_32gb_intel_with_card"))
    assert [pool.description for pool in budget.devices] == ["AMD Radeon Pro 5500M"]
    assert not budget.is_shared


def test_the_card_with_the_most_memory_comes_first() -> None:
    budget = budget_of(recorded("windows_two_different_cards"))
    assert [pool.device for pool in budget.devices] == ["CUDA1", "CUDA0"]
    equal = budget_of(recorded("linux_two_equal_cards"))
    assert [pool.device for pool in equal.devices] == ["CUDA0", "CUDA1"]
    assert len(budget_of(recorded("linux_huge_server")).devices) == 8


def test_shared_memory_is_limited_by_what_the_computer_has_left() -> None:
    computer = replace(recorded("mac_16gb_m2"), available_bytes=4 * GIB)
    (pool,) = budget_of(computer).devices
    assert pool.now_bytes == budget_of(computer).processor.now_bytes == 4 * GIB - SPARE_BYTES


def test_the_limit_of_shared_memory_is_the_one_that_the_device_reports() -> None:
    mac = recorded("mac_64gb_m3_max")
    raised = replace(mac.devices[0], total_bytes=56 * GIB, free_bytes=56 * GIB)
    lowered = replace(mac.devices[0], total_bytes=20 * GIB, free_bytes=20 * GIB)
    (more,) = budget_of(replace(mac, devices=(raised,))).devices
    (less,) = budget_of(replace(mac, devices=(lowered,))).devices
    assert more.most_bytes == budget_of(mac).processor.most_bytes
    assert less.most_bytes == 20 * GIB - SHARED_MARGIN_BYTES


def test_a_card_that_says_nothing_of_its_memory_is_not_used() -> None:
    assert budget_of(with_card(0, 0)).devices == ()


def test_processor_and_accelerator_are_no_pools() -> None:
    for kind in (DeviceKind.PROCESSOR, DeviceKind.ACCELERATOR):
        assert budget_of(with_card(GIB, GIB, kind=kind)).devices == ()


@given(computers, sizes)
def test_no_number_is_negative_or_more_than_there_is(
    computer: Computer, keep_free_bytes: int
) -> None:
    budget = budget_of(computer, keep_free_bytes)
    for pool in (budget.processor, *budget.devices):
        assert 0 <= pool.now_bytes <= pool.most_bytes <= pool.total_bytes
        assert 0 <= pool.others_bytes <= pool.total_bytes
    if budget.is_shared:
        for pool in budget.devices:
            assert pool.now_bytes <= budget.processor.now_bytes
            assert pool.most_bytes <= budget.processor.most_bytes


@given(computers, sizes, sizes)
def test_more_available_never_gives_less(
    computer: Computer, more_bytes: int, keep_free_bytes: int
) -> None:
    more = replace(computer, available_bytes=computer.available_bytes + more_bytes)
    before = budget_of(computer, keep_free_bytes)
    after = budget_of(more, keep_free_bytes)
    assert after.processor.now_bytes >= before.processor.now_bytes
    assert after.processor.most_bytes == before.processor.most_bytes
    for pool, larger in zip(before.devices, after.devices, strict=True):
        assert larger.now_bytes >= pool.now_bytes


@given(computers, st.integers(1, 1 << 42), sizes)
def test_keeping_more_free_never_gives_more(
    computer: Computer, keep_free_bytes: int, more_bytes: int
) -> None:
    before = budget_of(computer, keep_free_bytes).processor
    after = budget_of(computer, keep_free_bytes + more_bytes).processor
    assert after.now_bytes <= before.now_bytes
    assert after.most_bytes <= before.most_bytes


def test_what_unloading_gives_back_counts_where_it_was() -> None:
    computer = recorded("windows_32gb_rtx_3060")
    (name,) = (device.name for device in computer.devices if device.name.startswith("CUDA"))
    placement = Placement(4096, devices=(name,), device_layers=(20,))
    need = MemoryNeed(MemoryShare(GIB), (MemoryShare(2 * GIB),))
    used = replace(
        computer,
        available_bytes=computer.available_bytes - GIB,
        devices=tuple(
            replace(one, free_bytes=one.free_bytes - 2 * GIB) if one.name == name else one
            for one in computer.devices
        ),
    )
    assert after_unloading(used, placement, need) == computer
    assert after_unloading(
        computer, Placement(4096), MemoryNeed(MemoryShare(900 * GIB))
    ) == replace(computer, available_bytes=computer.memory_bytes)


def test_what_lay_on_shared_graphics_comes_back_to_the_computer() -> None:
    computer = recorded("mac_16gb_m2")
    (device,) = (one for one in computer.devices if one.kind is not DeviceKind.PROCESSOR)
    placement = Placement(4096, devices=(device.name,), device_layers=(20,))
    need = MemoryNeed(MemoryShare(GIB), (MemoryShare(4 * GIB),))
    used = replace(
        computer,
        available_bytes=computer.available_bytes - 5 * GIB,
        devices=tuple(
            replace(one, free_bytes=one.free_bytes - 4 * GIB) if one is device else one
            for one in computer.devices
        ),
    )
    assert after_unloading(used, placement, need) == computer


def test_keeping_less_free_than_the_system_needs_changes_nothing() -> None:
    laptop = recorded("windows_8gb_i5_8250u")
    assert budget_of(laptop, GIB // 4) == budget_of(laptop)
    kept = budget_of(laptop, GIB).processor
    assert kept.most_bytes == budget_of(laptop).processor.most_bytes
    assert budget_of(laptop, 5 * GIB).processor.most_bytes < kept.most_bytes
