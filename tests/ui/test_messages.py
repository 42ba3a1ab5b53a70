import re

import pytest

from app.core.errors import ErrorCode, Facts, Failure
from app.ui.messages import message_for, reason_words

JARGON = re.compile(
    r"\b(tensor|exception|traceback|none|null|mmap|kv|stack|segfault|errno|stderr|signal)\b",
    re.IGNORECASE,
)
FACTS = Facts("model.gguf", "/data/chats.db", "html", 5_000_000_000, 2_000_000_000, 9000, 4096)


@pytest.mark.parametrize("code", ErrorCode)
@pytest.mark.parametrize("facts", [FACTS, Facts()], ids=["all facts", "no facts"])
def test_every_error_says_what_happened_and_what_to_do(code: ErrorCode, facts: Facts) -> None:
    message = message_for(Failure(code, facts))
    assert 2 <= len(message.title.split()) <= 6
    for text in (message.what_happened, message.what_to_do):
        assert text.endswith((".", ")"))
        assert "{" not in text
        assert "  " not in text
        assert not JARGON.search(text), text
    assert message.action is not None


def test_numbers_are_in_the_sentence() -> None:
    text = message_for(Failure(ErrorCode.MEMORY_TOO_SMALL, FACTS)).what_happened
    assert "4.7 GB" in text
    assert "1.9 GB" in text


def test_what_the_file_really_is_stands_in_the_sentence() -> None:
    text = message_for(Failure(ErrorCode.NOT_A_GGUF, FACTS)).what_happened
    assert text == "model.gguf is a web page, not a model in the GGUF format."


def test_a_reason_without_words_stands_as_it_is() -> None:
    assert reason_words("future-architecture") == "future-architecture"


def test_a_file_that_ends_early_has_numbers_where_they_are_known() -> None:
    known = message_for(Failure(ErrorCode.MODEL_TRUNCATED, FACTS)).what_happened
    assert "should have 4.7 GB but has only 1.9 GB" in known
    unknown = message_for(Failure(ErrorCode.MODEL_TRUNCATED, Facts("model.gguf"))).what_happened
    assert unknown == "model.gguf ends too early. Its download probably broke off."


@pytest.mark.parametrize("code", [code for code in ErrorCode if "model" in code])
def test_no_sentence_about_a_model_has_a_path_in_it(code: ErrorCode) -> None:
    assert FACTS.path not in message_for(Failure(code, FACTS)).what_happened
