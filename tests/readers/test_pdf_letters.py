"""Letters of PDF pages: scripts from right to left, raised figures; fields and comments."""

from pathlib import Path

import pytest

from app.core.documents.text import BlockKind, Span
from app.readers.drawing import draw_page
from app.readers.pdf_annotations import LONGEST_COMMENT
from tests.readers.pdf_samples import (
    Text,
    pages_of,
    texts_of,
    turned_and_cut,
    write_annotated,
    write_glyphs,
    write_pdf,
    write_raw_pdf,
)

SHALOM, OLAM = "\u05e9\u05dc\u05d5\u05dd", "\u05e2\u05d5\u05dc\u05dd"


def visual(text: str) -> str:
    """Give a text from right to left as its glyphs stand from left to right."""
    return text[::-1]


@pytest.mark.parametrize(
    ("glyphs", "text"),
    [
        (visual(f"{SHALOM} {OLAM}"), f"{SHALOM} {OLAM}"),
        (f"Word {visual(f'{SHALOM} {OLAM}')} more words", f"Word {SHALOM} {OLAM} more words"),
        (f"Word [{SHALOM}] more words", f"Word {SHALOM} more words"),
        (f"{visual(OLAM)}[{SHALOM}]", f"{SHALOM}{OLAM}"),
        (f"2026 {visual(SHALOM)} 1,450", f"1,450 {SHALOM} 2026"),
        # An Arabic ligature that its program has turned round by itself, and one as it should be.
        ("\u0639[\u062e\u0644]\u0627", "\u0627\u0644\u062e\u0639"),
        ("\u0639[\u0644\u0627]\u0628", "\u0628\u0644\u0627\u0639"),
    ],
)
def test_scripts_from_right_to_left_come_as_they_are_read(
    tmp_path: Path, glyphs: str, text: str
) -> None:
    path = write_glyphs(tmp_path / "a.pdf", [(72, 700, glyphs)])
    (page,) = pages_of(path)
    assert page.text == text
    start = text.index(" ") + 1 if " " in text else 0
    (box,) = draw_page(path, 1, 595, (Span(1, start, len(text)),)).boxes
    assert 70 <= box.left < box.right <= 72 + 7.3 * len(glyphs)


def test_a_word_among_others_from_right_to_left_is_marked_alone(tmp_path: Path) -> None:
    path = write_glyphs(tmp_path / "a.pdf", [(72, 700, visual(f"{SHALOM} {OLAM}"))])
    (page,) = pages_of(path)
    start = page.text.index(OLAM)
    (box,) = draw_page(path, 1, 595, (Span(1, start, start + 4),)).boxes
    # The second word stands on the left: four glyphs of 7.2 points each.
    assert abs(box.left - 72) < 2
    assert abs(box.right - (72 + 4 * 7.2)) < 2


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        ([("The deposit", 11, 0), ("1", 7, 4), (" is due", 11, 0)], "The deposit is due"),
        ([("The fee is due.", 11, 0), ("12", 7, 4), (" Pay it", 11, 0)], "The fee is due. Pay it"),
        ([("It costs 5,000", 11, 0), ("2", 7, 4), (" in all", 11, 0)], "It costs 5,000 in all"),
        ([("A flat of 80 m", 11, 0), ("2", 7, 4), (" and", 11, 0)], "A flat of 80 m\u00b2 and"),
        ([("About 10", 11, 0), ("6", 7, 4), (" of them", 11, 0)], "About 10\u2076 of them"),
        ([("So (a + b)", 11, 0), ("2", 7, 4), (" is", 11, 0)], "So (a + b)\u00b2 is"),
        ([("So [x + 1]", 11, 0), ("2", 7, 4), (" is", 11, 0)], "So [x + 1]\u00b2 is"),
        ([("So sin", 11, 0), ("2", 7, 4), (" x and", 11, 0)], "So sin\u00b2 x and"),
        ([("H", 11, 0), ("2", 7, -2), ("O and rule 106", 11, 0)], "H2O and rule 106"),
    ],
)  # fmt: skip
def test_raised_figures_are_no_part_of_words_and_numbers(
    tmp_path: Path, drawn: list[tuple[str, int, int]], text: str
) -> None:
    content = b"BT 72 700 Td " + b"".join(
        b"/F1 %d Tf %d Ts (%s) Tj " % (size, rise, piece.encode()) for piece, size, rise in drawn
    )
    (page,) = pages_of(write_raw_pdf(tmp_path / "a.pdf", [content + b"ET"]))
    assert page.text == text


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        ("S U M M A R Y", "SUMMARY"),
        ("S U M M A R Y  O F  C O S T S", "SUMMARY OF COSTS"),
        ("A B C D E F", "A B C D E F"),
        ("a b a b a b", "a b a b a b"),
    ],
)
def test_letters_set_apart_are_words(tmp_path: Path, drawn: str, text: str) -> None:
    heading = Text(72, 700, drawn, 14, "F2")
    assert texts_of(pages_of(write_pdf(tmp_path / "a.pdf", [[heading]]))[0])[0] == text


