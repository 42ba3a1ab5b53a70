"""Models: two views under one head, each made when it is first looked at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.core import events
from app.core import hub_events as hub
from app.core.download import DownloadSpec
from app.core.fit_events import (
    CalibrationProgress,
    ContextRequest,
    EngineEstimate,
    EstimateRequest,
    Outlook,
    SurveyFailed,
)
from app.core.settings import SettingKey
from app.ui.catalogue.files_part import FilesPart
from app.ui.catalogue.view_switch import ModelsViewKey
from app.ui.theme import Theme
from app.ui.widgets.section_column import LinkActivated
from app.worker.signal_types import signal, signal_of

if TYPE_CHECKING:
    from app.ui.catalogue.find_view import FindView
    from app.ui.catalogue.installed_view import InstalledView


T = TypeVar("T")


@dataclass(slots=True)
class _Known:
    """What was shown last, for a view that is made later."""

    library: events.Library | None = None
    outlook: Outlook | None = None
    status: events.EngineStatus | None = None
    loaded: events.LoadedModel | None = None
    survey_failed: SurveyFailed | None = None
    calibration: CalibrationProgress | None = None
    catalogue: hub.CatalogueShown | None = None
    downloads: hub.DownloadsChanged | None = None
    moving: hub.DownloadsChanged | None = None
    network: hub.NetworkState | None = None
    places: hub.Places | None = None


class ModelsPage(QWidget):
    """Models to be found, and models on this computer.

    Signals:
        load_requested: use this model.
        cancel_load_requested: give up the model being loaded.
        open_file_requested: pick a model file.
        remove_requested: take this model off the list.
        show_in_folder_requested: show where its file lies.
        context_requested: remember so long a context for a file.
        estimate_requested: ask the engine what a file would take.
        computer_requested: show the page of this computer.
        measure_requested: show it, and measure.
        search_requested: search the whole Hub; the user asked for it.
        cancel_search_requested: the search is not wanted any more.
        candidate_requested: read what the Hub says of a model.
        card_requested: read what its makers say.
        download_requested: put this into the queue.
        downloads_page_requested: show the page of downloads.
        token_requested: let the user enter an access token.
        network_settings_requested: show the settings of the network.
        online_requested: let the user switch the network on.
        link_requested: follow a link, after asking.
        setting_requested: keep which view was shown last.

    Attributes:
        files: what there is to do with files on this computer; has signals and slots of its own.
    """

    load_requested = signal_of(events.LoadRequest)
    cancel_load_requested = signal()
    open_file_requested = signal()
    remove_requested = signal_of(events.LoadRequest)
    show_in_folder_requested = signal_of(events.LoadRequest)
    context_requested = signal_of(ContextRequest)
    estimate_requested = signal_of(EstimateRequest)
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
    setting_requested = signal_of(events.SettingRequest)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._known = _Known()
        self.files = FilesPart(theme)
        self._wanted: ModelsViewKey | None = None
        self._installed: InstalledView | None = None
        self._find: FindView | None = None
        self._stack = QStackedWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    # --- the views ---

    @property
    def installed_view(self) -> "InstalledView":
        """The view of models on this computer."""
        if self._installed is None:
            self._installed = self._new_installed()
        return self._installed

    @property
    def find_view(self) -> "FindView":
        """The view of models to be found."""
        if self._find is None:
            self._find = self._new_find()
        return self._find

    def warm_up(self) -> Iterator[None]:
        """Make the view that will be shown first, in steps for idle moments."""
        from app.ui.catalogue import model_panel  # noqa: F401, PLC0415 - takes 0.1 s

        yield
        if self._key() is ModelsViewKey.FIND:
            from app.ui.catalogue import find_view  # noqa: F401, PLC0415 - so does this
        else:
            from app.ui.catalogue import installed_view  # noqa: F401, PLC0415
        yield
        self._view(self._key())
        yield

    def show_view(self, key: ModelsViewKey) -> None:
        """Bring one of the views to the front."""
        self._wanted = key
        view = self._view(key)
        has_keyboard = self._stack.isAncestorOf(self.focusWidget())
        self._stack.setCurrentWidget(view)
        if has_keyboard and self.isVisible():
            view.switch.setFocus()

    @Slot()
    def show_find(self) -> None:
        """Show models to be found."""
        self.show_view(ModelsViewKey.FIND)

    def open_candidate(self, repo_id: str) -> None:
        """Show everything about a model that can be had."""
        self.show_view(ModelsViewKey.FIND)
        self.find_view.open_candidate(repo_id)

    @Slot(object)
    def apply_settings(self, changed: events.SettingsChanged) -> None:
        """Begin with the view that was shown last."""
        kept = str(changed.values.get(SettingKey.MODELS_VIEW, ""))
        if self._wanted is None and kept in set(ModelsViewKey):
            self._wanted = ModelsViewKey(kept)

    def _key(self) -> ModelsViewKey:
        """Give the view to show: that of last time; who has no models yet is to find some."""
        if self._wanted is not None:
            return self._wanted
        library = self._known.library
        starter = library.starter.path if library and library.starter else None
        models = (*library.models, *library.missing) if library else ()
        has_own = any(one.path != starter for one in models)
        return ModelsViewKey.INSTALLED if has_own else ModelsViewKey.FIND

    def _view(self, key: ModelsViewKey) -> "FindView | InstalledView":
        return self.find_view if key is ModelsViewKey.FIND else self.installed_view

    def showEvent(self, event: QShowEvent) -> None:
        """Make what is looked at."""
        super().showEvent(event)
        self._stack.setCurrentWidget(self._view(self._key()))

    @Slot(object)
    def _on_view(self, key: ModelsViewKey) -> None:
        """Show the view that was chosen, and remember that."""
        self.show_view(key)
        request = events.SettingRequest(SettingKey.MODELS_VIEW, key.value)
        self.setting_requested.emit(request)

    def _new_installed(self) -> "InstalledView":
        from app.ui.catalogue.installed_view import (  # noqa: PLC0415 - 0.1 s at every start
            InstalledView,
        )

        view, known = InstalledView(self._theme, self.files), self._known
        view.load_requested.connect(self.load_requested.emit)
        view.cancel_load_requested.connect(self.cancel_load_requested.emit)
        view.open_file_requested.connect(self.open_file_requested.emit)
        view.remove_requested.connect(self.remove_requested.emit)
        view.show_in_folder_requested.connect(self.show_in_folder_requested.emit)
        view.context_requested.connect(self.context_requested.emit)
        view.estimate_requested.connect(self.estimate_requested.emit)
        view.computer_requested.connect(self.computer_requested.emit)
        view.measure_requested.connect(self.measure_requested.emit)
        view.view_requested.connect(self._on_view)
        _tell(view.show_library, known.library)
        _tell(view.show_outlook, known.outlook)
        _tell(view.show_status, known.status)
        _tell(view.show_loaded, known.loaded)
        _tell(view.show_survey_failed, known.survey_failed)
        _tell(view.show_calibration_progress, known.calibration)
        self._stack.addWidget(view)
        return view

    def _new_find(self) -> "FindView":
        from app.ui.catalogue.find_view import FindView  # noqa: PLC0415 - 0.1 s at every start

        view, known = FindView(self._theme), self._known
        view.load_requested.connect(self.load_requested.emit)
        view.open_file_requested.connect(self.open_file_requested.emit)
        view.computer_requested.connect(self.computer_requested.emit)
        view.measure_requested.connect(self.measure_requested.emit)
        view.search_requested.connect(self.search_requested.emit)
        view.cancel_search_requested.connect(self.cancel_search_requested.emit)
        view.candidate_requested.connect(self.candidate_requested.emit)
        view.card_requested.connect(self.card_requested.emit)
        view.download_requested.connect(self.download_requested.emit)
        view.downloads_page_requested.connect(self.downloads_page_requested.emit)
        view.token_requested.connect(self.token_requested.emit)
        view.network_settings_requested.connect(self.network_settings_requested.emit)
        view.online_requested.connect(self.online_requested.emit)
        view.link_requested.connect(self.link_requested.emit)
        view.view_requested.connect(self._on_view)
        _tell(view.show_network, known.network)
        _tell(view.show_places, known.places)
        _tell(view.show_library, known.library)
        _tell(view.show_downloads, known.moving)
        _tell(view.show_downloads, known.downloads)
        _tell(view.show_outlook, known.outlook)
        _tell(view.show_survey_failed, known.survey_failed)
        _tell(view.show_calibration_progress, known.calibration)
        _tell(view.show_catalogue, known.catalogue)
        self._stack.addWidget(view)
        return view

    def keep_changes_now(self) -> None:
        """Take what was just chosen, without waiting for a pause."""
        if self._installed is not None:
            self._installed.keep_changes_now()

    # --- what both views show ---

    @Slot(object)
    def show_library(self, library: events.Library) -> None:
        """Know other models on this computer."""
        self._known.library = library
        if self._installed is not None:
            self._installed.show_library(library)
        if self._find is not None:
            self._find.show_library(library)

    @Slot(object)
    def show_outlook(self, outlook: Outlook) -> None:
        """Show what models mean for this computer as it is now."""
        self._known.outlook = outlook
        self._known.survey_failed = None
        if self._installed is not None:
            self._installed.show_outlook(outlook)
        if self._find is not None:
            self._find.show_outlook(outlook)

    @Slot(object)
    def show_survey_failed(self, failed: SurveyFailed) -> None:
        """Say that this computer could not be looked at, or the engine not be asked."""
        self._known.survey_failed, self._known.calibration = failed, None
        if self._installed is not None:
            self._installed.show_survey_failed(failed)
        if self._find is not None:
            self._find.show_survey_failed(failed)

    @Slot(object)
    def show_calibration_progress(self, progress: CalibrationProgress) -> None:
        """Say that this computer is being measured."""
        self._known.calibration = progress
        if self._installed is not None:
            self._installed.show_calibration_progress(progress)
        if self._find is not None:
            self._find.show_calibration_progress(progress)

    @Slot()
    @Slot(object)
    def show_calibration_ended(self, _how: object = None) -> None:
        """Say no more that this computer is being measured, however that ended."""
        self._known.calibration = None
        if self._installed is not None:
            self._installed.show_calibration_ended()
        if self._find is not None:
            self._find.show_calibration_ended()

    # --- models on this computer ---

    @Slot(object)
    def show_status(self, status: events.EngineStatus) -> None:
        """Mark the model that is in use or being loaded."""
        self._known.status = status
        if self._installed is not None:
            self._installed.show_status(status)

    @Slot(object)
    def show_progress(self, progress: events.LoadProgress) -> None:
        """Show how far loading is."""
        if self._installed is not None:
            self._installed.show_progress(progress)

    @Slot(object)
    def show_loaded(self, loaded: events.LoadedModel) -> None:
        """Show what was foreseen of a model, and what came of it."""
        self._known.loaded = loaded
        if self._installed is not None:
            self._installed.show_loaded(loaded)

    @Slot(object)
    def show_estimate(self, estimate: EngineEstimate) -> None:
        """Show what the engine says that a model would take."""
        if self._installed is not None:
            self._installed.show_estimate(estimate)

    # --- models to be found ---

    @Slot(object)
    def show_catalogue(self, catalogue: hub.CatalogueShown) -> None:
        """Know the bundled catalogue."""
        self._known.catalogue = catalogue
        if self._find is not None:
            self._find.show_catalogue(catalogue)

    @Slot(object)
    def show_downloads(self, changed: hub.DownloadsChanged) -> None:
        """Show how far downloads are."""
        self._known.downloads = changed
        if any(one.seconds_left is not None for one in changed.downloads):
            self._known.moving = changed  # tells later how fast downloads are here
        if self._find is not None:
            self._find.show_downloads(changed)

    @Slot(object)
    def show_network(self, state: hub.NetworkState) -> None:
        """Know whether the network may be used."""
        self._known.network = state
        if self._find is not None:
            self._find.show_network(state)

    @Slot(object)
    def show_places(self, places: hub.Places) -> None:
        """Know how much room downloads take, and how much there is."""
        self._known.places = places
        self.files.show_places(places)
        if self._find is not None:
            self._find.show_places(places)

    @Slot(object)
    def show_search_results(self, results: hub.HubSearchResults) -> None:
        """Show what the Hub found."""
        if self._find is not None:
            self._find.show_search_results(results)

    @Slot(object)
    def show_search_failed(self, failed: hub.HubSearchFailed) -> None:
        """Say why a search failed."""
        if self._find is not None:
            self._find.show_search_failed(failed)

    @Slot(object)
    def show_candidate(self, read: hub.CandidateRead) -> None:
        """Show what the Hub says of a model."""
        if self._find is not None:
            self._find.show_candidate(read)

    @Slot(object)
    def show_candidate_failed(self, failed: hub.CandidateFailed) -> None:
        """Say why the Hub could not be asked about a model."""
        if self._find is not None:
            self._find.show_candidate_failed(failed)

    @Slot(object)
    def show_card(self, card: hub.CardRead) -> None:
        """Show what its makers say."""
        if self._find is not None:
            self._find.show_card(card)


def _tell(show: Callable[[T], object], known: T | None) -> None:
    """Show what was shown before there was a view, if anything was."""
    if known is not None:
        show(known)
