"""Colour and size tokens, and the theme that turns them into a palette and a style sheet."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject

from app.worker.signal_types import signal


class Appearance(StrEnum):
    """Which colours the user wants."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Named colours, each `#rrggbb`. Text on its surface has a contrast of at least 4.5:1."""

    is_dark: bool
    page: str
    rail: str
    card: str
    raised: str
    line: str
    control_line: str
    text: str
    dim: str
    faint: str
    accent: str
    on_accent: str
    accent_soft: str
    on_accent_soft: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    user_bubble: str
    code_surface: str
    highlight: str


LIGHT = Tokens(
    is_dark=False,
    page="#fbfaf8",
    rail="#f3f1ed",
    card="#ffffff",
    raised="#ffffff",
    line="#e5e1da",
    control_line="#8f8a81",
    text="#1f1d1a",
    dim="#6b665e",
    faint="#716b62",
    accent="#2f6f5e",
    on_accent="#ffffff",
    accent_soft="#e2efea",
    on_accent_soft="#1f5546",
    good="#266b43",
    good_soft="#e3f1e7",
    warn="#855900",
    warn_soft="#fbf0d6",
    bad="#b42318",
    bad_soft="#fbe6e3",
    user_bubble="#edeae4",
    code_surface="#f3f1ed",
    highlight="#fbf0d6",
)


class Theme(QObject):
    """The look in force: tokens and scale; `changed` is emitted after either changes."""

    changed = signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tokens = LIGHT
        self._scale = 1.0

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return self._tokens

    @property
    def scale(self) -> float:
        """Text scale, 1.0 is 100 %."""
        return self._scale

    def px(self, length_px: float) -> int:
        """Scale a length in px."""
        return round(length_px * self._scale)
