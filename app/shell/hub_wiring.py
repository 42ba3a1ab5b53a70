"""Builds what has to do with the Hub, downloads and other programs' models, and wires it."""

import logging

from app.hub.door import HubDoor
from app.store.data_folder import DataFolder
from app.store.database import Database
from app.store.token_store import TokenStore
from app.ui.main_window import MainWindow
from app.ui.resources import resources_folder
from app.worker.conversation_worker import ConversationWorker
from app.worker.download_worker import DownloadWorker
from app.worker.hub_worker import HubWorker
from app.worker.ledger_feed import LedgerFeed
from app.worker.library_worker import LibraryWorker
from app.worker.network_worker import NetworkWorker
from app.worker.scan_worker import ScanWorker
from app.worker.threads import WorkerThread

_LOG = logging.getLogger(__name__)


class HubWiring:
    """The part of the shell through which models come.

    Args:
        window: asks and shows.
        data: the user's data.
        database: of the store's thread, which the ledger is written with.
        store_thread: where the network's settings and ledger live.
    """

    def __init__(
        self,
        window: MainWindow,
        data: DataFolder,
        database: Database,
        store_thread: WorkerThread,
    ) -> None:
        self._window = window
        feed = LedgerFeed()
        self._feed = feed
        self.door = HubDoor(feed.record)
        self.network = NetworkWorker(database, self.door, TokenStore())
        self.hub = HubWorker(self.door, resources_folder() / "catalogue")
        # Each of these threads has a connection of its own, on the same file.
        self.downloads = DownloadWorker(Database(data.database), self.door, data.models)
        self.scan = ScanWorker(Database(data.database), data.models)
        store_thread.adopt(self.network)
        # Connected before the store's own worker is, whose closing ends the thread.
        window.closed.connect(self.network.close)
        self._threads: dict[str, WorkerThread] = {}
        for name, worker in (
            ("hub", self.hub),
            ("downloads", self.downloads),
            ("scan", self.scan),
        ):
            thread = WorkerThread(name)
            thread.adopt(worker)
            self._threads[name] = thread

    def start(self) -> None:
        """Let the workers begin."""
        for thread in self._threads.values():
            thread.start()

    def wait(self) -> None:
        """Wait until the workers have ended that were told so by `window.closing`."""
        for name, thread in self._threads.items():
            if not thread.wait():
                _LOG.error("the %s thread did not end", name)

    def connect(self, conversations: ConversationWorker, library: LibraryWorker) -> None:
        """Wire the signals of workers and window."""
        self._connect_network(library)
        self._connect_hub()
        self._connect_downloads(conversations, library)
        self._connect_files(library)

    def _connect_network(self, library: LibraryWorker) -> None:
        window, network = self._window, self.network
        self._feed.recorded.connect(network.take_entry)
        window.opened.connect(network.open)
        library.settings_changed.connect(network.apply_settings)
        window.online.gate.setting_requested.connect(library.change_setting)
        library.store_failed.connect(window.online.gate.show_store_failed)
        window.online.token_entered.connect(network.take_token)
        window.settings_page.ledger_requested.connect(network.show_ledger)
        window.settings_page.ledger_clear_requested.connect(network.clear_ledger)
        network.network_changed.connect(window.online.show_network)
        network.ledger_shown.connect(window.settings_page.show_ledger)
        network.token_answered.connect(window.settings_page.show_token_answer)
        network.store_failed.connect(window.show_store_failed)

    def _connect_hub(self) -> None:
        window, hub, models = self._window, self.hub, self._window.models_page
        window.opened.connect(hub.open)
        window.closing.connect(hub.close)
        window.online.search_requested.connect(hub.search)
        window.online.candidate_requested.connect(hub.read_candidate)
        window.online.card_requested.connect(hub.read_card)
        window.online.update_requested.connect(hub.ask_for_update)
        models.cancel_search_requested.connect(hub.cancel_search)
        hub.catalogue_shown.connect(models.show_catalogue)
        hub.search_finished.connect(models.show_search_results)
        hub.search_failed.connect(models.show_search_failed)
        hub.candidate_read.connect(models.show_candidate)
        hub.candidate_failed.connect(models.show_candidate_failed)
        hub.card_read.connect(models.show_card)
        hub.update_answered.connect(models.files.show_update_answer)
        hub.failed.connect(window.show_hub_failed)

    def _connect_downloads(
        self, conversations: ConversationWorker, library: LibraryWorker
    ) -> None:
        window, downloads, page = self._window, self.downloads, self._window.downloads_page
        # Not before the store has brought the file to the present schema.
        conversations.store_ready.connect(downloads.begin)
        window.closing.connect(downloads.close)
        library.settings_changed.connect(downloads.apply_settings)
        self.network.network_changed.connect(downloads.take_network)
        self.network.token_answered.connect(downloads.take_token)
        window.online.download_requested.connect(downloads.start)
        page.command_requested.connect(downloads.command)
        downloads.downloads_changed.connect(page.show_downloads)
        downloads.downloads_changed.connect(window.models_page.show_downloads)
        downloads.downloads_changed.connect(window.rail.show_downloads)
        downloads.download_refused.connect(page.show_refused)
        downloads.download_refused.connect(window.online.show_refused)
        downloads.model_installed.connect(self.scan.take_installed)
        downloads.store_failed.connect(window.show_store_failed)

    def _connect_files(self, library: LibraryWorker) -> None:
        window, scan, files = self._window, self.scan, self._window.models_page.files
        window.closing.connect(scan.close)
        window.models_first_shown.connect(scan.begin)
        window.downloads_shown.connect(scan.report_places)
        library.settings_changed.connect(scan.apply_settings)
        files.scan_requested.connect(scan.scan)
        files.scan_cancel_requested.connect(scan.cancel)
        files.folder_forget_requested.connect(scan.forget_folder)
        files.delete_requested.connect(scan.delete)
        files.keep_requested.connect(scan.keep)
        scan.models_changed.connect(library.report_again)
        scan.scan_advanced.connect(files.show_scan_progress)
        scan.scan_finished.connect(files.show_scan_finished)
        scan.model_deleted.connect(files.show_deleted)
        scan.model_kept.connect(files.show_kept)
        scan.handling_failed.connect(files.show_handling_failed)
        scan.places_known.connect(window.models_page.show_places)
        scan.places_known.connect(window.downloads_page.show_places)
        scan.store_failed.connect(window.show_store_failed)
