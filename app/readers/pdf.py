"""Reads PDF documents page by page: their text layer, or the picture of the page."""

from dataclasses import replace
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from app.core.documents.text import (
    Block,
    BlockKind,
    DocumentFacts,
    DocumentKind,
    PageText,
    PageUnit,
    TextSource,
    WordBox,
)
from app.core.errors import ErrorCode, Facts, WorldError
from app.readers import ocr
from app.readers.language import language_of
from app.readers.pdf_document import label_of, opened_pdf
from app.readers.pdf_pages import PdfPages
from app.readers.pdf_space import PageSpace
from app.readers.pdf_text import PdfText, folded
from app.readers.reading import EmitPage, ReadingLimits, ReadingOptions

FEW_CHARACTERS = 20
"""A page with fewer, and a picture on most of it, is a scan: a stamp or page number was typed."""
PICTURE_PART = 0.4
"""So much of a page is covered by pictures if it is a scan."""
LONE_PICTURE_PART = 0.05
"""On a page without any text a picture may be as small as that."""
POINTS_PER_INCH = 72
MAX_SCAN_PX = 5000
LANGUAGE_SAMPLE = 4000
MAX_BOOKMARKS = 2000


def read(
    path: Path, limits: ReadingLimits, options: ReadingOptions, emit_page: EmitPage
) -> DocumentFacts:
    """Read a document.

    Raises:
        WorldError: DOCUMENT_NEEDS_PASSWORD, DOCUMENT_DAMAGED, DOCUMENT_UNREADABLE,
            DOCUMENT_IS_SCAN, OCR_MISSING or DOCUMENT_EMPTY.
    """
    del limits
    with opened_pdf(path) as document:
        reader = _PdfReader(path, document, options, emit_page)
        try:
            return reader.read()
        finally:
            reader.close()


class _PdfReader:
    def __init__(
        self,
        path: Path,
        document: pypdfium2.PdfDocument,
        options: ReadingOptions,
        emit_page: EmitPage,
    ) -> None:
        self._path, self._document = path, document
        self._options, self._emit_page = options, emit_page
        self._bookmarks = _bookmarks(document)
        self._sample = ""
        self._without_text: list[int] = []
        self._n_with_text = 0
        self._script: str | None = None
        self._pages = PdfPages(document)

    def read(self) -> DocumentFacts:
        n_pages = len(self._document)
        for number in range(1, n_pages + 1):
            page = self._page(number)
            self._n_with_text += bool(page.text)
            if len(self._sample) < LANGUAGE_SAMPLE:
                self._sample += page.text[:LANGUAGE_SAMPLE] + "\n"
            # Pages without text as well: they show that the work goes on.
            self._emit_page(page)
        if not self._n_with_text:
            raise self._nothing()
        title = str(self._document.get_metadata_dict().get("Title") or "").strip()
        return DocumentFacts(
            DocumentKind.PDF,
            PageUnit.PAGE,
            title[:200],
            language_of(self._sample),
            n_pages,
            tuple(self._without_text),
            needs_ocr=bool(self._without_text) and not ocr.tesseract(),
        )

    def close(self) -> None:
        """Close the pages that are open."""
        self._pages.close()

    def _nothing(self) -> WorldError:
        facts = Facts(self._path.name, str(self._path))
        if not self._without_text:
            return WorldError(ErrorCode.DOCUMENT_EMPTY, facts)
        is_missing = self._options.reads_scans and not ocr.tesseract()
        return WorldError(
            ErrorCode.OCR_MISSING if is_missing else ErrorCode.DOCUMENT_IS_SCAN, facts
        )

    def _page(self, number: int) -> PageText:
        """Give a page; one that pdfium cannot read counts as without text."""
        label = label_of(self._document, number)
        try:
            with self._pages.opened(number) as opened:
                found = self._pages.text(number, self._bookmarks.get(number))
                if _is_scan(opened.page, found):
                    return _with_areas(self._scanned(opened.page, number, label), found)
        except pypdfium2.PdfiumError:
            return self._without(number, label)
        source = TextSource.TEXT if found.text else TextSource.NONE
        return PageText(number, label, found.text, found.blocks, source)

    def _scanned(self, page: pypdfium2.PdfPage, number: int, label: str) -> PageText:
        if self._options.reads_scans and ocr.tesseract():
            recognised = ocr.recognise(_picture(page), number, label, self._languages(page))
            if recognised.text:
                return recognised
        return self._without(number, label)

    def _languages(self, page: pypdfium2.PdfPage) -> tuple[str, ...]:
        """Give the languages to look for, likeliest first; a script that is seen decides."""
        language = language_of(self._sample)
        if not language and self._script is None:
            self._script = ocr.script_of(_picture(page))
        by_script = () if language else ocr.languages_of_script(self._script or "")
        return (language, *by_script, *self._options.languages)

    def _without(self, number: int, label: str) -> PageText:
        self._without_text.append(number)
        return PageText(number, label, "", (), TextSource.NONE)


