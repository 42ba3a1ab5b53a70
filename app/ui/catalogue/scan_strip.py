"""Looking for models of other programs: begin, watch, stop, and what came of it."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.hub_events import (
    FolderRequest,
    PlaceScanned,
    ScanFinished,
    ScanProgress,
    ScanRequest,
)
from app.core.origin import Program
from app.ui.catalogue.origin_words import place_state, program_name, result_sentence
from app.ui.messages import message_for
from app.ui.quantities import count_text
from app.ui.theme import Theme
from app.ui.widgets.announcement import announce
from app.ui.widgets.badge import Badge, Tone
from app.ui.widgets.foreign_text import breakable_text, foreign_text
from app.ui.widgets.icon_button import IconButton
from app.ui.widgets.labels import FlowingLabel
from app.ui.widgets.steady_line import SteadyLine
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of

LONGEST_PATH_CHARS = 120


class PlaceRow(QWidget):
    """One folder: where it is, what was found there, and for those of the user a way out.

    Signals:
        forget_requested: look there no more.
    """

    forget_requested = signal_of(FolderRequest)

    def __init__(self, theme: Theme, place: PlaceScanned) -> None:
        super().__init__()
        self._place = place
        shown = foreign_text(str(place.path), LONGEST_PATH_CHARS)
        is_trouble = place.is_absent or place.failure is not None
        words = WrappingRow(theme, gap_px=8)
        words.add(FlowingLabel(breakable_text(shown), "dim"))
        words.add(Badge(place_state(place), Tone.WARN if is_trouble else Tone.PLAIN))
        forget = IconButton(theme, "x", self.tr("Look in {folder} no more").format(folder=shown))
        forget.clicked.connect(self._on_forget)
        forget.setVisible(place.program is Program.FOLDER)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(TwoEndsRow(words, forget))
        if place.failure is not None:
            message = message_for(place.failure)
            text = f"{message.what_happened} {message.what_to_do}"
            layout.addWidget(FlowingLabel(breakable_text(text), "faint"))

    @Slot()
    def _on_forget(self) -> None:
        """Look there no more."""
        self.forget_requested.emit(FolderRequest(self._place.path))


class ScanStrip(QFrame):
    """A card with the button, then how far it is, then what was found.

    Signals:
        scan_requested: look for models, perhaps in a further folder.
        scan_cancel_requested: stop looking; what was found counts.
        folder_forget_requested: look in this folder no more.
    """

    scan_requested = signal_of(ScanRequest)
    scan_cancel_requested = signal()
    folder_forget_requested = signal_of(FolderRequest)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._is_scanning = False
        self.setProperty("surface", "card")
        self._text = SteadyLine("dim")
        self._look = WrappingButton(theme, "", "search")
        self._look.clicked.connect(self._on_look)
        self._add = WrappingButton(theme, self.tr("Add a folder…"), "plus", "quiet")
        self._add.clicked.connect(self._on_add)
        buttons_part = QWidget()
        buttons = QHBoxLayout(buttons_part)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.addWidget(self._look)
        buttons.addWidget(self._add)
        buttons.addStretch(1)
        self._shown_rows: list[PlaceRow] = []
        self._places = QWidget()
        self._rows = QVBoxLayout(self._places)
        self._rows.setContentsMargins(0, 4, 0, 0)
        self._rows.setSpacing(4)
        self._places.hide()
        self._column = QVBoxLayout(self)
        for part in (self._text, buttons_part, self._places):
            self._column.addWidget(part)
        theme.changed.connect(self._restyle)
        self._restyle()
        self._text.say(
            self.tr(
                "Models that LM Studio, Ollama and other programs have downloaded can be used"
                " where they are, without a copy."
            )
        )
        self._show_state(self.tr("Look for models of other programs"), is_scanning=False)

    @Slot(object)
    def show_progress(self, progress: ScanProgress) -> None:
        """Show where it looks now."""
        place = breakable_text(foreign_text(progress.place, LONGEST_PATH_CHARS))
        text = self.tr("Looking in {place}… {n} found")
        self._text.say(text.format(place=place, n=count_text(progress.n_found)))
        if not self._is_scanning:
            self._show_state(self.tr("Stop looking"), is_scanning=True)

    @Slot(object)
    def show_finished(self, finished: ScanFinished) -> None:
        """Show what was found, and the folders that the user can do something about."""
        text = result_sentence(finished)
        self._text.say(text)
        self._show_state(self.tr("Look again"), is_scanning=False)
        self._show_places(finished)
        announce(self, text)

    def _show_places(self, finished: ScanFinished) -> None:
        for row in self._shown_rows:
            self._rows.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._shown_rows.clear()
        for place in finished.places:
            if place.program is Program.FOLDER or place.failure is not None:
                row = PlaceRow(self._theme, place)
                row.setToolTip(program_name(place.program))
                row.forget_requested.connect(self.folder_forget_requested.emit)
                self._rows.addWidget(row)
                self._shown_rows.append(row)
        self._places.setVisible(bool(self._shown_rows))

    def _show_state(self, words: str, *, is_scanning: bool) -> None:
        self._is_scanning = is_scanning
        self._look.change_icon("x" if is_scanning else "search")
        self._look.say(words)
        self._add.setEnabled(not is_scanning)

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        px = self._theme.px
        self._column.setContentsMargins(px(18), px(12), px(14), px(12))
        self._column.setSpacing(px(8))

    @Slot()
    def _on_look(self) -> None:
        """Begin, or stop."""
        if self._is_scanning:
            self.scan_cancel_requested.emit()
        else:
            self.scan_requested.emit(ScanRequest())

    @Slot()
    def _on_add(self) -> None:
        """Let the user pick a folder, and look there."""
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder with models"))
        if chosen:
            self.scan_requested.emit(ScanRequest((Path(chosen),)))
