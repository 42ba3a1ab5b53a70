"""The stacked bar of memory: what a model takes, what others hold, and what is not there.

Stripes always mean the same: room that is not there. A part is striped as far as it lies where
other programs are now, or beyond the end of the memory.
"""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.theme import Theme
from app.ui.tokens import Tokens
from app.ui.widgets.badge import Tone

THIN_PX, THICK_PX = 8, 14
"""Heights: on cards, and where the bar is what one looks at."""
MARK_PX = 3
"""How far the mark at the end of the memory stands out of the bar, above and below."""
GAP_PX = 1
STRIPE_PX = 5
LEAST_PX = 2
"""Whatever is there can be seen."""


class Fill(StrEnum):
    """What a part of the bar stands for."""

    WEIGHTS = "weights"
    CONVERSATION = "conversation"
    WORKING = "working"
    OTHERS = "others"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class BarPicture:
    """What a bar shows.

    Attributes:
        parts: from the beginning on: what it stands for, and bytes.
        limit_bytes: where the memory ends.
        now_bytes: what of it is there now; other programs hold the rest.
        scale_bytes: what the whole width stands for; bars that are compared share it.
        tone: of the verdict.
    """

    parts: tuple[tuple[Fill, int], ...]
    limit_bytes: int
    now_bytes: int
    scale_bytes: int
    tone: Tone = Tone.GOOD

    @property
    def used_bytes(self) -> int:
        """All parts."""
        return sum(n_bytes for _, n_bytes in self.parts)


EMPTY = BarPicture((), 0, 0, 1)


def color_of(fill: Fill, tone: Tone, tokens: Tokens) -> QColor:
    """Give the colour of a part; the words beside it say the same."""
    base = QColor({Tone.WARN: tokens.warn, Tone.BAD: tokens.bad}.get(tone, tokens.accent))
    match fill:
        case Fill.WEIGHTS:
            return base
        case Fill.CONVERSATION:
            return _mixed(base, QColor(tokens.card), 0.55)
        case Fill.WORKING:
            return _mixed(base, QColor(tokens.card), 0.3)
        case Fill.OTHERS:
            return QColor(tokens.others)
        case Fill.FREE:
            return QColor(tokens.track)


class FitBar(QWidget):
    """Draws a `BarPicture`; what it shows is also told in words.

    Args:
        theme: colours and scale.
        height_px: of the bar, before scaling.
        parent: the widget this one belongs to.
    """

    def __init__(
        self, theme: Theme, height_px: int = THIN_PX, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._height_px = height_px
        self.picture = EMPTY
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)

    def show_picture(self, picture: BarPicture, words: str) -> None:
        """Show other amounts.

        Args:
            picture: what to draw.
            words: the same for those who listen, and for the tooltip.
        """
        self.setAccessibleDescription(words)
        self.setToolTip(words)
        if picture != self.picture:
            self.picture = picture
            self.update()

    def sizeHint(self) -> QSize:
        """Room for the bar and the mark that stands out of it."""
        height = self._theme.px(self._height_px) + 2 * self._theme.px(MARK_PX)
        return QSize(self._theme.px(160), height)

    def minimumSizeHint(self) -> QSize:
        """It can be narrow."""
        return QSize(self._theme.px(60), self.sizeHint().height())

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes and colours of the theme."""
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bar."""
        with QPainter(self) as painter:
            painter.setLayoutDirection(self.layoutDirection())
            draw_bar(painter, self._theme, self.picture, self._bar_rect())

    def _bar_rect(self) -> QRectF:
        height = self._theme.px(self._height_px)
        return QRectF(0, (self.height() - height) / 2, self.width(), height)


