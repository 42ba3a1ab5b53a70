"""Which passages of documents fit into a prompt."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.core.documents.evidence import PromptPassage
from app.core.documents.passage_text import INSTRUCTION, quoted, sentence_ends, visible
from app.core.events import PromptTurn
from app.core.prompt import PASSAGES_FRACTION

MAX_CHARACTERS_PER_TOKEN = 64
"""As in `prompt_builder`: what is longer than this allows is cut before it is tokenized."""
_JOINT_TOKENS = 4
"""White space between two quotations, and a number of two digits."""


class PassageFit:
    """Measures passages with one model's tokenizer.

    Args:
        n_tokens: counts the tokens of a text.
        limit_tokens: room of the whole prompt.
    """

    def __init__(self, n_tokens: Callable[[str], int], limit_tokens: int) -> None:
        self._n_tokens = n_tokens
        self._limit_tokens = limit_tokens
        # Depends on the model alone, so that a passage is cut the same in every later prompt.
        self._longest_tokens = limit_tokens // 2

    def cut(self, turns: Sequence[PromptTurn]) -> tuple[PromptTurn, ...]:
        """Give the turns with passages that are longer than half the room cut at a sentence."""
        return tuple(
            replace(turn, passages=tuple(map(self._cut, turn.passages))) if turn.passages else turn
            for turn in turns
        )

    def without(self, turn: PromptTurn) -> PromptTurn:
        """Give a turn with what stands around passages, but none."""
        return replace(turn, passages=(), text=f"{INSTRUCTION}\n\n{turn.text}")

    def costs(self, passages: Sequence[PromptPassage]) -> list[int]:
        """Count the tokens of passages with what stands around each."""
        return [self._n_tokens(quoted(1, one.label, one.text)) + _JOINT_TOKENS for one in passages]

    def n_within(self, costs: Sequence[int], room_tokens: int) -> int:
        """Say how many passages, best first, fit into some room."""
        room_tokens = min(room_tokens, int(self._limit_tokens * PASSAGES_FRACTION))
        n, taken = 0, 0
        for cost in costs:
            taken += cost
            if taken > room_tokens:
                break
            n += 1
        return n

    def _cut(self, passage: PromptPassage) -> PromptPassage:
        text = visible(passage.text)[: self._longest_tokens * MAX_CHARACTERS_PER_TOKEN]
        if len(text) < self._longest_tokens or self._n_tokens(text) <= self._longest_tokens:
            return passage
        ends = sentence_ends(text)
        low, high = 0, len(ends)
        while low < high:
            middle = (low + high) // 2
            if self._n_tokens(text[: ends[middle]]) <= self._longest_tokens:
                low = middle + 1
            else:
                high = middle
        if low:
            return replace(passage, text=text[: ends[low - 1]].rstrip())
        return replace(passage, text=self._cut_anywhere(text[: ends[0]]))

    def _cut_anywhere(self, text: str) -> str:
        """Cut a sentence that alone is too long."""
        while self._n_tokens(text) > self._longest_tokens:
            text = text[: len(text) * 3 // 4]
        return text
