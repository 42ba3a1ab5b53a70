"""What stands in the place of a page that is not there (yet)."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.core.errors import Failure
from app.ui.messages import message_for
from app.ui.theme import Theme
from app.ui.widgets.labels import breakable, label
from app.ui.widgets.text_safety import visible_text

EDGE_PX = 20
GAP_PX = 10


class TroubleView(QScrollArea):
    """Says that a page is being opened or cannot be, and keeps what was quoted from it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title = label("", "strong", wraps=True)
        self._text = label("", "dim", wraps=True)
        self._quote_head = label(self.tr("What was quoted from it:"), "dim", wraps=True)
        self._quote = label("", wraps=True)
        self._quote.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inside = QWidget()
        self._layout = QVBoxLayout(inside)
        for part in (self._title, self._text, self._quote_head, self._quote):
            self._layout.addWidget(part)
        self._layout.addStretch(1)
        self.setWidget(inside)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_waiting(self) -> None:
        """Say that the page is being opened."""
        self._say(self.tr("Opening the page…"), "", "")

    def show_failure(self, failure: Failure, quote: str) -> None:
        """Say why the page cannot be shown."""
        message = message_for(failure)
        text = f"{message.what_happened} {message.what_to_do}"
        self._say(message.title, text, quote)

    def clear(self) -> None:
        """Show nothing: what takes less than a moment is not worth a word."""
        self._say("", "", "")

    def _say(self, title: str, text: str, quote: str) -> None:
        self._title.setText(title)
        self._text.setText(breakable(text))
        self._quote.setText(f"\u201c{breakable(visible_text(quote))}\u201d" if quote else "")
        self.setAccessibleName(f"{title} {text}".strip())
        for part in (self._text, self._quote):
            part.setVisible(bool(part.text()))
        self._quote_head.setVisible(bool(quote))

    @Slot()
    def _restyle(self) -> None:
        edge = self._theme.px(EDGE_PX)
        self._layout.setContentsMargins(edge, edge, edge, edge)
        self._layout.setSpacing(self._theme.px(GAP_PX))
