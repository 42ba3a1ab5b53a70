"""The head of a collection's page: name, state, and what can be done with all of it."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.core.documents.collections import CollectionState, CollectionSummary, IndexProgress
from app.ui.documents import document_words as words
from app.ui.documents.name_field import NameField
from app.ui.documents.progress_part import ProgressPart
from app.ui.theme import Theme
from app.ui.widgets.badge import Badge
from app.ui.widgets.icon_button import IconButton, TextButton
from app.ui.widgets.labels import FlowingLabel
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of


class CollectionHead(QWidget):
    """Everything above the views of a collection, but for its folders.

    Signals:
        back_requested: show all collections.
        renamed: to this.
        ask_requested: begin a chat about it.
        paused: stop reading it (True), or go on (False).
        rescan_requested: look through its folders again.
        model_requested: choose its search model.
        ignored_requested: choose what is left out.
        remove_requested: remove it.
    """

    back_requested = signal()
    renamed = signal_of(str)
    ask_requested = signal()
    paused = signal_of(bool)
    rescan_requested = signal()
    model_requested = signal()
    ignored_requested = signal()
    remove_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._is_paused = False
        self.back = TextButton(theme, self.tr("All documents"), "chevron-left", kind="quiet")
        self.back.clicked.connect(self.back_requested)
        self.name = NameField(theme)
        self.name.renamed.connect(self.renamed.emit)
        self._ask = TextButton(theme, self.tr("Ask"), "message-square", kind="primary")
        self._ask.clicked.connect(self.ask_requested)
        self._pause = TextButton(theme, "", "pause")
        self._pause.clicked.connect(self._on_pause)
        self._more = IconButton(theme, "ellipsis", self.tr("More"))
        self._more.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self._more.setMenu(self._new_menu())
        self._badge = Badge()
        self._size = FlowingLabel("", "dim")
        self._progress = ProgressPart(theme)
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()

    def _new_menu(self) -> QMenu:
        menu = QMenu(self._more)
        menu.addAction(self.tr("Rename")).triggered.connect(self.name.begin)
        menu.addAction(self.tr("Look for changes now")).triggered.connect(self.rescan_requested)
        menu.addAction(self.tr("Search model…")).triggered.connect(self.model_requested)
        menu.addAction(self.tr("What to leave out…")).triggered.connect(self.ignored_requested)
        menu.addSeparator()
        removing = menu.addAction(self.tr("Remove (your files stay)"))
        removing.triggered.connect(self.remove_requested)
        return menu

    def _lay_out(self) -> None:
        buttons = WrappingRow(self._theme, gap_px=8)
        for button in (self._ask, self._pause, self._more):
            buttons.add(button)
        facts = WrappingRow(self._theme, gap_px=10)
        facts.add(self._badge)
        facts.add(self._size)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeading)
        self._column.addWidget(TwoEndsRow(self.name, buttons))
        self._column.addWidget(facts)
        self._column.addWidget(self._progress)

    def show_collection(self, summary: CollectionSummary, progress: IndexProgress | None) -> None:
        """Show how it is now."""
        self.name.show_name(summary.collection.name)
        self._badge.say(words.state_text(summary, progress), words.state_tone(summary))
        self._size.setText(words.size_text(summary))
        self._progress.show_progress(summary, progress)
        self._ask.setEnabled(summary.n_files > 0)
        self._is_paused = summary.collection.is_paused
        is_over = summary.state in {CollectionState.READY, CollectionState.EMPTY}
        self._pause.setVisible(self._is_paused or not is_over)
        if self._is_paused:
            self._pause.say(self.tr("Resume"))
            self._pause.change_icon("play")
        else:
            self._pause.say(self.tr("Pause"))
            self._pause.change_icon("pause")

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        self._column.setSpacing(self._theme.px(8))
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self.back.change_icon("chevron-right" if mirrored else "chevron-left")

    @Slot()
    def _on_pause(self) -> None:
        """Stop, or go on."""
        self.paused.emit(not self._is_paused)
