"""What goes on between the pages through which models come: models, downloads, settings, rail."""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.core import hub_events as hub
from app.core.download import DownloadSpec
from app.core.errors import ErrorCode, Failure
from app.core.network import HUB_ENDPOINT
from app.ui.catalogue.page import ModelsPage
from app.ui.downloads.page import DownloadsPage
from app.ui.link_dialog import LinkDialog
from app.ui.message import Action, ActionRequest
from app.ui.online_gate import OnlineGate
from app.ui.settings.page import SettingsPage
from app.ui.theme import Theme
from app.ui.widgets.rail import PageKey, Rail
from app.ui.widgets.section_column import LinkActivated
from app.ui.widgets.toast import ToastHost
from app.worker.signal_types import signal, signal_of

TOKEN_PAGE = f"{HUB_ENDPOINT}/settings/tokens"
_NOTE_KEY = "files"


class OnlinePages(QObject):
    """Lets whatever needs the network wait for the user's consent, and answers messages' buttons.

    Signals:
        search_requested, candidate_requested, card_requested, update_requested: ask the Hub.
        download_requested: put this into the queue.
        token_entered: keep this token, or forget the one that is kept.
        page_requested: bring this page to the front.
        open_file_requested, data_folder_requested, chat_requested: what buttons of messages
            say that is no business of these pages.

    Attributes:
        gate: holds back what needs the network.
    """

    search_requested = signal_of(hub.HubSearchRequest)
    candidate_requested = signal_of(hub.CandidateRequest)
    card_requested = signal_of(hub.CandidateRequest)
    update_requested = signal_of(hub.UpdateRequest)
    download_requested = signal_of(DownloadSpec)
    token_entered = signal_of(hub.TokenRequest)
    page_requested = signal_of(PageKey)
    open_file_requested = signal()
    data_folder_requested = signal()
    chat_requested = signal()

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        rail: Rail,
        models: ModelsPage,
        downloads: DownloadsPage,
        settings: SettingsPage,
        toasts: ToastHost,
    ) -> None:
        super().__init__(window)
        self._theme, self._window, self._rail = theme, window, rail
        self._models, self._downloads, self._settings = models, downloads, settings
        self._toasts = toasts
        self.gate = OnlineGate(theme, window)
        self.gate.refused.connect(self._on_refused)
        self._connect_models()
        self._connect_others()

    def _connect_models(self) -> None:
        models, files = self._models, self._models.files
        models.search_requested.connect(self._search)
        models.candidate_requested.connect(self._read_candidate)
        models.card_requested.connect(self._read_card)
        models.download_requested.connect(self._download)
        models.downloads_page_requested.connect(self._show_downloads)
        models.token_requested.connect(self._show_token_form)
        models.network_settings_requested.connect(self._show_network)
        models.online_requested.connect(self.gate.go_online)
        models.link_requested.connect(self._follow)
        files.update_requested.connect(self._ask_for_update)
        files.download_requested.connect(self._download)
        files.action_requested.connect(self.take_action)
        files.note_requested.connect(self._say)

    def _connect_others(self) -> None:
        self._rail.privacy_requested.connect(self._show_network)
        self._downloads.start_requested.connect(self._download)
        self._downloads.find_requested.connect(self._find)
        self._downloads.settings_requested.connect(self._show_download_settings)
        self._downloads.action_requested.connect(self.take_action)
        self._settings.token_entered.connect(self._enter_token)
        self._settings.token_page_requested.connect(self._open_token_page)

    # --- what workers say ---

    @Slot(object)
    def show_network(self, state: hub.NetworkState) -> None:
        """Show everywhere whether the network may be used, then let through what waited."""
        self._rail.show_network(state)
        self._settings.show_network(state)
        self._models.show_network(state)
        self.gate.show_network(state)

    @Slot(object)
    def show_refused(self, _refused: hub.DownloadRefused) -> None:
        """Show the page that says why a download was not begun."""
        self._show_downloads()

    # --- what needs the network ---

    @Slot(object)
    def _search(self, request: hub.HubSearchRequest) -> None:
        self.gate.ask(self.search_requested.emit, request)

    @Slot(object)
    def _read_candidate(self, request: hub.CandidateRequest) -> None:
        self.gate.ask(self.candidate_requested.emit, request)

    @Slot(object)
    def _read_card(self, request: hub.CandidateRequest) -> None:
        self.gate.ask(self.card_requested.emit, request)

    @Slot(object)
    def _ask_for_update(self, request: hub.UpdateRequest) -> None:
        self.gate.ask(self.update_requested.emit, request)

    @Slot(object)
    def _download(self, spec: DownloadSpec) -> None:
        self.gate.ask(self.download_requested.emit, spec)

    @Slot(object)
    def _enter_token(self, request: hub.TokenRequest) -> None:
        if request.token.strip():
            self.gate.ask(self.token_entered.emit, request)
        else:
            # Forgetting needs no network.
            self.token_entered.emit(request)

    @Slot(object)
    def _on_refused(self, asked: object) -> None:
        """Let whoever waits for an answer know that there will be none."""
        offline = Failure(ErrorCode.OFFLINE)
        match asked:
            case hub.HubSearchRequest():
                self._models.show_search_failed(hub.HubSearchFailed(asked.serial, offline))
            case hub.CandidateRequest():
                self._models.show_candidate_failed(hub.CandidateFailed(asked.repo_id, offline))
            case hub.TokenRequest():
                self._settings.show_stayed_offline(asked)
            case _:
                pass  # A download or question that was not begun: its button is still there.

    # --- buttons of messages ---

    @Slot(object)
    def take_action(self, request: ActionRequest) -> None:
        """Do what the button of a message says."""
        slots = {
            Action.GO_ONLINE: self.gate.go_online,
            Action.NETWORK_SETTINGS: self._show_network,
            Action.ENTER_TOKEN: self._show_token_form,
            Action.SHOW_DOWNLOADS: self._show_downloads,
            Action.DOWNLOAD_SETTINGS: self._show_download_settings,
            Action.SHOW_MODELS: self._find,
            Action.CHOOSE_MODEL_FILE: self.open_file_requested.emit,
            Action.OPEN_DATA_FOLDER: self.data_folder_requested.emit,
            Action.NEW_CHAT: self.chat_requested.emit,
        }
        if request.action in slots:
            slots[request.action]()
        elif request.action is Action.OPEN_MODEL_PAGE and request.repo_id:
            page = QUrl(HUB_ENDPOINT)
            page.setPath(f"/{request.repo_id}")
            self._open_page(page.toString(QUrl.ComponentFormattingOption.FullyEncoded))
        elif request.action is Action.OPEN_FOLDER and request.path:
            path = Path(request.path)
            folder = path if path.is_dir() else path.parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    @Slot()
    def _find(self) -> None:
        self.page_requested.emit(PageKey.MODELS)
        self._models.show_find()

    @Slot(object)
    def show_candidate(self, request: hub.CandidateRequest) -> None:
        """Show the page of a model that can be had; nothing is asked of the network for it."""
        self._models.open_candidate(request.repo_id)
        self.page_requested.emit(PageKey.MODELS)

    @Slot()
    def _show_downloads(self) -> None:
        self.page_requested.emit(PageKey.DOWNLOADS)

    @Slot()
    def _show_network(self) -> None:
        self.page_requested.emit(PageKey.SETTINGS)
        self._settings.show_network_card()

    @Slot()
    def _show_token_form(self) -> None:
        self.page_requested.emit(PageKey.SETTINGS)
        self._settings.show_token_form()

    @Slot()
    def _show_download_settings(self) -> None:
        self.page_requested.emit(PageKey.SETTINGS)
        self._settings.show_downloads_card()

    @Slot()
    def _open_token_page(self) -> None:
        self._open_page(TOKEN_PAGE)

    @Slot(object)
    def _follow(self, link: LinkActivated) -> None:
        self._open_page(link.url)

    def _open_page(self, url: str) -> None:
        LinkDialog(self._theme, url, self._window, is_from_model=False).exec()

    @Slot(object)
    def _say(self, text: str) -> None:
        self._toasts.show_toast(_NOTE_KEY, text)
