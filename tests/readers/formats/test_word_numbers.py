"""Numbers that Word shows, cells that are merged, and marks of forms."""

import io
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from app.core.documents.text import DocumentKind
from app.readers.formats.list_numbers import list_number
from tests.document_samples import W, read_document, shown, word_of

LEVELS = (
    ("decimal", "%1.", "Heading1"),
    ("decimal", "%1.%2", "Heading2"),
    ("lowerLetter", "(%3)", ""),
    ("upperRoman", "%4", ""),
)


class Contract:
    """A document whose headings and clauses are numbered by one list."""

    def __init__(self) -> None:
        self.document = docx.Document()
        numbering = self.document.part.numbering_part.element
        levels = "".join(
            f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
            f'<w:pStyle w:val="{style}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
            for at, (form, pattern, style) in enumerate(LEVELS)
        )
        model = f'<w:abstractNum xmlns:w="{W}" w:abstractNumId="90">{levels}</w:abstractNum>'
        numbering.insert(0, parse_xml(model))
        for list_id, override in (
            (90, ""),
            (
                91,
                '<w:lvlOverride w:ilvl="2"><w:startOverride w:val="4"/></w:lvlOverride>',
            ),
        ):
            numbering.append(
                parse_xml(
                    f'<w:num xmlns:w="{W}" w:numId="{list_id}"><w:abstractNumId w:val="90"/>'
                    f"{override}</w:num>"
                )
            )
        for level in (1, 2):
            properties = self.document.styles[f"Heading {level}"].element.get_or_add_pPr()
            # The level follows from the list, which names the style.
            properties.append(_numbers(90, None))

    def clause(self, text: str, level: int = 2, list_id: int = 90) -> None:
        paragraph = self.document.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(_numbers(list_id, level))

    def read(self, tmp_path: Path) -> list[str]:
        out = io.BytesIO()
        self.document.save(out)
        path = tmp_path / "contract.docx"
        path.write_bytes(out.getvalue())
        return shown(read_document(path, DocumentKind.DOCX)[1])


def _numbers(list_id: int, level: int | None) -> BaseOxmlElement:
    level_element = "" if level is None else f'<w:ilvl w:val="{level}"/>'
    return parse_xml(
        f'<w:numPr xmlns:w="{W}">{level_element}<w:numId w:val="{list_id}"/></w:numPr>'
    )


def test_clauses_have_the_numbers_that_word_shows(tmp_path: Path) -> None:
    contract = Contract()
    contract.document.add_heading("Parties", 1)
    contract.document.add_heading("Term", 1)
    contract.document.add_heading("Start", 2)
    contract.document.add_heading("Termination", 2)
    contract.clause("by notice")
    contract.clause("in writing", 3)
    contract.clause("by agreement")
    contract.document.add_paragraph("Plain.")
    contract.document.add_heading("Rent", 1)
    contract.document.add_heading("Amount", 2)
    contract.clause("in cash")
    contract.clause("begins anew", list_id=91)
    contract.clause("goes on", list_id=91)
    contract.clause("no number", list_id=0)
    assert contract.read(tmp_path) == [
        "heading1: 1. Parties",
        "heading1: 2. Term",
        "heading2: 2.1 Start",
        "heading2: 2.2 Termination",
        "list_item: (a) by notice",
        "list_item: I in writing",
        "list_item: (b) by agreement",
        "paragraph: Plain.",
        "heading1: 3. Rent",
        "heading2: 3.1 Amount",
        "list_item: (a) in cash",
        "list_item: (d) begins anew",
        "list_item: (e) goes on",
        "paragraph: no number",
    ]


def test_a_level_that_was_passed_over_counts_from_its_beginning(tmp_path: Path) -> None:
    contract = Contract()
    contract.document.add_heading("Deep at once", 2)
    assert contract.read(tmp_path) == ["heading2: 1.1 Deep at once"]


@pytest.mark.parametrize(
    ("number", "roman", "letters"),
    [(1, "I", "A"), (4, "IV", "D"), (27, "XXVII", "AA"), (1999, "MCMXCIX", "1999"), (0, "0", "0")],
)
def test_forms_of_numbers(number: int, roman: str, letters: str) -> None:
    assert (list_number(number, "I"), list_number(number, "A")) == (roman, letters)
    assert list_number(number, "i") == roman.lower()


def word_text(tmp_path: Path, body: str) -> list[str]:
    path = tmp_path / "letter.docx"
    path.write_bytes(word_of(body))
    return shown(read_document(path, DocumentKind.DOCX)[1])


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text) if text else '<w:p/>'}</w:tc>"


def test_merged_cells_keep_their_columns_and_nested_tables_their_rows(tmp_path: Path) -> None:
    begins, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    inner = (
        f"<w:tbl><w:tr>{cell('x')}{cell('1')}</w:tr><w:tr>{cell('y')}{cell('2')}</w:tr></w:tbl>"
    )
    rows = (
        cell("Item") + cell("Cost", '<w:gridSpan w:val="2"/>') + cell("Note"),
        cell("Chair", begins) + cell("10") + cell("12") + cell("old"),
        cell("", goes_on) + cell("20") + cell("24") + f"<w:tc>{inner}<w:p/></w:tc>",
        cell("", goes_on) + cell("") + cell("30") + cell(""),
    )
    body = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    assert word_text(tmp_path, body) == [
        "table_row: Item | Cost | | Note",
        "table_row: Chair | 10 | 12 | old",
        "table_row: Chair | 20 | 24 | x 1; y 2",
        "table_row: Chair | | 30",
    ]


def test_powers_fractions_boxes_and_fields(tmp_path: Path) -> None:
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    raised = "<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>{}</w:t></w:r>"
    field = "".join(
        f"<w:r>{one}</w:r>"
        for one in (
            '<w:fldChar w:fldCharType="begin"/>',
            "<w:instrText> PAGEREF x </w:instrText>",
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>7</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    body = (
        f"<w:p><w:r><w:t>10</w:t></w:r>{raised.format('6')}<w:r><w:t> m</w:t></w:r>"
        f"{raised.format('2')}<w:r><w:t> the 1</w:t></w:r>{raised.format('st')}</w:p>"
        f'<w:p><m:oMath xmlns:m="{math}"><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num>'
        "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></w:p>"
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t> yes</w:t></w:r></w:p>'
        f"<w:p><w:r><w:t xml:space='preserve'>See page </w:t></w:r>{field}</w:p>"
        f"<w:sdt><w:sdtContent>{paragraph('In a control')}</w:sdtContent></w:sdt>"
    )
    assert word_text(tmp_path, body) == [
        "paragraph: 10\u2076 m\u00b2 the 1st",
        "paragraph: 1/2",
        "paragraph: \u2611 yes",
        "paragraph: See page 7",
        "paragraph: In a control",
    ]
