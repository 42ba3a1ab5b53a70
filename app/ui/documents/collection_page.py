"""Everything about one collection."""

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from app.core.document_events import (
    CollectionChangeRequest,
    CollectionRequest,
    EmbeddingModels,
)
from app.core.documents.collections import CollectionHealth, CollectionSummary, IndexProgress
from app.core.documents.embedding_profiles import LIGHT_MULTILINGUAL_ID, model_here_for
from app.core.hub_events import CandidateRequest
from app.ui.documents.collection_head import CollectionHead
from app.ui.documents.collection_notice import CollectionNotice
from app.ui.documents.collection_tabs import CollectionTabs, TabKey
from app.ui.documents.document_words import new_sources
from app.ui.documents.every_file_view import EveryFileView
from app.ui.documents.files_view import FilesView
from app.ui.documents.ignored_dialog import IgnoredDialog, IgnoredPatterns
from app.ui.documents.model_dialog import ModelDialog
from app.ui.documents.requests import DocumentRequests
from app.ui.documents.source_menu import ChosenPaths
from app.ui.documents.sources_row import SourcesRow
from app.ui.documents.try_view import TryView
from app.ui.theme import Theme
from app.ui.widgets.scroll_column import ScrollColumn
from app.worker.signal_types import signal

WIDTH_PX = 1040


