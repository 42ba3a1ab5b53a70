"""One turn of a chat on the screen: what the user wrote, or an answer."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.core.conversation import Role, ShownTurn, TurnState
from app.core.documents.evidence import AnswerSources, DocumentPlace
from app.core.errors import Failure
from app.ui.chat.answer_facts import ending_action, ending_note
from app.ui.chat.citation_words import answers_in_words, cited_parts, place_of, text_to_copy
from app.ui.chat.ending_line import EndingLine
from app.ui.chat.memory_line import MemoryLine
from app.ui.chat.sources_part import SourcesPart
from app.ui.chat.turn_actions import HoverReveal, TurnActions
from app.ui.chat.user_bubble import UserBubble
from app.ui.chat.waiting import Waiting
from app.ui.chat.waiting_line import WaitingLine
from app.ui.icons import pixmap
from app.ui.message import Action
from app.ui.theme import Theme
from app.ui.widgets.answer_view import AnswerView, LinkActivated
from app.ui.widgets.safe_text_browser import TEXT_MARGIN_PX
from app.worker.signal_types import signal, signal_of

ICON_PX = 20
ICON_GAP_PX = 12
NOTE_GAP_PX = 8
FIRST_LINE_PX = 11
"""So far is the middle of the first line of an answer below that of a line in the window."""


class TurnView(QWidget):
    """What all turns have in common.

    Signals, each with the turn's id:
        edit_requested: it is to be written differently.
        regenerate_requested: another answer in its place is wanted.
        sibling_requested: this other version is wanted.
        delete_requested: it is to go.
        fold_changed: the reader is about to see more or less of it; carries nothing.
    """

    edit_requested = signal_of(str)
    regenerate_requested = signal_of(str)
    sibling_requested = signal_of(str)
    delete_requested = signal_of(str)
    fold_changed = signal()

    def __init__(self, theme: Theme, shown: ShownTurn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown = shown
        self._actions = TurnActions(theme, shown.turn.role, self)
        self._actions.copy_requested.connect(self.copy)
        self._actions.edit_requested.connect(self._edit)
        self._actions.regenerate_requested.connect(self._regenerate)
        self._actions.delete_requested.connect(self._delete)
        self._actions.sibling_requested.connect(self._request_sibling)
        self._memory_line: MemoryLine | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.px(4))

    @property
    def turn_id(self) -> str:
        """The id of the turn shown."""
        return self._shown.turn.turn_id

    @property
    def shown(self) -> ShownTurn:
        """The turn shown."""
        return self._shown

    def show_turn(self, shown: ShownTurn, failure: Failure | None = None) -> None:
        """Show the turn as it is now; what has not changed is left alone."""
        raise NotImplementedError

    def copied_text(self) -> str:
        """Give the text that Copy puts on the clipboard."""
        return self._shown.turn.text

    def set_remembers_from_here(self, *, is_first: bool) -> None:
        """Draw the line that says where the model's memory begins, or take it away."""
        if is_first and self._memory_line is None:
            self._memory_line = MemoryLine(self._theme, self)
            self._layout.insertWidget(0, self._memory_line)
            # At once: the layout would show it later, and the turns would jump.
            self._memory_line.show()
        elif not is_first and self._memory_line is not None:
            self._memory_line.hide()
            self._memory_line.deleteLater()
            self._memory_line = None

    def set_can_ask(self, *, can_ask: bool) -> None:
        """Hold what would begin another answer back while one of this chat is written."""
        self._actions.set_can_ask(can_ask=can_ask)

    @Slot()
    def copy(self) -> None:
        """Put the text on the clipboard."""
        QGuiApplication.clipboard().setText(self.copied_text())
        self._actions.confirm_copy()

    @Slot()
    def _edit(self) -> None:
        self.edit_requested.emit(self.turn_id)

    @Slot()
    def _regenerate(self) -> None:
        self.regenerate_requested.emit(self.turn_id)

    @Slot()
    def _delete(self) -> None:
        self.delete_requested.emit(self.turn_id)

    @Slot(object)
    def _request_sibling(self, turn_id: str) -> None:
        self.sibling_requested.emit(turn_id)


