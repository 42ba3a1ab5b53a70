"""How much a quantization loses, in words and as a number for a bar."""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.core.fit.quality_table import LOSSES, MeasuredLoss

LEAST_BITS_BALANCED = 4.2
"""From here on a version is worth its model; below, the next smaller model is better
(in llama.cpp's scoreboard the loss more than doubles between Q4_K_S and Q3_K_M)."""
NATIVE_TYPES = {"gpt-oss": "MXFP4"}
"""Architectures that were trained in a type: nothing is lost by it there."""
SLOW_ON_PROCESSOR = frozenset(
    {
        *("IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ2_M"),
        *("IQ3_XXS", "IQ3_XS", "IQ3_S", "IQ3_M", "TQ1_0", "TQ2_0"),
        *("Q4_1", "Q5_0", "Q5_1"),
    }
)
"""Measured with llama-cpp-python 0.3.36 on AVX-512: IQ2 and IQ3 write two to three times as
slowly as Q6_K, which is twice their size; Q4_1 reads prompts four times as slowly as Q4_0."""


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


_WORDS: tuple[tuple[float, QualityWord], ...] = (
    (0.002, QualityWord.FULL),
    (0.035, QualityWord.CLOSE),
    (0.075, QualityWord.GOOD),
    (0.25, QualityWord.REDUCED),
)
"""Highest divergence for each word. Drawn where the scoreboard has gaps: after Q8_0, after
Q4_K_M, after Q4_0, and after Q3_K_S."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What is known of a quantization's quality.

    Attributes:
        quantization: its name, such as "Q4_K_M".
        bits: of a weight, on average.
        divergence: mean Kullback-Leibler divergence from the unquantized model's predictions,
            in nats a token; smaller is better.
        kept: 1 minus the root mean square change of the right token's probability; from
            about 0.5 (nothing is right any more) to 1.0, for a bar that begins at 0.5.
        word: in words.
        is_slow_on_processor: takes longer on a processor than larger types do.
        is_measured: of this very quantization, and not taken from its neighbours.
        is_native: the model was trained in it, so that there is no better version.
    """

    quantization: str
    bits: float
    divergence: float
    kept: float
    word: QualityWord
    is_slow_on_processor: bool = False
    is_measured: bool = True
    is_native: bool = False


def quality_of(quantization: str, architecture: str = "") -> Quality:
    """Say how good a quantization is; one that is not known is judged by the bits in its name.

    Args:
        quantization: llama.cpp's name; unsloth's and others' prefixes and suffixes ("UD-",
            "_XL") do not matter.
        architecture: of the model, since some were trained in a type of few bits.
    """
    name = plain_quantization(quantization)
    if name == NATIVE_TYPES.get(architecture):
        bits = LOSSES[name].bits
        return Quality(name, bits, 0.0, 1.0, QualityWord.FULL, is_native=True)
    loss = LOSSES.get(name) or _judged_by_name(name)
    word = next((word for most, word in _WORDS if loss.divergence <= most), QualityWord.POOR)
    return Quality(
        name,
        loss.bits,
        loss.divergence,
        1.0 - loss.probability_change,
        word,
        is_slow_on_processor=name in SLOW_ON_PROCESSOR,
        is_measured=loss.is_measured,
    )


def plain_quantization(name: str) -> str:
    """Give the name of the table for a name as it is found in files: "UD-Q4_K_XL", "q4_k_m"."""
    name = name.upper().strip().removeprefix("UD-").removesuffix("_MOE")
    if name in LOSSES:
        return name
    for ending, plain in (("_K_XL", "_K_M"), ("_K_L", "_K_M"), ("_K", "_K_M"), ("_XL", "_M")):
        stem = name.removesuffix(ending)
        if stem != name:
            return stem + plain if stem + plain in LOSSES else stem + "_K"
    return name


def _judged_by_name(name: str) -> MeasuredLoss:
    """Take the loss of the nearest quantization with about as many bits, to the safe side."""
    found = re.search(r"(\d+)", name)
    bits = float(found.group(1)) if found else 4.0
    worse = [loss for loss in LOSSES.values() if loss.bits <= bits + 0.9 and loss.is_measured]
    nearest = max(worse or [LOSSES["IQ1_S"]], key=lambda loss: (loss.bits, loss.divergence))
    return MeasuredLoss(bits, nearest.divergence, nearest.probability_change, is_measured=False)
