"""Why the engine process ended, as far as can be told from outside."""

from dataclasses import dataclass

from app.core.errors import ErrorCode, Facts, Failure
from app.engine.load_reasons import load_error
from app.engine.protocol import Phase
from app.worker.load_plan import LoadPlan

KILLED_BY_SYSTEM = "signal 9"
"""How a process ends that nobody here killed: the system does so when memory runs out."""


@dataclass(frozen=True, slots=True)
class EngineLoss:
    """The process has ended without being asked to.

    Attributes:
        how: signal or exit code.
        phase: what it was doing.
        log: the last lines it wrote.
        was_killed: by the supervisor, because it did not stop or was caught in a template.
        was_stopped: it was killed because it did not stop; whatever it was doing, it has
            been stopped as asked.
    """

    how: str
    phase: Phase
    log: str
    was_killed: bool
    was_stopped: bool = False


def reason_of_loss(loss: EngineLoss, plan: LoadPlan | None) -> Failure:
    """Tell from the phase why the process ended."""
    name = plan.model.display_name if plan else ""
    if loss.was_killed and not loss.was_stopped and loss.phase is Phase.TEMPLATE:
        facts = Facts(file_name=name, reason="takes too long")
        return Failure(ErrorCode.CHAT_TEMPLATE_UNUSABLE, facts, loss.log)
    if loss.phase is Phase.LOADING and plan is not None and _ran_out_of_memory(loss):
        facts = Facts(name, needed_bytes=plan.model.weights_bytes)
        return Failure(ErrorCode.MEMORY_TOO_SMALL, facts, loss.log)
    return Failure(ErrorCode.ENGINE_LOST, Facts(file_name=name, reason=loss.how), loss.log)


def _ran_out_of_memory(loss: EngineLoss) -> bool:
    """Say whether a load died for want of memory: the system killed it, or the log says so."""
    said = load_error(loss.log.splitlines(), "").code
    return loss.how == KILLED_BY_SYSTEM or said is ErrorCode.MEMORY_TOO_SMALL
