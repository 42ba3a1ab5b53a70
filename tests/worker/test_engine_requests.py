"""How much of documents a model is given to read follows from how fast it reads."""

from app.core.conversation import Role
from app.core.documents.evidence import PromptPassage
from app.core.events import AnswerRequest, PromptTurn
from app.core.fit.choice import Wishes
from app.core.fit.memory import predict_memory
from app.core.fit.speed import SpeedKnowledge, read_seconds
from app.core.placement import Placement
from app.core.sampling import Sampling
from app.worker.engine_requests import (
    LEAST_PASSAGE_TOKENS,
    READING_S,
    generate_request,
    passage_tokens,
)
from app.worker.load_plan import LoadPlan
from tests.fit_samples import LAPTOP, MEASURED, model

KNOWLEDGE = SpeedKnowledge(MEASURED)
PLACEMENT = Placement(8192, n_threads=4, n_threads_batch=8)


def plan(billions: float) -> LoadPlan:
    file = model("Model", billions=billions)
    foreseen = predict_memory(file.shape, PLACEMENT)
    return LoadPlan(file, PLACEMENT, Wishes(), LAPTOP, MEASURED.engine_version, foreseen)


def test_a_model_is_given_what_it_reads_while_people_wait() -> None:
    small = plan(1.0)
    n_tokens = passage_tokens(small, KNOWLEDGE)
    took_s = read_seconds(small.model.shape, PLACEMENT, LAPTOP, KNOWLEDGE, n_tokens, 0)
    assert READING_S / 2 < took_s < READING_S * 2
    assert passage_tokens(plan(8.0), KNOWLEDGE) < n_tokens


def test_the_slowest_model_still_reads_some_passages() -> None:
    assert passage_tokens(plan(400.0), KNOWLEDGE) == LEAST_PASSAGE_TOKENS


def test_only_questions_to_documents_are_limited() -> None:
    loaded = plan(1.0)
    turns = [
        PromptTurn("q", Role.USER, "When?"),
        PromptTurn("q", Role.USER, "When?", (PromptPassage("a.txt", "On Monday."),)),
    ]
    limits = [
        generate_request(
            AnswerRequest("a", "chat", (turn,), Sampling()), "", loaded, KNOWLEDGE
        ).max_passage_tokens
        for turn in turns
    ]
    assert limits == [0, passage_tokens(loaded, KNOWLEDGE)]
