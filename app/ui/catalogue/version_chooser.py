"""The choice between the versions of a model: three in plain words, all on demand."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QVBoxLayout, QWidget

from app.core.fit.offers import Offer
from app.core.model import ModelFile
from app.ui.catalogue.bar_pictures import offers_scale_bytes
from app.ui.catalogue.shelf import Entry, Remote
from app.ui.catalogue.version_card import VersionCard
from app.ui.quantities import count_text
from app.ui.theme import Theme
from app.ui.verdict_words import reason_words
from app.ui.widgets.labels import label
from app.ui.widgets.quiet_button import QuietButton
from app.worker.signal_types import signal_of


class VersionChooser(QWidget):
    """Radio buttons that are cards, and below them a list of all versions.

    Signals:
        chosen: the user chose a version.
    """

    chosen = signal_of(ModelFile)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shape: tuple[tuple[Offer | None, Path, int, Remote | None], ...] = ()
        self._cards: list[VersionCard] = []
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._on_clicked)
        self._reason = label("", "dim", wraps=True)
        self._unfold = QuietButton(theme, "")
        self._unfold.setCheckable(True)
        self._unfold.toggled.connect(self._on_unfolded)
        self._offered, self._listed = QWidget(), QWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._reason)
        for part in (self._offered, self._listed):
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(8)
        layout.addWidget(self._offered)
        layout.addWidget(self._unfold)
        layout.addWidget(self._listed)
        self._listed.hide()

    def show_entry(self, entry: Entry) -> None:
        """Show the versions of a model, and which is meant."""
        offers = entry.offers
        offered = {verdict.model.path for verdict in offers.values()}
        rest = _rest(entry, offered)
        shown = [
            *((offer, one.model) for offer, one in offers.items()),
            *((None, one) for one in rest),
        ]
        shape = tuple(
            (offer, one.path, one.size_bytes, entry.remote.get(one.path)) for offer, one in shown
        )
        if shape != self._shape:
            self._shape = shape
            self._make_cards(entry, rest)
        self._fill(entry)
        text = self.tr("All {n} versions").format(n=count_text(len(entry.versions.models)))
        self._unfold.setText(text)
        self._unfold.setAccessibleName(text)
        self._unfold.updateGeometry()
        self._unfold.setVisible(bool(rest))
        self._listed.setVisible(bool(rest) and self._unfold.isChecked())

    def _make_cards(self, entry: Entry, rest: list[ModelFile]) -> None:
        for card in self._cards:
            self._group.removeButton(card)
            card.hide()
            card.deleteLater()
        self._cards = []
        offers = entry.offers
        for offer, verdict in offers.items():
            remote = entry.remote.get(verdict.model.path)
            self._add(VersionCard(self._theme, verdict.model, offer, remote), self._offered)
        for model in rest:
            remote = entry.remote.get(model.path)
            self._add(VersionCard(self._theme, model, None, remote), self._listed)

    def _add(self, card: VersionCard, part: QWidget) -> None:
        self._cards.append(card)
        self._group.addButton(card)
        layout = part.layout()
        if layout is not None:
            layout.addWidget(card)

    def _fill(self, entry: Entry) -> None:
        prospect = entry.prospect
        recommended = prospect.ranking.recommended if prospect is not None else None
        is_choice = len(entry.versions.models) > 1
        self._reason.setVisible(recommended is not None and is_choice)
        if recommended is not None:
            self._reason.setText(reason_words(recommended.reason))
        scale_bytes = offers_scale_bytes(entry.offers.values())
        for card in self._cards:
            path = card.model.path
            verdict = prospect.of(path) if prospect is not None else None
            is_best = is_choice and recommended is not None and recommended.model.path == path
            if verdict is None:
                card.show_unknown(is_missing=path in entry.missing)
            else:
                card.show_verdict(verdict, scale_bytes, is_recommended=is_best)
            card.setChecked(path == entry.model.path)

    @Slot(object)
    def _on_clicked(self, card: QAbstractButton) -> None:
        """Say which version was chosen."""
        if isinstance(card, VersionCard):
            self.chosen.emit(card.model)

    @Slot(bool)
    def _on_unfolded(self, is_open: bool) -> None:  # noqa: FBT001 - Qt slot
        """Show or hide the list of all."""
        self._listed.setVisible(is_open)


def _rest(entry: Entry, offered: set[Path]) -> list[ModelFile]:
    """Give the versions that are not offered first: best first, then those not judged."""
    ranked = [one.model for one in entry.prospect.ranking.verdicts] if entry.prospect else []
    known = {model.path for model in ranked}
    unknown = [one for one in entry.versions.models if one.path not in known]
    return [one for one in (*ranked, *unknown) if one.path not in offered]
