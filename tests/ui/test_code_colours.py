"""Colours of code: readable in every theme, the same however the code arrives."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ui.tokens import DARK, HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT, LIGHT, Tokens
from app.ui.widgets.code_colours import (
    WHOLE_CHARS,
    CodeColourist,
    CodeRole,
    ColouredLine,
    code_palette,
    contrast,
    language_name,
)

PYTHON = '''import os

def load(path: str) -> None:
    """Read.

not_code = 1
    """
    # comment
    return os.open(path, 12)

class Reader:
    pass
'''


def roles(lines: list[ColouredLine], code: str) -> dict[str, CodeRole]:
    text = code.split("\n")
    return {
        text[line.number][span.start : span.end]: span.role
        for line in lines
        for span in line.spans
    }


@pytest.mark.parametrize("tokens", [LIGHT, DARK, HIGH_CONTRAST_LIGHT, HIGH_CONTRAST_DARK])
def test_every_colour_can_be_read_on_the_surface_of_code(tokens: Tokens) -> None:
    is_high_contrast = tokens in {HIGH_CONTRAST_LIGHT, HIGH_CONTRAST_DARK}
    least = 7.0 if is_high_contrast else 4.5
    for role, colour in code_palette(tokens).items():
        assert contrast(colour, tokens.code_surface) >= least, role


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_parts_of_code_get_their_roles() -> None:
    found = roles(CodeColourist("python").colour_all(PYTHON), PYTHON)
    assert found["def"] is CodeRole.KEYWORD
    assert found["load"] is CodeRole.DEFINITION
    assert found["12"] is CodeRole.NUMBER
    assert found["# comment"] is CodeRole.COMMENT
    assert found["not_code = 1"] is CodeRole.STRING


def test_an_unknown_language_gets_no_colours() -> None:
    assert CodeColourist("no-such-language").colour_all("def x") == []
    assert CodeColourist("").add_lines(["def x"]) == []


def test_lines_that_arrive_one_by_one_are_coloured_as_the_whole() -> None:
    colourist = CodeColourist("python")
    latest: dict[int, ColouredLine] = {}
    for line in PYTHON.split("\n"):
        latest |= {found.number: found for found in colourist.add_lines([line])}
    whole = CodeColourist("python").colour_all(PYTHON)
    assert [latest[number] for number in range(len(whole))] == whole


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from(PYTHON.split("\n")), min_size=1, max_size=80),
    st.lists(st.integers(1, 80), max_size=10),
)
def test_batches_of_lines_make_no_difference(lines: list[str], cuts: list[int]) -> None:
    def latest(batches: list[list[str]]) -> dict[int, ColouredLine]:
        colourist = CodeColourist("python")
        found: dict[int, ColouredLine] = {}
        for batch in batches:
            found |= {line.number: line for line in colourist.add_lines(batch)}
        return found

    borders = sorted({0, len(lines), *(cut % (len(lines) + 1) for cut in cuts)})
    batches = [lines[a:b] for a, b in itertools.pairwise(borders)]
    assert latest(batches) == latest([lines])


def test_a_growing_line_is_coloured_by_itself() -> None:
    colourist = CodeColourist("python")
    colourist.add_lines(["x = 1"])
    line = colourist.colour_open_line("return")
    assert line.number == 1
    assert line.spans[0].role is CodeRole.KEYWORD


def test_a_growing_line_within_a_string_is_not_taken_for_code() -> None:
    colourist = CodeColourist("python")
    colourist.add_lines(['"""', "text"])
    assert colourist.colour_open_line("return").spans == ()


def test_every_line_of_very_long_code_gets_its_colours() -> None:
    lines = ["x = 1"] * (WHOLE_CHARS // 5)
    found = CodeColourist("python").colour_all("\n".join(lines))
    assert sorted(line.number for line in found) == list(range(len(lines)))


@pytest.mark.parametrize("line", ["x = '" + "a" * 1_000_000, "(" * 1_000_000])
def test_a_line_of_a_megabyte_is_coloured_at_its_beginning_only(line: str) -> None:
    (found,) = CodeColourist("python").colour_all(line)
    assert all(span.end <= 1_000 for span in found.spans)


def test_languages_are_named_as_their_users_write_them() -> None:
    assert [language_name(name) for name in ("cpp", "Python", "js", "zzz", "")] == [
        "C++",
        "Python",
        "JavaScript",
        "zzz",
        "",
    ]
