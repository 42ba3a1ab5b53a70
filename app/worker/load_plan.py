"""What is to be loaded, how, and what was given up so far to make it fit."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.model import ModelFile
from app.core.placement import Placement, StepDown, step_down


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """A model file, its placement, and the steps of the load ladder already taken."""

    model: ModelFile
    placement: Placement
    stepped_down: tuple[StepDown, ...] = ()

    def lower(self) -> "LoadPlan | None":
        """Give the next plan of the ladder; None when nothing is left to give up."""
        lower = step_down(self.placement)
        if lower is None:
            return None
        placement, step = lower
        return replace(self, placement=placement, stepped_down=(*self.stepped_down, step))


def refuse_hopeless(plan: LoadPlan, available_bytes: Callable[[], int], freed_bytes: int) -> None:
    """Refuse a model whose weights alone are larger than the memory that can be had.

    Args:
        plan: what is to be loaded.
        available_bytes: asks how much memory is available now.
        freed_bytes: what unloading the present model gives back.

    Raises:
        WorldError: MEMORY_TOO_SMALL.
    """
    needed, available = plan.model.weights_bytes, available_bytes() + freed_bytes
    # Layers on a graphics card are not in this memory; the engine itself must then tell.
    if needed > available and not plan.placement.n_gpu_layers:
        facts = Facts(plan.model.display_name, needed_bytes=needed, available_bytes=available)
        raise WorldError(ErrorCode.MEMORY_TOO_SMALL, facts)
