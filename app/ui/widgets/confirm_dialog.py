"""Asks before something that cannot be undone."""

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label
from app.ui.widgets.wrapping_row import WrappingRow

WIDTH_PX = 440


class ConfirmDialog(QDialog):
    """A question with two answers; the harmless one has the keyboard. Show it with `open`.

    Args:
        theme: colours and scale.
        title: the question.
        text: what would happen.
        yes, no: words of the buttons, saying what each does; `yes` accepts.
        parent: the window that it belongs to.
    """

    def __init__(
        self, theme: Theme, title: str, text: str, yes: str, no: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._no = TextButton(theme, no)
        self._no.clicked.connect(self.reject)
        self._no.setDefault(True)
        self._yes = TextButton(theme, yes)
        self._yes.setAutoDefault(False)
        self._yes.clicked.connect(self.accept)
        buttons = WrappingRow(theme, gap_px=8)
        buttons.add(self._no)
        buttons.add(self._yes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(label(title, "heading", wraps=True))
        layout.addWidget(label(text, "dim", wraps=True))
        layout.addSpacing(4)
        layout.addWidget(buttons)
        self.setFixedWidth(theme.px(WIDTH_PX))
        self._no.setFocus()
