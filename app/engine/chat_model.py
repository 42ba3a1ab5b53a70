"""What the chat engine needs of a loaded model; `llama.py` has the real one."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from app.core.events import FinishReason
from app.core.placement import DeviceUse, Placement
from app.core.sampling import Sampling
from app.engine.prompt_tokens import Vocabulary


class Stop(Protocol):
    """A request to stop; see `llama.StopFlag`."""

    @property
    def is_set(self) -> bool:
        """Whether a stop was asked for."""
        ...

    def set(self) -> None:
        """Ask for a stop; callable from any thread."""
        ...

    def clear(self) -> None:
        """Begin anew."""
        ...


class AnswerStream(Protocol):
    """An answer being written; see `llama.AnswerWriter`."""

    reason: FinishReason
    tokens: list[int]
    unfinished: str
    is_whole: bool

    def __iter__(self) -> Iterator[str]:
        """Give the new text after each token."""
        ...


class ChatModel(Vocabulary, Protocol):
    """A loaded model; see `llama.LlamaModel`."""

    display_name: str
    n_ctx: int
    tokens: list[int]
    device_uses: tuple[DeviceUse, ...]

    @property
    def bos_text(self) -> str:
        """Text of the token that begins a prompt."""
        ...

    @property
    def eos_text(self) -> str:
        """Text of the token that ends a text."""
        ...

    def chat_template(self) -> str | None:
        """Give the chat template; None if there is none."""
        ...

    def keep_prefix(self, prompt: Sequence[int]) -> int:
        """Drop from the KV cache what `prompt` does not begin with; give how much stays."""
        ...

    def read(self, prompt: Sequence[int], on_progress: Callable[[int], None]) -> bool:
        """Read what of `prompt` is not in the KV cache yet; False when it was stopped."""
        ...

    def write(self, sampling: Sampling) -> AnswerStream:
        """Begin an answer after the tokens read."""
        ...

    def save_memory(self, path: Path) -> int:
        """Write the KV cache to a file; give its size in bytes, 0 when it did not work."""
        ...

    def restore_memory(self, path: Path) -> bool:
        """Read the KV cache from a file; an unusable one leaves it empty."""
        ...

    def forget(self) -> None:
        """Empty the KV cache."""
        ...

    def close(self) -> None:
        """Give all memory back."""
        ...


LoadModel = Callable[[Path, str, Placement, Callable[[float], None]], ChatModel]
"""Loads a file under a name as placed, reporting progress from 0.0 to 1.0."""
