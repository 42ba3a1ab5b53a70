"""Which version of a model to take on a computer, how to place it, and why."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.computer import Computer
from app.core.fit.budget import Budget, budget_of
from app.core.fit.memory import MemoryNeed
from app.core.fit.placing import LONG_N_CTX, Fitted, Placer, Room, is_in_one_place
from app.core.fit.quality import (
    LEAST_BITS_BALANCED,
    Quality,
    QualityWord,
    quality_of,
)
from app.core.fit.speed import (
    CHAT_TOKENS,
    SpeedEstimate,
    SpeedKnowledge,
    estimate_speed,
    write_seconds,
)
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
    LIGHTEST = "lightest"
    """None runs well here; this one asks least of the computer."""
    LOW_QUALITY = "low_quality"
    """Under 4 bits: a smaller model with 4 bits answers better."""
    SLOW_TYPE = "slow_type"
    """This type of numbers is slow on a processor."""
    SLOWER = "slower"
    """Better, but slower than the recommended one."""
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


READABLE_TOKENS_PER_S = 5.0
"""About as fast as people read; below it a model is slow here."""
FAST_TOKENS_PER_S = 20.0
"""Nobody waits for words from here on; only then is spare speed traded for quality."""
PATIENCE_S = 120.0
"""A first word later than this after a long question makes a model slow here."""
CHAT_N_CTX = 8192
"""A chat of this length is what a model has to be good for (tokens)."""
ROOMY_N_CTX = 16384
"""Enough for a chat about a document; had before spare memory goes into quality."""
SHORTEST_N_CTX = 4096
"""Less than this is soon full (tokens)."""
CONTEXTS = (LONG_N_CTX, ROOMY_N_CTX, CHAT_N_CTX, SHORTEST_N_CTX, 2048)
"""Context lengths tried by themselves, longest first."""
SMALL_PARAMETERS = 1_200_000_000
"""Up to this, 8 bits come first: little is saved by fewer, and much is lost."""
LARGE_PARAMETERS = 24_000_000_000
"""From this on, 3 bits are better than a smaller model."""
MOST_BITS = 8.6
"""More than Q8_0 has takes memory and time and gives nothing that can be noticed."""
_CONTEXT_WORTH = {LONG_N_CTX: 1.15, ROOMY_N_CTX: 1.1, CHAT_N_CTX: 1.0, 4096: 0.75, 2048: 0.4}
_COMPACT_KV_WORTH_ON_PROCESSOR = 0.7
"""q8_0 keys and values read long prompts more than twice as slowly on a processor."""
_COMPACT_KV_WORTH = 0.97


def verdict_on(
    model: ModelFile,
    computer: Computer,
    knowledge: SpeedKnowledge,
    wishes: Wishes,
) -> Verdict:
    """Say how one model file would do on a computer, and how to place it."""
    budget = budget_of(computer, wishes.keep_free_bytes)
    placer = Placer(
        model.shape, computer, budget, knowledge, wishes.n_threads, wishes.n_gpu_layers
    )
    fitted = _fitted(model, placer, wishes)
    speed = estimate_speed(model.shape, fitted.placement, computer, knowledge)
    quality = quality_of(model.quantization, model.architecture)
    state = _state(fitted, speed)
    is_poor = quality.bits < LEAST_BITS_BALANCED and not quality.is_native
    reason = Reason.LOW_QUALITY if is_poor else Reason.ONLY_ONE
    if state is FitState.TOO_BIG:
        reason = Reason.TOO_BIG_HERE
    elif fitted.room is Room.IF_CLOSED:
        reason = Reason.TIGHT_NOW
    return Verdict(model, state, fitted.placement, fitted.need, budget, speed, quality, reason)


def rank_versions(
    models: Sequence[ModelFile],
    computer: Computer,
    knowledge: SpeedKnowledge,
    wishes: Wishes,
) -> Ranking:
    """Order the versions (quantizations) of one model, best first for this computer."""
    return ranked([verdict_on(model, computer, knowledge, wishes) for model in models])


def ranked(verdicts: Sequence[Verdict]) -> Ranking:
    """Order verdicts on the versions of one model, best first."""
    recommended = _recommended(verdicts)
    if recommended is not None:
        reason = _praise(recommended, verdicts)
        others = [one for one in verdicts if one is not recommended]
        recommended = replace(recommended, reason=reason)
        others = [replace(one, reason=_objection(one, recommended)) for one in others]
        verdicts = [recommended, *_sorted(others)]
    else:
        verdicts = _sorted(verdicts)
    return Ranking(tuple(verdicts), recommended)


def recommend_model(verdicts: Iterable[Verdict]) -> Verdict | None:
    """Choose among models: the largest that runs well and writes as fast as people read.

    The largest model at 4 bits answers better than a smaller one at 8, so size comes first.
    """
    good = [one for one in verdicts if one.state is FitState.RUNS_WELL and _is_offered(one)]
    return max(good, key=lambda one: (one.model.n_parameters, one.quality.kept), default=None)


def smaller_version_that_fits(
    model: ModelFile, computer: Computer, knowledge: SpeedKnowledge, wishes: Wishes
) -> str | None:
    """Name a quantization of a model that would run here, though there is no file of it.

    Judged by scaling the weights; None if only versions of poor quality would fit.
    """
    own_bits = quality_of(model.quantization, model.architecture).bits
    for name in ("Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "IQ4_XS"):
        bits = quality_of(name).bits
        if bits >= own_bits:
            continue
        shape = model.shape.scaled(bits / own_bits)
        scaled = replace(model, shape=shape, quantization=name)
        verdict = verdict_on(scaled, computer, knowledge, wishes)
        if verdict.state in {FitState.RUNS_WELL, FitState.SLOW}:
            return name
    return None


def _fitted(model: ModelFile, placer: Placer, wishes: Wishes) -> Fitted:
    """Choose context length, KV cache and placement."""
    kv_types = (wishes.kv_type,) if wishes.kv_type else (KvType.F16, KvType.Q8_0)
    most = model.n_ctx_train or CONTEXTS[0]
    contexts = (min(wishes.n_ctx, most),) if wishes.n_ctx else _contexts(most)
    least = placer.best(contexts[-1], kv_types[-1])
    if least.room is Room.NONE:
        # Whatever remembers more takes more.
        return least
    tried: list[tuple[tuple[Room, bool, float], Fitted]] = []
    for kv_type in kv_types:
        for n_ctx in contexts:
            fitted = placer.best(n_ctx, kv_type)
            # No length of context is worth leaving the graphics card for.
            is_whole = is_in_one_place(fitted.placement, placer.shape, placer.budget)
            room = _rank(fitted)
            is_short = n_ctx < min(CHAT_N_CTX, contexts[0])
            is_scattered = room is not Room.NONE and (not is_whole or is_short)
            tried.append(((room, is_scattered, -_worth(fitted, placer)), fitted))
            if room is Room.COMFORTABLE and is_whole:
                # What follows remembers less, or reads more slowly.
                return min(tried, key=lambda one: one[0])[1]
    return min(tried, key=lambda one: one[0])[1]


def _rank(fitted: Fitted) -> Room:
    """Say how far a placement fits; one that gives up too much to fit is not comfortable."""
    placement = fitted.placement
    is_short = placement.n_ctx < SHORTEST_N_CTX
    is_slow = placement.kv_type is KvType.Q8_0 and not placement.devices
    return max(fitted.room, Room.NOW) if is_short or is_slow else fitted.room


def _contexts(most: int) -> tuple[int, ...]:
    return tuple(n for n in CONTEXTS if n <= most) or (most,)


def _worth(fitted: Fitted, placer: Placer) -> float:
    """Weigh context length and speed against each other; only for choosing."""
    placement = fitted.placement
    if fitted.room is Room.NONE:
        return -float(fitted.need.total_bytes)
    speed_s = write_seconds(
        placer.shape, placement, placer.computer, placer.knowledge, CHAT_TOKENS
    )
    worth = _CONTEXT_WORTH.get(placement.n_ctx, 1.0)
    worth *= math.sqrt(min(1.0, 1 / (speed_s * FAST_TOKENS_PER_S)))
    if placement.kv_type is KvType.Q8_0:
        worth *= _COMPACT_KV_WORTH if placement.devices else _COMPACT_KV_WORTH_ON_PROCESSOR
    return worth


def _state(fitted: Fitted, speed: SpeedEstimate) -> FitState:
    if fitted.room is Room.NONE:
        return FitState.TOO_BIG
    if fitted.room is not Room.COMFORTABLE:
        return FitState.TIGHT
    if speed.tokens_per_s < READABLE_TOKENS_PER_S or speed.first_word_s > PATIENCE_S:
        return FitState.SLOW
    return FitState.RUNS_WELL


def _is_offered(verdict: Verdict) -> bool:
    """Whether a version may be recommended by itself."""
    quality = verdict.quality
    is_on_processor = verdict.placement.n_gpu_layers < verdict.model.shape.n_offloadable
    if quality.is_native:
        return verdict.fits
    is_large = verdict.model.n_parameters >= LARGE_PARAMETERS
    is_good_enough = quality.bits >= LEAST_BITS_BALANCED or (
        is_large and quality.word is not QualityWord.POOR
    )
    is_slow = is_on_processor and quality.is_slow_on_processor
    return verdict.fits and is_good_enough and quality.bits <= MOST_BITS and not is_slow


def _recommended(verdicts: Sequence[Verdict]) -> Verdict | None:
    """Choose one version: 4 bits first, then more of them as long as nothing is lost by it."""
    offered = sorted(
        (one for one in verdicts if _is_offered(one)),
        key=lambda one: (one.quality.bits, -one.quality.divergence),
    )
    if not offered:
        return None
    if native := [one for one in offered if one.quality.is_native]:
        return native[0]
    well = [one for one in offered if one.state is FitState.RUNS_WELL] or offered
    if well is offered:
        # None is pleasant: rather a slow one than a tight one, and of those the smallest.
        return min(offered, key=lambda one: (-_order(one.state), one.need.weights_bytes))
    if well[0].model.n_parameters <= SMALL_PARAMETERS:
        return well[-1]
    balanced = [one for one in well if one.quality.bits < 5] or well[:1]  # noqa: PLR2004
    chosen = min(balanced, key=lambda one: one.quality.divergence)
    for better in well[well.index(chosen) + 1 :]:
        if _is_free(better, chosen):
            chosen = better
    return chosen


def _is_whole(verdict: Verdict) -> bool:
    return is_in_one_place(verdict.placement, verdict.model.shape, verdict.budget)


def _is_free(better: Verdict, chosen: Verdict) -> bool:
    """Whether a better version costs neither pleasant speed nor room for conversations."""
    if _is_whole(chosen) and not _is_whole(better):
        return False
    n_wanted = LONG_N_CTX if better.quality.bits > 8 else ROOMY_N_CTX  # noqa: PLR2004 - Q8_0
    n_most = better.model.n_ctx_train or n_wanted
    has_room = better.placement.n_ctx >= min(n_wanted, n_most)
    return has_room and better.speed.tokens_per_s >= FAST_TOKENS_PER_S


def _praise(recommended: Verdict, verdicts: Sequence[Verdict]) -> Reason:
    if len(verdicts) == 1:
        return recommended.reason if recommended.reason is Reason.TIGHT_NOW else Reason.ONLY_ONE
    if recommended.quality.is_native:
        return Reason.MADE_FOR_IT
    if all(not one.fits for one in verdicts if one is not recommended):
        return Reason.ONLY_ONE_THAT_FITS
    if recommended.state is not FitState.RUNS_WELL:
        return Reason.LIGHTEST
    if recommended.model.n_parameters <= SMALL_PARAMETERS:
        return Reason.SMALL_MODEL
    return Reason.BEST_BALANCE


def _objection(other: Verdict, recommended: Verdict) -> Reason:
    """Say what speaks most against a version that was not chosen."""
    is_better = other.quality.divergence < recommended.quality.divergence
    on_processor = other.placement.n_gpu_layers < other.model.shape.n_offloadable
    objections = (
        (other.state is FitState.TOO_BIG, Reason.TOO_BIG_HERE),
        (other.quality.bits < LEAST_BITS_BALANCED, Reason.LOW_QUALITY),
        (on_processor and other.quality.is_slow_on_processor, Reason.SLOW_TYPE),
        (other.reason is Reason.TIGHT_NOW, Reason.TIGHT_NOW),
        (not is_better, Reason.LOWER_QUALITY_THAN_FITS),
        (other.speed.tokens_per_s < FAST_TOKENS_PER_S, Reason.SLOWER),
    )
    return next((reason for applies, reason in objections if applies), Reason.LESS_ROOM)


def _sorted(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Order by verdict, then by quality; of what is too big, what is nearest to fitting first."""
    return sorted(
        verdicts,
        key=lambda one: (
            _order(one.state),
            one.quality.divergence if one.fits else one.need.total_bytes,
        ),
    )


def _order(state: FitState) -> int:
    return list(FitState).index(state)
