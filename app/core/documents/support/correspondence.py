"""What of an answer's sentence stands where in its source, for the rules that compare the two."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.documents.support.names import names_of
from app.core.documents.support.operators import Operator, operators_of
from app.core.documents.support.polarity import Clause
from app.core.documents.support.source_sentences import Content, SourceSentence, SourceText, Term
from app.core.documents.support.word_relations import is_among, is_reverse

N_OBJECTS = 4
"""So many words after "before" say before what."""
AGAINST = re.compile(
    r"^\W*(?:while|whereas|but|während|aber|sondern|tandis que|alors que|mais|mientras|pero|mentre"
    r"|ma|invece|enquanto|terwijl|maar|а|но|而|但|بينما|لكن)(?!\w)|^;|^；",
    re.IGNORECASE,
)
"""Begins a clause that is set against the one before."""

FINITE = re.compile(
    r"(?<!\w)(?:may|must|can|shall|will|should|is|are|was|were|has|have|need|needs|do|does|cannot"
    r"|darf|dürfen|muss|müssen|kann|können|soll|sollen|ist|sind|wird|werden|haben|hat|peut|peuvent"
    r"|doit|doivent|est|sont|ont|debe|deben|puede|pueden|es|son|deve|devono|può|possono|sono|è"
    r"|может|могут|должен|должны|обязаны)(?!\w)|,",
    re.IGNORECASE,
)
"""A verb that a clause has of its own, or a comma: there what stands before it ends."""


@dataclass(frozen=True, slots=True)
class Item:
    """A word or a fact of what is said, and where the source has the same."""

    start: int
    places: tuple[int, ...]


class Correspondence:
    """One sentence of an answer beside a source that has its words.

    Attributes:
        said, source: both sentences.
        items: what is said, with the places in the source that say the same.
        names: where the source has names.
        is_pair: the source is two sentences that are neighbours, on a line each.
        is_row: it is a row of a table.
        heading: what stands above the source.
    """

    def __init__(self, text: SourceText, said: Content, source: SourceSentence) -> None:
        self.language = text.language
        self._text = text
        self.said = said
        self.source = source.content
        self.is_pair = source.n_sentences > 1
        passage = text.passages[source.passage_index]
        self.heading = (*passage.place.heading_path, passage.header)
        self.is_row = bool(passage.header)
        self.said_operators = operators_of(said.text, self.language)
        self.source_operators = operators_of(self.source.text, self.language)
        self.items = tuple(self._matched())
        self.names = frozenset(one.start for one in names_of(self.source, self.language))

    def _matched(self) -> Iterator[Item]:
        for term in self.said.terms:
            places = tuple(one.start for one in self.source.terms if self.is_same(term, one))
            places = places or tuple(
                one.start for one in self.source.terms if is_reverse(term.stem, one.stem)
            )
            yield Item(term.start, places)
        for fact in self.said.facts:
            places = tuple(one.start for one in self.source.facts if fact.is_said_by(one))
            yield Item(fact.start, places)

    def is_same(self, term: Term, other: Term) -> bool:
        """Say whether a word of one is a word of the other."""
        return is_among(term.stem, (other.stem,), self.language)

    def items_within(self, clause: Clause) -> list[Item]:
        """Give what one clause of what is said has."""
        return [one for one in self.items if clause.start <= one.start < clause.end]

    def n_said_in(self, start: int, end: int) -> int:
        """Count what is said that stands between two characters of the source."""
        return sum(any(start <= at < end for at in one.places) for one in self.items)

    def starts(self, start: int, end: int) -> list[int]:
        """Give where the words and facts of the source between two of its characters stand."""
        terms = [one.start for one in self.source.terms]
        facts = [one.start for one in self.source.facts]
        return sorted(at for at in (*terms, *facts) if start <= at < end)

    def aligned(self) -> Iterator[tuple[Clause, Clause]]:
        """Give each clause of what is said with the clause of the source that is most like it."""
        weights = {term.start: self._text.weight(term.stem) for term in self.said.terms}
        for clause in self.said.clauses:
            items = self.items_within(clause)
            shares = [
                sum(
                    weights.get(one.start, 1.5)
                    for one in items
                    if any(other.start <= at < other.end for at in one.places)
                )
                for other in self.source.clauses
            ]
            if best := max(shares):
                yield clause, self.source.clauses[shares.index(best)]

    def said_objects(self, operator: Operator) -> set[int]:
        """Give where the source has what an operator of what is said is about: "before" what."""
        clauses = self.said.clauses
        end = clauses[number_at(clauses, operator.start)].end
        begin = 0 if self.language == "zh" else operator.end
        chosen = [one for one in self.items if begin <= one.start < end]
        if self.language == "zh":
            chosen = [one for one in self.items if one.start < operator.end][-N_OBJECTS:]
        chosen = sorted(chosen, key=lambda one: one.start)[:N_OBJECTS]
        return {at for one in chosen for at in one.places}

    def source_objects(self, operator: Operator) -> list[int]:
        """Give where the source has what one of its own operators is about."""
        clauses = self.source.clauses
        clause = clauses[number_at(clauses, operator.start)]
        if self.language == "zh":
            return self.starts(clause.start, operator.end)[-N_OBJECTS:]
        return self.starts(operator.end, clause.end)[:N_OBJECTS]


def part(content: Content, clause: Clause) -> str:
    """Give the text of a clause."""
    return content.text[clause.start : clause.end]


def number_at(clauses: Sequence[Clause], position: int) -> int:
    """Give which clause a place stands in."""
    for number, clause in enumerate(clauses):
        if position < clause.end:
            return number
    return len(clauses) - 1
