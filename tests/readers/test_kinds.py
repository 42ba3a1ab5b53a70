"""What a file is, told by what is in it; what is not read is refused with its format's name."""

import errno
import os
from pathlib import Path
from typing import IO, Any

import pytest

from app.core.documents.text import DocumentKind
from app.core.errors import ErrorCode, WorldError
from app.readers.kinds import kind_of
from tests.document_samples import open_document, slides, word_document, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def wide(name: str) -> bytes:
    return OLE + name.encode("utf-16-le")


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", b"%PDF-1.7\n", DocumentKind.PDF),
        ("a.pdf", b"<!DOCTYPE html><p>no paper", DocumentKind.HTML),
        ("letter.docx", word_document(), DocumentKind.DOCX),
        ("letter.zip", word_document(), DocumentKind.DOCX),
        ("letter.docx", slides(), DocumentKind.DOCX),
        ("table.ODS", open_document("", "spreadsheet"), DocumentKind.ODT),
        ("letter.doc", b"{\\rtf1 a}", DocumentKind.RTF),
        ("a.CSV", b"a,b", DocumentKind.CSV),
    ],
)
def test_kinds(tmp_path: Path, name: str, data: bytes, kind: DocumentKind) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert kind_of(path) is kind


@pytest.mark.parametrize(
    ("name", "data", "code", "reason"),
    [
        ("a.doc", wide("WordDocument"), ErrorCode.DOCUMENT_UNSUPPORTED, "Word 97\u20132003"),
        ("a.docx", wide("Workbook"), ErrorCode.DOCUMENT_UNSUPPORTED, "Excel 97\u20132003"),
        ("a.msg", wide("__substg1.0_1000"), ErrorCode.DOCUMENT_DAMAGED, "compound file: header"),
        ("a.xls", OLE, ErrorCode.DOCUMENT_UNSUPPORTED, "Excel 97\u20132003"),
        ("a.xlsx", wide("EncryptedPackage"), ErrorCode.DOCUMENT_NEEDS_PASSWORD, ""),
        ("a.docx", b"PK\x03\x04 cut", ErrorCode.DOCUMENT_DAMAGED, "BadZipFile"),
        ("a.docx", zipped({"x": "y"}), ErrorCode.DOCUMENT_DAMAGED, "a part is missing"),
        ("a.zip", zipped({"x": "y"}), ErrorCode.DOCUMENT_UNSUPPORTED, "ZIP"),
        ("a.txt", b"\x89PNG\r\n", ErrorCode.DOCUMENT_UNSUPPORTED, "PNG"),
        ("a.xyz", b"text", ErrorCode.DOCUMENT_UNSUPPORTED, "XYZ"),
        ("a.txt", b"", ErrorCode.DOCUMENT_EMPTY, ""),
        ("a.epub", b"nothing", ErrorCode.DOCUMENT_DAMAGED, "another format than its name says"),
    ],
)
def test_refusals(tmp_path: Path, name: str, data: bytes, code: ErrorCode, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(WorldError) as caught:
        kind_of(path)
    assert (caught.value.code, caught.value.facts.reason) == (code, reason)


@pytest.mark.parametrize("n_opened", [1, 2])
def test_a_disk_that_fails_later_on_says_nothing_about_the_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_opened: int
) -> None:
    path = tmp_path / "a.doc"
    path.write_bytes(wide("WordDocument"))
    opened: list[Path] = []
    whole = Path.open

    def opened_so_often(self: Path, mode: str = "r") -> IO[Any]:
        opened.append(self)
        if len(opened) > n_opened:
            raise OSError(errno.EIO, "broken")
        return whole(self, mode)

    monkeypatch.setattr(Path, "open", opened_so_often)
    with pytest.raises(WorldError) as caught:
        kind_of(path)
    assert caught.value.code is ErrorCode.DOCUMENT_UNREADABLE
    assert caught.value.facts.reason == "broken"


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(WorldError) as missing:
        kind_of(tmp_path / "gone.txt")
    assert missing.value.code is ErrorCode.DOCUMENT_MISSING
    with pytest.raises(WorldError) as folder:
        kind_of(tmp_path)
    assert folder.value.code is ErrorCode.DOCUMENT_UNREADABLE
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.txt")
        with pytest.raises(WorldError) as pipe:
            kind_of(tmp_path / "pipe.txt")
        assert pipe.value.code is ErrorCode.DOCUMENT_UNREADABLE
