"""The line above the composer while an earlier message is being edited."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.ui.icons import pixmap
from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label
from app.worker.signal_types import signal

ICON_PX = 16
GAP_PX = 8
SIDE_PX = 14


class EditingBar(QWidget):
    """Says which message is edited, and keeps what was typed before.

    Signals:
        cancelled: the message is to stay as it is.
    """

    cancelled = signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._turn_id: str | None = None
        self._aside = ""
        self._icon = QLabel()
        text = self.tr("You are editing a message. What followed it stays as another version.")
        self._text = label(text, "dim", wraps=True)
        self._cancel = TextButton(theme, self.tr("Cancel"), kind="quiet")
        self._cancel.clicked.connect(self._on_cancel)
        self._layout = QHBoxLayout(self)
        self._layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        self._layout.addWidget(self._text, 1)
        self._layout.addWidget(self._cancel)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    @property
    def turn_id(self) -> str | None:
        """The message being edited; None if there is none."""
        return self._turn_id

    def begin(self, turn_id: str, typed: str) -> None:
        """Edit a message, or another one instead; keep what was typed first."""
        if self._turn_id is None:
            self._aside = typed
        self._turn_id = turn_id
        self.show()

    def end(self) -> str:
        """Edit no longer; give what was typed before."""
        self._turn_id = None
        self.hide()
        aside, self._aside = self._aside, ""
        return aside

    @Slot()
    def _on_cancel(self) -> None:
        self.cancelled.emit()

    @Slot()
    def _restyle(self) -> None:
        theme = self._theme
        side = theme.px(ICON_PX)
        drawn = pixmap("pencil", theme.tokens.dim, side, self.devicePixelRatioF())
        self._icon.setPixmap(drawn)
        self._layout.setContentsMargins(theme.px(SIDE_PX), 0, 0, 0)
        self._layout.setSpacing(theme.px(GAP_PX))
