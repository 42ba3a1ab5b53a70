from hypothesis import given
from hypothesis import strategies as st

from app.engine.stop_strings import StopStrings

LETTERS = st.text(alphabet="abc", max_size=40)


def test_the_answer_ends_before_the_stop_string() -> None:
    stop = StopStrings(["STOP"])
    assert stop.feed("one ST") == ("one ", False)
    assert stop.feed("OP two") == ("", True)


def test_a_beginning_that_comes_to_nothing_is_shown() -> None:
    stop = StopStrings(["STOP"])
    assert stop.feed("ST") == ("", False)
    assert stop.feed("AY") == ("STAY", False)
    assert stop.feed("S")[0] + stop.rest() == "S"


@given(LETTERS, st.lists(LETTERS.filter(bool), max_size=3), st.data())
def test_any_cutting_gives_the_text_before_the_first_stop_string(
    text: str, stop: list[str], data: st.DataObject
) -> None:
    watcher, shown, rest = StopStrings(stop), "", text
    ended = False
    while rest and not ended:
        n = data.draw(st.integers(1, len(rest)))
        piece, ended = watcher.feed(rest[:n])
        shown, rest = shown + piece, rest[n:]
    if not ended:
        shown += watcher.rest()
    places = [place for one in stop if (place := text.find(one)) >= 0]
    assert ended == bool(places)
    # Which of two overlapping strings is met first may depend on the cutting; nothing of the
    # text is ever lost, changed, or shown twice.
    assert text.startswith(shown)
    if not places:
        assert shown == text
    else:
        assert not any(one in shown for one in stop)
