"""The foot of a model's details: a word of warning where one is due, progress, one button."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout

from app.ui.theme import Theme
from app.ui.widgets.labels import label
from app.ui.widgets.wrapping_button import WrappingButton


class FootBar(QFrame):
    """What does not scroll away.

    Attributes:
        warning: above the button; hidden without words.
        progress: between them; who makes one gives it its name.
        button: what can be done.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("surface", "foot")
        self.warning = label("", "faint", wraps=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.button = WrappingButton(theme, "", kind="primary")
        self._column = QVBoxLayout(self)
        for part in (self.warning, self.progress, self.button):
            self._column.addWidget(part)
        theme.changed.connect(self._restyle)
        self._restyle()

    def warn(self, text: str) -> None:
        """Say what is to be known before the button is pressed; nothing if `text` is empty."""
        self.warning.setText(text)
        self.warning.setVisible(bool(text))

    def show_fraction(self, fraction: float) -> None:
        """Show how far it is, 0.0 to 1.0."""
        self.progress.setValue(round(fraction * 100))

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        px = self._theme.px
        self._column.setContentsMargins(px(16), px(10), px(16), px(14))
        self._column.setSpacing(px(8))
