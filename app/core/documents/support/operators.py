"""Finds the small words that bound, restrict or condition a sentence, and compares them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from app.core.documents.facts.fact_types import FactKind, HardFact
from app.core.documents.facts.fact_words import RATES, UNITS, WEEKDAYS
from app.core.documents.support.operator_words import FALLING, FIRM, OPERATORS, RISING, Sense

UNSPACED = frozenset(["zh", "ja"])
"""Languages without blanks, in which such words stand after what they bound, too."""
_GAP = re.compile(r"[\s(]*+(?:[^\W\d_]+\.?\s++){0,2}(?:[dl]['’])?[(€$£]?\s*")
"""What may stand between such a word and the number that it bounds."""
_LONG_GAP = re.compile(r"[\s(]*+(?:[^\W\d_]+\.?\s++){0,4}(?:[dl]['’])?\s*")
"""The same for a date: "before moving in on 1 May"."""
_SPAN = re.compile(
    r"[^\w,;]*(?:to|and|until|till|through|bis|auf|und|à|au|et|a|al|y|hasta|e|до|по|и|至|到|إلى|و|-|–)"
    r"?[^\w,;]*(?:the |den |dem |zum |el |il |le )?",
    re.IGNORECASE,
)
_DATED = frozenset({FactKind.DATE, FactKind.TIME, FactKind.WEEKDAY})
_BOUNDING = RISING | FALLING | {Sense.ABOUT}


@dataclass(frozen=True, slots=True)
class Operator:
    """One of them: characters `start` to `end` of a text."""

    sense: Sense
    start: int
    end: int


@cache
def _patterns(language: str) -> tuple[tuple[Sense, re.Pattern[str]], ...]:
    words = OPERATORS.get(language, {})
    around = (
        ("(?:", ")")
        if language in UNSPACED
        else (r"(?<![\w-])[وف]?(?:", r")(?:(?<=['’])|(?![\w-]))")
    )
    return tuple(
        (sense, re.compile(f"{around[0]}{pattern}{around[1]}", re.IGNORECASE))
        for sense, pattern in words.items()
    )


@lru_cache(maxsize=2_000)
def operators_of(text: str, language: str) -> tuple[Operator, ...]:
    """Give the operators of a text, in order; of two that overlap, the longer."""
    found = [
        Operator(sense, *match.span())
        for sense, pattern in _patterns(language)
        for match in pattern.finditer(text)
    ]
    found.sort(key=lambda one: one.start - one.end)
    kept: list[Operator] = []
    for one in found:
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.start))


@lru_cache(maxsize=4_000)
def bound_of(
    fact: HardFact, text: str, facts: tuple[HardFact, ...], language: str
) -> Sense | None:
    """Say what bounds a number or a date of a text: "at most", "from"; None for nothing."""
    operators = [one for one in operators_of(text, language) if one.sense in _BOUNDING]
    before = [one for one in operators if one.end <= fact.start]
    earlier = max((one.end for one in facts if one.end <= fact.start), default=0)
    if before and before[-1].end >= earlier:
        nearest = before[-1]
        is_by = text[nearest.start : nearest.end].casefold() == "by"
        is_dated = fact.kind in _DATED
        gap = _LONG_GAP if is_dated else _GAP
        if gap.fullmatch(text[nearest.end : fact.start]) and (is_dated or not is_by):
            return nearest.sense
    after = next((one for one in operators if one.start >= fact.end), None)
    if (
        after is not None
        and not text[fact.end : after.start].strip(" ,)")
        and (after.sense in FIRM or language in UNSPACED)
    ):
        following = next((one for one in facts if one.start >= after.end), None)
        if following is None or not _GAP.fullmatch(text[after.end : following.start]):
            return after.sense
    previous = next((one for one in reversed(facts) if one.end <= fact.start), None)
    if previous is not None and previous.kind is fact.kind:
        is_span = bool(_SPAN.fullmatch(text[previous.end : fact.start]))
        if is_span and bound_of(previous, text, facts, language) is Sense.FROM:
            return Sense.TO
    return None


def bounds_of(
    fact: HardFact, text: str, facts: tuple[HardFact, ...], language: str
) -> tuple[Sense | None, ...]:
    """Give what may bound a number: in "up to 140 euros here and 180 there" it is said once."""
    own = bound_of(fact, text, facts, language)
    previous = next((one for one in reversed(facts) if one.end <= fact.start), None)
    if own is not None or previous is None or previous.unit != fact.unit:
        return (own,)
    inherited = bound_of(previous, text, facts, language)
    return (own, inherited) if inherited in FIRM else (own,)


def bounds_agree(said: Sense | None, source: Sense | None) -> bool:
    """Say whether a number may be said with one bound if its source has it with the other."""
    if said is Sense.ABOUT:
        said = None
    if source is Sense.ABOUT:
        source = None
    if said is None:
        return source not in FIRM
    if source is None:
        return said in (Sense.FROM, Sense.TO, Sense.WITHIN)
    return (said in RISING) == (source in RISING)


def has_sense(operators: Sequence[Operator], *senses: Sense) -> bool:
    """Say whether one of them is of one of these senses."""
    return any(one.sense in senses for one in operators)


def restrictions(
    text: str, language: str, facts: Sequence[HardFact], sense: Sense
) -> list[Operator]:
    """Give where a text says "only" or "all" of something, not of a number or a span of time."""
    found: list[Operator] = []
    for one in operators_of(text, language):
        if one.sense is not sense:
            continue
        is_of_number = any(
            fact.start >= one.end and _GAP.fullmatch(text[one.end : fact.start]) for fact in facts
        )
        following = re.match(r"\W*(\w+)", text[one.end :])
        word = following[1].casefold() if following else ""
        if not is_of_number and not (word in UNITS or word in RATES or word in WEEKDAYS):
            found.append(one)
    return found
