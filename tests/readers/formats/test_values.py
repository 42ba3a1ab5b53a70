"""Tables as they are shown: numbers of sheets, headers, charts, values in text files."""

import io
from pathlib import Path

import openpyxl
import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from app.core.documents.text import DocumentKind
from tests.document_samples import read_document, shown


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.1256, "0.00%", "12.56%"),
        (5.5, '0.0"%"', "5.5%"),
        (1234.5, '#,##0.00 "€"', "1,234.50 €"),
        (1234.5, "[$€-407] #,##0.00", "€1,234.50"),
        (-1234.5, '"$"#,##0.00_);[Red]("$"#,##0.00)', "($1,234.50)"),
        (99.9, "_-* #,##0.00 [$€-2]_-", "99.90 €"),
        (-3, "+0;-0;0", "-3"),
        (0, '0.00;-0.00;"none"', "none"),
        (-0.001, "0.00", "0.00"),
        (42, "0000", "0042"),
        (2.5, "0.##", "2.5"),
        (2, "0.##", "2"),
        (0.5, "# ?/?", "1/2"),
        (2.25, "# ?/?", "2 1/4"),
        (0.375, "?/8", "3/8"),
        (1e299, "?/1000%%%%", "1e+307%%%%"),
        (12345, "0.0E+00", "1.2E+04"),
        (1234567, "#,##0,", "1,235"),
        (3, '0 "items"', "3 items"),
        (45000, "dd/mm/yyyy", "2023-03-15"),
        (45000, "[$-407]d. mmmm yyyy", "2023-03-15"),
        (45000, "mmm yy", "2023-03"),
        (45000.75, "yyyy-mm-dd hh:mm", "2023-03-15 18:00"),
        (0.75, "h:mm AM/PM", "18:00"),
        (1.5, "[h]:mm", "36:00"),
        ("007", "@", "007"),
        (1e300, "0.00", "1e+300"),
        (7, ";" * 300, "7"),
    ],
)
def test_numbers_are_shown_as_in_their_cells(
    tmp_path: Path, value: float | str, number_format: str, text: str
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = value
    sheet["A1"].number_format = number_format
    assert sheet_texts(tmp_path, book)[0] == [f"table_row: {text}"]


def sheet_texts(tmp_path: Path, book: openpyxl.Workbook) -> tuple[list[str], list[str]]:
    out = io.BytesIO()
    book.save(out)
    path = tmp_path / "a.xlsx"
    path.write_bytes(out.getvalue())
    _, pages = read_document(path, DocumentKind.XLSX)
    return shown(pages), [block.header for page in pages for block in page.blocks]


def test_headers_of_two_rows_and_several_tables_in_a_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "Costs"
    sheet.merge_cells("A1:D1")
    for row in (
        ["Item", "2025", None, "2026"],
        [None, "Net", "Gross", "Net"],
        ["Rent", 1, 2, 3],
        [],
        ["Heat", 4, 5, 6],
        [],
        ["Name", "Phone"],
        ["Ada", "0301"],
    ):
        sheet.append(row)
    sheet.merge_cells("B2:C2")
    sheet["A12"] = "=SUM(B4:B6)"
    texts, headers = sheet_texts(tmp_path, book)
    assert texts == [
        "table_row: Costs",
        "table_row: Item | 2025 | | 2026",
        "table_row: | Net | Gross | Net",
        "table_row: Rent | 1 | 2 | 3",
        "table_row: Heat | 4 | 5 | 6",
        "table_row: Name | Phone",
        "table_row: Ada | 0301",
    ]
    both = "Item | 2025 Net | 2025 Gross | 2026 Net"
    assert headers == ["", "", "", both, both, "", "Name | Phone"]


def test_values_of_charts_stay_with_their_category_and_series(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    data = CategoryChartData()
    data.categories = ["East", "West", "North"]
    data.add_series("Sales", (None, 2.5, None))
    data.add_series("Costs", (1.5, None, 3.5))
    place = (Inches(1), Inches(3), Inches(4), Inches(3))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data)
    path = tmp_path / "a.pptx"
    show.save(str(path))
    _, pages = read_document(path, DocumentKind.PPTX)
    assert shown(pages) == [
        "table_row: | Sales | Costs",
        "table_row: East | | 1.5",
        "table_row: West | 2.5",
        "table_row: North | | 3.5",
    ]


def test_charts_numbers_and_powers_of_slides(tmp_path: Path) -> None:
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    data = CategoryChartData()
    data.categories = ["East", "West"]
    data.add_series("Sales", (1.5, 2.5))
    place = (Inches(1), Inches(3), Inches(4), Inches(3))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data)
    frame = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(1)).text_frame
    frame.text = "first"
    frame.add_paragraph().text = "80 m"
    power = frame.paragraphs[1].add_run()
    power.text = "2"
    power._r.get_or_add_rPr().set("baseline", "30000")
    for one in frame.paragraphs:
        properties = one._p.get_or_add_pPr()
        properties.append(properties.makeelement(_AUTO_NUMBER, {"type": "arabicPeriod"}))
    out = io.BytesIO()
    show.save(out)
    path = tmp_path / "a.pptx"
    path.write_bytes(out.getvalue())
    _, pages = read_document(path, DocumentKind.PPTX)
    assert shown(pages) == [
        "paragraph: 1. first",
        "paragraph: 2. 80 m\u00b2",
        "table_row: | Sales",
        "table_row: East | 1.5",
        "table_row: West | 2.5",
    ]
    assert pages[0].blocks[-1].header == "| Sales"


_AUTO_NUMBER = "{http://schemas.openxmlformats.org/drawingml/2006/main}buAutoNum"


@pytest.mark.parametrize(
    ("data", "rows", "header"),
    [
        (
            'Name;Betrag\n"Müller; Söhne";1.234,50\n"zwei\nZeilen";2,00\n',
            ["Name | Betrag", "Müller; Söhne | 1.234,50", "zwei Zeilen | 2,00"],
            "Name | Betrag",
        ),
        ("1,5;2,5\n3,5;4,5\n", ["1,5 | 2,5", "3,5 | 4,5"], ""),
        ("sep=;\nA;B\n1;2\n", ["A | B", "1 | 2"], "A | B"),
        (
            "Report of May\n\nName,Amount\nAda,1\nBob,2\n",
            ["Report of May", "Name | Amount", "Ada | 1", "Bob | 2"],
            "Name | Amount",
        ),
        ("a\tb, c\nd\t2, 3\n", ["a | b, c", "d | 2, 3"], "a | b, c"),
        ('a,b\n"he said ""hi""",2\n', ["a | b", 'he said "hi" | 2'], "a | b"),
        ("Name\nAda\nBob\n", ["Name", "Ada", "Bob"], "Name"),
        ("a|b|c\n1|2|3\n", ["a | b | c", "1 | 2 | 3"], "a | b | c"),
    ],
)
def test_what_parts_values_is_told_by_the_rows(
    tmp_path: Path, data: str, rows: list[str], header: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(data, encoding="utf-8")
    _, pages = read_document(path, DocumentKind.CSV)
    assert shown(pages) == [f"table_row: {row}" for row in rows]
    assert pages[0].blocks[-1].header == header
