"""How an answer ended if it did not end well, and the button that may help."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.message import Action
from app.ui.messages import action_words
from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label
from app.worker.signal_types import signal_of

GAP_PX = 8


class EndingLine(QWidget):
    """A sentence, and below it a button for what may help.

    Signals:
        action_pressed: the button was pressed.
    """

    action_pressed = signal_of(Action)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action: Action | None = None
        self._note = label("", "dim", wraps=True)
        self._button = TextButton(theme, "")
        self._button.clicked.connect(self._on_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(GAP_PX))
        layout.addWidget(self._note)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeading)
        self.hide()

    def say(self, note: str, action: Action | None) -> None:
        """Show a sentence and offer an action; without a sentence the line is hidden."""
        self._note.setText(note)
        self._action = action
        self._button.say(action_words(action) if action is not None else "")
        self._button.setVisible(action is not None)
        self.setVisible(bool(note))

    def set_can_ask(self, *, can_ask: bool) -> None:
        """Hold back what would begin another answer."""
        self._button.setEnabled(can_ask or self._action is not Action.TRY_AGAIN)

    @Slot()
    def _on_button(self) -> None:
        if self._action is not None:
            self.action_pressed.emit(self._action)
