"""Letters that Outlook has saved: they are read as the same letters are that were sent."""

import io
import struct
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.core.documents.text import DocumentKind
from app.core.errors import ErrorCode, WorldError
from app.readers.formats.compressed_rich_text import unpacked_rich_text
from app.readers.formats.outlook import outlook_letter
from app.readers.kinds import kind_of
from tests.document_samples import read_document, shown
from tests.readers.outlook_samples import (
    Known,
    attached,
    compound_file,
    enclosed,
    letter_storage,
    outlook_file,
    person,
)

WHEN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SUBJECT, PLAIN, PAGE, RICH = 0x0037, 0x1000, 0x1013, 0x1009
HEADERS = (
    "Received: from somewhere\r\nSubject: another\r\n"
    "From: =?utf-8?Q?J=C3=B6rg?= <joerg@example.org>\r\nTo: keeper@example.org,\r\n"
    ' ada@example.org\r\nCc: "Mint, Bo" <bo@example.org>\r\n'
    "Date: Mon, 02 Mar 2026 09:00:00 +0100\r\n\r\n"
)  # fmt: skip
HELLO = "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232"
HELLO += "0af32068656c090020627705b06c647d0a800fa0"
WXYZ = "1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0"
BY_THE_DESCRIPTION = [
    (HELLO, b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"),
    (WXYZ, b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
]
"""Examples of [MS-OXRTFCP], chapter 4."""


def pages_of(tmp_path: Path, data: bytes, name: str = "a.msg") -> list[list[str]]:
    path = tmp_path / name
    path.write_bytes(data)
    assert kind_of(path) is DocumentKind.EMAIL
    return [shown([page]) for page in read_document(path, DocumentKind.EMAIL)[1]]


def simple(subject: str, text: str) -> Known:
    return Known({SUBJECT: subject, PLAIN: text})


def packed(text: bytes) -> bytes:
    """Give Rich Text in its packed form, without any reference but the one that ends it."""
    out = b"".join(b"\0" + text[at : at + 8] for at in range(0, len(text), 8))
    if len(text) % 8:
        out = out[: -(len(text) % 8) - 1] + bytes([1 << len(text) % 8]) + out[-(len(text) % 8) :]
    else:
        out += b"\1"
    out += struct.pack(">H", (207 + len(text)) % 4096 << 4)
    return struct.pack("<2I4sI", len(out) + 12, len(text), b"LZFu", 0) + out


def test_a_letter_is_read_as_the_one_that_was_sent(tmp_path: Path) -> None:
    text = "Dear keeper,\r\n\r\nthe ship has passed.\r\n"
    sent = EmailMessage()
    sent["Subject"] = "Schiffe im März"
    sent["From"] = "Jörg <joerg@example.org>"
    sent["To"] = "keeper@example.org, ada@example.org"
    sent["Cc"] = '"Mint, Bo" <bo@example.org>'
    sent["Date"] = "Mon, 02 Mar 2026 09:00:00 +0100"
    sent.set_content(text)
    sent.add_alternative("<p>Dear <b>keeper</b>, the ship has passed.</p>", subtype="html")
    table = b"stone;3\n"
    sent.add_attachment(table, maintype="text", subtype="csv", filename="ladung – März.csv")
    sent.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="ship.png")
    inner = EmailMessage()
    inner["Subject"], inner["From"] = "Inner", "ada@example.org"
    inner["Date"] = "Mon, 02 Mar 2026 08:00:00 +0000"
    inner.set_content("The rent is due.\n")
    sent.add_attachment(inner)

    within = Known({SUBJECT: "Inner", 0x0065: "ada@example.org", PLAIN: "The rent is due.\r\n"})
    within.times[0x0039] = WHEN
    known = Known(
        {SUBJECT: "Schiffe im März", PLAIN: text, 0x007D: HEADERS, 0x001A: "IPM.Note"},
        {PAGE: b"<p>Dear <b>keeper</b>, the ship has passed.</p>"},
        {0x3FDE: 65001},
    )
    parts = [
        attached("ladung – März.csv", table),
        attached("ship.png", b"\x89PNG", "image/png"),
        enclosed(letter_storage(within, is_within=True), "Inner"),
    ]
    saved = tmp_path / "a.msg"
    saved.write_bytes(outlook_file(known, parts=parts))
    mail = tmp_path / "a.eml"
    mail.write_bytes(sent.as_bytes())
    assert read_document(saved, DocumentKind.EMAIL) == read_document(mail, DocumentKind.EMAIL)


def test_a_letter_that_was_not_sent_by_mail_says_who_it_is_from_and_for(tmp_path: Path) -> None:
    known = Known(
        {
            SUBJECT: "\1\5Re: Lease",
            PLAIN: "Agreed.",
            0x0042: "Lovelace, Ada",
            0x5D02: "ada@example.org",
            0x0C1A: "The office",
        },
        times={0x0039: WHEN, 0x0E06: datetime(2026, 3, 4, tzinfo=UTC)},
    )
    people = [
        person(1, "'keeper@example.org'", "keeper@example.org"),
        person(1, "Bo", "/O=OFFICE/CN=BO"),
        person(2, 'Clerk "K"', "clerk@example.org"),
        person(3, "Nobody knows", "secret@example.org"),
    ]
    assert pages_of(tmp_path, outlook_file(known, people)) == [
        [
            "heading1: Re: Lease",
            'paragraph: From: "Lovelace, Ada" <ada@example.org>',
            "paragraph: To: keeper@example.org, Bo",
            'paragraph: Cc: "Clerk \\"K\\"" <clerk@example.org>',
            "paragraph: Date: Mon, 02 Mar 2026 08:00:00 +0000",
            "paragraph: Agreed.",
        ]
    ]


def test_names_that_are_shown_stand_in_for_recipients(tmp_path: Path) -> None:
    known = Known({SUBJECT: "a", 0x0E04: "Ada; Bo", 0x0E03: "Cy", 0x0C1A: "Di"})
    assert pages_of(tmp_path, outlook_file(known))[0][1:] == [
        "paragraph: From: Di",
        "paragraph: To: Ada; Bo",
        "paragraph: Cc: Cy",
    ]


def test_headers_that_an_old_server_begins_with_a_line_of_its_own(tmp_path: Path) -> None:
    headers = "Microsoft Mail Internet Headers Version 2.0\r\n" + HEADERS
    known = Known({SUBJECT: "a", 0x007D: headers})
    assert (
        pages_of(tmp_path, outlook_file(known))[0][1]
        == "paragraph: From: Jörg <joerg@example.org>"
    )


@pytest.mark.parametrize(
    ("texts", "data", "told"),
    [
        ({}, {PAGE: b"<h2>Hi</h2><p>there"}, ["heading2: Hi", "paragraph: there"]),
        ({PAGE: "<p>Grüße"}, {}, ["paragraph: Grüße"]),
        ({PLAIN: " \r\n"}, {PAGE: b"<p>there"}, ["paragraph: there"]),
        ({PLAIN: "See the page."}, {PAGE: b"<p>The rent of the flat is 1,450 euros a month"},
         ["paragraph: The rent of the flat is 1,450 euros a month"]),
        ({}, {RICH: packed(b"{\\rtf1\\ansi The rent is due.\\par On \\'80 5.}")},
         ["paragraph: The rent is due.", "paragraph: On € 5."]),
        ({}, {RICH: struct.pack("<2I4sI", 28, 16, b"MELA", 0) + b"{\\rtf1 as it is}"},
         ["paragraph: as it is"]),
        ({}, {RICH: packed(
            b"{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Rent is due."
            b"\\htmlrtf\\par}\\htmlrtf0{\\*\\htmltag72 </p>}{\\*\\htmltag64 <p>}Today.}")},
         ["paragraph: Rent is due.", "paragraph: Today."]),
        ({PLAIN: "Plain."}, {RICH: packed(b"{\\rtf1 not this}")}, ["paragraph: Plain."]),
        ({}, {RICH: b"LZFu"}, []),
        ({}, {RICH: struct.pack("<2I4sI", 28, 16, b"????", 0) + bytes(20)}, []),
    ],
)  # fmt: skip
def test_the_text_is_taken_in_the_best_form_there_is(
    tmp_path: Path, texts: dict[int, str], data: dict[int, bytes], told: list[str]
) -> None:
    known = Known({SUBJECT: "a", **texts}, data, {0x3FDE: 65001})
    assert pages_of(tmp_path, outlook_file(known)) == [["heading1: a", *told]]


@pytest.mark.parametrize(("source", "text"), BY_THE_DESCRIPTION)
def test_rich_text_is_unpacked_as_its_description_says(source: str, text: bytes) -> None:
    data = bytes.fromhex(source)
    assert unpacked_rich_text(data, 1_000) == text
    assert unpacked_rich_text(data, 9) == text[:9]
    for n_bytes in range(len(data)):
        assert text.startswith(unpacked_rich_text(data[:n_bytes], 1_000))


def test_rich_text_that_refers_to_what_was_never_written_has_blanks() -> None:
    reference = struct.pack(">H", 4095 << 4 | 3)
    source = struct.pack("<2I4sI", 15, 5, b"LZFu", 0) + b"\1" + reference
    assert unpacked_rich_text(source, 1_000) == b" {\\rt"


def test_letters_within_letters_end_where_those_of_mail_do(tmp_path: Path) -> None:
    letter = letter_storage(simple("0", "text"), is_within=True)
    for depth in range(1, 11):
        known, part = simple(str(depth), f"text {depth}"), enclosed(letter, str(depth - 1))
        letter = letter_storage(known, parts=[part], is_within=True)
    data = outlook_file(simple("11", "text 11"), parts=[enclosed(letter, "10")])
    pages = pages_of(tmp_path, data)
    assert [page[0] for page in pages] == [f"heading1: {11 - at}" for at in range(6)]
    assert pages[5][-1] == "list_item: 5"
    message = outlook_letter(io.BytesIO(data), tmp_path)
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds.count("message/rfc822") == 5


@pytest.mark.parametrize("outer", ["eml", "msg"])
@pytest.mark.parametrize("inner", ["eml", "msg"])
def test_letters_that_were_sent_along_as_files(tmp_path: Path, outer: str, inner: str) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Inner"
    mail.set_content("The rent is due.\n")
    within = mail.as_bytes()
    if inner == "msg":
        within = outlook_file(simple("Inner", "The rent is due."), parts=[attached("lease.pdf")])
    name = f"Inner.{inner.upper()}"
    data = outlook_file(simple("Outer", "See below."), parts=[attached(name, within)])
    if outer == "eml":
        whole = EmailMessage()
        whole["Subject"] = "Outer"
        whole.set_content("See below.\n")
        whole.add_attachment(within, maintype="application", subtype="x", filename=name)
        data = whole.as_bytes()
    pages = pages_of(tmp_path, data, f"a.{outer}")
    assert pages[0] == ["heading1: Outer", "paragraph: See below.", f"list_item: {name}"]
    named = ["list_item: lease.pdf"] if inner == "msg" else []
    assert pages[1:] == [["heading1: Inner", "paragraph: The rent is due.", *named]]


def test_a_mail_that_is_only_called_as_outlook_calls_them(tmp_path: Path) -> None:
    mail = b"Subject: Rent\nFrom: a@b.c\n\nIt is due.\n"
    told = ["heading1: Rent", "paragraph: From: a@b.c", "paragraph: It is due."]
    assert pages_of(tmp_path, mail) == [told]
    data = outlook_file(simple("Outer", "text"), parts=[attached("Rent.msg", mail)])
    assert pages_of(tmp_path, data)[1] == told


def test_a_signed_letter_is_read_as_it_was_sent(tmp_path: Path) -> None:
    whole = (
        b"Content-Type: multipart/signed; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: text/plain\r\n\r\nThe rent is due.\r\n--x\r\n"
        b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\n"
        b"Content-Disposition: attachment; filename=smime.p7s\r\n\r\nMII\r\n--x--\r\n"
    )
    signature = attached("smime.p7m", whole, "multipart/signed")
    known = Known({SUBJECT: "a", 0x001A: "IPM.Note.SMIME.MultipartSigned"})
    assert pages_of(tmp_path, outlook_file(known, parts=[signature])) == [
        ["heading1: a", "paragraph: The rent is due.", "list_item: smime.p7s"]
    ]


def test_what_is_sent_along_is_named_whatever_it_is(tmp_path: Path) -> None:
    old_word = {"WordDocument": b"old", "\1CompObj": b""}
    parts = [
        attached('a "b".doc', compound_file(old_word)),
        Known({0x3001: "Drawing"}, numbers={0x3705: 6}, within={0x3701: old_word}),
        Known({0x3704: "SHORT~1.TXT"}, {0x3701: b"A note."}),
        Known({0x3001: "by its type"}, {0x3701: b"<p>A page."}, {0x3705: 1}),
        Known({}, {0x3701: b"nameless"}),
        Known({0x3707: "link.txt"}, numbers={0x3705: 7}),
    ]
    parts[3].texts[0x370E] = "text/html"
    assert pages_of(tmp_path, outlook_file(simple("a", "b"), parts=parts)) == [
        [
            "heading1: a",
            "paragraph: b",
            'list_item: a "b".doc',
            "list_item: Drawing",
            "list_item: SHORT~1.TXT",
            "list_item: by its type",
            "list_item: link.txt",
        ],
        ["heading1: SHORT~1.TXT", "paragraph: A note."],
        ["heading1: by its type", "paragraph: A page."],
        ["heading1: link.txt"],
    ]


@pytest.mark.parametrize("shift", [9, 12])
def test_files_of_any_size(tmp_path: Path, shift: int) -> None:
    # With sectors of 512 bytes, the table of this one is longer than its header has room for.
    film = bytes(range(256)) * 40_000
    parts = [attached("a.mp4", film), attached("b.txt", b"word " * 2_000), attached("c.txt", b"c")]
    pages = pages_of(tmp_path, outlook_file(simple("a", "text " * 1_000), (), parts, shift))
    assert pages[0][-3:] == ["list_item: a.mp4", "list_item: b.txt", "list_item: c.txt"]
    assert pages[1] == ["heading1: b.txt", "paragraph: " + ("word " * 2_000).strip()]
    assert pages[2] == ["heading1: c.txt", "paragraph: c"]


def test_letters_are_told_from_office_documents_by_what_stands_at_the_top(tmp_path: Path) -> None:
    table = compound_file({"EncryptedPackage": bytes(9_000), "Workbook": b""})
    data = outlook_file(simple("a", "b"), parts=[attached("locked.xlsx", table)])
    # Whatever it is called, and although a PDF begins within its first sectors.
    for name in ("a.msg", "a.doc", "a"):
        assert pages_of(tmp_path, data, name)[0][0] == "heading1: a"
    early = bytearray(outlook_file(simple("a", "b"), parts=[attached("a.pdf", b"%PDF-1" * 900)]))
    assert 0 < early.find(b"%PDF-") < 1024
    assert pages_of(tmp_path, bytes(early))[0][0] == "heading1: a"


OLD_WORD, OLD_EXCEL = "Word 97\u20132003", "Excel 97\u20132003"


@pytest.mark.parametrize(
    ("name", "root", "code", "reason"),
    [
        ("a.doc", {"WordDocument": b"", "x": {"__substg1.0_0037001F": b""}},
         ErrorCode.DOCUMENT_UNSUPPORTED, OLD_WORD),
        ("a.msg", {"WordDocument": b""}, ErrorCode.DOCUMENT_UNSUPPORTED, OLD_WORD),
        ("a.xls", {"Workbook": b""}, ErrorCode.DOCUMENT_UNSUPPORTED, OLD_EXCEL),
        ("a.xls", {"Workbook": b"", "MBD1": {"WordDocument": b""}},
         ErrorCode.DOCUMENT_UNSUPPORTED, OLD_EXCEL),
        ("a", {"Book": b"", "MBD1": {"EncryptedPackage": b""}},
         ErrorCode.DOCUMENT_UNSUPPORTED, OLD_EXCEL),
        ("a.ppt", {"PowerPoint Document": b""}, ErrorCode.DOCUMENT_UNSUPPORTED,
         "PowerPoint 97\u20132003"),
        ("a.docx", {"EncryptedPackage": b"", "EncryptionInfo": b""},
         ErrorCode.DOCUMENT_NEEDS_PASSWORD, ""),
        ("a.msi", {"x": b""}, ErrorCode.DOCUMENT_UNSUPPORTED, "Microsoft OLE"),
        ("a.msg", {"x": b""}, ErrorCode.DOCUMENT_UNSUPPORTED, "Microsoft OLE"),
    ],
)  # fmt: skip
def test_what_else_is_kept_in_such_files_is_refused_as_before(
    tmp_path: Path, name: str, root: dict[str, bytes], code: ErrorCode, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(compound_file(root))
    with pytest.raises(WorldError) as caught:
        kind_of(path)
    assert (caught.value.code, caught.value.facts.reason) == (code, reason)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: outlook_file(Known({0x001A: "IPM.Note"})), ErrorCode.DOCUMENT_EMPTY),
        (lambda: outlook_file(simple("a", "b")).ljust(150_000_001, b"\0"),
         ErrorCode.DOCUMENT_TOO_LARGE),
    ],
)  # fmt: skip
def test_letters_that_are_refused(
    tmp_path: Path, make: Callable[[], bytes], code: ErrorCode
) -> None:
    path = tmp_path / "a.msg"
    path.write_bytes(make())
    with pytest.raises(WorldError) as caught:
        read_document(path, kind_of(path))
    assert caught.value.code is code
