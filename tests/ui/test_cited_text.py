"""Sentences of a Markdown text are found again among what is on the screen."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.documents.answer_sentences import without_brackets
from app.ui.widgets.cited_text import (
    Chip,
    CitedPart,
    CitedText,
    chip_number,
    with_copied_chips,
)
from app.ui.widgets.markdown_blocks import read_markdown
from app.ui.widgets.markdown_leaves import CodeLeaf, Leaf, ProseLeaf, Runs, TableLeaf, plain_runs
from app.ui.widgets.text_safety import visible_text


def part(text: str, words: str, *numbers: int, note: str = "") -> CitedPart:
    start = text.index(words)
    chips = tuple(Chip(number, f"source {number}") for number in numbers)
    return CitedPart(start, start + len(words), chips, note)


def runs_of(leaf: Leaf) -> list[Runs]:
    match leaf:
        case ProseLeaf():
            return [leaf.runs]
        case TableLeaf():
            return [*leaf.header, *(cell for row in leaf.rows for cell in row)]
        case CodeLeaf():
            return []


def cited_lines(text: str, *parts: CitedPart) -> list[str]:
    """What the reader sees, chips as [1], a line for each paragraph and cell."""
    leaves = CitedText(text, parts).cite(read_markdown(visible_text(text)))
    return [with_copied_chips(plain_runs(runs)) for leaf in leaves for runs in runs_of(leaf)]


@pytest.mark.parametrize(
    ("text", "words", "seen"),
    [
        ("It is cold. It is late.", "It is cold.", "It is cold. [1] It is late."),
        ("It is **very cold.** Yes.", "It is **very cold.**", "It is very cold. [1] Yes."),
        ("See [the page](https://a.example/b_c?d=1) now. So.",
         "See [the page](https://a.example/b_c?d=1) now.", "See the page now. [1] So."),
        ("He said “no.” Then left.", "He said “no.”", "He said “no.” [1] Then left."),
        ("1. The rent is 900 euros.\n2. Heating is extra.", "1. The rent is 900 euros.",
         "The rent is 900 euros. [1]"),
        ("租金为900欧元。押金另付。", "租金为900欧元。", "租金为900欧元。 [1]押金另付。"),
        ("الإيجار ٩٠٠ يورو. شكرا.", "الإيجار ٩٠٠ يورو.", "الإيجار ٩٠٠ يورو. [1] شكرا."),
        ("A &amp; B agree. C does not.", "A &amp; B agree.", "A & B agree. [1] C does not."),
    ],
)  # fmt: skip
def test_a_chip_stands_at_the_end_of_its_sentence(text: str, words: str, seen: str) -> None:
    assert cited_lines(text, part(text, words, 1))[0] == seen


def test_a_sentence_in_a_table_has_its_chip_in_the_last_cell_of_it() -> None:
    text = "| File | Ends |\n|---|---|\n| lease.pdf | 31 July |\n| garage.pdf | 1 May |\n"
    seen = cited_lines(text, part(text, "garage.pdf | 1 May", 2))
    assert seen == ["File", "Ends", "lease.pdf", "31 July", "garage.pdf", "1 May [2]"]


def test_the_same_words_twice_get_their_own_chips() -> None:
    text = "Yes.\n\nNo.\n\nYes.\n\nNo."
    second = text.rindex("Yes.")
    parts = [CitedPart(0, 4, (Chip(1, ""),)), CitedPart(second, second + 4, (Chip(2, ""),))]
    assert cited_lines(text, *parts) == ["Yes. [1]", "No.", "Yes. [2]", "No."]


def test_code_between_sentences_does_not_move_chips() -> None:
    text = "Do this now.\n\n```python\nprint('Do that then.')\n```\n\nDo that then. Done."
    start = text.rindex("Do that then.")
    seen = cited_lines(text, CitedPart(start, start + 13, (Chip(3, ""),)))
    assert seen == ["Do this now.", "Do that then. [3] Done."]


def test_numbers_that_the_model_made_up_are_left_out_but_code_is_not() -> None:
    text = "The rent is 900 [7]. Use `a[7]` for it [1, 2]. Read [7](https://a.example)."
    seen = cited_lines(text, part(text, "The rent is 900 [7].", 1))
    assert seen == ["The rent is 900. [1] Use a[7] for it. Read 7."]


def test_what_is_not_on_the_screen_yet_gets_no_chip() -> None:
    text = "One is here. Two is to come."
    leaves = read_markdown("One is here. Two is")
    cited = CitedText(text, [part(text, "One is here.", 1), part(text, "Two is to come.", 2)])
    runs = [plain_runs(runs) for leaf in cited.cite(leaves) for runs in runs_of(leaf)]
    assert with_copied_chips(runs[0]).startswith("One is here. [1] Two is")


def test_leaves_without_chips_stay_the_same_objects() -> None:
    text = "One.\n\nTwo is here.\n\nThree."
    leaves = read_markdown(text)
    cited = CitedText(text, [part(text, "Two is here.", 1)]).cite(leaves)
    assert cited[0] is leaves[0]
    assert cited[1] is not leaves[1]
    assert cited[2] is leaves[2]


def test_a_marked_sentence_is_marked_from_its_first_to_its_last_letter() -> None:
    text = "Fine. It is **surely** so. Fine."
    leaves = CitedText(text, [part(text, "It is **surely** so.", note="why")]).cite(
        read_markdown(text)
    )
    marked = [run.text for run in runs_of(leaves[0])[0] if run.style.is_doubtful]
    assert "".join(marked) == "It is surely so."


def test_only_a_chip_has_the_address_of_one() -> None:
    assert chip_number("source:12") == 12
    assert chip_number("https://source:12") is None
    text = "[x](source:1) <source:2> [y][z]\n\n[z]: source:3"
    styles = [run.style for leaf in read_markdown(text) for runs in runs_of(leaf) for run in runs]
    assert not any(chip_number(style.url) is not None for style in styles)


WORDS = st.sampled_from(
    ["rent", "900", "**bold**", "*two words*", "`code`", "[link](https://a.example/x)", "é", "猫",
     "a_b", "(so)", "1,234.56", "\U0001f600", "&amp;", "<b>", "x*y", "[3]", "\u200b", "Ω"]
)  # fmt: skip
SENTENCE = st.lists(WORDS, min_size=1, max_size=6).map(
    lambda words: "The " + " ".join(words) + "."
)
PREFIX = st.sampled_from(["", "- ", "1. ", "> ", "# "])


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(PREFIX, st.lists(SENTENCE, min_size=1, max_size=3)), min_size=1))
def test_chips_change_nothing_else_and_none_is_lost(
    blocks: list[tuple[str, list[str]]],
) -> None:
    text = ""
    parts: list[CitedPart] = []
    for prefix, sentences in blocks:
        text += prefix
        for sentence in sentences:
            start = len(text)
            text += sentence + " "
            chip = Chip(len(parts) + 1, "")
            parts.append(CitedPart(start, start + len(sentence), (chip,)))
        text += "\n\n"
    leaves = read_markdown(visible_text(text))
    cited = CitedText(text, parts).cite(leaves)
    seen = [with_copied_chips(plain_runs(runs)) for leaf in cited for runs in runs_of(leaf)]
    plain = [without_brackets(plain_runs(runs)) for leaf in leaves for runs in runs_of(leaf)]
    assert [re.sub(r" \[\d+\]", "", line) for line in seen] == plain
    numbers = [int(number) for line in seen for number in re.findall(r" \[(\d+)\]", line)]
    assert numbers == list(range(1, len(parts) + 1))


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=200), st.lists(st.tuples(st.integers(-5, 220), st.integers(-5, 220))))
def test_any_places_in_any_text_do_no_harm(text: str, places: list[tuple[int, int]]) -> None:
    parts = [CitedPart(start, end, (Chip(1, ""),), "why") for start, end in places]
    leaves = CitedText(text, parts).cite(read_markdown(visible_text(text)))
    assert len(leaves) == len(read_markdown(visible_text(text)))
