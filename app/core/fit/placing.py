"""The ways in which a model can be placed on a computer, and how far each of them fits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum

from app.core.computer import Computer
from app.core.fit.budget import Budget, MemoryPool
from app.core.fit.memory import MemoryNeed, predict_memory
from app.core.fit.speed import (
    RunRecord,
    SpeedKnowledge,
    read_seconds,
    record_key,
    write_seconds,
)
from app.core.model_shape import ModelShape
from app.core.placement import (
    GPU_BATCH,
    PROCESSOR_BATCH,
    THREADS_PER_CORE,
    KvType,
    Placement,
)

COMFORTABLE_PART = 0.8
"""Up to this part of what a model may take, other programs still have room to grow."""
COMFORTABLE_LONG_PART = 0.5
"""Up to this part a context of `LONG_N_CTX` is taken by itself: it is rarely needed."""
LONG_N_CTX = 32768
SPARE_CORE_BELOW = 5
"""With fewer cores than this one is left to the window and other programs while writing."""
_TYPICAL_QUESTION, _TYPICAL_ANSWER = 500, 200
"""Tokens that placements are compared with."""


class Room(IntEnum):
    """How far a placement fits, best first."""

    COMFORTABLE = 0
    NOW = 1
    """It fits now, but leaves other programs little."""
    IF_CLOSED = 2
    """It fits once other programs are closed."""
    NONE = 3


@dataclass(frozen=True, slots=True)
class Fitted:
    """A placement, what it takes, and how far that fits."""

    placement: Placement
    need: MemoryNeed
    room: Room


@dataclass(frozen=True, slots=True)
class Placer:
    """Places one model on one computer.

    Attributes:
        shape: of the model.
        computer, budget, knowledge: of the computer.
        n_threads: wanted by the user while writing; 0 for automatic.
        n_gpu_layers: wanted by the user; None for automatic.
    """

    shape: ModelShape
    computer: Computer
    budget: Budget
    knowledge: SpeedKnowledge
    n_threads: int = 0
    n_gpu_layers: int | None = None
    _known: dict[Placement, Fitted] = field(default_factory=dict, compare=False, repr=False)

    def best(self, n_ctx: int, kv_type: KvType) -> Fitted:
        """Give the placement that answers soonest among those that fit best."""
        tried = [self._fitted(one) for one in self._placements(n_ctx, kv_type)]
        room = min(one.room for one in tried)
        return min(
            (one for one in tried if one.room is room),
            # Where nothing fits, what takes least is nearest to it.
            key=self._overflow if room is Room.NONE else self._seconds,
        )

    def _fitted(self, placement: Placement) -> Fitted:
        """Say how a placement fits; searching comes back to the same one several times."""
        if (known := self._known.get(placement)) is not None:
            return known
        record = self.knowledge.records.get(record_key(self.shape, placement))
        need = corrected(predict_memory(self.shape, placement), record)
        fitted = Fitted(placement, need, room_for(need, placement, self.budget))
        self._known[placement] = fitted
        return fitted

    def _seconds(self, fitted: Fitted) -> float:
        arguments = (self.shape, fitted.placement, self.computer, self.knowledge)
        reading_s = read_seconds(*arguments, _TYPICAL_QUESTION)
        return reading_s + _TYPICAL_ANSWER * write_seconds(*arguments, _TYPICAL_QUESTION)

    def _overflow(self, fitted: Fitted) -> float:
        return overflow_bytes(fitted.need, fitted.placement, self.budget)

    def _placements(self, n_ctx: int, kv_type: KvType) -> Iterator[Placement]:
        """Give what is worth trying: all on one device, on several, in part, on none."""
        base = self._on_processor(n_ctx, kv_type)
        if self.n_gpu_layers == 0 or not self.budget.devices:
            yield base
            return
        n_all = self.shape.n_offloadable
        pools = self.budget.devices
        if self.n_gpu_layers is not None:
            yield _offloaded(base, pools[:1], min(self.n_gpu_layers, n_all), n_all)
            return
        yield base
        groups = [pools[:1]] + ([pools] if len(pools) > 1 else [])
        for group in groups:
            whole = _offloaded(base, group, n_all, n_all)
            yield whole
            if self._fits(whole):
                return
        group = groups[-1]
        if self.shape.n_experts:
            whole = _offloaded(base, group, n_all, n_all)
            n_layers = len(self.shape.layers)
            n_staying = _least(
                n_layers, lambda n: self._fits(replace(whole, n_processor_experts=n))
            )
            yield replace(whole, n_processor_experts=n_staying, use_mmap=not n_staying)
        n_less = _least(n_all, lambda n: self._fits(_offloaded(base, group, n_all - n, n_all)))
        if n_less < n_all:
            yield _offloaded(base, group, n_all - n_less, n_all)

    def _fits(self, placement: Placement) -> bool:
        return self._fitted(placement).room <= Room.NOW

    def _on_processor(self, n_ctx: int, kv_type: KvType) -> Placement:
        processor = self.computer.processor
        calibration = self.knowledge.calibration
        n_cores = max(1, processor.n_cores)
        n_fast = max(1, min(n_cores, processor.n_fast_cores or n_cores))
        n_writing = calibration.n_threads if calibration is not None else n_fast
        if n_cores < SPARE_CORE_BELOW:
            n_writing = min(n_writing, max(1, n_cores - 1))
        # More threads than a core can run wait for each other: 256 were forty times slower.
        n_wanted = min(self.n_threads, THREADS_PER_CORE * n_cores)
        return Placement(
            n_ctx=n_ctx,
            kv_type=kv_type,
            n_threads=n_wanted or n_writing,
            n_threads_batch=max(n_wanted or n_writing, n_cores),
            n_batch=PROCESSOR_BATCH,
        )


def corrected(need: MemoryNeed, record: RunRecord | None) -> MemoryNeed:
    """Add what the last load of the same model took beyond what had been predicted for it."""
    if record is None or record.real_bytes <= record.predicted_bytes:
        return need
    processor = need.processor
    more_bytes = record.real_bytes - record.predicted_bytes
    working_bytes = processor.working_bytes + more_bytes
    return replace(need, processor=replace(processor, working_bytes=working_bytes))


def room_for(need: MemoryNeed, placement: Placement, budget: Budget) -> Room:
    """Say how far a model fits as placed."""
    if overflow_bytes(need, placement, budget) > 0:
        return Room.NONE
    processor_bytes = _processor_bytes(need, budget)
    fits_now = processor_bytes <= budget.processor.now_bytes and all(
        share.total_bytes <= pool.now_bytes
        for share, pool in zip(need.devices, _pools(placement, budget), strict=True)
    )
    if not fits_now:
        return Room.IF_CLOSED
    is_long = placement.n_ctx >= LONG_N_CTX
    part = COMFORTABLE_LONG_PART if is_long else COMFORTABLE_PART
    is_comfortable = processor_bytes <= part * budget.processor.most_bytes
    return Room.COMFORTABLE if is_comfortable else Room.NOW


def overflow_bytes(need: MemoryNeed, placement: Placement, budget: Budget) -> int:
    """Give by how many bytes a model is too big, whatever is closed; 0 if it is not."""
    over = max(0, _processor_bytes(need, budget) - budget.processor.most_bytes)
    for share, pool in zip(need.devices, _pools(placement, budget), strict=True):
        over += max(0, share.total_bytes - pool.most_bytes)
    return over


def is_in_one_place(placement: Placement, shape: ModelShape, budget: Budget) -> bool:
    """Whether a model is on graphics as a whole or, where there are none, on the processor."""
    if not placement.devices:
        return not budget.devices
    return placement.n_gpu_layers >= shape.n_offloadable and not placement.n_processor_experts


def _processor_bytes(need: MemoryNeed, budget: Budget) -> int:
    """Give what comes from the computer's own memory."""
    return need.total_bytes if budget.is_shared else need.processor.total_bytes


