"""What the engine process replies, as facts for the window."""

from app.core import events
from app.core.conversation import AnswerMeasurement
from app.engine import protocol
from app.worker.load_plan import LoadPlan


def loaded_model(
    plan: LoadPlan, loaded: protocol.Loaded, *, is_returning: bool
) -> events.LoadedModel:
    """Give what there is to say of a model that is ready."""
    return events.LoadedModel(
        plan.model,
        plan.placement,
        plan.stepped_down,
        loaded.memory_bytes,
        loaded.load_s,
        loaded.device,
        plan.foreseen,
        is_returning=is_returning,
        device_uses=loaded.device_uses,
    )


def answer_started(
    request: events.AnswerRequest, planned: protocol.PromptPlanned
) -> events.AnswerStarted:
    """Give what there is to say of a prompt that is known."""
    first_id, n_passages = planned.remembered_from_id or None, planned.n_passages
    return events.AnswerStarted(request.answer_id, request.conversation_id, first_id, n_passages)


def reading_progress(answer_id: str, advanced: protocol.ReadingAdvanced) -> events.ReadingProgress:
    """Give how far a prompt has been read."""
    left_s = advanced.seconds_left if advanced.seconds_left >= 0 else None
    n_read, n_prompt = advanced.n_read_tokens, advanced.n_prompt_tokens
    return events.ReadingProgress(answer_id, n_read, n_prompt, left_s)


def memory_full(
    request: events.AnswerRequest, too_small: protocol.ContextTooSmall
) -> events.MemoryFull:
    """Give what there is to say of a conversation that does not fit."""
    return events.MemoryFull(
        request.answer_id,
        request.conversation_id,
        too_small.n_prompt_tokens,
        too_small.n_ctx,
        too_small.n_forgotten,
    )


def measurement_of(
    finished: protocol.Finished, loaded: LoadPlan | None
) -> AnswerMeasurement | None:
    """Give what was measured of an answer; None if it never had a word."""
    if finished.n_answer_tokens == 0 or loaded is None:
        return None
    return AnswerMeasurement(
        finished.n_prompt_tokens,
        finished.n_reused_tokens,
        finished.n_answer_tokens,
        finished.first_token_s,
        finished.generation_s,
        loaded.placement.n_ctx,
    )
