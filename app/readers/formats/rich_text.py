"""Reads Rich Text Format."""

import re
from pathlib import Path

from striprtf.striprtf import rtf_to_text

from app.core.documents.text import BlockKind, DocumentFacts, DocumentKind, PageUnit
from app.readers.formats.page_writer import PageWriter
from app.readers.formats.tables import row_text
from app.readers.reading import EmitPage, ReadingLimits, ReadingOptions
from app.readers.refusals import damaged, too_complex
from app.readers.whole_file import read_whole

MAX_BYTES = 200_000_000
MAX_TEXT_BYTES = 20_000_000
"""Without pictures; the library takes about a second for each million."""
_PICTURES = re.compile(rb"[0-9a-fA-F\r\n\t ]{300,}")
"""Pictures and other files stand in it as digits; white space alone is none, but says nothing."""
_TITLE = re.compile(r"\{\\title ([^{}\\]*)\}")
_ITEM = re.compile(r"[•·▪‣o\-\u2013]\s|\(?(?:\d{1,3}|[a-z])[.)]\s")


def read(
    path: Path, limits: ReadingLimits, _options: ReadingOptions, emit_page: EmitPage
) -> DocumentFacts:
    """Read a text with code pages of its own; see `app.readers.reading`."""
    data = _PICTURES.sub(b" ", read_whole(path, MAX_BYTES))
    if not data.lstrip().startswith(b"{\\rtf"):
        raise damaged(path, "no RTF")
    if len(data) > MAX_TEXT_BYTES:
        raise too_complex(path, "text")
    # Bytes beyond ASCII are those of the code page; the library wants them escaped.
    source = re.sub(rb"[\x80-\xff]", lambda found: b"\\'%02x" % found[0][0], data).decode("ascii")
    try:
        text: str = rtf_to_text(  # type: ignore[no-untyped-call]  # it says that it is typed
            source, encoding=_default_encoding(source), errors="replace"
        )
    except (ValueError, OverflowError, LookupError, TypeError) as error:
        raise damaged(path, f"RTF: {type(error).__name__}") from error
    # Characters beyond 65,535 come as two halves.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    writer = PageWriter(path, PageUnit.WHOLE, limits, emit_page)
    _write_lines(text, writer)
    title = _TITLE.search(source)
    # Old programs wrote a question mark for each letter that they did not know.
    known = title[1].strip(" ?") if title is not None else ""
    return writer.finish(DocumentKind.RTF, known)


_CHARACTER_SETS = {r"\mac": "mac_roman", r"\pc": "cp437", r"\pca": "cp850"}


def _default_encoding(source: str) -> str:
    head = source[:200]
    for word, name in _CHARACTER_SETS.items():
        if re.search(re.escape(word) + r"(?![a-z])", head):
            return name
    return "cp1252"


def _write_lines(text: str, writer: PageWriter) -> None:
    header = ""
    for line in text.split("\n"):
        if line.rstrip().endswith("|") and line.count("|") > 1:
            cells = [" ".join(cell.split()) for cell in line.rstrip().removesuffix("|").split("|")]
            kept = writer.add(BlockKind.TABLE_ROW, row_text(cells), header=header)
            header = header or kept
            continue
        if line.strip():
            header = ""
        kind = BlockKind.LIST_ITEM if _ITEM.match(line.strip()) else BlockKind.PARAGRAPH
        writer.add(kind, line)
