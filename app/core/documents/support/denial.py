"""Whether two sentences that share their words deny, allow or oppose different things."""

import re

from app.core.documents.facts.number_facts import rates_of
from app.core.documents.support.correspondence import (
    AGAINST,
    Correspondence,
    Item,
    number_at,
    part,
)
from app.core.documents.support.operator_words import Sense
from app.core.documents.support.operators import has_sense
from app.core.documents.support.polarity import (
    Clause,
    differs_in_modality,
    has_verb,
    is_instead,
    says_choice,
    says_duty,
)
from app.core.documents.support.word_relations import has_opposite, is_reverse

_JOINED = re.compile(
    r"^[\W]*(?:and|or|nor|und|oder|et|ou|y|o|e|и|или|或|和|و|[,、،])", re.IGNORECASE
)


class Denial:
    """What is denied in one sentence and not in the other, or allowed, or the opposite."""

    def __init__(self, both: Correspondence) -> None:
        self._both = both

    def any(self) -> bool:
        """Say whether one of them tells against what is said."""
        return self._has_other_modality() or self._says_the_opposite()

    def _has_other_modality(self) -> bool:
        said, source = self._both.said, self._both.source
        is_denied = all(any("not" in c.negations for c in one.clauses) for one in (said, source))
        # "Must not" is no other than "may not".
        if not is_denied and differs_in_modality(said.text, source.text):
            return True
        return (
            any(
                differs_in_modality(part(said, one), part(source, other))
                for one, other in self._both.aligned()
                if not ("not" in one.negations and "not" in other.negations)
            )
            or self._drops_a_choice()
        )

    def _drops_a_choice(self) -> bool:
        """Say whether what may be is said to be."""
        is_denied = any("not" in clause.negations for clause in self._both.said.clauses)
        if is_denied or says_duty(self._both.said.text) or says_choice(self._both.said.text):
            return False
        if has_sense(self._both.said_operators, Sense.MAYBE, Sense.USUALLY, Sense.PLAN):
            return False
        source = self._both.source
        return any(says_choice(part(source, other)) for _, other in self._both.aligned())

    def _says_the_opposite(self) -> bool:
        pairs = list(self._both.aligned())
        turned: set[Clause] = set()
        for one, other in pairs:
            if any(self._is_reversed(item) for item in self._both.items_within(one)):
                turned.add(one)
            said, source = part(self._both.said, one), part(self._both.source, other)
            if _differs_in_rate(said, source):
                return True
            if has_opposite(said, source):
                if one.negations == other.negations:
                    return True
                turned.add(one)
        said_not = frozenset().union(*(one.negations for one in self._both.said.clauses))
        source_not = frozenset().union(*(one.negations for one in self._both.source.clauses))
        if said_not == source_not and has_opposite(self._both.said.text, self._both.source.text):
            return True
        is_only = has_sense(self._both.said_operators, Sense.ONLY) and not said_not
        if is_only and {"not", "without"} <= source_not:
            return False
        clauses = self._both.said.clauses
        return any(
            self._is_denied(one, is_turned=one in turned)
            for number, one in enumerate(clauses)
            if not self._goes_on(number)
        )

    def _goes_on(self, number: int) -> bool:
        """Say whether a clause gets its verb from the next: "ice and snow are removed"."""
        said = self._both.said
        if number + 1 >= len(said.clauses) or has_verb(said.text, said.clauses[number]):
            return False
        is_short = len(self._both.items_within(said.clauses[number])) <= 2  # noqa: PLR2004
        return is_short and _JOINED.match(part(said, said.clauses[number + 1])) is not None

    def _is_denied(self, clause: Clause, *, is_turned: bool) -> bool:
        """Say whether a clause is denied that the source affirms, or the other way round."""
        if is_turned:
            return False
        agree: list[int] = []
        differ: list[Item] = []
        both = frozenset({"not", "without"})
        items = self._both.items_within(clause)
        if is_instead(part(self._both.said, clause)):
            # "Instead of repairing the device": only what comes first is surely denied.
            items = items[:1]
        for item in items:
            if not item.places:
                continue
            denied = {at: self._negations_at(at) for at in item.places}
            same = [
                at
                for at, ways in denied.items()
                # "Without consent one may not": one clause here may be two there.
                if any(_is_denied_alike(clause.negations, way) for way in ways)
                or (clause.negations == both and any(ways))
            ]
            if same:
                agree.extend(same)
            else:
                differ.append(item)
        # "Phones may be used in the library but not in classrooms": the subject stands before.
        elliptic = [
            at for at in agree if self._is_elliptic(at, is_denied="not" in clause.negations)
        ]
        return any(not any(at > max(one.places) for at in elliptic) for one in differ)

    def _is_elliptic(self, position: int, *, is_denied: bool) -> bool:
        """Say whether a clause of the source goes on with the subject of the one before."""
        clause = self._both.source.clauses[number_at(self._both.source.clauses, position)]
        text = self._both.source.text[max(0, clause.start - 1) : clause.end]
        is_next = self._both.is_pair and self._both.source.text.find("\n") < clause.start
        return is_next or bool(AGAINST.match(text) or (is_denied and _JOINED.match(text)))

    def _negations_at(self, position: int) -> tuple[frozenset[str], ...]:
        """Give how a place of the source may be denied: in a list it may be as what is before."""
        clauses = self._both.source.clauses
        number = number_at(clauses, position)
        own = clauses[number].negations
        before = clauses[number - 1].negations if number else own
        text = part(self._both.source, clauses[number])
        n_words = len(self._both.starts(clauses[number].start, clauses[number].end))
        has_verb = says_choice(text) or says_duty(text)
        is_list = bool(_JOINED.match(text)) and n_words <= 2 and not has_verb  # noqa: PLR2004
        return (own, own | before) if is_list else (own,)

    def _is_reversed(self, item: Item) -> bool:
        said = next((one for one in self._both.said.terms if one.start == item.start), None)
        there = [one for one in self._both.source.terms if one.start in item.places]
        return (
            said is not None
            and bool(there)
            and all(is_reverse(said.stem, one.stem) for one in there)
        )


def _is_denied_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether both are denied or neither is; "without" once is "no" once."""
    return len(one) == len(other)


def _differs_in_rate(one: str, other: str) -> bool:
    """Say whether something is monthly here and yearly there."""
    said, source = rates_of(one), rates_of(other)
    return bool(said and source) and not said <= source
