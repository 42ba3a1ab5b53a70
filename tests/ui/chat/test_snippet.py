"""Search hits: marks are taken out, matches are kept, nothing else is lost."""

from hypothesis import given
from hypothesis import strategies as st

from app.ui.chat.snippet import (
    ELLIPSIS,
    LEAD_CHARACTERS,
    MATCH_CLOSE,
    MATCH_OPEN,
    Snippet,
    parse_snippet,
    with_match_in_sight,
)

marked = st.text(st.sampled_from(f"ab {MATCH_OPEN}{MATCH_CLOSE}"), max_size=60)


def test_the_marks_are_taken_out_and_say_where_the_matches_are() -> None:
    found = parse_snippet(
        f"the {MATCH_OPEN}lease{MATCH_CLOSE} and the {MATCH_OPEN}flat{MATCH_CLOSE}"
    )
    assert found == Snippet("the lease and the flat", ((4, 9), (18, 22)))


@given(marked)
def test_no_character_but_the_marks_is_lost(text: str) -> None:
    found = parse_snippet(text)
    assert found.text == text.replace(MATCH_OPEN, "").replace(MATCH_CLOSE, "")


@given(marked)
def test_matches_are_in_order_and_inside_the_text(text: str) -> None:
    found = parse_snippet(text)
    places = [place for match in found.matches for place in match]
    assert places == sorted(places)
    assert all(start < end <= len(found.text) for start, end in found.matches)


@given(marked)
def test_the_first_match_comes_into_sight_with_its_words_unchanged(text: str) -> None:
    whole = parse_snippet(text)
    cut = with_match_in_sight(whole)
    words = [whole.text[start:end] for start, end in whole.matches]
    assert [cut.text[start:end] for start, end in cut.matches] == words
    if cut.matches:
        assert cut.matches[0][0] <= LEAD_CHARACTERS + len(ELLIPSIS)
