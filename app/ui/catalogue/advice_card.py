"""What to do about a model that is too big here, or fits only just."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Slot

from app.core.fit.choice import FitState, Verdict, smaller_version_that_fits
from app.core.fit.portions import missing_now_bytes
from app.core.fit_events import Outlook
from app.core.model import ModelFile
from app.ui.catalogue.shelf import Entry
from app.ui.quantities import bytes_text
from app.ui.theme import Theme
from app.ui.widgets.info_card import InfoCard
from app.ui.widgets.labels import label
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal_of

_GIB = 1 << 30
SOLD_GIB = (4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 512)
"""Sizes of memory that computers are sold with."""
HIDDEN_PART = 1.25
"""Systems report less than was sold, since graphics and firmware keep some (a 16 GB laptop with
integrated graphics: 13.5 to 15.7 GiB); the next larger size is always above this."""

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Alternative:
    """What would do instead: another version of the model, or another model."""

    model: ModelFile
    words: str
    reason: str


class AdviceCard(InfoCard):
    """What is missing, what would be needed, and the best alternative; hidden if all is well.

    Signals:
        alternative_chosen: look at this file instead.
    """

    alternative_chosen = signal_of(ModelFile)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, QCoreApplication.translate("AdviceCard", "What would help"))
        self._text = label("", wraps=True)
        self._hint = label("", "dim", wraps=True)
        self._button = WrappingButton(theme, "", "chevron-right")
        self._button.clicked.connect(self._on_alternative)
        self._row = WrappingRow(theme)
        self._row.add(self._button)
        self._alternative: Alternative | None = None
        for part in (self._text, self._hint, self._row):
            self.column.addWidget(part)
        self.hide()

    def show_advice(
        self, entry: Entry, verdict: Verdict, outlook: Outlook, other: Entry | None
    ) -> None:
        """Show what helps.

        Args:
            entry: the model.
            verdict: on the version that is meant.
            outlook: of this computer.
            other: the model that is recommended here; None if there is none.
        """
        missing = missing_now_bytes(verdict.need, verdict.placement, verdict.budget)
        is_too_big = verdict.state is FitState.TOO_BIG
        self.setVisible(is_too_big or missing > 0)
        if self.isHidden():
            return
        self._alternative = _alternative(entry, verdict, other)
        self._row.setVisible(self._alternative is not None)
        text = _needed(verdict) if is_too_big else _to_close(missing)
        if self._alternative is not None:
            text = f"{text} {self._alternative.reason}"
            self._button.say(self._alternative.words)
        self._text.setText(text)
        hint = ""
        if is_too_big and self._alternative is None:
            hint = _smaller_file(verdict.model, outlook)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))

    @Slot()
    def _on_alternative(self) -> None:
        """Look at the alternative."""
        if self._alternative is not None:
            self.alternative_chosen.emit(self._alternative.model)


def _to_close(missing_bytes: int) -> str:
    text = translate(
        "AdviceCard",
        "Other programs hold {missing} of what it needs. Close some of them, browsers first;"
        " or let it remember less, below.",
    )
    return text.format(missing=bytes_text(missing_bytes))


def _needed(verdict: Verdict) -> str:
    pool = verdict.budget.processor
    total = verdict.need.total_bytes + pool.total_bytes - pool.most_bytes
    least = max(total, round(HIDDEN_PART * pool.total_bytes))
    sizes = [size for size in SOLD_GIB if size * _GIB >= least]
    if not sizes:
        return translate("AdviceCard", "No ordinary computer has as much memory as it needs.")
    text = translate("AdviceCard", "It needs a computer with {n} GB of memory.")
    return text.format(n=sizes[0])


def _alternative(entry: Entry, verdict: Verdict, other: Entry | None) -> Alternative | None:
    ranked = entry.prospect.ranking.verdicts if entry.prospect is not None else ()
    better = [one for one in ranked if one.state in {FitState.RUNS_WELL, FitState.SLOW}]
    if better and better[0].model.path != verdict.model.path:
        words = translate("AdviceCard", "Choose {name}").format(name=better[0].model.quantization)
        reason = translate("AdviceCard", "Another version of it fits here.")
        return Alternative(better[0].model, words, reason)
    if other is not None and other.versions.key != entry.versions.key:
        words = translate("AdviceCard", "Look at {name}")
        reason = translate("AdviceCard", "{name} runs well here.")
        name = other.versions.name
        return Alternative(other.model, words.format(name=name), reason.format(name=name))
    return None


def _smaller_file(model: ModelFile, outlook: Outlook) -> str:
    name = smaller_version_that_fits(model, outlook.computer, outlook.knowledge, outlook.wishes)
    if name is None:
        return translate("AdviceCard", "A model with fewer parameters is the better choice here.")
    text = translate(
        "AdviceCard",
        "A smaller version of this model would run here: look for a file with {name} in its name.",
    )
    return text.format(name=name)
