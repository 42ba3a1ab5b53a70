"""What the colours of a bar of memory stand for, with amounts that add up."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.fit_bar import Fill, color_of
from app.ui.widgets.labels import label

SWATCH_PX = 10
RADIUS_PX = 3


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One line: the colour it explains, words, and the amount in words."""

    fill: Fill | None
    words: str
    amount: str


class Swatch(QWidget):
    """A small square in the colour of a part."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._fill: Fill | None = None
        self._tone = Tone.GOOD
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_fill(self, fill: Fill | None, tone: Tone) -> None:
        """Take another colour; none for nothing."""
        self._fill, self._tone = fill, tone
        self.update()

    def sizeHint(self) -> QSize:
        """A little square."""
        side = self._theme.px(SWATCH_PX)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        if self._fill is None:
            return
        tokens = self._theme.tokens
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(color_of(self._fill, self._tone, tokens))
            is_pale = self._fill is Fill.FREE
            painter.setPen(QPen(QColor(tokens.control_line), 1) if is_pale else Qt.PenStyle.NoPen)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            radius = self._theme.px(RADIUS_PX)
            painter.drawRoundedRect(box, radius, radius)


class MemoryLegend(QWidget):
    """Lines below each other, and the sum below a stroke."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: list[tuple[Swatch, QLabel, QLabel]] = []
        self._stroke = QFrame()
        self._stroke.setProperty("surface", "line")
        self._stroke.setFixedHeight(1)
        self._total_words = label("", "strong", wraps=True)
        self._total_amount = label("", "strong")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_rows(self, rows: Sequence[LegendRow], tone: Tone, total: tuple[str, str]) -> None:
        """Show other amounts.

        Args:
            rows: the parts.
            tone: of the verdict, as in the bar.
            total: words and amount of the sum; empty words for none.
        """
        if len(rows) != len(self._lines):
            self._make_lines(len(rows))
        for (swatch, words, amount), row in zip(self._lines, rows, strict=True):
            swatch.show_fill(row.fill, tone)
            words.setText(row.words)
            amount.setText(row.amount)
        self._total_words.setText(total[0])
        self._total_amount.setText(total[1])
        for part in (self._stroke, self._total_words, self._total_amount):
            part.setVisible(bool(total[0]))

    def _make_lines(self, n_lines: int) -> None:
        for line in self._lines:
            for widget in line:
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        self._lines.clear()
        end = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignTop
        for place in range(n_lines):
            line = Swatch(self._theme), label("", "dim", wraps=True), label("", "dim")
            self._lines.append(line)
            self._grid.addWidget(line[0], place, 0, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(line[1], place, 1)
            self._grid.addWidget(line[2], place, 2, end)
        self._grid.addWidget(self._stroke, n_lines, 0, 1, 3)
        self._grid.addWidget(self._total_words, n_lines + 1, 0, 1, 2)
        self._grid.addWidget(self._total_amount, n_lines + 1, 2, end)

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        self._grid.setHorizontalSpacing(self._theme.px(8))
        self._grid.setVerticalSpacing(self._theme.px(5))
        for swatch, _, _ in self._lines:
            swatch.updateGeometry()
            swatch.update()
