"""Makes one text of the channels that gpt-oss writes an answer in.

    <|channel|>analysis<|message|>...<|end|><|start|>assistant<|channel|>final<|message|>...

What is meant for the user is in the channel `final`; the others hold the thought before it.
Only llama.cpp's plain text is seen here: `<|end|>` may be missing from it.
"""

import re
from collections.abc import Collection
from enum import Enum, auto

from app.core.thoughts import THOUGHT_CLOSING, THOUGHT_OPENING
from app.engine.stop_strings import beginning_at_end

_CHANNEL, _MESSAGE = "<|channel|>", "<|message|>"
_OUTSIDE = ("<|start|>", "<|end|>", "<|return|>", "<|call|>")
"""Between them and the next message nothing is meant for anybody."""
_MARKERS = (_CHANNEL, _MESSAGE, "<|constrain|>", *_OUTSIDE)
_CUT = re.compile("(" + "|".join(map(re.escape, _MARKERS)) + ")")
_THOUGHT_CHANNELS = frozenset({"analysis", "commentary"})


def has_channels(token_texts: Collection[str]) -> bool:
    """Say whether a vocabulary is made for channels."""
    return _CHANNEL in token_texts and _MESSAGE in token_texts


class _Place(Enum):
    """Where in an answer the next text stands."""

    PLAIN = auto()
    HEADER = auto()
    THOUGHT = auto()
    ANSWER = auto()


class Channels:
    """Turns streamed text with channels into a thought and an answer.

    Text that may be the beginning of a marker is held back until it is clear.
    """

    def __init__(self) -> None:
        self._place = _Place.PLAIN
        self._header = ""
        self._held = ""
        self._is_thinking = False
        self._has_answered = False
        self._has_ended_thought = False

    def feed(self, text: str) -> str:
        """Take the next text; give what can be shown."""
        text = self._held + text
        n_held = max(beginning_at_end(text, marker) for marker in _MARKERS)
        self._held = text[len(text) - n_held :]
        return self._shown(text[: len(text) - n_held])

    def rest(self) -> str:
        """Give what was held back, when the answer has ended."""
        held, self._held = self._held, ""
        return self._shown(held)

    def _shown(self, text: str) -> str:
        pieces = _CUT.split(text)
        shown = [self._text(pieces[0])]
        for marker, piece in zip(pieces[1::2], pieces[2::2], strict=True):
            self._go(marker)
            shown.append(self._text(piece))
        return "".join(shown)

    def _go(self, marker: str) -> None:
        """Note what comes after a marker."""
        if marker == _MESSAGE:
            channel = self._header.split()[:1]
            is_thought = bool(channel) and channel[0] in _THOUGHT_CHANNELS
            self._place = _Place.THOUGHT if is_thought else _Place.ANSWER
            self._has_ended_thought = self._is_thinking
        elif marker == _CHANNEL or marker in _OUTSIDE:
            self._place, self._header = _Place.HEADER, ""

    def _text(self, text: str) -> str:
        """Give what is shown of a text without markers."""
        if not text:
            return ""
        match self._place:
            case _Place.HEADER:
                self._header += text
                return ""
            case _Place.THOUGHT:
                return self._thought(text)
            case _Place.PLAIN | _Place.ANSWER:
                return self._answer(text)

    def _thought(self, text: str) -> str:
        # A thought can only stand before the answer; what comes later was for tools.
        if self._has_answered:
            return ""
        before = "" if self._is_thinking else THOUGHT_OPENING
        if self._has_ended_thought:
            before = "\n\n"
        self._is_thinking, self._has_ended_thought = True, False
        return before + text

    def _answer(self, text: str) -> str:
        before = f"{THOUGHT_CLOSING}\n\n" if self._is_thinking else ""
        self._is_thinking, self._has_answered = False, True
        return before + text
