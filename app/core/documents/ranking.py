"""Puts what was found by words and by meaning into one order.

Everything here works on the few hundred candidates of one search, and knows no language. The
methods and their constants are those of the literature, not fitted to a set of questions.
"""

import math
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

K1 = 1.2
B = 0.75
"""BM25 as Robertson and Zaragoza (2009) recommend, and as FTS5 has them."""
VECTOR_WEIGHT = 0.5
FOREIGN_VECTOR_WEIGHT = 0.1
"""For questions in a language that the embedding model was not trained on: it finds 0.28 of
Chinese passages among its first five, words find 0.99."""
N_FEEDBACK = 5
"""Best chunks that are taken to be right, to learn more words and a better vector from."""
LEAST_FEEDBACK = 0.33
"""Share of the best one's score that each of them has to have where vectors name candidates:
the nearest of what is far away would teach what has nothing to do with the question."""
N_NEW_TERMS = 20
FEEDBACK_SHARE = 0.4
"""How much the learnt words weigh (RM3, Abdul-Jaleel et al. 2004; 0.4 to 0.5 is usual)."""
N_SMOOTHED = 60
N_NEIGHBOURS = 5
SMOOTHING = 0.3
"""A chunk's score leans on those most like it (Diaz 2005, regularised scores)."""
NEAR_DUPLICATE = 0.8
"""Share of common terms from which a chunk says the same as another."""
SHORTEST_EXPANDED = 3
"""Questions of fewer words are names or codes, to which nothing is added."""

PIECE_MARK = "~"
"""Keeps pieces of compounds apart from words."""

