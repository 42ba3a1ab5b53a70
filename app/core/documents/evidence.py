"""What the documents have to say to a question, and where it stands."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from app.core.documents.text import PageUnit, Span


class AnswerMode(StrEnum):
    """Who answers from the documents."""

    MODEL = "model"
    QUOTES = "quotes"
    """Nobody: the passages themselves are the answer."""


class AnswerBasis(StrEnum):
    """What an answer is to be written from."""

    DOCUMENTS = "documents"
    """What the search finds in the documents that a chat is asked from, if there are any."""
    CLOSEST = "closest"
    """The same, or what comes closest where the search says that there is nothing."""
    KNOWLEDGE = "knowledge"
    """What the model knows by itself."""


class Verdict(StrEnum):
    """What the search says about a question."""

    FOUND = "found"
    EVERYTHING = "everything"
    """All text of the documents is given, because it fits."""
    NOT_FOUND = "not_found"
    """Nothing says anything about it; the passages are merely the closest."""
    CLOSEST = "closest"
    """As before, but the user has asked that a model reads the closest passages all the same."""
    UNSURE = "unsure"
    """It cannot be told: the question is in another language than the documents."""
    NOTHING_READ = "nothing_read"
    """No document has been read so far."""
    NOT_SEARCHED = "not_searched"
    """The user has asked for what the model knows by itself, so nothing was looked for."""


ANSWERED = frozenset(
    {
        Verdict.FOUND,
        Verdict.EVERYTHING,
        Verdict.UNSURE,
        Verdict.CLOSEST,
        Verdict.NOT_SEARCHED,
    }
)
"""Verdicts after which a model answers, or passages are quoted."""


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """Where in which file something stands.

    Attributes:
        sha256: of the file when it was read, to notice that it has changed.
        label: of the first page, as the document names it; empty when that is its number.
        quote: what stands there, to be read even if the page cannot be shown; empty where
            whoever speaks of the place does not say.
    """

    file_id: int
    path: Path
    sha256: str
    unit: PageUnit
    spans: tuple[Span, ...]
    label: str = ""
    heading_path: tuple[str, ...] = ()
    quote: str = ""

    @property
    def page(self) -> int:
        """Number of the page on which it begins, from 1."""
        return self.spans[0].page if self.spans else 1


@dataclass(frozen=True, slots=True)
class Passage:
    """One or more neighbouring chunks, as found.

    Attributes:
        text: of its spans, joined by line ends.
        score: higher is better; comparable within one search only.
        chunk_ids: of the chunks it is made of.
        header: row that names the columns, when it begins within a table.
        order: place in reading order among the documents: (file_id, position).
    """

    place: DocumentPlace
    text: str
    score: float
    chunk_ids: tuple[int, ...] = ()
    header: str = ""
    order: tuple[int, int] = (0, 0)

    def place_of(self, start: int, end: int) -> DocumentPlace:
        """Give the place of characters `start` to `end` of the text."""
        spans: list[Span] = []
        position = 0
        for span in self.place.spans:
            length = span.end - span.start
            first, last = max(start - position, 0), min(end - position, length)
            if first < last:
                spans.append(Span(span.page, span.start + first, span.start + last))
            position += length + 1
        if position - 1 != len(self.text) or not spans:
            return self.place
        # The label is that of the passage's first page.
        label = self.place.label if spans[0].page == self.place.page else ""
        return replace(self.place, spans=tuple(spans), label=label)


@dataclass(frozen=True, slots=True)
class PromptPassage:
    """A passage of a document as it goes into the prompt.

    Attributes:
        label: where it stands, for the model: "lease.pdf, page 4".
        order: place in reading order among the passages of its turn.
    """

    label: str
    text: str
    order: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence or two that answer a question best, word for word."""

    place: DocumentPlace
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for a question.

    Attributes:
        passages: best first.
        quotes: best first, each from one of the passages.
        n_files: files of the collections.
        n_files_unread: files of them that could not be searched yet.
        has_vectors: meaning was searched as well as words.
        question: what was searched for, after the conversation was taken into account.
    """

    verdict: Verdict
    passages: tuple[Passage, ...] = ()
    quotes: tuple[Quote, ...] = ()
    n_files: int = 0
    n_files_unread: int = 0
    has_vectors: bool = True
    question: str = ""

    @property
    def is_merely_close(self) -> bool:
        """Whether there are passages, though none of them seems to answer the question."""
        return self.verdict is Verdict.NOT_FOUND and bool(self.passages)


class Support(StrEnum):
    """What the passages say about a sentence of an answer."""

    SUPPORTED = "supported"
    WEAK = "weak"
    """Similar, but a part of it is not in the passage."""
    UNSUPPORTED = "unsupported"
    NO_CLAIM = "no_claim"
    """Nothing that could be true or false: a greeting, a heading, a question."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place that sentences of an answer rest on; `number` is on its chips, from 1."""

    number: int
    place: DocumentPlace
    quote: str


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of an answer: characters `start` to `end` of its text.

    Attributes:
        numbers: of its sources, best first.
        missing: numbers, dates and names in it that its source does not have.
    """

    start: int
    end: int
    support: Support
    numbers: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerSources:
    """What an answer in a chat about documents rests on; kept with it.

    Attributes:
        passages: what reached the model, in the order it read them.
        quotes: what answers the question best word for word, for an answer that nothing bears
            out.
        is_final: the answer has ended and every sentence was looked at.
    """

    mode: AnswerMode
    verdict: Verdict
    passages: tuple[Passage, ...] = ()
    sources: tuple[Source, ...] = ()
    sentences: tuple[CitedSentence, ...] = ()
    n_files: int = 0
    n_files_unread: int = 0
    is_final: bool = False
    quotes: tuple[Source, ...] = ()

    @property
    def is_borne_out(self) -> bool:
        """Whether at least one sentence of the answer stands in the documents."""
        return any(one.support is Support.SUPPORTED for one in self.sentences)

    @property
    def is_from_documents(self) -> bool:
        """Whether the documents were to be searched; what else is said of them is for those."""
        return self.verdict is not Verdict.NOT_SEARCHED

    @property
    def is_wish(self) -> bool:
        """Whether this says only what the answer was to be written from, as nothing was read."""
        is_unread = not (self.passages or self.quotes)
        return not self.is_from_documents or (self.verdict is Verdict.CLOSEST and is_unread)


def wish_for(basis: AnswerBasis) -> AnswerSources | None:
    """Give what is kept with an answer before anything is known of it; None if that is nothing.

    It lets `kept_basis` say the basis again, even if the answer comes to nothing.
    """
    match basis:
        case AnswerBasis.DOCUMENTS:
            return None
        case AnswerBasis.CLOSEST:
            return AnswerSources(AnswerMode.MODEL, Verdict.CLOSEST, is_final=True)
        case AnswerBasis.KNOWLEDGE:
            return AnswerSources(AnswerMode.MODEL, Verdict.NOT_SEARCHED, is_final=True)


def kept_basis(sources: AnswerSources | None) -> AnswerBasis:
    """Say what another answer beside the one with these sources is to be written from."""
    if sources is None:
        return AnswerBasis.DOCUMENTS
    match sources.verdict:
        case Verdict.CLOSEST:
            return AnswerBasis.CLOSEST
        case Verdict.NOT_SEARCHED:
            return AnswerBasis.KNOWLEDGE
        case (
            Verdict.FOUND
            | Verdict.EVERYTHING
            | Verdict.NOT_FOUND
            | Verdict.UNSURE
            | Verdict.NOTHING_READ
        ):
            return AnswerBasis.DOCUMENTS


@dataclass(frozen=True, slots=True)
class ChatDocuments:
    """What a chat is asked from; no collections is a chat without documents."""

    collection_ids: tuple[str, ...] = ()
    mode: AnswerMode = AnswerMode.MODEL


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """One row of a question that was put to every file.

    Attributes:
        answer: empty when the file says nothing about it.
        source: where it stands; None when nothing supports it.
        is_verified: the source bears the answer out, as it would a sentence of a chat.
    """

    file_id: int
    path: Path
    answer: str
    source: Source | None = None
    is_verified: bool = False


@dataclass(frozen=True, slots=True)
class FileAnswers:
    """A question put to every file of a collection, and what has come of it so far.

    Attributes:
        run_id: names it; the same run goes on after a restart.
        rows: by file name, those that are done.
        is_ended: all files were asked, or it was cancelled.
        is_running: files are being asked, or will be without anybody's doing.
        seconds_left: None until known, and at the end.
    """

    run_id: str
    collection_id: str
    question: str
    mode: AnswerMode
    n_files: int
    rows: tuple[FileAnswer, ...] = field(default=())
    is_ended: bool = False
    seconds_left: float | None = None
    is_running: bool = False
