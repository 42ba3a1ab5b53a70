"""Draws the cards of models that can be had, as the style sheet dresses the other cards."""

from PySide6.QtCore import QObject, QRect, QRectF, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPainterPath,
    QPen,
    QTextLayout,
    QTextOption,
)

from app.ui.catalogue.card_place import CardArrangement, CardFonts, CardPlaces, moved
from app.ui.catalogue.card_text import CardText
from app.ui.theme import Theme
from app.ui.tokens import Tokens
from app.ui.widgets.badge import Tone
from app.ui.widgets.fit_bar import draw_bar

RADIUS_PX = 12
BADGE_RADIUS_PX = 6
BUTTON_RADIUS_PX = 8


class CardPainter(QObject):
    """Draws what `CardText` says where `CardPlaces` says."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._fonts: CardFonts | None = None
        theme.changed.connect(self._forget_fonts)

    @Slot()
    def _forget_fonts(self) -> None:
        """Write in the new size."""
        self._fonts = None

    @property
    def fonts(self) -> CardFonts:
        """The fonts in force."""
        if self._fonts is None:
            self._fonts = CardFonts(self._theme)
        return self._fonts

    def height_px(self, text: CardText, width: int) -> int:
        """Give how high a card of this width is."""
        return CardArrangement(self._theme, self.fonts, text, width).height

    def places(self, text: CardText, column: QRect, direction: Qt.LayoutDirection) -> CardPlaces:
        """Say where everything is on a card at the top of `column`."""
        arrangement = CardArrangement(self._theme, self.fonts, text, column.width())
        return moved(arrangement.places(), column, direction)

    def draw_surface(
        self, painter: QPainter, card: QRect, *, is_open: bool, is_hot: bool, has_ring: bool
    ) -> None:
        """Draw what everything stands on; the border shows focus and choice."""
        tokens = self._theme.tokens
        line, width = tokens.line, 1.0
        if has_ring:
            line, width = tokens.text, 2.0
        elif is_open:
            line, width = tokens.accent, 2.0
        elif is_hot:
            line = tokens.control_line
        painter.setPen(QPen(QColor(line), width))
        painter.setBrush(QColor(tokens.card))
        half = width / 2
        radius = self._theme.px(RADIUS_PX)
        painter.drawRoundedRect(QRectF(card).adjusted(half, half, -half, -half), radius, radius)

    def draw(self, painter: QPainter, text: CardText, places: CardPlaces, *, is_hot: bool) -> None:
        """Draw what is on a card; `is_hot`: the pointer is on its button."""
        tokens, fonts = self._theme.tokens, self.fonts
        if text.eyebrow:
            self._line(painter, places.eyebrow, fonts.badge, tokens.accent, text.eyebrow)
        self._line(painter, places.name, fonts.name, tokens.text, text.name)
        if text.badge:
            self._pill(painter, places.badge, fonts.badge, text.badge, text.badge_tone)
        self._sentence(painter, places.sentence, text.sentence)
        if text.has_bar:
            if text.bar is not None:
                draw_bar(painter, self._theme, text.bar, QRectF(places.bar))
            else:
                self._track(painter, places.bar)
            self._line(painter, places.need, fonts.small, tokens.faint, text.need)
        for words, place in places.tags:
            self._pill(painter, place, fonts.tag, words, Tone.PLAIN)
        if not places.maker.isNull():
            self._line(painter, places.maker, fonts.small, tokens.faint, text.maker)
        self._pill(painter, places.licence, fonts.tag, text.licence, text.licence_tone)
        self._button(painter, text, places.button, is_hot=is_hot)

    def _line(self, painter: QPainter, place: QRect, font: QFont, color: str, words: str) -> None:
        """Draw one line, cut at its end."""
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, place.width())
        painter.setFont(font)
        painter.setPen(QColor(color))
        painter.drawText(
            place,
            Qt.AlignmentFlag.AlignLeading
            | Qt.AlignmentFlag.AlignVCenter
            | Qt.TextFlag.TextSingleLine,
            shown,
        )

    def _sentence(self, painter: QPainter, place: QRect, words: str) -> None:
        """Draw as many lines as there is room for, the last one cut at its end."""
        font, metrics = self.fonts.plain, self.fonts.plain_metrics
        layout = QTextLayout(words, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        n_lines = max(1, place.height() // metrics.lineSpacing())
        lines: list[str] = []
        layout.beginLayout()
        while len(lines) < n_lines and (line := layout.createLine()).isValid():
            line.setLineWidth(place.width())
            start = line.textStart()
            is_last = len(lines) == n_lines - 1
            lines.append(words[start:] if is_last else words[start : start + line.textLength()])
        layout.endLayout()
        for number, line_words in enumerate(lines):
            top = place.top() + number * metrics.lineSpacing()
            part = QRect(place.left(), top, place.width(), metrics.height())
            self._line(painter, part, font, self._theme.tokens.dim, line_words.strip())

    def _pill(self, painter: QPainter, place: QRect, font: QFont, words: str, tone: Tone) -> None:
        surface, ink = _colors(tone, self._theme.tokens)
        radius = self._theme.px(BADGE_RADIUS_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(surface))
        painter.drawRoundedRect(QRectF(place), radius, radius)
        side = self._theme.px(8)
        self._line(painter, place.adjusted(side, 0, -side // 2, 0), font, ink, words)

    def _track(self, painter: QPainter, place: QRect) -> None:
        """Draw where the bar will be."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.tokens.line))
        radius = place.height() / 2
        painter.drawRoundedRect(QRectF(place), radius, radius)

    def _button(self, painter: QPainter, text: CardText, place: QRect, *, is_hot: bool) -> None:
        tokens = self._theme.tokens
        radius = self._theme.px(BUTTON_RADIUS_PX)
        box = QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5)
        is_primary = text.is_primary
        surface, ink, line = tokens.card, tokens.text, tokens.line
        if is_primary:
            surface, ink, line = tokens.accent, tokens.on_accent, tokens.accent
        if is_hot:
            surface = tokens.on_accent_soft if is_primary else tokens.accent_soft
            ink = tokens.page if is_primary else ink
        painter.setPen(QPen(QColor(line), 1))
        painter.setBrush(QColor(surface))
        painter.drawRoundedRect(box, radius, radius)
        if text.fraction is not None:
            self._fill(painter, box, text.fraction, radius)
        painter.setFont(self.fonts.button)
        painter.setPen(QColor(ink))
        shown = self.fonts.button_metrics.elidedText(
            text.button, Qt.TextElideMode.ElideRight, place.width() - self._theme.px(10)
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)

    def _fill(self, painter: QPainter, box: QRectF, fraction: float, radius: int) -> None:
        """Fill a button as far as a download is."""
        path = QPainterPath()
        path.addRoundedRect(box, radius, radius)
        part = QRectF(box)
        part.setWidth(box.width() * fraction)
        if painter.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            part.moveRight(box.right())
        painter.save()
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        painter.fillRect(part, QColor(self._theme.tokens.accent_soft))
        painter.restore()


def _colors(tone: Tone, tokens: Tokens) -> tuple[str, str]:
    """Give surface and text of a badge, as the style sheet has them."""
    return {
        Tone.PLAIN: (tokens.user_bubble, tokens.dim),
        Tone.NEUTRAL: (tokens.accent_soft, tokens.on_accent_soft),
        Tone.GOOD: (tokens.good_soft, tokens.good),
        Tone.WARN: (tokens.warn_soft, tokens.warn),
        Tone.BAD: (tokens.bad_soft, tokens.bad),
    }[tone]
