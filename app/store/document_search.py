"""Finds the chunks that answer a question best: by words, by meaning, then both together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.core.documents import ranking
from app.core.documents.ranking import PIECE_MARK, Scores, TermCounts
from app.core.documents.relevance import AskedWord
from app.core.documents.stop_words import STOP_WORDS
from app.store import chunk_search
from app.store.database import Database
from app.store.name_search import Named, NameSearch
from app.store.question_terms import QuestionTerms, TermCounter
from app.store.search_scope import Scope, WantedChunks
from app.store.vector_search import ContentChunks, Floats, VectorSearch

N_CANDIDATES = 120
"""Chunks that each way of search may name."""
N_RANKED = 30
"""Chunks that are given, without repetitions."""
FEEDBACK_FREQUENCY = 0.1
"""Words in more of the chunks than this are never learnt from the best ones."""
MAX_FEEDBACK_TERMS = 80
VECTOR_FEEDBACK = 0.5
"""How much the mean of the best chunks' vectors counts beside the question's (Rocchio)."""
NAME_WEIGHT = 1.25
"""What names count beside words: standard deviations of their scores by unit of idf."""
N_EACH_NAMED = 10
N_FIRST_NAMED = 2
"""Chunks of a document that is named which are looked at, with or without the other words."""
MAX_NAMED_TERMS = 8

_ALL_STOPS = frozenset(word for words in STOP_WORDS.values() for word in words)


@dataclass(frozen=True, slots=True)
class QueryVector:
    """A question's vector by one embedding model; `weight` by how well it knows the language."""

    vector: Floats
    weight: float = ranking.VECTOR_WEIGHT


@dataclass(frozen=True, slots=True)
class Found:
    """The chunks found, best first.

    Attributes:
        scores: of all candidates; comparable within this search.
        cosines: of those that were found by meaning, by the question's own vector.
        asked: words of the question with their weights.
        terms: of all candidates.
        named: what the names of documents say of the question.
    """

    ranked: tuple[int, ...]
    scores: Scores
    cosines: Scores
    asked: tuple[AskedWord, ...]
    terms: Mapping[int, TermCounts]
    named: Named


