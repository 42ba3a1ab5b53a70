"""Word, PowerPoint, Excel and OpenDocument: what is read of them, and as what."""

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.comments import Comment

from app.core.documents.text import DocumentKind, PageUnit
from app.core.errors import ErrorCode, WorldError
from tests.document_samples import (
    ODT_BODY,
    PROSE,
    W,
    open_document,
    read_document,
    shown,
    slides,
    word_document,
    word_of,
    workbook,
    zipped,
)


def word_text(tmp_path: Path, body: str) -> list[str]:
    path = tmp_path / "letter.docx"
    path.write_bytes(word_of(body))
    return shown(read_document(path, DocumentKind.DOCX)[1])


def test_word_headings_lists_tables_and_pages(tmp_path: Path) -> None:
    path = tmp_path / "harbour.docx"
    path.write_bytes(word_document())
    facts, pages = read_document(path, DocumentKind.DOCX)
    assert (facts.unit, facts.title, facts.language) == (PageUnit.PAGE, "The harbour", "en")
    assert shown(pages[:1]) == [
        "paragraph: Town archive",
        "heading1: Harbour",
        f"paragraph: {PROSE}",
        "heading2: Ships",
        "list_item: barques",
        "list_item: 1. brigs",
        "table_row: Ship | Year",
        "table_row: Aurora | 1881",
        "table_row: Boreas | 1902",
    ]
    assert [block.header for block in pages[0].blocks][-3:] == ["", "Ship | Year", "Ship | Year"]
    assert shown(pages[1:]) == ["paragraph: After the break."]


def test_word_leaves_out_what_was_deleted_or_hidden(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>The fee is </w:t></w:r>"
        '<w:del w:id="1" w:author="A"><w:r><w:delText>ten</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="A"><w:r><w:t>twelve</w:t></w:r></w:ins>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> secretly</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t> pounds</w:t></w:r>'
        "<w:r><w:noBreakHyphen/><w:t>net</w:t><w:tab/><w:t>a</w:t><w:br/><w:t>b</w:t></w:r></w:p>"
    )
    assert word_text(tmp_path, body) == ["paragraph: The fee is twelve pounds-net a b"]


def test_word_pages_are_those_that_word_noted(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>one</w:t></w:r></w:p>"
        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>two</w:t><w:lastRenderedPageBreak/>"
        '<w:t>three</w:t><w:br w:type="page"/></w:r></w:p>'
        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>four</w:t></w:r></w:p>"
    )
    path = tmp_path / "letter.docx"
    path.write_bytes(word_of(body))
    facts, pages = read_document(path, DocumentKind.DOCX)
    assert facts.unit is PageUnit.PAGE
    assert [(page.number, page.text) for page in pages] == [
        (1, "one"),
        (2, "two"),
        (3, "three"),
        (4, "four"),
    ]


