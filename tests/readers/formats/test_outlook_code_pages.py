"""Letters of Outlook whose texts have one byte a character: in the code pages that they name."""

from pathlib import Path

import pytest

from app.core.documents.text import DocumentKind
from app.readers.kinds import kind_of
from tests.document_samples import read_document, shown
from tests.readers.outlook_samples import Known, attached, outlook_file, person

SUBJECT, PLAIN = 0x0037, 0x1000
OF_LETTER, OF_MAIL = 0x3FFD, 0x3FDE


def blocks_of(tmp_path: Path, data: bytes) -> list[str]:
    path = tmp_path / "a.msg"
    path.write_bytes(data)
    assert kind_of(path) is DocumentKind.EMAIL
    return shown(read_document(path, DocumentKind.EMAIL)[1])


def check_is_read(tmp_path: Path, encoding: str, numbers: dict[int, int], text: str) -> None:
    known = Known({SUBJECT: text, PLAIN: text}, numbers=numbers, page=encoding)
    people = [person(1, text, page=encoding)]
    assert blocks_of(tmp_path, outlook_file(known, people)) == [
        f"heading1: {text}", f"paragraph: To: {text}", f"paragraph: {text}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "numbers", "text"),
    [
        ("cp1251", {OF_LETTER: 1251}, "Аренда квартиры"),
        ("cp1251", {OF_LETTER: 1251, OF_MAIL: 65001}, "Аренда квартиры за март"),
        ("cp932", {OF_MAIL: 932}, "家賃のお支払い"),
        ("iso8859_2", {OF_MAIL: 28592}, "Nájemné za březen"),
        # Not all of its bytes are letters in the page that is told.
        ("utf-8", {OF_LETTER: 1252}, "Índice à parte"),
        ("cp1252", {}, "Miete für den schönen März"),
        ("cp1252", {OF_LETTER: 1252, OF_MAIL: 999_999}, "Grüße"),
        # Too short to be guessed.
        ("cp1250", {OF_LETTER: 1250, OF_MAIL: 65001}, "Kč"),
        ("cp1255", {OF_LETTER: 1255, OF_MAIL: 65001}, "שלום"),
    ],
)
def test_letters_in_old_code_pages(
    tmp_path: Path, encoding: str, numbers: dict[int, int], text: str
) -> None:
    check_is_read(tmp_path, encoding, numbers, text)


@pytest.mark.parametrize(
    ("page", "encoding", "text"),
    [
        (874, "cp874", "ไทย"), (932, "cp932", "家賃"), (936, "gb18030", "租金"),
        (949, "cp949", "월세"), (950, "cp950", "租金"), (1250, "cp1250", "Kč"),
        (1251, "cp1251", "да"), (1252, "cp1252", "“Grüße”"), (1253, "cp1253", "ναι"),
        (1254, "cp1254", "ışık"), (1255, "cp1255", "שלום"), (1256, "cp1256", "نعم"),
        (1257, "cp1257", "žuvis"), (1258, "cp1258", "đồ".replace("ồ", "ô\u0300")),
        (10000, "mac_roman", "Grüße"), (20127, "cp1252", "“Grüße”"), (20866, "koi8_r", "да"),
        (20932, "euc_jp", "家賃"), (20936, "gb18030", "租金"), (21866, "koi8_u", "її"),
        (28591, "cp1252", "“Grüße”"), (28592, "iso8859_2", "Kč"), (28595, "iso8859_5", "да"),
        (28597, "iso8859_7", "ναι"), (28599, "cp1254", "ışık"), (28605, "iso8859_15", "Žena"),
        (38598, "iso8859_8", "שלום"), (50220, "iso2022_jp", "家賃"),
        (50221, "iso2022_jp", "家賃"), (50222, "iso2022_jp", "家賃"),
        (50225, "iso2022_kr", "월세"), (51932, "euc_jp", "家賃"), (51936, "gb18030", "租金"),
        (51949, "euc_kr", "월세"), (52936, "hz", "租金"), (54936, "gb18030", "租金"),
        (65001, "utf-8", "ß Kč"),
    ],
)  # fmt: skip
def test_every_code_page_gives_back_what_was_written_in_it(
    tmp_path: Path, page: int, encoding: str, text: str
) -> None:
    known = Known({SUBJECT: text, PLAIN: text}, numbers={OF_LETTER: page}, page=encoding)
    # The reader gives letters and accents as one character.
    whole = text.replace("ô\u0300", "ồ")
    assert blocks_of(tmp_path, outlook_file(known)) == [
        f"heading1: {whole}",
        f"paragraph: {whole}",
    ]


def test_names_and_texts_have_code_pages_of_their_own(tmp_path: Path) -> None:
    # In one of them, the bytes of the other are letters, too.
    numbers = {OF_LETTER: 1251, OF_MAIL: 1252}
    name = Known({SUBJECT: "Аренда"}, numbers=numbers, page="cp1251")
    assert blocks_of(tmp_path, outlook_file(name)) == ["heading1: Аренда"]
    text = Known({PLAIN: "Grüße"}, numbers=numbers, page="cp1252")
    assert blocks_of(tmp_path, outlook_file(text)) == ["paragraph: Grüße"]


@pytest.mark.parametrize("page", [1200, 12000, 65000])
@pytest.mark.parametrize("text", ["Miete für den schönen März", "Plan +AGE- für Grüße\0\0"])
def test_code_pages_that_no_text_of_one_byte_a_character_is_in_are_passed_over(
    tmp_path: Path, page: int, text: str
) -> None:
    numbers = {OF_LETTER: page, OF_MAIL: page}
    known = Known({SUBJECT: text, PLAIN: text}, numbers=numbers, page="cp1252")
    told = text.strip("\0")
    assert blocks_of(tmp_path, outlook_file(known)) == [f"heading1: {told}", f"paragraph: {told}"]


def test_half_a_character_in_the_name_of_a_file_is_no_failure(tmp_path: Path) -> None:
    known = Known({SUBJECT: "a"}, numbers={OF_LETTER: 65000}, page="ascii")
    part = attached("+2AA-.bin")
    part.page = "ascii"
    assert blocks_of(tmp_path, outlook_file(known, parts=[part])) == [
        "heading1: a", "list_item: +2AA-.bin",
    ]  # fmt: skip
