"""Tells what kind of document a file is: by what is in it first, then by its name."""

import stat
from importlib import import_module
from pathlib import Path
from typing import cast
from zipfile import BadZipFile, ZipFile

from app.core.documents.text import DocumentKind
from app.core.errors import ErrorCode, WorldError
from app.readers.compound_file import COMPOUND_FILE_MARK, names_in_root
from app.readers.endings import (
    KIND_OF_SUFFIX,
    OLD_EXCEL,
    OLD_FORMATS,
    OLD_POWERPOINT,
    OLD_WORD,
    OUTLOOK_ENDING,
)
from app.readers.reading import Reader
from app.readers.refusals import damaged, refusal, unreadable, unsupported

_MODULES = {
    DocumentKind.PDF: "app.readers.pdf",
    DocumentKind.DOCX: "app.readers.formats.word",
    DocumentKind.PPTX: "app.readers.formats.slides",
    DocumentKind.XLSX: "app.readers.formats.sheets",
    DocumentKind.ODT: "app.readers.formats.open_document",
    DocumentKind.EPUB: "app.readers.formats.epub",
    DocumentKind.HTML: "app.readers.formats.web_page",
    DocumentKind.MARKDOWN: "app.readers.formats.markdown",
    DocumentKind.TEXT: "app.readers.formats.plain_text",
    DocumentKind.CSV: "app.readers.formats.delimited",
    DocumentKind.RTF: "app.readers.formats.rich_text",
    DocumentKind.EMAIL: "app.readers.formats.mail",
}
_OUTLOOK_PARTS = ("__properties_version1.0", "__substg1.0_", "__nameid_version1.0")
"""Beginnings of what stands at the top of every letter that Outlook has saved."""
_LOCKED_PART = "EncryptedPackage"
_OLD_PARTS = (
    ("WordDocument", OLD_WORD),
    ("PowerPoint Document", OLD_POWERPOINT),
    ("Workbook", OLD_EXCEL),
)
_PART_OF_OLDER_EXCEL = "Book"
"""Not looked for among all bytes, where it can be a word of the text."""
_HEAD_BYTES = 4096
_OLE_BYTES = 4_000_000
"""The list of parts of such a file can stand anywhere; within this it was in all seen."""
_ARCHIVE_PARTS = (
    ("word/document.xml", DocumentKind.DOCX),
    ("ppt/presentation.xml", DocumentKind.PPTX),
    ("xl/workbook.xml", DocumentKind.XLSX),
    ("META-INF/container.xml", DocumentKind.EPUB),
    ("content.xml", DocumentKind.ODT),
)
_ARCHIVES = frozenset(kind for _, kind in _ARCHIVE_PARTS)
_BINARY = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
    (b"SQLite format 3", "SQLite"),
)


def kind_of(path: Path) -> DocumentKind:
    """Tell what kind of document a file is.

    Raises:
        WorldError: DOCUMENT_UNSUPPORTED, DOCUMENT_NEEDS_PASSWORD, DOCUMENT_EMPTY,
            DOCUMENT_MISSING, DOCUMENT_UNREADABLE, DOCUMENT_DAMAGED, DOCUMENT_TOO_LARGE,
            DOCUMENT_TOO_COMPLEX.
    """
    head = _head_of(path)
    suffix = path.suffix.casefold()
    if not head:
        raise refusal(ErrorCode.DOCUMENT_EMPTY, path)
    if head.startswith(COMPOUND_FILE_MARK):
        return _kind_of_compound_file(path, suffix)
    if b"%PDF-" in head[:1024]:
        return DocumentKind.PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _kind_of_archive(path, suffix)
    if head.startswith(b"{\\rtf"):
        return DocumentKind.RTF
    for mark, name in _BINARY:
        if head.startswith(mark):
            raise unsupported(path, name)
    kind = KIND_OF_SUFFIX.get(suffix)
    if kind is None:
        raise unsupported(path, OLD_FORMATS.get(suffix, suffix.removeprefix(".").upper()))
    return _checked_by_name(kind, head, path)


