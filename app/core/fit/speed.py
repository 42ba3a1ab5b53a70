"""How fast a model reads and writes, from what was measured of the computer.

While writing, each token goes through all weights it needs, so the time is the bytes of each
type over what this computer manages of that type, plus a little for every layer, plus attention
over what is remembered. While reading, many tokens share one pass, so arithmetic decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.core.computer import Computer
from app.core.fit import speed_priors
from app.core.fit.speed_priors import DeviceSpeed, TypeSpeed
from app.core.model_shape import LayerShape, ModelShape, TypeBytes, numbers_in
from app.core.placement import Placement, layer_owners

LONG_QUESTION_TOKENS = 2000
"""About three pages: what a question about a document brings along."""
CHAT_TOKENS = 256
"""What is remembered at the beginning of a chat, for the speed of writing."""
GUESSED_TOLERANCE, CALIBRATED_TOLERANCE, MEASURED_TOLERANCE = 0.5, 0.15, 0.08
SMALL_MODEL_BYTES = 700_000_000
"""Below this the fixed costs of each layer weigh more than the weights, and calibration with
larger layers tells less (measured: off by up to 35 %)."""
SMALL_MODEL_TOLERANCE = 0.35
LAST_LAYER_READ_PART = 0.12
"""Part of the last layer that is computed for every token read: its queries, keys and values.
The rest is only needed for the token whose successor is asked for (llama.cpp's `inp_out_ids`);
the share is that of Llama-3.2-1B and Llama-3.1-8B, 10 and 12 %."""
OTHERS_WEIGHT = 0.5
"""How much of what runs of other models taught goes into a model without runs of its own."""
OTHERS_RUNS = 3
"""One answer of another model may have been disturbed; so many count."""


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
class Calibration:
    """What was measured of this computer's processor.

    Attributes:
        engine_version, processor: what it is good for; another of them needs a new one.
        n_threads, n_threads_batch: the threads measured with, for writing and reading.
        types: by tensor type.
        bandwidth_by_threads: weights in bytes a second gone through, by number of threads.
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

    @property
    def speed(self) -> DeviceSpeed:
        """The processor's speed as measured."""
        return DeviceSpeed(
            self.types, self.layer_s, self.attention_write_flops, self.attention_read_flops
        )


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What real runs of one model in one placement taught, beside what was predicted.

    Attributes:
        write_factor, read_factor: real seconds over those that the calibration alone predicts.
        n_answers, n_reads: how many answers and long prompts were measured.
        predicted_bytes, real_bytes: memory at the last load.
    """

    write_factor: float = 1.0
    read_factor: float = 1.0
    n_answers: int = 0
    n_reads: int = 0
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


def fitting_calibration(
    calibrations: Iterable[Calibration], processor: str, engine_version: str
) -> Calibration | None:
    """Give what was measured of this very processor with this very engine, the newest first."""
    return next(
        (
            one
            for one in calibrations
            if (one.processor, one.engine_version) == (processor, engine_version)
        ),
        None,
    )


def record_key(shape: ModelShape, placement: Placement) -> str:
    """Name what a record of runs is about: the same weights, computed in the same place."""
    where = ",".join(
        f"{name}:{n}" for name, n in zip(placement.devices, placement.device_layers, strict=True)
    )
    parts = (shape.architecture, len(shape.layers), shape.weights_bytes, placement.n_threads)
    return ":".join(map(str, (*parts, where, placement.n_processor_experts)))


def estimate_speed(
    shape: ModelShape, placement: Placement, computer: Computer, knowledge: SpeedKnowledge
) -> SpeedEstimate:
    """Say how fast a model would be as placed."""
    record = knowledge.records.get(record_key(shape, placement))
    general = _general_factors(knowledge)
    write_factor, read_factor = general
    if record is not None and record.n_answers:
        write_factor = record.write_factor
    if record is not None and record.n_reads:
        read_factor = record.read_factor
    write_s = write_factor * write_seconds(shape, placement, computer, knowledge, CHAT_TOKENS)
    n = LONG_QUESTION_TOKENS
    read_s = read_factor * read_seconds(shape, placement, computer, knowledge, n)
    certainty, tolerance = _certainty(shape, placement, knowledge, record)
    return SpeedEstimate(1 / write_s, n / read_s, read_s + write_s, certainty, tolerance)


def write_seconds(
    shape: ModelShape,
    placement: Placement,
    computer: Computer,
    knowledge: SpeedKnowledge,
    n_past: int,
) -> float:
    """Predict the seconds for one token after `n_past` others, before any correction."""
    seconds = 0.0
    for index, part in enumerate(_parts(shape, placement)):
        speed = _speed_of(index, placement, computer, knowledge)
        seconds += sum(
            n_bytes / speed_priors.type_speed(speed, kind).write_bytes_per_s
            for kind, n_bytes in part.written
        )
        seconds += part.n_layers * speed.layer_s
        work = sum(_attention_flops(shape, layer, n_past) for layer in part.layers)
        seconds += work / speed.attention_write_flops
    return max(seconds, 1e-6)


def read_seconds(
    shape: ModelShape,
    placement: Placement,
    computer: Computer,
    knowledge: SpeedKnowledge,
    n_tokens: int,
    n_past: int = 0,
) -> float:
    """Predict the seconds for reading `n_tokens` after `n_past` others, uncorrected."""
    seconds = 0.0
    n_batches = -(-n_tokens // placement.n_batch)
    for index, part in enumerate(_parts(shape, placement)):
        speed = _speed_of(index, placement, computer, knowledge)
        for kind, n_bytes in part.read:
            of_kind = speed_priors.type_speed(speed, kind)
            seconds += 2 * numbers_in(kind, n_bytes) * n_tokens / of_kind.read_flops
        seconds += n_batches * part.n_layers * speed.layer_s
        mean_past = n_past + n_tokens / 2
        work = sum(_attention_flops(shape, layer, mean_past) for layer in part.layers)
        seconds += work * n_tokens / speed.attention_read_flops
    return max(seconds, 1e-6)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one device computes: weights gone through for a token written, and one read."""

    written: TypeBytes
    read: TypeBytes
    layers: tuple[LayerShape, ...]

    @property
    def n_layers(self) -> int:
        return len(self.layers)


def _parts(shape: ModelShape, placement: Placement) -> list[_Part]:
    """Divide the work: first the processor's, then that of each device."""
    share = shape.n_experts_used / shape.n_experts if shape.n_experts else 0.0
    n_last = len(shape.layers) - 1
    owners = layer_owners(shape.n_offloadable - 1, placement)[: len(shape.layers)]
    # The output is the last of what is offloaded (llama-model.cpp).
    last = len(placement.devices) if placement.n_gpu_layers else 0
    output = shape.output if not shape.is_tied else (*shape.output, *shape.embedding)
    parts = []
    for device in range(len(placement.devices) + 1):
        of_device = [n for n, owner in enumerate(owners) if owner == device]
        weights: list[tuple[int, str, float]] = [
            (n, *pair) for n in of_device for pair in shape.layers[n].weights
        ]
        weights += [
            (n, kind, n_bytes * share)
            for n, layer in enumerate(shape.layers)
            if device == (0 if n < placement.n_processor_experts else owners[n])
            for kind, n_bytes in layer.experts
        ]
        written = [(kind, n_bytes) for _, kind, n_bytes in weights]
        written += output if device == last else ()
        read = [
            (kind, n_bytes * (LAST_LAYER_READ_PART if n == n_last else 1))
            for n, kind, n_bytes in weights
        ]
        layers = tuple(shape.layers[n] for n in of_device)
        parts.append(_Part(_summed(written), _summed(read), layers))
    return parts


def _summed(weights: Iterable[tuple[str, float]]) -> TypeBytes:
    sums: dict[str, float] = {}
    for kind, n_bytes in weights:
        sums[kind] = sums.get(kind, 0) + n_bytes
    return tuple((kind, int(n_bytes)) for kind, n_bytes in sums.items())


def _attention_flops(shape: ModelShape, layer: LayerShape, n_past: float) -> float:
    """Give attention's multiplications and additions for one token: keys, then values."""
    if not layer.k_width:
        return 0.0
    n_seen = min(n_past, shape.window_tokens) if layer.is_windowed else n_past
    return 2 * shape.n_heads * shape.head_width * n_seen


def _speed_of(
    index: int, placement: Placement, computer: Computer, knowledge: SpeedKnowledge
) -> DeviceSpeed:
    """Give the speed of the processor (index 0) or of a device of the placement."""
    if index:
        name = placement.devices[index - 1]
        device = next((one for one in computer.devices if one.name == name), None)
        return speed_priors.of_device(device, computer)
    if knowledge.calibration is not None:
        return knowledge.calibration.speed
    return speed_priors.of_processor(computer)


def _general_factors(knowledge: SpeedKnowledge) -> tuple[float, float]:
    """Give what runs of any model say about one that has not run yet.

    Beside a calibration that is nothing: it measured the computer, and what a run was off by is
    the model's own (a tiny one is off by up to 35 %). Beside a guess it is half of the error,
    after some answers.
    """
    if knowledge.calibration is not None:
        return 1.0, 1.0
    known = knowledge.records.values()
    written = [one.write_factor for one in known if one.n_answers >= OTHERS_RUNS]
    read = [one.read_factor for one in known if one.n_reads >= OTHERS_RUNS]
    return _damped(written), _damped(read)


def _damped(factors: list[float]) -> float:
    if not factors:
        return 1.0
    middle = sorted(factors)[len(factors) // 2]
    return 1.0 + OTHERS_WEIGHT * (middle - 1.0)


def _certainty(
    shape: ModelShape,
    placement: Placement,
    knowledge: SpeedKnowledge,
    record: RunRecord | None,
) -> tuple[Certainty, float]:
    if record is not None and record.n_answers:
        return Certainty.MEASURED, MEASURED_TOLERANCE
    calibration = knowledge.calibration
    if calibration is None or calibration.was_busy or placement.devices:
        return Certainty.GUESSED, GUESSED_TOLERANCE
    if shape.weights_bytes < SMALL_MODEL_BYTES:
        return Certainty.CALIBRATED, SMALL_MODEL_TOLERANCE
    return Certainty.CALIBRATED, CALIBRATED_TOLERANCE
