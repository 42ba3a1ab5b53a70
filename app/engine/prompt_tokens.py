"""Turns a rendered prompt into tokens, so that no typed text becomes a control token.

llama.cpp can parse control tokens in a whole text or in none of it. Here the text that the
template wrote is cut at its control tokens, and everything between two of them, typed or not,
is tokenized in one run with parsing off. For a text without control tokens the result is what
`llama_tokenize(parse_special=True)` gives for the whole prompt.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.engine.chat_template import Segment


@dataclass(frozen=True, slots=True)
class ControlToken:
    """A token that text must not be able to write.

    Attributes:
        strips_left, strips_right: white space beside it belongs to it (llama.cpp's LSTRIP and
            RSTRIP attributes).
    """

    token: int
    strips_left: bool = False
    strips_right: bool = False


class Vocabulary(Protocol):
    """What is needed of a model's vocabulary."""

    @property
    def control_tokens(self) -> Mapping[str, ControlToken]:
        """Control tokens by their text."""
        ...

    @property
    def leading_token(self) -> int | None:
        """Token that every prompt begins with; None if there is none."""
        ...

    def tokenize(self, text: str) -> list[int]:
        """Give the tokens of plain text; control tokens in it stay plain text."""
        ...


class PromptTokenizer:
    """Tokenizes prompts for one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._control = vocabulary.control_tokens
        longest_first = sorted(self._control, key=len, reverse=True)
        self._cut = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def tokens(
        self,
        segments: Sequence[Segment],
        known_answer: Callable[[int], Sequence[int] | None] = lambda _: None,
    ) -> list[int]:
        """Give the tokens of a rendered prompt.

        Args:
            segments: the prompt as `ChatTemplate.render` gives it.
            known_answer: the tokens that the model itself once wrote for the message of this
                index, if they are known. They are taken as they are: tokenizing the text
                again may give other tokens, and then the KV cache could not be used again.
        """
        tokens: list[int] = []
        run = _Run(self._vocabulary, tokens)
        for segment in segments:
            if segment.message is None:
                self._add_template_text(segment.text, run)
                continue
            known = known_answer(segment.message)
            if known is None:
                run.add(segment.text)
            else:
                run.end()
                tokens.extend(known)
        run.end()
        leading = self._vocabulary.leading_token
        if leading is not None and tokens[:1] != [leading]:
            tokens.insert(0, leading)
        return tokens

    def _add_template_text(self, text: str, run: "_Run") -> None:
        end = 0
        for found in self._cut.finditer(text):
            run.add(text[end : found.start()])
            run.end_with(self._control[found.group()])
            end = found.end()
        run.add(text[end:])


class _Run:
    """Plain text between two control tokens."""

    def __init__(self, vocabulary: Vocabulary, tokens: list[int]) -> None:
        self._vocabulary = vocabulary
        self._tokens = tokens
        self._text = ""
        self._strip_next = False

    def add(self, text: str) -> None:
        self._text += text
        if self._strip_next:
            self._text = self._text.lstrip()
            self._strip_next = not self._text

    def end(self) -> None:
        self._strip_next = False
        if self._text:
            self._tokens.extend(self._vocabulary.tokenize(self._text))
            self._text = ""

    def end_with(self, control: ControlToken) -> None:
        if control.strips_left:
            self._text = self._text.rstrip()
        self.end()
        self._tokens.append(control.token)
        self._strip_next = control.strips_right
