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
from app.store.database import Database
from app.store.document_search import DocumentSearch, Found, QueryVector
from app.store.passages import all_passages, n_characters, passages_of
from app.store.search_scope import Scope, WantedChunks

N_PASSAGE_CHUNKS = 8
"""About 6,400 characters, 1,600 tokens: what is read is cut further by what the model holds."""
N_JUDGED = 6
"""Passages that are looked at to decide whether there is an answer."""
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


def evidence_of(
    database: Database,
    search: DocumentSearch,
    scope: Scope,
    question: EvidenceQuestion,
    queries: Mapping[str, QueryVector],
) -> Evidence:
    """Find what the documents of a scope say to a question.

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
    languages = _languages(scope, passages)
    asked = _weighed(found.asked, question.own)
    quotes = quotes_of(passages, asked, [languages[one] for one in passages])
    is_answered = is_overview or _is_answered(found, passages, languages, queries)
    verdict = Verdict.FOUND if is_answered else Verdict.NOT_FOUND
    if is_answered and fits and question.mode is AnswerMode.MODEL:
        verdict = Verdict.EVERYTHING
        passages = all_passages(database, scope, found.scores)
    return Evidence(
        verdict,
        passages,
        quotes,
        scope.n_files,
        scope.n_unread,
        has_vectors=bool(queries),
        question=question.text,
    )


def signals_of(
    found: Found,
    passages: tuple[Passage, ...],
    languages: Mapping[Passage, str],
    queries: Mapping[str, QueryVector],
) -> Signals:
    """Give what speaks for there being an answer."""
    whole = sentence = 0.0
    for passage in passages[:N_JUDGED]:
        language = languages[passage]
        heads = "\n".join([*passage.place.heading_path, passage.header])
        text = f"{heads}\n{passage.text}"
        whole = max(whole, coverage(found.asked, text, language))
        for start, end in sentence_windows(passage.text):
            window = f"{heads}\n{passage.text[start:end]}"
            sentence = max(sentence, coverage(found.asked, window, language))
    knows = bool(queries) and all(one.weight >= 0.5 for one in queries.values())  # noqa: PLR2004
    cosine = max(found.cosines.values(), default=0.0) if knows else None
    return Signals(whole, sentence, cosine)


def _is_answered(
    found: Found,
    passages: tuple[Passage, ...],
    languages: Mapping[Passage, str],
    queries: Mapping[str, QueryVector],
) -> bool:
    if not passages:
        return False
    signals = signals_of(found, passages, languages, queries)
    return has_answer(signals, next(iter(queries), ""))


def _weighed(asked: tuple[AskedWord, ...], own: str) -> tuple[AskedWord, ...]:
    """Let words of earlier questions count less than those of the question itself."""
    if not own:
        return asked
    words = set(question_words(own))
    return tuple(
        one if one.word in words else replace(one, weight=EARLIER_SHARE * one.weight)
        for one in asked
    )


def _languages(scope: Scope, passages: tuple[Passage, ...]) -> dict[Passage, str]:
    wanted = WantedChunks(scope)
    languages = {}
    for passage in passages:
        content = wanted.content_of(passage.chunk_ids[0])
        languages[passage] = "" if content is None else scope.files[content].language
    return languages


def _beginnings(scope: Scope) -> list[int]:
    """Give the first chunks of the files, for questions about all of them."""
    each = max(1, N_PASSAGE_CHUNKS // max(1, len(scope.files)))
    ids = [
        one.chunks.first + number
        for one in scope.files.values()
        for number in range(min(each, one.chunks.count))
    ]
    return ids[:N_PASSAGE_CHUNKS]
