"""Puts blocks together into pages, and hands out each page when it is full."""

from pathlib import Path

from app.core.documents.text import (
    Block,
    BlockKind,
    DocumentFacts,
    DocumentKind,
    PageText,
    PageUnit,
    TextSource,
)
from app.core.errors import ErrorCode
from app.readers.clean_text import clean
from app.readers.language import SAMPLE_CHARACTERS, language_of
from app.readers.reading import EmitPage, ReadingLimits
from app.readers.refusals import refusal, too_complex

PART_CHARACTERS = 20_000
"""Longer parts of a document go on on a further page, at the end of a block."""
MAX_BLOCKS = 3_000_000
"""About 10 s of work; the largest spreadsheets that people have are of a million rows."""
MAX_HEADER_CHARACTERS = 1_000
"""A header is repeated for each row; tables of thousands of columns would multiply."""
_SAMPLE_OF_PAGE = 1_000


class PageWriter:
    """Collects the blocks of a document.

    Pages are numbered through; where a part (a chapter, a sheet) takes several, they have the
    same label.

    Args:
        path: of the document.
        unit: what a part is.
        limits: how much is read at most.
        emit_page: is given each page as it is full.
    """

    def __init__(
        self, path: Path, unit: PageUnit, limits: ReadingLimits, emit_page: EmitPage
    ) -> None:
        self._path = path
        self.unit = unit
        self._limits = limits
        self._emit_page = emit_page
        self._texts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0
        self._n_pages = 0
        self._n_parts = 1
        self._label = ""
        self._pages_of_part = 0
        self._n_characters = 0
        self._n_blocks = 0
        self._sample = ""

    @property
    def has_text(self) -> bool:
        """The part that was begun has text so far."""
        return bool(self._texts) or self._pages_of_part > 0

    def label_part(self, label: str) -> None:
        """Name the part that was begun, unless it has a name; before its first text goes out."""
        self._label = self._label or clean(label)[:MAX_HEADER_CHARACTERS]

    def next_part(self, label: str = "", *, keeps_empty: bool = True) -> None:
        """End the part that was begun, and begin the next.

        Args:
            label: how the document names the next one.
            keeps_empty: the part counts although it has no text.
        """
        if self.has_text or keeps_empty:
            self._put_out(is_end=True)
            self._n_parts += 1
        self._label, self._pages_of_part = clean(label)[:MAX_HEADER_CHARACTERS], 0

    def add(self, kind: BlockKind, text: str, *, level: int = 0, header: str = "") -> str:
        """Add a block.

        Args:
            kind: what it is.
            text: as the document has it; blocks without text are left out.
            level: of a heading.
            header: of a table row: the row that names the columns.

        Returns:
            The text as it is kept.

        Raises:
            WorldError: DOCUMENT_TOO_COMPLEX: there is too much of it.
        """
        text = clean(text)
        if not text:
            return ""
        header = header[:MAX_HEADER_CHARACTERS]
        rest = text
        while len(rest) > PART_CHARACTERS:
            cut = rest.rfind(" ", 1, PART_CHARACTERS)
            cut = cut if cut > 0 else PART_CHARACTERS
            self._append(kind, rest[:cut], level, header)
            rest = rest[cut:].lstrip(" ")
        self._append(kind, rest, level, header)
        return text

    def finish(self, kind: DocumentKind, title: str = "") -> DocumentFacts:
        """Hand out the last page.

        Args:
            kind: of the document.
            title: as the document has it.

        Raises:
            WorldError: DOCUMENT_EMPTY: it has no text at all.
        """
        if self.has_text:
            self._put_out(is_end=True)
        if not self._n_characters:
            raise refusal(ErrorCode.DOCUMENT_EMPTY, self._path)
        language = language_of(self._sample)
        title = clean(title)[:MAX_HEADER_CHARACTERS]
        return DocumentFacts(kind, self.unit, title, language, self._n_pages)

    def _append(self, kind: BlockKind, text: str, level: int, header: str) -> None:
        if self._texts and self._length + len(text) > PART_CHARACTERS:
            self._put_out(is_end=False)
        self._n_blocks += 1
        self._n_characters += len(text)
        if self._n_blocks > MAX_BLOCKS or self._n_characters > self._limits.max_characters:
            raise too_complex(self._path, "text")
        start = self._length + 1 if self._texts else 0
        self._length = start + len(text)
        self._texts.append(text)
        self._blocks.append(Block(kind, start, self._length, level, header))

    def _put_out(self, *, is_end: bool) -> None:
        """Hand out the page, unless it is the empty rest of a part."""
        if is_end and not self._texts and self._pages_of_part:
            return
        self._n_pages += 1
        self._pages_of_part += 1
        if self._n_pages > self._limits.max_pages:
            raise too_complex(self._path, "pages")
        text = "\n".join(self._texts)
        if len(self._sample) < SAMPLE_CHARACTERS:
            self._sample += text[:_SAMPLE_OF_PAGE] + "\n"
        source = TextSource.TEXT if text else TextSource.NONE
        page = PageText(self._n_pages, self._shown_label(), text, tuple(self._blocks), source)
        self._texts, self._blocks, self._length = [], [], 0
        self._emit_page(page)

    def _shown_label(self) -> str:
        if self._label or self.unit is PageUnit.WHOLE or self._n_parts == self._n_pages:
            return self._label
        return str(self._n_parts)
