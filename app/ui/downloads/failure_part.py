"""Why a download failed or waits, inside its card."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.core.errors import Failure
from app.ui.message import Action
from app.ui.messages import action_words, message_for
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.foreign_text import breakable_text
from app.ui.widgets.labels import FlowingLabel, label
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal_of


class FailurePart(QFrame):
    """A title, what happened and what to do, and one button; hidden until there is a failure.

    Signals:
        chosen: the button was pressed.
    """

    chosen = signal_of(Action)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._failure: Failure | None = None
        self._tone = Tone.PLAIN
        self._action: Action | None = None
        self.setProperty("surface", "banner")
        self._title = label("", "strong", wraps=True)
        self._text = FlowingLabel()
        self._button = WrappingButton(theme, "")
        self._button.clicked.connect(self._on_button)
        self._buttons = WrappingRow(theme)
        self._buttons.add(self._button)
        self._column = QVBoxLayout(self)
        for part in (self._title, self._text, self._buttons):
            self._column.addWidget(part)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    @property
    def spoken_text(self) -> str:
        """Title and sentences."""
        text = self._text.text().replace("\u200b", "")
        return f"{self._title.text()}. {text}"

    def show_failure(self, failure: Failure | None, *, is_final: bool) -> None:
        """Show why; None hides it.

        Args:
            failure: what went wrong.
            is_final: it has ended with this, and does not go on by itself.
        """
        tone = Tone.BAD if is_final else Tone.WARN
        if failure == self._failure and tone is self._tone:
            return
        self._failure, self._tone = failure, tone
        self.setVisible(failure is not None)
        if failure is None:
            return
        message = message_for(failure)
        self._title.setText(message.title)
        self._text.setText(breakable_text(f"{message.what_happened} {message.what_to_do}"))
        # A card that has ended has a large "Try again" of its own.
        is_offered = message.action not in {None, Action.TRY_AGAIN if is_final else None}
        self._action = message.action
        if message.action is Action.CHOOSE_MODEL_FILE:
            # No other file on this computer helps who wanted to download one.
            self._action = Action.SHOW_MODELS
        if self._action is not None:
            self._button.say(action_words(self._action))
        self._buttons.setVisible(is_offered)
        self.setProperty("tone", tone.value)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setAccessibleName(self.spoken_text)

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        px = self._theme.px
        self._column.setContentsMargins(px(12), px(10), px(12), px(10))
        self._column.setSpacing(px(4))

    @Slot()
    def _on_button(self) -> None:
        """Pass on what the button is for."""
        if self._action is not None:
            self.chosen.emit(self._action)
