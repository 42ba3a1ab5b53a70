"""The order of models for a user, and what filters leave of them.

How many others downloaded a model plays no part: on the Hub that order is led by models without
safety measures, and it knows nothing of the computer at hand.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core.candidate import Candidate, Capability, Use
from app.core.fit.choice import FAST_TOKENS_PER_S, READABLE_TOKENS_PER_S, FitState, Verdict
from app.core.licence_table import LicenceBadge
from app.core.licences import licence_of
from app.core.model_shape import ModelShape, bytes_of
from app.core.prospects import Prospect


class SizeClass(StrEnum):
    """How large a model is, whatever its quantization; smallest first."""

    TINY = "tiny"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    HUGE = "huge"
    UNKNOWN = "unknown"


_SIZE_CLASSES = (
    (1.5e9, SizeClass.TINY),
    (5.5e9, SizeClass.SMALL),
    (10.5e9, SizeClass.MEDIUM),
    (22e9, SizeClass.LARGE),
    (math.inf, SizeClass.HUGE),
)
"""Parameters up to which a model is of a class; drawn where models leave gaps."""


class Standing(StrEnum):
    """What a model means here, in the order of the page."""

    RUNS_WELL = "runs_well"
    TIGHT = "tight"
    SLOW = "slow"
    UNKNOWN = "unknown"
    """Nothing can be said before its header is read."""
    TOO_BIG = "too_big"


@dataclass(frozen=True, slots=True)
class CatalogueFilter:
    """What the user wants to see; empty sets and False leave everything.

    Attributes:
        query: words that must all be found.
        uses: it is good for one of these.
        only_runs_well: it runs well here.
        languages: it writes all of these (codes).
        badges: its licence is of one of these kinds.
        size_classes: it is of one of these sizes.
        only_vision: it sees pictures.
        only_here: it is on this computer.
    """

    query: str = ""
    uses: frozenset[Use] = frozenset()
    only_runs_well: bool = False
    languages: frozenset[str] = frozenset()
    badges: frozenset[LicenceBadge] = frozenset()
    size_classes: frozenset[SizeClass] = frozenset()
    only_vision: bool = False
    only_here: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it leaves everything."""
        return self == CatalogueFilter()


