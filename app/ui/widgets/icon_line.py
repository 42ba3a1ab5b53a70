"""A quiet line of text with a sign before it."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.icons import pixmap
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.labels import label

ICON_PX = 15
_ICONS = {
    Tone.PLAIN: "info",
    Tone.NEUTRAL: "info",
    Tone.GOOD: "circle-check",
    Tone.WARN: "triangle-alert",
    Tone.BAD: "circle-alert",
}


class IconLine(QWidget):
    """Text that may wrap, beside a small icon in the colour of its tone; hidden while empty."""

    def __init__(self, theme: Theme, role: str = "faint", icon_name: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._fixed_icon = icon_name
        self._tone = Tone.PLAIN
        self._icon = label()
        self.text = label("", role, wraps=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.text, 1)
        theme.changed.connect(self._tint)
        self.hide()

    def say(self, tone: Tone, text: str) -> None:
        """Show other words."""
        self._tone = tone
        self.text.setText(text)
        self.setVisible(bool(text))
        self._tint()

    @Slot()
    def _tint(self) -> None:
        """Take the colours and sizes of the theme."""
        tokens = self._theme.tokens
        colors = {Tone.GOOD: tokens.good, Tone.WARN: tokens.warn, Tone.BAD: tokens.bad}
        side = self._theme.px(ICON_PX)
        name = self._fixed_icon or _ICONS[self._tone]
        color = colors.get(self._tone, tokens.faint)
        self._icon.setPixmap(pixmap(name, color, side, self.devicePixelRatioF()))
