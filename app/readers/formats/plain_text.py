"""Reads plain text in any encoding."""

import codecs
import io
from collections.abc import Iterator
from pathlib import Path

from app.core.documents.text import DocumentFacts, DocumentKind, PageUnit
from app.core.errors import ErrorCode
from app.readers.encodings import SAMPLE_BYTES, encoding_of
from app.readers.formats.page_writer import PART_CHARACTERS, PageWriter
from app.readers.formats.plain_lines import blocks_of
from app.readers.reading import EmitPage, ReadingLimits, ReadingOptions
from app.readers.refusals import refusal, unsupported

MAX_BYTES = 1_000_000_000
_CHECK_BYTES = 1 << 20


def read(
    path: Path, limits: ReadingLimits, _options: ReadingOptions, emit_page: EmitPage
) -> DocumentFacts:
    """Read a text file, bit by bit; see `app.readers.reading`.

    It is one whole, however many pages of `PageText` it takes.
    """
    encoding = file_encoding(path)
    writer = PageWriter(path, PageUnit.WHOLE, limits, emit_page)
    for kind, text in blocks_of(lines_of(path, encoding)):
        writer.add(kind, text)
    return writer.finish(DocumentKind.TEXT)


def file_encoding(path: Path) -> str:
    """Tell the encoding of a text file.

    Raises:
        WorldError: DOCUMENT_UNSUPPORTED: it is no text; DOCUMENT_EMPTY; DOCUMENT_UNREADABLE;
            DOCUMENT_TOO_LARGE.
    """
    try:
        with path.open("rb") as stream:
            sample = stream.read(SAMPLE_BYTES)
            n_bytes = path.stat().st_size
            if not sample.strip():
                raise refusal(ErrorCode.DOCUMENT_EMPTY, path)
            if n_bytes > MAX_BYTES:
                raise refusal(ErrorCode.DOCUMENT_TOO_LARGE, path, needed_bytes=n_bytes)
            encoding = encoding_of(sample, is_cut=n_bytes > len(sample))
            if encoding == "utf-8":
                encoding = _checked_utf8(stream, sample)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise refusal(ErrorCode.DOCUMENT_UNREADABLE, path, reason) from error
    if not encoding:
        raise unsupported(path, "")
    return encoding


def lines_of(path: Path, encoding: str) -> Iterator[str]:
    """Give the lines of a file; of one that is extremely long, pieces.

    Args:
        path: the file.
        encoding: of `file_encoding`.
    """
    with path.open(encoding=encoding, errors="replace", newline=None) as stream:
        yield from _pieces_of(stream)


def _pieces_of(stream: io.TextIOBase) -> Iterator[str]:
    rest = ""
    while piece := stream.readline(PART_CHARACTERS):
        if rest:
            piece, rest = rest + piece, ""
        if not piece.endswith("\n") and len(piece) >= PART_CHARACTERS:
            # Not in the midst of a word, where there are words.
            cut = max(piece.rfind(" "), piece.rfind("\t")) + 1
            if cut > PART_CHARACTERS // 2:
                piece, rest = piece[:cut], piece[cut:]
        yield piece
    if rest:
        yield rest


def _checked_utf8(stream: io.BufferedIOBase, sample: bytes) -> str:
    """See that what begins as UTF-8 goes on so; else tell what the odd part is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    piece = sample
    try:
        while piece:
            decoder.decode(piece)
            piece = stream.read(_CHECK_BYTES)
    except UnicodeDecodeError:
        if sample.isascii():
            return encoding_of(piece[:SAMPLE_BYTES], is_cut=True) or "utf-8"
    return "utf-8"
