"""Where everything stands on the card of a model that can be had."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QStyle

from app.ui.catalogue.card_text import CardText
from app.ui.theme import Theme
from app.ui.widgets.page_column import COLUMN_PX
from app.ui.widgets.prose_style import interface_font

SIDE_PX, END_PX, ABOVE_PX = 18, 14, 14
EDGE_PX = 24
"""Beside the column, as on the other pages; it does not grow with the text."""
NARROW_BELOW_PX = 540
"""Narrower, the button has a line of its own."""
LINE_GAP_PX = 8
BUTTON_PX = 34
BAR_PX = 8
BAR_PART = 0.55
"""Of the width of a card; the rest of the line is for the words beside the bar."""
MOST_SENTENCE_LINES = 2
NO_PLACE = QRect()


def column_rect(theme: Theme, rect: QRect) -> QRect:
    """Give the part of a row that the column of the page takes."""
    width = min(theme.px(COLUMN_PX), rect.width() - 2 * EDGE_PX)
    left = rect.left() + (rect.width() - width) // 2
    return QRect(left, rect.top(), max(1, width), rect.height())


class CardFonts:
    """The fonts of a card at one text size, and how wide they write."""

    def __init__(self, theme: Theme) -> None:
        weight = QFont.Weight
        self.name = interface_font(theme, 16, weight.DemiBold)
        self.plain = interface_font(theme, 14, weight.Normal)
        self.button = interface_font(theme, 14, weight.Medium)
        self.badge = interface_font(theme, 12, weight.DemiBold)
        self.tag = interface_font(theme, 12, weight.Medium)
        self.small = interface_font(theme, 12, weight.Normal)
        self.name_metrics = QFontMetrics(self.name)
        self.plain_metrics = QFontMetrics(self.plain)
        self.button_metrics = QFontMetrics(self.button)
        self.badge_metrics = QFontMetrics(self.badge)
        self.tag_metrics = QFontMetrics(self.tag)
        self.small_metrics = QFontMetrics(self.small)


@dataclass(frozen=True, slots=True)
class CardPlaces:
    """Rectangles in the list's viewport; empty ones where there is nothing.

    Attributes:
        tags: as many as there is room for, with their words.
    """

    card: QRect
    eyebrow: QRect
    name: QRect
    badge: QRect
    button: QRect
    sentence: QRect
    bar: QRect
    need: QRect
    tags: tuple[tuple[str, QRect], ...]
    maker: QRect
    licence: QRect


class CardArrangement:
    """Lays out one card of a width, from left to right and from y = 0 on.

    Args:
        theme: scale.
        fonts: of this scale.
        text: the words.
        width: of the card in px.
    """

    def __init__(self, theme: Theme, fonts: CardFonts, text: CardText, width: int) -> None:
        self._px: Callable[[float], int] = theme.px
        self._fonts = fonts
        self._text = text
        self._width = width
        self._left = self._px(SIDE_PX)
        self._right = width - self._px(END_PX)
        self._is_narrow = width < self._px(NARROW_BELOW_PX)

    @property
    def _inner(self) -> int:
        return max(1, self._right - self._left)

    # --- sizes ---

    @cached_property
    def _pill(self) -> int:
        return self._fonts.badge_metrics.height() + 2 * self._px(2)

    def _pill_width(self, metrics: QFontMetrics, words: str) -> int:
        return metrics.horizontalAdvance(words) + 2 * self._px(8)

    @cached_property
    def _button_width(self) -> int:
        words = self._fonts.button_metrics.horizontalAdvance(self._text.button)
        return min(self._inner, words + self._px(30))

    @cached_property
    def _room_for_name(self) -> int:
        return self._inner - (0 if self._is_narrow else self._button_width + self._px(12))

    @cached_property
    def _badge_width(self) -> int:
        if not self._text.badge:
            return 0
        return self._pill_width(self._fonts.badge_metrics, self._text.badge)

    @cached_property
    def _name_width(self) -> int:
        return min(
            self._fonts.name_metrics.horizontalAdvance(self._text.name) + 1, self._room_for_name
        )

    @cached_property
    def _is_badge_below(self) -> bool:
        needed = self._name_width + self._px(8) + self._badge_width
        return bool(self._text.badge) and needed > self._room_for_name

    @cached_property
    def _n_sentence_lines(self) -> int:
        advance = self._fonts.plain_metrics.horizontalAdvance(self._text.sentence)
        # Words do not fill lines to their ends.
        return 1 if advance <= self._inner else MOST_SENTENCE_LINES

    @cached_property
    def _licence_width(self) -> int:
        return min(self._pill_width(self._fonts.tag_metrics, self._text.licence), self._inner)

    @cached_property
    def _maker_width(self) -> int:
        return self._fonts.small_metrics.horizontalAdvance(self._text.maker) + 1

    @cached_property
    def _is_end_in_line(self) -> bool:
        """Whether a narrow card has room for licence and maker beside its button."""
        needed = self._licence_width + self._px(8) + self._maker_width + self._px(12)
        return needed + self._button_width <= self._inner

    @cached_property
    def _first_line(self) -> int:
        name = self._fonts.name_metrics.height()
        return name if self._is_narrow else max(name, self._px(BUTTON_PX))

    @cached_property
    def _tops(self) -> dict[str, int]:
        """Give where each line begins, and under "end" where the card ends."""
        gap, fonts = self._px(LINE_GAP_PX), self._fonts
        lines = (
            ("eyebrow", fonts.badge_metrics.height() if self._text.eyebrow else 0),
            ("name", self._first_line),
            ("badge", self._pill if self._is_badge_below else 0),
            ("sentence", fonts.plain_metrics.lineSpacing() * self._n_sentence_lines),
            ("bar", fonts.small_metrics.height() if self._text.has_bar else 0),
            ("tags", self._pill),
            ("maker", self._pill if self._is_narrow and not self._is_end_in_line else 0),
            ("button", self._px(BUTTON_PX) if self._is_narrow else 0),
        )
        tops, top = {}, self._px(ABOVE_PX)
        for name, height in lines:
            tops[name] = top
            top += height + (gap if height else 0)
        tops["end"] = top - gap + self._px(ABOVE_PX)
        return tops

    @property
    def height(self) -> int:
        """Of the card in px."""
        return self._tops["end"]

    # --- places ---

    def places(self) -> CardPlaces:
        """Give where everything is."""
        tops, fonts, left, inner = self._tops, self._fonts, self._left, self._inner
        name_px = fonts.name_metrics.height()
        above = (self._first_line - name_px) // 2
        eyebrow = NO_PLACE
        if self._text.eyebrow:
            eyebrow = QRect(left, tops["eyebrow"], inner, fonts.badge_metrics.height())
        sentence_px = fonts.plain_metrics.lineSpacing() * self._n_sentence_lines
        maker, licence = self._end_of_line()
        return CardPlaces(
            QRect(0, 0, self._width, self.height),
            eyebrow,
            QRect(left, tops["name"] + above, self._name_width, name_px),
            self._badge_place(above + (name_px - self._pill) // 2),
            self._button_place(),
            QRect(left, tops["sentence"], inner, sentence_px),
            *self._bar_places(),
            self._tag_places(licence.left() if maker.isNull() else maker.left()),
            maker,
            licence,
        )

    def _badge_place(self, above: int) -> QRect:
        if not self._text.badge:
            return NO_PLACE
        if self._is_badge_below:
            return QRect(self._left, self._tops["badge"], self._badge_width, self._pill)
        left = self._left + self._name_width + self._px(8)
        return QRect(left, self._tops["name"] + above, self._badge_width, self._pill)

    def _button_place(self) -> QRect:
        height = self._px(BUTTON_PX)
        top = self._tops["button"]
        if not self._is_narrow:
            top = self._tops["name"] + (self._first_line - height) // 2
        return QRect(self._right - self._button_width, top, self._button_width, height)

    def _bar_places(self) -> tuple[QRect, QRect]:
        if not self._text.has_bar:
            return NO_PLACE, NO_PLACE
        line = self._fonts.small_metrics.height()
        thick, gap = self._px(BAR_PX), self._px(12)
        words = self._fonts.small_metrics.horizontalAdvance(self._text.need) + 1
        width = round(self._inner * BAR_PART)
        width = max(self._inner // 5, min(width, self._inner - words - gap))
        top = self._tops["bar"]
        bar = QRect(self._left, top + (line - thick) // 2, width, thick)
        beside = self._left + width + gap
        return bar, QRect(beside, top, max(0, self._right - beside), line)

    def _end_of_line(self) -> tuple[QRect, QRect]:
        """Place who made it and the licence: at the end of the tags, or below them."""
        gap, width = self._px(8), self._licence_width
        if self._is_narrow:
            top, room = self._tops["maker"], self._inner - width - gap
            if self._is_end_in_line:
                top = self._tops["button"] + (self._px(BUTTON_PX) - self._pill) // 2
            licence = QRect(self._left, top, width, self._pill)
            maker_px = min(self._maker_width, room)
            maker = QRect(licence.right() + gap, top, maker_px, self._pill)
        else:
            top = self._tops["tags"]
            licence = QRect(self._right - width, top, width, self._pill)
            maker_px = min(self._maker_width, self._inner // 3)
            maker = QRect(licence.left() - gap - maker_px, top, maker_px, self._pill)
        return maker if maker_px >= self._px(24) else NO_PLACE, licence

    def _tag_places(self, end: int) -> tuple[tuple[str, QRect], ...]:
        """Place the tags that fit before `end`; the first one is shortened if it must be."""
        gap, left = self._px(6), self._left
        limit = self._right if self._is_narrow else end - self._px(12)
        placed: list[tuple[str, QRect]] = []
        for words in self._text.tags:
            width = self._pill_width(self._fonts.tag_metrics, words)
            if left + width > limit:
                if placed:
                    continue
                width = max(0, limit - left)
            placed.append((words, QRect(left, self._tops["tags"], width, self._pill)))
            left += width + gap
        return tuple(placed)


def moved(places: CardPlaces, column: QRect, direction: Qt.LayoutDirection) -> CardPlaces:
    """Give the places of a card that stands at the top of `column`, mirrored if need be."""
    card = places.card

    def put(rect: QRect) -> QRect:
        if rect.isNull():
            return rect
        seen = QStyle.visualRect(direction, card, rect)
        return seen.translated(column.topLeft())

    return replace(
        places,
        card=card.translated(column.topLeft()),
        eyebrow=put(places.eyebrow),
        name=put(places.name),
        badge=put(places.badge),
        button=put(places.button),
        sentence=put(places.sentence),
        bar=put(places.bar),
        need=put(places.need),
        tags=tuple((words, put(rect)) for words, rect in places.tags),
        maker=put(places.maker),
        licence=put(places.licence),
    )
