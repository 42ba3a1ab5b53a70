"""Documents: collections of files that can be asked, made when the page is first looked at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QHideEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QVBoxLayout

from app.core.document_events import (
    CollectionList,
    CsvWritten,
    EmbeddingModels,
    EvidenceFailed,
    EvidenceFound,
    FileAnswersAdvanced,
    FileAnswersFailed,
    IndexFailed,
)
from app.core.documents.collections import CollectionHealth, IndexProgress
from app.core.events import EngineStatus, EngineTrouble, Library, LoadFailed, LoadProgress
from app.ui.documents.requests import DocumentRequests
from app.ui.engine_picture import EnginePicture
from app.ui.theme import Theme

if TYPE_CHECKING:
    from app.ui.documents.documents_view import DocumentsView
    from app.ui.widgets.drop_sign import DropSign

MODEL_SUFFIX = ".gguf"
"""Models are for the window, wherever they are dropped."""


@dataclass(slots=True)
class _Known:
    """What was told before there was anything to show it."""

    collections: CollectionList | None = None
    progress: dict[str, IndexProgress] = field(default_factory=dict)
    models: EmbeddingModels | None = None
    answers: dict[str, FileAnswersAdvanced] = field(default_factory=dict)
    failed: IndexFailed | None = None


class DocumentsPage(DocumentRequests):
    """All collections, or one with its files and questions; takes files that are dropped.

    Signals: those of `DocumentRequests`.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._known = _Known()
        self._made: DocumentsView | None = None
        self._sign: DropSign | None = None
        self._engine = EnginePicture()
        self._library = Library(())
        self.setAccessibleName(self.tr("Documents"))
        self.setAcceptDrops(True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    @property
    def view(self) -> "DocumentsView":
        """What the page shows."""
        if self._made is None:
            self._made = self._new_view()
        return self._made

    def warm_up(self) -> Iterator[None]:
        """Make the page before it is looked at, in steps for idle moments."""
        from app.ui.documents import files_view  # noqa: F401, PLC0415 - slow at every start

        yield
        from app.ui.documents import documents_view  # noqa: F401, PLC0415 - so is this

        yield
        view = self.view
        yield
        _ = view.collection
        yield

    def _new_view(self) -> "DocumentsView":
        from app.ui.documents.documents_view import (  # noqa: PLC0415 - slow at every start
            DocumentsView,
        )

        view, known = DocumentsView(self._theme, self), self._known
        self._layout.addWidget(view)
        view.show()  # Now: a layout would do so after the first frame.
        if known.models is not None:
            view.show_models(known.models)
        if known.collections is not None:
            view.show_collections(known.collections)
        for progress in known.progress.values():
            view.show_progress(progress)
        view.show_engine(self._engine)
        view.show_library(self._library)
        for advanced in known.answers.values():
            view.collection.every_file.show_answers(advanced)
        if known.failed is not None:
            view.show_failed(known.failed)
        self._known = _Known()
        return view

    # --- what is known ---

    @Slot(object)
    def show_collections(self, listed: CollectionList) -> None:
        """Show the collections as they are now."""
        if self._made is None:
            self._known.collections = listed
        else:
            self._made.show_collections(listed)

    @Slot(object)
    def show_progress(self, progress: IndexProgress) -> None:
        """Show how far a collection is."""
        if self._made is None:
            self._known.progress[progress.collection_id] = progress
        else:
            self._made.show_progress(progress)

    @Slot(object)
    def show_embedding_models(self, models: EmbeddingModels) -> None:
        """Know which search models there are."""
        if self._made is None:
            self._known.models = models
        else:
            self._made.show_models(models)

    @Slot(object)
    def show_answers(self, advanced: FileAnswersAdvanced) -> None:
        """Show what files say to a question."""
        if self._made is None:
            self._known.answers[advanced.answers.run_id] = advanced
        else:
            self._made.collection.every_file.show_answers(advanced)

    @Slot(object)
    def show_failed(self, failed: IndexFailed) -> None:
        """Say what went wrong; what was dropped on a chat is told there."""
        if failed.attachment_id:
            return
        if self._made is None:
            self._known.failed = failed
        else:
            self._made.show_failed(failed)

    @Slot(object)
    def show_health(self, health: CollectionHealth) -> None:
        """Show the files of a collection."""
        if self._made is not None:
            self._made.collection.show_health(health)

    @Slot(object)
    def show_evidence(self, found: EvidenceFound) -> None:
        """Show what was found for a question that is tried."""
        if self._made is not None:
            self._made.collection.try_view.show_evidence(found)

    @Slot(object)
    def show_evidence_failed(self, failed: EvidenceFailed) -> None:
        """Say why a question could not be tried."""
        if self._made is not None:
            self._made.collection.try_view.show_failed(failed)

    @Slot(object)
    def show_run_failed(self, failed: FileAnswersFailed) -> None:
        """Say why a question to every file has stopped."""
        if self._made is not None:
            self._made.collection.every_file.show_failed(failed)

    @Slot(object)
    def show_csv_written(self, written: CsvWritten) -> None:
        """Say that a table is on disk, or why it is not."""
        if self._made is not None:
            self._made.collection.every_file.show_written(written)

    # --- the model that answers ---

    @Slot(object)
    def show_engine_status(self, status: EngineStatus) -> None:
        """Follow what the engine is doing."""
        self._show_engine(self._engine.with_status(status))

    @Slot(object)
    def show_load_progress(self, progress: LoadProgress) -> None:
        """Say how far the model being loaded is."""
        self._show_engine(replace(self._engine, loading=progress))

    @Slot(object)
    def show_trouble(self, trouble: EngineTrouble) -> None:
        """Know that the engine has ended, and whether it comes back."""
        self._show_engine(replace(self._engine, is_given_up=not trouble.is_restarting))

    def _show_engine(self, engine: EnginePicture) -> None:
        self._engine = engine
        if self._made is not None:
            self._made.show_engine(engine)

    @Slot(object)
    def show_library(self, library: Library) -> None:
        """Know which models there are."""
        self._library = library
        if self._made is not None:
            self._made.show_library(library)

    @Slot(object)
    def show_load_failed(self, failed: LoadFailed) -> None:
        """Know why a model could not be loaded."""
        self._show_engine(replace(self._engine, load_failure=failed.failure))

    def open_collection(self, collection_id: str) -> None:
        """Show one collection."""
        self.view.open_collection(collection_id)

    # --- dropping ---

    def add_paths(self, paths: Iterable[Path]) -> None:
        """Add folders and files to the collection that is shown, or make one of them."""
        self.view.add_paths(tuple(paths))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say what dropping would do."""
        if not _document_paths(event.mimeData().urls()):
            event.ignore()
            return
        event.acceptProposedAction()
        self.reading_expected.emit()
        if self._sign is None:
            from app.ui.widgets.drop_sign import DropSign  # noqa: PLC0415 - rarely needed

            self._sign = DropSign(self._theme, self)
        self._sign.say(self.view.drop_text())

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The files are somewhere else."""
        self._hide_sign()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files."""
        self._hide_sign()
        self.add_paths(_document_paths(event.mimeData().urls()))
        event.acceptProposedAction()

    def _hide_sign(self) -> None:
        if self._sign is not None:
            self._sign.hide()

    # --- coming and going ---

    def showEvent(self, event: QShowEvent) -> None:
        """Make what is looked at."""
        super().showEvent(event)
        self.reading_expected.emit()
        self.view.set_on_screen(is_on_screen=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Ask for no more than somebody sees."""
        super().hideEvent(event)
        if self._made is not None and not event.spontaneous():
            self._made.set_on_screen(is_on_screen=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cover all of the page."""
        super().resizeEvent(event)
        if self._sign is not None:
            self._sign.setGeometry(self.rect())


def _document_paths(urls: Iterable[QUrl]) -> list[Path]:
    """Give what was dropped, but for models."""
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return [path for path in paths if path.suffix.casefold() != MODEL_SUFFIX]
