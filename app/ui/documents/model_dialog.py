"""Choosing with which model a collection is searched by meaning."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QScrollArea, QVBoxLayout, QWidget

from app.core.documents.embedding_model import EmbeddingModel
from app.ui.documents.document_words import model_name, model_text
from app.ui.theme import Theme
from app.ui.widgets.choice_card import ChoiceCard
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import FlowingLabel, label
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of

WIDTH_PX = 480


class ModelDialog(QDialog):
    """A card for each model on this computer. Show it with `open`.

    Signals:
        chosen: this one is to be used; carries its key.
        models_requested: show others to download.
    """

    chosen = signal_of(str)
    models_requested = signal()

    def __init__(
        self, theme: Theme, models: Sequence[EmbeddingModel], current_key: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._current = current_key
        self._cards: dict[str, ChoiceCard] = {}
        self.setWindowTitle(self.tr("Search model"))
        inside = QWidget()
        cards = QVBoxLayout(inside)
        cards.setContentsMargins(2, 2, 2, 2)
        for model in models:
            card = ChoiceCard(theme)
            name, text = model_name(model), model_text(model)
            card.setAccessibleName(f"{name}. {text}")
            card.add_text(FlowingLabel(name, "strong"))
            card.add_text(FlowingLabel(text, "dim"))
            card.setChecked(model.key == current_key)
            self._cards[model.key] = card
            cards.addWidget(card)
        if current_key not in self._cards and self._cards:
            # The present one is gone: the button is to use something.
            next(iter(self._cards.values())).setChecked(True)
        cards.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inside)
        use = TextButton(theme, self.tr("Use this one"), kind="primary")
        use.clicked.connect(self._on_use)
        cancel = TextButton(theme, self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        more = WrappingButton(theme, self.tr("Find others to download…"), "external-link", "quiet")
        more.clicked.connect(self._on_more)
        buttons = WrappingRow(theme, gap_px=8)
        for button in (use, cancel, more):
            buttons.add(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(label(self.windowTitle(), "heading"))
        layout.addWidget(label(self._explanation(), "dim", wraps=True))
        layout.addWidget(area, 1)
        layout.addWidget(buttons)
        self.setFixedWidth(min(theme.px(WIDTH_PX), self.screen().availableSize().width()))

    def _explanation(self) -> str:
        return self.tr(
            "It finds passages that mean the same in other words. With another model everything is"
            " understood anew, which takes a while; words are found meanwhile."
        )

    @Slot()
    def _on_use(self) -> None:
        """Take the chosen one, if it is another."""
        keys = [key for key, card in self._cards.items() if card.isChecked()]
        self.accept()
        if keys and keys[0] != self._current:
            self.chosen.emit(keys[0])

    @Slot()
    def _on_more(self) -> None:
        """Look for others."""
        self.reject()
        self.models_requested.emit()
