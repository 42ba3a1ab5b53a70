"""Whether two sentences that share their words say who does what to whom alike."""

import re
from collections.abc import Sequence
from itertools import pairwise

from app.core.documents.search_terms import is_pieced
from app.core.documents.support.correspondence import (
    AGAINST,
    FINITE,
    Correspondence,
    Item,
    number_at,
    part,
)
from app.core.documents.support.polarity import Clause, agent_of, has_verb
from app.core.documents.support.source_sentences import Content, Term
from app.core.documents.support.word_relations import has_opposite, is_light

FIXED_ORDER = frozenset(["en", "fr", "es", "it", "pt"])
"""Languages in which the order of words says who does what."""
WITHOUT_ARTICLES = frozenset(["ru", "uk", "pl", "cs", "zh"])
_NEAR = 12
"""So many characters after "by" begins who does it."""
N_GAPPED = 4
"""So many words stand in a clause whose verb is that of the one before."""
N_LIST_WORDS = 3
"""What goes on with a list has no more words than this: "and the roof"."""
N_ABOUT = 2
"""So many words at the beginning of a sentence say what it is about."""
_OWN_SUBJECT = re.compile(
    r"^\W*+(?:and|und|et|y|e|и|并且)?\s*(?:the|der|die|das|le|la|les|el|los|las|il|lo|gli|i"
    r"|all|those|others|some|alle|andere|tous|les autres|todos|tutti|a|an|ein|eine|un|une|una|mr"
    r"|mrs|ms|herr|frau|my|his|her|our|their|your|meine?|seine?|ihre?"
    r"|unsere?|mon|ma|mes|son|sa|ses|notre|leurs?|mis?|sus?|mio|mia|suo|sua|мой|моя|его|её)\s",
    re.IGNORECASE,
)
_AND = re.compile(r"^\W*(?:and|or|und|oder|sowie|et|ou|y|o|e|и|или|并且|و)(?!\w)", re.IGNORECASE)
_ARTICLE = (
    r"\s+(?:(?:[\w-]+\s+){1,3}?(?:and|or|und|oder|et|ou|y|o|e)\s+)?(?:(?:the|a|an|den|dem|der|la"
    r"|le|les|el|los|las|il|lo|his|her|their|its)\s+)?"
    r"(?:[\w-]+\s+)?$"
)
_BY = "by|from|von|vom|durch|par|por|da|dal|dalla|pelo|pela|door"
_DUTY = (
    "(?:approval|consent|permission|responsibility|duty|task|decision|a cargo|à la charge|a carico"
    "|autorización|accord|consenso|approvazione|aprobación) (?:of|de|del|du|des|di|della|do|da)"
    "|included in|compris(?:e|es)? dans|incluid[oa]s? en|compres[oaie] nel"
)
_DONE_BY = re.compile(rf"(?<!\w)(?:{_BY}|{_DUTY}){_ARTICLE}", re.IGNORECASE)
"""Before a noun, makes it the one who does it: "by the tenant", "approval of the head"."""
_THAN = {
    "en": re.compile(r"\bthan\b", re.IGNORECASE),
    "de": re.compile(r"\b\w+er\b.*?\bals\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:plus|moins)\b.*?\bqu(?:e\b|['’])", re.IGNORECASE),
    "es": re.compile(r"\b(?:más|menos)\b.*?\bque\b", re.IGNORECASE),
    "it": re.compile(r"\b(?:più|meno)\b.*?\b(?:che|di|del|della|dei)\b", re.IGNORECASE),
    "ru": re.compile(r"\bчем\b", re.IGNORECASE),
}
_PRONOUN = re.compile(
    r"^\W*(?:(?:and|but|und|aber|et|mais|y|pero|e|ma|и|но)\s+)?(?:it|he|she|they|this|er|sie|es"
    r"|dies\w*"
    r"|il|elle|ils|elles|él|ella|ellos|esta|este|esso|essa|lui|lei|он|она|оно|они)(?!\w)",
    re.IGNORECASE,
)
_AND_OR = {
    "en": ("and", "or"),
    "de": ("und", "oder"),
    "fr": ("et", "ou"),
    "es": ("y", "o"),
    "it": ("e", "o"),
    "ru": ("и", "или"),
}
_LINKS = frozenset("但不没而且也则并")
_WORDS = re.compile(r"\w+")
_WE = re.compile(r"^\W*(we|i|wir|ich|nous|je|nosotros|noi|io|мы|я)\b", re.IGNORECASE)
_RELATIVE = re.compile(r"^\W*(?:who|whose|which|qui|который|которая|которые)(?!\w)", re.IGNORECASE)
_HEAD = re.compile(
    r"(?<![^\W\d_])(?P<head>[^\W\d_]{3,})\s+(?:for|of|to|against|on|auf|für|gegen|pour|contre|para|contra"
    r"|per)\s+"
    r"(?:(?:a|an|the|your|his|her|their|our|its|ein|eine|den|die|das|der|dem|le|la|les|un|une|el"
    r"|los|las|una|il|lo|gli|i)\s+)?$",
    re.IGNORECASE,
)
"""A noun that what follows belongs to: "application for a", "drawings of the"."""


