"""Whether an answer leaves out on what terms its source says something, and for whom."""

import re
from itertools import pairwise

from app.core.documents.facts.fact_types import FactKind, HardFact, is_same_sort
from app.core.documents.facts.number_facts import rates_of
from app.core.documents.support.correspondence import FINITE, Correspondence, number_at, part
from app.core.documents.support.operator_words import Sense
from app.core.documents.support.operators import Operator, bound_of, has_sense
from app.core.documents.support.polarity import Clause, says_choice, says_duty

N_CONDITION = 2
"""So many words of a condition are looked for in an answer, if it has no "if" itself."""
_SEGMENT_END = re.compile(r"[;；\n]|\.(?=\s)")
_COORDINATED = re.compile(
    r"[;；]|(?<!\w)(?:and|but|or|und|aber|oder|et|mais|ou|y|pero|o|e|ma|и|но|или)(?!\w)",
    re.IGNORECASE,
)
_PHRASE_END = re.compile(rf"{_COORDINATED.pattern}|[,，]", re.IGNORECASE)
_DIE = re.compile(r"^\W*(?:die|der|das|denen|deren|dessen|dem|den|welche[rns]?)\s+[a-zäöü]")
_WHO = re.compile(r"^\W*(?:who|whose|which|that|qui|que|che|который|которая)(?!\w)", re.IGNORECASE)
_RESTRICTED = re.compile(
    r"^\W*+(?:(?:the|les|los|las|i|gli|le|die|any|all|alle)\s+)?(?:[\w-]+\s+){0,1}?"
    r"(?P<head>[\w-]+),?\s+(?:with|who|whose|without|over|under|aged|of (?:more|less|fewer)|mit"
    r"|ohne"
    r"|über|unter|ab|(?:die|der|welche)(?=\s+\w+\s+\w+)|qui|avec|sans|de (?:plus|moins)|que|con"
    r"|sin"
    r"|senza|che|который|которые|которая|с|без)\s+",
    re.IGNORECASE,
)
"""A sentence that begins with whom it is true for: "Residents with a permit"."""


class Conditions:
    """What is so only if, only from so much on, or only for some."""

    def __init__(self, both: Correspondence) -> None:
        self._both = both

    def any(self) -> bool:
        """Say whether one of them tells against what is said."""
        return (
            self._drops_a_threshold()
            or self._drops_who()
            or self._drops_a_condition()
            or self._conditions_another()
        )

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
            objects = self._both.said_objects(said)
            fact = next((f for f in reversed(self._both.said.facts) if f.end <= said.start), None)
            rates = rates_of(self._both.said.text[: said.start])
            same = self._most_like(objects)
            if same and all(self._is_of_another(one, fact, rates) for one in same):
                return True
        return False

    def _most_like(self, objects: set[int]) -> list[Operator]:
        """Give the "if" of the source that is about most of these; several if they are equal."""
        shared = {
            one: len(objects & set(self._both.source_objects(one)))
            for one in self._both.source_operators
            if one.sense is Sense.IF
        }
        most = max(shared.values(), default=0)
        return [one for one, n in shared.items() if n == most > 0]

    def _is_of_another(
        self, condition: Operator, fact: HardFact | None, rates: frozenset[str]
    ) -> bool:
        """Say whether what the source says on a condition is another number, or more often."""
        facts = reversed(self._both.source.facts)
        own = next((f for f in facts if f.end <= condition.start), None)
        if own is None:
            return False
        if fact is not None and is_same_sort(fact, own) and not fact.is_said_by(own):
            return True
        return not rates_of(self._both.source.text[own.end : condition.start]) <= rates

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
        if is_rule and self._both.language == "de" and self._drops_wer():
            return True
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

    def _drops_wer(self) -> bool:
        """Say the same of German, where a comma stands before each of these clauses."""
        source = self._both.source
        for before, clause in pairwise(source.clauses):
            if not _DIE.match(part(source, clause)):
                continue
            n_before = self._both.n_said_in(before.start, before.end)
            if n_before >= N_CONDITION and not self._both.n_said_in(clause.start, clause.end):
                return True
        return False

    def _drops_a_restriction(self) -> bool:
        found = _RESTRICTED.match(self._both.source.text)
        if found is None:
            return False
        end = len(self._both.source.text)
        verb = FINITE.search(self._both.source.text, found.end())
        needed = self._both.starts(found.end(), verb.start() if verb else end)
        needed = needed if verb else needed[:N_CONDITION]
        rest = needed[-1] + 1 if needed else end
        has_head = self._both.n_said_in(found.start("head"), found.end("head"))
        has_any = any(self._both.n_said_in(at, at + 1) for at in needed)
        return bool(has_head and self._both.n_said_in(rest, end) and needed and not has_any)
