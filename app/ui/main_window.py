"""The window: rail, pages, and what goes on between them. Pages meet only here."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QFileDialog, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.core import events
from app.core.errors import BugError, ErrorCode, Facts, Failure
from app.core.hub_events import CandidateFailed
from app.core.settings import SettingKey, SettingValue
from app.ui import window_place
from app.ui.catalogue.page import ModelsPage
from app.ui.chat.chat_list import ChatList
from app.ui.chat.page import ChatPage, LinkRequest
from app.ui.computer.page import ComputerPage
from app.ui.document_pages import DocumentPages
from app.ui.documents.page import DocumentsPage
from app.ui.downloads.page import DownloadsPage
from app.ui.link_dialog import LinkDialog
from app.ui.message import Action
from app.ui.messages import action_words, message_for
from app.ui.online_pages import OnlinePages
from app.ui.settings.page import SettingsPage
from app.ui.shortcuts_dialog import SHORTCUTS, ShortcutKey, ShortcutsDialog, shortcut_words
from app.ui.single_instance import Activation
from app.ui.text_scale import TextScale
from app.ui.theme import Theme
from app.ui.undo_deletion import UndoDeletion
from app.ui.widgets.badge import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.rail import PageKey, Rail
from app.ui.widgets.shrinking_area import ShrinkingArea
from app.ui.widgets.toast import ToastHost
from app.ui.widgets.window_body import WindowBody
from app.worker.signal_types import signal, signal_of

MODEL_SUFFIX = ".gguf"


class MainWindow(QMainWindow):
    """Everything the user sees. Asks through the signals of its pages and its own.

    Signals:
        conversation_requested: show this conversation.
        new_chat_shown: no conversation is on the screen any more.
        load_requested: load this model file.
        setting_requested: change a setting.
        fit_shown: what fits on this computer is on the screen, and has to be up to date.
        models_first_shown: the page of models, for the first time since the start.
        downloads_shown: the page of downloads is on the screen.
        opened: the window is on the screen; the workers may begin.
        closing, closed: the application ends, and the engine has ended; emitted by the shell.

    Attributes:
        undo: what was deleted and can come back.
        online: what goes on between the pages through which models come.
        documents: what goes on between the pages that have to do with documents.
    """

    conversation_requested = signal_of(events.ConversationRequest)
    new_chat_shown = signal()
    load_requested = signal_of(events.LoadRequest)
    setting_requested = signal_of(events.SettingRequest)
    fit_shown = signal()
    models_first_shown = signal()
    downloads_shown = signal()
    opened = signal()
    closing = signal()
    closed = signal()

    def __init__(self, theme: Theme, data_folder: Path) -> None:
        super().__init__()
        self._theme = theme
        self._data_folder = data_folder
        self._awaited_id: str | None = None
        self._has_shown_models = False
        self.setWindowTitle("Quillhouse")
        self.resize(window_place.start_size(self.screen().availableSize()))
        self.setMinimumSize(window_place.SMALLEST_SIZE)
        self.setAcceptDrops(True)
        self.chat_page = ChatPage(theme)
        self.models_page = ModelsPage(theme)
        self.computer_page = ComputerPage(theme)
        self.documents_page = DocumentsPage(theme)
        self.downloads_page = DownloadsPage(theme)
        self.settings_page = SettingsPage(theme, data_folder)
        self.chat_list = ChatList(theme)
        self._pages: dict[PageKey, QWidget] = {
            PageKey.CHAT: self.chat_page,
            PageKey.DOCUMENTS: self.documents_page,
            PageKey.MODELS: self.models_page,
            PageKey.DOWNLOADS: self.downloads_page,
            PageKey.SETTINGS: self.settings_page,
            PageKey.COMPUTER: self.computer_page,
        }
        self.rail = Rail(theme)
        self.rail.set_middle(self.chat_list)
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(page)
        self._store_banner = Banner(theme)
        right = QWidget()
        self._right = QVBoxLayout(right)
        self._right.setContentsMargins(0, 0, 0, 0)
        self._right.setSpacing(0)
        self._right.addWidget(ShrinkingArea(theme, self._store_banner))
        self._toasts = ToastHost(self, theme)
        self.documents = DocumentPages(
            theme, self.chat_page, self.documents_page, self._stack, self._toasts
        )
        self._right.addWidget(self.documents.host, 1)
        self.setCentralWidget(WindowBody(theme, self.rail, right))
        self._toasts.stay_above(self.chat_page.composer_area)
        self.online = OnlinePages(
            theme,
            self,
            self.rail,
            self.models_page,
            self.downloads_page,
            self.settings_page,
            self._toasts,
        )
        self.undo = UndoDeletion(self._toasts, self)
        self._text_scale = TextScale(theme, self)
        self._text_scale.setting_requested.connect(self.setting_requested.emit)
        self._connect_pages()
        self._add_shortcuts()
        self.show_page(PageKey.CHAT)

    def _connect_pages(self) -> None:
        self.rail.page_requested.connect(self.show_page)
        self.rail.new_chat_requested.connect(self.start_new_chat)
        self.rail.collapsed_changed.connect(self._keep_rail_collapsed)
        self.chat_list.open_requested.connect(self._open_conversation)
        self.chat_page.new_chat_requested.connect(self.start_new_chat)
        self.chat_page.open_file_requested.connect(self.choose_model_file)
        self.chat_page.models_requested.connect(self.show_models)
        self.chat_page.link_requested.connect(self._ask_before_opening)
        self.models_page.open_file_requested.connect(self.choose_model_file)
        self.models_page.load_requested.connect(self._load_and_chat)
        self.models_page.show_in_folder_requested.connect(self._show_in_folder)
        self.models_page.computer_requested.connect(self.show_computer)
        self.models_page.measure_requested.connect(self._measure)
        self.computer_page.models_requested.connect(self.show_models)
        self.documents.page_requested.connect(self.show_page)
        self.documents_page.model_page_requested.connect(self.online.show_candidate)
        self.documents.new_chat_requested.connect(self.start_new_chat)
        self.downloads_page.load_requested.connect(self._load_and_chat)
        self.downloads_page.show_in_folder_requested.connect(self._show_in_folder)
        self.online.page_requested.connect(self.show_page)
        self.online.open_file_requested.connect(self.choose_model_file)
        self.online.data_folder_requested.connect(self._show_data_folder)
        self.online.chat_requested.connect(self.start_new_chat)
        self.settings_page.data_folder_requested.connect(self._show_data_folder)
        self.settings_page.computer_requested.connect(self.show_computer)
        self._toasts.focus_left.connect(self.chat_page.focus_composer)
        self.undo.chat_restore_requested.connect(self._await_restored)
        self._store_banner.chosen.connect(self._show_data_folder)
        self.chat_page.data_folder_requested.connect(self._show_data_folder)
        self.chat_page.conversation_requested.connect(self._open_conversation)
        self.chat_page.rename_requested.connect(self._rename)

    def _add_shortcuts(self) -> None:
        slots = {
            ShortcutKey.NEW_CHAT: self.start_new_chat,
            ShortcutKey.SEARCH: self._search,
            ShortcutKey.CHAT_PAGE: self._show_chat,
            ShortcutKey.DOCUMENTS_PAGE: self._show_documents,
            ShortcutKey.MODELS_PAGE: self.show_models,
            ShortcutKey.DOWNLOADS_PAGE: self._show_downloads,
            ShortcutKey.SETTINGS_PAGE: self._show_settings,
            ShortcutKey.COMPOSER: self._show_chat,
            ShortcutKey.STOP: self.chat_page.stop,
            ShortcutKey.COPY_LAST_ANSWER: self.chat_page.copy_last_answer,
            ShortcutKey.OPEN_MODEL_FILE: self.choose_model_file,
            ShortcutKey.SHORTCUTS: self._show_shortcuts,
            ShortcutKey.LARGER_TEXT: self._text_scale.enlarge,
            ShortcutKey.SMALLER_TEXT: self._text_scale.shrink,
            ShortcutKey.NORMAL_TEXT: self._text_scale.reset,
        }
        for shortcut in SHORTCUTS:
            action = QAction(shortcut_words(shortcut.title), self)
            action.setShortcuts([QKeySequence(keys) for keys in shortcut.sequences])
            action.triggered.connect(slots[shortcut.key])
            self.addAction(action)

    # --- pages ---

    @Slot(object)
    def show_page(self, key: PageKey) -> None:
        """Bring a page to the front."""
        self._stack.setCurrentWidget(self._pages[key])
        self.rail.select(key)
        self.documents.follow_page(key)
        if key is PageKey.CHAT:
            self.chat_page.focus_composer()
        elif key in {PageKey.MODELS, PageKey.COMPUTER}:
            self.fit_shown.emit()
        elif key is PageKey.DOWNLOADS:
            self.downloads_shown.emit()
        if key is PageKey.MODELS and not self._has_shown_models:
            self._has_shown_models = True
            self.models_first_shown.emit()

    @Slot()
    def start_new_chat(self) -> None:
        """Show an empty chat."""
        self._leave_chat()
        self.show_page(PageKey.CHAT)

    def _leave_chat(self) -> None:
        self._awaited_id = None
        self.chat_list.select(None)
        self.chat_page.show_new_chat()
        self.new_chat_shown.emit()

    @Slot()
    def show_models(self) -> None:
        """Bring the page of models to the front."""
        self.show_page(PageKey.MODELS)

    @Slot()
    def show_computer(self) -> None:
        """Bring the page of this computer to the front."""
        self.show_page(PageKey.COMPUTER)

    @Slot()
    def _measure(self) -> None:
        self.show_computer()
        self.computer_page.begin_measuring()

    @Slot()
    def _show_chat(self) -> None:
        self.show_page(PageKey.CHAT)

    @Slot()
    def _show_documents(self) -> None:
        self.show_page(PageKey.DOCUMENTS)

    @Slot()
    def _show_downloads(self) -> None:
        self.show_page(PageKey.DOWNLOADS)

    @Slot()
    def _show_settings(self) -> None:
        self.show_page(PageKey.SETTINGS)

    @Slot()
    def _search(self) -> None:
        self.rail.open_up()
        self.chat_list.focus_search()

    @Slot()
    def _show_shortcuts(self) -> None:
        ShortcutsDialog(self).exec()

    # --- conversations ---

    @Slot(object)
    def _open_conversation(self, request: events.ConversationRequest) -> None:
        self.show_page(PageKey.CHAT)
        self._awaited_id = request.conversation_id
        self.chat_page.expect_conversation(request)
        self.conversation_requested.emit(request)

    @Slot(object)
    def _rename(self, request: events.ConversationRequest) -> None:
        self.rail.set_collapsed(False)
        self.chat_list.begin_rename(request.conversation_id)

    @Slot(object)
    def show_conversation(self, shown: events.ShownConversation) -> None:
        """Show a conversation that was opened, begun or changed."""
        conversation_id = shown.conversation.conversation_id
        if conversation_id not in {self.chat_page.conversation_id, self._awaited_id}:
            return  # The user has gone on to another chat meanwhile.
        self._awaited_id = None
        self.chat_page.show_conversation(shown)
        self.chat_list.select(conversation_id)

    @Slot(object)
    def take_stored(self, stored: events.MessageStored) -> None:
        """A message is on disk: its chat is shown next, if the user is still there."""
        if self.chat_page.settle_send(stored):
            self._awaited_id = stored.conversation_id
        self._store_banner.hide()

    @Slot(object)
    def offer_undo(self, deleted: events.Deleted) -> None:
        """Say that something was deleted, and let it come back for a while."""
        is_shown = self.chat_page.conversation_id == deleted.conversation_id
        if deleted.turn_id is None and is_shown and self.chat_list.has_keyboard():
            self._leave_chat()  # Who goes through the list with the keyboard stays there.
        elif deleted.turn_id is None and is_shown:
            self.start_new_chat()
        self.undo.offer(deleted)

    @Slot(object)
    def _await_restored(self, request: events.ConversationRequest) -> None:
        self._awaited_id = request.conversation_id

    @Slot(object)
    def show_store_ready(self, ready: events.StoreReady) -> None:
        """Take the draft of a chat not begun; tell of a database that was put aside."""
        self._store_banner.hide()
        self.chat_page.show_new_chat(ready.new_chat_draft)
        if ready.damaged_path:
            facts = Facts(path=ready.damaged_path)
            self._say(Failure(ErrorCode.DATABASE_DAMAGED, facts))

    @Slot(object)
    def show_store_failed(self, failed: events.StoreFailed) -> None:
        """Say that something could not be stored or read."""
        self._say(failed.failure)

    def _say(self, failure: Failure) -> None:
        """Say what went wrong above whatever page is shown, until it is closed or has passed."""
        message = message_for(failure)
        text = f"{message.what_happened} {message.what_to_do}"
        offered = Action.OPEN_DATA_FOLDER
        buttons = ((offered.value, action_words(offered)),) if message.action is offered else ()
        self._store_banner.say(Tone.BAD, message.title, text, buttons)

    @Slot(object)
    def show_hub_failed(self, failed: CandidateFailed) -> None:
        """Say that something went wrong where the Hub is asked."""
        self._say(failed.failure)

    def show_bug(self, error: BugError) -> None:
        """Say that something went wrong in the window itself; it goes on."""
        self._say(Failure.of(error))

    # --- models ---

    @Slot()
    def choose_model_file(self) -> None:
        """Let the user pick a model file anywhere on this computer."""
        title, kinds = self.tr("Open a model file"), self.tr("Model files (*.gguf)")
        path, _ = QFileDialog.getOpenFileName(self, title, str(Path.home()), kinds)
        if path:
            self.open_paths([Path(path)])

    def open_paths(self, paths: Iterable[Path]) -> None:
        """Load the first model file among `paths`."""
        for path in paths:
            self._load_and_chat(events.LoadRequest(path))
            return

    @Slot(object)
    def _load_and_chat(self, request: events.LoadRequest) -> None:
        self.chat_page.drop_load_notice()
        self.load_requested.emit(request)
        self.show_page(PageKey.CHAT)

    @Slot(object)
    def show_skipped(self, skipped: events.ModelSkipped) -> None:
        """Say that the model in use last was not loaded again, and why."""
        text = self.tr("{name} was being opened when Quillhouse last ended, so it was not opened.")
        self._toasts.show_toast("skipped", text.format(name=skipped.path.name))

    @Slot(object)
    def bring_to_front(self, activation: Activation) -> None:
        """Come to the front because Quillhouse was started a second time."""
        window_place.bring_up(self)
        self.open_paths(activation.paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept model files anywhere, and others where there is a use for them."""
        paths = _paths(event.mimeData().urls())
        if _models_among(paths):
            event.acceptProposedAction()
        elif paths and self.documents.takes_drops():
            event.acceptProposedAction()
            self.documents.offer_drop()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The files are somewhere else."""
        self.documents.end_drop()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Load a dropped model file, or ask the other files."""
        self.documents.end_drop()
        paths = _paths(event.mimeData().urls())
        models = _models_among(paths)
        if models:
            self.open_paths(models)
        else:
            self.documents.take_drop(paths)
        event.acceptProposedAction()

    # --- settings and look ---

    def take_first_look(self, values: Mapping[SettingKey, SettingValue]) -> None:
        """Look as at the end of the last start, before the window is shown."""
        self.rail.set_collapsed(bool(values[SettingKey.RAIL_COLLAPSED]))
        window_place.put_back(self, str(values[SettingKey.WINDOW_PLACE]))

    @Slot(object)
    def apply_settings(self, changed: events.SettingsChanged) -> None:
        """Take the look from the settings."""
        self._theme.follow(changed.values)
        self.rail.set_collapsed(bool(changed.values[SettingKey.RAIL_COLLAPSED]))

    @Slot(bool)
    def _keep_rail_collapsed(self, collapsed: bool) -> None:  # noqa: FBT001 - Qt slot
        request = events.SettingRequest(SettingKey.RAIL_COLLAPSED, collapsed)
        self.setting_requested.emit(request)

    # --- the world outside ---

    @Slot(object)
    def _ask_before_opening(self, request: LinkRequest) -> None:
        LinkDialog(self._theme, request.url, self).exec()

    @Slot(object)
    def _show_in_folder(self, request: events.LoadRequest) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(request.path.parent)))

    @Slot()
    def _show_data_folder(self, _key: str = "") -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._data_folder)))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what was typed, and the place; the application ends with its last window."""
        self.chat_page.keep_draft_now()
        self.settings_page.keep_changes_now()
        self.models_page.keep_changes_now()
        place = window_place.place_of(self)
        self.setting_requested.emit(events.SettingRequest(SettingKey.WINDOW_PLACE, place))
        event.accept()


def _paths(urls: Iterable[QUrl]) -> list[Path]:
    """Give what is dragged and lies on this computer."""
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]


def _models_among(paths: Iterable[Path]) -> list[Path]:
    return [path for path in paths if path.suffix.lower() == MODEL_SUFFIX]
