from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.conversation import (
    TITLE_MAX_CHARACTERS,
    AgeGroup,
    Conversation,
    Role,
    Turn,
    TurnState,
    TurnTree,
    age_group,
    automatic_title,
    group_by_age,
)

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def turn(turn_id: str, parent_id: str | None, minute: int = 0) -> Turn:
    at = NOON + timedelta(minutes=minute)
    return Turn(turn_id, "c", parent_id, Role.USER, turn_id, TurnState.COMPLETE, at)


def test_a_branch_goes_from_the_first_turn_to_the_leaf() -> None:
    tree = TurnTree([turn("q", None), turn("a1", "q", 1), turn("a2", "q", 2), turn("q2", "a2", 3)])
    assert [shown.turn.turn_id for shown in tree.branch("q2")] == ["q", "a2", "q2"]
    assert tree.branch("a1")[-1].sibling_ids == ("a1", "a2")
    assert tree.branch("a2")[-1].sibling_index == 1
    assert tree.newest_leaf("q") == "q2"
    assert set(tree.descendants("a2")) == {"a2", "q2"}


def test_an_empty_conversation_has_an_empty_branch() -> None:
    assert TurnTree([]).branch(None) == ()
    assert TurnTree([]).branch("gone") == ()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("How much notice do I have to give?", "How much notice do I have to give?"),
        ("\n\n  # A heading\nmore", "A heading"),
        ("", ""),
        ("word " * 40, "word word word word word word word word word…"),
        ("x" * 100, "x" * TITLE_MAX_CHARACTERS + "…"),
    ],
)
def test_a_title_is_the_first_line_cut_at_a_word(text: str, title: str) -> None:
    assert automatic_title(text) == title


@given(st.text())
def test_a_title_is_one_short_line(text: str) -> None:
    title = automatic_title(text)
    assert len(title) <= TITLE_MAX_CHARACTERS + 1
    assert "\n" not in title


@pytest.mark.parametrize(
    ("days", "group"),
    [
        (-1, AgeGroup.TODAY),
        (0, AgeGroup.TODAY),
        (1, AgeGroup.YESTERDAY),
        (7, AgeGroup.LAST_WEEK),
        (8, AgeGroup.LAST_MONTH),
        (31, AgeGroup.OLDER),
    ],
)
def test_age_groups(days: int, group: AgeGroup) -> None:
    today = date(2026, 3, 10)
    assert age_group(today - timedelta(days=days), today) is group


def test_groups_are_in_order_and_newest_first() -> None:
    chats = [
        Conversation(str(days), "", NOON, NOON - timedelta(days=days)) for days in (40, 0, 3, 2)
    ]
    groups = group_by_age(chats, NOON)
    assert [(group, [c.conversation_id for c in members]) for group, members in groups] == [
        (AgeGroup.TODAY, ["0"]),
        (AgeGroup.LAST_WEEK, ["2", "3"]),
        (AgeGroup.OLDER, ["40"]),
    ]
