"""Documents: says what will be here and what can be done meanwhile."""

from app.ui.theme import Theme
from app.ui.widgets.empty_state import EmptyState
from app.worker.signal_types import signal


class DocumentsPage(EmptyState):
    """Nothing yet but an honest word.

    Signals:
        chat_requested: the button was pressed.
    """

    chat_requested = signal()

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
