"""Long messages are folded; what is left is the beginning of the text."""

from hypothesis import given
from hypothesis import strategies as st

from app.ui.chat.folding import FOLD_ABOVE_LINES, FOLDED_LINES, LINE_CHARACTERS, folded_head


def test_a_short_text_is_shown_whole() -> None:
    assert folded_head("One line") is None
    assert folded_head("\n".join(["line"] * FOLD_ABOVE_LINES)) is None


def test_many_lines_are_folded_to_the_first_ones() -> None:
    lines = [f"line {number}" for number in range(FOLD_ABOVE_LINES + 1)]
    assert folded_head("\n".join(lines)) == "\n".join(lines[:FOLDED_LINES]) + "…"


def test_one_line_without_end_is_folded_too() -> None:
    head = folded_head("x" * 10_000)
    assert head is not None
    assert len(head) == FOLDED_LINES * LINE_CHARACTERS + 1


@given(st.text(st.sampled_from("ab \n"), max_size=3000))
def test_what_is_left_is_the_beginning_of_the_text(text: str) -> None:
    head = folded_head(text)
    if head is not None:
        assert text.startswith(head[:-1])
        assert len(head) <= len(text) + 1
