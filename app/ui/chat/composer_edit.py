"""The field in which a message is typed: it grows with its text and knows which key sends."""

import math

from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QInputMethodEvent,
    QKeyEvent,
    QResizeEvent,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from app.worker.signal_types import signal, signal_of

MOST_LINES = 8
LONG_TEXT_CHARS = 2_000
"""A pasted text longer than this may better be a document: about a page of print."""
PAGE_KEYS = frozenset({Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
ENTER_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class ComposerEdit(QPlainTextEdit):
    """Plain text from one to eight lines high, then scrolling.

    Signals:
        send_pressed: the key that sends was pressed.
        focus_changed: the keyboard focus came or went.
        long_text_pasted: so much was pasted that it may better be a document.
    """

    send_pressed = signal()
    long_text_pasted = signal_of(str)
    focus_changed = signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._enter_sends = True
        self._is_composing = False
        self._most_px: int | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.document().documentLayout().documentSizeChanged.connect(self._fit_height)

    def set_enter_sends(self, enter_sends: bool) -> None:  # noqa: FBT001 - a setting's value
        """Say whether Enter sends; Ctrl+Enter always does."""
        self._enter_sends = enter_sends

    def set_most_px(self, most_px: int) -> None:
        """Scroll earlier where eight lines would be higher than this."""
        if most_px != self._most_px:
            self._most_px = most_px
            self._fit_height()
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As high as the lines that are shown."""
        return QSize(super().sizeHint().width(), self._height_px(self._n_lines()))

    def minimumSizeHint(self) -> QSize:
        """One line."""
        return QSize(super().minimumSizeHint().width(), self._height_px(1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send, start a new line, or type."""
        if event.key() in PAGE_KEYS and self._n_lines() <= self._most_lines():
            event.ignore()  # All of the text is in sight: the keys are for the turns above.
            return
        if event.key() not in ENTER_KEYS or self._is_composing:
            super().keyPressEvent(event)
            return
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self._sends_with(modifiers):
            # A key held down sends once.
            if not event.isAutoRepeat():
                self.send_pressed.emit()
        elif not self.isReadOnly():
            # Qt would put a line separator, which is no line break to anybody else.
            self.textCursor().insertBlock()
            self.ensureCursorVisible()

    def _sends_with(self, modifiers: Qt.KeyboardModifier) -> bool:
        if modifiers == Qt.KeyboardModifier.ControlModifier:
            return True
        return self._enter_sends and modifiers == Qt.KeyboardModifier.NoModifier

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Note whether an input method is composing: its Enter chooses, it does not send."""
        super().inputMethodEvent(event)
        self._is_composing = bool(event.preeditString())

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Take any text; dragged files are for the window."""
        return source.hasText() and not _holds_files(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste as plain text, whatever it looked like where it comes from."""
        if source.hasText():
            self.insertPlainText(source.text())
            self.ensureCursorVisible()
            if len(source.text()) > LONG_TEXT_CHARS:
                self.long_text_pasted.emit(source.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrapping has changed."""
        super().resizeEvent(event)
        self._fit_height()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell the card, which shows the focus."""
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the card, which shows the focus."""
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def _fit_height(self) -> None:
        n_lines = self._n_lines()
        needs_bar = n_lines > self._most_lines()
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(
            policy if needs_bar else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        if self.height() != self._height_px(n_lines):
            self.updateGeometry()

    def _most_lines(self) -> int:
        if self._most_px is None:
            return MOST_LINES
        fitting = int(self._most_px / QFontMetricsF(self.font()).lineSpacing())
        return max(1, min(MOST_LINES, fitting))

    def _n_lines(self) -> int:
        # A plain text document counts its height in lines, wrapped ones included.
        return max(1, math.ceil(self.document().size().height()))

    def _height_px(self, n_lines: int) -> int:
        # Lines are laid out in whole px; with one px less Qt scrolls the first out of sight.
        spacing = math.ceil(QFontMetricsF(self.font()).lineSpacing())
        margins = self.contentsMargins()
        edges = 2 * self.document().documentMargin() + margins.top() + margins.bottom()
        return math.ceil(spacing * min(n_lines, self._most_lines()) + edges) + 1


def _holds_files(source: QMimeData) -> bool:
    return any(url.isLocalFile() for url in source.urls())
