"""Whether two sentences that share their words say it as much, as often and as surely."""

import re
from collections.abc import Sequence

from app.core.documents.facts.fact_types import FactKind
from app.core.documents.facts.number_facts import rates_of
from app.core.documents.support.correspondence import Correspondence, number_at, part
from app.core.documents.support.operator_words import FIRM, Sense
from app.core.documents.support.operators import (
    Operator,
    bounds_agree,
    bounds_of,
    has_sense,
    restrictions,
)
from app.core.documents.support.source_sentences import is_past

_TEMPORAL = (Sense.BEFORE, Sense.AFTER, Sense.DURING)
_THEN = re.compile(
    r"(?<!\w)(?:then|afterwards|danach|dann|anschließend|ensuite|puis|luego|después|poi|dopodiché"
    r"|затем|потом|然后|ثم)(?!\w)",
    re.IGNORECASE,
)
_WEAK_REASON = re.compile(
    r"(?<!\w)(?:as|since|for|so|due|owing|by|from|da|denn|zur|zum|car|pour|puisque|par|ya|por|para"
    r"|per|dato|так|чтобы|для)(?!\w)|以|因|故|为",
    re.IGNORECASE,
)
_AWAITED = re.compile(
    r"^\W*(?:before|until|till|unless|bevor|bis|es sei denn|avant qu|jusqu['’]à ce qu|hasta que"
    r"|antes de que|finché|prima che|пока|прежде чем)(?!\w)",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"\b(?:be|is|are|was|were|been|being|has|have|had|not|to|by|the|an?)\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
_TO_COME = re.compile(
    r"\b(?:will|shall|should|would|could|might|must|may|can|to)\s+(?:\w+\s+)?$", re.IGNORECASE
)
_OF_ALL = re.compile(
    r"\s*(?:out )?(?:of|von|de|des|di|из|من)\s+(?:the |all |den |der |las |les |los |i )?",
    re.IGNORECASE,
)
_CHANGES = {
    "en": (re.compile(r"\bby\s+$", re.IGNORECASE), re.compile(r"\bto\s+$", re.IGNORECASE)),
    "de": (re.compile(r"\bum\s+$", re.IGNORECASE), re.compile(r"\bauf\s+$", re.IGNORECASE)),
}
"""By how much, and to how much, something changes."""


class Qualifications:
    """How much, when, how far and how surely."""

    def __init__(self, both: Correspondence) -> None:
        self._both = both

    def any(self) -> bool:
        """Say whether one of them tells against what is said."""
        return (
            self._has_other_rate()
            or self._has_other_bounds()
            or self._has_other_times()
            or self._has_other_order()
            or self._states_what_is_awaited()
            or self._takes_the_whole()
            or self._has_other_change()
            or self._widens()
            or self._drops_doubt()
            or self._invents_a_reason()
            or self._takes_place_already()
        )

    def _has_other_rate(self) -> bool:
        """Say whether it is said how often something is, and the source does not say so."""
        said = rates_of(self._both.said.text)
        around = "\n".join((self._both.source.text, *self._both.heading))
        counted = {fact.unit for fact in self._both.source.facts}
        if not said <= rates_of(around) | counted:
            return True
        is_any = has_sense(self._both.said_operators, Sense.ANYTIME)
        return is_any and not has_sense(self._both.source_operators, Sense.ANYTIME)

    def _has_other_bounds(self) -> bool:
        said, source = self._both.said, self._both.source
        for fact in said.facts:
            same = [one for one in source.facts if fact.is_said_by(one)]
            if not same or fact.kind not in (
                FactKind.NUMBER, FactKind.DATE, FactKind.TIME, FactKind.WEEKDAY
            ):  # fmt: skip
                continue
            language = self._both.language
            bounds = [
                bound
                for one in same
                for bound in bounds_of(one, source.text, source.facts, language)
            ]
            mine = bounds_of(fact, said.text, said.facts, language)
            if None in mine:
                # "The minimum order is 24" says it, too, if not beside the number.
                operators = self._both.said_operators
                mine = (*mine, *(one.sense for one in operators if one.sense in FIRM))
            if not any(bounds_agree(bound, one) for one in bounds for bound in mine):
                return True
        return False

    def _has_other_times(self) -> bool:
        for operator in self._both.said_operators:
            if operator.sense not in _TEMPORAL:
                continue
            places = self._both.said_objects(operator)
            senses = {
                one.sense
                for one in self._both.source_operators
                if one.sense in _TEMPORAL and places & set(self._both.source_objects(one))
            }
            if senses and operator.sense not in senses:
                return True
        return False

    def _states_what_is_awaited(self) -> bool:
        """Say whether it is said to be so what the source only waits for: "before it is paid"."""
        if has_sense(self._both.said_operators, *_TEMPORAL, Sense.IF):
            return False
        said, source = self._both.said, self._both.source
        if any(_AWAITED.match(part(said, clause)) for clause in said.clauses):
            return False
        for clause in source.clauses:
            if _AWAITED.match(part(source, clause)) is None:
                continue
            terms = {t.start for t in source.terms if clause.start <= t.start < clause.end}
            if any(one.places and terms.issuperset(one.places) for one in self._both.items):
                return True
        return False

    def _has_other_order(self) -> bool:
        """Say whether what comes "then" comes first in the source."""
        said, source = _THEN.search(self._both.said.text), _THEN.search(self._both.source.text)
        if said is None or source is None:
            return False
        later = [one.places for one in self._both.items if one.start > said.end() and one.places]
        n_before = sum(max(places) < source.start() for places in later)
        return n_before > sum(min(places) > source.start() for places in later)

    def _widens(self) -> bool:
        """Say whether "only" or "all" is said where the source says neither."""
        said, source = self._both.said, self._both.source
        language = self._both.language
        if restrictions(said.text, language, said.facts, Sense.ONLY) and not has_sense(
            self._both.source_operators, Sense.ONLY, Sense.IF
        ):
            return True
        all_here = restrictions(said.text, language, said.facts, Sense.ALL)
        all_there = restrictions(source.text, language, source.facts, Sense.ALL)
        if any(not self._is_of_same(one, all_there) for one in all_here):
            return True
        if not has_sense(self._both.said_operators, Sense.SOME, Sense.USUALLY, Sense.ONLY):
            for one in self._both.source_operators:
                following = self._both.starts(one.end, len(source.text))[:1]
                if (
                    one.sense is Sense.SOME
                    and following
                    and self._both.n_said_in(following[0], following[0] + 1)
                ):
                    return True
        return False

    def _is_of_same(self, said: Operator, there: Sequence[Operator]) -> bool:
        """Say whether the source says "all" of the same as well."""
        items = sorted(self._both.items, key=lambda one: one.start)
        following = [one for one in items if one.start >= said.end][:1]
        places = following[0].places if following else ()
        if not places:
            return bool(there)
        nearest = (self._both.starts(one.end, len(self._both.source.text))[:2] for one in there)
        return any(not set(places).isdisjoint(near) for near in nearest)

    def _drops_doubt(self) -> bool:
        """Say whether what is likely, usual or only wished for is said as if it were so."""
        if has_sense(self._both.said_operators, Sense.USUALLY, Sense.MAYBE, Sense.PLAN):
            return False
        for one in self._both.source_operators:
            if one.sense not in (Sense.USUALLY, Sense.MAYBE, Sense.PLAN):
                continue
            clause = self._both.source.clauses[number_at(self._both.source.clauses, one.start)]
            begin = one.start if one.sense is Sense.PLAN else clause.start
            n_said = self._both.n_said_in(begin, clause.end)
            is_about_it = n_said * 2 >= len(self._both.starts(begin, clause.end))
            if n_said and is_about_it and not self._says_itself(one):
                return True
        return False

    def _says_itself(self, operator: Operator) -> bool:
        """Say whether what is said has the very word, as another part of speech perhaps."""
        return any(operator.start in one.places for one in self._both.items)

    def _takes_the_whole(self) -> bool:
        """Say whether "twelve of the 85" has become 85."""
        said, source = self._both.said, self._both.source
        for number, fact in enumerate(source.facts[1:], 1):
            part_of = source.facts[number - 1]
            between = source.text[part_of.end : fact.start]
            if not _OF_ALL.fullmatch(between) or fact.kind is not FactKind.NUMBER:
                continue
            has_part = any(one.is_said_by(part_of) for one in said.facts)
            if not has_part and any(one.is_said_by(fact) for one in said.facts):
                return True
        return False

    def _has_other_change(self) -> bool:
        """Say whether something falls by so much here and to so much there."""
        said, source = self._both.said, self._both.source
        ways = _CHANGES.get(self._both.language)
        if ways is None:
            return False
        for fact in said.facts:
            mine = _way_before(ways, said.text, fact.start)
            theirs = {
                _way_before(ways, source.text, one.start)
                for one in source.facts
                if fact.is_said_by(one)
            }
            if mine and theirs and mine not in theirs and "" not in theirs:
                return True
        return False

    def _takes_place_already(self) -> bool:
        """Say whether what will or should be done has been done."""
        if self._both.language != "en":
            return False
        said, source = self._both.said, self._both.source
        for term in said.terms:
            if not is_past(term.surface) or _AUXILIARY.search(said.text[: term.start]):
                continue
            same = [one for one in source.terms if self._both.is_same(term, one)]
            if same and all(
                not is_past(one.surface) and _TO_COME.search(source.text[: one.start])
                for one in same
            ):
                return True
        return False

    def _invents_a_reason(self) -> bool:
        if self._both.is_pair or not has_sense(self._both.said_operators, Sense.BECAUSE):
            return False
        if has_sense(self._both.source_operators, Sense.BECAUSE):
            return False
        return _WEAK_REASON.search(self._both.source.text) is None


def _way_before(ways: tuple[re.Pattern[str], re.Pattern[str]], text: str, position: int) -> str:
    by, to = (bool(way.search(text[:position])) for way in ways)
    return "by" if by else "to" if to else ""
