"""Whether two sentences that share their words still say different things.

What is shared is looked at clause by clause: who does it, whether it is denied, on what condition,
before or after what, how much at least. Each rule needs words of the source that tell against the
answer; none needs a parser.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.documents.hard_facts import FactKind, is_same_sort, rates_of
from app.core.documents.names import names_of
from app.core.documents.operator_words import Sense
from app.core.documents.operators import (
    Operator,
    bound_of,
    bounds_agree,
    bounds_of,
    has_sense,
    operators_of,
    restrictions,
)
from app.core.documents.polarity import (
    Clause,
    agent_of,
    differs_in_modality,
    is_instead,
    says_choice,
    says_duty,
)
from app.core.documents.source_sentences import Content, SourceSentence, SourceText, Term
from app.core.documents.word_relations import (
    has_opposite,
    is_among,
    is_light,
    is_of_another_kind,
    is_reverse,
)

FIXED_ORDER = frozenset(["en", "fr", "es", "it", "pt"])
"""Languages in which the order of words says who does what."""
N_CONDITION = 2
"""So many words of a condition are looked for in an answer, if it has no "if" itself."""
_NEAR = 12
"""So many characters after "by" begins who does it."""
N_LIST_WORDS = 3
"""What goes on with a list has no more words than this: "and the roof"."""
N_ABOUT = 2
"""So many words at the beginning of a sentence say what it is about."""
N_OBJECTS = 4
"""So many words after "before" say before what."""
_TEMPORAL = (Sense.BEFORE, Sense.AFTER, Sense.DURING)
_AGAINST = re.compile(
    r"^\W*(?:while|whereas|but|während|aber|sondern|tandis que|alors que|mais|mientras|pero|mentre"
    r"|ma|invece|enquanto|terwijl|maar|а|но|而|但|بينما|لكن)(?!\w)|^;|^；",
    re.IGNORECASE,
)
"""Begins a clause that is set against the one before."""
_OWN_SUBJECT = re.compile(
    r"^[\W]*(?:and|und|et|y|e|и|并且)?\s*(?:the|der|die|das|le|la|les|el|los|las|il|lo|gli|i"
    r"|a|an|ein|eine|un|une|una|mr|mrs|ms|herr|frau|my|his|her|our|their|your|meine?|seine?|ihre?"
    r"|unsere?|mon|ma|mes|son|sa|ses|notre|leurs?|mis?|sus?|mio|mia|suo|sua|мой|моя|его|её)\s",
    re.IGNORECASE,
)
_AND = re.compile(r"^\W*(?:and|or|und|oder|sowie|et|ou|y|o|e|и|или|并且|و)(?!\w)", re.IGNORECASE)
_JOINED = re.compile(
    r"^[\W]*(?:and|or|nor|und|oder|et|ou|y|o|e|и|или|或|和|و|[,、،])", re.IGNORECASE
)
_ARTICLE = (
    r"\s+(?:(?:the|a|an|den|dem|der|la|le|les|el|los|las|il|lo|his|her|their|its)\s+)?"
    r"(?:[\w-]+\s+)?$"
)
_BY = "by|from|von|vom|durch|par|por|da|dal|dalla|pelo|pela|door"
_DUTY = (
    "(?:approval|consent|permission|responsibility|duty|task|decision|a cargo|à la charge|a carico"
    "|autorización|accord|consenso|approvazione|aprobación) (?:of|de|del|du|des|di|della|do|da)"
)
_DONE_BY = re.compile(rf"(?<!\w)(?:{_BY}|{_DUTY}){_ARTICLE}", re.IGNORECASE)
"""Before a noun, makes it the one who does it: "by the tenant", "approval of the head"."""
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
_THAN = {
    "en": re.compile(r"\bthan\b", re.IGNORECASE),
    "de": re.compile(r"\w+er\b.*?\bals\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:plus|moins)\b.*?\bqu(?:e\b|['’])", re.IGNORECASE),
    "es": re.compile(r"\b(?:más|menos)\b.*?\bque\b", re.IGNORECASE),
    "it": re.compile(r"\b(?:più|meno)\b.*?\b(?:che|di|del|della|dei)\b", re.IGNORECASE),
    "ru": re.compile(r"\bчем\b", re.IGNORECASE),
}
_HEAD = re.compile(
    r"(?P<head>[^\W\d_]{3,})\s+(?:for|of|to|against|on|auf|für|gegen|pour|contre|para|contra"
    r"|per)\s+"
    r"(?:(?:a|an|the|your|his|her|their|our|its|ein|eine|den|die|das|der|dem|le|la|les|un|une|el"
    r"|los|las|una|il|lo|gli|i)\s+)?$",
    re.IGNORECASE,
)
"""A noun that what follows belongs to: "application for a", "drawings of the"."""
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


@dataclass(frozen=True, slots=True)
class _Item:
    """A word or a fact of what is said, and where the source has the same."""

    start: int
    places: tuple[int, ...]


class Contradictions:
    """One sentence of an answer beside a source that has its words."""

    def __init__(self, text: SourceText, said: Content, source: SourceSentence) -> None:
        self._language = text.language
        self._text = text
        self._said = said
        self._source = source.content
        self._is_pair = source.n_sentences > 1
        passage = text.passages[source.passage_index]
        self._heading = (*passage.place.heading_path, passage.header)
        self._is_row = bool(passage.header)
        self._said_operators = operators_of(said.text, self._language)
        self._source_operators = operators_of(self._source.text, self._language)
        self._items = tuple(self._matched())
        self._names = frozenset(one.start for one in names_of(self._source, self._language))

    def any(self) -> bool:
        """Say whether anything in the source tells against what is said."""
        said, source = self._said, self._source
        return (
            is_of_another_kind(said.text, source.text)
            or self._has_other_modality()
            or self._has_other_rate()
            or self._says_the_opposite()
            or self._is_turned_round()
            or self._has_other_agent()
            or self._has_stolen_agent()
            or self._has_other_bounds()
            or self._has_other_times()
            or self._has_other_order()
            or self._states_what_is_awaited()
            or self._turns_a_comparison()
            or self._drops_the_head()
            or self._drops_a_threshold()
            or self._drops_who()
            or self._widens()
            or self._drops_a_condition()
            or self._conditions_another()
            or self._drops_doubt()
            or self._invents_a_reason()
            or self._mixes_clauses()
        )

    # --- what stands where ---

    def _matched(self) -> Iterator[_Item]:
        for term in self._said.terms:
            places = tuple(one.start for one in self._source.terms if self._is_same(term, one))
            places = places or tuple(
                one.start for one in self._source.terms if is_reverse(term.stem, one.stem)
            )
            yield _Item(term.start, places)
        for fact in self._said.facts:
            places = tuple(one.start for one in self._source.facts if fact.is_said_by(one))
            yield _Item(fact.start, places)

    def _is_same(self, term: Term, other: Term) -> bool:
        return is_among(term.stem, (other.stem,), self._language)

    def _items_within(self, clause: Clause) -> list[_Item]:
        return [one for one in self._items if clause.start <= one.start < clause.end]

    def _said_in(self, start: int, end: int) -> int:
        """Count what is said that stands between two characters of the source."""
        return sum(any(start <= at < end for at in one.places) for one in self._items)

    def _starts(self, start: int, end: int) -> list[int]:
        """Give where the words and facts of the source between two of its characters stand."""
        terms = [one.start for one in self._source.terms]
        facts = [one.start for one in self._source.facts]
        return sorted(at for at in (*terms, *facts) if start <= at < end)

    def _aligned(self) -> Iterator[tuple[Clause, Clause]]:
        """Give each clause of what is said with the clause of the source that is most like it."""
        weights = {term.start: self._text.weight(term.stem) for term in self._said.terms}
        for clause in self._said.clauses:
            items = self._items_within(clause)
            shares = [
                sum(
                    weights.get(one.start, 1.5)
                    for one in items
                    if any(other.start <= at < other.end for at in one.places)
                )
                for other in self._source.clauses
            ]
            if best := max(shares):
                yield clause, self._source.clauses[shares.index(best)]

    # --- denied, allowed, the opposite ---

    def _has_other_rate(self) -> bool:
        """Say whether it is said how often something is, and the source does not say so."""
        said = rates_of(self._said.text)
        around = "\n".join((self._source.text, *self._heading))
        counted = {fact.unit for fact in self._source.facts}
        if not said <= rates_of(around) | counted:
            return True
        is_any = has_sense(self._said_operators, Sense.ANYTIME)
        return is_any and not has_sense(self._source_operators, Sense.ANYTIME)

    def _has_other_modality(self) -> bool:
        said, source = self._said, self._source
        is_denied = all(any("not" in c.negations for c in one.clauses) for one in (said, source))
        # "Must not" is no other than "may not".
        if not is_denied and differs_in_modality(said.text, source.text):
            return True
        return (
            any(
                differs_in_modality(_part(said, one), _part(source, other))
                for one, other in self._aligned()
                if not ("not" in one.negations and "not" in other.negations)
            )
            or self._drops_a_choice()
        )

    def _drops_a_choice(self) -> bool:
        """Say whether what may be is said to be."""
        is_denied = any("not" in clause.negations for clause in self._said.clauses)
        if is_denied or says_duty(self._said.text) or says_choice(self._said.text):
            return False
        if has_sense(self._said_operators, Sense.MAYBE, Sense.USUALLY, Sense.PLAN):
            return False
        pairs = [(_part(self._said, a), _part(self._source, b)) for a, b in self._aligned()]
        return any(says_choice(other) for _, other in pairs)

    def _says_the_opposite(self) -> bool:
        pairs = list(self._aligned())
        turned: set[Clause] = set()
        for one, other in pairs:
            if any(self._is_reversed(item) for item in self._items_within(one)):
                turned.add(one)
            said, source = _part(self._said, one), _part(self._source, other)
            if _differs_in_rate(said, source):
                return True
            if has_opposite(said, source):
                if one.negations == other.negations:
                    return True
                turned.add(one)
        said_not = frozenset().union(*(one.negations for one in self._said.clauses))
        source_not = frozenset().union(*(one.negations for one in self._source.clauses))
        if said_not == source_not and has_opposite(self._said.text, self._source.text):
            return True
        is_only = has_sense(self._said_operators, Sense.ONLY) and not said_not
        if is_only and {"not", "without"} <= source_not:
            return False
        return any(
            self._is_denied(clause, is_turned=clause in turned) for clause in self._said.clauses
        )

    def _is_denied(self, clause: Clause, *, is_turned: bool) -> bool:
        """Say whether a clause is denied that the source affirms, or the other way round."""
        if is_turned:
            return False
        agree: list[int] = []
        differ: list[_Item] = []
        both = frozenset({"not", "without"})
        items = self._items_within(clause)
        if is_instead(_part(self._said, clause)):
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
        clause = self._source.clauses[_number_at(self._source.clauses, position)]
        text = self._source.text[max(0, clause.start - 1) : clause.end]
        is_next = self._is_pair and self._source.text.find("\n") < clause.start
        return is_next or bool(_AGAINST.match(text) or (is_denied and _JOINED.match(text)))

    def _negations_at(self, position: int) -> tuple[frozenset[str], ...]:
        """Give how a place of the source may be denied: in a list it may be as what is before."""
        clauses = self._source.clauses
        number = _number_at(clauses, position)
        own = clauses[number].negations
        before = clauses[number - 1].negations if number else own
        text = _part(self._source, clauses[number])
        n_words = len(self._starts(clauses[number].start, clauses[number].end))
        has_verb = says_choice(text) or says_duty(text)
        is_list = bool(_JOINED.match(text)) and n_words <= 2 and not has_verb  # noqa: PLR2004
        return (own, own | before) if is_list else (own,)

    def _is_reversed(self, item: _Item) -> bool:
        said = next((one for one in self._said.terms if one.start == item.start), None)
        there = [one for one in self._source.terms if one.start in item.places]
        return (
            said is not None
            and bool(there)
            and all(is_reverse(said.stem, one.stem) for one in there)
        )

    # --- who does what to whom ---

    def _is_turned_round(self) -> bool:
        """Say whether who does it and to whom have changed places."""
        if self._language not in FIXED_ORDER:
            return False
        for clause in self._said.clauses:
            terms = [t for t in self._said.terms if clause.start <= t.start < clause.end]
            if self._is_clause_turned(terms):
                return True
        return False

    def _is_clause_turned(self, terms: Sequence[Term]) -> bool:
        source = self._source
        places = [
            min((t.start for t in source.terms if self._is_same(one, t)), default=-1)
            for one in terms
        ]
        if len(places) < 3 or -1 in places:  # noqa: PLR2004 - a verb between
            return False
        turned = [place for place in places[1:-1] if places[-1] < place < places[0]]
        # "A is paid by B" is no other than "B pays A", nor "approval of B" than "B approves".
        here = _DONE_BY.search(self._said.text[: terms[-1].start])
        there = _DONE_BY.search(source.text[: places[0]])
        return bool(turned) and (here is None) == (there is None)

    def _has_other_agent(self) -> bool:
        """Say whether both say by whom something is done, and say it of others."""
        said, source = self._said, self._source
        here, there = agent_of(said.text), agent_of(source.text)
        agent = next((term for term in said.terms if term.start >= here), None)
        if min(here, there) < 0 or agent is None:
            return False
        if not any(self._is_same(agent, one) for one in source.terms):
            return False
        # "By eight votes" is nobody.
        near = self._starts(there, there + _NEAR)[:1]
        after = [term for term in source.terms if near and term.start >= near[0]]
        return (
            bool(after)
            and after[0].start == near[0]
            and not any(self._is_same(agent, one) for one in after)
        )

    def _has_stolen_agent(self) -> bool:
        """Say whether the source names who does it, and another of its words takes the place."""
        source = self._source
        if agent_of(self._said.text) >= 0 or len(source.clauses) < 2:  # noqa: PLR2004
            return False
        items = [one for one in self._items if one.places]
        for clause in source.clauses:
            there = agent_of(_part(source, clause))
            doer = self._starts(clause.start + max(there, 0), clause.end)
            if there < 0 or not items or not doer or doer[0] > clause.start + there + _NEAR:
                continue
            within = [all(clause.start <= at < clause.end for at in one.places) for one in items]
            is_named = any(at in one.places for at in doer for one in items)
            if any(within) and not within[0] and not is_named:
                return True
        return False

    def _mixes_clauses(self) -> bool:
        """Say whether one clause takes its subject from one of the source, the rest from another.

        "Mr A teaches chemistry and Ms B teaches physics" does not say that Mr A teaches physics.
        """
        clauses = self._with_lists(self._source)
        if len(clauses) < 2 or self._is_row:  # noqa: PLR2004
            return False
        if self._is_pair and self._takes_the_second_subject():
            return True
        for clause in self._with_lists(self._said):
            items = [one for one in self._items_within(clause) if one.places]
            for second in range(1, len(clauses)):
                for first in range(second):
                    if self._mixes(items, clauses[first], clauses[second]):
                        return True
        return False

    @staticmethod
    def _with_lists(content: Content) -> list[Clause]:
        """Give clauses; what only goes on with a list stays with what is before."""
        found: list[Clause] = []
        for clause in content.clauses:
            text = _part(content, clause)
            starts = [t.start for t in content.terms] + [f.start for f in content.facts]
            n_words = sum(clause.start <= at < clause.end for at in starts)
            is_cut = content.text[clause.start - 1 : clause.start] in (",", "、", "،")
            is_short = len(text.split()) <= N_LIST_WORDS and n_words == 1
            is_item = is_short and (is_cut or _AND.match(text)) and not _FINITE.search(text)
            if found and is_item and found[-1].negations == clause.negations:
                found[-1] = Clause(found[-1].start, clause.end, clause.negations)
            else:
                found.append(clause)
        return found

    def _takes_the_second_subject(self) -> bool:
        """Say whether what the second of two sentences is about gets what the first one says."""
        source = self._source
        start = source.text.index("\n") + 1
        own = self._starts(start, len(source.text))
        items = [one for one in self._items if one.places]
        if not own or not items or own[0] not in items[0].places:
            return False
        # "It", the second sentence says, of what the first one is about.
        about = set(self._starts(0, start)[:N_ABOUT])
        return any(max(one.places) < start and about.isdisjoint(one.places) for one in items)

    def _mixes(self, items: Sequence[_Item], first: Clause, second: Clause) -> bool:
        ours = [_used(items, first, second), _used(items, second, first)]
        left = [self._left_over(first, items), self._left_over(second, items)]
        if not (all(ours) and all(left)):
            return False
        if self._exchanges_names(ours, left):
            return True
        text = _part(self._source, second)
        is_elliptic = bool(_AND.match(text)) and not _OWN_SUBJECT.match(text)
        if is_elliptic and not self._names_within(second):
            # "It is free for students and costs 15 euros for others": both are of the same.
            ours[0] = [one for one in ours[0] if max(one.places) > left[0][0]]
            is_set_apart = bool(ours[0]) and left[1][-1] > min(ours[1][0].places)
        else:
            is_set_apart = self._is_parallel(first, second)
        if not ours[0]:
            return False
        lead = 0 if ours[0][0].start < ours[1][0].start else 1
        own = (first, second)[lead]
        is_subject = self._starts(own.start, own.end)[0] in ours[lead][0].places
        if not is_set_apart and not (is_subject and _OWN_SUBJECT.match(text)):
            # Only if the subject itself has been exchanged.
            return False
        if is_subject and not is_elliptic:
            return True
        used = [[at for one in own for at in one.places] for own in ours]
        spans = ((first.start, first.end), (second.start, second.end))
        return any(
            left[n][0] < min(at for at in used[n] if spans[n][0] <= at < spans[n][1])
            for n in (0, 1)
        )

    def _exchanges_names(self, ours: Sequence[Sequence[_Item]], left: Sequence[list[int]]) -> bool:
        """Say whether one clause gets the name of another in place of its own."""
        for own, other in ((0, 1), (1, 0)):
            has_own_name = not self._names.isdisjoint(left[own])
            has_other_name = any(not self._names.isdisjoint(one.places) for one in ours[other])
            has_more = any(self._names.isdisjoint(one.places) for one in ours[own])
            if has_own_name and has_other_name and has_more:
                return True
        return False

    def _names_within(self, clause: Clause) -> bool:
        return any(clause.start <= at < clause.end for at in self._names)

    def _left_over(self, clause: Clause, items: Sequence[_Item]) -> list[int]:
        taken = {at for one in items for at in one.places}
        light = {t.start for t in self._source.terms if is_light(t.stem, self._language)}
        starts = self._starts(clause.start, clause.end)
        return [at for at in starts if at not in taken and at not in light]

    def _is_parallel(self, first: Clause, second: Clause) -> bool:
        one, other = _part(self._source, first), _part(self._source, second)
        if _AGAINST.match(other) or self._source.text[second.start - 1] in ";；":
            return True
        here = {t.stem for t in self._source.terms if first.start <= t.start < first.end}
        there = {t.stem for t in self._source.terms if second.start <= t.start < second.end}
        if here & there or has_opposite(one, other):
            return True
        units = [
            {(f.kind, f.unit) for f in self._source.facts if c.start <= f.start < c.end}
            for c in (first, second)
        ]
        return bool(units[0] & units[1])

    # --- how much, when ---

    def _has_other_bounds(self) -> bool:
        said, source = self._said, self._source
        for fact in said.facts:
            same = [one for one in source.facts if fact.is_said_by(one)]
            if not same or fact.kind not in (
                FactKind.NUMBER, FactKind.DATE, FactKind.TIME, FactKind.WEEKDAY
            ):  # fmt: skip
                continue
            language = self._language
            bounds = [
                bound
                for one in same
                for bound in bounds_of(one, source.text, source.facts, language)
            ]
            mine = bounds_of(fact, said.text, said.facts, language)
            if not any(bounds_agree(bound, one) for one in bounds for bound in mine):
                return True
        return False

    def _has_other_times(self) -> bool:
        for operator in self._said_operators:
            if operator.sense not in _TEMPORAL:
                continue
            places = self._said_objects(operator)
            senses = {
                one.sense
                for one in self._source_operators
                if one.sense in _TEMPORAL and places & set(self._source_objects(one))
            }
            if senses and operator.sense not in senses:
                return True
        return False

    def _said_objects(self, operator: Operator) -> set[int]:
        clauses = self._said.clauses
        end = clauses[_number_at(clauses, operator.start)].end
        begin = 0 if self._language == "zh" else operator.end
        chosen = [one for one in self._items if begin <= one.start < end]
        if self._language == "zh":
            chosen = [one for one in self._items if one.start < operator.end][-N_OBJECTS:]
        chosen = sorted(chosen, key=lambda one: one.start)[:N_OBJECTS]
        return {at for one in chosen for at in one.places}

    def _source_objects(self, operator: Operator) -> list[int]:
        clauses = self._source.clauses
        clause = clauses[_number_at(clauses, operator.start)]
        if self._language == "zh":
            return self._starts(clause.start, operator.end)[-N_OBJECTS:]
        return self._starts(operator.end, clause.end)[:N_OBJECTS]

    def _states_what_is_awaited(self) -> bool:
        """Say whether it is said to be so what the source only waits for: "before it is paid"."""
        if has_sense(self._said_operators, *_TEMPORAL, Sense.IF):
            return False
        source = self._source
        for clause in source.clauses:
            if _AWAITED.match(_part(source, clause)) is None:
                continue
            terms = {t.start for t in source.terms if clause.start <= t.start < clause.end}
            if any(one.places and terms.issuperset(one.places) for one in self._items):
                return True
        return False

    def _has_other_order(self) -> bool:
        """Say whether what comes "then" comes first in the source."""
        said, source = _THEN.search(self._said.text), _THEN.search(self._source.text)
        if said is None or source is None:
            return False
        later = [one.places for one in self._items if one.start > said.end() and one.places]
        n_before = sum(max(places) < source.start() for places in later)
        return n_before > sum(min(places) > source.start() for places in later)

    def _turns_a_comparison(self) -> bool:
        """Say whether what is more and what is less have changed places around "than"."""
        than = _THAN.get(self._language)
        said = than.search(self._said.text) if than else None
        source = than.search(self._source.text) if than else None
        if said is None or source is None:
            return False
        after = [one.places for one in self._items if one.start > said.end() and one.places]
        before = [one.places for one in self._items if one.start < said.end() and one.places]
        return any(max(places) < source.end() for places in after) and any(
            min(places) > source.end() for places in before
        )

    def _drops_the_head(self) -> bool:
        """Say whether a thing is said of a permit that the source says of the application for it."""
        first = next((term for term in self._said.terms), None)
        places = next(
            (one.places for one in self._items if first and one.start == first.start), ()
        )
        taken = {at for one in self._items for at in one.places}
        heads = [_HEAD.search(self._source.text[:at]) for at in places]
        # Its own words may stand between: "application for a building permit".
        return bool(heads) and all(
            head is not None
            and head.start("head") not in taken
            and any(term.start == head.start("head") for term in self._source.terms)
            and not is_light(_stem_at(self._source, head.start("head")), self._language)
            for head in heads
        )

    # --- how far ---

    def _widens(self) -> bool:
        """Say whether "only" or "all" is said where the source says neither."""
        said, source = self._said, self._source
        for sense, allowing in (
            (Sense.ONLY, (Sense.ONLY, Sense.IF)),
            (Sense.ALL, (Sense.ALL,)),
        ):
            found = restrictions(said.text, self._language, said.facts, sense)
            if found and not has_sense(self._source_operators, *allowing):
                return True
        if not has_sense(self._said_operators, Sense.SOME, Sense.USUALLY, Sense.ONLY):
            for one in self._source_operators:
                following = self._starts(one.end, len(source.text))[:1]
                if (
                    one.sense is Sense.SOME
                    and following
                    and self._said_in(following[0], following[0] + 1)
                ):
                    return True
        return False

    def _drops_doubt(self) -> bool:
        """Say whether what is likely, usual or only wished for is said as if it were so."""
        if has_sense(self._said_operators, Sense.USUALLY, Sense.MAYBE, Sense.PLAN):
            return False
        for one in self._source_operators:
            if one.sense not in (Sense.USUALLY, Sense.MAYBE, Sense.PLAN):
                continue
            clause = self._source.clauses[_number_at(self._source.clauses, one.start)]
            begin = one.start if one.sense is Sense.PLAN else clause.start
            n_said = self._said_in(begin, clause.end)
            is_about_it = n_said * 2 >= len(self._starts(begin, clause.end))
            if n_said and is_about_it and not self._says_itself(one):
                return True
        return False

    def _says_itself(self, operator: Operator) -> bool:
        """Say whether what is said has the very word, as another part of speech perhaps."""
        return any(operator.start in one.places for one in self._items)

    def _drops_a_condition(self) -> bool:
        source = self._source
        if has_sense(self._said_operators, Sense.IF):
            return False
        for one in self._source_operators:
            if one.sense is not Sense.IF:
                continue
            before = max(
                (m.end() for m in _SEGMENT_END.finditer(source.text, 0, one.start)), default=0
            )
            after = _SEGMENT_END.search(source.text, one.end)
            end = after.start() if after else len(source.text)
            clause = source.clauses[_number_at(source.clauses, one.end - 1)]
            needed = self._starts(one.end, end)[:N_CONDITION]
            is_first = not self._starts(before, one.start)
            if is_first:
                span = (clause.end, end)
            else:
                # "..., if" is of all that stands before, "with cheese if" only of the cheese.
                is_of_all = source.text[: one.start].rstrip().endswith((",", "，"))
                pattern = _COORDINATED if is_of_all else _PHRASE_END
                cuts = [m.end() for m in pattern.finditer(source.text, before, one.start)]
                span = (max(cuts, default=before), one.start)
            n_there = sum(self._says_apart(at, *span) for at in needed)
            if self._said_in(*span) and needed and n_there * 2 <= len(needed):
                return True
        return self._drops_a_restriction()

    def _conditions_another(self) -> bool:
        """Say whether a condition is said of another number: "every month if", "every year if"."""
        for said in self._said_operators:
            if said.sense is not Sense.IF:
                continue
            objects = self._said_objects(said)
            fact = next((f for f in reversed(self._said.facts) if f.end <= said.start), None)
            rates = rates_of(self._said.text[: said.start])
            for one in self._source_operators:
                if one.sense is not Sense.IF or not objects & set(self._source_objects(one)):
                    continue
                own = next((f for f in reversed(self._source.facts) if f.end <= one.start), None)
                if fact and own and is_same_sort(fact, own) and not fact.is_said_by(own):
                    return True
                if own and not rates_of(self._source.text[own.end : one.start]) <= rates:
                    return True
        return False

    def _says_apart(self, position: int, start: int, end: int) -> bool:
        """Say whether a word of the source is said that does not stand in another part, too."""
        return any(
            position in one.places and not any(start <= at < end for at in one.places)
            for one in self._items
        )

    def _drops_a_threshold(self) -> bool:
        """Say whether "over 80 euros" is left out, from where on something is so."""
        source = self._source
        for fact in source.facts:
            clause = source.clauses[_number_at(source.clauses, fact.start)]
            bound = bound_of(fact, source.text, source.facts, self._language)
            is_threshold = bound in (Sense.MORE, Sense.LESS) or (
                fact.kind is FactKind.NUMBER and self._opens_with_from(clause)
            )
            if not is_threshold or self._said_in(fact.start, fact.start + 1):
                continue
            if self._said_in(clause.start, clause.end) >= N_CONDITION:
                return True
        return False

    def _opens_with_from(self, clause: Clause) -> bool:
        first = next((one for one in self._source_operators if one.start >= clause.start), None)
        if first is None or first.sense is not Sense.FROM:
            return False
        return not self._source.text[clause.start : first.start].strip()

    def _drops_who(self) -> bool:
        """Say whether a rule for "a member who has not paid" is said of just any member."""
        source = self._source
        if not (says_choice(source.text) or says_duty(source.text)):
            return False
        for clause in source.clauses[1:]:
            if not _WHO.match(_part(source, clause)) or source.text[clause.start - 2] in ",;":
                continue
            head = [t.start for t in source.terms if t.end == clause.start - 1][:1]
            if head and self._said_in(head[0], head[0] + 1):
                within = self._starts(clause.start, clause.end)
                if within and not self._said_in(clause.start, clause.end):
                    return True
        return False

    def _drops_a_restriction(self) -> bool:
        found = _RESTRICTED.match(self._source.text)
        if found is None:
            return False
        end = len(self._source.text)
        verb = _FINITE.search(self._source.text, found.end())
        needed = self._starts(found.end(), verb.start() if verb else end)
        needed = needed if verb else needed[:N_CONDITION]
        rest = needed[-1] + 1 if needed else end
        has_head = self._said_in(found.start("head"), found.end("head"))
        has_any = any(self._said_in(at, at + 1) for at in needed)
        return bool(has_head and self._said_in(rest, end) and needed and not has_any)

    def _invents_a_reason(self) -> bool:
        if self._is_pair or not has_sense(self._said_operators, Sense.BECAUSE):
            return False
        if has_sense(self._source_operators, Sense.BECAUSE):
            return False
        return _WEAK_REASON.search(self._source.text) is None


def _is_denied_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether both are denied or neither is; "without" once is "no" once."""
    return len(one) == len(other)


def _stem_at(content: Content, position: int) -> str:
    return next(term.stem for term in content.terms if term.start == position)


def _used(items: Sequence[_Item], own: Clause, other: Clause) -> list[_Item]:
    """Give what stands in one clause and not in the other."""
    return sorted(
        (
            one
            for one in items
            if any(own.start <= at < own.end for at in one.places)
            and not any(other.start <= at < other.end for at in one.places)
        ),
        key=lambda one: one.start,
    )


def _differs_in_rate(one: str, other: str) -> bool:
    """Say whether something is monthly here and yearly there."""
    said, source = rates_of(one), rates_of(other)
    return bool(said and source) and not said <= source


def _part(content: Content, clause: Clause) -> str:
    return content.text[clause.start : clause.end]


def _number_at(clauses: Sequence[Clause], position: int) -> int:
    for number, clause in enumerate(clauses):
        if position < clause.end:
            return number
    return len(clauses) - 1
