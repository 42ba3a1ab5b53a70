"""Answers that no model writes: quotes, and what comes closest when nothing was found."""

import re
from dataclasses import replace

from app.core.documents.evidence import (
    AnswerMode,
    AnswerSources,
    CitedSentence,
    DocumentPlace,
    Evidence,
    Passage,
    Source,
    Support,
    Verdict,
)
from app.core.documents.sentences import sentences_of

MAX_QUOTES = 5
N_CLOSEST = 3
QUOTE_CHARACTERS = 300
"""A passage is quoted by as many of its first sentences as are shorter; by one at least."""
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&$!])")
_BLOCK_MARK = re.compile(r"^(\d*)([-+=.)])")
"""What would make a list, a rule or a heading of a line."""


def quoted_answer(evidence: Evidence) -> tuple[str, AnswerSources]:
    """Give an answer that consists of quotes, as Markdown, and its sources: one for each."""
    sources = closest_sources(evidence, MAX_QUOTES)
    text = ""
    sentences: list[CitedSentence] = []
    for source in sources:
        quote = "\n> ".join(_escaped(line) for line in source.quote.splitlines() if line.strip())
        text += "\n\n> " if text else "> "
        start = len(text)
        text += quote
        sentences.append(CitedSentence(start, len(text), Support.SUPPORTED, (source.number,)))
    return text, _answer_sources(evidence, AnswerMode.QUOTES, sources, tuple(sentences))


def nothing_found(evidence: Evidence, mode: AnswerMode) -> AnswerSources:
    """Give what an answer without words says: the verdict, and what came closest to it."""
    return _answer_sources(evidence, mode, closest_sources(evidence, N_CLOSEST), ())


def closest_evidence(evidence: Evidence) -> Evidence:
    """Give what came closest to a question as evidence for a model that is to read it.

    The passages that `nothing_found` quotes come first, so that the model reads what the user
    has seen when he asked for it, however little it can read.
    """
    seen = [one.place for one in closest_sources(evidence, N_CLOSEST)]

    def rank(passage: Passage) -> int:
        ranks = (n for n, place in enumerate(seen) if _is_within(place, passage.place))
        return next(ranks, len(seen))

    passages = tuple(sorted(evidence.passages, key=rank))
    return replace(evidence, verdict=Verdict.CLOSEST, passages=passages)


def _is_within(part: DocumentPlace, whole: DocumentPlace) -> bool:
    return part.file_id == whole.file_id and all(
        any(
            one.page == span.page and one.start <= span.start and span.end <= one.end
            for one in whole.spans
        )
        for span in part.spans
    )


def _answer_sources(
    evidence: Evidence,
    mode: AnswerMode,
    sources: tuple[Source, ...],
    sentences: tuple[CitedSentence, ...],
) -> AnswerSources:
    return AnswerSources(
        mode,
        evidence.verdict,
        sources=sources,
        sentences=sentences,
        n_files=evidence.n_files,
        n_files_unread=evidence.n_files_unread,
        is_final=True,
    )


def closest_sources(evidence: Evidence, limit: int) -> tuple[Source, ...]:
    """Give what answers a question best, word for word, at most so many places."""
    if evidence.quotes:
        quotes = evidence.quotes[:limit]
        return tuple(Source(n, one.place, one.text) for n, one in enumerate(quotes, 1))
    passages = [one for one in evidence.passages if one.text.strip()][:limit]
    return tuple(_beginning(n, one) for n, one in enumerate(passages, 1))


def _beginning(number: int, passage: Passage) -> Source:
    spans = sentences_of(passage.text)
    start, end = spans[0]
    for _, further in spans:
        if further - start <= QUOTE_CHARACTERS:
            end = further
    return Source(number, passage.place_of(start, end), passage.text[start:end])


def _escaped(line: str) -> str:
    """Give a line so that Markdown shows it as it is."""
    return _BLOCK_MARK.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", line.strip()))