def reader_of(kind: DocumentKind) -> Reader:
    """Give the reader of a kind; its libraries are loaded now."""
    return cast("Reader", import_module(_MODULES[kind]).read)


def _head_of(path: Path) -> bytes:
    try:
        # A pipe or device could make one wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            raise refusal(ErrorCode.DOCUMENT_UNREADABLE, path, "no file")
        with path.open("rb") as stream:
            return stream.read(_HEAD_BYTES)
    except FileNotFoundError as error:
        raise refusal(ErrorCode.DOCUMENT_MISSING, path) from error
    except OSError as error:
        raise unreadable(path, error) from error


def _checked_by_name(kind: DocumentKind, head: bytes, path: Path) -> DocumentKind:
    """See that a file can be what its name says; text can be called anything."""
    if kind in (DocumentKind.PDF, DocumentKind.RTF) or kind in _ARCHIVES:
        is_web_page = head.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html"))
        if is_web_page:
            # Programs save tables and letters under such names.
            return DocumentKind.HTML
        raise damaged(path, "another format than its name says")
    return kind


def _kind_of_compound_file(path: Path, suffix: str) -> DocumentKind:
    """Tell letters of Outlook from old Office formats, and new ones that are locked."""
    try:
        names = names_in_root(path)
    except WorldError as error:
        # What the disk does not give says nothing about the format.
        if error.code is ErrorCode.DOCUMENT_UNREADABLE or suffix == OUTLOOK_ENDING:
            raise
        raise _refused_by_bytes(path, suffix) from error
    # Not by what stands anywhere in it: letters have Office documents within them.
    if any(name.startswith(_OUTLOOK_PARTS) for name in names):
        return DocumentKind.EMAIL
    parts = (_LOCKED_PART, *(part for part, _ in _OLD_PARTS), _PART_OF_OLDER_EXCEL)
    raise _refused_office_file(path, suffix, {one for one in parts if one.casefold() in names})


def _refused_by_bytes(path: Path, suffix: str) -> WorldError:
    """Tell what a file is whose directory cannot be read, by names anywhere in it."""
    try:
        with path.open("rb") as stream:
            data = stream.read(_OLE_BYTES)
            if len(data) == _OLE_BYTES:
                stream.seek(-_OLE_BYTES, 2)
                data += stream.read(_OLE_BYTES)
    except OSError as error:
        return unreadable(path, error)
    parts = (_LOCKED_PART, *(part for part, _ in _OLD_PARTS))
    return _refused_office_file(
        path, suffix, {one for one in parts if one.encode("utf-16-le") in data}
    )


def _refused_office_file(path: Path, suffix: str, parts: set[str]) -> WorldError:
    if _LOCKED_PART in parts:
        return refusal(ErrorCode.DOCUMENT_NEEDS_PASSWORD, path)
    for part, name in (*_OLD_PARTS, (_PART_OF_OLDER_EXCEL, OLD_EXCEL)):
        if part in parts:
            return unsupported(path, name)
    return unsupported(path, OLD_FORMATS.get(suffix, "Microsoft OLE"))


def _kind_of_archive(path: Path, suffix: str) -> DocumentKind:
    try:
        with ZipFile(path) as archive:
            names = {name.casefold() for name in archive.namelist()}
    except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise damaged(path, type(error).__name__) from error
    by_name = KIND_OF_SUFFIX.get(suffix)
    if by_name in _ARCHIVES:
        wanted = next(part for part, kind in _ARCHIVE_PARTS if kind is by_name)
        # The main part of Office documents can have another name, too.
        if wanted.casefold() in names or "[content_types].xml" in names:
            return by_name
    for part, kind in _ARCHIVE_PARTS:
        if part.casefold() in names:
            return kind
    if by_name in _ARCHIVES:
        raise damaged(path, "a part is missing")
    raise unsupported(path, "ZIP")
