"""A quiet line that says why there is no answer yet, with a bar or a button."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from app.ui.chat.waiting import Waiting
from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label
from app.worker.signal_types import signal

SHOWN_AFTER_MS = 300
"""What takes less is not worth a line that comes and goes."""
BAR_STEPS = 1000
GAP_PX = 8


class WaitingLine(QWidget):
    """Shows a `Waiting` once it has lasted; one that asks for something is shown at once.

    Signals:
        action_pressed: the button was pressed.
    """

    action_pressed = signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waiting: Waiting | None = None
        self._label = label("", "dim", wraps=True)
        self._button = TextButton(theme, "")
        self._button.clicked.connect(self._on_button)
        self._bar = QProgressBar()
        self._bar.setRange(0, BAR_STEPS)
        self._bar.setTextVisible(False)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.px(GAP_PX))
        layout.addWidget(self._label)
        layout.addWidget(self._bar)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeading)
        layout.setContentsMargins(0, 0, 0, 0)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_AFTER_MS)
        self._timer.timeout.connect(self._come_up)
        self.hide()

    @property
    def waiting(self) -> Waiting | None:
        """What is waited for, on the screen or about to be."""
        return self._waiting

    def wait_for(self, waiting: Waiting | None) -> None:
        """Show what is waited for; None when there is nothing any more."""
        self._waiting = waiting
        if waiting is None:
            self._timer.stop()
            self.hide()
            return
        self._label.setText(waiting.text)
        self._label.setToolTip(waiting.explanation)
        self._button.say(waiting.action)
        self._button.setVisible(bool(waiting.action))
        self._bar.setVisible(waiting.fraction is not None)
        self._bar.setValue(round((waiting.fraction or 0.0) * BAR_STEPS))
        self._bar.setAccessibleName(waiting.text)
        if waiting.action:
            self._come_up()
        elif self.isHidden() and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _come_up(self) -> None:
        self._timer.stop()
        self.show()

    @Slot()
    def _on_button(self) -> None:
        self.action_pressed.emit()
