"""Books, web pages, Markdown, plain text, tables, rich text and mail."""

from pathlib import Path

import pytest

from app.core.documents.text import DocumentKind, PageUnit
from app.core.errors import ErrorCode, WorldError
from tests.document_samples import (
    MARKDOWN,
    PROSE,
    RICH_TEXT,
    TABLE_TEXT,
    WEB_PAGE,
    book,
    mail,
    read_document,
    shown,
)


def read_bytes(tmp_path: Path, kind: DocumentKind, data: bytes | str) -> list[str]:
    path = tmp_path / f"sample.{kind.value}"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return shown(read_document(path, kind)[1])


def test_book_chapters_in_order_of_the_spine_with_their_titles(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    pages = {"a.xhtml": "<h2>Calm</h2><p>Later.</p>", "b%.xhtml": f"<h1>Storm</h1><p>{PROSE}</p>"}
    contents = '<a href="text/b%25.xhtml#x">The <b>storm</b></a>'
    outside = '<item id="x" href="../../etc/hostname" media-type="application/xhtml+xml"/>'
    path.write_bytes(book(pages, contents=contents, extra=outside))
    facts, read = read_document(path, DocumentKind.EPUB)
    assert (facts.unit, facts.title) == (PageUnit.CHAPTER, "A book")
    assert [page.label for page in read] == ["Calm", "The storm"]
    assert shown(read) == [
        "heading2: Calm",
        "paragraph: Later.",
        "heading1: Storm",
        f"paragraph: {PROSE}",
    ]


def test_web_page_has_only_what_is_for_reading(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, DocumentKind.HTML, WEB_PAGE) == [
        "heading1: Harbour",
        f"paragraph: {PROSE}",
        "list_item: one",
        "list_item: two",
        "table_row: Ship | Year",
        "table_row: Aurora | 1881",
    ]


def test_web_page_tables_of_reports_and_of_layout(tmp_path: Path) -> None:
    page = (
        "<table><tr><td>Revenue</td><td></td><td>$</td><td>1,200</td><td>(3</td><td>)%</td></tr>"
        "<tr><td>Costs</td><td></td><td>$</td><td>900</td><td>4</td><td>%</td></tr></table>"
        "<table><tr><td><p>left<p>part</td></tr></table>"
    )
    assert read_bytes(tmp_path, DocumentKind.HTML, page) == [
        "table_row: Revenue | $1,200 | (3)%",
        "table_row: Costs | $900 | 4%",
        "paragraph: left",
        "paragraph: part",
    ]


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"),
        ("", "utf-8"),
        ("", "utf-16"),
        ('<meta charset="utf-8">', "cp1251"),
    ],
)
def test_web_page_encodings(tmp_path: Path, head: str, encoding: str) -> None:
    russian = "Все люди рождаются свободными и равными в своем достоинстве и правах."
    page = f"<html><head>{head}</head><body><p>{russian}</p></body></html>".encode(encoding)
    assert read_bytes(tmp_path, DocumentKind.HTML, page) == [f"paragraph: {russian}"]


def test_markdown_keeps_its_structure(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, DocumentKind.MARKDOWN, MARKDOWN) == [
        'paragraph: title: "Harbour notes"',
        "heading1: Harbour",
        f"paragraph: {PROSE}",
        "list_item: one",
        "list_item: two more of two",
        "table_row: Ship | Year",
        "table_row: Aurora | 1881",
        "paragraph: keep = True",
        "paragraph: sail()",
    ]


