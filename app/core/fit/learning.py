"""What a real run teaches about the next one."""

from dataclasses import dataclass, replace

from app.core.fit.speed import RunRecord

NEW_WEIGHT = 0.4
"""Part that a new measurement has in what is remembered, from the second one on: other programs
come and go, and one slow answer must not count for all."""
LEAST_ANSWER_TOKENS = 16
"""Shorter answers say little about speed."""
LEAST_READ_TOKENS = 128
"""Shorter prompts are over before anything can be measured."""
FACTOR_LIMITS = (0.2, 5.0)
"""Beyond these something else went on, such as the computer having slept."""


@dataclass(frozen=True, slots=True)
class Run:
    """What was measured of one answer or load, beside what was predicted.

    Attributes:
        key: of the record it belongs to (`speed.record_key`).
        write_factor: real seconds a token over predicted ones; None if not measured.
        read_factor: the same for reading the prompt.
        predicted_bytes, real_bytes: memory of a load; 0 if this was no load.
    """

    key: str
    write_factor: float | None = None
    read_factor: float | None = None
    predicted_bytes: int = 0
    real_bytes: int = 0


def learnt(record: RunRecord, run: Run) -> RunRecord:
    """Give the record as it is after one more run."""
    if run.write_factor is not None and _is_credible(run.write_factor):
        factor = _mixed(record.write_factor, run.write_factor, record.n_answers)
        record = replace(record, write_factor=factor, n_answers=record.n_answers + 1)
    if run.read_factor is not None and _is_credible(run.read_factor):
        factor = _mixed(record.read_factor, run.read_factor, record.n_reads)
        record = replace(record, read_factor=factor, n_reads=record.n_reads + 1)
    if run.real_bytes:
        record = replace(record, predicted_bytes=run.predicted_bytes, real_bytes=run.real_bytes)
    return record


def _is_credible(factor: float) -> bool:
    return FACTOR_LIMITS[0] <= factor <= FACTOR_LIMITS[1]


def _mixed(old: float, new: float, n_before: int) -> float:
    """Take the first measurement whole, later ones in part."""
    return new if n_before == 0 else old + NEW_WEIGHT * (new - old)
