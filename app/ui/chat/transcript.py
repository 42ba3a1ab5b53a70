"""The turns of the chat on the screen, scrolled by the reader and by what is written."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.core.conversation import ShownTurn, TurnState
from app.core.documents.evidence import DocumentPlace
from app.core.errors import Failure
from app.ui.chat.live_answers import LiveAnswers
from app.ui.chat.turn_column import TurnColumn
from app.ui.chat.turn_views import AnswerTurnView, TurnView, view_of
from app.ui.chat.waiting import Waiting
from app.ui.chat.waiting_line import WaitingLine
from app.ui.message import Action
from app.ui.theme import Theme
from app.ui.widgets.answer_view import LinkActivated
from app.ui.widgets.icon_button import TextButton
from app.worker.signal_types import signal, signal_of

NEWEST_TURNS = 40
"""So many are built when a chat is opened; older ones when the reader comes near to them."""
SCREENS_AT_ONCE = 1.5
"""So much is built before the chat is drawn; the rest of the newest turns right after."""
BUILD_BUDGET_S = 0.008
"""The window draws about every 16 ms; half is left for the rest of it."""
ENDLESS_S = float("inf")
ENDLESS_PX = float("inf")
FOLLOW_WITHIN_PX = 24
"""So near to the end the reader is taken to be at the end."""
JUMP_ABOVE_PX = 16


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What the reader looks at: a view, and how far the top of the screen is below its own.

    Attributes:
        fraction: the same distance as a part of the view's height.
    """

    view: TurnView
    below_px: int
    fraction: float