def test_letters_set_apart_by_the_font_keep_their_words_apart(tmp_path: Path) -> None:
    content = b"BT /F2 14 Tf 5 Tc 72 700 Td (SUMMARY OF COSTS) Tj ET"
    (page,) = pages_of(write_raw_pdf(tmp_path / "a.pdf", [content]))
    assert page.text.replace("O F", "OF") == "SUMMARY OF COSTS"


def test_soft_hyphens_join_words_over_lines(tmp_path: Path) -> None:
    lines = ["The tenant has to be compen\u00ad", "sated for da\u00admage to his furniture."]
    drawn = [(72.0, 700 - 14.0 * at, line) for at, line in enumerate(lines)]
    (page,) = pages_of(write_glyphs(tmp_path / "a.pdf", drawn))
    assert page.text == "The tenant has to be compensated for damage to his furniture."


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_tables_and_feet_of_turned_pages_are_read_as_they_are_shown(
    tmp_path: Path, turned: int
) -> None:
    table = [("Rent", "1,450.00"), ("Heating", "120.00"), ("Water", "35.50")]
    drawn = [
        Text(72 + 200 * column, 700 - 18 * row, cells[column])
        for column in (0, 1)
        for row, cells in enumerate(table)
    ]
    whole = (0, 0, 595, 842)
    path = turned_and_cut(write_pdf(tmp_path / "a.pdf", [drawn]), turned, whole)
    (page,) = pages_of(path)
    assert sorted(page.text.replace("\n", " ").replace(" |", "").split()) == sorted(
        word for cells in table for word in cells
    )
    start = page.text.index("120.00")
    (box,) = draw_page(path, 1, 595, (Span(1, start, start + 6),)).boxes
    assert box.right - box.left > 1


def test_fields_and_comments_are_read_and_marked_where_they_stand(tmp_path: Path) -> None:
    content = b"BT /F1 11 Tf 72 700 Td (First name) Tj 0 -40 Td (Moved in on) Tj ET"
    path = write_annotated(
        tmp_path / "form.pdf",
        content,
        [
            b"/Subtype /Widget /FT /Tx /T (f1_01[0]) /V (Ada) /Rect [160 695 300 712]",
            b"/Subtype /Widget /FT /Tx /T (Text2) /TU (Moving) /V (1 May) /Rect [160 655 300 672]",
            b"/Subtype /Widget /FT /Tx /T (Rent) /V (1,450) /Rect [160 615 300 632]",
            b"/Subtype /Widget /FT /Tx /T (empty) /Rect [160 515 300 532]",
            b"/Subtype /Widget /FT /Tx /Ff 8192 /T (pin) /V (1234) /Rect [160 415 300 432]",
            b"/Subtype /Text /Contents (Ask about the heating.) /Rect [400 300 420 320]",
            b"/Subtype /FreeText /Contents (Paid in cash) /DA (/F1 9 Tf) /Rect [72 200 200 220]",
            b"/Subtype /Text /F 2 /Contents (hidden) /Rect [1 1 2 2]",
            b"/Subtype /Link /Contents (a link) /Rect [1 1 20 20]",
        ],
    )
    (page,) = pages_of(path)
    assert texts_of(page)[-5:] == [
        "First name: Ada",
        "Moving: 1 May",
        "Rent: 1,450",
        "Ask about the heating.",
        "Paid in cash",
    ]
    assert "hidden" not in page.text
    assert "1234" not in page.text
    start = page.text.index("Rent: 1,450")
    (box,) = draw_page(path, 1, 595, (Span(1, start, start + 11),)).boxes
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((160, 210, 300, 227))
    assert {block.kind for block in page.blocks[-5:]} == {BlockKind.PARAGRAPH}


def test_of_a_group_of_buttons_the_chosen_one_is_read_and_of_long_fields_the_beginning(
    tmp_path: Path,
) -> None:
    button = (
        b"/Subtype /Widget /Parent 7 0 R /AS /%s /AP << /N << /%s 5 0 R >> >> /Rect [%d 1 %d 9]"
    )
    path = write_annotated(
        tmp_path / "form.pdf",
        b"",
        [
            b"/FT /Btn /Ff 49152 /T (Payment) /V /Cash /Kids [8 0 R 9 0 R 10 0 R]",
            button % (b"Off", b"Card", 10, 18),
            button % (b"Cash", b"Cash", 20, 28),
            button % (b"Off", b"Bill", 30, 38),
            b"/Subtype /Widget /FT /Tx /T (Story) /V (%s) /Rect [1 50 90 99]" % (b"word " * 2000),
        ],
    )
    (page,) = pages_of(path)
    chosen, story = texts_of(page)
    assert chosen == "Payment: Cash"
    assert len(story) == len("Story: ") + LONGEST_COMMENT
