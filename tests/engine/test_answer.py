"""Answers that end inside a character, with the real library."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.conversation import Role
from app.core.events import FinishReason, PromptTurn
from app.core.sampling import Sampling
from app.engine import llama
from app.engine.prompt_builder import Prompt, PromptBuilder
from tests.engine.changed_models import load

HALF = "\N{LLAMA}".encode()[:2]


@pytest.fixture(scope="module")
def model(starter_path: Path) -> Iterator[llama.LlamaModel]:
    model = load(starter_path, llama.EngineLog())
    yield model
    model.close()


@pytest.mark.parametrize("reason", [FinishReason.MAX_TOKENS, FinishReason.STOPPED])
def test_half_a_character_is_dropped_when_the_answer_is_ended_from_outside(
    model: llama.LlamaModel, monkeypatch: pytest.MonkeyPatch, reason: FinishReason
) -> None:
    monkeypatch.setattr(model, "piece", lambda _: b"a" + HALF)
    model.forget()
    model.read(model.tokenize("Hello"), lambda _: None)
    stream = model.write(Sampling(temperature=0, max_tokens=1))
    if reason is FinishReason.STOPPED:
        model.stop.set()
    texts = list(stream)
    model.stop.clear()
    assert (texts, stream.reason) == (["a"], reason)
    assert (stream.unfinished, stream.is_whole) == ("", False)


def test_half_a_character_stands_at_the_end_of_an_answer_that_ended_by_itself(
    model: llama.LlamaModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "piece", lambda _: HALF)
    model.forget()
    prompt = PromptBuilder(model).build(
        [PromptTurn("q", Role.USER, "What is 2+2?")], "", may_forget=False
    )
    assert isinstance(prompt, Prompt)
    model.read(prompt.tokens, lambda _: None)
    stream = model.write(Sampling(temperature=0, max_tokens=100))
    n_texts = len(list(stream))
    assert stream.reason is FinishReason.END_OF_TURN
    assert n_texts == len(stream.tokens) > 0
    assert (stream.unfinished, stream.is_whole) == ("\ufffd", False)
