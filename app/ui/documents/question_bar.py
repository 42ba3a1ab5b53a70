"""A field for a question with a button beside it."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.worker.signal_types import signal_of

LONGEST_CHARS = 1000


class QuestionBar(QWidget):
    """Enter or the button asks.

    Args:
        theme: colours and scale.
        name: of the field.
        button_text: what asking is called here.

    Signals:
        asked: this was asked; never empty.
    """

    asked = signal_of(str)

    def __init__(self, theme: Theme, name: str, button_text: str) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setPlaceholderText(name)
        self.field.setAccessibleName(name)
        self.field.setMaxLength(LONGEST_CHARS)
        self.field.returnPressed.connect(self._on_asked)
        self.field.textChanged.connect(self._on_changed)
        self.button = TextButton(theme, button_text, kind="primary")
        self.button.clicked.connect(self._on_asked)
        self.button.setEnabled(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.button)

    def question(self) -> str:
        """Give what was typed."""
        return self.field.text().strip()

    @Slot(str)
    def _on_changed(self, _text: str) -> None:
        """Without a question there is nothing to ask."""
        self.button.setEnabled(bool(self.question()))

    @Slot()
    def _on_asked(self) -> None:
        """Ask."""
        if self.question():
            self.asked.emit(self.question())
