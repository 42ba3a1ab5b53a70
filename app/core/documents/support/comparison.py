"""Compares a sentence of an answer with a sentence of a passage, or with two neighbours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.documents.evidence import Support
from app.core.documents.facts.fact_types import ORDINAL, FactKind, HardFact, is_same_sort
from app.core.documents.facts.hard_facts import has_unit
from app.core.documents.facts.number_facts import counts_as, has_one_of, is_article, is_bare_one
from app.core.documents.search_terms import is_pieced
from app.core.documents.support.contradictions import contradicts, is_verbatim
from app.core.documents.support.names import names_of, opening_word
from app.core.documents.support.operators import UNSPACED
from app.core.documents.support.polarity import Clause, has_verb, says_modality
from app.core.documents.support.source_sentences import (
    Content,
    SourceSentence,
    SourceText,
    Term,
    mentions_its_place,
)
from app.core.documents.support.word_relations import is_among, is_light, is_reverse

SUPPORTED_COVERAGE = 0.62
"""Share of a sentence's words, by weight, that its source must have; words that claim nothing are
not counted. Numbers here were chosen on the labelled answers in `tests/core/documents/support`."""
WORD_COVERAGE = 0.5
"""Share that it must have of the words without numbers and dates."""
PIECED_COVERAGE = 0.8
CLAUSE_COVERAGE = 0.34
"""Share of the words of each clause, by number, that its source must have."""
WEAK_COVERAGE = 0.4
WEAK_BY_MEANING = 0.6
FACT_WEIGHT = 1.5
"""A fact counts as this many words of mean weight."""
KNOWN_ELSEWHERE = 2.5
"""A word that the source lacks but another place has tells against it more than a new word."""
N_ELLIPTIC = 3
"""A clause of so few words without a verb goes on with the subject of the one before."""
N_SUBJECT = 2
"""So many words at the beginning of a clause say what it is about."""
N_SHORT = 2
"""Answers with fewer words than this lean on the question."""

Similarities = Mapping[int, float]
"""Similarity of meaning of one sentence with each source sentence, by its index."""


@dataclass(frozen=True, slots=True)
class Match:
    """What the passages say about one sentence, or a part of one.

    Attributes:
        sources: what it rests on, best first; empty if nothing is even similar.
        missing: facts and names in it that its source does not have.
    """

    support: Support
    sources: tuple[SourceSentence, ...] = ()
    missing: tuple[str, ...] = ()
    score: float = 0.0


NO_MATCH = Match(Support.UNSUPPORTED)


class Comparison:
    """One sentence of an answer beside one sentence of a source, or two."""

    def __init__(
        self,
        text: SourceText,
        said: Content,
        source: SourceSentence,
        question: Content | None,
        known: Similarities,
    ) -> None:
        self._text = text
        self._said = said
        self._source = source
        self._question = question
        indices = range(source.index, source.index + source.n_sentences)
        self._meaning = max((known.get(index, 0.0) for index in indices), default=0.0)
        self._there = source.content.stems
        self._place = text.passages[source.passage_index].place

    def match(self) -> Match:
        """Say what the source says about the sentence."""
        coverage, is_near, n_found = self._coverage()
        is_near = is_near or self._meaning >= WEAK_BY_MEANING
        if not is_near or not n_found:
            return NO_MATCH
        is_quoted = is_verbatim(self._said, self._source)
        missing = [] if is_quoted else self._missing()
        score = coverage + 0.5 * self._meaning
        # No likeness in meaning is taken for support: of the sentences with one new word that were
        # most like their source (cosine from 0.85), 11 said the same and 14 something else.
        is_enough = coverage >= self._enough
        is_supported = is_enough and (
            is_quoted
            or (
                not missing
                and self._covers_all_clauses()
                and self._adds_nothing()
                and not contradicts(self._text, self._said, self._source)
            )
        )
        support = Support.SUPPORTED if is_supported else Support.WEAK
        return Match(support, (self._source,), tuple(dict.fromkeys(missing)), score)

    @property
    def _enough(self) -> float:
        """Coverage needed: more for pairs of characters, most of which are shared by chance."""
        stems = self._said.stems
        n_pieced = sum(not stem.isascii() and is_pieced(stem) for stem in stems)
        return PIECED_COVERAGE if n_pieced * 2 > len(stems) else SUPPORTED_COVERAGE

    # --- words ---

    @property
    def _mean_weight(self) -> float:
        stems = self._said.stems
        return sum(map(self._text.weight, stems)) / len(stems) if stems else 1.0

    def _has(self, stem: str) -> bool:
        return not self._text.alike(stem).isdisjoint(self._there)

    def _is_around(self, stem: str) -> bool:
        return self._has(stem) or stem in self._source.context

    def _coverage(self) -> tuple[float, bool, int]:
        """Give the share of what is said that the source says, by weight.

        Returns:
            The share, in which words that stand elsewhere tell against the source; whether the
            mere share is enough to be near; and how many words and facts are there.
        """
        stems = dict.fromkeys(
            term.stem
            for term in self._said.terms
            if self._is_around(term.stem) or not self._is_light(term.stem)
        )
        mean = self._mean_weight
        found = total = against = 0.0
        n_found = 0
        for stem in stems:
            weight = self._text.weight(stem)
            is_there = self._is_around(stem) or self._is_reversed(stem)
            total += weight
            if not is_there and self._text.knows(stem):
                against += weight * (KNOWN_ELSEWHERE - 1)
            if is_there:
                found += weight
                n_found += self._has(stem)
        if len(stems) >= N_SHORT and found < WORD_COVERAGE * total:
            # Numbers alone, be they ever so many, say nothing of what they are numbers of.
            against += total
        for fact in self._said.facts:
            is_there = self._says(fact)
            total += mean * FACT_WEIGHT
            if is_there:
                found += mean * FACT_WEIGHT
                n_found += 1
        n_all = len(stems) + len(self._said.facts)
        is_short = n_all < N_SHORT and n_all + says_modality(self._said.text) < N_SHORT
        is_short = is_short or not stems
        is_near = found >= WEAK_COVERAGE * total
        if is_short and not self._answers_question(stems):
            return 0.0, is_near, n_found
        return (found / (total + against) if total else 0.0), is_near, n_found

    def _answers_question(self, said: Mapping[str, None]) -> bool:
        """Say whether the source speaks of what was asked, as a short answer itself does not."""
        if self._question is None:
            return True
        asked = [one for one in self._question.stems if one not in said]
        if not asked:
            return len(said) + len(self._said.facts) > 1
        return any(self._is_around(stem) for stem in asked)

    # --- facts and names ---

    def _says(self, fact: HardFact) -> bool:
        if fact.stands_in(self._source.content.facts):
            return True
        source = self._source.content.text
        if is_bare_one(fact) and has_one_of(source, self._said.text[fact.end :]):
            return True
        if fact.unit == ORDINAL and counts_as(fact, self._source.content.text):
            return True
        if is_article(fact) and has_unit(self._source.content.text, fact.unit):
            return True
        if mentions_its_place(fact, self._said.text, self._place):
            return True
        return fact.kind is FactKind.CODE and fact.key in _squeezed(self._source.content.text)

    def _missing(self) -> list[str]:
        missing = [fact.surface for fact in self._said.facts if not self._says(fact)]
        missing.extend(self._missing_names())
        missing.extend(self._swapped())
        return missing

    def _missing_names(self) -> list[str]:
        names = list(names_of(self._said, self._text.language))
        first = opening_word(self._said)
        # A word that only ever has a capital in the passages is a name there too.
        if first is not None and first not in names and self._is_name_elsewhere(first):
            names.append(first)
        return [name.surface for name in names if not self._is_around(name.stem)]

    def _is_name_elsewhere(self, word: Term) -> bool:
        surfaces = [
            term.surface
            for one in self._text.sentences
            for term in one.content.terms
            if term.stem == word.stem and term.start > 0
        ]
        return bool(surfaces) and all(surface[0].isupper() for surface in surfaces)

    def _swapped(self) -> list[str]:
        """Give numbers that the source has, but for something else that is spoken of."""
        found: list[str] = []
        for fact in self._said.facts:
            if fact.kind in (FactKind.NUMBER, FactKind.DATE, FactKind.TIME):
                beside = self._beside(fact)
                if beside and self._belongs_elsewhere(fact, beside):
                    found.append(fact.surface)
        return found

    def _beside(self, fact: HardFact) -> frozenset[str]:
        """Give the words of the clause of a fact; those of the question for a number alone."""
        clause = _clause_at(self._said.clauses, fact.start)
        stems = {t.stem for t in self._said.terms if clause.start <= t.start < clause.end}
        if not stems and len(self._said.clauses) == 1:
            stems = set(self._question.stems) if self._question else set()
        return frozenset(stem for stem in stems if self._has(stem))

    def _belongs_elsewhere(self, fact: HardFact, beside: frozenset[str]) -> bool:
        """Say whether another clause with another number has more of the words beside it."""
        content = self._source.content
        # "On Sundays" and the like bind a number to its clause as words do.
        said_clause = _clause_at(self._said.clauses, fact.start)
        further = [
            one
            for one in self._said.facts
            if one is not fact and said_clause.start <= one.start < said_clause.end
        ]
        if self._text.language in UNSPACED:
            return self._stands_beside_another(fact)
        own = other = -1.0
        subject: list[str] = []
        for clause in content.clauses:
            within = [f for f in content.facts if clause.start <= f.start < clause.end]
            terms = [t for t in content.terms if clause.start <= t.start < clause.end]
            stems = [t.stem for t in terms]
            first = within[0].start if within else clause.end
            before = [t.stem for t in terms if t.start < first]
            if (
                subject
                and within
                and len(terms) <= N_ELLIPTIC
                and not has_verb(content.text, clause)
            ):
                # "140 euros, for students 95": both are of what stands before the first.
                stems = [*subject, *stems]
            elif before:
                # A verb may stand at the end: "werden mit 25 Prozent bezahlt".
                verb = [t.stem for t in terms[-1:] if self._text.language == "de"]
                subject = [*before, *verb]
            elif within:
                # "Took three days and has 14 left": of the same person, who does something else.
                stems = [*subject[:N_SUBJECT], *stems]
            share = sum(
                self._text.weight(stem)
                for stem in beside
                if is_among(stem, stems, self._text.language)
            )
            n_facts = sum(one.stands_in(tuple(within)) for one in further)
            share += n_facts * FACT_WEIGHT * self._mean_weight
            if any(fact.is_said_by(one) for one in within):
                own = max(own, share)
            elif any(
                is_same_sort(one, fact) and not any(g.is_said_by(one) for g in further)
                for one in within
            ):
                other = max(other, share)
        return own >= 0 and other > own

    def _stands_beside_another(self, fact: HardFact) -> bool:
        """Say whether the characters before a number stand before another one in the source."""
        content = self._source.content
        mine = _around(self._said.text, fact)
        beside = {
            one: any(a and a == b for a, b in zip(mine, _around(content.text, one), strict=True))
            for one in content.facts
            if is_same_sort(one, fact)
        }
        own = [is_there for one, is_there in beside.items() if fact.is_said_by(one)]
        return not any(own) and any(beside.values())

    def _adds_nothing(self) -> bool:
        """Say whether each word of what is said stands in the source, or claims nothing."""
        added = [
            stem
            for stem in self._said.stems
            if not (self._is_around(stem) or self._is_light(stem) or self._is_reversed(stem))
        ]
        # Where two words of Chinese meet, one pair of characters is of neither.
        text = self._source.content.text
        return not added or (
            len(added) == 1 and is_pieced(added[0]) and all(one in text for one in added[0])
        )

    def _is_light(self, stem: str) -> bool:
        if stem.isascii() or not is_pieced(stem):
            return is_light(stem, self._text.language)
        # Where two words meet, a pair of characters is of neither.
        text = self._source.content.text
        known = [one in text for one in stem]
        light = [is_light(one, self._text.language) for one in stem]
        return any(light) and all(a or b for a, b in zip(known, light, strict=True))

    def _is_reversed(self, stem: str) -> bool:
        return any(is_reverse(stem, other) for other in self._there)

    def _covers_all_clauses(self) -> bool:
        """Say whether no clause of what is said is made up as a whole."""
        for clause in self._said.clauses:
            stems = [s for s in _stems_within(self._said, clause) if not self._is_light(s)]
            facts = [one for one in self._said.facts if clause.start <= one.start < clause.end]
            n_found = sum(self._is_around(stem) for stem in stems) + sum(map(self._says, facts))
            if n_found < CLAUSE_COVERAGE * (len(stems) + len(facts)):
                return False
        return True


def _stems_within(content: Content, clause: Clause) -> list[str]:
    return [t.stem for t in content.terms if clause.start <= t.start < clause.end]


def _clause_at(clauses: Sequence[Clause], position: int) -> Clause:
    for clause in clauses:
        if position < clause.end:
            return clause
    return clauses[-1]


def _squeezed(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())


def _around(text: str, fact: HardFact) -> tuple[str, str]:
    """Give the two characters before a fact, and after it."""
    before, after = text[max(0, fact.start - 2) : fact.start], text[fact.end : fact.end + 2]
    return (before if before.isalpha() else "", after if after.isalpha() else "")
