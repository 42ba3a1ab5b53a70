"""The order in which the text of PDF pages is read, and where its characters stand."""

import random
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.documents.text import Span
from app.readers.drawing import draw_page
from tests.readers.pdf_samples import (
    Text,
    pages_of,
    share_of_ink,
    texts_of,
    write_pdf,
)

PROSE = (
    "The tenant keeps the flat clean and airs it daily and tells the landlord at once of damage"
    " that he sees or that others tell him of so that it can be mended before it grows and costs"
    " more than it has to for both of them in the end of the day and of the year as well"
)
LETTER = [
    Text(72, 760, "Lease of the flat", 20, "F2"),
    *(Text(72, 700 - 13 * at, line) for at, line in enumerate(textwrap.wrap(PROSE, 80))),
    Text(72, 600, "Deposit", 14, "F2"),
    Text(72, 570, "The deposit is 1,450 euros and is paid back within six weeks."),
]
FOOT = Text(72, 40, "Town Housing Office, 12 High Street")


def read_page(tmp_path: Path, lines: list[Text]) -> list[str]:
    (page,) = pages_of(write_pdf(tmp_path / "a.pdf", [lines]))
    return texts_of(page)


# --- order -------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["foot first", "bottom up", "heading last"])
def test_what_was_drawn_out_of_order_is_read_from_top_to_bottom(
    tmp_path: Path, order: str
) -> None:
    in_order = read_page(tmp_path, [*LETTER, FOOT])
    drawn = {
        "foot first": [FOOT, *LETTER],
        "bottom up": [*LETTER, FOOT][::-1],
        "heading last": [*LETTER[1:], FOOT, LETTER[0]],
    }[order]
    assert read_page(tmp_path, drawn) == in_order


def columns(n_columns: int) -> list[list[Text]]:
    """Columns of running text whose lines are not on the same heights."""
    width = 36 if n_columns == 2 else 22
    found = []
    for number in range(n_columns):
        words = PROSE.replace("tenant", f"tenant{number}x")
        found.append(
            [
                Text(50 + number * (520 / n_columns), 700 - 3 * number - 13 * at, line, 10)
                for at, line in enumerate(textwrap.wrap(words, width))
            ]
        )
    return found


@pytest.mark.parametrize("n_columns", [2, 3])
@pytest.mark.parametrize("is_heading_last", [False, True])
def test_columns_under_a_heading_across_are_read_one_after_the_other(
    tmp_path: Path, n_columns: int, *, is_heading_last: bool
) -> None:
    heading = Text(50, 750, "A heading across all of the columns of this page", 18, "F2")
    lines = [line for column in columns(n_columns) for line in column]
    drawn = [*lines, heading] if is_heading_last else [heading, *lines]
    found = read_page(tmp_path, drawn)
    assert found[0] == heading.text
    whole = " ".join(found)
    places = [whole.index(f"The tenant{number}x") for number in range(n_columns)]
    assert places == sorted(places)
    assert [whole.count("as well")] == [n_columns]
    assert PROSE.replace("tenant", "tenant0x") in whole


NAMES = ["Name:", "Born on:", "Street:"]
VALUES = ["Ada Example", "12 May 1990", "3 High Street"]


def test_values_drawn_after_a_form_stand_with_what_they_are_for(tmp_path: Path) -> None:
    names = [Text(72, 700 - 30 * at, name) for at, name in enumerate(NAMES)]
    values = [Text(190, 700 - 30 * at, value) for at, value in enumerate(VALUES)]
    end = Text(72, 580, "The tenant has read the rules of the house and keeps to them.")
    found = read_page(tmp_path, [*names, end, *values])
    whole = " ".join(found).replace(" |", "")
    for name, value in zip(NAMES, VALUES, strict=True):
        assert f"{name} {value}" in whole


def test_values_drawn_over_blanks_stand_in_their_places(tmp_path: Path) -> None:
    form = Text(72, 700, "Name: ____________________ Date: ____________ and signature")
    found = read_page(tmp_path, [form, Text(112, 700, "Ada Example"), Text(275, 700, "1 May")])
    assert found == ["Name: Ada Example Date: 1 May and signature"]


def test_a_table_drawn_column_by_column_is_read_by_rows(tmp_path: Path) -> None:
    table = [("Rent", "1,450.00"), ("Heating", "120.00"), ("Water", "35.50")]
    drawn = [
        Text(72 + 200 * column, 700 - 18 * row, cells[column])
        for column in (0, 1)
        for row, cells in enumerate(table)
    ]
    assert read_page(tmp_path, drawn) == [" | ".join(cells) for cells in table]