class DocumentSearch:
    """Searches a joined database; keeps the vectors of the models that were asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vectors: dict[str, VectorSearch] = {}
        self._names = NameSearch()
        self._terms = TermCounter(database)

    def forget(self) -> None:
        """Drop all that was read, as when the database is another one."""
        self._vectors.clear()
        self._terms.forget()

    def prepare(self, scope: Scope) -> Iterator[None]:
        """Do in steps what the first question to a scope would have to wait for."""
        # One file alone has a search of its own; see `find`.
        if len(scope.entries) > 1:
            yield from self._names.prepare(scope)
        for key in scope.keys:
            yield from self._vectors_by(key).refresh_in_steps(
                self._database, _contents_of(scope, key)
            )

    def has_vectors(self, scope: Scope, embedding_key: str) -> bool:
        """Say whether there is any vector to search; reads those that are new."""
        search = self._vectors_by(embedding_key)
        search.refresh(self._database, _contents_of(scope, embedding_key))
        return len(search) > 0

    def nearest(
        self, scope: Scope, embedding_key: str, vector: Floats, limit: int
    ) -> dict[int, float]:
        """Give the chunks nearest to a vector, and their cosines; `has_vectors` goes before."""
        vectors = self._vectors[embedding_key]
        return vectors.find(self._database, vector, limit, scope.keys[embedding_key])

    def find(self, scope: Scope, question: str, queries: Mapping[str, QueryVector]) -> Found:
        """Find chunks.

        Args:
            scope: what to search.
            question: what to search for.
            queries: its vectors, by the key of their embedding model; may be empty.
        """
        wanted = WantedChunks(scope)
        words = self._terms.terms_of(scope, question)
        # One file alone takes no place in memory from the names of all.
        names_of_files = self._names if len(scope.entries) > 1 else NameSearch()
        named = names_of_files.find(scope, question, words.asked)
        # Even where all is searched: the index holds what is being read, and what was read since.
        by_words = chunk_search.find(
            self._database, words.searched, words.pieces, N_CANDIDATES, wanted.__contains__
        )
        cosines = {
            key: self._near(scope, key, query.vector, named)
            for key, query in queries.items()
            if key in self._vectors
        }
        candidates = by_words.keys() | {one for found in cosines.values() for one in found}
        candidates |= self._of_named(scope, named, words)
        terms = chunk_search.terms_in(self._database, candidates)
        mean = sum(one.length for one in terms.values()) / max(1, len(terms))
        contents = {key: wanted.content_of(key) or 0 for key in terms}
        lexical = {
            key: ranking.bm25(words.weights, one, mean, words.idfs) for key, one in terms.items()
        }
        vector_weight = max((query.weight for query in queries.values()), default=0.0)
        name_weight = NAME_WEIGHT * (1 - vector_weight)
        names = {
            key: name_weight * named.scores.get(content, 0.0) for key, content in contents.items()
        }
        without = self._without_vectors(cosines, terms)
        fused = ranking.fused(lexical, _merged(cosines), vector_weight, without)
        first = _raised(fused, names)
        second = self._second(first, lexical, terms, mean, words, cosines, queries)
        scores = _raised(second, names)
        ranked = ranking.without_repetitions(
            ranking.best_first(scores),
            terms,
            N_RANKED,
            lambda key: named.words.get(contents.get(key, 0)),
        )
        nearest = {key: one for found in cosines.values() for key, one in found.items()}
        return Found(tuple(ranked), scores, nearest, words.asked, terms, named)

    def _vectors_by(self, embedding_key: str) -> VectorSearch:
        """Give the vectors of a model as far as they have been read."""
        if embedding_key not in self._vectors:
            self._vectors[embedding_key] = VectorSearch(embedding_key)
        return self._vectors[embedding_key]

    def _near(self, scope: Scope, key: str, vector: Floats, named: Named) -> dict[int, float]:
        """Give the nearest chunks of all documents, and those of the ones that are named."""
        found = self.nearest(scope, key, vector, N_CANDIDATES)
        contents = scope.keys[key]
        clear = np.intersect1d(np.asarray(named.clear, np.int64), contents)
        if 0 < len(clear) < len(contents):
            found |= self._vectors[key].find(self._database, vector, N_CANDIDATES // 2, clear)
        return found

    def _of_named(self, scope: Scope, named: Named, words: QuestionTerms) -> set[int]:
        """Give chunks of the documents that a question names: its first, and the best by words."""
        clear = named.clear
        found: set[int] = set()
        for content in clear:
            chunks = scope.files[content].chunks
            each = max(N_EACH_NAMED, N_CANDIDATES // len(clear))
            found.update(range(chunks.first, chunks.first + min(N_FIRST_NAMED, chunks.count)))
            if chunks.count <= each:
                found.update(range(chunks.first, chunks.first + chunks.count))
                continue
            scores: dict[int, float] = {}
            for term in words.searched[:MAX_NAMED_TERMS]:
                for one in chunk_search.find_within(self._database, term, chunks):
                    scores[one] = scores.get(one, 0.0) + words.idfs[term]
            found.update(ranking.best_first(scores)[:each])
        return found

    def _second(
        self,
        first: Scores,
        lexical: Scores,
        terms: Mapping[int, TermCounts],
        mean: float,
        words: QuestionTerms,
        cosines: Mapping[str, Scores],
        queries: Mapping[str, QueryVector],
    ) -> dict[int, float]:
        """Rank again with what the best chunks of the first round have in common."""
        best = ranking.feedback_of(first, has_vectors=any(cosines.values()))
        n_words = len(words.asked)
        by_words = dict(lexical)
        if n_words >= ranking.SHORTEST_EXPANDED:
            new = self._new_terms(best, first, terms, words.n_all)
            weights = {term: weight for term, (weight, _) in new.items()}
            idfs = {term: one for term, (_, one) in new.items()}
            share = ranking.FEEDBACK_SHARE
            by_words = {
                key: (1 - share) * lexical[key] / n_words
                + share * ranking.bm25(weights, one, mean, idfs)
                for key, one in terms.items()
            }
        if not any(cosines.values()):
            return ranking.fused(by_words, {})
        nearer = {key: self._nearer(key, queries[key].vector, best, terms) for key in cosines}
        vector_weight = max(query.weight for query in queries.values())
        embedded = {one for found in nearer.values() for one in found}
        without = frozenset(terms.keys() - embedded)
        scores = ranking.fused(by_words, _merged(nearer), vector_weight, without)
        if vector_weight < ranking.VECTOR_WEIGHT:
            return scores
        return self._smoothed(scores, list(cosines))

    def _new_terms(
        self, best: Sequence[int], first: Scores, terms: Mapping[int, TermCounts], n_all: int
    ) -> dict[str, tuple[float, float]]:
        """Give words that the best chunks share: their weights and how much they say."""
        feedback = [(first[key], terms[key]) for key in best if key in terms]
        spread: dict[str, int] = {}
        for _, one in feedback:
            for term in one.counts:
                if term not in _ALL_STOPS and not term.startswith(PIECE_MARK):
                    spread[term] = spread.get(term, 0) + 1
        shared = sorted(
            (term for term, count in spread.items() if count > 1),
            key=lambda term: (-spread[term], term),
        )[:MAX_FEEDBACK_TERMS]
        counts = self._terms.count(shared, n_all)
        idfs = {
            term: ranking.idf(count, n_all)
            for term, count in counts.items()
            if count <= max(2, FEEDBACK_FREQUENCY * n_all)
        }
        weights = ranking.new_terms(feedback, idfs)
        return {term: (weight, idfs[term]) for term, weight in weights.items()}

    def _nearer(
        self, key: str, query: Floats, best: Sequence[int], terms: Mapping[int, TermCounts]
    ) -> dict[int, float]:
        ids, vectors = self._vectors[key].vectors_of(self._database, list(terms))
        if not ids:
            return {}
        wanted = set(best)
        chosen = [row for row, one in enumerate(ids) if one in wanted]
        better = query
        if chosen:
            better = query + VECTOR_FEEDBACK * vectors[chosen].mean(axis=0)
            better = better / max(float(np.linalg.norm(better)), 1e-6)
        return dict(zip(ids, (vectors @ better).tolist(), strict=True))

    def _smoothed(self, scores: Scores, keys: Sequence[str]) -> dict[int, float]:
        if len(keys) != 1:
            return dict(scores)
        best = ranking.best_first(scores)[: ranking.N_SMOOTHED]
        ids, vectors = self._vectors[keys[0]].vectors_of(self._database, best)
        without = frozenset(best).difference(ids)
        return ranking.smoothed(scores, ids, (vectors @ vectors.T).tolist(), without)

    def _without_vectors(
        self, keys: Iterable[str], terms: Mapping[int, TermCounts]
    ) -> frozenset[int]:
        """Give the candidates whose meaning is not worked out yet."""
        without = set(terms)
        for key in keys:
            without.difference_update(self._vectors[key].which(terms))
        return frozenset(without)


def _contents_of(scope: Scope, embedding_key: str) -> list[ContentChunks]:
    """Give which chunks are searched with the vectors of a model."""
    return scope.chunks_of(set(scope.keys[embedding_key].tolist()))


def _raised(scores: Scores, names: Scores) -> dict[int, float]:
    """Give scores with what names add to them."""
    return {key: score + names.get(key, 0.0) for key, score in scores.items()}


def _merged(found: Mapping[str, Scores]) -> Scores:
    """Give the scores of all models as one; cosines of different models are not comparable."""
    if len(found) == 1:
        return next(iter(found.values()))
    merged: dict[int, float] = {}
    for scores in found.values():
        for key, score in ranking.standardised(scores).items():
            merged[key] = max(score, merged.get(key, score))
    return merged
