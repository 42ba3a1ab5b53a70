"""The part of an answer in which a reasoning model thinks before it answers."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

_OPENING: Final = "<think>"
_CLOSING: Final = "</think>"


class _Phase(Enum):
    UNDECIDED = auto()
    THINKING = auto()
    ANSWERING = auto()


@dataclass(frozen=True, slots=True)
class Parted:
    """A batch in its two parts; either may be empty."""

    thought: str
    answer: str


class ReasoningSplitter:
    """Takes a leading `<think>...</think>` apart from the answer; batches may end anywhere."""

    def __init__(self) -> None:
        self._phase = _Phase.UNDECIDED
        self._held = ""

    @property
    def is_thinking(self) -> bool:
        """Whether the thought has begun and has not ended."""
        return self._phase is _Phase.THINKING

    def feed(self, text: str) -> Parted:
        """Take the next batch."""
        text = self._held + text
        self._held = ""
        thought = ""
        if self._phase is _Phase.UNDECIDED:
            begun = text.lstrip()
            if len(begun) < len(_OPENING) and _OPENING.startswith(begun):
                self._held = text
                return Parted("", "")
            is_thought = begun.startswith(_OPENING)
            self._phase = _Phase.THINKING if is_thought else _Phase.ANSWERING
            text = begun.removeprefix(_OPENING) if is_thought else text
        if self._phase is _Phase.THINKING:
            thought, found, text = text.partition(_CLOSING)
            if found:
                self._phase = _Phase.ANSWERING
            else:
                held = _begun_tag_length(thought)
                cut = len(thought) - held
                thought, self._held = thought[:cut], thought[cut:]
        return Parted(thought, text)

    def finish(self) -> Parted:
        """Hand out what was held back because it might have been a tag."""
        held, self._held = self._held, ""
        return Parted(held, "") if self.is_thinking else Parted("", held)


def answer_part(text: str) -> str:
    """Give the end of a whole text that is the answer; what was thought comes before it."""
    splitter = ReasoningSplitter()
    return splitter.feed(text).answer + splitter.finish().answer


def _begun_tag_length(text: str) -> int:
    """How many characters at the end of `text` could be the beginning of the closing tag."""
    return next(
        (n for n in range(len(_CLOSING) - 1, 0, -1) if text.endswith(_CLOSING[:n])),
        0,
    )
