"""All collections, as cards."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.core.document_events import CollectionRequest
from app.core.documents.collections import CollectionSummary, IndexProgress
from app.ui.documents.collection_card import CollectionCard
from app.ui.documents.requests import DocumentRequests
from app.ui.documents.source_menu import ChosenPaths, SourceMenuButton
from app.ui.theme import Theme
from app.ui.widgets.labels import label
from app.ui.widgets.page_column import PageColumn
from app.worker.signal_types import signal_of

translate = QCoreApplication.translate


class CollectionsList(PageColumn):
    """A card for every collection, by name, which stays the same widget while it changes.

    Signals:
        open_requested: show everything about one.
        add_requested: make a collection of these.
    """

    open_requested = signal_of(CollectionRequest)
    add_requested = signal_of(ChosenPaths)

    def __init__(self, theme: Theme, requests: DocumentRequests) -> None:
        super().__init__(
            theme,
            translate("documents", "Documents"),
            translate("documents", "Read where they lie. Nothing is copied or sent."),
        )
        self._requests = requests
        self._cards: dict[str, CollectionCard] = {}
        self.adding = SourceMenuButton(theme, self.tr("New collection"), kind="primary")
        self.adding.chosen.connect(self.add_requested.emit)
        self.head.addWidget(self.adding)
        holder = QWidget()
        self._place = QVBoxLayout(holder)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._place.setSpacing(self.column.spacing())
        self.column.addWidget(holder)
        self.column.addWidget(
            label(self.tr("You can also drop files or a folder here."), "faint", wraps=True)
        )

    def show_collections(
        self, summaries: Sequence[CollectionSummary], progress: Mapping[str, IndexProgress]
    ) -> None:
        """Show these."""
        before, self._cards = self._cards, {}
        for place, summary in enumerate(summaries):
            key = summary.collection.collection_id
            card = before.pop(key) if key in before else self._new_card(summary)
            self._cards[key] = card
            card.show_collection(summary, progress.get(key))
            if self._place.indexOf(card) != place:
                self._place.removeWidget(card)
                self._place.insertWidget(place, card)
        for card in before.values():
            self._remove(card)

    def show_progress(self, summary: CollectionSummary, progress: IndexProgress) -> None:
        """Show how far one is."""
        if card := self._cards.get(summary.collection.collection_id):
            card.show_collection(summary, progress)

    def focus_on(self, collection_id: str) -> None:
        """Let the keyboard go on at a collection."""
        card = self._cards.get(collection_id)
        (card.opener if card is not None else self.adding).setFocus()

    def _new_card(self, summary: CollectionSummary) -> CollectionCard:
        card = CollectionCard(self._theme, summary)
        card.ask_requested.connect(self._requests.ask_requested.emit)
        card.open_requested.connect(self.open_requested.emit)
        return card

    def _remove(self, card: CollectionCard) -> None:
        """Take a card away; the keyboard goes on at the button above."""
        focused = QApplication.focusWidget()
        had_focus = focused is not None and card.isAncestorOf(focused)
        self._place.removeWidget(card)
        card.hide()
        card.deleteLater()
        if had_focus:
            self.adding.setFocus()

    @Slot()
    def focus_first(self) -> None:
        """Let the keyboard begin here."""
        self.adding.setFocus()
