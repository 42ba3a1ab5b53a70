"""How an answer ended if it did not end well, and the button that asks again."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label
from app.worker.signal_types import signal

GAP_PX = 8


class EndingLine(QWidget):
    """A sentence, and below it a button where trying again may help.

    Signals:
        try_again_pressed: the button was pressed.
    """

    try_again_pressed = signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._note = label("", "dim", wraps=True)
        self._button = TextButton(theme, self.tr("Try again"), "rotate-ccw")
        self._button.clicked.connect(self._on_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(GAP_PX))
        layout.addWidget(self._note)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeading)
        self.hide()

    def say(self, note: str, *, offers_again: bool) -> None:
        """Show a sentence; an empty one hides the line."""
        self._note.setText(note)
        self._button.setVisible(offers_again)
        self.setVisible(bool(note))

    @Slot()
    def _on_button(self) -> None:
        self.try_again_pressed.emit()
