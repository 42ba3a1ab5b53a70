"""Tells what a document is, by its content first and by its name second, and who reads it."""

import importlib
import os
import stat
import zipfile
from pathlib import Path
from typing import Final, cast

from app.core.documents.text import DocumentKind
from app.core.errors import ErrorCode, Facts, WorldError
from app.readers.reading import Read

HEAD_BYTES: Final = 4096
PDF_WITHIN_BYTES: Final = 1024
"""Readers of PDF look for the mark within the first kilobyte (ISO 32000-1, annex H)."""
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Container of old office files, and of new ones that are locked with a password."""

_BY_SUFFIX: Final = {
    ".pdf": DocumentKind.PDF,
    ".docx": DocumentKind.DOCX,
    ".docm": DocumentKind.DOCX,
    ".dotx": DocumentKind.DOCX,
    ".pptx": DocumentKind.PPTX,
    ".pptm": DocumentKind.PPTX,
    ".ppsx": DocumentKind.PPTX,
    ".xlsx": DocumentKind.XLSX,
    ".xlsm": DocumentKind.XLSX,
    ".odt": DocumentKind.ODT,
    ".ott": DocumentKind.ODT,
    ".epub": DocumentKind.EPUB,
    ".html": DocumentKind.HTML,
    ".htm": DocumentKind.HTML,
    ".xhtml": DocumentKind.HTML,
    ".md": DocumentKind.MARKDOWN,
    ".markdown": DocumentKind.MARKDOWN,
    ".txt": DocumentKind.TEXT,
    ".text": DocumentKind.TEXT,
    ".log": DocumentKind.TEXT,
    ".rst": DocumentKind.TEXT,
    ".csv": DocumentKind.CSV,
    ".tsv": DocumentKind.CSV,
    ".rtf": DocumentKind.RTF,
    ".eml": DocumentKind.EMAIL,
}
_OLD_FORMATS: Final = {
    ".doc": "Word 97-2003",
    ".dot": "Word 97-2003",
    ".xls": "Excel 97-2003",
    ".ppt": "PowerPoint 97-2003",
    ".pps": "PowerPoint 97-2003",
    ".msg": "Outlook",
    ".pages": "Apple Pages",
    ".numbers": "Apple Numbers",
    ".key": "Apple Keynote",
}
"""Named to the user; what else there is in a folder is no document and is left out."""

READABLE_SUFFIXES: Final = frozenset(_BY_SUFFIX)
KNOWN_SUFFIXES: Final = READABLE_SUFFIXES | frozenset(_OLD_FORMATS)
"""Of files that belong into a collection, be it with the reason why they are not read."""

_READERS: Final = {
    DocumentKind.PDF: "app.readers.pdf",
    DocumentKind.DOCX: "app.readers.formats.word",
    DocumentKind.PPTX: "app.readers.formats.slides",
    DocumentKind.XLSX: "app.readers.formats.sheets",
    DocumentKind.ODT: "app.readers.formats.open_document",
    DocumentKind.EPUB: "app.readers.formats.book",
    DocumentKind.HTML: "app.readers.formats.web_page",
    DocumentKind.MARKDOWN: "app.readers.formats.markdown",
    DocumentKind.TEXT: "app.readers.formats.plain_text",
    DocumentKind.CSV: "app.readers.formats.delimited",
    DocumentKind.RTF: "app.readers.formats.rich_text",
    DocumentKind.EMAIL: "app.readers.formats.email_message",
}
"""Modules with a function `read`; imported when the first such document comes."""


def reader_of(kind: DocumentKind) -> Read:
    """Give the function that reads documents of a kind."""
    return cast("Read", importlib.import_module(_READERS[kind]).read)


def kind_of(path: Path) -> DocumentKind:
    """Tell what a document is.

    Raises:
        WorldError: DOCUMENT_MISSING, DOCUMENT_UNREADABLE, DOCUMENT_EMPTY,
            DOCUMENT_UNSUPPORTED or DOCUMENT_NEEDS_PASSWORD.
    """
    suffix = path.suffix.lower()
    head = _head(path)
    if b"%PDF-" in head[:PDF_WITHIN_BYTES]:
        return DocumentKind.PDF
    if head.startswith(_OLE):
        raise _refused_container(path, suffix)
    if suffix in _OLD_FORMATS and suffix not in _BY_SUFFIX:
        raise _refusal(ErrorCode.DOCUMENT_UNSUPPORTED, path, _OLD_FORMATS[suffix])
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_archive(path)
    if head.startswith(b"{\\rtf"):
        return DocumentKind.RTF
    kind = _BY_SUFFIX.get(suffix)
    if kind is None:
        raise _refusal(ErrorCode.DOCUMENT_UNSUPPORTED, path, suffix.lstrip("."))
    if kind in {DocumentKind.PDF, DocumentKind.DOCX, DocumentKind.PPTX, DocumentKind.XLSX}:
        raise _refusal(ErrorCode.DOCUMENT_DAMAGED, path, "")
    if kind in {DocumentKind.ODT, DocumentKind.EPUB}:
        raise _refusal(ErrorCode.DOCUMENT_DAMAGED, path, "")
    return DocumentKind.TEXT if kind is DocumentKind.RTF else kind


def _head(path: Path) -> bytes:
    """Give the first bytes of a regular file; a pipe or device would never end."""
    try:
        # Not blocking, since opening a pipe that nobody writes to waits for ever.
        number = os.open(
            path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        )
        with os.fdopen(number, "rb") as file:
            if not stat.S_ISREG(os.fstat(number).st_mode):
                raise _refusal(ErrorCode.DOCUMENT_UNSUPPORTED, path, "")
            head = file.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise _refusal(ErrorCode.DOCUMENT_MISSING, path, "") from error
    except OSError as error:
        raise _refusal(ErrorCode.DOCUMENT_UNREADABLE, path, error.strerror or "") from error
    if not head:
        raise _refusal(ErrorCode.DOCUMENT_EMPTY, path, "")
    return head


def _refused_container(path: Path, suffix: str) -> WorldError:
    if suffix in _BY_SUFFIX:
        return _refusal(ErrorCode.DOCUMENT_NEEDS_PASSWORD, path, "")
    name = _OLD_FORMATS.get(suffix, "Office 97-2003")
    return _refusal(ErrorCode.DOCUMENT_UNSUPPORTED, path, name)


def _kind_of_archive(path: Path) -> DocumentKind:
    """Look into a zip file for what office programs and books put there."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype")[:80] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise _refusal(ErrorCode.DOCUMENT_DAMAGED, path, "", str(error)) from error
    for member, kind in (
        ("word/document.xml", DocumentKind.DOCX),
        ("ppt/presentation.xml", DocumentKind.PPTX),
        ("xl/workbook.xml", DocumentKind.XLSX),
        ("xl/workbook.bin", None),
        ("META-INF/container.xml", DocumentKind.EPUB),
    ):
        if member in names and kind is not None:
            return kind
    if mimetype.startswith(b"application/vnd.oasis.opendocument.text"):
        return DocumentKind.ODT
    by_suffix = _BY_SUFFIX.get(path.suffix.lower())
    if by_suffix in {DocumentKind.DOCX, DocumentKind.PPTX, DocumentKind.XLSX, DocumentKind.ODT}:
        return by_suffix
    raise _refusal(ErrorCode.DOCUMENT_UNSUPPORTED, path, "zip")


def _refusal(code: ErrorCode, path: Path, reason: str, detail: str = "") -> WorldError:
    return WorldError(code, Facts(path.name, str(path), reason), detail)
