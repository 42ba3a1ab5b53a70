"""Payloads of the signals about this computer and what fits on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.core.computer import Computer
from app.core.errors import Failure
from app.core.fit.choice import Wishes
from app.core.fit.memory import MemoryNeed
from app.core.fit.speed import Calibration, RunRecord, SpeedKnowledge
from app.core.placement import Placement


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything that verdicts are made from; the window asks `core/fit` with it, at once.

    Attributes:
        computer: as it was read last, and will be once the present model is unloaded.
        knowledge: what was measured of its speed.
        wishes: the user's settings.
        n_ctx_by_path: context lengths that the user wants for single models, in tokens.
    """

    computer: Computer
    knowledge: SpeedKnowledge = SpeedKnowledge()
    wishes: Wishes = Wishes()
    n_ctx_by_path: Mapping[Path, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measurements:
    """What is stored of earlier measurements and of wishes for single models.

    Attributes:
        calibrations: of each processor and version of the engine, newest first.
        records: what runs taught, by `speed.record_key`.
        n_ctx_by_path: context lengths that the user wants for single models, in tokens.
    """

    calibrations: tuple[Calibration, ...] = ()
    records: Mapping[str, RunRecord] = field(default_factory=dict)
    n_ctx_by_path: Mapping[Path, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContextRequest:
    """Remember how long a context the user wants for a model; 0 for automatic (tokens)."""

    path: Path
    n_ctx: int


@dataclass(frozen=True, slots=True)
class CalibrationProgress:
    """The computer is being measured; `fraction` 0.0 to 1.0, seconds left or None."""

    fraction: float
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The computer has been measured."""

    calibration: Calibration


@dataclass(frozen=True, slots=True)
class CalibrationRefused:
    """Other programs keep the processor busy, so that measuring would mislead.

    Attributes:
        busy_fraction: part of the processor that others take, 0.0 to 1.0.
    """

    busy_fraction: float


@dataclass(frozen=True, slots=True)
class EstimateRequest:
    """Ask the engine itself what a model would take as placed, without loading it."""

    path: Path
    placement: Placement


@dataclass(frozen=True, slots=True)
class EngineEstimate:
    """What the engine itself says that a model would take as placed; None: it cannot tell."""

    path: Path
    placement: Placement
    need: MemoryNeed | None


@dataclass(frozen=True, slots=True)
class SurveyFailed:
    """This computer could not be looked at, measured, or asked for an estimate."""

    failure: Failure
