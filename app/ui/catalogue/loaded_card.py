"""What was foreseen of the model in use, and what came of it."""

from PySide6.QtCore import QCoreApplication

from app.core.events import LoadedModel
from app.ui.computing_words import computing_words
from app.ui.quantities import bytes_text, count_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.info_card import InfoCard

CLOSE_WITHIN = 0.05
"""Predictions within this part need no remark."""


class LoadedCard(InfoCard):
    """Predicted against real memory, and who is computing."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, QCoreApplication.translate("LoadedCard", "In use now"))
        self._memory = IconLine(theme, "dim")
        self._computing = IconLine(theme, "dim", "cpu")
        self.column.addWidget(self._memory)
        self.column.addWidget(self._computing)
        self.hide()

    def show_loaded(self, loaded: LoadedModel | None) -> None:
        """Show how a model was loaded; None hides the card."""
        self.setVisible(loaded is not None)
        if loaded is None:
            return
        predicted, real = loaded.predicted.total_bytes, loaded.taken_bytes
        text, tone = (
            self.tr("It takes {real} of memory.").format(real=bytes_text(real)),
            Tone.PLAIN,
        )
        if predicted and real:
            difference = (real - predicted) / predicted
            tone = Tone.GOOD if abs(difference) <= CLOSE_WITHIN else Tone.PLAIN
            text = self._comparison(predicted, real, difference)
        self._memory.say(tone, text)
        line = self.tr("Computing: {device}").format(device=computing_words(loaded))
        self._computing.say(Tone.PLAIN, line)

    def _comparison(self, predicted: int, real: int, difference: float) -> str:
        percent = count_text(round(abs(difference) * 100))
        if bytes_text(predicted) == bytes_text(real):
            text = self.tr("It takes {real} of memory, just as foreseen.")
        elif difference > 0:
            text = self.tr(
                "It takes {real} of memory; {predicted} was foreseen, {percent} % less."
            )
        else:
            text = self.tr(
                "It takes {real} of memory; {predicted} was foreseen, {percent} % more."
            )
        return text.format(real=bytes_text(real), predicted=bytes_text(predicted), percent=percent)