def _pools(placement: Placement, budget: Budget) -> list[MemoryPool]:
    by_name = {pool.device: pool for pool in budget.devices}
    none = MemoryPool("", "", 0, 0, 0, 0)
    return [by_name.get(name, none) for name in placement.devices]


def _offloaded(
    base: Placement, pools: tuple[MemoryPool, ...], n_layers: int, n_all: int
) -> Placement:
    """Put the last `n_layers` layers on devices, in proportion to what each can take now."""
    if n_layers <= 0:
        return base
    room = sum(pool.now_bytes for pool in pools)
    counts, left = [], n_layers
    for index, pool in enumerate(pools):
        is_last = index == len(pools) - 1
        part = pool.now_bytes / room if room else 1 / len(pools)
        n = left if is_last else min(left, round(n_layers * part))
        counts.append(n)
        left -= n
    used = [(pool.device, n) for pool, n in zip(pools, counts, strict=True) if n]
    return replace(
        base,
        devices=tuple(name for name, _ in used),
        device_layers=tuple(n for _, n in used),
        n_batch=GPU_BATCH,
        # What is copied to a device need not stay in the computer's own memory as well.
        use_mmap=n_layers >= n_all,
    )


def _least(most: int, is_enough: Callable[[int], bool]) -> int:
    """Give the least n from 0 to `most` that is enough, or `most`; by halving."""
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        if is_enough(middle):
            high = middle
        else:
            low = middle + 1
    return low
