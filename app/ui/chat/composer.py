"""The card at the bottom of a chat: the text to send, and the button that sends or stops."""

from PySide6.QtCore import QRectF, Qt, QTimer, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.chat.composer_edit import ComposerEdit
from app.ui.chat.send_button import SendButton
from app.ui.theme import Theme
from app.ui.widgets.prose_style import interface_font
from app.worker.signal_types import signal, signal_of

RADIUS_PX = 18
TEXT_PX = 15
DRAFT_PAUSE_MS = 500
SIDE_PX = 8
BARE_SIDE_PX = 14
"""Text needs more room at the rounded corner than a button does."""

_BARE = (
    "QPlainTextEdit, QPlainTextEdit:focus"
    " { border: none; background: transparent; padding: 0; min-height: 0; }"
)


class Composer(QWidget):
    """Where a message is typed. Text leaves it only through `clear_sent` and `set_text`.

    Signals:
        send_requested: the text to send; it stays in the field until `clear_sent`.
        send_blocked: the text cannot be sent while an answer is written.
        stop_requested: the answer being written is to stop.
        draft_changed: the text, after typing has paused.
        long_text_pasted: this was pasted, and may better be a document.
    """

    send_requested = signal_of(str)
    send_blocked = signal()
    stop_requested = signal()
    draft_changed = signal_of(str)
    long_text_pasted = signal_of(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._before: QWidget | None = None
        self._is_answering = False
        self._is_sending = False
        self._draft_timer = QTimer(self, singleShot=True, interval=DRAFT_PAUSE_MS)
        self._draft_timer.timeout.connect(self._report_draft)
        self._edit = ComposerEdit(self)
        self.set_asks_documents(asks_documents=False)
        self._edit.setAccessibleName(self.tr("Message"))
        self._edit.send_pressed.connect(self.send)
        self._edit.focus_changed.connect(self.update)
        self._edit.long_text_pasted.connect(self.long_text_pasted.emit)
        self._edit.textChanged.connect(self._on_text_changed)
        # The card has the border and the focus ring.
        self._edit.setStyleSheet(_BARE)
        self._button = SendButton(theme, self)
        self._button.clicked.connect(self._on_button)
        self._layout = QHBoxLayout(self)
        self._layout.addWidget(self._edit, 1, Qt.AlignmentFlag.AlignVCenter)
        self._layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignBottom)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self._edit)
        theme.changed.connect(self._restyle)
        self._restyle()
        self._update_button()

    def set_asks_documents(self, *, asks_documents: bool) -> None:
        """Say what is asked while nothing has been typed."""
        documents = self.tr("Ask your documents")
        self._edit.setPlaceholderText(documents if asks_documents else self.tr("Ask anything"))

    def text(self) -> str:
        """Give the text as it stands."""
        return self._edit.toPlainText()

    def set_text(self, text: str) -> None:
        """Show the draft of another chat; this is no change of a draft."""
        self._edit.setPlainText(text)
        self._edit.moveCursor(self._edit.textCursor().MoveOperation.End)
        self._draft_timer.stop()

    def add_text(self, text: str) -> None:
        """Put a text at the end, below what is there; Undo takes it out again."""
        cursor = self._edit.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        cursor.insertText(f"\n{text}" if self.text() else text)
        self._edit.setTextCursor(cursor)
        self._edit.setFocus()

    def put_before(self, widget: QWidget) -> None:
        """Put a button where lines begin."""
        self._before = QWidget(self)
        inside = QHBoxLayout(self._before)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(widget, 0, Qt.AlignmentFlag.AlignCenter)
        self._layout.insertWidget(0, self._before, 0, Qt.AlignmentFlag.AlignBottom)
        self._restyle()

    def take_out(self, text: str) -> None:
        """Remove a text that was pasted, if it still stands there; Undo puts it back."""
        start = self.text().rfind(text)
        if start >= 0:
            # Qt counts in UTF-16 units.
            first = _qt_length(self.text()[:start])
            cursor = self._edit.textCursor()
            cursor.setPosition(first)
            cursor.setPosition(first + _qt_length(text), cursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()

    def clear_sent(self, text: str) -> bool:
        """Empty the field if its text is still `text`, which is sent now; say whether it was."""
        if self.text() != text:
            return False
        self.set_text("")
        return True

    def set_answering(self, *, is_answering: bool) -> None:
        """Turn Send into Stop while an answer is written."""
        self._is_answering = is_answering
        self._update_button()

    def set_sending(self, *, is_sending: bool) -> None:
        """Hold the text still until it is known whether it was stored."""
        self._is_sending = is_sending
        self._edit.setReadOnly(is_sending)
        self._draft_timer.stop()
        self._update_button()

    def set_enter_sends(self, *, enter_sends: bool) -> None:
        """Follow the setting: Enter sends, or Ctrl+Enter alone does."""
        self._edit.set_enter_sends(enter_sends)

    def set_room(self, page_px: int) -> None:
        """Leave most of a page of this height to the turns."""
        self._edit.set_most_px(page_px // 3)

    def report_draft_now(self) -> None:
        """Do not wait for a pause: the text is about to leave the screen."""
        if self._draft_timer.isActive():
            self._report_draft()

    @Slot()
    def _on_text_changed(self) -> None:
        self._update_button()
        self._draft_timer.start()

    @Slot()
    def _report_draft(self) -> None:
        self._draft_timer.stop()
        self.draft_changed.emit(self.text())

    @Slot()
    def _on_button(self) -> None:
        if self._is_answering:
            self.stop_requested.emit()
            self._edit.setFocus()
        else:
            self.send()

    @Slot()
    def send(self) -> None:
        """Ask to send the text, if there is any and it may be sent now."""
        if self._is_sending or not self.text().strip():
            return
        if self._is_answering:
            self.send_blocked.emit()
        else:
            self.send_requested.emit(self.text())

    def _update_button(self) -> None:
        self._button.show_stop(is_stop=self._is_answering)
        has_text = bool(self.text().strip())
        self._button.setEnabled(self._is_answering or (has_text and not self._is_sending))

    def _restyle(self) -> None:
        theme = self._theme
        font = interface_font(theme, TEXT_PX, QFont.Weight.Normal)
        self._edit.setFont(font)
        # The placeholder is drawn in the font of the viewport, which keeps the one before.
        self._edit.viewport().setFont(font)
        before_px = BARE_SIDE_PX if self._before is None else SIDE_PX
        if self._before is not None:
            # In line with the button at the other end.
            self._before.setFixedSize(self._button.sizeHint())
        edges = (theme.px(before_px), theme.px(6), theme.px(8), theme.px(6))
        self._layout.setContentsMargins(*edges)
        self._layout.setSpacing(theme.px(8))
        self._edit.updateGeometry()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Stop the answer with Esc."""
        if event.key() == Qt.Key.Key_Escape and self._is_answering:
            self.stop_requested.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a click beside the text as one into it."""
        self._edit.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card; its border shows the focus."""
        tokens = self._theme.tokens
        has_focus = self._edit.hasFocus()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            width = 2.0 if has_focus else 1.0
            painter.setPen(
                QPen(QColor(tokens.accent if has_focus else tokens.control_line), width)
            )
            painter.setBrush(QColor(tokens.card))
            inset = width / 2
            box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            radius = self._theme.px(RADIUS_PX)
            painter.drawRoundedRect(box, radius, radius)


def _qt_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
