"""Conversations as trees of turns: every regenerated answer is kept beside its siblings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.core.documents.evidence import AnswerSources, ChatDocuments

TITLE_MAX_CHARACTERS = 48


class Role(StrEnum):
    """Who speaks, in the words of chat templates."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class TurnState(StrEnum):
    """How far a turn has come."""

    COMPLETE = "complete"
    WRITING = "writing"
    STOPPED = "stopped"
    """The user pressed Stop; the text so far is kept."""
    CUT_OFF = "cut_off"
    """The model's memory or the allowed length was used up."""
    INTERRUPTED = "interrupted"
    """The engine or the program died; the text so far is kept."""
    FAILED = "failed"
    """No answer came; why is in `error_code`."""


@dataclass(frozen=True, slots=True)
class AnswerMeasurement:
    """What was measured while an answer was written.

    Attributes:
        n_prompt_tokens: length of the prompt in tokens.
        n_reused_tokens: how much of the prompt was still in the model's memory.
        n_answer_tokens: length of the answer in tokens.
        first_token_s: seconds from the request to the first token.
        generation_s: seconds from the first to the last token.
        n_ctx: context length in tokens.
    """

    n_prompt_tokens: int
    n_reused_tokens: int
    n_answer_tokens: int
    first_token_s: float
    generation_s: float
    n_ctx: int

    @property
    def context_fraction(self) -> float:
        """How full the context was at the end, 0.0 to 1.0."""
        used_tokens = self.n_prompt_tokens + self.n_answer_tokens
        return min(1.0, used_tokens / self.n_ctx) if self.n_ctx else 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One message. `parent_id` is the turn it answers; None only for the first.

    `sources` says what an answer from documents rests on; None for all other turns.
    """

    turn_id: str
    conversation_id: str
    parent_id: str | None
    role: Role
    text: str
    state: TurnState
    created_at: datetime
    model_name: str = ""
    measurement: AnswerMeasurement | None = None
    error_code: str = ""
    sources: AnswerSources | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation without its turns.

    Attributes:
        leaf_id: the last turn of the branch shown; None while there is no turn.
        remembered_from_id: the first turn that still reached the model; None if all did.
        may_forget: the user has agreed that older turns leave the model's memory.
        draft: text typed but not sent.
        documents: what it is asked from.
    """

    conversation_id: str
    title: str
    created_at: datetime
    updated_at: datetime
    leaf_id: str | None = None
    remembered_from_id: str | None = None
    may_forget: bool = False
    draft: str = ""
    documents: ChatDocuments = ChatDocuments()


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A turn of the branch shown, and its place among its siblings (counted from 0)."""

    turn: Turn
    sibling_ids: tuple[str, ...]

    @property
    def sibling_index(self) -> int:
        """Place among the siblings."""
        return self.sibling_ids.index(self.turn.turn_id)


class TurnTree:
    """The turns of one conversation by parent."""

    def __init__(self, turns: Iterable[Turn]) -> None:
        self._by_id = {turn.turn_id: turn for turn in turns}
        self._children: dict[str | None, list[Turn]] = {}
        for turn in self._by_id.values():
            self._children.setdefault(turn.parent_id, []).append(turn)
        for siblings in self._children.values():
            siblings.sort(key=lambda turn: (turn.created_at, turn.turn_id))

    def branch(self, leaf_id: str | None) -> tuple[ShownTurn, ...]:
        """Give the turns from the first to `leaf_id`; empty for None or an unknown id."""
        shown: list[ShownTurn] = []
        current = self._by_id.get(leaf_id) if leaf_id is not None else None
        while current is not None:
            siblings = self._children[current.parent_id]
            shown.append(ShownTurn(current, tuple(turn.turn_id for turn in siblings)))
            parent_id = current.parent_id
            current = self._by_id.get(parent_id) if parent_id is not None else None
        return tuple(reversed(shown))

    def newest_leaf(self, turn_id: str) -> str:
        """Follow the newest child from `turn_id` down and give the last turn's id."""
        while children := self._children.get(turn_id):
            turn_id = children[-1].turn_id
        return turn_id

    def descendants(self, turn_id: str) -> tuple[str, ...]:
        """Give `turn_id` and the ids of all turns below it."""
        found = [turn_id]
        for parent_id in found:
            found.extend(turn.turn_id for turn in self._children.get(parent_id, ()))
        return tuple(found)


def automatic_title(text: str) -> str:
    """Give a title from the first message: its first line, cut at a word."""
    first_line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    words = " ".join(first_line.lstrip("#>*-` ").split())
    if len(words) <= TITLE_MAX_CHARACTERS:
        return words
    cut = words[:TITLE_MAX_CHARACTERS]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > TITLE_MAX_CHARACTERS // 2 else cut).rstrip(",;:") + "…"


class AgeGroup(StrEnum):
    """Headings of the chat list."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    LAST_WEEK = "last_week"
    LAST_MONTH = "last_month"
    OLDER = "older"


def age_group(day: date, today: date) -> AgeGroup:
    """Give the heading under which a conversation of `day` stands; the future counts as today."""
    age = today - day
    if age <= timedelta(0):
        return AgeGroup.TODAY
    if age <= timedelta(days=1):
        return AgeGroup.YESTERDAY
    if age <= timedelta(days=7):
        return AgeGroup.LAST_WEEK
    return AgeGroup.LAST_MONTH if age <= timedelta(days=30) else AgeGroup.OLDER


def group_by_age(
    conversations: Sequence[Conversation], now: datetime
) -> tuple[tuple[AgeGroup, tuple[Conversation, ...]], ...]:
    """Group conversations under headings, newest first, by the local day of `now`'s zone."""
    newest_first = sorted(conversations, key=lambda one: one.updated_at, reverse=True)
    groups: dict[AgeGroup, list[Conversation]] = {}
    for conversation in newest_first:
        day = conversation.updated_at.astimezone(now.tzinfo).date()
        groups.setdefault(age_group(day, now.date()), []).append(conversation)
    return tuple((group, tuple(groups[group])) for group in AgeGroup if group in groups)
