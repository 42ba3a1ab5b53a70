"""Documents made to exhaust or to spy: each ends with a reason, soon, and reads nothing else."""

import io
import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.core.documents.text import DocumentKind
from app.core.errors import ErrorCode, WorldError
from tests.conftest import PROJECT
from tests.document_samples import W, book, open_document, read_document, word_document, workbook

MAX_CPU_S = 10.0
MAX_MEMORY_MB = 600
TOO_MUCH = (ErrorCode.DOCUMENT_TOO_LARGE, ErrorCode.DOCUMENT_TOO_COMPLEX)
_PIECE = 1 << 20


def with_part(sound: bytes, name: str, pieces: Iterator[bytes]) -> bytes:
    """Put other content into one part of an archive, without ever holding all of it."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sound)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        with new.open(name, "w", force_zip64=True) as stream:
            for piece in pieces:
                stream.write(piece)
    return out.getvalue()


def word_with(middle: Iterator[bytes]) -> bytes:
    def pieces() -> Iterator[bytes]:
        yield f'<w:document xmlns:w="{W}"><w:body>'.encode()
        yield from middle
        yield b"</w:body></w:document>"

    return with_part(word_document(), "word/document.xml", pieces())


def huge_text() -> bytes:
    def middle() -> Iterator[bytes]:
        yield b"<w:p><w:r><w:t>"
        yield from (b"a" * _PIECE for _ in range(500))
        yield b"</w:t></w:r></w:p>"

    return word_with(middle())


def many_paragraphs(n_paragraphs: int) -> bytes:
    paragraph = b"<w:p><w:r><w:t>a</w:t></w:r></w:p>"
    return word_with(paragraph * 1000 for _ in range(n_paragraphs // 1000))


def varied_paragraphs(n_paragraphs: int) -> bytes:
    """Compressing badly enough to look like a sound document."""
    lines = (
        b"".join(
            b"<w:p><w:r><w:t>%d %x</w:t></w:r></w:p>" % (at, at * 2654435761 % 2**61)
            for at in range(start, start + 1000)
        )
        for start in range(0, n_paragraphs, 1000)
    )
    return word_with(lines)


def many_rows() -> bytes:
    def pieces() -> Iterator[bytes]:
        yield b"<worksheet><sheetData>"
        yield from (b"<row><c><v>1</v></c></row>" * 10_000 for _ in range(900))
        yield b"</sheetData></worksheet>"

    return with_part(workbook(), "xl/worksheets/sheet1.xml", pieces())


def huge_chapter() -> bytes:
    pieces = (b"<p>a</p>" * (_PIECE // 8) for _ in range(500))
    return with_part(book({"a.xhtml": ""}), "OPS/text/a.xhtml", pieces)


_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha ha ha ha ha ">' + "".join(
    f'<!ENTITY {"abcdefghij"[at]} "{("&" + "abcdefghij"[at - 1] + ";") * 10}">'
    for at in range(1, 10)
)


def laughing_word() -> bytes:
    xml = f'{_LAUGHS}]><w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p>'
    return with_part(
        word_document(), "word/document.xml", iter([f"{xml}</w:body></w:document>".encode()])
    )


def quadratic_word() -> bytes:
    """One long entity, named very often."""
    entity = f'<!DOCTYPE x [<!ENTITY a "{"ha " * 20_000}">]>'
    xml = f'{entity}<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>{"&a;" * 20_000}</w:t>'
    xml += "</w:r></w:p></w:body></w:document>"
    return with_part(word_document(), "word/document.xml", iter([xml.encode()]))


def laughing_sheet() -> bytes:
    xml = f"{_LAUGHS}]><sst><si><t>&j;</t></si></sst>".encode()
    return with_part(workbook(), "xl/sharedStrings.xml", iter([xml]))


def nested_divisions() -> bytes:
    return b"<div>" * 500_000 + b"text"


def many_elements() -> bytes:
    return b"<b>" * 4_000_000


def huge_rich_text() -> bytes:
    return b"{\\rtf1 " + b"word " * 6_000_000 + b"}"


def deep_groups() -> bytes:
    return b"{\\rtf1 words " + b"{" * 3_000_000


def deep_parts() -> bytes:
    """A letter of parts within parts, each one a choice between two."""
    head, choices = b"Subject: a\n", b""
    for depth in range(200):
        choices += b"Content-Type: multipart/alternative; boundary=b%d\n\n--b%d\n" % (depth, depth)
    end = b"".join(
        b"\n--b%d\nContent-Type: text/html\n\n%s\n--b%d--\n" % (depth, b"<style" * 5_000, depth)
        for depth in reversed(range(200))
    )
    return head + choices + b"Content-Type: text/plain\n\nwords\n" + end


def spanning_cells() -> bytes:
    row = b"<tr>" + b"<td rowspan=1000 colspan=1000>a" * 5_000
    return b"<table>" + row + b"<tr>" * 20_000 + b"<td>b<td>c</table>"


def one_long_line() -> bytes:
    return b"a" * 50_000_000


def many_quotes() -> bytes:
    return b"> " * 20_000 + b"text\n\n" + b"[" * 50_000 + b"\n\n" + b"- " * 5_000 + b"a\n"


BOMBS: list[tuple[DocumentKind, Callable[[], bytes], bool]] = [
    (DocumentKind.DOCX, huge_text, True),
    (DocumentKind.DOCX, lambda: many_paragraphs(2_000_000), True),
    (DocumentKind.DOCX, lambda: varied_paragraphs(1_000_000), True),
    (DocumentKind.XLSX, many_rows, True),
    (DocumentKind.EPUB, huge_chapter, True),
    (DocumentKind.HTML, many_elements, True),
    (DocumentKind.RTF, huge_rich_text, True),
    (DocumentKind.HTML, nested_divisions, False),
    (DocumentKind.MARKDOWN, many_quotes, False),
    (DocumentKind.DOCX, laughing_word, False),
    (DocumentKind.DOCX, quadratic_word, False),
    (DocumentKind.RTF, deep_groups, False),
    (DocumentKind.EMAIL, deep_parts, False),
    (DocumentKind.HTML, spanning_cells, False),
    (DocumentKind.XLSX, laughing_sheet, False),
]


@pytest.mark.parametrize(("kind", "made", "is_refused"), BOMBS)
def test_bombs_end_soon_with_a_reason(
    tmp_path: Path, kind: DocumentKind, made: Callable[[], bytes], *, is_refused: bool
) -> None:
    path = tmp_path / f"bomb.{kind.value}"
    path.write_bytes(made())
    codes: list[ErrorCode] = []
    began = time.process_time()
    try:
        read_document(path, kind)
    except WorldError as error:
        codes.append(error.code)
    assert time.process_time() - began < MAX_CPU_S
    if is_refused:
        assert codes
        assert codes[0] in TOO_MUCH


_MEASURED = """
import json, sys, time
from pathlib import Path
from app.core.documents.text import DocumentKind
from app.core.errors import WorldError
from app.readers.kinds import reader_of
from app.readers.reading import ReadingLimits, ReadingOptions

