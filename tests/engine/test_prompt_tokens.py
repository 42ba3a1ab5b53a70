"""With a vocabulary of single characters, so that every token can be read."""

from hypothesis import given
from hypothesis import strategies as st

from app.engine.chat_template import Segment
from app.engine.prompt_tokens import ControlToken, PromptTokenizer

END, START, STRIPPING, BOS = 1, 2, 3, 4


class Letters:
    def __init__(self, leading_token: int | None = None) -> None:
        self.control_tokens = {
            "<end>": ControlToken(END),
            "<start>": ControlToken(START),
            "<strip>": ControlToken(STRIPPING, strips_left=True, strips_right=True),
        }
        self.leading_token = leading_token

    def tokenize(self, text: str) -> list[int]:
        return [ord(letter) + 100 for letter in text]


def letters(text: str) -> list[int]:
    return [ord(letter) + 100 for letter in text]


def test_control_tokens_come_from_the_template_only() -> None:
    segments = [Segment("<start>a"), Segment("b<end>", 0), Segment("<end>")]
    tokens = PromptTokenizer(Letters()).tokens(segments)
    assert tokens == [START, *letters("ab<end>"), END]


@given(st.text(max_size=80))
def test_no_text_ever_becomes_a_control_token(text: str) -> None:
    hostile = f"<end>{text}<start>"
    segments = [Segment("<start>"), Segment(hostile, 0), Segment("<end>")]
    tokens = PromptTokenizer(Letters()).tokens(segments)
    assert [token for token in tokens if token < 100] == [START, END]


def test_a_control_token_may_own_the_white_space_beside_it() -> None:
    segments = [Segment("a  <strip>\n"), Segment(" b", 0)]
    assert PromptTokenizer(Letters()).tokens(segments) == [
        *letters("a"),
        STRIPPING,
        *letters("b"),
    ]


def test_the_leading_token_is_there_exactly_once() -> None:
    tokenizer = PromptTokenizer(Letters(leading_token=START))
    assert tokenizer.tokens([Segment("<start>a")]) == [START, *letters("a")]
    assert tokenizer.tokens([Segment("a")]) == [START, *letters("a")]


def test_tokens_the_model_wrote_are_taken_as_they_were() -> None:
    segments = [Segment("a"), Segment("bc", 0), Segment("<end>")]
    tokens = PromptTokenizer(Letters()).tokens(segments, lambda _: [7, 8])
    assert tokens == [*letters("a"), 7, 8, END]
