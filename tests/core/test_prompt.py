from hypothesis import given
from hypothesis import strategies as st

from app.core.conversation import Role
from app.core.events import PromptTurn
from app.core.prompt import (
    answer_reserve_tokens,
    plan_memory,
    prompt_messages,
)
from app.core.thoughts import without_thoughts


def turn(role: Role, text: str, turn_id: str = "t") -> PromptTurn:
    return PromptTurn(turn_id, role, text)


def test_a_question_left_unanswered_is_joined_with_the_next() -> None:
    messages = prompt_messages(
        [
            turn(Role.USER, "First", "a"),
            turn(Role.ASSISTANT, "", "b"),
            turn(Role.USER, "Second", "c"),
        ]
    )
    assert [(m.role, m.text, m.turn_ids) for m in messages] == [
        (Role.USER, "First\n\nSecond", ("a", "c"))
    ]


def test_reasoning_is_left_out_of_earlier_answers() -> None:
    assert without_thoughts("<think>hm\nhm</think>\n\nYes.") == "Yes."
    assert without_thoughts("Is <think> a tag?") == "Is <think> a tag?"
    assert without_thoughts("<think>hm") == ""
    assert without_thoughts("hm\nhm\n</think>\n\nYes.") == "Yes."
    assert without_thoughts("Both <think> and </think> are.") == "Both <think> and </think> are."


def test_everything_is_kept_while_it_fits() -> None:
    plan = plan_memory([10, 10, 10], [Role.USER, Role.ASSISTANT, Role.USER], 5, 400)
    assert (plan.first, plan.fits, plan.n_tokens) == (0, True, 35)


def test_forgetting_frees_half_the_room_and_begins_with_the_user() -> None:
    lengths = [100] * 9
    roles = [Role.USER, Role.ASSISTANT] * 4 + [Role.USER]
    plan = plan_memory(lengths, roles, 0, 1000)
    assert plan.fits
    assert roles[plan.first] is Role.USER
    assert sum(lengths[plan.first :]) <= (1000 - answer_reserve_tokens(1000)) / 2 + 100


def test_what_was_forgotten_stays_forgotten_so_that_the_prompt_begins_the_same() -> None:
    roles = [Role.USER, Role.ASSISTANT, Role.USER]
    assert plan_memory([10, 10, 10], roles, 0, 1000, first=2).first == 2


def test_a_message_longer_than_the_context_does_not_fit() -> None:
    assert not plan_memory([5000], [Role.USER], 0, 1000).fits


@given(
    lengths=st.lists(st.integers(1, 3000), min_size=1, max_size=40).filter(
        lambda lengths: len(lengths) % 2 == 1
    ),
    n_ctx=st.integers(256, 16384),
    fixed=st.integers(0, 200),
    data=st.data(),
)
def test_a_plan_that_fits_really_fits(
    lengths: list[int], n_ctx: int, fixed: int, data: st.DataObject
) -> None:
    roles = [Role.USER if i % 2 == 0 else Role.ASSISTANT for i in range(len(lengths))]
    before = data.draw(st.integers(0, len(lengths) // 2)) * 2
    plan = plan_memory(lengths, roles, fixed, n_ctx, before)
    room = n_ctx - answer_reserve_tokens(n_ctx) - fixed
    assert before <= plan.first < len(lengths)
    assert roles[plan.first] is Role.USER
    assert plan.fits == (sum(lengths[plan.first :]) <= room)
    assert plan.n_tokens == sum(lengths[plan.first :]) + fixed
    if not plan.fits:
        assert plan.first == len(lengths) - 1
