"""What the Documents page shows: nothing yet, all collections, or one."""

import uuid
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.core.document_events import (
    CollectionList,
    CollectionRequest,
    EmbeddingModels,
    IndexFailed,
    NewCollectionRequest,
)
from app.core.documents.collections import CollectionSummary, IndexProgress
from app.core.events import Library
from app.ui.documents.collection_page import CollectionPage
from app.ui.documents.collections_list import CollectionsList
from app.ui.documents.document_words import name_for, new_sources
from app.ui.documents.requests import DocumentRequests
from app.ui.documents.source_menu import ChosenPaths, chosen_files, chosen_folder
from app.ui.engine_picture import EnginePicture
from app.ui.messages import message_for
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.empty_state import EmptyState
from app.ui.widgets.focus_order import focus_stops, move_focus, scroll_to
from app.ui.widgets.shrinking_area import ShrinkingArea


class DocumentsView(QWidget):
    """Goes from one to the other.

    Args:
        theme: colours and scale.
        requests: what is asked for goes out here.
    """

    def __init__(self, theme: Theme, requests: DocumentRequests) -> None:
        super().__init__()
        self._theme = theme
        self._requests = requests
        self._summaries: dict[str, CollectionSummary] = {}
        self._progress: dict[str, IndexProgress] = {}
        self._models = EmbeddingModels(())
        self._engine = EnginePicture()
        self._library = Library(())
        self._awaited_id = ""
        self._is_watching = False
        self._banner = Banner(theme)
        self._empty = self._new_empty()
        self._list = CollectionsList(theme, requests)
        self._list.open_requested.connect(self._on_open)
        self._list.add_requested.connect(self._on_add)
        self._one: CollectionPage | None = None
        self._stack = QStackedWidget()
        for one in (self._empty, self._list):
            self._stack.addWidget(one)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(ShrinkingArea(theme, self._banner))
        layout.addWidget(self._stack, 1)

    @property
    def collection(self) -> CollectionPage:
        """The page of one collection, made when it is first wanted."""
        if self._one is None:
            self._one = CollectionPage(self._theme, self._requests)
            self._one.back_requested.connect(self._on_back)
            self._one.show_models(self._models)
            self._one.every_file.show_engine(self._engine)
            self._one.every_file.show_library(self._library)
            self._stack.addWidget(self._one)
        return self._one

    def _new_empty(self) -> EmptyState:
        empty = EmptyState(
            self._theme,
            "file-text",
            self.tr("Ask your documents"),
            self.tr(
                "Drop files or a folder here. They stay where they are; only an index is made on"
                " this computer. Every answer then opens the page and the sentence it comes from."
            ),
            self.tr("Choose a folder…"),
        )
        empty.button.clicked.connect(self._on_folder)
        empty.add_button(self.tr("Choose files…")).clicked.connect(self._on_files)
        return empty

    # --- what is known ---

    def show_collections(self, listed: CollectionList) -> None:
        """Show the collections as they are now; attachments of chats are none of this page's."""
        own = [one for one in listed.collections if not one.collection.is_attachment]
        self._summaries = {one.collection.collection_id: one for one in own}
        for gone in set(self._progress) - set(self._summaries):
            del self._progress[gone]
        self._list.show_collections(own, self._progress)
        shown_id = self._shown_id()
        if self._awaited_id in self._summaries:
            awaited, self._awaited_id = self._awaited_id, ""
            self.open_collection(awaited)
        elif shown_id in self._summaries:
            summary = self._summaries[shown_id]
            self.collection.show_collection(summary, self._progress.get(shown_id))
        else:
            self._show_all()

    def show_progress(self, progress: IndexProgress) -> None:
        """Show how far a collection is."""
        summary = self._summaries.get(progress.collection_id)
        if summary is None:
            return
        self._progress[progress.collection_id] = progress
        self._list.show_progress(summary, progress)
        if self._shown_id() == progress.collection_id:
            self.collection.show_collection(summary, progress)

    def show_models(self, models: EmbeddingModels) -> None:
        """Know which search models there are."""
        self._models = models
        if self._one is not None:
            self._one.show_models(models)

    def show_engine(self, engine: EnginePicture) -> None:
        """Follow what the engine is doing."""
        self._engine = engine
        if self._one is not None:
            self._one.every_file.show_engine(engine)

    def show_library(self, library: Library) -> None:
        """Know which models can answer."""
        self._library = library
        if self._one is not None:
            self._one.every_file.show_library(library)

    def show_failed(self, failed: IndexFailed) -> None:
        """Say what went wrong, above whatever is shown."""
        message = message_for(failed.failure)
        text = f"{message.what_happened} {message.what_to_do}"
        self._banner.say(Tone.BAD, message.title, text)

    # --- which is shown ---

    def _shown_id(self) -> str:
        """Give the collection that is shown; empty if all are."""
        is_one = self._one is not None and self._stack.currentWidget() is self._one
        return self.collection.collection_id if is_one else ""

    def open_collection(self, collection_id: str) -> None:
        """Show one of them."""
        summary = self._summaries.get(collection_id)
        if summary is None:
            return
        had_keyboard = self._has_keyboard()
        if self._shown_id() != collection_id:
            self.collection.begin(summary, self._progress.get(collection_id))
        self._stack.setCurrentWidget(self.collection)
        if had_keyboard:
            self.collection.head.back.setFocus()
        self._watch(collection_id)

    def _show_all(self) -> None:
        had_keyboard = self._has_keyboard()
        self._stack.setCurrentWidget(self._list if self._summaries else self._empty)
        if had_keyboard and self._summaries:
            self._list.focus_on(self._one.collection_id if self._one is not None else "")
        elif had_keyboard:
            self._empty.button.setFocus()
        self._watch("")

    def _has_keyboard(self) -> bool:
        return self.isAncestorOf(self.window().focusWidget())

    def _watch(self, collection_id: str) -> None:
        """Be told of the files of what is shown, and of no others."""
        if collection_id:
            self._requests.health_requested.emit(CollectionRequest(collection_id))
            self._requests.runs_requested.emit(CollectionRequest(collection_id))
            # No disk tells that it was taken away, and nobody is to read what was true once.
            self._requests.rescan_requested.emit(CollectionRequest(collection_id))
        elif self._is_watching:
            self._requests.health_requested.emit(CollectionRequest(""))
        self._is_watching = bool(collection_id)

    def set_on_screen(self, *, is_on_screen: bool) -> None:
        """Be told of files only while somebody looks."""
        shown_id = self._shown_id()
        if shown_id:
            self._watch(shown_id if is_on_screen else "")

    def drop_text(self) -> str:
        """Say what dropping files would do."""
        if self._shown_id():
            text = self.tr("Drop to add to “{name}”")
            return text.format(name=self.collection.name)
        return self.tr("Drop to make a collection. The files stay where they are.")

    def add_paths(self, paths: tuple[Path, ...]) -> None:
        """Add these to the collection that is shown, or make one of them."""
        if self._shown_id():
            self.collection.add(paths)
            return
        sources = new_sources((), paths)
        if not sources:
            return
        self._awaited_id = uuid.uuid4().hex
        request = NewCollectionRequest(self._awaited_id, name_for(sources), sources)
        self._requests.create_requested.emit(request)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt override
        """Go through what is shown as it is read, whenever it was made."""
        target = move_focus(self, focus_stops([self._banner, self._stack]), forward=forward)
        if target is None:
            return super().focusNextPrevChild(forward)
        scroll_to(target, self)
        return True

    # --- buttons ---

    @Slot(object)
    def _on_open(self, request: CollectionRequest) -> None:
        """Show one of them."""
        self.open_collection(request.collection_id)

    @Slot()
    def _on_back(self) -> None:
        """Show all of them."""
        self._show_all()

    @Slot(object)
    def _on_add(self, chosen: ChosenPaths) -> None:
        """Make a collection."""
        self.add_paths(chosen.paths)

    @Slot()
    def _on_folder(self) -> None:
        """Let the user choose a folder."""
        self.add_paths(chosen_folder(self.window()))

    @Slot()
    def _on_files(self) -> None:
        """Let the user choose files."""
        self.add_paths(chosen_files(self.window()))
