"""Models to be found: those of the bundled list, what the Hub has, and a page for each."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core import events
from app.core import hub_events as hub
from app.core.candidate_facts import spec_of
from app.core.download import DownloadSpec
from app.core.fit_events import CalibrationProgress, Outlook, SurveyFailed
from app.ui.catalogue.candidate_page import CandidatePage, ClosedPage
from app.ui.catalogue.find_head import FindHead
from app.ui.catalogue.find_list import FindList
from app.ui.catalogue.find_listing import HUB_KEY, HubSearch, Listing, n_found_there
from app.ui.catalogue.find_shelf import FindShelf
from app.ui.catalogue.offering import CardAction
from app.ui.catalogue.view_switch import ModelsViewKey, ViewSwitch
from app.ui.message import Action
from app.ui.theme import Theme
from app.ui.widgets.focus_order import focus_stops, move_focus
from app.ui.widgets.panel_host import PanelHost
from app.ui.widgets.section_column import LinkActivated
from app.worker.signal_types import signal, signal_of

JUDGE_S = 0.005
"""Longest time in one go for verdicts, but for a step that takes longer by itself."""
SCROLL_PAUSE_MS = 120
"""Nothing is judged until the list has stood still for so long."""


class FindView(QWidget):
    """A list with a panel at its side. Only what the user asks for goes to the Hub.

    Signals: those of the page of models.
    """

    load_requested = signal_of(events.LoadRequest)
    open_file_requested = signal()
    computer_requested = signal()
    measure_requested = signal()
    search_requested = signal_of(hub.HubSearchRequest)
    cancel_search_requested = signal()
    candidate_requested = signal_of(hub.CandidateRequest)
    card_requested = signal_of(hub.CandidateRequest)
    download_requested = signal_of(DownloadSpec)
    downloads_page_requested = signal()
    token_requested = signal()
    network_settings_requested = signal()
    online_requested = signal()
    link_requested = signal_of(LinkActivated)
    view_requested = signal_of(ModelsViewKey)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shelf = FindShelf()
        self._listing = Listing(self._shelf)
        self._search = HubSearch()
        self._head = FindHead(theme)
        self._list = FindList(theme, self._head)
        self._host = PanelHost(theme, self._list)
        self._page = CandidatePage(theme, self._shelf, self._host, self)
        self._judging = QTimer(self, interval=0)
        self._judging.timeout.connect(self._judge)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._host)
        self._connect()

    def _connect(self) -> None:
        head, cards = self._head, self._list
        head.filter_changed.connect(self._show_rows)
        head.search_asked.connect(self._on_search)
        head.stop_asked.connect(self._on_stop)
        head.notice_chosen.connect(self._on_search_notice)
        head.left_downwards.connect(self._list.focus_first)
        head.open_file_requested.connect(self.open_file_requested.emit)
        head.switch.view_chosen.connect(self.view_requested.emit)
        head.strip.details_requested.connect(self.computer_requested.emit)
        head.strip.measure_requested.connect(self.measure_requested.emit)
        cards.details_requested.connect(self._on_details)
        cards.action_requested.connect(self._on_action)
        cards.more_requested.connect(self._on_more)
        cards.left_upwards.connect(self._focus_search)
        cards.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        page = self._page
        self._host.dismissed.connect(page.close)
        page.closed.connect(self._on_closed)
        page.chosen.connect(self._on_chosen)
        page.load_requested.connect(self.load_requested.emit)
        page.measure_requested.connect(self.measure_requested.emit)
        page.candidate_requested.connect(self.candidate_requested.emit)
        page.card_requested.connect(self.card_requested.emit)
        page.download_requested.connect(self.download_requested.emit)
        page.downloads_page_requested.connect(self.downloads_page_requested.emit)
        page.token_requested.connect(self.token_requested.emit)
        page.network_settings_requested.connect(self.network_settings_requested.emit)
        page.online_requested.connect(self.online_requested.emit)
        page.link_requested.connect(self.link_requested.emit)

    @property
    def switch(self) -> ViewSwitch:
        """Says which view of the page this is."""
        return self._head.switch

    # --- what is known ---

    @Slot(object)
    def show_catalogue(self, catalogue: hub.CatalogueShown) -> None:
        """Know the bundled catalogue."""
        self._shelf.take_catalogue(catalogue)
        self._head.chips.offer_languages(catalogue.candidates)
        self._listing.put_in_order()
        self._show_rows()
        self._go_on_judging()

    @Slot(object)
    def show_library(self, library: events.Library) -> None:
        """Know which models are here already."""
        self._shelf.take_library(library)
        self._show_rows()

    @Slot(object)
    def show_outlook(self, outlook: Outlook) -> None:
        """Show what models mean for this computer as it is now."""
        self._shelf.take_outlook(outlook)
        self._head.strip.show_outlook(outlook)
        self._go_on_judging()

    @Slot(object)
    def show_survey_failed(self, _failed: SurveyFailed) -> None:
        """Say that this computer could not be looked at."""
        self._head.strip.show_measuring(is_measuring=False)
        self._head.strip.show_unknown()

    @Slot(object)
    def show_calibration_progress(self, _progress: CalibrationProgress) -> None:
        """Say that this computer is being measured."""
        self._head.strip.show_measuring(is_measuring=True)

    @Slot()
    def show_calibration_ended(self) -> None:
        """Say no more that this computer is being measured."""
        self._head.strip.show_measuring(is_measuring=False)

    @Slot(object)
    def show_downloads(self, changed: hub.DownloadsChanged) -> None:
        """Show how far downloads are, on cards and page."""
        self._page.take_downloads(changed)
        self._change_cards(self._shelf.take_downloads(changed))

    @Slot(object)
    def show_places(self, places: hub.Places) -> None:
        """Know how much room there is for downloads."""
        self._page.take_places(places)

    @Slot(object)
    def show_network(self, state: hub.NetworkState) -> None:
        """Know whether the network may be used."""
        self._page.take_network(state)

    # --- searching the Hub ---

    @Slot(object)
    def show_search_results(self, results: hub.HubSearchResults) -> None:
        """Show what the Hub found, unless something else has been asked meanwhile."""
        if results.serial != self._search.serial or results.page != self._search.page:
            return
        is_first = results.page == 0
        self._shelf.take_found(results.candidates, is_first_page=is_first)
        self._search = replace(
            self._search, is_running=False, has_more=results.has_more, failure=None
        )
        self._show_rows()
        if is_first:
            self._list.bring_up(HUB_KEY)
        self._go_on_judging()

    @Slot(object)
    def show_search_failed(self, failed: hub.HubSearchFailed) -> None:
        """Say why the Hub could not be searched."""
        if failed.serial == self._search.serial:
            self._search = replace(self._search, is_running=False, failure=failed.failure)
            self._show_rows()

    @Slot()
    def _on_search(self) -> None:
        """Search the Hub for the words in the field."""
        self._shelf.drop_found()
        self._ask(HubSearch(self._head.query, self._search.serial + 1, is_running=True))

    @Slot()
    def _on_more(self) -> None:
        """Ask for the next page, or for the one that did not come."""
        search = self._search
        if search.is_running:
            return
        page = search.page if search.failure is not None else search.page + 1
        self._ask(replace(search, page=page, is_running=True, failure=None))

    def _ask(self, search: HubSearch) -> None:
        self._search = search
        self._show_rows()
        request = hub.HubSearchRequest(search.query, search.serial, search.page)
        self.search_requested.emit(request)

    @Slot()
    def _on_stop(self) -> None:
        """Forget the search; an answer that is on its way comes too late."""
        self._search = HubSearch(serial=self._search.serial + 1)
        self._show_rows()
        self.cancel_search_requested.emit()
        self._head.field.setFocus()

    @Slot(object)
    def _on_search_notice(self, key: str) -> None:
        """Do what the button of a failed search says."""
        match key:
            case Action.TRY_AGAIN:
                self._on_search()
            case Action.GO_ONLINE:
                self.online_requested.emit()
            case Action.NETWORK_SETTINGS:
                self.network_settings_requested.emit()
            case Action.ENTER_TOKEN:
                self.token_requested.emit()
            case _:
                self._head.field.setFocus()

    # --- the list ---

    @Slot()
    def _show_rows(self) -> None:
        """List what is wanted now."""
        query = self._head.query
        rows = self._listing.rows(self._head.chips.wanted(query), self._search)
        self._head.show_search(query, self._search, n_found_there(rows))
        self._list.show_rows(rows)
        self._page.show(self._listing.recommended)

    def _change_cards(self, keys: frozenset[str]) -> None:
        changed = {key: self._shelf.offering(key) for key in keys}
        self._list.change_cards({key: one for key, one in changed.items() if one is not None})
        if self._page.key in keys:
            self._page.show()

    def _go_on_judging(self) -> None:
        if self._shelf.is_judging and self.isVisible():
            self._judging.start(0)

    @Slot(int)
    def _on_scrolled(self, _place: int) -> None:
        """Leave the time between two frames to the list."""
        if self._judging.isActive():
            self._judging.start(SCROLL_PAUSE_MS)

    @Slot()
    def _judge(self) -> None:
        """Judge for a while, what is in sight first; the order follows at the end."""
        self._judging.setInterval(0)
        self._shelf.prioritise((self._page.key, *self._list.visible_keys()))
        self._change_cards(self._shelf.judge(JUDGE_S))
        if not self._shelf.is_judging:
            self._judging.stop()
            self._listing.put_in_order()
            self._show_rows()

    def showEvent(self, event: QShowEvent) -> None:
        """Judge only while somebody looks."""
        super().showEvent(event)
        self._go_on_judging()

    @Slot()
    def _focus_search(self) -> None:
        """Go on with the keyboard above the list."""
        self._head.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_action(self, key: str) -> None:
        """Do what the button of a card says."""
        offering = self._shelf.offering(key)
        if offering is None:
            return
        match offering.action:
            case CardAction.DOWNLOAD if offering.version is not None:
                spec = spec_of(offering.candidate, offering.version)
                self.download_requested.emit(spec)
            case CardAction.USE if offering.installed is not None:
                self.load_requested.emit(events.LoadRequest(offering.installed.path))
            case CardAction.FOLLOW:
                self.downloads_page_requested.emit()
            case _:
                self._on_details(key)

    # --- the page of a model ---

    def open_candidate(self, key: str) -> None:
        """Show everything about a model, and read what the Hub says if that is allowed."""
        self._page.open(key)
        self._list.mark_open(self._page.key)

    @Slot(object)
    def show_candidate(self, read: hub.CandidateRead) -> None:
        """Show what the Hub says of a model; its shape follows in a second answer."""
        self._page.take_read(read)
        self._show_rows()
        self._go_on_judging()

    @Slot(object)
    def show_candidate_failed(self, failed: hub.CandidateFailed) -> None:
        """Say why the Hub could not be asked about a model, or for what its makers say."""
        self._page.take_failed(failed)

    @Slot(object)
    def show_card(self, card: hub.CardRead) -> None:
        """Show what its makers say."""
        self._page.take_card(card)

    @Slot(object)
    def _on_details(self, key: str) -> None:
        """Show everything about a model, or no more of it."""
        if key == self._page.key:
            self._page.close()
            return
        by_keyboard = self._list.hasFocus() and self._list.is_keyboard_used
        self.open_candidate(key)
        if by_keyboard or self._host.is_over:
            self._page.focus_first()

    @Slot(object)
    def _on_closed(self, closed: ClosedPage) -> None:
        """Mark no card any more; the keyboard goes on where the page was opened."""
        self._list.mark_open("")
        if closed.had_keyboard:
            self._list.take_focus(closed.key)

    @Slot(object)
    def _on_chosen(self, key: str) -> None:
        """Another version, or another model, is spoken of."""
        self._list.mark_open(self._page.key)
        self._change_cards(frozenset({key}))

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt override
        """Go through head, list and page as they are read; what is covered is left out."""
        is_covered = self._host.is_open and self._host.is_over
        stops: list[QWidget] = [] if is_covered else [*focus_stops([self._head]), self._list]
        if self._host.is_open and self._page.panel is not None:
            stops += focus_stops([self._page.panel])
        target = move_focus(self, stops, forward=forward)
        if target is None:
            return super().focusNextPrevChild(forward)
        self._list.bring_into_sight(target)
        self._page.bring_into_sight(target)
        return True
