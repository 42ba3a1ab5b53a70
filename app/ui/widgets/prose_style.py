"""Fonts, formats and distances of an answer, from the theme in force."""

import html
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextFormat,
)

from app.ui.theme import Theme
from app.ui.widgets.markdown_leaves import (
    CodeLeaf,
    Container,
    Leaf,
    ProseKind,
    ProseLeaf,
    RunStyle,
)

MARKER_GAP: Final = "\u2002"
"""The space between the bullet or number of a list item and its text."""

_TEXT_PX: Final = 15
_QUIET_TEXT_PX: Final = 14
_CODE_PX: Final = 13
_CHIP_PX: Final = 11
_HEADING_PX: Final = {1: 20, 2: 18, 3: 16}
_LINE_HEIGHT: Final = 1.5
_HEADING_LINE_HEIGHT: Final = 1.3

_PARAGRAPH_GAP_PX: Final = 8
_ITEM_GAP_PX: Final = 2
_BLOCK_GAP_PX: Final = 14
_RULE_GAP_PX: Final = 2
_ABOVE_HEADING_PX: Final = {1: 20, 2: 20, 3: 16}
_BELOW_HEADING_PX: Final = 2

_INDENT_PX: Final = {
    Container.QUOTE: 18,
    Container.BULLET_ITEM: 24,
    Container.NUMBERED_ITEM: 30,
}
_DEEPEST_INDENT: Final = 8


def interface_font(theme: Theme, size_px: int, weight: QFont.Weight) -> QFont:
    """The application's font in another size (at 100 %) and weight."""
    font = QFont(QGuiApplication.font())
    font.setPixelSize(theme.px(size_px))
    font.setWeight(weight)
    return font


