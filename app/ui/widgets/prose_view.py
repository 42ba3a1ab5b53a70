"""Paragraphs, headings, lists, quotes and rules: one document of which only the end is redrawn."""

from collections.abc import Iterator, Sequence
from typing import Final, cast

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QTextBlock, QTextCursor, QTextLine
from PySide6.QtWidgets import QWidget

from app.ui.widgets.markdown_leaves import PLAIN, Container, ProseKind, ProseLeaf, Run
from app.ui.widgets.prose_style import MARKER_GAP, ProseStyle
from app.ui.widgets.safe_text_browser import TEXT_MARGIN_PX, SafeTextBrowser

_LINE_SEPARATOR: Final = "\u2028"
_BAR_PX: Final = 3
_BAR_SHIFT_PX: Final = 3
_CODE_PADDING_PX: Final = 2
_CODE_RADIUS_PX: Final = 4


class ProseView(SafeTextBrowser):
    """Shows leaves of prose, each in one block of the document."""

    def __init__(self, style: ProseStyle, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self._leaves: list[ProseLeaf] = []
        self.setAccessibleName(self.tr("Answer"))

    @property
    def leaves(self) -> Sequence[ProseLeaf]:
        """What is shown."""
        return self._leaves

    def set_leaves(self, leaves: Sequence[ProseLeaf]) -> None:
        """Show `leaves`; what has not changed since the last call is not touched."""
        shown = self._leaves
        first = 0
        for old, new in zip(shown, leaves, strict=False):
            if old is not new and old != new:
                break
            first += 1
        if first == len(shown) == len(leaves):
            return
        with self.editing() as cursor:
            is_last = first == len(shown) - 1 < len(leaves)
            if is_last and _is_same_but_text(shown[-1], leaves[first]):
                self._change_last_text(cursor, shown[-1], leaves[first])
                first += 1
            self._leaves = list(leaves)
            self._rewrite(cursor, first, len(shown))
        has_chips = (run.style.is_chip for leaf in self._leaves for run in leaf.runs)
        self.set_shows_chips(shows_chips=any(has_chips))

    def restyle(self, style: ProseStyle) -> None:
        """Draw everything again in another style."""
        super().restyle(style)
        with self.editing() as cursor:
            self._rewrite(cursor, 0, len(self._leaves))

    def _rewrite(self, cursor: QTextCursor, first: int, shown_count: int) -> None:
        """Replace the blocks from number `first` on, of `shown_count` that are there."""
        if first < shown_count:
            block = self.document().findBlockByNumber(first)
            # The break before the block goes too, but the document keeps its first block.
            cursor.setPosition(max(0, block.position() - 1))
            cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        for index in range(first, len(self._leaves)):
            self._write_leaf(cursor, index)

    def _write_leaf(self, cursor: QTextCursor, index: int) -> None:
        leaf = self._leaves[index]
        style = self.prose_style
        previous = self._leaves[index - 1] if index else None
        block_format = style.block_format(leaf, previous)
        plain_format = style.run_format(PLAIN, leaf.level)
        if index:
            cursor.insertBlock(block_format, plain_format)
        else:
            cursor.setBlockFormat(block_format)
            cursor.setBlockCharFormat(plain_format)
        if leaf.marker:
            cursor.insertText(leaf.marker + MARKER_GAP, style.marker_format())
        self._insert_runs(cursor, leaf.runs, leaf.level)

    def _insert_runs(self, cursor: QTextCursor, runs: Sequence[Run], level: int) -> None:
        for run in runs:
            text_format = self.prose_style.run_format(run.style, level)
            cursor.insertText(run.text.replace("\n", _LINE_SEPARATOR), text_format)

    def _change_last_text(self, cursor: QTextCursor, old: ProseLeaf, new: ProseLeaf) -> None:
        """Replace the text of the last block from the first character on that differs."""
        position = self.document().lastBlock().position()
        if old.marker:
            position += _qt_length(old.marker + MARKER_GAP)
        same = 0
        for old_run, new_run in zip(old.runs, new.runs, strict=False):
            if old_run != new_run:
                break
            position += _qt_length(old_run.text)
            same += 1
        runs = new.runs[same:]
        if same == len(old.runs) - 1 and runs and _is_longer(runs[0], old.runs[same]):
            kept = old.runs[same].text
            position += _qt_length(kept)
            runs = (Run(runs[0].text[len(kept) :], runs[0].style), *runs[1:])
        cursor.setPosition(position)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        self._insert_runs(cursor, runs, new.level)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw bars of quotes, rules and the surfaces of inline code, then the text."""
        if any(map(_is_decorated, self._leaves)):
            self._draw_decorations(QRectF(event.rect()))
        super().paintEvent(event)

    def _draw_decorations(self, clip: QRectF) -> None:
        layout = self.document().documentLayout()
        block = self.document().begin()
        above: tuple[Container, ...] = ()
        bottom = 0.0
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for leaf in self._leaves:
                rect = layout.blockBoundingRect(block)
                if bottom > clip.bottom():
                    break
                if rect.bottom() + _BAR_SHIFT_PX >= clip.top():
                    if Container.QUOTE in leaf.path:
                        self._draw_bars(painter, leaf, rect, bottom, above)
                    if leaf.kind is ProseKind.RULE:
                        self._draw_rule(painter, rect)
                    self._draw_code_surfaces(painter, leaf, block)
                above = leaf.path
                bottom = rect.bottom()
                block = block.next()

    def _draw_bars(
        self,
        painter: QPainter,
        leaf: ProseLeaf,
        rect: QRectF,
        bottom_above: float,
        path_above: tuple[Container, ...],
    ) -> None:
        """Draw the bars of the quotes around a block; they join those of the block above."""
        painter.setBrush(self.prose_style.bar_colour)
        offsets = self.prose_style.bar_offsets_px(leaf.path)
        for offset_px, depth in offsets:
            left = TEXT_MARGIN_PX + offset_px
            if leaf.is_right_to_left:
                left = self.width() - left - _BAR_PX
            is_joined = leaf.path[:depth] == path_above[:depth]
            # A line has its empty space above the letters; the bar stands evenly around them.
            top = (bottom_above if is_joined else rect.top()) + _BAR_SHIFT_PX
            painter.drawRect(QRectF(left, top, _BAR_PX, rect.bottom() + _BAR_SHIFT_PX - top))

    def _draw_rule(self, painter: QPainter, rect: QRectF) -> None:
        painter.setBrush(self.prose_style.line_colour)
        left = rect.left()
        painter.drawRect(QRectF(left, round(rect.center().y()), self.width() - 2 * left, 1))

    def _draw_code_surfaces(self, painter: QPainter, leaf: ProseLeaf, block: QTextBlock) -> None:
        painter.setBrush(self.prose_style.surface_colour)
        for start, end in _code_spans(leaf):
            for rect in self._span_rects(block, start, end):
                painter.drawRoundedRect(rect, _CODE_RADIUS_PX, _CODE_RADIUS_PX)

    def _span_rects(self, block: QTextBlock, start: int, end: int) -> Iterator[QRectF]:
        """Where the characters from `start` to `end` of a block stand, a rectangle a line."""
        metrics = QFontMetricsF(self.prose_style.code_font)
        layout = block.layout()
        origin = layout.position()
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            first = max(start, line.textStart())
            last = min(end, line.textStart() + line.textLength())
            if first < last:
                edges = sorted((_x_of(line, first), _x_of(line, last)))
                baseline = origin.y() + line.y() + line.ascent()
                yield QRectF(
                    origin.x() + edges[0] - _CODE_PADDING_PX,
                    baseline - metrics.ascent() - 1,
                    edges[1] - edges[0] + 2 * _CODE_PADDING_PX,
                    metrics.height() + 2,
                )


def _is_decorated(leaf: ProseLeaf) -> bool:
    return (
        leaf.kind is ProseKind.RULE
        or Container.QUOTE in leaf.path
        or any(run.style.code for run in leaf.runs)
    )


def _x_of(line: QTextLine, position: int) -> float:
    x, _ = cast("tuple[float, int]", line.cursorToX(position))
    return x


def _is_same_but_text(old: ProseLeaf, new: ProseLeaf) -> bool:
    return (
        old.kind is new.kind
        and old.path == new.path
        and old.level == new.level
        and old.marker == new.marker
        and old.is_continued == new.is_continued
        and old.is_right_to_left == new.is_right_to_left
    )


def _is_longer(new: Run, old: Run) -> bool:
    return new.style == old.style and new.text.startswith(old.text)


def _qt_length(text: str) -> int:
    """The length as Qt counts it: in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _code_spans(leaf: ProseLeaf) -> Iterator[tuple[int, int]]:
    """Start and end of the inline code in the block of `leaf`, in UTF-16 units."""
    if not any(run.style.code for run in leaf.runs):
        return
    position = _qt_length(leaf.marker + MARKER_GAP) if leaf.marker else 0
    for run in leaf.runs:
        end = position + _qt_length(run.text)
        if run.style.code:
            yield position, end
        position = end
