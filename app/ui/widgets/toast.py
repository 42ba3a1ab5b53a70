"""A short note at the bottom of the window, with Undo where something can be undone."""

from collections import deque

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.announcement import announce
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label
from app.worker.signal_types import signal, signal_of

SHOWN_MS = 8000
BOTTOM_PX = 28
ABOVE_PX = 8
"""Distance to the bottom of the window, and to what a note stays above."""
MOVES = frozenset({QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide})
MAX_WIDTH_PX = 560
SIDE_PX = 12
"""The least distance to the sides of the window."""


class ToastHost(QFrame):
    """Shows one note at a time; it stays while the pointer or the keyboard is on it.

    A note of the same key takes the place of the one before. One without a button makes room
    for any other; while one with a button is shown, others wait for its end.

    Signals:
        focus_left: the button that had the focus is gone.
        action_taken: the button of the note with this key was pressed.
        expired: the time of the note with this key is up.
    """

    action_taken = signal_of(str)
    expired = signal_of(str)
    focus_left = signal()

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._theme = theme
        self._key = ""
        self._below: QWidget | None = None
        self._waiting: deque[tuple[str, str, str]] = deque()
        self.setProperty("surface", "toast")
        self._text = label("", wraps=False)
        self._button = TextButton(theme, "")
        self._button.clicked.connect(self._on_action)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 10, 8)
        layout.setSpacing(14)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self._on_expired)
        window.installEventFilter(self)
        self._button.installEventFilter(self)
        self.hide()

    def stay_above(self, below: QWidget) -> None:
        """Keep notes above a widget while it is in sight, so that they do not cover it."""
        self._below = below
        below.installEventFilter(self)

    def show_toast(self, key: str, text: str, action_text: str = "") -> None:
        """Show a note, now or after the one that the user may still want to act on."""
        if self._key not in {"", key} and not self._button.isHidden():
            self._waiting.append((key, text, action_text))
            return
        self._key = key
        self._text.setText(text)
        self._button.say(action_text)
        self._button.setVisible(bool(action_text))
        self.show()
        self.raise_()
        self._place()
        self._timer.start()
        announce(self, text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place when the window is resized, and while the button has the focus."""
        if event.type() in MOVES and watched in {self.parent(), self._below}:
            self._place()
        elif event.type() is QEvent.Type.FocusIn and watched is self._button:
            self._timer.stop()
        elif event.type() is QEvent.Type.FocusOut and watched is self._button:
            self._timer.start()
        return super().eventFilter(watched, event)

    def enterEvent(self, event: QEvent) -> None:
        """Stay while the pointer is here."""
        self._timer.stop()
        super().enterEvent(event)  # type: ignore[arg-type]

    def leaveEvent(self, event: QEvent) -> None:
        """Go on counting."""
        self._timer.start()
        super().leaveEvent(event)

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None or not self.isVisible():
            return
        room = min(self._theme.px(MAX_WIDTH_PX), window.width() - 2 * self._theme.px(SIDE_PX))
        self._text.setWordWrap(False)
        width = min(self.sizeHint().width(), room)
        self._text.setWordWrap(self.sizeHint().width() > room)
        height = self.heightForWidth(width) if self.hasHeightForWidth() else -1
        self.resize(width, height if height > 0 else self.sizeHint().height())
        middle, bottom = window.width() // 2, window.height() - self._theme.px(BOTTOM_PX)
        if self._below is not None and self._below.isVisible():
            place = QRect(self._below.mapTo(window, QPoint(0, 0)), self._below.size())
            middle, bottom = place.center().x(), place.top() - self._theme.px(ABOVE_PX)
        side = self._theme.px(SIDE_PX)
        left = min(middle - width // 2, window.width() - width - side)
        self.move(max(left, side), bottom - self.height())

    def _take_key(self) -> str:
        key, self._key = self._key, ""
        self._timer.stop()
        self.hide()
        return key

    def _show_waiting(self) -> None:
        if not self._key and self._waiting:
            self.show_toast(*self._waiting.popleft())

    @Slot()
    def _on_action(self) -> None:
        """The button was pressed."""
        had_focus = self._button.hasFocus()
        self.action_taken.emit(self._take_key())
        if had_focus:
            self.focus_left.emit()
        self._show_waiting()

    @Slot()
    def _on_expired(self) -> None:
        """Time is up."""
        if self._key:
            self.expired.emit(self._take_key())
            self._show_waiting()
