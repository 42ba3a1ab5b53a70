"""Downloads: what is on its way, what has arrived, and what went wrong."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from app.core.download import Download, DownloadSpec, DownloadState
from app.core.events import LoadRequest
from app.core.hub_events import (
    DownloadCommand,
    DownloadRefused,
    DownloadsChanged,
    DownloadVerb,
    Places,
)
from app.ui.downloads.disk_line import DiskLine
from app.ui.downloads.download_card import DownloadCard
from app.ui.downloads.download_words import name_text, total_text
from app.ui.message import Action, ActionRequest
from app.ui.messages import action_words, message_for
from app.ui.theme import Theme
from app.ui.widgets.announcement import announce
from app.ui.widgets.badge import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.focus_order import focus_stops, move_focus, scroll_to
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label
from app.ui.widgets.page_column import PageColumn
from app.ui.widgets.steady_line import SteadyLine
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of

SPOKEN_STATES = frozenset({DownloadState.DONE, DownloadState.FAILED, DownloadState.WAITING})
"""Reaching one of these is read aloud."""


class DownloadsPage(QStackedWidget):
    """A card for every download: those on their way in their order, below them the finished.

    Signals:
        command_requested: do something with a download, or with all.
        start_requested: download after all what was refused before.
        load_requested: use a model that has arrived.
        show_in_folder_requested: show where its file lies.
        find_requested: look for models to download.
        settings_requested: choose another folder.
        action_requested: the button of a message was pressed.
    """

    command_requested = signal_of(DownloadCommand)
    start_requested = signal_of(DownloadSpec)
    load_requested = signal_of(LoadRequest)
    show_in_folder_requested = signal_of(LoadRequest)
    find_requested = signal()
    settings_requested = signal()
    action_requested = signal_of(ActionRequest)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._cards: dict[str, DownloadCard] = {}
        self._refused: DownloadRefused | None = None
        self.setAccessibleName(self.tr("Downloads"))
        self._empty = EmptyState(
            theme,
            "download",
            self.tr("No downloads"),
            self.tr(
                "Models that you download are shown here until you take them off the list."
                " A download that is interrupted goes on where it stopped."
            ),
            self.tr("Find a model"),
        )
        self._empty.button.clicked.connect(self.find_requested)
        self._list = PageColumn(
            theme,
            self.tr("Downloads"),
            self.tr("Every file is checked before it can be used."),
        )
        self._pause_all = TextButton(theme, self.tr("Pause all"), "pause")
        self._pause_all.clicked.connect(self._on_pause_all)
        self._resume_all = TextButton(theme, self.tr("Resume all"), "play")
        self._resume_all.clicked.connect(self._on_resume_all)
        self._banner = Banner(theme)
        self._banner.chosen.connect(self._on_refused_action)
        self._banner.closed.connect(self._on_refused_closed)
        self._total = SteadyLine("dim")
        self._finished = label(self.tr("Finished"), "heading")
        self._disk = DiskLine(theme)
        self._disk.settings_requested.connect(self.settings_requested.emit)
        self._lay_out()

    def _lay_out(self) -> None:
        everything = WrappingRow(self._theme, gap_px=8)
        for button in (self._pause_all, self._resume_all):
            button.hide()
            everything.add(button)
        self._list.head.addWidget(everything)
        holder = QWidget()
        self._place = QVBoxLayout(holder)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._place.setSpacing(self._list.column.spacing())
        for part in (self._banner, self._total, holder, self._disk):
            self._list.column.addWidget(part)
        self._place.addWidget(self._finished)
        self._total.hide()
        self._finished.hide()
        self.addWidget(self._empty)
        self.addWidget(self._list)

    # --- what is known ---

    @Slot(object)
    def show_downloads(self, changed: DownloadsChanged) -> None:
        """Show the queue as it is now; cards stay the same widgets."""
        coming = [one for one in changed.downloads if one.state is not DownloadState.DONE]
        finished = [one for one in changed.downloads if one.state is DownloadState.DONE]
        before = {key: card.download.state for key, card in self._cards.items()}
        self._arrange(coming, finished)
        for one in changed.downloads:
            self._cards[one.download_id].show_download(one)
        for place, one in enumerate(coming):
            card = self._cards[one.download_id]
            card.show_place(has_above=place > 0, has_below=place < len(coming) - 1)
        for one in finished:
            self._cards[one.download_id].show_place(has_above=False, has_below=False)
        self._show_total(coming)
        self._disk.show_queue(coming)
        self._choose_view()
        self._speak(before)

    @Slot(object)
    def show_refused(self, refused: DownloadRefused) -> None:
        """Say why a download could not begin."""
        self._refused = refused
        message = message_for(refused.failure)
        action = message.action
        has_use = action not in {None, Action.SHOW_DOWNLOADS}
        buttons = ((action.value, action_words(action)),) if action and has_use else ()
        title = self.tr("{name}: {title}")
        self._banner.say(
            Tone.WARN,
            title.format(name=name_text(refused.spec), title=message.title),
            f"{message.what_happened} {message.what_to_do}",
            buttons,
        )
        self._choose_view()

    @Slot(object)
    def show_places(self, places: Places) -> None:
        """Show where downloads go, and how much room there is."""
        self._disk.show_places(places)

    def _choose_view(self) -> None:
        is_empty = not self._cards and self._refused is None
        self.setCurrentWidget(self._empty if is_empty else self._list)

    def _shown(self) -> QWidget:
        return self._empty if self.currentWidget() is self._empty else self._list

    def _show_total(self, coming: list[Download]) -> None:
        hopeful = [one for one in coming if one.state is not DownloadState.FAILED]
        several = len(hopeful) > 1
        self._total.say(total_text(hopeful) if several else "")
        moving = [one for one in hopeful if one.state is not DownloadState.PAUSED]
        paused = [one for one in hopeful if one.state is DownloadState.PAUSED]
        self._pause_all.setVisible(several and bool(moving))
        self._resume_all.setVisible(several and bool(paused))

    def _speak(self, before: dict[str, DownloadState]) -> None:
        """Tell those who listen what has ended since the last time."""
        for key, card in self._cards.items():
            state = card.download.state
            if key in before and before[key] is not state and state in SPOKEN_STATES:
                announce(self.window(), card.outcome_text)

    # --- cards ---

    def _arrange(self, coming: list[Download], finished: list[Download]) -> None:
        """Make and remove cards, and bring them into order, only if there is need for it."""
        wanted = [one.download_id for one in (*coming, *finished)]
        is_same = wanted == list(self._cards)
        by_id = {one.download_id: one for one in (*coming, *finished)}
        before, self._cards = self._cards, {}
        for key in wanted:
            known = key in before
            self._cards[key] = before.pop(key) if known else self._new_card(by_id[key])
        for card in before.values():
            self._remove(card)
        heading_place = len(coming)
        if is_same and self._place.indexOf(self._finished) == heading_place:
            return
        self._finished.setVisible(bool(finished))
        parts: list[QWidget] = [self._cards[one.download_id] for one in coming]
        parts.append(self._finished)
        parts += [self._cards[one.download_id] for one in finished]
        for place, part in enumerate(parts):
            if self._place.indexOf(part) != place:
                self._place.removeWidget(part)
                self._place.insertWidget(place, part)

    def _new_card(self, download: Download) -> DownloadCard:
        card = DownloadCard(self._theme, download)
        card.command_requested.connect(self.command_requested.emit)
        card.load_requested.connect(self.load_requested.emit)
        card.show_in_folder_requested.connect(self.show_in_folder_requested.emit)
        card.action_requested.connect(self.action_requested.emit)
        return card

    def _remove(self, card: DownloadCard) -> None:
        """Take a card away; the keyboard goes on at the one that takes its place."""
        focused = QApplication.focusWidget()
        place = self._place.indexOf(card)
        had_focus = focused is not None and card.isAncestorOf(focused)
        self._place.removeWidget(card)
        card.leave()
        card.hide()
        card.deleteLater()
        if had_focus:
            self._focus_near(place)

    def _focus_near(self, place: int) -> None:
        cards = list(self._cards.values())
        if cards:
            stops = focus_stops([cards[min(place, len(cards) - 1)]])
            if stops:
                stops[0].setFocus()
        else:
            self._empty.button.setFocus()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt override
        """Go through the cards as they are read, wherever they were when they were made."""
        target = move_focus(self, focus_stops([self._shown()]), forward=forward)
        if target is None:
            return super().focusNextPrevChild(forward)
        scroll_to(target, self)
        return True

    # --- buttons ---

    @Slot()
    def _on_pause_all(self) -> None:
        """Pause everything."""
        self.command_requested.emit(DownloadCommand(DownloadVerb.PAUSE_ALL))

    @Slot()
    def _on_resume_all(self) -> None:
        """Let everything go on."""
        self.command_requested.emit(DownloadCommand(DownloadVerb.RESUME_ALL))

    @Slot(object)
    def _on_refused_action(self, key: str) -> None:
        """Try again, or let the window do what the message offers."""
        refused, self._refused = self._refused, None
        self._choose_view()
        if refused is None:
            return
        if key == Action.TRY_AGAIN:
            self.start_requested.emit(refused.spec)
        else:
            path = refused.failure.facts.path
            request = ActionRequest(Action(key), refused.spec.repo_id, path)
            self.action_requested.emit(request)

    @Slot()
    def _on_refused_closed(self) -> None:
        """It has been read."""
        self._refused = None
        self._choose_view()
