"""Makes small documents of every format for tests."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pptx
from docx.oxml import parse_xml
from pptx.util import Inches

from app.core.documents.text import DocumentFacts, DocumentKind, PageText
from app.readers.kinds import reader_of
from app.readers.reading import ReadingLimits, ReadingOptions

PROSE = (
    "The harbour of the old town was built in stone after the great storm, and the lighthouse"
    " keeper wrote down every ship that passed."
)
DAY = datetime.fromisoformat("2026-03-01")
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read_document(
    path: Path, kind: DocumentKind, limits: ReadingLimits | None = None
) -> tuple[DocumentFacts, list[PageText]]:
    """Read a file with the reader of a kind."""
    pages: list[PageText] = []
    reader = reader_of(kind)
    facts = reader(path, limits or ReadingLimits(), ReadingOptions(), pages.append)
    return facts, pages


def shown(pages: list[PageText]) -> list[str]:
    """Give the blocks as "kind: text", with the level of headings."""
    return [
        f"{block.kind.value}{block.level or ''}: {page.text[block.start : block.end]}"
        for page in pages
        for block in page.blocks
    ]


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """Give an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def word_document() -> bytes:
    """A text with headings, lists, a table, a break and a header."""
    document = docx.Document()
    document.core_properties.title = "The harbour"
    document.sections[0].header.paragraphs[0].text = "Town archive"
    document.add_heading("Harbour", 1)
    document.add_paragraph(PROSE)
    document.add_heading("Ships", 2)
    document.add_paragraph("barques", style="List Bullet")
    document.add_paragraph("brigs", style="List Number")
    table = document.add_table(rows=3, cols=2)
    for row, texts in zip(
        table.rows, (("Ship", "Year"), ("Aurora", "1881"), ("Boreas", "1902")), strict=True
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_page_break()
    document.add_paragraph("After the break.")
    return _saved(document)


def word_of(body: str) -> bytes:
    """A text with this inside its body."""
    document = docx.Document()
    for element in parse_xml(f'<w:body xmlns:w="{W}">{body}</w:body>'):
        document.element.body.insert(len(document.element.body) - 1, element)
    return _saved(document)


def slides() -> bytes:
    """Two slides: a list with notes, and a table with a group and a box above it."""
    show = pptx.Presentation()
    first = show.slides.add_slide(show.slide_layouts[1])
    first.shapes.title.text = "Harbour"
    first.placeholders[1].text = "built in stone\nafter the storm"
    first.notes_slide.notes_text_frame.text = "Mention the keeper."
    second = show.slides.add_slide(show.slide_layouts[5])
    second.shapes.title.text = "Ships"
    frame = second.shapes.add_table(2, 2, Inches(1), Inches(4), Inches(4), Inches(1))
    for at, text in enumerate(("Ship", "Year", "Aurora", "1881")):
        frame.table.cell(at // 2, at % 2).text = text
    right = second.shapes.add_textbox(Inches(5), Inches(2), Inches(2), Inches(1))
    right.text_frame.text = "right"
    group = second.shapes.add_group_shape()
    left = group.shapes.add_textbox(Inches(1), Inches(2), Inches(2), Inches(1))
    left.text_frame.text = "left"
    return _saved(show)


def workbook() -> bytes:
    """Two sheets, one hidden, with a title, dates, numbers and formulas."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Costs 2026", 0)
    sheet.append(["Costs of the harbour"])
    sheet.append([])
    sheet.append(["Item", "Day", "Amount", "Share"])
    sheet.append(["Stone", DAY, 1234.5, 0.25])
    sheet.append(["Timber", DAY + timedelta(days=1, hours=14, minutes=30), 20, 0.5])
    sheet["C4"].number_format = sheet["C5"].number_format = "#,##0.00"
    sheet["D4"].number_format = sheet["D5"].number_format = "0%"
    hidden = book["Sheet"]
    hidden.title = "Notes"
    hidden.sheet_state = "hidden"
    hidden["B7"] = "kept quiet"
    return _saved(book)


_OFFICE_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
)


def open_document(body: str, kind: str = "text", manifest: str = "") -> bytes:
    """An OpenDocument with this inside its body."""
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
            "content.xml": f"<office:document-content {_OFFICE_NAMES}><office:body>"
            f"<office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        }
    )


ODT_BODY = (
    '<text:h text:outline-level="2">Harbour</text:h>'
    f"<text:p>{PROSE}</text:p>"
    "<text:list><text:list-item><text:p>one<text:s/>item</text:p></text:list-item></text:list>"
    "<table:table><table:table-row><table:table-cell><text:p>Ship</text:p></table:table-cell>"
    "<table:table-cell><text:p>Year</text:p></table:table-cell></table:table-row>"
    "<table:table-row><table:table-cell><text:p>Aurora</text:p></table:table-cell>"
    "<table:table-cell><text:p>1881</text:p></table:table-cell></table:table-row></table:table>"
)


def book(pages: Mapping[str, str], *, contents: str = "", extra: str = "") -> bytes:
    """A book with these pages, in this order.

    Args:
        pages: bodies by file name.
        contents: entries of its table of contents: `<a href="...">...</a>`.
        extra: items of the manifest that are no files.
    """
    items = "".join(
        f'<item id="i{at}" href="text/{name.replace("%", "%25")}"'
        ' media-type="application/xhtml+xml"/>'
        for at, name in enumerate(pages)
    )
    spine = "".join(f'<itemref idref="i{at}"/>' for at in range(len(pages)))
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OPS/b.opf"/>'
        "</rootfiles></container>",
        "OPS/b.opf": '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>'
        f"A book</dc:title></metadata><manifest>{items}{extra}"
        '<item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        f'</manifest><spine>{spine}<itemref idref="x"/></spine></package>',
        "OPS/nav.xhtml": f"<html><body><nav>{contents}</nav></body></html>",
    }
    for name, body in pages.items():
        members[f"OPS/text/{name}"] = f"<html><body>{body}</body></html>"
    return zipped(members)


MARKDOWN = f"""---
title: "Harbour notes"
---
# Harbour

{PROSE}

- one
- two
  more of two

| Ship | Year |
|------|------|
| Aurora | 1881 |

```
keep = True
sail()
```
"""
WEB_PAGE = f"""<!DOCTYPE html><html><head><title>Harbour</title><style>p {{}}</style></head><body>
<nav><a href="/">Home</a></nav><h1>Harbour</h1><p>{PROSE}</p><script>steal()</script>
<ul><li>one</li><li>two</li></ul><p hidden>unseen</p>
<table><tr><th>Ship</th><th>Year</th></tr><tr><td>Aurora</td><td>1881</td></tr></table>
</body></html>"""
RICH_TEXT = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}{\info{\title The harbour}}"
    r"\pard First line\par caf\'e9 \u8364?5\par\trowd a\cell b\cell\row c\cell d\cell\row}"
)
TABLE_TEXT = "Ship;Year;Cargo\nAurora;1881;salt, fish\nBoreas;1902;stone\n"


def mail(*, page: str = "", text: str = "Dear keeper,\n\nthe ship has passed.\n") -> bytes:
    """A letter with a text, a page or both, and two attachments."""
    message = EmailMessage()
    message["Subject"] = "Schiffe im März"
    message["From"] = "Jörg <jörg@example.org>".replace("ö", "oe")
    message["To"] = "keeper@example.org"
    message["Date"] = "Mon, 02 Mar 2026 09:00:00 +0100"
    if text:
        message.set_content(text)
    if page:
        if text:
            message.add_alternative(page, subtype="html")
        else:
            message.set_content(page, subtype="html")
    message.add_attachment("stone;3\n", subtype="csv", filename="ladung – März.csv")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="ship.png")
    return message.as_bytes()


def samples() -> dict[DocumentKind, bytes]:
    """One document of each format but PDF."""
    return {
        DocumentKind.DOCX: word_document(),
        DocumentKind.PPTX: slides(),
        DocumentKind.XLSX: workbook(),
        DocumentKind.ODT: open_document(ODT_BODY),
        DocumentKind.EPUB: book({"a.xhtml": f"<h1>One</h1><p>{PROSE}</p>", "b.xhtml": "<p>Two"}),
        DocumentKind.HTML: WEB_PAGE.encode(),
        DocumentKind.MARKDOWN: MARKDOWN.encode(),
        DocumentKind.TEXT: f"{PROSE}\n\nA line.\nAnother line.\n".encode(),
        DocumentKind.CSV: TABLE_TEXT.encode(),
        DocumentKind.RTF: RICH_TEXT.encode(),
        DocumentKind.EMAIL: mail(page="<p>Dear keeper</p>"),
    }


def _saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]  # three libraries, one method
    return out.getvalue()