class Transcript(QScrollArea):
    """Shows a branch of turns; views whose turn has not changed are left alone.

    It stays at the end while text streams if the reader is there, and where it is if not.

    Args:
        theme: colours and scale.
        live: what is known of answers being written.

    Signals, each but the last four with a turn's id:
        edit_requested, regenerate_requested, sibling_requested, delete_requested: see
            `TurnView`.
        closest_answer_requested, general_answer_requested: see `AnswerTurnView`.
        link_activated: a link was chosen.
        place_requested: a page of a document is to be opened.
        help_requested: the button of the line that says what is waited for was pressed.
        action_requested: what may help with an answer that ended badly is wanted.
    """

    edit_requested = signal_of(str)
    regenerate_requested = signal_of(str)
    sibling_requested = signal_of(str)
    delete_requested = signal_of(str)
    closest_answer_requested = signal_of(str)
    general_answer_requested = signal_of(str)
    link_activated = signal_of(LinkActivated)
    place_requested = signal_of(DocumentPlace)
    help_requested = signal()
    action_requested = signal_of(Action)

    def __init__(self, theme: Theme, live: LiveAnswers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._live = live
        self._turns: Sequence[ShownTurn] = ()
        self._remembered_from_id: str | None = None
        self._first_built = 0
        self._views: dict[str, TurnView] = {}
        self._follows = True
        self._is_arranging = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # What can be done here is done by the turns; the page scrolls by its own keys.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Conversation"))
        self._column = TurnColumn(theme)
        self._column.arrangement_needed.connect(self._arrange)
        self._tail = WaitingLine(theme)
        self._tail.action_pressed.connect(self._request_help)
        self._column.set_tail(self._tail)
        self.setWidget(self._column)
        self._jump = TextButton(theme, self.tr("Jump to latest"), "arrow-down", parent=self)
        self._jump.clicked.connect(self.jump_to_latest)
        self._jump.hide()
        self._build_timer = QTimer(self, singleShot=True, interval=0)
        self._build_timer.timeout.connect(self._build_more)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        theme.changed.connect(self._arrange)

    # --- what is shown ---

    @property
    def views(self) -> tuple[TurnView, ...]:
        """The views that are built, from top to bottom."""
        return self._column.views

    def show_turns(
        self, turns: Sequence[ShownTurn], remembered_from_id: str | None, *, is_other: bool
    ) -> None:
        """Show a branch of turns.

        Args:
            turns: all turns from the first to the last.
            remembered_from_id: the first turn that reached the model; None for all.
            is_other: another conversation than before: begin at its end.
        """
        self._follows = self._follows or is_other or self._begins_answer(turns)
        anchor = None if is_other else self._anchor()
        self._turns = turns
        self._remembered_from_id = remembered_from_id
        self._remove_views_but({shown.turn.turn_id for shown in turns} if not is_other else set())
        self._first_built = self._place_of_first_view()
        self._update_views()
        self._append_views()
        self._mark_memory()
        self._arrange_around(anchor)
        self._build_screen()

    def _begins_answer(self, turns: Sequence[ShownTurn]) -> bool:
        """Say whether there is an answer to come that was not there before."""
        last = turns[-1].turn if turns else None
        return (
            last is not None
            and last.state is TurnState.WRITING
            and last.turn_id not in self._views
        )

    def show_text(self, answer_id: str, text: str) -> None:
        """Show what has been written so far of an answer, if it is on the screen."""
        view = self._views.get(answer_id)
        if isinstance(view, AnswerTurnView):
            view.show_text(text)

    def update_turn(self, shown: ShownTurn) -> None:
        """Show one turn as it is now."""
        turn_id = shown.turn.turn_id
        self._turns = [shown if one.turn.turn_id == turn_id else one for one in self._turns]
        if (view := self._views.get(turn_id)) is not None:
            view.show_turn(shown, self._failure_of(shown))
            self._mark_memory()

    def wait_for(self, answer_id: str, waiting: Waiting | None) -> None:
        """Say in the place of an answer why there is no text yet."""
        view = self._views.get(answer_id)
        if isinstance(view, AnswerTurnView):
            view.wait_for(waiting)

    def wait_below(self, waiting: Waiting | None) -> None:
        """Say below the last turn what is missing."""
        self._tail.wait_for(waiting)
        self._arrange()

    def last_answer(self) -> AnswerTurnView | None:
        """Give the newest answer that has text."""
        for view in reversed(self.views):
            if isinstance(view, AnswerTurnView) and view.text:
                return view
        return None

    # --- building ---

    def _remove_views_but(self, kept_ids: set[str]) -> None:
        for turn_id in [one for one in self._views if one not in kept_ids]:
            self._column.remove(self._views.pop(turn_id))

    def _place_of_first_view(self) -> int:
        """Give the number of the first turn that has a view; all before it have none."""
        places = (n for n, shown in enumerate(self._turns) if shown.turn.turn_id in self._views)
        return next(places, len(self._turns))

    def _update_views(self) -> None:
        for shown in self._turns[self._first_built :]:
            self.update_turn(shown)

    def _append_views(self) -> None:
        """Build views for turns that have come below those that have one."""
        if not self._views:
            return
        for place, shown in enumerate(self._turns[self._first_built :]):
            if shown.turn.turn_id not in self._views:
                self._column.insert(place, self._new_view(shown))

    def _build_screen(self) -> None:
        """Build what the reader sees first; the rest of the newest turns come in the pauses."""
        if self._first_built > self._first_wanted():
            missing_px = self.viewport().height() * SCREENS_AT_ONCE - self._column.height()
            self._build_older(missing_px, ENDLESS_S)
            self._build_timer.start()

    @Slot()
    def _build_more(self) -> None:
        """Build for a moment, then let the window draw and listen."""
        if self._first_built > self._first_wanted():
            self._build_older(ENDLESS_PX, BUILD_BUDGET_S)
            self._build_timer.start()

    def _first_wanted(self) -> int:
        """Give the number of the first of the turns that are always built."""
        return max(0, len(self._turns) - NEWEST_TURNS)

    def _build_older(self, height_px: float, budget_s: float, up_to: int = 0) -> None:
        """Build views upwards until so much height has come or so much time has passed.

        Args:
            height_px: so much is enough.
            budget_s: so much time is enough.
            up_to: number of the turn that is the last to be built.
        """
        if height_px <= 0:
            return
        anchor = self._anchor()
        width_px = self._column.column_width_px(self.width())
        end_s = time.perf_counter() + budget_s
        built_px = 0
        while self._first_built > up_to and built_px < height_px and time.perf_counter() < end_s:
            self._first_built -= 1
            view = self._new_view(self._turns[self._first_built])
            self._column.insert(0, view)
            built_px += view.heightForWidth(width_px)
        self._mark_memory()
        self._arrange_around(anchor)

    def _new_view(self, shown: ShownTurn) -> TurnView:
        view = view_of(self._theme, shown, self._column)
        view.show_turn(shown, self._failure_of(shown))
        view.edit_requested.connect(self.edit_requested.emit)
        view.fold_changed.connect(self._stay)
        view.regenerate_requested.connect(self._request_regenerate)
        view.sibling_requested.connect(self._request_sibling)
        view.delete_requested.connect(self._request_delete)
        if isinstance(view, AnswerTurnView):
            view.link_activated.connect(self._report_link)
            view.place_requested.connect(self.place_requested.emit)
            view.closest_answer_requested.connect(self.closest_answer_requested.emit)
            view.general_answer_requested.connect(self.general_answer_requested.emit)
            view.help_requested.connect(self._request_help)
            view.action_requested.connect(self.action_requested.emit)
        self._views[shown.turn.turn_id] = view
        return view

    def _failure_of(self, shown: ShownTurn) -> Failure | None:
        known = self._live.get(shown.turn.turn_id)
        return known.failure if known is not None else None

    def _mark_memory(self) -> None:
        is_writing = any(shown.turn.state is TurnState.WRITING for shown in self._turns[-1:])
        first_id = self._turns[0].turn.turn_id if self._turns else None
        for view in self.views:
            is_first = view.turn_id == self._remembered_from_id != first_id
            view.set_remembers_from_here(is_first=is_first)
            view.set_can_ask(can_ask=not is_writing)

    # --- scrolling ---

    def _anchor(self) -> _Anchor | None:
        top_px = self.verticalScrollBar().value()
        view = self._column.view_at(top_px)
        if view is None:
            return None
        below_px = top_px - view.y()
        return _Anchor(view, below_px, below_px / max(1, view.height()))

    @Slot()
    def _arrange(self) -> None:
        self._arrange_around(self._anchor())

    def _arrange_around(self, anchor: _Anchor | None, *, is_rewrapped: bool = False) -> None:
        """Place all views, and keep what the reader looks at where it is."""
        if self._is_arranging:
            return
        self._is_arranging = True
        self._column.arrange(self.width())
        bar = self.verticalScrollBar()
        if self._follows:
            bar.setValue(bar.maximum())
        elif anchor is not None and anchor.view in self._column.views:
            below_px = anchor.below_px
            if is_rewrapped:
                below_px = round(anchor.fraction * anchor.view.height())
            bar.setValue(anchor.view.y() + below_px)
        self._is_arranging = False
        self._place_jump()

    @Slot()
    def _stay(self) -> None:
        """Keep what is read in its place, and do not follow the end meanwhile."""
        self._follows = False

    @Slot(int)
    def _on_scrolled(self, value: int) -> None:
        if self._is_arranging:
            return
        bar = self.verticalScrollBar()
        self._follows = value >= bar.maximum() - self._theme.px(FOLLOW_WITHIN_PX)
        self._place_jump()
        if value < self.viewport().height() and self._first_built > 0:
            self._build_older(self.viewport().height(), ENDLESS_S)

    @Slot()
    def jump_to_latest(self) -> None:
        """Scroll to the end and follow what is written."""
        self._follows = True
        self._arrange()

    def show_turn(self, turn_id: str) -> None:
        """Scroll to a turn, if it is one of those shown."""
        places = (n for n, shown in enumerate(self._turns) if shown.turn.turn_id == turn_id)
        place = next(places, None)
        if place is None:
            return
        self._build_older(ENDLESS_PX, ENDLESS_S, place)
        self._follows = False
        self._arrange()
        bar = self.verticalScrollBar()
        bar.setValue(self._views[turn_id].y())
        self._on_scrolled(bar.value())  # It may have been there, or at the end.

    def scroll_page(self, n_pages: int) -> None:
        """Scroll by pages; a negative number goes up."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + n_pages * bar.pageStep())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by pages with the keys that a turn has no use for."""
        if event.key() == Qt.Key.Key_Space:
            is_up = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.scroll_page(-1 if is_up else 1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap everything anew."""
        anchor = self._anchor()
        super().resizeEvent(event)
        is_rewrapped = event.size().width() != event.oldSize().width()
        self._arrange_around(anchor, is_rewrapped=is_rewrapped)

    def showEvent(self, event: QShowEvent) -> None:
        """Take in what has changed while another page was shown."""
        super().showEvent(event)
        self._arrange()
        self._build_screen()

    def _place_jump(self) -> None:
        self._jump.setVisible(not self._follows)
        if self._follows:
            return
        size = self._jump.sizeHint()
        left = (self.viewport().width() - size.width()) // 2
        top = self.height() - size.height() - self._theme.px(JUMP_ABOVE_PX)
        self._jump.resize(size)
        self._jump.move(QPoint(left, top))
        self._jump.raise_()

    # --- what the turns ask for ---

    @Slot(object)
    def _request_regenerate(self, turn_id: str) -> None:
        self.regenerate_requested.emit(turn_id)

    @Slot(object)
    def _request_sibling(self, turn_id: str) -> None:
        self.sibling_requested.emit(turn_id)

    @Slot(object)
    def _request_delete(self, turn_id: str) -> None:
        self.delete_requested.emit(turn_id)

    @Slot(object)
    def _report_link(self, link: LinkActivated) -> None:
        self.link_activated.emit(link)

    @Slot()
    def _request_help(self) -> None:
        self.help_requested.emit()
