"""What the window asks, in the words of the engine process."""

import os

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.events import AnswerRequest
from app.core.fit.speed import SpeedKnowledge, read_seconds
from app.core.json_lines import MessageTooLongError
from app.engine import protocol
from app.worker.load_plan import LoadPlan

READING_S = 10.0
"""For so long people wait for the first word of an answer from their documents."""
LEAST_PASSAGE_TOKENS = 400
"""Two or three passages: with fewer, hardly any question can be answered."""
MEASURED_TOKENS = 1000
BYTES_PER_TOKEN = 4
"""Of English text, about; for the sentence shown."""


def load_request(load_id: str, plan: LoadPlan) -> protocol.Load:
    """Ask for a model to be loaded as planned."""
    path, name = os.fsencode(plan.model.path), plan.model.display_name
    return protocol.Load(load_id, path, name, plan.placement)


def generate_request(
    request: AnswerRequest, state_path: str, loaded: LoadPlan, knowledge: SpeedKnowledge
) -> protocol.Generate:
    """Ask for an answer.

    Args:
        request: for it.
        state_path: file with what the model remembers of the chat; empty if there is none.
        loaded: the model that answers.
        knowledge: of its speed, for how much of documents it may be given to read.
    """
    has_passages = bool(request.turns and request.turns[-1].passages)
    return protocol.Generate(
        request.answer_id,
        request.conversation_id,
        request.turns,
        request.sampling,
        state_path=os.fsencode(state_path),
        remembered_from_id=request.remembered_from_id or "",
        may_forget=request.may_forget,
        max_passage_tokens=passage_tokens(loaded, knowledge) if has_passages else 0,
    )


def passage_tokens(loaded: LoadPlan, knowledge: SpeedKnowledge) -> int:
    """Say how many tokens of passages a model reads while people are willing to wait."""
    given = (loaded.model.shape, loaded.placement, loaded.computer, knowledge)
    read_s = read_seconds(*given, MEASURED_TOKENS, 0)
    if read_s <= 0:
        return 0
    return max(LEAST_PASSAGE_TOKENS, round(READING_S * MEASURED_TOKENS / read_s))


def prompt_too_long(error: MessageTooLongError, loaded: LoadPlan) -> WorldError:
    """Give the error for a request that is too long to be sent."""
    needed_tokens = error.n_bytes // BYTES_PER_TOKEN
    facts = Facts(needed_tokens=needed_tokens, limit_tokens=loaded.placement.n_ctx)
    return WorldError(ErrorCode.PROMPT_TOO_LONG, facts, str(error))
