"""The quiet line below the composer."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QLabel, QWidget

EXPLAINED_MS = 5_000


class Footnote(QLabel):
    """Says that answers can be wrong, and for a moment what else there is to know."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "faint")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self._timer = QTimer(self, singleShot=True, interval=EXPLAINED_MS)
        self._timer.timeout.connect(self._show_usual)
        self._show_usual()

    @Slot()
    def explain_blocked(self) -> None:
        """Say why nothing was sent."""
        self.setText(
            self.tr("Your message can be sent when this answer has ended, or after Stop (Esc).")
        )
        self._timer.start()

    @Slot()
    def _show_usual(self) -> None:
        self.setText(self.tr("Answers come from this computer and can be wrong."))
