"""Documents: says what will be here and what can be done meanwhile."""

from pathlib import Path

from app.core.document_events import CollectionList, CollectionRequest, PathRequest
from app.core.documents.collections import IndexProgress
from app.core.documents.evidence import DocumentPlace
from app.ui.theme import Theme
from app.ui.widgets.empty_state import EmptyState
from app.worker.signal_types import signal, signal_of


class DocumentsPage(EmptyState):
    """Nothing yet but an honest word.

    Signals:
        chat_requested: the button was pressed.
        ask_requested: a chat about a collection is wanted.
        place_requested: a page of a document is to be opened.
        show_in_folder_requested: a file is to be shown where it lies.
        models_requested: the page of models is wanted.
    """

    chat_requested = signal()
    ask_requested = signal_of(CollectionRequest)
    place_requested = signal_of(DocumentPlace)
    show_in_folder_requested = signal_of(PathRequest)
    models_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            "file-text",
            self.tr("Questions about your own files"),
            self.tr(
                "Asking a folder of documents, with answers that open the right page, comes in a"
                " later version. For now, paste the text you have a question about into a chat."
            ),
            self.tr("Start a chat"),
        )
        self.setAccessibleName(self.tr("Documents"))
        self.button.clicked.connect(self.chat_requested)

    def show_collections(self, listed: CollectionList) -> None:
        """Show these collections."""

    def show_progress(self, progress: IndexProgress) -> None:
        """Show how far the reading of a collection is."""

    def add_paths(self, paths: list[Path]) -> None:
        """Make a collection of what was dropped."""
