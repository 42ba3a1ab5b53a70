"""What the documents say to a question: passages, quotes and whether they answer it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.core.documents.evidence import AnswerMode, Evidence, Passage, Verdict
from app.core.documents.quotes import quotes_of
from app.core.documents.relevance import (
    AskedWord,
    Signals,
    asks_for_overview,
    coverage,
    has_answer,
    sentence_windows,
)
from app.core.documents.search_terms import question_words
from app.core.documents.sentences import sentences_of
from app.store.database import Database
from app.store.document_search import DocumentSearch, Found, QueryVector
from app.store.passages import all_passages, n_characters, passages_of
from app.store.search_scope import Scope, WantedChunks

N_PASSAGE_CHUNKS = 8
"""About 6,400 characters, 1,600 tokens: what is read is cut further by what the model holds."""
N_JUDGED = 4
"""Passages that are looked at to decide whether there is an answer."""
N_SENTENCES = 8
"""Sentences that are compared by meaning; 10 ms each; more decide no better."""
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
    is_overview: bool
    fits: bool
    has_vectors: bool

    @property
    def sentences(self) -> tuple[str, ...]:
        """Sentences that may answer the question, those that share most words with it first."""
        covered: dict[str, float] = {}
        looked_at = zip(self.passages[:N_JUDGED], self.languages, strict=False)
        for passage, language in looked_at:
            for start, end in sentences_of(passage.text):
                text = passage.text[start:end]
                covered.setdefault(text, coverage(self.found.asked, text, language))
        return tuple(sorted(covered, key=lambda text: -covered[text])[:N_SENTENCES])


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
    budget = question.budget_tokens * CHARACTERS_PER_TOKEN or SMALL_CHARACTERS
    fits = n_characters(database, scope, budget) <= budget
    is_overview = asks_for_overview(question.text) or not found.asked
    chosen = list(found.ranked[:N_PASSAGE_CHUNKS])
    if is_overview and not fits:
        chosen = _beginnings(scope)
    passages = passages_of(database, scope, chosen, found.scores)
    return Look(
        question,
        scope,
        found,
        passages,
        _languages(scope, passages),
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
    quotes = quotes_of(passages, asked, seen.languages, cosines)
    signals = Signals(_covered(seen), max(cosines.values(), default=None))
    is_answered = seen.is_overview or (bool(passages) and has_answer(signals, embedding_key))
    verdict = Verdict.FOUND if is_answered else Verdict.NOT_FOUND
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


def _covered(seen: Look) -> float:
    """Give how much of the question the best sentence or two say, with the headings above."""
    best = 0.0
    for passage, language in zip(seen.passages[:N_JUDGED], seen.languages, strict=False):
        heads = "\n".join([*passage.place.heading_path, passage.header])
        for start, end in sentence_windows(passage.text):
            window = f"{heads}\n{passage.text[start:end]}"
            best = max(best, coverage(seen.found.asked, window, language))
    return best


def _weighed(asked: tuple[AskedWord, ...], own: str) -> tuple[AskedWord, ...]:
    """Let words of earlier questions count less than those of the question itself."""
    if not own:
        return asked
    words = set(question_words(own))
    return tuple(
        one if one.word in words else replace(one, weight=EARLIER_SHARE * one.weight)
        for one in asked
    )


def _languages(scope: Scope, passages: tuple[Passage, ...]) -> tuple[str, ...]:
    wanted = WantedChunks(scope)
    contents = [wanted.content_of(passage.chunk_ids[0]) for passage in passages]
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
