"""Settings that few need: folded away until "Advanced" is pressed or a search finds one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.settings.setting_row import SettingRow
from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton


class AdvancedRows(QWidget):
    """Rows below a button that folds them away."""

    def __init__(self, theme: Theme, rows: Sequence[SettingRow]) -> None:
        super().__init__()
        self._rows = rows
        self._is_searched = False
        self._is_open = False
        self._button = TextButton(theme, self.tr("Advanced"), "chevron-right", "quiet")
        self._button.setCheckable(True)
        self._button.toggled.connect(self._on_toggled)
        self._holder = QWidget()
        inner = QVBoxLayout(self._holder)
        inner.setContentsMargins(0, 0, 0, 0)
        for row in rows:
            inner.addWidget(row)
        self._holder.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeading)
        layout.addWidget(self._holder)

    def search(self, wanted: str) -> None:
        """Unfold for what is found here; with nothing wanted, be as before the search."""
        is_found = any(row.matches(wanted) for row in self._rows)
        self._is_searched = bool(wanted)
        self._button.setChecked(is_found if wanted else self._is_open)
        self.setVisible(is_found)

    @Slot(bool)
    def _on_toggled(self, is_open: bool) -> None:  # noqa: FBT001 - Qt slot
        """Fold or unfold; what a search opens is folded again after it."""
        self._holder.setVisible(is_open)
        if not self._is_searched:
            self._is_open = is_open
