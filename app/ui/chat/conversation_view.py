"""The chat on the screen: its turns, or the greeting before the first of them."""

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from app.core import events
from app.core.conversation import Role, ShownTurn, Turn, TurnState
from app.core.document_events import AnswerCited
from app.core.documents.evidence import AnswerBasis, DocumentPlace, kept_basis
from app.core.model import ModelFile
from app.ui.chat.answer_facts import ending_note
from app.ui.chat.focus_keeper import focus_place, like
from app.ui.chat.live_answers import AnswerPhase, LiveAnswer, LiveAnswers
from app.ui.chat.new_chat_view import NewChatView
from app.ui.chat.transcript import Transcript
from app.ui.chat.waiting import (
    looking_through,
    unanswered,
    waiting_for_answer,
)
from app.ui.engine_picture import EnginePicture
from app.ui.message import Action
from app.ui.theme import Theme
from app.ui.widgets.announcement import announce
from app.ui.widgets.answer_view import LinkActivated
from app.worker.signal_types import signal, signal_of

FOCUS_MARGIN_PX = 24


class ConversationView(QStackedWidget):
    """Puts together what the store and the engine say of a chat, and shows it.

    Words of answers in other chats are kept until those chats are shown.

    Signals:
        turns_changed: an answer has begun or ended, or another chat is shown.
        edit_requested: a message is to be written differently; carries its turn's id.
        regenerate_requested, sibling_requested, delete_requested: about one turn.
        answer_again_requested: answer the last message, which has no answer.
        stop_requested: end this answer.
        conversation_requested: show the chat whose answer is written first.
        model_wanted: there is no model; one is to be chosen.
        action_requested: what may help with an answer that ended badly is wanted.
        closest_answer_requested, general_answer_requested: answer from the closest passages, or
            without documents, as another version of this turn.
        place_requested: a page of a document is to be opened.
        link_activated: a link was chosen.
        example_chosen: the message of an example is wanted in the composer.
        focus_left: the turn that had the focus is gone, and there is nothing like it.
    """

    turns_changed = signal()
    edit_requested = signal_of(str)
    regenerate_requested = signal_of(events.TurnRequest)
    sibling_requested = signal_of(events.TurnRequest)
    delete_requested = signal_of(events.TurnRequest)
    answer_again_requested = signal_of(events.ConversationRequest)
    stop_requested = signal_of(events.StopRequest)
    conversation_requested = signal_of(events.ConversationRequest)
    model_wanted = signal()
    action_requested = signal_of(Action)
    closest_answer_requested = signal_of(events.TurnRequest)
    general_answer_requested = signal_of(events.TurnRequest)
    place_requested = signal_of(DocumentPlace)
    link_activated = signal_of(LinkActivated)
    example_chosen = signal_of(str)
    focus_left = signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = LiveAnswers()
        self._engine = EnginePicture()
        self._conversation_id: str | None = None
        self._turns: tuple[ShownTurn, ...] = ()
        self._wanted = events.ConversationRequest("")
        self._has_question = False
        self._asks_documents = False
        self._other_chat = ""
        self._new_chat = NewChatView(theme)
        self._new_chat.example_chosen.connect(self._report_example)
        self.transcript = Transcript(theme, self._live)
        self.transcript.edit_requested.connect(self.edit_requested.emit)
        self.transcript.regenerate_requested.connect(self._regenerate)
        self.transcript.sibling_requested.connect(self._show_sibling)
        self.transcript.delete_requested.connect(self._delete)
        self.transcript.link_activated.connect(self._report_link)
        self.transcript.place_requested.connect(self.place_requested.emit)
        self.transcript.closest_answer_requested.connect(self._answer_from_closest)
        self.transcript.general_answer_requested.connect(self._answer_generally)
        self.transcript.help_requested.connect(self._help)
        self.transcript.action_requested.connect(self.action_requested.emit)
        self.addWidget(self._new_chat)
        self.addWidget(self.transcript)

    def sizeHint(self) -> QSize:
        """Take what the rest of the page leaves."""
        return self.minimumSizeHint()

    @property
    def conversation_id(self) -> str | None:
        """The chat shown; None if it has not begun."""
        return self._conversation_id

    @property
    def turn_ids(self) -> frozenset[str]:
        """The ids of the turns shown."""
        return frozenset(shown.turn.turn_id for shown in self._turns)

    def turn(self, turn_id: str) -> Turn | None:
        """Give a turn that is shown; None if it is not."""
        return next((one.turn for one in self._turns if one.turn.turn_id == turn_id), None)

    @property
    def writing_turn(self) -> Turn | None:
        """The answer being written at the end of this chat; None if there is none."""
        last = self._turns[-1].turn if self._turns else None
        return last if last is not None and last.state is TurnState.WRITING else None

    @property
    def last_measured(self) -> Turn | None:
        """The newest answer of which there are measurements."""
        measured = (one.turn for one in reversed(self._turns) if one.turn.measurement is not None)
        return next(measured, None)

    # --- conversations ---

    def show_new(self) -> None:
        """Show a chat not begun."""
        self._conversation_id = None
        self._show((), None, is_other=True)

    def expect(self, request: events.ConversationRequest) -> None:
        """Know which turn is to be seen once a chat that was asked for is shown."""
        self._wanted = request

    def show_conversation(self, shown: events.ShownConversation) -> None:
        """Show a chat that was opened or has changed."""
        conversation_id = shown.conversation.conversation_id
        is_other = conversation_id != self._conversation_id
        self._conversation_id = conversation_id
        self._asks_documents = bool(shown.conversation.documents.collection_ids)
        turns = tuple(self._live.merge(one) for one in shown.turns)
        self._show(turns, shown.conversation.remembered_from_id, is_other=is_other)
        wanted, self._wanted = self._wanted, events.ConversationRequest("")
        if wanted.conversation_id == conversation_id and wanted.turn_id:
            self.transcript.show_turn(wanted.turn_id)

    def _show(
        self, turns: tuple[ShownTurn, ...], remembered_from_id: str | None, *, is_other: bool
    ) -> None:
        # Before anything is hidden: Qt would give the focus to whatever was made first.
        place = focus_place(self.transcript.views)
        self._turns = turns
        self._has_question = self._has_question and not is_other
        # In sight first, so that the turns are laid out once, at the width they get.
        self.setCurrentWidget(self.transcript if turns else self._new_chat)
        self.transcript.show_turns(turns, remembered_from_id, is_other=is_other)
        self._refresh_waiting()
        self.turns_changed.emit()
        if place is not None and QApplication.focusWidget() is not place.widget:
            self._keep_focus(None if is_other else like(place, self.transcript.views))

    def _keep_focus(self, target: QWidget | None) -> None:
        """Go on at a neighbour of the turn that is gone, or else where one types."""
        if target is None:
            self.focus_left.emit()
        else:
            target.setFocus(Qt.FocusReason.OtherFocusReason)
            self.bring_into_view(target)

    def show_model(self, model: ModelFile | None, *, is_starter: bool) -> None:
        """Say in the greeting what to expect of the model in use."""
        self._new_chat.show_model(model, is_starter=is_starter)

    def set_asks_documents(self, *, asks_documents: bool) -> None:
        """Greet those who ask documents differently."""
        self._new_chat.set_asks_documents(asks_documents=asks_documents)

    # --- answers ---

    def start_answer(self, started: events.AnswerStarted) -> None:
        """The engine has taken an answer up."""
        self._live.start(started)
        self._refresh_waiting()

    def show_reading(self, progress: events.ReadingProgress) -> None:
        """Say how much of the prompt is read."""
        self._live.read(progress)
        self._refresh_waiting()

    def append_answer(self, delta: events.AnswerDelta) -> None:
        """Show new words, if their chat is on the screen; else keep them."""
        self.transcript.show_text(delta.answer_id, self._live.grow(delta))

    def show_evidence(self, answer_id: str) -> None:
        """The documents were searched for this answer."""
        self._live.search(answer_id)
        self._refresh_waiting()

    def show_sources(self, cited: AnswerCited) -> None:
        """Show what the sentences of an answer rest on."""
        self._turns = tuple(
            replace(one, turn=replace(one.turn, sources=cited.sources))
            if one.turn.turn_id == cited.answer_id
            else one
            for one in self._turns
        )
        for shown in self._turns:
            if shown.turn.turn_id == cited.answer_id:
                self.transcript.update_turn(self._live.merge(shown))
        self._refresh_waiting()

    def finish_answer(self, finished: events.AnswerFinished) -> None:
        """Show the end of an answer, even before it is stored."""
        self._live.finish(finished)
        self._show_ending(finished.answer_id)

    def fail_answer(self, failed: events.AnswerFailed) -> None:
        """Show that an answer ended in an error."""
        self._live.fail(failed)
        self._show_ending(failed.answer_id)

    def _show_ending(self, answer_id: str) -> None:
        self._turns = tuple(self._live.merge(one) for one in self._turns)
        for shown in self._turns:
            if shown.turn.turn_id == answer_id:
                self.transcript.update_turn(shown)
                self._announce_ending(shown.turn)
        self._refresh_waiting()
        self.turns_changed.emit()

    def _announce_ending(self, turn: Turn) -> None:
        """Tell those who listen instead of looking that an answer has ended, and how."""
        text = ending_note(turn) or self.tr("The answer is complete.")
        announce(self, text)

    def take_back(self, answer_id: str) -> None:
        """Forget an answer that could not begin."""
        self._live.drop(answer_id)

    def set_has_question(self, *, has_question: bool) -> None:
        """Say whether the user is being asked what to do about the last message."""
        self._has_question = has_question
        self._refresh_waiting()

    # --- what is waited for ---

    def show_engine(self, engine: EnginePicture) -> None:
        """Follow what the engine is doing."""
        self._engine = engine
        self._refresh_waiting()

    def _refresh_waiting(self) -> None:
        self._other_chat = ""
        writing = [one.turn for one in self._turns if one.turn.state is TurnState.WRITING]
        for turn in writing:
            answer_id, live = turn.turn_id, self._live.get(turn.turn_id)
            before = self._live.chat_before(answer_id)
            waiting = waiting_for_answer(live, self._engine, before)
            if self._is_searching(turn, live):
                waiting = looking_through()
            self._other_chat = waiting.other_chat if waiting is not None else ""
            self.transcript.wait_for(answer_id, waiting)
        is_unanswered = bool(self._turns) and self._turns[-1].turn.role is Role.USER
        needs_line = is_unanswered and not self._has_question
        self.transcript.wait_below(unanswered() if needs_line else None)

    def _is_searching(self, turn: Turn, live: LiveAnswer | None) -> bool:
        """Say whether the documents are being searched for this answer."""
        has_begun = live is not None and live.phase is not AnswerPhase.WAITING
        asks = self._asks_documents and kept_basis(turn.sources) is not AnswerBasis.KNOWLEDGE
        is_unsearched = turn.sources is None or turn.sources.is_wish
        return asks and is_unsearched and not has_begun

    @Slot()
    def _help(self) -> None:
        """Do what the line about waiting offers."""
        if self._other_chat:
            self.conversation_requested.emit(events.ConversationRequest(self._other_chat))
        elif self.writing_turn is not None:
            self.model_wanted.emit()
        elif self._conversation_id is not None:
            self.answer_again_requested.emit(events.ConversationRequest(self._conversation_id))

    # --- what the turns ask for ---

    def stop(self) -> None:
        """Ask to stop the answer being written here."""
        answer = self.writing_turn
        if answer is not None:
            self.stop_requested.emit(events.StopRequest(answer.turn_id))

    def copy_last_answer(self) -> None:
        """Put the newest answer on the clipboard."""
        view = self.transcript.last_answer()
        if view is not None:
            view.copy()

    def bring_into_view(self, widget: QWidget) -> None:
        """Scroll to a widget that has got the focus, if it is part of a turn."""
        if self.transcript.isAncestorOf(widget):
            self.transcript.ensureWidgetVisible(widget, 0, FOCUS_MARGIN_PX)

    @Slot(object)
    def _regenerate(self, turn_id: str) -> None:
        if self._conversation_id is not None:
            self.regenerate_requested.emit(events.TurnRequest(self._conversation_id, turn_id))

    @Slot(object)
    def _answer_from_closest(self, turn_id: str) -> None:
        if self._conversation_id is not None:
            request = events.TurnRequest(self._conversation_id, turn_id)
            self.closest_answer_requested.emit(request)

    @Slot(object)
    def _answer_generally(self, turn_id: str) -> None:
        if self._conversation_id is not None:
            request = events.TurnRequest(self._conversation_id, turn_id)
            self.general_answer_requested.emit(request)

    @Slot(object)
    def _show_sibling(self, turn_id: str) -> None:
        if self._conversation_id is not None:
            self.sibling_requested.emit(events.TurnRequest(self._conversation_id, turn_id))

    @Slot(object)
    def _delete(self, turn_id: str) -> None:
        if self._conversation_id is not None:
            # What is written below the turn goes with it.
            self.stop()
            self.delete_requested.emit(events.TurnRequest(self._conversation_id, turn_id))

    @Slot(object)
    def _report_link(self, link: LinkActivated) -> None:
        self.link_activated.emit(link)

    @Slot(object)
    def _report_example(self, message: str) -> None:
        self.example_chosen.emit(message)
