"""Taking the thought apart from the answer."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.widgets.reasoning import ReasoningSplitter


def split(batches: list[str]) -> tuple[str, str]:
    splitter = ReasoningSplitter()
    parts = [splitter.feed(batch) for batch in batches]
    parts.append(splitter.finish())
    return "".join(part.thought for part in parts), "".join(part.answer for part in parts)


@pytest.mark.parametrize(
    ("text", "thought", "answer"),
    [
        ("<think>a</think>b", "a", "b"),
        ("\n <think>a\n</think>\n\nb", "a\n", "\n\nb"),
        ("<think></think>b", "", "b"),
        ("<think>never ended", "never ended", ""),
        ("no thought <think>a</think>", "", "no thought <think>a</think>"),
        ("<thin", "", "<thin"),
        ("  ", "", "  "),
        ("<think>a</thin", "a</thin", ""),
        ("<think>a < b </ c</think>d", "a < b </ c", "d"),
    ],
)
def test_a_leading_thought_is_taken_apart(text: str, thought: str, answer: str) -> None:
    assert split([text]) == (thought, answer)


@given(
    st.lists(st.sampled_from(["<think>", "</think>", "<", "/", "thi", "nk>", " ", "\n", "a"])),
    st.lists(st.integers(0, 60), max_size=20),
)
def test_batch_borders_make_no_difference(atoms: list[str], cuts: list[int]) -> None:
    text = "".join(atoms)
    borders = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    batches = [text[a:b] for a, b in itertools.pairwise(borders)]
    assert split(batches) == split([text])


def test_a_batch_within_the_thought_says_so() -> None:
    splitter = ReasoningSplitter()
    splitter.feed("<think>a")
    assert splitter.is_thinking
    splitter.feed("</think>")
    assert not splitter.is_thinking
