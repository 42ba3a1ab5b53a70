"""Whether two sentences that share their words are so as much, as often, and on the same terms."""

import re
from collections.abc import Sequence

from app.core.documents.correspondence import Correspondence, number_at, part
from app.core.documents.fact_types import FactKind, is_same_sort
from app.core.documents.number_facts import rates_of
from app.core.documents.operator_words import FIRM, Sense
from app.core.documents.operators import (
    Operator,
    bound_of,
    bounds_agree,
    bounds_of,
    has_sense,
    restrictions,
)
from app.core.documents.polarity import Clause, says_choice, says_duty
from app.core.documents.source_sentences import is_past

N_CONDITION = 2
"""So many words of a condition are looked for in an answer, if it has no "if" itself."""
N_OBJECTS = 4
"""So many words after "before" say before what."""
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
_SEGMENT_END = re.compile(r"[;；\n]|\.(?=\s)")
_COORDINATED = re.compile(
    r"[;；]|(?<!\w)(?:and|but|or|und|aber|oder|et|mais|ou|y|pero|o|e|ma|и|но|или)(?!\w)",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"(?<!\w)(?:may|must|can|shall|will|should|is|are|was|were|has|have|need|needs|do|does|cannot"
    r"|darf|dürfen|muss|müssen|kann|können|soll|sollen|ist|sind|wird|werden|haben|hat|peut|peuvent"
    r"|doit|doivent|est|sont|ont|debe|deben|puede|pueden|es|son|deve|devono|può|possono|sono|è"
    r"|может|могут|должен|должны|обязаны)(?!\w)|,",
    re.IGNORECASE,
)
_PHRASE_END = re.compile(rf"{_COORDINATED.pattern}|[,，]", re.IGNORECASE)
_WHO = re.compile(r"^\W*(?:who|whose|which|that|qui|que|che|который|которая)(?!\w)", re.IGNORECASE)
_RESTRICTED = re.compile(
    r"^\W*(?:(?:the|les|los|las|i|gli|le|die|any|all|alle)\s+)?(?:[\w-]+\s+){0,1}?"
    r"(?P<head>[\w-]+),?\s+(?:with|who|whose|without|over|under|aged|of (?:more|less|fewer)|mit"
    r"|ohne"
    r"|über|unter|ab|(?:die|der|welche)(?=\s+\w+\s+\w+)|qui|avec|sans|de (?:plus|moins)|que|con"
    r"|sin"
    r"|senza|che|который|которые|которая|с|без)\s+",
    re.IGNORECASE,
)
"""A sentence that begins with whom it is true for: "Residents with a permit"."""


