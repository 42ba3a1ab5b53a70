"""Models: which there are on this computer, and which is in use."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Slot

from app.core import events
from app.ui.catalogue.model_card import ModelCard, ModelState
from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label
from app.ui.widgets.page_column import PageColumn
from app.worker.signal_types import signal, signal_of


class ModelsPage(PageColumn):
    """A card for every model.

    Signals:
        load_requested: use this model.
        cancel_load_requested: give up the model being loaded.
        open_file_requested: pick a model file.
        remove_requested: take this model off the list.
        show_in_folder_requested: show where its file lies.
    """

    load_requested = signal_of(events.LoadRequest)
    cancel_load_requested = signal()
    open_file_requested = signal()
    remove_requested = signal_of(events.LoadRequest)
    show_in_folder_requested = signal_of(events.LoadRequest)

    def __init__(self, theme: Theme) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            theme,
            translate("ModelsPage", "Models"),
            translate(
                "ModelsPage",
                "They are used where they lie on this computer. Nothing is copied or sent.",
            ),
        )
        self._cards: dict[Path, ModelCard] = {}
        self._missing: frozenset[Path] = frozenset()
        self._status = events.EngineStatus(events.EngineState.STOPPED)
        open_button = TextButton(theme, self.tr("Open a model file…"), "folder-open")
        open_button.clicked.connect(self.open_file_requested)
        self.head.addWidget(open_button)
        self._hint = label(
            self.tr("You can also drop a model file (.gguf) anywhere in this window."),
            "faint",
            wraps=True,
        )
        self.column.addWidget(self._hint)

    @Slot(object)
    def show_library(self, library: events.Library) -> None:
        """Show a card for every model."""
        for card in self._cards.values():
            self.column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards.clear()
        self._missing = frozenset(model.path for model in library.missing)
        for model in (*library.models, *library.missing):
            is_starter = library.starter is not None and model.path == library.starter.path
            card = ModelCard(self._theme, model, is_starter=is_starter)
            card.load_requested.connect(self.load_requested.emit)
            card.cancel_requested.connect(self.cancel_load_requested.emit)
            card.remove_requested.connect(self.remove_requested.emit)
            card.show_in_folder_requested.connect(self.show_in_folder_requested.emit)
            self.column.insertWidget(len(self._cards), card)
            self._cards[model.path] = card
        self._show_states()

    @Slot(object)
    def show_status(self, status: events.EngineStatus) -> None:
        """Mark the model that is in use or being loaded."""
        self._status = status
        self._show_states()

    @Slot(object)
    def show_progress(self, progress: events.LoadProgress) -> None:
        """Show how far loading is."""
        if card := self._cards.get(progress.model.path):
            card.show_progress(progress.fraction)

    def _show_states(self) -> None:
        present = self._status.model.path if self._status.model else None
        for path, card in self._cards.items():
            state = ModelState.MISSING if path in self._missing else ModelState.READY
            if path == present:
                state = ModelState.LOADING if self._status.is_loading else ModelState.IN_USE
            card.show_state(state)
