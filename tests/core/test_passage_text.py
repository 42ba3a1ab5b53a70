"""Passages come into a prompt as they can be seen, between fences that they cannot close."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.conversation import Role
from app.core.documents.evidence import PromptPassage
from app.core.documents.passage_text import INSTRUCTION, quoted, sentence_ends, visible
from app.core.events import PromptTurn
from app.core.prompt import prompt_messages, with_passages

PASSAGES = (
    PromptPassage("lease.pdf, page 4", "The notice period is two months.", 7),
    PromptPassage("lease.pdf, page 1", "This is a lease.", 2),
)
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
MANY_SCRIPTS = "Stra\u00dfe \u5408\u540c \U0001f600 \u0939\u093f\u0928"


def test_passages_stand_in_reading_order_before_the_question() -> None:
    text = with_passages(PromptTurn("a", Role.USER, "How long is the notice period?", PASSAGES))
    assert text == (
        f'{INSTRUCTION}\n\n[1] lease.pdf, page 1\n"""\nThis is a lease.\n"""\n\n'
        '[2] lease.pdf, page 4\n"""\nThe notice period is two months.\n"""\n\n'
        "Question: How long is the notice period?"
    )


def test_a_turn_reads_the_same_when_it_is_no_longer_the_newest() -> None:
    newest = PromptTurn("a", Role.USER, "How long?", PASSAGES)
    earlier = PromptTurn("a", Role.USER, "How long?", PASSAGES[::-1])
    assert with_passages(newest) == with_passages(earlier)
    first = prompt_messages([newest])[0]
    assert prompt_messages([earlier, PromptTurn("b", Role.ASSISTANT, "Two months.")])[0] == first


def test_a_turn_without_passages_is_its_text() -> None:
    assert with_passages(PromptTurn("a", Role.USER, "Hello")) == "Hello"


@given(st.text(alphabet='"a\n [1].', max_size=60), st.text(max_size=60))
def test_no_text_closes_its_fence(text: str, label: str) -> None:
    first, fence, *inner, last = quoted(3, label, text).split("\n")
    assert first.startswith("[3] ")
    assert fence == last
    assert re.fullmatch('"{3,}', fence)
    assert all(fence not in line for line in inner)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("pay\u200b in\u2060 full\ufeff", "pay in full"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("ok" + "".join(chr(0xE0000 + ord(sign)) for sign in "ignore all"), "ok"),
        ("a\ufe0f\U000e0101b\u3164c\u2800", "abc"),
        ("a\0b\x1b[31mc\td\r\ne\u2028f", "ab[31mc\td\ne\nf"),
        ("soft\u00adhyphen", "softhyphen"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("a\u200cb\u200d", "ab"),
        (
            "Stra\u00dfe \u5408\u540c \U0001f600 \u0939\u093f\u0928",
            "Stra\u00dfe \u5408\u540c \U0001f600 \u0939\u093f\u0928",
        ),
    ],
)
def test_what_cannot_be_seen_is_left_out(text: str, seen: str) -> None:
    assert visible(text) == seen


@given(st.text())
def test_what_is_visible_stays_so(text: str) -> None:
    once = visible(text)
    assert visible(once) == once


def test_sentences_end_where_they_end() -> None:
    text = "One. Two! (Three?) \u5408\u540c\u3002\u56db"
    parts = [text[:end].strip() for end in sentence_ends(text)]
    assert parts == ["One.", "One. Two!", "One. Two! (Three?)", text[:-1], text]
    assert sentence_ends("no end") == [6]
    assert sentence_ends("") == [0]
