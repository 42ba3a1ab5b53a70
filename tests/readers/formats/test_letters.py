"""Mail with other mail in it, web pages and OpenDocument texts: notes, numbers, spans."""

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.core.documents.text import DocumentKind
from tests.document_samples import open_document, read_document, shown, zipped

PAGE = (
    "<style>" + "p { color: red } " * 30 + "</style><p>The <b>rent</b> of the flat is 1,450 euros"
    " a month and is due on the first day.</p>"
)


def letter(subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "ada@example.org"
    message.set_content(text)
    return message


def texts_of(tmp_path: Path, message: EmailMessage | bytes) -> list[list[str]]:
    path = tmp_path / "a.eml"
    path.write_bytes(message if isinstance(message, bytes) else message.as_bytes())
    return [shown([page]) for page in read_document(path, DocumentKind.EMAIL)[1]]


@pytest.mark.parametrize("is_file", [True, False])
def test_letters_that_were_sent_along_are_read_as_pages_of_their_own(
    tmp_path: Path, *, is_file: bool
) -> None:
    inner = letter("Inner", "The rent is due.\n")
    inner.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="lease.pdf")
    outer = letter("Outer", "See below.\n")
    if is_file:
        outer.add_attachment(
            inner.as_bytes(), maintype="application", subtype="octet-stream", filename="Inner.eml"
        )
    else:
        outer.add_attachment(inner)
    first, second = texts_of(tmp_path, outer)
    assert first == [
        "heading1: Outer",
        "paragraph: From: ada@example.org",
        "paragraph: See below.",
        f"list_item: Inner{'.eml' if is_file else ''}",
    ]
    assert second == [
        "heading1: Inner",
        "paragraph: From: ada@example.org",
        "paragraph: The rent is due.",
        "list_item: lease.pdf",
    ]


def test_letters_within_letters_end_somewhere(tmp_path: Path) -> None:
    message = letter("0", "text\n")
    for depth in range(1, 12):
        outer = letter(str(depth), f"text {depth}\n")
        outer.add_attachment(message)
        message = outer
    pages = texts_of(tmp_path, message)
    assert [page[0] for page in pages] == [f"heading1: {11 - at}" for at in range(6)]


def test_the_page_is_read_where_the_plain_text_only_hints_at_it(tmp_path: Path) -> None:
    hint = letter("a", "Please see the web page.\n")
    hint.add_alternative(PAGE, subtype="html")
    assert texts_of(tmp_path, hint)[0][-1].startswith("paragraph: The rent of the flat")
    full = letter("a", "The rent of the flat is 1,450 euros a month. Due on the first day.\n")
    full.add_alternative(PAGE, subtype="html")
    assert texts_of(tmp_path, full)[0][-1].endswith("Due on the first day.")


def test_all_parts_lines_that_flow_and_quotations(tmp_path: Path) -> None:
    data = (
        b"From: a@b.c\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
        b"Content-Type: text/plain; format=flowed\n\nThis is a long \nparagraph.\n\n"
        b"On Monday, Bob wrote:\n> Can we meet \n> on 5 May?\n>> Older words\nYes.\n--x\n"
        b"Content-Type: text/plain\n\nPart two.\n--x--\n"
    )
    assert texts_of(tmp_path, data)[0][1:] == [
        "paragraph: This is a long paragraph.",
        "paragraph: On Monday, Bob wrote:",
        "paragraph: Can we meet on 5 May?",
        "paragraph: Older words",
        "paragraph: Yes.",
        "paragraph: Part two.",
    ]


def test_a_type_that_is_not_well_formed_does_not_keep_a_letter_from_being_read(
    tmp_path: Path,
) -> None:
    data = b"From: a@b.c\nContent-Type: text/plain; x*=a; x*1=b\n\nThe rent is due.\n"
    assert texts_of(tmp_path, data)[0][1:] == ["paragraph: The rent is due."]


def test_lines_that_flow_end_where_the_quotation_does(tmp_path: Path) -> None:
    data = (
        b"From: a@b.c\nContent-Type: text/plain; format=flowed\n\n> Can we meet \n"
        b">> Older words \nYes, we \ncan. \n-- \nAda\n"
    )
    assert texts_of(tmp_path, data)[0][1:4] == [
        "paragraph: Can we meet",
        "paragraph: Older words",
        "paragraph: Yes, we can.",
    ]


