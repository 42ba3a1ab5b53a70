"""Which of several versions of a turn is shown, and the way to the others."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.conversation import ShownTurn
from app.ui.theme import Theme
from app.ui.widgets.icon_button import IconButton
from app.ui.widgets.labels import label
from app.worker.signal_types import signal_of


class VersionSwitch(QWidget):
    """Two arrows around "2 of 3"; hidden while there is only one version.

    Signals:
        sibling_requested: another version is wanted; carries its turn's id.
    """

    sibling_requested = signal_of(str)

    def __init__(self, theme: Theme, icon_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sibling_ids: tuple[str, ...] = ()
        self._place = 0
        self._previous = IconButton(
            theme, "chevron-left", self.tr("Previous version"), size_px=icon_px
        )
        self._previous.clicked.connect(self._show_previous)
        self._label = label("", "faint")
        self._next = IconButton(theme, "chevron-right", self.tr("Next version"), size_px=icon_px)
        self._next.clicked.connect(self._show_next)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self._previous, self._label, self._next):
            layout.addWidget(widget)
        self.hide()

    def show_turn(self, shown: ShownTurn) -> None:
        """Offer the other versions of a turn."""
        self._sibling_ids, self._place = shown.sibling_ids, shown.sibling_index
        n_versions = len(self._sibling_ids)
        if n_versions == 1:
            self.hide()
            return
        text = self.tr("{place} of {n}").format(place=self._place + 1, n=n_versions)
        self._label.setText(text)
        self._label.setAccessibleName(self.tr("Version {version}").format(version=text))
        back, forward = "chevron-left", "chevron-right"
        if self.isRightToLeft():
            back, forward = forward, back
        self._previous.change_icon(back)
        self._next.change_icon(forward)
        self._previous.setEnabled(self._place > 0)
        self._next.setEnabled(self._place < n_versions - 1)
        self.show()

    @Slot()
    def _show_previous(self) -> None:
        self.sibling_requested.emit(self._sibling_ids[self._place - 1])

    @Slot()
    def _show_next(self) -> None:
        self.sibling_requested.emit(self._sibling_ids[self._place + 1])
