"""Contrast of every pair of colours in use, and that the look follows the settings."""

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.resources import resources_folder
from app.ui.theme import Appearance, Theme
from app.ui.tokens import DARK, HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT, LIGHT, Tokens

ALL = {
    "light": LIGHT,
    "dark": DARK,
    "high contrast light": HIGH_CONTRAST_LIGHT,
    "high contrast dark": HIGH_CONTRAST_DARK,
}
TEXT_PAIRS = [
    *(
        (text, surface)
        for text in ("text", "dim", "faint")
        for surface in ("page", "rail", "card")
    ),
    ("text", "raised"),
    ("text", "user_bubble"),
    ("text", "code_surface"),
    ("text", "highlight"),
    ("on_accent", "accent"),
    ("on_accent_soft", "accent_soft"),
    ("accent", "page"),
    ("good", "good_soft"),
    ("warn", "warn_soft"),
    ("bad", "bad_soft"),
    ("text", "warn_soft"),
    ("text", "bad_soft"),
    ("text", "accent_soft"),
    ("page", "text"),
]
SIGN_PAIRS = [
    ("control_line", "card"),
    ("control_line", "page"),
    ("accent", "card"),
    ("accent", "page"),
    ("accent", "rail"),
]


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    shade = QColor(color)
    channels = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (shade.redF(), shade.greenF(), shade.blueF())
    ]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(("text", "surface"), TEXT_PAIRS)
def test_text_can_be_read(name: str, text: str, surface: str) -> None:
    tokens: Tokens = ALL[name]
    assert contrast(getattr(tokens, text), getattr(tokens, surface)) >= 4.5


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(("sign", "surface"), SIGN_PAIRS)
def test_borders_and_focus_can_be_seen(name: str, sign: str, surface: str) -> None:
    tokens: Tokens = ALL[name]
    assert contrast(getattr(tokens, sign), getattr(tokens, surface)) >= 3.0


class Listener(QObject):
    """Counts changes."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.n_changes = 0
        theme.changed.connect(self.note)

    def note(self) -> None:
        self.n_changes += 1


def test_choosing_colours_and_size_changes_the_whole_application(
    qtbot: QtBot, qapp: QApplication
) -> None:
    theme = Theme()
    theme.apply(qapp)
    listener = Listener(theme)
    theme.set_appearance(Appearance.DARK)
    assert theme.tokens is DARK
    assert qapp.palette().window().color() == QColor(DARK.page)
    assert DARK.page in qapp.styleSheet()
    theme.set_scale(2.0)
    assert theme.px(14) == 28
    assert qapp.font().pixelSize() == 28
    assert listener.n_changes == 2
    theme.set_scale(2.0)
    assert listener.n_changes == 2
    theme.set_appearance(Appearance.HIGH_CONTRAST)
    assert theme.tokens is HIGH_CONTRAST_LIGHT
    theme.set_appearance(Appearance.LIGHT)
    theme.set_scale(1.0)


def test_the_bundled_fonts_are_used(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme()
    theme.apply(qapp)
    assert qapp.font().family() == "Inter"
    assert qapp.font().exactMatch()
    assert theme.code_font().exactMatch()


def test_every_licence_of_what_is_bundled_is_there() -> None:
    names = {path.stem for path in resources_folder().joinpath("licences").glob("*.txt")}
    assert {"Inter-OFL", "JetBrainsMono-OFL", "Lucide-ISC"} <= names
