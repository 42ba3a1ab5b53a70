"""The lines of a block of code: coloured, selectable, and as high as the code is long."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextCursor, QTextLayout
from PySide6.QtWidgets import QTextBrowser, QWidget

from app.ui.widgets.code_colours import (
    WHOLE_CHARS,
    CodeColourist,
    CodeRole,
    ColouredLine,
    Span,
    code_palette,
)
from app.ui.widgets.markdown_leaves import CodeLeaf
from app.ui.widgets.prose_style import ProseStyle
from app.ui.widgets.safe_text_browser import SafeTextBrowser

# Qt draws the whole of a line even if most of it is out of sight.
_LONGEST_LINE_CHARS: Final = 1_000


class CodeText(SafeTextBrowser):
    """Shows code without wrapping its lines; long ones are scrolled to the side."""

    def __init__(self, style: ProseStyle, parent: QWidget | None = None) -> None:
        self._language = ""
        self._code = ""
        self._open_line = ""
        self._colourist = CodeColourist("")
        self._spans: list[tuple[Span, ...]] = [()]
        self._formats: dict[CodeRole, QTextCharFormat] = {}
        super().__init__(style, parent)
        self.setLineWrapMode(QTextBrowser.LineWrapMode.NoWrap)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    def restyle(self, style: ProseStyle) -> None:
        """Draw everything again in another style."""
        super().restyle(style)
        spans = self._spans
        self._spans = [()] * len(spans)
        with self.editing():
            self._colour([ColouredLine(number, found) for number, found in enumerate(spans)])

    def _base_font(self) -> QFont:
        return self.prose_style.code_font

    def _apply_style(self) -> None:
        super()._apply_style()
        self._formats = {}
        for role, colour in code_palette(self.prose_style.theme.tokens).items():
            self._formats[role] = QTextCharFormat()
            self._formats[role].setForeground(QColor(colour))

    def set_leaf(self, leaf: CodeLeaf) -> None:
        """Show the code of `leaf`; lines already shown are not touched."""
        if leaf.language != self._language or not leaf.code.startswith(self._code):
            self._begin(leaf.language)
        is_first = not self._code
        added = self._with_short_lines(leaf.code[len(self._code) :])
        self._code = leaf.code
        lines = added.split("\n")
        lines[0] = self._open_line + lines[0]
        self._open_line = lines[-1]
        self._spans += [()] * (len(lines) - 1)
        with self.editing() as cursor:
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(added)
            if leaf.is_open:
                self._colour(self._colourist.add_lines(lines[:-1]))
                self._colour([self._colourist.colour_open_line(self._open_line)])
            elif is_first or len(self._code) <= WHOLE_CHARS:
                code = added if is_first else self.toPlainText()
                self._colour(self._colourist.colour_all(code))
            else:
                self._colour(self._colourist.add_lines(lines))

    def _begin(self, language: str) -> None:
        self.clear()
        self._language = language
        self._code = self._open_line = ""
        self._colourist = CodeColourist(language)
        self._spans = [()]

    def _with_short_lines(self, added: str) -> str:
        """Break lines that are too long; where depends on the code alone."""
        column = len(self._open_line)
        if column + len(added) <= _LONGEST_LINE_CHARS:
            return added
        broken: list[str] = []
        for line in added.split("\n"):
            rest = line
            pieces = []
            while column + len(rest) > _LONGEST_LINE_CHARS:
                room = _LONGEST_LINE_CHARS - column
                pieces.append(rest[:room])
                rest = rest[room:]
                column = 0
            broken.append("\n".join([*pieces, rest]))
            column = 0
        return "\n".join(broken)

    def _colour(self, lines: Sequence[ColouredLine]) -> None:
        document = self.document()
        for line in lines:
            if line.number >= len(self._spans) or self._spans[line.number] == line.spans:
                continue
            self._spans[line.number] = line.spans
            block = document.findBlockByNumber(line.number)
            block.layout().setFormats(self._ranges(block.text(), line.spans))
            document.markContentsDirty(block.position(), block.length())

    def _ranges(self, text: str, spans: Sequence[Span]) -> list[QTextLayout.FormatRange]:
        ranges = []
        for span in spans:
            found = QTextLayout.FormatRange()
            found.start = span.start
            found.length = span.end - span.start
            if not text.isascii():
                # Qt counts UTF-16 units.
                found.start += _astral_count(text[: span.start])
                found.length += _astral_count(text[span.start : span.end])
            found.format = self._formats[span.role]
            ranges.append(found)
        return ranges


def _astral_count(text: str) -> int:
    return sum(character > "\uffff" for character in text)