def test_lines_that_were_broken_are_joined_and_others_are_not(tmp_path: Path) -> None:
    words = PROSE.split()
    wrapped = "\n".join(" ".join(words[at : at + 9]) for at in range(0, len(words), 9))
    log = "10:01 started\n10:02 a much longer line about what happened at that time\n10:03 end"
    alike = "\n".join(
        f"2026-11-30 04:{at}:11 worker {at} handled a request" for at in range(10, 14)
    )
    chinese = "这座老城的港口是在大风暴之后用石头建造的灯塔看守人记下了每一艘经过的船只\n" * 2
    whole = f"{wrapped}\n\n{log}\n\n{alike}\n\n- a\n- b\n\n{chinese}"
    texts = read_bytes(tmp_path, DocumentKind.TEXT, whole)
    assert texts == [
        f"paragraph: {PROSE}",
        *(f"paragraph: {line}" for line in [*log.split("\n"), *alike.split("\n")]),
        "list_item: - a",
        "list_item: - b",
        "paragraph: " + chinese.replace("\n", ""),
    ]


GERMAN = "Die Größe der Häuser überraschte mich, als wir über die schöne Brücke gingen."
FRENCH = "L'été dernier, le garçon était très près de la fenêtre où l'élève écrivait."
CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy, když se večer vracel z města domů."
POLISH = "Zażółć gęślą jaźń, powiedział chłopiec, który wracał wieczorem do swojego domu."
TURKISH = "Güneş doğduğunda çocuklar şehrin ışıklarına bakıyor ve değişik şarkılar söylüyordu."
RUSSIAN = "Все люди рождаются свободными и равными в своем достоинстве и правах."
JAPANESE = "すべての人間は、生まれながらにして自由であり、尊厳と権利とについて平等である。"
CHINESE = "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，应以兄弟关系相待。"
KOREAN = "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "cp1252"),
        (FRENCH, "cp1252"),
        (CZECH, "cp1250"),
        (POLISH, "cp1250"),
        (TURKISH, "cp1254"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (CHINESE, "gb18030"),
        (KOREAN, "cp949"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-16-be"),
        (GERMAN, "utf-32"),
        (CHINESE, "utf-16"),
        (POLISH, "utf-8-sig"),
        ("Café Zürich", "cp1252"),
        ("Łódź leży w środku kraju, żeby było wygodnie.", "cp1250"),
        ("テスト用のテキストファイルです。", "shift_jis"),
        ("“It costs 5 €”, she said — and the long street was empty again.", "cp1252"),
    ],
)
def test_plain_text_in_any_encoding(tmp_path: Path, text: str, encoding: str) -> None:
    assert read_bytes(tmp_path, DocumentKind.TEXT, text.encode(encoding)) == [f"paragraph: {text}"]


def test_text_that_is_utf8_but_for_a_few_bytes(tmp_path: Path) -> None:
    data = (CHINESE * 5).encode()
    broken = data[:50] + b"\xff" + data[50:]
    (text,) = read_bytes(tmp_path, DocumentKind.TEXT, broken)
    assert text.count("\ufffd") <= 3
    assert CHINESE in text


