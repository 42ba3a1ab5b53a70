"""What went wrong or needs a decision, between the header and the turns."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core import events
from app.core.placement import StepDown
from app.ui.chat.attachment_words import AttachmentTrouble
from app.ui.message import Action
from app.ui.messages import action_words, message_for
from app.ui.quantities import count_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.banner import Banner
from app.worker.signal_types import signal, signal_of

GAP_PX = 8


class Choice(StrEnum):
    """What buttons of the notices do besides the actions of messages."""

    FORGET = "forget"
    START_ENGINE = "start_engine"
    LOAD_AGAIN = "load_again"
    SEND_AGAIN = "send_again"


@dataclass(frozen=True, slots=True)
class NoticeChoice:
    """A button was pressed; `path` is the model file that its notice was about."""

    choice: Choice
    path: Path | None = None


class ChatNotices(QWidget):
    """One banner for each thing that can be said; each is hidden until then.

    Signals:
        chosen, action_requested: a button was pressed.
        closed: a notice was closed or its button pressed.
    """

    chosen = signal_of(NoticeChoice)
    action_requested = signal_of(Action)
    closed = signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = Banner(theme, self)
        self._loading = Banner(theme, self)
        self._sending = Banner(theme, self)
        self._memory = Banner(theme, self)
        self._attachment = Banner(theme, self)
        self._trouble: AttachmentTrouble | None = None
        self._is_unkept = False
        self._failed_path: Path | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.px(GAP_PX))
        for banner in (
            self._engine,
            self._loading,
            self._sending,
            self._memory,
            self._attachment,
        ):
            self._layout.addWidget(banner)
            banner.chosen.connect(self._on_chosen)
            banner.closed.connect(self._on_closed)

    @property
    def asks_to_forget(self) -> bool:
        """Whether the question about the model's memory is on the screen."""
        return not self._memory.isHidden()

    def ask_to_forget(self, full: events.MemoryFull) -> None:
        """Ask before the model forgets anything."""
        text = self.tr(
            "This chat has grown longer than the model can remember ({n} tokens, pieces of words, "
            "of {limit}). To go on, it must forget the oldest messages ({n_forgotten} in all). "
            "They stay here for you to read."
        ).format(
            n=count_text(full.n_prompt_tokens),
            limit=count_text(full.n_ctx),
            n_forgotten=count_text(full.n_forgotten),
        )
        buttons = (
            (Choice.FORGET.value, self.tr("Forget the oldest and go on")),
            (Action.NEW_CHAT.value, action_words(Action.NEW_CHAT)),
        )
        self._memory.say(Tone.WARN, self.tr("The model's memory is full"), text, buttons)

    def drop_question(self) -> None:
        """Take the question about the model's memory away."""
        self._memory.hide()

    def show_trouble(self, trouble: events.EngineTrouble) -> None:
        """Say that the engine has ended."""
        message = message_for(trouble.failure)
        text = f"{message.what_happened} {message.what_to_do}"
        if trouble.is_restarting:
            self._engine.say(Tone.WARN, message.title, text)
        else:
            buttons = ((Choice.START_ENGINE.value, self.tr("Try again")),)
            self._engine.say(Tone.BAD, message.title, text, buttons)

    def drop_trouble(self) -> None:
        """The engine is back."""
        self._engine.hide()

    def show_load_failed(self, failed: events.LoadFailed) -> None:
        """Say why a model could not be loaded, and offer what helps."""
        message = message_for(failed.failure)
        self._failed_path = failed.path
        text = f"{message.what_happened} {message.what_to_do}"
        buttons = self._buttons_for(message.action)
        self._loading.say(Tone.BAD, message.title, text, buttons)

    def _buttons_for(self, action: Action | None) -> tuple[tuple[str, str], ...]:
        if action is None:
            return ()
        key = Choice.LOAD_AGAIN.value if action is Action.TRY_AGAIN else action.value
        return ((key, action_words(action)),)

    def show_loaded(self, loaded: events.LoadedModel) -> None:
        """Say what had to be given up for a model to fit; take away what no longer counts."""
        self.drop_trouble()
        if loaded.is_returning:
            return  # Why the other one failed is still worth reading.
        if not loaded.stepped_down:
            if self._failed_path in {None, loaded.model.path}:
                self._loading.hide()
            return
        self._failed_path = loaded.model.path
        given_up = " ".join(self._words_for(step, loaded) for step in _unique(loaded.stepped_down))
        text = self.tr(
            "There is not enough free memory for it to run as usual. {given_up} To undo this, "
            "close other programs and load it again."
        ).format(given_up=given_up)
        title = self.tr("{name} was made to fit").format(name=loaded.model.display_name)
        buttons = ((Choice.LOAD_AGAIN.value, self.tr("Load again")),)
        self._loading.say(Tone.NEUTRAL, title, text, buttons)

    def _words_for(self, step: StepDown, loaded: events.LoadedModel) -> str:
        match step:
            case StepDown.SMALLER_CONTEXT:
                return self.tr("It remembers less: {n} tokens (pieces of words).").format(
                    n=count_text(loaded.placement.n_ctx)
                )
            case StepDown.SMALLER_KV:
                return self.tr("Its memory is kept in a compact form, so it reads more slowly.")
            case StepDown.FEWER_GPU_LAYERS:
                return self.tr("Only a part of it runs on the graphics card.")
            case StepDown.PROCESSOR_ONLY:
                return self.tr("It does not use the graphics card.")

    def drop_load_notice(self) -> None:
        """Another model is being loaded."""
        self._failed_path = None
        self._loading.hide()

    def show_send_failed(self, failed: events.SendFailed) -> None:
        """Say why a message was not sent; it is still in the composer."""
        message = message_for(failed.failure)
        text = self.tr("{what_happened} {what_to_do} Your message is still below.").format(
            what_happened=message.what_happened, what_to_do=message.what_to_do
        )
        buttons = ((Choice.SEND_AGAIN.value, self.tr("Send again")),)
        self._sending.say(Tone.BAD, self.tr("Your message was not sent"), text, buttons)

    def drop_send_failed(self) -> None:
        """The message was sent, or another one is."""
        self._sending.hide()

    def show_unread(self, trouble: AttachmentTrouble | None) -> None:
        """Say once why documents of this chat could not be read; None if all were."""
        if trouble == self._trouble:
            return
        self._trouble = trouble
        if trouble is not None:
            self._is_unkept = False
            self._attachment.say(Tone.WARN, trouble.title, trouble.text)
        elif not self._is_unkept:
            self._attachment.hide()

    def show_unkept(self, trouble: AttachmentTrouble) -> None:
        """Say why a document could not be added to this chat."""
        self._is_unkept = True
        self._attachment.say(Tone.BAD, trouble.title, trouble.text)

    def drop_unkept(self) -> None:
        """Another chat is on the screen, or something else is added to this one."""
        if self._is_unkept:
            self._is_unkept = False
            self._trouble = None  # What could not be read is said again, if there is any.
            self._attachment.hide()

    @Slot(object)
    def _on_chosen(self, key: str) -> None:
        self.closed.emit()
        if key in {choice.value for choice in Choice}:
            self.chosen.emit(NoticeChoice(Choice(key), self._failed_path))
        else:
            self.action_requested.emit(Action(key))

    @Slot()
    def _on_closed(self) -> None:
        self.closed.emit()


def _unique(steps: tuple[StepDown, ...]) -> list[StepDown]:
    return list(dict.fromkeys(steps))
