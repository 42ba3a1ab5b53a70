"""The page on which the user talks with a model."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core import events
from app.core.settings import SettingKey
from app.ui.chat.chat_header import ChatHeader
from app.ui.chat.chat_notices import ChatNotices, Choice, NoticeChoice
from app.ui.chat.composer_area import ComposerArea
from app.ui.chat.conversation_view import ConversationView
from app.ui.chat.footnote import Footnote
from app.ui.chat.turn_column import COLUMN_PX, SIDE_PX
from app.ui.chat.waiting import EnginePicture
from app.ui.message import Action
from app.ui.theme import Theme
from app.ui.widgets.answer_view import LinkActivated
from app.ui.widgets.focus_order import focus_stops, move_focus
from app.ui.widgets.shrinking_area import ShrinkingArea
from app.worker.signal_types import signal, signal_of

GAP_PX = 8
PAGE_KEYS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """The user wants to follow a link in an answer; nothing is opened without asking."""

    url: str


class ChatPage(QWidget):
    """Header, turns and composer of one chat, or of one not begun.

    It shows what it is told and asks for everything else. What is typed stays until it is known
    to be stored.

    Attributes:
        composer_area: where messages are written.

    Signals:
        send_requested: store this message and have it answered.
        stop_requested: end this answer.
        regenerate_requested, sibling_requested, delete_turn_requested: about one turn.
        answer_again_requested: answer the last message, which has no answer.
        forget_requested: older messages may leave the model's memory.
        draft_changed: keep what was typed.
        load_requested: load this model.
        cancel_load_requested: give up the model being loaded.
        engine_requested: start the engine again after it was given up.
        conversation_requested: show another chat.
        rename_requested, delete_requested: about the chat on the screen.
        open_file_requested, models_requested, new_chat_requested, data_folder_requested: the
            window is asked for it.
        link_requested: a link was chosen.
    """

    send_requested = signal_of(events.SendRequest)
    stop_requested = signal_of(events.StopRequest)
    regenerate_requested = signal_of(events.TurnRequest)
    sibling_requested = signal_of(events.TurnRequest)
    delete_turn_requested = signal_of(events.TurnRequest)
    answer_again_requested = signal_of(events.ConversationRequest)
    forget_requested = signal_of(events.ConversationRequest)
    draft_changed = signal_of(events.DraftRequest)
    load_requested = signal_of(events.LoadRequest)
    cancel_load_requested = signal()
    engine_requested = signal()
    conversation_requested = signal_of(events.ConversationRequest)
    rename_requested = signal_of(events.ConversationRequest)
    delete_requested = signal_of(events.ConversationRequest)
    open_file_requested = signal()
    models_requested = signal()
    new_chat_requested = signal()
    data_folder_requested = signal()
    link_requested = signal_of(LinkRequest)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._engine = EnginePicture()
        self._library = events.Library(())
        self._header = ChatHeader(theme, self)
        self._notices = ChatNotices(theme, self)
        self._chat = ConversationView(theme, self)
        self.composer_area = ComposerArea(theme, self)
        self._composer = self.composer_area.composer
        self._footnote = Footnote(theme, self)
        self._lay_out()
        self._connect()
        theme.changed.connect(self._restyle)
        self._restyle()

    def _lay_out(self) -> None:
        self._above = QVBoxLayout()
        self._above.addWidget(ShrinkingArea(self._theme, self._notices))
        self._below = QVBoxLayout()
        self._below.addWidget(self.composer_area)
        self._below.addWidget(self._footnote)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header)
        layout.addLayout(self._above)
        layout.addWidget(self._chat, 1)
        layout.addLayout(self._below)

    def _connect(self) -> None:
        chat, composer, header = self._chat, self._composer, self._header
        header.load_requested.connect(self._load)
        header.cancel_load_requested.connect(self.cancel_load_requested.emit)
        header.open_file_requested.connect(self.open_file_requested.emit)
        header.models_requested.connect(self.models_requested.emit)
        self._notices.chosen.connect(self._on_notice_chosen)
        self._notices.action_requested.connect(self._take_action)
        self._notices.closed.connect(self._on_notice_closed)
        chat.turns_changed.connect(self._on_turns_changed)
        chat.edit_requested.connect(self._edit)
        chat.action_requested.connect(self._take_action)
        chat.conversation_requested.connect(self.conversation_requested.emit)
        header.rename_requested.connect(self.rename_requested.emit)
        header.delete_requested.connect(self.delete_requested.emit)
        chat.regenerate_requested.connect(self.regenerate_requested.emit)
        chat.sibling_requested.connect(self.sibling_requested.emit)
        chat.delete_requested.connect(self.delete_turn_requested.emit)
        chat.answer_again_requested.connect(self.answer_again_requested.emit)
        chat.stop_requested.connect(self.stop_requested.emit)
        chat.model_wanted.connect(header.open_menu)
        chat.link_activated.connect(self._request_link)
        chat.example_chosen.connect(composer.add_text)
        chat.focus_left.connect(self.focus_composer)
        self.composer_area.send_requested.connect(self._send)
        self.composer_area.draft_changed.connect(self.draft_changed.emit)
        composer.send_blocked.connect(self._footnote.explain_blocked)
        composer.stop_requested.connect(self.stop)

    # --- what the window asks for ---

    @property
    def conversation_id(self) -> str | None:
        """The chat on the screen; None if it has not begun."""
        return self._chat.conversation_id

    @Slot()
    def show_new_chat(self, draft: str = "") -> None:
        """Show a chat not begun, with what was typed for it before."""
        self._change_chat(None, draft)
        self._chat.show_new()

    @Slot()
    def stop(self) -> None:
        """Stop the answer that is being written on the screen, or else give up editing."""
        if self._chat.writing_turn is not None:
            self._chat.stop()
        else:
            self.composer_area.end_edit()

    @Slot()
    def copy_last_answer(self) -> None:
        """Put the newest answer on the clipboard."""
        self._chat.copy_last_answer()

    @Slot()
    def focus_composer(self) -> None:
        """Let the user type."""
        self._composer.setFocus()

    def keep_draft_now(self) -> None:
        """Ask to store what was typed, without waiting for a pause."""
        self.composer_area.keep_now()

    # --- sending ---

    @Slot(object)
    def _send(self, request: events.SendRequest) -> None:
        self._notices.drop_send_failed()
        self._notices.drop_question()
        self.send_requested.emit(request)

    def settle_send(self, stored: events.MessageStored) -> bool:
        """Let go of the text that was sent; say whether its chat is still on the screen."""
        return self.composer_area.settle(stored)

    @Slot(object)
    def refuse_send(self, failed: events.SendFailed) -> None:
        """Say that a message was not stored; its text is in the composer as before."""
        self.composer_area.refuse(failed)
        self._notices.show_send_failed(failed)

    @Slot(object)
    def _edit(self, turn_id: str) -> None:
        if (turn := self._chat.turn(turn_id)) is not None:
            self.composer_area.edit(turn)

    def _change_chat(self, conversation_id: str | None, stored: str) -> None:
        """Leave what is only about the chat before."""
        if self.composer_area.show_chat(conversation_id, stored):
            self._notices.drop_question()
            self._notices.drop_send_failed()

    # --- conversations and answers ---

    @Slot(object)
    def show_conversation(self, shown: events.ShownConversation) -> None:
        """Show a chat that was opened or has changed."""
        conversation = shown.conversation
        self._change_chat(conversation.conversation_id, conversation.draft)
        self._chat.show_conversation(shown)
        self.composer_area.resume_edit(self._chat.turn)

    @Slot()
    def _on_turns_changed(self) -> None:
        is_answering = self._chat.writing_turn is not None
        self._composer.set_answering(is_answering=is_answering)
        self._header.show_chat(self.conversation_id)
        self._header.show_measurement(self._chat.last_measured)

    @Slot(object)
    def start_answer(self, started: events.AnswerStarted) -> None:
        """The engine has taken an answer up."""
        self._chat.start_answer(started)

    @Slot(object)
    def show_reading(self, progress: events.ReadingProgress) -> None:
        """Say how much of the prompt is read."""
        self._chat.show_reading(progress)

    @Slot(object)
    def append_answer(self, delta: events.AnswerDelta) -> None:
        """Show new words of an answer."""
        self._chat.append_answer(delta)

    @Slot(object)
    def finish_answer(self, finished: events.AnswerFinished) -> None:
        """Show the end of an answer."""
        self._chat.finish_answer(finished)

    @Slot(object)
    def fail_answer(self, failed: events.AnswerFailed) -> None:
        """Show that an answer ended in an error."""
        self._chat.fail_answer(failed)

    @Slot(object)
    def ask_to_forget(self, full: events.MemoryFull) -> None:
        """Ask before the model forgets the oldest messages."""
        self._chat.take_back(full.answer_id)
        if full.conversation_id == self.conversation_id:
            self._notices.ask_to_forget(full)
            self._chat.set_has_question(has_question=True)

    # --- engine and models ---

    @Slot(object)
    def show_engine_status(self, status: events.EngineStatus) -> None:
        """Follow what the engine is doing."""
        loading = self._engine.loading if status.is_loading else None
        self._engine = EnginePicture(status, loading)
        if status.state in {events.EngineState.READY, events.EngineState.BUSY}:
            self._notices.drop_trouble()
        self._show_engine()

    @Slot(object)
    def show_load_progress(self, progress: events.LoadProgress) -> None:
        """Say how far the model being loaded is."""
        self._engine = replace(self._engine, loading=progress)
        self._show_engine()

    @Slot(object)
    def show_loaded(self, loaded: events.LoadedModel) -> None:
        """A model is ready."""
        self._notices.show_loaded(loaded)

    @Slot(object)
    def show_load_failed(self, failed: events.LoadFailed) -> None:
        """Say why a model could not be loaded."""
        self._notices.show_load_failed(failed)

    @Slot(object)
    def show_trouble(self, trouble: events.EngineTrouble) -> None:
        """Say that the engine has ended."""
        self._engine = replace(self._engine, is_given_up=not trouble.is_restarting)
        self._notices.show_trouble(trouble)
        self._show_engine()

    @Slot(object)
    def show_library(self, library: events.Library) -> None:
        """Offer these models."""
        self._library = library
        self._header.show_library(library)
        self._show_engine()

    def _show_engine(self) -> None:
        status, starter = self._engine.status, self._library.starter
        model = status.model if status is not None else None
        is_starter = model is not None and starter is not None and model.path == starter.path
        self._header.show_engine(self._engine)
        self._chat.show_model(model, is_starter=is_starter)
        self._chat.show_engine(self._engine)

    @Slot(object)
    def apply_settings(self, changed: events.SettingsChanged) -> None:
        """Follow the setting of the key that sends."""
        self._composer.set_enter_sends(enter_sends=bool(changed.values[SettingKey.ENTER_SENDS]))

    def drop_load_notice(self) -> None:
        """Another model was chosen: what was said of the last load is past."""
        self._notices.drop_load_notice()

    @Slot(object)
    def _load(self, request: events.LoadRequest) -> None:
        self.drop_load_notice()
        self.load_requested.emit(request)

    @Slot(object)
    def _request_link(self, link: LinkActivated) -> None:
        self.link_requested.emit(LinkRequest(link.url))

    # --- notices ---

    @Slot(object)
    def _on_notice_chosen(self, chosen: NoticeChoice) -> None:
        """Do what the button of a notice says."""
        match chosen.choice:
            case Choice.FORGET if self.conversation_id is not None:
                self.forget_requested.emit(events.ConversationRequest(self.conversation_id))
            case Choice.START_ENGINE:
                self.engine_requested.emit()
            case Choice.LOAD_AGAIN if chosen.path is not None:
                self._load(events.LoadRequest(chosen.path))
            case Choice.SEND_AGAIN:
                self._composer.send()
            case _:
                pass

    @Slot(object)
    def _take_action(self, action: Action) -> None:
        """Do what the button of a message says."""
        match action:
            case Action.CHOOSE_MODEL_FILE:
                self.open_file_requested.emit()
            case Action.SHOW_MODELS:
                self.models_requested.emit()
            case Action.NEW_CHAT:
                self.new_chat_requested.emit()
            case Action.OPEN_DATA_FOLDER:
                self.data_folder_requested.emit()
            case _:
                # What is to be tried again is only known where the message stands; what is
                # about the network is never said in a chat.
                pass

    @Slot()
    def _on_notice_closed(self) -> None:
        self._chat.set_has_question(has_question=self._notices.asks_to_forget)

    # --- keyboard and size ---

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt override
        """Go through the page as it is read, whatever was made first."""
        stops = focus_stops((self._header, self._notices, self._chat, self.composer_area))
        target = move_focus(self, stops, forward=forward)
        if target is None:
            return super().focusNextPrevChild(forward)
        self._chat.bring_into_view(target)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll with the keys that the composer has no use for."""
        n_pages = PAGE_KEYS.get(Qt.Key(event.key()))
        if n_pages is None:
            super().keyPressEvent(event)
        else:
            self._chat.transcript.scroll_page(n_pages)

    def minimumSizeHint(self) -> QSize:
        """The margins at the sides give way first."""
        least, margins = super().minimumSizeHint(), self._below.contentsMargins()
        return QSize(least.width() - margins.left() - margins.right(), least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep notices and composer in line with the turns."""
        super().resizeEvent(event)
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        px = self._theme.px
        column_px = min(self.width() - 2 * px(SIDE_PX), px(COLUMN_PX))
        side = max(0, (self.width() - column_px) // 2)
        self._above.setContentsMargins(side, 0, side, 0)
        self._below.setContentsMargins(side, px(GAP_PX) // 2, side, px(GAP_PX))
        self._below.setSpacing(px(GAP_PX))
        self._composer.set_room(self.height())
        self._footnote.set_room(self.height())
