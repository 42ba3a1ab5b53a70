"""How much a quantization loses."""

from dataclasses import dataclass
from enum import StrEnum


class QualityWord(StrEnum):
    """Loss in words, best first."""

    FULL = "full"
    """Cannot be told from the original."""
    CLOSE = "close"
    """Close to full quality."""
    GOOD = "good"
    """A little is lost."""
    REDUCED = "reduced"
    """More mistakes."""
    POOR = "poor"
    """Many mistakes: only to try."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What is known of a quantization's quality.

    Attributes:
        quantization: its name, such as "Q4_K_M".
        bits: of a weight, on average.
        divergence: mean Kullback-Leibler divergence from the unquantized model's predictions,
            in nats a token; smaller is better.
        kept: part of the quality kept, 0.0 to 1.0, for a bar.
        word: in words.
        is_slow_on_processor: takes longer on a processor than its size suggests.
        is_measured: of this very quantization, and not taken from its neighbours.
    """

    quantization: str
    bits: float
    divergence: float
    kept: float
    word: QualityWord
    is_slow_on_processor: bool = False
    is_measured: bool = True


def quality_of(quantization: str) -> Quality:
    """Say how good a quantization is; one that is not known is judged by the bits in its name."""
    raise NotImplementedError
