"""The page of a model in the panel at the side: what is known of it, and what its buttons do."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget

from app.core import events
from app.core import hub_events as hub
from app.core.candidate_facts import spec_of
from app.core.download import DownloadSpec
from app.core.model import ModelFile
from app.core.network import HUB_ENDPOINT
from app.ui.catalogue.candidate_panel import CandidatePanel
from app.ui.catalogue.find_shelf import FindShelf
from app.ui.catalogue.get_bar import Access
from app.ui.catalogue.offering import Offering
from app.ui.catalogue.page_notice import READ_KEY, PageFacts
from app.ui.message import Action
from app.ui.theme import Theme
from app.ui.widgets.panel_host import PanelHost
from app.ui.widgets.section_column import LinkActivated
from app.worker.signal_types import signal, signal_of


@dataclass(frozen=True, slots=True)
class ClosedPage:
    """A page was closed; `had_keyboard`: the keyboard was on it."""

    key: str
    had_keyboard: bool


class CandidatePage(QObject):
    """Shows one model at a time; the panel is made when it is first wanted.

    Args:
        theme: colours and scale.
        shelf: what is known of models.
        host: where the panel is put.
        parent: the view.

    Signals:
        closed: no model is shown any more.
        chosen: another version or model is spoken of; carries its key.
        the others: those of the page of models.

    Attributes:
        key: of the model that is shown; empty for none.
        panel: None until a model has been shown.
    """

    closed = signal_of(ClosedPage)
    chosen = signal_of(str)
    load_requested = signal_of(events.LoadRequest)
    measure_requested = signal()
    candidate_requested = signal_of(hub.CandidateRequest)
    card_requested = signal_of(hub.CandidateRequest)
    download_requested = signal_of(DownloadSpec)
    downloads_page_requested = signal()
    token_requested = signal()
    network_settings_requested = signal()
    online_requested = signal()
    link_requested = signal_of(LinkActivated)

    def __init__(self, theme: Theme, shelf: FindShelf, host: PanelHost, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shelf = shelf
        self._host = host
        self._network = hub.NetworkState(is_offline=True)
        self._facts: dict[str, PageFacts] = {}
        self._recommended = ""
        self._bytes_per_s = 0.0
        self._room_bytes: int | None = None
        self.key = ""
        self.panel: CandidatePanel | None = None

    # --- what is known ---

    def take_network(self, state: hub.NetworkState) -> None:
        """Know whether the network may be used."""
        self._network = state
        self.show()

    def take_downloads(self, changed: hub.DownloadsChanged) -> None:
        """Know how fast downloads are, once that can be told honestly."""
        known = [one.bytes_per_s for one in changed.downloads if one.seconds_left is not None]
        self._bytes_per_s = sum(known) or self._bytes_per_s

    def take_places(self, places: hub.Places) -> None:
        """Know how much room there is."""
        self._room_bytes = max(0, places.free_bytes - places.reserve_bytes)
        self.show()

    def take_read(self, read: hub.CandidateRead) -> None:
        """Know what the Hub says of a model now."""
        key = read.candidate.repo_id
        self._shelf.take_read(read.candidate, is_unfit=read.unfit is not None)
        self._facts[key] = replace(
            self._of(key), is_reading=False, is_read=True, failure=None, unfit=read.unfit
        )

    def take_failed(self, failed: hub.CandidateFailed) -> None:
        """Know why the Hub could not be asked."""
        self._facts[failed.repo_id] = replace(
            self._of(failed.repo_id),
            is_reading=False,
            is_card_reading=False,
            failure=failed.failure,
        )
        self.show()

    def take_card(self, card: hub.CardRead) -> None:
        """Know what its makers say."""
        self._facts[card.repo_id] = replace(
            self._of(card.repo_id), card=card.text, is_card_reading=False
        )
        self.show()

    def _of(self, key: str) -> PageFacts:
        return self._facts.get(key, PageFacts())

    # --- opening and closing ---

    def open(self, key: str) -> None:
        """Show a model; ask the Hub about it once, if the network may be used."""
        if self._shelf.candidate(key) is None:
            return
        self.key = key
        facts = self._of(key)
        if not (facts.is_read or facts.is_reading or self._network.is_offline):
            self._read()
        self.show()

    def focus_first(self) -> None:
        """Let the keyboard go on in the panel."""
        if self.panel is not None:
            self.panel.focus_first()

    @Slot()
    def close(self) -> None:
        """Show no model any more."""
        focused, key = QApplication.focusWidget(), self.key
        had_keyboard = (
            focused is not None and self.panel is not None and self.panel.isAncestorOf(focused)
        )
        self.key = ""
        self.show()
        self.closed.emit(ClosedPage(key, had_keyboard))

    def show(self, recommended: str | None = None) -> None:
        """Show what is known now; `recommended` is the key of the model to take first."""
        if recommended is not None:
            self._recommended = recommended
        offering = self._offering
        if offering is not None:
            self._fill(offering)
        if self._host.is_open != (offering is not None):
            self._host.set_open(is_open=offering is not None)

    def bring_into_sight(self, part: QWidget) -> None:
        """Scroll so that a part of the panel can be seen."""
        if self.panel is not None and self.panel.area.isAncestorOf(part):
            self.panel.area.ensureWidgetVisible(part)

    @property
    def _offering(self) -> Offering | None:
        return self._shelf.offering(self.key)

    def _fill(self, offering: Offering) -> None:
        if self.panel is None:
            self.panel = self._new_panel()
        facts = self._of(offering.key)
        access = Access(
            is_online=not self._network.is_offline,
            has_token=self._network.has_token,
            is_unfit=facts.unfit is not None,
            bytes_per_s=self._bytes_per_s,
            room_bytes=self._room_bytes,
        )
        best = self._shelf.offering(self._recommended)
        other = best.as_entry() if best is not None else None
        self.panel.show_offering(offering, facts, access, self._shelf.outlook, other)

    def _new_panel(self) -> CandidatePanel:
        panel = CandidatePanel(self._theme)
        panel.closed.connect(self.close)
        panel.version_chosen.connect(self._on_version)
        panel.model_chosen.connect(self._on_model)
        panel.notice_chosen.connect(self._on_notice)
        panel.card_requested.connect(self._on_card)
        panel.page_requested.connect(self._on_page)
        panel.link_requested.connect(self.link_requested.emit)
        panel.measure_requested.connect(self.measure_requested.emit)
        panel.download_requested.connect(self._on_download)
        panel.follow_requested.connect(self.downloads_page_requested.emit)
        panel.use_requested.connect(self._on_use)
        self._host.put_in(panel)
        return panel

    # --- buttons ---

    def _read(self) -> None:
        """Ask the Hub; while offline the window may ask the user first."""
        is_reading = not self._network.is_offline
        self._facts[self.key] = replace(self._of(self.key), is_reading=is_reading, failure=None)
        self.candidate_requested.emit(hub.CandidateRequest(self.key))

    @Slot(object)
    def _on_version(self, model: ModelFile) -> None:
        """Speak of another version."""
        self._shelf.choose(self.key, model.path)
        self.show()
        self.chosen.emit(self.key)

    @Slot(object)
    def _on_model(self, model: ModelFile) -> None:
        """Show another model."""
        key = self._shelf.key_of(model.path)
        if key:
            self.open(key)
            self.chosen.emit(key)

    @Slot(object)
    def _on_notice(self, key: str) -> None:
        """Do what a button at the top of the page says."""
        match key:
            case _ if key in {READ_KEY, Action.TRY_AGAIN}:
                self._read()
                self.show()
            case Action.OPEN_MODEL_PAGE:
                self._on_page()
            case Action.ENTER_TOKEN:
                self.token_requested.emit()
            case Action.GO_ONLINE:
                self.online_requested.emit()
            case Action.NETWORK_SETTINGS:
                self.network_settings_requested.emit()
            case Action.SHOW_DOWNLOADS:
                self.downloads_page_requested.emit()
            case _:
                self.close()

    @Slot()
    def _on_card(self) -> None:
        """Read what its makers say."""
        is_reading = not self._network.is_offline
        self._facts[self.key] = replace(self._of(self.key), is_card_reading=is_reading)
        self.show()
        self.card_requested.emit(hub.CandidateRequest(self.key))

    @Slot()
    def _on_page(self) -> None:
        """Open its page on the Hub."""
        self.link_requested.emit(LinkActivated(f"{HUB_ENDPOINT}/{self.key}"))

    @Slot()
    def _on_download(self) -> None:
        """Put the version that is shown into the queue."""
        offering, panel = self._offering, self.panel
        if offering is not None and offering.version is not None and panel is not None:
            spec = spec_of(offering.candidate, offering.version, panel.projector)
            self.download_requested.emit(spec)

    @Slot()
    def _on_use(self) -> None:
        """Use the file that is here."""
        offering = self._offering
        if offering is not None and offering.installed is not None:
            self.load_requested.emit(events.LoadRequest(offering.installed.path))
