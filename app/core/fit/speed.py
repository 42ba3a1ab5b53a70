"""How fast a model reads and writes on a computer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Certainty(StrEnum):
    """Where an estimate of speed comes from, and so how far it may be off."""

    GUESSED = "guessed"
    """From the kind of processor or card: within a factor of two."""
    CALIBRATED = "calibrated"
    """From a measurement of this computer: within 15 % for models of a billion and more."""
    MEASURED = "measured"
    """From answers of this very model on this computer: within 8 %."""


@dataclass(frozen=True, slots=True)
class SpeedEstimate:
    """How fast a model is.

    Attributes:
        tokens_per_s: while writing, at the beginning of a chat.
        read_tokens_per_s: while reading a question of 2,000 tokens.
        first_word_s: seconds until the first word after a question of 2,000 tokens.
        certainty: where these come from.
        tolerance: by what part the numbers may be off (0.15 for 15 %).
    """

    tokens_per_s: float
    read_tokens_per_s: float
    first_word_s: float
    certainty: Certainty
    tolerance: float


@dataclass(frozen=True, slots=True)
class TypeSpeed:
    """What was measured with weights of one type.

    Attributes:
        write_bytes_per_s: weights gone through while writing.
        read_flops: multiplications and additions each second while reading a prompt.
    """

    write_bytes_per_s: float
    read_flops: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was measured of this computer.

    Attributes:
        engine_version, processor: what it is good for; another of them needs a new one.
        n_threads, n_threads_batch: the threads that were fastest, for writing and reading.
        types: by tensor type.
        bandwidth_by_threads: bytes a second read from memory, by number of threads.
        layer_s: seconds that each layer costs beside its weights while writing.
        attention_write_flops, attention_read_flops: attention's work each second.
        was_busy: other programs took part of the processor, so it is not worth much.
        measured_at: when, in UTC, as ISO 8601 text.
    """

    engine_version: str = ""
    processor: str = ""
    n_threads: int = 1
    n_threads_batch: int = 1
    types: Mapping[str, TypeSpeed] = field(default_factory=dict)
    bandwidth_by_threads: Mapping[int, float] = field(default_factory=dict)
    layer_s: float = 0.0
    attention_write_flops: float = 0.0
    attention_read_flops: float = 0.0
    was_busy: bool = False
    measured_at: str = ""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What real runs of one model in one placement taught, beside what was predicted.

    Attributes:
        write_factor, read_factor: real seconds over predicted ones.
        n_answers: how many answers were measured.
        predicted_bytes, real_bytes: memory at the last load.
    """

    write_factor: float = 1.0
    read_factor: float = 1.0
    n_answers: int = 0
    predicted_bytes: int = 0
    real_bytes: int = 0


@dataclass(frozen=True, slots=True)
class SpeedKnowledge:
    """Everything known of this computer's speed.

    Attributes:
        calibration: None before the first one.
        records: by `record_key`.
    """

    calibration: Calibration | None = None
    records: Mapping[str, RunRecord] = field(default_factory=dict)
