"""What this computer can give to models, in one line above them."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.fit.budget import budget_of
from app.core.fit.portions import capacity_bytes, spoken_for_bytes
from app.core.fit_events import Outlook
from app.ui.quantities import bytes_text
from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import FlowingLabel
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal


class ComputerStrip(QWidget):
    """Memory for models, whether the speeds are guesses, and the way to know more.

    Signals:
        details_requested: show the page of this computer.
        measure_requested: measure this computer.
    """

    details_requested = signal()
    measure_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._text = FlowingLabel("", "dim")
        self._measure = TextButton(theme, self.tr("Measure it"), "gauge")
        self._measure.clicked.connect(self.measure_requested)
        details = TextButton(theme, self.tr("This computer"), "computer")
        details.clicked.connect(self.details_requested)
        buttons = WrappingRow(theme, gap_px=8)
        buttons.add(self._measure)
        buttons.add(details)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(TwoEndsRow(self._text, buttons))
        self._outlook: Outlook | None = None
        self._is_measuring = False
        self.hide()

    def show_outlook(self, outlook: Outlook) -> None:
        """Show what models may take of this computer now."""
        self._outlook = outlook
        self._show()

    def show_measuring(self, *, is_measuring: bool) -> None:
        """Say that this computer is being measured, or no longer."""
        self._is_measuring = is_measuring
        self._show()

    def show_unknown(self) -> None:
        """Say that this computer could not be looked at, unless something is known from before."""
        if self._outlook is not None:
            return
        self._text.setText(self.tr("What fits could not be worked out. See why:"))
        self._measure.hide()
        self.show()

    def _show(self) -> None:
        outlook = self._outlook
        if outlook is None:
            return
        budget = budget_of(outlook.computer, outlook.wishes.keep_free_bytes)
        most = capacity_bytes(budget)
        now = most - spoken_for_bytes(budget)
        is_measured = outlook.knowledge.calibration is not None
        if self._is_measuring:
            text = self.tr("Models may take {most}. This computer is being measured…")
        elif is_measured and now >= most:
            text = self.tr("Models may take {most} of this computer's memory.")
        elif is_measured:
            text = self.tr("Models may take {most}; {now} is free now.")
        else:
            text = self.tr("Models may take {most}. Their speeds are guesses so far.")
        self._text.setText(text.format(most=bytes_text(most), now=bytes_text(now)))
        is_offered = not is_measured and not self._is_measuring
        self._measure.setVisible(is_offered and not outlook.computer.is_recorded)
        self.show()
