"""What is said about the sources of an answer: on its chips, below it, and when it is copied."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from app.core.documents.answer_sentences import without_brackets
from app.core.documents.evidence import (
    ANSWERED,
    AnswerMode,
    AnswerSources,
    CitedSentence,
    DocumentPlace,
    Source,
    Support,
    Verdict,
)
from app.ui.document_words import SEPARATOR, place_name, quote_in_line
from app.ui.quantities import count_text
from app.ui.widgets.cited_text import Chip, CitedPart
from app.ui.widgets.reasoning import answer_part
from app.ui.widgets.text_safety import visible_text

NOTE_CHARS = 300
LISTED_MISSING = 3
_CLAIMS = frozenset({Support.SUPPORTED, Support.WEAK, Support.UNSUPPORTED})

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class FileChip:
    """A page of a file that sentences rest on.

    Attributes:
        numbers: of its sources.
        source: the first of them, which a click opens.
    """

    numbers: tuple[int, ...]
    source: Source

    @property
    def text(self) -> str:
        """What stands on the chip."""
        numbers = ", ".join(map(count_text, self.numbers))
        return f"{numbers}\u2002{place_name(self.source.place, SEPARATOR)}"


def answers_in_words(sources: AnswerSources | None) -> bool:
    """Say whether the answer is a text of its own, not quotes or the word that there is none."""
    return sources is None or (sources.mode is AnswerMode.MODEL and sources.verdict in ANSWERED)


def cited_parts(sources: AnswerSources) -> list[CitedPart]:
    """Give the sentences of an answer with their chips and marks."""
    by_number = {source.number: source for source in sources.sources}
    return [
        _cited_part(sentence, by_number)
        for sentence in sorted(sources.sentences, key=lambda one: one.start)
    ]


def _cited_part(sentence: CitedSentence, by_number: dict[int, Source]) -> CitedPart:
    is_weak = sentence.support is Support.WEAK
    known = [by_number[number] for number in sentence.numbers if number in by_number]
    chips: tuple[Chip, ...] = ()
    note = ""
    if sentence.support is Support.SUPPORTED:
        chips = tuple(Chip(source.number, source_note(source)) for source in known)
    elif is_weak:
        note = doubt(sentence)
        # One is enough: what is not borne out needs no list.
        chips = tuple(
            Chip(source.number, f"{note}\n{source_note(source)}", is_doubtful=True)
            for source in known[:1]
        )
    elif sentence.support is Support.UNSUPPORTED:
        note = doubt(sentence)
    return CitedPart(sentence.start, sentence.end, chips, note)


def place_of(source: Source) -> DocumentPlace:
    """Give the place of a source, with what stands there."""
    return replace(source.place, quote=source.quote)


def source_note(source: Source) -> str:
    """Give "Source 2: lease.pdf, page 4" and the quote."""
    head = translate("Citations", "Source {n}: {place}").format(
        n=count_text(source.number), place=place_name(source.place)
    )
    quote = quote_in_line(source.quote, NOTE_CHARS)
    return f"{head}\n\u201c{quote}\u201d" if quote else head


def doubt(sentence: CitedSentence) -> str:
    """Say why a sentence is not borne out."""
    if sentence.support is Support.UNSUPPORTED:
        return translate("Citations", "This was not found in your documents.")
    if not sentence.missing:
        return translate("Citations", "Similar to the source, but it does not say quite the same.")
    missing = ", ".join(f"\u2018{one}\u2019" for one in sentence.missing[:LISTED_MISSING])
    if len(sentence.missing) == 1:
        text = translate("Citations", "Similar, but {missing} is not in the source.")
    else:
        text = translate("Citations", "Similar, but {missing} are not in the source.")
    return text.format(missing=missing)


def file_chips(sources: AnswerSources) -> list[FileChip]:
    """Give a chip for each page that is cited, file by file, in the order of first use."""
    pages: dict[tuple[object, int], list[Source]] = {}
    for source in sorted(sources.sources, key=lambda one: one.number):
        pages.setdefault((source.place.path, source.place.page), []).append(source)
    files = list(dict.fromkeys(path for path, _ in pages))
    ordered = sorted(pages.items(), key=lambda page: files.index(page[0][0]))
    return [FileChip(tuple(one.number for one in its), its[0]) for _, its in ordered]


def summary(sources: AnswerSources) -> str:
    """Say how far the answer and the search can be relied on, in one line."""
    return SEPARATOR.join(_summary_parts(sources))


def _summary_parts(sources: AnswerSources) -> Iterator[str]:
    claims = [one for one in sources.sentences if one.support in _CLAIMS]
    if sources.is_final and claims and sources.mode is AnswerMode.MODEL:
        n_borne_out = sum(one.support is Support.SUPPORTED for one in claims)
        yield _borne_out(n_borne_out, len(claims))
    if sources.verdict is Verdict.EVERYTHING and not sources.n_files_unread:
        yield translate("Citations", "Everything in these documents was read")
    if sources.n_files_unread == 1:
        yield translate("Citations", "1 file has not been read yet")
    elif sources.n_files_unread:
        text = translate("Citations", "{n} files have not been read yet")
        yield text.format(n=count_text(sources.n_files_unread))


def _borne_out(n_borne_out: int, n_claims: int) -> str:
    if n_claims == 1:
        if n_borne_out:
            return translate("Citations", "This is in your documents")
        return translate("Citations", "This was not found in your documents")
    if n_borne_out == n_claims:
        text = translate("Citations", "All {n} sentences are in your documents")
        return text.format(n=count_text(n_claims))
    text = translate("Citations", "{n} of {all} sentences are in your documents")
    return text.format(n=count_text(n_borne_out), all=count_text(n_claims))


def legend(sources: AnswerSources) -> str:
    """Explain the dots below words; empty where there are none."""
    doubted = {one.support for one in sources.sentences} & {Support.WEAK, Support.UNSUPPORTED}
    if not doubted or not answers_in_words(sources):
        return ""
    return translate("Citations", "Dotted lines: not, or not quite, in your documents")


def verdict_text(sources: AnswerSources) -> str:
    """Give what is said instead of an answer, or of a doubtful one; else empty."""
    match sources.verdict:
        case Verdict.NOT_FOUND:
            return translate("Citations", "I found nothing about this in your documents.")
        case Verdict.NOTHING_READ if sources.n_files and not sources.n_files_unread:
            return translate(
                "Citations",
                "None of these files could be read. Above, or on the Documents page, it says why.",
            )
        case Verdict.NOTHING_READ:
            return translate(
                "Citations", "Your documents are still being read. Ask again in a moment."
            )
        case Verdict.UNSURE:
            return translate(
                "Citations",
                "Your question is in another language than your documents, so they may say"
                " more than was found.",
            )
        case Verdict.CLOSEST if sources.passages:
            return _closest_text(sources)
        case Verdict.FOUND | Verdict.EVERYTHING | Verdict.CLOSEST | Verdict.NOT_SEARCHED:
            return ""


def _closest_text(sources: AnswerSources) -> str:
    """Say why a model was asked at all, and what is left to the user."""
    if sources.is_final and not sources.is_borne_out:
        return translate(
            "Citations",
            "Nothing in your documents seemed to answer this. As you asked, the model was given"
            " the closest passages. Read them yourself before you rely on what it wrote.",
        )
    return translate(
        "Citations",
        "Nothing in your documents seemed to answer this. As you asked, the model was given the"
        " closest passages. Check each sentence against its source.",
    )


def quoted(sources: AnswerSources) -> Sequence[Source]:
    """Give what is shown as quotes: the closest passages where nothing better was found."""
    if answers_in_words(sources):
        return sources.quotes if sources.is_final and not sources.is_borne_out else ()
    if sources.sources:
        return sources.sources
    if sources.verdict is Verdict.NOTHING_READ:
        return ()
    return [
        Source(number, passage.place, passage.text)
        for number, passage in enumerate(sources.passages, start=1)
    ]


def text_to_copy(text: str, sources: AnswerSources) -> str:
    """Give an answer as plain text, with its sources as [1] and a list of them at the end."""
    if answers_in_words(sources):
        body = _with_numbers(text, sources)
        listed = [_listed(source) for source in sources.sources]
    else:
        body = verdict_text(sources)
        listed = [_listed(source) for source in quoted(sources)]
    head = [translate("Citations", "Sources:")] if listed else []
    ending = "\n".join(head + listed)
    return "\n\n".join(part for part in (body, ending) if part)


def _with_numbers(text: str, sources: AnswerSources) -> str:
    pieces: list[str] = []
    done = 0
    for sentence in sorted(sources.sentences, key=lambda one: one.start):
        if sentence.support is Support.SUPPORTED and done <= sentence.end <= len(text):
            marks = "".join(f"[{_CHIP_OPEN}{number}]" for number in sentence.numbers)
            written = text[done : sentence.end]
            body = written.rstrip()
            pieces += [body, f" {marks}" if marks else "", written[len(body) :]]
            done = sentence.end
    whole = "".join(pieces) + text[done:]
    # The numbers that the model made up go; those that were put in are known by their sign.
    answer = without_brackets(answer_part(whole))
    return visible_text(answer.replace(_CHIP_OPEN, "")).strip("\n")


_CHIP_OPEN = "\ufdd0"
"""Not a character: no text that is shown has it."""


def _listed(source: Source) -> str:
    quote = quote_in_line(source.quote, NOTE_CHARS)
    return f"[{source.number}] {place_name(source.place)}" + (
        f": \u201c{quote}\u201d" if quote else ""
    )
