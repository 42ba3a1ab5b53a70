"""Reads web pages that were saved (HTML)."""

from pathlib import Path

from app.core.documents.text import DocumentFacts, DocumentKind, PageUnit
from app.core.errors import ErrorCode
from app.readers.formats.page_writer import PageWriter
from app.readers.formats.web_tree import main_part_of, page_title, parse_web_page, write_blocks
from app.readers.reading import EmitPage, ReadingLimits, ReadingOptions
from app.readers.refusals import refusal
from app.readers.whole_file import read_whole

MAX_BYTES = 40_000_000
"""About 500 MB as a tree."""


def read(
    path: Path, limits: ReadingLimits, _options: ReadingOptions, emit_page: EmitPage
) -> DocumentFacts:
    """Read the visible text of a page, without what leads about it; see `app.readers.reading`."""
    data = read_whole(path, MAX_BYTES)
    root = parse_web_page(data, path)
    if root is None:
        raise refusal(ErrorCode.DOCUMENT_EMPTY, path)
    writer = PageWriter(path, PageUnit.WHOLE, limits, emit_page)
    write_blocks(main_part_of(root), writer)
    return writer.finish(DocumentKind.HTML, page_title(root))
