"""The measurement of this computer: its button, its course, and its result as a picture."""

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.core.fit.quality import quality_of
from app.core.fit.speed import Calibration
from app.core.model_shape import bits_of
from app.ui.computer.bandwidth_chart import BandwidthChart
from app.ui.quantities import WORDS_PER_TOKEN, count_text, threads_text
from app.ui.theme import Theme
from app.ui.verdict_words import quality_words
from app.ui.widgets.badge import Tone
from app.ui.widgets.fit_bar import BarPicture, Fill, FitBar
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.info_card import InfoCard
from app.ui.widgets.labels import label
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal

ALL_OF_IT = 0.995
EXAMPLE_PARAMETERS = 4_000_000_000
EXAMPLE_LAYERS = 36
"""Those of Qwen3 4B, a common size."""


class SpeedSection(InfoCard):
    """Says what is known of the speed, and measures it.

    Signals:
        measure_requested: measure this computer now.
        cancel_requested: stop measuring.
    """

    measure_requested = signal()
    cancel_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme, QCoreApplication.translate("SpeedSection", "How fast it is"), "heading"
        )
        self._calibration: Calibration | None = None
        self._is_measuring = False
        self._text = label("", "dim", wraps=True)
        self._note = IconLine(theme, "dim")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(self.tr("Measuring this computer"))
        self._chart_title = label(
            self.tr("Gigabytes of a model gone through each second, by number of threads"),
            "faint",
            wraps=True,
        )
        self._chart = BandwidthChart(theme)
        self._types = TypeSpeeds(theme)
        self._button = WrappingButton(theme, "", "gauge")
        self._button.clicked.connect(self._on_button)
        row = WrappingRow(theme)
        row.add(self._button)
        results: tuple[QWidget, ...] = (self._chart_title, self._chart, self._types)
        for part in (self._text, *results, self._note, self._progress, row):
            self.column.addWidget(part)
        self._show_rest()

    def show_calibration(self, calibration: Calibration | None) -> None:
        """Show a measurement, or that there is none."""
        if calibration != self._calibration:
            self._calibration = calibration
            self._note.say(Tone.PLAIN, "")
        if not self._is_measuring:
            self._show_rest()

    def show_recorded(self) -> None:
        """Say that this is not the computer that one sits at."""
        self._calibration = None
        self.show_end()
        self._text.setText(
            self.tr("This is a computer recorded in a file. It cannot be measured from here.")
        )
        self._button.hide()

    def begin(self) -> None:
        """Measure, as if the button had been pressed, where there is one."""
        if not self._is_measuring and not self._button.isHidden():
            self._on_button()

    def show_progress(self, fraction: float, seconds_left: float | None) -> None:
        """Show how far measuring is, 0.0 to 1.0."""
        self._show_measuring()
        self._progress.setValue(round(fraction * 100))
        left = self.tr("Measuring… keep the computer quiet for a moment.")
        if seconds_left is not None:
            left = self.tr("Measuring… {n} s left.").format(
                n=count_text(max(1, round(seconds_left)))
            )
        self._note.say(Tone.NEUTRAL, left)

    def show_end(self) -> None:
        """Say no more that this computer is being measured."""
        if self._is_measuring:
            self._note.say(Tone.PLAIN, "")
        self._is_measuring = False
        self._show_rest()

    def show_refusal(self, busy_fraction: float) -> None:
        """Say that other programs keep the processor busy, by how much, and what to do."""
        self.show_end()
        if busy_fraction >= ALL_OF_IT:
            text = self.tr(
                "Not measured: the processor is fully busy now, perhaps with an answer. Wait until"
                " it is done, and try again."
            )
        else:
            text = self.tr(
                "Not measured: other programs take {percent} % of the processor now, so the"
                " result would mislead. Close some of them, or wait until they are done, and try"
                " again."
            )
        text = text.format(percent=count_text(round(busy_fraction * 100)))
        self._note.say(Tone.WARN, text)
        self._button.say(self.tr("Try again"))

    def show_failure(self, title: str, text: str) -> None:
        """Say that measuring failed; what else failed is no business of this card."""
        if not self._is_measuring:
            return
        self.show_end()
        self._note.say(Tone.BAD, f"{title}. {text}")

    def _show_measuring(self) -> None:
        if self._is_measuring:
            return
        self._is_measuring = True
        self._progress.setValue(0)
        self._progress.show()
        self._button.set_kind("")
        self._button.change_icon("x")
        self._button.say(self.tr("Cancel"))

    def _show_rest(self) -> None:
        calibration = self._calibration
        self._progress.hide()
        self._button.change_icon("gauge")
        for part in (self._chart_title, self._chart, self._types):
            part.setVisible(calibration is not None)
        if calibration is None:
            self._text.setText(
                self.tr(
                    "Not measured yet. What is said about the speed of models is a guess from the"
                    " kind of processor and may be off by half."
                )
            )
            self._button.say(self.tr("Measure this computer (about 3 seconds)"))
        else:
            self._show_result(calibration)
            self._button.say(self.tr("Measure again (about 3 seconds)"))
        self._button.set_kind("primary" if calibration is None else "")

    def _show_result(self, calibration: Calibration) -> None:
        rates = calibration.bandwidth_by_threads
        fastest = max(rates, key=lambda n: rates[n], default=calibration.n_threads)
        if fastest > calibration.n_threads:
            text = self.tr(
                "Measured {moment}. Models write with {threads}, so that a core is left."
            )
        else:
            text = self.tr(
                "Measured {moment}. It is fastest with {threads}, so models use as many."
            )
        self._text.setText(
            text.format(
                moment=moment_words(calibration.measured_at),
                threads=threads_text(calibration.n_threads),
            )
        )
        self._chart.show_rates(calibration.bandwidth_by_threads, calibration.n_threads)
        self._chart_title.setVisible(bool(calibration.bandwidth_by_threads))
        self._types.show_types(calibration)
        if calibration.was_busy and not self._note.text.text():
            self._note.say(
                Tone.WARN,
                self.tr("Other programs were busy meanwhile, so this is not worth much."),
            )

    @Slot()
    def _on_button(self) -> None:
        """Measure, or stop measuring."""
        if self._is_measuring:
            self.show_end()
            self.cancel_requested.emit()
        else:
            self.show_progress(0.0, None)
            self.measure_requested.emit()


