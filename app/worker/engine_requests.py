"""What the window asks, in the words of the engine process."""

import os

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.events import AnswerRequest
from app.core.json_lines import MessageTooLongError
from app.engine import protocol
from app.worker.load_plan import LoadPlan

BYTES_PER_TOKEN = 4
"""Of English text, about; for the sentence shown."""


def load_request(load_id: str, plan: LoadPlan) -> protocol.Load:
    """Ask for a model to be loaded as planned."""
    path, name = os.fsencode(plan.model.path), plan.model.display_name
    return protocol.Load(load_id, path, name, plan.placement)


def generate_request(request: AnswerRequest, state_path: str) -> protocol.Generate:
    """Ask for an answer, with the file of what the model remembers of the chat, if any."""
    return protocol.Generate(
        request.answer_id,
        request.conversation_id,
        request.turns,
        request.sampling,
        state_path=os.fsencode(state_path),
        remembered_from_id=request.remembered_from_id or "",
        may_forget=request.may_forget,
    )


def prompt_too_long(error: MessageTooLongError, loaded: LoadPlan) -> WorldError:
    """Give the error for a request that is too long to be sent."""
    needed_tokens = error.n_bytes // BYTES_PER_TOKEN
    facts = Facts(needed_tokens=needed_tokens, limit_tokens=loaded.placement.n_ctx)
    return WorldError(ErrorCode.PROMPT_TOO_LONG, facts, str(error))
