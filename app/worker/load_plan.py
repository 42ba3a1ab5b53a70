"""What is to be loaded, how, and what was given up so far to make it fit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.computer import Computer, Device
from app.core.errors import ErrorCode, Facts, WorldError
from app.core.events import LoadRequest
from app.core.fit.budget import after_unloading
from app.core.fit.choice import FitState, Verdict, Wishes, verdict_on
from app.core.fit.memory import MemoryNeed, predict_memory
from app.core.fit.portions import capacity_bytes
from app.core.fit.speed import SpeedKnowledge, fitting_calibration
from app.core.fit.wishes import wishes_of
from app.core.fit_events import Measurements
from app.core.model import ModelFile
from app.core.placement import Placement, StepDown, on_processor, step_down
from app.core.settings import DEFAULTS
from app.store.library import inspect_named


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """A model file, its placement, and the steps of the load ladder already taken.

    Attributes:
        wishes: that the placement was chosen for.
        computer: that it was chosen for.
        engine_version: of the engine that it was chosen for.
        foreseen: memory that it should take, as the user is told.
    """

    model: ModelFile
    placement: Placement
    wishes: Wishes
    computer: Computer
    engine_version: str
    foreseen: MemoryNeed
    stepped_down: tuple[StepDown, ...] = ()

    def lower(self) -> "LoadPlan | None":
        """Give the next plan of the ladder; None when nothing is left to give up."""
        lower = step_down(self.placement)
        if lower is None:
            return None
        return self._stepped_down(*lower)

    def without_devices(self) -> "LoadPlan | None":
        """Give the plan for the processor alone; None if it is that already."""
        if not self.placement.devices:
            return None
        return self._stepped_down(on_processor(self.placement), StepDown.PROCESSOR_ONLY)

    def _stepped_down(self, placement: Placement, step: StepDown) -> "LoadPlan":
        foreseen = predict_memory(self.model.shape, placement)
        steps = (*self.stepped_down, step)
        return replace(self, placement=placement, foreseen=foreseen, stepped_down=steps)

    def asks_for_same(self, other: "LoadPlan | None") -> bool:
        """Whether another plan is for the same file and the same wishes."""
        return other is not None and (self.model, self.wishes) == (other.model, other.wishes)


class LoadPlanner:
    """Plans loads with what is known of this computer at that moment.

    Args:
        read_computer: reads it, given what it can compute on.
        read_devices: asks what it can compute on now.
        starter_path: the model that comes with Quillhouse.

    Attributes:
        settings: the user's.
    """

    def __init__(
        self,
        read_computer: Callable[[tuple[Device, ...]], Computer],
        read_devices: Callable[[], tuple[Device, ...]],
        starter_path: Path | None,
    ) -> None:
        self._read_computer = read_computer
        self._read_devices = read_devices
        self._starter_path = starter_path
        self._measurements = Measurements()
        self.settings = dict(DEFAULTS)

    def inspect(self, path: Path) -> ModelFile:
        """Read the facts of a model file.

        Raises:
            WorldError: it is missing, unreadable, damaged, or not a chat model.
        """
        return inspect_named(path, self._starter_path)

    def take_measurements(self, measurements: Measurements) -> None:
        """Plan with what was measured."""
        self._measurements = measurements

    def knowledge_for(self, plan: LoadPlan) -> SpeedKnowledge:
        """Give what is known by now of the speed where a model was loaded."""
        return self._knowledge(plan.computer, plan.engine_version)

    def plan(
        self,
        request: LoadRequest,
        present: LoadPlan | None,
        engine_version: str,
        *,
        has_graphics: bool,
    ) -> LoadPlan:
        """Say how to load a model file now.

        Args:
            request: which file.
            present: what will be unloaded before.
            engine_version: of the engine that will load it.
            has_graphics: the engine's build can compute on more than the processor.

        Raises:
            WorldError: the file is unusable, or (MEMORY_TOO_SMALL) the model cannot fit
                whatever is given up, and the request does not insist.
        """
        model = self.inspect(request.path)
        computer = self._read_computer(self._read_devices() if has_graphics else ())
        knowledge = self._knowledge(computer, engine_version)
        if present is not None:
            computer = after_unloading(computer, present.placement, present.foreseen)
        wishes = wishes_of(self.settings, self._wanted_context(request))
        verdict = verdict_on(model, computer, knowledge, wishes)
        if verdict.state is FitState.TOO_BIG and not request.is_forced:
            raise too_big(verdict)
        return LoadPlan(model, verdict.placement, wishes, computer, engine_version, verdict.need)

    def _knowledge(self, computer: Computer, engine_version: str) -> SpeedKnowledge:
        measured, processor = self._measurements, computer.processor.description
        calibration = fitting_calibration(measured.calibrations, processor, engine_version)
        return SpeedKnowledge(calibration, measured.records)

    def _wanted_context(self, request: LoadRequest) -> int:
        if request.n_ctx is not None:
            return request.n_ctx
        return self._measurements.n_ctx_by_path.get(request.path, 0)


def too_big(verdict: Verdict) -> WorldError:
    """Give the error for a model that cannot fit."""
    facts = Facts(
        verdict.model.display_name,
        needed_bytes=verdict.need.total_bytes,
        available_bytes=capacity_bytes(verdict.budget),
    )
    return WorldError(ErrorCode.MEMORY_TOO_SMALL, facts)