def test_addresses_side_by_side_are_no_rows(tmp_path: Path) -> None:
    left = ["Ada Example", "3 High Street", "Oldtown"]
    right = ["Housing Office", "12 Long Street", "Newtown"]
    drawn = [Text(72, 700 - 13 * at, line) for at, line in enumerate(left)]
    drawn += [Text(320, 700 - 13 * at, line) for at, line in enumerate(right)]
    assert " ".join(read_page(tmp_path, drawn)) == " ".join([*left, *right])


def test_texts_of_two_lines_side_by_side_are_no_rows(tmp_path: Path) -> None:
    drawn = [
        Text(72 + 248 * column, 700 - 20 * row, f"{('Left', 'Right')[column]} column line {row}")
        for column in (0, 1)
        for row in (1, 2)
    ]
    assert " ".join(read_page(tmp_path, drawn)) == " ".join(line.text for line in drawn)


ROWS = [
    (["Item"], ["Description"], ["Price"]),
    (["Chair"], ["A wooden chair with", "four legs and a back"], ["80.00"]),
    (["Dining", "table"], ["For six persons"], ["350.00"]),
    (["Lamp"], ["Of brass"], ["45.00"]),
]


def test_a_cell_that_goes_on_between_others_is_read_once(tmp_path: Path) -> None:
    # Cell by cell, the last of them close to the one before it, and in larger type.
    drawn = [
        Text(72, 700, "Item"), Text(160, 700, "Description"), Text(240, 700, "Price"),
        Text(72, 670, "Lamp"), Text(160, 670, "A tall lamp of"), Text(160, 657, "brass"),
        Text(240, 668, "45.00", 16), Text(240, 650, "each"),
    ]  # fmt: skip
    (page,) = pages_of(write_pdf(tmp_path / "a.pdf", [drawn]))
    assert texts_of(page) == [
        "Item | Description | Price",
        "Lamp | A tall lamp of brass | 45.00 each",
    ]


@pytest.mark.parametrize("is_by_cells", [True, False])
def test_cells_of_several_lines_belong_to_one_row(tmp_path: Path, *, is_by_cells: bool) -> None:
    drawn: list[tuple[int, int, int, Text]] = []
    for row, cells in enumerate(ROWS):
        for column, lines in enumerate(cells):
            for at, line in enumerate(lines):
                place = Text((72, 160, 420)[column], 700 - 40 * row - 13 * at, line)
                drawn.append((row, column, at, place))
    if not is_by_cells:
        drawn.sort(key=lambda one: (one[0], one[2], one[1]))
    (page,) = pages_of(write_pdf(tmp_path / "a.pdf", [[text for *_, text in drawn]]))
    assert texts_of(page) == [" | ".join(" ".join(cell) for cell in row) for row in ROWS]
    assert page.blocks[-1].header == "Item | Description | Price"


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), n_lines=st.integers(1, 12))
def test_in_whatever_order_lines_are_drawn_each_is_read_once_and_marked_where_it_stands(
    tmp_path_factory: pytest.TempPathFactory, seed: int, n_lines: int
) -> None:
    rng = random.Random(seed)
    words = PROSE.split()
    lines = [
        Text(
            rng.choice([60, 60, 200, 330]),
            780 - 24 * at,
            f"w{at}z " + " ".join(rng.sample(words, rng.randint(1, 6))),
            rng.choice([9, 10, 11, 14]),
        )
        for at in range(n_lines)
    ]
    drawn = rng.sample(lines, n_lines)
    path = write_pdf(tmp_path_factory.mktemp("order") / "a.pdf", [drawn])
    (page,) = pages_of(path)
    for line in lines:
        assert page.text.count(line.text) == 1
        start = page.text.index(line.text)
        boxes = draw_page(path, 1, 595, (Span(1, start, start + len(line.text)),)).boxes
        assert len(boxes) == 1
        assert abs(boxes[0].left - line.left) < 3
        assert boxes[0].top < 842 - line.bottom < boxes[0].bottom + 3


# --- margins -----------------------------------------------------------------------------------

SENTENCES = ["The landlord may enter the flat only after he has", "told the tenant a day before."]


def booklet(n_pages: int, foot: str = "Page {} of 4") -> list[list[Text]]:
    return [
        [
            Text(72, 800, "Rules of the house"),
            Text(72, 745, f"{number}. About page number {number}", 16, "F2"),
            Text(72, 700, f"Paragraph {number} has this line and then another one. "),
            Text(72, 400, SENTENCES[1 - number % 2]),
            Text(280, 30, foot.format(number)),
            Text(72, 45, "Town Housing Office"),
        ]
        for number in range(1, n_pages + 1)
    ]


