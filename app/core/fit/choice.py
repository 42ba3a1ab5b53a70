"""Which version of a model to take on a computer, how to place it, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.computer import Computer
from app.core.fit.budget import Budget
from app.core.fit.memory import MemoryNeed
from app.core.fit.quality import Quality
from app.core.fit.speed import SpeedEstimate, SpeedKnowledge
from app.core.model import ModelFile
from app.core.placement import KvType, Placement


class FitState(StrEnum):
    """The verdict on a model here, best first."""

    RUNS_WELL = "runs_well"
    TIGHT = "tight"
    SLOW = "slow"
    TOO_BIG = "too_big"


class Reason(StrEnum):
    """Why a version is recommended, or what speaks against one."""

    BEST_BALANCE = "best_balance"
    """The best quality that still writes fast and leaves room for long conversations."""
    SMALL_MODEL = "small_model"
    """A small model loses much by strong compression, and saves little."""
    MADE_FOR_IT = "made_for_it"
    """The model was trained for this type of numbers."""
    ONLY_ONE = "only_one"
    """There is no other version."""
    ONLY_ONE_THAT_FITS = "only_one_that_fits"
    """The others are too big."""
    LOW_QUALITY = "low_quality"
    """Under 4 bits: a smaller model with 4 bits answers better."""
    SLOW_TYPE = "slow_type"
    """This type of numbers is slow on a processor."""
    SLOWER = "slower"
    """Better, but slower than is pleasant."""
    LESS_ROOM = "less_room"
    """Better, but leaves too little room for long conversations."""
    TIGHT_NOW = "tight_now"
    """Fits if other programs are closed."""
    TOO_BIG_HERE = "too_big_here"
    """Does not fit in this computer's memory."""
    LOWER_QUALITY_THAN_FITS = "lower_quality_than_fits"
    """A better version fits as well."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user has set; zero and None leave it to the choice.

    Attributes:
        n_ctx: wanted context length in tokens; 0 for automatic.
        keep_free_bytes: to be left for other programs; 0 for automatic.
        kv_type: of the KV cache.
        n_threads: while writing.
        n_gpu_layers: layers on graphics cards; 0 for none of them.
    """

    n_ctx: int = 0
    keep_free_bytes: int = 0
    kv_type: KvType | None = None
    n_threads: int = 0
    n_gpu_layers: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one model file means for one computer.

    Attributes:
        state: the verdict.
        placement: how it would be loaded; if too big, the smallest that was tried.
        need: memory that this takes.
        budget: memory that there is.
        speed: how fast it would be.
        quality: of its quantization.
        reason: the most important thing to say about it.
    """

    model: ModelFile
    state: FitState
    placement: Placement
    need: MemoryNeed
    budget: Budget
    speed: SpeedEstimate
    quality: Quality
    reason: Reason

    @property
    def fits(self) -> bool:
        """Whether it can be loaded, if other programs are closed."""
        return self.state is not FitState.TOO_BIG


@dataclass(frozen=True, slots=True)
class Ranking:
    """All versions of one model, best first.

    Attributes:
        verdicts: of each version.
        recommended: the first of them, unless none can be recommended.
    """

    verdicts: tuple[Verdict, ...]
    recommended: Verdict | None


def verdict_on(
    model: ModelFile,
    computer: Computer,
    knowledge: SpeedKnowledge,
    wishes: Wishes,
    freed_bytes: int = 0,
) -> Verdict:
    """Say how one model file would do on a computer, and how to place it."""
    raise NotImplementedError


def rank_versions(
    models: Sequence[ModelFile],
    computer: Computer,
    knowledge: SpeedKnowledge,
    wishes: Wishes,
    freed_bytes: int = 0,
) -> Ranking:
    """Order the versions (quantizations) of one model, best first for this computer."""
    raise NotImplementedError
