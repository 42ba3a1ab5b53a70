"""A small picture of how fast this computer goes through a model, by number of threads."""

from collections.abc import Mapping

from PySide6.QtCore import QLocale, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.quantities import BYTES_PER_GB, bytes_text, count_text, threads_text
from app.ui.theme import Theme
from app.ui.widgets.prose_style import interface_font

HEIGHT_PX = 132
COLUMN_PX = 34
GAP_PX = 10
RADIUS_PX = 4
TEXT_PX = 12


class BandwidthChart(QWidget):
    """One column for each number of threads, with its rate; the one in use has the accent."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rates: dict[int, float] = {}
        self._chosen = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Speed by number of threads"))
        theme.changed.connect(self._restyle)

    def show_rates(self, bytes_per_s: Mapping[int, float], chosen: int) -> None:
        """Show what was measured.

        Args:
            bytes_per_s: weights gone through, by number of threads.
            chosen: the number of threads that is used.
        """
        self._rates = dict(sorted(bytes_per_s.items()))
        self._chosen = chosen
        spoken = self.tr("{threads}: {rate} a second")
        words = "; ".join(
            spoken.format(threads=threads_text(n), rate=bytes_text(round(rate)))
            for n, rate in self._rates.items()
        )
        used = self.tr("In use: {threads}.").format(threads=threads_text(chosen))
        self.setAccessibleDescription(f"{words}. {used}")
        self.setToolTip(words)
        self.setVisible(bool(self._rates))
        self._restyle()

    def sizeHint(self) -> QSize:
        """A column for each measurement."""
        px, n = self._theme.px, max(1, len(self._rates))
        return QSize(n * px(COLUMN_PX) + (n - 1) * px(GAP_PX), px(HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        """Columns can be thin."""
        return QSize(self._theme.px(120), self._theme.px(HEIGHT_PX))

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes and colours of the theme."""
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the columns from where lines begin."""
        if not self._rates:
            return
        font = interface_font(self._theme, TEXT_PX, QFont.Weight.Medium)
        line_px = QFontMetrics(font).height()
        floor = self.height() - line_px - self._theme.px(4)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(font)
            for place, (n_threads, rate) in enumerate(self._rates.items()):
                room = floor - line_px - self._theme.px(4)
                height = max(2.0, room * rate / max(self._rates.values()))
                column = self._column(place, floor, height)
                self._draw_column(painter, column, n_threads == self._chosen)
                self._draw_texts(painter, column, n_threads, rate)

    def _column(self, place: int, floor: float, height: float) -> QRectF:
        n = len(self._rates)
        gap = self._theme.px(GAP_PX)
        width = min(self._theme.px(COLUMN_PX), (self.width() - (n - 1) * gap) / n)
        left = place * (width + gap)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            left = self.width() - left - width
        return QRectF(left, floor - height, width, height)

    def _draw_column(self, painter: QPainter, column: QRectF, is_chosen: bool) -> None:  # noqa: FBT001
        tokens = self._theme.tokens
        radius = self._theme.px(RADIUS_PX)
        path = QPainterPath()
        path.addRoundedRect(column, radius, radius)
        painter.fillPath(path, QColor(tokens.accent if is_chosen else tokens.accent_soft))
        if tokens.accent_soft == tokens.card or is_chosen:
            return
        painter.strokePath(path, QColor(tokens.line))

    def _draw_texts(self, painter: QPainter, column: QRectF, n_threads: int, rate: float) -> None:
        """Write the rate above a column, where the columns are wide enough, and its threads."""
        line_px = painter.fontMetrics().height()
        tokens, is_chosen = self._theme.tokens, n_threads == self._chosen
        centred = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(tokens.text if is_chosen else tokens.dim))
        below = QRectF(column.left() - 10, self.height() - line_px, column.width() + 20, line_px)
        painter.drawText(below, centred, count_text(n_threads))
        n_gb = rate / BYTES_PER_GB
        number = QLocale().toString(n_gb, "f", 0 if n_gb >= 10 else 1)  # noqa: PLR2004
        wide = column.width() + self._theme.px(GAP_PX)
        if painter.fontMetrics().horizontalAdvance(number) <= wide:
            left = column.center().x() - wide / 2
            above = QRectF(left, column.top() - line_px - 2, wide, line_px)
            painter.drawText(above, centred, number)
