"""Selecting across the sections of an answer, as if they were one text."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QMouseEvent, QTextCursor

from app.ui.widgets.safe_text_browser import SafeTextBrowser


class SectionSelection:
    """Lets a drag out of one text of a column go on in the next.

    Args:
        texts: Tells the texts from top to bottom.
    """

    def __init__(self, texts: Callable[[], Sequence[SafeTextBrowser]]) -> None:
        self._texts = texts

    def selected_text(self) -> str:
        """What is selected in all sections, an empty line between them."""
        parts = (text.selected_text() for text in self._texts())
        return "\n\n".join(part for part in parts if part)

    def select_all(self) -> None:
        """Select all of the answer."""
        for text in self._texts():
            text.selectAll()

    def begin(self, source: SafeTextBrowser) -> None:
        """A new selection begins in `source`."""
        self._clear_but(source)

    def _clear_but(self, *kept: SafeTextBrowser) -> None:
        for text in self._texts():
            if text not in kept and text.textCursor().hasSelection():
                cursor = text.textCursor()
                cursor.clearSelection()
                text.setTextCursor(cursor)

    def drag(self, source: SafeTextBrowser, event: QMouseEvent) -> bool:
        """Select from the anchor in `source` to the pointer; false if it is still in `source`."""
        texts = list(self._texts())
        start = next(number for number, text in enumerate(texts) if text is source)
        end = self._under_pointer(texts, event)
        if end == start:
            self._clear_but(source)
            return False
        goes_down = end > start
        touched = texts[start : end + 1] if goes_down else texts[end : start + 1]
        self._clear_but(*touched)
        _select_to_edge(source, goes_down=goes_down)
        for text in touched:
            if text is not source and text is not texts[end]:
                text.selectAll()
        target = texts[end]
        pointer = target.viewport().mapFromGlobal(event.globalPosition().toPoint())
        position = target.cursorForPosition(pointer).position()
        cursor = target.textCursor()
        edge = QTextCursor.MoveOperation.Start if goes_down else QTextCursor.MoveOperation.End
        cursor.movePosition(edge)
        cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
        target.setTextCursor(cursor)
        return True

    def _under_pointer(self, texts: Sequence[SafeTextBrowser], event: QMouseEvent) -> int:
        """Number of the last text that begins above the pointer."""
        y = event.globalPosition().toPoint().y()
        tops = [text.mapToGlobal(text.rect().topLeft()).y() for text in texts]
        return max((number for number, top in enumerate(tops) if top <= y), default=0)


def _select_to_edge(text: SafeTextBrowser, *, goes_down: bool) -> None:
    cursor = text.textCursor()
    cursor.setPosition(cursor.anchor())
    edge = QTextCursor.MoveOperation.End if goes_down else QTextCursor.MoveOperation.Start
    cursor.movePosition(edge, QTextCursor.MoveMode.KeepAnchor)
    text.setTextCursor(cursor)
