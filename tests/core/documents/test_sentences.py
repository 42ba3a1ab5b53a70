"""Sentences are cut in every script, and not at abbreviations, ordinals and numbers."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.documents.sentences import is_open, sentences_of


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences_of(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["The rent is due.", "It is 1,250.50 euros!", "Is it?"],
        ["Dr. Smith and J. Doe met e.g. Mr. Brown.", "They left."],
        ["Nach § 4 Abs. 2 Satz 1 gilt das.", "Danach nicht."],
        ["See No. 5 and Fig. 3 on p. 12.", "It is there."],
        ["Es beginnt am 1. Mai 2026.", "Es endet am 3. Tag."],
        ["Das gilt z.B. für Hunde usw.", "Katzen sind erlaubt."],
        ["1. The tenant pays.", "2. The landlord does not."],
        ["“Really?” she asked.", "Yes."],
        ["Wait … what?", "Nothing."],
        ["He said no.", "Then he left."],
        ["这是第一句。", "这是第二句！", "对吗？", "是。"],
        ["これは本です。", "本当ですか？", "はい。"],
        ["ما هو الإيجار؟", "لا أعرف."],
        ["यह पहला है।", "यह दूसरा है।"],
        ["См. ст. 5 и рис. 3.", "Это конец."],
        ["Version 2.0.1 is out.", "Get it at example.org."],
    ],
)
def test_sentences(sentences: list[str]) -> None:
    joiner = "" if sentences[0][-1] in "。！？" else " "
    assert cut(joiner.join(sentences)) == sentences


def test_a_line_end_always_ends_a_sentence() -> None:
    assert cut("Heading\nThe text goes\n\non.") == ["Heading", "The text goes", "on."]


def test_thai_is_cut_at_spaces_of_long_pieces() -> None:
    phrase = "ผู้เช่าต้องชำระค่าเช่ารายเดือนภายในวันที่ห้าของทุกเดือนโดยไม่มีข้อยกเว้น"
    assert cut(f"{phrase} {phrase}") == [phrase, phrase]
    assert len(cut("ผู้เช่า และ ผู้ให้เช่า")) == 1


def test_half_a_sentence_is_told() -> None:
    assert is_open("the tenant shall")
    assert is_open("the tenant,")
    assert not is_open("He said “no.”")
    assert not is_open("")


@given(st.text(alphabet=st.sampled_from("aB1 .!?\n。؟।ก字\"')§:")))
def test_every_character_is_in_exactly_one_sentence(text: str) -> None:
    spans = sentences_of(text)
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
