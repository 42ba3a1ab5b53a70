"""Larger and smaller text, by keys."""

from PySide6.QtCore import QObject, Slot

from app.core.events import SettingRequest
from app.core.settings import SettingKey, setting
from app.ui.theme import Theme
from app.worker.signal_types import signal_of


class TextScale(QObject):
    """Changes the text size by one step of its setting.

    Signals:
        setting_requested: keep the size.
    """

    setting_requested = signal_of(SettingRequest)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    @Slot()
    def enlarge(self) -> None:
        """One step larger."""
        self._change(1)

    @Slot()
    def shrink(self) -> None:
        """One step smaller."""
        self._change(-1)

    @Slot()
    def reset(self) -> None:
        """The size it has by itself."""
        self.setting_requested.emit(SettingRequest(SettingKey.TEXT_SCALE_PERCENT, None))

    def _change(self, steps: int) -> None:
        row = setting(SettingKey.TEXT_SCALE_PERCENT)
        percent = round(self._theme.scale * 100) + steps * int(row.step)
        if row.accepts(percent):
            # At once, so that the next press goes on from here.
            self._theme.set_scale(percent / 100)
            self.setting_requested.emit(SettingRequest(row.key, percent))
