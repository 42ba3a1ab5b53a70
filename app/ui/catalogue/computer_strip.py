"""What this computer can give to models, in one line above them."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.core.fit.budget import budget_of
from app.core.fit.portions import capacity_bytes, spoken_for_bytes
from app.core.fit_events import Outlook
from app.ui.icons import pixmap
from app.ui.quantities import bytes_text
from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import FlowingLabel, label
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal

ICON_PX = 20


class ComputerStrip(QFrame):
    """Memory for models, whether the speeds are guesses, and the way to know more.

    Signals:
        details_requested: show the page of this computer.
        measure_requested: measure this computer.
    """

    details_requested = signal()
    measure_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._icon = label()
        self._text = FlowingLabel("", "dim")
        self._measure = TextButton(theme, self.tr("Measure it"), "gauge")
        self._measure.clicked.connect(self.measure_requested)
        details = TextButton(theme, self.tr("This computer"), "", "quiet")
        details.clicked.connect(self.details_requested)
        buttons = WrappingRow(theme, gap_px=4)
        buttons.add(self._measure)
        buttons.add(details)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(TwoEndsRow(self._text, buttons), 1)
        theme.changed.connect(self._tint)
        self._tint()
        self.hide()

    def show_outlook(self, outlook: Outlook) -> None:
        """Show what models may take of this computer now."""
        budget = budget_of(
            outlook.computer, outlook.wishes.keep_free_bytes, outlook.freed_bytes
        )
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
        self._measure.setVisible(not is_measured)
        self.show()

    @Slot()
    def _tint(self) -> None:
        """Take the colours and sizes of the theme."""
        side = self._theme.px(ICON_PX)
        drawn = pixmap("computer", self._theme.tokens.dim, side, self.devicePixelRatioF())
        self._icon.setPixmap(drawn)
