"""Turns a rendered prompt into tokens, so that no typed text becomes a control token.

llama.cpp can parse control tokens in a whole text or in none of it. Here the text that the
template wrote is cut at its control tokens, and everything between two of them, typed or not,
is tokenized in one run with parsing off. For a text without control tokens the result is what
`llama_tokenize(parse_special=True)` gives for the whole prompt.

Some models have turn markers among the tokens that llama.cpp finds in every text
("user-defined": `<|start|>` of gpt-oss, `<|im_start|>` of many fine-tunes). Where a message
holds the text of such a marker, the run is cut within it and the parts are tokenized apart.
"""

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
    def user_defined_texts(self) -> Collection[str]:
        """Texts of the tokens that `tokenize` finds in every text."""
        ...

    @property
    def leading_token(self) -> int | None:
        """Token that every prompt begins with; None if there is none."""
        ...

    def tokenize(self, text: str) -> list[int]:
        """Give the tokens of plain text; control tokens in it stay plain text."""
        ...


_BRACKETED = re.compile(r"<\|.*\|>", re.DOTALL)


def turn_markers(texts: Iterable[str], template_source: str) -> list[str]:
    """Give those of `texts` with which a template may mark turns.

    That is what looks like `<|...|>`, and what the template itself writes. Words and white
    space are none: many vocabularies have such tokens, and any template has them in it.
    """
    return [
        text
        for text in texts
        if _BRACKETED.fullmatch(text) or (_is_sign(text) and text in template_source)
    ]


def _is_sign(text: str) -> bool:
    """Say whether a token is more than a word, white space or punctuation."""
    core = text.strip()
    return not core[:1].isalnum() and any(letter.isalpha() for letter in core)


class PromptTokenizer:
    """Tokenizes prompts for one vocabulary and one template."""

    def __init__(self, vocabulary: Vocabulary, template_source: str = "") -> None:
        self._vocabulary = vocabulary
        self._control = vocabulary.control_tokens
        self._cut = re.compile(_any_of(self._control))
        markers = turn_markers(vocabulary.user_defined_texts, template_source)
        # Looking ahead finds those that overlap as well.
        self._marker = re.compile(f"(?=({_any_of(markers)}))")

    def n_tokens(self, text: str) -> int:
        """Count the tokens of a message."""
        return len(self.tokens([Segment(text, 0)]))

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
        run = _Run(self._vocabulary, tokens, self._marker)
        for segment in segments:
            if segment.message is None:
                self._add_template_text(segment.text, run)
                continue
            known = known_answer(segment.message)
            if known is None:
                run.add(segment.text, is_typed=True)
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


def _any_of(texts: Iterable[str]) -> str:
    """Give a pattern for any of `texts`, the longest first; for nothing if there is none."""
    longest_first = sorted(filter(None, texts), key=len, reverse=True)
    return "|".join(map(re.escape, longest_first)) or r"(?!)"


class _Run:
    """Plain text between two control tokens."""

    def __init__(self, vocabulary: Vocabulary, tokens: list[int], marker: re.Pattern[str]) -> None:
        self._vocabulary = vocabulary
        self._tokens = tokens
        self._marker = marker
        self._text = ""
        self._typed: list[tuple[int, int]] = []
        self._strip_next = False

    def add(self, text: str, *, is_typed: bool = False) -> None:
        if self._strip_next:
            text = text.lstrip()
            self._strip_next = not text
        start = len(self._text)
        self._text += text
        if is_typed:
            self._typed.append((start, len(self._text)))

    def end(self) -> None:
        self._strip_next = False
        for part in self._parts():
            self._tokens.extend(self._vocabulary.tokenize(part))
        self._text = ""
        self._typed.clear()

    def _parts(self) -> list[str]:
        """Give the text, cut within every marker that somebody typed at least in part."""
        cuts = [0]
        for found in self._marker.finditer(self._text):
            start, end = found.span(1)
            if any(start < typed_end and typed < end for typed, typed_end in self._typed):
                cuts.append(start + 1)
        cuts.append(len(self._text))
        return [self._text[a:b] for a, b in itertools.pairwise(cuts) if a < b]

    def end_with(self, control: ControlToken) -> None:
        if control.strips_left:
            self._text = self._text.rstrip()
        self.end()
        self._tokens.append(control.token)
        self._strip_next = control.strips_right