Scores = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How often each term is in a chunk, and how many there are."""

    counts: Mapping[str, int]
    length: int

    @classmethod
    def of(cls, words: str, heads: str = "", pieces: str = "") -> "TermCounts":
        """Count terms, apart by spaces; those of headings and pieces of words count as well."""
        counts = Counter(words.split())
        length = max(1, counts.total())
        counts.update(heads.split())
        counts.update(PIECE_MARK + piece for piece in pieces.split())
        return cls(counts, length)


def idf(n_with: int, n_all: int) -> float:
    """Give how much a term says, by how many of all chunks hold it; never below 0."""
    return math.log(1 + max(0.0, n_all - n_with + 0.5) / (n_with + 0.5))


def bm25(
    weights: Mapping[str, float], chunk: TermCounts, mean_length: float, idfs: Mapping[str, float]
) -> float:
    """Score a chunk by the words of a question.

    Args:
        weights: terms of the question and how much each counts.
        chunk: its terms.
        mean_length: terms of a chunk on average.
        idfs: `idf` of each term; those that are missing count nothing.
    """
    norm = K1 * (1 - B + B * chunk.length / mean_length)
    total = 0.0
    for term, weight in weights.items():
        count = chunk.counts.get(term, 0)
        if count:
            total += weight * idfs.get(term, 0.0) * count * (K1 + 1) / (count + norm)
    return total


def standardised(scores: Scores) -> dict[int, float]:
    """Give scores as distances from their mean, in standard deviations."""
    if not scores:
        return {}
    mean = sum(scores.values()) / len(scores)
    spread = math.sqrt(sum((one - mean) ** 2 for one in scores.values()) / len(scores))
    return {key: (one - mean) / spread if spread > 0 else 0.0 for key, one in scores.items()}


def fused(
    words: Scores,
    vectors: Scores,
    vector_weight: float = VECTOR_WEIGHT,
    without: frozenset[int] = frozenset(),
) -> dict[int, float]:
    """Give one score for both ways of search; what one of them did not find gets its lowest.

    Args:
        words: by words.
        vectors: by meaning.
        vector_weight: share of the meaning.
        without: what has no vector yet: it is judged by its words alone, since nothing speaks
            against its meaning.
    """
    if not vectors:
        return standardised(words)
    by_words, by_vectors = standardised(words), standardised(vectors)
    least_words = min(by_words.values(), default=0.0)
    least_vectors = min(by_vectors.values(), default=0.0)
    found: dict[int, float] = {}
    for key in by_words.keys() | by_vectors.keys():
        by_word = by_words.get(key, least_words)
        meant = by_word if key in without else by_vectors.get(key, least_vectors)
        found[key] = (1 - vector_weight) * by_word + vector_weight * meant
    return found


def best_first(scores: Scores) -> list[int]:
    """Give keys by score; equal ones in the order of their keys, so that it is always the same."""
    return sorted(scores, key=lambda key: (-scores[key], key))


def feedback_of(scores: Scores, *, has_vectors: bool) -> list[int]:
    """Give the chunks that are taken to be right, best first."""
    best = best_first(scores)[:N_FEEDBACK]
    if not has_vectors or not best:
        return best
    return [key for key in best if scores[key] >= LEAST_FEEDBACK * scores[best[0]]]


def new_terms(
    feedback: Sequence[tuple[float, TermCounts]], idfs: Mapping[str, float]
) -> dict[str, float]:
    """Give the words that say most about the best chunks, their weights adding up to 1 (RM3).

    Args:
        feedback: chunks that are taken to be right, with their scores.
        idfs: of the terms that may be taken.
    """
    if not feedback:
        return {}
    least = min(score for score, _ in feedback)
    total = sum(score - least + 1e-3 for score, _ in feedback)
    found: dict[str, float] = {}
    for score, chunk in feedback:
        share = (score - least + 1e-3) / total
        for term, count in chunk.counts.items():
            if term in idfs:
                weight = share * count / chunk.length * idfs[term]
                found[term] = found.get(term, 0.0) + weight
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:N_NEW_TERMS]
    weight = sum(value for _, value in best)
    return {term: value / weight for term, value in best} if weight > 0 else {}


def smoothed(
    scores: Scores,
    keys: Sequence[int],
    likeness: Sequence[Sequence[float]],
    without: frozenset[int] = frozenset(),
) -> dict[int, float]:
    """Let the best chunks lean on those most like them.

    Args:
        scores: of all candidates.
        keys: the best of them that have a vector.
        likeness: cosine of each of `keys` with each.
        without: the best of them that have none, which keep their scores. All others stay
            behind these and `keys`.
    """
    result = dict(scores)
    for row, key in enumerate(keys):
        row_of = likeness[row]
        nearest = nlargest(N_NEIGHBOURS + 1, range(len(keys)), key=row_of.__getitem__)
        near = [(max(0.0, row_of[column]), keys[column]) for column in nearest if column != row][
            :N_NEIGHBOURS
        ]
        weight = sum(one for one, _ in near)
        if weight > 0:
            around = sum(one * scores[other] for one, other in near) / weight
            result[key] = (1 - SMOOTHING) * scores[key] + SMOOTHING * around
    chosen = without.union(keys)
    least = min((result[key] for key in chosen), default=0.0)
    for key, score in scores.items():
        if key not in chosen:
            result[key] = min(score, least - 1e-6)
    return result


def without_repetitions(
    keys: Sequence[int],
    terms: Mapping[int, TermCounts],
    limit: int,
    named: Callable[[int], Hashable] = lambda _: None,
) -> list[int]:
    """Give the first keys, leaving out chunks that say the same as an earlier one.

    Args:
        keys: best first.
        terms: of each.
        limit: how many at most.
        named: what of the question the name of a chunk's document says. Of two contracts that
            are asked for by name, the second repeats nothing though it reads the same.
    """
    kept: list[int] = []
    held: list[tuple[Hashable, frozenset[str]]] = []
    for key in keys:
        if len(kept) == limit:
            break
        own = frozenset(terms[key].counts) if key in terms else frozenset()
        name = named(key)
        if not any(name == other and _is_repetition(own, said) for other, said in held):
            kept.append(key)
            held.append((name, own))
    return kept


def _is_repetition(one: frozenset[str], other: frozenset[str]) -> bool:
    shorter, longer = sorted((len(one), len(other)))
    if shorter <= NEAR_DUPLICATE * longer:
        return False
    n_shared = len(one & other)
    if n_shared <= NEAR_DUPLICATE * (shorter + longer - n_shared):
        return False
    # The same form with another amount or day in it says something else.
    return not any(any(map(str.isdigit, term)) for term in one ^ other)
