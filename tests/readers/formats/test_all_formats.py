"""What holds for every reader: exact offsets, clean text, typed errors for whatever bytes."""

import io
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.core.documents.text import DocumentKind, PageText
from app.core.errors import ErrorCode, WorldError
from app.readers.clean_text import clean
from app.readers.kinds import kind_of
from app.readers.reading import ReadingLimits
from tests.document_samples import (
    RICH_TEXT,
    book,
    open_document,
    read_document,
    samples,
    word_of,
    zipped,
)

SAMPLES = samples()
KINDS = sorted(SAMPLES)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=200
) | st.text("ab \n\t\u200d\u200c\u202e\u00ad\u0301\u0645\U000e0041|é中", min_size=1, max_size=60)
FUZZ = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check_pages(pages: list[PageText]) -> None:
    """See that pages are in the form that all others rely on."""
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        end = -1
        for block in page.blocks:
            text = page.text[block.start : block.end]
            assert text, "an empty block"
            assert block.start == end + 1, "blocks are parted by one line end"
            assert page.text[end : block.start].strip() == ""
            assert "\n" not in text
            assert text == clean(text)
            end = block.end
        assert end == len(page.text) or (not page.blocks and not page.text)
        assert unicodedata.is_normalized("NFC", page.text)


def written(tmp_path: Path, kind: DocumentKind, data: bytes) -> Path:
    path = tmp_path / f"sample.{kind.value}"
    path.write_bytes(data)
    return path


def check_read_or_refused(path: Path, kind: DocumentKind) -> list[PageText]:
    """See that a file is read in the right form, or refused with a reason; give its pages."""
    refusals: list[WorldError] = []
    pages: list[PageText] = []
    try:
        _, pages = read_document(path, kind)
    except WorldError as error:
        refusals.append(error)
    for refusal in refusals:
        assert refusal.code.value.startswith("document_")
        assert refusal.facts.file_name == path.name
    check_pages(pages)
    return pages


@pytest.mark.parametrize("kind", KINDS)
def test_samples_are_told_by_their_bytes_and_read(tmp_path: Path, kind: DocumentKind) -> None:
    path = written(tmp_path, kind, SAMPLES[kind])
    if kind not in (DocumentKind.TEXT, DocumentKind.CSV, DocumentKind.MARKDOWN):
        named_otherwise = path.rename(path.with_suffix(f".{kind.value}".replace("email", "eml")))
        assert kind_of(named_otherwise) is kind
        path = named_otherwise
    facts, pages = read_document(path, kind)
    assert facts.kind is kind
    assert facts.n_pages == len(pages)
    check_pages(pages)
    assert read_document(path, kind) == (facts, pages)


@pytest.mark.parametrize("kind", KINDS)
@FUZZ
@given(data=st.data())
def test_damaged_files_are_refused_or_read(
    tmp_path: Path, kind: DocumentKind, data: st.DataObject
) -> None:
    sound = SAMPLES[kind]
    broken = bytearray(sound[: data.draw(st.integers(0, len(sound)))])
    for _ in range(data.draw(st.integers(0, 8)) if broken else 0):
        broken[data.draw(st.integers(0, len(broken) - 1))] ^= data.draw(st.integers(1, 255))
    path = written(tmp_path, kind, bytes(broken))
    check_read_or_refused(path, kind)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if SAMPLES[kind][:2] == b"PK"])
@FUZZ
@given(data=st.data())
def test_archives_with_a_damaged_part_are_refused_or_read(
    tmp_path: Path, kind: DocumentKind, data: st.DataObject
) -> None:
    with zipfile.ZipFile(io.BytesIO(SAMPLES[kind])) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    parts = sorted(name for name in members if name.endswith((".xml", ".rels", ".xhtml", ".opf")))
    name = data.draw(st.sampled_from(parts))
    part = members[name]
    at = data.draw(st.integers(0, max(len(part) - 1, 0)))
    wrong = data.draw(
        st.sampled_from([b"", b"<", b">", b"&x;", b'"', b"-1", b"9" * 5000, b"\xff", b"</w:p>"])
    )
    members[name] = part[:at] + wrong + part[at + data.draw(st.integers(0, 40)) :]
    path = written(tmp_path, kind, zipped(members))
    check_read_or_refused(path, kind)


