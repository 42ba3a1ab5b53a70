"""How fast a model is here: two figures, and how sure they are."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.fit.speed import Certainty, SpeedEstimate
from app.ui.quantities import about_seconds_text
from app.ui.theme import Theme
from app.ui.verdict_words import (
    certainty_words,
    first_word_range_words,
    number_of_words,
    speed_range_words,
)
from app.ui.widgets.badge import Tone
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.info_card import InfoCard
from app.ui.widgets.labels import label
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal


class SpeedCard(InfoCard):
    """Words per second, and seconds until the first word after a long question.

    Signals:
        measure_requested: the user wants to know it more exactly.
    """

    measure_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, QCoreApplication.translate("SpeedCard", "Speed here"))
        self._writing = Figure(self.tr("words per second"))
        self._reading = Figure(self.tr("until the first word after a long question"))
        figures = QHBoxLayout()
        figures.setSpacing(16)
        figures.addWidget(self._writing, 1)
        figures.addWidget(self._reading, 1)
        self._note = label(
            self.tr("A long question is one of 2,000 tokens, about three pages."),
            "faint",
            wraps=True,
        )
        self._source = IconLine(theme)
        button = WrappingButton(theme, self.tr("Measure this computer"), "gauge")
        button.clicked.connect(self.measure_requested)
        self._measure = WrappingRow(theme)
        self._measure.add(button)
        self.column.addLayout(figures)
        for part in (self._note, self._source, self._measure):
            self.column.addWidget(part)

    def show_speed(self, speed: SpeedEstimate, *, is_measured: bool) -> None:
        """Show other figures.

        Args:
            speed: what is to be shown.
            is_measured: this computer has been measured, so that measuring again helps little.
        """
        self._writing.show_figure(number_of_words(speed), speed_range_words(speed))
        first = about_seconds_text(speed.first_word_s)
        self._reading.show_figure(first, first_word_range_words(speed))
        is_guess = speed.certainty is Certainty.GUESSED
        tone = Tone.WARN if is_guess else Tone.GOOD
        self._source.say(tone, certainty_words(speed))
        self._measure.setVisible(is_guess and not is_measured)


class Figure(QWidget):
    """A large number with its range and what it counts below."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._number = label("", "figure")
        self._range = label("", "faint", wraps=True)
        self._words = words
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._number)
        layout.addWidget(label(words, "dim", wraps=True))
        layout.addWidget(self._range)
        layout.addStretch(1)

    def show_figure(self, number: str, spread: str) -> None:
        """Show another number, and between what it may lie."""
        self._number.setText(number)
        self._range.setText(f"({spread})")
        self.setAccessibleName(f"{number} {self._words}. {spread}")
