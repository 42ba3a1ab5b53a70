"""How memory is divided between a model, other programs and nothing: the sums that are shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.fit.budget import Budget, MemoryPool
from app.core.fit.memory import MemoryNeed, MemoryShare
from app.core.placement import Placement


@dataclass(frozen=True, slots=True)
class Portions:
    """What one memory would hold, in bytes.

    The model's share, others and free add up to the total plus what is missing.

    Attributes:
        pool: the memory.
        share: what the model would hold.
        others_bytes: what other programs and the system hold now.
        free_bytes: what would be left, or has to be left in any case.
        missing_bytes: what other programs would have to give up, or what there is not.
    """

    pool: MemoryPool
    share: MemoryShare
    others_bytes: int
    free_bytes: int
    missing_bytes: int


def portions_of(need: MemoryNeed, placement: Placement, budget: Budget) -> tuple[Portions, ...]:
    """Divide the computer's memory, and that of each card with memory of its own."""
    if budget.is_shared:
        whole = MemoryShare(need.weights_bytes, need.conversation_bytes, need.working_bytes)
        return (_divided(budget.processor, whole),)
    shares = dict(zip(placement.devices, need.devices, strict=False))
    cards = [_divided(pool, shares.get(pool.device, MemoryShare())) for pool in budget.devices]
    return (_divided(budget.processor, need.processor), *cards)


def capacity_bytes(budget: Budget) -> int:
    """Give what models may take here at most: the length of every fit bar.

    Memory that graphics share with the processor counts once.
    """
    own = 0 if budget.is_shared else sum(pool.most_bytes for pool in budget.devices)
    return budget.processor.most_bytes + own


def spoken_for_bytes(budget: Budget) -> int:
    """Give what other programs hold now of the memory that models may take."""
    pools = (budget.processor, *(() if budget.is_shared else budget.devices))
    return sum(max(0, pool.most_bytes - pool.now_bytes) for pool in pools)


def missing_now_bytes(need: MemoryNeed, placement: Placement, budget: Budget) -> int:
    """Give what other programs would have to be closed for, in bytes."""
    by_name = {pool.device: pool for pool in budget.devices}
    processor = need.total_bytes if budget.is_shared else need.processor.total_bytes
    missing = max(0, processor - budget.processor.now_bytes)
    if not budget.is_shared:
        for name, share in zip(placement.devices, need.devices, strict=False):
            now = by_name[name].now_bytes if name in by_name else 0
            missing += max(0, share.total_bytes - now)
    return missing


def rounded_to_sum(parts: Sequence[int], step: int) -> list[int]:
    """Round parts to multiples of `step` so that they still add up to their rounded sum.

    Whoever adds up what is shown must get what is shown as the sum (largest remainders).
    """
    whole = [part // step for part in parts]
    n_left = (sum(parts) + step // 2) // step - sum(whole)
    by_remainder = sorted(range(len(parts)), key=lambda place: -(parts[place] % step))
    one_more = set(by_remainder[: max(0, n_left)])
    return [(n + (place in one_more)) * step for place, n in enumerate(whole)]


def _divided(pool: MemoryPool, share: MemoryShare) -> Portions:
    others = min(pool.others_bytes, pool.total_bytes)
    left = pool.total_bytes - others - share.total_bytes
    spare = max(0, pool.total_bytes - others - pool.now_bytes)
    free = max(left, spare) if share.total_bytes else max(0, left)
    return Portions(pool, share, others, free, free - left)
