"""Text typed and text being sent is never in neither place."""

from hypothesis import given
from hypothesis import strategies as st

from app.ui.chat.drafts import Drafts

ids = st.sampled_from([None, "one", "two"])
texts = st.text("ab ", max_size=4)


@given(st.lists(st.tuples(ids, texts)), ids)
def test_each_chat_gives_back_what_was_typed_in_it_last(
    typed: list[tuple[str | None, str]], wanted: str | None
) -> None:
    drafts = Drafts()
    for conversation_id, text in typed:
        drafts.keep(conversation_id, text)
    last = dict(typed).get(wanted)
    assert drafts.text(wanted) == (last or "")


def test_a_draft_is_reported_only_when_it_has_changed() -> None:
    drafts = Drafts()
    assert not drafts.keep("one", "")
    assert drafts.keep("one", "a")
    assert not drafts.keep("one", "a")
    assert drafts.keep("one", "")


def test_what_was_emptied_does_not_come_back_from_the_store() -> None:
    drafts = Drafts()
    assert drafts.text("one", "stored") == "stored"
    drafts.keep("one", "")
    assert drafts.text("one", "stored") == ""


def test_only_what_was_sent_is_dropped() -> None:
    drafts = Drafts()
    drafts.keep("one", "typed since")
    drafts.drop_sent("one", "sent")
    assert drafts.text("one") == "typed since"