def _is_scan(page: pypdfium2.PdfPage, found: PdfText) -> bool:
    """Say whether the text of a page is in its picture."""
    if not found.is_readable:
        return True
    # Fields and comments, which follow what is drawn, say nothing of what the picture shows.
    n_seen = sum(map(len, found.text[: len(found.origins)].split()))
    if n_seen >= FEW_CHARACTERS:
        return False
    width, height = page.get_size()
    space = PageSpace.of(page)
    covered = 0.0
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        box = space.box(*picture.get_bounds())
        covered += max(0.0, min(box.right, width) - max(box.left, 0.0)) * max(
            0.0, min(box.bottom, height) - max(box.top, 0.0)
        )
    least = PICTURE_PART if n_seen else LONE_PICTURE_PART
    return bool(covered >= least * width * height)


def _with_areas(page: PageText, found: PdfText) -> PageText:
    """Put the fields and comments of a scan after the text that was recognised on it."""
    if not found.areas:
        return page
    pieces, blocks, boxes = [page.text] if page.text else [], list(page.blocks), []
    n = len(page.text)
    for first, last, box in found.areas:
        start = n + 1 if pieces else 0
        n = start + last - first
        pieces.append(found.text[first:last])
        blocks.append(Block(BlockKind.PARAGRAPH, start, n))
        boxes.append(WordBox(start, n, box))
    return replace(
        page,
        text="\n".join(pieces),
        blocks=tuple(blocks),
        source=TextSource.TEXT if page.source is TextSource.NONE else page.source,
        word_boxes=(*page.word_boxes, *boxes),
    )


def _picture(page: pypdfium2.PdfPage) -> ocr.Picture:
    width, height = page.get_size()
    scale = ocr.DOTS_PER_INCH / POINTS_PER_INCH
    scale = min(scale, MAX_SCAN_PX / max(width, height, 1))
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        row_bytes = bitmap.width
        pixels = bytes(bitmap.buffer)
        if bitmap.stride != row_bytes:
            rows = range(0, bitmap.stride * bitmap.height, bitmap.stride)
            pixels = b"".join(pixels[start : start + row_bytes] for start in rows)
        return ocr.Picture(bitmap.width, bitmap.height, pixels, 1 / scale)
    finally:
        bitmap.close()


def _bookmarks(document: pypdfium2.PdfDocument) -> dict[int, dict[str, int]]:
    """Give the bookmarks of each page (from 1): folded title to level."""
    found: dict[int, dict[str, int]] = {}
    for number, bookmark in enumerate(document.get_toc(max_depth=6)):
        if number >= MAX_BOOKMARKS:
            break
        destination = bookmark.get_dest()
        index = destination.get_index() if destination is not None else None
        title = folded(bookmark.get_title() or "")
        if index is not None and index >= 0 and title:
            found.setdefault(index + 1, {})[title] = min(bookmark.level + 1, 6)
    return found
