"""What goes on between the pages that have to do with documents: chat, documents, viewer."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app.core.document_events import (
    CollectionDeleted,
    CollectionList,
    CollectionRequest,
    PathRequest,
)
from app.core.documents.collections import IndexProgress
from app.core.documents.evidence import DocumentPlace
from app.ui.chat.page import ChatPage
from app.ui.documents.page import DocumentsPage
from app.ui.theme import Theme
from app.ui.viewer.document_viewer import DocumentViewer
from app.ui.viewer.viewer_host import ViewerHost
from app.ui.widgets.drop_sign import DropSign
from app.ui.widgets.rail import PageKey
from app.ui.widgets.toast import ToastHost
from app.worker.signal_types import signal, signal_of

NOTE_KEY = "documents"


class DocumentPages(QObject):
    """Opens places in the viewer, begins chats about collections, and lets deleted ones come back.

    Args:
        theme: colours and scale.
        chat: where documents are asked.
        documents: where they are kept.
        pages: what the viewer stands beside; it is taken into `host`.
        toasts: where Undo is offered.

    Signals:
        restore_collection_requested: Undo was pressed.
        purge_collections_requested: nothing that was deleted can come back any more.
        page_requested: bring this page to the front.
        new_chat_requested: show a chat not begun.

    Attributes:
        viewer: shows pages of documents; asks for them itself.
        host: the pages with the viewer at their side.
    """

    restore_collection_requested = signal_of(CollectionRequest)
    purge_collections_requested = signal()
    page_requested = signal_of(PageKey)
    new_chat_requested = signal()

    def __init__(
        self,
        theme: Theme,
        chat: ChatPage,
        documents: DocumentsPage,
        pages: QWidget,
        toasts: ToastHost,
    ) -> None:
        super().__init__(toasts)
        self._chat, self._documents, self._toasts = chat, documents, toasts
        self._deleted: list[CollectionDeleted] = []
        self._came_from: QWidget | None = None
        self._theme = theme
        self._sign: DropSign | None = None
        self.viewer = DocumentViewer(theme)
        self.host = ViewerHost(theme, pages)
        self.host.put_in(self.viewer)
        self._connect()

    def _connect(self) -> None:
        chat, documents, viewer = self._chat, self._documents, self.viewer
        chat.place_requested.connect(self.open_place)
        chat.documents_page_requested.connect(self._show_documents)
        documents.place_requested.connect(self.open_place)
        documents.ask_requested.connect(self._ask)
        documents.models_requested.connect(self._show_models)
        documents.show_in_folder_requested.connect(self._show_in_folder)
        viewer.show_in_folder_requested.connect(self._show_in_folder)
        viewer.closed.connect(self.close_viewer)
        self.host.dismissed.connect(self.close_viewer)
        self._toasts.action_taken.connect(self._on_action)
        self._toasts.expired.connect(self._on_expired)

    # --- what workers say ---

    @Slot(object)
    def show_collections(self, listed: CollectionList) -> None:
        """Show what there is, where documents are kept and where they are asked."""
        self._chat.show_collections(listed)
        self._documents.show_collections(listed)

    @Slot(object)
    def show_progress(self, progress: IndexProgress) -> None:
        """Show how far the reading of a collection is."""
        self._chat.show_index_progress(progress)
        self._documents.show_progress(progress)

    @Slot(object)
    def offer_undo(self, deleted: CollectionDeleted) -> None:
        """Say that a collection was removed, and that it can come back."""
        self._deleted.append(deleted)
        self._show_note()

    # --- the viewer ---

    @Slot(object)
    def open_place(self, place: DocumentPlace) -> None:
        """Show the page of a document on which something stands."""
        focused = QApplication.focusWidget()
        if focused is not None and not self.viewer.isAncestorOf(focused):
            self._came_from = focused
        self.host.set_open(is_open=True)
        self.viewer.open_place(place)
        self.viewer.focus_page()

    @Slot()
    def close_viewer(self) -> None:
        """Hide the viewer; the keyboard goes back to where it came from."""
        if not self.host.is_open:
            return
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.viewer.isAncestorOf(focused)
        # Before it hides: Qt would give the focus to whatever was made first.
        if had_focus or self.host.is_over:
            self._give_focus_back()
        self.host.set_open(is_open=False)

    def _give_focus_back(self) -> None:
        before, self._came_from = self._came_from, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self._chat.isVisible():
            self._chat.focus_composer()
        else:
            self._documents.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def follow_page(self, key: PageKey) -> None:
        """Another page is shown: the viewer belongs to chats and documents only."""
        if key not in {PageKey.CHAT, PageKey.DOCUMENTS}:
            self.host.set_open(is_open=False)

    # --- what the pages ask for ---

    @Slot(object)
    def _ask(self, request: CollectionRequest) -> None:
        """Begin a chat about a collection."""
        self.new_chat_requested.emit()
        self._chat.choose_collection(request.collection_id)

    @Slot()
    def _show_documents(self) -> None:
        self.page_requested.emit(PageKey.DOCUMENTS)

    @Slot()
    def _show_models(self) -> None:
        self.page_requested.emit(PageKey.MODELS)

    @Slot(object)
    def _show_in_folder(self, request: PathRequest) -> None:
        path = request.path
        folder = path if path.is_dir() else path.parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def take_drop(self, paths: list[Path]) -> None:
        """Take files and folders that were dropped on the page in front."""
        if self._documents.isVisible():
            self._documents.add_paths(paths)
        elif self._chat.isVisible():
            self._chat.attach_paths(paths)

    def takes_drops(self) -> bool:
        """Say whether the page in front has a use for files."""
        return self._documents.isVisible() or self._chat.isVisible()

    def offer_drop(self) -> None:
        """Let what reads documents begin, and say what dropping the files held would do."""
        self._documents.reading_expected.emit()
        if not self._chat.isVisible():
            return
        if self._sign is None:
            self._sign = DropSign(self._theme, self._chat)
        self._sign.say(self.tr("Drop to ask about these files in this chat"))

    def end_drop(self) -> None:
        """The files were dropped, or are somewhere else."""
        if self._sign is not None:
            self._sign.hide()

    # --- undo ---

    def _show_note(self) -> None:
        text = self.tr("Removed: {name}. The files stay where they are.")
        name = self._deleted[-1].name
        self._toasts.show_toast(NOTE_KEY, text.format(name=name), self.tr("Undo"))

    @Slot(object)
    def _on_action(self, key: str) -> None:
        if key != NOTE_KEY or not self._deleted:
            return
        last = self._deleted.pop()
        self.restore_collection_requested.emit(CollectionRequest(last.collection_id))
        if self._deleted:
            self._show_note()

    @Slot(object)
    def _on_expired(self, key: str) -> None:
        if key == NOTE_KEY and self._deleted:
            self._deleted.clear()
            self.purge_collections_requested.emit()
