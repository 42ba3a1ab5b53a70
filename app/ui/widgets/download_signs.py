"""What the rail says about downloads: how far they are, how many wait, and what has ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLocale, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen

from app.core.download import ACTIVE_STATES, Download, DownloadState
from app.ui.theme import Theme
from app.ui.tokens import Tokens
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.prose_style import interface_font

RING_PX = 12
LINE_PX = 2
DOT_PX = 8
TEXT_PX = 12
SIDE_PX = 10
GAP_PX = 6
_FULL_TURN = 360 * 16
_TOP = 90 * 16
"""Qt measures arcs in sixteenths of a degree, from three o'clock."""

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class DownloadSigns:
    """What is worth a sign.

    Attributes:
        percent: of all that is on its way; None if nothing is, or its size is not known.
        n_active, n_waiting: how many are on their way, and how many are not yet.
        n_failed, n_finished: how many have ended since the page was last looked at.
    """

    percent: int | None = None
    n_active: int = 0
    n_waiting: int = 0
    n_failed: int = 0
    n_finished: int = 0


def signs_of(downloads: Sequence[Download], seen: Mapping[str, DownloadState]) -> DownloadSigns:
    """Sum the queue up.

    Args:
        downloads: the whole queue.
        seen: the state of each that the user has seen.
    """
    standing = {DownloadState.DONE, DownloadState.FAILED, DownloadState.PAUSED}
    moving = [one for one in downloads if one.state not in standing]
    active = [one for one in moving if one.state in ACTIVE_STATES]
    size = sum(one.spec.size_bytes for one in moving)
    is_known = all(one.spec.size_bytes for one in moving) and bool(size)
    done = sum(min(one.done_bytes, one.spec.size_bytes) for one in moving)
    new = [one for one in downloads if seen.get(one.download_id) is not one.state]
    return DownloadSigns(
        percent=int(100 * done / size) if is_known else None,
        n_active=len(active),
        n_waiting=len(moving) - len(active),
        n_failed=sum(one.state is DownloadState.FAILED for one in new),
        n_finished=sum(one.state is DownloadState.DONE for one in new),
    )


def spoken_signs(title: str, signs: DownloadSigns) -> str:
    """Give the name of the button for those who do not see the signs."""
    parts = []
    if signs.percent is not None:
        parts.append(translate("DownloadSigns", "{n} percent").format(n=signs.percent))
    elif signs.n_active:
        parts.append(translate("DownloadSigns", "{n} on the way").format(n=signs.n_active))
    for n, words in (
        (signs.n_waiting, translate("DownloadSigns", "{n} waiting")),
        (signs.n_failed, translate("DownloadSigns", "{n} failed")),
        (signs.n_finished, translate("DownloadSigns", "{n} finished")),
    ):
        if n:
            parts.append(words.format(n=n))
    return f"{title}: {', '.join(parts)}" if parts else title


class DownloadsButton(TextButton):
    """The entry of the rail for downloads, with a ring, a number or a dot at its end.

    Args:
        theme: colours and scale.
        title: what it is called when there is nothing to be said.
    """

    def __init__(self, theme: Theme, title: str) -> None:
        self._title = title
        self._signs = DownloadSigns()
        super().__init__(theme, title, "download", "nav")
        self.setCheckable(True)

    @property
    def signs(self) -> DownloadSigns:
        """What is shown."""
        return self._signs

    def show_signs(self, signs: DownloadSigns) -> None:
        """Show how far everything is now."""
        if signs == self._signs:
            return
        is_collapsed = not self.text()
        self._signs = signs
        self.name_for_listeners(is_collapsed=is_collapsed)
        self.update()

    def name_for_listeners(self, *, is_collapsed: bool) -> None:
        """Take the name that says it all; where there is no text, the tooltip says it too."""
        spoken = spoken_signs(self._title, self._signs)
        self.setAccessibleName(spoken)
        self.setToolTip(spoken if is_collapsed or spoken != self._title else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the signs over the button."""
        super().paintEvent(event)
        signs = self._signs
        if signs == DownloadSigns():
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.text():
                self._paint_beside(painter)
            else:
                self._paint_on_icon(painter)

    def _paint_beside(self, painter: QPainter) -> None:
        """Draw from the far end inwards: dot, then number with its ring."""
        signs, px, tokens = self._signs, self._theme.px, self._theme.tokens
        end = self.width() - px(SIDE_PX)
        if signs.n_failed or signs.n_finished:
            self._paint_dot(painter, end - px(DOT_PX), (self.height() - px(DOT_PX)) / 2)
            end -= px(DOT_PX) + px(GAP_PX)
        font = interface_font(self._theme, TEXT_PX, QFont.Weight.Medium)
        painter.setFont(font)
        painter.setPen(QColor(tokens.on_accent_soft if self.isChecked() else tokens.dim))
        words = self._words()
        width = QFontMetrics(font).horizontalAdvance(words)
        box = QRectF(end - width - 1, 0, width + 2, self.height())
        painter.drawText(self._mirrored(box), Qt.AlignmentFlag.AlignCenter, words)
        if signs.n_active:
            ring = px(RING_PX)
            left = end - width - (px(GAP_PX) if words else 0) - ring
            self._paint_ring(painter, QRectF(left, (self.height() - ring) / 2, ring, ring))

    def _words(self) -> str:
        signs, number = self._signs, QLocale().toString
        if not signs.n_active:
            return number(signs.n_waiting) if signs.n_waiting else ""
        if signs.percent is None:
            return f"+{number(signs.n_waiting)}" if signs.n_waiting else ""
        percent = translate("DownloadSigns", "{n} %").format(n=number(signs.percent))
        return f"{percent}  +{number(signs.n_waiting)}" if signs.n_waiting else percent

    def _paint_on_icon(self, painter: QPainter) -> None:
        """Draw at the corner of the icon; what needs the user comes before what goes on."""
        signs, px = self._signs, self._theme.px
        middle = self.width() / 2
        if signs.n_failed or signs.n_finished:
            self._paint_dot(painter, middle + px(7), self.height() / 2 - px(12))
        elif signs.n_active:
            ring = px(RING_PX)
            box = QRectF(middle + px(5), self.height() / 2 - px(14), ring, ring)
            ground = QColor(self._ground(self._theme.tokens))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawEllipse(self._mirrored(box.adjusted(-2, -2, 2, 2)))
            self._paint_ring(painter, box)

    def _ground(self, tokens: Tokens) -> str:
        return tokens.accent_soft if self.isChecked() or self.underMouse() else tokens.rail

    def _paint_dot(self, painter: QPainter, left: float, top: float) -> None:
        tokens, side = self._theme.tokens, self._theme.px(DOT_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.bad if self._signs.n_failed else tokens.accent))
        painter.drawEllipse(self._mirrored(QRectF(left, top, side, side)))

    def _paint_ring(self, painter: QPainter, box: QRectF) -> None:
        tokens, line = self._theme.tokens, self._theme.px(LINE_PX)
        inside = self._mirrored(box).adjusted(line / 2, line / 2, -line / 2, -line / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.control_line), 1))
        painter.drawEllipse(inside)
        painter.setPen(QPen(QColor(tokens.accent), line))
        turn = round(_FULL_TURN * (self._signs.percent or 0) / 100)
        painter.drawArc(inside, _TOP, -turn)

    def _mirrored(self, box: QRectF) -> QRectF:
        """Give the place of a box in a window that is read from right to left."""
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            return QRectF(self.width() - box.right(), box.top(), box.width(), box.height())
        return box
