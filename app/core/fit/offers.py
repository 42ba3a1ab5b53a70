"""The three versions of a model that are offered first; the others on demand."""

from enum import StrEnum

from app.core.fit.choice import MOST_BITS, Ranking, Verdict
from app.core.fit.quality import LEAST_BITS_BALANCED, QualityWord


class Offer(StrEnum):
    """What a version is offered as, in the order shown."""

    BALANCED = "balanced"
    BEST_QUALITY = "best_quality"
    SMALLEST = "smallest"
    ONLY = "only"
    """There is no other version."""


def offers_of(ranking: Ranking) -> dict[Offer, Verdict]:
    """Choose at most three versions that differ, the recommended one among them.

    A better one is only offered if it fits, and one of poor quality never.
    """
    verdicts = ranking.verdicts
    if len(verdicts) < 2:  # noqa: PLR2004 - nothing to choose
        return {Offer.ONLY: verdicts[0]} if verdicts else {}
    main = ranking.recommended or verdicts[0]
    others = [one for one in verdicts if one is not main]
    better = _best([one for one in others if one.fits and _divergence(one) < _divergence(main)])
    smaller = [
        one for one in others if one.model.size_bytes < main.model.size_bytes and not _is_poor(one)
    ]
    if better is None and smaller and main.quality.word is QualityWord.FULL:
        balanced = [one for one in smaller if one.quality.bits >= LEAST_BITS_BALANCED]
        middle = min(balanced, key=lambda one: one.quality.bits, default=None)
        least = _smallest([one for one in smaller if one is not middle])
        if least is not None and middle and least.model.size_bytes > middle.model.size_bytes:
            least = None
        chosen = {Offer.BALANCED: middle, Offer.BEST_QUALITY: main, Offer.SMALLEST: least}
    else:
        chosen = {
            Offer.BALANCED: main,
            Offer.BEST_QUALITY: better,
            # A version may be both better and smaller than the recommended one, but slower.
            Offer.SMALLEST: _smallest([one for one in smaller if one is not better]),
        }
    return {offer: one for offer, one in chosen.items() if one is not None}


def _divergence(verdict: Verdict) -> float:
    return verdict.quality.divergence


def _is_poor(verdict: Verdict) -> bool:
    return verdict.quality.word is QualityWord.POOR


def _best(verdicts: list[Verdict]) -> Verdict | None:
    """Give the best, but not one whose bits nobody can notice."""
    sensible = [one for one in verdicts if one.quality.bits <= MOST_BITS]
    return min(sensible or verdicts, key=_divergence, default=None)


def _smallest(verdicts: list[Verdict]) -> Verdict | None:
    return min(verdicts, key=lambda one: one.model.size_bytes, default=None)
