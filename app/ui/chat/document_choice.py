"""What a chat is asked from: the button, the menu and the row of what is chosen."""

import uuid
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, Slot
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app.core.conversation import automatic_title
from app.core.document_events import CollectionList, NewCollectionRequest
from app.core.documents.collections import IndexProgress
from app.core.documents.evidence import ChatDocuments
from app.ui.chat.documents_bar import DocumentsBar
from app.ui.chat.documents_menu import DocumentsMenu
from app.ui.quantities import count_text
from app.ui.theme import Theme
from app.ui.widgets.icon_button import IconButton
from app.worker.signal_types import signal, signal_of


class DocumentChoice(QObject):
    """Keeps what is chosen for the chat on the screen, and for one not begun.

    Attributes:
        button: opens the menu.
        bar: shows what is chosen.

    Signals:
        changed: the user has chosen other documents for the chat on the screen.
        shown: what is chosen, or how far it is, is shown anew.
        attach_requested: make documents of this chat of files or a text.
        page_requested: the page of documents is wanted.
    """

    changed = signal_of(ChatDocuments)
    shown = signal()
    attach_requested = signal_of(NewCollectionRequest)
    page_requested = signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._area = parent
        self._is_new_chat = True
        self._for_new_chat = ChatDocuments()
        self._coming: dict[str, NewCollectionRequest] = {}
        self.bar = DocumentsBar(theme, parent)
        self.bar.documents_chosen.connect(self._choose)
        self.button = IconButton(theme, "file-text", self.tr("Ask documents"), parent=parent)
        self.button.clicked.connect(self.open_menu)
        self._menu = DocumentsMenu(parent)
        self._menu.documents_chosen.connect(self._choose)
        self._menu.attach_requested.connect(self._choose_files)
        self._menu.page_requested.connect(self.page_requested.emit)

    @property
    def chosen(self) -> ChatDocuments:
        """What the chat on the screen is asked from."""
        return self.bar.documents

    def show_collections(self, listed: CollectionList) -> None:
        """Take all collections."""
        for one in listed.collections:
            self._coming.pop(one.collection.collection_id, None)
        self.bar.show_collections(listed)
        self.shown.emit()

    def show_progress(self, progress: IndexProgress) -> None:
        """Follow the reading of a collection."""
        self.bar.show_progress(progress)

    def show_new_chat(self) -> None:
        """A chat not begun is on the screen."""
        self._is_new_chat = True
        self.bar.show_documents(self._for_new_chat)
        self.shown.emit()

    def show_chat(self, documents: ChatDocuments) -> None:
        """A chat that is asked from these is on the screen."""
        self._is_new_chat = False
        self.bar.show_documents(documents)
        self.shown.emit()

    def forget_new_chat(self) -> None:
        """The chat has begun; the next one begins without documents."""
        self._for_new_chat = ChatDocuments()

    def choose_only(self, collection_id: str) -> None:
        """Ask this collection and no other."""
        self._choose(ChatDocuments((collection_id,), self.chosen.mode))

    def attach_paths(self, paths: Sequence[Path]) -> None:
        """Make documents of this chat of files and folders."""
        if paths:
            name = paths[0].name
            if len(paths) > 1:
                rest = count_text(len(paths) - 1)
                name = self.tr("{name} and {n} more").format(name=name, n=rest)
            self._attach(NewCollectionRequest(_new_id(), name, tuple(paths), is_attachment=True))

    def attach_text(self, text: str) -> None:
        """Make a document of this chat of a text."""
        name = automatic_title(text) or self.tr("Pasted text")
        request = NewCollectionRequest(_new_id(), name, is_attachment=True, pasted_text=text)
        self._attach(request)

    def take_back(self, collection_id: str) -> NewCollectionRequest | None:
        """Ask no more what could not be made a document; give what it was to be made of.

        Only of the chat on the screen: what another chat waits for is taken back there.
        """
        if collection_id not in self.chosen.collection_ids:
            return None
        self.bar.forget(collection_id)
        left = tuple(one for one in self.chosen.collection_ids if one != collection_id)
        self._choose(ChatDocuments(left, self.chosen.mode))
        return self._coming.pop(collection_id, None)

    def _attach(self, request: NewCollectionRequest) -> None:
        self._coming[request.collection_id] = request
        self.bar.expect(request.collection_id, request.name)
        # Before the chat is told of it, so that it is known when it is asked for.
        self.attach_requested.emit(request)
        ids = (*self.chosen.collection_ids, request.collection_id)
        self._choose(ChatDocuments(ids, self.chosen.mode))

    @Slot(object)
    def _choose(self, documents: ChatDocuments) -> None:
        if self._is_new_chat:
            self._for_new_chat = documents
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.bar.isAncestorOf(focused)
        self.bar.show_documents(documents)
        self.shown.emit()
        if had_focus and not self.bar.isAncestorOf(QApplication.focusWidget() or self.bar):
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit(documents)

    @Slot()
    def open_menu(self) -> None:
        """Show what can be chosen."""
        self._menu.offer(tuple(self.bar.collections.values()), self.chosen)
        above = self.button.mapToGlobal(QPoint(0, -self._menu.sizeHint().height()))
        self._menu.popup(above)

    @Slot()
    def _choose_files(self) -> None:
        title = self.tr("Attach files to this chat")
        names, _ = QFileDialog.getOpenFileNames(self._area, title, str(Path.home()))
        self.attach_paths([Path(name) for name in names])


def _new_id() -> str:
    return uuid.uuid4().hex
