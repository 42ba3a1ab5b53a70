"""From what was found to what the model is given, or to the answer itself."""

from collections.abc import Sequence
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
from app.core.documents.text import PageUnit
from app.core.events import PromptPassage

MAX_QUOTES = 5
"""More than people read before they ask again."""
MAX_CLOSEST = 3
"""Passages shown where nothing was found, so that people can see what was looked at."""
_UNIT_WORDS = {
    PageUnit.PAGE: "page {n}",
    PageUnit.SLIDE: "slide {n}",
    PageUnit.SHEET: "sheet {n}",
    PageUnit.CHAPTER: "chapter {n}",
}


def prompt_passages(passages: Sequence[Passage]) -> tuple[PromptPassage, ...]:
    """Give passages as they go into a prompt, in the order given, with their reading order."""
    in_order = sorted(range(len(passages)), key=lambda index: passages[index].order)
    places = {index: number for number, index in enumerate(in_order)}
    return tuple(
        PromptPassage(prompt_label(one.place), _prompt_text(one), places[index])
        for index, one in enumerate(passages)
    )


def prompt_label(place: DocumentPlace) -> str:
    """Give where a passage stands, for the model: "lease.pdf, page 4"."""
    words = _UNIT_WORDS.get(place.unit)
    if words is None:
        return place.path.name
    return f"{place.path.name}, {words.format(n=place.label or place.page)}"


def _prompt_text(passage: Passage) -> str:
    return f"{passage.header}\n{passage.text}" if passage.header else passage.text


def needs_model(evidence: Evidence, mode: AnswerMode) -> bool:
    """Say whether a model is to write the answer."""
    is_found = evidence.verdict in {Verdict.FOUND, Verdict.EVERYTHING}
    return is_found and mode is AnswerMode.MODEL


def sources_before(evidence: Evidence, mode: AnswerMode) -> AnswerSources:
    """Give what an answer rests on before its first word.

    Where no model answers, that is all: the quotes, or the closest passages.
    """
    is_for_model = needs_model(evidence, mode)
    return AnswerSources(
        mode,
        evidence.verdict,
        passages=evidence.passages if is_for_model else (),
        sources=() if is_for_model else _quoted_sources(evidence),
        n_files=evidence.n_files,
        n_files_unread=evidence.n_files_unread,
        is_final=not is_for_model,
    )


def quotes_answer(sources: AnswerSources) -> tuple[str, AnswerSources]:
    """Give the answer that consists of quotes, in Markdown, and what it rests on."""
    text = ""
    sentences: list[CitedSentence] = []
    for source in sources.sources:
        start = len(text)
        lines = source.quote.splitlines() or [""]
        text += "\n".join(f"> {line}" for line in lines)
        sentences.append(CitedSentence(start, len(text), Support.SUPPORTED, (source.number,)))
        text += "\n\n"
    return text.rstrip(), replace(sources, sentences=tuple(sentences), is_final=True)


def passages_that_reached(sources: AnswerSources, n_passages: int) -> AnswerSources:
    """Keep only the best `n_passages`, in the order in which the model has read them."""
    kept = sorted(sources.passages[:n_passages], key=lambda one: one.order)
    return replace(sources, passages=tuple(kept))


def _quoted_sources(evidence: Evidence) -> tuple[Source, ...]:
    is_found = evidence.verdict in {Verdict.FOUND, Verdict.EVERYTHING}
    quotes = evidence.quotes[: MAX_QUOTES if is_found else MAX_CLOSEST]
    return tuple(
        Source(number, quote.place, quote.text) for number, quote in enumerate(quotes, start=1)
    )
