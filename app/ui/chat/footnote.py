"""The quiet line below the composer."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QLabel, QWidget

from app.ui.theme import Theme
from app.ui.widgets.announcement import announce

EXPLAINED_MS = 5_000
LOW_BELOW_PX = 300


class Footnote(QLabel):
    """Says that answers can be wrong, and for a moment what else there is to know.

    On a low page it comes up for that moment only.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_low = False
        self._asks_documents = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "faint")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self._timer = QTimer(self, singleShot=True, interval=EXPLAINED_MS)
        self._timer.timeout.connect(self._show_usual)
        self.setText(self._usual())

    def set_room(self, page_px: int) -> None:
        """Leave a page of this height to the turns if it is low."""
        self._is_low = page_px < self._theme.px(LOW_BELOW_PX)
        self.setVisible(self._timer.isActive() or not self._is_low)

    def set_asks_documents(self, *, asks_documents: bool) -> None:
        """Say what can be done about wrong answers where there are sources."""
        self._asks_documents = asks_documents
        if not self._timer.isActive():
            self.setText(self._usual())

    @Slot()
    def explain_blocked(self) -> None:
        """Say why nothing was sent."""
        self.setText(
            self.tr("Your message can be sent when this answer has ended, or after Stop (Esc).")
        )
        self._timer.start()
        self.show()
        announce(self, self.text())

    @Slot()
    def _show_usual(self) -> None:
        self.setText(self._usual())
        self.setVisible(not self._is_low)

    def _usual(self) -> str:
        if self._asks_documents:
            return self.tr("Answers come from this computer and can be wrong. Check the sources.")
        return self.tr("Answers come from this computer and can be wrong.")