class Qualifications:
    """How much, when, how far and on what condition."""

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
            or self._drops_a_threshold()
            or self._drops_who()
            or self._takes_the_whole()
            or self._has_other_change()
            or self._widens()
            or self._drops_a_condition()
            or self._conditions_another()
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
            places = self._said_objects(operator)
            senses = {
                one.sense
                for one in self._both.source_operators
                if one.sense in _TEMPORAL and places & set(self._source_objects(one))
            }
            if senses and operator.sense not in senses:
                return True
        return False

    def _said_objects(self, operator: Operator) -> set[int]:
        clauses = self._both.said.clauses
        end = clauses[number_at(clauses, operator.start)].end
        begin = 0 if self._both.language == "zh" else operator.end
        chosen = [one for one in self._both.items if begin <= one.start < end]
        if self._both.language == "zh":
            chosen = [one for one in self._both.items if one.start < operator.end][-N_OBJECTS:]
        chosen = sorted(chosen, key=lambda one: one.start)[:N_OBJECTS]
        return {at for one in chosen for at in one.places}

    def _source_objects(self, operator: Operator) -> list[int]:
        clauses = self._both.source.clauses
        clause = clauses[number_at(clauses, operator.start)]
        if self._both.language == "zh":
            return self._both.starts(clause.start, operator.end)[-N_OBJECTS:]
        return self._both.starts(operator.end, clause.end)[:N_OBJECTS]

    def _states_what_is_awaited(self) -> bool:
        """Say whether it is said to be so what the source only waits for: "before it is paid"."""
        if has_sense(self._both.said_operators, *_TEMPORAL, Sense.IF):
            return False
        source = self._both.source
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

    def _drops_a_condition(self) -> bool:
        source = self._both.source
        if has_sense(self._both.said_operators, Sense.IF, Sense.ONLY):
            return False
        for one in self._both.source_operators:
            if one.sense not in (Sense.IF, Sense.ONLY):
                continue
            before = max(
                (m.end() for m in _SEGMENT_END.finditer(source.text, 0, one.start)), default=0
            )
            after = _SEGMENT_END.search(source.text, one.end)
            end = after.start() if after else len(source.text)
            clause = source.clauses[number_at(source.clauses, one.end - 1)]
            needed = self._both.starts(one.end, end)[:N_CONDITION]
            n_inside = self._both.n_said_in(clause.start, clause.end)
            if one.sense is Sense.ONLY and n_inside * 2 < len(self._both.items):
                # What is said stands in another clause.
                continue
            is_first = not self._both.starts(before, one.start)
            if is_first:
                span = (clause.end, end)
                if needed and not self._both.starts(*span):
                    # "In case of delay half is paid back": no comma.
                    span = (needed[-1] + 1, end)
            else:
                # "..., if" is of all that stands before, "with cheese if" only of the cheese.
                is_of_all = source.text[: one.start].rstrip().endswith((",", "，"))
                pattern = _COORDINATED if is_of_all else _PHRASE_END
                cuts = [m.end() for m in pattern.finditer(source.text, before, one.start)]
                span = (max(cuts, default=before), one.start)
                if not self._both.starts(*span):
                    # "Only in winter, and only with a permit": of the same.
                    span = (before, one.start)
            n_there = sum(self._says_apart(at, *span) for at in needed)
            if self._both.n_said_in(*span) and needed and n_there * 2 <= len(needed):
                return True
        return self._drops_a_restriction()

    def _conditions_another(self) -> bool:
        """Say whether a condition is said of another number: "every month if", "every year if"."""
        for said in self._both.said_operators:
            if said.sense is not Sense.IF:
                continue
            objects = self._said_objects(said)
            fact = next((f for f in reversed(self._both.said.facts) if f.end <= said.start), None)
            rates = rates_of(self._both.said.text[: said.start])
            for one in self._both.source_operators:
                if one.sense is not Sense.IF or not objects & set(self._source_objects(one)):
                    continue
                facts = reversed(self._both.source.facts)
                own = next((f for f in facts if f.end <= one.start), None)
                if fact and own and is_same_sort(fact, own) and not fact.is_said_by(own):
                    return True
                if own and not rates_of(self._both.source.text[own.end : one.start]) <= rates:
                    return True
        return False

    def _says_apart(self, position: int, start: int, end: int) -> bool:
        """Say whether a word of the source is said that does not stand in another part, too."""
        return any(
            position in one.places and not any(start <= at < end for at in one.places)
            for one in self._both.items
        )

    def _drops_a_threshold(self) -> bool:
        """Say whether "over 80 euros" is left out, from where on something is so."""
        source = self._both.source
        for fact in source.facts:
            clause = source.clauses[number_at(source.clauses, fact.start)]
            bound = bound_of(fact, source.text, source.facts, self._both.language)
            is_threshold = bound in (Sense.MORE, Sense.LESS) or (
                fact.kind is FactKind.NUMBER and self._opens_with_from(clause)
            )
            if not is_threshold or self._both.n_said_in(fact.start, fact.start + 1):
                continue
            if self._both.n_said_in(clause.start, clause.end) >= N_CONDITION:
                return True
        return False

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

    def _opens_with_from(self, clause: Clause) -> bool:
        operators = self._both.source_operators
        first = next((one for one in operators if one.start >= clause.start), None)
        if first is None or first.sense is not Sense.FROM:
            return False
        return not self._both.source.text[clause.start : first.start].strip()

    def _drops_who(self) -> bool:
        """Say whether a rule for "a member who has not paid" is said of just any member."""
        source = self._both.source
        is_rule = says_choice(source.text) or says_duty(source.text)
        for clause in source.clauses[1:]:
            if not _WHO.match(part(source, clause)) or source.text[clause.start - 2] in ",;":
                continue
            head = [t.start for t in source.terms if t.end == clause.start - 1][:1]
            within = self._both.starts(clause.start, clause.end)
            if not head or not within or not self._both.n_said_in(head[0], head[0] + 1):
                continue
            is_subject = len(self._both.starts(0, clause.start)) <= N_CONDITION
            if is_subject and not self._both.n_said_in(within[0], within[0] + 1):
                return True
            if is_rule and not self._both.n_said_in(clause.start, clause.end):
                return True
        return False

    def _drops_a_restriction(self) -> bool:
        found = _RESTRICTED.match(self._both.source.text)
        if found is None:
            return False
        end = len(self._both.source.text)
        verb = _FINITE.search(self._both.source.text, found.end())
        needed = self._both.starts(found.end(), verb.start() if verb else end)
        needed = needed if verb else needed[:N_CONDITION]
        rest = needed[-1] + 1 if needed else end
        has_head = self._both.n_said_in(found.start("head"), found.end("head"))
        has_any = any(self._both.n_said_in(at, at + 1) for at in needed)
        return bool(has_head and self._both.n_said_in(rest, end) and needed and not has_any)

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