def test_word_text_boxes_are_read_once_and_nested_tables_with_their_cell(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>in the box</w:t></w:r></w:p></w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    inner = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>inner</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    body = (
        f'<w:p><w:r><mc:AlternateContent xmlns:mc="{mc}"><mc:Choice>{box}</mc:Choice>'
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:t>around</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
        f"<w:tc>{inner}<w:p/></w:tc></w:tr>"
        "<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>gone</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>gone</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>frame 1</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>frame 2</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    )
    assert word_text(tmp_path, body) == [
        "paragraph: in the box",
        "paragraph: around",
        "table_row: a | inner",
        "paragraph: frame 1",
        "paragraph: frame 2",
    ]


def test_slides_in_reading_order_with_notes(tmp_path: Path) -> None:
    path = tmp_path / "show.pptx"
    path.write_bytes(slides())
    facts, pages = read_document(path, DocumentKind.PPTX)
    assert facts.unit is PageUnit.SLIDE
    assert shown(pages[:1]) == [
        "heading1: Harbour",
        "list_item: built in stone",
        "list_item: after the storm",
        "paragraph: Mention the keeper.",
    ]
    assert shown(pages[1:]) == [
        "heading1: Ships",
        "paragraph: left",
        "paragraph: right",
        "table_row: Ship | Year",
        "table_row: Aurora | 1881",
    ]


def test_sheets_show_values_as_cells_do(tmp_path: Path) -> None:
    path = tmp_path / "costs.xlsx"
    path.write_bytes(workbook())
    facts, pages = read_document(path, DocumentKind.XLSX)
    assert facts.unit is PageUnit.SHEET
    assert [page.label for page in pages] == ["Costs 2026", "Notes"]
    assert shown(pages) == [
        "table_row: Costs of the harbour",
        "table_row: Item | Day | Amount | Share",
        "table_row: Stone | 2026-03-01 | 1,234.50 | 25%",
        "table_row: Timber | 2026-03-02 14:30 | 20.00 | 50%",
        "table_row: kept quiet",
    ]
    assert pages[0].blocks[-1].header == "Item | Day | Amount | Share"


def test_sheets_read_only_cells_that_are_there(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "first"
    sheet["C2"] = "with a gap"
    sheet["B2"] = True
    sheet["XFD1048576"] = "last"
    sheet["XFD1048576"].comment = Comment("by the keeper", "K")
    out = io.BytesIO()
    book.save(out)
    path = tmp_path / "far.xlsx"
    path.write_bytes(out.getvalue())
    texts = shown(read_document(path, DocumentKind.XLSX)[1])
    assert texts == [
        "table_row: first",
        "table_row: | TRUE | with a gap",
        "table_row: last",
        "paragraph: by the keeper",
    ]


def test_open_document_text(tmp_path: Path) -> None:
    path = tmp_path / "harbour.odt"
    path.write_bytes(open_document(ODT_BODY))
    facts, pages = read_document(path, DocumentKind.ODT)
    assert facts.unit is PageUnit.WHOLE
    assert shown(pages) == [
        "heading2: Harbour",
        f"paragraph: {PROSE}",
        "list_item: one item",
        "table_row: Ship | Year",
        "table_row: Aurora | 1881",
    ]
    assert pages[0].blocks[-1].header == "Ship | Year"


def test_open_document_sheets_have_names(tmp_path: Path) -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    body = "".join(
        f'<table:table table:name="{name}"><table:table-row>{cell.format(name + " cell")}'
        '<table:table-cell table:number-columns-repeated="16000"/></table:table-row></table:table>'
        for name in ("Costs", "Notes")
    )
    path = tmp_path / "costs.ods"
    path.write_bytes(open_document(body, kind="spreadsheet"))
    facts, pages = read_document(path, DocumentKind.ODT)
    assert facts.unit is PageUnit.SHEET
    assert [(page.label, page.text) for page in pages] == [
        ("Costs", "Costs cell"),
        ("Notes", "Notes cell"),
    ]


def test_open_document_that_is_locked(tmp_path: Path) -> None:
    path = tmp_path / "locked.odt"
    path.write_bytes(open_document("", manifest="<manifest:encryption-data/>"))
    with pytest.raises(WorldError) as caught:
        read_document(path, DocumentKind.ODT)
    assert caught.value.code is ErrorCode.DOCUMENT_NEEDS_PASSWORD


def test_word_notes_follow_the_paragraph_that_they_belong_to(tmp_path: Path) -> None:
    document = docx.Document()
    first = document.add_paragraph("The fee was raised.")
    document.add_comment(first.runs, text="By whom?", author="K")
    document.add_paragraph("It was paid.")
    out = io.BytesIO()
    document.save(out)
    reference = b'<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>In March.</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    )
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    main, types = "word/document.xml", "[Content_Types].xml"
    members[main] = members[main].replace(b"</w:p>", reference, 1)
    override = b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.\
openxmlformats-officedocument.wordprocessingml.footnotes+xml"/></Types>'
    members[types] = members[types].replace(b"</Types>", override)
    path = tmp_path / "notes.docx"
    path.write_bytes(zipped({**members, "word/footnotes.xml": notes.encode()}))
    assert shown(read_document(path, DocumentKind.DOCX)[1]) == [
        "paragraph: The fee was raised.",
        "paragraph: By whom?",
        "paragraph: In March.",
        "paragraph: It was paid.",
    ]
