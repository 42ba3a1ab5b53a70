"""Buttons with an icon in the colours of the theme."""

from PySide6.QtCore import QEvent, QSize, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from app.ui.icons import icon
from app.ui.theme import Theme

ICON_PX = 18
ICON_GAP = "\u2002"
"""Between an icon and the text beside it; Qt's own gap is too narrow."""


class IconButton(QToolButton):
    """A quiet button that is only an icon; its name is the tooltip and what is read aloud."""

    def __init__(
        self,
        theme: Theme,
        icon_name: str,
        name: str,
        keys: str = "",
        size_px: int = ICON_PX,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = icon_name
        self._size_px = size_px
        self.setProperty("kind", "quiet")
        self.setAutoRaise(True)
        self.rename(name, keys)
        theme.changed.connect(self._tint)
        self._tint()

    def rename(self, name: str, keys: str = "") -> None:
        """Change what the button says it does, and the keys that do the same."""
        self.setAccessibleName(name)
        native = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(f"{name}\u2002{native}" if keys else name)

    def change_icon(self, icon_name: str) -> None:
        """Show another icon."""
        self._icon_name = icon_name
        self._tint()

    @Slot()
    def _tint(self) -> None:
        """Take the colour and size of the theme."""
        side = self._theme.px(self._size_px)
        self.setIcon(icon(self._icon_name, self._theme.tokens.dim, side))
        self.setIconSize(QSize(side, side))


class TextButton(QPushButton):
    """A button with text and, if wanted, an icon before it.

    Args:
        kind: of the style sheet: "" (ordinary), primary, quiet, nav, offline.
    """

    def __init__(
        self,
        theme: Theme,
        text: str,
        icon_name: str = "",
        kind: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = icon_name
        if kind:
            self.setProperty("kind", kind)
        self.say(text)
        theme.changed.connect(self._tint)
        self.toggled.connect(self._tint)
        self._tint()

    def change_icon(self, icon_name: str) -> None:
        """Show another icon before the words."""
        self._icon_name = icon_name
        self._tint()

    def set_kind(self, kind: str) -> None:
        """Be another kind of button; the main one of a page is `primary`."""
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
            self._tint()

    def say(self, text: str) -> None:
        """Show other words."""
        self.setAccessibleName(text)
        self.updateGeometry()
        gap = ICON_GAP if self._icon_name and text else ""
        self.setText("\n".join(f"{gap}{line}" for line in text.split("\n")))

    @Slot()
    def _tint(self) -> None:
        """Take the colour and size of the theme."""
        if not self._icon_name:
            return
        tokens, kind = self._theme.tokens, self.property("kind")
        color = tokens.text
        if kind == "primary":
            color = tokens.on_accent
        elif kind == "offline" or self.isChecked():
            color = tokens.on_accent_soft
        elif kind == "nav":
            color = tokens.dim
        if not self.isEnabled():
            color = tokens.faint
        side = self._theme.px(ICON_PX)
        self.setIcon(icon(self._icon_name, color, side))
        self.setIconSize(QSize(side, side))

    def changeEvent(self, event: QEvent) -> None:
        """Let the icon be as faint as the words while nothing can be done."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.EnabledChange:
            self._tint()