n_characters = 0
def count(page):
    global n_characters
    n_characters += len(page.text)
code = ""
try:
    reader_of(DocumentKind(sys.argv[1]))(
        Path(sys.argv[2]), ReadingLimits(), ReadingOptions(), count)
except WorldError as error:
    code = error.code.value
# Not ru_maxrss: that starts with the memory of the process which this one was forked from.
status = Path("/proc/self/status").read_text()
memory_mb = int(status.split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps([code, n_characters, memory_mb, time.process_time()]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux tells it")
@pytest.mark.parametrize(
    ("kind", "made"),
    [(DocumentKind.DOCX, lambda: varied_paragraphs(100_000)), (DocumentKind.TEXT, one_long_line)],
)
def test_large_documents_are_read_within_limits(
    tmp_path: Path, kind: DocumentKind, made: Callable[[], bytes]
) -> None:
    path = tmp_path / f"large.{kind.value}"
    path.write_bytes(made())
    out = subprocess.run(
        [sys.executable, "-c", _MEASURED, kind.value, str(path)],
        cwd=PROJECT,
        capture_output=True,
        check=True,
        text=True,
    )
    code, n_characters, memory_mb, cpu_s = json.loads(out.stdout)
    assert code in ("", *TOO_MUCH)
    assert code or n_characters > 1_000_000
    assert memory_mb < MAX_MEMORY_MB
    assert cpu_s < MAX_CPU_S


@pytest.mark.parametrize("scheme", ["file://{}", "http://127.0.0.1:9/{}"])
@pytest.mark.parametrize("kind", [DocumentKind.ODT, DocumentKind.DOCX])
def test_entities_fetch_nothing(tmp_path: Path, scheme: str, kind: DocumentKind) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret words")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{scheme.format(secret)}">]>'
    if kind is DocumentKind.ODT:
        data, part = open_document("<text:p>shown ENTITY here</text:p>"), "content.xml"
    else:
        part = "word/document.xml"
        data = word_with(iter([b"<w:p><w:r><w:t>shown ENTITY here</w:t></w:r></w:p>"]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read(part).replace(b"ENTITY", b"&e;")
    path = tmp_path / "spy"
    path.write_bytes(with_part(data, part, iter([entity.encode() + content])))
    _, pages = read_document(path, kind)
    assert pages[0].text.endswith(("shown here", "shown"))
    assert "secret" not in pages[0].text


@pytest.mark.parametrize("name", ["../outside.xml", "/etc/passwd", "C:\\windows\\a", "a/../../b"])
def test_archives_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "out.docx"
    path.write_bytes(with_part(word_document(), name, iter([b"x"])))
    with pytest.raises(WorldError) as caught:
        read_document(path, DocumentKind.DOCX)
    assert caught.value.code is ErrorCode.DOCUMENT_DAMAGED


def test_archives_with_a_password(tmp_path: Path) -> None:
    data = bytearray(word_document())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    path = tmp_path / "locked.docx"
    path.write_bytes(bytes(data))
    with pytest.raises(WorldError) as caught:
        read_document(path, DocumentKind.DOCX)
    assert caught.value.code is ErrorCode.DOCUMENT_NEEDS_PASSWORD


def test_a_size_that_cannot_be_is_damage_and_not_a_bomb(tmp_path: Path) -> None:
    data = bytearray(word_document())
    at = data.rfind(b"PK\x01\x02")
    # The highest byte of the size of the last member, unpacked.
    data[at + 27] = 0x7F
    path = tmp_path / "flipped.docx"
    path.write_bytes(bytes(data))
    with pytest.raises(WorldError) as caught:
        read_document(path, DocumentKind.DOCX)
    assert caught.value.code is ErrorCode.DOCUMENT_DAMAGED


def test_archives_with_too_many_members(tmp_path: Path) -> None:
    path = tmp_path / "many.docx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20_001):
            archive.writestr(str(number), b"")
    with pytest.raises(WorldError) as caught:
        read_document(path, DocumentKind.DOCX)
    assert caught.value.code is ErrorCode.DOCUMENT_TOO_LARGE