@dataclass(frozen=True, slots=True)
class Entry:
    """One model in a section.

    Attributes:
        standing: what it means here.
        verdict: on the version to take; None if nothing can be said.
        is_recommended: the best of its section on this computer.
    """

    candidate: Candidate
    standing: Standing
    verdict: Verdict | None = None
    is_recommended: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Models for one use, best first for this computer."""

    use: Use
    entries: tuple[Entry, ...]

    @property
    def recommended(self) -> Entry | None:
        """The best; None if none runs well here."""
        return next((one for one in self.entries if one.is_recommended), None)


READING_TOKENS_PER_S = 20 / 3
"""About five words per second: as fast as people read."""
_DECENT_SIZE = 3e9
"""Parameters, as `_size` counts them, from which a model holds an everyday conversation."""
_SPEED_WORTH = 0.5
_QUALITY_WORTH = 4.0
_PLACE_WORTH = 0.3
_LICENCE_COST = {
    LicenceBadge.FREE: 0.0,
    LicenceBadge.CONDITIONS: 0.3,
    LicenceBadge.NOT_STATED: 1.0,
    LicenceBadge.PRIVATE_ONLY: 1.0,
}
_WORD = re.compile(r"\w+", re.UNICODE)


def for_you(
    candidates: Sequence[Candidate],
    prospects: Mapping[str, Prospect],
    hidden: frozenset[str] = frozenset(),
) -> tuple[Section, ...]:
    """Sort models by what they are good for, best first for this computer.

    A model stands in the section of its first use. The recommended one of a section may come
    from another: the best model for documents here may be one that is good for everything. It
    is the best of all that name the use, runs well, and has a version that may be recommended.
    If none runs well, none is recommended.

    The order: what runs well comes before what is tight, that before what is slow, that before
    what nothing can be said about, and what is too big comes last, the one nearest to fitting
    first. For everyday chat, of those that run well, models of a decent size that write as fast
    as people read come before all others: a better answer is worth little to who waits for every
    word of small talk, while for a document or a program many will wait. Among equals counts the
    worth, as `_worth` explains it, and then the order of `candidates`, which was chosen by hand.

    Args:
        candidates: of the catalogue.
        prospects: what they mean here, by `repo_id`; none for those that were not judged.
        hidden: `repo_id` of models to leave out, such as the starter's.

    Returns:
        One section for each use that has models, in the order of `Use`.
    """
    shown = [one for one in candidates if one.repo_id not in hidden]
    return tuple(section for use in Use if (section := _section(use, shown, prospects)).entries)


def ordered(
    candidates: Iterable[Candidate], prospects: Mapping[str, Prospect]
) -> tuple[Candidate, ...]:
    """Order models in one list, as `for_you` does within a section for no use in particular."""
    ranks = [
        (_rank(entry_of(one, prospects.get(one.repo_id)), None, place), one)
        for place, one in enumerate(candidates)
    ]
    return tuple(one for _, one in sorted(ranks, key=lambda rank: rank[0]))


def entry_of(candidate: Candidate, prospect: Prospect | None) -> Entry:
    """Say what a model means here, by the version of it to take."""
    verdict = prospect.best if prospect is not None else None
    standing = Standing(verdict.state.value) if verdict is not None else Standing.UNKNOWN
    return Entry(candidate, standing, verdict)


def matches(
    candidate: Candidate,
    wanted: CatalogueFilter,
    prospect: Prospect | None = None,
    *,
    is_here: bool = False,
) -> bool:
    """Whether a filter leaves a model.

    Args:
        candidate: the model.
        wanted: what the user wants to see.
        prospect: what the model means on this computer; None if it was not judged.
        is_here: a version of it is on this computer.
    """
    licence = licence_of(candidate.licence_id, candidate.licence_name)
    kept = (
        not wanted.uses or not wanted.uses.isdisjoint(candidate.uses),
        not wanted.only_runs_well or runs_well(prospect),
        wanted.languages.issubset(candidate.languages),
        not wanted.badges or licence.badge in wanted.badges,
        not wanted.size_classes or size_class(candidate) in wanted.size_classes,
        not wanted.only_vision or Capability.VISION in candidate.capabilities,
        not wanted.only_here or is_here,
    )
    return all(kept) and bool(_closeness(candidate, wanted.query))


@dataclass(frozen=True, slots=True)
class SearchText:
    """The words of a model, as they are compared; whoever searches often keeps them.

    Attributes:
        name: of the model.
        joined: the same without what parts its words.
        everything: all texts in which words are looked for.
    """

    name: str
    joined: str
    everything: str


def search_text(candidate: Candidate) -> SearchText:
    """Give the words of a model."""
    name = _folded(candidate.name)
    return SearchText(name, "".join(_WORD.findall(name)), _folded(" ".join(_texts(candidate))))


def query_words(query: str) -> tuple[str, ...]:
    """Give the words to look for."""
    return tuple(_WORD.findall(_folded(query)))


def closeness(text: SearchText, words: Sequence[str]) -> int:
    """Say how well words fit a model: 0 not at all, 1 somewhere, 2 the name, 3 its beginning."""
    if not words:
        return 1
    if not all(word in text.everything for word in words):
        return 0
    if not all(word in text.name for word in words):
        return 1
    return 3 if text.joined.startswith("".join(words)) else 2


def size_class(candidate: Candidate) -> SizeClass:
    """Say how large a model is."""
    n_parameters = candidate.n_parameters
    if n_parameters <= 0:
        return SizeClass.UNKNOWN
    return next(kind for most, kind in _SIZE_CLASSES if n_parameters <= most)


def runs_well(prospect: Prospect | None) -> bool:
    """Whether some version of a model runs well on this computer."""
    if prospect is None:
        return False
    return any(one.state is FitState.RUNS_WELL for one in prospect.ranking.verdicts)


def _section(
    use: Use, candidates: Sequence[Candidate], prospects: Mapping[str, Prospect]
) -> Section:
    ranked = []
    for place, candidate in enumerate(candidates):
        if use in candidate.uses:
            entry = entry_of(candidate, prospects.get(candidate.repo_id))
            ranked.append((_rank(entry, use, place), entry))
    ranked.sort(key=lambda one: one[0])
    entries = [entry for _, entry in ranked]
    best = next((one for one in entries if _is_recommendable(one, prospects)), None)
    own = [one for one in entries if one.candidate.uses[0] is use and one is not best]
    first = [Entry(best.candidate, best.standing, best.verdict, True)] if best else []
    return Section(use, (*first, *own))


def _is_recommendable(entry: Entry, prospects: Mapping[str, Prospect]) -> bool:
    prospect = prospects.get(entry.candidate.repo_id)
    is_offered = prospect is not None and prospect.ranking.recommended is not None
    return is_offered and entry.standing is Standing.RUNS_WELL


def _rank(entry: Entry, use: Use | None, place: int) -> tuple[int, bool, float, int]:
    standing = list(Standing).index(entry.standing)
    candidate, verdict = entry.candidate, entry.verdict
    if verdict is not None and not verdict.fits:
        return standing, False, float(verdict.need.total_bytes), place
    place_of_use = candidate.uses.index(use) if use is not None else 0
    keeps_waiting = use is Use.CHAT and not _chats_fluently(entry)
    return standing, keeps_waiting, -_worth(candidate, verdict, place_of_use), place


def _chats_fluently(entry: Entry) -> bool:
    """Whether a model runs well, is of a decent size, and writes as fast as people read."""
    verdict = entry.verdict
    return (
        verdict is not None
        and entry.standing is Standing.RUNS_WELL
        and verdict.speed.tokens_per_s >= READING_TOKENS_PER_S
        and _size(entry.candidate) >= _DECENT_SIZE
    )


def _size(candidate: Candidate) -> float:
    """Give the parameters of a dense model that would answer about as well.

    Of one with experts, what counts is between all its weights and those that a token asks, two
    thirds of the way (in logarithms) to all: such models answer about as dense ones of half
    their size do.
    """
    return max(candidate.n_parameters, 1) * math.cbrt(_asked_part(candidate.shape))


def _worth(candidate: Candidate, verdict: Verdict | None, place_of_use: int) -> float:
    """Weigh a model, in doublings of its size.

    Larger models answer better; `_size` says what counts of one with experts. Speed counts up to
    where nobody waits, a doubling half as much as a doubling of the size. Of the quality that
    the version loses, a hundredth counts 0.04. A use that is named later counts 0.3 less for
    each place: a model made for it is worth more than one that can do it too. Conditions in the
    licence cost as much, and a licence that may forbid work a doubling, because most will use it
    at work.

    These weights are chosen, not measured.
    """
    worth = math.log2(_size(candidate) / 1e9)
    worth -= _PLACE_WORTH * place_of_use
    worth -= _LICENCE_COST[licence_of(candidate.licence_id, candidate.licence_name).badge]
    if verdict is not None:
        tokens_per_s = min(max(verdict.speed.tokens_per_s, 0.1), FAST_TOKENS_PER_S)
        worth += _SPEED_WORTH * math.log2(tokens_per_s / READABLE_TOKENS_PER_S)
        worth -= _QUALITY_WORTH * (1.0 - verdict.quality.kept)
    return worth


def _asked_part(shape: ModelShape | None) -> float:
    """Give the part of all weights that is read for one token, 0.0 to 1.0."""
    if shape is None or not shape.n_experts or not shape.weights_bytes:
        return 1.0
    experts = sum(bytes_of(layer.experts) for layer in shape.layers)
    unasked = experts * (1 - shape.n_experts_used / shape.n_experts)
    return max(0.01, 1 - unasked / shape.weights_bytes)


def _closeness(candidate: Candidate, query: str) -> int:
    words = query_words(query)
    return closeness(search_text(candidate), words) if words else 1


def _texts(candidate: Candidate) -> Iterable[str]:
    yield from (candidate.name, candidate.publisher, candidate.repo_id, candidate.sentence)
    yield from (candidate.architecture, candidate.licence_id, candidate.licence_name)
    yield from candidate.base_models
    yield from candidate.uses
    yield from candidate.capabilities


def _folded(text: str) -> str:
    """Give a text as it is compared: "Gemma 4" is found by "gemma-4" and by "GEMMA4"."""
    if text.isascii():
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
