"""What is read from PDF documents, and where it stands."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.documents.text import BlockKind, DocumentFacts, PageText, Span, TextSource
from app.core.errors import AppError, ErrorCode, WorldError
from app.readers import ocr, pdf
from app.readers.drawing import draw_page
from app.readers.reading import ReadingLimits, ReadingOptions
from tests.readers.pdf_samples import (
    Text,
    share_of_ink,
    turned_and_cut,
    write_annotated,
    write_glyphs,
    write_pdf,
    write_raw_pdf,
    write_scan,
)

needs_tesseract = pytest.mark.skipif(not ocr.tesseract(), reason="Tesseract is not installed")


def read(path: Path, *, reads_scans: bool = True) -> tuple[DocumentFacts, list[PageText]]:
    pages: list[PageText] = []
    options = ReadingOptions(reads_scans)
    return pdf.read(path, ReadingLimits(), options, pages.append), pages


def blocks(page: PageText) -> list[tuple[BlockKind, str]]:
    return [(one.kind, page.text[one.start : one.end]) for one in page.blocks]


LEASE = [
    Text(72, 760, "Lease of the flat", 20, "F2"),
    Text(72, 720, "The tenant may end the lease by giving notice of two months in"),
    Text(72, 706, "writing. The rent is due on the first day of every month."),
    Text(72, 660, "Deposit", 14, "F2"),
    Text(72, 630, "The deposit is 1,450 euros and is paid back within six weeks."),
]


def test_headings_and_paragraphs_are_told_apart(tmp_path: Path) -> None:
    facts, (page,) = read(write_pdf(tmp_path / "a.pdf", [LEASE], "Lease"))
    assert facts.title == "Lease"
    assert facts.language == "en"
    assert blocks(page) == [
        (BlockKind.HEADING, "Lease of the flat"),
        (
            BlockKind.PARAGRAPH,
            f"{LEASE[1].text} {LEASE[2].text}",
        ),
        (BlockKind.HEADING, "Deposit"),
        (
            BlockKind.PARAGRAPH,
            "The deposit is 1,450 euros and is paid back within six weeks.",
        ),
    ]


def test_rows_of_a_table_keep_their_header(tmp_path: Path) -> None:
    rows = [("Item", "Quantity", "Price"), ("Chair", "4", "80.00"), ("Table", "1", "350.00")]
    lines = [
        Text(72 + 160 * column, 700 - 20 * number, cell)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
    ]
    _, (page,) = read(write_pdf(tmp_path / "a.pdf", [lines]))
    assert [text for _, text in blocks(page)] == [
        "Item | Quantity | Price",
        "Chair | 4 | 80.00",
        "Table | 1 | 350.00",
    ]
    assert {block.kind for block in page.blocks} == {BlockKind.TABLE_ROW}
    assert [block.header for block in page.blocks] == [
        "",
        "Item | Quantity | Price",
        "Item | Quantity | Price",
    ]


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left = [Text(60, 700 - 14 * n, f"Left line {n} of the first column here") for n in range(5)]
    right = [Text(320, 700 - 14 * n, f"Right line {n} of the second column") for n in range(5)]
    _, (page,) = read(write_pdf(tmp_path / "a.pdf", [[*left, *right]]))
    assert page.text.index("Left line 4") < page.text.index("Right line 0")
    assert BlockKind.TABLE_ROW not in {block.kind for block in page.blocks}


PROSE = (
    "The tenant keeps the flat clean and airs it daily and tells the landlord at once of damage"
    " that he sees or that others tell him of so that it can be mended before it grows and costs"
    " more than it has to for both of them in the end of the day and of the year as well"
)


def test_columns_drawn_line_by_line_are_read_one_after_the_other(tmp_path: Path) -> None:
    lines = textwrap.wrap(PROSE, 40)
    assert len(lines) > 5
    page = [Text(60, 760, "A title across both of the columns of this page", 16)]
    for number, line in enumerate(lines):
        page.append(Text(60, 700 - 14 * number, line))
        page.append(Text(320, 700 - 14 * number, line.upper()[:38]))
    _, (shown,) = read(write_pdf(tmp_path / "a.pdf", [page]))
    assert PROSE in shown.text
    assert BlockKind.TABLE_ROW not in {block.kind for block in shown.blocks}


def test_empty_cells_keep_their_place_under_the_header(tmp_path: Path) -> None:
    rows = [
        ("Item", "Quantity", "Price", "Note"),
        ("Chair", "", "80.00", "old"),
        ("", "4", "", "new"),
        ("Table", "1", "350.00", ""),
    ]
    lines = [
        Text(72 + 110 * column, 700 - 20 * number, cell)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell
    ]
    _, (page,) = read(write_pdf(tmp_path / "a.pdf", [lines]))
    assert [text for _, text in blocks(page)] == [
        "Item | Quantity | Price | Note",
        "Chair | | 80.00 | old",
        "| 4 | | new",
        "Table | 1 | 350.00",
    ]


def test_pages_are_counted_and_an_empty_one_between_them_is_kept(tmp_path: Path) -> None:
    facts, pages = read(write_pdf(tmp_path / "a.pdf", [LEASE, [], LEASE]))
    assert facts.n_pages == 3
    assert facts.pages_without_text == ()
    assert [(page.number, page.source) for page in pages] == [
        (1, TextSource.TEXT),
        (2, TextSource.NONE),
        (3, TextSource.TEXT),
    ]


def test_the_marks_stand_on_the_sentence(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [LEASE])
    _, (page,) = read(path)
    start = page.text.index("The deposit is")
    drawn = draw_page(path, 1, 595, (Span(1, start, len(page.text)),))
    (box,) = drawn.boxes
    # One pixel a point; 842 - 630 from the top, where the line stands.
    assert 70 <= box.left <= 76
    assert 842 - 630 - 12 <= box.top <= box.bottom <= 842 - 630 + 5
    assert (drawn.picture.width_px, len(drawn.picture.pixels)) == (595, 595 * 842 * 3)


def test_a_sentence_over_two_lines_has_a_mark_for_each(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [LEASE])
    _, (page,) = read(path)
    start, end = page.text.index("two months"), page.text.index(" The rent")
    assert len(draw_page(path, 1, 1000, (Span(1, start, end),)).boxes) == 2


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_marks_stand_on_the_words_of_a_page_that_is_turned_and_cut(
    tmp_path: Path, turned: int
) -> None:
    path = turned_and_cut(write_pdf(tmp_path / "a.pdf", [LEASE]), turned, (50, 500, 550, 800))
    _, (page,) = read(path)
    start = page.text.index("The deposit is")
    drawn = draw_page(path, 1, 500 if turned in {0, 180} else 300, (Span(1, start, start + 60),))
    (box,) = drawn.boxes
    assert share_of_ink(drawn.picture, box) > 0.99


def test_words_broken_at_the_end_of_a_line_are_whole_and_stay_in_their_paragraph(
    tmp_path: Path,
) -> None:
    lines = [
        Text(72, 700, "Nothing in this agreement shall be con-"),
        Text(72, 686, "strued as a waiver of the right to be compen-"),
        Text(72, 672, "sated for damage to the flat and its furni-"),
        Text(72, 658, "ture while the tenant lives in it."),
    ]
    _, (page,) = read(write_pdf(tmp_path / "a.pdf", [lines]))
    assert blocks(page) == [
        (
            BlockKind.PARAGRAPH,
            (
                "Nothing in this agreement shall be construed as a waiver of the right to be"
                " compensated for damage to the flat and its furniture while the tenant lives"
                " in it."
            ),
        )
    ]


def test_marks_and_numbers_of_lists_are_no_columns(tmp_path: Path) -> None:
    lines = [
        Text(left, 700 - 14 * number, text)
        for number, (mark, item) in enumerate(
            [("\u2022", "Pay the rent on time"), ("\u2022", "Keep the stairs clean")]
        )
        for left, text in ((72, mark), (110, item))
    ]
    _, (page,) = read(write_pdf(tmp_path / "a.pdf", [lines]))
    assert blocks(page) == [
        (BlockKind.LIST_ITEM, "\u2022 Pay the rent on time"),
        (BlockKind.LIST_ITEM, "\u2022 Keep the stairs clean"),
    ]


def test_accents_drawn_on_their_own_become_letters(tmp_path: Path) -> None:
    # As TeX's old fonts do it: back by the width of the accent, so that it stands on the letter.
    content = b"BT /F1 11 Tf 72 700 Td [(Die Mieter m) (\xa8) 445 (ussen zahlen)] TJ ET"
    _, (page,) = read(write_raw_pdf(tmp_path / "a.pdf", [content]))
    assert page.text == "Die Mieter m\u00fcssen zahlen"


def test_dots_that_lead_to_a_page_number_are_not_read(tmp_path: Path) -> None:
    lines = [Text(72, 700, "1.2. Repairs...................17")]
    _, (page,) = read(write_pdf(tmp_path / "a.pdf", [lines]))
    assert page.text == "1.2. Repairs 17"


def test_the_same_bytes_give_the_same_text(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [LEASE])
    assert read(path) == read(path)


def test_a_document_without_anything_is_empty(tmp_path: Path) -> None:
    with pytest.raises(AppError) as caught:
        read(write_pdf(tmp_path / "a.pdf", [[]]))
    assert caught.value.code is ErrorCode.DOCUMENT_EMPTY


@needs_tesseract
def test_the_text_of_a_scan_is_recognised_with_its_places(tmp_path: Path) -> None:
    path = write_scan(tmp_path / "scan.pdf", write_pdf(tmp_path / "a.pdf", [LEASE]))
    facts, (page,) = read(path)
    assert facts.pages_without_text == ()
    assert page.source is TextSource.OCR
    assert "notice of two months in writing" in page.text.replace("\n", " ")
    start = page.text.index("deposit is")
    drawn = draw_page(path, 1, 595, (Span(1, start, start + 7),), page.word_boxes)
    (box,) = drawn.boxes
    assert 842 - 630 - 14 <= box.top <= box.bottom <= 842 - 630 + 6


NOTE = b"/Subtype /Text /Contents (Ask the landlord about it.) /Rect [400 300 420 320]"


@needs_tesseract
def test_a_scan_with_a_comment_is_recognised_and_keeps_it(tmp_path: Path) -> None:
    path = write_scan(tmp_path / "scan.pdf", write_pdf(tmp_path / "a.pdf", [LEASE]), [NOTE])
    _, (page,) = read(path)
    assert page.source is TextSource.OCR
    assert "notice of two months in writing" in page.text.replace("\n", " ")
    assert blocks(page)[-1] == (BlockKind.PARAGRAPH, "Ask the landlord about it.")
    end = len(page.text)
    drawn = draw_page(path, 1, 595, (Span(1, end - 20, end),), page.word_boxes)
    (box,) = drawn.boxes
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((400, 522, 420, 542))


def test_comments_on_a_scan_are_read_without_its_text(tmp_path: Path) -> None:
    path = write_scan(tmp_path / "scan.pdf", write_pdf(tmp_path / "a.pdf", [LEASE]), [NOTE])
    facts, (page,) = read(path, reads_scans=False)
    assert facts.pages_without_text == (1,)
    assert blocks(page) == [(BlockKind.PARAGRAPH, "Ask the landlord about it.")]


def test_a_scan_that_may_not_be_recognised_says_so(tmp_path: Path) -> None:
    path = write_scan(tmp_path / "scan.pdf", write_pdf(tmp_path / "a.pdf", [LEASE]))
    with pytest.raises(AppError) as caught:
        read(path, reads_scans=False)
    assert caught.value.code is ErrorCode.DOCUMENT_IS_SCAN


def test_a_page_whose_fonts_say_no_letters_counts_as_without_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "tesseract", lambda: "")
    strange = b"BT /F3 11 Tf 72 700 Td (" + bytes(range(1, 8)) * 9 + b") Tj ET"
    readable = b"BT /F1 11 Tf 72 700 Td (The rent is due on the first day.) Tj ET"
    facts, pages = read(write_raw_pdf(tmp_path / "a.pdf", [readable, strange]))
    assert facts.pages_without_text == (2,)
    assert facts.needs_ocr
    assert pages[1].source is TextSource.NONE


@pytest.mark.parametrize(
    ("installed", "script", "languages"),
    [
        (("eng", "deu"), "Latin", "eng"),
        (("eng", "ara"), "Arabic", "ara+eng"),
        (("eng", "rus", "ukr"), "Cyrillic", "rus+ukr+eng"),
        (("eng",), "Han", "eng"),
    ],
)
def test_the_script_that_is_seen_decides_the_language(
    installed: tuple[str, ...], script: str, languages: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "installed_languages", lambda: installed)
    assert ocr.languages_for((*ocr.languages_of_script(script), "en")) == languages


def test_without_tesseract_a_scan_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "tesseract", lambda: "")
    path = write_scan(tmp_path / "scan.pdf", write_pdf(tmp_path / "a.pdf", [LEASE]))
    with pytest.raises(AppError) as caught:
        read(path)
    assert caught.value.code is ErrorCode.OCR_MISSING


def write_form(path: Path) -> Path:
    content = b"BT /F1 11 Tf 72 700 Td (First name) Tj 0 -40 Td (Rent) Tj 90 0 Td (1,450) Tj ET"
    field = b"/Subtype /Widget /FT /Tx /T (f[0]) /V (Ada) /Rect [160 695 300 712]"
    return write_annotated(
        path, content, [field, b"/Subtype /Text /Contents (Why?) /Rect [1 1 9 9]"]
    )


SAMPLES: list[Callable[[Path], Path]] = [
    lambda path: write_pdf(path, [LEASE, LEASE]),
    lambda path: write_glyphs(
        path, [(72, 700, "Word \u05dd\u05d5\u05dc\u05e9 [\u05e9\u05dc] 12")]
    ),
    write_form,
]


@settings(max_examples=60, deadline=None)
@given(
    sample=st.sampled_from(SAMPLES),
    cut=st.integers(0, 1500) | st.just(0),
    places=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=4),
)
def test_damage_gives_text_or_one_of_our_errors(
    tmp_path_factory: pytest.TempPathFactory,
    sample: Callable[[Path], Path],
    cut: int,
    places: list[tuple[int, int]],
) -> None:
    folder = tmp_path_factory.mktemp("damage")
    whole = bytearray(sample(folder / "a.pdf").read_bytes())
    for at, byte in places:
        whole[at % len(whole)] = byte
    damaged = folder / "b.pdf"
    damaged.write_bytes(bytes(whole[: len(whole) - cut]))
    try:
        _, pages = read(damaged)
    except WorldError:
        pass  # Refused with a reason.
    else:
        for page in pages:
            ends = [0]
            for block in page.blocks:
                assert ends[-1] <= block.start < block.end <= len(page.text)
                assert page.text[block.start : block.end].strip()
                ends.append(block.end)
