"""The sums that are shown of memory."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.fit.budget import Budget, MemoryPool
from app.core.fit.memory import MemoryNeed, MemoryShare
from app.core.fit.portions import (
    capacity_bytes,
    missing_now_bytes,
    portions_of,
    rounded_to_sum,
    spoken_for_bytes,
)
from app.core.placement import Placement

GB = 1_000_000_000
OWN = MemoryPool("", "", 16 * GB, 6 * GB, 9 * GB, 12 * GB)
CARD = MemoryPool("CUDA0", "A card", 8 * GB, 1 * GB, 6 * GB, 7 * GB)
PLAIN = Budget(OWN)
WITH_CARD = Budget(OWN, (CARD,))
SHARED = Budget(OWN, (CARD,), is_shared=True)
HALF = Placement(4096, devices=("CUDA0",), device_layers=(10,))
amounts = st.integers(0, 40 * GB)


def need(*shares: tuple[int, int, int]) -> MemoryNeed:
    first, *others = (MemoryShare(*(part * GB for part in share)) for share in shares)
    return MemoryNeed(first, tuple(others))


def test_the_end_of_a_bar_is_what_models_may_take_at_most() -> None:
    assert capacity_bytes(PLAIN) == 12 * GB
    assert capacity_bytes(WITH_CARD) == 19 * GB
    assert capacity_bytes(SHARED) == 12 * GB
    assert spoken_for_bytes(PLAIN) == 3 * GB
    assert spoken_for_bytes(WITH_CARD) == 4 * GB
    assert spoken_for_bytes(SHARED) == 3 * GB


def test_each_memory_has_a_sum_of_its_own() -> None:
    own, card = portions_of(need((1, 0, 1), (4, 1, 0)), HALF, WITH_CARD)
    assert (own.share.total_bytes, own.others_bytes, own.free_bytes) == (2 * GB, 6 * GB, 8 * GB)
    assert (card.share.weights_bytes, card.free_bytes) == (4 * GB, 2 * GB)
    assert card.pool is CARD
    (whole,) = portions_of(need((1, 0, 1), (4, 1, 0)), HALF, SHARED)
    assert whole.share.total_bytes == 7 * GB


def test_a_card_that_is_not_used_is_shown_too() -> None:
    _, card = portions_of(need((1, 0, 1)), Placement(4096), WITH_CARD)
    assert card.share.total_bytes == 0
    assert card.free_bytes == 7 * GB


def test_what_is_missing_is_told_beside_what_others_hold() -> None:
    wanted = need((9, 1, 1))
    (whole,) = portions_of(wanted, Placement(4096), PLAIN)
    assert whole.missing_bytes == missing_now_bytes(wanted, Placement(4096), PLAIN) == 2 * GB
    assert missing_now_bytes(need((1, 0, 0), (7, 0, 0)), HALF, WITH_CARD) == GB
    assert missing_now_bytes(need((1, 0, 0), (7, 0, 0)), HALF, SHARED) == 0


@given(st.lists(amounts, min_size=3, max_size=3), amounts, amounts, amounts, amounts)
def test_the_parts_of_a_memory_always_add_up(
    share: list[int], total: int, others: int, now: int, most: int
) -> None:
    pool = MemoryPool("", "", total, others, now, max(now, most))
    (whole,) = portions_of(MemoryNeed(MemoryShare(*share)), Placement(4096), Budget(pool))
    parts = whole.share.total_bytes + whole.others_bytes + whole.free_bytes
    assert parts == total + whole.missing_bytes
    assert min(whole.free_bytes, whole.missing_bytes, whole.others_bytes) >= 0


@given(st.lists(amounts, max_size=6), st.integers(1, GB))
def test_what_is_shown_adds_up_to_what_is_shown_as_the_sum(parts: list[int], step: int) -> None:
    shown = rounded_to_sum(parts, step)
    assert sum(shown) == (sum(parts) + step // 2) // step * step
    assert all(n % step == 0 for n in shown)
    assert all(abs(n - part) <= step for n, part in zip(shown, parts, strict=True))
