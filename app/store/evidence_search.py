"""What the documents say to a question: passages, quotes and whether they answer it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.core.documents.asked_figures import asks_for_figure, has_figure
from app.core.documents.evidence import AnswerMode, Evidence, Passage, Verdict
from app.core.documents.follow_up import says_enough
from app.core.documents.quotes import RANK_SHARE, quotes_of, statements_of
from app.core.documents.relevance import (
    AskedWord,
    Signals,
    asks_for_overview,
    coverage,
    has_answer,
    is_strong,
)
from app.core.documents.search_terms import is_of_other_language, question_words
from app.store.database import Database
from app.store.document_search import DocumentSearch, Found, QueryVector
from app.store.passages import all_passages, n_characters, passages_of
from app.store.search_scope import Scope, WantedChunks

N_PASSAGE_CHUNKS = 8
"""About 6,400 characters, 1,600 tokens: what is read is cut further by what the model holds."""
N_JUDGED = 4
"""Passages that are looked at to decide whether there is an answer."""
NO_FIGURE_SHARE = 0.6
"""What a sentence without any number counts for where a number is asked for."""
N_SENTENCES = 20
"""Sentences that are compared by meaning; 10 ms each. Fewer miss those that say the same in other
words: of 42 such questions, 8 sentences tell answers from others by 0.56 (AUC), 24 by 0.67."""
SMALL_CHARACTERS = 6_000
"""Documents that are shorter in all are given as a whole, which any model can read."""
CHARACTERS_PER_TOKEN = 3
EARLIER_SHARE = 0.5
"""What words of earlier questions count for when sentences are chosen."""


@dataclass(frozen=True, slots=True)
class EvidenceQuestion:
    """What is looked for.

    Attributes:
        text: with what it leans on in the conversation.
        own: what was typed; empty when that is all.
        budget_tokens: that the model can read; 0 when that is not known.
    """

    text: str
    own: str = ""
    mode: AnswerMode = AnswerMode.MODEL
    budget_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """What a first look has found; the verdict may wait for vectors of some sentences."""

    question: EvidenceQuestion
    scope: Scope
    found: Found
    passages: tuple[Passage, ...]
    languages: tuple[str, ...]
    known: tuple[frozenset[int], ...]
    is_overview: bool
    fits: bool
    has_vectors: bool

    @property
    def sentences(self) -> tuple[str, ...]:
        """Sentences that may answer the question, with their labels; likely ones first."""
        likely: dict[str, float] = {}
        looked_at = zip(self.passages[:N_JUDGED], self.languages, self.known, strict=False)
        for rank, (passage, language, known) in enumerate(looked_at):
            for one in statements_of(passage):
                if not one.is_label:
                    words = f"{one.label}\n{one.text}"
                    covered = coverage(self.found.asked, words, language, known)
                    likely.setdefault(one.labelled, covered + RANK_SHARE / (1 + rank))
        return tuple(sorted(likely, key=lambda text: -likely[text])[:N_SENTENCES])


def look(
    database: Database,
    search: DocumentSearch,
    scope: Scope,
    question: EvidenceQuestion,
    queries: Mapping[str, QueryVector],
) -> Look:
    """Find passages for a question.

    Args:
        database: joined.
        search: of the same database.
        scope: with at least one file.
        question: what is asked.
        queries: its vectors, by embedding model; may be empty.
    """
    found = search.find(scope, question.text, queries)
    # Of files with the same bytes, the one whose name is asked for is shown.
    scope = scope.showing(found.named.chosen)
    budget = question.budget_tokens * CHARACTERS_PER_TOKEN or SMALL_CHARACTERS
    fits = n_characters(database, scope, budget) <= budget
    is_overview = asks_for_overview(question.text) or not found.asked
    chosen = list(found.ranked[:N_PASSAGE_CHUNKS])
    if is_overview and not fits:
        chosen = _beginnings(scope)
    passages = passages_of(database, scope, chosen, found.scores)
    contents = _contents(scope, passages)
    return Look(
        question,
        scope,
        found,
        passages,
        _languages(scope, contents),
        tuple(map(found.named.words_of, contents)),
        is_overview,
        fits,
        bool(queries),
    )


def evidence_of(
    database: Database, seen: Look, cosines: Mapping[str, float], embedding_key: str = ""
) -> Evidence:
    """Decide what the documents say to a question.

    Args:
        database: joined.
        seen: what was found.
        cosines: of the question with `seen.sentences`; may be empty.
        embedding_key: of the model whose cosines they are.
    """
    passages = seen.passages
    asked = _weighed(seen.found.asked, seen.question.own)
    quotes = quotes_of(passages, asked, seen.languages, cosines, seen.known)
    nearest = [
        cosine if _may_answer(seen.question.text, text) else NO_FIGURE_SHARE * cosine
        for text, cosine in cosines.items()
    ]
    signals = Signals(_covered(seen), max(nearest, default=None))
    is_answered = seen.is_overview or (
        bool(passages) and (_is_named(seen) or has_answer(signals, embedding_key))
    )
    verdict = Verdict.FOUND if is_answered else Verdict.NOT_FOUND
    if not is_answered and is_of_other_language(seen.question.text, seen.scope.languages):
        verdict = Verdict.UNSURE
    if is_answered and seen.fits and seen.question.mode is AnswerMode.MODEL:
        verdict = Verdict.EVERYTHING
        passages = all_passages(database, seen.scope, seen.found.scores)
    return Evidence(
        verdict,
        passages,
        quotes,
        seen.scope.n_files,
        seen.scope.n_unread,
        has_vectors=seen.has_vectors,
        question=seen.question.text,
    )


def _may_answer(question: str, text: str) -> bool:
    return not asks_for_figure(question) or has_figure(text)


def _is_named(seen: Look) -> bool:
    """Say whether a document itself is asked for: its name says all, others' names do not."""
    asked, named = seen.found.asked, seen.found.named
    return any(
        known & named.telling
        and all(number in known or not is_strong(one.word) for number, one in enumerate(asked))
        for known in seen.known[:N_JUDGED]
    )


