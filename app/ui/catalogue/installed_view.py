"""Models on this computer: which there are, how they would do, and which is in use."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.core import events
from app.core.fit_events import (
    CalibrationProgress,
    ContextRequest,
    EngineEstimate,
    EstimateRequest,
    Outlook,
    SurveyFailed,
)
from app.core.model import ModelFile
from app.ui.catalogue.computer_strip import ComputerStrip
from app.ui.catalogue.files_part import FilesPart
from app.ui.catalogue.model_card import ModelCard
from app.ui.catalogue.model_panel import ModelPanel
from app.ui.catalogue.shelf import Entry, ModelState, Shelf
from app.ui.catalogue.view_switch import ModelsViewKey, ViewSwitch
from app.ui.theme import Theme
from app.ui.widgets.focus_order import focus_stops, move_focus, scroll_to
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label
from app.ui.widgets.page_column import PageColumn
from app.ui.widgets.panel_host import PanelHost
from app.worker.signal_types import signal, signal_of

JUDGE_S = 0.03
"""Longest time in one go for verdicts: with many models and a graphics card all of them take a
second, and the window must not stand still for so long."""


class InstalledView(QWidget):
    """A card for every model, and everything about one of them at the side.

    Args:
        theme: colours and scale.
        files: stands above the cards, and serves their menus.

    Signals:
        load_requested: use this model.
        cancel_load_requested: give up the model being loaded.
        open_file_requested: pick a model file.
        remove_requested: take this model off the list.
        show_in_folder_requested: show where its file lies.
        context_requested: remember so long a context for a file.
        estimate_requested: ask the engine what a file would take.
        computer_requested: show the page of this computer.
        measure_requested: show it, and measure.
        view_requested: show the other view of the page.

    Attributes:
        switch: says which view of the page this is.
        files: what there is to do with files.
    """

    load_requested = signal_of(events.LoadRequest)
    cancel_load_requested = signal()
    open_file_requested = signal()
    remove_requested = signal_of(events.LoadRequest)
    show_in_folder_requested = signal_of(events.LoadRequest)
    context_requested = signal_of(ContextRequest)
    estimate_requested = signal_of(EstimateRequest)
    computer_requested = signal()
    measure_requested = signal()
    view_requested = signal_of(ModelsViewKey)

    def __init__(self, theme: Theme, files: FilesPart | None = None) -> None:
        super().__init__()
        self._theme = theme
        self.files = files if files is not None else FilesPart(theme)
        self._shelf = Shelf()
        self._cards: dict[str, ModelCard] = {}
        self._selected = ""
        self._judging = QTimer(self, interval=0)
        self._judging.timeout.connect(self._judge)
        self._list = PageColumn(
            theme,
            self.tr("Models"),
            self.tr("Used where they lie. Nothing is copied or sent."),
        )
        self._panel: ModelPanel | None = None
        self._host = PanelHost(theme, self._list)
        self._host.dismissed.connect(self._close_panel)
        self.switch = ViewSwitch(theme, ModelsViewKey.INSTALLED)
        self._strip = ComputerStrip(theme)
        self._add_head()
        self._hint = label(
            self.tr("You can also drop a model file (.gguf) anywhere in this window."),
            "faint",
            wraps=True,
        )
        self._list.column.addWidget(self._hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._host)

    def _add_head(self) -> None:
        opening = TextButton(self._theme, self.tr("Open a model file…"), "folder-open")
        opening.clicked.connect(self.open_file_requested)
        self._list.head.addWidget(opening)
        self.switch.view_chosen.connect(self.view_requested.emit)
        self._list.column.addWidget(self.switch)
        self._strip.details_requested.connect(self.computer_requested.emit)
        self._strip.measure_requested.connect(self.measure_requested.emit)
        self._list.column.addWidget(self._strip)
        self._list.column.addWidget(self.files)

    # --- what is known ---

    @Slot(object)
    def show_library(self, library: events.Library) -> None:
        """Show a card for every model."""
        self.files.show_library(library)
        self._shelf.take_library(library)
        self._judge()
        self._show()

    @Slot(object)
    def show_outlook(self, outlook: Outlook) -> None:
        """Show what models mean for this computer as it is now."""
        self._shelf.take_outlook(outlook)
        self._strip.show_outlook(outlook)
        self._judge()

    @Slot(object)
    def show_status(self, status: events.EngineStatus) -> None:
        """Mark the model that is in use or being loaded."""
        self._shelf.take_status(status)
        self._show()

    @Slot(object)
    def show_progress(self, progress: events.LoadProgress) -> None:
        """Show how far loading is."""
        key = self._shelf.key_of(progress.model.path)
        if card := self._cards.get(key):
            card.show_progress(progress.fraction)
        if key == self._selected and self._panel is not None:
            self._panel.show_progress(progress.fraction)

    @Slot(object)
    def show_loaded(self, loaded: events.LoadedModel) -> None:
        """Show what was foreseen of a model, and what came of it."""
        self._shelf.take_loaded(loaded)
        self._show()

    @Slot(object)
    def show_estimate(self, estimate: EngineEstimate) -> None:
        """Show what the engine says that a model would take."""
        if self._panel is not None:
            self._panel.show_estimate(estimate)

    @Slot(object)
    def show_survey_failed(self, _failed: SurveyFailed) -> None:
        """Say that the engine could not be asked, or not even this computer; our sum stands."""
        self._strip.show_measuring(is_measuring=False)
        self._strip.show_unknown()
        if self._panel is not None:
            self._panel.show_no_estimate()

    @Slot(object)
    def show_calibration_progress(self, _progress: CalibrationProgress) -> None:
        """Say that this computer is being measured."""
        self._strip.show_measuring(is_measuring=True)

    @Slot()
    @Slot(object)
    def show_calibration_ended(self, _how: object = None) -> None:
        """Say no more that this computer is being measured, however that ended."""
        self._strip.show_measuring(is_measuring=False)

    def keep_changes_now(self) -> None:
        """Take what was just chosen, without waiting for a pause."""
        if self._panel is not None:
            self._panel.keep_changes_now()

    def select(self, key: str) -> None:
        """Open the details of a model."""
        if key in self._cards:
            self._shelf.leave(self._selected)
            self._selected = key
            self._show()

    @Slot()
    def _judge(self) -> None:
        """Go on judging between other events, and show what came of it."""
        if self._shelf.judge(JUDGE_S):
            self._judging.start()
        else:
            self._judging.stop()
            self._show()

    # --- cards ---

    def _show(self) -> None:
        entries = self._shelf.entries()
        keys = [entry.versions.key for entry in entries]
        if self._selected not in keys:
            self._selected = ""
        if keys != list(self._cards):
            self._arrange_cards(entries)
        for entry in entries:
            self._cards[entry.versions.key].show_entry(entry)
        self._mark(entries)
        self._show_panel(entries)

    def _arrange_cards(self, entries: tuple[Entry, ...]) -> None:
        """Keep the cards of models that stay, in the order of the library."""
        before = self._cards
        first = self._list.column.indexOf(self.files) + 1
        self._cards = {}
        for place, entry in enumerate(entries):
            key = entry.versions.key
            card = before.pop(key, None) or self._new_card(entry)
            self._list.column.removeWidget(card)
            self._list.column.insertWidget(first + place, card)
            self._cards[key] = card
        for card in before.values():
            self._list.column.removeWidget(card)
            card.hide()
            card.deleteLater()

    def _new_card(self, entry: Entry) -> ModelCard:
        card = ModelCard(self._theme, entry, self.files.facts)
        self.files.serve(card.menu)
        card.load_requested.connect(self.load_requested.emit)
        card.cancel_requested.connect(self.cancel_load_requested.emit)
        card.remove_requested.connect(self.remove_requested.emit)
        card.show_in_folder_requested.connect(self.show_in_folder_requested.emit)
        card.details_requested.connect(self._on_details)
        return card

    def _mark(self, entries: tuple[Entry, ...]) -> None:
        """Mark the card whose details are shown; its button stands out, else the recommended."""
        for entry in entries:
            key = entry.versions.key
            is_chosen = key == self._selected if self._selected else entry.is_recommended
            is_ready = entry.state is ModelState.READY and not entry.is_doubtful
            is_usable = is_ready or entry.state is ModelState.IN_USE
            self._cards[key].set_selected(is_selected=key == self._selected)
            self._cards[key].set_primary(is_primary=is_chosen and is_usable)

    # --- the panel ---

    def _show_panel(self, entries: tuple[Entry, ...]) -> None:
        entry = next((one for one in entries if one.versions.key == self._selected), None)
        if entry is not None:
            self._panel = self._panel or self._new_panel()
            other = next((one for one in entries if one.is_recommended), None)
            self._panel.show_entry(entry, self._shelf.outlook, other)
        if self._host.is_open != (entry is not None):
            self._host.set_open(is_open=entry is not None)

    def _new_panel(self) -> ModelPanel:
        """Make the panel when it is first wanted, so that the window opens sooner."""
        panel = ModelPanel(self._theme)
        panel.closed.connect(self._close_panel)
        panel.load_requested.connect(self.load_requested.emit)
        panel.cancel_requested.connect(self.cancel_load_requested.emit)
        panel.context_requested.connect(self.context_requested.emit)
        panel.estimate_requested.connect(self.estimate_requested.emit)
        panel.measure_requested.connect(self.measure_requested.emit)
        panel.version_chosen.connect(self._on_version)
        panel.model_chosen.connect(self._on_model)
        self._host.put_in(panel)
        return panel

    @Slot(object)
    def _on_details(self, key: str) -> None:
        """Show everything about a model, or no more of it."""
        if key == self._selected:
            self._close_panel()
            return
        by_keyboard = self._cards[key].details_button.hasFocus()
        self.select(key)
        if self._panel is not None and (by_keyboard or self._host.is_over):
            self._panel.focus_first()

    @Slot()
    def _close_panel(self) -> None:
        """Close the details; the keyboard goes on where they were opened."""
        card, focused = self._cards.get(self._selected), QApplication.focusWidget()
        is_in_panel = (
            focused is not None and self._panel is not None and self._panel.isAncestorOf(focused)
        )
        self._shelf.leave(self._selected)
        self._selected = ""
        self._show()
        if card is not None and is_in_panel:
            card.details_button.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_version(self, model: ModelFile) -> None:
        """Speak of another version."""
        self._shelf.choose(self._selected, model.path)
        self._show()

    @Slot(object)
    def _on_model(self, model: ModelFile) -> None:
        """Show another model."""
        self.select(self._shelf.key_of(model.path))

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt override
        """Go through cards and details as they are read; what is covered is left out."""
        is_covered = self._host.is_open and self._host.is_over
        parts: list[QWidget] = [] if is_covered else [self._list]
        if self._host.is_open and self._panel is not None:
            parts.append(self._panel)
        target = move_focus(self, focus_stops(parts), forward=forward)
        if target is None:
            return super().focusNextPrevChild(forward)
        scroll_to(target, self)
        return True