@pytest.mark.parametrize("foot", ["Page {} of 4", "{}", "- {} -", "Seite {}/4"])
def test_heads_and_feet_are_read_once_and_page_numbers_never(tmp_path: Path, foot: str) -> None:
    pages = pages_of(write_pdf(tmp_path / "a.pdf", booklet(4, foot)))
    whole = "\n".join(page.text for page in pages)
    assert whole.count("Rules of the house") == 1
    assert whole.count("Town Housing Office") == 1
    assert "Town Housing Office" in pages[0].text
    for number, page in enumerate(pages, 1):
        assert foot.format(number) not in texts_of(page)
        assert f"{number}. About page number {number}" in texts_of(page)
        # So that a sentence goes on from page to page.
        assert page.text.endswith(SENTENCES[1 - number % 2])


def test_numbers_in_roman_figures_and_different_heads_left_and_right(tmp_path: Path) -> None:
    roman = ["iii", "iv", "v", "vi"]
    made = [
        [
            Text(72, 800, ("Rules", "Town of Oldtown")[at % 2]),
            Text(72, 600, f"Text of page {at}."),
            Text(290, 30, number),
        ]
        for at, number in enumerate(roman)
    ]
    pages = pages_of(write_pdf(tmp_path / "a.pdf", made))
    assert [texts_of(page) for page in pages] == [
        ["Rules", "Text of page 0."],
        ["Town of Oldtown", "Text of page 1."],
        ["Text of page 2."],
        ["Text of page 3."],
    ]


def test_what_looks_like_a_head_but_changes_or_heads_a_table_is_read(tmp_path: Path) -> None:
    made = []
    for number in (1, 2, 3):
        rows = [("Day", "Hours", "Pay"), (f"{number} May", "8", "96.00"), ("Sum", "8", "96.00")]
        made.append(
            [
                Text(72 + 150 * column, 800 - 16 * row, cell)
                for row, cells in enumerate(rows)
                for column, cell in enumerate(cells)
            ]
            + [Text(72, 40, f"Total so far: {number * 96}.00")]
        )
    for number, page in enumerate(pages_of(write_pdf(tmp_path / "a.pdf", made)), 1):
        assert texts_of(page)[:2] == ["Day | Hours | Pay", f"{number} May | 8 | 96.00"]
        assert texts_of(page)[-1] == f"Total so far: {number * 96}.00"


@pytest.mark.parametrize(
    "line",
    ["Invoice {}", "Week {}", "Exhibit {}", "Certificate number {}", "\u00a7 {}", "{}. Rent"],
)
def test_what_counts_at_the_top_of_pages_is_read_there(tmp_path: Path, line: str) -> None:
    made = [
        [Text(72, 790, line.format(1000 + at)), Text(72, 600, f"What follows is text {at * at}.")]
        for at in (1, 2, 3)
    ]
    for at, page in enumerate(pages_of(write_pdf(tmp_path / "a.pdf", made)), 1):
        assert line.format(1000 + at) in page.text


@pytest.mark.parametrize(
    "line", ["{}", "- {} -", "Page {}", "p. {}", "{} / 9", "P\u00e1gina {} de 9", "{} of 9 pages"]
)
def test_numbers_of_pages_at_their_top_are_not_read(tmp_path: Path, line: str) -> None:
    made = [
        [Text(72, 790, line.format(at)), Text(72, 600, f"What follows is text {at * at}.")]
        for at in (1, 2, 3)
    ]
    for at, page in enumerate(pages_of(write_pdf(tmp_path / "a.pdf", made)), 1):
        assert page.text == f"What follows is text {at * at}."


def test_a_line_with_a_number_sign_on_one_page_and_a_number_on_the_next(tmp_path: Path) -> None:
    made = [[Text(72, 790, top), Text(72, 600, "Some text.")] for top in ("Apt #", "Apt 5")]
    pages = pages_of(write_pdf(tmp_path / "a.pdf", made))
    assert [texts_of(page)[0] for page in pages] == ["Apt #", "Apt 5"]


def test_marks_on_pages_without_their_heads_stand_on_the_sentence(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", booklet(4))
    page = pages_of(path)[2]
    start = page.text.index("Paragraph 3")
    drawn = draw_page(path, 3, 595, (Span(3, start, start + 40),))
    (box,) = drawn.boxes
    assert 842 - 700 - 12 <= box.top <= box.bottom <= 842 - 700 + 5
    assert share_of_ink(drawn.picture, box) > 0.8
