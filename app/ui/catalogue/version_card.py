"""One version (quantization) of a model, to be chosen."""

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QGridLayout, QWidget

from app.core.fit.choice import FitState, Verdict
from app.core.fit.offers import Offer
from app.core.model import ModelFile
from app.ui.catalogue.bar_pictures import (
    fit_picture,
    fit_words,
    quality_bar_words,
    quality_picture,
)
from app.ui.catalogue.shelf import Remote
from app.ui.quantities import bytes_text, count_text
from app.ui.theme import Theme
from app.ui.verdict_words import (
    STATE_TONES,
    offer_words,
    quality_words,
    reason_words,
    speed_words,
    state_words,
)
from app.ui.widgets.badge import Badge, Tone
from app.ui.widgets.choice_card import ChoiceCard
from app.ui.widgets.fit_bar import FitBar
from app.ui.widgets.labels import FlowingLabel, breakable, label
from app.ui.widgets.wrapping_row import WrappingRow

SEPARATOR = " \u00b7 "


class VersionCard(ChoiceCard):
    """Plain words first, then size, quality and the technical name.

    Args:
        theme: colours and scale.
        model: the file.
        offer: what it is offered as; None in the list of all versions, where there are no
            bars, but what speaks against it.
        remote: how it can be had; None for one on this computer.
        parent: the widget this one belongs to.
    """

    def __init__(
        self,
        theme: Theme,
        model: ModelFile,
        offer: Offer | None = None,
        remote: Remote | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self.model = model
        self._offer = offer
        self._remote = remote
        self._title = FlowingLabel("", "strong")
        self._badge = Badge()
        head = WrappingRow(theme, gap_px=6)
        head.add(self._title)
        head.add(self._badge)
        self._facts = label("", "dim", wraps=True)
        self._why = label("", "faint", wraps=True)
        self.add_text(head)
        self.add_text(self._facts)
        self._fit, self._quality = FitBar(theme), FitBar(theme)
        if offer is None:
            self.add_text(self._why)
        else:
            self.add_text(self._bars())
        if offer is Offer.ONLY:
            self.stand_alone()
        self._title.setText(self._title_text())

    def _title_text(self) -> str:
        if self._offer is None:
            return self._technical_name()
        if self._offer is Offer.ONLY and self._remote:
            return self.tr("The only version")
        return offer_words(self._offer)

    def _bars(self) -> QWidget:
        part = QWidget()
        grid = QGridLayout(part)
        grid.setContentsMargins(0, 2, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        for row, (words, bar) in enumerate(
            ((self.tr("Memory"), self._fit), (self.tr("Quality"), self._quality))
        ):
            bar.setAccessibleName(words)
            grid.addWidget(label(words, "faint"), row, 0)
            grid.addWidget(bar, row, 1)
        return part

    def show_verdict(self, verdict: Verdict, scale_bytes: int, *, is_recommended: bool) -> None:
        """Show what this version means here."""
        self.setEnabled(True)
        quality = verdict.quality
        facts = [self._size_text(), quality_words(quality.word)]
        if verdict.fits:
            facts.append(speed_words(verdict.speed))
        if self._offer is None:
            self._why.setText("" if is_recommended else reason_words(verdict.reason))
            self._why.setVisible(not is_recommended)
        else:
            facts.append(self._technical_name())
            self._fit.show_picture(fit_picture(verdict, scale_bytes), fit_words(verdict))
            self._quality.show_picture(quality_picture(quality), quality_bar_words(quality))
        self._facts.setText(SEPARATOR.join(facts))
        if is_recommended:
            self._badge.say(self.tr("Recommended"), Tone.GOOD)
        else:
            self._badge.say(state_words(verdict.state), STATE_TONES[verdict.state])
        is_usual = verdict.state is FitState.RUNS_WELL and self._offer is not None
        self._badge.setVisible(is_recommended or not is_usual)
        self._name_for_listeners()

    def show_unknown(self, *, is_missing: bool) -> None:
        """Show a version about which nothing can be said here."""
        self.setEnabled(not is_missing)
        self._facts.setText(self._size_text())
        self._badge.say(self.tr("File is missing"), Tone.WARN)
        self._badge.setVisible(is_missing)
        path = self.model.path
        self._why.setText(breakable(path.name if self._remote else str(path)))
        self._name_for_listeners()

    def _size_text(self) -> str:
        size_bytes = self.model.size_bytes
        if not size_bytes:
            return self.tr("size is looked up")
        size = bytes_text(size_bytes)
        if self._remote is None:
            return size
        if self._remote.n_files > 1:
            n_files = count_text(self._remote.n_files)
            return self.tr("{size} in {n} files").format(size=size, n=n_files)
        return self.tr("about {size}").format(size=size) if self._remote.is_size_about else size

    def _technical_name(self) -> str:
        if self.model.quantization or self._remote is None:
            return self.model.quantization or self.model.path.stem
        if not self.model.n_parameters or not self.model.size_bytes:
            return self.tr("custom")
        bits = self.model.size_bytes * 8 / self.model.n_parameters
        return self.tr("custom, about {n} bits").format(n=QLocale().toString(bits, "f", 1))

    def _name_for_listeners(self) -> None:
        parts = [self._title.text(), self._facts.text()]
        if not self._badge.isHidden():
            parts.insert(1, self._badge.text())
        if self._offer is None and not self._why.isHidden():
            parts.append(self._why.text())
        self.setAccessibleName(". ".join(part for part in parts if part))
