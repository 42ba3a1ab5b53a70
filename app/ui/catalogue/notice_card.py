"""Something to be known before going on, with the buttons that help."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.ui.theme import Theme
from app.ui.widgets.announcement import announce
from app.ui.widgets.badge import Tone
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.labels import breakable, label
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal_of

Choices = tuple[tuple[str, str], ...]
"""Key and words of each button."""


class NoticeCard(QFrame):
    """A banner that stays until there is nothing to say any more.

    Signals:
        chosen: a button was pressed; carries its key.
    """

    chosen = signal_of(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("surface", "banner")
        self._title = IconLine(theme, "strong")
        self._text = label("", wraps=True)
        self._buttons = WrappingRow(theme, gap_px=8)
        self._said: tuple[Tone, str, str, Choices] | None = None
        self._column = QVBoxLayout(self)
        for part in (self._title, self._text, self._buttons):
            self._column.addWidget(part)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def say(self, tone: Tone, title: str, text: str, choices: Choices = ()) -> None:
        """Show a message; the same one again changes nothing.

        Args:
            tone: its colour and icon.
            title: what it is about.
            text: what there is to know.
            choices: the buttons.
        """
        said = (tone, title, text, choices)
        if said == self._said and not self.isHidden():
            return
        self._said = said
        self.setProperty("tone", tone.value)
        self.style().unpolish(self)
        self.style().polish(self)
        self._title.say(tone, title)
        self._text.setText(breakable(text))
        self._text.setVisible(bool(text))
        self._buttons.clear()
        for key, words in choices:
            button = WrappingButton(self._theme, words)
            button.setProperty("choice", key)
            button.clicked.connect(self._on_chosen)
            self._buttons.add(button)
        self._buttons.setVisible(bool(choices))
        self.setAccessibleName(f"{title}. {text}")
        self.show()
        announce(self, self.accessibleName())

    def say_nothing(self) -> None:
        """Hide it."""
        self._said = None
        self.hide()

    @Slot()
    def _on_chosen(self) -> None:
        """Say which button was pressed."""
        sender = self.sender()
        if sender is not None:
            self.chosen.emit(str(sender.property("choice")))

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        px = self._theme.px
        self._column.setContentsMargins(px(14), px(12), px(14), px(12))
        self._column.setSpacing(px(6))
