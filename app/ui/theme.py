"""Colour and size tokens, and the theme that turns them into a palette and a style sheet."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from app.core.settings import SettingKey, SettingValue
from app.ui.icons import application_icon
from app.ui.resources import resources_folder
from app.ui.style_sheet import style_sheet
from app.ui.tokens import DARK, HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT, LIGHT, Tokens
from app.worker.signal_types import signal

__all__ = ["DARK", "LIGHT", "Appearance", "Theme", "Tokens"]

FONT_FAMILY = "Inter"
CODE_FONT_FAMILY = "JetBrains Mono"
TEXT_PX = 14
FONT_FILES = (
    "Inter-Regular.ttf",
    "Inter-Medium.ttf",
    "Inter-SemiBold.ttf",
    "Inter-Bold.ttf",
    "Inter-Italic.ttf",
    "JetBrainsMono.ttf",
)


class Appearance(StrEnum):
    """Which colours the user wants."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the user asked for."""

    appearance: Appearance = Appearance.SYSTEM
    scale: float = 1.0


class Theme(QObject):
    """The look in force: tokens and scale; `changed` is emitted after either changes."""

    changed = signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self._wish = _Wish()
        self._application: QApplication | None = None

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return self._tokens

    @property
    def scale(self) -> float:
        """Text scale, 1.0 is 100 %."""
        return self._wish.scale

    def px(self, length_px: float) -> int:
        """Scale a length in px."""
        return round(length_px * self.scale)

    def code_font(self, size_px: float = 13) -> QFont:
        """Give the font for code at a size in px before scaling."""
        font = QFont(CODE_FONT_FAMILY)
        font.setStyleHint(QFont.StyleHint.Monospace)
        # Two signs stay two signs: "!=" is to be read as it is typed.
        font.setFeature(QFont.Tag("calt"), 0)
        font.setPixelSize(self.px(size_px))
        return font

    def apply(self, application: QApplication) -> None:
        """Dress the application, and follow the system from now on."""
        self._application = application
        application.setStyle("Fusion")
        application.setWindowIcon(application_icon())
        _load_fonts()
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow_system)
        hints.accessibility().contrastPreferenceChanged.connect(self._follow_system)
        self._refresh()

    def follow(self, values: Mapping[SettingKey, SettingValue]) -> None:
        """Look as the settings say."""
        appearance = Appearance(str(values[SettingKey.APPEARANCE]))
        self._wish_for(_Wish(appearance, float(values[SettingKey.TEXT_SCALE_PERCENT]) / 100))

    def set_appearance(self, appearance: Appearance) -> None:
        """Use these colours."""
        self._wish_for(replace(self._wish, appearance=appearance))

    def set_scale(self, scale: float) -> None:
        """Scale all text and controls; 1.0 is 100 %."""
        self._wish_for(replace(self._wish, scale=scale))

    def _wish_for(self, wish: _Wish) -> None:
        if wish != self._wish:
            self._wish = wish
            self._refresh()

    @Slot()
    def _follow_system(self) -> None:
        """Take over a change of the system's colours."""
        self._refresh()

    def _refresh(self) -> None:
        self._tokens = self._choose_tokens()
        if self._application is not None:
            font = QFont(FONT_FAMILY)
            font.setPixelSize(self.px(TEXT_PX))
            font.setStyleHint(QFont.StyleHint.SansSerif)
            self._application.setFont(font)
            self._application.setPalette(_palette(self._tokens))
            icons = resources_folder() / "icons"
            self._application.setStyleSheet(style_sheet(self._tokens, self.scale, icons))
        self.changed.emit()

    def _choose_tokens(self) -> Tokens:
        hints = QGuiApplication.styleHints()
        is_dark = hints.colorScheme() is Qt.ColorScheme.Dark
        contrast = hints.accessibility().contrastPreference()
        match self._wish.appearance:
            case Appearance.LIGHT:
                return LIGHT
            case Appearance.DARK:
                return DARK
            case Appearance.SYSTEM if contrast is not Qt.ContrastPreference.HighContrast:
                return DARK if is_dark else LIGHT
            case _:
                return HIGH_CONTRAST_DARK if is_dark else HIGH_CONTRAST_LIGHT


@functools.cache
def _load_fonts() -> None:
    """Make the fonts known; once, for each further time they would be held and searched again."""
    for name in FONT_FILES:
        QFontDatabase.addApplicationFont(str(resources_folder() / "fonts" / name))


def _palette(tokens: Tokens) -> QPalette:
    """Give the palette for what no style sheet reaches."""
    role = QPalette.ColorRole
    colors = {
        role.Window: tokens.page,
        role.WindowText: tokens.text,
        role.Base: tokens.card,
        role.AlternateBase: tokens.rail,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.faint,
        role.Button: tokens.card,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.bad,
        role.ToolTipBase: tokens.card,
        role.ToolTipText: tokens.text,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Light: tokens.card,
        role.Midlight: tokens.line,
        role.Mid: tokens.control_line,
        role.Dark: tokens.control_line,
        role.Shadow: tokens.text,
    }
    palette = QPalette()
    for name, color in colors.items():
        palette.setColor(name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.faint))
    return palette