@FUZZ
@given(text=TEXTS)
@example(text="\x0c\x1c\x85\u2028 \u3000x")
def test_any_text_keeps_its_words_in_every_text_format(tmp_path: Path, text: str) -> None:
    escaped = "".join(f"&#{ord(one)};" if one >= " " else " " for one in text if one.isprintable())
    quoted = '"' + text.replace('"', '""') + '"'
    for kind, data in (
        (DocumentKind.TEXT, text.encode()),
        (DocumentKind.CSV, f"x,y\n{quoted},2\n".encode()),
        (DocumentKind.HTML, f"<p>{escaped}</p><p>b".encode()),
        (DocumentKind.ODT, open_document(f"<text:p>{escaped}</text:p><text:p>b</text:p>")),
        (DocumentKind.EPUB, book({"a.xhtml": f"<p>{escaped}</p>b"})),
        (DocumentKind.MARKDOWN, f"b\n\n{text}".encode()),
    ):
        path = written(tmp_path, kind, data)
        pages = check_read_or_refused(path, kind)
        # Zero bytes make two-byte characters of it.
        if kind is DocumentKind.TEXT and pages and "\0" not in text:
            whole = clean(" ".join(page.text for page in pages))
            # Line ends are where words end, too, except between Chinese characters.
            assert whole.replace(" ", "") == clean(text).replace(" ", "")


@FUZZ
@given(text=TEXTS)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(one) == "Cc" for one in once)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\u00adb\u200b\ufeffc", "abc"),
        ("ignore\u202e this\u2066 text\U000e0041\U000e0042", "ignore this text"),
        ("e\u0301", "é"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("a\u200db\u200c", "ab"),
        (" two\u00a0\u3000 words\t\r\n", "two words"),
    ],
)
def test_what_is_not_seen_is_left_out(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_a_long_text_goes_on_on_further_pages(tmp_path: Path) -> None:
    text = "\n\n".join(f"{number} " + "word " * 200 for number in range(100))
    path = written(tmp_path, DocumentKind.TEXT, text.encode())
    facts, pages = read_document(path, DocumentKind.TEXT)
    check_pages(pages)
    assert facts.n_pages == len(pages) > 1
    assert all(len(page.text) <= 20_000 for page in pages)
    assert {page.label for page in pages} == {""}
    joined = "\n".join(page.text for page in pages)
    assert joined == "\n".join(clean(part) for part in text.split("\n\n"))


def test_too_much_text_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, DocumentKind.TEXT, b"word " * 10_000)
    limits = ReadingLimits(max_characters=20_000)
    with pytest.raises(WorldError) as caught:
        read_document(path, DocumentKind.TEXT, limits)
    assert caught.value.code is ErrorCode.DOCUMENT_TOO_COMPLEX


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (DocumentKind.TEXT, b" \n\n"),
        (DocumentKind.HTML, b"<html><body></body></html>"),
        (DocumentKind.DOCX, word_of("")),
        (DocumentKind.RTF, RICH_TEXT.split("}{", maxsplit=1)[0].encode() + b"}}"),
        (DocumentKind.CSV, b",,\n,,\n"),
        (DocumentKind.ODT, open_document("")),
    ],
)
def test_documents_without_text_are_empty(tmp_path: Path, kind: DocumentKind, data: bytes) -> None:
    with pytest.raises(WorldError) as caught:
        read_document(written(tmp_path, kind, data), kind)
    assert caught.value.code is ErrorCode.DOCUMENT_EMPTY
