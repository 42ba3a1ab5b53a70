"""Which passages of documents go into the prompt with which question."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core.conversation import Role, ShownTurn, Turn, TurnState
from app.core.documents.evidence import (
    ANSWERED,
    AnswerMode,
    AnswerSources,
    DocumentPlace,
    Passage,
    PromptPassage,
)
from app.core.documents.text import PageUnit
from app.core.events import PromptTurn
from app.core.prompt import prompt_turns

_UNITS = {PageUnit.PAGE: "page", PageUnit.SLIDE: "slide", PageUnit.SHEET: "sheet"}


@dataclass(frozen=True, slots=True)
class DocumentPrompt:
    """The turns of a prompt.

    Attributes:
        offered: passages of the newest turn, best first, of which as many are read as fit.
        repeated: passages found that stand with an earlier question already.
    """

    turns: tuple[PromptTurn, ...]
    offered: tuple[Passage, ...] = ()
    repeated: tuple[Passage, ...] = ()

    def read_passages(self, n_passages: int) -> tuple[Passage, ...]:
        """Give what reached the model when it read so many of the offered, in reading order."""
        return in_reading_order((*self.repeated, *self.offered[:n_passages]))


def document_prompt(
    shown: Sequence[ShownTurn],
    instructions: str,
    found: Sequence[Passage] = (),
    *,
    may_forget: bool = False,
) -> DocumentPrompt:
    """Put together the turns of a prompt, with the passages of every question.

    Earlier questions keep their passages, so that the prompt begins as it did. A passage that
    stands with an earlier question is not repeated, so that a question about the same text
    starts at once, unless earlier turns may be left out of the prompt.

    Args:
        shown: the branch, up to the newest question.
        instructions: of the user's, for all chats.
        found: passages for the newest question, best first.
        may_forget: older turns may be left out.
    """
    told = _without_refused(shown)
    read = _read_by_question([one.turn for one in told])
    seen: set[tuple[str, str]] = set()
    turns: list[PromptTurn] = []
    for turn in prompt_turns(told, instructions):
        passages = [one for one in read.get(turn.turn_id, ()) if _key(one) not in seen]
        if not may_forget:
            seen.update(map(_key, passages))
        turns.append(replace(turn, passages=prompt_passages(passages)))
    offered = tuple(one for one in found if _key(one) not in seen)
    repeated = tuple(one for one in found if _key(one) in seen)
    if turns and offered:
        turns[-1] = replace(turns[-1], passages=prompt_passages(offered))
    return DocumentPrompt(tuple(turns), offered, repeated)


def in_reading_order(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Give passages as they stand in the documents."""
    return tuple(sorted(passages, key=lambda one: one.order))


def prompt_passages(passages: Sequence[Passage]) -> tuple[PromptPassage, ...]:
    """Give passages for the prompt, in the order given, each with its place in reading order."""
    ranks = {id(one): rank for rank, one in enumerate(in_reading_order(passages))}
    return tuple(
        PromptPassage(passage_label(one.place), _text_with_header(one), ranks[id(one)])
        for one in passages
    )


def passage_label(place: DocumentPlace) -> str:
    """Name a place for the model: "lease.pdf, page 4"."""
    name = " ".join(place.path.name.split())
    if place.unit is PageUnit.WHOLE:
        return name
    label = " ".join(place.label.split()) or str(place.page)
    unit = _UNITS.get(place.unit, "chapter")
    return f"{name}, {unit} {label}"


def says_nothing_found(turn: Turn) -> bool:
    """Say whether an answer is the program's own: that the documents say nothing about it."""
    return (
        turn.state is TurnState.COMPLETE
        and not turn.text
        and turn.sources is not None
        and turn.sources.verdict not in ANSWERED
    )


def _without_refused(shown: Sequence[ShownTurn]) -> list[ShownTurn]:
    """Leave out questions to which nothing was found, with their answers, which no model saw."""
    refused = {one.turn.parent_id for one in shown if says_nothing_found(one.turn)}
    return [
        one
        for one in shown
        if one.turn.turn_id not in refused and not says_nothing_found(one.turn)
    ]


def _read_by_question(turns: Sequence[Turn]) -> dict[str, tuple[Passage, ...]]:
    """Give the passages that reached a model, by the question."""
    return {
        turn.parent_id: in_reading_order(turn.sources.passages)
        for turn in turns
        if turn.role is Role.ASSISTANT
        and turn.parent_id
        and turn.sources
        and _is_read(turn.sources)
    }


def _is_read(sources: AnswerSources) -> bool:
    return sources.mode is AnswerMode.MODEL and sources.verdict in ANSWERED


def _key(passage: Passage) -> tuple[str, str]:
    return passage.place.sha256, passage.text


def _text_with_header(passage: Passage) -> str:
    header = passage.header
    return passage.text if not header or header in passage.text else f"{header}\n{passage.text}"
