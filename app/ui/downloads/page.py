"""Downloads: says that this version has none, and how to get a model all the same."""

from app.ui.theme import Theme
from app.ui.widgets.empty_state import EmptyState
from app.worker.signal_types import signal


class DownloadsPage(EmptyState):
    """Nothing yet but an honest word.

    Signals:
        open_file_requested: the button was pressed.
    """

    open_file_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            "download",
            self.tr("Nothing is ever downloaded"),
            self.tr(
                "This version has no code that uses the network. You can use any model file in"
                " the GGUF format that is on this computer, where it is, without copying it."
            ),
            self.tr("Open a model file…"),
        )
        self.setAccessibleName(self.tr("Downloads"))
        self.button.clicked.connect(self.open_file_requested)
