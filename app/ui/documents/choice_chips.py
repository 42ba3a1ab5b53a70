"""Chips of which one is always chosen."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QButtonGroup

from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal


class _Chip(TextButton):
    """A chip whose words are bold while it is chosen, and have room for that before."""

    def sizeHint(self) -> QSize:
        """Room for the words when they are bold."""
        self.ensurePolished()
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        wide = QFontMetrics(bold).horizontalAdvance(self.text())
        more = max(0, wide - self.fontMetrics().horizontalAdvance(self.text()))
        return super().sizeHint() + QSize(more, 0)

    def minimumSizeHint(self) -> QSize:
        """The words are never cut."""
        return self.sizeHint()


class ChoiceChips(WrappingRow):
    """A row of chips; the arrow keys go from one to the next.

    Args:
        theme: colours and scale.
        name: what is chosen here.
        choices: key and words of each; the first is chosen.

    Signals:
        changed: another one is chosen.
    """

    changed = signal()

    def __init__(self, theme: Theme, name: str, choices: Iterable[tuple[str, str]]) -> None:
        super().__init__(theme, gap_px=6)
        self.setAccessibleName(name)
        self._chips: dict[str, TextButton] = {}
        self._group = QButtonGroup(self)
        for key, text in choices:
            chip = _Chip(theme, text, kind="chip")
            chip.setCheckable(True)
            chip.setChecked(not self._chips)
            chip.setProperty("choice", key)
            self._group.addButton(chip)
            self._chips[key] = chip
            self.add(chip)
        self._group.buttonClicked.connect(self._on_clicked)

    @property
    def chosen(self) -> str:
        """The key of the chosen one."""
        return next(key for key, chip in self._chips.items() if chip.isChecked())

    def choose(self, key: str) -> None:
        """Choose another one, without telling."""
        self._chips[key].setChecked(True)

    def rename(self, key: str, text: str) -> None:
        """Show other words on a chip."""
        if self._chips[key].text() != text:
            self._chips[key].say(text)

    @Slot(QAbstractButton)
    def _on_clicked(self, _chip: QAbstractButton) -> None:
        """Tell of it."""
        self.changed.emit()