class UserTurnView(TurnView):
    """What the user wrote, in a bubble; its buttons come up beside it."""

    def __init__(self, theme: Theme, shown: ShownTurn, parent: QWidget | None = None) -> None:
        super().__init__(theme, shown, parent)
        self._actions.show_turn(shown)
        self._bubble = UserBubble(theme, self._actions, self)
        self._bubble.set_text(shown.turn.text.strip())
        self._bubble.fold_changed.connect(self.fold_changed.emit)
        self._layout.addWidget(self._bubble)
        self._reveal = HoverReveal(self, self._actions)
        self._show_versions(shown)

    def show_turn(self, shown: ShownTurn, failure: Failure | None = None) -> None:
        """Show the turn as it is now."""
        del failure
        if shown == self._shown:
            return
        self._actions.show_turn(shown)
        self._show_versions(shown)
        if shown.turn.text != self._shown.turn.text:
            self._bubble.set_text(shown.turn.text.strip())
        self._shown = shown

    def _show_versions(self, shown: ShownTurn) -> None:
        """Let the reader see that there are others."""
        self._reveal.set_always_seen(is_always_seen=len(shown.sibling_ids) > 1)


class AnswerTurnView(TurnView):
    """An answer without a bubble: its text, how it ended, and the quiet row.

    Signals:
        link_activated: a link was chosen; it was not followed.
        place_requested: a page of a document is to be opened.
        closest_answer_requested, general_answer_requested: an answer from the closest passages,
            or without documents, is wanted; carries the turn's id.
        help_requested: the button of the line that says what is waited for was pressed.
        action_requested: what may help with an answer that ended badly is wanted.
    """

    link_activated = signal_of(LinkActivated)
    place_requested = signal_of(DocumentPlace)
    closest_answer_requested = signal_of(str)
    general_answer_requested = signal_of(str)
    action_requested = signal_of(Action)
    help_requested = signal()

    def __init__(self, theme: Theme, shown: ShownTurn, parent: QWidget | None = None) -> None:
        super().__init__(theme, shown, parent)
        self._failure: Failure | None = None
        self._can_ask = True
        self._text = ""
        self._is_streaming = False
        self._icon = QLabel()
        self._answer = AnswerView(theme, self)
        self._answer.link_activated.connect(self._report_link)
        self._answer.source_activated.connect(self._open_source)
        self._sources: SourcesPart | None = None
        self._waiting = WaitingLine(theme, self)
        self._waiting.action_pressed.connect(self._request_help)
        self._ending = EndingLine(theme, self)
        self._ending.action_pressed.connect(self._take_action)
        self._lay_out()
        theme.changed.connect(self._tint)
        self._tint()
        self._show_text(shown.turn.text, is_writing=shown.turn.state is TurnState.WRITING)
        self._show_sources()
        self._show_ending()

    def _lay_out(self) -> None:
        theme = self._theme
        self._body = body = QVBoxLayout()
        body.setSpacing(theme.px(NOTE_GAP_PX))
        body.addWidget(self._answer)
        for line in (self._waiting, self._ending):
            # In line with the text of the answer, which has a margin for its focus ring.
            line.setContentsMargins(TEXT_MARGIN_PX, 0, TEXT_MARGIN_PX, 0)
            body.addWidget(line)
        body.addWidget(self._actions)
        for widget in (self._answer, self._waiting, self._ending, self._actions):
            # Below its least width Qt would lay a widget out with the height for that width.
            widget.setMinimumWidth(1)
        row = QHBoxLayout()
        row.setSpacing(theme.px(ICON_GAP_PX))
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(body, 1)
        self._layout.addLayout(row)

    @property
    def text(self) -> str:
        """The answer as far as it is shown."""
        return self._text

    def copied_text(self) -> str:
        """Give the answer without what the model thought before it."""
        text, sources = self._shown.turn.text, self._document_sources
        if sources is not None:
            return text_to_copy(text, sources)
        return self._answer.answer_text() or text

    @property
    def _document_sources(self) -> AnswerSources | None:
        """What the answer rests on; None if no documents were asked."""
        sources = self._shown.turn.sources
        return sources if sources is not None and sources.is_from_documents else None

    def show_turn(self, shown: ShownTurn, failure: Failure | None = None) -> None:
        """Show the turn as it is now."""
        if shown == self._shown and failure == self._failure:
            return
        self._shown = shown
        self._failure = failure
        self._show_text(shown.turn.text, is_writing=shown.turn.state is TurnState.WRITING)
        self._show_sources()
        self._show_ending()

    def show_text(self, text: str) -> None:
        """Show what has been written so far."""
        self._show_text(text, is_writing=True)

    def wait_for(self, waiting: Waiting | None) -> None:
        """Say why there is no text yet; None when there is nothing to wait for."""
        self._waiting.wait_for(None if self._text else waiting)

    def _show_sources(self) -> None:
        """Show what the sentences rest on, as far as they were looked at."""
        sources = self._document_sources
        parts = None
        if sources is not None and answers_in_words(sources):
            parts = cited_parts(sources)
        self._answer.cite(parts)
        if sources is not None and self._sources is None:
            self._sources = self._new_sources_part()
        self._show_sources_part()
        self._answer.setVisible(bool(self._text) and answers_in_words(sources))
        self._tint()

    def _show_sources_part(self) -> None:
        """Say nothing of an answer before its first word, where it is said what is waited for."""
        turn = self._shown.turn
        has_begun = bool(self._text) or turn.state is not TurnState.WRITING
        if self._sources is not None:
            self._sources.show_sources(self._document_sources if has_begun else None)

    def _show_text(self, text: str, *, is_writing: bool) -> None:
        """Append what is new, so that what stands there does not move."""
        if is_writing and self._text.startswith(text):
            # The store is behind the screen.
            text = self._text
        if text.startswith(self._text) and (is_writing or self._is_streaming):
            self._is_streaming = True
            self._answer.append_text(text[len(self._text) :])
        elif text != self._text:
            self._answer.set_text(text)
        self._text = text
        self._answer.setVisible(bool(text) and answers_in_words(self._document_sources))
        self._tint()
        if text:
            self._waiting.wait_for(None)
        self._show_sources_part()

    def _show_ending(self) -> None:
        turn = self._shown.turn
        is_writing = turn.state is TurnState.WRITING
        if not is_writing:
            self._waiting.wait_for(None)
        if not is_writing and self._is_streaming:
            self._is_streaming = False
            self._answer.finish()
        self._ending.say(ending_note(turn, self._failure), ending_action(turn))
        self._actions.show_turn(self._shown)
        self._actions.setVisible(not is_writing or len(self._shown.sibling_ids) > 1)

    def _new_sources_part(self) -> SourcesPart:
        """Most answers have none, and a chat has many answers."""
        part = SourcesPart(self._theme, self)
        part.place_requested.connect(self._request_place)
        part.closest_answer_requested.connect(self._request_closest)
        part.general_answer_requested.connect(self._request_general)
        part.setContentsMargins(TEXT_MARGIN_PX, 0, TEXT_MARGIN_PX, 0)
        part.setMinimumWidth(1)
        part.set_can_ask(can_ask=self._can_ask)
        self._body.insertWidget(1, part)
        return part

    @Slot(object)
    def _open_source(self, number: int) -> None:
        sources = self._document_sources
        for source in sources.sources if sources is not None else ():
            if source.number == number:
                self.place_requested.emit(place_of(source))
                return

    @Slot(object)
    def _request_place(self, place: DocumentPlace) -> None:
        self.place_requested.emit(place)

    @Slot()
    def _request_closest(self) -> None:
        self.closest_answer_requested.emit(self.turn_id)

    @Slot()
    def _request_general(self) -> None:
        self.general_answer_requested.emit(self.turn_id)

    @Slot(object)
    def _report_link(self, link: LinkActivated) -> None:
        self.link_activated.emit(link)

    def set_can_ask(self, *, can_ask: bool) -> None:
        """Hold what would begin another answer back while one of this chat is written."""
        super().set_can_ask(can_ask=can_ask)
        self._can_ask = can_ask
        if self._sources is not None:
            self._sources.set_can_ask(can_ask=can_ask)
        self._ending.set_can_ask(can_ask=can_ask)

    @Slot(object)
    def _take_action(self, action: Action) -> None:
        if action is Action.TRY_AGAIN:
            self.regenerate_requested.emit(self.turn_id)
        else:
            self.action_requested.emit(action)

    @Slot()
    def _request_help(self) -> None:
        self.help_requested.emit()

    @Slot()
    def _tint(self) -> None:
        side = self._theme.px(ICON_PX)
        accent = self._theme.tokens.accent
        self._icon.setPixmap(pixmap("sparkles", accent, side, self.devicePixelRatioF()))
        above = self._theme.px(FIRST_LINE_PX) if not self._answer.isHidden() else 0
        self._icon.setContentsMargins(0, above, 0, 0)
        self._icon.setFixedSize(side, side + above)


def view_of(theme: Theme, shown: ShownTurn, parent: QWidget) -> TurnView:
    """Give the view for a turn."""
    if shown.turn.role is Role.USER:
        return UserTurnView(theme, shown, parent)
    return AnswerTurnView(theme, shown, parent)
