"""Answers in Markdown, cut into sentences with their places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.documents.answer_sentences import answer_sentences, without_brackets

ANSWER = """<think>The rent is 5. Or 6?</think>
# Rent and costs

The **rent** is 900 euros [7]. It is due on the 3rd of each month
and must be paid by transfer [1, 2]. Yes!

- Pets are *not* allowed.
  1. First one. Second one.

| Item | Price |
|------|------:|
| Rent | 900 € |

```python
rent = 900  # [3]
```
> Quoted words.

Is that all? 押金为两个月。租金九百欧元。
The last one is op"""


def test_every_sentence_of_markdown_has_its_place_and_its_plain_text() -> None:
    found = answer_sentences(ANSWER, is_ended=False)
    assert [(one.text, one.is_claim) for one in found] == [
        ("# Rent and costs", False),
        ("The rent is 900 euros.", True),
        ("It is due on the 3rd of each month and must be paid by transfer.", True),
        ("Yes!", False),
        ("Pets are not allowed.", True),
        ("First one.", True),
        ("Second one.", True),
        ("Item | Price", False),
        ("Rent | 900 €", True),
        ("Quoted words.", True),
        ("Is that all?", False),
        ("押金为两个月。", True),
        ("租金九百欧元。", True),
        ("The last one is op", True),
    ]
    assert ANSWER[found[1].start : found[1].end] == "The **rent** is 900 euros [7]."
    assert [one.is_whole for one in found] == [True] * 13 + [False]
    assert answer_sentences(ANSWER, is_ended=True)[-1].is_whole


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("The rent is due [7]. Pay it [1, 2].", "The rent is due. Pay it."),
        ("See[5] 【4†lease.pdf】 and [^3]: it is so.", "See and: it is so."),
        ("Line\n[3] goes on.", "Line\n goes on."),
        ("[site](https://example.org) [4](https://example.org)", None),
        ("[1]: https://example.org and [word], [2026]", None),
    ],
)
def test_brackets_that_a_model_makes_up_are_left_out_but_no_links(
    written: str, kept: str | None
) -> None:
    assert without_brackets(written) == (written if kept is None else kept)


def test_a_thought_that_is_still_open_has_no_sentences() -> None:
    assert answer_sentences("<think>The rent is 900. It is", is_ended=False) == ()


@pytest.mark.parametrize("text", ["", "\n\n", "---", "```", "|", "| |\n|--|", "#", "- ", "> "])
def test_what_says_nothing_has_no_claims(text: str) -> None:
    assert not [one for one in answer_sentences(text, is_ended=True) if one.is_claim]


@given(
    st.text(alphabet=st.sampled_from("ab1.!?。 \n#*`|-[]>()~_<think>\\"), max_size=120),
    st.booleans(),
)
def test_sentences_lie_within_the_text_in_order_and_apart(text: str, is_ended: bool) -> None:
    position = 0
    for one in answer_sentences(text, is_ended=is_ended):
        assert position <= one.start < one.end <= len(text)
        assert one.text
        position = one.end


@given(
    st.lists(
        st.sampled_from(["The rent is 900.", "Pets? No.", "\n\n- a b.", " 租金。", "**x** y."])
    )
)
def test_a_sentence_that_has_ended_stays_as_it_is_while_more_comes(pieces: list[str]) -> None:
    text = ""
    before: list[tuple[int, int]] = []
    for piece in pieces:
        text += piece
        found = answer_sentences(text, is_ended=False)
        whole = [(one.start, one.end) for one in found if one.is_whole]
        assert set(before) <= {(one.start, one.end) for one in found}
        before = whole[:-1]
