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
        self.hide()

    def show_outlook(self, outlook: Outlook) -> None:
        """Show what models may take of this computer now."""
        budget = budget_of(outlook.computer, outlook.wishes.keep_free_bytes)
        most = capacity_bytes(budget)
        is_measured = outlook.knowledge.calibration is not None
        if is_measured:
            text = self.tr("Models may take {most} here; {now} of it is free now.")
        else:
            text = self.tr(
                "Models may take {most} here. Their speeds are guesses until it is measured."
            )
        now = most - spoken_for_bytes(budget)
        self._text.setText(text.format(most=bytes_text(most), now=bytes_text(now)))
        self._measure.setVisible(not is_measured and not outlook.computer.is_recorded)
        self.show()
