"""What an answer or a load says about predictions."""

from app.core.fit.learning import LEAST_ANSWER_TOKENS, LEAST_READ_TOKENS, Run
from app.core.fit.memory import predict_memory
from app.core.fit.speed import read_seconds, record_key, write_seconds
from app.engine import protocol
from app.worker.load_plan import LoadPlan


def run_of_load(plan: LoadPlan, loaded: protocol.Loaded) -> Run:
    """Set the memory that a model took beside what was predicted."""
    # What a process grows by includes no memory of graphics devices.
    return Run(
        record_key(plan.model.shape, plan.placement),
        # Beside the formula alone, not beside what earlier loads added to it.
        predicted_bytes=predict_memory(plan.model.shape, plan.placement).processor.total_bytes,
        real_bytes=loaded.memory_bytes,
    )


def run_of_answer(plan: LoadPlan | None, finished: protocol.Finished) -> Run | None:
    """Set the speed of an answer beside what was predicted; None if it says too little."""
    if plan is None:
        return None
    given = (plan.model.shape, plan.placement, plan.computer, plan.knowledge)
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