def test_powers_marks_numbers_and_spans_of_web_pages(tmp_path: Path) -> None:
    page = (
        "<p>10<sup>6</sup> people on 80 m<sup>2</sup><sup><a>[12]</a></sup>, the"
        " 1<sup>st</sup></p>"
        "<ol><li>one<li value=5>five<li>six<ol type=a start=3><li>deep</ol></ol>"
        "<ul><li>point</ul><table><caption>Costs</caption><tr><th>Item<th>Year<th>Sum</tr>"
        "<tr><td rowspan=2>Rent<td>2025<td>1</tr><tr><td>2026<td>2</tr></table>"
    )
    path = tmp_path / "a.html"
    path.write_text(page)
    assert shown(read_document(path, DocumentKind.HTML)[1]) == [
        "paragraph: 10\u2076 people on 80 m\u00b2, the 1st",
        "list_item: 1. one",
        "list_item: 5. five",
        "list_item: 6. six",
        "list_item: c. deep",
        "list_item: point",
        "paragraph: Costs",
        "table_row: Item | Year | Sum",
        "table_row: Rent | 2025 | 1",
        "table_row: Rent | 2026 | 2",
    ]


ODT_STYLES = (
    '<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">'
    '<style:style style:name="up"><style:text-properties style:text-position="super 58%"/>'
    '</style:style><text:list-style style:name="L">'
    '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="("'
    ' style:num-suffix=")"/></text:list-style></office:automatic-styles>'
)
OUTLINE = (
    '<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"><text:outline-style>'
    '<text:outline-level-style text:level="1" style:num-format="I"/>'
    '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>'
    "</text:outline-style></office:document-styles>"
)


def test_open_document_numbers_notes_powers_and_spans(tmp_path: Path) -> None:
    def item(text: str, inner: str = "") -> str:
        return f"<text:list-item><text:p>{text}</text:p>{inner}</text:list-item>"

    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"

    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>A note.</text:p></text:note-body></text:note>"
    )
    one = item("one", f"<text:list>{item('deep')}</text:list>")
    chair = cell("Chair", 'table:number-rows-spanned="2"')
    body = (
        "<text:tracked-changes><text:deletion><text:p>gone</text:p></text:deletion>"
        f'</text:tracked-changes><text:h text:outline-level="1">Lease{note}</text:h>'
        '<text:h text:outline-level="2">Rent</text:h>'
        '<text:p>80 m<text:span text:style-name="up">2</text:span></text:p>'
        f'<text:list text:style-name="L">{one}'
        f"{item('two')}</text:list><text:p>between</text:p>"
        '<text:list text:style-name="L" text:continue-numbering="true">'
        f"{item('three')}</text:list>"
        f'<text:list text:style-name="L">{item("anew")}</text:list>'
        f"<table:table><table:table-row>{cell('Item')}{cell('Cost')}</table:table-row>"
        f"<table:table-row>{chair}{cell('10')}"
        "</table:table-row><table:table-row><table:covered-table-cell/>"
        f"{cell('20')}</table:table-row></table:table>"
    )
    path = tmp_path / "a.odt"
    data = open_document(body)
    path.write_bytes(_with_styles(data))
    assert shown(read_document(path, DocumentKind.ODT)[1]) == [
        "heading1: I Lease",
        "paragraph: A note.",
        "heading2: I.1 Rent",
        "paragraph: 80 m\u00b2",
        "list_item: 1. one",
        "list_item: (a) deep",
        "list_item: 2. two",
        "paragraph: between",
        "list_item: 3. three",
        "list_item: 1. anew",
        "table_row: Item | Cost",
        "table_row: Chair | 10",
        "table_row: Chair | 20",
    ]


def _with_styles(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    content = members["content.xml"]
    members["content.xml"] = content.replace(
        b"<office:body>", ODT_STYLES.encode() + b"<office:body>", 1
    )
    return zipped({**members, "styles.xml": OUTLINE})
