"""How much a model remembers: a slider in words, whose numbers follow while it is moved.

What comes and goes with a choice stands below the slider, which must not move under the mouse.
"""

from bisect import bisect_left

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from app.ui.quantities import count_text, n_words, pages_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.info_card import InfoCard
from app.ui.widgets.labels import label
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of

LEAST_N_CTX = 2048
"""Below this a chat of a few turns no longer fits (tokens)."""
MOST_N_CTX = 1 << 20
DEFAULT_MOST_N_CTX = 32768
"""Where the file does not say what the model was trained for (tokens)."""
QUIET_MS = 500
"""How long keys must pause before a choice made with them is taken."""


class PageSlider(QSlider):
    """A slider over which the wheel scrolls the page."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class ContextCard(InfoCard):
    """A slider over sensible context lengths, in words and pages; tokens come second.

    Signals:
        moved: the slider stands at so many tokens; nothing is decided yet.
        chosen: the user wants so many tokens; 0 for automatic.
        reload_requested: load the model again, with the new length.
    """

    moved = signal_of(int)
    chosen = signal_of(int)
    reload_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, QCoreApplication.translate("ContextCard", "How much it remembers"))
        self._steps: tuple[int, ...] = (LEAST_N_CTX,)
        self._is_filling = False
        self._amount = label("", wraps=True)
        self._tokens = label("", "faint", wraps=True)
        self._slider = PageSlider()
        self._slider.setAccessibleName(self.tr("How much it remembers"))
        self._slider.valueChanged.connect(self._on_moved)
        self._slider.sliderReleased.connect(self._choose)
        self._least, self._most = label("", "faint"), label("", "faint")
        self._automatic = TextButton(theme, self.tr("Automatic"), "rotate-ccw", "quiet")
        self._automatic.clicked.connect(self._on_automatic)
        self._note = IconLine(theme)
        self._reload = TextButton(theme, self.tr("Load it again"), "refresh-cw")
        self._reload.clicked.connect(self.reload_requested)
        self._reload_row = WrappingRow(theme)
        self._reload_row.add(self._reload)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._timer.timeout.connect(self._choose)
        parts: tuple[QWidget, ...] = (
            self._amount,
            self._slider,
            TwoEndsRow(self._least, self._most),
            TwoEndsRow(self._tokens, self._automatic),
            self._note,
            self._reload_row,
        )
        for part in parts:
            self.column.addWidget(part)
        self.show_reload(is_needed=False)

    @property
    def is_moving(self) -> bool:
        """Whether the user is just choosing."""
        return self._slider.isSliderDown() or self._timer.isActive()

    def show_range(self, n_ctx_train: int, present: int) -> None:
        """Offer the lengths that a model can have, the present one among them (tokens)."""
        steps = context_steps(n_ctx_train, present)
        if steps != self._steps:
            self._steps = steps
            self._is_filling = True
            self._slider.setRange(0, len(steps) - 1)
            self._slider.setPageStep(2)
            self._is_filling = False
        self._least.setText(pages_text(steps[0]))
        self._most.setText(pages_text(steps[-1]))

    def show_length(self, n_ctx: int, *, is_automatic: bool) -> None:
        """Show the length that is in force (tokens)."""
        self._is_filling = True
        self._slider.setValue(bisect_left(self._steps, n_ctx))
        self._is_filling = False
        self._automatic.setVisible(not is_automatic)
        self._say(n_ctx, is_automatic=is_automatic)

    def show_reload(self, *, is_needed: bool) -> None:
        """Say that the model in use has another length, or no longer."""
        text = self.tr("Takes effect when the model is loaded again.") if is_needed else ""
        self._note.say(Tone.PLAIN, text)
        self._reload_row.setVisible(is_needed)

    def _say(self, n_ctx: int, *, is_automatic: bool) -> None:
        amount = self.tr("About {words} words, or {pages}").format(
            words=count_text(n_words(n_ctx)), pages=pages_text(n_ctx)
        )
        self._amount.setText(amount)
        text = (
            self.tr("{n} tokens, chosen automatically") if is_automatic else self.tr("{n} tokens")
        )
        self._tokens.setText(text.format(n=count_text(n_ctx)))
        self._slider.setAccessibleDescription(amount)

    @Slot(int)
    def _on_moved(self, place: int) -> None:
        """Let everything follow; keys and clicks are taken after a pause."""
        if self._is_filling:
            return
        n_ctx = self._steps[place]
        self._automatic.show()
        self._say(n_ctx, is_automatic=False)
        self.moved.emit(n_ctx)
        if not self._slider.isSliderDown():
            self._timer.start()

    def choose_now(self) -> None:
        """Take what was just chosen, without waiting for a pause."""
        if self._timer.isActive():
            self._choose()

    @Slot()
    def _choose(self) -> None:
        """Take the length at which the slider stands."""
        self._timer.stop()
        self.chosen.emit(self._steps[self._slider.value()])

    @Slot()
    def _on_automatic(self) -> None:
        """Leave the length to Quillhouse."""
        self._timer.stop()
        self.chosen.emit(0)


def context_steps(n_ctx_train: int, present: int) -> tuple[int, ...]:
    """Give the lengths to choose from: powers of two and the middles between them (tokens)."""
    most = min(n_ctx_train or DEFAULT_MOST_N_CTX, MOST_N_CTX)
    steps = {min(LEAST_N_CTX, most), most, min(present, most)}
    step = LEAST_N_CTX
    while step < most:
        steps |= {step, min(step * 3 // 2, most)}
        step *= 2
    return tuple(sorted(step for step in steps if step > 0))