def _covered(seen: Look) -> float:
    """Give how much of the question the best sentence or two say, with the headings above.

    What the name of a document says is left out: that a lease is Miller's does not yet mean that
    it says anything about parking.
    """
    best = 0.0
    own = _own_words(seen.question)
    judged = zip(seen.passages[:N_JUDGED], seen.languages, seen.known, strict=False)
    for passage, language, known in judged:
        asked = seen.found.asked
        left = [one for number, one in enumerate(asked) if number not in known]
        if not any(is_strong(one.word) for one in left):
            left = list(asked)
        alone = [one for one in left if one.word in own]
        is_judged_alone = len(alone) < len(left) and any(is_strong(one.word) for one in alone)
        heads = "\n".join([*passage.place.heading_path, passage.header])
        for window, text in _windows(passage):
            words = f"{heads}\n{window}"
            share = coverage(left, words, language)
            if is_judged_alone:
                share = max(share, coverage(alone, words, language))
            if share > best and not _may_answer(seen.question.text, text):
                share *= NO_FIGURE_SHARE
            best = max(best, share)
    return best


def _own_words(question: EvidenceQuestion) -> frozenset[str]:
    """Give the words of the question itself, without earlier ones; none if they say too little.

    Who asks for a dog and then for the deposit need not find both in one place.
    """
    says_all = bool(question.own) and says_enough(question.own)
    return frozenset(question_words(question.own) if says_all else ())


def _windows(passage: Passage) -> Iterator[tuple[str, str]]:
    """Give each sentence and each two that follow each other, with and without their labels."""
    statements = statements_of(passage)
    for one in statements:
        yield f"{one.label}\n{one.text}", one.text
    for one, following in pairwise(statements):
        text = passage.text[one.start : following.end]
        if not one.is_row:
            yield f"{one.label}\n{text}", text


def _weighed(asked: tuple[AskedWord, ...], own: str) -> tuple[AskedWord, ...]:
    """Let words of earlier questions count less than those of the question itself."""
    if not own:
        return asked
    words = set(question_words(own))
    return tuple(
        one if one.word in words else replace(one, weight=EARLIER_SHARE * one.weight)
        for one in asked
    )


def _contents(scope: Scope, passages: tuple[Passage, ...]) -> list[int | None]:
    wanted = WantedChunks(scope)
    return [wanted.content_of(passage.chunk_ids[0]) for passage in passages]


def _languages(scope: Scope, contents: Sequence[int | None]) -> tuple[str, ...]:
    return tuple("" if one is None else scope.files[one].language for one in contents)


def _beginnings(scope: Scope) -> list[int]:
    """Give the first chunks of the files, for questions about all of them."""
    each = max(1, N_PASSAGE_CHUNKS // max(1, len(scope.files)))
    ids = [
        one.chunks.first + number
        for one in scope.files.values()
        for number in range(min(each, one.chunks.count))
    ]
    return ids[:N_PASSAGE_CHUNKS]
