"""One collection in the list."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.core.document_events import CollectionRequest
from app.core.documents.collections import CollectionSummary, IndexProgress
from app.ui.documents import document_words as words
from app.ui.documents.progress_part import ProgressPart
from app.ui.theme import Theme
from app.ui.widgets.badge import Badge
from app.ui.widgets.foreign_text import breakable_text, foreign_text
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import FlowingLabel
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal_of


class CollectionCard(QFrame):
    """Name, state, how many files and pages, how far it is, and what can be done.

    Signals:
        ask_requested: begin a chat about it.
        open_requested: show everything about it.
    """

    ask_requested = signal_of(CollectionRequest)
    open_requested = signal_of(CollectionRequest)

    def __init__(self, theme: Theme, summary: CollectionSummary) -> None:
        super().__init__()
        self._theme = theme
        self._summary = summary
        self.setProperty("surface", "card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._name = FlowingLabel("", "heading")
        self._badge = Badge()
        self._size = FlowingLabel("", "dim")
        self._progress = ProgressPart(theme)
        self._ask = TextButton(theme, self.tr("Ask"), "message-square", kind="primary")
        self._ask.clicked.connect(self._on_ask)
        self.opener = TextButton(theme, self.tr("Open"))
        self.opener.clicked.connect(self._on_open)
        titles = WrappingRow(theme, gap_px=8)
        titles.add(self._name)
        titles.add(self._badge)
        buttons = WrappingRow(theme, gap_px=8)
        buttons.add(self._ask)
        buttons.add(self.opener)
        self._column = QVBoxLayout(self)
        self._column.addWidget(TwoEndsRow(titles, buttons))
        self._column.addWidget(self._size)
        self._column.addWidget(self._progress)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.show_collection(summary, None)

    def show_collection(self, summary: CollectionSummary, progress: IndexProgress | None) -> None:
        """Show how far it is now."""
        self._summary = summary
        name = foreign_text(summary.collection.name)
        if self._name.text() != breakable_text(name):
            self._name.setText(breakable_text(name))
            self._ask.setAccessibleName(self.tr("Ask {name}").format(name=name))
            self.opener.setAccessibleName(self.tr("Open {name}").format(name=name))
        self._badge.say(words.state_text(summary, progress), words.state_tone(summary))
        self._size.setText(words.size_text(summary))
        self._ask.setEnabled(summary.n_files > 0)
        self._progress.show_progress(summary, progress)
        self.setAccessibleName(words.spoken_text(summary, progress))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open it by a click anywhere."""
        is_here = self.rect().contains(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and is_here:
            self._on_open()
        else:
            super().mouseReleaseEvent(event)

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        px = self._theme.px
        self._column.setContentsMargins(px(18), px(14), px(14), px(14))
        self._column.setSpacing(px(6))

    @Slot()
    def _on_ask(self) -> None:
        """Ask this collection."""
        self.ask_requested.emit(CollectionRequest(self._summary.collection.collection_id))

    @Slot()
    def _on_open(self) -> None:
        """Show everything about it."""
        self.open_requested.emit(CollectionRequest(self._summary.collection.collection_id))
