"""Draws pages of PDF documents, and finds where characters of their text stand on them."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from app.core.document_events import PagePicture
from app.core.documents.text import Box, Span, WordBox
from app.core.errors import ErrorCode, Facts, WorldError
from app.readers.pdf_document import label_of, opened_pdf
from app.readers.pdf_pages import PdfPages

MAX_SIDE_PX = 4000
"""48 MB of pixels: enough for A4 at 340 dots an inch."""
LEAST_PX = 16
"""Narrower pictures show nothing."""


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as a picture, and the boxes of the characters asked for, in pixels."""

    picture: PagePicture
    boxes: tuple[Box, ...]
    n_pages: int
    label: str


def draw_page(
    path: Path,
    page: int,
    width_px: int,
    spans: Sequence[Span],
    word_boxes: Sequence[WordBox] = (),
) -> DrawnPage:
    """Draw a page.

    Args:
        path: of the document.
        page: counted from 1; one beyond the end counts as the last.
        width_px: of the picture.
        spans: of clean text, to be marked; those on other pages are left out.
        word_boxes: where the words stand, if the text of the page was recognised.

    Raises:
        WorldError: as `opened_pdf`; DOCUMENT_DAMAGED if the page cannot be drawn.
    """
    with opened_pdf(path) as document:
        number = max(1, min(page, len(document)))
        try:
            with contextlib.closing(PdfPages(document)) as pages, pages.opened(number) as opened:
                sheet = opened.page
                width, height = sheet.get_size()
                scale = min(
                    max(width_px, LEAST_PX) / max(width, 1), MAX_SIDE_PX / max(width, height, 1)
                )
                picture = _picture(sheet, scale)
                wanted = [span for span in spans if span.page == number]
                boxes = _marks(pages, number, wanted, word_boxes)
        except pypdfium2.PdfiumError as error:
            facts = Facts(path.name, str(path))
            raise WorldError(ErrorCode.DOCUMENT_DAMAGED, facts, str(error)) from error
        scaled = tuple(
            Box(one.left * scale, one.top * scale, one.right * scale, one.bottom * scale)
            for one in boxes
        )
        return DrawnPage(picture, scaled, len(document), label_of(document, number))


def _picture(page: pypdfium2.PdfPage, scale: float) -> PagePicture:
    bitmap = page.render(scale=scale, rev_byteorder=False, prefer_bgrx=False)
    try:
        row_bytes = bitmap.width * 3
        pixels = bytes(bitmap.buffer)
        if bitmap.stride != row_bytes:
            rows = range(0, bitmap.stride * bitmap.height, bitmap.stride)
            pixels = b"".join(pixels[start : start + row_bytes] for start in rows)
        return PagePicture(bitmap.width, bitmap.height, pixels)
    finally:
        bitmap.close()


def _marks(
    pages: PdfPages,
    number: int,
    spans: Sequence[Span],
    word_boxes: Sequence[WordBox],
) -> list[Box]:
    if word_boxes:
        return [
            word.box
            for word in word_boxes
            if any(word.start < span.end and span.start < word.end for span in spans)
        ]
    if not spans:
        return []
    return [box for span in spans for box in pages.boxes(number, span.start, span.end)]