class ProseStyle:
    """How an answer looks under the theme in force; make a new one when the theme has changed.

    Args:
        theme: Colours and scale.
        is_quiet: Smaller and dimmer, for what the model thought before it answered.
    """

    def __init__(self, theme: Theme, *, is_quiet: bool = False) -> None:
        tokens = theme.tokens
        self.theme = theme
        self.is_quiet = is_quiet
        size_px = _QUIET_TEXT_PX if is_quiet else _TEXT_PX
        self.text_font = interface_font(theme, size_px, QFont.Weight.Normal)
        self.code_font = theme.code_font(_CODE_PX)
        self.text_colour = QColor(tokens.dim if is_quiet else tokens.text)
        self.dim_colour = QColor(tokens.dim)
        self.link_colour = QColor(tokens.accent)
        self.line_colour = QColor(tokens.line)
        self.bar_colour = QColor(tokens.control_line)
        self.surface_colour = QColor(tokens.code_surface)
        self._metrics = QFontMetricsF(self.text_font)
        self._run_formats: dict[tuple[RunStyle, int], QTextCharFormat] = {}
        self._line_heights: dict[int, float] = {}

    def palette(self, base: QPalette) -> QPalette:
        """`base` with the text colours of the answer and no background of its own."""
        palette = QPalette(base)
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        palette.setColor(QPalette.ColorRole.Text, self.text_colour)
        palette.setColor(QPalette.ColorRole.Link, self.link_colour)
        palette.setColor(QPalette.ColorRole.Highlight, QColor(self.theme.tokens.accent))
        palette.setColor(QPalette.ColorRole.HighlightedText, QColor(self.theme.tokens.on_accent))
        return palette

    def px(self, length_px: float) -> int:
        """Scale a length in px."""
        return self.theme.px(length_px)

    def run_format(self, style: RunStyle, level: int) -> QTextCharFormat:
        """The character format of a run in a heading of `level`, or in a paragraph (0)."""
        known = self._run_formats.get((style, level))
        if known is None:
            known = self._run_formats[style, level] = self._new_run_format(style, level)
        return known

    def _new_run_format(self, style: RunStyle, level: int) -> QTextCharFormat:
        text_format = QTextCharFormat()
        # Style sheets set the colour of widgets, not that of characters.
        text_format.setForeground(self.text_colour)
        if level:
            size_px = self._heading_px(level)
            text_format.setProperty(QTextFormat.Property.FontPixelSize.value, size_px)
        if style.bold or level:
            text_format.setFontWeight(QFont.Weight.DemiBold)
        text_format.setFontItalic(style.italic)
        text_format.setFontStrikeOut(style.struck)
        if style.code:
            text_format.setFontFamilies(self.code_font.families())
            text_format.setFontStyleHint(self.code_font.styleHint())
            size_px = self.code_font.pixelSize()
            text_format.setProperty(QTextFormat.Property.FontPixelSize.value, size_px)
        if style.is_chip:
            self._shape_chip(text_format, style)
        elif style.is_doubtful:
            text_format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            text_format.setUnderlineColor(self.bar_colour)
            text_format.setToolTip(_as_plain(style.note))
        if style.url and not style.is_chip:
            text_format.setAnchor(True)
            text_format.setAnchorHref(style.url)
            # The address, not the words of the link, says where a click leads.
            text_format.setToolTip(style.url.replace("<", "%3C"))
            text_format.setForeground(self.link_colour)
            text_format.setFontUnderline(True)
        return text_format

    def _shape_chip(self, text_format: QTextCharFormat, style: RunStyle) -> None:
        """A small number on a surface, which `chip_surfaces` draws."""
        tokens = self.theme.tokens
        size_px = self.px(_CHIP_PX)
        text_format.setProperty(QTextFormat.Property.FontPixelSize.value, size_px)
        text_format.setFontWeight(QFont.Weight.DemiBold)
        text_format.setForeground(
            QColor(tokens.dim if style.is_doubtful else tokens.on_accent_soft)
        )
        text_format.setAnchor(True)
        text_format.setAnchorHref(style.url)
        text_format.setToolTip(_as_plain(style.note))

    def marker_format(self) -> QTextCharFormat:
        """The character format of bullets and numbers."""
        text_format = QTextCharFormat()
        text_format.setForeground(self.dim_colour)
        return text_format

    def block_format(self, leaf: ProseLeaf, previous: Leaf | None) -> QTextBlockFormat:
        """The block format of `leaf` below `previous` in the same document."""
        block_format = QTextBlockFormat()
        margin = self.indent_px(leaf.path)
        if leaf.marker:
            marker_width = self._metrics.horizontalAdvance(leaf.marker + MARKER_GAP)
            margin = max(margin, marker_width)
            block_format.setTextIndent(-marker_width)
        if leaf.is_right_to_left:
            block_format.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
            block_format.setRightMargin(margin)
        else:
            block_format.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            block_format.setLeftMargin(margin)
        if previous is not None:
            block_format.setTopMargin(self.gap_px(previous, leaf))
        minimum = QTextBlockFormat.LineHeightTypes.MinimumHeight.value
        block_format.setLineHeight(self._line_height(leaf.level), minimum)
        if leaf.level:
            block_format.setHeadingLevel(leaf.level)
        return block_format

    def indent_px(self, path: tuple[Container, ...]) -> float:
        """How far the text of a leaf in these containers is moved in."""
        return sum(self.px(_INDENT_PX[container]) for container in path[:_DEEPEST_INDENT])

    def bar_offsets_px(self, path: tuple[Container, ...]) -> list[tuple[float, int]]:
        """Where the bars of quotes stand, in px from the leading edge, and how deep each is."""
        return [
            (self.indent_px(path[:depth]), depth + 1)
            for depth, container in enumerate(path[:_DEEPEST_INDENT])
            if container is Container.QUOTE
        ]

    def gap_px(self, previous: Leaf | None, leaf: Leaf) -> int:
        """The space in px between two leaves."""
        if previous is None or (not isinstance(leaf, CodeLeaf) and leaf.is_continued):
            return 0
        if isinstance(leaf, ProseLeaf) and isinstance(previous, ProseLeaf):
            return self.px(_prose_gap_px(previous, leaf))
        return self.px(_BLOCK_GAP_PX)

    def _heading_px(self, level: int) -> int:
        return self.px(_HEADING_PX.get(level, _TEXT_PX))

    def _line_height(self, level: int) -> float:
        known = self._line_heights.get(level)
        if known is None:
            font = QFont(self.text_font)
            factor = _LINE_HEIGHT
            if level:
                font.setPixelSize(self._heading_px(level))
                factor = _HEADING_LINE_HEIGHT
            # A least height, not a factor: an emoji or a foreign script must not move the lines.
            known = self._line_heights[level] = round(QFontMetricsF(font).height() * factor)
        return known


def _as_plain(note: str) -> str:
    """Keep Qt from reading markup in what a document says, and let long lines wrap."""
    lines = html.escape(note).replace("\n", "<br>")
    return f"<p>{lines}</p>" if note else ""


def _prose_gap_px(previous: ProseLeaf, leaf: ProseLeaf) -> int:
    if leaf.level:
        return _ABOVE_HEADING_PX.get(leaf.level, _ABOVE_HEADING_PX[3])
    if previous.level:
        return _BELOW_HEADING_PX
    if ProseKind.RULE in {leaf.kind, previous.kind}:
        return _RULE_GAP_PX
    depth = min(len(leaf.path), len(previous.path))
    if leaf.marker and depth and leaf.path[:depth] == previous.path[:depth]:
        return _ITEM_GAP_PX
    return _PARAGRAPH_GAP_PX
