"""A page as text, with the words that were found marked in it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from app.ui.theme import Theme
from app.ui.widgets.text_safety import masked_text
from app.worker.signal_types import signal_of

EDGE_PX = 20


class TextView(QPlainTextEdit):
    """Shows plain text, to be read and copied, scrolled to its first mark.

    Signals:
        page_turned: the reader goes on past the end (1) or the beginning (-1) of the text.
    """

    page_turned = signal_of(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._marks: Sequence[tuple[int, int]] = ()
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setStyleSheet("QPlainTextEdit, QPlainTextEdit:focus { border: none; padding: 0; }")
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_text(self, text: str, marks: Sequence[tuple[int, int]], name: str) -> None:
        """Show another text; marks are ranges of its characters."""
        shown = masked_text(text)
        self.setPlainText(shown)
        self.setAccessibleName(name)
        self._marks = [
            (_qt_length(shown[:start]), _qt_length(shown[:end]))
            for start, end in marks
            if 0 <= start < end <= len(shown)
        ]
        self._restyle()
        cursor = self.textCursor()
        cursor.setPosition(self._marks[0][0] if self._marks else 0)
        self.setTextCursor(cursor)
        self.centerCursor() if self._marks else self.ensureCursorVisible()

    def go_to_end(self) -> None:
        """Show the end of the text: the reader comes from the page after it."""
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def marked_texts(self) -> list[str]:
        """Give what is marked."""
        return [one.cursor.selectedText() for one in self.extraSelections()]

    @Slot()
    def _restyle(self) -> None:
        tokens = self._theme.tokens
        self.document().setDocumentMargin(self._theme.px(EDGE_PX))
        look = QTextCharFormat()
        look.setBackground(QColor(tokens.highlight))
        look.setForeground(QColor(tokens.text))
        # Not by colour alone.
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        look.setUnderlineColor(QColor(tokens.warn))
        selections: list[QTextEdit.ExtraSelection] = []
        for start, end in self._marks:
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            selection.cursor = cursor
            selection.format = look
            selections.append(selection)
        self.setExtraSelections(selections)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by screens, and past the end of a page to the next one."""
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_PageDown:
            self._scroll(1) if bar.value() < bar.maximum() else self.page_turned.emit(1)
        elif event.key() == Qt.Key.Key_PageUp:
            self._scroll(-1) if bar.value() > bar.minimum() else self.page_turned.emit(-1)
        else:
            super().keyPressEvent(event)

    def _scroll(self, n_screens: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + n_screens * bar.pageStep())


def _qt_length(text: str) -> int:
    """The length as Qt counts it: in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
