"""The pages of an open PDF document with their lines, and which of these are on others too."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2

from app.core.documents.text import Box
from app.readers.pdf_annotations import PlacedText, annotations_of
from app.readers.pdf_lines import Line, LineFinder
from app.readers.pdf_margins import (
    NEIGHBOURS,
    MarginLine,
    Repeated,
    margin_lines,
    repeated_lines,
)
from app.readers.pdf_space import PageSpace
from app.readers.pdf_text import PdfText, boxes_of, raw_text_of, text_of, with_more


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page, and what is found on it.

    Attributes:
        raw_text: as pdfium gives it.
        lines: in the order in which they were drawn.
    """

    page: pypdfium2.PdfPage
    textpage: pypdfium2.PdfTextPage
    raw_text: str
    finder: LineFinder
    lines: list[Line]


class PdfPages:
    """Opens the pages of a document; read in order, each is opened once.

    Args:
        document: that they are of.
    """

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self._document = document
        self._open: dict[int, OpenPage] = {}
        self._margins: dict[int, tuple[list[MarginLine], int]] = {}

    @contextmanager
    def opened(self, number: int) -> Iterator[OpenPage]:
        """Open a page, counted from 1, and close it and those before it afterwards.

        Raises:
            PdfiumError: the page cannot be read.
        """
        try:
            yield self._opened(number)
        finally:
            for done in [one for one in self._open if one <= number]:
                self._close(done)

    def close(self) -> None:
        """Close all pages."""
        for number in list(self._open):
            self._close(number)

    def text(self, number: int, headings: dict[str, int] | None = None) -> PdfText:
        """Give the clean text of a page; the same page gives the same text every time.

        Args:
            number: of a page that is open.
            headings: bookmarks that lead to this page, folded, with their level.
        """
        opened = self._open[number]
        found = text_of(
            opened.textpage,
            opened.raw_text,
            opened.finder,
            opened.lines,
            self._repeated(number),
            headings,
        )
        space = PageSpace.of(opened.page)
        labels = (
            PlacedText(" ".join(opened.raw_text[cell.start : cell.end].split()), box)
            for line in opened.lines
            for cell in line.cells
            for box in [_box_of(cell.left, cell.bottom, cell.right, cell.top, space)]
        )
        return with_more(found, annotations_of(self._document, opened.page, labels))

    def boxes(self, number: int, start: int, end: int) -> tuple[Box, ...]:
        """Give where characters `start` to `end` of a page's text stand; see `boxes_of`."""
        return boxes_of(self._open[number].textpage, self.text(number), start, end)

    def _opened(self, number: int) -> OpenPage:
        if number not in self._open:
            page = self._document[number - 1]
            try:
                textpage = page.get_textpage()
            except pypdfium2.PdfiumError:
                page.close()
                raise
            raw_text = raw_text_of(textpage)
            finder = LineFinder(textpage, raw_text)
            self._open[number] = OpenPage(page, textpage, raw_text, finder, finder.lines())
        return self._open[number]

    def _repeated(self, number: int) -> Repeated:
        own, digest = self._margins_of(number)
        for far in [one for one in self._margins if abs(one - number) > max(NEIGHBOURS)]:
            del self._margins[far]
        if not own:
            return Repeated()
        n_pages = len(self._document)
        others = {
            distance: self._margins_of(number + distance)
            for distance in NEIGHBOURS
            if 1 <= number + distance <= n_pages
        }
        # A page that is there twice says all of it twice.
        return repeated_lines(
            own, {at: lines for at, (lines, other) in others.items() if other != digest}
        )

    def _margins_of(self, number: int) -> tuple[list[MarginLine], int]:
        """Give the lines in the margins of a page, and what tells its text from others."""
        if number not in self._margins:
            try:
                opened = self._opened(number)
            except pypdfium2.PdfiumError:
                self._margins[number] = [], 0
            else:
                lines = margin_lines(opened.lines, opened.raw_text, PageSpace.of(opened.page))
                self._margins[number] = lines, hash(opened.raw_text)
        return self._margins[number]

    def _close(self, number: int) -> None:
        opened = self._open.pop(number)
        opened.textpage.close()
        opened.page.close()


def _box_of(left: float, bottom: float, right: float, top: float, space: PageSpace) -> Box:
    """Give a place among lines, which is that shown where the page is turned, as a box."""
    if space.turned:
        return Box(left, -top, right, -bottom)
    return space.box(left, bottom, right, top)