class CollectionPage(ScrollColumn):
    """Head, folders, and three views of which one is shown.

    Signals:
        back_requested: show all collections.

    Attributes:
        collection_id: of what is shown; empty before the first.
        try_view, every_file: views that are told things by the page.
    """

    back_requested = signal()

    def __init__(self, theme: Theme, requests: DocumentRequests) -> None:
        super().__init__(theme, WIDTH_PX)
        self._requests = requests
        self._summary: CollectionSummary | None = None
        self._models = EmbeddingModels(())
        # Collections that are to have a better model once it has arrived, and for which language.
        self._awaiting: dict[str, str] = {}
        self.head = CollectionHead(theme)
        self._notice = CollectionNotice(theme)
        self._sources = SourcesRow(theme)
        self._tabs = CollectionTabs(theme)
        self._files = FilesView(theme, requests)
        self.try_view = TryView(theme, requests)
        self.every_file = EveryFileView(theme, requests)
        self._views: dict[TabKey, QWidget] = {
            TabKey.FILES: self._files,
            TabKey.TRY: self.try_view,
            TabKey.EVERY_FILE: self.every_file,
        }
        self._fields: dict[TabKey, QWidget] = {
            TabKey.TRY: self.try_view.bar.field,
            TabKey.EVERY_FILE: self.every_file.bar.field,
        }
        # Hidden ones ask for no room, as those of a stack would.
        for part in (self.head, self._notice, self._sources, self._tabs):
            self.inside.addWidget(part)
        for view in self._views.values():
            self.inside.addWidget(view, 1)
        self._connect()
        self._on_tab(TabKey.FILES)
        theme.changed.connect(self._restyle)
        self._restyle()

    def _connect(self) -> None:
        self.head.back_requested.connect(self.back_requested.emit)
        self.head.renamed.connect(self._on_renamed)
        self.head.ask_requested.connect(self._on_ask)
        self.head.paused.connect(self._on_paused)
        self.head.rescan_requested.connect(self._on_rescan)
        self.head.model_requested.connect(self._on_model)
        self.head.ignored_requested.connect(self._on_ignored)
        self.head.remove_requested.connect(self._on_remove)
        self._notice.better_requested.connect(self._on_better)
        self._notice.model_requested.connect(self._on_model)
        self._notice.chosen.connect(self._on_model_chosen)
        self._notice.declined.connect(self._on_declined)
        self._notice.retry_requested.connect(self._on_rescan)
        self._sources.add_requested.connect(self._on_added)
        self._sources.remove_requested.connect(self._on_source_removed)
        self._tabs.chosen.connect(self._on_tab)
        self._files.model_requested.connect(self._on_model)

    @property
    def collection_id(self) -> str:
        """The collection that is shown."""
        return self._summary.collection.collection_id if self._summary is not None else ""

    @property
    def name(self) -> str:
        """Its name."""
        return self._summary.collection.name if self._summary is not None else ""

    # --- what is known ---

    def begin(self, summary: CollectionSummary, progress: IndexProgress | None) -> None:
        """Show another collection, its files first."""
        self._tabs.choose(TabKey.FILES)
        collection_id = summary.collection.collection_id
        self._files.begin(collection_id)
        self.try_view.begin(collection_id)
        self.every_file.begin(collection_id)
        self.show_collection(summary, progress)
        self.area.verticalScrollBar().setValue(0)

    def show_collection(self, summary: CollectionSummary, progress: IndexProgress | None) -> None:
        """Show how it is now."""
        self._summary = summary
        self.setAccessibleName(summary.collection.name)
        self.head.show_collection(summary, progress)
        self._notice.show_collection(summary, self._models.models)
        self._sources.show_sources(summary.collection.sources)
        self.every_file.show_collection(summary)

    def show_health(self, health: CollectionHealth) -> None:
        """Show how its files are now."""
        self._files.show_health(health)

    def show_models(self, models: EmbeddingModels) -> None:
        """Know which search models there are; one that was waited for is used at once."""
        self._models = models
        for collection_id, language in tuple(self._awaiting.items()):
            better = model_here_for(language, models.models)
            if better is not None:
                del self._awaiting[collection_id]
                self._change(CollectionChangeRequest(collection_id, embedding_key=better.key))
        if self._summary is not None:
            self._notice.show_collection(self._summary, models.models)

    def add(self, paths: tuple[Path, ...]) -> None:
        """Take these folders and files too, as far as they are new."""
        if self._summary is None:
            return
        known = self._summary.collection.sources
        if added := new_sources(known, paths):
            self._change(CollectionChangeRequest(self.collection_id, sources=(*known, *added)))

    # --- buttons ---

    def _change(self, request: CollectionChangeRequest) -> None:
        self._requests.change_requested.emit(request)

    @Slot(object)
    def _on_tab(self, key: TabKey) -> None:
        """Show another view; a click lets the user type there at once."""
        focused = self.window().focusWidget()
        for one, view in self._views.items():
            if one is key:
                view.show()
        if focused is not self._tabs and key in self._fields:
            self._fields[key].setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.isAncestorOf(focused):
            self._tabs.setFocus(Qt.FocusReason.OtherFocusReason)
        for one, view in self._views.items():
            if one is not key:
                view.hide()

    @Slot(object)
    def _on_renamed(self, name: str) -> None:
        """Call it so."""
        self._change(CollectionChangeRequest(self.collection_id, name=name))

    @Slot()
    def _on_ask(self) -> None:
        """Begin a chat about it."""
        self._requests.ask_requested.emit(CollectionRequest(self.collection_id))

    @Slot(object)
    def _on_paused(self, is_paused: bool) -> None:  # noqa: FBT001 - Qt slot
        """Stop, or go on."""
        self._change(CollectionChangeRequest(self.collection_id, is_paused=is_paused))

    @Slot()
    def _on_rescan(self) -> None:
        """Look through its folders again."""
        self._requests.rescan_requested.emit(CollectionRequest(self.collection_id))

    @Slot()
    def _on_model(self) -> None:
        """Let the user choose a search model."""
        if self._summary is None:
            return
        key = self._summary.collection.embedding_key
        dialog = ModelDialog(self._theme, self._models.models, key, self.window())
        dialog.chosen.connect(self._on_model_chosen)
        dialog.models_requested.connect(self._requests.models_requested.emit)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object)
    def _on_model_chosen(self, key: str) -> None:
        """Use it, whatever else was wanted before."""
        self._awaiting.pop(self.collection_id, None)
        self._change(CollectionChangeRequest(self.collection_id, embedding_key=key))

    @Slot()
    def _on_better(self) -> None:
        """Lead to the model to download."""
        if self._summary is not None and self._summary.unknown_language:
            self._awaiting[self.collection_id] = self._summary.unknown_language
            self._requests.model_page_requested.emit(CandidateRequest(LIGHT_MULTILINGUAL_ID))

    @Slot(object)
    def _on_declined(self, language: str) -> None:
        """Offer no other model for files in this language, nor use one that comes."""
        self._awaiting.pop(self.collection_id, None)
        self._change(CollectionChangeRequest(self.collection_id, declined_language=language))

    @Slot()
    def _on_ignored(self) -> None:
        """Let the user choose what is left out."""
        if self._summary is None:
            return
        dialog = IgnoredDialog(self._theme, self._summary.collection.ignored, self.window())
        dialog.chosen.connect(self._on_ignored_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object)
    def _on_ignored_chosen(self, ignored: IgnoredPatterns) -> None:
        """Leave these out."""
        self._change(CollectionChangeRequest(self.collection_id, ignored=ignored.patterns))

    @Slot()
    def _on_remove(self) -> None:
        """Remove it; the window offers to bring it back."""
        self._requests.delete_requested.emit(CollectionRequest(self.collection_id))
        self.back_requested.emit()

    @Slot(object)
    def _on_added(self, chosen: ChosenPaths) -> None:
        """Take these too."""
        self.add(chosen.paths)

    @Slot(object)
    def _on_source_removed(self, path: Path) -> None:
        """Leave it out from now on."""
        if self._summary is not None:
            left = tuple(one for one in self._summary.collection.sources if one != path)
            self._change(CollectionChangeRequest(self.collection_id, sources=left))

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        px = self._theme.px
        self.inside.setSpacing(px(14))
        self.inside.setContentsMargins(24, px(20), 24, px(20))
