"""Rich Text Format: what is a heading, a note, a list, a table, and what is not read."""

from pathlib import Path

from app.core.documents.text import DocumentKind
from tests.document_samples import read_document, shown

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\fnil Arial;}{\f1\fcharset204 Arial CYR;}"
    r"{\f2\fcharset128 MS Mincho;}}{\colortbl;\red0\green0\blue0;}"
    r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0\b \'dcberschrift 1;}{\s2\sbasedon1 heading 2;}"
    r"{\*\cs10 \additive Default;}}{\info{\title The lease \u8211? flat}{\author Ada}}"
)


def read(tmp_path: Path, body: str) -> list[str]:
    path = tmp_path / "a.rtf"
    path.write_bytes(f"{HEAD}{body}}}after the end".encode("latin-1"))
    facts, pages = read_document(path, DocumentKind.RTF)
    assert facts.title == "The lease \u2013 flat"
    return shown(pages)


def test_styles_and_outline_levels_are_headings(tmp_path: Path) -> None:
    body = (
        r"\pard\s1 Lease\par\pard\plain Text.\par Still text.\par\pard\s2 Rent\par"
        r"\pard\s1\outlinelevel9 No heading\par\pard\outlinelevel2 Part\par"
    )
    assert read(tmp_path, body) == [
        "heading1: Lease",
        "paragraph: Text.",
        "paragraph: Still text.",
        "heading2: Rent",
        "paragraph: No heading",
        "heading3: Part",
    ]


def test_notes_comments_and_boxes_follow_their_paragraph(tmp_path: Path) -> None:
    body = (
        r"\pard The rent{\footnote\pard\plain {\super\chftn} Without heating.} is due"
        r"{\*\annotation Ask the landlord.}.\par"
        r"{\shp{\*\shpinst\shpleft1{\sp{\sn a}{\sv b}}{\shptxt\pard In the box\par}}"
        r"{\shprslt In the box}}Around it\par"
    )
    assert read(tmp_path, body) == [
        "paragraph: The rent is due.",
        "paragraph: Without heating.",
        "paragraph: Ask the landlord.",
        "paragraph: Around it",
        "paragraph: In the box",
    ]


def test_numbers_of_lists_are_read_and_marks_are_not(tmp_path: Path) -> None:
    body = (
        r"\pard{\listtext\pard\plain 3.2\tab}\ls1 Termination\par"
        r"{\listtext\pard\plain\f3 \'b7\tab}\ls1 A point\par{\pntext 4.\tab}Old list\par"
    )
    assert read(tmp_path, body) == [
        "list_item: 3.2 Termination",
        "list_item: A point",
        "list_item: 4. Old list",
    ]


def test_what_was_deleted_hidden_or_instructs_is_not_read(tmp_path: Path) -> None:
    body = (
        r"\pard The fee is {\deleted ten}{\revised twelve}{\v secretly} euros\v0, see "
        r'{\field{\*\fldinst HYPERLINK "http://x.y"}{\fldrslt the list}}.'
        r"{\pict\wmetafile8 0102}{\object{\*\objdata 0102}{\result shown}}\bin3 }}}!\par"
        r"{\header\pard Town of Oldtown\par}{\footer\pard Page 1\par}{\header\pard 7\par}"
    )
    assert read(tmp_path, body) == [
        "paragraph: The fee is twelve euros, see the list.shown!",
        "paragraph: Town of Oldtown",
        "paragraph: Page 1",
    ]


def test_tables_keep_their_cells_whatever_is_in_them(tmp_path: Path) -> None:
    body = (
        r"\trowd\pard\intbl Item\cell Price\cell\row"
        r"\trowd\pard\intbl Two\par lines\cell 80\cell\row"
        r"\trowd\pard\intbl Only this\cell\cell\row\pard After.\par"
    )
    assert read(tmp_path, body) == [
        "table_row: Item | Price",
        "table_row: Two lines | 80",
        "paragraph: Only this",
        "paragraph: After.",
    ]


def test_a_table_that_breaks_off_is_read_to_its_end(tmp_path: Path) -> None:
    body = r"\trowd\pard\intbl Item\cell Price\cell\row\trowd\pard\intbl Two\cell 80 euros"
    assert read(tmp_path, body) == ["table_row: Item | Price", "table_row: Two | 80 euros"]


def test_numbers_of_lists_stay_in_their_cell_box_or_note(tmp_path: Path) -> None:
    body = (
        r"\trowd\pard\intbl{\listtext 1.\tab}Heat\par{\listtext 2.\tab}Air\cell 80\cell\row"
        r"\pard Text{\footnote\pard{\listtext 3.\tab}Note}.\par"
    )
    assert read(tmp_path, body) == [
        "table_row: 1. Heat 2. Air | 80",
        "paragraph: Text.",
        "paragraph: 3. Note",
    ]


def test_letters_in_code_pages_of_fonts_and_by_number(tmp_path: Path) -> None:
    body = (
        r"\pard {\f1 \'cf\'f0\'e8\'e2\'e5\'f2} {\f2 \'83A\'83C} \u8364?5 \u-10179?\u-8704? "
        r"{\uc2\u233\'e9\'e9}t\'e9 end\~of\_it \lquote x\rquote\line next\par"
    )
    assert read(tmp_path, body) == [
        "paragraph: Привет アイ €5 \U0001f600 été end of-it \u2018x\u2019 next"
    ]


def test_braces_that_do_not_match_and_words_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1 one {\b two \nosuchword99999 three\par{{{ four \u99999999999 x\'zz")
    texts = shown(read_document(path, DocumentKind.RTF)[1])
    assert texts[0] == "paragraph: one two three"
    assert texts[1].startswith("paragraph: four")
