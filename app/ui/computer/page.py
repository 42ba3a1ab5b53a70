"""This computer: its memory, who is computing, how fast it is, and what to do about it."""

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QWidget

from app.core import events
from app.core.fit.budget import budget_of
from app.core.fit_events import (
    Calibrated,
    CalibrationProgress,
    CalibrationRefused,
    Outlook,
    SurveyFailed,
)
from app.ui.computer.graphics_section import GraphicsSection
from app.ui.computer.memory_section import MemorySection
from app.ui.computer.processor_section import ProcessorSection
from app.ui.computer.speed_section import SpeedSection
from app.ui.computing_words import computing_words, idle_words
from app.ui.messages import message_for
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.info_card import InfoCard
from app.ui.widgets.labels import label
from app.ui.widgets.page_column import PageColumn
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal


class ComputerPage(PageColumn):
    """One card for each thing that decides which models run here, and how fast.

    Signals:
        measure_requested: measure this computer now.
        cancel_measure_requested: stop measuring.
        refresh_requested: look at this computer again.
        models_requested: go back to the models.
    """

    measure_requested = signal()
    cancel_measure_requested = signal()
    refresh_requested = signal()
    models_requested = signal()

    def __init__(self, theme: Theme) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            theme,
            translate("ComputerPage", "This computer"),
            translate("ComputerPage", "What it has, and what that means for models."),
        )
        self._outlook: Outlook | None = None
        self._loaded: events.LoadedModel | None = None
        self._status = events.EngineStatus(events.EngineState.STOPPED)
        self._add_head()
        self._waiting = label(self.tr("Looking at this computer…"), "dim", wraps=True)
        self._now = InfoCard(theme, self.tr("Who is computing now"), "heading")
        self._now_line = IconLine(theme, "dim", "cpu")
        self._idle_line = IconLine(theme, "faint", "graphics-card")
        self._now.column.addWidget(self._now_line)
        self._now.column.addWidget(self._idle_line)
        self._memory = MemorySection(theme)
        self._speed = SpeedSection(theme)
        self._processor = ProcessorSection(theme)
        self._graphics = GraphicsSection(theme)
        self._speed.measure_requested.connect(self.measure_requested.emit)
        self._speed.cancel_requested.connect(self.cancel_measure_requested.emit)
        self._sections: tuple[QWidget, ...] = (
            self._memory,
            self._speed,
            self._processor,
            self._graphics,
        )
        for part in (self._now, self._waiting, *self._sections):
            self.column.addWidget(part)
        for part in self._sections:
            part.hide()
        self._show_now()

    def _add_head(self) -> None:
        buttons = WrappingRow(self._theme, gap_px=8)
        back = TextButton(self._theme, self.tr("Models"), "box")
        back.clicked.connect(self.models_requested)
        refresh = TextButton(self._theme, self.tr("Look again"), "refresh-cw")
        refresh.clicked.connect(self.refresh_requested)
        buttons.add(back)
        buttons.add(refresh)
        self.head.addWidget(buttons)

    @Slot(object)
    def show_outlook(self, outlook: Outlook) -> None:
        """Show this computer as it is now."""
        self._outlook = outlook
        self._show_now()
        budget = budget_of(outlook.computer, outlook.wishes.keep_free_bytes)
        self._waiting.hide()
        for part in self._sections:
            part.show()
        self._memory.show_budget(budget, outlook)
        if outlook.computer.is_recorded:
            self._speed.show_recorded()
        else:
            self._speed.show_calibration(outlook.knowledge.calibration)
        self._processor.show_computer(outlook.computer)
        self._graphics.show_computer(outlook.computer, budget)

    @Slot(object)
    def show_status(self, status: events.EngineStatus) -> None:
        """Know whether a model is loaded."""
        self._status = status
        self._show_now()

    @Slot(object)
    def show_loaded(self, loaded: events.LoadedModel) -> None:
        """Know where the model in use computes."""
        self._loaded = loaded
        self._show_now()

    @Slot()
    def begin_measuring(self) -> None:
        """Measure, as if the button had been pressed."""
        self._speed.begin()
        self.scroll_to(self._speed)

    @Slot(object)
    def show_calibration_progress(self, progress: CalibrationProgress) -> None:
        """Show how far measuring is."""
        self._speed.show_progress(progress.fraction, progress.seconds_left)

    @Slot(object)
    def show_calibrated(self, calibrated: Calibrated) -> None:
        """Show what was measured."""
        self._speed.show_end()
        self._speed.show_calibration(calibrated.calibration)

    @Slot(object)
    def show_calibration_refused(self, refused: CalibrationRefused) -> None:
        """Say that this computer is too busy to be measured."""
        self._speed.show_refusal(refused.busy_fraction)

    @Slot()
    def show_calibration_stopped(self) -> None:
        """Say no more that this computer is being measured."""
        self._speed.show_end()

    @Slot(object)
    def show_survey_failed(self, failed: SurveyFailed) -> None:
        """Say that this computer could not be looked at or measured."""
        message = message_for(failed.failure)
        self._waiting.setText(f"{message.title}. {message.what_to_do}")
        self._speed.show_failure(message.title, message.what_to_do)

    def _show_now(self) -> None:
        model, loaded, idle = self._status.model, self._loaded, ""
        if model is None:
            text = self.tr("No model is loaded, so nothing is computing.")
        elif self._status.is_loading:
            text = self.tr("{name} is getting ready.").format(name=model.display_name)
        elif loaded is None or loaded.model.path != model.path:
            text = self.tr("{name} is loaded.").format(name=model.display_name)
        else:
            text = self.tr("{name} computes here: {where}").format(
                name=model.display_name, where=computing_words(loaded)
            )
            # A recorded computer is not the one that the model computes on.
            if self._outlook is not None and not self._outlook.computer.is_recorded:
                idle = idle_words(loaded, self._outlook.computer, self._outlook.wishes)
        self._now_line.say(Tone.PLAIN, text)
        self._idle_line.say(Tone.PLAIN, idle)
