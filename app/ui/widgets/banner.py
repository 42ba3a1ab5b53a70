"""A message inside a page: what happened, what to do, and a button for it."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from app.ui.icons import pixmap
from app.ui.theme import Theme
from app.ui.widgets.announcement import announce
from app.ui.widgets.badge import Tone
from app.ui.widgets.icon_button import IconButton
from app.ui.widgets.labels import label
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of

_ICONS = {
    Tone.NEUTRAL: "info",
    Tone.GOOD: "circle-check",
    Tone.WARN: "triangle-alert",
    Tone.BAD: "circle-alert",
}
ICON_PX = 20
NARROW_BELOW_PX = 360
"""Narrower, the text begins below the icon instead of beside it."""


class Banner(QFrame):
    """Hidden until `say`; the user can close it.

    Signals:
        chosen: a button was pressed; carries the key given for it.
        closed: the user closed it.
    """

    chosen = signal_of(str)
    closed = signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone = Tone.NEUTRAL
        self.setProperty("surface", "banner")
        self._icon = label()
        self._title = label("", "strong", wraps=True)
        self._text = label("", wraps=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close = IconButton(theme, "x", self.tr("Close this message"))
        self._close.clicked.connect(self._on_closed)
        self._buttons = WrappingRow(theme, gap_px=8)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(14, 12, 10, 12)
        self._layout.setHorizontalSpacing(12)
        self._layout.setVerticalSpacing(7)
        self._layout.setColumnStretch(1, 1)
        self._layout.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._layout.addWidget(self._title, 0, 1)
        self._layout.addWidget(self._close, 0, 2, Qt.AlignmentFlag.AlignTop)
        self._lay_out()
        theme.changed.connect(self._tint)
        theme.changed.connect(self._lay_out)
        self.hide()

    def say(
        self, tone: Tone, title: str, text: str, buttons: tuple[tuple[str, str], ...] = ()
    ) -> None:
        """Show a message.

        Args:
            tone: its colour and icon.
            title: what it is about.
            text: what happened and what to do.
            buttons: key and words of each; the first is the main one.
        """
        self._tone = tone
        self.setProperty("tone", tone.value)
        self.style().unpolish(self)
        self.style().polish(self)
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._replace_buttons(buttons)
        self.setAccessibleName(f"{title}. {text}")
        self._tint()
        self.show()
        announce(self, self.accessibleName())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the whole width where there is little."""
        super().resizeEvent(event)
        self._lay_out()

    @Slot()
    def _lay_out(self) -> None:
        first = 0 if self.width() < self._theme.px(NARROW_BELOW_PX) else 1
        self._layout.addWidget(self._text, 1, first, 1, 3 - first)
        self._layout.addWidget(self._buttons, 2, first, 1, 3 - first)

    def _replace_buttons(self, buttons: tuple[tuple[str, str], ...]) -> None:
        self._buttons.clear()
        for place, (key, words) in enumerate(buttons):
            button = WrappingButton(self._theme, words, kind="primary" if place == 0 else "")
            button.setProperty("choice", key)
            button.clicked.connect(self._on_chosen)
            self._buttons.add(button)
        self._buttons.setVisible(bool(buttons))

    @Slot()
    def _on_chosen(self) -> None:
        """Say which button was pressed."""
        sender = self.sender()
        if sender is not None:
            self.hide()
            self.chosen.emit(str(sender.property("choice")))

    @Slot()
    def _on_closed(self) -> None:
        """Hide the message."""
        self.hide()
        self.closed.emit()

    @Slot()
    def _tint(self) -> None:
        """Take the colours of the theme."""
        tokens = self._theme.tokens
        colors = {
            Tone.NEUTRAL: tokens.on_accent_soft,
            Tone.GOOD: tokens.good,
            Tone.WARN: tokens.warn,
            Tone.BAD: tokens.bad,
        }
        side = self._theme.px(ICON_PX)
        drawn = pixmap(_ICONS[self._tone], colors[self._tone], side, self.devicePixelRatioF())
        self._icon.setPixmap(drawn)
