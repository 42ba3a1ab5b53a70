"""Where downloads go, how much room they take, and how much there is."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.core.download import Download
from app.core.hub_events import Places
from app.ui.downloads.download_words import missing_room_bytes
from app.ui.quantities import bytes_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.foreign_text import breakable_text
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.labels import FlowingLabel
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.worker.signal_types import signal


class DiskLine(QFrame):
    """Hidden until it is known; warns when the queue needs more than is free.

    Signals:
        settings_requested: choose another folder.
    """

    settings_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._places: Places | None = None
        self._downloads: Sequence[Download] = ()
        self._text = FlowingLabel("", "dim")
        self._warning = IconLine(theme, "strong")
        button = TextButton(theme, self.tr("Choose another folder"), "settings", "quiet")
        button.clicked.connect(self.settings_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self._warning)
        layout.addWidget(TwoEndsRow(self._text, button))
        self.hide()

    def show_places(self, places: Places) -> None:
        """Show where downloads go now."""
        self._places = places
        self._show()

    def show_queue(self, downloads: Sequence[Download]) -> None:
        """Know what is still to come."""
        self._downloads = downloads
        self._show()

    def _show(self) -> None:
        places = self._places
        if places is None:
            return
        text = self.tr("In {folder}: {taken} taken, {free} free.").format(
            folder=breakable_text(str(places.folder)),
            taken=bytes_text(places.taken_bytes),
            free=bytes_text(places.free_bytes),
        )
        if self._text.text() != text:
            self._text.setText(text)
        missing = missing_room_bytes(self._downloads, places.free_bytes)
        words = self.tr("{size} more room is needed for all of these.")
        warning = words.format(size=bytes_text(missing)) if missing else ""
        if warning != self._warning.text.text():
            self._warning.say(Tone.WARN, warning)
        self.show()
