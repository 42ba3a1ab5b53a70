"""One text of the channels of gpt-oss."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.thoughts import without_thoughts
from app.engine.channels import Channels, has_channels

ANALYSIS = "<|channel|>analysis<|message|>The user greets."
COMMENTARY = "<|channel|>commentary to=x <|constrain|>json<|message|>{}"
FINAL = "<|channel|>final<|message|>Hello!"
NEXT = "<|end|><|start|>assistant"
ATOMS = [
    "<|channel|>",
    "<|message|>",
    "<|start|>",
    "<|end|>",
    "<|constrain|>",
    "analysis",
    "commentary",
    "final",
    "<|",
    "|>",
    "<",
    " ",
    "a",
]


def shown(batches: list[str]) -> str:
    channels = Channels()
    return "".join([*map(channels.feed, batches), channels.rest()])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ANALYSIS + NEXT + FINAL, "<think>The user greets.</think>\n\nHello!"),
        # llama.cpp leaves control tokens out of the text.
        (ANALYSIS + "<|start|>assistant" + FINAL, "<think>The user greets.</think>\n\nHello!"),
        (
            ANALYSIS + NEXT + COMMENTARY + NEXT + FINAL,
            "<think>The user greets.\n\n{}</think>\n\nHello!",
        ),
        (ANALYSIS, "<think>The user greets."),
        (FINAL, "Hello!"),
        (FINAL + NEXT + ANALYSIS, "Hello!"),
        ("No channels <|at all", "No channels <|at all"),
        ("<|start|>assistant<|message|>Hello!", "Hello!"),
    ],
)
def test_the_final_channel_is_the_answer_and_the_others_the_thought(
    text: str, expected: str
) -> None:
    assert shown([text]) == expected
    assert "user greets" not in without_thoughts(expected)


@given(
    st.lists(st.sampled_from([*ATOMS, ANALYSIS, FINAL, NEXT])),
    st.lists(st.integers(0, 300), max_size=20),
)
def test_batch_borders_make_no_difference(atoms: list[str], cuts: list[int]) -> None:
    text = "".join(atoms)
    borders = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    batches = [text[a:b] for a, b in itertools.pairwise(borders)]
    assert shown(batches) == shown([text])


@given(st.lists(st.sampled_from(ATOMS)))
def test_no_marker_is_ever_shown(atoms: list[str]) -> None:
    text = shown(["".join(atoms)])
    assert not any(marker in text for marker in ("<|channel|>", "<|message|>", "<|start|>"))


def test_a_vocabulary_tells_by_its_tokens_whether_it_has_channels() -> None:
    assert has_channels({"<|channel|>", "<|message|>", "a"})
    assert not has_channels({"<|channel|>", "a"})
