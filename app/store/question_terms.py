"""The terms that a question is searched by: its words, how often each occurs, what it says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.core.documents import ranking
from app.core.documents.ranking import PIECE_MARK
from app.core.documents.relevance import LIKE_SHARE, AskedWord, asked_words, share_of
from app.core.documents.search_terms import (
    COMPOUNDING,
    SHORTEST_COMPOUND,
    SHORTEST_PART,
    is_pieced,
    stem,
)
from app.core.documents.word_likeness import SHORTEST, is_alike
from app.store import chunk_search
from app.store.database import Database
from app.store.search_scope import Scope

MANY_POSTINGS = 20_000
"""Chunks that hold a word of the question, counted for each, that are looked at: about 40 ms.
Words that are in more of them say so little that they are left to the scores."""
MANY_CHUNKS = 2_000
MAX_CHANGE = 0.05
"""Counts of terms that are in many chunks are kept until the index has grown by this share."""
PIECE_WEIGHT = 0.7
"""What all pieces of a word count for together, beside the word itself."""
FEWEST_CHUNKS = 100
"""Added to those there are when it is said how much a word says: in a folder of three letters, a
word that one of them holds is not a frequent one."""
N_ALIKE = 3
BEGINNINGS = (3, 1)
"""Letters that a word in the documents begins with as well to be looked at as another form."""
MANY_WORDS = 4_000
MANY_PAIRS = 20


@dataclass(slots=True)
class QuestionTerms:
    """What is known of the words of a question.

    Attributes:
        asked: the words, weighed.
        n_all: chunks of the index.
        weights, idfs: of the terms to score chunks by.
        searched, pieces: those that chunks are looked up by.
    """

    asked: tuple[AskedWord, ...]
    n_all: int
    weights: dict[str, float] = field(default_factory=dict)
    idfs: dict[str, float] = field(default_factory=dict)
    searched: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)


class TermCounter:
    """Counts in how many chunks terms are; keeps the counts that take long."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._frequent: dict[str, int] = {}
        self._n_counted = 0

    def forget(self) -> None:
        """Drop all counts."""
        self._frequent.clear()
        self._n_counted = 0

    def count(self, terms: Sequence[str], n_indexed: int) -> dict[str, int]:
        """Count the chunks that hold each term; frequent ones, which take long, now and then."""
        if abs(n_indexed - self._n_counted) > MAX_CHANGE * self._n_counted:
            self._frequent.clear()
            self._n_counted = n_indexed
        counts = {term: self._frequent[term] for term in terms if term in self._frequent}
        new = chunk_search.n_chunks_with(
            self._database, [term for term in terms if term not in counts]
        )
        self._frequent.update((term, count) for term, count in new.items() if count > MANY_CHUNKS)
        return counts | new

    def terms_of(self, scope: Scope, question: str) -> QuestionTerms:
        """Give the terms that a question is searched by in a scope."""
        asked = asked_words(question, scope.languages)
        stems = [one for word in asked for one in word.stems]
        pieces = list(dict.fromkeys(piece for one in asked for piece in one.pieces))
        counts = self.count([*stems, *pieces], scope.n_indexed)
        n_all = max(1, scope.n_indexed)
        weighed = []
        for one in asked:
            n_with = max((counts.get(stem, 0) for stem in one.stems), default=0)
            alike: dict[str, float] = {}
            if not n_with:
                alike = self._parts(one.word, scope) or self._alike(one, scope)
                counts |= self.count(list(alike), scope.n_indexed)
                n_with = max((counts.get(term, 0) for term in alike), default=0)
            weight = share_of(one.word) * ranking.idf(n_with, n_all + FEWEST_CHUNKS)
            weighed.append(replace(one, weight=weight, alike=tuple(alike.items())))
        return _terms(tuple(weighed), n_all, counts)

    def _alike(self, asked: AskedWord, scope: Scope) -> dict[str, float]:
        """Give terms that a word which no document holds may be another form of, or a slip."""
        if is_pieced(asked.word):
            return self._pairs(asked.word)
        found = self._compounds(asked, scope)
        for n_letters in BEGINNINGS:
            for one in asked.stems:
                if one.isalpha() and len(one) >= SHORTEST:
                    near = chunk_search.terms_beginning(
                        self._database, one[:n_letters], MANY_WORDS
                    )
                    found.update(term for term in near if is_alike(one, term))
            if found:
                break
        lengths = sorted(found, key=lambda term: (abs(len(term) - len(asked.stems[0])), term))
        return dict.fromkeys(lengths[:N_ALIKE], LIKE_SHARE)

    def _compounds(self, asked: AskedWord, scope: Scope) -> set[str]:
        """Give words that begin with a word, in languages that write compounds as one."""
        if COMPOUNDING.isdisjoint(scope.languages):
            return set()
        return {
            term
            for one in asked.stems
            if one.isalpha() and len(one) >= SHORTEST_PART
            for term in chunk_search.terms_beginning(self._database, one, N_ALIKE)
        }

    def _pairs(self, word: str) -> dict[str, float]:
        """Give pairs of characters that begin with a word of one character."""
        if len(word) > 1:
            return {}
        pairs = chunk_search.terms_beginning(self._database, word, MANY_PAIRS)
        return dict.fromkeys(pairs, LIKE_SHARE)

    def _parts(self, word: str, scope: Scope) -> dict[str, float]:
        """Give the longest word that a compound begins with, and the longest that ends it."""
        languages = [one for one in scope.languages if one in COMPOUNDING]
        if not languages or len(word) < SHORTEST_COMPOUND or not word.isalpha():
            return {}
        cuts = range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
        ends = {stem(word[cut:], one): len(word) - cut for cut in cuts for one in languages}
        begins = {stem(word[:cut], one): cut for cut in cuts for one in languages}
        known = self.count(list(ends.keys() | begins.keys()), scope.n_indexed)
        parts: dict[str, float] = {}
        for one in (ends, begins):
            best = max((term for term in one if term in known), key=one.__getitem__, default="")
            left = len(word) - sum(ends.get(term, 0) for term in parts)
            if best and one[best] <= left:
                parts[best] = one[best] / len(word)
        return parts


def _terms(asked: tuple[AskedWord, ...], n_all: int, counts: dict[str, int]) -> QuestionTerms:
    found = QuestionTerms(asked, n_all)
    searched: list[str] = []
    pieces: list[str] = []
    for one in asked:
        found.weights.update(dict.fromkeys(one.stems, 1.0))
        found.weights.update(one.alike)
        searched += [*one.stems, *(term for term, _ in one.alike)]
        known = [piece for piece in one.pieces if piece in counts]
        pieces += known
        for piece in known:
            found.weights[PIECE_MARK + piece] = PIECE_WEIGHT / len(known)
            found.idfs[PIECE_MARK + piece] = ranking.idf(counts[piece], n_all)
    found.idfs.update({term: ranking.idf(counts.get(term, 0), n_all) for term in searched})
    found.searched = _affordable([term for term in searched if term in counts], counts)
    found.pieces = _affordable(pieces, counts)
    return found


def _affordable(terms: Iterable[str], counts: dict[str, int]) -> list[str]:
    """Give the terms that few chunks hold, as many as can be looked up in time; one at least."""
    chosen: list[str] = []
    left = MANY_POSTINGS
    for term in sorted(dict.fromkeys(terms), key=lambda one: counts[one]):
        left -= counts[term]
        if left < 0 and chosen:
            break
        chosen.append(term)
    return chosen
