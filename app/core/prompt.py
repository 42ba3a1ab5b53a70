"""What of a conversation goes into the prompt, within the context length."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core.conversation import Role, ShownTurn
from app.core.documents.evidence import PromptPassage
from app.core.documents.passage_text import INSTRUCTION, QUESTION, quoted
from app.core.events import PromptTurn
from app.core.thoughts import without_thoughts

INSTRUCTIONS_ID = "instructions"
"""Stands where other turns have their id, so that the engine knows them again."""
ANSWER_RESERVE_TOKENS = 1024
"""Room kept for the answer where the context is large enough."""
KEPT_FRACTION = 0.5
"""After forgetting, this share of the room is filled, so that it does not happen every turn
and the rest of the prompt stays the same for many turns (reuse of the KV cache)."""
PASSAGES_FRACTION = 0.75
"""Of the room, so much may be taken by passages of one question; the next ones need some too."""


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message as the chat template sees it: neighbours of one role are joined."""

    role: Role
    text: str
    turn_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """Which messages go into the prompt.

    Attributes:
        first: index of the first message after the instructions that is kept.
        fits: whether the kept messages fit; False when the newest alone is too long.
        n_tokens: length of the prompt in tokens.
    """

    first: int
    fits: bool
    n_tokens: int


def prompt_turns(shown: Iterable[ShownTurn], instructions: str) -> tuple[PromptTurn, ...]:
    """Give the turns of a branch for the engine, after the instructions if there are any."""
    turns = (PromptTurn(one.turn.turn_id, one.turn.role, one.turn.text) for one in shown)
    text = instructions.strip()
    first = (PromptTurn(INSTRUCTIONS_ID, Role.SYSTEM, text),) if text else ()
    return (*first, *turns)


def with_passages(turn: PromptTurn) -> str:
    """Give a turn's text after the passages that it is to be answered from, if there are any.

    They are numbered in reading order, so that an earlier turn reads as it did when it was the
    newest one.
    """
    if not turn.passages:
        return turn.text
    quotations = [
        quoted(number, one.label, one.text)
        for number, one in enumerate(sorted(turn.passages, key=_order), start=1)
    ]
    return "\n\n".join((INSTRUCTION, *quotations, f"{QUESTION} {turn.text}"))


def _order(passage: PromptPassage) -> int:
    return passage.order


def prompt_messages(turns: Sequence[PromptTurn]) -> tuple[PromptMessage, ...]:
    """Give the messages for the template: no empty ones, and roles that alternate.

    An answer that failed before its first word leaves two turns of the user side by side;
    many templates refuse that, so neighbours of one role are joined by an empty line.
    """
    messages: list[PromptMessage] = []
    for turn in turns:
        is_answer = turn.role is Role.ASSISTANT
        text = without_thoughts(turn.text) if is_answer else with_passages(turn)
        if not text.strip():
            continue
        if messages and messages[-1].role is turn.role:
            last = messages.pop()
            text = f"{last.text}\n\n{text}"
            messages.append(PromptMessage(turn.role, text, (*last.turn_ids, turn.turn_id)))
        else:
            messages.append(PromptMessage(turn.role, text, (turn.turn_id,)))
    return tuple(messages)


def answer_reserve_tokens(n_ctx: int) -> int:
    """How many tokens are kept free for the answer in a context of `n_ctx`."""
    return min(ANSWER_RESERVE_TOKENS, n_ctx // 4)


def plan_memory(
    message_tokens: Sequence[int],
    roles: Sequence[Role],
    instruction_tokens: int,
    n_ctx: int,
    first: int = 0,
) -> MemoryPlan:
    """Decide which of the newest messages fit into a context.

    Args:
        message_tokens: length of each message after the instructions, oldest first, with what
            the template puts around it.
        roles: whose message each is. The first kept one is the user's, as templates demand.
        instruction_tokens: length of the instructions and all else that is always there.
        n_ctx: context length.
        first: what was kept the last time; stays while it fits, so that the prompt begins
            the same way and the KV cache can be used again.
    """
    room_tokens = n_ctx - answer_reserve_tokens(n_ctx) - instruction_tokens
    kept_tokens = sum(message_tokens[first:])
    if kept_tokens <= room_tokens:
        return MemoryPlan(first, fits=True, n_tokens=kept_tokens + instruction_tokens)
    last = max(len(message_tokens) - 1, 0)
    while first < last and (
        kept_tokens > room_tokens * KEPT_FRACTION or roles[first] is not Role.USER
    ):
        kept_tokens -= message_tokens[first]
        first += 1
    fits = bool(message_tokens) and kept_tokens <= room_tokens
    return MemoryPlan(first, fits, kept_tokens + instruction_tokens)