class TypeSpeeds(QWidget):
    """What a model of ordinary size would do in each kind of version, as words and bars."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        title = self.tr("So a model of 4 billion parameters would write, in words per second")
        self._rows: list[tuple[QLabel, FitBar, QLabel]] = []
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(label(title, "faint", wraps=True))
        layout.addLayout(self._grid)

    def show_types(self, calibration: Calibration) -> None:
        """Show the types that were measured, fastest first."""
        speeds = sorted(words_by_type(calibration).items(), key=lambda pair: -pair[1])
        for before in self._rows:
            for widget in before:
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self._rows.clear()
        self.setVisible(bool(speeds))
        fastest = max((words for _, words in speeds), default=1.0)
        for place, (kind, words_per_s) in enumerate(speeds):
            quality = quality_words(quality_of(kind).word)
            name = label(f"{quality} \u00b7 {kind}", "dim", wraps=True)
            number = label(QLocale().toString(words_per_s, "f", 0 if words_per_s >= 2 else 1))  # noqa: PLR2004
            bar = FitBar(self._theme)
            bar.setAccessibleName(name.text())
            amount = round(1000 * words_per_s)
            scale = max(1, round(1000 * fastest))
            picture = BarPicture(((Fill.WEIGHTS, amount),), scale, scale, scale, Tone.NEUTRAL)
            spoken = self.tr("about {n} words per second").format(n=number.text())
            bar.show_picture(picture, spoken)
            self._rows.append((name, bar, number))
            parts: tuple[QWidget, ...] = (name, bar, number)
            for column, part in enumerate(parts):
                self._grid.addWidget(part, place, column, Qt.AlignmentFlag.AlignVCenter)


def words_by_type(calibration: Calibration) -> dict[str, float]:
    """Give the words per second of a model of ordinary size, by tensor type."""
    speeds = {}
    for kind, speed in calibration.types.items():
        n_bytes = EXAMPLE_PARAMETERS * bits_of(kind) / 8
        seconds = n_bytes / speed.write_bytes_per_s + EXAMPLE_LAYERS * calibration.layer_s
        speeds[kind] = WORDS_PER_TOKEN / seconds
    return speeds


def moment_words(measured_at: str) -> str:
    """Give a moment as people write it, in their own time: "12 May 2026 14:03"."""
    moment = QDateTime.fromString(measured_at, Qt.DateFormat.ISODate)
    if not moment.isValid():
        return measured_at
    return QLocale().toString(moment.toLocalTime(), "d MMMM yyyy, HH:mm")