class Roles:
    """Who does what: a subject exchanged, an agent replaced, two clauses mixed."""

    def __init__(self, both: Correspondence) -> None:
        self._both = both

    def any(self) -> bool:
        """Say whether one of them tells against what is said."""
        return (
            self._is_turned_round()
            or self._has_other_agent()
            or self._has_stolen_agent()
            or self._mixes_clauses()
            or self._turns_a_comparison()
            or self._drops_the_head()
            or self._joins_what_is_either()
            or self._is_said_of_us()
        )

    def _is_turned_round(self) -> bool:
        """Say whether who does it and to whom have changed places."""
        if self._both.language not in FIXED_ORDER:
            return False
        for clause in self._both.said.clauses:
            terms = [t for t in self._both.said.terms if clause.start <= t.start < clause.end]
            if self._is_clause_turned(terms):
                return True
        return False

    def _is_clause_turned(self, terms: Sequence[Term]) -> bool:
        source = self._both.source
        places = [
            min((t.start for t in source.terms if self._both.is_same(one, t)), default=-1)
            for one in terms
        ]
        if len(places) < 3 or -1 in places:  # noqa: PLR2004 - a verb between
            return False
        turned = [place for place in places[1:-1] if places[-1] < place < places[0]]
        # "A is paid by B" is no other than "B pays A", nor "approval of B" than "B approves".
        here = _DONE_BY.search(self._both.said.text[: terms[-1].start])
        there = _DONE_BY.search(source.text[: places[0]])
        return bool(turned) and (here is None) == (there is None)

    def _has_other_agent(self) -> bool:
        """Say whether both say by whom something is done, and say it of others."""
        said, source = self._both.said, self._both.source
        here, there = agent_of(said.text), agent_of(source.text)
        agent = next((term for term in said.terms if term.start >= here), None)
        if min(here, there) < 0 or agent is None:
            return False
        if not any(self._both.is_same(agent, one) for one in source.terms):
            return False
        # "By eight votes" is nobody.
        near = self._both.starts(there, there + _NEAR)[:1]
        after = [term for term in source.terms if near and term.start >= near[0]]
        return (
            bool(after)
            and after[0].start == near[0]
            and not any(self._both.is_same(agent, one) for one in after)
        )

    def _has_stolen_agent(self) -> bool:
        """Say whether the source names who does it, and another of its words takes the place."""
        source = self._both.source
        if agent_of(self._both.said.text) >= 0 or len(source.clauses) < 2:  # noqa: PLR2004
            return False
        items = [one for one in self._both.items if one.places]
        for clause in source.clauses:
            there = agent_of(part(source, clause))
            doer = self._both.starts(clause.start + max(there, 0), clause.end)
            if doer and any(fact.start == doer[0] for fact in source.facts):
                # "Within two days" is nobody.
                continue
            if there < 0 or not items or not doer or doer[0] > clause.start + there + _NEAR:
                continue
            within = [all(clause.start <= at < clause.end for at in one.places) for one in items]
            is_named = any(at in one.places for at in doer for one in items)
            if any(within) and not within[0] and not is_named:
                return True
        return False

    def _joins_what_is_either(self) -> bool:
        """Say whether "this or that" has become "this and that"."""
        words = _AND_OR.get(self._both.language)
        if words is None or any(one.negations for one in self._both.said.clauses):
            return False
        items = sorted((one for one in self._both.items if one.places), key=lambda one: one.start)
        for one, other in pairwise(items):
            begin, end = sorted((one.places[0], other.places[0]))
            between = set(_WORDS.findall(self._both.source.text[begin:end].casefold()))
            said = set(_WORDS.findall(self._both.said.text[one.start : other.start].casefold()))
            if words[0] in said and words[1] in between and words[0] not in between:
                return True
        return False

    def _is_said_of_us(self) -> bool:
        """Say whether "we" does what the source says of another."""
        mine = _WE.match(self._both.said.text)
        places = [at for one in self._both.items for at in one.places[:1]]
        if mine is None or not places:
            return False
        source = self._both.source
        near = part(source, source.clauses[number_at(source.clauses, places[0])])
        return re.search(rf"\b{mine[1]}\b", near, re.IGNORECASE) is None

    def _mixes_clauses(self) -> bool:
        """Say whether one clause takes its subject from one of the source, the rest from another.

        "Mr A teaches chemistry and Ms B teaches physics" does not say that Mr A teaches physics.
        """
        clauses = self._with_lists(self._both.source)
        if len(clauses) < 2 or self._both.is_row:  # noqa: PLR2004
            return False
        if self._both.is_pair and self._takes_the_second_subject():
            return True
        for clause in self._with_lists(self._both.said):
            items = [one for one in self._both.items_within(clause) if one.places]
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
            text = part(content, clause)
            starts = [t.start for t in content.terms] + [f.start for f in content.facts]
            n_words = sum(clause.start <= at < clause.end for at in starts)
            is_cut = content.text[clause.start - 1 : clause.start] in (",", "、", "،")
            is_short = len(text.split()) <= N_LIST_WORDS and n_words == 1
            is_value = content.text[: clause.start].rstrip().endswith((":", "："))
            is_item = (
                is_value
                or bool(_RELATIVE.match(text))
                or (is_short and (is_cut or _AND.match(text)) and not FINITE.search(text))
            )
            if found and is_item and found[-1].negations == clause.negations:
                found[-1] = Clause(found[-1].start, clause.end, clause.negations)
            else:
                found.append(clause)
        return found

    def _takes_the_second_subject(self) -> bool:
        """Say whether what the second of two sentences is about gets what the first one says."""
        source = self._both.source
        start = source.text.index("\n") + 1
        own = self._both.starts(start, len(source.text))
        items = [one for one in self._both.items if one.places]
        if not own or not items or own[0] not in items[0].places:
            return False
        # "It", the second sentence says, of what the first one is about.
        about = set(self._both.starts(0, start)[:N_ABOUT])
        return any(max(one.places) < start and about.isdisjoint(one.places) for one in items)

    def _mixes(self, items: Sequence[Item], first: Clause, second: Clause) -> bool:
        ours = [_used(items, first, second), _used(items, second, first)]
        left = [self._left_over(first, items), self._left_over(second, items)]
        if not (all(ours) and all(left)):
            return False
        if self._exchanges_names(ours, left):
            return True
        text = part(self._both.source, second)
        if self._is_taken_up(text, first, second, ours[0]):
            return False
        if _AND.match(text) and not _OWN_SUBJECT.match(text) and not self._names_within(second):
            # "It is free for students and costs 15 euros for others": both are of the same.
            ours[0] = [one for one in ours[0] if max(one.places) > left[0][0]]
            is_set_apart = bool(ours[0]) and left[1][-1] > min(ours[1][0].places)
            return is_set_apart and _is_preceded(left, ours, (first, second))
        return self._takes_another_subject(ours, left, (first, second))

    def _is_taken_up(
        self, text: str, first: Clause, second: Clause, taken: Sequence[Item]
    ) -> bool:
        """Say whether a clause goes on about the one before: "; it is waived"."""
        about = set(self._both.starts(first.start, first.end)[:N_ABOUT])
        if not _PRONOUN.match(text) or any(about.isdisjoint(one.places) for one in taken):
            return False
        return not self._left_over(second, self._both.items)

    def _takes_another_subject(
        self,
        ours: Sequence[Sequence[Item]],
        left: Sequence[list[int]],
        clauses: tuple[Clause, Clause],
    ) -> bool:
        """Say whether what one clause is about gets what the other one says."""
        lead = 0 if ours[0][0].start < ours[1][0].start else 1
        own = clauses[lead]
        is_subject = self._both.starts(own.start, own.end)[0] in ours[lead][0].places
        # Without articles a subject is not told from what follows.
        is_plain = is_subject and self._both.language in WITHOUT_ARTICLES
        if is_plain or self._is_parallel(*clauses) or self._is_gapped(clauses[1], left[1]):
            return is_subject or _is_preceded(left, ours, clauses)
        return is_subject and bool(_OWN_SUBJECT.match(part(self._both.source, clauses[1])))

    def _is_gapped(self, clause: Clause, left: Sequence[int]) -> bool:
        """Say whether a clause has a subject and no verb: ", all others through the office"."""
        starts = self._both.starts(clause.start, clause.end)
        is_short = len(starts) <= N_GAPPED and not has_verb(self._both.source.text, clause)
        return is_short and starts[0] == left[0]

    def _exchanges_names(self, ours: Sequence[Sequence[Item]], left: Sequence[list[int]]) -> bool:
        """Say whether one clause gets the name of another in place of its own."""
        names = self._both.names
        for own, other in ((0, 1), (1, 0)):
            has_own_name = not names.isdisjoint(left[own])
            has_other_name = any(not names.isdisjoint(one.places) for one in ours[other])
            has_more = any(names.isdisjoint(one.places) for one in ours[own])
            if has_own_name and has_other_name and has_more:
                return True
        return False

    def _names_within(self, clause: Clause) -> bool:
        return any(clause.start <= at < clause.end for at in self._both.names)

    def _left_over(self, clause: Clause, items: Sequence[Item]) -> list[int]:
        taken = {at for one in items for at in one.places}
        light = {t.start for t in self._both.source.terms if is_light(t.stem, self._both.language)}
        starts = self._both.starts(clause.start, clause.end)
        # Of Chinese, where "but not" and what is taken meet.
        edges = {
            t.start
            for t in self._both.source.terms
            if is_pieced(t.stem) and t.stem[0] in _LINKS and t.start + 1 in taken
        }
        return [at for at in starts if at not in taken | light | edges]

    def _is_parallel(self, first: Clause, second: Clause) -> bool:
        one, other = part(self._both.source, first), part(self._both.source, second)
        if AGAINST.match(other) or self._both.source.text[second.start - 1] in ";；":
            return True
        here = {t.stem for t in self._both.source.terms if first.start <= t.start < first.end}
        there = {t.stem for t in self._both.source.terms if second.start <= t.start < second.end}
        if here & there or has_opposite(one, other):
            return True
        units = [
            {(f.kind, f.unit) for f in self._both.source.facts if c.start <= f.start < c.end}
            for c in (first, second)
        ]
        return bool(units[0] & units[1])

    def _drops_the_head(self) -> bool:
        """Say whether what is said of the application for a permit is said of the permit."""
        first = next((term for term in self._both.said.terms), None)
        places = next(
            (one.places for one in self._both.items if first and one.start == first.start), ()
        )
        taken = {at for one in self._both.items for at in one.places}
        heads = [_HEAD.search(self._both.source.text[:at]) for at in places]
        # Its own words may stand between: "application for a building permit".
        return bool(heads) and all(
            head is not None
            and head.start("head") not in taken
            and any(term.start == head.start("head") for term in self._both.source.terms)
            and not is_light(_stem_at(self._both.source, head.start("head")), self._both.language)
            for head in heads
        )

    def _turns_a_comparison(self) -> bool:
        """Say whether what is more and what is less have changed places around "than"."""
        than = _THAN.get(self._both.language)
        said = than.search(self._both.said.text) if than else None
        source = than.search(self._both.source.text) if than else None
        if said is None or source is None:
            return False
        after = [one.places for one in self._both.items if one.start > said.end() and one.places]
        before = [one.places for one in self._both.items if one.start < said.end() and one.places]
        return any(max(places) < source.end() for places in after) and any(
            min(places) > source.end() for places in before
        )


def _stem_at(content: Content, position: int) -> str:
    return next(term.stem for term in content.terms if term.start == position)


def _is_preceded(
    left: Sequence[list[int]], ours: Sequence[Sequence[Item]], clauses: tuple[Clause, Clause]
) -> bool:
    """Say whether a clause has something else before what is taken of it."""
    for rest, own, clause in zip(left, ours, clauses, strict=True):
        used = [at for one in own for at in one.places if clause.start <= at < clause.end]
        if rest[0] < min(used):
            return True
    return False


def _used(items: Sequence[Item], own: Clause, other: Clause) -> list[Item]:
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
