"""From the turns of a conversation to the tokens of a prompt that fits the context."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.core.conversation import Role
from app.core.errors import ErrorCode, Facts, WorldError
from app.core.events import PromptTurn
from app.core.prompt import (
    PromptMessage,
    answer_reserve_tokens,
    plan_memory,
    prompt_messages,
)
from app.core.thoughts import THOUGHT_OPENING
from app.engine.chat_model import ChatModel
from app.engine.chat_template import ChatTemplate, Segment
from app.engine.passage_fit import PassageFit
from app.engine.prompt_tokens import PromptTokenizer

KNOWN_ANSWERS = 256
"""For how many answers the very tokens that were written are remembered."""
MAX_CHARACTERS_PER_TOKEN = 64
"""No text has fewer tokens than this allows; longer ones are refused untokenized, since
tokenizing ten million characters takes more than a minute and cannot be stopped."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt that fits.

    Attributes:
        tokens: what is to be read.
        remembered_from_id: its first turn, empty when all fit.
        begins_thought: it ends in the opening of a thought, which the answer goes on with.
        n_passages: how many of the newest turn's passages are in it, the best ones.
    """

    tokens: list[int]
    remembered_from_id: str
    begins_thought: bool = False
    n_passages: int = 0


@dataclass(frozen=True, slots=True)
class TooLong:
    """The conversation does not fit: its length in tokens, and how many messages must go."""

    n_tokens: int
    n_forgotten: int


class PromptBuilder:
    """Builds prompts for one loaded model with its chat template.

    Raises:
        WorldError: CHAT_TEMPLATE_MISSING or CHAT_TEMPLATE_UNUSABLE.
    """

    def __init__(self, model: ChatModel) -> None:
        source = model.chat_template()
        if source is None:
            facts = Facts(file_name=model.display_name)
            raise WorldError(ErrorCode.CHAT_TEMPLATE_MISSING, facts)
        self._model = model
        self._template = ChatTemplate(source, model.bos_text, model.eos_text, model.display_name)
        self._tokenizer = PromptTokenizer(model, source)
        self._answers: OrderedDict[str, tuple[str, tuple[int, ...]]] = OrderedDict()
        self._limit_tokens = model.n_ctx - answer_reserve_tokens(model.n_ctx)
        self._frame_tokens = self._measure_frame()
        self._passages = PassageFit(self._tokenizer.n_tokens, self._limit_tokens)

    def build(
        self,
        turns: Sequence[PromptTurn],
        remembered_from_id: str,
        *,
        may_forget: bool,
        max_passage_tokens: int = 0,
    ) -> Prompt | TooLong:
        """Give a prompt that fits, or say what would have to be forgotten.

        Of the newest turn's passages as many are taken, best first, as fit beside all else, and
        one at least; those of earlier turns belong to what was said.

        Args:
            turns: the branch, instructions first if there are any.
            remembered_from_id: the first turn of the last prompt; empty if all were in it.
            may_forget: leave out the oldest messages where needed.
            max_passage_tokens: how much of documents may be read anew; 0 for no limit.

        Raises:
            WorldError: PROMPT_TOO_LONG when the newest message alone does not fit;
                CHAT_TEMPLATE_UNUSABLE when the template fails on these messages.
        """
        turns = self._passages.cut(turns)
        if not turns or not turns[-1].passages:
            return self._build(turns, remembered_from_id, may_forget=may_forget)
        newest, limit = turns[-1], max_passage_tokens or self._limit_tokens
        costs = self._passages.costs(newest.passages)
        room = self._room_beside(turns, remembered_from_id)
        # The sum of the parts may be a few tokens short of the whole.
        for n_passages in range(self._passages.n_within(costs, min(room, limit)), 0, -1):
            taken = (*turns[:-1], replace(newest, passages=newest.passages[:n_passages]))
            prompt = self._build(taken, remembered_from_id, may_forget=False)
            if isinstance(prompt, Prompt):
                return replace(prompt, n_passages=n_passages)
        # The best one is read in any case, even if older messages must be forgotten for it.
        alone = min(self._limit_tokens // 2, self._room_beside((newest,), ""))
        n_passages = max(1, self._passages.n_within(costs, min(alone, limit)))
        if costs[0] <= room:
            n_passages = 1
        taken = (*turns[:-1], replace(newest, passages=newest.passages[:n_passages]))
        prompt = self._build(taken, remembered_from_id, may_forget=may_forget)
        return replace(prompt, n_passages=n_passages) if isinstance(prompt, Prompt) else prompt

    def _room_beside(self, turns: Sequence[PromptTurn], remembered_from_id: str) -> int:
        """Count the tokens that are left for passages beside the question and all before it."""
        messages = prompt_messages((*turns[:-1], self._passages.without(turns[-1])))
        first = _index_of_turn(messages, remembered_from_id)
        spoken = [one for i, one in enumerate(messages) if i >= first or one.role is Role.SYSTEM]
        if _n_characters(spoken) > self._limit_tokens * MAX_CHARACTERS_PER_TOKEN:
            return 0
        taken = sum(self._n_tokens(one) + self._frame_tokens for one in spoken)
        return self._limit_tokens - taken

    def _build(
        self, turns: Sequence[PromptTurn], remembered_from_id: str, *, may_forget: bool
    ) -> Prompt | TooLong:
        messages = prompt_messages(turns)
        n_fixed = 1 if messages and messages[0].role is Role.SYSTEM else 0
        fixed, spoken = messages[:n_fixed], messages[n_fixed:]
        self._refuse_endless((*fixed, *spoken[-1:]))
        first = _index_of_turn(spoken, remembered_from_id)
        if _n_characters(spoken[first:]) <= self._limit_tokens * MAX_CHARACTERS_PER_TOKEN:
            prompt = self._prompt(fixed, spoken, first)
            if len(prompt.tokens) <= self._limit_tokens:
                return prompt
        return self._shortened(fixed, spoken, first, may_forget=may_forget)

    def remember_answer(self, turn_id: str, text: str, tokens: Iterable[int]) -> None:
        """Remember the tokens of an answer, where they are exactly its text."""
        self._answers[turn_id] = (text, tuple(tokens))
        while len(self._answers) > KNOWN_ANSWERS:
            self._answers.popitem(last=False)

    def _shortened(
        self,
        fixed: Sequence[PromptMessage],
        spoken: Sequence[PromptMessage],
        first: int,
        *,
        may_forget: bool,
    ) -> Prompt | TooLong:
        lengths = [self._n_tokens(message) + self._frame_tokens for message in spoken]
        around = len(self._tokens((*fixed, *spoken[-1:]))) - lengths[-1]
        roles = [message.role for message in spoken]
        plan = plan_memory(lengths, roles, around, self._model.n_ctx, first)
        if not plan.fits:
            needed = lengths[-1] + around
            facts = Facts(needed_tokens=needed, limit_tokens=self._limit_tokens)
            raise WorldError(ErrorCode.PROMPT_TOO_LONG, facts)
        if not may_forget:
            return TooLong(sum(lengths) + around, plan.first)
        return self._prompt(fixed, spoken, plan.first)

    def _prompt(
        self, fixed: Sequence[PromptMessage], spoken: Sequence[PromptMessage], first: int
    ) -> Prompt:
        messages = (*fixed, *spoken[first:])
        segments = self._template.render(messages)
        return Prompt(
            self._tokens_of(segments, messages),
            spoken[first].turn_ids[0] if first else "",
            begins_thought=segments[-1].text.rstrip().endswith(THOUGHT_OPENING)
            and segments[-1].message is None,
        )

    def _refuse_endless(self, messages: Sequence[PromptMessage]) -> None:
        n_characters = _n_characters(messages)
        if n_characters > self._limit_tokens * MAX_CHARACTERS_PER_TOKEN:
            # About four characters a token, for the sentence shown; not counted for real.
            facts = Facts(needed_tokens=n_characters // 4, limit_tokens=self._limit_tokens)
            raise WorldError(ErrorCode.PROMPT_TOO_LONG, facts)

    def _tokens(self, messages: Sequence[PromptMessage]) -> list[int]:
        return self._tokens_of(self._template.render(messages), messages)

    def _tokens_of(
        self, segments: Sequence[Segment], messages: Sequence[PromptMessage]
    ) -> list[int]:
        return self._tokenizer.tokens(segments, lambda i: self._known_answer(messages[i]))

    def _n_tokens(self, message: PromptMessage) -> int:
        known = self._known_answer(message)
        return len(known) if known is not None else self._tokenizer.n_tokens(message.text)

    def _known_answer(self, message: PromptMessage) -> tuple[int, ...] | None:
        """Give the tokens the model wrote for this message, if that is known for certain."""
        if message.role is not Role.ASSISTANT or len(message.turn_ids) != 1:
            return None
        text, tokens = self._answers.get(message.turn_ids[0], ("", ()))
        return tokens if tokens and text == message.text else None

    def _measure_frame(self) -> int:
        """Count the tokens that the template puts around one message; also tries it out."""
        hello = PromptMessage(Role.USER, "Hello", ("",))
        short = self._tokens((hello,))
        long = self._tokens((hello, PromptMessage(Role.ASSISTANT, "Hello", ("",)), hello))
        text = len(self._model.tokenize("Hello"))
        return max(0, -(-(len(long) - len(short)) // 2) - text)


def _n_characters(messages: Iterable[PromptMessage]) -> int:
    return sum(len(message.text) for message in messages)


def _index_of_turn(messages: Sequence[PromptMessage], turn_id: str) -> int:
    """Find the message of a turn; 0 when the turn is not in this branch."""
    return next((i for i, message in enumerate(messages) if turn_id in message.turn_ids), 0)