def test_text_whose_first_foreign_letter_comes_late(tmp_path: Path) -> None:
    data = b"word word\n\n" * 30_000 + GERMAN.encode("cp1252")
    assert read_bytes(tmp_path, DocumentKind.TEXT, data)[-1] == f"paragraph: {GERMAN}"


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 40, b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0" * 200, b"\0" * 5_000],
)
def test_programs_are_no_text(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(WorldError) as caught:
        read_bytes(tmp_path, DocumentKind.TEXT, data)
    assert caught.value.code is ErrorCode.DOCUMENT_UNSUPPORTED


def test_table_rows_have_the_header(tmp_path: Path) -> None:
    path = tmp_path / "ships.csv"
    path.write_text(TABLE_TEXT)
    _, pages = read_document(path, DocumentKind.CSV)
    assert shown(pages) == [
        "table_row: Ship | Year | Cargo",
        "table_row: Aurora | 1881 | salt, fish",
        "table_row: Boreas | 1902 | stone",
    ]
    header = "Ship | Year | Cargo"
    assert [block.header for block in pages[0].blocks] == ["", header, header]


def test_table_of_numbers_only_has_no_header(tmp_path: Path) -> None:
    path = tmp_path / "numbers.tsv"
    path.write_text("1\t2\n3\t4\n")
    _, pages = read_document(path, DocumentKind.CSV)
    assert [block.header for block in pages[0].blocks] == ["", ""]


@pytest.mark.parametrize(
    ("page", "character_set", "words"),
    [("932", "128", "こんにちは"), ("1250", "238", "zażółć gęślą"), ("1251", "204", "Привет")],
)
def test_rich_text_in_code_pages(
    tmp_path: Path, page: str, character_set: str, words: str
) -> None:
    escaped = "".join(f"\\'{byte:02x}" for byte in words.encode(f"cp{page}"))
    source = (
        rf"{{\rtf1\ansi\ansicpg{page}\deff0{{\fonttbl{{\f0\fcharset{character_set} Arial;}}}}"
        rf"\f0 {escaped}\par}}"
    )
    assert read_bytes(tmp_path, DocumentKind.RTF, source) == [f"paragraph: {words}"]
    raw = source.replace(escaped, "").encode() + b""
    raw = raw.replace(rb"\f0 \par", rb"\f0 " + words.encode(f"cp{page}") + rb"\par")
    assert read_bytes(tmp_path, DocumentKind.RTF, raw) == [f"paragraph: {words}"]


def test_rich_text_tables_and_title(tmp_path: Path) -> None:
    path = tmp_path / "harbour.rtf"
    path.write_text(RICH_TEXT)
    facts, pages = read_document(path, DocumentKind.RTF)
    assert facts.title == "The harbour"
    assert shown(pages) == [
        "paragraph: First line",
        "paragraph: café €5",
        "table_row: a | b",
        "table_row: c | d",
    ]


def test_mail_begins_with_who_and_what_about(tmp_path: Path) -> None:
    path = tmp_path / "letter.eml"
    path.write_bytes(mail(page="<p>Dear <b>keeper</b>"))
    facts, pages = read_document(path, DocumentKind.EMAIL)
    assert facts.title == "Schiffe im März"
    assert shown(pages) == [
        "heading1: Schiffe im März",
        "paragraph: From: Joerg <joerg@example.org>",
        "paragraph: To: keeper@example.org",
        "paragraph: Date: Mon, 02 Mar 2026 09:00:00 +0100",
        "paragraph: Dear keeper,",
        "paragraph: the ship has passed.",
        "list_item: ladung – März.csv",
        "list_item: ship.png",
        "heading1: ladung – März.csv",
        "paragraph: stone;3",
    ]


def test_mail_that_is_a_web_page(tmp_path: Path) -> None:
    texts = read_bytes(tmp_path, DocumentKind.EMAIL, mail(text="", page="<h2>Hi</h2><p>there"))
    assert texts[4:6] == ["heading2: Hi", "paragraph: there"]


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("=?utf-8?Q?Schiffe_im?= =?utf-8?B?IE3DpHJ6?=", "Schiffe im März"),
        ("=?no-such?Q?ab?=", "ab"),
        ("=?\0x?Q?ab?=", "ab"),
        ("=?idna?Q?a=FFb?=", None),
        ("=?utf-8?B?!!!?=", None),
    ],
)
def test_mail_subjects_that_are_encoded_well_and_badly(
    tmp_path: Path, subject: str, told: str | None
) -> None:
    data = f"Subject: {subject}\nFrom: a@b.c\nContent-Type: text/plain; charset=none\n\ntext\n"
    texts = read_bytes(tmp_path, DocumentKind.EMAIL, data)
    assert texts[-1] == "paragraph: text"
    if told:
        assert texts[0] == f"heading1: {told}"


def test_mail_with_raw_bytes_in_its_headers(tmp_path: Path) -> None:
    data = "Subject: Größe der Häuser über München\n\nGruß aus den schönen Häusern\n"
    for encoding in ("utf-8", "cp1252"):
        texts = read_bytes(tmp_path, DocumentKind.EMAIL, data.encode(encoding))
        assert texts == [
            "heading1: Größe der Häuser über München",
            "paragraph: Gruß aus den schönen Häusern",
        ]
