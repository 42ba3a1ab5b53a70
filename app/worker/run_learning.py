"""What an answer or a load says about predictions."""

from collections.abc import Callable

from app.core.fit.budget import is_shared
from app.core.fit.learning import LEAST_ANSWER_TOKENS, LEAST_READ_TOKENS, Run
from app.core.fit.memory import predict_memory
from app.core.fit.speed import SpeedKnowledge, read_seconds, record_key, write_seconds
from app.engine import protocol
from app.worker.load_plan import LoadPlan


def run_of_load(plan: LoadPlan, loaded: protocol.Loaded) -> Run:
    """Set the memory that a model took beside what was predicted, where that can be compared."""
    key = record_key(plan.model.shape, plan.placement)
    # Pages of a mapped file count as the process's, though the system takes them back at need,
    # and so does memory that graphics share with it: the whole model would be learnt as an error.
    if plan.placement.use_mmap or _is_on_shared_graphics(plan):
        return Run(key)
    # What a process grows by includes no memory of graphics devices.
    return Run(
        key,
        # Beside the formula alone, not beside what earlier loads added to it.
        predicted_bytes=predict_memory(plan.model.shape, plan.placement).processor.total_bytes,
        real_bytes=loaded.memory_bytes,
    )


def _is_on_shared_graphics(plan: LoadPlan) -> bool:
    used = (one for one in plan.computer.devices if one.name in plan.placement.devices)
    return any(is_shared(device) for device in used)


def run_of_answer(
    plan: LoadPlan | None,
    finished: protocol.Finished,
    knowledge_for: Callable[[LoadPlan], SpeedKnowledge],
) -> Run | None:
    """Set the speed of an answer beside what was predicted; None if it says too little.

    Args:
        plan: of the model that has answered; None if it has gone meanwhile.
        finished: what was measured.
        knowledge_for: gives what the next prediction will be made with. What was known when
            the model was loaded does not do: the computer may have been measured since.
    """
    if plan is None:
        return None
    given = (plan.model.shape, plan.placement, plan.computer, knowledge_for(plan))
    write_factor = read_factor = None
    n_written = finished.n_answer_tokens
    if n_written >= LEAST_ANSWER_TOKENS:
        # The first token comes with reading; the others see on average half of the answer.
        n_past = finished.n_prompt_tokens + n_written // 2
        predicted_s = write_seconds(*given, n_past) * (n_written - 1)
        write_factor = finished.generation_s / predicted_s
    n_read = finished.n_prompt_tokens - finished.n_reused_tokens
    if n_read >= LEAST_READ_TOKENS and n_written:
        predicted_s = read_seconds(*given, n_read, finished.n_reused_tokens)
        read_factor = finished.first_token_s / predicted_s
    if write_factor is None and read_factor is None:
        return None
    return Run(record_key(plan.model.shape, plan.placement), write_factor, read_factor)