def draw_bar(painter: QPainter, theme: Theme, picture: BarPicture, rect: QRectF) -> None:
    """Draw a bar into `rect`, beginning at the side where the painter's layout begins."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.translate(QPointF(rect.left(), 0))
    if painter.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        painter.setTransform(QTransform(-1, 0, 0, 1, rect.width(), 0), combine=True)
    here = QRectF(0, rect.top(), rect.width(), rect.height())
    _Drawing(theme, picture, here, painter.device().devicePixelRatioF()).draw(painter)
    painter.restore()


class _Drawing:
    """One picture at one size.

    Args:
        theme: colours and scale.
        picture: what to draw.
        rect: where, from x = 0 on.
        pixels: of the screen per px.
    """

    def __init__(self, theme: Theme, picture: BarPicture, rect: QRectF, pixels: float) -> None:
        self._theme = theme
        self._tokens = theme.tokens
        self._picture = picture
        self._rect = rect
        self._pixels = pixels
        self._radius = rect.height() / 2

    def draw(self, painter: QPainter) -> None:
        picture = self._picture
        limit_x = self._x(picture.limit_bytes)
        end_x = max(limit_x, self._x(min(picture.used_bytes, picture.scale_bytes)))
        track = self._rounded(limit_x)
        painter.fillPath(track, color_of(Fill.FREE, picture.tone, self._tokens))
        body = self._rounded(end_x)
        painter.save()
        painter.setClipPath(body)
        if picture.now_bytes < picture.limit_bytes:
            self._fill(painter, self._x(picture.now_bytes), limit_x, Fill.OTHERS)
        self._draw_parts(painter)
        painter.restore()
        if QColor(self._tokens.track) == QColor(self._tokens.page):
            # High contrast: what is free has no colour of its own.
            painter.setPen(QPen(QColor(self._tokens.line), 1))
            half = QRectF(self._rect.left(), self._rect.top(), end_x, self._rect.height())
            half.adjust(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(half, self._radius, self._radius)
        if picture.used_bytes > picture.limit_bytes:
            self._draw_mark(painter, limit_x)
        if picture.used_bytes > picture.scale_bytes:
            self._draw_break(painter)

    def _draw_parts(self, painter: QPainter) -> None:
        picture = self._picture
        there = min(picture.now_bytes, picture.limit_bytes)
        start = 0
        for fill, n_bytes in picture.parts:
            end = start + n_bytes
            if n_bytes > 0:
                left, right = self._x(start), self._x(end)
                right = max(right, left + LEAST_PX)
                self._fill(painter, left, right, fill)
                if end > there:
                    self._stripe(painter, max(left, self._x(there)), right)
                self._erase(painter, right)
            start = end

    def _x(self, n_bytes: int) -> float:
        """Give the place of an amount, on a pixel of the screen."""
        part = min(1.0, n_bytes / max(1, self._picture.scale_bytes))
        return round(self._rect.width() * part * self._pixels) / self._pixels

    def _rounded(self, end_x: float) -> QPainterPath:
        path = QPainterPath()
        box = QRectF(self._rect.left(), self._rect.top(), end_x, self._rect.height())
        path.addRoundedRect(box, self._radius, self._radius)
        return path

    def _span(self, left: float, right: float) -> QRectF:
        return QRectF(left, self._rect.top(), right - left, self._rect.height())

    def _fill(self, painter: QPainter, left: float, right: float, fill: Fill) -> None:
        color = color_of(fill, self._picture.tone, self._tokens)
        painter.fillRect(self._span(left, right), color)

    def _erase(self, painter: QPainter, place_x: float) -> None:
        """Part what stands side by side, so that more than colour tells them apart."""
        painter.fillRect(self._span(place_x - GAP_PX, place_x), QColor(self._tokens.card))

    def _stripe(self, painter: QPainter, left: float, right: float) -> None:
        span = self._span(left, right)
        painter.save()
        painter.setClipRect(span, Qt.ClipOperation.IntersectClip)
        step = self._theme.px(STRIPE_PX)
        painter.setPen(QPen(QColor(self._tokens.card), step / 3))
        place_x = span.left() - span.height()
        while place_x < span.right():
            foot = QPointF(place_x, span.bottom() + 1)
            painter.drawLine(foot, foot + QPointF(span.height() + 2, -span.height() - 2))
            place_x += step
        painter.restore()

    def _draw_mark(self, painter: QPainter, place_x: float) -> None:
        """Mark where the memory ends."""
        out = self._theme.px(MARK_PX)
        width = max(2, self._theme.px(2))
        box = QRectF(
            place_x - width / 2, self._rect.top() - out, width, self._rect.height() + 2 * out
        )
        painter.fillRect(box, QColor(self._tokens.text))

    def _draw_break(self, painter: QPainter) -> None:
        """Show that the bar goes on beyond its width."""
        painter.setPen(QPen(QColor(self._tokens.card), self._theme.px(2)))
        slant = self._rect.height() / 3
        for back_px in (8, 13):
            place_x = self._rect.right() - self._theme.px(back_px)
            painter.drawLine(
                QPointF(place_x - slant, self._rect.bottom() + 1),
                QPointF(place_x + slant, self._rect.top() - 1),
            )


def _mixed(one: QColor, other: QColor, part: float) -> QColor:
    """Give a colour that is `part` of one and the rest of the other."""
    return QColor.fromRgbF(
        one.redF() * part + other.redF() * (1 - part),
        one.greenF() * part + other.greenF() * (1 - part),
        one.blueF() * part + other.blueF() * (1 - part),
    )
